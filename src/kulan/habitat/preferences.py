"""Where each species can live: its land cover, its elevations and the places it is limited to."""

from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from kulan.errors import UnknownNameError
from kulan.habitat.tables import LIMITS, PREFERENCES
from kulan.schemas import Table, read_table

_DATA = files("kulan.habitat") / "data"


def preferences() -> pd.DataFrame:
    """Return land cover and elevation preferences, one row per species. See `tables.PREFERENCES`.

    Examples
    --------
    >>> table = preferences().set_index("species_id")
    >>> table.loc["mongolian_gazelle", "suitable"]
    ('10',)
    """
    return _read_once("preferences.csv", PREFERENCES).copy()


def limits() -> pd.DataFrame:
    """Return the boxes some species are limited to, one row per box. See `tables.LIMITS`.

    A species with boxes is looked for inside any of them and nowhere else; one without boxes is
    limited by land cover, elevation and presence by state alone. The boxes are coarse, drawn by
    hand about a degree around described ranges, and are no range map.
    """
    return _read_once("limits.csv", LIMITS).copy()


def preference(species_id: str) -> "pd.Series[Any]":
    """Return the preferences of one species as a row of `preferences`.

    Raises
    ------
    UnknownNameError
        If the species has no row.
    """
    table = preferences()
    rows = table[table["species_id"] == species_id]
    if rows.empty:
        known = ", ".join(sorted(table["species_id"]))
        raise UnknownNameError(f"No habitat preferences for {species_id!r}; known: {known}.")
    return rows.iloc[0]


@cache
def _read_once(file_name: str, table: Table) -> pd.DataFrame:
    return read_table(_DATA / file_name, table)
