"""What is cleared away once an hour: areas register what of theirs grows old."""

import fcntl
import logging
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks_db.models import DBTaskResult

from kulan.errors import KulanError
from kulan.web.jobs.models import Job

EVERY_S = 3600.0
KEEP_JOBS = timedelta(days=30)
KEEP_TASKS = timedelta(days=7)
Chore = Callable[[], int]

_CHORES: dict[str, Chore] = {}
_log = logging.getLogger(__name__)


def housekeeping(name: str) -> Callable[[Chore], Chore]:
    """Register a function that clears away what is old, and returns how much it was.

    It stands in an area's module ``jobs``, runs in a worker once an hour, beside jobs and requests,
    and must be safe to stop at any moment.
    """

    def registered(chore: Chore) -> Chore:
        _CHORES[name] = chore
        return chore

    return registered


def clear_away() -> dict[str, int]:
    """Do every chore; one that fails is logged, and keeps no other from its turn."""
    autodiscover_modules("jobs")
    cleared = {}
    for name, chore in sorted(_CHORES.items()):
        try:
            cleared[name] = chore()
        except (DatabaseError, KulanError, OSError):
            _log.exception("a chore failed", extra={"chore": name})
    _log.info("cleared away", extra={"cleared": cleared})
    return cleared


def clear_away_when_due() -> bool:
    """Do the chores if an hour has passed; whether it had. Of several workers, one does them."""
    mark = Path(settings.STATE) / "run" / "housekeeping"
    mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with mark.open("a+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        if time.time() - mark.stat().st_mtime < EVERY_S:
            return False
        clear_away()
        os.utime(mark, (time.time(), time.time()))
    return True


@housekeeping("jobs")
def old_jobs() -> int:
    """Clear away jobs that ended long ago; what they made stays."""
    ended = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)
    old = Job.objects.filter(state__in=ended, ended_at__lt=timezone.now() - KEEP_JOBS)
    return old.delete()[1].get("jobs.Job", 0)


@housekeeping("tasks")
def old_tasks() -> int:
    """Clear away the queue's own rows of what is over."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_TASKS)
    return old.delete()[0]


@housekeeping("sessions")
def old_sessions() -> int:
    """Clear away sessions that have run out."""
    from django.contrib.sessions.models import Session  # noqa: PLC0415  models load after settings

    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
