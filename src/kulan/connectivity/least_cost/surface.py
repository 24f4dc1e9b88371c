"""A landscape of resistances to walk across: cells, steps between them, barriers on the steps."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kulan.connectivity.least_cost.bucket_queue import Ground, exact_kernel
from kulan.connectivity.least_cost.step_factors import StepFactors
from kulan.errors import InvalidGridError, TooLargeError

# by how much a step leads on in rows and columns; those of four neighbours, then the diagonals
STEPS = ((-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))
_MOST_CELLS = 2**31 - 1
_SAMPLE = 10_000
NO_SLOTS = np.full(1, -1, np.int32)
NO_FACTORS = np.ones((1, 8))


@dataclass(frozen=True)
class CostSurface:
    """Resistances of cells, and what a step between two of them costs.

    A step costs the mean resistance of its two cells times the distance between their centres,
    times the barrier's factor where one lies between. Resistance is therefore cost per unit of
    distance.

    Attributes
    ----------
    resistance
        Shape (rows, columns), all positive; NaN or infinite is NoData, which no path enters.
    neighbours
        8 allows diagonal steps, 4 does not.
    cell_size
        Height and width of a cell, or one number for both, in any unit of length, such as m.
    factors
        Barriers between cells; None for none.
    """

    resistance: NDArray[Any]
    neighbours: Literal[4, 8] = 8
    cell_size: float | tuple[float, float] = 1.0
    factors: StepFactors | None = None

    def __post_init__(self) -> None:
        check_resistance(self.resistance)
        if self.neighbours not in (4, 8):
            raise InvalidGridError(f"neighbours: {self.neighbours} found, 4 or 8 are possible.")
        if not all(0 < size < np.inf for size in self.cell_height_width):
            raise InvalidGridError(
                f"cell_size: {self.cell_size} found; height and width must be positive."
            )
        if self.factors is not None and self.factors.shape != self.shape:
            raise InvalidGridError(
                f"factors: barriers on a raster of {self.factors.shape} cells, but the "
                f"resistances have {self.shape}."
            )
        if (self.shape[0] + 2) * (self.shape[1] + 2) > _MOST_CELLS:
            raise TooLargeError(
                f"resistance: {self.shape[0]} x {self.shape[1]} cells are more than are computed "
                "in one piece. Use kulan.connectivity.least_cost.tiles."
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.resistance.shape
        return rows, columns

    @property
    def cell_height_width(self) -> tuple[float, float]:
        """Height and width of a cell, in the unit of `cell_size`."""
        size = self.cell_size
        return (size[0], size[1]) if isinstance(size, tuple) else (size, size)

    @cached_property
    def ringed(self) -> NDArray[np.float64]:
        """The resistances inside a ring of NoData, float64, NoData as NaN."""
        return ring(self.resistance)

    @cached_property
    def step_lengths(self) -> NDArray[np.float64]:
        """Length of the steps of `STEPS` that are allowed, in the unit of `cell_size`."""
        height, width = self.cell_height_width
        steps = np.array(STEPS[: self.neighbours], dtype=np.float64)
        lengths: NDArray[np.float64] = np.hypot(steps[:, 0] * height, steps[:, 1] * width)
        return lengths

    @cached_property
    def barriers(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Of each ringed cell its row in the table of factors, and the table; -1 is no barrier."""
        if self.factors is None:
            return NO_SLOTS, NO_FACTORS
        return barrier_table(self.factors)

    @cached_property
    def bucket_width(self) -> float:
        """How wide buckets are best, in the unit of cost."""
        return bucket_width(self.resistance, float(self.step_lengths.min()))

    def prepare(self) -> None:
        """Compute now what is computed once, before several threads ask for it."""
        _ = self.ringed, self.step_lengths, self.barriers, self.bucket_width

    def ground(self) -> Ground:
        """Return the ground for costs to spread over, all cells still without a cost."""
        return self.ground_with(costs_before(self.ringed.ravel()))

    def ground_with(self, cost: NDArray[np.float64]) -> Ground:
        """Return the ground with costs, given ringed and flat."""
        slot, factor = self.barriers
        return Ground(
            self.ringed.ravel(),
            cost,
            slot,
            factor,
            offsets(self.shape[1] + 2, self.neighbours),
            0.5 * self.step_lengths,
        )

    def numbers(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of `cells`, given as rows and columns, through the ring."""
        numbers: NDArray[np.int64] = (cells[:, 0] + 1) * (self.shape[1] + 2) + cells[:, 1] + 1
        return numbers

    def cells(self, where: ArrayLike, name: str) -> NDArray[np.int64]:
        """Read cells from a mask or a list and make sure that they can be stood on.

        Parameters
        ----------
        where
            A boolean array of the raster's shape, or rows and columns of cells, shape (n, 2).
        name
            What the cells are, for messages.

        Raises
        ------
        InvalidGridError
            If there are none, if one lies outside the raster or in NoData.
        """
        given = np.asarray(where)
        if given.dtype == np.bool_:
            if given.shape != self.shape:
                raise InvalidGridError(
                    f"{name}: a mask of {given.shape} cells, but the resistances have {self.shape}."
                )
            cells = np.argwhere(given)
        elif np.issubdtype(given.dtype, np.integer) and given.ndim in (1, 2):
            cells = np.atleast_2d(given).astype(np.int64)
        else:
            raise InvalidGridError(
                f"{name}: {given.dtype} of shape {given.shape} found; give a boolean mask or whole "
                "numbers of rows and columns."
            )
        self._check_cells(cells, name)
        return cells

    def _check_cells(self, cells: NDArray[np.int64], name: str) -> None:
        if cells.size == 0 or cells.shape[1] != 2:
            raise InvalidGridError(f"{name}: no cell given; give at least one row and column.")
        outside = ((cells < 0) | (cells >= self.shape)).any(axis=1)
        if outside.any():
            row, column = cells[outside][0]
            raise InvalidGridError(
                f"{name}: row {row}, column {column} lies outside the raster of {self.shape} cells."
            )
        blank = ~np.isfinite(self.resistance[cells[:, 0], cells[:, 1]])
        if blank.any():
            row, column = cells[blank][0]
            raise InvalidGridError(
                f"{name}: {int(blank.sum())} of {len(cells)} cells lie in NoData, the first in row "
                f"{row}, column {column}. Move them, or give those cells a resistance."
            )


class _Side(NamedTuple):
    """Which cells a kind of step starts from, which factors it has, and its number in STEPS."""

    rows: slice
    columns: slice
    factors: NDArray[np.float64]
    step: int


def barrier_table(factors: StepFactors) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """List the factors of the eight steps from every cell that has a barrier at one of them.

    Parameters
    ----------
    factors
        Barriers between cells.

    Returns
    -------
    tuple of ndarray
        Of each cell, ringed and flat, its row in the table, or -1; and the table, in the order
        of `STEPS`.
    """
    rows, columns = factors.shape
    near, far, every = slice(1, -2), slice(2, -1), slice(1, -1)
    sides = (
        _Side(far, every, factors.south, 0),
        _Side(every, far, factors.east, 1),
        _Side(every, near, factors.east, 2),
        _Side(near, every, factors.south, 3),
        _Side(far, far, factors.southeast, 4),
        _Side(far, near, factors.southwest, 5),
        _Side(near, far, factors.southwest, 6),
        _Side(near, near, factors.southeast, 7),
    )
    touched = np.zeros((rows + 2, columns + 2), dtype=bool)
    for side in sides:
        touched[side.rows, side.columns] |= side.factors != 1
    slot = np.full(touched.shape, -1, np.int32)
    slot[touched] = np.arange(touched.sum(), dtype=np.int32)
    table = np.ones((max(int(touched.sum()), 1), 8))
    for side in sides:
        at = slot[side.rows, side.columns]
        here = at >= 0
        table[at[here], side.step] = side.factors[here]
    return slot.ravel(), table


def ring(resistance: NDArray[Any]) -> NDArray[np.float64]:
    """Put resistances into a ring of NoData, as float64 with NoData as NaN."""
    rows, columns = resistance.shape
    cells = np.empty((rows + 2, columns + 2))
    _ring(np.asarray(resistance), cells)
    return cells


@exact_kernel
def _ring(resistance: NDArray[Any], cells: NDArray[np.float64]) -> None:
    rows, columns = resistance.shape
    cells[0] = np.nan
    cells[rows + 1] = np.nan
    for i in range(rows):
        cells[i + 1, 0] = np.nan
        cells[i + 1, columns + 1] = np.nan
        for j in range(columns):
            here = np.float64(resistance[i, j])
            cells[i + 1, j + 1] = here if here < np.inf else np.nan


def costs_before(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the costs of flat `cells` before any path is known: -infinity where none may go."""
    # made here, since compiled code would get its memory in small pages, which takes longer
    cost = np.empty(cells.size)
    _fill_costs(cells, cost)
    return cost


@exact_kernel
def _fill_costs(cells: NDArray[np.float64], cost: NDArray[np.float64]) -> None:
    for i in range(cells.size):
        cost[i] = np.inf if cells[i] < np.inf else -np.inf


def offsets(ringed_columns: int, neighbours: int) -> NDArray[np.int64]:
    """Say by how much the number of a cell changes with each step.

    Parameters
    ----------
    ringed_columns
        Columns of the raster and its ring.
    neighbours
        4 or 8.
    """
    return np.array([i * ringed_columns + j for i, j in STEPS[:neighbours]], dtype=np.int64)


def check_resistance(resistance: NDArray[Any], corner: tuple[int, int] = (0, 0)) -> None:
    """Refuse resistances that are no raster of positive numbers.

    Parameters
    ----------
    resistance
        What to check; NaN and infinity are NoData.
    corner
        Row and column of its first cell in a larger raster, for the message.

    Raises
    ------
    InvalidGridError
        If it has no rows and columns, or a resistance is zero or negative.
    """
    if resistance.ndim != 2 or resistance.size == 0:
        raise InvalidGridError(
            f"resistance: shape {resistance.shape} found, rows and columns are needed."
        )
    bad = resistance <= 0
    if bad.any():
        row, column = np.argwhere(bad)[0] + corner
        raise InvalidGridError(
            f"resistance: {int(bad.sum())} cells are zero or negative, the first in row {row}, "
            f"column {column}, counted from 0 in the north-west. Walking is nowhere free: give "
            "positive numbers, and NoData as NaN."
        )


def bucket_width(resistance: NDArray[Any], shortest_step: float) -> float:
    """Choose the width of buckets: twice a cheap step, but few steps of the very cheapest.

    Parameters
    ----------
    resistance
        Resistances of cells; a sample is looked at.
    shortest_step
        Length of the shortest step.
    """
    cells = resistance.size
    columns = resistance.shape[1]
    every = max(1, cells // _SAMPLE)
    number = np.arange(0, cells, every)
    sample = np.asarray(resistance[number // columns, number % columns], dtype=np.float64)
    sample = sample[np.isfinite(sample)]
    if sample.size == 0:
        return 1.0
    cheapest, cheap = np.quantile(sample, [0.01, 0.1])
    return float(min(2 * cheap, 64 * cheapest) * shortest_step)
