"""Geodesics between fixes: lengths and azimuths on WGS 84, a million in a fifth of a second."""

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from kulan.movement.kernels import kernel

Floats = NDArray[np.float64]
Series = tuple[float, float, float, float]

_A_M, _FLATTENING = 6_378_137.0, 1 / 298.257223563
_B_M = _A_M * (1 - _FLATTENING)
_SECOND = (_A_M * _A_M - _B_M * _B_M) / (_B_M * _B_M)  # eccentricity, squared
_THIRD = _FLATTENING / (2 - _FLATTENING)
_GEOD = Geod(ellps="WGS84")
_MOST_ROUNDS = 30
# when rounds end, of the difference of longitudes: what is missing then is squared in lengths, and
# in azimuths divided by a thousand, or by far more for short ways
_SETTLED, _SETTLED_NEAR = 1e-10, 1e-6
_RADIANS = np.pi / 180
# below this, 127 km, series of sines and their inverses are exact to the last digit
_SHORT_RAD = 0.02


def geodesics(
    longitude: Floats, latitude: Floats, to_longitude: Floats, to_latitude: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return length, m, and the azimuths of leaving and of arriving, radians clockwise from north.

    Karney's (2013) series in Vincenty's rounds, and in a form without differences of nearly equal
    numbers, so that steps of a metre are as exact as those of a thousand kilometres: lengths are
    within 1e-7 m of GeographicLib's. Ends nearly opposite each other on the globe, where the rounds
    do not settle, are left to that library.

    Parameters
    ----------
    longitude, latitude
        Where each begins, degrees on WGS 84.
    to_longitude, to_latitude
        Where it ends.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.
    Vincenty, T. (1975). Direct and inverse solutions of geodesics on the ellipsoid with application
    of nested equations. Survey Review 23, 88-93.

    Examples
    --------
    >>> length, out, into = geodesics(*(np.array([v]) for v in (60.0, 45.0, 60.0, 46.0)))
    >>> length.round(3), out, into
    (array([111141.548]), array([0.]), array([0.]))
    """
    return _settled(longitude, latitude, to_longitude, to_latitude, None)


def path_geodesics(longitude: Floats, latitude: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the same of the way from each place to the next, in less time.

    Parameters
    ----------
    longitude, latitude
        Places one after another, degrees on WGS 84.
    """
    reduced = _reduced(latitude)
    ends = longitude[:-1], latitude[:-1], longitude[1:], latitude[1:]
    return _settled(*ends, (reduced[:, :-1], reduced[:, 1:]))


def _settled(
    longitude: Floats,
    latitude: Floats,
    to_longitude: Floats,
    to_latitude: Floats,
    reduced: tuple[Floats, Floats] | None,
) -> tuple[Floats, Floats, Floats]:
    one, other = reduced or (_reduced(latitude), _reduced(to_latitude))
    length, out, into, failed = _all_between(
        to_longitude - longitude, to_latitude - latitude, one, other
    )
    if failed.any():
        rows = np.flatnonzero(failed)
        ends = longitude[rows], latitude[rows], to_longitude[rows], to_latitude[rows]
        leaving, back, metres = _GEOD.inv(*ends)
        length[rows], out[rows] = metres, np.deg2rad(leaving)
        into[rows] = np.deg2rad(np.where(np.asarray(back) > 0, back - 180.0, back + 180.0))
    return length, out, into


@kernel
def wrapped(angle: float) -> float:
    """Return an angle between -pi (left out) and pi.

    Parameters
    ----------
    angle
        Less than half a turn outside.
    """
    if angle > np.pi:
        return angle - 2 * np.pi
    return angle + 2 * np.pi if angle <= -np.pi else angle


@kernel
def _short_way(degrees: float) -> float:
    if abs(degrees) <= 180.0:
        return degrees
    return float(degrees - 360.0 * np.round(degrees / 360.0))


@kernel
def _sine(angle: float) -> float:
    """Sine, by its series where that is exact to the last digit."""
    if abs(angle) > _SHORT_RAD:
        return float(np.sin(angle))
    square = angle * angle
    return angle * (1 - square / 6 * (1 - square / 20 * (1 - square / 42)))


@kernel
def _turn(angle: float) -> tuple[float, float]:
    """Sine of an angle of half a circle at most, and one less its cosine."""
    half = _sine(angle / 2)
    return 2 * half * np.sqrt(1 - half * half), 2 * half * half


@kernel
def _arc(sine: float, cosine: float) -> float:
    """Angle from 0 to pi, or a small one on either side of 0, of its sine and cosine."""
    if abs(sine) > _SHORT_RAD or cosine < 0:
        return float(np.arctan2(sine, cosine))
    square = sine * sine
    more = 3 / 40 + square * (15 / 336 + square * (105 / 3456 + square * 945 / 42240))
    return sine * (1 + square * (1 / 6 + square * more))


@kernel
def _added(sigma: float, sine: float, cosine: float, cos_2m: float, series: Series) -> float:
    """Return an arc with what a series adds: from sines of even multiples at its two ends."""
    sine_2 = 2 * sine * cosine
    sine_3 = 2 * cosine * sine_2 - sine
    sine_4 = 2 * cosine * sine_3 - sine_2
    cos_4m = 2 * cos_2m * cos_2m - 1
    cos_6m = 2 * cos_2m * cos_4m - cos_2m
    cos_8m = 2 * cos_2m * cos_6m - cos_4m
    return sigma + 2 * (
        series[0] * sine * cos_2m
        + series[1] * sine_2 * cos_4m
        + series[2] * sine_3 * cos_6m
        + series[3] * sine_4 * cos_8m
    )


@kernel
def _length_series(e: float) -> tuple[float, Series]:
    """Karney's A1 and C1 (equations 17 and 18)."""
    e2 = e * e
    first = (1 + e2 / 4 * (1 + e2 / 16)) / (1 - e)
    return first, (
        e * (-1 / 2 + e2 * (3 / 16 - e2 / 32)),
        e2 * (-1 / 16 + e2 / 32),
        e2 * e * (-1 / 48 + 3 / 256 * e2),
        -5 / 512 * e2 * e2,
    )


@kernel
def _longitude_series(e: float) -> tuple[float, Series]:
    """Karney's A3 and C3 (equations 24 and 25)."""
    n = _THIRD
    first = 1 - e * (
        (1 - n) / 2
        + e
        * (
            (2 + n - 3 * n * n) / 8
            + e * ((1 + 3 * n + n * n) / 16 + e * ((3 + 2 * n) / 64 + e * 3 / 128))
        )
    )
    return first, (
        e * ((1 - n) / 4 + e * ((1 - n * n) / 8 + e * ((3 + 3 * n - n * n) / 64 + e * 5 / 128))),
        e * e * ((2 - 3 * n + n * n) / 32 + e * ((3 - 2 * n - 3 * n * n) / 64 + e * 3 / 128)),
        e * e * e * ((5 - 9 * n + 5 * n * n) / 192 + e * 3 / 128),
        e * e * e * e * 7 / 512,
    )


@kernel
def _reduced(latitude: Floats) -> Floats:
    """Sine and cosine of reduced latitudes, and what both were divided by, shape (3, n)."""
    made = np.empty((3, len(latitude)))
    for i in range(len(latitude)):
        # beyond a pole there is no place
        phi = np.deg2rad(latitude[i]) if abs(latitude[i]) <= 90.0 else np.nan
        sine, cosine = (1 - _FLATTENING) * np.sin(phi), np.cos(phi)
        by = np.sqrt(cosine * cosine + sine * sine)
        made[0, i], made[1, i], made[2, i] = sine / by, cosine / by, by
    return made


@kernel
def _all_between(
    east_deg: Floats, north_deg: Floats, one: Floats, other: Floats
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    n = len(east_deg)
    length, out, into = np.empty(n), np.empty(n), np.empty(n)
    failed = np.zeros(n, np.bool_)
    for i in range(n):
        difference = _RADIANS * _short_way(east_deg[i])
        # the sine of the difference of reduced latitudes, without cancellation
        by = (1 - _FLATTENING) / (one[2, i] * other[2, i])
        sin_du = by * _sine(_RADIANS * north_deg[i])
        length[i], out[i], into[i] = _between(
            difference, one[0, i], one[1, i], other[0, i], other[1, i], sin_du
        )
        failed[i] = length[i] < 0.0
    return length, out, into, failed


@kernel
def _between(
    difference: float, sin_u1: float, cos_u1: float, sin_u2: float, cos_u2: float, sin_du: float
) -> tuple[float, float, float]:
    """Length and azimuths of one geodesic; a length below zero where the rounds do not settle.

    What a round adds to the difference of longitudes is nearly proportional to the whole: so it
    goes where their ratio leads, and for short ways the first round is the last.
    """
    flat = 1 - _SECOND / 4 * sin_u1 * sin_u2
    angle = difference / (1 - _FLATTENING * cos_u1 * cos_u2 * flat)
    if abs(angle) > np.pi:
        angle = difference
    done = False
    sigma = sin_sigma = cos_sigma = cos_2m = east = north = bent = sin_l = e = left = 0.0
    for _ in range(_MOST_ROUNDS):
        sin_l, bent = _turn(angle)
        east = cos_u2 * sin_l
        north = sin_du + sin_u1 * cos_u2 * bent
        sin_sigma = np.sqrt(east * east + north * north)
        cos_sigma = sin_u1 * sin_u2 + cos_u1 * cos_u2 * (1 - bent)
        if sin_sigma == 0.0:
            return (0.0 if cos_sigma > 0 else -1.0), 0.0, 0.0  # one place, or two opposite
        sigma = _arc(sin_sigma, cos_sigma)
        sin_alpha = cos_u1 * cos_u2 * sin_l / sin_sigma
        cos2_alpha = 1 - sin_alpha * sin_alpha
        cos_2m = cos_sigma - 2 * sin_u1 * sin_u2 / cos2_alpha if cos2_alpha > 1e-15 else 0.0
        root = np.sqrt(1 + _SECOND * cos2_alpha)
        e = (root - 1) / (root + 1)
        first, series = _longitude_series(e)
        added = first * _added(sigma, sin_sigma, cos_sigma, cos_2m, series)
        if angle == 0.0:
            done = True
            break
        more = _FLATTENING * sin_alpha * added
        left = sin_alpha * (difference + more - angle)
        change = difference / (1 - more / angle) - angle
        angle += change
        settled = _SETTLED_NEAR if sigma < _SHORT_RAD else _SETTLED
        if abs(change) <= settled * abs(difference):
            done = True
            break
    if not done or sigma > 3.0:
        return -1.0, 0.0, 0.0  # nearly opposite ends
    first, series = _length_series(e)
    metres = _B_M * first * _added(sigma, sin_sigma, cos_sigma, cos_2m, series)
    metres += _A_M * left  # by Clairaut: what the last round found missing
    sin_l, bent = _turn(angle)
    east, north = cos_u2 * sin_l, sin_du + sin_u1 * cos_u2 * bent
    arrived_east, arrived_north = cos_u1 * sin_l, sin_du - cos_u1 * sin_u2 * bent
    # both ways, of leaving and of arriving, are as long as the sine of the arc
    square = east * east + north * north
    across = (north * arrived_east - east * arrived_north) / square
    along = (north * arrived_north + east * arrived_east) / square
    out = np.arctan2(east, north)
    return metres, out, wrapped(out + _arc(across, along))
