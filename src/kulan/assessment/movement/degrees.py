"""Shapes of planes in longitude and latitude: areas kept, and cut where the 180th meridian goes."""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.exchange.antimeridian import unwrap
from kulan.exchange.losses import Losses
from kulan.movement.planes import Plane
from kulan.places import WGS84

# an edge straight in a plane is not straight in degrees: at 65° N, one of 2 km strays by 0.2 m
_LONGEST_EDGE_M = 2000.0


def in_degrees(shape: Any, plane: Plane) -> Any:
    """Return a shape of a plane in longitude and latitude.

    Parameters
    ----------
    shape
        In metres. Polygons get further vertices on long edges, so that their areas stay; lines keep
        theirs, which are fixes.
    plane
        Where it lies.

    Returns
    -------
    geometry
        In parts, where it crosses the 180th meridian (RFC 7946, 3.1.9).

    Raises
    ------
    UnknownCrsError
        If the plane is of local metres, which lie nowhere on Earth.

    Examples
    --------
    >>> from kulan.movement.planes import plane_around
    >>> field = in_degrees(shapely.box(-9e3, -9e3, 9e3, 9e3), plane_around([180.0], [66.0]))
    >>> [[round(float(value)) for value in part.bounds] for part in field.geoms]
    [[180, 66, 180, 66], [-180, 66, -180, 66]]
    """
    turned = shapely.transform(
        _fine(np.array([shape], dtype=object)),
        lambda xy: np.column_stack(plane.inverse(xy[:, 0], xy[:, 1])),
    )
    return cut_at_the_180th(_held_together(turned))[0]


def layer_in_degrees(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer of any system in longitude and latitude on WGS 84, as `in_degrees` does.

    Parameters
    ----------
    layer
        With its system.
    """
    shapes = layer.geometry.to_numpy()
    plane = layer.crs.is_projected
    series = gpd.GeoSeries(_fine(shapes) if plane else shapes, index=layer.index, crs=layer.crs)
    turned = series.to_crs(WGS84).to_numpy()
    whole = _held_together(turned) if plane else turned
    return layer.set_geometry(cut_at_the_180th(whole), crs=WGS84)


def cut_at_the_180th(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return shapes in degrees with longitudes from -180 to 180, in parts where they cross 180.

    Parameters
    ----------
    shapes
        Longitude and latitude; an edge of more than half a turn is taken the short way round.

    Examples
    --------
    >>> way = shapely.LineString([(179.0, 66.0), (-179.0, 66.0)])
    >>> [list(part.coords) for part in cut_at_the_180th(np.array([way], dtype=object))[0].geoms]
    [[(179.0, 66.0), (180.0, 66.0)], [(-180.0, 66.0), (-179.0, 66.0)]]
    """
    return unwrap(np.asarray(shapes, dtype=object), np.arange(len(shapes)), Losses())


def _fine(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    made = shapes.copy()
    areas = shapely.get_dimensions(shapes) == 2
    made[areas] = shapely.segmentize(shapes[areas], _LONGEST_EDGE_M)
    return made


def _held_together(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Bring the longitudes of each shape to within half a turn of its first: no plane is wider."""
    xy, shape = shapely.get_coordinates(shapes, return_index=True)
    if not len(xy):
        return shapes
    _, first, place = np.unique(shape, return_index=True, return_inverse=True)
    xy[:, 0] -= 360.0 * np.round((xy[:, 0] - xy[first[place], 0]) / 360.0)
    return np.asarray(shapely.set_coordinates(shapes.copy(), xy), dtype=object)
