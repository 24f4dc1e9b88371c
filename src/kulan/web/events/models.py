"""What happened, in rows that no other row can change or take away."""

from django.db import models
from django.utils import timezone


class Event(models.Model):
    """Something that someone did.

    It has no foreign keys, so that deleting what it speaks of leaves it whole, and holds no
    coordinates and no content: who, what, to which thing, when.
    """

    kind = models.CharField(max_length=60)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=150, blank=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    subject_title = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (
            models.Index(fields=("subject_kind", "subject_id", "-at")),
            models.Index(fields=("by_id", "-at")),
            models.Index(fields=("-at",)),
        )

    def __str__(self) -> str:
        """Return what happened to what."""
        return f"{self.kind} {self.subject_kind} {self.subject_id}"
