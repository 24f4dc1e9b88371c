"""Issues of the newsletter for the web tests; each argument is what the test is about."""

from datetime import date
from typing import Any

from django.utils import timezone

from kulan.web.programme.newsletter.models import NewsletterIssue, Subscriber


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


def make_subscriber(email: str = "saule@test.example", **fields: Any) -> Subscriber:
    """Make an address that has confirmed that it wants the newsletter."""
    return Subscriber.objects.create(
        email=email,
        **{
            "language": "en",
            "token": f"token-of-{email.partition('@')[0]}",
            "confirmed_at": timezone.now(),
            **fields,
        },
    )


def newsletter_things() -> dict[str, str]:
    """Make a published issue that went to one address, and a draft; return what names them."""
    issue = make_issue(1, published=True)
    make_issue(2)
    person = make_subscriber()
    issue.letters.create(subscriber=person, language="en", state="sent")
    return {"published issue": "1", "drafted issue": "2", "subscriber's token": person.token}
