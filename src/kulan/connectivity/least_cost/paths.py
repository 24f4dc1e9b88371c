"""Least-cost paths, followed back from their targets through accumulated costs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.allocation import Allocation
from kulan.connectivity.least_cost.bucket_queue import Ground, exact_kernel
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.errors import InvalidGridError


@dataclass(frozen=True)
class LeastCostPath:
    """The cheapest way from a source to a target.

    Attributes
    ----------
    cells
        Rows and columns from the source to the target, both included, shape (n, 2); without
        cells if no path leads there.
    cost
        What it costs; infinite if no path leads there.
    length
        Its length in the unit of the cell size; infinite if no path leads there.
    """

    cells: NDArray[np.int64]
    cost: float
    length: float


def least_cost_paths(
    surface: CostSurface, sources: ArrayLike, targets: ArrayLike
) -> list[LeastCostPath]:
    """Find the cheapest way from the nearest source to every target.

    Parameters
    ----------
    surface
        The landscape.
    sources
        A boolean mask of the raster's shape, or rows and columns of cells, shape (n, 2).
    targets
        The same for the targets; costs are accumulated no farther than to the last of them.

    Returns
    -------
    list of LeastCostPath
        One for each target, in the order given, masks row by row.

    Raises
    ------
    InvalidGridError
        If a source or target lies in NoData or outside the raster.

    Examples
    --------
    >>> wall = np.array([[1.0, np.nan, 1.0], [1.0, 1.0, 1.0]])
    >>> [path] = least_cost_paths(CostSurface(wall, neighbours=4), [[0, 0]], [[0, 2]])
    >>> path.cells.tolist(), path.cost
    ([[0, 0], [1, 0], [1, 1], [1, 2], [0, 2]], 4.0)
    """
    cost = accumulate_cost(surface, sources, targets=targets)
    return trace_paths(surface, cost, targets)


def trace_paths(
    surface: CostSurface, cost: NDArray[np.float64], targets: ArrayLike
) -> list[LeastCostPath]:
    """Follow costs that are accumulated already back from every target to a source.

    Of several predecessors on equally cheap paths the one nearest to the source is taken, and
    of those the first in the order north, west, east, south, north-west, north-east, south-west,
    south-east: so paths from one source that meet stay together.

    Parameters
    ----------
    surface
        The landscape on which the costs were accumulated.
    cost
        What `accumulate_cost` gave for it.
    targets
        A boolean mask of the raster's shape, or rows and columns of cells, shape (n, 2).

    Raises
    ------
    InvalidGridError
        If a target lies in NoData or outside the raster, the costs are those of another
        landscape, or resistances lie so far apart that a step adds nothing to a cost.
    """
    goals = surface.cells(targets, "targets")
    if cost.shape != surface.shape:
        raise InvalidGridError(
            f"cost: shape {cost.shape}, but the resistances have {surface.shape}. "
            "Give the costs accumulated on this surface."
        )
    return _trace(surface, cost, goals)


def traced_within(
    surface: CostSurface, allocation: Allocation, targets: NDArray[np.int64]
) -> list[LeastCostPath]:
    """Follow the costs of an allocation back, each path inside the cells of its own source.

    Parameters
    ----------
    surface
        The landscape that was allocated.
    allocation
        What `allocate` gave for it.
    targets
        Rows and columns of cells, shape (n, 2).
    """
    return _trace(surface, allocation.cost, targets, allocation.source)


def trace_paths_until(
    surface: CostSurface,
    cost: NDArray[np.float64],
    target: NDArray[np.int64],
    stop: NDArray[np.bool_],
) -> LeastCostPath:
    """Follow costs back from a target to a source, or to the first cell at which to stop.

    Parameters
    ----------
    surface
        A part of the landscape on which the costs were accumulated.
    cost
        The costs of this part.
    target
        Row and column.
    stop
        Cells from which the way on is not known, such as those at the edge of the part.

    Returns
    -------
    LeastCostPath
        From where it stopped to the target; `cost` is that of the target.
    """
    [goal] = surface.cells(target, "target")
    whole = float(cost[goal[0], goal[1]])
    if whole == np.inf:
        return LeastCostPath(np.zeros((0, 2), np.int64), np.inf, np.inf)
    ground = _ground_of(surface, cost)
    way, steps, status = _whole_way(ground, NO_LABELS, int(surface.numbers(goal[None])[0]))
    cells = np.column_stack(np.divmod(way, surface.shape[1] + 2)) - 1
    reached = np.flatnonzero(stop[cells[:, 0], cells[:, 1]][1:])
    n = int(reached[0]) + 2 if reached.size else len(cells)
    if status == _LOST and not reached.size:
        raise _lost(ground, way, cells[-1])
    return LeastCostPath(cells[:n][::-1], whole, float(surface.step_lengths[steps[: n - 1]].sum()))


def _trace(
    surface: CostSurface,
    cost: NDArray[np.float64],
    goals: NDArray[np.int64],
    owner: NDArray[np.int64] | None = None,
) -> list[LeastCostPath]:
    ground = _ground_of(surface, cost)
    label = NO_LABELS if owner is None else np.pad(owner, 1).ravel()
    return [
        _traced(surface, ground, label, int(number), float(cost[row, column]))
        for number, (row, column) in zip(surface.numbers(goals), goals, strict=True)
    ]


def _ground_of(surface: CostSurface, cost: NDArray[np.float64]) -> Ground:
    """Lay costs on the ground of the inner loops."""
    rows, columns = surface.shape
    ringed = np.full((rows + 2, columns + 2), -np.inf)
    ringed[1:-1, 1:-1] = np.where(np.isnan(cost), -np.inf, cost)
    return surface.ground_with(ringed.ravel())


def _traced(
    surface: CostSurface, ground: Ground, label: NDArray[np.int64], target: int, cost: float
) -> LeastCostPath:
    if cost == np.inf:
        return LeastCostPath(np.zeros((0, 2), np.int64), np.inf, np.inf)
    way, steps, status = _whole_way(ground, label, target)
    ringed_columns = surface.shape[1] + 2
    cells = np.column_stack(np.divmod(way[::-1], ringed_columns)) - 1
    if status == _LOST:
        raise _lost(ground, way, cells[0])
    length = float(surface.step_lengths[steps].sum())
    return LeastCostPath(cells, cost, length)


def _whole_way(
    ground: Ground, label: NDArray[np.int64], target: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Step back as far as costs lead, with as much room as the way needs."""
    room = 1024
    way, steps, status = _back(ground, label, target, room)
    while status == _LONGER:
        room *= 4
        way, steps, status = _back(ground, label, target, room)
    return way, steps, status


def _lost(ground: Ground, way: NDArray[np.int64], cell: NDArray[np.int64]) -> InvalidGridError:
    row, column = cell
    return InvalidGridError(
        f"cost: no step explains the cost {ground.cost[way[-1]]:g} of row {row}, column "
        f"{column}. Give the costs accumulated on this surface; if they are, resistances lie "
        "so far apart that a step adds nothing to the sum: cap the largest ones."
    )


_ARRIVED, _LONGER, _LOST = range(3)
NO_LABELS = np.zeros(0, np.int64)


@exact_kernel
def _back(
    ground: Ground, label: NDArray[np.int64], target: int, room: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Step back to the cheapest cell that explains the cost of the present one, to cost zero."""
    cost, resistance, slot = ground.cost, ground.resistance, ground.slot
    barriers = slot.size > 1
    way, steps = np.empty(room, np.int64), np.empty(room, np.int64)
    way[0], n, c = target, 1, np.int64(target)
    while cost[c] > 0:
        if n == room:
            return way, steps[: n - 1], _LONGER
        best, step = cost[c], -1
        row = slot[c] if barriers else np.int32(-1)
        for k in range(ground.offset.size):
            m = c + ground.offset[k]
            if not 0 <= cost[m] < best or (label.size > 0 and label[m] != label[target]):
                continue
            half = ground.half[k] if row < 0 else ground.half[k] * ground.factor[row, k]
            if cost[m] + (resistance[c] + resistance[m]) * half == cost[c]:
                best, step = cost[m], k
        if step < 0:
            return way[:n], steps[: n - 1], _LOST
        c += ground.offset[step]
        way[n], steps[n - 1] = c, step
        n += 1
    return way[:n], steps[: n - 1], _ARRIVED
