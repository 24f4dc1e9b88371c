"""Encounters with barriers, and what the animal does at each: Barrier Behavior Analysis.

After Xu, W., Dejid, N., Herrmann, V., Sawyer, H. & Middleton, A.D. (2021). Barrier Behaviour
Analysis (BaBA) reveals extensive effects of fencing on wide-ranging ungulates. Journal of Applied
Ecology 58: 690-698, doi:10.1111/1365-2664.13806.

An encounter is an unbroken run of fixes within a distance of a barrier. A short one is a bounce or
a quick cross; one that is too long to be movement at all is trapped; one in between is judged by
how straight it is beside the animal's own movement of the same length in the days around it.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.barriers.segments import BarrierSegments
from kulan.movement.barriers.straightness import (
    Straightness,
    slack_h,
    straightness_of,
    typical_straightness,
)
from kulan.movement.tracks import Track
from kulan.notes import Note
from kulan.words import N_

BEHAVIOURS = (
    "quick_cross",
    "average_movement",
    "bounce",
    "back_and_forth",
    "trace",
    "trapped",
    "unknown",
)
Like = Literal["BaBA"] | None
Whole = NDArray[np.int64]
_HOUR_S = 3600.0
_CENTIMETRE_M = 0.01


@dataclass(frozen=True)
class BehaviourSettings:
    """What makes an encounter, and what tells behaviours apart.

    Attributes
    ----------
    distance_m
        Fixes within this distance of a barrier are at it (`d` of BaBA).
    interval_h
        Time between fixes; None for the commonest of the track.
    b_time_h
        An encounter up to so long is short.
    p_time_h
        One longer than this is trapped.
    window_h
        Width of the time around an encounter from which typical straightness is taken (`w`).
    tolerance_h
        How much longer than the interval an animal may be seen away from the barrier and the
        encounter still go on.
    max_crossings
        With more crossings than this, back-and-forth and trace are unknown (`max_cross`).
    sd_multiplier
        How many standard deviations from typical is unusual.
    exclude_zone
        Whether fixes at barriers are left out of what is typical (`exclude_buffer`).
    missing_fixes
        Over how many missing fixes in a row an encounter, and a step across a line, is still
        believed. Not in BaBA.
    """

    distance_m: float
    interval_h: float | None = None
    b_time_h: float = 4.0
    p_time_h: float = 36.0
    window_h: float = 168.0
    tolerance_h: float = 0.0
    max_crossings: int = 0
    sd_multiplier: float = 1.0
    exclude_zone: bool = False
    missing_fixes: int = 1

    def __post_init__(self) -> None:
        if not (self.distance_m > 0 and self.window_h > 0 and 0 < self.b_time_h <= self.p_time_h):
            raise InvalidTableError(
                f"distance {self.distance_m:g} m, short up to {self.b_time_h:g} h, trapped above "
                f"{self.p_time_h:g} h, window {self.window_h:g} h: all must be above 0, and what "
                "is short must end before what is trapped begins."
            )


def encounters(
    track: Track, segments: BarrierSegments, settings: BehaviourSettings, *, like: Like = None
) -> pd.DataFrame:
    """Find the encounters of a track with barriers, and classify each.

    A step across a gap in the record says that a line was crossed, not when or where. Beyond
    `missing_fixes`, such a step neither joins encounters nor tells a crossing: without a fix before
    and after, a short encounter is unknown unless a crossing was seen. Zones are true distances,
    and a line met where two segments join is met once.

    With ``like="BaBA"`` events, classes and numbers are those of the R package `BaBA` 2.4: zones
    are polygons of five edges to a quarter turn, the fixes before and after an encounter count
    however long ago they were, any irregular gap ends an encounter, and joints of segments are
    counted twice.

    Parameters
    ----------
    track
        An animal's fixes.
    segments
        Barriers in the plane of the track.
    settings
        Distances and times.
    like
        "BaBA" for the answers of that package.

    Returns
    -------
    DataFrame
        One row for each encounter, in order: `animal_id`; `first_fix` and `last_fix` (places in
        the track); `start_s`, `end_s`, `duration_h`; `n_fixes`, `n_missing` (fixes that are
        lacking within); `x_m`, `y_m` (of the first fix); `distance_m` (nearest it came); `segment`
        (row of the nearest segment); `crossings` (for a short encounter with the steps in and out,
        as BaBA counts); `straightness`, `straightness_mean`, `straightness_sd`, `windows`;
        `behaviour`, one of `BEHAVIOURS`, and `why` where it is unknown.

    Raises
    ------
    InvalidTableError
        If the track and the barriers lie in different planes, or an encounter may be no longer than
        the time between fixes.
    NotEnoughDataError
        If the track has fewer than two fixes.

    Examples
    --------
    >>> from kulan.movement.barriers.segments import segments_of
    >>> rail = segments_of(["rail"], [shapely.LineString([(0, -9e3), (0, 9e3)])])
    >>> x_m = np.array([-3000.0, -1500, -50, 1500, 3000])
    >>> track = Track("k1", np.arange(5) * 7200.0, x_m, np.zeros(5))
    >>> found = encounters(track, rail, BehaviourSettings(distance_m=100))
    >>> found[["behaviour", "crossings"]].to_dict("records")
    [{'behaviour': 'quick_cross', 'crossings': 1}]
    """
    interval_h = _interval_h(track, segments, settings)
    inside, distance_m, nearest = _at_barriers(track, segments, settings, like)
    first, last = _runs(track, inside, interval_h, settings, like)
    made = pd.DataFrame({"animal_id": track.animal_id, "first_fix": first, "last_fix": last})
    made["start_s"], made["end_s"] = track.time_s[first], track.time_s[last]
    made["duration_h"] = (made["end_s"] - made["start_s"]) / _HOUR_S
    made["n_fixes"] = last - first + 1
    expected = np.rint(made["duration_h"] / interval_h).astype(np.int64) + 1
    made["n_missing"] = np.maximum(expected - made["n_fixes"], 0)
    made["x_m"], made["y_m"] = track.x_m[first], track.y_m[first]
    made["distance_m"], made["segment"] = _nearest_within(distance_m, nearest, first, last)
    slack = 0.0 if like == "BaBA" else slack_h(interval_h)
    made["is_short"] = made["duration_h"] <= settings.b_time_h + slack
    made["is_long"] = made["duration_h"] > settings.p_time_h + slack
    path = EventPaths.of(track, first, last, made["is_short"].to_numpy())
    if like is None:
        path = path.without_gaps(track, _longest_step_s(interval_h, settings))
    made["crossings"] = path.crossings(track, segments, joints_once=like is None)
    straight = [
        typical_straightness(
            track,
            (int(begin), int(end)),
            interval_h=interval_h,
            window_h=settings.window_h,
            left_out=inside if settings.exclude_zone else None,
        )
        if between
        else Straightness()
        for begin, end, between in zip(
            first, last, ~(made["is_short"] | made["is_long"]), strict=True
        )
    ]
    made["straightness"] = straightness_of(track, first, last)
    made["straightness_mean"] = [one.mean for one in straight]
    made["straightness_sd"] = [one.sd for one in straight]
    made["windows"] = [one.windows for one in straight]
    needed = (settings.window_h / interval_h + 1) / 4
    told = [
        _classify(row, whole, settings, needed)
        for row, whole in zip(made.to_dict("records"), path.whole, strict=True)
    ]
    made["behaviour"] = [behaviour for behaviour, _ in told]
    made["why"] = [why for _, why in told]
    return made.drop(columns=["is_short", "is_long"])


def interval_of(track: Track) -> float:
    """Return the commonest time between the fixes of a track, to the minute, h.

    Raises
    ------
    NotEnoughDataError
        If the track has fewer than two fixes.
    """
    if len(track) < 2:
        text = N_("track of {animal}: {count} fixes. Two at least are needed.")
        raise NotEnoughDataError(Note(text, animal=track.animal_id, count=len(track)))
    minutes = np.maximum(np.rint(np.diff(track.time_s) / 60.0), 1)
    values, counts = np.unique(minutes, return_counts=True)
    return float(values[counts.argmax()] / 60.0)


def _interval_h(track: Track, segments: BarrierSegments, settings: BehaviourSettings) -> float:
    if track.plane != segments.plane:
        raise InvalidTableError(
            f"track of {track.animal_id} lies in '{track.plane.crs}', barriers in "
            f"'{segments.plane.crs}': bring both into one plane."
        )
    own = interval_of(track)
    interval_h = own if settings.interval_h is None else settings.interval_h
    if interval_h > settings.b_time_h:
        text = N_(
            "track of {animal}: fixes are {interval} h apart, and a short encounter may last "
            "{short} h. Give a longer time for short encounters."
        )
        hours = {"interval": float(interval_h), "short": float(settings.b_time_h)}
        raise InvalidTableError(Note(text, animal=track.animal_id, **hours))
    return interval_h


def _longest_step_s(interval_h: float, settings: BehaviourSettings) -> float:
    """Return the longest time between two fixes over which a step is believed, s."""
    return (settings.missing_fixes + 1.5) * interval_h * _HOUR_S


def _at_barriers(
    track: Track, segments: BarrierSegments, settings: BehaviourSettings, like: Like
) -> tuple[NDArray[np.bool_], NDArray[np.float64], Whole]:
    reach = settings.distance_m
    distance_m, nearest = segments.nearest(track.x_m, track.y_m, reach)
    inside = np.isfinite(distance_m) & (distance_m <= reach)
    if like == "BaBA":
        # only near the rim do the zone of polygons and the zone of distances differ
        rim = np.flatnonzero(inside & (distance_m > 0.95 * reach))
        inside[rim] = segments.within_polygons(track.x_m[rim], track.y_m[rim], reach)
    return inside, distance_m, nearest


def _runs(
    track: Track,
    inside: NDArray[np.bool_],
    interval_h: float,
    settings: BehaviourSettings,
    like: Like,
) -> tuple[Whole, Whole]:
    """Return the first and last fix of each run at barriers."""
    at = np.flatnonzero(inside)
    if not len(at):
        return at, at
    gap_h = np.diff(track.time_s[at]) / _HOUR_S
    if like == "BaBA":
        more = np.round(gap_h - interval_h, 1)
        goes_on = (more == 0) | ((more >= interval_h) & (more <= settings.tolerance_h))
    else:
        seen_away = np.diff(at) > 1
        believed = gap_h * _HOUR_S <= _longest_step_s(interval_h, settings)
        goes_on = (gap_h - interval_h <= settings.tolerance_h + 1e-9) | (~seen_away & believed)
        goes_on &= ~seen_away | (settings.tolerance_h > 0)
    ends = np.flatnonzero(~goes_on)
    return at[np.concatenate([[0], ends + 1])], at[np.concatenate([ends, [len(at) - 1]])]


def _nearest_within(
    distance_m: NDArray[np.float64], nearest: Whole, first: Whole, last: Whole
) -> tuple[NDArray[np.float64], Whole]:
    closest = np.array(
        [a + int(distance_m[a : b + 1].argmin()) for a, b in zip(first, last, strict=True)],
        dtype=np.int64,
    )
    return distance_m[closest], nearest[closest]


@dataclass(frozen=True, eq=False)
class EventPaths:
    """The pieces of track along which crossings of encounters are counted.

    Attributes
    ----------
    start, end
        First and last fix of each encounter's path.
    whole
        Whether the path has the fixes it asks for before and after the encounter.
    broken
        Steps (by their first fix) that are too long in time to be believed.
    """

    start: Whole
    end: Whole
    whole: NDArray[np.bool_]
    broken: NDArray[np.bool_] | None = None

    @classmethod
    def of(
        cls, track: Track, first: Whole, last: Whole, with_neighbours: NDArray[np.bool_]
    ) -> "EventPaths":
        """Take the fixes from first to last, and one more on each side where asked for."""
        more = with_neighbours.astype(np.int64)
        start, end = np.maximum(first - more, 0), np.minimum(last + more, len(track) - 1)
        whole = (first - start == more) & (end - last == more)
        return cls(start, end, whole)

    def without_gaps(self, track: Track, longest_s: float) -> "EventPaths":
        """Leave out steps longer than `longest_s`; a path that loses one is not whole."""
        broken = np.diff(track.time_s) > longest_s
        lost = np.concatenate([[0], np.cumsum(broken)])
        whole = self.whole & (lost[self.end] == lost[self.start])
        return EventPaths(self.start, self.end, whole, broken)

    def lines(self, track: Track) -> tuple[NDArray[np.object_], Whole]:
        """Return the paths as lines, broken where a step is left out, and whose each is."""
        length = self.end - self.start + 1
        event = np.repeat(np.arange(len(length)), length)
        fix = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        fix = fix + self.start[event]
        breaks = np.concatenate([[True], np.diff(event) > 0]) if len(event) else event > 0
        if self.broken is not None and len(fix):
            breaks[1:] |= self.broken[fix[1:] - 1] & ~breaks[1:]
        piece = np.cumsum(breaks) - 1
        long_enough = np.bincount(piece, minlength=1)[piece] > 1 if len(piece) else piece > 0
        piece, fix, event = piece[long_enough], fix[long_enough], event[long_enough]
        _, starts, piece = np.unique(piece, return_index=True, return_inverse=True)
        points = np.column_stack([track.x_m[fix], track.y_m[fix]])
        lines = shapely.linestrings(points, indices=piece) if len(points) else np.empty(0, object)
        return lines, event[starts]

    def steps(self, track: Track) -> tuple[NDArray[np.object_], Whole]:
        """Return the steps of the paths as lines, but those left out, and whose each is."""
        count = self.end - self.start
        event = np.repeat(np.arange(len(count)), count)
        fix = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        fix = fix + self.start[event]
        if self.broken is not None:
            kept = ~self.broken[fix]
            fix, event = fix[kept], event[kept]
        xy = track.positions_m
        return shapely.linestrings(np.stack([xy[fix], xy[fix + 1]], axis=1)), event

    def crossings(self, track: Track, segments: BarrierSegments, *, joints_once: bool) -> Whole:
        """Count how often each path meets a segment.

        Parameters
        ----------
        track
            The track the paths are of.
        segments
            Barriers.
        joints_once
            Whether a point that several segments share counts once.
        """
        lines, event = self.lines(track)
        met = segments.met_by(lines)
        met["event"] = event[met["path"].to_numpy()]
        if joints_once:
            at = (met[["x_m", "y_m"]] / _CENTIMETRE_M).round()
            joint = pd.concat([met["event"], met["points"], at], axis=1).duplicated()
            met = met[~(joint & (met["points"] == 1))]
        counted = np.bincount(met["event"], met["points"], minlength=len(self.start))
        return counted.astype(np.int64)


def _classify(
    row: dict[Any, Any], whole: bool, settings: BehaviourSettings, needed: float
) -> tuple[str, str]:
    if row["is_short"]:
        if row["crossings"]:
            return "quick_cross", ""
        return ("bounce", "") if whole else ("unknown", "no fix before or after")
    if row["is_long"]:
        return "trapped", ""
    return _beside_typical(row, settings, needed)


def _beside_typical(
    row: dict[Any, Any], settings: BehaviourSettings, needed: float
) -> tuple[str, str]:
    """Judge an encounter that is neither short nor long by how straight it is."""
    if row["windows"] < needed or not np.isfinite(row["straightness"]):
        return "unknown", "too little other movement to compare with"
    reach = settings.sd_multiplier * row["straightness_sd"]
    away = row["straightness"] - row["straightness_mean"]
    if -reach <= away <= reach:
        return "average_movement", ""
    if row["crossings"] > settings.max_crossings:
        return "unknown", "crossed too often"
    return ("trace", "") if away > reach else ("back_and_forth", "")
