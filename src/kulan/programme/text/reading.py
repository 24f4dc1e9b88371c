"""A programme's official text, read into parts, sections, actions and what hangs on them."""

import re
from dataclasses import replace
from pathlib import Path

from kulan.errors import InvalidFileError, UnknownNameError
from kulan.programme.text.actions import actions_of
from kulan.programme.text.annexes import listed_species, listed_states
from kulan.programme.text.columns import unfolded
from kulan.programme.text.corrections import corrections_of
from kulan.programme.text.footnotes import without_footnotes
from kulan.programme.text.headings import parts_and_sections
from kulan.programme.text.hyphens import Hyphens
from kulan.programme.text.imported import (
    Footnote,
    ImportedText,
    Paragraph,
    Unread,
)
from kulan.programme.text.meanings import meanings_of
from kulan.programme.text.pages import without_furniture
from kulan.programme.text.rows import ITEM, Row, cut
from kulan.programme.text.sources import Line, Source, read_source, source_of
from kulan.programme.text.wording import WORDINGS, language_of, plain

_CUT_SHORT = 300


def read_text(path: Path, *, edition_id: str = "cami-2021", language: str = "") -> ImportedText:
    """Read the official text of a programme of work.

    Plain text in any usual encoding and line ends, or .docx, in French, English or Russian. The
    words are kept as printed; numbers that print got wrong are set right beside them.

    Parameters
    ----------
    path
        The file.
    edition_id
        Edition it is.
    language
        ``en``, ``fr`` or ``ru``; empty to tell it from the heads of its columns.

    Raises
    ------
    InvalidFileError
        If it cannot be read, or holds no section with actions.
    TooLargeError
        If it is larger than any such text.
    UnknownNameError
        If the language is none of the three.
    """
    return text_of(read_source(path), path.name, edition_id=edition_id, language=language)


def read_bytes(
    content: bytes, name: str, *, edition_id: str = "cami-2021", language: str = ""
) -> ImportedText:
    """Do as `read_text` for bytes at hand, such as an upload; `name` is told in refusals.

    Raises
    ------
    InvalidFileError
        If they are neither text nor a Word document, or hold no section with actions.
    TooLargeError
        If a Word document unpacks to more than any such text.
    UnknownNameError
        If the language is none of the three.
    """
    return text_of(source_of(content, name), name, edition_id=edition_id, language=language)


def text_of(source: Source, name: str, *, edition_id: str, language: str) -> ImportedText:
    """Do the same for lines at hand.

    Raises
    ------
    InvalidFileError
        If no section with actions is found.
    UnknownNameError
        If the language is none of the three.
    """
    if language and language not in WORDINGS:
        raise UnknownNameError(
            f"Texts in {language!r} cannot be read; Kulan reads {', '.join(WORDINGS)}."
        )
    language = language or language_of(_pieces(source.lines))
    if not language:
        raise _no_programme(name)
    words = WORDINGS[language]
    lines, furniture, alterations = without_furniture(list(source.lines), words)
    lines, folds = unfolded(lines, words)
    found = cut(lines, words)
    if not found.rows:
        raise _no_programme(name)
    hyphens = Hyphens(lines)
    parts, sections, notes = parts_and_sections(found.headings, words)
    actions, action_notes, unread = actions_of(found.rows, sections, words, hyphens)
    front, front_notes = _front(found.front, hyphens, language)
    species, _ = listed_species(found.front, words)
    states, _ = listed_states(found.front)
    text = ImportedText(
        edition_id=edition_id,
        language=language,
        source_name=name,
        sha256=source.sha256,
        front=front,
        parts=parts,
        sections=sections,
        actions=actions,
        species=tuple(species),
        states=tuple(states),
        footnotes=(*front_notes, *notes, *action_notes),
        corrections=(),
        unread=tuple(
            sorted((*furniture, *found.unread, *unread, *_looking_alike(found.rows)), key=_line)
        ),
        alterations=(*source.alterations, *alterations, *folds, *hyphens.told()),
    )
    return replace(text, corrections=corrections_of(text))


def _line(one: Unread) -> int:
    return one.line


def _pieces(lines: tuple[Line, ...]) -> list[str]:
    """Return lines, and the pieces of lines that wide gaps keep apart."""
    return [piece for line in lines for piece in (line.text, *re.split(r"\s{2,}", line.text))]


def _no_programme(name: str) -> InvalidFileError:
    return InvalidFileError(
        f"{name}: no section with actions found. A programme's text has headings such as "
        "“1. Transboundary cooperation” with columns headed Responsible and Priority (or "
        "Responsable and Priorité, Ответственные and Приоритет), and rows numbered 1.1, 1.2 and "
        "so on. Name the file of the whole text."
    )


def _front(
    lines: list[Line], hyphens: Hyphens, language: str
) -> tuple[tuple[Paragraph, ...], list[Footnote]]:
    paragraphs, notes = [], []
    for line in lines:
        if plain(line.text):
            text, found = without_footnotes(hyphens.join([line]), line.number)
            notes += found
            paragraphs.append(Paragraph(line.number, text, meanings_of(text, "", language)))
    return tuple(paragraphs), notes


def _looking_alike(rows: list[Row]) -> list[Unread]:
    """Tell lines within actions that begin as an action does and were not taken for one."""
    found = []
    for row in rows:
        for line in [*row.text[1:], *row.leads, *row.priority]:
            text = plain(line.text)
            if re.match(r"\d{1,2}\s?[.,]\s?\d{1,2}\.?\s+[^\W\d_]", text) and not ITEM.match(text):
                reason = f"begins like an action; taken for the words of {row.number}"
                found.append(Unread(line.number, text[:_CUT_SHORT], reason, "guessed"))
    return found
