"""Issues of the newsletter for the web tests; each argument is what the test is about."""

from datetime import date
from typing import Any

from django.utils import timezone

from kulan.web.programme.newsletter.models import NewsletterIssue


def make_issue(number: int = 1, *, published: bool = False, **fields: Any) -> NewsletterIssue:
    """Make an issue about the first quarter of 2026 with one item; a draft unless told else."""
    issue = NewsletterIssue.objects.create(
        number=number,
        published_at=timezone.now() if published else None,
        **{
            "since": date(2026, 1, 1),
            "until": date(2026, 4, 1),
            "introduction": {"en": "Dear colleagues,"},
            **fields,
        },
    )
    issue.items.create(
        order=1,
        kind="meeting",
        title={"en": "A meeting in <Almaty>", "ru": "Совещание в Алматы"},
        link="https://example.org/meeting",
        day=date(2026, 2, 1),
        states=["KAZ"],
        chosen=False,
    )
    return issue


def newsletter_things() -> dict[str, str]:
    """Make a published issue and a draft; return their numbers."""
    make_issue(1, published=True)
    make_issue(2)
    return {"published issue": "1", "drafted issue": "2"}
