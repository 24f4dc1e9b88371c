"""Screenings end: at their owner's word, or when the time of one without an account is over."""

import logging

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kulan.web.events.record import record
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import cancel
from kulan.web.policy.viewer import Viewer
from kulan.web.screenings import files
from kulan.web.screenings.models import Report, Screening

_log = logging.getLogger(__name__)


def delete(screening: Screening, *, by: Viewer | None) -> None:
    """Delete a screening: rows, files, and what the database's own files held of it.

    What remains is one event without title or place, and jobs that say nothing of what they did. A
    worker that is busy with it finds no row when it has finished, and removes what it wrote.
    """
    uid = screening.uid
    with transaction.atomic():
        forget_jobs(screening.reports.all())
        screening.delete()
        record("screening_deleted", ("screening", str(uid), ""), by=by)
    files.remove(uid)
    wipe()


def forget_jobs(reports: QuerySet[Report]) -> None:
    """Stop the jobs behind reports, and take out of them what they say of the plan."""
    jobs = Job.objects.filter(pk__in=list(reports.values_list("job", flat=True)))
    for job in jobs:
        cancel(job)
    jobs.update(payload={}, result={}, doing="", refusal="")


def remove_ended() -> int:
    """Delete the screenings whose time is over or whose owner is gone; how many there were.

    Folders without a row, such as a killed worker may leave, go too.
    """
    over = Screening.objects.filter(
        Q(expires_at__lte=timezone.now()) | Q(owner=None, expires_at=None)
    )
    count = 0
    for screening in over[:100]:
        delete(screening, by=None)
        count += 1
    _remove_orphans()
    return count


def _remove_orphans() -> None:
    if not files.root().is_dir():
        return
    # a row is written before its first file: looked at in this order, every folder that somebody
    # is filling just now has its row among those that stand
    folders = list(files.root().iterdir())
    standing = {str(uid) for uid in Screening.objects.values_list("uid", flat=True)}
    for folder in folders:
        if folder.name not in standing:
            files.remove_folder(folder)


def wipe() -> None:
    """Let the database forget what its rows no longer say.

    SQLite overwrites deleted content (``PRAGMA secure_delete``, set with each connection); what its
    journal still holds is written back and the journal cut to nothing. Where other connections read
    at that moment, the next deletion or the next start does it. PostgreSQL does both by itself, in
    its own time (see docs/how-to/screen-in-the-browser.md).
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    if busy:
        _log.info("the database's journal could not be cut yet: others read")
