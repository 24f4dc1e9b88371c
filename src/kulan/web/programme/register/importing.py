"""Bringing the text of an edition into the database: the hook that every importer calls.

What is read from files is `kulan.programme.text`'s matter; here it becomes rows. A text of an
edition that Kulan ships is attached to the shipped actions; of any other plan the rows are its
actions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from kulan.errors import InvalidTableError, UnknownNameError
from kulan.programme import actions as shipped
from kulan.web.events.record import record
from kulan.web.policy import Viewer
from kulan.web.programme.register.models import (
    Correction,
    ImportedAction,
    ImportedEdition,
    TextSource,
)
from kulan.web.programme.register.permissions import check_may_keep_register
from kulan.web.programme.register.terms import EditionState, Field


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file from which a text was read.

    Attributes
    ----------
    name, sha256
        Of the file.
    language
        Language of its text.
    losses
        What could not be read, one line each.
    """

    name: str
    sha256: str
    language: str
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EditionRead:
    """What is known of an edition beside its actions.

    Attributes
    ----------
    edition_id, plan
        Its name, and the plan it is an edition of.
    titles
        Titles by language.
    first_year, last_year
        Years it covers; None where they are not known.
    sections
        Fields of `kulan.programme.actions.Section` by name, with ``title`` by language.
    """

    edition_id: str
    plan: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    sections: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ActionRead:
    """An action as it was read; fields as of `kulan.programme.actions.Action`.

    Attributes
    ----------
    text
        Word for word.
    priority_printed, leads_printed
        The words printed.
    """

    action_id: str
    section_id: str
    text: str
    parent_id: str = ""
    printed: str = ""
    title: str = ""
    priority_low: str = ""
    priority_high: str = ""
    priority_printed: str = ""
    leads: Sequence[str] = ()
    leads_printed: str = ""
    species: Sequence[str] = ()
    landscapes: Sequence[str] = ()
    states: Sequence[str] = ()
    see_also: Sequence[str] = ()
    targets: Sequence[str] = ()
    would_count: Sequence[str] = ()


def store_text(
    viewer: Viewer | None,
    edition: EditionRead,
    source: SourceFile,
    actions: Iterable[ActionRead],
    *,
    beside: bool = False,
) -> ImportedEdition:
    """Store the text of an edition in one language, in place of one in that language before.

    Parameters
    ----------
    viewer
        Who brings it in; None at the console, where whoever runs Kulan does.
    edition
        The edition; for one that Kulan ships its name is enough.
    source
        The file it was read from.
    actions
        Its actions, and their parts, in the order of the text.
    beside
        Whether actions that stand already keep all but the words in this language.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    UnknownNameError
        If the text has an action that the shipped edition has not.
    InvalidTableError
        If two actions have the same number, or there is none at all.
    """
    if viewer is not None:
        check_may_keep_register(viewer)
    read = list(actions)
    _check(edition.edition_id, read)
    with transaction.atomic():
        row = _edition(edition, beside=beside)
        TextSource.objects.filter(edition=row, language=source.language).delete()
        TextSource.objects.create(
            edition=row,
            language=source.language,
            file_name=source.name[:200],
            sha256=source.sha256,
            losses=list(source.losses),
            imported_by_id=viewer.user_id if viewer else None,
        )
        _store_actions(row, source.language, read, beside=beside)
        record(
            "edition_imported",
            ("importededition", row.edition_id, row.edition_id),
            by=viewer,
            language=source.language,
            actions=len(read),
        )
    return row


def set_edition_state(viewer: Viewer, edition_id: str, state: str) -> None:
    """Say whether an edition is a draft, in force or past; of a plan one is in force.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    UnknownNameError
        If there is no such edition or state.
    """
    check_may_keep_register(viewer)
    if state not in EditionState.values:
        raise UnknownNameError(f"No state {state!r}; Kulan knows {', '.join(EditionState.values)}.")
    known = {one.edition_id: one for one in shipped.editions()}
    with transaction.atomic():
        found = ImportedEdition.objects.filter(edition_id=edition_id).first()
        if found is None and edition_id not in known:
            raise UnknownNameError(f"No edition {edition_id!r} of a plan.")
        plan = found.plan if found else known[edition_id].plan
        # all of the plan, in one order, so that two who set states at a time wait for each other
        rows = ImportedEdition.objects.select_for_update().filter(plan=plan).order_by("pk")
        there = {one.edition_id: one for one in rows}
        row = there.get(edition_id) or ImportedEdition(edition_id=edition_id, plan=plan)
        if state == EditionState.IN_FORCE:
            _make_past(plan, edition_id)
        row.status = state
        row.save(update_fields=["status"] if row.pk else None)
        record(
            "edition_state_set",
            ("importededition", edition_id, edition_id),
            by=viewer,
            state=state,
        )


def _make_past(plan: str, but: str) -> None:
    """Make the other editions of a plan that are in force past ones, the shipped ones too."""
    others = ImportedEdition.objects.filter(plan=plan, status=EditionState.IN_FORCE)
    others.exclude(edition_id=but).update(status=EditionState.PAST)
    for one in shipped.editions():
        if one.plan == plan and one.edition_id != but:
            ImportedEdition.objects.get_or_create(
                edition_id=one.edition_id, defaults={"plan": plan, "status": EditionState.PAST}
            )


def _check(edition_id: str, read: list[ActionRead]) -> None:
    if not read:
        raise InvalidTableError(f"No action was read for edition {edition_id}.")
    numbers = [one.action_id for one in read]
    twice = sorted({one for one in numbers if numbers.count(one) > 1})
    if twice:
        raise InvalidTableError(
            f"Edition {edition_id} has two actions of the number {', '.join(twice)}; give each its "
            "own, as 29.10b."
        )
    if edition_id in {one.edition_id for one in shipped.editions() if one.actions_known}:
        known = {one.action_id for one in shipped.actions(edition_id, parts=True)}
        strange = [number for number in numbers if number not in known]
        if strange:
            raise UnknownNameError(
                f"Edition {edition_id} has no action {', '.join(strange[:5])}. Bring the text in "
                "as an edition of its own, and align the two."
            )


def _edition(edition: EditionRead, *, beside: bool) -> ImportedEdition:
    known = {one.edition_id: one for one in shipped.editions()}.get(edition.edition_id)
    row, _ = ImportedEdition.objects.get_or_create(
        edition_id=edition.edition_id,
        defaults={
            "plan": edition.plan or (known.plan if known else edition.edition_id),
            "status": _usual_state(edition.edition_id),
        },
    )
    row.title = {**row.title, **edition.titles}
    row.first_year = edition.first_year or row.first_year
    row.last_year = edition.last_year or row.last_year
    if edition.sections:
        fresh = list(edition.sections)
        if beside and row.sections:
            there = {one["section_id"] for one in row.sections}
            more = [one for one in fresh if one["section_id"] not in there]
            fresh = [*_joined(fresh, row.sections), *more]
        row.sections = _joined(row.sections, fresh)
    row.save()
    return row


def _usual_state(edition_id: str) -> str:
    from kulan.web.programme.register.catalogue import all_editions  # noqa: PLC0415  reads rows

    return next(
        (one.status for one in all_editions(drafts=True) if one.edition_id == edition_id),
        str(EditionState.DRAFT),
    )


def _joined(before: list[dict[str, Any]], fresh: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return sections with the titles of every language that was brought in."""
    titles = {one["section_id"]: one.get("title", {}) for one in before}
    return [
        {**one, "title": {**titles.get(one["section_id"], {}), **one.get("title", {})}}
        for one in fresh
    ]


_LISTS = ("leads", "species", "landscapes", "states", "see_also", "targets", "would_count")


def _store_actions(
    row: ImportedEdition, language: str, read: list[ActionRead], *, beside: bool
) -> None:
    before = {one.action_id: one for one in row.actions.all()}
    for order, one in enumerate(read, start=1):
        stored = before.pop(one.action_id, None) or ImportedAction(
            edition=row, action_id=one.action_id
        )
        if stored.pk is None or not beside:
            stored.order, stored.section_id, stored.parent_id = order, one.section_id, one.parent_id
            stored.printed = one.printed or one.action_id
            stored.priority_low, stored.priority_high = one.priority_low, one.priority_high
            for name in _LISTS:
                setattr(stored, name, list(getattr(one, name)))
        for name in ("title", "text", "priority_printed", "leads_printed"):
            words = {**getattr(stored, name)}
            words[language] = getattr(one, name)
            setattr(stored, name, {code: text for code, text in words.items() if text})
        stored.save()
    for gone in () if beside else before.values():
        _forget_language(gone, language)


def _forget_language(gone: ImportedAction, language: str) -> None:
    """Take a language's words from an action that its new text no longer has; drop an empty one."""
    for name in ("title", "text", "priority_printed", "leads_printed"):
        words = getattr(gone, name)
        setattr(gone, name, {code: text for code, text in words.items() if code != language})
    if gone.text or gone.title:
        gone.save()
    else:
        gone.delete()


_FIELDS = {"number": Field.PRINTED, "reference": Field.SEE_ALSO, "priority": Field.PRIORITY}
"""Fields that a reader of texts corrects, and what they are here; all others are of the text."""


def store_imported(
    viewer: Viewer | None,
    text: Any,
    edition: EditionRead | None = None,
    *,
    beside: bool = False,
) -> ImportedEdition:
    """Store what `kulan.programme.text` read from a file, with the corrections beside the print.

    Parameters
    ----------
    viewer
        Who brings it in; None at the console.
    text
        A `kulan.programme.text.ImportedText`.
    edition
        What a person says of the edition: plan, titles and years.
    beside
        As in `store_text`.

    Raises
    ------
    AccessDeniedError, UnknownNameError, InvalidTableError
        As `store_text` does.
    """
    losses = tuple(f"{one.line}: {one.text} ({one.reason})" for one in text.unread)
    source = SourceFile(text.source_name, text.sha256, text.language, losses)
    with transaction.atomic():
        told = _edition_read(text, edition)
        read = [_read(one) for one in text.actions]
        row = store_text(viewer, told, source, read, beside=beside)
        numbers = {one.action_id for one in text.actions}
        for one in text.corrections:
            if one.place in numbers and one.corrected:
                Correction.objects.get_or_create(
                    action=f"{text.edition_id}:{one.place}",
                    field=_FIELDS.get(one.field, Field.TEXT),
                    printed=one.printed,
                    ended_at=None,
                    defaults={"corrected": one.corrected, "reason": one.reason},
                )
    return row


def _edition_read(text: Any, said: EditionRead | None) -> EditionRead:
    return replace(
        said or EditionRead(text.edition_id),
        edition_id=text.edition_id,
        sections=tuple(
            {
                "section_id": one.section_id,
                "part": one.part_id,
                "species": list(one.species),
                "landscapes": [one.landscape] if one.landscape else [],
                "states": list(one.states),
                "title": {text.language: one.title},
            }
            for one in text.sections
        ),
    )


def _read(one: Any) -> ActionRead:
    """Return an action of a text; what no list of ours knows stands in the words printed."""
    return ActionRead(
        action_id=one.action_id,
        section_id=one.section_id,
        parent_id=one.parent_id,
        printed=one.printed,
        text=one.verbatim,
        title=one.text[:300],
        priority_low=one.priority.low,
        priority_high=one.priority.high,
        priority_printed=one.priority.printed,
        leads=shipped.matched_leads(one.leads),
        leads_printed=one.leads_printed,
        species=one.species,
        landscapes=one.landscapes,
        states=one.states,
        see_also=one.see_also,
    )
