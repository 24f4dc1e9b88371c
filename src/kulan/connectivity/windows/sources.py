"""Moving windows: which cells are targets, and what each cell around a target sends to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidGridError

Grid = NDArray[np.float64]
WindowCompat = Literal["", "omniscape0.6"]


@dataclass(frozen=True)
class WindowRule:
    """How windows are laid over a landscape.

    Attributes
    ----------
    radius_cells
        Sources lie at most so far from their target, cells.
    block_cells
        Side of the square blocks that share one target in their middle, an odd number of cells;
        1 makes every source a target.
    buffer_cells
        Current may flow so far beyond the radius, cells.
    correct_blocks
        Whether to take out the pattern that blocks leave, by comparison with single cells on an
        even landscape. Without effect for blocks of one cell.
    compat
        `omniscape0.6` repeats what that program does near the edges and on NoData: see
        `kulan.connectivity.configurations.omniscape_run.run_omniscape`.
    """

    radius_cells: int
    block_cells: int = 1
    buffer_cells: int = 0
    correct_blocks: bool = True
    compat: WindowCompat = ""

    def __post_init__(self) -> None:
        for name in ("radius_cells", "block_cells", "buffer_cells"):
            if not isinstance(getattr(self, name), Integral):
                raise InvalidGridError(
                    f"window: {name} is {getattr(self, name)!r}; give a whole number of cells."
                )
        if self.compat not in get_args(WindowCompat):
            raise InvalidGridError(
                f"window: compat is {self.compat!r}; only 'omniscape0.6' is known, or leave it out."
            )
        if self.radius_cells < 1 or self.buffer_cells < 0:
            raise InvalidGridError(
                f"window: a radius of {self.radius_cells} and a buffer of {self.buffer_cells} "
                "cells; at least 1 and 0 are needed."
            )
        if self.block_cells < 1 or self.block_cells % 2 == 0:
            raise InvalidGridError(
                f"window: blocks of {self.block_cells} cells have no cell in their middle. "
                "Use an odd number."
            )
        if self.half_block_cells >= self.radius_cells:
            raise InvalidGridError(
                f"window: blocks of {self.block_cells} cells leave no source within a radius of "
                f"{self.radius_cells}. Use smaller blocks, about a tenth of the radius."
            )

    @property
    def reach_cells(self) -> int:
        """Radius and buffer together, cells."""
        return self.radius_cells + self.buffer_cells

    @property
    def half_block_cells(self) -> int:
        """Cells from the middle of a block to its edge."""
        return self.block_cells // 2

    @property
    def disc(self) -> NDArray[np.bool_]:
        """Cells within reach of the one in the middle, shape (2 reach + 1, 2 reach + 1)."""
        return _disc(self.reach_cells, self.reach_cells)


@dataclass(frozen=True)
class Condition:
    """Which sources a target is linked with, by a value of each, such as a temperature.

    Attributes
    ----------
    sources
        Value of each cell as a source, shape (rows, columns), NaN where unknown.
    targets
        Value of each cell as a target, such as that of a later time.
    within
        Least and greatest difference, source less target; None asks for equal values. A block
        has the median of its cells, or their commonest value where equal ones are asked for.
    """

    sources: Grid
    targets: Grid
    within: tuple[float, float] | None = (0.0, 0.0)

    def __post_init__(self) -> None:
        if self.within is not None and not self.within[0] <= self.within[1]:
            raise InvalidGridError(
                f"condition: no difference lies from {self.within[0]:g} to {self.within[1]:g}. "
                "Give the least first."
            )

    def part(self, rows: slice, columns: slice) -> "Condition":
        """Return the condition of a part of the landscape."""
        return Condition(self.sources[rows, columns], self.targets[rows, columns], self.within)


@dataclass(frozen=True)
class Targets:
    """Cells that currents flow to.

    Attributes
    ----------
    rows, columns
        Of each target.
    middle_rows, middle_columns
        Middle of its block; another cell only where the middle is NoData.
    amps
        Strength of all sources of its block together: the current that flows to it.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    middle_rows: NDArray[np.int64]
    middle_columns: NDArray[np.int64]
    amps: Grid

    def __len__(self) -> int:
        return int(self.rows.size)

    def moved(self, chosen: NDArray[np.int64], top: int, left: int) -> "Targets":
        """Return the `chosen` targets, with rows and columns counted from `top` and `left`."""
        return Targets(
            self.rows[chosen] - top,
            self.columns[chosen] - left,
            self.middle_rows[chosen] - top,
            self.middle_columns[chosen] - left,
            self.amps[chosen],
        )


def lay_targets(strengths: Grid, valid: NDArray[np.bool_], rule: WindowRule) -> Targets:
    """Divide a landscape into blocks, and make a target of each that holds a source.

    Blocks start in the north-west; a strip narrower than a block along the other two edges holds
    sources but no targets. A target lies in the middle of its block, or, where that is NoData,
    on the source nearest to the middle (Omniscape drops such blocks).

    Parameters
    ----------
    strengths
        Of each source, shape (rows, columns), zero where there is none.
    valid
        Cells that conduct.
    rule
        How blocks are laid.
    """
    rows, columns = strengths.shape
    half, side = rule.half_block_cells, rule.block_cells
    n_down, n_across = rows // side, columns // side
    blocks = strengths[: n_down * side, : n_across * side]
    amps = blocks.reshape(n_down, side, n_across, side).sum(axis=(1, 3))
    down, across = np.nonzero(amps > 0)
    middle_row, middle_column = down * side + half, across * side + half
    row, column = middle_row.copy(), middle_column.copy()
    if not rule.compat:
        for k in np.flatnonzero(~valid[row, column]):
            top, left = middle_row[k] - half, middle_column[k] - half
            block = strengths[top : top + side, left : left + side]
            i, j = np.nonzero(block > 0)
            nearest = np.argmin((i - half) ** 2 + (j - half) ** 2)
            row[k], column[k] = top + i[nearest], left + j[nearest]
    return Targets(row, column, middle_row, middle_column, amps[down, across])


@dataclass(frozen=True)
class Box:
    """The rows and columns around a target that a window covers, and the target within them."""

    top: int
    left: int
    bottom: int
    right: int
    row: int
    column: int

    @classmethod
    def around(cls, row: int, column: int, reach: int, shape: tuple[int, int]) -> "Box":
        """Return the box around a cell, cut at the edges of the landscape.

        Parameters
        ----------
        row, column
            The cell.
        reach
            Cells from it to the edge of an uncut box.
        shape
            Rows and columns of the landscape.
        """
        top, left = max(row - reach, 0), max(column - reach, 0)
        bottom, right = min(row + reach + 1, shape[0]), min(column + reach + 1, shape[1])
        return cls(top, left, bottom, right, row - top, column - left)

    @property
    def cells(self) -> tuple[slice, slice]:
        """Its rows and columns."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.bottom - self.top, self.right - self.left

    def of(self, centred: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Cut an array whose middle belongs on the target to the cells of the box."""
        middle = centred.shape[0] // 2
        top, left = middle - self.row, middle - self.column
        rows, columns = self.shape
        return centred[top : top + rows, left : left + columns]


def share_current(
    strengths: Grid,
    conditions: Sequence[Condition],
    targets: Targets,
    k: int,
    rule: WindowRule,
) -> tuple[Box, Grid]:
    """Share the current of a target out among the sources around it, by their strengths.

    Sources in the target's own block send nothing. Sources that do not meet a condition send
    nothing either, and their share is not given to others.

    Parameters
    ----------
    strengths
        Of each source, shape (rows, columns).
    conditions
        What sources must meet.
    targets, k
        Targets, and the number of the one in question.
    rule
        How windows are laid.

    Returns
    -------
    tuple
        The box of the window, and the current each of its cells sends, A.
    """
    row, column = int(targets.rows[k]), int(targets.columns[k])
    box = Box.around(row, column, rule.reach_cells, strengths.shape)
    near = box.of(_disc(rule.reach_cells, rule.radius_cells))
    amps = np.where(near, strengths[box.cells], 0.0)
    half = rule.half_block_cells
    own_row = int(targets.middle_rows[k]) - box.top
    own_column = int(targets.middle_columns[k]) - box.left
    if rule.compat:
        # the program takes the target to be where it is in a window that no edge cuts
        own_row = own_column = rule.reach_cells
    amps[_square(own_row, own_column, half)] = 0.0
    total = float(amps.sum())
    if total > 0:
        amps *= float(targets.amps[k]) / total
    block = _square(int(targets.middle_rows[k]), int(targets.middle_columns[k]), half)
    for condition in conditions:
        amps[_unlike(condition, block, box)] = 0.0
    return box, amps


def _unlike(condition: Condition, block: tuple[slice, slice], box: Box) -> NDArray[np.bool_]:
    """Cells of a box that do not meet a condition; those without a value do."""
    targets = condition.targets[block]
    known = targets[~np.isnan(targets)]
    sources = condition.sources[box.cells]
    if not known.size:
        return np.zeros(sources.shape, bool)
    if condition.within is None:
        unequal: NDArray[np.bool_] = (sources != _commonest(targets)) & ~np.isnan(sources)
        return unequal
    least, most = condition.within
    difference = sources - np.median(known)
    outside: NDArray[np.bool_] = (difference < least) | (difference > most)
    return outside


def _commonest(values: Grid) -> float:
    """Return the value that comes most often; of several, the one that is first so often.

    Read column by column, as Omniscape does, so that a tie falls out alike.
    """
    scanned = values.T.ravel()
    scanned = scanned[~np.isnan(scanned)]
    found, which, counts = np.unique(scanned, return_inverse=True, return_counts=True)
    last = np.zeros(found.size, np.int64)
    np.maximum.at(last, which.ravel(), np.arange(scanned.size))
    last[counts < counts.max()] = scanned.size
    return float(found[last.argmin()])


def _square(row: int, column: int, half: int) -> tuple[slice, slice]:
    """Rows and columns of the square around a cell."""
    return (
        slice(max(row - half, 0), max(row + half + 1, 0)),
        slice(max(column - half, 0), max(column + half + 1, 0)),
    )


def _disc(half: int, radius: int) -> NDArray[np.bool_]:
    """Cells within `radius` of the middle of a square of 2 half + 1 cells."""
    away = np.arange(-half, half + 1) ** 2
    within: NDArray[np.bool_] = away[:, None] + away[None, :] <= radius**2
    return within
