"""From the bytes of a file to its lines, with the encoding found and the ends of cells kept."""

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from kulan.errors import InvalidFileError, TooLargeError
from kulan.programme.text.imported import Alteration

MOST_BYTES = 20_000_000
# the programme has 90,000 letters; a text ten times as long is none, or many
MOST_LETTERS = 1_000_000
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_ENDS = re.compile("\r\n|\r|\n|\x0b|\x85|\u2028|\u2029")
# what a page of code makes of bytes that are of the other page: Cyrillic letters taken for Latin
_CYRILLIC = re.compile("[а-яё]{3,}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file.

    Attributes
    ----------
    number
        Place in the file, 1 for the first.
    text
        As printed, without the tab before it.
    cell
        Whether a cell of a table begins with it.
    level
        Depth in a list that a word processor numbers by itself; -1 where it is in none.
    page
        Whether a page begins with it.
    """

    number: int
    text: str
    cell: bool = False
    level: int = -1
    page: bool = False


@dataclass(frozen=True)
class Source:
    """The lines of a file, its hash, and what was done to its characters."""

    lines: tuple[Line, ...]
    sha256: str
    alterations: tuple[Alteration, ...]


def read_source(path: Path) -> Source:
    """Read the lines of a text file or of a Word document.

    Parameters
    ----------
    path
        Plain text in UTF-8, UTF-16, Windows-1252 or Windows-1251 with any line ends, or .docx.

    Raises
    ------
    InvalidFileError
        If it cannot be read, is empty, or is neither text nor a Word document.
    TooLargeError
        If it is larger than any such text.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TooLargeError(
                f"{path}: {path.stat().st_size:,} bytes; a programme's text has less than "
                f"{MOST_BYTES:,}. Give the text alone, without pictures."
            )
        content = path.read_bytes()
    except OSError as problem:
        raise InvalidFileError(
            f"{path}: cannot be read ({problem.strerror or problem}). Name a text or .docx file."
        ) from problem
    return source_of(content, str(path))


def source_of(content: bytes, name: str) -> Source:
    """Do the same for bytes at hand; `name` is told in refusals.

    Raises
    ------
    InvalidFileError
        If they are empty, or neither text nor a Word document.
    TooLargeError
        If they hold far more text than any programme.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(b"PK\x03\x04"):
        from kulan.programme.text.word_files import lines_of_document  # noqa: PLC0415

        return Source(tuple(lines_of_document(io.BytesIO(content), name)), sha256, ())
    if content.startswith((b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0")):
        raise InvalidFileError(
            f"{name}: neither plain text nor .docx. Save it as one of those and import that."
        )
    text, encoding = _decoded(content, name)
    if len(text) > MOST_LETTERS:
        raise TooLargeError(
            f"{name}: {len(text):,} letters; a programme's text has less than {MOST_LETTERS:,}. "
            "Give the text of one programme alone."
        )
    if not text.strip():
        raise InvalidFileError(f"{name}: holds no text. Name the file of the programme's text.")
    return Source(tuple(_lines(text)), sha256, tuple(_alterations(text, encoding)))


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace"), f"{encoding}, marked"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        cyrillic = content.decode("cp1251", errors="replace")
        if len(_CYRILLIC.findall(cyrillic)) > len(cyrillic) / 40:
            return cyrillic, "cp1251"
        return content.decode("cp1252", errors="replace"), "cp1252"
    if "\x00" in text:
        raise InvalidFileError(f"{name}: holds zero bytes, so it is no text. Save it as text.")
    return text, "utf-8"


def _lines(text: str) -> list[Line]:
    lines = []
    for number, printed in enumerate(_ENDS.split(text), start=1):
        page = "\f" in printed
        # a tab begins a cell, at the start of a line or within it
        pieces = printed.replace("\f", "").rstrip("\t").split("\t")
        if printed.strip("\f") and not printed.strip("\t\f"):
            pieces = ["", ""]
        for place, piece in enumerate(pieces):
            if place == 0 and not piece and len(pieces) > 1:
                continue
            lines.append(Line(number, piece, cell=place > 0, page=page and place == 0))
    return lines


def _alterations(text: str, encoding: str) -> list[Alteration]:
    found = []
    if encoding != "utf-8":
        found.append(Alteration("encoding", f"read as {encoding}", 1))
    if n_lost := text.count("\ufffd"):
        found.append(Alteration("characters", "bytes that no character stands for", n_lost))
    if (composed := unicodedata.normalize("NFC", text)) != text:
        n_marks = len(text) - len(composed)
        found.append(Alteration("letters", "marks joined with their letters (NFC)", n_marks))
    return found
