"""Rows of a table that came back from a spreadsheet, as CSV or as XLSX, by their numbers in it."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kulan.errors import InvalidTableError, MissingExtraError, TooLargeError
from kulan.exchange.safe_cells import original_text
from kulan.exchange.sheets import read_text
from kulan.words import N_

_ZIP = b"PK\x03\x04"
_LARGEST_UNPACKED = 64 << 20
_MOST_COLUMNS = 200
_MOST_EMPTY = 1_000
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]')
FORMULA = N_(
    "{column}: a formula stands here. Put its value in its place, and bring the file again."
)
FAILED = N_("{column}: a formula failed here ({value}).")


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    number
        Its number in the file, as the spreadsheet shows it.
    cells
        Name of the column to its text; empty cells are left out.
    problem, column, value
        Why it cannot be taken, a sentence marked for translation that may name the other two; empty
        where it can.
    """

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    column: str = ""
    value: str = ""


@dataclass(frozen=True)
class TableRows:
    """A table as it was read.

    Attributes
    ----------
    columns
        Names of the columns, in order.
    rows
        Its rows; those without content are left out.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_rows(content: bytes, most: int) -> TableRows:
    r"""Read a table: an XLSX workbook, or text with commas or semicolons in UTF-8.

    Dates of a workbook become ISO 8601, a date that is shown without its day becomes a month; an
    apostrophe that keeps a text of a CSV file from being a formula is taken away.

    Parameters
    ----------
    content
        The file.
    most
        How many rows there may be.

    Raises
    ------
    InvalidTableError
        If it is neither, or has no rows.
    TooLargeError
        If there are more rows, or the workbook is larger than a table can be.
    MissingExtraError
        If it is a workbook and openpyxl is not installed.

    Examples
    --------
    >>> read_rows(b"state;title\nKAZ;'=Law\n", most=10).rows
    (Row(number=2, cells={'state': 'KAZ', 'title': '=Law'}, problem='', column='', value=''),)
    """
    lines = _of_workbook(content) if content.startswith(_ZIP) else _of_text(content)
    number, names = next(lines, (0, []))
    columns = [str(name or "").strip() for name, _ in names[:_MOST_COLUMNS]]
    while columns and not columns[-1]:
        columns.pop()
    rows = []
    for number, cells in lines:
        row = _row(number, columns, cells)
        if row.cells or row.problem:
            rows.append(row)
        if len(rows) > most:
            raise TooLargeError(f"The table has more than {most:,} rows. Bring it in parts.")
    if not rows:
        raise InvalidTableError("The table has no rows below its first line, the columns' names.")
    return TableRows(tuple(name for name in columns if name), tuple(rows))


_Cells = list[tuple[Any, str]]
"""Value of each cell, and what is wrong with it."""


def _row(number: int, columns: list[str], cells: _Cells) -> Row:
    found: dict[str, str] = {}
    for name, (value, problem) in zip(columns, cells, strict=False):
        if problem and name:
            return Row(number, found, problem, name, str(value)[:80])
        if name and (text := str(value)):
            found[name] = text
    return Row(number, found)


def _of_text(content: bytes) -> Iterator[tuple[int, _Cells]]:
    try:
        text = content.decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        number = 0
        for number, cells in enumerate(reader, start=1):
            yield number, [(original_text(cell), "") for cell in cells]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidTableError(
            "This is neither an XLSX workbook nor a CSV file in UTF-8. Save it as one of them."
        ) from error


def _of_workbook(content: bytes) -> Iterator[tuple[int, _Cells]]:
    try:
        import openpyxl  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError(
            'Tables of spreadsheets need openpyxl. Type: pip install "kulan[web]"'
        ) from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _LARGEST_UNPACKED:
            raise TooLargeError(f"The workbook unpacks to {unpacked >> 20} MB; a table has less.")
        # not data_only: a formula must be seen as one
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        empty = 0
        for number, cells in enumerate(sheet.iter_rows() if sheet else (), start=1):
            read = [_cell(cell) for cell in cells[:_MOST_COLUMNS]]
            empty = 0 if any(value or problem for value, problem in read) else empty + 1
            if empty > _MOST_EMPTY:  # formatted, and never written in
                break
            yield number, read
    except TooLargeError:
        raise
    except Exception as error:
        # openpyxl lets through whatever its parts stumble over: KeyError, ValueError, ParseError
        raise InvalidTableError(
            f"This workbook cannot be read ({type(error).__name__}). Save it as XLSX (Excel 2007 "
            "or later), or as CSV in UTF-8, and bring it again."
        ) from error


def _cell(cell: Any) -> tuple[str, str]:
    value = cell.value
    if value is None:
        return "", ""
    if problem := {"f": FORMULA, "e": FAILED}.get(cell.data_type, ""):
        return str(value), problem
    if isinstance(value, datetime | date):
        return _day(value, str(cell.number_format or "")), ""
    if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
        return str(int(value)), ""
    return (read_text(value) if isinstance(value, str) else str(value)), ""


def _day(value: datetime | date, shown_as: str) -> str:
    pattern = _QUOTED.sub("", shown_as).lower()
    if "d" not in pattern and "y" in pattern:
        return f"{value:%Y-%m}" if "m" in pattern else f"{value:%Y}"
    return f"{value:%Y-%m-%d}"
