"""What a report says, in one language and in no format yet: sections of blocks.

Sections (`kulan.report.sections`) build these from findings; `kulan.report.html` and
`kulan.report.pdf` set them. Texts are plain: no markup of any format, so a name that a user typed
cannot become markup.
"""

import re
from dataclasses import dataclass
from typing import Literal

Tone = Literal["", "met", "not_met", "unsaid", "good", "caution"]


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes
    ----------
    text
        What the reader sees.
    note
        Smaller text under it.
    sort
        Value the column is sorted by; the text where it is None.
    recipe
        Key of the recipe that made the figure, empty for text.
    cites
        Numbers of the sources it rests on, as the list of sources counts them.
    tone
        How the cell is marked besides its words.
    italic
        Whether the note is a scientific name.
    """

    text: str
    note: str = ""
    sort: float | None = None
    recipe: str = ""
    cites: tuple[int, ...] = ()
    tone: Tone = ""
    italic: bool = False


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers stand to the right, and `share` is its part of the width."""

    title: str
    numeric: bool = False
    share: float = 1.0


@dataclass(frozen=True)
class Row:
    """A table's row; `species_id` lets the reader filter by species."""

    cells: tuple[Cell, ...]
    species_id: str = ""


@dataclass(frozen=True)
class Table:
    """A table with its caption; `notes` stand under it; `whole` prints every row of it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `small` for what explains rather than tells."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True)
class KeyValues:
    """Labels with their values, such as the attributes of an alternative."""

    caption: str
    items: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Callout:
    """What must not be overlooked: a title and its sentences."""

    title: str
    lines: tuple[str, ...]
    tone: Literal["headline", "caution"] = "caution"


@dataclass(frozen=True)
class FigureMap:
    """A map as SVG; `title` and `description` speak for it where it cannot be seen."""

    svg: str
    title: str
    description: str
    caption: str
    wide: bool = True


@dataclass(frozen=True)
class MapRow:
    """Small maps set side by side."""

    maps: tuple[FigureMap, ...]


@dataclass(frozen=True)
class CalendarRow:
    """The months of one life event of one species."""

    species: str
    event: str
    months: tuple[int, ...]
    note: str
    species_id: str
    cites: tuple[int, ...]


@dataclass(frozen=True)
class Calendar:
    """Twelve months, a row for each species and event."""

    caption: str
    species_title: str
    event_title: str
    note_title: str
    months: tuple[str, ...]
    rows: tuple[CalendarRow, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sources:
    """The works and files the report rests on, numbered from 1."""

    works: tuple[str, ...]


@dataclass(frozen=True)
class RecipeEntry:
    """A recipe as the appendix prints it: number, method, and what went in."""

    number: int
    key: str
    method: str
    version: str
    inputs: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True)
class Recipes:
    """The appendix of recipes, by number."""

    entries: tuple[RecipeEntry, ...]
    method_title: str
    inputs_title: str
    parameters_title: str
    source_title: str


Block = (
    Heading
    | Paragraph
    | Bullets
    | KeyValues
    | Callout
    | FigureMap
    | MapRow
    | Table
    | Calendar
    | Sources
    | Recipes
)


@dataclass(frozen=True)
class Section:
    """A section with its blocks and the sections inside it.

    Attributes
    ----------
    anchor
        Name it is linked by; letters, digits and hyphens.
    alternative
        Alternative it speaks of; empty when it speaks of all.
    """

    anchor: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()
    alternative: str = ""


@dataclass(frozen=True)
class Document:
    """A whole report, ready to be set.

    Attributes
    ----------
    recipe_numbers
        Number in the appendix by recipe key.
    alternatives, species
        Identifier and name, for the reader's choices.
    made
        Line that says which version and release made it.
    contents
        Whether a table of contents stands after the first section.
    """

    language: str
    title: str
    subtitle: str
    made: str
    on: str
    sections: tuple[Section, ...]
    recipe_numbers: dict[str, int]
    alternatives: tuple[tuple[str, str], ...]
    species: tuple[tuple[str, str], ...]
    labels: dict[str, str]
    contents: bool = True


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def printable(text: str) -> str:
    """Return a text without the control characters that neither XML nor a printed page can hold.

    Examples
    --------
    >>> printable("north" + chr(0) + " line")
    'north line'
    """
    return _CONTROL.sub("", text)


def blocks_of(section: Section) -> list[Block]:
    """Return a section's blocks and those of the sections inside it, in reading order."""
    found = list(section.blocks)
    for inner in section.sections:
        found += blocks_of(inner)
    return found


def recipes_of_columns(table: Table) -> list[tuple[str, list[str]]]:
    """Return which recipes each column's figures come from, in order of first use."""
    found = []
    for place, column in enumerate(table.columns):
        keys = dict.fromkeys(row.cells[place].recipe for row in table.rows)
        keys.pop("", None)
        if keys:
            found.append((column.title, list(keys)))
    return found


def as_ranges(numbers: list[int]) -> str:
    """Write numbers with runs drawn together.

    Examples
    --------
    >>> as_ranges([1, 2, 3, 7, 9, 10])
    '1–3, 7, 9–10'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs)
