"""Sheets of a workbook, written row by row: hundreds of thousands of rows in seconds.

openpyxl makes the workbook around the sheets; the rows themselves are written here (ECMA-376,
part 1, 18.3.1), each text inside its cell, so that no row waits in memory for the next.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from xml.sax.saxutils import escape

from kulan.errors import MissingExtraError, TooLargeError
from kulan.exchange.archives import zipped
from kulan.exchange.plain_text import writable

Cell = str | int | float | None
_LONGEST_TEXT = 32_767
# beyond this a spreadsheet's numbers lose digits
_LARGEST_INTEGER = 10**15
_AT_ONCE = 1000
# ECMA-376, part 1, 22.9.2.19: how a workbook writes a character by its number
_NUMBERED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NUMBER = re.compile(r"_x(005[Ff]|000[9ADad])_")
# what a reader may take away unless it is told not to
_SPACED = re.compile(r"^\s|\s$|[\t\n]|\s\s")
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_NO_DATE = "1980-01-01T00:00:00Z"
_CHANGED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_DIMENSION = re.compile(r'(<dimension ref=")[^"]*')
_ROWS = re.compile(r"<sheetData>.*</sheetData>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    title
        Its name; it is cut to 31 characters, and those a sheet may not have are replaced.
    rows
        Cells of each row, from the first on.
    size
        How many rows and columns there are.
    widths
        Width of each column, in characters; a spreadsheet's own where left out.
    """

    title: str
    rows: Iterable[Iterable[Cell]]
    size: tuple[int, int]
    widths: tuple[int, ...] = ()


def book_of(sheets: Sequence[Sheet], marked: Callable[[str], bool]) -> bytes:
    """Return a workbook of these sheets; the first row of each stays in view.

    Parameters
    ----------
    sheets
        Each is written before the next one's rows are asked for.
    marked
        Which texts get the mark that spreadsheets show as a leading apostrophe, so that they stay
        texts when they are edited.

    Raises
    ------
    MissingExtraError
        If openpyxl is not installed.
    TooLargeError
        If a text is longer than a cell holds.
    """
    parts = _parts_of(_book_around(sheets))
    pages = {
        name: _page(parts[name].decode(), one, marked)
        for number, one in enumerate(sheets, start=1)
        for name in (f"xl/worksheets/sheet{number}.xml",)
    }
    return zipped({**parts, **pages})


def without_dates(buffer: io.BytesIO) -> bytes:
    """Return a workbook's bytes with no trace of when they were made."""
    return zipped(_parts_of(buffer))


def shown_text(text: str, row: int, column: int) -> str:
    """Return a text as a cell of a workbook writes it.

    Raises
    ------
    TooLargeError
        If it is longer than a cell holds.

    Examples
    --------
    >>> shown_text("_x0041_", 1, 1)
    '_x005F_x0041_'
    """
    text = writable(text)
    if len(text) > _LONGEST_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > _LONGEST_TEXT:
        raise TooLargeError(
            f"Row {row}, column {column}: a text of {len(text)} characters; a cell holds "
            f"{_LONGEST_TEXT}. Take the table as CSV."
        )
    # a text that only looks like a numbered character has its first mark numbered instead
    return _NUMBERED.sub("_x005F_", text)


def read_text(text: str) -> str:
    """Return a workbook's text with the line ends and low lines it writes by their numbers.

    Spreadsheet programs and `shown_text` write them so; openpyxl reads some of them back, and some
    only from some places, so that what is told by its number twice is told here as well.

    Examples
    --------
    >>> read_text("_x005F_x0041_")
    '_x0041_'
    """
    while (made := _NUMBER.sub(lambda found: chr(int(found[1], 16)), text)) != text:
        text = made
    return text


def whole_number(value: Cell) -> Cell:
    """Return a whole number of more than fifteen digits as text: as a number it would lose digits.

    Examples
    --------
    >>> whole_number(12), whole_number(1234567890123456)
    (12, '1234567890123456')
    """
    long = isinstance(value, int) and abs(value) >= _LARGEST_INTEGER
    return str(value) if long else value


def _book_around(sheets: Iterable[Sheet]) -> io.BytesIO:
    """Return a workbook with one cell in each sheet, which has the mark that `marked` texts get."""
    try:
        import openpyxl  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError(
            'Tables for spreadsheets need openpyxl. Type: pip install "kulan[web]"'
        ) from None
    book = openpyxl.Workbook()
    book.remove(book.active)
    for one in sheets:
        sheet = book.create_sheet(
            (_NOT_IN_TITLE.sub("-", writable(one.title)).strip("' ") or "Table")[:31]
        )
        sheet.freeze_panes = "A2"
        sheet["A1"] = "x"
        sheet["A1"].quotePrefix = True
        for column, width in enumerate(one.widths, start=1):
            sheet.column_dimensions[_letters(column)].width = width
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer


def _parts_of(buffer: io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(buffer) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    core = "docProps/core.xml"
    parts[core] = _CHANGED.sub(rb"\g<1>" + _NO_DATE.encode(), parts[core])
    return parts


def _page(around: str, sheet: Sheet, marked: Callable[[str], bool]) -> Iterator[bytes]:
    before, after = _split(around, *sheet.size)
    yield before.encode()
    yield from _written(sheet.rows, sheet.size[1], marked)
    yield after.encode()


def _split(sheet: str, rows: int, columns: int) -> tuple[str, str]:
    last = f"{_letters(max(columns, 1))}{max(rows, 1)}"
    sheet = _DIMENSION.sub(rf"\g<1>A1:{last}", sheet, count=1)
    before, after = _ROWS.split(sheet, maxsplit=1)
    return f"{before}<sheetData>", f"</sheetData>{after}"


def _written(
    rows: Iterable[Iterable[Cell]], columns: int, marked: Callable[[str], bool]
) -> Iterator[bytes]:
    @lru_cache(maxsize=1 << 16)
    def written(text: str) -> str:
        style = ' s="1"' if marked(text) else ""
        text = escape(shown_text(text, 0, 0))
        spaced = ' xml:space="preserve"' if _SPACED.search(text) else ""
        return f'"{style} t="inlineStr"><is><t{spaced}>{text}</t></is></c>'

    names = [f'<c r="{_letters(column)}' for column in range(1, columns + 1)]
    lines = _lines(rows, names, written)
    while some := "".join(islice(lines, _AT_ONCE)):
        yield some.encode()


def _lines(
    rows: Iterable[Iterable[Cell]], names: list[str], written: Callable[[str], str]
) -> Iterator[str]:
    for row, cells in enumerate(rows, start=1):
        number = str(row)
        line = [f'<row r="{number}">']
        for column, value in enumerate(cells):
            if value is None or value == "":
                continue
            told = whole_number(value) if type(value) is not str else value
            if not isinstance(told, str):
                line.append(f'{names[column]}{number}" t="n"><v>{told!r}</v></c>')
                continue
            try:
                line.append(names[column] + number + written(told))
            except TooLargeError:
                shown_text(told, row, column + 1)  # refuses, and says where
                raise
        line.append("</row>")
        yield "".join(line)


def _letters(column: int) -> str:
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found
