"""Crosswalks read back from the files in which people have decided about them."""

import csv
from collections.abc import Iterable
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pandas as pd

from kulan.errors import InvalidFileError
from kulan.programme.editions.crosswalks import Crosswalk, Pair
from kulan.programme.editions.tables import CROSSWALK, STATUSES
from kulan.safe_cells import text_of_cell
from kulan.schemas import Table, read_table


def read_crosswalk(path: Path | Traversable, *, editions: tuple[str, str] = ("", "")) -> Crosswalk:
    """Read a ``crosswalk.csv`` that `writing.comparison_files` wrote, with states set by people.

    Parameters
    ----------
    path
        The file.
    editions
        Names of the earlier and the later edition.

    Raises
    ------
    InvalidFileError
        If it cannot be read, or two pairs that are not refused claim one action.
    InvalidTableError
        If a column or a value is not as declared.
    """
    pairs = tuple(
        Pair(
            tuple(row["before"]),
            tuple(row["after"]),
            str(row["kind"]),
            float(row["score"]),
            tuple(text_of_cell(one) for one in row["reasons"][:1]) + tuple(row["reasons"][1:]),
            str(row["state"]),
            text_of_cell(row["why"] or ""),
        )
        for row in _rows(path)
    )
    check_claims(pairs, str(path))
    return Crosswalk(*editions, pairs)


def check_claims(pairs: Iterable[Pair], named: str) -> None:
    """Refuse pairs of which two that are not refused claim one action.

    Parameters
    ----------
    pairs
        The pairs.
    named
        What they were read from, for the refusal.

    Raises
    ------
    InvalidFileError
        Naming the actions.
    """
    held = [pair for pair in pairs if pair.state != "refused"]
    for side in ("before", "after"):
        claimed = [each for pair in held for each in getattr(pair, side)]
        if twice := sorted({each for each in claimed if claimed.count(each) > 1}):
            raise InvalidFileError(
                f"{named}: {', '.join(twice)} of the {side} edition stands in two pairs. Refuse "
                "one of them."
            )


def read_statuses(path: Path) -> dict[str, str]:
    """Read the status of each action from a CSV file; see `tables.STATUSES`.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InvalidFileError
        If it cannot be read.
    InvalidTableError
        If a column or a value is not as declared.
    """
    frame = _table(path, STATUSES)
    # a key of the register tells the edition too: cami-2021:1.1
    return {str(row.action_id).rpartition(":")[2]: str(row.status) for row in frame.itertuples()}


def _rows(path: Path | Traversable) -> list[dict[str, Any]]:
    records = _table(path, CROSSWALK).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in records]


def _table(path: Path | Traversable, table: Table) -> pd.DataFrame:
    try:
        return read_table(path, table)
    except (OSError, ValueError, csv.Error) as problem:
        raise InvalidFileError(
            f"{path}: cannot be read as a CSV file in UTF-8 ({problem}). Name the file, saved so."
        ) from problem
