"""What came of each encounter: whether the animal was on the other side afterwards, and where."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.movement.barriers.behaviour import (
    BEHAVIOURS,
    BehaviourSettings,
    EventPaths,
    encounters,
    interval_of,
)
from kulan.movement.barriers.location_doubt import in_doubt
from kulan.movement.barriers.segments import BarrierSegments
from kulan.movement.tracks import Track

NO_FIX, RIM = "no fix before or after", "within its location error of the zone's rim"
_HOUR_S = 3600.0


def outcomes(
    track: Track, segments: BarrierSegments, found: pd.DataFrame, settings: BehaviourSettings
) -> pd.DataFrame:
    """Say of each encounter whether it ended in a crossing.

    The path runs from the last fix before the encounter to the first fix after it. It crosses a
    line when it meets it an odd number of times: an animal that goes over and comes back within
    one encounter has not crossed, be it over another piece of a line that was cut. Where a fix
    before or after is lacking, or a step within is too long in time, the outcome is unknown, and
    the encounter counts neither for nor against; so it is where location errors leave in doubt
    whether it was one encounter (`kulan.movement.barriers.location_doubt`).

    Parameters
    ----------
    track
        An animal's fixes.
    segments
        Barriers in the plane of the track.
    found
        Its encounters, see `kulan.movement.barriers.behaviour.encounters`.
    settings
        What they were found with.

    Returns
    -------
    DataFrame
        The encounters with `outcome` ("crossed", "not_crossed" or "unknown"), `why_unknown`,
        `at_segment` (row of the segment crossed first, or of the nearest), and `crossing_x_m`,
        `crossing_y_m` (NaN where none).

    Examples
    --------
    >>> import shapely
    >>> from kulan.movement.barriers.segments import segments_of
    >>> rail = segments_of(["rail"], [shapely.LineString([(0, -9e3), (0, 9e3)])])
    >>> x_m = np.array([-3000.0, -50, -3000, -3000, -50, 3000, 3000])
    >>> track = Track("k1", np.arange(7) * 7200.0, x_m, np.zeros(7))
    >>> settings = BehaviourSettings(distance_m=100)
    >>> outcomes(track, rail, encounters(track, rail, settings), settings)["outcome"].tolist()
    ['not_crossed', 'crossed']
    """
    first, last = found["first_fix"].to_numpy(), found["last_fix"].to_numpy()
    interval_h = settings.interval_h or interval_of(track)
    longest_s = (settings.missing_fixes + 1.5) * interval_h * _HOUR_S
    paths = EventPaths.of(track, first, last, np.ones(len(first), dtype=bool))
    paths = paths.without_gaps(track, longest_s)
    # step by step: a path that returns on its own trace meets the line twice in one place
    lines, event = paths.steps(track)
    over = _lines_crossed(segments.uncut, lines, event)
    through = _through(segments, lines, event, over)
    crossed = np.zeros(len(found), dtype=bool)
    crossed[over["event"].to_numpy(np.int64)] = True
    why = np.select([~paths.whole, in_doubt(track, segments, found, settings)], [NO_FIX, RIM], "")
    kept = through[why[through["event"].to_numpy(np.int64)] == ""]
    rows = kept["event"].to_numpy(np.int64)
    at_segment = found["segment"].to_numpy(np.int64).copy()
    at_segment[rows] = kept["segment"].to_numpy()
    where = np.full((len(found), 2), np.nan)
    where[rows] = kept[["x_m", "y_m"]].to_numpy()
    return found.assign(
        outcome=np.select([why != "", crossed], ["unknown", "crossed"], "not_crossed"),
        why_unknown=why,
        at_segment=at_segment,
        crossing_x_m=where[:, 0],
        crossing_y_m=where[:, 1],
    )


def _lines_crossed(
    whole: BarrierSegments, steps: NDArray[np.object_], event: NDArray[np.int64]
) -> pd.DataFrame:
    """Return the events and uncut lines (rows) of which the path meets a line an odd number."""
    met = whole.met_by(steps)
    met["event"] = event[met["path"].to_numpy()]
    total = met.groupby(["event", "segment"], sort=True)["points"].sum()
    odd = total.index[(total % 2 == 1).to_numpy()]
    named: pd.DataFrame = odd.to_frame(index=False).set_axis(["event", "line"], axis=1)
    return named


def _through(
    segments: BarrierSegments,
    steps: NDArray[np.object_],
    event: NDArray[np.int64],
    over: pd.DataFrame,
) -> pd.DataFrame:
    """Keep, for each event, the first segment of a crossed line that its path passes through."""
    met = segments.met_by(steps)
    met["event"] = event[met["path"].to_numpy()]
    met["line"] = segments.of_line[met["segment"].to_numpy()]
    total = met.groupby(["event", "segment"], sort=True)["points"].transform("sum")
    # of a line's pieces one that was met an even number of times is not where it was crossed
    met["returned"] = total % 2 == 0
    order: pd.DataFrame = met.merge(over, on=["event", "line"]).sort_values(
        ["event", "returned", "path", "along_m"], kind="stable"
    )
    return order.drop_duplicates("event")


def sweep(
    tracks: Sequence[Track],
    segments: BarrierSegments,
    settings: BehaviourSettings,
    distances_m: Sequence[float],
) -> pd.DataFrame:
    """Repeat the analysis at several distances: what is an encounter is the analyst's choice.

    Parameters
    ----------
    tracks
        One for each animal.
    segments
        Barriers in the plane of the tracks.
    settings
        All else; its distance is not used.
    distances_m
        The distances to try, m.

    Returns
    -------
    DataFrame
        One row for each distance, m: `distance_m`, `encounters`, the count of each behaviour, and
        `crossed`, `not_crossed`, `unknown_outcome`.

    Examples
    --------
    >>> import shapely
    >>> from kulan.movement.barriers.segments import segments_of
    >>> rail = segments_of(["rail"], [shapely.LineString([(0, -9e3), (0, 9e3)])])
    >>> x_m = np.array([-3000.0, -50, -400, -3000, -3000])
    >>> track = Track("k1", np.arange(5) * 7200.0, x_m, np.zeros(5))
    >>> asked = BehaviourSettings(distance_m=1)
    >>> sweep([track], rail, asked, [10, 100, 500])[["encounters", "bounce"]].values.tolist()
    [[0, 0], [1, 1], [1, 1]]
    """
    rows = []
    for distance_m in distances_m:
        asked = BehaviourSettings(**{**vars(settings), "distance_m": float(distance_m)})
        tables = [
            outcomes(track, segments, encounters(track, segments, asked), asked) for track in tracks
        ]
        one = pd.concat(tables, ignore_index=True)
        row: dict[str, float | int] = {"distance_m": float(distance_m), "encounters": len(one)}
        row |= {name: int((one["behaviour"] == name).sum()) for name in BEHAVIOURS}
        row |= {
            name if name != "unknown" else "unknown_outcome": int((one["outcome"] == name).sum())
            for name in ("crossed", "not_crossed", "unknown")
        }
        rows.append(row)
    return pd.DataFrame(rows)


def baba_index(found: pd.DataFrame, near: Sequence[NDArray[np.int64]], least: int = 0) -> pd.Series:
    """Return the index of `BaRanking`: how much segments alter movement, from 0 to 1.

    For a segment with encounters of these behaviours it is (bounce + back-and-forth + trace +
    trapped) / all, times the number of animals, scaled so that the lowest of the study is 0 and the
    highest 1. It grows with the number of animals followed and is scaled within the study: it
    cannot be compared between studies, nor between segments that different numbers of animals came
    to. It has no interval. Use the crossing probability for such questions.

    Parameters
    ----------
    found
        Encounters with `animal_id` and `behaviour`.
    near
        For each encounter, rows of the segments its first fix lies near to.
    least
        Fewest encounters for a segment to be ranked.

    Returns
    -------
    Series
        Index by segment, for segments with at least `least` encounters.

    Examples
    --------
    >>> table = pd.DataFrame({"animal_id": ["a", "a", "b"], "behaviour": ["bounce", "trace", "x"]})
    >>> baba_index(table, [np.array([0]), np.array([1]), np.array([0])]).to_dict()
    {0: 0.0, 1: 0.0}
    """
    of_event = np.repeat(np.arange(len(found)), [len(rows) for rows in near])
    pairs = found[["animal_id", "behaviour"]].iloc[of_event].reset_index(drop=True)
    pairs["segment"] = np.concatenate([*near, np.empty(0, np.int64)]).astype(np.int64)
    altered = pairs["behaviour"].isin(["bounce", "back_and_forth", "trace", "trapped"])
    by_segment = pairs.assign(altered=altered).groupby("segment")
    raw = by_segment["altered"].mean() * by_segment["animal_id"].nunique()
    raw = raw[by_segment.size() >= least]
    spread = raw.max() - raw.min() if len(raw) else 0.0
    index: pd.Series = (raw - raw.min()) / spread if spread > 0 else raw * 0.0
    return index.rename("baba_index")
