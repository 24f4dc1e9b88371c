"""The cheapest ways between sites of several cells."""

from itertools import combinations

import numpy as np
import pytest

from kulan.connectivity.least_cost.between_sites import cheapest_ways
from kulan.connectivity.least_cost.paths import least_cost_paths
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.errors import InvalidGridError


def test_ways_are_those_of_the_nearest_cells():
    surface = CostSurface(np.exp(np.random.default_rng(3).normal(0, 1, (12, 15))), cell_size=2.0)
    sites = {4: np.array([0, 1, 15]), 7: np.array([170]), 9: np.array([100, 101])}
    ways = cheapest_ways(surface, sites)
    assert ways.sites == (4, 7, 9)
    assert (ways.cost == ways.cost.T).all()
    for i, j in combinations(range(3), 2):
        first, second = (np.column_stack(np.divmod(sites[ways.sites[k]], 15)) for k in (i, j))
        paths = least_cost_paths(surface, first, second)
        best = min(paths, key=lambda path: path.cost)
        assert ways.cost[i, j] == best.cost
        assert ways.length[i, j] == best.length


def test_no_way_is_infinite():
    wall = np.array([[1.0, np.nan, 1.0]])
    ways = cheapest_ways(CostSurface(wall), {1: np.array([0]), 2: np.array([2])})
    assert ways.cost[0, 1] == ways.length[0, 1] == np.inf


def test_one_site_alone_is_refused():
    with pytest.raises(InvalidGridError, match="at least two"):
        cheapest_ways(CostSurface(np.ones((2, 2))), {1: np.array([0])})
