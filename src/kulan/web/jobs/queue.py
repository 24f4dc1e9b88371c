"""Put work into the queue, and do it: the one place that knows how jobs are carried."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks import task

from kulan.errors import KulanError, UnknownNameError
from kulan.web.jobs import workers
from kulan.web.jobs.models import Job, JobGoneError
from kulan.web.people.models import User

Work = Callable[[Job], dict[str, Any] | None]

_WORK: dict[str, Work] = {}
_log = logging.getLogger(__name__)


def work(kind: str) -> Callable[[Work], Work]:
    """Name the function that does jobs of one kind; it stands in an area's module ``jobs``.

    It must be safe to begin again: a worker may be stopped at any moment, and the job is then given
    to another. So it writes its results in one transaction, in which it calls `Job.check_mine`.
    What it returns is kept as the job's result.
    """

    def named(function: Work) -> Work:
        _WORK[kind] = function
        return function

    return named


def kinds() -> dict[str, Work]:
    """Return what is done by which function; every area's module ``jobs`` is read for it."""
    autodiscover_modules("jobs")
    return _WORK


def enqueue(kind: str, payload: dict[str, Any], *, by: User | None) -> Job:
    """Queue a job; a worker takes it once the transaction around this call is over.

    Raises
    ------
    UnknownNameError
        If nothing does jobs of that kind.
    """
    if kind not in _WORK and kind not in kinds():
        raise UnknownNameError(f"no work is named {kind!r}; there is {', '.join(sorted(_WORK))}.")
    with transaction.atomic():  # a job without its task would wait for ever
        job = Job.objects.create(kind=kind, payload=payload, by=by)
        run_job.enqueue(str(job.uid))
    return job


def cancel(job: Job) -> bool:
    """End a job that has not ended; whether there was something to end.

    One that is being done stops at its next word of progress; what it returns is dropped.
    """
    open_states = (Job.State.QUEUED, Job.State.RUNNING)
    ended = Job.objects.filter(pk=job.pk, state__in=open_states).update(
        state=Job.State.CANCELLED, ended_at=timezone.now(), result={}, doing=""
    )
    job.refresh_from_db()
    return bool(ended)


@task()
def run_job(uid: str) -> None:
    """Do one job, if nobody else has: called by the worker."""
    now = timezone.now()
    taken = Job.objects.filter(uid=uid, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, started_at=now, seen_alive_at=now, worker=workers.this_worker()
    )
    if taken:
        do(Job.objects.get(uid=uid))


def do(job: Job) -> None:
    """Do a job, and write down how it ended.

    Raises
    ------
    Exception
        Whatever its work raised that is no refusal: a fault of ours, for the log.
    """
    job.state = Job.State.RUNNING
    job.attempts += 1
    job.seen_alive_at = timezone.now()
    job.save(update_fields=["state", "attempts", "seen_alive_at"])
    try:
        result = kinds()[job.kind](job) or {}
    except JobGoneError:
        _log.info("a job was left", extra={"job": str(job.uid), "kind": job.kind})
    except KulanError as error:
        _end(job, Job.State.FAILED, refusal=str(error))
    except Exception:
        _log.exception("a job failed", extra={"job": str(job.uid), "kind": job.kind})
        _end(job, Job.State.FAILED, refusal=Job.INTERNAL)
        raise
    else:
        _end(job, Job.State.DONE, result=result)


def _end(job: Job, state: str, *, result: dict[str, Any] | None = None, refusal: str = "") -> None:
    job.mine().update(state=state, result=result or {}, refusal=refusal, ended_at=timezone.now())
    job.refresh_from_db()
