"""Accumulated cost from each of several places, side by side."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import closing
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.allocation import check_numbered
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.connectivity.memory import Workers, check_memory, cost_need
from kulan.connectivity.workers import (
    Progress,
    Report,
    answers,
    at_hand,
    taken,
    works_here,
)


def accumulate_from_each(
    surface: CostSurface,
    places: NDArray[np.integer[Any]],
    *,
    max_cost: float = np.inf,
    executor: Executor | None = None,
    report: Report | None = None,
    most_memory_bytes: int | None = None,
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Accumulate cost from each place for itself, such as from each patch of habitat.

    Parameters
    ----------
    surface
        The landscape.
    places
        Shape (rows, columns): a positive number on the cells of each place, 0 elsewhere.
    max_cost
        How far to go, in units of cost.
    executor
        Accumulates from several places at once: threads, processes or the workers of a Dask
        cluster; None for one after the other. The costs are the same to the last bit.
    report
        Called with the places done and those in all; what it raises ends the run.
    most_memory_bytes
        A run that is estimated to need more is refused before it begins; None for what is free.

    Yields
    ------
    tuple
        Number of each place, rising, and the costs as of
        `kulan.connectivity.least_cost.accumulated_cost.accumulate_cost`.

    Raises
    ------
    InvalidGridError
        If there is no place, or one lies in NoData.
    TooLargeError
        If it is estimated to need more memory than there is, or than is allowed.

    Examples
    --------
    >>> surface = CostSurface(np.ones((1, 4)))
    >>> for number, cost in accumulate_from_each(surface, np.array([[1, 0, 0, 2]])):
    ...     print(number, cost[0].tolist())
    1 [0.0, 1.0, 2.0, 3.0]
    2 [3.0, 2.0, 1.0, 0.0]
    """
    numbered = check_numbered(surface, places, "places")
    surface.cells(numbered > 0, "places")
    check_memory(cost_need(numbered.size, Workers.of(executor)), most_memory_bytes)
    numbers = np.unique(numbered[numbered > 0]).tolist()
    progress = Progress(report, len(numbers))
    if works_here(executor):
        surface.prepare()
    with at_hand((surface, numbered), executor) as handed:
        tasks = ((handed, number, max_cost) for number in numbers)
        with closing(answers(_from_place, tasks, executor)) as found:
            for number, cost in zip(numbers, found, strict=True):
                progress.step()
                yield number, cost


def _from_place(
    handed: tuple[CostSurface, NDArray[np.int64]], number: int, max_cost: float
) -> NDArray[np.float64]:
    surface, numbered = taken(handed)
    return accumulate_cost(surface, numbered == number, max_cost=max_cost)
