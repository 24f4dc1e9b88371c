"""Bursts: stretches of a track without a gap, and tracks brought to one rate of fixes."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError, NotEnoughDataError, TooLargeError
from kulan.movement.kernels import kernel
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
MOST_REGULAR = 100_000_000


@dataclass(frozen=True, eq=False)
class RegularTrack:
    """A track with a fix at every interval.

    Attributes
    ----------
    track
        Evenly spaced; where a gap is too long, nothing stands in it.
    interpolated
        Which of its fixes were made, shape (n,); the others were taken.
    nearest_fix_s
        Time from each to the nearest fix that was taken, s: how far it is made from nothing.
    burst
        Stretch to which each belongs, from 0; a new one begins after a gap too long to fill.
    """

    track: Track
    interpolated: NDArray[np.bool_]
    nearest_fix_s: Floats
    burst: NDArray[np.int64]


def bursts(track: Track, gap_s: float) -> NDArray[np.int64]:
    """Return to which burst each fix belongs: a new one begins after more than `gap_s` without one.

    Parameters
    ----------
    track
        An animal's path.
    gap_s
        Longest time between two fixes of one burst, s.

    Raises
    ------
    InvalidTableError
        If the gap is not above zero.

    Examples
    --------
    >>> bursts(Track("k", np.array([0.0, 60, 600]), np.zeros(3), np.zeros(3)), gap_s=300)
    array([0, 0, 1])
    """
    _check_above_zero("gap", gap_s)
    breaks = np.diff(track.time_s) > gap_s
    return np.concatenate([[0], np.cumsum(breaks)])[: len(track)].astype(np.int64)


def split(track: Track, burst: NDArray[np.int64]) -> list[Track]:
    """Return the bursts as tracks.

    Parameters
    ----------
    track
        An animal's path.
    burst
        To which burst each fix belongs; those of one stand together.
    """
    edges = [0, *(np.flatnonzero(np.diff(burst)) + 1).tolist(), len(track)]
    return [part_of(track, np.arange(start, end)) for start, end in pairwise(edges)]


def part_of(track: Track, chosen: NDArray[np.int64]) -> Track:
    """Return some fixes of a track, by their places in it, ascending.

    Parameters
    ----------
    track
        An animal's path.
    chosen
        Places of the fixes wanted.
    """
    return replace(
        track,
        time_s=track.time_s[chosen],
        x_m=track.x_m[chosen],
        y_m=track.y_m[chosen],
        error_m2=None if track.error_m2 is None else track.error_m2[chosen],
        rows=track.rows[chosen] if len(track.rows) else track.rows,
    )


def resample(
    track: Track, interval_s: float, tolerance_s: float
) -> tuple[Track, NDArray[np.int64]]:
    """Thin a track to one rate: fixes that follow each other at an interval, in bursts.

    From each fix taken, the first one that follows it by the interval, give or take the tolerance,
    is taken next; where there is none, a new burst begins with the first fix after that. Nothing is
    interpolated.

    Parameters
    ----------
    track
        An animal's path.
    interval_s
        Time from one fix to the next, s.
    tolerance_s
        By how much it may be shorter or longer, s.

    Returns
    -------
    Track
        The fixes taken.
    ndarray
        To which burst each belongs, from 0; a burst may have a single fix.

    Raises
    ------
    InvalidTableError
        If the interval is not above zero, or the tolerance below zero or not below the interval.

    Examples
    --------
    >>> track = Track("k", np.array([0.0, 30, 61, 400, 460]), np.zeros(5), np.zeros(5))
    >>> made, burst = resample(track, interval_s=60, tolerance_s=5)
    >>> made.time_s, burst
    (array([  0.,  61., 400., 460.]), array([0, 0, 1, 1]))
    """
    _check_above_zero("interval", interval_s)
    if not 0 <= tolerance_s < interval_s:
        raise InvalidTableError(
            f"tolerance {tolerance_s:g} s: it lies between 0 and the interval of {interval_s:g} s."
        )
    chosen, burst = _thinned(track.time_s, interval_s, tolerance_s)
    return part_of(track, chosen), burst


def regularise(track: Track, interval_s: float, max_gap_s: float) -> RegularTrack:
    """Put a track on even times by straight lines between fixes, and say what was made.

    A moment at which there is a fix takes it; any other is interpolated between the fixes around
    it, unless these lie more than `max_gap_s` apart: then nothing stands there.

    Parameters
    ----------
    track
        An animal's path.
    interval_s
        Time from one fix to the next, s; the first is the track's first.
    max_gap_s
        Longest time between two fixes that is filled, s.

    Returns
    -------
    RegularTrack
        Location errors are dropped where fixes were made, and so for the whole.

    Raises
    ------
    InvalidTableError
        If interval or gap is not above zero.
    NotEnoughDataError
        If the track has fewer than two fixes.
    TooLargeError
        If it would have more than a hundred million fixes.

    Examples
    --------
    >>> track = Track("k", np.array([0.0, 60, 180]), np.array([0.0, 6, 18]), np.zeros(3))
    >>> made = regularise(track, interval_s=60, max_gap_s=120)
    >>> made.track.x_m, made.interpolated
    (array([ 0.,  6., 12., 18.]), array([False, False,  True, False]))
    """
    _check_above_zero("interval", interval_s)
    _check_above_zero("longest gap", max_gap_s)
    if len(track) < 2:
        raise NotEnoughDataError(
            f"track of {track.animal_id}: {len(track)} fix(es); two at least make a path."
        )
    count = int(np.floor(track.span_s / interval_s * (1 + 1e-12))) + 1
    if count > MOST_REGULAR:
        raise TooLargeError(
            f"track of {track.animal_id}: {count} fixes at an interval of {interval_s:g} s; "
            f"{MOST_REGULAR} at most. Choose a longer interval."
        )
    times = track.time_s[0] + interval_s * np.arange(count)
    after = np.clip(np.searchsorted(track.time_s, times, side="left"), 1, len(track) - 1)
    before = after - 1
    gap = track.time_s[after] - track.time_s[before]
    share = (times - track.time_s[before]) / gap
    taken = (share <= 0) | (share >= 1)
    kept = taken | (gap <= max_gap_s)
    share = np.clip(share, 0.0, 1.0)
    x = track.x_m[before] + share * (track.x_m[after] - track.x_m[before])
    y = track.y_m[before] + share * (track.y_m[after] - track.y_m[before])
    nearest = np.minimum(np.abs(times - track.time_s[before]), np.abs(track.time_s[after] - times))
    rows = np.where(share <= 0, before, after)
    made = replace(
        track,
        time_s=times[kept],
        x_m=x[kept],
        y_m=y[kept],
        error_m2=None,
        rows=np.where(taken, track.rows[rows], -1)[kept] if len(track.rows) else track.rows,
    )
    burst = np.concatenate([[0], np.cumsum(np.diff(np.flatnonzero(kept)) > 1)])
    return RegularTrack(made, ~taken[kept], nearest[kept], burst.astype(np.int64))


def _check_above_zero(what: str, seconds: float) -> None:
    if not seconds > 0:
        raise InvalidTableError(f"{what} of {seconds:g} s: it must be above 0.")


@kernel
def _thinned(
    time_s: Floats, interval_s: float, tolerance_s: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    n = len(time_s)
    chosen, burst = np.empty(n, np.int64), np.empty(n, np.int64)
    count, now, number = 0, 0, 0
    while now < n:
        chosen[count], burst[count] = now, number
        count += 1
        following = now + 1
        while following < n and time_s[following] - time_s[now] < interval_s - tolerance_s:
            following += 1
        if following < n and time_s[following] - time_s[now] > interval_s + tolerance_s:
            number += 1
        now = following
    return chosen[:count].copy(), burst[:count].copy()
