"""Costs from several sites say the same in memory and in files, whole and in strips."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kulan.connectivity.least_cost import site_costs
from kulan.connectivity.least_cost.allocation import allocate
from kulan.connectivity.least_cost.corridors import normalised_corridor
from kulan.connectivity.least_cost.link_networks import link_patches
from kulan.connectivity.least_cost.paths import trace_paths
from kulan.connectivity.least_cost.site_costs import (
    corridor_within,
    costs_by_tiles,
    costs_in_memory,
    nearest_cell,
    nearest_of,
    neighbours_of,
)
from kulan.connectivity.least_cost.step_factors import step_factors
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.connectivity.least_cost.tiled_paths import trace_path_by_windows
from kulan.connectivity.least_cost.tiles import TiledSurface, cut_factors
from kulan.errors import InvalidGridError

SHAPE = (43, 58)


@pytest.fixture(autouse=True)
def _short_strips(monkeypatch):
    monkeypatch.setattr(site_costs, "_CELLS_AT_ONCE", 3 * SHAPE[1])


@pytest.fixture
def resistance():
    rng = np.random.default_rng(4)
    values = np.exp(rng.normal(0, 1, SHAPE))
    values[rng.random(SHAPE) < 0.1] = np.nan
    for cells in sites().values():
        values.ravel()[cells] = 1.0
    return values


def sites():
    corner = [0, 1, SHAPE[1]]
    return {
        1: np.array(corner),
        2: np.array([20 * SHAPE[1] + 50]),
        5: np.array([42 * SHAPE[1] + 3]),
    }


@pytest.fixture
def factors():
    rng = np.random.default_rng(8)
    rows, columns = SHAPE
    east = rng.choice([1.0, 3.0, np.inf], (rows, columns - 1), p=[0.8, 0.1, 0.1])
    south = rng.choice([1.0, 3.0, np.inf], (rows - 1, columns), p=[0.8, 0.1, 0.1])
    return step_factors(east, south)


@pytest.fixture
def surface(resistance, factors):
    return CostSurface(resistance, factors=factors)


@pytest.fixture
def tiled(resistance, factors):
    return TiledSurface(resistance, factors=cut_factors(factors))


@pytest.fixture
def costs(surface):
    return costs_in_memory(surface, sites())


def numbered():
    patches = np.zeros(SHAPE, np.int64)
    for number, cells in sites().items():
        patches.ravel()[cells] = number
    return patches


def test_costs_in_files_have_the_bits_of_those_in_memory(costs, tiled, tmp_path):
    def new_raster(number):
        return np.lib.format.open_memmap(
            tmp_path / f"{number}.npy", mode="w+", dtype=np.float64, shape=SHAPE
        )

    told = []
    found = costs_by_tiles(
        tiled, sites(), new_raster, tile=11, report=lambda *steps: told.append(steps)
    )
    assert [raster[:].tobytes() for raster in found.values()] == [
        cost.tobytes() for cost in costs.values()
    ]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_threads_give_the_same_costs(costs, surface):
    with ThreadPoolExecutor(3) as pool:
        found = costs_in_memory(surface, sites(), executor=pool)
    assert all(found[number].tobytes() == cost.tobytes() for number, cost in costs.items())


def test_every_cell_falls_to_the_site_that_allocation_gives_it(costs, surface):
    found, expected = nearest_of(costs), allocate(surface, numbered())
    assert found.cost.tobytes() == expected.cost.tobytes()
    assert found.source.tolist() == expected.source.tolist()


def test_neighbours_are_the_pairs_that_links_join(costs, surface, tiled):
    links = link_patches(surface, numbered()).links
    assert neighbours_of(tiled, nearest_of(costs)) == list(
        zip(links["first"], links["second"], strict=True)
    )


def test_sites_on_either_side_of_a_closed_line_are_no_neighbours():
    shut = step_factors(np.array([[1.0, np.inf, 1.0]]), np.ones((0, 4)))
    surface = CostSurface(np.ones((1, 4)), factors=shut)
    costs = costs_in_memory(surface, {1: np.array([0]), 2: np.array([3])})
    assert (
        neighbours_of(TiledSurface(np.ones((1, 4)), factors=cut_factors(shut)), nearest_of(costs))
        == []
    )


@pytest.mark.parametrize("cutoff", [0.0, 2.5, np.inf])
def test_a_corridor_in_strips_is_the_corridor_cut_to_its_cells(costs, cutoff):
    whole = normalised_corridor(costs[1], costs[5], cutoff=cutoff)
    found = corridor_within(costs[1], costs[5], cutoff=cutoff)
    again = np.full(SHAPE, np.nan)
    again[found.rows, found.columns] = found.corridor.excess
    assert again.tobytes() == whole.excess.tobytes()
    assert found.corridor.least_cost == whole.least_cost
    assert found.corridor.mask.any(axis=1).all() or cutoff == np.inf
    assert found.corridor.mask[0].any()
    assert found.corridor.mask[-1].any()


def test_where_no_path_leads_the_corridor_is_empty():
    apart = np.array([[0.0, np.inf]])
    found = corridor_within(apart, apart[:, ::-1])
    assert found.corridor.least_cost == np.inf
    assert found.corridor.excess.size == 0


@pytest.mark.parametrize("window", [2, 5, 17, 100])
def test_a_path_by_windows_is_the_path_cell_by_cell(costs, surface, tiled, window):
    for first, second in ((1, 5), (5, 2)):
        target = nearest_cell(costs[first], sites()[second])
        [expected] = trace_paths(surface, costs[first], np.array([target]))
        found = trace_path_by_windows(tiled, costs[first], target, window=window)
        assert found.cells.tolist() == expected.cells.tolist()
        assert found.cost == expected.cost
        assert found.length == pytest.approx(expected.length, rel=1e-12)


def test_a_target_without_a_path_gives_one_without_cells():
    cost = np.array([[0.0, np.inf]])
    found = trace_path_by_windows(TiledSurface(np.ones((1, 2))), cost, (0, 1))
    assert found.cells.shape == (0, 2)
    assert found.cost == np.inf


def test_costs_of_another_landscape_are_refused():
    cost = np.arange(9.0)[None, :]
    with pytest.raises(InvalidGridError, match="no step explains"):
        trace_path_by_windows(TiledSurface(np.full((1, 9), 2.0)), cost, (0, 8), window=3)


def test_a_window_without_an_inside_is_refused():
    with pytest.raises(InvalidGridError, match="at least 2"):
        trace_path_by_windows(
            TiledSurface(np.ones((1, 2))), np.array([[0.0, 1.0]]), (0, 1), window=1
        )


def test_the_nearest_cell_of_a_site_is_the_first_of_the_cheapest():
    cost = np.array([[4.0, 2.0], [2.0, 9.0]])
    assert nearest_cell(cost, np.array([0, 1, 2, 3])) == (0, 1)


def test_without_a_site_nothing_is_divided():
    with pytest.raises(InvalidGridError, match="at least one"):
        nearest_of({})
