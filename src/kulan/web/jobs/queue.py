"""Put work into the queue, and do it: the one place that knows how jobs are carried."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from kulan.errors import KulanError, UnknownNameError
from kulan.web.jobs.models import Job
from kulan.web.people.models import User

Work = Callable[[Job], dict[str, Any] | None]

_WORK: dict[str, Work] = {}
_log = logging.getLogger(__name__)


def work(kind: str) -> Callable[[Work], Work]:
    """Name the function that does jobs of one kind.

    It must be safe to begin again: a worker may be stopped at any moment, and the job is then given
    to another. What it returns is kept as the job's result.
    """

    def named(function: Work) -> Work:
        _WORK[kind] = function
        return function

    return named


def enqueue(kind: str, payload: dict[str, Any], *, by: User | None) -> Job:
    """Queue a job; a worker takes it once the transaction around this call is over.

    Raises
    ------
    UnknownNameError
        If nothing does jobs of that kind.
    """
    if kind not in _WORK:
        raise UnknownNameError(f"no work is named {kind!r}; there is {', '.join(sorted(_WORK))}.")
    job = Job.objects.create(kind=kind, payload=payload, by=by)
    transaction.on_commit(lambda: run_job.enqueue(str(job.uid)))
    return job


@task()
def run_job(uid: str) -> None:
    """Do one job, if nobody else has: called by the worker."""
    taken = Job.objects.filter(uid=uid, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, started_at=timezone.now(), seen_alive_at=timezone.now()
    )
    if taken:
        do(Job.objects.get(uid=uid))


def do(job: Job) -> None:
    """Do a job that is marked as running, and write down how it ended."""
    job.attempts += 1
    job.save(update_fields=["attempts"])
    try:
        result = _WORK[job.kind](job) or {}
    except KulanError as error:
        _end(job, Job.State.FAILED, refusal=str(error))
    except Exception:
        _log.exception("a job failed", extra={"job": str(job.uid), "kind": job.kind})
        _end(job, Job.State.FAILED, refusal="internal")
        raise
    else:
        _end(job, Job.State.DONE, result=result)


def _end(job: Job, state: str, *, result: dict[str, Any] | None = None, refusal: str = "") -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state, result=result or {}, refusal=refusal, ended_at=timezone.now()
    )
    job.refresh_from_db()
