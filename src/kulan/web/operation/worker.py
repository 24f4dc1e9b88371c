"""The worker of jobs: ``kulan worker``, also ``python -m kulan.web.operation.worker``."""

import logging
import os
import threading
from pathlib import Path

from kulan.web.operation.backups.restoring import in_use_whole
from kulan.web.operation.django_setup import set_up
from kulan.web.operation.parents import end_with_parent

_RECOVER_S = 5.0
_log = logging.getLogger(__name__)


def run(state: Path | None = None) -> None:
    """Take jobs until told to stop."""
    folder = (state or Path(os.environ.get("KULAN_STATE") or "kulan-state")).absolute()
    with in_use_whole(folder):
        _run(folder)


def _run(folder: Path) -> None:
    set_up(folder)
    from django.core.management import call_command  # noqa: PLC0415  after set_up

    from kulan.web.jobs import workers  # noqa: PLC0415

    end_with_parent()
    name = workers.new_name()
    with workers.living(name):
        stop = threading.Event()
        caretaker = threading.Thread(target=_take_care, args=(stop,), daemon=True)
        caretaker.start()
        try:
            call_command("db_worker", interval=0.5, verbosity=0, worker_id=name, reload=False)
        finally:
            stop.set()
            caretaker.join(timeout=5)


def _take_care(stop: threading.Event) -> None:
    """Take up what lost workers left, and clear away what is old, beside the jobs."""
    from django.db import DatabaseError, connections  # noqa: PLC0415  after set_up

    from kulan.web.jobs.housekeeping import clear_away_when_due  # noqa: PLC0415
    from kulan.web.jobs.recovery import recover  # noqa: PLC0415

    while True:
        try:
            recover()
            clear_away_when_due()
        except (DatabaseError, OSError) as problem:
            _log.warning("what lost workers left could not be put right: %s", problem)
        finally:
            connections.close_all()
        if stop.wait(_RECOVER_S):
            return


if __name__ == "__main__":
    run()
