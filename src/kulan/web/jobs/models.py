"""A job: what was asked, how far it is, how it ended; and the workers that do jobs."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from kulan.words import Words


class JobGoneError(Exception):
    """The job is no longer this worker's: someone cancelled it, or another worker has it."""


class Worker(models.Model):
    """A process that does jobs; it says every few seconds that it lives."""

    name = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=100)
    started_at = models.DateTimeField(default=timezone.now)
    seen_alive_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class Job(models.Model):
    """A piece of work for a worker, and its progress for whoever waits."""

    class State(models.TextChoices):
        """Where it is."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    INTERNAL = "internal"
    WORKER_LOST = "worker_lost"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict, blank=True)
    refusal = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=64, blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    seen_alive_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("state", "seen_alive_at")),)

    def __str__(self) -> str:
        """Return what it is."""
        return f"{self.kind} {self.uid}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    def tell(self, done: int, total: int, doing: str) -> None:
        """Write down how far it is; called by whoever does the work.

        Raises
        ------
        JobGoneError
            If the job was cancelled, or given to another worker: whoever does it stops.
        """
        self.done, self.total, self.doing = done, total, doing[:200]
        self.seen_alive_at = timezone.now()
        fields = ["done", "total", "doing", "seen_alive_at"]
        if self.state != self.State.RUNNING:  # done without a queue
            self.save(update_fields=fields)
        elif not self.mine().update(**{name: getattr(self, name) for name in fields}):
            raise JobGoneError(str(self))

    def mine(self) -> models.QuerySet["Job"]:
        """Return this row if it is still given to whoever holds this object."""
        return Job.objects.filter(
            pk=self.pk, state=self.State.RUNNING, attempts=self.attempts, worker=self.worker
        )

    def check_mine(self) -> None:
        """Refuse to go on with a job that is no longer this worker's; locks the row.

        Work that writes results calls it inside the transaction that writes them: a worker that was
        taken for dead, and another that took its job up, then never both write.

        Raises
        ------
        JobGoneError
            If the job was cancelled, or given to another worker.
        """
        if self.state != self.State.RUNNING:  # done without a queue
            return
        if self.mine().select_for_update().first() is None:
            raise JobGoneError(str(self))

    def reason(self, words: Words) -> str:
        """Return why it failed, as its reader reads it; empty when it did not."""
        say = words.say
        if self.refusal == self.INTERNAL:
            return say("Something failed on our side. It stands in the log.")
        if self.refusal == self.WORKER_LOST:
            return say(
                "The program that worked on this was stopped each time it tried. "
                "Try again later, or with less at once; the log says more."
            )
        return self.refusal

    def summary(self, words: Words | None = None) -> dict[str, Any]:
        """Return what a page that waits shows; with `words`, reasons as their reader reads them."""
        return {
            "uid": str(self.uid),
            "state": self.state,
            "done": self.done,
            "total": self.total,
            "doing": self.doing,
            "refusal": self.refusal if words is None else self.reason(words),
        }
