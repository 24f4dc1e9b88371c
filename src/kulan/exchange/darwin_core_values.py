"""Values of Darwin Core terms: how each is spelt, and what is done with one that cannot stand."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from kulan.exchange.darwin_core_terms import (
    BASES_OF_RECORD,
    OCCURRENCE_STATUSES,
    is_event_date,
)
from kulan.exchange.losses import Losses
from kulan.exchange.plain_text import writable
from kulan.programme.states import range_states


def spelt(cell: Any) -> str:
    """Return a cell as an archive holds it: lists joined by ``|``, dates as ISO 8601.

    Examples
    --------
    >>> spelt(["A. Ivanova", "B. Bold"]), spelt(None), spelt(3.0)
    ('A. Ivanova | B. Bold', '', '3')
    """
    if isinstance(cell, list | tuple | np.ndarray):
        return " | ".join(spelt(item) for item in cell)
    if isinstance(cell, str):
        return cell.strip()
    if pd.isna(cell):
        return ""
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)


def put_right(cells: pd.DataFrame, losses: Losses) -> pd.DataFrame:
    """Return the cells with every value as its term allows, and note what was altered."""
    cells = cells.copy()
    for term in cells.columns:
        plain = cells[term].map(_one_line)
        _note(losses, cells[term] != plain, "line breaks and forbidden characters", term)
        cells[term] = plain
    if "eventDate" in cells:
        _move_dates(cells, losses)
    _empty(cells, "coordinateUncertaintyInMeters", _is_positive, losses)
    _empty(cells, "coordinatePrecision", _is_positive, losses)
    _empty(cells, "occurrenceStatus", OCCURRENCE_STATUSES.__contains__, losses)
    _empty(cells, "basisOfRecord", BASES_OF_RECORD.__contains__, losses)
    if "countryCode" in cells:
        codes = cells["countryCode"].map(lambda code: _two_letters().get(code, code))
        _note(
            losses, codes != cells["countryCode"], "codes of states to two letters", "countryCode"
        )
        cells["countryCode"] = codes
        _empty(cells, "countryCode", _is_two_letters, losses)
    return cells


def _move_dates(cells: pd.DataFrame, losses: Losses) -> None:
    """Move what is no date of ISO 8601 to where dates stand as they were written."""
    wrong = ~cells["eventDate"].map(lambda text: text == "" or is_event_date(text)).astype(bool)
    if not wrong.any():
        return
    _note(losses, wrong, "dates moved to verbatimEventDate", "eventDate")
    if "verbatimEventDate" not in cells:
        cells["verbatimEventDate"] = ""
    free = wrong & (cells["verbatimEventDate"] == "")
    cells.loc[free, "verbatimEventDate"] = cells.loc[free, "eventDate"]
    cells.loc[wrong, "eventDate"] = ""


def _empty(cells: pd.DataFrame, term: str, allowed: Callable[[str], bool], losses: Losses) -> None:
    """Empty the cells that a term does not allow."""
    if term not in cells:
        return
    wrong = ~cells[term].map(lambda text: text == "" or allowed(text)).astype(bool)
    _note(losses, wrong, "values that Darwin Core does not allow, emptied", term)
    cells.loc[wrong, term] = ""


def _note(losses: Losses, touched: "pd.Series[bool]", what: str, term: str) -> None:
    rows = np.flatnonzero(touched.to_numpy(dtype=bool)) + 1
    losses.change(rows.tolist(), what, term)


def _one_line(text: str) -> str:
    """Return a text on one line: many readers of archives split quoted cells at line ends."""
    return " ".join(writable(text).split())


def _is_positive(text: str) -> bool:
    try:
        return 0 < float(text) < float("inf")
    except ValueError:
        return False


def _is_two_letters(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isupper()


@lru_cache(maxsize=1)
def _two_letters() -> dict[str, str]:
    """Return the two-letter code of each range state by its three-letter one."""
    states = range_states()
    return dict(zip(states["iso3"], states["iso2"], strict=True))
