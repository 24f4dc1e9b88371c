"""Numbers that the pages on methods work out by hand, where no other test holds them."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.cuts import cut_steps
from kulan.connectivity.barriers.step_costs import barrier_costs
from kulan.connectivity.circuits.coarsening import interpolation_shares
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.frames import Frame
from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.corridors import normalised_corridor, pinch_point_conductance
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.connectivity.resistance.combining import (
    fuzzy_gamma,
    geometric_mean,
    largest,
    ordered_weights,
    product,
    weighted_sum,
)
from kulan.connectivity.resistance.ensembles import sample_weights, summarise
from kulan.connectivity.synthetic import log_normal_with_barriers
from kulan.connectivity.windows.exact import omnidirectional_windows
from kulan.connectivity.windows.sources import WindowRule


def ends(first: int, last: int) -> Sites:
    return Sites({1: np.array([first]), 2: np.array([last])})


def test_circuit_theory_a_step_averages_conductances_or_resistances():
    cells = np.array([[1.0, 3.0]])
    ohms = [
        pairwise(link_cells(cells, mean=mean), ends(0, 1)).resistance[0, 1]
        for mean in ("conductance", "resistance")
    ]
    assert [1 / ohm for ohm in ohms] == pytest.approx([2.0, 1.5])


def test_multigrid_a_cell_between_two_takes_what_the_current_demands():
    weights = np.zeros((3, 4, 5))
    weights[1, 0, 1:3] = 1.0, 3.0
    shares = np.zeros((3, 9, 4))
    interpolation_shares(weights, np.zeros((1, 1)), shares)
    from_west, from_east = shares[1, 5, 1], shares[1, 3, 2]
    assert (from_west, from_east) == (0.25, 0.75)
    assert 0.0 * from_west + 4.0 * from_east == 3.0


@pytest.mark.parametrize(
    ("tolerance", "of_resistance", "of_current"),
    [(1e-2, 1e-4, 1e-2), (1e-4, 1e-8, 1e-4), (1e-6, 1e-10, 1e-6)],
)
@pytest.mark.parametrize("kind", ["log-normal with barriers", "even"])
def test_multigrid_answers_are_at_least_as_exact_as_the_tolerance(
    kind, tolerance, of_resistance, of_current
):
    size = 150
    conductance = np.ones((size, size))
    if kind != "even":
        conductance = log_normal_with_barriers(size)
    grid, far = link_cells(conductance), ends(20 * size + 20, (size - 20) * size + size - 20)
    exact = pairwise(grid, far, solving=Solving(solvers=("direct",)))
    found = pairwise(grid, far, solving=Solving(tolerance=tolerance, solvers=("multigrid",)))
    assert found.resistance[0, 1] == pytest.approx(exact.resistance[0, 1], rel=of_resistance)
    assert np.abs(found.cumulative - exact.cumulative).max() <= of_current


def test_accumulated_cost_of_a_knights_step_is_eight_per_cent_above_the_straight_line():
    cost = accumulate_cost(CostSurface(np.ones((3, 3))), [[0, 0]])[2, 1]
    assert cost == pytest.approx(1 + np.sqrt(2))
    assert cost / np.sqrt(5) == pytest.approx(1.08, abs=0.001)


def test_accumulated_cost_of_a_step_over_a_fence_is_divided_by_its_permeability():
    fence = gpd.GeoDataFrame(
        {"barrier_id": ["fence"], "segment_id": ["all"]},
        geometry=[shapely.LineString([(1, -1), (1, 2)])],
    )
    factors = barrier_costs(cut_steps(fence, Frame(1, 2, 0, 1, 1, 1), np.array([0.1])))
    surface = CostSurface(np.ones((1, 2)), factors=factors)
    assert accumulate_cost(surface, [[0, 0]])[0, 1] == pytest.approx(10.0)


def test_corridor_and_pinch_points_of_five_by_five_even_cells():
    flat = CostSurface(np.ones((5, 5)))
    costs = [accumulate_cost(flat, [[2, column]]) for column in (0, 4)]
    wide, narrow = normalised_corridor(*costs), normalised_corridor(*costs, cutoff=0.0)
    assert wide.least_cost == 4
    assert wide.excess[1, 2] == pytest.approx(2 * np.sqrt(2) + 2 - 4)
    assert wide.excess[1, 2] == pytest.approx(0.83, abs=0.002)
    inside = link_cells(pinch_point_conductance(np.full((5, 5), 4.0), narrow))
    found = pairwise(inside, ends(10, 14))
    assert found.resistance[0, 1] == pytest.approx(16.0)
    assert found.cumulative[2] == pytest.approx(np.ones(5))


def test_combined_layers_of_one_and_nine():
    layers = {"cover": np.array([1.0]), "relief": np.array([9.0])}
    weights = {"cover": 3.0, "relief": 1.0}
    found = [
        product(layers),
        weighted_sum(layers),
        geometric_mean(layers),
        largest(layers),
        weighted_sum(layers, weights),
        ordered_weights(layers, [1, 0]),
        ordered_weights(layers, [0, 1]),
        ordered_weights(layers, [1, 1]),
        ordered_weights(layers, [1, 1], weights),
        ordered_weights(layers, [3, 1], weights),
    ]
    assert [float(one[0]) for one in found] == pytest.approx([9, 5, 3, 9, 3, 9, 1, 5, 3, 5])


def test_combined_memberships_at_a_gamma_of_one_half():
    members = {"near": np.array([0.5]), "flat": np.array([0.8])}
    found = [float(fuzzy_gamma(members, gamma)[0]) for gamma in (0, 0.5, 1)]
    assert found == pytest.approx([0.4, 0.6, 0.9])


def test_ensembles_of_three_members():
    found = summarise([np.array([value]) for value in (1.0, 2.0, 6.0)], quantiles=(0.5,))
    assert (found.mean[0], found.quantiles[0.5][0]) == (3.0, 2.0)
    assert found.sd[0] == pytest.approx(np.sqrt(7))
    assert found.sd[0] == pytest.approx(2.65, abs=0.005)


def test_ensembles_of_weights_vary_as_their_concentration_says():
    draws = sample_weights({"a": 0.5, "b": 0.5}, 20_000, np.random.default_rng(0), concentration=9)
    weight = np.array([draw["a"] for draw in draws])
    # the standard error of the variance is about 0.0002
    assert weight.var() == pytest.approx(0.025, abs=0.001)


def test_omnidirectional_flow_of_three_cells_in_a_row():
    flow = omnidirectional_windows(link_cells(np.ones((1, 3))), np.ones((1, 3)), WindowRule(1))
    assert flow.current[0] == pytest.approx([1.5, 3.0, 1.5], abs=1e-5)
