"""Connected pieces of habitat on a grid, whole and cut.

Cells are joined to their four neighbours. They are gathered into runs (cells side by side in a
row), and runs into pieces; a cut blocks single steps between neighbours, so nothing leaks past it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.grids import Grid

Steps = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""Steps between cells, east and south, as `kulan.grids.cut_edges` gives them."""

_Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Runs:
    """Cells side by side in a row: row, first and last column (inclusive), one entry per run."""

    row: _Ints
    first: _Ints
    last: _Ints

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class Joints:
    """Pairs of neighbouring runs, and how each cut leaves them.

    Attributes
    ----------
    one, other
        Numbers of the runs.
    open
        For each cut asked for, whether at least one step between them stays free.
    """

    one: _Ints
    other: _Ints
    open: tuple[NDArray[np.bool_], ...]


def find_runs(mask: NDArray[np.bool_], broken_east: NDArray[np.bool_] | None = None) -> Runs:
    """Gather the true cells of a grid into runs, row by row from the north.

    Parameters
    ----------
    mask
        Cells that count.
    broken_east
        Steps east, shape (rows, columns - 1), at which a run must end.
    """
    joined = mask[:, :-1] & mask[:, 1:]
    if broken_east is not None:
        joined &= ~broken_east
    begins, ends = mask.copy(), mask.copy()
    begins[:, 1:] &= ~joined
    ends[:, :-1] &= ~joined
    # on the flattened grid, which is several times quicker than row and column at once
    first, last = np.flatnonzero(begins), np.flatnonzero(ends)
    columns = max(mask.shape[1], 1)
    return Runs(first // columns, first % columns, last % columns)


def join_runs(runs: Runs, columns: int, cuts: tuple[Steps, ...]) -> Joints:
    """Find which runs are neighbours, and between which a cut leaves no free step.

    Parameters
    ----------
    runs
        From `find_runs`, broken wherever any of the cuts blocks a step east.
    columns
        Width of the grid.
    cuts
        Sets of blocked steps, each judged by itself.
    """
    side = np.flatnonzero((runs.row[1:] == runs.row[:-1]) & (runs.first[1:] == runs.last[:-1] + 1))
    # runs of the next row that overlap: found by position in one long list of cells
    first_cell, last_cell = runs.row * columns + runs.first, runs.row * columns + runs.last
    low = np.searchsorted(last_cell, first_cell + columns)
    high = np.searchsorted(first_cell, last_cell + columns, side="right")
    count = np.maximum(high - low, 0)
    above = np.repeat(np.arange(len(runs)), count)
    below = low[above] + np.arange(len(above)) - np.repeat(np.cumsum(count) - count, count)
    left = np.maximum(runs.first[above], runs.first[below])
    right = np.minimum(runs.last[above], runs.last[below])
    open_for = []
    for east, south in cuts:
        blocked = _count_between(south, runs.row[above], left, right)
        free_side = ~east[runs.row[side], runs.last[side]]
        open_for.append(np.concatenate([free_side, blocked < right - left + 1]))
    return Joints(np.concatenate([side, above]), np.concatenate([side + 1, below]), tuple(open_for))


def _count_between(steps: NDArray[np.bool_], row: _Ints, left: _Ints, right: _Ints) -> _Ints:
    """Count the true steps of a row from column left to right, inclusive."""
    cell = np.flatnonzero(steps.ravel())
    columns = steps.shape[1]
    counted: _Ints = np.searchsorted(cell, row * columns + right, side="right") - np.searchsorted(
        cell, row * columns + left
    )
    return counted


def label_pieces(count: int, one: _Ints, other: _Ints) -> _Ints:
    """Give each node of a graph the lowest node of the connected piece it is in.

    Roots are hung below the lowest root they touch until none can be, halving them each time
    (Shiloach & Vishkin 1982, An O(log n) parallel connectivity algorithm, J. Algorithms 3: 57-67).

    Examples
    --------
    >>> label_pieces(5, np.array([0, 3]), np.array([1, 4])).tolist()
    [0, 0, 2, 3, 3]
    """
    root = np.arange(count)
    while True:
        a, b = root[one], root[other]
        apart = a != b
        if not apart.any():
            return root
        np.minimum.at(root, np.maximum(a, b)[apart], np.minimum(a, b)[apart])
        while not np.array_equal(root, shorter := root[root]):
            root = shorter


def run_of_cells(runs: Runs, columns: int, row: _Ints, column: _Ints) -> _Ints:
    """Say which run each cell belongs to; -1 for cells in none."""
    cell = row * columns + column
    found = np.searchsorted(runs.row * columns + runs.first, cell, side="right") - 1
    inside = (found >= 0) & (runs.row[found] == row) & (runs.last[found] >= column)
    return np.where(inside, found, -1)


def run_areas_km2(runs: Runs, grid: Grid) -> NDArray[np.float64]:
    """Area of each run on the ellipsoid, km²."""
    areas: NDArray[np.float64] = grid.row_areas_km2[runs.row] * (runs.last - runs.first + 1)
    return areas
