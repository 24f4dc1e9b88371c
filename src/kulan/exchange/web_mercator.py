"""Web Mercator and its square tiles, as web maps cut the world (OGC 17-083r4, WebMercatorQuad).

Zoom 0 is one tile; each further zoom halves its sides. Column 0 begins at 180 degrees west, row 0
at 85.0511 degrees north; rows count southwards.
"""

from operator import index

import numpy as np
from numpy.typing import NDArray

from kulan.errors import UnknownNameError

MOST_ZOOM = 30
SCREEN_PX = 512
"""Pixels that a map on the web gives a vector tile's side."""
_NEAR_POLE_DEG = 89.99


def check_tile(z: int, x: int, y: int) -> None:
    """Refuse a tile that does not exist.

    Raises
    ------
    UnknownNameError
        If the zoom is not 0 to 30, or column or row lie outside that zoom's square.
    """
    try:
        z, x, y = index(z), index(x), index(y)
    except TypeError:
        raise UnknownNameError(
            f"There is no tile {z!r}/{x!r}/{y!r}: zoom, column and row are whole numbers."
        ) from None
    if not 0 <= z <= MOST_ZOOM:
        raise UnknownNameError(
            f"There is no tile {z}/{x}/{y}: zooms go from 0 to {MOST_ZOOM}. Ask for one of those."
        )
    last = 2**z - 1
    if not (0 <= x <= last and 0 <= y <= last):
        raise UnknownNameError(
            f"There is no tile {z}/{x}/{y}: at zoom {z} columns and rows go from 0 to {last}. "
            "Ask for one of those."
        )


def tile_bounds(
    z: int, x: int, y: int, *, margin: float = 0.0
) -> tuple[float, float, float, float]:
    """Return the west, south, east and north of a tile, degrees.

    Parameters
    ----------
    z, x, y
        Zoom, column and row.
    margin
        Widens the box on every side, as a part of the tile's side. So widened it may reach beyond
        180 degrees, and beyond 85.0511 degrees.

    Raises
    ------
    UnknownNameError
        If there is no such tile.

    Examples
    --------
    >>> [round(edge, 4) for edge in tile_bounds(1, 1, 0)]
    [0.0, 0.0, 180.0, 85.0511]
    """
    check_tile(z, x, y)
    n_tiles = 2**z
    west, east = (360 * (edge / n_tiles) - 180 for edge in (x - margin, x + 1 + margin))
    south, north = (
        float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * edge / n_tiles)))))
        for edge in (y + 1 + margin, y - margin)
    )
    return west, south, east, north


def pixel_deg(z: int, *, tile_px: int = SCREEN_PX) -> float:
    """Return the width of a pixel of the screen in degrees of longitude.

    On the map a degree of latitude is drawn larger than one of longitude away from the equator: a
    feature less wide and less high than this is smaller than a pixel on the equator, and at 50
    degrees north less than 1.6 pixels high.

    Parameters
    ----------
    z
        Zoom of a tile.
    tile_px
        Pixels a tile's side is drawn with.

    Raises
    ------
    UnknownNameError
        If there is no such zoom.

    Examples
    --------
    >>> pixel_deg(0)
    0.703125
    """
    check_tile(z, 0, 0)
    return 360 / (tile_px * float(2**z))


def to_tile_units(
    lon_lat: NDArray[np.float64], z: int, x: int, y: int, units: int
) -> NDArray[np.float64]:
    """Return positions within a tile whose sides are so many units long; y grows southwards.

    Web Mercator draws longitude and latitude of WGS 84 as if they were those of a sphere. Poles
    would lie at infinity; they are put at 89.99 degrees, far outside every tile.

    Parameters
    ----------
    lon_lat
        Longitude and latitude in two columns, degrees.
    z, x, y
        Zoom, column and row of the tile.
    units
        Length of its sides.

    Examples
    --------
    >>> to_tile_units(np.array([[0.0, 0.0], [-180.0, 0.0]]), 0, 0, 0, 4096)
    array([[2048., 2048.],
           [   0., 2048.]])
    """
    within = np.empty((len(lon_lat), 2))
    latitude = np.radians(np.clip(lon_lat[:, 1], -_NEAR_POLE_DEG, _NEAR_POLE_DEG))
    within[:, 0] = ((lon_lat[:, 0] + 180) / 360 * 2**z - x) * units
    within[:, 1] = ((0.5 - np.arcsinh(np.tan(latitude)) / (2 * np.pi)) * 2**z - y) * units
    return within


def pixel_centres_deg(
    z: int, x: int, y: int, size_px: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitudes of a tile's columns of pixels and latitudes of its rows, at their middle.

    Raises
    ------
    UnknownNameError
        If there is no such tile.

    Examples
    --------
    >>> pixel_centres_deg(0, 0, 0, 2)[0]
    array([-90.,  90.])
    """
    check_tile(z, x, y)
    middles = (np.arange(size_px) + 0.5) / size_px
    longitudes = (x + middles) / 2**z * 360 - 180
    latitudes = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (y + middles) / 2**z))))
    return longitudes, latitudes
