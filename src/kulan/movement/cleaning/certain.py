"""What is wrong beyond doubt: no place on Earth, copies of a fix, several places at one time."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.movement.fixes import Fixes, Flag
from kulan.movement.planes import Plane

Flags = NDArray[np.uint16]


def flag_certain(fixes: Fixes) -> Fixes:
    """Flag fixes that no track can hold, whatever the animal.

    Places that are none on Earth, exactly 0, 0 in degrees, copies (same animal, time and place),
    and of several places at one time all but the best: three dimensions before two, then the least
    dilution of precision and error, then the least x and y, so that the order of rows does not
    matter.

    Parameters
    ----------
    fixes
        As they came in.

    Returns
    -------
    Fixes
        The same, with flags added; flagging twice changes nothing.

    Examples
    --------
    >>> from kulan.movement.fixes import make_fixes
    >>> table = pd.DataFrame({"animal_id": "k", "time": [0.0, 0, 0], "x": [1, 1, 2], "y": 0})
    >>> flag_certain(make_fixes(table, crs="", clock="elapsed")).table["flags"].tolist()
    [0, 16, 32]
    """
    flags = fixes.table["flags"].to_numpy().astype(np.uint16).copy()
    flags |= _nowhere(fixes)
    flags |= _repeated(fixes.table, flags)
    return fixes.with_flags(flags)


def _nowhere(fixes: Fixes) -> Flags:
    x, y = fixes.table["x"].to_numpy(float), fixes.table["y"].to_numpy(float)
    flags = np.zeros(len(x), dtype=np.uint16)
    finite = np.isfinite(x) & np.isfinite(y)
    if fixes.is_geographic:
        outside = (np.abs(x) > 360) | (np.abs(y) > 90)
        flags[finite & (x == 0) & (y == 0)] |= np.uint16(Flag.NULL_ISLAND)
    elif fixes.crs:
        longitude, latitude = Plane(fixes.crs).inverse(x, y)
        outside = ~(np.isfinite(longitude) & np.isfinite(latitude))
    else:
        outside = np.zeros(len(x), dtype=bool)
    flags[finite & outside] |= np.uint16(Flag.OUT_OF_RANGE)
    return flags


def _repeated(table: pd.DataFrame, flags: Flags) -> Flags:
    """Flag all but one of the fixes of an animal at a time; rows are in that order already."""
    made = np.zeros(len(table), dtype=np.uint16)
    animals = pd.factorize(table["animal_id"])[0]
    times = _comparable(table["time"])
    same = (animals[1:] == animals[:-1]) & (times[1:] == times[:-1])
    if not same.any():
        return made
    # neighbours with the same animal and time, and only those, need a closer look
    near = np.zeros(len(table), dtype=bool)
    near[1:] |= same
    near[:-1] |= same
    rows = np.flatnonzero(near & (flags == 0))
    part = table.iloc[rows]
    order = np.lexsort(
        (
            part["y"].to_numpy(float),
            part["x"].to_numpy(float),
            _ranked(part, "error_m"),
            _ranked(part, "hdop"),
            -_ranked(part, "fix_dimension", missing=0.0),
        )
    )
    rows = rows[order]
    # a stable sort puts each animal's fixes of one time together, the best first
    key = np.cumsum(np.concatenate([[True], ~same]))
    rows = rows[np.argsort(key[rows], kind="stable")]
    groups = key[rows]
    later = np.concatenate([[False], groups[1:] == groups[:-1]])
    first = np.flatnonzero(~later)
    best = rows[first[np.cumsum(~later) - 1]] if len(rows) else rows
    x, y = table["x"].to_numpy(float), table["y"].to_numpy(float)
    alike = (x[rows] == x[best]) & (y[rows] == y[best])
    made[rows[later & alike]] |= np.uint16(Flag.DUPLICATE)
    made[rows[later & ~alike]] |= np.uint16(Flag.SAME_TIME)
    return made


def _comparable(times: "pd.Series[Any]") -> NDArray[Any]:
    """Return times as numbers; missing ones are equal to nothing, not to each other."""
    if pd.api.types.is_float_dtype(times):
        seconds: NDArray[Any] = times.to_numpy()
        return seconds
    # as they stand with their zone, times would become objects one by one
    stamps: NDArray[Any] = times.dt.tz_localize(None).to_numpy()
    return stamps


def _ranked(table: pd.DataFrame, name: str, missing: float = np.inf) -> NDArray[np.float64]:
    if name not in table.columns:
        return np.zeros(len(table))
    values: NDArray[np.float64] = table[name].to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isnan(values), missing, values)
