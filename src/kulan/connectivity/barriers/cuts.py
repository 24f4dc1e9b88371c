"""Barriers on edges: lines cut the steps between cells by exact geometry and are never rasterised.

A step is the straight way between the centres of two neighbouring cells, orthogonal or diagonal. A
line either passes between two centres or it does not; so a barrier has no thickness, does not leak
through diagonals, and a closed one parts the landscape wherever it parts the plane.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.connectivity.circuits.stencil import STEPS, Stencil
from kulan.connectivity.frames import Frame
from kulan.connectivity.tables import BARRIER_LINES
from kulan.errors import InvalidGeometryError, InvalidGridError, UnknownCrsError, UnknownNameError
from kulan.schemas import check_table

Integers = NDArray[np.int64]
Values = NDArray[np.float64]

# parts of a cell to which vertices are moved; on them all comparisons below are exact in float64
_GRAIN = 2.0**-20
_LONGEST_PIECE_CELLS = 2.0
_FARTHEST_CELLS = 1e7
_PIECES_AT_ONCE = 10_000
# before projecting, so that straight lines bend as their plane does
_LONGEST_EDGE_DEG = 0.02
_LONGEST_EDGE_UNITS = 2_000.0


@dataclass(frozen=True)
class Cuts:
    """Steps that barriers cut: one row for each barrier and step, in rising order of steps.

    Attributes
    ----------
    frame
        The raster's place in the plane.
    step
        Number of the step: four times the number of the cell from which it leads, plus 0 for
        east, 1 south, 2 south-east, 3 south-west.
    barrier
        Position of the barrier in `barriers`.
    segment
        Position in `segments` of the segment that cuts the step; of several, the least permeable.
    permeability
        Share of the step's conductance that this barrier leaves, 0 to 1.
    x, y
        Where the barrier crosses the step, in units of the plane.
    barriers
        Names of the barriers.
    segments
        Barrier and segment names.
    """

    frame: Frame
    step: Integers
    barrier: Integers
    segment: Integers
    permeability: Values
    x: Values
    y: Values
    barriers: tuple[str, ...]
    segments: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return int(self.step.size)

    def only(self, names: Iterable[str]) -> "Cuts":
        """Keep the barriers of these names.

        Raises
        ------
        UnknownNameError
            If there is no barrier of a name.
        """
        wanted = set(names)
        unknown = sorted(wanted - set(self.barriers))
        if unknown:
            raise UnknownNameError(
                f"barriers: none is called {unknown[0]!r}. There are {', '.join(self.barriers)}."
            )
        kept = np.isin(self.barrier, [k for k, name in enumerate(self.barriers) if name in wanted])
        return self.rows(kept)

    def rows(self, kept: NDArray[np.bool_] | Integers) -> "Cuts":
        """Keep some rows."""
        return replace(
            self,
            step=self.step[kept],
            barrier=self.barrier[kept],
            segment=self.segment[kept],
            permeability=self.permeability[kept],
            x=self.x[kept],
            y=self.y[kept],
        )

    def part(self, rows: slice, columns: slice) -> "Cuts":
        """Return what is cut inside a window of the raster, with its cells numbered anew.

        Parameters
        ----------
        rows, columns
            The window; both have a start and a stop within the raster.
        """
        frame = self.frame.part(rows, columns)
        # steps rise with their cells, so that those of the window's rows stand together
        ends = [4 * row * self.frame.columns for row in (rows.start, rows.stop)]
        near = slice(*np.searchsorted(self.step, ends))
        row, column = np.divmod(self.step[near] // 4, self.frame.columns)
        kind = self.step[near] % 4
        down, right = np.array(STEPS, np.int64)[kind].T
        row, column = row - rows.start, column - columns.start
        inside = (column >= 0) & (column < frame.columns) & (row + down < frame.rows)
        inside &= (column + right >= 0) & (column + right < frame.columns)
        kept = np.arange(len(self))[near][inside]
        step = 4 * (row[inside] * frame.columns + column[inside]) + kind[inside]
        return replace(self.rows(kept), frame=frame, step=step)

    def factors(self) -> tuple[Integers, Values]:
        """Return the steps that are cut, each once, and what all barriers together leave of it."""
        if not len(self):
            return np.zeros(0, np.int64), np.zeros(0)
        steps, first = np.unique(self.step, return_index=True)
        return steps, np.multiply.reduceat(self.permeability, first)


def cut_steps(lines: gpd.GeoDataFrame, frame: Frame, permeability: Values) -> Cuts:
    """Find the steps that barriers cut.

    Lines are moved into the frame's plane, and their vertices by at most half a millionth of a
    cell; on those positions every comparison is exact. A line through a centre counts as passing
    beside it, always on the same side, so that no cell is cut off by the line it lies on. One
    barrier that crosses a step several times, or with several segments, counts once, by the least
    permeable segment.

    Parameters
    ----------
    lines
        Table `BARRIER_LINES`; lines, or groups of lines.
    frame
        Where the cells lie.
    permeability
        Of each row of `lines`, 0 to 1; see `kulan.connectivity.barriers.permeability`.

    Returns
    -------
    Cuts
        No rows where all lines lie outside the frame.

    Raises
    ------
    InvalidTableError
        If the table does not keep its declaration.
    InvalidGeometryError
        If there is no line, a row is empty or not a line, a vertex is not finite or absurdly far
        away, or a permeability lies outside 0 to 1.
    UnknownCrsError
        If only one of lines and frame has a coordinate system.

    Examples
    --------
    >>> fence = gpd.GeoDataFrame(
    ...     {"barrier_id": ["fence"], "segment_id": ["all"]},
    ...     geometry=[shapely.LineString([(1, -1), (1, 3)])],
    ... )
    >>> cuts = cut_steps(fence, Frame(2, 2, 0, 2, 1, 1), np.array([0.5]))
    >>> [(int(step) // 4, int(step) % 4) for step in cuts.step]
    [(0, 0), (0, 2), (1, 3), (2, 0)]
    """
    check_table(lines, BARRIER_LINES)
    share = _checked_lines(lines, permeability)
    names = tuple(dict.fromkeys(str(name) for name in lines["barrier_id"]))
    number = {name: k for k, name in enumerate(names)}
    barrier_of = np.array([number[str(name)] for name in lines["barrier_id"]], np.int64)
    pairs = zip(lines["barrier_id"], lines["segment_id"], strict=True)
    segments = tuple((str(barrier), str(segment)) for barrier, segment in pairs)
    start, end, row = _pieces(_in_frame(lines, frame), frame)
    steps, where, rows = [], [], []
    for low in range(0, row.size, _PIECES_AT_ONCE):
        part = slice(low, low + _PIECES_AT_ONCE)
        step, point, piece = _crossed(start[part], end[part], frame)
        steps.append(step)
        where.append(point)
        rows.append(row[part][piece])
    step = np.concatenate([np.zeros(0, np.int64), *steps])
    points = frame.in_plane(np.concatenate([np.zeros((0, 2)), *where]))
    segment = np.concatenate([np.zeros(0, np.int64), *rows])
    barrier = barrier_of[segment]
    order = np.lexsort((share[segment], barrier, step))
    step, barrier, segment, points = step[order], barrier[order], segment[order], points[order]
    first = np.ones(step.size, bool)
    first[1:] = (step[1:] != step[:-1]) | (barrier[1:] != barrier[:-1])
    cuts = Cuts(
        frame, step, barrier, segment, share[segment], points[:, 0], points[:, 1], names, segments
    )
    return cuts.rows(first)


def _checked_lines(lines: gpd.GeoDataFrame, permeability: Values) -> Values:
    if lines.empty:
        raise InvalidGeometryError(
            "barriers: the table holds no lines. Leave barriers out where there are none."
        )
    share = np.asarray(permeability, np.float64)
    if share.shape != (len(lines),) or not ((share >= 0) & (share <= 1)).all():
        raise InvalidGeometryError(
            f"permeability: {share.size} values for {len(lines)} lines, from "
            f"{share.min(initial=np.inf):g} to {share.max(initial=-np.inf):g}. Give one value for "
            "each line, 0 to 1."
        )
    check_lines(lines)
    return share


def check_lines(lines: gpd.GeoDataFrame) -> None:
    """Refuse barriers that are no lines, or whose vertices are no numbers."""
    if lines.empty:
        return
    shapes = lines.geometry.to_numpy()
    bad = shapely.is_empty(shapes) | shapely.is_missing(shapes)
    bad |= ~np.isin(shapely.get_type_id(shapes), [1, 2, 5])
    if bad.any():
        row = lines.iloc[int(np.flatnonzero(bad)[0])]
        kind = "nothing" if row.geometry is None else f"a {row.geometry.geom_type}"
        raise InvalidGeometryError(
            f"barrier {row['barrier_id']!r}, segment {row['segment_id']!r}: {kind} found, a line "
            "is needed. Give the shore or edge of an area, or make its cells NoData."
        )
    wild = ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    wild |= [not np.isfinite(shapely.get_coordinates(shape)).all() for shape in shapes]
    if wild.any():
        row = lines.iloc[int(np.flatnonzero(wild)[0])]
        raise InvalidGeometryError(
            f"barrier {row['barrier_id']!r}, segment {row['segment_id']!r}: a vertex is not a "
            "finite number. Leave the vertex out, or read the file again."
        )


def _in_frame(lines: gpd.GeoDataFrame, frame: Frame) -> NDArray[np.object_]:
    """Move lines into the plane of the frame."""
    shapes: NDArray[np.object_] = lines.geometry.to_numpy()
    if (lines.crs is None) != (frame.crs == ""):
        has, lacks = ("frame", "lines") if lines.crs is None else ("lines", "frame")
        raise UnknownCrsError(
            f"barriers: coordinate system found for the {has}, none for the {lacks}. "
            "Declare that of both."
        )
    if lines.crs is None or lines.crs.equals(frame.crs, ignore_axis_order=True):
        return shapes
    longest = _LONGEST_EDGE_DEG if lines.crs.is_geographic else _LONGEST_EDGE_UNITS
    fine = gpd.GeoSeries(shapely.segmentize(shapes, longest), crs=lines.crs)
    moved: NDArray[np.object_] = fine.to_crs(frame.crs).to_numpy()
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise InvalidGeometryError(
            f"barriers: some vertices cannot be expressed in {frame.crs}. "
            "Check that the lines' declared coordinate system is their own."
        )
    return moved


def _pieces(shapes: NDArray[np.object_], frame: Frame) -> tuple[Values, Values, Integers]:
    """Cut lines into short pieces near the raster: starts, ends in cells, and the row of each."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    cells = frame.in_cells(xy)
    if (np.abs(cells) > _FARTHEST_CELLS).any():
        raise InvalidGeometryError(
            f"barriers: a vertex lies more than {_FARTHEST_CELLS:g} cells from the raster. Check "
            "its coordinates, and that their coordinate system is the declared one."
        )
    joined = part[1:] == part[:-1]
    start, end, row = cells[:-1][joined], cells[1:][joined], owner[part[1:][joined]]
    last = np.array([frame.columns, frame.rows], np.float64)
    near = (np.maximum(start, end) > -1).all(axis=1) & (np.minimum(start, end) < last).all(axis=1)
    start, end, row = start[near], end[near], row[near]
    if not row.size:
        return start, end, row.astype(np.int64)
    count = np.ceil(np.abs(end - start).max(axis=1) / (_LONGEST_PIECE_CELLS - 0.5)).astype(np.int64)
    count = np.maximum(count, 1)
    whole = np.repeat(np.arange(row.size), count)
    k = np.arange(whole.size) - np.repeat(np.cumsum(count) - count, count)
    n = count[whole]
    length = end[whole] - start[whole]
    low = _settle(start[whole] + length * (k / n)[:, None])
    next_start = start[whole] + length * ((k + 1) / n)[:, None]
    high = np.where((k + 1 == n)[:, None], end[whole], next_start)
    return low, _settle(high), row[whole].astype(np.int64)


def _settle(cells: Values) -> Values:
    """Move points to the nearest place on which comparisons are exact."""
    settled: Values = np.round(cells / _GRAIN) * _GRAIN
    return settled


def _crossed(start: Values, end: Values, frame: Frame) -> tuple[Integers, Values, Integers]:
    """Test short pieces against all steps around them; return steps, points (cells) and pieces."""
    corner = np.floor(np.minimum(start, end)) - 1
    offset = np.arange(6)
    dy, dx, kind = (a.ravel() for a in np.meshgrid(offset, offset, np.arange(4), indexing="ij"))
    down, right = np.array(STEPS)[kind].T
    p = np.column_stack([dx, dy]).astype(np.float64)
    q = p + np.column_stack([right, down])
    # positions relative to a nearby corner are small, so products keep every digit
    a, b = (start - corner)[:, None, :], (end - corner)[:, None, :]
    p, q = p[None], q[None]
    side_p, _ = _side_of_line(a, b, p)
    side_q, _ = _side_of_line(a, b, q)
    side_a, along_a = _side_of_step(p, q, a)
    side_b, along_b = _side_of_step(p, q, b)
    column, row = corner[:, 0, None] + dx, corner[:, 1, None] + dy
    meets = (side_p != side_q) & (side_a != side_b) & ~(a == b).all(axis=2)
    for value, limit in (
        (column, frame.columns),
        (column + right, frame.columns),
        (row, frame.rows),
        (row + down, frame.rows),
    ):
        meets &= (value >= 0) & (value < limit)
    piece, k = np.nonzero(meets)
    cell = (row[piece, k] * frame.columns + column[piece, k]).astype(np.int64)
    share = along_a[piece, k] / (along_a[piece, k] - along_b[piece, k])
    point = start[piece] + (end - start)[piece] * share[:, None]
    return 4 * cell + kind[k], point, piece.astype(np.int64)


def _cross(u: Values, v: Values) -> Values:
    product: Values = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    return product


def _side_of_line(a: Values, b: Values, centre: Values) -> tuple[NDArray[np.bool_], Values]:
    """On which side of the line from a to b a centre lies, if moved by (e, e²) with e tiny."""
    value = _cross(b - a, centre - a)
    along = b - a
    tie = np.where(along[..., 1] != 0, -along[..., 1], along[..., 0])
    return np.where(value != 0, value, tie) > 0, value


def _side_of_step(p: Values, q: Values, vertex: Values) -> tuple[NDArray[np.bool_], Values]:
    """On which side of the step from p to q, moved as above, a vertex of a line lies."""
    value = _cross(q - p, vertex - p)
    along = q - p
    tie = np.where(along[..., 1] != 0, along[..., 1], -along[..., 0])
    return np.where(value != 0, value, tie) > 0, value


def with_barriers(stencil: Stencil, cuts: Cuts) -> Stencil:
    """Return the linked cells with what barriers leave of each link.

    Links beside those between neighbours are left as they are.

    Parameters
    ----------
    stencil
        The landscape without these barriers.
    cuts
        What they cut.

    Raises
    ------
    InvalidGridError
        If the cuts were made for a raster of another shape.
    """
    check_shape(stencil, cuts)
    steps, factor = cuts.factors()
    weights = stencil.weights.copy()
    weights[weight_index(steps, stencil.shape)] *= factor
    return replace(stencil, weights=weights)


def check_shape(stencil: Stencil, cuts: Cuts) -> None:
    """Refuse cuts that were made for a raster of another shape."""
    if stencil.shape != cuts.frame.shape:
        raise InvalidGridError(
            f"barriers: cut for {cuts.frame.shape} cells, but the raster has {stencil.shape}. "
            "Cut them with the raster's own frame."
        )


def weight_index(steps: Integers, shape: tuple[int, int]) -> tuple[Integers, Integers, Integers]:
    """Return where the weights of steps stand in a stencil of a `shape`."""
    row, column = np.divmod(steps // 4, shape[1])
    return row + 1, steps % 4, column + 1


def step_ends(steps: Integers, shape: tuple[int, int]) -> tuple[Integers, Integers]:
    """Return the cells that steps lead from and to, in a raster of a `shape`."""
    down, right = np.array(STEPS, np.int64)[steps % 4].T
    first = steps // 4
    return first, first + down * shape[1] + right
