"""How near an alternative comes to other things, and which stretches of it are within a distance.

The line is taken in pieces of at most about 400 km across, each laid flat on the plane that touches
the ellipsoid in its middle, with lengths of arc for distances from there. For things within 200 km
of such a piece, distances are wrong by less than 1 part in 1 000 (a test compares them with
geodesics); what lies farther away comes out far away, which is all that is asked.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.places import densify, edge_lengths_m

SAMPLE_EDGE_M = 1000.0
"""Longest edge of the line while stretches are measured."""

_STRETCH_EDGES = 100
_PLACE_DEG = 2.0
_SEMI_MAJOR_M, _ECCENTRICITY_2 = 6_378_137.0, 0.006_694_379_990_141_316
_MEAN_RADIUS_M = 6_371_009.0
_SAME_DIRECTION_DEG = 30.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """Stretches of line with edges of at most 1 km, and the point they are laid flat around.

    Attributes
    ----------
    vertices
        Longitude and latitude, one row each.
    stretch
        Number of the stretch each vertex belongs to, growing.
    longitude, latitude
        Where the plane touches, degrees.
    iso3
        State it lies in.
    """

    vertices: Floats
    stretch: NDArray[np.int64]
    longitude: float
    latitude: float
    iso3: str = ""

    def lay_flat(self, shapes: Any) -> Any:
        """Move one geometry or an array of them onto the plane, metres east and north."""
        return shapely.transform(
            shapes, lambda lonlat: _on_plane(lonlat, self.longitude, self.latitude)
        )

    @cached_property
    def flat(self) -> BaseGeometry:
        """The stretches on their plane, metres."""
        lines = shapely.linestrings(self.flat_vertices, indices=self.stretch)
        flat = shapely.multilinestrings(lines)
        shapely.prepare(flat)
        return flat

    @cached_property
    def flat_vertices(self) -> Floats:
        """The vertices on the plane, metres."""
        return _on_plane(self.vertices, self.longitude, self.latitude)

    @cached_property
    def is_edge(self) -> NDArray[np.bool_]:
        """Whether an edge leads from each vertex but the last to the next."""
        joined: NDArray[np.bool_] = self.stretch[1:] == self.stretch[:-1]
        return joined

    @cached_property
    def edges_m(self) -> Floats:
        """Geodesic length of each edge, metres."""
        return edge_lengths_m(self.vertices[:-1][self.is_edge], self.vertices[1:][self.is_edge])


def cut_pieces(lines: BaseGeometry, iso3: str = "") -> tuple[Piece, ...]:
    """Cut a line or multi-line into stretches of at most 100 short edges, pieced together by place.

    A piece holds the stretches whose middle lies in one box of two degrees.

    Parameters
    ----------
    lines
        Longitude and latitude.
    iso3
        State it lies in, to be kept with the pieces.
    """
    by_place: dict[tuple[int, ...], list[Floats]] = {}
    for part in shapely.get_parts(densify(lines, SAMPLE_EDGE_M)):
        vertices = shapely.get_coordinates(part)
        for first in range(0, len(vertices) - 1, _STRETCH_EDGES):
            stretch = vertices[first : first + _STRETCH_EDGES + 1]
            middle = (stretch.min(axis=0) + stretch.max(axis=0)) / 2
            place = tuple(int(n) for n in middle // _PLACE_DEG)
            by_place.setdefault(place, []).append(stretch)
    return tuple(_piece(stretches, iso3) for stretches in by_place.values())


def _piece(stretches: list[Floats], iso3: str) -> Piece:
    vertices = np.concatenate(stretches)
    longitude, latitude = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    number = np.repeat(np.arange(len(stretches)), [len(stretch) for stretch in stretches])
    return Piece(vertices, number, float(longitude), float(latitude), iso3)


def _on_plane(lonlat: Floats, longitude: float, latitude: float) -> Floats:
    """Lay points flat: direction as on the plane that touches in the middle, length of arc."""
    x, y, z = _geocentric(np.deg2rad(lonlat))
    x0, y0, z0 = _geocentric(np.deg2rad(np.array([[longitude, latitude]])))
    x, y, z = x - x0, y - y0, z - z0
    lon, lat = np.deg2rad(longitude), np.deg2rad(latitude)
    outward = np.cos(lon) * x + np.sin(lon) * y
    flat = np.column_stack(
        [
            np.cos(lon) * y - np.sin(lon) * x,
            np.cos(lat) * z - np.sin(lat) * outward,
        ]
    )
    sine = np.minimum(np.hypot(flat[:, 0], flat[:, 1]) / _MEAN_RADIUS_M, 1.0)
    arc = np.where(sine > 0, np.arcsin(sine) / np.where(sine > 0, sine, 1.0), 1.0)
    laid: Floats = flat * arc[:, None]
    return laid


def _geocentric(lonlat_rad: Floats) -> tuple[Floats, Floats, Floats]:
    """Return Cartesian coordinates of points on the WGS 84 ellipsoid, metres."""
    sine = np.sin(lonlat_rad[:, 1])
    across = _SEMI_MAJOR_M / np.sqrt(1 - _ECCENTRICITY_2 * sine**2)
    from_axis = across * np.cos(lonlat_rad[:, 1])
    return (
        from_axis * np.cos(lonlat_rad[:, 0]),
        from_axis * np.sin(lonlat_rad[:, 0]),
        across * (1 - _ECCENTRICITY_2) * sine,
    )


def nearest_m(pieces: tuple[Piece, ...], shapes: Any) -> Floats:
    """Measure the distance from a line to each of several shapes, metres; 0 where they touch.

    Parameters
    ----------
    pieces
        From `cut_pieces`.
    shapes
        Geometries in longitude and latitude, edges short enough to be moved vertex by vertex.

    Returns
    -------
    ndarray
        One distance per shape; infinite for empty ones or when there are no pieces.
    """
    others = np.atleast_1d(np.asarray(shapes, dtype=object))
    nearest = np.full(len(others), np.inf)
    for piece in pieces:
        flat = piece.lay_flat(others)
        away = shapely.distance(piece.flat, flat)
        nearest = np.fmin(nearest, away)
    return nearest


def length_within_m(pieces: tuple[Piece, ...], shape: BaseGeometry, distance_m: float) -> float:
    """Measure how much of a line runs within a distance of a shape, metres.

    Distances are taken at the vertices, at most 1 km apart, and in between they are taken as
    changing evenly, so an end of a stretch is off by some tens of metres at most.
    """
    total = 0.0
    for piece in pieces:
        flat = piece.lay_flat(shape)
        shapely.prepare(flat)
        away = shapely.distance(flat, shapely.points(piece.flat_vertices))
        share = _share_below(away[:-1], away[1:], distance_m)[piece.is_edge]
        total += float((piece.edges_m * share).sum())
    return total


def length_alongside_m(
    pieces: tuple[Piece, ...], other_lines: BaseGeometry, distance_m: float
) -> float:
    """Measure how much of a line runs beside another: within a distance and in its direction.

    An edge counts when its middle is within the distance of the other line and the nearest edge
    there points the same way or the opposite within 30 degrees.
    """
    total = 0.0
    for piece in pieces:
        flat = piece.lay_flat(other_lines)
        if shapely.distance(piece.flat, flat) > distance_m:
            continue
        start, end = _edges(flat)
        tree = shapely.STRtree(shapely.linestrings(np.stack([start, end], axis=1)))
        a, b = piece.flat_vertices[:-1][piece.is_edge], piece.flat_vertices[1:][piece.is_edge]
        here, there = tree.query_nearest(
            shapely.points((a + b) / 2), max_distance=distance_m, all_matches=False
        )
        turn = _angle_deg(b[here] - a[here], end[there] - start[there])
        total += float(piece.edges_m[here[turn <= _SAME_DIRECTION_DEG]].sum())
    return total


def _share_below(first: Floats, last: Floats, limit: float) -> Floats:
    """Share of each edge where a value that changes evenly from first to last is <= limit."""
    low, high = np.minimum(first, last), np.maximum(first, last)
    span = np.where(high > low, high - low, 1.0)
    share = np.where(high > low, (limit - low) / span, np.where(low <= limit, 1.0, 0.0))
    return np.clip(share, 0.0, 1.0)


def _edges(lines: BaseGeometry) -> tuple[Floats, Floats]:
    coordinates, owner = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    same = owner[1:] == owner[:-1]
    return coordinates[:-1][same], coordinates[1:][same]


def _angle_deg(a: Floats, b: Floats) -> Floats:
    """Angle between two directions, whichever way each runs: 0 to 90 degrees."""
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    dot = (a * b).sum(axis=1)
    angle = np.degrees(np.arctan2(np.abs(cross), np.abs(dot)))
    return np.asarray(angle, dtype=float)
