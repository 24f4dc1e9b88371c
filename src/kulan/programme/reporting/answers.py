"""Answers, and reports made of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kulan.programme.reporting.workflow import DRAFT, State
from kulan.provenance import canonical_json, hash_bytes

Value = str | float | bool | tuple[str, ...] | None
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one reporter answers to one question.

    Attributes
    ----------
    question_id
        The question.
    subject
        Species (``saiga``) or population (``saiga:Betpak-Dala``) of a looped question; else empty.
    value
        By the question's kind: a text; the code of a choice; a tuple of codes or of references; a
        number; True or False; a day as ISO 8601 text. None where nothing is answered.
    note
        Remark of whoever answers.
    by, at
        Who gave it (a short name, never an address), and when.
    revision
        How often it was changed, from 1 on.
    origin
        Where a prefilled answer comes from: ``cycle:`` and its name, or ``evidence``; empty for
        what a person gave.
    confirmed
        Whether a person stands behind it: a prefilled answer counts only from then on.
    """

    question_id: str
    subject: str = ""
    value: Value = None
    note: str = ""
    by: str = ""
    at: datetime | None = None
    revision: int = 1
    origin: str = ""
    confirmed: bool = True

    @property
    def key(self) -> Key:
        """Question and subject."""
        return self.question_id, self.subject

    @property
    def counts(self) -> bool:
        """Whether the question is answered: there is a value, and a person stands behind it."""
        return self.confirmed and not is_blank(self.value)


@dataclass(frozen=True, slots=True)
class Report:
    """What one reporter files in a cycle.

    Attributes
    ----------
    cycle_id
        The questionnaire it answers.
    reporter_id
        State, or ``org:`` and an organisation.
    state
        Where it stands; see `kulan.programme.reporting.workflow`.
    answers
        In any order; one for each question and subject.
    """

    cycle_id: str
    reporter_id: str
    state: State = DRAFT
    answers: tuple[Answer, ...] = ()

    def by_key(self) -> dict[Key, Answer]:
        """Return the answers by question and subject."""
        return by_key(self.answers)


def is_blank(value: Value) -> bool:
    """Whether a value answers nothing; False and 0 do answer.

    Examples
    --------
    >>> [is_blank(value) for value in (None, "  ", (), False, 0.0)]
    [True, True, True, False, False]
    """
    return value is None or value == () or (isinstance(value, str) and not value.strip())


def by_key(answers: Iterable[Answer]) -> dict[Key, Answer]:
    """Return answers by question and subject; the last of two wins."""
    return {one.key: one for one in answers}


def confirmed(answer: Answer, *, by: str, at: datetime) -> Answer:
    """Return a prefilled answer as one behind which a person stands; its origin stays told."""
    return replace(answer, confirmed=True, by=by, at=at, revision=answer.revision + 1)


def revision_of(answers: Iterable[Answer]) -> str:
    """Return a hash of what answers say: the same for the same statements, in any order.

    Who gave an answer, when and how often it was changed plays no part.

    Examples
    --------
    >>> one, two = Answer("a", value="x"), Answer("b", value=3.0)
    >>> revision_of([one, two]) == revision_of([two, one])
    True
    """
    said = [
        [one.question_id, one.subject, value_as_data(one.value), one.note, one.confirmed]
        for one in answers
        if one.note or not is_blank(one.value)
    ]
    return hash_bytes(canonical_json(sorted(said, key=lambda row: (row[0], row[1]))))


def value_as_data(value: Value) -> Any:
    """Return a value as JSON holds it; whole numbers are written without a fraction."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def value_from_data(data: Any) -> Value:
    """Return the value that `value_as_data` wrote.

    Examples
    --------
    >>> value_from_data(value_as_data(("a", "b"))), value_from_data(3)
    (('a', 'b'), 3.0)
    """
    if isinstance(data, list):
        return tuple(str(one) for one in data)
    if isinstance(data, bool) or data is None or isinstance(data, str):
        return data
    return float(data)


def answer_as_data(answer: Answer) -> dict[str, Any]:
    """Return an answer as a plain dictionary for JSON."""
    return {
        "question_id": answer.question_id,
        "subject": answer.subject,
        "value": value_as_data(answer.value),
        "note": answer.note,
        "by": answer.by,
        "at": answer.at.isoformat() if answer.at else None,
        "revision": answer.revision,
        "origin": answer.origin,
        "confirmed": answer.confirmed,
    }


def answer_from_data(data: Mapping[str, Any]) -> Answer:
    """Return the answer that `answer_as_data` wrote.

    Examples
    --------
    >>> one = Answer("trend", "saiga", "up", by="aigul")
    >>> answer_from_data(answer_as_data(one)) == one
    True
    """
    return Answer(
        question_id=data["question_id"],
        subject=data.get("subject", ""),
        value=value_from_data(data.get("value")),
        note=data.get("note", ""),
        by=data.get("by", ""),
        at=datetime.fromisoformat(data["at"]) if data.get("at") else None,
        revision=int(data.get("revision", 1)),
        origin=data.get("origin", ""),
        confirmed=bool(data.get("confirmed", True)),
    )
