"""How straight a stretch of a track is, and how straight stretches of its length usually are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.movement.tracks import Track

_HOUR_S = 3600.0


@dataclass(frozen=True)
class Straightness:
    """What is typical around an encounter.

    Attributes
    ----------
    mean, sd
        Of the straightness of stretches as long as the encounter; NaN for none.
    windows
        Number of stretches.
    """

    mean: float = float("nan")
    sd: float = float("nan")
    windows: int = 0


def slack_h(interval_h: float) -> float:
    """Return how far from the interval fixes may stand and still count as regular, h.

    Three minutes, as in `BaBA`, or a tenth of a short interval.
    """
    return min(0.05, 0.1 * interval_h)


def straightness_of(
    track: Track, first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how straight stretches of a track are: from end to end over along the way, 0 to 1.

    Parameters
    ----------
    track
        The track.
    first, last
        First and last fix of each stretch.

    Returns
    -------
    ndarray
        NaN for a stretch of one fix, and where the animal stood still.

    Examples
    --------
    >>> xy = np.array([0.0, 3.0, 3.0]), np.array([0.0, 0.0, 4.0])
    >>> track = Track("k1", np.arange(3) * 3600.0, *xy)
    >>> straightness_of(track, np.array([0, 0]), np.array([2, 0])).round(3).tolist()
    [0.714, nan]
    """
    steps = np.hypot(np.diff(track.x_m), np.diff(track.y_m))
    way = np.concatenate([[0.0], np.cumsum(steps)])
    along = way[last] - way[first]
    beeline = np.hypot(track.x_m[last] - track.x_m[first], track.y_m[last] - track.y_m[first])
    moved = along > 1e-9
    found: NDArray[np.float64] = np.where(moved, beeline / np.where(moved, along, 1.0), np.nan)
    return found


def typical_straightness(
    track: Track,
    event: tuple[int, int],
    *,
    interval_h: float,
    window_h: float,
    left_out: NDArray[np.bool_] | None = None,
) -> Straightness:
    """Return how straight the animal moves around an encounter, over stretches of its length.

    Stretches slide over unbroken sections of fixes that stand at the interval, from half the window
    before the encounter to half the window after it.

    Parameters
    ----------
    track
        The track.
    event
        First and last fix of the encounter.
    interval_h
        Time between fixes, h.
    window_h
        Width of the window, h.
    left_out
        Fixes that are not to be used; None for none.

    Examples
    --------
    >>> track = Track("k1", np.arange(40) * 7200.0, np.arange(40.0), np.zeros(40))
    >>> typical_straightness(track, (10, 13), interval_h=2, window_h=24)
    Straightness(mean=1.0, sd=0.0, windows=13)
    """
    first, last = event
    start_s, end_s = track.time_s[first], track.time_s[last]
    half_s = window_h / 2 * _HOUR_S
    low = int(np.searchsorted(track.time_s, start_s - half_s, side="left"))
    high = int(np.searchsorted(track.time_s, end_s + half_s, side="right"))
    fixes = np.arange(low, high)
    if left_out is not None:
        fixes = fixes[~left_out[fixes]]
    length_h = (end_s - start_s) / _HOUR_S
    steps = int(length_h / interval_h + 1e-9)
    if steps < 1 or len(fixes) <= steps:
        return Straightness()
    irregular = np.abs(np.diff(track.time_s[fixes]) / _HOUR_S - interval_h) > slack_h(interval_h)
    section = np.concatenate([[0], np.cumsum(irregular)])
    begins = np.flatnonzero(section[steps:] == section[: len(fixes) - steps])
    found = straightness_of(track, fixes[begins], fixes[begins + steps])
    found = found[np.isfinite(found)]
    if len(found) < 2:
        return Straightness(float(found.mean()) if len(found) else float("nan"), windows=len(found))
    return Straightness(float(found.mean()), float(found.std(ddof=1)), len(found))
