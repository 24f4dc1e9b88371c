"""Which cells of a grid in whole fractions of a degree a shape meets, exactly.

Coordinates are rounded to whole units of 1e-7° (a centimetre) and everything after that is integer
arithmetic, so grids nest without a rounding error: a cell of 0.1° is a hundred cells of 0.01°, and
the coarse cells of a shape are those that hold its fine ones.

A cell is half open: its west and south edges belong to it. A line meets the cells it passes
through, and where it runs along an edge, the cell that owns the edge. A polygon meets the cells its
inside overlaps, so a polygon made of cells meets exactly those.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.errors import InvalidGeometryError

UNITS_PER_DEGREE = 10_000_000

_STRIDE = 1 << 20  # more than the columns of the finest grid
_CHUNK = 500_000
_POINT, _POLYGON = 0, 3

Integers = NDArray[np.int64]
Run = tuple[Integers, Integers, Integers]
"""Row, first and last column of cells side by side."""


def in_units(geometries: Any) -> Any:
    """Return shapes in whole units of 1e-7°, two-dimensional.

    Parameters
    ----------
    geometries
        One geometry or an array, longitude and latitude.

    Raises
    ------
    InvalidGeometryError
        If a coordinate is not a number or lies outside -180 to 180 and -90 to 90. The message
        names no coordinate.
    """
    flat = shapely.force_2d(geometries)
    xy = np.abs(shapely.get_coordinates(flat))
    if not (np.isfinite(xy).all() and (xy <= (180.0, 90.0)).all()):
        raise InvalidGeometryError(
            "A coordinate lies outside longitudes -180 to 180 and latitudes -90 to 90, or is not a "
            "number. Give longitude and latitude on WGS 84 (EPSG:4326), in this order."
        )
    return shapely.transform(flat, lambda points: np.rint(points * UNITS_PER_DEGREE))


def cells_of_points(xy: NDArray[np.float64], size: int) -> Integers:
    """Return the cell of each point.

    Parameters
    ----------
    xy
        Points in units, shape (n, 2).
    size
        Width of a cell, units.

    Examples
    --------
    >>> corner = np.array([[600_999_999, 450_000_000], [601_000_000, 450_000_000]])
    >>> np.diff(cells_of_points(corner, UNITS_PER_DEGREE // 10)).tolist()
    [1]
    """
    whole = xy.astype(np.int64)
    return _numbered(whole[:, 1] // size, whole[:, 0] // size, size)


def centres_deg(cells: Integers, size: int) -> NDArray[np.float64]:
    """Return longitude and latitude of the centres of cells of `size` units, shape (n, 2)."""
    return _centres(cells, size) / UNITS_PER_DEGREE


def edges_deg(cells: Integers, size: int) -> NDArray[np.float64]:
    """Return west, south, east and north of cells of `size` units, degrees, shape (n, 4)."""
    row, column = _placed(cells, size)
    corners = np.column_stack([column, row, column + 1, row + 1]) * size
    return np.asarray(corners / UNITS_PER_DEGREE, dtype=float)


def cells_of_shape(shape: BaseGeometry, size: int, most: int) -> Integers | None:
    """Return the cells a shape meets, or None where they are more than `most`.

    Parameters
    ----------
    shape
        Any geometry, in units (see `in_units`).
    size
        Width of a cell, units.
    most
        Number of cells at which the count is given up.

    Returns
    -------
    ndarray or None
        Numbers of cells, rising, each once. What they are depends on nothing but the set.
    """
    found: Integers = np.zeros(0, dtype=np.int64)
    for part in _simple_parts(shape):
        kind = shapely.get_type_id(part)
        if kind == _POINT:
            cells: Integers | None = cells_of_points(shapely.get_coordinates(part), size)
        elif kind == _POLYGON:
            cells = _cells_of_polygon(part, size, most)
        else:
            cells = _cells_of_lines(np.array([part]), size, most)
        if cells is None:
            return None
        found = np.union1d(found, cells)
        if len(found) > most:
            return None
    return found


def outline(cells: Integers, size: int) -> BaseGeometry:
    """Return the union of cells as a polygon or polygons; the same set gives the same bytes.

    Parameters
    ----------
    cells
        Numbers of cells, rising.
    size
        Width of a cell, units.
    """
    edges = edges_deg(cells, size)
    boxes = shapely.box(edges[:, 0], edges[:, 1], edges[:, 2], edges[:, 3])
    # cells share whole edges, so the union of a coverage will do: three times as fast for tracks
    return shapely.normalize(shapely.simplify(shapely.coverage_union_all(boxes), 0))


def _numbered(row: Integers, column: Integers, size: int) -> Integers:
    """Return the numbers of cells; what lies on the world's north or east edge is taken inside."""
    half_rows = 90 * UNITS_PER_DEGREE // size
    row = np.clip(row + half_rows, 0, 2 * half_rows - 1)
    column = np.clip(column + 2 * half_rows, 0, 4 * half_rows - 1)
    return np.asarray(row * _STRIDE + column, dtype=np.int64)


def _placed(cells: Integers, size: int) -> tuple[Integers, Integers]:
    """Return row and column of cells, counted from the equator and Greenwich."""
    half_rows = 90 * UNITS_PER_DEGREE // size
    return cells // _STRIDE - half_rows, cells % _STRIDE - 2 * half_rows


def _centres(cells: Integers, size: int) -> NDArray[np.float64]:
    row, column = _placed(cells, size)
    return np.column_stack([column, row]).astype(float) * size + size // 2


def _simple_parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the points, lines and polygons of a shape, however deep its collections."""
    parts = shapely.get_parts([shape])
    while (shapely.get_type_id(parts) > _POLYGON).any():
        parts = shapely.get_parts(parts)
    return [part for part in parts if not part.is_empty]


def _cells_of_lines(lines: Any, size: int, most: int) -> Integers | None:
    found = np.unique(cells_of_points(shapely.get_coordinates(lines), size))
    for crossed, along, _beside in _walks(lines, size):
        found = np.union1d(found, np.concatenate([_filled(crossed, size), _filled(along, size)]))
        if len(found) > most:
            return None
    return found


def _cells_of_polygon(polygon: BaseGeometry, size: int, most: int) -> Integers | None:
    """Return the cells the inside of a polygon overlaps.

    A cell is crossed by the outline, or it lies wholly inside or outside, which its centre tells.
    Along a row this changes only at cells the outline touches, so one centre answers for all cells
    between two of them.
    """
    rings = shapely.get_rings(polygon)
    inside: Integers = np.zeros(0, dtype=np.int64)
    touched: Integers = np.zeros(0, dtype=np.int64)
    for crossed, along, beside in _walks(rings, size):
        inside = np.union1d(inside, _filled(crossed, size))
        if len(inside) > most:
            return None
        touched = np.union1d(touched, np.concatenate([_filled(along, size), _filled(beside, size)]))
    marked = np.union1d(inside, touched)
    touched = np.setdiff1d(touched, inside, assume_unique=True)
    shapely.prepare(polygon)
    touched = touched[_holds_centres(polygon, touched, size)]
    gap = np.flatnonzero((np.diff(marked) > 1) & (marked[1:] // _STRIDE == marked[:-1] // _STRIDE))
    gap = gap[_holds_centres(polygon, marked[gap] + 1, size)]
    first, last = marked[gap] + 1, marked[gap + 1] - 1
    if len(inside) + len(touched) + int((last - first + 1).sum()) > most:
        return None
    found = np.union1d(np.concatenate([inside, touched]), _from_to(first, last))
    # an outline that rounding has closed up encloses nothing, and is still somewhere
    return found if len(found) else _cells_of_lines(rings, size, most)


def _holds_centres(polygon: BaseGeometry, cells: Integers, size: int) -> NDArray[np.bool_]:
    centres = _centres(cells, size)
    return np.asarray(shapely.contains_xy(polygon, centres[:, 0], centres[:, 1]), dtype=bool)


def _from_to(first: Integers, last: Integers) -> Integers:
    """Return every whole number from each first to its last."""
    count = last - first + 1
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.asarray(np.repeat(first, count) + within, dtype=np.int64)


def _filled(runs: Run, size: int) -> Integers:
    """Return the numbers of all cells of some runs."""
    row, first, last = runs
    return _numbered(np.repeat(row, last - first + 1), _from_to(first, last), size)


def _walks(lines: Any, size: int) -> Iterator[tuple[Run, Run, Run]]:
    """Follow the edges of lines or rings, some at a time, so that no array grows without bound.

    Yields
    ------
    tuple
        Runs of cells whose inside is crossed; of cells along an own edge of which a line runs; and
        of the cells on the other side of that edge.
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    whole = xy.astype(np.int64)
    same = owner[1:] == owner[:-1]
    edges = np.column_stack([whole[:-1][same], whole[1:][same]])
    down = edges[:, 3] < edges[:, 1]
    edges[down] = edges[down][:, [2, 3, 0, 1]]
    effort = np.cumsum(np.abs(edges[:, 2:] - edges[:, :2]).sum(axis=1) // size + 4)
    for part in np.split(edges, np.flatnonzero(np.diff(effort // _CHUNK)) + 1):
        rising = part[:, 3] > part[:, 1]
        upward, level = _cross_rows(part[rising], size), _cross_level(part[~rising], size)
        yield (
            _joined(upward[0], level[0]),
            _joined(upward[1], level[1]),
            _joined(upward[2], level[2]),
        )


def _joined(one: Run, other: Run) -> Run:
    row, first, last = (np.concatenate(pair) for pair in zip(one, other, strict=True))
    return row, first, last


def _cross_rows(edges: Integers, size: int) -> tuple[Run, Run, Run]:
    """Walk edges that rise from south to north through the rows of cells.

    Where an edge enters and leaves a row is a fraction; floor and ceiling of it are exact in whole
    numbers: products stay below 2^63 for edges as long as the world.
    """
    ax, ay, bx, by = edges.T
    bottom = ay // size
    count = -(-by // size) - bottom
    edge = np.repeat(np.arange(len(edges)), count)
    row = np.repeat(bottom, count) + np.arange(len(edge))
    row -= np.repeat(np.cumsum(count) - count, count)
    rise, run = (by - ay)[edge], (bx - ax)[edge]
    enters = (np.maximum(ay[edge], row * size) - ay[edge]) * run
    leaves = (np.minimum(by[edge], (row + 1) * size) - ay[edge]) * run
    west = ax[edge] + np.minimum(enters, leaves) // rise
    east = ax[edge] - (-np.maximum(enters, leaves) // rise)
    first, last = west // size, -(-east // size) - 1
    on_edge = first > last
    own, row_of_own = first[on_edge], row[on_edge]
    crossed = (row[~on_edge], first[~on_edge], last[~on_edge])
    return crossed, (row_of_own, own, own), (row_of_own, own - 1, own - 1)


def _cross_level(edges: Integers, size: int) -> tuple[Run, Run, Run]:
    """Walk edges along a parallel; those without length meet nothing."""
    ax, ay, bx, _ = edges[edges[:, 0] != edges[:, 2]].T
    row, first = ay // size, np.minimum(ax, bx) // size
    last = -(-np.maximum(ax, bx) // size) - 1
    on_edge = ay % size == 0
    crossed = (row[~on_edge], first[~on_edge], last[~on_edge])
    own, first, last = row[on_edge], first[on_edge], last[on_edge]
    return crossed, (own, first, last), (own - 1, first, last)
