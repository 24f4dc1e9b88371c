"""What a hidden Markov model sees: steps and turns in series without gaps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Observations:
    """Steps and turns of one or more animals, in series at one interval.

    Attributes
    ----------
    step_m
        Length of the step that begins at each fix, m; NaN where there is none, shape (n,).
    turn_rad
        Turn at each fix from the step before to the one that begins, -pi to pi; NaN where one is
        missing, or has no length.
    is_start
        Where a series begins: a new animal, or a gap; nothing is carried over it.
    animal_id
        Whose each is, shape (n,).
    rows
        Row of each fix in the table of fixes, shape (n,); -1 for a fix that was missed.
    time_s
        When each step begins, s.
    covariates
        By name, one value per fix, shape (n,) each.
    """

    step_m: Floats
    turn_rad: Floats
    is_start: NDArray[np.bool_]
    animal_id: NDArray[np.object_]
    rows: Ints
    time_s: Floats
    covariates: Mapping[str, Floats]

    def __len__(self) -> int:
        """Return the number of observations, missed ones included."""
        return len(self.step_m)


def steps_and_turns(x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Return the step that begins at each position and the turn at it.

    Parameters
    ----------
    x_m, y_m
        Positions one interval apart, m; NaN for a missed fix. Shape (n,).

    Returns
    -------
    step_m, turn_rad
        Shape (n,); NaN where a fix is missed, at the last position, for turns also at the first and
        beside a step of no length, which has no direction.

    Examples
    --------
    >>> step_m, turn_rad = steps_and_turns(np.array([0.0, 1, 1]), np.array([0.0, 0, 1]))
    >>> step_m, np.round(turn_rad, 4)
    (array([ 1.,  1., nan]), array([   nan, 1.5708,    nan]))
    """
    east, north = np.diff(x_m, append=np.nan), np.diff(y_m, append=np.nan)
    step_m = np.hypot(east, north)
    bearing = np.where(step_m > 0, np.arctan2(north, east), np.nan)
    turn = np.diff(bearing, prepend=np.nan)
    # -pi and pi are one direction; it is told as pi
    return step_m, np.pi - (np.pi - turn) % (2 * np.pi)


def observations_of(
    tracks: Iterable[Track],
    interval_s: float,
    *,
    tolerance_s: float | None = None,
    longest_gap: int = 3,
    covariates: Mapping[str, Floats] | None = None,
) -> Observations:
    """Put tracks on a clock of one interval and return their steps and turns.

    A fix belongs to the tick of the clock next to it. Up to `longest_gap` ticks without a fix stay
    in the series as missed; a longer gap ends it. Positions are never interpolated.

    Parameters
    ----------
    tracks
        Animals' tracks.
    interval_s
        Time between fixes, s.
    tolerance_s
        How far a fix may lie from its tick; None for a tenth of the interval. Fixes further away
        are not used.
    longest_gap
        Missed fixes in a row that do not end a series.
    covariates
        By name, a value for each row of the table of fixes the tracks were made from; the value at
        a missed fix is the last one known.

    Returns
    -------
    Observations

    Raises
    ------
    InvalidTableError
        If a covariate of a used fix is not finite.
    NotEnoughDataError
        If no two fixes are one interval apart.

    Examples
    --------
    >>> track = Track("k1", np.arange(4) * 3600.0, np.arange(4.0), np.zeros(4),
    ...               rows=np.arange(4))
    >>> observations_of([track], 3600.0).step_m
    array([ 1.,  1.,  1., nan])
    """
    tolerance_s = interval_s / 10 if tolerance_s is None else tolerance_s
    pieces = [
        piece for track in tracks for piece in _series(track, interval_s, tolerance_s, longest_gap)
    ]
    if not any(np.isfinite(piece[0]).any() for piece in pieces):
        raise NotEnoughDataError(
            f"no two fixes are {interval_s:g} s apart (give or take {tolerance_s:g} s): name the "
            "interval at which the collars took fixes."
        )
    step_m, turn, starts, names, rows, times = (
        np.concatenate(columns) for columns in zip(*pieces, strict=True)
    )
    held = {
        name: _at_fixes(name, values, rows, starts) for name, values in (covariates or {}).items()
    }
    return Observations(step_m, turn, starts, names, rows, times, held)


def _series(
    track: Track, interval_s: float, tolerance_s: float, longest_gap: int
) -> list[tuple[NDArray[np.generic], ...]]:
    if not len(track):
        return []
    tick = np.rint((track.time_s - track.time_s[0]) / interval_s).astype(np.int64)
    off_s = np.abs(track.time_s - track.time_s[0] - tick * interval_s)
    # of several fixes at one tick the nearest stands for it
    order = np.lexsort((off_s, tick))
    order = order[np.flatnonzero(np.diff(tick[order], prepend=-1))]
    order = order[off_s[order] <= tolerance_s]
    cuts = np.flatnonzero(np.diff(tick[order]) > longest_gap + 1) + 1
    return [
        _one_series(track, part, tick[part], interval_s)
        for part in np.split(order, cuts)
        if len(part) > 1
    ]


def _one_series(
    track: Track, fixes: Ints, tick: Ints, interval_s: float
) -> tuple[NDArray[np.generic], ...]:
    place = tick - tick[0]
    n = int(place[-1]) + 1
    x_m, y_m, rows = np.full(n, np.nan), np.full(n, np.nan), np.full(n, -1, dtype=np.int64)
    x_m[place], y_m[place] = track.x_m[fixes], track.y_m[fixes]
    rows[place] = track.rows[fixes] if len(track.rows) else fixes
    step_m, turn = steps_and_turns(x_m, y_m)
    names = np.full(n, track.animal_id, dtype=object)
    times = track.time_s[0] + (tick[0] + np.arange(n)) * interval_s
    return step_m, turn, np.arange(n) == 0, names, rows, times


def _at_fixes(name: str, values: Floats, rows: Ints, is_start: NDArray[np.bool_]) -> Floats:
    # a series begins with a fix, so there is always a last one known
    last_known = np.maximum.accumulate(np.where((rows >= 0) | is_start, np.arange(len(rows)), 0))
    held = np.asarray(values, dtype=float)[rows[last_known]]
    if not np.isfinite(held).all():
        raise InvalidTableError(
            f"covariate '{name}' is unknown at {int((~np.isfinite(held)).sum())} fixes: give it a "
            "value there, or leave those fixes out."
        )
    return held
