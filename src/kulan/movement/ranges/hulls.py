"""Minimum convex polygons: the oldest picture of a range, kept for comparison.

It takes in land that was never visited, grows with the number of fixes and says nothing of use
inside; where the fixes allow it, an autocorrelated kernel is to be preferred.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
_CORNERS = 3


def minimum_convex_polygon(track: Track, level: float = 0.95) -> shapely.Polygon:
    """Return the smallest convex polygon around the fixes nearest to their centre.

    Parameters
    ----------
    track
        One animal's track.
    level
        Share of fixes to hold, above 0 to 1: those whose distance from the mean position is at
        most that quantile (by linear interpolation) of all distances.

    Returns
    -------
    shapely.Polygon
        In the plane of the track.

    Raises
    ------
    InvalidTableError
        If the share is not above 0 and at most 1.
    NotEnoughDataError
        If the fixes span no area.

    References
    ----------
    Mohr, C. O. (1947). Table of equivalent populations of North American small mammals. American
    Midland Naturalist 37: 223-249.

    Examples
    --------
    >>> square = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])
    >>> minimum_convex_polygon(Track("k1", np.arange(4.0), *square.T), 1.0).area
    100.0
    """
    check_share(level)
    xy = track.positions_m
    if len(xy) >= _CORNERS:
        away = np.hypot(*(xy - xy.mean(axis=0)).T)
        hull = shapely.convex_hull(shapely.multipoints(xy[away <= np.quantile(away, level)]))
        if isinstance(hull, shapely.Polygon) and hull.area > 0:
            return hull
    raise NotEnoughDataError(
        f"track of {track.animal_id}: {len(track)} fixes, of which {level:.0%} span no area. "
        "Read more of the record."
    )


def check_share(level: float) -> None:
    """Refuse a share of fixes that is not above 0 and at most 1.

    Raises
    ------
    InvalidTableError
        If it is not.
    """
    if not 0 < level <= 1:
        raise InvalidTableError(
            f"level {level:g}: a share of fixes above 0 and at most 1 is needed, such as 0.95."
        )
