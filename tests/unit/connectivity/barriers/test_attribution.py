"""Sharing out a joint loss among barriers."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import geopandas as gpd
import numpy as np
import pytest
import shapely

from kulan.connectivity.barriers.attribution import attribute, connectivity_loss
from kulan.connectivity.barriers.cuts import cut_steps
from kulan.connectivity.circuits.sites import sites_from_list
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.frames import Frame
from kulan.errors import InvalidGridError, UnknownNameError


def airport(present):
    """Loss of the largest: barrier k costs k, and the largest present sets the loss."""
    return max((float(name) for name in present), default=0.0)


def airport_shares(n):
    """Shapley value of the airport game in closed form."""
    return np.cumsum([1 / (n - k) for k in range(n)])


def landscape(permeabilities):
    """A corridor of six cells with a barrier after each cell that has a permeability."""
    frame = Frame(1, 6, 0, 1, 1, 1)
    table = gpd.GeoDataFrame(
        {
            "barrier_id": [f"barrier {k}" for k in range(len(permeabilities))],
            "segment_id": ["all"] * len(permeabilities),
        },
        geometry=[
            shapely.LineString([(k + 1, -1), (k + 1, 2)]) for k in range(len(permeabilities))
        ],
    )
    cuts = cut_steps(table, frame, np.array(permeabilities))
    return link_cells(np.ones((1, 6))), cuts, sites_from_list(np.array([1, 2]), np.array([0, 5]))


def test_exact_shares_are_those_of_the_airport_game_in_closed_form():
    shares = attribute(airport, [str(k) for k in range(1, 11)])
    assert shares.shapley == pytest.approx(airport_shares(10))
    assert shares.shapley.sum() == pytest.approx(shares.total) == 10
    assert shares.n_orders == 0
    assert not shares.standard_error.any()


def test_drawn_shares_lie_within_their_standard_errors_and_sum_to_the_total():
    shares = attribute(airport, [str(k) for k in range(1, 12)], n_orders=400, seed=3)
    off = (shares.shapley - airport_shares(11)) / shares.standard_error
    assert np.abs(off).max() < 4
    assert np.sqrt((off**2).mean()) < 1.8
    assert shares.shapley.sum() == pytest.approx(11)
    assert shares.n_orders == 400
    assert shares.alone.tolist() == list(range(1, 12))
    assert shares.last.tolist() == [0] * 10 + [1]


def test_the_same_seed_draws_the_same_orders():
    names = [str(k) for k in range(1, 12)]
    first, again, other = (attribute(airport, names, n_orders=20, seed=s) for s in (1, 1, 2))
    assert first.shapley.tolist() == again.shapley.tolist() != other.shapley.tolist()


def test_barriers_in_a_row_add_resistance_independently():
    stencil, cuts, sites = landscape([0.5, 0.25])
    loss = connectivity_loss(stencil, cuts, sites, measure="resistance")
    shares = attribute(loss, cuts.barriers)
    for values in (shares.alone, shares.last, shares.shapley):
        assert values == pytest.approx([1, 3])


def test_either_of_two_closed_barriers_takes_all_so_they_share_and_neither_helps_alone():
    stencil, cuts, sites = landscape([0.0, 0.0])
    shares = attribute(connectivity_loss(stencil, cuts, sites), cuts.barriers)
    assert shares.total == pytest.approx(1 / 5)
    assert shares.alone == pytest.approx([1 / 5, 1 / 5])
    assert shares.last == pytest.approx([0, 0])
    assert shares.shapley == pytest.approx([1 / 10, 1 / 10])


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, partial(ProcessPoolExecutor)])
def test_subsets_computed_side_by_side_give_the_same(pool):
    stencil, cuts, sites = landscape([0.5, 0.25])
    loss = connectivity_loss(stencil, cuts, sites)
    with pool(max_workers=2) as executor:
        together = attribute(loss, cuts.barriers, executor=executor)
    assert together.shapley.tolist() == attribute(loss, cuts.barriers).shapley.tolist()


def test_an_infinite_loss_cannot_be_shared_and_the_remedy_is_named():
    stencil, cuts, sites = landscape([0.0])
    loss = connectivity_loss(stencil, cuts, sites, measure="resistance")
    with pytest.raises(InvalidGridError, match=r"barrier 0: the loss is inf.*'conductance'"):
        attribute(loss, cuts.barriers)


@pytest.mark.parametrize("names", [[], ["1", "1"]])
def test_names_that_are_none_or_twice_are_refused(names):
    with pytest.raises(UnknownNameError, match="each once"):
        attribute(airport, names)


def test_one_order_has_no_standard_error():
    with pytest.raises(InvalidGridError, match="at least 2"):
        attribute(airport, [str(k) for k in range(1, 12)], n_orders=1)


def test_fewer_barriers_can_be_drawn_too():
    names = [str(k) for k in range(1, 6)]
    drawn = attribute(airport, names, most_exact=3, n_orders=50, seed=1)
    assert drawn.n_orders == 50
    assert drawn.shapley.sum() == pytest.approx(5)
    assert drawn.standard_error.any()
    assert attribute(airport, names, most_exact=5).n_orders == 0


def test_a_region_is_one_node_throughout():
    stencil, cuts, _ = landscape([1.0, 1.0, 0.5])
    # the middle region lies between the others, and joins its two cells for them too
    sites = sites_from_list(np.array([1, 2, 2, 3]), np.array([0, 1, 2, 5]))
    loss = connectivity_loss(stencil, cuts, sites)
    # pairs: 1 ohm, 3 ohm, and past the region 4 ohm; the third barrier adds 1 ohm to two of them
    assert loss(frozenset(cuts.barriers)) == pytest.approx(((1 / 3 - 1 / 4) + (1 / 4 - 1 / 5)) / 3)
