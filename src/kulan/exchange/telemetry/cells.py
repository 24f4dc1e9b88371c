"""Cells of a table of telemetry, as text and numbers, read fast enough for millions of rows."""

import csv
import gzip
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kulan.errors import InvalidFileError, InvalidTableError
from kulan.exchange.losses import Losses
from kulan.exchange.telemetry.asked import TelemetryAsked
from kulan.exchange.telemetry.dialects import columns_held
from kulan.notes import Note
from kulan.words import N_

_MISSING = ("", "NA", "NaN", "nan", "null", "NULL", "None", "N/A")
_DELIMITERS = (",", ";", "\t")
_ENCODINGS = ("utf-8-sig", "cp1251")
# numbers of which a long table has many: read as such at once, and as text where that fails
_NUMBERS = ("x", "y", "hdop", "error_m", "error_major_m", "error_minor_m", "error_angle_deg")


def read_cells(path: Path, asked: TelemetryAsked, losses: Losses, name: str) -> pd.DataFrame:
    """Return a table's cells under its own names: text, but numbers in columns of numbers.

    Parameters
    ----------
    path
        The file; may be compressed with gzip.
    asked
        What the user says of its columns.
    losses
        Where it is told what was read how.
    name
        Of the file, for messages.

    Raises
    ------
    InvalidFileError
        If it is no table of text.
    """
    for encoding in _ENCODINGS:
        try:
            heading = _heading(path, encoding)
            cells = _cells(path, encoding, heading, asked, name)
        except UnicodeDecodeError:
            continue
        if encoding != "utf-8-sig":
            detail = N_("not UTF-8, so taken for Windows-1251 (CP1251)")
            losses.change(None, N_("encoding guessed"), detail)
        _tell_twice(heading, losses)
        return cells
    raise InvalidFileError(f"{name}: not text in any encoding known. Save it as CSV in UTF-8.")


def _opened(path: Path, encoding: str) -> Any:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def _heading(path: Path, encoding: str) -> str:
    try:
        with _opened(path, encoding) as file:
            line = str(file.readline(100_000))
    except (OSError, EOFError) as problem:
        raise InvalidFileError(
            f"{path.name}: cannot be read ({problem}). Export or copy it again."
        ) from None
    if "\x00" in line:
        raise InvalidFileError(
            f"{path.name}: not text (it holds bytes of zero). If it is a spreadsheet, save it as "
            "CSV in UTF-8."
        )
    if not line.strip():
        raise InvalidFileError(f"{path.name}: its first line is empty, and should name columns.")
    return line


def _delimiter(heading: str) -> str:
    bare = re.sub(r'"[^"]*"', "", heading)
    best = max(_DELIMITERS, key=bare.count)
    return best if bare.count(best) else ","


def _cells(
    path: Path, encoding: str, heading: str, asked: TelemetryAsked, name: str
) -> pd.DataFrame:
    delimiter = _delimiter(heading)
    names = [one.strip() for one in next(csv.reader([heading], delimiter=delimiter))]
    held = columns_held(names, asked.columns)
    numbers = {held[ours] for ours in _NUMBERS if isinstance(held.get(ours), str)}
    elapsed = asked.elapsed and isinstance(held.get("time"), str)
    numbers |= {str(held["time"])} if elapsed else set()
    reading: dict[str, Any] = {
        "sep": delimiter,
        "encoding": encoding,
        "keep_default_na": False,
        "na_values": [*_MISSING, *asked.missing],
        "skipinitialspace": True,
        "compression": "gzip" if path.suffix.lower() == ".gz" else None,
    }
    kinds = {one: "float64" if one in numbers else "str" for one in _unique(names)}
    try:
        try:
            cells: pd.DataFrame = pd.read_csv(
                path, header=0, names=list(kinds), dtype=kinds, **reading
            )
        except ValueError as problem:
            if isinstance(problem, (UnicodeDecodeError, pd.errors.ParserError)):
                raise
            # a cell that is no number: all as text, and numbers are found one by one
            cells = pd.read_csv(path, header=0, names=list(kinds), dtype="str", **reading)
    except UnicodeDecodeError:
        raise
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OSError, EOFError) as told:
        words = " ".join(str(told).split())[:200]
        raise InvalidFileError(
            f"{name}: its rows do not split into the {len(names)} columns of its heading "
            f"({words}). Put quotes around text that holds a {delimiter!r}; with decimal commas "
            "separate columns by semicolons."
        ) from None
    if not isinstance(cells.index, pd.RangeIndex):
        raise InvalidFileError(
            f"{name}: rows have more cells than the heading has names. Export it again."
        )
    return cells


def _unique(names: list[str]) -> list[str]:
    made: list[str] = []
    for place, name in enumerate(names, start=1):
        base = name or f"column_{place}"
        unique, number = base, 2
        while unique in made:
            unique, number = f"{base}_{number}", number + 1
        made.append(unique)
    return made


def _tell_twice(heading: str, losses: Losses) -> None:
    names = [one.strip() for one in next(csv.reader([heading], delimiter=_delimiter(heading)))]
    for old, new in zip(names, _unique(names), strict=True):
        if old != new:
            became = Note(N_("{old} became {new}"), old=repr(old), new=repr(new))
            losses.change(None, N_("column renamed"), became)


def numbers_of(cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return cells as numbers; a decimal comma is read, and what is no number is missing.

    Examples
    --------
    >>> numbers_of(pd.Series(["45,5", "107.2", "?"])).tolist()
    [45.5, 107.2, nan]
    """
    if pd.api.types.is_numeric_dtype(cells):
        return cells.astype(float)
    words = cells.astype("str").str.strip().str.replace(r"^([-+]?\d+),(\d+)$", r"\1.\2", regex=True)
    return pd.to_numeric(words, errors="coerce").astype(float)


def check_any(table: pd.DataFrame, name: str) -> None:
    """Refuse a table without rows.

    Raises
    ------
    InvalidTableError
        If it has none.
    """
    if not len(table):
        raise InvalidTableError(f"{name}: it has columns and no row: there is no fix in it.")


def true_of(cells: "pd.Series[Any]") -> Any:
    """Return which cells say yes: true, 1, t, yes.

    Examples
    --------
    >>> true_of(pd.Series(["TRUE", "false", "1", None])).tolist()
    [True, False, True, False]
    """
    words = cells.astype("str").str.strip().str.lower()
    return words.isin(["true", "t", "1", "1.0", "yes"]).to_numpy(dtype=np.bool_)
