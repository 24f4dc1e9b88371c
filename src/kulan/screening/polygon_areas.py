"""Areas of a million polygons on the ellipsoid, in seconds.

`kulan.places.area_km2` projects every vertex; this adds up, edge by edge, the area between the edge
and the equator. Both give the same areas to 1 part in 100 000.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

_SEMI_MAJOR_M, _ECCENTRICITY_2 = 6_378_137.0, 0.006_694_379_990_141_316
_AT_ONCE = 100_000
_POLYGON = 3

_Floats = NDArray[np.float64]


def polygon_areas_km2(polygons: Any) -> _Floats:
    """Measure areas on the WGS 84 ellipsoid, edges straight in longitude and latitude.

    The area between an edge and the equator is the integral of the zone's area (Snyder 1987, Map
    projections, eq. 3-12) over longitude, by Simpson's rule: exact to 1 part in a million for edges
    of a few degrees.

    Parameters
    ----------
    polygons
        Array of polygons or multi-polygons; other shapes have no area.

    Returns
    -------
    ndarray
        km², one for each, never negative.

    Examples
    --------
    >>> polygon_areas_km2([shapely.box(60, 45, 61, 46)]).round(0).tolist()
    [8686.0]
    """
    shapes = np.atleast_1d(np.asarray(polygons, dtype=object))
    chunks = [
        _areas_km2(shapes[first : first + _AT_ONCE]) for first in range(0, len(shapes), _AT_ONCE)
    ]
    return np.concatenate(chunks) if chunks else np.zeros(0)


def _areas_km2(shapes: NDArray[np.object_]) -> _Floats:
    rings, part, owner = _rings(shapes)
    if len(rings) == 0:
        return np.zeros(len(shapes))
    lonlat, ring = shapely.get_coordinates(rings, return_index=True)
    longitude, latitude = np.deg2rad(lonlat.T)
    same = ring[1:] == ring[:-1]
    zone = _zone_m2_per_rad(latitude)
    middle = _zone_m2_per_rad((latitude[1:] + latitude[:-1]) / 2)
    under = (longitude[1:] - longitude[:-1]) * (zone[1:] + 4 * middle + zone[:-1]) / 6
    of_ring = np.abs(np.bincount(ring[1:][same], weights=under[same], minlength=len(rings)))
    is_hole = np.concatenate([[False], part[1:] == part[:-1]])  # the first ring is the shell
    signed = np.where(is_hole, -of_ring, of_ring)
    areas: _Floats = np.bincount(owner[part], weights=signed, minlength=len(shapes)) / 1e6
    return areas


def _rings(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.int64]]:
    """Return outlines, the part each belongs to, and the shape each part belongs to."""
    is_one_ring = (shapely.get_type_id(shapes) == _POLYGON) & (
        shapely.get_num_interior_rings(shapes) == 0
    )
    if is_one_ring.all():  # then its coordinates are those of its ring: no need to take it out
        every = np.arange(len(shapes))
        return shapes, every, every
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, part, owner


def first_vertices(shapes: Any) -> _Floats:
    """Return one vertex of each shape that is not empty: longitude and latitude, one row each."""
    geometries = np.atleast_1d(np.asarray(shapes, dtype=object))
    found = [np.zeros((0, 2))]
    for first in range(0, len(geometries), _AT_ONCE):
        lonlat, owner = shapely.get_coordinates(
            geometries[first : first + _AT_ONCE], return_index=True
        )
        is_first = np.concatenate([[True], owner[1:] != owner[:-1]])[: len(owner)]
        found.append(lonlat[is_first])
    return np.concatenate(found)


def _zone_m2_per_rad(latitude: _Floats) -> _Floats:
    """Area between the equator and a parallel for each radian of longitude."""
    e = np.sqrt(_ECCENTRICITY_2)
    s = np.sin(latitude)
    q: _Floats = s / (1 - _ECCENTRICITY_2 * s**2) + np.arctanh(e * s) / e
    return _SEMI_MAJOR_M**2 * (1 - _ECCENTRICITY_2) / 2 * q
