"""Corrections that stand beside the print: told from the structure, and known ones with reasons."""

import re
from functools import cache
from importlib.resources import files

import pandas as pd

from kulan.programme.actions import editions, references
from kulan.programme.text.imported import Correction, ImportedText
from kulan.programme.text.tables import TEXT_CORRECTIONS
from kulan.programme.text.wording import folded
from kulan.schemas import read_table


def corrections_of(text: ImportedText) -> tuple[Correction, ...]:
    """Return what is wrong in print and can be told: numbers and labels, names, pointers, terms.

    Those of the second kind are known for an edition and a language; each is given only where the
    words it corrects do stand.

    Parameters
    ----------
    text
        The imported text.
    """
    found = [*_labels(text), *_numbers(text), *_coverage(text), *_latin(text)]
    found += _stale(text)
    known = known_corrections()
    known = known[(known["edition"] == text.edition_id) & (known["language"] == text.language)]
    for row in known.itertuples():
        place, printed = str(row.place), str(row.printed)
        if _has_words(_words_at(text, place), printed):
            found.append(
                Correction(place, str(row.field), printed, _cell(row.corrected), str(row.reason))
            )
    return tuple(found)


@cache
def known_corrections() -> pd.DataFrame:
    """Return the corrections known for editions. See `tables.TEXT_CORRECTIONS`."""
    source = files("kulan.programme") / "data" / "text_corrections.csv"
    return read_table(source, TEXT_CORRECTIONS)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _has_words(words: str, printed: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(folded(printed))}(?!\w)", folded(words)) is not None


def _words_at(text: ImportedText, place: str) -> str:
    """Return the words that stand at a place of a text; empty where it has no such place."""
    kind, _, key = place.partition(":")
    if kind == "section":
        return " ".join(one.title for one in text.sections if one.section_id == key)
    if kind == "species":
        rows = (one for one in text.species if str(one.number) == key)
        return " ".join(f"{one.name} {one.scientific_name}" for one in rows)
    if kind == "state":
        return " ".join(one.printed for one in text.states if one.iso3 == key)
    under = (
        one
        for one in text.actions
        if one.action_id == place or one.action_id.startswith(f"{place}.")
    )
    return " ".join(f"{one.text} {one.leads_printed}" for one in under)


def _labels(text: ImportedText) -> list[Correction]:
    found = []
    for part in text.parts:
        word, _, label = part.printed.partition(" ")
        if label.upper() != part.part_id:
            reason = "Parts are numbered by their order in the text."
            corrected = f"{word} {part.part_id}"
            found.append(
                Correction(f"part:{part.part_id}", "label", part.printed, corrected, reason)
            )
    return found


def _numbers(text: ImportedText) -> list[Correction]:
    found = []
    last: tuple[str, int] = ("", 0)
    for row in text.rows:
        number = row.printed.rstrip(".")
        minor = int(number.split(".")[1])
        if number != row.action_id:
            twice = row.action_id[-1].isalpha()
            reason = (
                "Print gives this number to two actions; the later one has a letter."
                if twice
                else f"It stands in section {row.section_id}."
            )
            found.append(Correction(row.action_id, "number", row.printed, row.action_id, reason))
        for skipped in range(last[1] + 1 if last[0] == row.section_id else 1, minor):
            missing = f"{row.section_id}.{skipped}"
            reason = "Print has no action of this number; later ones keep theirs."
            found.append(Correction(missing, "number", "", "", reason))
        last = (row.section_id, minor)
    return found


def _stale(text: ImportedText) -> list[Correction]:
    """Return pointers that the register of actions knows to be out of date, where they stand."""
    if text.edition_id not in {one.edition_id for one in editions()}:
        return []
    known = {one.action_id: {each.printed for each in one.references} for one in text.actions}
    return [
        Correction(one.action_id, "reference", one.printed, one.corrected, one.reason)
        for one in references(text.edition_id)
        if one.corrected != one.printed and one.printed in known.get(one.action_id, ())
    ]


def _coverage(text: ImportedText) -> list[Correction]:
    with_section = {each: one.section_id for one in text.sections for each in one.species[:1]}
    return [
        Correction(
            f"species:{one.number}",
            "coverage",
            "not covered",
            "covered",
            f"Section {with_section[one.species_id]} of the same text has actions for it.",
        )
        for one in text.species
        if not one.covered and with_section.get(one.species_id)
    ]


def _latin(text: ImportedText) -> list[Correction]:
    """Return Latin names of headings that differ from those of the table of species."""
    in_table = {one.species_id: one.scientific_name for one in text.species if one.species_id}
    return [
        Correction(
            f"section:{one.section_id}",
            "name",
            one.scientific_name,
            in_table[one.species[0]],
            "The table of species of the same text writes it so.",
        )
        for one in text.sections
        if one.scientific_name
        and one.species
        and in_table.get(one.species[0], one.scientific_name) != one.scientific_name
    ]
