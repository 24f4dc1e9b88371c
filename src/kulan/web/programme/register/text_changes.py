"""A text brought into the register, and what that changed: the same file again changes nothing."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kulan.programme.text import ImportedText
from kulan.web.policy import Viewer
from kulan.web.programme.register.importing import store_imported
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


def store_and_tell(viewer: Viewer | None, text: ImportedText) -> TextChanges:
    """Bring a text into the register and tell what that changed.

    The very file that was brought in last, by its hash, is not stored again, and nothing is
    recorded.

    Parameters
    ----------
    viewer
        Who brings it in; None at the console.
    text
        The text.

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
    with transaction.atomic():
        before = _stored(text.edition_id)
        same = TextSource.objects.filter(
            edition__edition_id=text.edition_id, language=text.language, sha256=text.sha256
        )
        if before and same.exists():
            return TextChanges(0, 0, 0, len(before), 0)
        n_before = Correction.objects.count()
        store_imported(viewer, text)
        after = _stored(text.edition_id)
        n_corrections = Correction.objects.count() - n_before
    altered = sum(1 for key in before.keys() & after.keys() if before[key] != after[key])
    return TextChanges(
        added=len(after.keys() - before.keys()),
        altered=altered,
        removed=len(before.keys() - after.keys()),
        unchanged=len(before.keys() & after.keys()) - altered,
        corrections=n_corrections,
    )


def _stored(edition_id: str) -> dict[str, tuple[Any, ...]]:
    rows = ImportedAction.objects.filter(edition__edition_id=edition_id)
    return {row.action_id: tuple(getattr(row, name) for name in _TOLD) for row in rows}
