"""A screening, its reports in each language, and who may read it besides its owner."""

import secrets
import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone

from kulan.web.jobs.models import Job


class Screening(models.Model):
    """A question about a plan, confidential until its owner shares it.

    Its files lie in the state folder under ``files/screenings/<uid>/``. One without an owner was
    asked by a visitor without an account: it belongs to the visitor's session and has an end.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="screenings"
    )
    language = models.CharField(max_length=2, default="en")
    release = models.CharField(max_length=80, blank=True)
    day = models.DateField(default=date.today)
    within_km = models.FloatField(default=50.0)
    options = models.JSONField(default=dict)
    alternatives = models.JSONField(default=list)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("owner", "-asked_at")),
            models.Index(fields=("expires_at",)),
        )

    def __str__(self) -> str:
        """Return its number alone: the title is as confidential as the plan."""
        return str(self.uid)

    @property
    def state(self) -> str:
        """``ready``, ``under_way``, ``refused`` or ``stopped``: of the first report there is."""
        reports = list(self.reports.all())
        if any(report.made_at for report in reports):
            return "ready"
        if any(report.under_way for report in reports):
            return "under_way"
        failed = any(report.job and report.job.state == Job.State.FAILED for report in reports)
        return "refused" if failed else "stopped"

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()


class Report(models.Model):
    """The report of a screening in one language, and the job that makes it."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="reports")
    language = models.CharField(max_length=2)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    headlines = models.JSONField(default=list)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("screening", "language"), name="one_report_for_each_language"
            ),
        )

    def __str__(self) -> str:
        """Return of what it is, and its language."""
        return f"{self.screening} {self.language}"

    @property
    def under_way(self) -> bool:
        """Whether a job that makes it has not ended yet."""
        return self.job is not None and not self.job.ended


class SharedWith(models.Model):
    """An address whose account, there now or later, may read a screening.

    It is kept as the owner wrote it, whether or not there is an account: so nobody learns from it
    who has one.
    """

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="shared_with")
    email = models.EmailField()
    since = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("screening", "email"), name="shared_once_with_each"),
        )

    def __str__(self) -> str:
        """Return the address."""
        return self.email


def new_token() -> str:
    """Return a text nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


class ShareLink(models.Model):
    """An address that lets whoever has it read a screening, until it is ended."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="links")
    token = models.CharField(max_length=50, unique=True, default=new_token)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        """Return of what it is; never the token."""
        return f"link to {self.screening}"

    @property
    def live(self) -> bool:
        """Whether it still opens the screening."""
        return self.ended_at is None and (
            self.expires_at is None or timezone.now() < self.expires_at
        )
