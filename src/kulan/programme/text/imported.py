"""What the importer makes of an official text: the print kept, structure and doubts beside it.

Nothing here repairs the text. Where its print is wrong, a `Correction` stands beside it with the
reason; where a line was not understood, an `Unread` says which.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrintedPriority:
    """A priority as an interval, with the words that were printed.

    Attributes
    ----------
    low
        Lower end: ``low``, ``medium``, ``high``, or empty where none was printed.
    high
        Upper end, the same way.
    printed
        The cell as printed.
    by_part
        Letter of a part and its priority, where the cell tells them one by one.
    """

    low: str = ""
    high: str = ""
    printed: str = ""
    by_part: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer of the text to another place: an action, a section, or a plan that is not this one.

    Attributes
    ----------
    printed
        The number as printed.
    kind
        ``action``, ``section`` or ``other_plan``.
    target
        Action or section of the same edition; empty for another plan, or where none is so numbered.
    """

    printed: str
    kind: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A term that the text uses for several things, and which of them it means at one place."""

    printed: str
    concept: str
    because: str


@dataclass(frozen=True, slots=True)
class ImportedPart:
    """A part of the programme: its numeral by order, and its heading as printed."""

    part_id: str
    title: str
    printed: str
    line: int


@dataclass(frozen=True, slots=True)
class ImportedSection:
    """A section: heading as printed, and the species and states that its heading names."""

    section_id: str
    part_id: str
    title: str
    printed: str
    line: int
    scientific_name: str = ""
    species: tuple[str, ...] = ()
    landscape: str = ""
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedAction:
    """One row of the programme's tables, or a lettered part of one.

    Attributes
    ----------
    action_id
        Key in the edition: ``3.2``, ``3.2.a``, ``3.2.a.1``; not simply as printed.
    parent_id
        Action it is a part of; empty for a row.
    section_id
        Section under whose heading it stands.
    order
        Place in the text, 1 for the first.
    printed
        Number or mark as printed.
    text
        Words without marks of layout, on one line.
    verbatim
        Exactly what was printed, line by line.
    leads
        Who is responsible, one by one, as printed.
    leads_printed
        The cell as printed.
    priority
        Its own, or empty for a part that has none.
    species, landscapes, states
        Of its section, and those named in its own words.
    references
        Where it points.
    meanings
        Terms of several meanings in it.
    line, last_line
        First and last line of the file it was read from.
    """

    action_id: str
    parent_id: str
    section_id: str
    order: int
    printed: str
    text: str
    verbatim: str
    priority: PrintedPriority
    leads: tuple[str, ...] = ()
    leads_printed: str = ""
    species: tuple[str, ...] = ()
    landscapes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    line: int = 0
    last_line: int = 0

    @property
    def see_also(self) -> tuple[str, ...]:
        """Actions of the same edition that it points to, each once."""
        found = (one.target for one in self.references if one.kind == "action" and one.target)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class ListedSpecies:
    """A row of the table of species: the column of appendices is a set, not a value."""

    number: int
    appendices: frozenset[str]
    appendices_printed: str
    name: str
    scientific_name: str
    species_id: str
    covered: bool
    line: int


@dataclass(frozen=True, slots=True)
class ListedState:
    """A state of the list of range states; capitals in print mean a Party to CMS."""

    printed: str
    iso3: str
    party: bool


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote, and the line it hangs on."""

    number: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph before the tables, verbatim."""

    line: int
    text: str
    meanings: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What the print should say, beside what it says, with the reason.

    Attributes
    ----------
    place
        Action id, or ``part:IV``, ``section:11``, ``species:16``, ``text``.
    field
        What is corrected: number, reference, term, name, label.
    printed, corrected
        Words of the text, and what they should be.
    reason
        Why.
    """

    place: str
    field: str
    printed: str
    corrected: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that the importer did not understand, guessed at or left out, with the reason.

    Attributes
    ----------
    line
        Of the file, 1 for the first.
    text
        The line, perhaps cut short.
    reason
        Why it is told.
    kind
        ``unread`` (belongs to nothing), ``guessed`` (read by its words, to be looked at), or
        ``page`` (head or number of a page).
    """

    line: int
    text: str
    reason: str
    kind: str = "unread"


@dataclass(frozen=True, slots=True)
class Alteration:
    """Something done to the text before it was read, and how often."""

    what: str
    detail: str
    count: int
    first_line: int = 0


@dataclass(frozen=True)
class ImportedText:
    """A whole edition as read from a file.

    Attributes
    ----------
    edition_id
        Edition it was read as, such as ``cami-2021``.
    language
        Language it is written in.
    source_name, sha256
        The file, and the hash of its bytes.
    actions
        Rows and their parts, in the order of the text.
    unread
        Lines that were not understood or were left out; nothing else is missing.
    """

    edition_id: str
    language: str
    source_name: str
    sha256: str
    front: tuple[Paragraph, ...]
    parts: tuple[ImportedPart, ...]
    sections: tuple[ImportedSection, ...]
    actions: tuple[ImportedAction, ...]
    species: tuple[ListedSpecies, ...]
    states: tuple[ListedState, ...]
    footnotes: tuple[Footnote, ...]
    corrections: tuple[Correction, ...]
    unread: tuple[Unread, ...]
    alterations: tuple[Alteration, ...]

    @property
    def rows(self) -> tuple[ImportedAction, ...]:
        """The rows of the tables, without their parts."""
        return tuple(one for one in self.actions if not one.parent_id)

    def parts_of(self, action_id: str) -> tuple[ImportedAction, ...]:
        """Return the parts directly below an action."""
        return tuple(one for one in self.actions if one.parent_id == action_id)
