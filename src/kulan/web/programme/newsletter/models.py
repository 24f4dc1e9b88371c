"""Issues of the newsletter and of bulletins with their items, and who gets them by post."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kulan.programme.newsletter import KIND_NAMES

USER = settings.AUTH_USER_MODEL


class NewsletterIssue(models.Model):
    """An issue: a draft until it is published, and unchanged from then on."""

    number = models.PositiveIntegerField(unique=True)
    species_id = models.CharField(max_length=60, blank=True)  # of a bulletin
    since = models.DateField()
    until = models.DateField()  # first day of the next issue
    title = models.JSONField(default=dict, blank=True)  # language to words
    introduction = models.JSONField(default=dict, blank=True)  # language to words
    made_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="newsletter_of_at_least_a_day"
            ),
        )

    def __str__(self) -> str:
        """Return its number."""
        return str(self.number)

    @property
    def is_draft(self) -> bool:
        """Whether it can still be edited."""
        return self.published_at is None


class NewsletterItem(models.Model):
    """An item of an issue: one change, or several of one kind and species."""

    issue = models.ForeignKey(NewsletterIssue, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=30, choices=[(code, code) for code in KIND_NAMES])
    title = models.JSONField(default=dict)  # language to words
    text = models.JSONField(default=dict, blank=True)  # language to words
    link = models.CharField(max_length=500, blank=True)
    day = models.DateField()
    species = models.JSONField(default=list, blank=True)
    states = models.JSONField(default=list, blank=True)
    keys = models.JSONField(default=list)  # of its changes, by which they are found again
    late = models.BooleanField(default=False)  # it happened before the period
    chosen = models.BooleanField(default=True)
    reason = models.CharField(max_length=20, blank=True)  # why the draft leaves it out

    class Meta:
        ordering = ("issue", "order")
        constraints = (
            models.UniqueConstraint(fields=("issue", "order"), name="one_item_at_a_place"),
        )

    def __str__(self) -> str:
        """Return which item it is."""
        return f"{self.issue} {self.order}"


class Subscriber(models.Model):
    """An address that asked for the newsletter; it gets nothing until it has confirmed that.

    The row goes when the address leaves. Nobody but the sending reads addresses.
    """

    email = models.EmailField(max_length=254, unique=True)
    language = models.CharField(max_length=5)
    token = models.CharField(max_length=64, unique=True)  # in its letters alone
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Return its number: the address is nobody's to read."""
        return f"subscriber {self.pk}"


class SentLetter(models.Model):
    """That an issue went to a subscriber: written down before it goes, so that it goes once."""

    class State(models.TextChoices):
        """How far it came."""

        BEGUN = "begun"  # given to the mail server, or not: nobody knows, and it is not sent again
        SENT = "sent"
        REFUSED = "refused"  # by the mail server: it may be tried again

    issue = models.ForeignKey(NewsletterIssue, on_delete=models.CASCADE, related_name="letters")
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.SET_NULL)
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=8, choices=State.choices, default=State.BEGUN)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("issue", "subscriber"), name="an_issue_goes_to_an_address_once"
            ),
        )

    def __str__(self) -> str:
        """Return which issue, and how far it came."""
        return f"{self.issue} {self.state}"
