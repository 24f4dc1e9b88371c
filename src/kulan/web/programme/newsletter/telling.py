"""An issue as the library knows it, and its letter in a reader's language."""

from django.conf import settings
from django.urls import reverse

from kulan.programme.newsletter import Issue, IssueItem
from kulan.programme.reporting import Told
from kulan.report.newsletter import Letter, compose_letter
from kulan.web.programme.newsletter.models import NewsletterIssue, NewsletterItem
from kulan.words import Words


def as_issue(row: NewsletterIssue) -> Issue:
    """Return a stored issue with its items."""
    return Issue(
        number=row.number,
        since=row.since,
        until=row.until,
        title=told_of(row.title),
        introduction=told_of(row.introduction),
        items=tuple(as_item(item) for item in row.items.all()),
        species=row.species_id,
    )


def as_item(row: NewsletterItem) -> IssueItem:
    """Return a stored item."""
    return IssueItem(
        kind=row.kind,
        title=told_of(row.title),
        day=row.day,
        text=told_of(row.text),
        link=row.link,
        species=tuple(row.species),
        states=tuple(row.states),
        count=len(row.keys) or 1,
        chosen=row.chosen,
        late=row.late,
    )


def letter_of(row: NewsletterIssue, words: Words, *, whole_links: bool = True) -> Letter:
    """Return an issue as a letter in a language.

    Parameters
    ----------
    row
        The issue.
    words
        The language.
    whole_links
        Whether links are to be followed from outside: in a letter or a file.
    """
    page = reverse("newsletter_issue", kwargs={"number": row.number})
    return compose_letter(
        as_issue(row),
        words,
        site=settings.PUBLIC_URL if whole_links else "",
        address=f"{page}?lang={words.language}",
    )


def told_of(by_language: dict[str, str]) -> Told:
    """Return words that are stored by language."""
    return Told(**{"en": "", **by_language})
