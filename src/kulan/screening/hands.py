"""The two hands of a line: what lies on its left, and so on its right, within a distance."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.screening.alignments import Alignment

_PROLONGED = 1.5  # of the distance: the line's straight extension must leave the buffer


def left_side(alignment: Alignment, distance_m: float) -> BaseGeometry | None:
    """Return the part of the buffer that lies to the left of the line.

    The line is prolonged straight at both ends until it leaves the buffer, and so divides it.

    Returns
    -------
    geometry or None
        None for areas, for lines of several parts and for lines that cross themselves or close:
        those have no two sides.
    """
    line = alignment.shape
    if not alignment.is_line or line.geom_type != "LineString":
        return None
    if not line.is_simple or line.is_closed:
        return None
    buffer = alignment.buffer(distance_m)
    prolonged = _prolong(line, distance_m * _PROLONGED)
    faces = shapely.get_parts(
        shapely.polygonize(shapely.get_parts(shapely.union_all([buffer.boundary, prolonged, line])))
    )
    inside = faces[shapely.contains(buffer, shapely.point_on_surface(faces))]
    left = [face for face in inside if _lies_left(face, prolonged)]
    return shapely.union_all(left) if left else shapely.Polygon()


def _prolong(line: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Add a straight stretch of the given length at both ends of a line."""
    vertices = shapely.get_coordinates(line)
    first = _beyond(vertices[1], vertices[0], distance_m)
    last = _beyond(vertices[-2], vertices[-1], distance_m)
    return shapely.LineString(np.vstack([first, vertices, last]))


def _beyond(
    before: NDArray[np.float64], end: NDArray[np.float64], distance_m: float
) -> NDArray[np.float64]:
    shrink = np.array([np.cos(np.deg2rad(end[1])), 1.0])
    way = (end - before) * shrink
    reached: NDArray[np.float64] = end + way / np.hypot(*way) * distance_m / 111_000 / shrink
    return reached


def _lies_left(face: BaseGeometry, line: BaseGeometry) -> bool:
    """Whether a face borders the line on its left: decided by their longest common stretch."""
    common = shapely.get_parts(shapely.intersection(face.boundary, line))
    common = common[shapely.get_dimensions(common) == 1]
    if len(common) == 0:
        return False
    start, end = shapely.get_coordinates(common[np.argmax(shapely.length(common))])[:2]
    if line.project(shapely.Point(start)) > line.project(shapely.Point(end)):
        start, end = end, start
    middle = (start + end) / 2
    way = end - start
    step = np.array([-way[1], way[0]]) * 1e-4
    return bool(shapely.contains_xy(face, *(middle + step)))
