"""PC, ECA, their parts, and ProtConn, on networks small enough to work out by hand."""

import numpy as np
import pandas as pd
import pytest

from kulan.connectivity.least_cost.metrics import (
    Dispersal,
    PatchNetwork,
    connectedness,
    link_importance,
    patch_importance,
    path_chances,
)
from kulan.connectivity.least_cost.protected_connected import protected_connected
from kulan.errors import InvalidTableError

HALF_AT_10 = Dispersal(10.0)


def network_of(links, amounts):
    table = pd.DataFrame(links, columns=["first", "second", "cost"])
    return PatchNetwork(pd.Series(amounts, dtype=float), table)


def row():
    """Three patches in a row; each link has a chance of one half."""
    return network_of([("a", "b", 10.0), ("b", "c", 10.0)], {"a": 2.0, "b": 1.0, "c": 4.0})


def chance_network(seed=0, n=12):
    rng = np.random.default_rng(seed)
    links = [
        (int(a), int(b), c)
        for (a, b), c in zip(rng.integers(0, n, (22, 2)), rng.uniform(0, 30, 22), strict=True)
    ]
    return network_of(links, {k: float(v) for k, v in enumerate(rng.uniform(0, 9, n))})


def numerator(network, dispersal=HALF_AT_10):
    amounts = network.amounts.to_numpy()
    return amounts @ path_chances(network, dispersal) @ amounts


def test_one_patch_alone_has_its_own_size_as_equivalent_area():
    measured = connectedness(network_of([], {"a": 5.0}), HALF_AT_10, landscape=20.0)
    assert (measured.pc, measured.eca, measured.habitat) == (25 / 400, 5.0, 5.0)


def test_the_double_sum_takes_the_best_way_between_every_two_patches():
    # 4 + 1 + 16 within; 2*1, 1*4 at 1/2 and 2*4 at 1/4, each both ways
    measured = connectedness(row(), HALF_AT_10, landscape=10.0)
    assert measured.pc == pytest.approx((21 + 2 * (1 + 2 + 2)) / 100)
    assert measured.eca == pytest.approx(np.sqrt(31))


def test_patches_without_cost_between_them_are_one():
    joined = network_of([("a", "b", 0.0)], {"a": 3.0, "b": 4.0})
    assert connectedness(joined, HALF_AT_10, landscape=7.0).eca == pytest.approx(7)


def test_patches_without_a_link_are_apart():
    apart = network_of([("a", "b", np.inf)], {"a": 3.0, "b": 4.0})
    assert connectedness(apart, HALF_AT_10, landscape=7.0).eca == pytest.approx(5)


def test_of_several_links_the_cheapest_counts():
    several = network_of(
        [("a", "b", 40.0), ("b", "a", 10.0), ("a", "a", 1.0)], {"a": 1.0, "b": 1.0}
    )
    assert path_chances(several, HALF_AT_10)[0, 1] == pytest.approx(0.5)


def test_what_a_patch_adds_parts_into_inside_flux_and_connector():
    parts = patch_importance(row(), HALF_AT_10)
    # without b nothing joins a and c: 2 * 2 * 4 / 4 is lost beside b's own
    assert parts.loc["b", ["intra", "flux", "connector"]].tolist() == pytest.approx(
        [100 / 31, 600 / 31, 400 / 31]
    )
    assert parts["connector"].tolist()[::2] == [0, 0]
    assert parts.loc["b", "dpc"] == pytest.approx(1100 / 31)


@pytest.mark.parametrize("seed", range(4))
def test_what_a_patch_adds_is_what_is_lost_without_it(seed):
    network = chance_network(seed)
    whole = numerator(network)
    parts = patch_importance(network, HALF_AT_10)
    for patch in network.amounts.index:
        left = numerator(network.without_patch(patch))
        assert parts.loc[patch, "dpc"] == pytest.approx(100 * (1 - left / whole), abs=1e-9)
        assert parts.loc[patch, "deca"] == pytest.approx(
            100 * (1 - np.sqrt(left / whole)), abs=1e-9
        )


@pytest.mark.parametrize("seed", range(4))
def test_what_a_link_adds_is_what_is_lost_without_it(seed):
    network = chance_network(seed)
    whole = numerator(network)
    added = link_importance(network, HALF_AT_10)
    for link in network.links.index:
        left = numerator(PatchNetwork(network.amounts, network.links.drop(link)))
        assert added[link] == pytest.approx(100 * (1 - left / whole), abs=1e-9)


def test_chance_falls_as_the_dispersal_says():
    assert Dispersal(300.0, 0.05).chance(np.array([0.0, 300.0, 600.0, np.inf])) == pytest.approx(
        [1, 0.05, 0.0025, 0]
    )


def test_protconn_is_the_equivalent_area_in_percent_of_the_region():
    measured = protected_connected(row(), HALF_AT_10, region=50.0)
    assert measured.prot == pytest.approx(14)
    assert measured.protconn == pytest.approx(2 * np.sqrt(31))
    assert measured.protunconn == pytest.approx(measured.prot - measured.protconn)
    assert measured.relconn == pytest.approx(100 * np.sqrt(31) / 7)
    assert measured.within == pytest.approx(100 * 21 / 31)
    assert measured.unprotected == pytest.approx(100 * 10 / 31)
    assert measured.contiguous == measured.transboundary == 0


def test_areas_that_touch_are_reached_without_leaving_protected_land():
    network = network_of([("a", "b", 0.0), ("b", "c", 10.0)], {"a": 2.0, "b": 1.0, "c": 4.0})
    measured = protected_connected(network, HALF_AT_10, region=50.0)
    whole = 21 + 2 * (2 + 2 + 4)
    assert measured.contiguous == pytest.approx(100 * 4 / whole)
    assert measured.unprotected == pytest.approx(100 * 12 / whole)


def test_an_area_outside_counts_nothing_but_leads_on():
    measured = protected_connected(row(), HALF_AT_10, region=50.0, outside=["b"])
    assert measured.prot == pytest.approx(12)
    assert measured.protconn == pytest.approx(2 * np.sqrt(20 + 4))
    assert measured.transboundary == pytest.approx(100 * 4 / 24)
    assert measured.unprotected == pytest.approx(0)


@pytest.mark.parametrize("seed", range(6))
def test_the_parts_of_protconn_add_up_to_a_hundred(seed):
    network = chance_network(seed)
    measured = protected_connected(network, HALF_AT_10, region=900.0, outside=[0, 3])
    parts = (measured.within, measured.contiguous, measured.unprotected, measured.transboundary)
    assert sum(parts) == pytest.approx(100)
    assert min(parts) >= 0
    assert 0 < measured.protconn <= measured.prot


@pytest.mark.parametrize(
    ("links", "amounts", "what"),
    [
        ([], {}, "there is none"),
        ([], {"a": -1.0}, "negative"),
        ([("a", "z", 1.0)], {"a": 1.0}, "'z' is not among"),
        ([("a", "b", -1.0)], {"a": 1.0, "b": 1.0}, "a cost is negative"),
        ([("a", "b", np.nan)], {"a": 1.0, "b": 1.0}, "or missing"),
    ],
)
def test_networks_that_mean_nothing_are_refused(links, amounts, what):
    with pytest.raises(InvalidTableError, match=what):
        network_of(links, amounts)


def test_measures_that_mean_nothing_are_refused():
    with pytest.raises(InvalidTableError, match="no column"):
        PatchNetwork(pd.Series({"a": 1.0}), pd.DataFrame({"first": [], "second": []}))
    with pytest.raises(InvalidTableError, match="dispersal"):
        Dispersal(10.0, 1.0)
    with pytest.raises(InvalidTableError, match="landscape"):
        connectedness(row(), HALF_AT_10, landscape=6.0)
    with pytest.raises(InvalidTableError, match="no habitat"):
        patch_importance(network_of([], {"a": 0.0}), HALF_AT_10)
    with pytest.raises(InvalidTableError, match="region"):
        protected_connected(row(), HALF_AT_10, region=6.0)
    with pytest.raises(InvalidTableError, match="nothing can be said"):
        protected_connected(row(), HALF_AT_10, region=50.0, outside=["a", "b", "c"])
    with pytest.raises(InvalidTableError, match="'x' is not among"):
        protected_connected(row(), HALF_AT_10, region=50.0, outside=["x"])
