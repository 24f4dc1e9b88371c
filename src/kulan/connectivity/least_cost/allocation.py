"""Which source is the nearest to each cell, by cost."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.least_cost.accumulated_cost import ringed_costs, unringed
from kulan.connectivity.least_cost.bucket_queue import Ground, exact_kernel
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.errors import InvalidGridError


@dataclass(frozen=True)
class Allocation:
    """Costs, and the source each of them was counted from.

    Attributes
    ----------
    cost
        Least cost from a source, shape (rows, columns), as `accumulate_cost` gives it.
    source
        Number of the source it comes from; 0 in NoData and where no path leads.
    """

    cost: NDArray[np.float64]
    source: NDArray[np.int64]


def allocate(
    surface: CostSurface, sources: NDArray[np.integer[Any]], *, max_cost: float = np.inf
) -> Allocation:
    """Divide a landscape among sources: every cell falls to the one nearest to it by cost.

    Where two sources are equally near, to the last bit, the smaller number has the cell. From
    every cell there is a least-cost path to its source inside the cells of that source.

    Parameters
    ----------
    surface
        The landscape.
    sources
        Shape (rows, columns): a positive number on the cells of each source, 0 elsewhere.
    max_cost
        How far to go, in units of cost.

    Raises
    ------
    InvalidGridError
        If there is no source, a number is negative, or a source lies in NoData.

    Examples
    --------
    >>> sources = np.array([[7, 0, 0, 0, 5]])
    >>> allocate(CostSurface(np.ones((1, 5))), sources).source.tolist()
    [[7, 7, 5, 5, 5]]
    """
    numbers = check_numbered(surface, sources, "sources")
    cells = surface.cells(numbers > 0, "sources")
    cost = ringed_costs(surface, cells, max_cost=max_cost)
    label = numbers[cells[:, 0], cells[:, 1]]
    order = np.argsort(label, kind="stable")
    names, rank = np.unique(label, return_inverse=True)
    found = np.zeros(cost.size, np.int32)
    _flood(
        surface.ground_with(cost),
        surface.numbers(cells)[order],
        rank[order].astype(np.int32) + np.int32(1),
        found,
    )
    rows, columns = surface.shape
    inner = found.reshape(rows + 2, columns + 2)[1:-1, 1:-1]
    return Allocation(unringed(surface, cost), np.concatenate([[0], names])[inner])


def check_numbered(
    surface: CostSurface, numbered: NDArray[np.integer[Any]], name: str
) -> NDArray[np.int64]:
    """Refuse a raster of numbered places that does not fit a landscape.

    Parameters
    ----------
    surface
        The landscape.
    numbered
        Shape (rows, columns): positive numbers, 0 for none.
    name
        What is numbered, for messages.
    """
    given = np.asarray(numbered)
    if given.shape != surface.shape or not np.issubdtype(given.dtype, np.integer):
        raise InvalidGridError(
            f"{name}: {given.dtype} of shape {given.shape} found; whole numbers on the raster of "
            f"{surface.shape} cells are needed."
        )
    if (given < 0).any():
        raise InvalidGridError(f"{name}: {given.min()} found; number from 1, with 0 for none.")
    return given.astype(np.int64)


@exact_kernel
def _flood(
    ground: Ground,
    cells: NDArray[np.int64],
    labels: NDArray[np.int32],
    found: NDArray[np.int32],
) -> None:
    """Follow from each source, smallest label first, the steps that least-cost paths take."""
    cost, resistance, slot = ground.cost, ground.resistance, ground.slot
    barriers = slot.size > 1
    stack = np.empty(cost.size, np.int32)
    for n in range(cells.size):
        found[cells[n]] = labels[n]
        stack[0] = cells[n]
        height = 1
        while height > 0:
            height -= 1
            c = np.int64(stack[height])
            row = slot[c] if barriers else np.int32(-1)
            for k in range(ground.offset.size):
                m = c + ground.offset[k]
                if found[m] != 0 or not cost[m] < np.inf:
                    continue
                half = ground.half[k] if row < 0 else ground.half[k] * ground.factor[row, k]
                if cost[c] + (resistance[c] + resistance[m]) * half == cost[m]:
                    found[m] = labels[n]
                    stack[height] = m
                    height += 1
