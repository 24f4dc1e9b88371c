"""What a hidden Markov model sees: steps and turns in series without gaps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.kernels import kernel
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

    From each fix kept, the next is the one nearest to one interval later; where none is within the
    tolerance, two intervals later, and so on. Up to `longest_gap` missed fixes stay in the series
    as missed; a longer gap ends it, and a series of one fix is left out. Positions are never
    interpolated.

    Parameters
    ----------
    tracks
        Animals' tracks.
    interval_s
        Time between fixes, s.
    tolerance_s
        How far a fix may lie from where it is looked for; None for a tenth of the interval. Fixes
        between are not used.
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
    fixes, ticks = _kept_fixes(track.time_s, interval_s, tolerance_s, longest_gap)
    cuts = np.flatnonzero(ticks == 0)
    return [
        _one_series(track, part, np.cumsum(ahead), interval_s)
        for part, ahead in zip(np.split(fixes, cuts), np.split(ticks, cuts), strict=True)
        if len(part) > 1
    ]


@kernel
def _kept_fixes(
    time_s: Floats, interval_s: float, tolerance_s: float, longest_gap: int
) -> tuple[Ints, Ints]:
    """Return the fixes kept, and by how many ticks each lies after the one before; 0 for a start.

    The clock goes on from each fix kept: collars are slow or fast by seconds, and those add up.
    """
    n = len(time_s)
    fixes, ticks = np.empty(n, np.int64), np.empty(n, np.int64)
    kept, at = 0, 0
    if n:
        fixes[0], ticks[0], kept = 0, 0, 1
    while at < n - 1:
        found, ahead = -1, 0
        for gap in range(1, longest_gap + 2):
            wanted = time_s[at] + gap * interval_s
            nearest = np.searchsorted(time_s, wanted)
            if nearest == n or (
                nearest > at + 1 and wanted - time_s[nearest - 1] <= time_s[nearest] - wanted
            ):
                nearest -= 1
            if nearest > at and abs(time_s[nearest] - wanted) <= tolerance_s:
                found, ahead = nearest, gap
                break
        if found < 0:
            # no fix goes on from here: the next one begins a series
            found, ahead = at + 1, 0
        fixes[kept], ticks[kept] = found, ahead
        kept += 1
        at = found
    return fixes[:kept], ticks[:kept]


def _one_series(
    track: Track, fixes: Ints, place: Ints, interval_s: float
) -> tuple[NDArray[np.generic], ...]:
    n = int(place[-1]) + 1
    x_m, y_m, rows = np.full(n, np.nan), np.full(n, np.nan), np.full(n, -1, dtype=np.int64)
    x_m[place], y_m[place] = track.x_m[fixes], track.y_m[fixes]
    rows[place] = track.rows[fixes] if len(track.rows) else fixes
    step_m, turn = steps_and_turns(x_m, y_m)
    names = np.full(n, track.animal_id, dtype=object)
    before = np.maximum.accumulate(np.where(rows >= 0, np.arange(n), 0))
    time_s = np.zeros(n)
    time_s[place] = track.time_s[fixes]
    times = time_s[before] + (np.arange(n) - before) * interval_s
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
