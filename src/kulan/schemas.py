"""Tables that travel: each is declared once, with its columns, units, meaning and key.

Areas declare their tables in `<area>/tables.py` as module constants; the reference page is made
from those declarations.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pandas as pd

from kulan.errors import InvalidTableError

KINDS = ("text", "integer", "number", "date", "flag", "list", "geometry")
_MOST_PROBLEMS = 12


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name
        As it stands in the file; carries its unit where it has one.
    meaning
        One sentence for the reference page.
    unit
        Unit in words of the reader (m, km², ‰), empty for words and counts.
    kind
        One of `KINDS`. A `list` is written with ``;`` between its items, a `date` as ISO 8601
        (a year alone, or a year and month, is allowed: facts are often known no better).
    required
        Whether every row must have a value.
    values
        The only values allowed, when the list is closed.
    words
        Whether the English text is shown to readers and so is translated.
    """

    name: str
    meaning: str
    unit: str = ""
    kind: str = "text"
    required: bool = True
    values: tuple[str, ...] = ()
    words: bool = False


@dataclass(frozen=True)
class Table:
    """A declared table: what it is called, what each row is, its columns and its key."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def check_table(frame: pd.DataFrame, table: Table) -> None:
    """Refuse a table that does not keep its declaration, naming everything that is wrong at once.

    Extra columns are allowed: a table may carry more than its declaration asks for.

    Parameters
    ----------
    frame
        The table as read; list columns hold tuples, flag columns hold booleans.
    table
        What it claims to be.

    Raises
    ------
    InvalidTableError
        If a column is missing, a required value is empty, a value is not among those allowed, or
        two rows share a key.
    """
    missing = [name for name in table.column_names if name not in frame.columns]
    if missing:
        found = ", ".join(repr(str(name)) for name in frame.columns)
        raise InvalidTableError(
            f"{table.name}: missing {', '.join(map(repr, missing))}; found {found}."
        )
    problems = [problem for column in table.columns for problem in _column_problems(frame, column)]
    problems += _key_problems(frame, table)
    if problems:
        shown = problems[:_MOST_PROBLEMS]
        rest = len(problems) - len(shown)
        more = f" And {rest} more." if rest else ""
        raise InvalidTableError(f"{table.name}: " + " ".join(shown) + more)


def read_table(source: Path | Traversable, table: Table) -> pd.DataFrame:
    """Read a CSV file (UTF-8) strictly into the types its declaration names.

    Nothing is guessed: a cell is empty or it is what the column's kind says. "NA" is two letters.

    Parameters
    ----------
    source
        The CSV file, or a resource of the package.
    table
        Its declaration.

    Returns
    -------
    DataFrame
        One row per line, in file order. Empty cells are None (text, date), NaN (number),
        `<NA>` (integer) or an empty tuple (list).

    Raises
    ------
    InvalidTableError
        If the file lacks a column, a cell cannot be read as its kind, or `check_table` refuses it.
    """
    rows = list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8-sig"))))
    if not rows:
        raise InvalidTableError(f"{table.name}: {source.name} holds no rows.")
    frame = pd.DataFrame(rows, dtype=object)
    if None in frame.columns:
        row = int(frame[None].notna().to_numpy().argmax()) + 2
        raise InvalidTableError(
            f"{table.name}: {source.name} line {row} has more cells than the heading; "
            "put quotes around text that holds a comma."
        )
    for column in table.columns:
        if column.name in frame.columns and column.kind != "geometry":
            frame[column.name] = _typed(frame[column.name], column, table)
    check_table(frame, table)
    return frame


def _typed(cells: "pd.Series[Any]", column: Column, table: Table) -> "pd.Series[Any]":
    """Return the cells of one column in the type of its kind."""
    read = _READERS[column.kind]
    values = []
    for line, cell in enumerate(cells, start=2):
        text = (cell or "").strip()
        try:
            values.append(read(text))
        except ValueError:
            raise InvalidTableError(
                f"{table.name}: line {line}, {column.name!r} is {text!r}, "
                f"which is not {_KIND_WORDS[column.kind]}."
            ) from None
    dtype = {"integer": "Int64", "number": "float64"}.get(column.kind, object)
    return pd.Series(values, index=cells.index, dtype=dtype, name=column.name)


def _read_flag(text: str) -> bool | None:
    if text == "":
        return None
    if text not in ("yes", "no"):
        raise ValueError(text)
    return text == "yes"


def _read_date(text: str) -> str | None:
    """Keep an ISO date as text at the precision it is known: 2014, 2014-11 or 2014-11-09."""
    if text == "":
        return None
    padded = {4: text + "-01-01", 7: text + "-01", 10: text}.get(len(text))
    if padded is None:
        raise ValueError(text)
    pd.Timestamp(padded)
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "text": lambda text: text or None,
    "integer": lambda text: int(text) if text else pd.NA,
    "number": lambda text: float(text) if text else float("nan"),
    "date": _read_date,
    "flag": _read_flag,
    "list": lambda text: tuple(item.strip() for item in text.split(";") if item.strip()),
}
_KIND_WORDS = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "date": "a date such as 2014-11-09, 2014-11 or 2014",
    "flag": "yes or no",
    "list": "a list with ';' between its items",
}


def _column_problems(frame: pd.DataFrame, column: Column) -> list[str]:
    """Return sentences about one column's empty and unknown values."""
    cells = frame[column.name]
    if column.kind == "geometry":
        return []
    if column.kind == "list":
        empty = cells.map(len) == 0
        items = cells.explode().dropna()
    else:
        empty = cells.isna()
        items = cells[~empty]
    problems = []
    if column.required and empty.any():
        first = frame.index[empty.to_numpy()][0]
        problems.append(
            f"{column.name!r} is empty in {int(empty.sum())} row(s) (first at row {first})."
        )
    if column.values:
        unknown = sorted({str(item) for item in items} - set(column.values))
        if unknown:
            problems.append(
                f"{column.name!r} holds {', '.join(map(repr, unknown))}; "
                f"allowed: {', '.join(column.values)}."
            )
    return problems


def _key_problems(frame: pd.DataFrame, table: Table) -> list[str]:
    """Return a sentence when two rows share the key."""
    if not table.key:
        return []
    keys = list(table.key)
    repeated = frame[keys].astype(str).duplicated()
    if not repeated.any():
        return []
    first = frame.index[repeated.to_numpy()][0]
    value = ", ".join(str(frame.loc[first, key]) for key in keys)
    return [
        f"{int(repeated.sum())} row(s) repeat an earlier {' + '.join(keys)} "
        f"(first at row {first}: {value})."
    ]
