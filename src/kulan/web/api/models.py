"""Tokens of programs."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class ApiToken(models.Model):
    """A token that a person has made for a program; the token itself is kept nowhere.

    It is 256 random bits, so its hash without salt tells nothing of it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=12)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        """Return the name its owner gave it."""
        return self.name

    @property
    def is_good(self) -> bool:
        """Whether it still opens the door today."""
        return self.ended_at is None and timezone.localdate() <= self.expires_on
