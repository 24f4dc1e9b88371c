"""A job: what was asked, how far it is, how it ended."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class Job(models.Model):
    """A piece of work for a worker, and its progress for whoever waits."""

    class State(models.TextChoices):
        """Where it is."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

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
        """Write down how far it is; called by whoever does the work."""
        self.done, self.total, self.doing = done, total, doing[:200]
        self.seen_alive_at = timezone.now()
        self.save(update_fields=["done", "total", "doing", "seen_alive_at"])

    def summary(self) -> dict[str, Any]:
        """Return what a page that waits shows."""
        return {
            "uid": str(self.uid),
            "state": self.state,
            "done": self.done,
            "total": self.total,
            "doing": self.doing,
            "refusal": self.refusal,
        }
