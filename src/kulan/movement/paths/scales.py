"""What the scale makes of a path: passages by the size of circles, distances by the interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError
from kulan.movement.paths.bursts import bursts
from kulan.movement.paths.geodesics import geodesics
from kulan.movement.paths.recursion import first_passage_s
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
_DAY_S = 86_400.0
_LEAST_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class Passages:
    """First passages of a track through circles of several sizes.

    Attributes
    ----------
    radius_m
        Of the circles, ascending, m, shape (radii,).
    passage_s
        Time to cross the circle around each fix, s, shape (radii, n); NaN where the track begins
        or ends inside.
    variance_of_log
        Variance of the natural logarithm of passage times over the fixes, shape (radii,); NaN where
        fewer than half of the fixes have one, which would be those of the middle of the record
        only.
    """

    radius_m: Floats
    passage_s: Floats
    variance_of_log: Floats

    @property
    def greatest(self) -> int:
        """Place of the radius of greatest variance; the first where none is known."""
        known = np.where(np.isfinite(self.variance_of_log), self.variance_of_log, -1.0)
        return int(np.argmax(known))

    @property
    def peak_m(self) -> float:
        """Radius of greatest variance: the scale at which an animal searches an area.

        NaN where the variance still rises at one end of the radii, so that nothing was passed.
        """
        known = np.flatnonzero(np.isfinite(self.variance_of_log))
        if len(known) < 3 or self.greatest in (known[0], known[-1]):
            return float("nan")
        return float(self.radius_m[self.greatest])


def passages(track: Track, radii_m: Sequence[float]) -> Passages:
    """Pass a track through circles of several sizes around each of its fixes.

    Parameters
    ----------
    track
        An animal's path.
    radii_m
        Of the circles, m, in any order.

    Raises
    ------
    InvalidTableError
        If there is no radius, or one is not above zero.

    References
    ----------
    Fauchald, P. and Tveraa, T. (2003). Using first-passage time in the analysis of area-restricted
    search and habitat selection. Ecology 84, 282-288.

    Examples
    --------
    >>> track = Track("k", np.arange(6) * 10.0, np.arange(6) * 10.0, np.zeros(6))
    >>> made = passages(track, [5, 15])
    >>> made.passage_s[1]
    array([nan, nan, 30., 30., nan, nan])
    """
    if not len(radii_m):
        raise InvalidTableError("no radius is given; name one at least, in metres.")
    radii = np.unique(np.asarray(radii_m, dtype=float))
    times = np.array([first_passage_s(track, float(radius)) for radius in radii])
    variances = np.full(len(radii), np.nan)
    for k, row in enumerate(times):
        known = row[np.isfinite(row) & (row > 0)]
        if len(known) > 2 and len(known) >= _LEAST_SHARE * len(row):
            variances[k] = np.log(known).var(ddof=1)
    return Passages(radii, times, variances)


@dataclass(frozen=True, eq=False)
class Walked:
    """How far an animal seems to walk in a day, by how often it is looked at.

    Attributes
    ----------
    every
        Every so many fixes, shape (k,).
    interval_s
        Median time between them, s.
    m_per_day
        Sum of straight steps over the time they take, m per day; NaN where there is no such step.
    steps
        How many there are, overlapping ones too.
    """

    every: NDArray[np.int64]
    interval_s: Floats
    m_per_day: Floats
    steps: NDArray[np.int64]


def walked_by_interval(track: Track, gap_s: float, most: int = 16) -> Walked:
    """Measure the distance of a day from every fix, every second, every fourth and so on.

    Straight steps are shorter than the way walked; how much distance falls as fixes grow rarer
    tells how much is missing already at the closest. All fixes are used as beginnings, so that each
    interval rests on the whole record.

    Parameters
    ----------
    track
        An animal's path.
    gap_s
        Steps lead through no gap longer than this, s.
    most
        The rarest, in fixes; powers of two up to it are measured.

    Raises
    ------
    InvalidTableError
        If the gap is not above zero.

    Examples
    --------
    >>> x = np.array([0.0, 10, 0, 10, 0])
    >>> made = walked_by_interval(Track("k", np.arange(5) * 8640.0, x, np.zeros(5)), 9000, 2)
    >>> made.every, made.m_per_day
    (array([1, 2]), array([100.,   0.]))
    """
    burst = bursts(track, gap_s)
    every = [1]
    while every[-1] * 2 <= most:
        every.append(every[-1] * 2)
    place = None if track.plane.is_local else track.plane.inverse(track.x_m, track.y_m)
    rows = []
    for k in every:
        whole = burst[k:] == burst[:-k]
        time = (track.time_s[k:] - track.time_s[:-k])[whole]
        length = _lengths(track, place, k)[whole]
        if not len(time):
            rows.append((np.nan, np.nan, 0))
            continue
        rows.append((float(np.median(time)), length.sum() / time.sum() * _DAY_S, len(time)))
    interval, distance, count = (np.array(column) for column in zip(*rows, strict=True))
    return Walked(np.array(every), interval.astype(float), distance.astype(float), count)


def _lengths(track: Track, place: tuple[Floats, Floats] | None, every: int) -> Floats:
    if place is None:
        there = track.positions_m
        apart: Floats = np.hypot(*(there[every:] - there[:-every]).T)
        return apart
    longitude, latitude = place
    return geodesics(longitude[:-every], latitude[:-every], longitude[every:], latitude[every:])[0]
