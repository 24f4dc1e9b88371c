"""The official text of a programme of work: read from a file as printed, with doubts told."""

from kulan.programme.text.imported import (
    Alteration,
    Correction,
    Footnote,
    ImportedAction,
    ImportedPart,
    ImportedSection,
    ImportedText,
    ListedSpecies,
    ListedState,
    Meaning,
    Paragraph,
    PrintedPriority,
    Reference,
    Unread,
)
from kulan.programme.text.listed import ListedAction, ListedPlan, listed_of, read_listed
from kulan.programme.text.reading import read_bytes, read_text

__all__ = [
    "Alteration",
    "Correction",
    "Footnote",
    "ImportedAction",
    "ImportedPart",
    "ImportedSection",
    "ImportedText",
    "ListedAction",
    "ListedPlan",
    "ListedSpecies",
    "ListedState",
    "Meaning",
    "Paragraph",
    "PrintedPriority",
    "Reference",
    "Unread",
    "listed_of",
    "read_bytes",
    "read_listed",
    "read_text",
]
