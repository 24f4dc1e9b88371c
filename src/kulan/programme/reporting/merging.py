"""Joining a form that was filled offline with what was answered in the meantime.

Three-way, field by field: what only one side changed is taken from that side; what both changed in
the same way is taken once; what both changed differently stays as it is here and is told as a
conflict, which a person decides. Nothing is overwritten silently.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from kulan.errors import InvalidAnswerError
from kulan.programme.reporting.answers import Answer, Key, Value, by_key, is_blank

Field = Literal["value", "note"]
FIELDS: tuple[Field, ...] = ("value", "note")


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in one field of an answer; a value and whether a person stands behind it."""

    content: Value
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that both sides changed, each in its own way."""

    question_id: str
    subject: str
    field: Field
    base: Said
    theirs: Said
    ours: Said

    @property
    def key(self) -> Key:
        """Question and subject."""
        return self.question_id, self.subject

    @property
    def swapped(self) -> "Conflict":
        """The same conflict seen from the other side."""
        return replace(self, theirs=self.ours, ours=self.theirs)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge gave.

    Attributes
    ----------
    answers
        Everything that is not in conflict, joined; a field in conflict holds ours.
    conflicts
        What a person must decide, in order of question and subject.
    taken
        Fields taken from the form: question, subject, and field.
    kept
        Fields that only we changed since the form was made.
    """

    answers: tuple[Answer, ...]
    conflicts: tuple[Conflict, ...]
    taken: tuple[tuple[str, str, Field], ...]
    kept: tuple[tuple[str, str, Field], ...]


def merge(base: Iterable[Answer], theirs: Iterable[Answer], ours: Iterable[Answer]) -> Merged:
    """Join two sets of answers that grew from the same base.

    Parameters
    ----------
    base
        The answers as they stood when the form was made.
    theirs
        The answers of the form. An answer that is blank there was emptied; one whose row was not
        found in the form at all should be given as it is in `base`.
    ours
        The answers as they stand here now.

    Returns
    -------
    Merged
        The same, with sides exchanged, whichever side is called theirs.

    Examples
    --------
    >>> before = [Answer("trend", "saiga", "unknown")]
    >>> form, here = [Answer("trend", "saiga", "up")], [Answer("trend", "saiga", "stable")]
    >>> merged = merge(before, form, here)
    >>> merged.answers[0].value, len(merged.conflicts)
    ('stable', 1)
    """
    sides = by_key(base), by_key(theirs), by_key(ours)
    answers, conflicts, taken, kept = [], [], [], []
    for key in sorted(set().union(*sides)):
        before, form, here = (side.get(key, Answer(*key, revision=0)) for side in sides)
        made = here
        for field in FIELDS:
            b, t, o = (_said(one, field) for one in (before, form, here))
            if _same(t, b):
                kept += [] if _same(o, b) else [(*key, field)]
            elif _same(o, b):
                made = _put(made, field, t)
                taken.append((*key, field))
            elif not _same(t, o):
                conflicts.append(Conflict(*key, field, b, t, o))
        if made != here:
            origin = form.origin if (*key, "value") in taken else here.origin
            made = replace(made, by=form.by, at=form.at, origin=origin, revision=here.revision + 1)
        if key in sides[2] or made != here:
            answers.append(made)
    return Merged(tuple(answers), tuple(conflicts), tuple(taken), tuple(kept))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of a conflict: whose content stands, or a third one."""

    side: Literal["theirs", "ours", "other"]
    content: Value = None


def decided(
    merged: Merged,
    decisions: Mapping[tuple[str, str, Field], Decision],
    *,
    by: str,
    at: datetime,
) -> tuple[Answer, ...]:
    """Return the joined answers after every conflict was decided.

    Raises
    ------
    InvalidAnswerError
        If a conflict is left undecided: nothing is decided by default.
    """
    answers = by_key(merged.answers)
    open_ones = [one for one in merged.conflicts if (*one.key, one.field) not in decisions]
    if open_ones:
        first = open_ones[0]
        raise InvalidAnswerError(
            f"{len(open_ones)} conflicts are not decided, the first in {first.question_id} "
            f"{first.subject} ({first.field}). Say for each which side stands."
        )
    for conflict in merged.conflicts:
        decision = decisions[*conflict.key, conflict.field]
        if decision.side == "ours":
            continue
        said = conflict.theirs if decision.side == "theirs" else Said(decision.content)
        old = answers.get(conflict.key, Answer(*conflict.key))
        new = _put(old, conflict.field, said)
        answers[conflict.key] = replace(new, by=by, at=at, revision=old.revision + 1)
    return tuple(answers[key] for key in sorted(answers))


def _said(answer: Answer, field: Field) -> Said:
    if field == "note":
        return Said(answer.note)
    # no value is no value, whoever stands behind it
    if is_blank(answer.value):
        return Said(None)
    return Said(answer.value, answer.confirmed)


def _same(one: Said, other: Said) -> bool:
    """Whether two fields say the same; the order of choices and references says nothing."""
    if isinstance(one.content, tuple) and isinstance(other.content, tuple):
        alike = sorted(one.content) == sorted(other.content)
    else:
        alike = one.content == other.content
    return alike and one.confirmed == other.confirmed


def _put(answer: Answer, field: Field, said: Said) -> Answer:
    if field == "note":
        return replace(answer, note=str(said.content or ""))
    return replace(answer, value=said.content, confirmed=said.confirmed)
