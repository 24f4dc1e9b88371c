"""Networks of least-cost links between patches of habitat."""

from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.allocation import Allocation, allocate, check_numbered
from kulan.connectivity.least_cost.paths import LeastCostPath, trace_paths, traced_within
from kulan.connectivity.least_cost.surface import STEPS, CostSurface
from kulan.connectivity.memory import Workers, check_memory, cost_need
from kulan.connectivity.workers import (
    Progress,
    Report,
    answers,
    at_hand,
    taken,
    works_here,
)
from kulan.errors import InvalidGridError

# the steps that meet every pair of neighbouring cells once: east, south, south-west, south-east
_HALF_OF_STEPS = {(0, 1): "east", (1, 0): "south", (1, -1): "southwest", (1, 1): "southeast"}


@dataclass(frozen=True)
class LinkNetwork:
    """Patches and the least-cost links between them.

    Attributes
    ----------
    patches
        One row per patch: `patch` (its number) and `n_cells`.
    links
        One row per link: `first` and `second` (numbers of patches, the smaller first), `cost`,
        `length` (in the unit of the cell size) and `crosses` (numbers of the other patches it
        passes through, a tuple).
    paths
        The way of each link, in the order of `links`, from the first patch to the second.
    """

    patches: pd.DataFrame
    links: pd.DataFrame
    paths: tuple[LeastCostPath, ...]


def link_patches(
    surface: CostSurface,
    patches: NDArray[np.integer[Any]],
    *,
    pairs: Literal["neighbours", "all"] = "neighbours",
    max_cost: float = np.inf,
    threads: int = 1,
    executor: Executor | None = None,
    report: Report | None = None,
) -> LinkNetwork:
    """Link patches by least-cost paths.

    Parameters
    ----------
    surface
        The landscape; cells inside patches cost what their resistance says.
    patches
        Shape (rows, columns): a positive number on the cells of each patch, 0 elsewhere.
    pairs
        "neighbours" links patches whose allocated cells touch, by the cheapest way over their
        common border: one accumulation for all (the minimal planar graph). "all" links every two
        patches that a path joins, by the cheapest way at all: one accumulation for each patch.
    max_cost
        Largest cost of a link; dearer ones are left out.
    threads
        Patches of "all" to accumulate from at the same time; each takes 24 bytes for every cell.
    executor
        Accumulates from the patches of "all" in place of `threads`: processes, or the workers of a
        Dask cluster. The links are the same to the last bit.
    report
        Called with the patches of "all" done and those in all; what it raises ends the run.

    Returns
    -------
    LinkNetwork
        Links in rising order of patch numbers.

    Raises
    ------
    InvalidGridError
        If there is no patch, one lies in NoData, or `pairs` is neither word.
    TooLargeError
        If "all" is estimated to need more memory than there is.

    References
    ----------
    Fall, A., Fortin, M.-J., Manseau, M. & O'Brien, D. (2007). Spatial graphs: principles and
    applications for habitat connectivity. Ecosystems 10, 448-461.

    Examples
    --------
    >>> patches = np.array([[1, 0, 0, 2, 0, 0, 0, 3]])
    >>> network = link_patches(CostSurface(np.ones((1, 8))), patches)
    >>> network.links[["first", "second", "cost"]].values.tolist()
    [[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]
    """
    numbered = check_numbered(surface, patches, "patches")
    surface.cells(numbered > 0, "patches")
    if pairs == "neighbours":
        found = _between_neighbours(surface, allocate(surface, numbered, max_cost=max_cost))
    elif pairs == "all":
        found = _between_all(surface, numbered, max_cost, threads, executor, report)
    else:
        raise InvalidGridError(f'pairs: {pairs!r} found, "neighbours" or "all" are possible.')
    kept = {pair: path for pair, path in sorted(found.items()) if path.cost <= max_cost}
    number, n_cells = np.unique(numbered[numbered > 0], return_counts=True)
    links = pd.DataFrame(
        {
            "first": np.array([first for first, _ in kept], dtype=np.int64),
            "second": np.array([second for _, second in kept], dtype=np.int64),
            "cost": np.array([path.cost for path in kept.values()], dtype=np.float64),
            "length": np.array([path.length for path in kept.values()], dtype=np.float64),
            "crosses": pd.Series(
                [_crossed(numbered, path, pair) for pair, path in kept.items()], dtype=object
            ),
        }
    )
    of_patches = pd.DataFrame({"patch": number, "n_cells": n_cells})
    return LinkNetwork(of_patches, links, tuple(kept.values()))


def _crossed(
    patches: NDArray[np.int64], path: LeastCostPath, pair: tuple[int, int]
) -> tuple[int, ...]:
    met = {int(patch) for patch in patches[path.cells[:, 0], path.cells[:, 1]]}
    return tuple(sorted(met - {0, *pair}))


Ways = list[tuple[tuple[int, int], LeastCostPath]]
Patches = tuple[CostSurface, NDArray[np.int64], float]


def _between_all(
    surface: CostSurface,
    patches: NDArray[np.int64],
    max_cost: float,
    threads: int,
    executor: Executor | None,
    report: Report | None,
) -> dict[tuple[int, int], LeastCostPath]:
    """Join every two patches by the cheapest path there is."""
    starts = np.unique(patches[patches > 0])[:-1].tolist()
    progress, ways = Progress(report, len(starts)), []
    with ExitStack() as stack:
        if executor is None:
            executor = stack.enter_context(ThreadPoolExecutor(max(threads, 1)))
        check_memory(cost_need(patches.size, Workers.of(executor)))
        if works_here(executor):
            surface.prepare()
        handed = stack.enter_context(at_hand((surface, patches, max_cost), executor))
        tasks = ((handed, first) for first in starts)
        for found in stack.enter_context(closing(answers(_ways_from, tasks, executor))):
            ways.append(found)
            progress.step()
    return dict(chain.from_iterable(ways))


def _ways_from(handed: Patches, first: int) -> Ways:
    """Find the cheapest path from a patch to each of those of larger number."""
    surface, patches, max_cost = taken(handed)
    row, column = np.nonzero(patches)
    owner = patches[row, column]
    cost = accumulate_cost(surface, patches == first, max_cost=max_cost)
    later = owner > first
    order = np.lexsort((cost[row[later], column[later]], owner[later]))
    number, place = np.unique(owner[later][order], return_index=True)
    nearest = np.column_stack([row[later], column[later]])[order[place]]
    paths = trace_paths(surface, cost, nearest)
    pairs = [(first, int(second)) for second in number]
    return [(pair, path) for pair, path in zip(pairs, paths, strict=True) if path.cells.size]


def _between_neighbours(
    surface: CostSurface, allocation: Allocation
) -> dict[tuple[int, int], LeastCostPath]:
    """Join patches whose cells touch, over the cheapest step between them."""
    steps = border_steps(surface, allocation)
    order = np.lexsort((steps["cost"], steps["second"], steps["first"]))
    best = steps.iloc[order].drop_duplicates(["first", "second"])
    here = traced_within(surface, allocation, best[["row_a", "column_a"]].to_numpy())
    there = traced_within(surface, allocation, best[["row_b", "column_b"]].to_numpy())
    pairs, costs = best[["first", "second"]].to_numpy(), best["cost"].to_numpy(dtype=np.float64)
    found = {}
    for pair, cost, step, a, b in zip(pairs, costs, best["length"], here, there, strict=True):
        cells = np.concatenate([a.cells, b.cells[::-1]])
        length = a.length + float(step) + b.length
        found[int(pair[0]), int(pair[1])] = LeastCostPath(cells, float(cost), length)
    return found


def border_steps(surface: CostSurface, allocation: Allocation) -> pd.DataFrame:
    """List the steps between cells of different patches, from the patch of smaller number.

    Parameters
    ----------
    surface
        The landscape.
    allocation
        What `allocate` gave for it.

    Returns
    -------
    DataFrame
        `first` and `second` (numbers of patches), `row_a`, `column_a`, `row_b`, `column_b` (cells
        of the step, from the first), `cost` (of the whole way over it) and `length` (of the step).
        Steps that a barrier closes are left out.
    """
    rows, columns = surface.shape
    lists = []
    for (down, right), kind in _HALF_OF_STEPS.items():
        if (down, right) not in STEPS[: surface.neighbours]:
            continue
        a = slice(0, rows - down), slice(max(-right, 0), columns - max(right, 0))
        b = slice(down, rows), slice(max(right, 0), columns - max(-right, 0))
        length = float(surface.step_lengths[STEPS.index((down, right))])
        touch = (allocation.source[a] != allocation.source[b]) & (
            (allocation.source[a] > 0) & (allocation.source[b] > 0)
        )
        step = (surface.resistance[a][touch] + surface.resistance[b][touch]) * (0.5 * length)
        if surface.factors is not None:
            step = step * getattr(surface.factors, kind)[touch]
        row, column = np.nonzero(touch)
        one = {"row": row, "column": column + a[1].start, "patch": allocation.source[a][touch]}
        other = {"row": row + down, "column": column + b[1].start}
        other["patch"] = allocation.source[b][touch]
        swap = one["patch"] > other["patch"]
        ends = {
            f"{name}_{end}": np.where(swap ^ (end == "b"), other[name], one[name])
            for name in ("row", "column", "patch")
            for end in "ab"
        }
        cost = allocation.cost[a][touch] + step + allocation.cost[b][touch]
        table = pd.DataFrame({**ends, "cost": cost, "length": length})
        lists.append(table[np.isfinite(table["cost"])])
    steps: pd.DataFrame = pd.concat(lists, ignore_index=True)
    return steps.rename(columns={"patch_a": "first", "patch_b": "second"})
