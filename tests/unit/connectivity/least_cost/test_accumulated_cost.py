"""Accumulated cost on grids small enough to work out by hand, and everything that is refused."""

import numpy as np
import pytest
import shapely

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.step_factors import (
    StepFactors,
    barrier_factors,
    numbered_factors,
    step_factors,
)
from kulan.connectivity.least_cost.surface import CostSurface, bucket_width
from kulan.errors import InvalidGridError
from kulan.grids import Grid, cut_edges

ROOT2 = np.sqrt(2)
FLAT = np.ones((3, 3))


def costs(resistance, sources, **options):
    limits = {name: options.pop(name) for name in ("max_cost", "targets") if name in options}
    surface = CostSurface(np.array(resistance, dtype=float), **options)
    return accumulate_cost(surface, sources, **limits)


def test_a_step_costs_the_mean_of_both_cells():
    assert costs([[1, 3, 5]], [[0, 0]]).tolist() == [[0, 2, 6]]


def test_a_diagonal_step_is_longer_by_the_root_of_two():
    found = costs(FLAT, [[0, 0]])
    assert found == pytest.approx(
        np.array([[0, 1, 2], [1, ROOT2, 1 + ROOT2], [2, 1 + ROOT2, 2 * ROOT2]])
    )


def test_with_four_neighbours_the_way_goes_round_the_corner():
    assert costs(FLAT, [[0, 0]], neighbours=4).tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 4]]


def test_cells_may_be_higher_than_wide():
    found = costs(np.ones((2, 2)), [[0, 0]], cell_size=(4.0, 3.0))
    assert found.tolist() == [[0, 3], [4, 5]]


def test_a_detour_through_cheap_cells_is_found():
    resistance = [[1, 100, 1], [1, 100, 1], [1, 1, 1]]
    assert costs(resistance, [[0, 0]], neighbours=4)[0, 2] == 6


def test_no_path_enters_nodata_and_what_lies_behind_is_infinite():
    found = costs([[1, np.nan, 1], [1, np.inf, 1]], [[0, 0]])
    assert np.isnan(found[:, 1]).all()
    assert np.isinf(found[:, 2]).all()


def test_several_sources_count_from_the_nearest():
    assert costs(np.ones((1, 6)), [[0, 0], [0, 5]]).tolist() == [[0, 1, 2, 2, 1, 0]]


def test_a_mask_and_a_list_of_cells_mean_the_same():
    mask = FLAT > 1
    mask[1, 2] = mask[2, 0] = True
    assert (costs(FLAT, mask) == costs(FLAT, [[1, 2], [2, 0]])).all()


def test_nothing_is_followed_beyond_the_largest_cost():
    assert costs(np.ones((1, 4)), [[0, 0]], max_cost=2).tolist() == [[0, 1, 2, np.inf]]


def test_stopping_at_targets_leaves_final_costs_only():
    rng = np.random.default_rng(0)
    resistance = rng.uniform(1, 50, (60, 60))
    whole = costs(resistance, [[30, 30]])
    part = costs(resistance, [[30, 30]], targets=[[30, 40], [25, 30]])
    known = np.isfinite(part)
    assert known[30, 40]
    assert known[25, 30]
    assert 0.01 < known.mean() < 0.5
    assert (part[known] == whole[known]).all()


def test_a_barrier_on_edges_is_walked_around():
    # a wall between the first two columns, open in the last row
    east = [[np.inf, 1], [np.inf, 1], [1, 1]]
    found = costs(FLAT, [[0, 0]], factors=step_factors(east, np.ones((2, 3))), neighbours=4)
    assert found[0].tolist() == [0, 5, 6]


def test_a_closed_line_lets_no_diagonal_through():
    line = shapely.LineString([(0, 2.6), (1.4, 1.4), (1.6, 0)])
    grid = Grid(FLAT, west=0, north=3, cell_x_deg=1, cell_y_deg=1)
    found = costs(FLAT, [[2, 0]], factors=barrier_factors(cut_edges(line, grid)))
    reached = np.isfinite(found)
    assert reached.tolist() == [[False, False, False], [True, False, False], [True, True, False]]


def test_a_line_that_ends_beside_a_diagonal_does_not_block_it():
    east = np.ones((2, 1))
    east[0] = np.inf
    factors = step_factors(east, np.ones((1, 2)))
    assert factors.southeast.tolist() == factors.southwest.tolist() == [[1.0]]


def test_a_leaky_barrier_makes_the_step_dearer():
    cut = np.array([[True, False]]), np.zeros((0, 3), dtype=bool)
    found = costs([[1, 1, 1]], [[0, 0]], factors=barrier_factors(cut, permeability=0.25))
    assert found.tolist() == [[0, 4, 5]]


def test_two_barriers_on_one_step_multiply():
    cut = np.array([[True]]), np.zeros((0, 2), dtype=bool)
    both = barrier_factors(cut, 0.5) * barrier_factors(cut, 0.25)
    assert both.east.tolist() == [[8.0]]


def test_steps_given_by_number_are_those_of_the_raster():
    shape = (2, 3)
    # east of (0, 0), south of (0, 1), south-east of (0, 1), south-west of (0, 2)
    factors = numbered_factors(shape, np.array([0, 5, 6, 11]), [0.5, 0.0, 0.25, 1.0])
    assert factors.east.tolist() == [[2, 1], [1, 1]]
    assert factors.south.tolist() == [[1, np.inf, 1]]
    assert factors.southeast.tolist() == [[1, 4]]
    assert factors.southwest.tolist() == [[1, 1]]


@pytest.mark.parametrize("step", [-1, 8, 4 * 2, 4 * 3 + 1, 3, 4 * 2 + 2])
def test_a_numbered_step_out_of_the_raster_is_refused(step):
    with pytest.raises(InvalidGridError, match="leads out"):
        numbered_factors((2, 3), np.array([step]), 0.5)


def test_wide_ranges_of_resistance_go_through_the_list_of_far_cells():
    # more than a ring of buckets ahead: the cheap way round must still win
    resistance = np.full((3, 400), 1e9)
    resistance[0] = 1
    resistance[:, -1] = 1
    found = costs(resistance, [[0, 0]], neighbours=4)
    assert found[2, -1] == 401
    assert found[2, 0] == pytest.approx(1.5e9, rel=1e-6)


def test_one_huge_resistance_does_not_break_the_buckets():
    resistance = np.ones((5, 5))
    resistance[2, 2], resistance[0, 4] = 1e300, 1e200
    found = costs(resistance, [[0, 0]])
    assert found[4, 4] == pytest.approx(2 + 3 * ROOT2)
    assert found[2, 2] == pytest.approx(5e299)
    assert found[0, 4] == pytest.approx(5e199)


def test_the_width_of_buckets_does_not_follow_a_single_cheap_cell():
    resistance = np.full((100, 100), 50.0)
    resistance[0, 0] = 1e-9
    assert bucket_width(resistance, 1.0) == 100


@pytest.mark.parametrize(
    ("resistance", "what"),
    [
        ([[1, 0]], "1 cells are zero or negative, the first in row 0, column 1"),
        ([[1, -2]], "zero or negative"),
        ([], "rows and columns are needed"),
    ],
)
def test_resistances_that_cannot_be_walked_are_refused(resistance, what):
    with pytest.raises(InvalidGridError, match=what):
        CostSurface(np.array(resistance, dtype=float))


@pytest.mark.parametrize(
    ("sources", "what"),
    [
        ([[0, 3]], "row 0, column 3 lies outside"),
        ([[-1, 0]], "lies outside"),
        ([[1, 1]], "lie in NoData"),
        (np.zeros((3, 3), dtype=bool), "no cell given"),
        (np.ones((2, 3), dtype=bool), r"a mask of \(2, 3\) cells"),
        ([[0.5, 1.0]], "whole numbers"),
    ],
)
def test_sources_that_cannot_be_stood_on_are_refused(sources, what):
    resistance = FLAT.copy()
    resistance[1, 1] = np.nan
    with pytest.raises(InvalidGridError, match=what):
        costs(resistance, sources)


def test_settings_that_mean_nothing_are_refused():
    with pytest.raises(InvalidGridError, match="4 or 8"):
        CostSurface(FLAT, neighbours=6)
    with pytest.raises(InvalidGridError, match="must be positive"):
        CostSurface(FLAT, cell_size=(1.0, 0.0))
    with pytest.raises(InvalidGridError, match="barriers on a raster"):
        CostSurface(FLAT, factors=step_factors(np.ones((2, 1)), np.ones((1, 2))))
    with pytest.raises(InvalidGridError, match="max_cost"):
        costs(FLAT, [[0, 0]], max_cost=-1)


def test_factors_that_mean_nothing_are_refused():
    one = np.ones((1, 1))
    with pytest.raises(InvalidGridError, match="belong to no raster"):
        step_factors(np.ones((2, 2)), np.ones((2, 2)))
    with pytest.raises(InvalidGridError, match="zero, negative or NaN"):
        step_factors(np.zeros((2, 1)), np.ones((1, 2)))
    with pytest.raises(InvalidGridError, match="southwest"):
        StepFactors(np.ones((2, 1)), np.ones((1, 2)), one, np.ones((2, 1)))
    with pytest.raises(InvalidGridError, match="and nothing"):
        barrier_factors((np.zeros((2, 1), dtype=bool), np.zeros((1, 2), dtype=bool)), 1.5)
    with pytest.raises(InvalidGridError, match="between 0 and 1"):
        numbered_factors((2, 2), np.array([0]), 2.0)
    with pytest.raises(InvalidGridError, match="one lies on"):
        _ = step_factors(np.ones((2, 1)), np.ones((1, 2))) * step_factors(
            np.ones((3, 1)), np.ones((2, 2))
        )
