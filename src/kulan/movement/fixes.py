"""Fixes: positions of tagged animals as they came in, each with the reasons for setting it aside.

A fix that looks wrong is flagged and kept; nothing is ever dropped. Analyses read the fixes without
a flag, and say how many had one.
"""

from dataclasses import dataclass, replace
from enum import IntFlag
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from kulan.errors import InvalidTableError, UnknownCrsError

Clock = Literal["utc", "elapsed"]

NEEDED = ("animal_id", "time", "x", "y")
OPTIONAL = (
    "deployment_id",
    "species",
    "sensor",
    "fix_dimension",  # 2 or 3
    "hdop",
    "error_m",  # standard deviation of the location error along each axis
    "error_major_m",  # half axes of the one-sigma error ellipse, and where the major one points
    "error_minor_m",
    "error_angle_deg",  # clockwise from north
    "source_file",
    "source_row",  # first line below the header is 1
)


class Flag(IntFlag):
    """Why a fix is set aside; one fix may have several reasons."""

    NONE = 0
    NO_POSITION = 1
    NO_TIME = 2
    OUT_OF_RANGE = 4  # no place on Earth, or outside what its system is made for
    NULL_ISLAND = 8  # exactly 0, 0
    DUPLICATE = 16  # same animal, time and place as a fix kept
    SAME_TIME = 32  # same animal and time, another place
    SPEED = 64  # cannot be reached from its neighbours at a possible speed
    SPIKE = 128  # out and back
    TWO_DIMENSIONAL = 256
    LOW_QUALITY = 512  # dilution of precision or error above what was asked for
    OUTSIDE_DEPLOYMENT = 1024
    STATIONARY_TAIL = 2048  # the collar lies still to the end of its record
    SOURCE = 4096  # marked as an outlier in the source
    BY_HAND = 8192
    STATIONARY_HEAD = 16384  # the collar lies still from the beginning of its record


@dataclass(frozen=True)
class Fixes:
    """Positions of one or more animals.

    Attributes
    ----------
    table
        One row per fix, sorted by animal and then time, with a fresh index: `animal_id` (text),
        `time` (UTC timestamps, or seconds as float64 on an elapsed clock), `x` and `y` in the units
        of `crs`, `flags` (uint16, see `Flag`), and any of `OPTIONAL`. Further columns of the source
        are kept as they came.
    crs
        Where x and y lie: longitude and latitude (x is longitude) or a projected system in metres;
        "" for declared local metres without a place on Earth.
    clock
        "utc", or "elapsed" for seconds from an origin nobody knows, which have no day and season.
    """

    table: pd.DataFrame
    crs: str
    clock: Clock = "utc"

    @property
    def is_geographic(self) -> bool:
        """Whether x and y are longitude and latitude in degrees."""
        return bool(self.crs) and CRS.from_user_input(self.crs).is_geographic

    @property
    def used(self) -> NDArray[np.bool_]:
        """Which fixes have no flag."""
        used: NDArray[np.bool_] = self.table["flags"].to_numpy() == 0
        return used

    @property
    def animals(self) -> tuple[str, ...]:
        """Ids of the animals, in the order of the table."""
        return tuple(str(name) for name in pd.unique(self.table["animal_id"]))

    def with_flags(self, flags: NDArray[np.uint16]) -> "Fixes":
        """Return the same fixes with these flags (one per row) added to what they have."""
        marked = self.table["flags"].to_numpy() | np.asarray(flags, dtype=np.uint16)
        return replace(self, table=self.table.assign(flags=marked.astype(np.uint16)))


def make_fixes(table: pd.DataFrame, *, crs: str, clock: Clock = "utc") -> Fixes:
    """Make fixes of a table: checked, sorted, nothing dropped.

    Parameters
    ----------
    table
        Columns `animal_id`, `time`, `x`, `y` and any of `OPTIONAL`; `flags` when fixes are already
        flagged. Times with a zone on the utc clock; seconds on the elapsed one. A fix without time
        or position is kept and flagged.
    crs
        Where x and y lie; "" for declared local metres.
    clock
        "utc" or "elapsed".

    Returns
    -------
    Fixes

    Raises
    ------
    InvalidTableError
        If a column is missing, coordinates are no numbers, an animal has no id, or times are naive.
    UnknownCrsError
        If `crs` is no system pyproj knows.

    Examples
    --------
    >>> table = pd.DataFrame({"animal_id": "k1", "time": [0.0, 3600.0], "x": [0, 10], "y": [0, 5]})
    >>> make_fixes(table, crs="", clock="elapsed").animals
    ('k1',)
    """
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        raise InvalidTableError(
            f"fixes lack the column(s) {', '.join(missing)}; found {', '.join(map(str, table))}."
        )
    if crs:
        try:
            CRS.from_user_input(crs)
        except CRSError as error:
            raise UnknownCrsError(
                f"'{crs}' is no coordinate system: name an EPSG code such as EPSG:4326."
            ) from error
    made = table.assign(time=_times(table["time"], clock), flags=_first_flags(table))
    for name in ("x", "y"):
        made[name] = _numbers(table[name], name)
    if made["animal_id"].isna().any():
        row = int(np.flatnonzero(made["animal_id"].isna())[0]) + 1
        raise InvalidTableError(f"fix {row} has no animal_id: whose position is it?")
    made["animal_id"] = made["animal_id"].astype(str)
    made["flags"] = _missing_flagged(made)
    if not _is_sorted(made):
        made = made.sort_values(["animal_id", "time"], kind="stable", ignore_index=True)
    return Fixes(made, crs, clock)


def _is_sorted(table: pd.DataFrame) -> bool:
    """Whether rows stand by animal and time already, under an index that counts them."""
    index = table.index
    if not (isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1):
        return False
    codes, names = pd.factorize(table["animal_id"])
    times = table["time"]
    if not pd.Index(names).is_monotonic_increasing or times.isna().any():
        return False
    values = times.to_numpy() if times.dtype == float else times.astype("int64").to_numpy()
    same = codes[1:] == codes[:-1]
    in_order = np.where(same, values[1:] >= values[:-1], codes[1:] > codes[:-1])
    return bool(in_order.all())


def _times(times: "pd.Series[Any]", clock: Clock) -> "pd.Series[Any]":
    if clock == "elapsed":
        return _numbers(times, "time")
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        raise InvalidTableError(
            f"times are {times.dtype}, without a time zone. Say which zone they are in, or declare "
            "seconds from an unknown origin."
        )
    in_utc: pd.Series[Any] = times.dt.tz_convert("UTC").dt.as_unit("us")
    return in_utc


def _numbers(column: "pd.Series[Any]", name: str) -> "pd.Series[Any]":
    try:
        return column.astype(float)
    except (TypeError, ValueError) as error:
        raise InvalidTableError(
            f"column '{name}' holds something that is no number: {error}."
        ) from error


def _first_flags(table: pd.DataFrame) -> NDArray[np.uint16]:
    if "flags" in table.columns:
        return table["flags"].to_numpy(dtype=np.uint16)
    return np.zeros(len(table), dtype=np.uint16)


def _missing_flagged(table: pd.DataFrame) -> NDArray[np.uint16]:
    nowhere = ~(np.isfinite(table["x"]) & np.isfinite(table["y"])).to_numpy()
    never = table["time"].isna().to_numpy()
    flags = table["flags"].to_numpy()
    flags = flags | np.where(nowhere, Flag.NO_POSITION, 0) | np.where(never, Flag.NO_TIME, 0)
    return flags.astype(np.uint16)


def reasons_of(flags: int) -> tuple[str, ...]:
    """Return the names of the reasons in a fix's flags, in the order of `Flag`.

    Examples
    --------
    >>> reasons_of(80)
    ('duplicate', 'speed')
    """
    return tuple(flag.name.lower() for flag in Flag(flags) if flag.name)
