"""Segments of barriers in a plane: how near fixes come to them, and where paths cross them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from kulan.errors import InvalidGeometryError, InvalidTableError
from kulan.movement.planes import LOCAL, Plane
from kulan.places import WGS84, project

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
# in degrees: lines are bent as the plane bends them
_LONGEST_EDGE_DEG = 0.02


@dataclass(frozen=True, eq=False)
class BarrierSegments:
    """Lines of one or more barriers.

    Attributes
    ----------
    barrier_id, segment_id
        Of each line.
    shapes
        Lines or sets of lines in the plane, m.
    plane
        Where they lie.
    cut_from
        The lines of which these are pieces; None for lines as they were given.
    line
        Row in `cut_from` of each piece.
    """

    barrier_id: tuple[str, ...]
    segment_id: tuple[str, ...]
    shapes: NDArray[np.object_]
    plane: Plane = LOCAL
    cut_from: "BarrierSegments | None" = None
    line: Whole | None = None

    def __len__(self) -> int:
        """Return the number of segments."""
        return len(self.shapes)

    @property
    def uncut(self) -> "BarrierSegments":
        """The lines before they were cut: whether a path goes over one is asked of these."""
        return self if self.cut_from is None else self.cut_from

    @property
    def of_line(self) -> Whole:
        """Row in `uncut` of each segment."""
        return np.arange(len(self), dtype=np.int64) if self.line is None else self.line

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    def nearest(self, x_m: Floats, y_m: Floats, within_m: float) -> tuple[Floats, Whole]:
        """Return how far the nearest segment is and which it is.

        Parameters
        ----------
        x_m, y_m
            Places, m.
        within_m
            How far to look.

        Returns
        -------
        ndarray
            Distance, m; infinite where no segment is within reach.
        ndarray
            Row of the segment; of several equally near the first; -1 for none.

        Examples
        --------
        >>> line = segments_of(["rail"], [shapely.LineString([(0, 0), (100, 0)])])
        >>> distance, row = line.nearest(np.array([50.0, 50.0]), np.array([30.0, 500.0]), 100)
        >>> distance.tolist(), row.tolist()
        ([30.0, inf], [0, -1])
        """
        points = shapely.points(x_m, y_m)
        (of_point, of_line), found = self._tree.query_nearest(
            points, max_distance=within_m, return_distance=True
        )
        order = np.lexsort((of_line, of_point))
        of_point, first = np.unique(of_point[order], return_index=True)
        distance = np.full(len(points), np.inf)
        row = np.full(len(points), -1, dtype=np.int64)
        distance[of_point], row[of_point] = found[order][first], of_line[order][first]
        return distance, row

    def near_to(self, x_m: Floats, y_m: Floats, within_m: float) -> list[Whole]:
        """Return, for each place, the rows of all segments within a distance."""
        points = shapely.points(x_m, y_m)
        of_point, of_line = self._tree.query(points, predicate="dwithin", distance=within_m)
        order = np.lexsort((of_line, of_point))
        edges = np.searchsorted(of_point[order], np.arange(len(points) + 1))
        rows = of_line[order].astype(np.int64)
        return [rows[a:b] for a, b in pairwise(edges)]

    def within_polygons(self, x_m: Floats, y_m: Floats, distance_m: float) -> NDArray[np.bool_]:
        """Tell which places lie in a zone whose rounded ends have five edges to a quarter turn.

        Its corners lie at the distance and its edges up to 1.2 % nearer, as in `BaBA`.
        """
        points = shapely.points(x_m, y_m)
        reach = distance_m * 1.01
        of_point, of_line = self._tree.query(points, predicate="dwithin", distance=reach)
        needed, at = np.unique(of_line, return_inverse=True)
        zones = shapely.buffer(self.shapes[needed], distance_m, quad_segs=5)
        shapely.prepare(zones)
        inside = np.zeros(len(points), dtype=bool)
        hits = shapely.intersects(zones[at], points[of_point])
        inside[of_point[hits]] = True
        return inside

    def met_by(self, paths: NDArray[np.object_]) -> pd.DataFrame:
        """Return where paths meet segments.

        Parameters
        ----------
        paths
            Lines in the plane.

        Returns
        -------
        DataFrame
            One row for each path and segment that meet: `path` and `segment` (rows), `points` (how
            often), `x_m`, `y_m` and `along_m` (where, and how far along the path, for the first).
        """
        of_path, of_line = self._tree.query(paths, predicate="intersects")
        order = np.lexsort((of_line, of_path))
        of_path, of_line = of_path[order], of_line[order]
        shared = shapely.intersection(paths[of_path], self.shapes[of_line])
        # a path that stands still on a line has no length, and goes over nothing
        there = ~shapely.is_empty(shared)
        of_path, of_line, shared = of_path[there], of_line[there], shared[there]
        points, at = shapely.get_coordinates(shared, return_index=True)
        along = shapely.line_locate_point(paths[of_path][at], shapely.points(points))
        by_way = np.lexsort((along, at))
        first = by_way[np.unique(at[by_way], return_index=True)[1]] if len(at) else by_way
        return pd.DataFrame(
            {
                "path": of_path.astype(np.int64),
                "segment": of_line.astype(np.int64),
                "points": np.bincount(at, minlength=len(shared)).astype(np.int64),
                "x_m": points[first, 0],
                "y_m": points[first, 1],
                "along_m": along[first],
            }
        )


def segments_of(
    barrier_id: Sequence[str],
    shapes: Sequence[Any],
    *,
    segment_id: Sequence[str] | None = None,
    plane: Plane = LOCAL,
    crs: str | None = None,
) -> BarrierSegments:
    """Make segments of lines.

    Parameters
    ----------
    barrier_id
        Name of the barrier of each line.
    shapes
        Lines.
    segment_id
        Name of each line within its barrier; None numbers the lines of a barrier, "all" where it
        has one.
    plane
        Where they shall lie.
    crs
        Where the lines as given lie; None for in the plane.

    Raises
    ------
    InvalidGeometryError
        If there is no line, or one is empty or no line.
    InvalidTableError
        If two lines have the same names.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (100, 0)])
    >>> segments_of(["rail", "rail", "road"], [line, line, line]).segment_id
    ('1', '2', 'all')
    """
    lines = np.array(list(shapes), dtype=object)
    kinds = shapely.get_type_id(lines)
    bad = ~np.isin(kinds, (1, 2, 5)) | shapely.is_empty(lines)
    if not len(lines) or bad.any():
        what = "there is none" if not len(lines) else f"line {int(np.flatnonzero(bad)[0]) + 1} is"
        raise InvalidGeometryError(f"barriers must be lines that are not empty: {what}.")
    names = [str(name) for name in barrier_id]
    parts = _numbered(names) if segment_id is None else [str(name) for name in segment_id]
    twice = pd.DataFrame({"barrier": names, "segment": parts}).duplicated()
    if twice.any():
        row = int(np.flatnonzero(twice)[0])
        raise InvalidTableError(
            f"barrier {names[row]!r}, segment {parts[row]!r} is given twice; give each a name."
        )
    if crs is not None and crs != plane.crs:
        fine = shapely.segmentize(lines, _LONGEST_EDGE_DEG) if crs == WGS84 else lines
        lines = project(fine, crs, plane.crs)
    return BarrierSegments(tuple(names), tuple(parts), lines, plane)


def cut_to_length(segments: BarrierSegments, length_m: float) -> BarrierSegments:
    """Cut long segments into pieces, so that a whole railway is not one number.

    Parameters
    ----------
    segments
        Lines.
    length_m
        Longest piece, m; pieces of one line are equally long. A line in parts that do not meet is
        cut part by part.

    Returns
    -------
    BarrierSegments
        Pieces are named by the segment, where it is not "all", and their number along it. They
        remember the line they are of: to go over one piece and back over the next is no crossing.

    Examples
    --------
    >>> rail = segments_of(["rail"], [shapely.LineString([(0, 0), (2500, 0)])])
    >>> cut_to_length(rail, 1000).segment_id
    ('1', '2', '3')
    """
    barrier, name, shapes, line = [], [], [], []
    of_line = segments.of_line
    for row, shape in enumerate(segments.shapes):
        whole = shapely.line_merge(shape)
        pieces = [piece for part in shapely.get_parts(whole) for piece in _cut(part, length_m)]
        own = segments.segment_id[row]
        for number, piece in enumerate(pieces, start=1):
            barrier.append(segments.barrier_id[row])
            prefix = "" if own == "all" else f"{own}-"
            name.append(own if len(pieces) == 1 else f"{prefix}{number}")
            shapes.append(piece)
            line.append(int(of_line[row]))
    return BarrierSegments(
        tuple(barrier),
        tuple(name),
        np.array(shapes, dtype=object),
        segments.plane,
        segments.uncut,
        np.array(line, dtype=np.int64),
    )


def _cut(line: Any, length_m: float) -> list[Any]:
    pieces = max(1, int(np.ceil(shapely.length(line) / length_m - 1e-9)))
    edges = np.linspace(0, 1, pieces + 1)
    return [substring(line, a, b, normalized=True) for a, b in pairwise(edges)]


def _numbered(names: list[str]) -> list[str]:
    table = pd.Series(names)
    place = (table.groupby(table).cumcount() + 1).astype(str)
    several = table.groupby(table).transform("size") > 1
    return list(np.where(several, place, "all"))
