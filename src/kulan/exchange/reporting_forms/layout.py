"""How a reporting form is laid out, so that writing and reading agree."""

import re
from collections.abc import Iterable

from kulan.programme import species_name
from kulan.programme.reporting import (
    Answer,
    FormSection,
    Question,
    Slot,
    is_blank,
    value_as_data,
)
from kulan.words import N_, Words

FORMAT = "kulan-reporting-form/1"
SEAL_SHEET = "_kulan"
LISTS_SHEET = "_lists"
# names in the hidden first row of each sheet: columns are found by them, wherever they were moved
COLUMNS: dict[str, str] = {
    "topic": N_("Action"),
    "question": N_("Question"),
    "subject_name": N_("Species or population"),
    "how": N_("How to answer"),
    "answer": N_("Answer"),
    "note": N_("Note"),
    "confirm": N_("Is the suggestion right?"),
    "origin": N_("Origin of the suggestion"),
    "question_id": "question_id",
    "subject": "subject",
}
HIDDEN_COLUMNS = ("question_id", "subject")
WRITABLE_COLUMNS = ("answer", "note", "confirm")
WIDTHS = {
    "topic": 34,
    "question": 38,
    "subject_name": 22,
    "how": 34,
    "answer": 48,
    "note": 34,
    "confirm": 16,
    "origin": 24,
    "question_id": 12,
    "subject": 12,
}
MOST_ROWS = 20_000
MOST_COLUMNS = 40
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31


def sheet_titles(sections: Iterable[FormSection], language: str, taken: str) -> dict[str, str]:
    """Return the name of each section's sheet: its title cut to what a sheet's name may be.

    Parameters
    ----------
    sections
        In order.
    language
        Language of the titles.
    taken
        Name of the sheet with the instructions.
    """
    used = {taken.casefold(), SEAL_SHEET, LISTS_SHEET}
    found = {}
    for one in sections:
        title = " ".join(_NOT_IN_TITLE.sub("-", one.title.tell(language)).split()).strip("' ")
        name = _cut(title or one.section_id, _LONGEST_TITLE)
        number = 2
        while name.casefold() in used:
            name = f"{_cut(title, _LONGEST_TITLE - 4)} ({number})"
            number += 1
        used.add(name.casefold())
        found[one.section_id] = name
    return found


def _cut(title: str, most: int) -> str:
    if len(title) <= most:
        return title
    return title[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"


def subject_shown(slot: Slot, language: str) -> str:
    """Return the species of a place for an answer, and its population, in the reader's words."""
    species_id, _, population = slot.subject.partition(":")
    if not species_id:
        return ""
    name = species_name(species_id, language)
    return f"{name}: {population}" if population else name


def cell_value(question: Question, answer: Answer | None, words: Words) -> str | float | None:
    """Return what the answer's cell shows; `typed_value` reads it back.

    What does not fit its question is shown as it is kept, so that it can be seen and mended.
    """
    value = None if answer is None or is_blank(answer.value) else answer.value
    if isinstance(value, bool):
        return words.say("Yes") if value else words.say("No")
    if isinstance(value, float | int):
        return value_as_data(float(value))  # type: ignore[no-any-return]
    if isinstance(value, tuple):
        if question.kind != "choices":
            return "\n".join(value)
        return "; ".join(_choice_shown(question, code, words) for code in value)
    return _choice_shown(question, value, words) if value and question.choices else value


def _choice_shown(question: Question, code: str, words: Words) -> str:
    choice = question.choice(code)
    return choice.words.tell(words.language) if choice else code
