"""Coordinate reference systems of the OGC API: which there are, there and back.

OGC 18-058 (2020), OGC API - Features - Part 2: Coordinate Reference Systems by Reference. Axes come
in the order that each system says: EPSG:4326 is latitude first.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.errors import InvalidRequestError

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84H = "http://www.opengis.net/def/crs/OGC/0/CRS84h"
EPSG_4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"
EPSG_3857 = "http://www.opengis.net/def/crs/EPSG/0/3857"
STORED = CRS84
OFFERED = (CRS84, EPSG_4326, EPSG_3857)

_RADIUS_M = 6378137.0
# EPSG:3857 is used between these latitudes; at the poles it has no coordinates
_HIGHEST_DEG = 85.06

Box = tuple[float, float, float, float]
Shapes = NDArray[np.object_]


def known_crs(name: str, parameter: str) -> str:
    """Return the identifier of an offered system, however it is written.

    Raises
    ------
    InvalidRequestError
        If it is none of `OFFERED`.

    Examples
    --------
    >>> known_crs("[EPSG:3857]", "crs")
    'http://www.opengis.net/def/crs/EPSG/0/3857'
    """
    plain = name.strip("[]")
    short = {"OGC:CRS84": CRS84, "EPSG:4326": EPSG_4326, "EPSG:3857": EPSG_3857}
    found = short.get(plain, plain).replace("https://", "http://")
    if found not in OFFERED:
        raise InvalidRequestError(
            f"{parameter} names {name[:100]!r}; give one of {', '.join(OFFERED)}."
        )
    return found


def to_crs(shapes: Shapes, crs: str) -> Shapes:
    """Return shapes in longitude and latitude as another system writes them."""
    if crs == EPSG_4326:
        return np.asarray(shapely.transform(shapes, lambda xy: xy[:, ::-1]))
    if crs == EPSG_3857:
        return np.asarray(shapely.transform(shapes, _to_mercator))
    return shapes


def from_crs(shape: shapely.Geometry, crs: str) -> shapely.Geometry:
    """Return a shape of another system in longitude and latitude."""
    if crs == EPSG_4326:
        return shapely.transform(shape, lambda xy: xy[:, ::-1])
    if crs == EPSG_3857:
        return shapely.transform(shape, _from_mercator)
    return shape


def box_from(first: Box, crs: str) -> tuple[shapely.Geometry, ...]:
    """Return a box given in a system's axes as shapes in longitude and latitude.

    A box whose west is larger than its east goes over the antimeridian: it is two shapes.

    Raises
    ------
    InvalidRequestError
        If its south lies north of its north.
    """
    low_a, low_b, high_a, high_b = first
    if crs == EPSG_4326:
        low_a, low_b, high_a, high_b = low_b, low_a, high_b, high_a
    if crs == EPSG_3857:
        (low_a, low_b), (high_a, high_b) = _from_mercator(np.array([first[:2], first[2:]]))
    if low_b > high_b:
        raise InvalidRequestError(
            f"bbox={','.join(f'{number:g}' for number in first)}: its lower corner lies above its "
            "upper corner. Give lower left, then upper right, in the axes of bbox-crs."
        )
    if low_a > high_a:
        return (_box(low_a, low_b, 180, high_b), _box(-180, low_b, high_a, high_b))
    return (_box(low_a, low_b, high_a, high_b),)


def _box(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """Return a box; a line or a point where it has no width or no height."""
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _to_mercator(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    latitude = np.radians(np.clip(degrees[:, 1], -_HIGHEST_DEG, _HIGHEST_DEG))
    return np.column_stack(
        (
            _RADIUS_M * np.radians(degrees[:, 0]),
            _RADIUS_M * np.log(np.tan(np.pi / 4 + latitude / 2)),
        )
    )


def _from_mercator(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    # beyond this the sphere has been gone round more than once: no place is meant
    within = np.clip(metres / _RADIUS_M, -50, 50)
    return np.column_stack(
        (np.degrees(within[:, 0]), np.degrees(2 * np.arctan(np.exp(within[:, 1])) - np.pi / 2))
    )
