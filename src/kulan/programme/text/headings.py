"""Headings: parts numbered by their order, sections with the species and states they name."""

import re

from kulan.programme.text.annexes import species_listed, species_named, states_in
from kulan.programme.text.footnotes import without_footnotes
from kulan.programme.text.imported import Footnote, ImportedPart, ImportedSection
from kulan.programme.text.rows import Heading
from kulan.programme.text.wording import Wording, folded, plain

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
# the two landscapes of the programme, by words their names have in three languages
_LANDSCAPES = (
    ("gobi_steppe", ("gobi", "гоби")),
    ("qinghai_tibetan_plateau", ("qinghai", "цинхай")),
)


def parts_and_sections(
    headings: list[Heading], words: Wording
) -> tuple[tuple[ImportedPart, ...], tuple[ImportedSection, ...], list[Footnote]]:
    """Read the headings of a text.

    A part's numeral is its order: print has called the first "A" and the fourth "VI".

    Parameters
    ----------
    headings
        As cut from the text.
    words
        The language's words.
    """
    parts: list[ImportedPart] = []
    sections: list[ImportedSection] = []
    notes: list[Footnote] = []
    for heading in headings:
        if heading.kind == "part":
            title = re.sub(
                rf"^\w+\s+{re.escape(heading.label)}\s*[-–—.:]*\s*", "", heading.printed[0]
            )
            numeral = _NUMERALS[min(len(parts), len(_NUMERALS) - 1)]
            printed = f"{heading.printed[0].split()[0]} {heading.label}"
            title = plain(title) or plain(heading.printed[1])
            parts.append(ImportedPart(numeral, title, printed, heading.line))
            continue
        text, found = without_footnotes("\n".join(heading.printed), heading.line)
        notes += found
        sections.append(_section(heading, text, parts[-1].part_id if parts else "", words))
    return tuple(parts), tuple(sections), notes


def _section(heading: Heading, text: str, part_id: str, words: Wording) -> ImportedSection:
    countries = _list_after(text, words.countries)
    kinds = _list_after(text, words.species)
    title = re.split(rf"\s(?:{words.countries}|{words.species})\s*:", _cased(text), maxsplit=1)[0]
    title = plain(re.sub(r"^\d{1,2}\s?\.\s*", "", text[: len(title)]))
    latin = re.search(r"\(([A-Z][a-z]+(?: [a-z]+\.?){0,2})\)", title)
    scientific = latin.group(1) if latin else ""
    known = species_named(scientific)
    landscape = next(
        (
            each
            for each, names in _LANDSCAPES
            if countries and any(name in folded(title) for name in names)
        ),
        "",
    )
    return ImportedSection(
        section_id=heading.label,
        part_id=part_id,
        title=title,
        printed="\n".join(heading.printed),
        line=heading.line,
        scientific_name=scientific,
        species=(known,) if known else species_listed(kinds, words.language),
        landscape=landscape,
        states=states_in(countries, words.language),
    )


def _cased(text: str) -> str:
    """Fold a text letter by letter, so that places in it stay the same."""
    return "".join(folded(letter)[:1] or " " for letter in text)


def _list_after(text: str, word: str) -> str:
    """Return what follows ``word :`` up to the next such list."""
    found = re.search(rf"(?:^|\s){word}\s*:\s*(.*?)(?=\s\w+\s*:|$)", folded(text))
    return found.group(1) if found else ""
