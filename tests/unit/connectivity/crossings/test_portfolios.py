"""Which crossings to build together, under a number or a budget."""

from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.cuts import cut_steps
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.crossings.gains import CrossingGains
from kulan.connectivity.crossings.places import crossings_along, place_crossings
from kulan.connectivity.crossings.portfolios import best_portfolio, building_order
from kulan.connectivity.frames import Frame
from kulan.errors import InvalidGridError

N = 16


def landscape(permeability=0.02, costs=None, seed=4):
    """Make two railways across a square of sixteen cells, four candidates on each."""
    rng = np.random.default_rng(seed)
    stencil = link_cells(np.exp(rng.normal(0, 1, (N, N))))
    lines = gpd.GeoDataFrame(
        {"barrier_id": ["north", "south"], "segment_id": ["all"] * 2},
        geometry=[shapely.LineString([(0.01, y), (N - 0.01, y)]) for y in (10.2, 5.7)],
    )
    cuts = cut_steps(lines, Frame(N, N, 0, N, 1, 1), np.full(2, permeability))
    table = crossings_along(lines, spacing=4)
    table["cost"] = np.nan if costs is None else costs
    placed = place_crossings(table, cuts, stencil, np.full(len(table), 0.9))
    cells = {1: 2 * N + 3, 2: 3 * N + 12, 3: 14 * N + 7}
    return CrossingGains(
        stencil, cuts, placed, Sites({site: np.array([cell]) for site, cell in cells.items()})
    )


def best_by_hand(gains, sets):
    return max(sets, key=gains.gain)


def test_the_best_three_of_eight_are_found_by_comparing_every_set():
    gains = landscape()
    found = best_portfolio(gains, most=3)
    best = best_by_hand(gains, list(combinations(range(8), 3)))
    assert found.names == tuple(gains.crossings.names[k] for k in best)
    assert found.gain == pytest.approx(gains.gain(best))
    assert found.method == "every set compared"
    assert np.isnan(found.cost)


def test_a_budget_is_kept_and_used_as_well_as_it_can_be():
    costs = np.array([3.0, 1, 2, 5, 2, 4, 1, 3])
    gains = landscape(costs=costs)
    found = best_portfolio(gains, budget=6)
    sets = [s for n in range(9) for s in combinations(range(8), n) if costs[list(s)].sum() <= 6]
    assert found.gain == pytest.approx(gains.gain(best_by_hand(gains, sets)))
    assert found.cost <= 6


def test_greedy_and_exchanges_say_so_and_no_exchange_is_better():
    gains = landscape(permeability=0.0)
    found = best_portfolio(gains, most=4, most_compared=5)
    assert found.method == "greedy, then exchanges"
    chosen = {gains.crossings.names.index(name) for name in found.names}
    others = set(range(8)) - chosen
    exchanged = [gains.gain(sorted(chosen - {a} | {b})) for a in chosen for b in others]
    assert max(exchanged) <= found.gain * (1 + 1e-9)


def test_greedy_under_a_budget_keeps_it():
    gains = landscape(costs=np.array([3.0, 1, 2, 5, 2, 4, 1, 3]))
    found = best_portfolio(gains, budget=7, most_compared=3)
    exact = best_portfolio(gains, budget=7)
    assert found.cost <= 7
    assert 0.9 * exact.gain <= found.gain <= exact.gain * (1 + 1e-9)


def test_what_each_adds_last_and_alone_is_told():
    gains = landscape()
    found = best_portfolio(gains, most=2)
    a, b = (gains.crossings.names.index(name) for name in found.names)
    assert found.last == pytest.approx([found.gain - gains.gain([b]), found.gain - gains.gain([a])])
    assert found.sum_of_single_gains == pytest.approx(gains.gain([a]) + gains.gain([b]))


def test_a_crossing_that_adds_nothing_is_left_out():
    # all sites north of the southern railway and one candidate of no effect on a closed line
    gains = landscape(permeability=0.0)
    north = Sites({1: np.array([2 * N + 3]), 2: np.array([8 * N + 12])})
    gains = CrossingGains(gains.stencil, gains.cuts, gains.crossings, north)
    found = best_portfolio(gains, most=5)
    assert len(found.names) == 4
    assert all(name.startswith("north/") for name in found.names)


def test_no_limit_is_refused():
    with pytest.raises(InvalidGridError, match="neither a number nor a budget"):
        best_portfolio(landscape())


def test_a_budget_needs_costs():
    with pytest.raises(InvalidGridError, match="'north/all/1' has no cost"):
        best_portfolio(landscape(), budget=3)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"most": 0}, "at least one"),
        ({"budget": -1}, "cannot be kept"),
        ({"budget": np.nan}, "cannot be kept"),
        ({"budget": 0.5}, "the cheapest costs 1"),
    ],
)
def test_limits_under_which_nothing_can_be_built_are_refused(limits, words):
    with pytest.raises(InvalidGridError, match=words):
        best_portfolio(landscape(costs=np.ones(8)), **limits)


def test_an_order_of_building_takes_the_largest_step_each_time():
    gains = landscape()
    names = best_portfolio(gains, most=3).names
    order = building_order(gains, names)
    assert sorted(order.names) == sorted(names)
    first, second, third = (gains.crossings.names.index(name) for name in order.names)
    assert gains.gain([first]) == max(order.alone)
    assert gains.gain([first, second]) >= gains.gain([first, third])
    assert order.together == pytest.approx(
        [gains.gain([first]), gains.gain([first, second]), gains.gain([first, second, third])]
    )
