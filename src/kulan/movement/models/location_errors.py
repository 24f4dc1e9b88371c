"""How far fixes lie from where the collar was, learnt from collars that stood still.

A receiver tells the dilution of precision (HDOP) of a fix, which has no unit. What turns it into
metres is the user equivalent range error of its class of fixes: the error's standard deviation
along each axis at a dilution of 1.

References
----------
Fleming, C. H. et al. (2020). A comprehensive framework for handling location error in animal
tracking data. bioRxiv 2020.06.12.130195.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.fixes import Fixes
from kulan.movement.intervals import Interval, variance_interval
from kulan.movement.tracks import track_of

Floats = NDArray[Any]
# what tells classes of fixes apart, where a table has it
CLASSES = ("sensor", "fix_dimension")
ONE_CLASS = "all fixes"


@dataclass(frozen=True)
class RangeError:
    """The location error of a class of fixes.

    Attributes
    ----------
    error_m
        Standard deviation along each axis at a dilution of 1, m, with its limits.
    fixes
        Calibration fixes of this class.
    collars
        Collars that stood still.
    by_dilution
        Whether errors grow with the dilution; without one they are the same for all fixes.
    """

    error_m: Interval
    fixes: int
    collars: int
    by_dilution: bool


def range_errors(fixes: Fixes, level: float = 0.95) -> dict[str, RangeError]:
    """Learn the location error of each class of fixes from collars that stood still.

    Parameters
    ----------
    fixes
        Of collars at one place each: an `animal_id` for each collar and place. Fixes without a
        flag count; where there are dilutions, those that have one.
    level
        Of the limits.

    Returns
    -------
    dict of str and RangeError
        By class: sensor and dimension of the fix where they are told, else `ONE_CLASS`.

    Raises
    ------
    NotEnoughDataError
        If a class has fewer than two fixes more than places take to be known, or fixes that are
        all at one place.

    Notes
    -----
    Residual likelihood: a collar's place is the mean of its fixes, weighted by their errors; a
    squared error u^2 is that where sum(r^2 / hdop^2) / u^2 is twice the fixes less the share of the
    places they pay for. Limits are a chi-square's with that many degrees of freedom.

    Examples
    --------
    >>> from kulan.movement.fixes import make_fixes
    >>> rng = np.random.default_rng(1)
    >>> table = pd.DataFrame(rng.normal(0.0, 12.0, (500, 2)), columns=["x", "y"])
    >>> table = table.assign(animal_id="lab roof", time=np.arange(500) * 3600.0)
    >>> found = range_errors(make_fixes(table, crs="", clock="elapsed"))
    >>> round(found["all fixes"].error_m.estimate)
    12
    """
    table = fixes.table
    by_dilution = "hdop" in table and bool(table["hdop"].notna().any())
    names = _class_names(table)
    places, collars, classes, dilutions = [], [], [], []
    for number, collar in enumerate(fixes.animals):
        track = track_of(fixes, collar)
        dilution = table["hdop"].to_numpy(float)[track.rows] if by_dilution else np.ones(len(track))
        known = np.isfinite(dilution) & (dilution > 0)
        places.append(track.positions_m[known])
        dilutions.append(dilution[known])
        classes.append(names[track.rows][known])
        collars.append(np.full(int(known.sum()), number))
    xy, which = np.concatenate(places), np.concatenate(collars)
    dilution, of_class = np.concatenate(dilutions), np.concatenate(classes)
    kinds = sorted(set(of_class))
    if not kinds:
        raise NotEnoughDataError(
            "calibration: no fix is usable. Give fixes of a collar that stood still, with their "
            "HDOP if the animals' fixes have one."
        )
    index = np.searchsorted(kinds, of_class)
    squared, freedom = _residual_variances(xy, which, dilution, index, len(kinds))
    found = {}
    for number, kind in enumerate(kinds):
        own = index == number
        if freedom[number] < 2 or not squared[number] > 0:
            raise NotEnoughDataError(
                f"calibration of {kind}: {int(own.sum())} fix(es) of a collar that stood still are "
                "too few to tell their error, or all lie at one place. Let it stand for longer."
            )
        limits = variance_interval(float(squared[number]), float(freedom[number]), level)
        low, middle, high = map(math.sqrt, (limits.low, limits.estimate, limits.high))
        error = Interval(low, middle, high, level)
        found[kind] = RangeError(error, int(own.sum()), len(set(which[own])), by_dilution)
    return found


def _class_names(table: pd.DataFrame) -> NDArray[Any]:
    """Return the class of each fix in words."""
    told = [name for name in CLASSES if name in table and table[name].notna().any()]
    if not told:
        return np.full(len(table), ONE_CLASS, dtype=object)
    words = []
    for name in told:
        column = table[name]
        if name == "fix_dimension":
            numbers = pd.to_numeric(column, errors="coerce")
            words.append([f"{value:.0f}D" if math.isfinite(value) else "?D" for value in numbers])
        else:
            words.append([str(value) if pd.notna(value) else "?" for value in column])
    return np.array([" ".join(parts) for parts in zip(*words, strict=True)], dtype=object)


def _residual_variances(
    xy: Floats, which: NDArray[Any], dilution: Floats, index: NDArray[Any], classes: int
) -> tuple[Floats, Floats]:
    """Return each class's squared error at a dilution of 1, m², and its degrees of freedom."""
    squared = np.ones(classes)
    told: Floats = np.zeros(classes)
    freedom: Floats = np.zeros(classes)
    counts = np.bincount(index, minlength=classes).astype(float)
    middle: Floats
    for _ in range(500):
        weight = 1 / (squared[index] * dilution**2)
        total = np.bincount(which, weight)
        middle = np.stack([np.bincount(which, weight * xy[:, i]) for i in (0, 1)], axis=1)
        middle = middle / np.maximum(total, 1e-300)[:, None]
        misfit = ((xy - middle[which]) ** 2).sum(axis=1) / dilution**2
        spent = np.bincount(index, weight / total[which], minlength=classes)
        freedom = 2 * (counts - spent)
        told = np.bincount(index, misfit, minlength=classes) / np.maximum(freedom, 1e-9)
        if np.allclose(told, squared, rtol=1e-10):
            break
        squared = np.maximum(told, 1e-12)
    return told, freedom


def with_range_errors(fixes: Fixes, errors: Mapping[str, RangeError]) -> Fixes:
    """Return the fixes with a location error in metres where they had none.

    Parameters
    ----------
    fixes
        Of animals.
    errors
        Of each class, from `range_errors`.

    Raises
    ------
    InvalidTableError
        If fixes are of a class that was not calibrated, or lack the dilution that errors go by.
    """
    table = fixes.table
    names = _class_names(table) if set(errors) != {ONE_CLASS} else np.full(len(table), ONE_CLASS)
    radius = _column(table, "error_m")
    lacking = fixes.used & ~np.isfinite(radius) & ~np.isfinite(_column(table, "error_major_m"))
    unknown = sorted({str(name) for name in names[lacking]} - set(errors))
    if unknown:
        raise InvalidTableError(
            f"calibration: fixes are {', '.join(unknown)}, and the collar that stood still has "
            f"{', '.join(errors)} only. Calibrate each class, or flag the fixes of the others."
        )
    dilution = _column(table, "hdop")
    needs = np.array([errors[name].by_dilution if name in errors else False for name in names])
    bare = lacking & needs & ~(dilution > 0)
    if bare.any():
        raise InvalidTableError(
            f"calibration: it goes by HDOP, which {int(bare.sum())} of {int(lacking.sum())} fixes "
            "do not have. Flag them, or calibrate without HDOP."
        )
    sizes = {name: one.error_m.estimate for name, one in errors.items()}
    size = np.array([sizes.get(name, math.nan) for name in names])
    made = np.where(lacking, size * np.where(needs, dilution, 1.0), radius)
    return replace(fixes, table=table.assign(error_m=made))


def _column(table: pd.DataFrame, name: str) -> Floats:
    if name not in table:
        return np.full(len(table), np.nan)
    return np.asarray(table[name].to_numpy(dtype=float))
