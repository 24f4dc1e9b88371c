"""Tables out for spreadsheets: what somebody typed into a record never runs as a formula.

What might be taken for a formula is said by `kulan.safe_cells`. In CSV such a text gets an
apostrophe before it, which spreadsheets know as *this is text*; so does a text that begins with an
apostrophe, so that `original_text` gives every text back. In XLSX a cell says itself that it is
text, and its content is left as it is.

CSV cannot say more. A spreadsheet set to semicolons (as Russian and French ones are) may cut a
text at a semicolon when a file with commas is opened by double click; for such readers XLSX is
the safe format.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import shapely

from kulan.errors import TooLargeError
from kulan.exchange.plain_text import writable
from kulan.exchange.sheets import Sheet, book_of, shown_text, whole_number
from kulan.safe_cells import may_be_formula, safe_cell

_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 16_384
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 50, 200


def safe_text(text: str) -> str:
    """Return a text for a cell of a CSV file, with an apostrophe before it where one is needed.

    Examples
    --------
    >>> safe_text("=HYPERLINK(0)"), safe_text("saiga"), safe_text("-3"), safe_text("'t")
    ("'=HYPERLINK(0)", 'saiga', '-3', "''t")
    """
    return safe_cell(writable(text))


def original_text(cell: str) -> str:
    """Return the text that `safe_text` made a cell of.

    Examples
    --------
    >>> original_text(safe_text("=1+1")), original_text("saiga")
    ('=1+1', 'saiga')
    """
    return cell.removeprefix("'")


def write_csv(table: pd.DataFrame) -> bytes:
    r"""Write a table as CSV (RFC 4180, UTF-8 with a byte order mark), safe to open.

    The mark makes spreadsheets read Cyrillic as Cyrillic. Numbers stay numbers, dates are ISO
    8601, shapes well-known text, lists are joined by ``;`` and a space, what is missing is empty.

    Parameters
    ----------
    table
        Any table; its index is not written.

    Examples
    --------
    >>> write_csv(pd.DataFrame({"name": ["=1+1"], "count": [-3]})).decode("utf-8-sig")
    "name,count\r\n'=1+1,-3\r\n"
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    safe = lru_cache(maxsize=1 << 16)(safe_text)  # most texts of a long table stand in many rows
    writer.writerow([safe(str(name)) for name in table.columns])
    writer.writerows(
        [safe(cell) if isinstance(cell, str) else cell for cell in cells] for cells in _rows(table)
    )
    return buffer.getvalue().encode("utf-8-sig")


def write_xlsx(table: pd.DataFrame, title: str = "Table") -> bytes:
    """Write a table as an XLSX workbook of one sheet without a formula in it.

    The same table gives the same bytes: no date of writing is kept. Values are as in `write_csv`;
    a whole number of more than fifteen digits is written as text, for it would lose digits.

    Parameters
    ----------
    table
        Any table; its index is not written.
    title
        Name of the sheet; it is cut to 31 characters, and those a sheet may not have are replaced.

    Raises
    ------
    MissingExtraError
        If openpyxl is not installed.
    TooLargeError
        If the table has more rows or columns, or a cell more characters, than a sheet can hold.
    """
    return write_sheets({title: table})


def write_sheets(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Write tables as an XLSX workbook, a sheet each, as `write_xlsx` writes one.

    Parameters
    ----------
    tables
        Tables by the names of their sheets; they must differ in their first 31 characters.

    Raises
    ------
    MissingExtraError
        If openpyxl is not installed.
    TooLargeError
        If a table has more rows or columns, or a cell more characters, than a sheet can hold.
    """
    return book_of([_sheet(title, table) for title, table in tables.items()], may_be_formula)


def _sheet(title: str, table: pd.DataFrame) -> Sheet:
    if len(table) >= _MOST_ROWS or len(table.columns) > _MOST_COLUMNS:
        raise TooLargeError(
            f"The table has {len(table)} rows and {len(table.columns)} columns; a sheet holds "
            f"{_MOST_ROWS - 1} and {_MOST_COLUMNS}. Take it as CSV."
        )
    headings = [str(name) for name in table.columns]
    size = (len(table) + 1, len(headings))
    widths = tuple(_width(name, table.iloc[:_LOOKED_AT, n]) for n, name in enumerate(headings))
    return Sheet(title, chain([headings], _rows(table)), size, widths)


def _width(heading: str, cells: pd.Series) -> int:
    """Return a width at which most of a column is read, in characters."""
    longest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    return min(max(longest, len(heading), _NARROWEST) + 2, _WIDEST)


def fill_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    """Put a value into a cell; a text is marked as text, whatever it begins with.

    Raises
    ------
    TooLargeError
        If the text is longer than a cell holds.
    """
    value = whole_number(value)
    if value is None or value == "":
        return
    cell = sheet.cell(row, column)
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = shown_text(value, row, column)
    # openpyxl has taken it for a formula or an error by its look
    cell.data_type = "s"
    # the mark that spreadsheets show as a leading apostrophe: it stays text when it is edited
    cell.quotePrefix = may_be_formula(writable(value))


def _rows(table: pd.DataFrame) -> Iterator[list[Any]]:
    """Give each row's cells as text, number, truth or None."""
    columns = [table.iloc[:, place].tolist() for place in range(len(table.columns))]
    for cells in zip(*columns, strict=True):
        yield [_plain(cell) for cell in cells]


def _plain(cell: Any) -> Any:
    """Return a cell as a spreadsheet can hold it."""
    if type(cell) is str:  # by far the most: asked first
        return cell
    if isinstance(cell, list | tuple | set | frozenset | np.ndarray):
        items = sorted(cell, key=str) if isinstance(cell, set | frozenset) else list(cell)
        return "; ".join(str(item) for item in items)
    if isinstance(cell, shapely.Geometry):
        return str(shapely.to_wkt(cell, rounding_precision=-1))
    if isinstance(cell, str) or not pd.isna(cell):
        return _spelt(cell)
    return None


def _spelt(cell: Any) -> str | int | float:
    """Return one value as a number, or in its one spelling."""
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    if isinstance(cell, int | np.integer):
        return int(cell)
    if isinstance(cell, float | np.floating) and np.isfinite(cell):
        return float(cell)
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)
