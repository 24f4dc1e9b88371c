"""The worker of jobs, as a process of its own: ``python -m kulan.web.operation.worker``."""

from kulan.web.operation.django_setup import set_up


def run() -> None:
    """Take jobs until told to stop."""
    set_up()
    from django.core.management import call_command  # noqa: PLC0415  after set_up

    call_command("db_worker", interval=0.5, verbosity=0)


if __name__ == "__main__":
    run()
