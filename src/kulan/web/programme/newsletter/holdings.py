"""What the newsletter holds of one person: which issues they made and published."""

from typing import Any

from django.db.models import Q

from kulan.web.programme.newsletter.models import NewsletterIssue, Subscriber


def subscription_of(user: Any) -> list[dict[str, Any]]:
    """Return what the list of letters holds of a person's address."""
    rows = Subscriber.objects.filter(email=user.email.lower())
    return list(rows.values("language", "asked_at", "confirmed_at"))


def issues_of(user: Any) -> list[dict[str, Any]]:
    """Return the issues a person made or published."""
    rows = NewsletterIssue.objects.filter(Q(made_by=user) | Q(published_by=user))
    return list(rows.values("number", "made_at", "published_at"))
