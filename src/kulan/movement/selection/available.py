"""Available points: what an animal could have used of the land it lives in."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.errors import InvalidGeometryError, InvalidRequestError

Floats = NDArray[np.float64]

_MOST_AT_ONCE = 1_000_000


def available_points(shape: shapely.Geometry, count: int, seed: int = 0) -> Floats:
    """Return points spread evenly, by chance, over the land that is taken as available.

    Parameters
    ----------
    shape
        Polygon or polygons, in a plane of metres.
    count
        How many points.
    seed
        Of the draw.

    Returns
    -------
    Floats
        Shape (count, 2), m.

    Raises
    ------
    InvalidRequestError
        If `count` is below 1.
    InvalidGeometryError
        If the shape has no area.

    Examples
    --------
    >>> points = available_points(shapely.box(0, 0, 10, 20), 1000)
    >>> points.shape, bool((points.max(axis=0) < [10, 20]).all())
    ((1000, 2), True)
    """
    if count < 1:
        raise InvalidRequestError(f"{count} available points: at least one is needed.")
    if not shape.area > 0:
        raise InvalidGeometryError("the land taken as available has no area.")
    rng = np.random.default_rng(seed)
    west, south, east, north = shape.bounds
    share = shape.area / ((east - west) * (north - south))
    shapely.prepare(shape)
    parts, found = [], 0
    while found < count:
        wanted = min(math.ceil((count - found) / share * 1.1) + 16, _MOST_AT_ONCE)
        points = rng.random((wanted, 2)) * [east - west, north - south] + [west, south]
        inside = points[shapely.contains_xy(shape, points)]
        parts.append(inside)
        found += len(inside)
    return np.concatenate(parts)[:count]
