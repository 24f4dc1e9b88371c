"""`kulan check`: looks whether the Atlas that is served is in order."""

from pathlib import Path

import click

from kulan.cli.state import state_option
from kulan.errors import AtlasMissingError


@click.command()
@click.option("--strict", is_flag=True, help="End with an error for warnings too.")
@state_option
def check(*, strict: bool, state: Path) -> None:
    """Look at database, index, files, workers, jobs, disk, backups and settings.

    It changes nothing, and may run beside the server. The exit code is 55 when something is wrong.

    \b
    Example:
      kulan check --state /srv/kulan
    """
    if not state.is_dir():
        raise AtlasMissingError(
            f"{state}: there is no such state folder. Name the one that holds the Atlas: --state."
        )
    from kulan.web.operation.django_setup import set_up

    set_up(state)
    from kulan.web.operation.checks import look, refuse_if_wrong

    found = look(state.absolute())
    for one in found:
        click.echo(f"{one.level:8} {one.part}: {one.says}")
    refuse_if_wrong(found, strict=strict)
