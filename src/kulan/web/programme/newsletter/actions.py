"""What the secretariat does with issues: each action asks, changes, and leaves one event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.programme.newsletter import Change, Draft, DraftItem, Reason, draft
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.policy import Viewer
from kulan.web.programme.newsletter.models import NewsletterIssue, NewsletterItem
from kulan.web.programme.newsletter.permissions import check_may_edit
from kulan.web.programme.newsletter.sources import public_changes


@dataclass(frozen=True)
class Edited:
    """What a person wrote of an item in one language, and whether it is in the issue."""

    title: str
    text: str
    chosen: bool


def begin_issue(viewer: Viewer, *, since: date, until: date, species: str = "") -> NewsletterIssue:
    """Draft an issue from what changed, as the public may see it.

    Parameters
    ----------
    viewer
        Who makes it.
    since, until
        First day of the period, and first day after it.
    species
        The species of a bulletin.

    Raises
    ------
    AccessDeniedError
        If the viewer does not make the newsletter.
    InvalidRequestError
        If the period has no day.
    """
    check_may_edit(viewer)
    made = draft(public_changes(), since, until, species=species)
    with transaction.atomic():
        last = NewsletterIssue.objects.aggregate(last=Max("number"))["last"] or 0
        row = NewsletterIssue.objects.create(
            number=last + 1,
            species_id=species,
            since=since,
            until=until,
            made_by_id=viewer.user_id,
        )
        NewsletterItem.objects.bulk_create(_rows(row, made))
        record("newsletter_begun", row, by=viewer)
    return row


def edit_issue(
    viewer: Viewer,
    row: NewsletterIssue,
    language: str,
    *,
    title: str,
    introduction: str,
    items: Mapping[int, Edited],
) -> None:
    """Keep what a person wrote in one language, and which items are chosen.

    Raises
    ------
    AccessDeniedError
        If the viewer does not make the newsletter.
    NotAllowedNowError
        If the issue is published.
    """
    check_may_edit(viewer)
    with transaction.atomic():
        row = _draft(row)
        row.title = _with(row.title, language, title)
        row.introduction = _with(row.introduction, language, introduction)
        row.save(update_fields=["title", "introduction"])
        for item in row.items.all():
            written = items.get(item.pk)
            if written is None:
                continue
            # without a title in any language it would be nothing: the old one stays
            item.title = _with(item.title, language, written.title) or item.title
            item.text = _with(item.text, language, written.text)
            item.chosen = written.chosen
            item.save(update_fields=["title", "text", "chosen"])
        record("newsletter_edited", row, by=viewer, language=language)


def publish_issue(viewer: Viewer, row: NewsletterIssue) -> None:
    """Publish a draft: everyone reads it, and nobody changes it any more.

    What is chosen is looked for once more: a draft may be older than a decision to hide something.

    Raises
    ------
    AccessDeniedError
        If the viewer does not make the newsletter.
    NotAllowedNowError
        If it is published already, tells nothing, or tells of what is no longer public.
    """
    check_may_edit(viewer)
    say = current_words().say
    with transaction.atomic():
        row = _draft(row)
        chosen = row.items.filter(chosen=True)
        if not chosen and not any(row.introduction.values()):
            raise NotAllowedNowError(say("There is nothing in this issue. Choose an item first."))
        gone = gone_items(row)
        if gone:
            raise NotAllowedNowError(
                say(
                    "No longer public: {titles}. Leave this out, then publish.",
                    titles="; ".join(_title(item) for item in gone),
                )
            )
        row.published_by_id, row.published_at = viewer.user_id, timezone.now()
        row.save(update_fields=["published_by", "published_at"])
        record("newsletter_published", row, by=viewer)


def drop_issue(viewer: Viewer, row: NewsletterIssue) -> None:
    """Take a draft away.

    Raises
    ------
    AccessDeniedError
        If the viewer does not make the newsletter.
    NotAllowedNowError
        If it is published: what everyone has read stays.
    """
    check_may_edit(viewer)
    with transaction.atomic():
        row = _draft(row)
        record("newsletter_dropped", row, by=viewer)
        row.delete()


def gone_items(row: NewsletterIssue) -> list[NewsletterItem]:
    """Return the chosen items of which something is not public any more, or not yet."""
    known = {_key(change) for change in public_changes()}
    return [item for item in row.items.filter(chosen=True) if not known.issuperset(item.keys)]


def _draft(row: NewsletterIssue) -> NewsletterIssue:
    """Return the issue as it is now, held for this change.

    Raises
    ------
    NotAllowedNowError
        If it is published.
    """
    now = NewsletterIssue.objects.select_for_update().get(pk=row.pk)
    if not now.is_draft:
        raise NotAllowedNowError(
            current_words().say("This issue is published, and does not change any more.")
        )
    return now


def _rows(row: NewsletterIssue, made: Draft) -> list[NewsletterItem]:
    """Return the items of a draft; what was replaced, and what was long ago, is not chosen."""
    items = [(item, "") for section in made.sections for item in section.items]
    items += [
        (DraftItem((one.change,), late=one.reason == Reason.LONG_AGO), str(one.reason))
        for one in made.left_out
        if one.reason in (Reason.REPLACED, Reason.LONG_AGO)
    ]
    return [
        NewsletterItem(
            issue=row,
            order=order,
            kind=item.kind,
            title=item.title.as_data(),
            text=item.text.as_data(),
            link=item.link,
            day=item.day,
            species=list(item.species),
            states=list(item.states),
            keys=[_key(change) for change in item.changes],
            late=item.late,
            chosen=not reason,
            reason=reason,
        )
        for order, (item, reason) in enumerate(items, start=1)
    ]


def _key(change: Change) -> str:
    return " ".join(change.key)


def _title(item: NewsletterItem) -> str:
    language = current_words().language
    return item.title.get(language) or next(iter(item.title.values()), "")


def _with(texts: dict[str, str], language: str, text: str) -> dict[str, str]:
    """Return words by language with those of one language in place of what it had."""
    return {code: words for code, words in {**texts, language: text.strip()}.items() if words}
