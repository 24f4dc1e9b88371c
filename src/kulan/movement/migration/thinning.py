"""One mean position for each day or other interval, so that a season weighs what it lasts."""

import numpy as np

from kulan.errors import InvalidTableError
from kulan.movement.tracks import Track

DAY_S = 86_400.0
LONGEST_MEMORY_DAYS = 10.0  # straying that lasts longer is a move, and not left to a memory


def mean_positions(track: Track, every_s: float = DAY_S) -> Track:
    """Return the mean position and time of the fixes in each interval that has any.

    Intervals are counted from the first fix. Nothing is put into gaps.

    Parameters
    ----------
    track
        One animal's track.
    every_s
        Length of an interval, s.

    Returns
    -------
    Track
        Without location errors; its rows are those of the first fix in each interval.

    Raises
    ------
    InvalidTableError
        If the interval is not above 0.

    Examples
    --------
    >>> track = Track("k1", np.array([0.0, 100, 90_000]), np.array([0.0, 10, 50]), np.zeros(3))
    >>> mean_positions(track).x_m
    array([ 5., 50.])
    """
    if not every_s > 0:
        raise InvalidTableError(f"interval of {every_s:g} s: a length above 0 is needed.")
    if not len(track):
        return track
    interval = np.floor((track.time_s - track.time_s[0]) / every_s).astype(np.int64)
    _, first, count = np.unique(interval, return_index=True, return_counts=True)
    sums = (np.add.reduceat(v, first) for v in (track.time_s, track.x_m, track.y_m))
    time_s, x_m, y_m = (total / count for total in sums)
    rows = track.rows[first] if len(track.rows) else track.rows
    return Track(track.animal_id, time_s, x_m, y_m, track.plane, track.clock, None, rows)
