"""Distance by day: what an animal walked from midnight to midnight, and how much of it was seen."""

from datetime import UTC, datetime, tzinfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.movement.paths.steps import Along, steps
from kulan.movement.paths.sun import check_dated
from kulan.movement.tracks import Track

_HOUR_S = 3600.0


def daily_distance(
    track: Track, zone: tzinfo, *, max_gap_s: float = 6 * _HOUR_S, along: Along | None = None
) -> pd.DataFrame:
    """Add up steps by day; a step over midnight counts to each day by its share of the time.

    The sum of straight steps is less than what was walked, the more so the longer steps are:
    compare days and animals of one rate of fixes only, or use the speed of a fitted model.

    Parameters
    ----------
    track
        An animal's path.
    zone
        Whose midnights part the days; there is no default.
    max_gap_s
        Steps over a longer gap are not counted, s.
    along
        As `kulan.movement.paths.steps` says.

    Returns
    -------
    DataFrame
        One row for each day from the first fix to the last: `day` (text, ISO 8601), `distance_m`,
        `hours_seen` (time covered by steps that count; a day with few has a distance too short),
        `fixes`.

    Raises
    ------
    InvalidTableError
        If its times are elapsed seconds, which have no days.

    Examples
    --------
    >>> track = Track("k", np.array([82800.0, 90000]), np.array([0.0, 800]), np.zeros(2))
    >>> daily_distance(track, UTC)[["day", "distance_m", "hours_seen"]].values.tolist()
    [['1970-01-01', 400.0, 1.0], ['1970-01-02', 400.0, 1.0]]
    """
    check_dated(track, "days")
    columns = ["day", "distance_m", "hours_seen", "fixes"]
    if not len(track):
        return pd.DataFrame(columns=columns)
    midnights, names = _midnights(track, zone)
    made = steps(track, along)
    counted = made.duration_s <= max_gap_s
    length = np.where(counted, made.length_m, 0.0)
    seen = np.where(counted, made.duration_s, 0.0)
    # what was walked and seen up to a moment is straight between fixes, so days are differences
    walked_at = np.interp(midnights, track.time_s, np.concatenate([[0.0], np.cumsum(length)]))
    seen_at = np.interp(midnights, track.time_s, np.concatenate([[0.0], np.cumsum(seen)]))
    edges = np.searchsorted(track.time_s, midnights, side="left")
    return pd.DataFrame(
        {
            "day": names,
            "distance_m": np.diff(walked_at),
            "hours_seen": np.diff(seen_at) / _HOUR_S,
            "fixes": np.diff(edges),
        }
    )


def _midnights(track: Track, zone: tzinfo) -> tuple[NDArray[np.float64], list[str]]:
    """Return the midnights around the track, one more than there are days, and the days' names."""
    first = datetime.fromtimestamp(float(track.time_s[0]), UTC).astimezone(zone).date()
    last = datetime.fromtimestamp(float(track.time_s[-1]), UTC).astimezone(zone).date()
    days = pd.date_range(first, periods=(last - first).days + 2, freq="D")
    at = [datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() for day in days]
    return np.array(at), [day.strftime("%Y-%m-%d") for day in days[:-1]]
