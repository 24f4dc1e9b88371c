"""Tables that travel: each is declared once, with its columns, units, meaning and key.

Areas declare their tables in `<area>/tables.py` as module constants; the reference page is made
from those declarations.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
    _check_columns(list(map(str, frame.columns)), table)
    cells = {column.name: frame[column.name].tolist() for column in table.columns}
    _refuse(table, _problems(cells, table, list(frame.index)))


def _check_columns(found: list[str], table: Table) -> None:
    if missing := [name for name in table.column_names if name not in found]:
        raise InvalidTableError(
            f"{table.name}: missing {', '.join(map(repr, missing))}; "
            f"found {', '.join(map(repr, found))}."
        )


def _refuse(table: Table, problems: list[str]) -> None:
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
    heading, *rows = csv.reader(io.StringIO(source.read_text(encoding="utf-8-sig")))
    if not rows:
        raise InvalidTableError(f"{table.name}: {source.name} holds no rows.")
    _check_columns(heading, table)
    for line, row in enumerate(rows, start=2):
        if len(row) != len(heading):
            more = "more" if len(row) > len(heading) else "fewer"
            raise InvalidTableError(
                f"{table.name}: {source.name} line {line} has {more} cells than the heading; "
                "put quotes around text that holds a comma."
            )
    declared = {column.name: column for column in table.columns}
    cells: dict[str, list[Any]] = {}
    for name, texts in zip(heading, zip(*rows, strict=True), strict=True):
        column = declared.get(name, Column(name, ""))
        cells[name] = _typed(texts, column, table)
    _refuse(table, _problems(cells, table, list(range(len(rows)))))
    kinds = {name: declared[name].kind if name in declared else "text" for name in cells}
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=_DTYPES.get(kinds[name], object))
            for name, values in cells.items()
        }
    )


_DTYPES: dict[str, Any] = {"integer": "Int64", "number": "float64"}


def _typed(texts: Sequence[str], column: Column, table: Table) -> list[Any]:
    """Return the cells of one column in the type of its kind."""
    read = _READERS[column.kind]
    values = []
    for line, cell in enumerate(texts, start=2):
        text = cell.strip()
        try:
            values.append(read(text))
        except ValueError:
            raise InvalidTableError(
                f"{table.name}: line {line}, {column.name!r} is {text!r}, "
                f"which is not {_KIND_WORDS[column.kind]}."
            ) from None
    return values


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
    date.fromisoformat(padded)
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


def _problems(cells: Mapping[str, list[Any]], table: Table, index: Sequence[Any]) -> list[str]:
    """Return sentences about everything that is wrong in the cells, by column."""
    problems = [
        problem
        for column in table.columns
        if column.kind != "geometry"
        for problem in _column_problems(cells[column.name], column, index)
    ]
    return problems + _key_problems(cells, table, index)


def _is_empty(cell: Any) -> bool:
    if isinstance(cell, str | bool):
        return False
    if isinstance(cell, tuple | list):
        return len(cell) == 0
    return bool(pd.isna(cell))


def _column_problems(cells: list[Any], column: Column, index: Sequence[Any]) -> list[str]:
    """Return sentences about one column's empty and unknown values."""
    problems = []
    empty = [row for row, cell in zip(index, cells, strict=True) if _is_empty(cell)]
    if column.required and empty:
        problems.append(
            f"{column.name!r} is empty in {len(empty)} row(s) (first at row {empty[0]})."
        )
    if column.values:
        full = [cell for cell in cells if not _is_empty(cell)]
        items = [item for cell in full for item in cell] if column.kind == "list" else full
        unknown = sorted({str(item) for item in items} - set(column.values))
        if unknown:
            problems.append(
                f"{column.name!r} holds {', '.join(map(repr, unknown))}; "
                f"allowed: {', '.join(column.values)}."
            )
    return problems


def _key_problems(cells: Mapping[str, list[Any]], table: Table, index: Sequence[Any]) -> list[str]:
    """Return a sentence when two rows share the key."""
    if not table.key:
        return []
    seen: set[tuple[str, ...]] = set()
    repeated: list[tuple[Any, tuple[str, ...]]] = []
    for row, *key in zip(index, *(cells[name] for name in table.key), strict=True):
        words = tuple(map(str, key))
        if words in seen:
            repeated.append((row, words))
        seen.add(words)
    if not repeated:
        return []
    row, words = repeated[0]
    return [
        f"{len(repeated)} row(s) repeat an earlier {' + '.join(table.key)} "
        f"(first at row {row}: {', '.join(words)})."
    ]
