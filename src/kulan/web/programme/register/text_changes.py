"""A text brought into the register, and what that changed: the same file again changes nothing."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from kulan.programme.text import ImportedText, ListedAction, ListedPlan
from kulan.web.policy import Viewer
from kulan.web.programme.register.importing import (
    ActionRead,
    EditionRead,
    SourceFile,
    store_imported,
    store_text,
)
from kulan.web.programme.register.models import Correction, ImportedAction, TextSource
from kulan.web.programme.register.permissions import check_may_keep_register

_TOLD = (
    "section_id",
    "parent_id",
    "printed",
    "order",
    "priority_low",
    "priority_high",
    "leads",
    "species",
    "landscapes",
    "states",
    "see_also",
    "title",
    "text",
    "priority_printed",
    "leads_printed",
    "targets",
    "would_count",
)


@dataclass(frozen=True, slots=True)
class TextChanges:
    """What bringing a text in changed: actions by what became of them, and corrections."""

    added: int
    altered: int
    removed: int
    unchanged: int
    corrections: int

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.altered or self.removed or self.corrections)


def store_and_tell(
    viewer: Viewer | None,
    read: ImportedText | ListedPlan,
    edition: EditionRead | None = None,
    *,
    beside: bool = False,
) -> TextChanges:
    """Bring a text, or a list of actions, into the register and tell what that changed.

    The very file that was brought in last, by its hash, is not stored again, and nothing is
    recorded.

    Parameters
    ----------
    viewer
        Who brings it in; None at the console.
    read
        The text, or the list.
    edition
        What a person says of the edition: plan, titles and years.
    beside
        Whether actions that stand already keep all but the words in this language.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the register.
    UnknownNameError
        If the text has an action that a shipped edition has not.
    InvalidTableError
        If two actions have the same number, or there is none at all.
    """
    if viewer is not None:
        check_may_keep_register(viewer)
    languages = read.languages if isinstance(read, ListedPlan) else (read.language,)
    with transaction.atomic():
        before = _stored(read.edition_id)
        same = TextSource.objects.filter(
            edition__edition_id=read.edition_id, language__in=languages, sha256=read.sha256
        )
        if before and same.count() == len(languages):
            return TextChanges(0, 0, 0, len(before), 0)
        n_before = Correction.objects.count()
        if isinstance(read, ListedPlan):
            store_listed(viewer, read, edition, beside=beside)
        else:
            store_imported(viewer, read, edition, beside=beside)
        after = _stored(read.edition_id)
        n_corrections = Correction.objects.count() - n_before
    altered = sum(1 for key in before.keys() & after.keys() if before[key] != after[key])
    return TextChanges(
        added=len(after.keys() - before.keys()),
        altered=altered,
        removed=len(before.keys() - after.keys()),
        unchanged=len(before.keys() & after.keys()) - altered,
        corrections=n_corrections,
    )


def store_listed(
    viewer: Viewer | None,
    plan: ListedPlan,
    edition: EditionRead | None = None,
    *,
    beside: bool = False,
) -> None:
    """Store a list of actions in each language that it has.

    Raises
    ------
    AccessDeniedError, UnknownNameError, InvalidTableError
        As `store_text` does.
    """
    said = replace(
        edition or EditionRead(plan.edition_id),
        edition_id=plan.edition_id,
        sections=tuple(
            {"section_id": number, "part": "", "title": titles}
            for number, titles in plan.sections.items()
        ),
    )
    with transaction.atomic():
        for place, language in enumerate(plan.languages):
            source = SourceFile(plan.source_name, plan.sha256, language, plan.losses)
            read = [_listed(one, language) for one in plan.actions]
            store_text(viewer, said, source, read, beside=beside or place > 0)


def _listed(one: ListedAction, language: str) -> ActionRead:
    text, title = one.texts.get(language, ""), one.titles.get(language, "")
    return ActionRead(
        action_id=one.action_id,
        section_id=one.section_id,
        parent_id=one.parent_id,
        printed=one.printed,
        text=text,
        title=(title or text)[:300],
        priority_low=one.priority_low,
        priority_high=one.priority_high,
        priority_printed=one.priority_printed,
        leads=one.leads,
        leads_printed=one.leads_printed,
        species=one.species,
        landscapes=one.landscapes,
        states=one.states,
        see_also=one.see_also,
        targets=one.targets,
        would_count=one.would_count,
    )


def _stored(edition_id: str) -> dict[str, tuple[Any, ...]]:
    rows = ImportedAction.objects.filter(edition__edition_id=edition_id)
    return {row.action_id: tuple(getattr(row, name) for name in _TOLD) for row in rows}
