"""Where along barriers crossings concentrate, and how far from a barrier its effect reaches."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.movement.barriers.behaviour import interval_of
from kulan.movement.barriers.permeability import KNOWN
from kulan.movement.barriers.segments import BarrierSegments
from kulan.movement.intervals import UNKNOWN, Interval
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
_WEEK_S = 7 * 86_400.0
# of fewer weeks, drawn anew, limits say more of the few than of what is not known
LEAST_WEEKS = 8


def stretches(met: pd.DataFrame, segments: BarrierSegments, *, length_m: float) -> pd.DataFrame:
    """Count encounters and crossings along barriers, stretch by stretch.

    Parameters
    ----------
    met
        Encounters with outcomes, see `kulan.movement.barriers.outcomes.outcomes`.
    segments
        The barriers.
    length_m
        Length of a stretch, m; the last of a segment, or of each of its parts where these do not
        meet, may be shorter.

    Returns
    -------
    DataFrame
        One row for each stretch with an encounter of known outcome: `segment` (row),
        `barrier_id`, `segment_id`, `from_m` and `to_m` along the segment (its parts one after
        another, without the gaps between them), `encounters`, `crossed`, `animals`,
        `animals_crossed`, `x_m` and `y_m` (its middle); most crossed first.

    Examples
    --------
    >>> from kulan.movement.barriers.segments import segments_of
    >>> rail = segments_of(["rail"], [shapely.LineString([(0, 0), (5000, 0)])])
    >>> met = pd.DataFrame(
    ...     {"animal_id": ["a", "a"], "outcome": "crossed", "at_segment": 0,
    ...      "x_m": [0.0, 0.0], "y_m": 0.0, "crossing_x_m": [2100.0, 2900.0], "crossing_y_m": 0.0}
    ... )
    >>> stretches(met, rail, length_m=1000)[["from_m", "to_m", "crossed"]].values.tolist()
    [[2000.0, 3000.0, 2.0]]
    """
    known = met[met["outcome"].isin(KNOWN)]
    segment = known["at_segment"].to_numpy(np.int64)
    x_m = known["crossing_x_m"].fillna(known["x_m"]).to_numpy(float)
    y_m = known["crossing_y_m"].fillna(known["y_m"]).to_numpy(float)
    rows = _stretches_of(segments, segment, x_m, y_m, length_m).assign(
        animal_id=known["animal_id"].to_numpy(),
        crossed=(known["outcome"] == "crossed").to_numpy(),
    )
    names = ["segment", "part", "stretch"]
    by = rows.groupby(names, sort=True)
    table = pd.DataFrame(
        {
            "encounters": by.size(),
            "crossed": by["crossed"].sum(),
            "animals": by["animal_id"].nunique(),
        }
    )
    who = rows[rows["crossed"]].groupby(names)["animal_id"].nunique()
    table["animals_crossed"] = who.reindex(table.index, fill_value=0)
    table = _with_places(table.reset_index(), segments, length_m)
    table["barrier_id"] = [segments.barrier_id[row] for row in table["segment"]]
    table["segment_id"] = [segments.segment_id[row] for row in table["segment"]]
    order = table.sort_values(
        ["crossed", "encounters", "segment", "from_m"], ascending=[False, False, True, True]
    )
    return order.drop(columns=["part", "stretch"]).reset_index(drop=True)


def _parts(shape: Any) -> NDArray[np.object_]:
    """Join the parts of a set of lines where they meet, and return what stays apart, in order."""
    return np.asarray(shapely.get_parts(shapely.line_merge(shape)), dtype=object)


def _stretches_of(
    segments: BarrierSegments,
    segment: NDArray[np.int64],
    x_m: Floats,
    y_m: Floats,
    length_m: float,
) -> pd.DataFrame:
    """Return the segment, the part of it and the stretch of that part next to each place."""
    points = np.asarray(shapely.points(x_m, y_m), dtype=object)
    part, stretch = np.zeros(len(points), np.int64), np.zeros(len(points), np.int64)
    for row in np.unique(segment):
        here = np.flatnonzero(segment == row)
        parts = _parts(segments.shapes[row])
        nearest = shapely.STRtree(parts).query_nearest(points[here], all_matches=False)[1]
        along_m = shapely.line_locate_point(parts[nearest], points[here])
        last = np.maximum(np.ceil(shapely.length(parts[nearest]) / length_m) - 1, 0)
        part[here] = nearest
        # the end of a line lies on its last stretch, not on one of no length behind it
        stretch[here] = np.minimum(np.floor(along_m / length_m), last)
    return pd.DataFrame({"segment": segment, "part": part, "stretch": stretch})


def _with_places(table: pd.DataFrame, segments: BarrierSegments, length_m: float) -> pd.DataFrame:
    """Add where each stretch begins and ends along its segment, and its middle."""
    begin, end, x_m, y_m = (np.zeros(len(table)) for _ in range(4))
    for row in table["segment"].unique():
        own = table[table["segment"] == row]
        parts = _parts(segments.shapes[row])
        part = own["part"].to_numpy(np.int64)
        part_m = shapely.length(parts)
        from_m = own["stretch"].to_numpy(float) * length_m
        to_m = np.minimum(from_m + length_m, part_m[part])
        middle = shapely.line_interpolate_point(parts[part], (from_m + to_m) / 2)
        before_m = (np.cumsum(part_m) - part_m)[part]
        begin[own.index], end[own.index] = before_m + from_m, before_m + to_m
        x_m[own.index], y_m[own.index] = shapely.get_x(middle), shapely.get_y(middle)
    return table.assign(from_m=begin, to_m=end, x_m=x_m, y_m=y_m)


@dataclass(frozen=True)
class Concentration:
    """How much crossings crowd together.

    Attributes
    ----------
    share
        Of all crossings, those on the tenth of the stretches that is crossed most.
    by_chance
        The same if outcomes were dealt anew among each animal's encounters: median, 95 % limits.
    stretches, crossed
        What it rests on.
    """

    share: float
    by_chance: Interval
    stretches: int
    crossed: int


def concentration(
    met: pd.DataFrame,
    segments: BarrierSegments,
    *,
    length_m: float,
    rng: np.random.Generator,
    deals: int = 500,
) -> Concentration:
    """Tell whether crossings crowd more than encounters make them.

    Parameters
    ----------
    met
        Encounters as in `stretches`.
    segments
        The barriers.
    length_m
        Length of a stretch, m.
    rng
        Source of chance.
    deals
        How often outcomes are dealt anew.
    """
    known = met[met["outcome"].isin(KNOWN)].reset_index(drop=True)
    as_met = known.assign(crossing_x_m=np.nan, crossing_y_m=np.nan)
    place, number = _stretch_of(as_met, segments, length_m)
    crossed = (known["outcome"] == "crossed").to_numpy()
    top = max(1, math.ceil(number / 10))
    chance = np.empty(deals)
    order = np.argsort(known["animal_id"].to_numpy(), kind="stable")
    sizes = known["animal_id"].value_counts(sort=False).sort_index().to_numpy()
    group = np.repeat(np.arange(len(sizes)), sizes)
    for k in range(deals):
        shuffled = np.lexsort((rng.random(len(order)), group))
        dealt = np.zeros(len(order), dtype=bool)
        dealt[order] = crossed[order][shuffled]
        chance[k] = _top_share(place[dealt], number, top)
    low, middle, high = (float(v) for v in np.quantile(chance, [0.025, 0.5, 0.975]))
    share = _top_share(place[crossed], number, top)
    return Concentration(share, Interval(low, middle, high), number, int(crossed.sum()))


def _stretch_of(
    met: pd.DataFrame, segments: BarrierSegments, length_m: float
) -> tuple[NDArray[np.int64], int]:
    segment = met["at_segment"].to_numpy(np.int64)
    x_m, y_m = met["x_m"].to_numpy(float), met["y_m"].to_numpy(float)
    names = _stretches_of(segments, segment, x_m, y_m, length_m).to_numpy()
    found, at = np.unique(names, axis=0, return_inverse=True)
    return np.asarray(at, dtype=np.int64).ravel(), len(found)


def _top_share(places: NDArray[np.int64], number: int, top: int) -> float:
    if not len(places):
        return math.nan
    counts = np.sort(np.bincount(places, minlength=number))[::-1]
    return float(counts[:top].sum() / len(places))


@dataclass(frozen=True)
class EffectDistance:
    """How far from a barrier movement is other than farther away.

    Attributes
    ----------
    distance_m
        Where the change ends, m, with its limits; unknown where none was found, or where there
        are too few weeks to say.
    at_line, beyond
        Mean of the logarithm of speed (m/h) at the line and beyond the distance.
    explained
        Share of the variance between steps that distance explains.
    weeks, steps
        What it rests on.
    """

    distance_m: Interval
    at_line: float
    beyond: float
    explained: float
    weeks: int
    steps: int


def effect_distance(
    tracks: Sequence[Track],
    segments: BarrierSegments,
    *,
    reach_m: float,
    rng: np.random.Generator,
    resamples: int = 200,
) -> EffectDistance:
    r"""Find the distance from barriers up to which speed changes with distance.

    The logarithm of the speed of a step is a straight line of distance up to :math:`D` and level
    beyond it. :math:`D` is chosen by least squares; its limits come from drawing weeks of animals
    anew, since steps of one week are alike. It is unknown where more than one in twenty of the
    draws turns the sign of the change: then no effect on speed can be told; and with fewer than
    eight weeks of animals, of which limits cannot be drawn.

    Parameters
    ----------
    tracks
        One for each animal.
    segments
        Barriers in the plane of the tracks.
    reach_m
        Farthest distance to look at, m.
    rng
        Source of chance.
    resamples
        How often weeks are drawn anew.

    Examples
    --------
    >>> from kulan.movement.barriers.segments import segments_of
    >>> rail = segments_of(["rail"], [shapely.LineString([(0, -9e4), (0, 9e4)])])
    >>> rng = np.random.default_rng(4)
    >>> x_m = np.abs(np.cumsum(rng.normal(0, 400, 3000)))
    >>> track = Track("k1", np.arange(3000) * 3600.0, x_m, np.zeros(3000))
    >>> found = effect_distance([track], rail, reach_m=5000, rng=rng)
    >>> found.steps > 100
    True
    """
    distance, speed, week = _speeds(tracks, segments, reach_m)
    if len(distance) < 50:
        weeks = len(np.unique(week))
        return EffectDistance(UNKNOWN, math.nan, math.nan, 0.0, weeks, len(distance))
    candidates = np.linspace(0.05, 0.9, 86) * reach_m
    hinges = np.minimum(distance[:, None], candidates[None, :])
    names, week = np.unique(week, return_inverse=True)
    sums = _sums_by_week(hinges, speed, week.ravel(), len(names))
    best, slope, level, explained = _broken_line(sums.sum(axis=0))
    drawn = [
        _broken_line(sums[rng.integers(0, len(names), len(names))].sum(axis=0))
        for _ in range(resamples)
    ]
    turned = np.mean([np.sign(one[1]) != np.sign(slope) for one in drawn])
    at = float(candidates[best])
    low, high = np.quantile([candidates[one[0]] for one in drawn], [0.025, 0.975])
    known = turned <= 0.05 and len(names) >= LEAST_WEEKS
    limits = Interval(float(low), at, float(high)) if known else UNKNOWN
    return EffectDistance(limits, level, level + slope * at, explained, len(names), len(distance))


def _speeds(
    tracks: Sequence[Track], segments: BarrierSegments, reach_m: float
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return distance from the line, logarithm of speed and week of each step in reach."""
    parts = []
    for number, track in enumerate(tracks):
        if len(track) < 2:
            continue
        hours = np.diff(track.time_s) / 3600.0
        regular = hours <= 1.5 * interval_of(track)
        way = np.hypot(np.diff(track.x_m), np.diff(track.y_m))
        distance, _ = segments.nearest(track.x_m[:-1], track.y_m[:-1], reach_m)
        used = regular & (way > 0) & np.isfinite(distance)
        week = np.floor((track.time_s[:-1] - track.time_s[0]) / _WEEK_S).astype(np.int64)
        speed = np.log(way[used] / hours[used])
        parts.append((distance[used], speed, week[used] + number * 100_000))
    if not parts:
        return np.empty(0), np.empty(0), np.empty(0, np.int64)
    distances, speeds, weeks = zip(*parts, strict=True)
    return np.concatenate(distances), np.concatenate(speeds), np.concatenate(weeks)


def _sums_by_week(hinges: Floats, speed: Floats, week: NDArray[np.int64], number: int) -> Floats:
    """Return, for each week and candidate, what a regression needs: n, h, hh, y, yy, hy."""
    sums = np.zeros((number, hinges.shape[1], 6))
    columns = [np.ones_like(speed), speed, speed**2]
    for place, values in zip((0, 3, 4), columns, strict=True):
        sums[:, :, place] = np.bincount(week, values, minlength=number)[:, None]
    for k in range(hinges.shape[1]):
        hinge = hinges[:, k]
        for place, values in zip((1, 2, 5), (hinge, hinge**2, hinge * speed), strict=True):
            sums[:, k, place] = np.bincount(week, values, minlength=number)
    return sums


def _broken_line(sums: Floats) -> tuple[int, float, float, float]:
    """Return the best candidate, its slope, the level at the line, and the share explained."""
    n, h, hh, y, yy, hy = sums.T
    spread = hh - h * h / n
    together = hy - h * y / n
    total = yy - y * y / n
    gain = np.where(spread > 0, together**2 / np.where(spread > 0, spread, 1), 0.0)
    best = int(gain.argmax())
    slope = float(together[best] / spread[best]) if spread[best] > 0 else 0.0
    level = float((y[best] - slope * h[best]) / n[best])
    return best, slope, level, float(gain[best] / total[best]) if total[best] > 0 else 0.0
