"""Geodesics between fixes: lengths and azimuths on WGS 84, a million in a third of a second."""

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from kulan.movement.kernels import kernel

Floats = NDArray[np.float64]

_A_M, _FLATTENING = 6_378_137.0, 1 / 298.257223563
_B_M = _A_M * (1 - _FLATTENING)
_GEOD = Geod(ellps="WGS84")
_MOST_ROUNDS = 30


def geodesics(
    longitude: Floats, latitude: Floats, to_longitude: Floats, to_latitude: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return length, m, and the azimuths of leaving and of arriving, radians clockwise from north.

    Vincenty's series in a form without differences of nearly equal numbers, so that steps of a
    metre are as exact as those of a thousand kilometres: within 1e-10 of Karney's (2013) method.
    Ends nearly opposite each other on the globe, where the series fails, are left to it.

    Parameters
    ----------
    longitude, latitude
        Where each begins, degrees on WGS 84.
    to_longitude, to_latitude
        Where it ends.

    References
    ----------
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
    length, out, into, failed = _vincenty(
        to_longitude - longitude, to_latitude - latitude, one, other
    )
    if failed.any():
        rows = np.flatnonzero(failed)
        ends = longitude[rows], latitude[rows], to_longitude[rows], to_latitude[rows]
        leaving, back, metres = _GEOD.inv(*ends)
        length[rows], out[rows] = metres, np.deg2rad(leaving)
        into[rows] = np.deg2rad(np.asarray(back) + 180.0)
    return length, out, into


@kernel
def _short_way(degrees: float) -> float:
    if degrees > 180.0:
        return degrees - 360.0
    return degrees + 360.0 if degrees < -180.0 else degrees


@kernel
def _metres(
    sigma: float, sin_sigma: float, cos_sigma: float, cos2_alpha: float, cos_2m: float
) -> float:
    """Length of a geodesic, m, from its length on the auxiliary sphere."""
    u2 = cos2_alpha * (_A_M * _A_M - _B_M * _B_M) / (_B_M * _B_M)
    big_a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    big_b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    inner = cos_sigma * (2 * cos_2m * cos_2m - 1) - big_b / 6 * cos_2m * (
        4 * sin_sigma * sin_sigma - 3
    ) * (4 * cos_2m * cos_2m - 3)
    less = big_b * sin_sigma * (cos_2m + big_b / 4 * inner)
    return float(_B_M * big_a * (sigma - less))


@kernel
def _reduced(latitude: Floats) -> Floats:
    """Sine and cosine of reduced latitudes, and what both were divided by, shape (3, n)."""
    made = np.empty((3, len(latitude)))
    for i in range(len(latitude)):
        phi = np.deg2rad(latitude[i])
        sine, cosine = (1 - _FLATTENING) * np.sin(phi), np.cos(phi)
        by = np.sqrt(cosine * cosine + sine * sine)
        made[0, i], made[1, i], made[2, i] = sine / by, cosine / by, by
    return made


@kernel
def _vincenty(
    east_deg: Floats, north_deg: Floats, one: Floats, other: Floats
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    n = len(east_deg)
    length, out, into = np.empty(n), np.empty(n), np.empty(n)
    failed = np.zeros(n, np.bool_)
    for i in range(n):
        difference = np.deg2rad(_short_way(east_deg[i]))
        # the sine of the difference of reduced latitudes, without cancellation
        by = (1 - _FLATTENING) / (one[2, i] * other[2, i])
        sin_du = by * np.sin(np.deg2rad(north_deg[i]))
        length[i], out[i], into[i] = _between(
            difference, one[0, i], one[1, i], other[0, i], other[1, i], sin_du
        )
        failed[i] = length[i] < 0.0
    return length, out, into, failed


@kernel
def _between(
    difference: float, sin_u1: float, cos_u1: float, sin_u2: float, cos_u2: float, sin_du: float
) -> tuple[float, float, float]:
    """Length and azimuths of one geodesic; a length below zero where the series fails."""
    f = _FLATTENING
    # what the rounds come to for short ways, so that few are needed
    angle = difference / (1 - f * cos_u1 * cos_u2)
    if abs(angle) > np.pi:
        angle = difference
    done, earlier = False, 0.0
    sigma = sin_sigma = cos_sigma = cos2_alpha = cos_2m = east = north = half = 0.0
    for _ in range(_MOST_ROUNDS):
        half = np.sin(angle / 2)
        sin_l = 2 * half * np.sqrt(1 - half * half)  # half the angle is below a right one
        east = cos_u2 * sin_l
        north = sin_du + 2 * sin_u1 * cos_u2 * half * half
        sin_sigma = np.sqrt(east * east + north * north)
        if sin_sigma == 0.0:
            return 0.0, 0.0, 0.0
        cos_sigma = sin_u1 * sin_u2 + cos_u1 * cos_u2 * (1 - 2 * half * half)
        sigma = np.arctan2(sin_sigma, cos_sigma)
        sin_alpha = cos_u1 * cos_u2 * sin_l / sin_sigma
        cos2_alpha = 1 - sin_alpha * sin_alpha
        cos_2m = cos_sigma - 2 * sin_u1 * sin_u2 / cos2_alpha if cos2_alpha > 1e-15 else 0.0
        c = f / 16 * cos2_alpha * (4 + f * (4 - 3 * cos2_alpha))
        added = sigma + c * sin_sigma * (cos_2m + c * cos_sigma * (2 * cos_2m * cos_2m - 1))
        change = difference + (1 - c) * f * sin_alpha * added - angle
        angle += change
        if abs(change) <= 1e-11 * abs(difference) + 1e-300:
            done = True
            break
        if abs(change) < 0.1 * abs(earlier):
            # rounds shrink by one ratio: go where they would end (Aitken)
            angle += change * change / (earlier - change)
        earlier = change
    if not done or sigma > 3.0:
        return -1.0, 0.0, 0.0  # nearly opposite ends: the series creeps or leaps
    into = np.arctan2(cos_u1 * np.sin(angle), sin_du - 2 * cos_u1 * sin_u2 * half * half)
    metres = _metres(sigma, sin_sigma, cos_sigma, cos2_alpha, cos_2m)
    return metres, np.arctan2(east, north), into
