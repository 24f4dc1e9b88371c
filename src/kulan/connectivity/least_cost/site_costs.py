"""Costs from each of several sites, in memory or in files, and what they say of every cell.

All of it reads the costs a strip of rows at a time, so that it does not matter where they lie.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.allocation import Allocation
from kulan.connectivity.least_cost.corridors import Corridor, normalised_corridor
from kulan.connectivity.least_cost.link_networks import border_steps
from kulan.connectivity.least_cost.rasters import Raster, WritableRaster
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.connectivity.least_cost.tiles import TiledSurface, accumulate_cost_by_tiles
from kulan.connectivity.workers import Progress, Report, answers, at_hand, taken
from kulan.errors import InvalidGridError

Costs = Mapping[int, Raster]
_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class PlacedCorridor:
    """A corridor, cut to the rows and columns it has cells in.

    Attributes
    ----------
    corridor
        The corridor; its raster covers `rows` and `columns`.
    rows, columns
        Of the landscape; empty where no path leads.
    """

    corridor: Corridor
    rows: slice
    columns: slice


def costs_in_memory(
    surface: CostSurface,
    sites: Mapping[int, NDArray[np.int64]],
    *,
    max_cost: float = np.inf,
    executor: Executor | None = None,
    report: Report | None = None,
) -> dict[int, NDArray[np.float64]]:
    """Accumulate the costs from each site over the whole landscape, in memory.

    Parameters
    ----------
    surface
        The landscape.
    sites
        Cells of each site, by number, counted row by row from the north-west.
    max_cost
        How far to go, in units of cost.
    executor
        Among whom sites are shared out; None for here. The answer is the same.
    report
        Called with the number of sites done and that of all.
    """
    surface.prepare()
    progress = Progress(report, len(sites))
    found: dict[int, NDArray[np.float64]] = {}
    with at_hand(surface, executor) as handed:
        arguments = ((handed, cells, max_cost) for cells in sites.values())
        with closing(answers(_cost_from, arguments, executor)) as costs:
            for number, cost in zip(sites, costs, strict=True):
                found[number] = cost
                progress.step()
    return found


def _cost_from(
    surface: CostSurface, cells: NDArray[np.int64], max_cost: float
) -> NDArray[np.float64]:
    surface = taken(surface)
    where = np.column_stack(np.divmod(cells, surface.shape[1]))
    return accumulate_cost(surface, where, max_cost=max_cost)


def costs_by_tiles(
    surface: TiledSurface,
    sites: Mapping[int, NDArray[np.int64]],
    new_raster: Callable[[int], WritableRaster],
    *,
    max_cost: float = np.inf,
    tile: int = 1000,
    threads: int = 1,
    report: Report | None = None,
) -> dict[int, WritableRaster]:
    """Accumulate the costs from each site tile by tile: the same bits in less memory.

    Parameters
    ----------
    surface
        The landscape.
    sites
        Cells of each site, by number, counted row by row from the north-west.
    new_raster
        Gives a raster for the costs from a site, such as a memory map in a file.
    max_cost
        How far to go, in units of cost.
    tile
        Rows and columns of a tile.
    threads
        Tiles to compute at the same time.
    report
        Called with the number of sites done and that of all.
    """
    progress = Progress(report, len(sites))
    found: dict[int, WritableRaster] = {}
    for number, cells in sites.items():
        begin = np.zeros(surface.shape, dtype=bool)
        begin.ravel()[cells] = True
        cost = new_raster(number)
        accumulate_cost_by_tiles(
            surface, begin, cost, tile=tile, max_cost=max_cost, threads=threads
        )
        found[number] = cost
        progress.step()
    return found


def nearest_of(costs: Costs) -> Allocation:
    """Divide a landscape among sites by the costs from each: every cell falls to the nearest.

    It is what `kulan.connectivity.least_cost.allocation.allocate` finds, bit by bit; of sites
    equally near the smaller number has the cell.

    Parameters
    ----------
    costs
        Costs from each site, by number, in rising order.

    Raises
    ------
    InvalidGridError
        If there is no site, or shapes differ.
    """
    shape = _one_shape(costs)
    cost = np.empty(shape)
    source = np.zeros(shape, np.int64)
    for rows in _strips(shape):
        strip = (rows, slice(0, shape[1]))
        nearest, owner = cost[rows], source[rows]
        for k, (number, raster) in enumerate(costs.items()):
            known = np.asarray(raster[strip])
            if k == 0:
                nearest[:] = np.where(np.isnan(known), np.nan, np.inf)
            nearer = known < nearest
            nearest[nearer], owner[nearer] = known[nearer], number
    return Allocation(cost, source)


def neighbours_of(surface: TiledSurface, allocation: Allocation) -> list[tuple[int, int]]:
    """Return the pairs of sites whose allocated cells touch by a step that is not closed.

    Parameters
    ----------
    surface
        The landscape.
    allocation
        How it is divided among the sites.
    """
    found: set[tuple[int, int]] = set()
    n_rows, n_columns = surface.shape
    every = slice(0, n_columns)
    for rows in _strips(surface.shape):
        # one row more, for the steps that lead on to the next strip
        seen = slice(rows.start, min(rows.stop + 1, n_rows))
        part = CostSurface(
            np.asarray(surface.resistance[seen, every]),
            surface.neighbours,
            surface.cell_size,
            None if surface.factors is None else surface.factors(seen, every),
        )
        own = Allocation(allocation.cost[seen], allocation.source[seen])
        pairs: pd.DataFrame = border_steps(part, own)[["first", "second"]].drop_duplicates()
        found |= {(int(first), int(second)) for first, second in pairs.to_numpy()}
    return sorted(found)


def nearest_cell(cost: Raster, cells: NDArray[np.int64]) -> tuple[int, int]:
    """Return row and column of the cell that is reached at the least cost, the first of several.

    Parameters
    ----------
    cost
        Accumulated costs.
    cells
        Cells to choose from, by number, rising.
    """
    where = np.column_stack(np.divmod(cells, cost.shape[1]))
    known = [
        float(np.asarray(cost[slice(row, row + 1), slice(column, column + 1)])[0, 0])
        for row, column in where
    ]
    row, column = where[int(np.argmin(known))]
    return int(row), int(column)


def corridor_within(cost_a: Raster, cost_b: Raster, *, cutoff: float = np.inf) -> PlacedCorridor:
    """Find a normalised least-cost corridor from costs that need not fit in memory.

    Parameters
    ----------
    cost_a, cost_b
        Accumulated costs from either end, on one landscape.
    cutoff
        Largest excess that still belongs to the corridor, in units of cost.

    Returns
    -------
    PlacedCorridor
        What `kulan.connectivity.least_cost.corridors.normalised_corridor` finds, cut to the rows
        and columns that have cells of it.
    """
    shape = _one_shape({1: cost_a, 2: cost_b})
    least = min((float(_least(total)) for _, total in _totals(cost_a, cost_b, shape)), default=0.0)
    nothing = Corridor(np.full((0, 0), np.nan), np.inf, cutoff)
    if not least < np.inf:
        return PlacedCorridor(nothing, slice(0, 0), slice(0, 0))
    in_rows, in_columns = np.zeros(shape[0], bool), np.zeros(shape[1], bool)
    for rows, total in _totals(cost_a, cost_b, shape):
        with np.errstate(invalid="ignore"):
            inside = (total - least <= cutoff) & (total < np.inf)
        in_rows[rows] = inside.any(axis=1)
        in_columns |= inside.any(axis=0)
    rows, columns = _span(in_rows), _span(in_columns)
    parts = (np.asarray(cost[rows, columns], np.float64) for cost in (cost_a, cost_b))
    return PlacedCorridor(normalised_corridor(*parts, cutoff=cutoff), rows, columns)


def _totals(
    cost_a: Raster, cost_b: Raster, shape: tuple[int, int]
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    for rows in _strips(shape):
        strip = (rows, slice(0, shape[1]))
        yield rows, np.asarray(cost_a[strip]) + np.asarray(cost_b[strip])


def _least(total: NDArray[np.float64]) -> float:
    return float(np.fmin.reduce(total, axis=None, initial=np.inf))


def _span(touched: NDArray[np.bool_]) -> slice:
    where = np.flatnonzero(touched)
    return slice(int(where[0]), int(where[-1]) + 1)


def _strips(shape: tuple[int, int]) -> Iterator[slice]:
    """Divide rows into strips of a few million cells."""
    height = max(1, _CELLS_AT_ONCE // shape[1])
    for top in range(0, shape[0], height):
        yield slice(top, min(top + height, shape[0]))


def _one_shape(costs: Mapping[Any, Raster]) -> tuple[int, int]:
    shapes = {tuple(raster.shape) for raster in costs.values()}
    if len(shapes) != 1:
        raise InvalidGridError(
            f"costs: {len(costs)} rasters of {len(shapes)} different shapes; at least one and all "
            "of one shape are needed."
        )
    rows, columns = shapes.pop()
    return rows, columns
