"""The cheapest ways between sites of one or several cells."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.paths import LeastCostPath, trace_paths
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.errors import InvalidGridError


@dataclass(frozen=True)
class CheapestWays:
    """The cheapest way between every two sites.

    Attributes
    ----------
    sites
        The sites' numbers, in the order of rows and columns below.
    cost
        Shape (n, n), in units of resistance times cell size; infinite where there is no way.
    length
        Shape (n, n), in the unit of the cell size; infinite where there is no way.
    """

    sites: tuple[int, ...]
    cost: NDArray[np.float64]
    length: NDArray[np.float64]


def cheapest_ways(surface: CostSurface, sites: Mapping[int, NDArray[np.int64]]) -> CheapestWays:
    """Find the cheapest way between every two sites, from border to border.

    A site of several cells may be left and reached at any of them; what is walked inside it does
    not count. Costs are accumulated once for each site but one.

    Parameters
    ----------
    surface
        The landscape.
    sites
        Cell numbers of each site, row by row from the north-west from 0.

    Raises
    ------
    InvalidGridError
        If there are fewer than two sites, or a cell of one lies in NoData or outside.

    Examples
    --------
    >>> surface = CostSurface(np.array([[1.0, 3.0, 1.0, 1.0]]), cell_size=2.0)
    >>> ways = cheapest_ways(surface, {1: np.array([0]), 2: np.array([2, 3])})
    >>> ways.cost.tolist(), ways.length.tolist()
    ([[0.0, 8.0], [8.0, 0.0]], [[0.0, 4.0], [4.0, 0.0]])
    """
    if len(sites) < 2:
        raise InvalidGridError("sites: at least two are needed for a way between them.")
    cells = {
        number: np.column_stack(np.divmod(own, surface.shape[1])) for number, own in sites.items()
    }
    numbers = tuple(cells)
    n = len(numbers)
    cost, length = np.zeros((n, n)), np.zeros((n, n))
    for i, number in enumerate(numbers[:-1]):
        others = numbers[i + 1 :]
        reached = accumulate_cost(
            surface, cells[number], targets=np.concatenate([cells[other] for other in others])
        )
        ways = [_way_to(surface, reached, cells[other]) for other in others]
        cost[i, i + 1 :] = cost[i + 1 :, i] = [way.cost for way in ways]
        length[i, i + 1 :] = length[i + 1 :, i] = [way.length for way in ways]
    return CheapestWays(numbers, cost, length)


def _way_to(
    surface: CostSurface, reached: NDArray[np.float64], cells: NDArray[np.int64]
) -> LeastCostPath:
    """Follow the cheapest way back from the cell of a site that is cheapest to reach."""
    nearest = int(reached[cells[:, 0], cells[:, 1]].argmin())
    return trace_paths(surface, reached, cells[[nearest]])[0]
