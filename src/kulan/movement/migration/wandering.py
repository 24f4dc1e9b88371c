"""Wandering: what can be said of animals that have no seasons to be forced into.

Nomads such as the Mongolian gazelle neither keep to a range nor go back and forth (Mueller & Fagan
2008, Oikos 117:654-664).
These measures need no model of a range, and each says when the record is too short for it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import stats

from kulan.errors import NotEnoughDataError
from kulan.movement.intervals import UNKNOWN, Interval
from kulan.movement.migration.thinning import DAY_S, mean_positions
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]

_NEEDED = 60
_BLOCKS = 10
_YEAR_DAYS = 365.25
_APART_DAYS = 30.0
_MONTH_DAYS = 30
_FEWEST_PAIRS = 30


@dataclass(frozen=True)
class Wandering:
    """How an animal wanders; limits by a jackknife over ten blocks of its time.

    Limits go no further than the measure can: no distance is below 0, no straightness above 1.

    Attributes
    ----------
    days
        Between the first position and the last.
    extent_km
        Between the two positions farthest apart.
    hull_km2
        Area of the convex hull of all positions, km².
    daily_km
        Median distance between positions a day apart, km.
    spreading
        Exponent with which the mean squared displacement grows with time: 0 in a range, 1 for a
        random walk, 2 straight on.
    straightness
        Median, over months, of the distance covered by the sum of the daily ones: 1 is straight.
    year_apart_km
        Median distance between positions one year apart, km; unknown in a shorter record.
    fidelity
        That distance by the median distance of positions over a month apart: near 0 for animals
        that are where they were a year ago, near 1 for those that may be anywhere.
    """

    days: float
    extent_km: float
    hull_km2: float
    daily_km: Interval
    spreading: Interval
    straightness: Interval
    year_apart_km: Interval
    fidelity: Interval


def measure_wandering(track: Track) -> Wandering:
    """Measure how an animal wanders, by one mean position a day.

    Parameters
    ----------
    track
        One animal's track.

    Returns
    -------
    Wandering

    Raises
    ------
    NotEnoughDataError
        If there are fewer than sixty days with a position.

    References
    ----------
    Mueller, T., Fagan, W. F. (2008). Search and navigation in dynamic environments: from individual
    behaviors to population distributions. Oikos 117: 654-664. Börger, L., Fryxell, J. (2012).
    Quantifying individual differences in dispersal using net squared displacement. In Dispersal
    Ecology and Evolution, Oxford University Press.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> walk = rng.normal(0, 5000, (2, 800)).cumsum(axis=1)
    >>> found = measure_wandering(Track("k1", DAY_S * np.arange(800), *walk))
    >>> found.spreading.holds(1.0)
    True
    """
    thin = mean_positions(track)
    if len(thin) < _NEEDED:
        raise NotEnoughDataError(
            f"track of {track.animal_id}: {len(thin)} days with a position; wandering is measured "
            f"from {_NEEDED} on."
        )
    day = np.floor((thin.time_s - thin.time_s[0]) / DAY_S)
    xy_km = thin.positions_m / 1000
    corners = shapely.convex_hull(shapely.multipoints(xy_km))
    outer = shapely.get_coordinates(corners)
    extent = np.hypot(*(outer[:, None] - outer[None, :]).T).max()
    return Wandering(
        float((thin.time_s[-1] - thin.time_s[0]) / DAY_S),
        float(extent),
        float(corners.area),
        _jackknifed(_daily_km, day, xy_km, least=0.0),
        _jackknifed(_spreading, day, xy_km),
        _jackknifed(_straightness, day, xy_km, least=0.0, most=1.0),
        _jackknifed(_year_apart_km, day, xy_km, least=0.0),
        _jackknifed(_fidelity, day, xy_km, least=0.0),
    )


def _jackknifed(
    measure: Callable[[Floats, Floats], float],
    day: Floats,
    xy_km: Floats,
    *,
    least: float = -math.inf,
    most: float = math.inf,
) -> Interval:
    """Return a measure with limits from leaving out one tenth of the time after another."""
    whole = measure(day, xy_km)
    if math.isnan(whole):
        return UNKNOWN
    block = np.minimum((day / (day[-1] + 1) * _BLOCKS).astype(int), _BLOCKS - 1)
    parts = [measure(day[block != k], xy_km[block != k]) for k in np.unique(block)]
    known = np.array([part for part in parts if not math.isnan(part)])
    if len(known) < 3:
        return Interval(math.nan, whole, math.nan)
    n = len(known)
    error = math.sqrt((n - 1) / n * float(((known - known.mean()) ** 2).sum()))
    reach = float(stats.t.ppf(0.975, n - 1)) * error
    # rounding may put the straightest of ways beyond 1
    whole = min(max(whole, least), most)
    return Interval(max(whole - reach, least), whole, min(whole + reach, most))


def _pairs(day: Floats, lag: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of positions that lie `lag` days apart."""
    _, first, second = np.intersect1d(day, day - lag, return_indices=True)
    return first, second


def _apart_km(day: Floats, xy_km: Floats, lag: int) -> Floats:
    first, second = _pairs(day, lag)
    away: Floats = np.hypot(*(xy_km[second] - xy_km[first]).T)
    return away


def _daily_km(day: Floats, xy_km: Floats) -> float:
    away = _apart_km(day, xy_km, 1)
    return float(np.median(away)) if len(away) >= _FEWEST_PAIRS else math.nan


def _spreading(day: Floats, xy_km: Floats) -> float:
    lags = np.unique(np.geomspace(1, max((day[-1] - day[0]) / 4, 2), 20).astype(int))
    found = []
    for lag in lags:
        away = _apart_km(day, xy_km, int(lag))
        if len(away) >= _FEWEST_PAIRS and away.max() > 0:
            found.append((math.log(lag), math.log(float((away**2).mean()))))
    if len(found) < 3:
        return math.nan
    logs = np.array(found)
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def _straightness(day: Floats, xy_km: Floats) -> float:
    month = (day // _MONTH_DAYS).astype(int)
    found = []
    for one in np.unique(month):
        own = xy_km[month == one]
        walked = np.hypot(*np.diff(own, axis=0).T).sum() if len(own) > _MONTH_DAYS // 2 else 0.0
        if walked > 0:
            found.append(float(np.hypot(*(own[-1] - own[0]))) / walked)
    return float(np.median(found)) if found else math.nan


def _year_apart_km(day: Floats, xy_km: Floats) -> float:
    away = _apart_km(day, xy_km, round(_YEAR_DAYS))
    return float(np.median(away)) if len(away) >= _FEWEST_PAIRS else math.nan


def _fidelity(day: Floats, xy_km: Floats) -> float:
    year = _year_apart_km(day, xy_km)
    if math.isnan(year):
        return math.nan
    some = np.linspace(0, len(day) - 1, min(len(day), 400)).astype(int)
    apart = np.abs(day[some][:, None] - day[some][None, :]) > _APART_DAYS
    away = np.hypot(*(xy_km[some][:, None] - xy_km[some][None, :]).transpose(2, 0, 1))[apart]
    return year / float(np.median(away))
