"""Jobs whose worker was lost are taken up again, or end with a reason."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kulan.errors import WorkerLostError
from kulan.web.jobs import workers
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import run_job

MOST_ATTEMPTS = 3
_CLAIMED_S = 10.0  # between a task's being claimed and its job's being marked: far less than this
_log = logging.getLogger(__name__)


def recover() -> int:
    """Put everything right that lost workers left; return how many jobs were taken up or ended."""
    touched = sum(_take_up(job) for job in Job.objects.filter(state=Job.State.RUNNING))
    _end_tasks()
    touched += sum(_queue_again(job) for job in _forgotten())
    workers.forget_lost()
    return touched


def _take_up(job: Job) -> bool:
    if not _is_left(job):
        return False
    with transaction.atomic():
        if job.attempts >= MOST_ATTEMPTS:
            changed = job.mine().update(
                state=Job.State.FAILED, refusal=Job.WORKER_LOST, ended_at=timezone.now()
            )
        else:
            changed = job.mine().update(state=Job.State.QUEUED, worker="", done=0, doing="")
            if changed:
                run_job.enqueue(str(job.uid))
    if changed:
        about = {"job": str(job.uid), "kind": job.kind, "attempts": job.attempts}
        _log.warning("a worker was lost at a job", extra=about)
    return bool(changed)


def _is_left(job: Job) -> bool:
    if job.worker:
        return workers.is_lost(job.worker)
    # done without a worker, by a command: nobody says for it that it lives
    silent_since = timezone.now() - timedelta(seconds=workers.SILENT_S)
    return job.seen_alive_at is None or job.seen_alive_at < silent_since


def _end_tasks() -> None:
    """End the queue's own rows that lost workers left running."""
    for task in DBTaskResult.objects.running():
        if all(workers.is_lost(name) for name in task.worker_ids):
            task.set_failed(WorkerLostError("the worker ended before its task did"))


def _forgotten() -> list[Job]:
    """Return jobs that wait without a task: their worker was lost between claiming and marking."""
    before = timezone.now() - timedelta(seconds=_CLAIMED_S)
    waiting = list(Job.objects.filter(state=Job.State.QUEUED, queued_at__lt=before))
    if not waiting:
        return []
    open_tasks = DBTaskResult.objects.filter(
        status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING)
    )
    carried = {str(item) for task in open_tasks for item in task.args_kwargs["args"]}
    return [job for job in waiting if str(job.uid) not in carried]


def _queue_again(job: Job) -> bool:
    with transaction.atomic():
        # whoever comes second finds another time of queueing, and leaves it
        changed = Job.objects.filter(
            pk=job.pk, state=Job.State.QUEUED, queued_at=job.queued_at
        ).update(queued_at=timezone.now())
        if changed:
            run_job.enqueue(str(job.uid))
    return bool(changed)
