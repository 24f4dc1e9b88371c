"""First passage, visits and residence: how long an animal is in a circle, and how often."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError
from kulan.movement.kernels import kernel
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Recursion:
    """Visits to circles.

    Attributes
    ----------
    visits
        How often each circle was visited, shape (sites,); around fixes of the track the first
        visit counts.
    residence_s
        Time spent in each circle over all visits, s, shape (sites,).
    site
        Circle of each visit, from 0, shape (all visits,).
    entrance_s, exit_s
        When each visit began and ended, s; where the track begins or ends inside, its first or
        last fix.
    radius_m
        Of the circles.
    """

    visits: NDArray[np.int64]
    residence_s: Floats
    site: NDArray[np.int64]
    entrance_s: Floats
    exit_s: Floats
    radius_m: float


def recursion(track: Track, radius_m: float, sites_m: Floats | None = None) -> Recursion:
    """Count visits to circles, and how long they last.

    A visit is a run of fixes within the circle. It begins and ends where the straight lines to
    the fixes before and after cut the circle; a line that cuts it without a fix inside is no visit.

    Parameters
    ----------
    track
        An animal's path.
    radius_m
        Of the circles, m.
    sites_m
        Centres in the track's plane, shape (sites, 2); None for a circle around each fix.

    Returns
    -------
    Recursion

    Raises
    ------
    InvalidTableError
        If the radius is not above zero.

    References
    ----------
    Bracis, C., Bildstein, K. L. and Mueller, T. (2018). Revisitation analysis uncovers
    spatio-temporal patterns in animal movement data. Ecography 41, 1801-1811.

    Examples
    --------
    >>> x = np.array([0.0, 4, 0])
    >>> made = recursion(Track("k", np.array([0.0, 40, 80]), x, np.zeros(3)), radius_m=1)
    >>> made.visits, made.residence_s
    (array([2, 1, 2]), array([20., 20., 20.]))
    """
    _check_radius(radius_m)
    sites = track.positions_m if sites_m is None else np.asarray(sites_m, dtype=float)
    visits, residence = _counted(
        track.time_s, track.x_m, track.y_m, sites[:, 0].copy(), sites[:, 1].copy(), radius_m
    )
    site, entrance, leaving = _listed(
        track.time_s,
        track.x_m,
        track.y_m,
        sites[:, 0].copy(),
        sites[:, 1].copy(),
        radius_m,
        int(visits.sum()),
    )
    return Recursion(visits, residence, site, entrance, leaving, float(radius_m))


def first_passage_s(track: Track, radius_m: float) -> Floats:
    """Return how long the animal takes to cross a circle around each fix, s.

    The time from entering the circle for the last time before the fix to leaving it for the first
    time after, both by straight lines between fixes; NaN where the track begins or ends inside.

    Parameters
    ----------
    track
        An animal's path.
    radius_m
        Of the circle, m.

    Raises
    ------
    InvalidTableError
        If the radius is not above zero.

    References
    ----------
    Fauchald, P. and Tveraa, T. (2003). Using first-passage time in the analysis of area-restricted
    search and habitat selection. Ecology 84, 282-288.

    Examples
    --------
    >>> track = Track("k", np.array([0.0, 10, 20]), np.array([0.0, 10, 20]), np.zeros(3))
    >>> first_passage_s(track, radius_m=5)
    array([nan, 10., nan])
    """
    _check_radius(radius_m)
    return _passed(track.time_s, track.x_m, track.y_m, radius_m)


def _check_radius(radius_m: float) -> None:
    if not (radius_m > 0 and np.isfinite(radius_m)):
        raise InvalidTableError(f"radius of {radius_m:g} m: it must be above 0.")


@kernel
def _cut(x_in: float, y_in: float, x_out: float, y_out: float, radius_m: float) -> float:
    """Share of the way from a point inside a circle around 0, 0 to one outside, where it is cut."""
    dx, dy = x_out - x_in, y_out - y_in
    a = dx * dx + dy * dy
    half_b = x_in * dx + y_in * dy
    c = x_in * x_in + y_in * y_in - radius_m * radius_m
    root = np.sqrt(max(half_b * half_b - a * c, 0.0))
    # the form without a difference of nearly equal numbers
    if half_b > 0:
        return float(-c / (half_b + root))
    return float((root - half_b) / a)


@kernel
def _counted(
    time_s: Floats, x_m: Floats, y_m: Floats, site_x: Floats, site_y: Floats, radius_m: float
) -> tuple[NDArray[np.int64], Floats]:
    n, count = len(time_s), len(site_x)
    visits, residence = np.zeros(count, np.int64), np.zeros(count)
    for k in range(count):
        inside = False
        since = 0.0
        for i in range(n):
            x, y = x_m[i] - site_x[k], y_m[i] - site_y[k]
            now = np.sqrt(x * x + y * y) <= radius_m
            if now and not inside:
                since = time_s[i]
                if i > 0:
                    share = _cut(x, y, x_m[i - 1] - site_x[k], y_m[i - 1] - site_y[k], radius_m)
                    since -= share * (time_s[i] - time_s[i - 1])
                visits[k] += 1
            elif inside and not now:
                before_x, before_y = x_m[i - 1] - site_x[k], y_m[i - 1] - site_y[k]
                share = _cut(before_x, before_y, x, y, radius_m)
                until = time_s[i - 1] + share * (time_s[i] - time_s[i - 1])
                residence[k] += until - since
            inside = now
        if inside:
            residence[k] += time_s[n - 1] - since
    return visits, residence


@kernel
def _listed(
    time_s: Floats,
    x_m: Floats,
    y_m: Floats,
    site_x: Floats,
    site_y: Floats,
    radius_m: float,
    total: int,
) -> tuple[NDArray[np.int64], Floats, Floats]:
    n = len(time_s)
    site, entrance, leaving = np.empty(total, np.int64), np.empty(total), np.empty(total)
    place = 0
    for k in range(len(site_x)):
        inside = False
        for i in range(n):
            x, y = x_m[i] - site_x[k], y_m[i] - site_y[k]
            now = np.sqrt(x * x + y * y) <= radius_m
            if now and not inside:
                site[place] = k
                entrance[place] = time_s[i]
                if i > 0:
                    share = _cut(x, y, x_m[i - 1] - site_x[k], y_m[i - 1] - site_y[k], radius_m)
                    entrance[place] -= share * (time_s[i] - time_s[i - 1])
            elif inside and not now:
                before_x, before_y = x_m[i - 1] - site_x[k], y_m[i - 1] - site_y[k]
                share = _cut(before_x, before_y, x, y, radius_m)
                leaving[place] = time_s[i - 1] + share * (time_s[i] - time_s[i - 1])
                place += 1
            inside = now
        if inside:
            leaving[place] = time_s[n - 1]
            place += 1
    return site, entrance, leaving


@kernel
def _passed(time_s: Floats, x_m: Floats, y_m: Floats, radius_m: float) -> Floats:
    n = len(time_s)
    passage = np.full(n, np.nan)
    for i in range(n):
        until, since = np.nan, np.nan
        for j in range(i + 1, n):
            x, y = x_m[j] - x_m[i], y_m[j] - y_m[i]
            if np.sqrt(x * x + y * y) > radius_m:
                share = _cut(x_m[j - 1] - x_m[i], y_m[j - 1] - y_m[i], x, y, radius_m)
                until = time_s[j - 1] + share * (time_s[j] - time_s[j - 1])
                break
        for j in range(i - 1, -1, -1):
            x, y = x_m[j] - x_m[i], y_m[j] - y_m[i]
            if np.sqrt(x * x + y * y) > radius_m:
                share = _cut(x_m[j + 1] - x_m[i], y_m[j + 1] - y_m[i], x, y, radius_m)
                since = time_s[j + 1] + share * (time_s[j] - time_s[j + 1])
                break
        passage[i] = until - since
    return passage
