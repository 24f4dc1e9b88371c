"""What a cut along the line leaves of the connected habitat it touches.

The line is taken as a full barrier: the worst case, since how much a species crosses is rarely
known.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.grids import Grid, cover_fractions, cut_edges, walk_cells
from kulan.screening.alignments import Alignment
from kulan.screening.patches import (
    Steps,
    find_runs,
    join_runs,
    label_pieces,
    run_areas_km2,
    run_of_cells,
)

_COVERED = 0.5

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Cut:
    """An alternative on a grid: the steps it blocks, the cells it takes and those it touches.

    Attributes
    ----------
    blocked
        Steps the alternative blocks.
    existing
        Steps that barriers already standing block.
    taken
        Cells an area takes (more than half covered); none for a line.
    row, column
        Cells the alternative touches.
    """

    blocked: Steps
    existing: Steps
    taken: Bools
    row: NDArray[np.int64]
    column: NDArray[np.int64]


@dataclass(frozen=True)
class Pieces:
    """Areas of connected habitat before and after a cut, km²."""

    habitat_km2: float
    larger_km2: float
    smaller_km2: float
    larger_with_existing_km2: float
    smaller_with_existing_km2: float


def make_cut(alignment: Alignment, existing: Steps, grid: Grid) -> Cut:
    """Put an alternative on a grid.

    Parameters
    ----------
    alignment
        The alternative.
    existing
        Steps blocked already, from `block_steps`.
    grid
        Any grid; only its place and size matter.
    """
    rows, columns = grid.values.shape
    taken = np.zeros((rows, columns), dtype=bool)
    if alignment.is_line:
        steps = walk_cells(alignment.shape, grid)
        row, column = steps["row"].to_numpy(), steps["column"].to_numpy()
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        blocked = cut_edges(alignment.shape, grid)
        return Cut(blocked, existing, taken, row[inside], column[inside])
    row, column, fraction = cover_fractions(alignment.shape, grid)
    most = fraction > _COVERED
    taken[row[most], column[most]] = True
    blocked = (taken[:, :-1] | taken[:, 1:], taken[:-1] | taken[1:])
    return Cut(blocked, existing, taken, row, column)


def block_steps(lines: list[BaseGeometry], grid: Grid) -> Steps:
    """Return the steps between cells that any of several lines blocks."""
    parts = [part for line in lines for part in shapely.get_parts(line)]
    return cut_edges(shapely.MultiLineString(parts), grid)


def sever(suitable: Bools, cut: Cut, grid: Grid) -> Pieces | None:
    """Measure the connected habitat an alternative touches, before and after it is cut.

    `habitat` is all habitat connected with a touched cell. After the cut each such piece falls
    into parts; the largest part of each counts as larger and all its others as smaller, so the two
    add up to the habitat less the cells taken. With existing barriers the pieces are those left
    whole by them that the alternative touches, and the two add up to those.

    Parameters
    ----------
    suitable
        Cells that are habitat, on the grid's shape.
    cut
        From `make_cut` on the same grid.
    grid
        The grid of the habitat.

    Returns
    -------
    Pieces or None
        None when the alternative touches no habitat.
    """
    touched = suitable[cut.row, cut.column]
    if not touched.any():
        return None
    every = tuple(a | b for a, b in zip(cut.blocked, cut.existing, strict=True))
    runs = find_runs(suitable, every[0])
    columns = suitable.shape[1]
    free: Steps = (np.zeros_like(every[0]), np.zeros_like(every[1]))
    joints = join_runs(runs, columns, (free, cut.blocked, cut.existing, (every[0], every[1])))
    whole, split, standing, both = (
        label_pieces(len(runs), joints.one[is_open], joints.other[is_open])
        for is_open in joints.open
    )
    areas = run_areas_km2(runs, grid)
    kept = ~cut.taken[runs.row, runs.first]  # a taken cell is a run of its own
    seeds = run_of_cells(runs, columns, cut.row[touched], cut.column[touched])
    in_whole, in_standing = np.isin(whole, whole[seeds]), np.isin(standing, standing[seeds])
    larger, smaller = _largest_and_rest(whole, split, areas, in_whole & kept)
    larger_now, smaller_now = _largest_and_rest(standing, both, areas, in_standing & kept)
    return Pieces(float(areas[in_whole].sum()), larger, smaller, larger_now, smaller_now)


def _largest_and_rest(
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    areas: NDArray[np.float64],
    counted: Bools,
) -> tuple[float, float]:
    """Add up the largest part of each piece, and everything else in it, km²."""
    part, index = np.unique(after[counted], return_inverse=True)
    if len(part) == 0:
        return 0.0, 0.0
    part_area = np.bincount(index, weights=areas[counted])
    largest = np.zeros(len(before))
    np.maximum.at(largest, before[part], part_area)
    larger = float(largest.sum())
    return larger, max(float(part_area.sum()) - larger, 0.0)
