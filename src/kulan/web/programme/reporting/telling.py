"""Answers, reporters and states of reports in the reader's words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from kulan.programme import species_name
from kulan.programme.reporting import (
    Answer,
    Question,
    Value,
    is_blank,
    origin_said,
    value_as_data,
)
from kulan.programme.reporting.workflow import STATE_NAMES
from kulan.web.programme.reporting.models import Filing
from kulan.words import Words

BADGES = {
    "draft": "",
    "open": "badge-accent",
    "delegated": "badge-accent",
    "in_progress": "badge-accent",
    "submitted": "badge-caution",
    "returned": "badge-bad",
    "accepted": "badge-good",
    "locked": "",
}
"""Look of the badge of each state."""


def state_told(filing: Filing, words: Words) -> str:
    """Return where a report stands, in words."""
    return words.say(STATE_NAMES[filing.state])  # type: ignore[index]


def subject_told(subject: str, words: Words) -> str:
    """Return what a looped question is asked about."""
    species, _, population = subject.partition(":")
    if not species:
        return ""
    name = species_name(species, words.language)
    return f"{name}: {population}" if population else name


def value_told(question: Question, value: Value, words: Words) -> str:
    """Return an answer as text; a dash where nothing is answered."""
    if is_blank(value):
        return "–"
    if isinstance(value, bool):
        return words.say("yes") if value else words.say("no")
    if isinstance(value, float):
        unit = question.unit.tell(words.language)
        return f"{words.significant(value, 12)} {unit}".strip()
    if isinstance(value, tuple):
        mark = "\n" if question.kind == "references" else "; "
        return mark.join(_code_told(question, one, words) for one in value)
    if question.kind == "date":
        return _day_told(str(value), words)
    return _code_told(question, str(value), words)


def _code_told(question: Question, code: str, words: Words) -> str:
    choice = question.choice(code)
    return choice.words.tell(words.language) if choice else code


def _day_told(text: str, words: Words) -> str:
    try:
        return words.day(date.fromisoformat(text))
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Field:
    """What the page needs to show one place for an answer."""

    name: str
    question: Question
    subject: str
    words: str
    help: str
    options: tuple[tuple[str, str], ...]
    typed: Any
    note: str
    seen: dict[str, Any]
    told: str
    suggested: str
    answered: bool
    by: str
    at: str


def field_of(question: Question, answer: Answer, words: Words) -> Field:
    """Return a place for an answer as the page shows it.

    Parameters
    ----------
    question, answer
        What is asked, and what stands; an answer of revision 0 stands for none.
    words
        The reader's language.
    """
    language = words.language
    suggested = ""
    if not answer.confirmed and not is_blank(answer.value):
        suggested = origin_said(answer.origin, language)
    return Field(
        name=name_of_place(question.question_id, answer.subject),
        question=question,
        subject=answer.subject,
        words=question.words.tell(language),
        help=question.help.tell(language),
        options=tuple((one.code, one.words.tell(language)) for one in question.choices),
        typed=typed_of(question, answer.value),
        note=answer.note,
        seen=seen_data(answer),
        told=value_told(question, answer.value, words),
        suggested=suggested,
        answered=answer.counts,
        by=answer.by,
        at=words.moment(answer.at) if answer.at and answer.revision else "",
    )


def name_of_place(question_id: str, subject: str) -> str:
    """Return an identifier of a place for the page, of letters that CSS takes.

    Examples
    --------
    >>> name_of_place("cami-2021:1.1/status", "saiga:Ural")
    'q-cami-2021_3a1_2e1_2fstatus-saiga_3aUral'
    """
    parts = filter(None, (question_id, subject))
    return "q-" + "-".join("".join(map(_plain_letter, part)) for part in parts)


def _plain_letter(letter: str) -> str:
    return letter if letter.isalnum() or letter == "-" else f"_{ord(letter):x}"


def typed_of(question: Question, value: Value) -> Any:
    """Return a value as the field of a page holds it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if question.kind == "references" and isinstance(value, tuple):
        return "\n".join(value)
    if isinstance(value, tuple):
        return list(value)
    return "" if value is None else value_as_data(value)


def seen_data(answer: Answer) -> dict[str, Any]:
    """Return what the page remembers of the answer as its reader saw it."""
    return {
        "value": value_as_data(answer.value),
        "note": answer.note,
        "revision": answer.revision,
        "confirmed": answer.confirmed,
    }
