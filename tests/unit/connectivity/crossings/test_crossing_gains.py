"""What crossings give back: networks worked by hand, refusals, and what is solved how often."""

from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.cuts import cut_steps
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.crossings.gains import SINGLY, CrossingGains
from kulan.connectivity.crossings.places import (
    crossings_along,
    crossings_in_reach,
    place_crossings,
)
from kulan.connectivity.frames import Frame
from kulan.errors import InvalidGridError


def corridor(barriers, crossings, *, share=1.0, sites=(0, 5), conductance=None):
    """Make a corridor of six cells; `barriers` by place and permeability, crossings by place."""
    frame = Frame(1, 6, 0, 1, 1, 1)
    lines = gpd.GeoDataFrame(
        {"barrier_id": [f"at {x}" for x in barriers], "segment_id": ["all"] * len(barriers)},
        geometry=[shapely.LineString([(x, -1), (x, 2)]) for x in barriers],
    )
    stencil = link_cells(np.ones((1, 6)) if conductance is None else conductance)
    cuts = cut_steps(lines, frame, np.array(list(barriers.values())))
    table = gpd.GeoDataFrame(
        {
            "crossing_id": [f"over {x}" for x in crossings],
            "barrier_ids": [(f"at {x}",) for x in crossings],
            "cost": [1.0] * len(crossings),
        },
        geometry=[shapely.Point(x, 0.5) for x in crossings],
    )
    placed = place_crossings(table, cuts, stencil, np.full(len(crossings), share))
    cells = {k + 1: np.atleast_1d(cell) for k, cell in enumerate(sites)}
    return CrossingGains(stencil, cuts, placed, Sites(cells))


def test_a_crossing_of_a_tenth_open_barrier_gives_back_nine_ohm():
    gains = corridor({3: 0.1}, [3])
    assert gains.resistance()[0, 1] == pytest.approx(4 + 10)
    assert gains.resistance([0])[0, 1] == pytest.approx(5)
    assert gains.gain_of_each("resistance") == pytest.approx([9])
    assert gains.gain_of_each("conductance") == pytest.approx([1 / 5 - 1 / 14])


def test_a_crossing_restores_no_more_than_it_lets_through():
    assert corridor({3: 0.1}, [3], share=0.5).gain([0], "resistance") == pytest.approx(8)


def test_crossings_in_a_row_over_closed_barriers_help_only_together():
    gains = corridor({2: 0.0, 4: 0.0}, [2, 4])
    assert gains.resistance()[0, 1] == np.inf
    assert gains.gain_of_each() == pytest.approx([0, 0])
    assert gains.gain([0, 1]) == pytest.approx(1 / 5)


def test_a_closed_barrier_has_no_finite_gain_of_resistance():
    with pytest.raises(InvalidGridError, match="'conductance'"):
        corridor({3: 0.0}, [3]).gain([0], "resistance")


def test_each_part_is_measured_for_itself_where_barriers_stay_closed():
    gains = corridor({2: 0.0, 4: 0.0}, [4], sites=(0, 2, 5))
    opened = gains.resistance([0])
    assert opened[1, 2] == pytest.approx(3)
    assert np.isinf(opened[0, 1:]).all()


def test_a_region_is_one_node_throughout():
    gains = corridor({3: 0.5}, [3], sites=(np.array([0, 1]), 5))
    assert gains.resistance()[0, 1] == pytest.approx(3 + 2)
    assert gains.resistance([0])[0, 1] == pytest.approx(4)


def test_a_crossing_between_cells_of_one_region_gives_nothing():
    gains = corridor({3: 0.5}, [3], sites=(np.array([1, 2, 3]), 5))
    assert gains.gain_of_each() == pytest.approx([0])


def test_one_solve_for_each_step_and_each_site_but_one():
    gains = corridor({2: 0.5, 4: 0.5}, [2, 4], sites=(0, 2, 5))
    gains.gain_of_each()
    assert len(gains._nearly_closed.attempts) == 2 + 2


def test_nearly_closed_barriers_keep_their_digits():
    gains = corridor({2: 1e-9, 4: 1e-9}, [2, 4])
    assert gains.resistance()[0, 1] == pytest.approx(3 + 2e9, rel=1e-9)
    assert gains.resistance([0])[0, 1] == pytest.approx(4 + 1e9, rel=1e-9)
    assert gains.resistance([0, 1])[0, 1] == pytest.approx(5, rel=1e-9)


def test_crossings_that_open_the_same_step_open_it_once():
    frame = Frame(1, 6, 0, 1, 1, 1)
    lines = gpd.GeoDataFrame(
        {"barrier_id": ["rail", "fence"], "segment_id": ["all"] * 2},
        geometry=[shapely.LineString([(x, -1), (x, 2)]) for x in (3, 3.2)],
    )
    stencil, permeability = link_cells(np.ones((1, 6))), np.array([0.5, 0.25])
    cuts = cut_steps(lines, frame, permeability)
    table = gpd.GeoDataFrame(
        {
            "crossing_id": ["rail", "rail too", "fence"],
            "barrier_ids": [("rail",), ("rail",), ("fence",)],
            "cost": [1.0] * 3,
        },
        geometry=[shapely.Point(3, 0.5)] * 3,
    )
    placed = place_crossings(table, cuts, stencil, np.array([1.0, 0.8, 1.0]))
    gains = CrossingGains(stencil, cuts, placed, Sites({1: np.array([0]), 2: np.array([5])}))
    assert gains.resistance()[0, 1] == pytest.approx(4 + 8)
    assert gains.resistance([1])[0, 1] == pytest.approx(4 + 5)
    assert gains.resistance([0, 1])[0, 1] == pytest.approx(4 + 4)
    assert gains.resistance([0, 2])[0, 1] == pytest.approx(5)


def test_threads_give_the_same():
    alone = corridor({2: 0.5, 4: 0.1}, [2, 4])
    with ThreadPoolExecutor(2) as executor:
        together = CrossingGains(
            alone.stencil, alone.cuts, alone.crossings, alone.sites, executor=executor
        )
        assert together.gain_of_each().tolist() == alone.gain_of_each().tolist()


def test_multigrid_gives_what_a_factorisation_does():
    by_default = corridor({2: 0.5, 4: 1e-6}, [2, 4])
    by_multigrid = CrossingGains(
        by_default.stencil,
        by_default.cuts,
        by_default.crossings,
        by_default.sites,
        Solving(tolerance=1e-9, solvers=("multigrid",), precise_multigrid=True),
    )
    assert by_multigrid.gain_of_each() == pytest.approx(by_default.gain_of_each(), rel=1e-6)


def test_sites_on_nodata_are_refused():
    with pytest.raises(InvalidGridError, match=r"\[2\] lie on NoData"):
        corridor({3: 0.5}, [3], conductance=np.array([[1.0, 1, 1, 1, 1, np.nan]]))


def test_a_single_site_is_refused():
    with pytest.raises(InvalidGridError, match="at least two"):
        corridor({3: 0.5}, [3], sites=(0,))


def test_crossings_side_by_side_give_far_less_than_the_sum_of_each():
    # two regions side by side, joined by two steps of which a fence leaves a tenth
    frame, stencil = Frame(2, 2, 0, 2, 1, 1), link_cells(np.ones((2, 2)), neighbours=4)
    fence = gpd.GeoDataFrame(
        {"barrier_id": ["fence"], "segment_id": ["all"]},
        geometry=[shapely.LineString([(1, -1), (1, 3)])],
    )
    cuts = cut_steps(fence, frame, np.array([0.1]))
    table = gpd.GeoDataFrame(
        {"crossing_id": ["north", "south"], "barrier_ids": [()] * 2, "cost": [1.0] * 2},
        geometry=[shapely.Point(1, 1.5), shapely.Point(1, 0.5)],
    )
    placed = place_crossings(table, cuts, stencil, np.ones(2))
    regions = Sites({1: np.array([0, 2]), 2: np.array([1, 3])})
    gains = CrossingGains(stencil, cuts, placed, regions)
    assert gains.resistance()[0, 1] == pytest.approx(5)
    assert gains.gain_of_each("resistance") == pytest.approx([5 - 1 / 1.1] * 2)
    assert gains.gain([0, 1], "resistance") == pytest.approx(4.5)


def test_steps_solved_less_closely_give_the_same_gains_of_single_crossings():
    rng = np.random.default_rng(8)
    frame = Frame(40, 40, 0, 40, 1, 1)
    line = gpd.GeoDataFrame(
        {"barrier_id": ["rail"], "segment_id": ["all"]},
        geometry=[shapely.LineString([(20.01, -1), (20.01, 41)])],
    )
    stencil = link_cells(np.exp(rng.normal(0, 1, (40, 40))))
    cuts = cut_steps(line, frame, np.array([0.05]))
    table = crossings_along(line, spacing=8.0)
    placed = place_crossings(table, cuts, stencil, np.full(len(table), 0.8))
    sites = Sites({1: np.array([100, 101]), 2: np.array([1500]), 3: np.array([1590])})
    # multigrid, since what is factorised is exact anyway
    closely = Solving(tolerance=1e-10, precise_multigrid=True, solvers=("multigrid",))
    exact, quick = (
        CrossingGains(stencil, cuts, placed, sites, closely, step_tolerance=tolerance)
        for tolerance in (None, SINGLY)
    )
    assert quick.gain_of_each() == pytest.approx(exact.gain_of_each(), rel=1e-6)
    tried = [sum(one.iterations for one in g._nearly_closed.attempts) for g in (exact, quick)]
    assert tried[1] < tried[0]


def test_a_barrier_that_parts_the_sites_is_solved_closely_all_the_same():
    gains = corridor({2: 0.0, 4: 0.5}, [2, 4])
    loose = CrossingGains(
        gains.stencil, gains.cuts, gains.crossings, gains.sites, step_tolerance=0.5
    )
    assert loose.gain([0, 1]) == pytest.approx(1 / 5)


def test_crossings_out_of_reach_are_told_from_the_others():
    gains = corridor({3: 0.1}, [3])
    table = gpd.GeoDataFrame(
        {
            "crossing_id": ["near", "far", "of another"],
            "barrier_ids": [(), (), ("at 9",)],
            "cost": [1.0, 1.0, 1.0],
        },
        geometry=[shapely.Point(3, 0.5), shapely.Point(0.5, 0.5), shapely.Point(3, 0.5)],
    )
    reached = crossings_in_reach(table, gains.cuts, gains.stencil)
    assert reached.tolist() == [True, False, False]
