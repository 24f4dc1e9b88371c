"""Where things are: lengths, areas, distances and buffers on the WGS 84 ellipsoid.

Everything here takes and gives longitude and latitude (EPSG:4326, x = longitude). A line is
straight between its vertices in longitude and latitude, as GeoJSON (RFC 7946) says; `densify` makes
its edges so short that this and the geodesic are the same to millimetres.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Proj, Transformer
from shapely.geometry.base import BaseGeometry

from kulan.errors import InvalidGeometryError

WGS84 = "EPSG:4326"
# Albers equal-area conic, standard parallels a sixth in from the region's south and north
EQUAL_AREA = "+proj=aea +lat_1=22.5 +lat_2=52.5 +lat_0=37.5 +lon_0=87.5 +datum=WGS84 +units=m"
_OURS = " +datum=WGS84 +units=m"
LONGEST_EDGE_M = 5000.0

_GEOD = Geod(ellps="WGS84")
_BUFFER_PIECE_EDGES = 40
_QUARTER_CIRCLE_SEGMENTS = 16
_METRES_PER_DEGREE = 111_320.0

Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Bounds:
    """A box in degrees: west and east longitudes, south and north latitudes."""

    west: float
    south: float
    east: float
    north: float

    def overlaps(self, other: "Bounds") -> bool:
        """Whether the two boxes share at least a point."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    def grown(self, degrees: float) -> "Bounds":
        """Return the box made larger by `degrees` on each side."""
        return Bounds(
            self.west - degrees, self.south - degrees, self.east + degrees, self.north + degrees
        )


# The starter Atlas covers this box; it holds the fourteen range states but for Russia's far ends
# and India's south.
REGION = Bounds(west=40.0, south=15.0, east=135.0, north=60.0)


def bounds_of(geometry: BaseGeometry) -> Bounds:
    """Return the box around a geometry, degrees.

    Raises
    ------
    InvalidGeometryError
        If the geometry is empty.
    """
    if geometry.is_empty:
        raise InvalidGeometryError("The shape is empty, so it lies nowhere.")
    west, south, east, north = geometry.bounds
    return Bounds(west, south, east, north)


def length_m(geometries: Any) -> NDArray[np.float64]:
    """Measure lines along the WGS 84 ellipsoid, metres.

    Each edge counts as the geodesic between its ends (Karney 2013). Polygons are measured along
    their rings; points have no length.

    Parameters
    ----------
    geometries
        One geometry or an array of them, longitude and latitude.

    Returns
    -------
    ndarray
        One length per geometry, metres, in the order given; 0 for empty ones.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

    Examples
    --------
    >>> line = shapely.LineString([(60, 45), (60, 46)])
    >>> length_m(line).round(1).tolist()
    [111141.5]
    """
    shapes = np.atleast_1d(np.asarray(geometries, dtype=object))
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_owner = shapely.get_rings(parts, return_index=True)
    is_area = shapely.get_dimensions(parts) == 2
    lines = np.concatenate([parts[~is_area], rings])
    owners = np.concatenate([owner[~is_area], owner[ring_owner]])
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    if len(coordinates) < 2:
        return np.zeros(len(shapes))
    same = line[1:] == line[:-1]
    start, end = coordinates[:-1][same], coordinates[1:][same]
    edges = edge_lengths_m(start, end)
    owner_of_edge = owners[line[1:][same]]
    return np.bincount(owner_of_edge, weights=edges, minlength=len(shapes)).astype(float)


def edge_lengths_m(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure the geodesics between pairs of points, metres; each argument is (n, 2) degrees."""
    if len(start) == 0:
        return np.zeros(0)
    _, _, distance = _GEOD.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    return np.asarray(distance, dtype=float)


def area_km2(geometries: Any) -> NDArray[np.float64]:
    """Measure areas on the ellipsoid, km², through the region's Albers equal-area projection.

    Edges are taken as straight in longitude and latitude after `densify`; the projection keeps
    areas exactly.

    Examples
    --------
    >>> area_km2(shapely.box(60, 45, 61, 46)).round(0).tolist()
    [8686.0]
    """
    shapes = np.atleast_1d(np.asarray(geometries, dtype=object))
    fine = shapely.segmentize(shapes, LONGEST_EDGE_M / _METRES_PER_DEGREE)
    areas: NDArray[np.float64] = shapely.area(project(fine, WGS84, EQUAL_AREA)) / 1e6
    return areas


def project(geometries: Any, source: str, target: str) -> Any:
    """Move geometries from one CRS to another, vertex by vertex, x before y.

    Parameters
    ----------
    geometries
        One geometry or an array.
    source, target
        Anything PROJ reads: ``EPSG:4326``, a PROJ string.

    Returns
    -------
    geometry or ndarray
        As given, in the target CRS.
    """
    move = _mover(source, target)

    def moved(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = move(xy[:, 0], xy[:, 1])
        return np.column_stack([x, y])

    return shapely.transform(geometries, moved)


Mover = Callable[[NDArray[np.float64], NDArray[np.float64]], tuple[Any, Any]]


@lru_cache(maxsize=256)
def _mover(source: str, target: str) -> Mover:
    # between WGS 84 and a projection of ours there is no datum to change, and a bare projection is
    # made twenty times faster than a transformation that looks for one
    if source == WGS84 and target.endswith(_OURS):
        return Proj(target)
    if target == WGS84 and source.endswith(_OURS):
        return partial(Proj(source), inverse=True)
    return Transformer.from_crs(source, target, always_xy=True).transform


def densify(geometry: Any, longest_edge_m: float = LONGEST_EDGE_M) -> Any:
    """Add vertices along straight edges so that none is longer than about `longest_edge_m`.

    The shape stays where it was: new vertices lie on its edges, straight in longitude and latitude.

    Raises
    ------
    InvalidGeometryError
        If `longest_edge_m` is not positive.
    """
    if longest_edge_m <= 0:
        raise InvalidGeometryError(f"longest_edge_m is {longest_edge_m}; it must be positive.")
    return shapely.segmentize(geometry, longest_edge_m / _METRES_PER_DEGREE)


def buffer_m(geometry: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Return everything within `distance_m` of a geometry, on the ellipsoid.

    The shape is taken in pieces of at most about 200 km, each buffered in an azimuthal equidistant
    projection centred on it, where distances are wrong by less than 1 part in 10 000; round
    corners are polygons of 64 sides, which fall 0.12 % short at most.

    Parameters
    ----------
    geometry
        Point, line or polygon, longitude and latitude.
    distance_m
        Distance, metres; 0 gives polygons back and nothing for lines.

    Raises
    ------
    InvalidGeometryError
        If the distance is negative.
    """
    if distance_m < 0:
        raise InvalidGeometryError(f"distance_m is {distance_m}; it must not be negative.")
    areas = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == 2]
    if distance_m == 0:
        return shapely.union_all(areas) if areas else shapely.Polygon()
    pieces = [_buffered_piece(piece, distance_m) for piece in _short_pieces(geometry)]
    return shapely.union_all(pieces + areas)


def _short_pieces(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Cut the lines and rings of a geometry into pieces of a few dozen short edges."""
    pieces: list[BaseGeometry] = []
    for part in shapely.get_parts(densify(geometry)):
        if shapely.get_dimensions(part) == 0:
            pieces.append(part)
            continue
        rings = shapely.get_rings(part) if shapely.get_dimensions(part) == 2 else [part]
        for ring in rings:
            coordinates = shapely.get_coordinates(ring)
            for first in range(0, len(coordinates) - 1, _BUFFER_PIECE_EDGES):
                last = first + _BUFFER_PIECE_EDGES + 1
                pieces += [shapely.LineString(coordinates[first:last])]
    return pieces


def _buffered_piece(piece: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Buffer one short piece in a projection of its own."""
    local = local_crs(piece)
    flat = shapely.buffer(
        project(piece, WGS84, local), distance_m, quad_segs=_QUARTER_CIRCLE_SEGMENTS
    )
    # long straight sides would sag when they are moved back, so they get vertices first
    return project(shapely.segmentize(flat, LONGEST_EDGE_M), local, WGS84)


def local_crs(geometry: BaseGeometry) -> str:
    """Return an azimuthal equidistant projection centred on a geometry's box, as a PROJ string."""
    west, south, east, north = geometry.bounds
    return (
        f"+proj=aeqd +lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f} "
        "+datum=WGS84 +units=m"
    )
