"""What the newsletter holds of one person: which issues they made and published."""

from typing import Any

from django.db.models import Q

from kulan.web.programme.newsletter.models import NewsletterIssue


def issues_of(user: Any) -> list[dict[str, Any]]:
    """Return the issues a person made or published."""
    rows = NewsletterIssue.objects.filter(Q(made_by=user) | Q(published_by=user))
    return list(rows.values("number", "made_at", "published_at"))
