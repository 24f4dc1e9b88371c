"""Allocation, paths and corridors on landscapes small enough to work out by hand."""

import numpy as np
import pytest

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.allocation import allocate
from kulan.connectivity.least_cost.corridors import (
    merged_corridors,
    normalised_corridor,
    pinch_point_conductance,
)
from kulan.connectivity.least_cost.paths import least_cost_paths, trace_paths
from kulan.connectivity.least_cost.step_factors import step_factors
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.errors import InvalidGridError

FLAT = CostSurface(np.ones((5, 5)))


def rough(seed=3, size=40):
    rng = np.random.default_rng(seed)
    resistance = rng.integers(1, 20, (size, size)).astype(float)
    resistance[rng.random((size, size)) < 0.2] = np.nan
    resistance[0, 0] = resistance[-1, -1] = resistance[0, -1] = 1
    return CostSurface(resistance)


def test_each_cell_falls_to_its_nearest_source_and_a_tie_to_the_smaller_number():
    sources = np.array([[9, 0, 0, 0, 4]])
    found = allocate(CostSurface(np.ones((1, 5))), sources)
    assert found.source.tolist() == [[9, 9, 4, 4, 4]]
    assert found.cost.tolist() == [[0, 1, 2, 1, 0]]


def test_allocation_gives_the_least_of_the_costs_from_each_source():
    surface = rough()
    places = {3: (0, 0), 1: (39, 39), 2: (0, 39)}
    sources = np.zeros(surface.shape, np.int64)
    for number, place in places.items():
        sources[place] = number
    each = np.array([accumulate_cost(surface, [places[number]]) for number in (1, 2, 3)])
    reached = np.isfinite(each).any(axis=0)

    found = allocate(surface, sources)

    least = each[:, reached].min(axis=0)
    assert (found.cost[reached] == least).all()
    first = (each[:, reached] == least).argmax(axis=0) + 1
    assert (found.source[reached] == first).all()
    assert (found.source[~reached] == 0).all()


def test_allocation_does_not_cross_a_closed_barrier():
    factors = step_factors(np.full((2, 1), np.inf), np.ones((1, 2)))
    sources = np.array([[1, 0], [0, 0]])
    found = allocate(CostSurface(np.ones((2, 2)), factors=factors), sources)
    assert found.source.tolist() == [[1, 0], [1, 0]]


@pytest.mark.parametrize(
    ("sources", "what"),
    [
        (np.zeros((5, 5), np.int64), "no cell given"),
        (np.full((5, 5), -1), "number from 1"),
        (np.ones((5, 5)), "whole numbers"),
        (np.ones((2, 5), np.int64), "whole numbers on the raster"),
    ],
)
def test_sources_that_are_not_numbered_are_refused(sources, what):
    with pytest.raises(InvalidGridError, match=what):
        allocate(FLAT, sources)


def test_the_path_leads_from_the_source_to_the_target():
    [path] = least_cost_paths(FLAT, [[0, 0]], [[4, 4]])
    assert path.cells.tolist() == [[k, k] for k in range(5)]
    assert path.cost == pytest.approx(4 * np.sqrt(2))
    assert path.length == pytest.approx(4 * np.sqrt(2))


def test_steps_along_a_path_add_up_to_its_cost():
    surface = rough()
    paths = least_cost_paths(surface, [[0, 0]], [[39, 39], [0, 39]])
    for path in paths:
        a, b = path.cells[:-1], path.cells[1:]
        lengths = np.hypot(*(b - a).T)
        mean = (surface.resistance[tuple(a.T)] + surface.resistance[tuple(b.T)]) / 2
        assert (lengths < 1.5).all()
        assert (mean * lengths).sum() == pytest.approx(path.cost)
        assert lengths.sum() == pytest.approx(path.length)


def test_a_path_of_thousands_of_cells_is_traced_whole():
    [path] = least_cost_paths(CostSurface(np.ones((1, 5000))), [[0, 0]], [[0, 4999]])
    assert len(path.cells) == 5000
    assert path.cost == path.length == 4999


def test_a_target_at_the_source_is_a_path_of_one_cell():
    [path] = least_cost_paths(FLAT, [[1, 2]], [[1, 2]])
    assert path.cells.tolist() == [[1, 2]]
    assert path.cost == path.length == 0


def test_an_unreachable_target_is_a_result_without_cells():
    surface = CostSurface(np.array([[1, np.nan, 1]]))
    reached, unreached = least_cost_paths(surface, [[0, 0]], [[0, 0], [0, 2]])
    assert reached.cost == 0
    assert (unreached.cost, unreached.length, len(unreached.cells)) == (np.inf, np.inf, 0)


def test_a_path_goes_round_a_barrier_between_cells():
    east = np.ones((3, 2))
    east[:2, 0] = np.inf
    surface = CostSurface(
        np.ones((3, 3)), neighbours=4, factors=step_factors(east, np.ones((2, 3)))
    )
    [path] = least_cost_paths(surface, [[0, 0]], [[0, 1]])
    assert path.cells.tolist() == [[0, 0], [1, 0], [2, 0], [2, 1], [1, 1], [0, 1]]


def test_costs_of_another_landscape_are_refused():
    cost = accumulate_cost(FLAT, [[0, 0]])
    with pytest.raises(InvalidGridError, match="no step explains"):
        trace_paths(CostSurface(np.full((5, 5), 2.0)), cost, [[4, 4]])
    with pytest.raises(InvalidGridError, match="accumulated on this surface"):
        trace_paths(CostSurface(np.ones((5, 4))), cost, [[4, 3]])


def test_the_corridor_is_zero_along_the_path_and_grows_away_from_it():
    surface = rough()
    a = accumulate_cost(surface, [[0, 0]])
    b = accumulate_cost(surface, [[39, 39]])
    [path] = least_cost_paths(surface, [[0, 0]], [[39, 39]])

    corridor = normalised_corridor(a, b)

    assert corridor.least_cost == pytest.approx(path.cost)
    assert corridor.excess[tuple(path.cells.T)] == pytest.approx(0, abs=1e-9)
    assert np.nanmin(corridor.excess) == 0
    assert np.isnan(corridor.excess[np.isnan(surface.resistance)]).all()


def test_a_corridor_ends_at_its_cutoff():
    a, b = accumulate_cost(FLAT, [[2, 0]]), accumulate_cost(FLAT, [[2, 4]])
    wide, narrow = normalised_corridor(a, b, cutoff=1.0), normalised_corridor(a, b, cutoff=0.0)
    assert narrow.mask.tolist() == [[False] * 5] * 2 + [[True] * 5] + [[False] * 5] * 2
    assert np.nanmax(wide.excess) <= 1.0
    assert (wide.mask >= narrow.mask).all()
    assert wide.mask.sum() > narrow.mask.sum()


def test_without_a_way_a_corridor_has_no_cells():
    corridor = normalised_corridor(np.array([[0, np.inf]]), np.array([[np.inf, 0]]))
    assert corridor.least_cost == np.inf
    assert not corridor.mask.any()
    with pytest.raises(InvalidGridError, match="no pinch point"):
        pinch_point_conductance(np.ones((1, 2)), corridor)


def test_merged_corridors_keep_the_least_excess():
    ends = [accumulate_cost(FLAT, [place]) for place in ([0, 0], [0, 4], [4, 0])]
    one = normalised_corridor(ends[0], ends[1], cutoff=0.0)
    other = normalised_corridor(ends[0], ends[2], cutoff=0.0)
    merged = merged_corridors([one, other])
    assert ((~np.isnan(merged)) == (one.mask | other.mask)).all()


def test_pinch_points_are_looked_for_inside_the_corridor_only():
    a, b = accumulate_cost(FLAT, [[2, 0]]), accumulate_cost(FLAT, [[2, 4]])
    corridor = normalised_corridor(a, b, cutoff=0.0)
    conductance = pinch_point_conductance(np.full((5, 5), 4.0), corridor)
    assert (conductance[2] == 0.25).all()
    assert np.isnan(np.delete(conductance, 2, axis=0)).all()


def test_corridors_that_do_not_belong_together_are_refused():
    small, large = np.zeros((1, 2)), np.zeros((1, 3))
    with pytest.raises(InvalidGridError, match="one raster has"):
        normalised_corridor(small, large)
    with pytest.raises(InvalidGridError, match="cutoff"):
        normalised_corridor(small, small, cutoff=-1)
    corridors = [normalised_corridor(small, small), normalised_corridor(large, large)]
    with pytest.raises(InvalidGridError, match="2 different shapes"):
        merged_corridors(corridors)
    with pytest.raises(InvalidGridError, match="at least one"):
        merged_corridors([])
    with pytest.raises(InvalidGridError, match="but the resistances"):
        pinch_point_conductance(large, corridors[0])
