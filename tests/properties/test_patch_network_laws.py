"""Laws of PC, ECA, ProtConn and betweenness that hold on every network of patches."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from kulan.connectivity.least_cost.betweenness import betweenness
from kulan.connectivity.least_cost.metrics import (
    Dispersal,
    PatchNetwork,
    connectedness,
    link_importance,
    patch_importance,
)
from kulan.connectivity.least_cost.protected_connected import protected_connected


@st.composite
def networks(draw):
    """Patches from none of size to large, links near, far, of no cost, missing and repeated."""
    n, n_links = draw(st.integers(1, 9)), draw(st.integers(0, 16))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    amounts = rng.uniform(0, 9, n) * (rng.random(n) < 0.9)
    amounts[0] = 1.0
    costs = rng.choice([0.0, 1.0, 5.0, np.inf], n_links) * rng.uniform(0.5, 2, n_links)
    links = pd.DataFrame(rng.integers(0, n, (n_links, 2)), columns=["first", "second"])
    return PatchNetwork(pd.Series(amounts), links.assign(cost=costs))


dispersals = st.builds(Dispersal, st.floats(0.1, 50.0), st.sampled_from([0.05, 0.5, 0.9]))
numbers = st.integers(0, 10**6)


def eca(network: PatchNetwork, dispersal: Dispersal) -> float:
    return connectedness(network, dispersal, landscape=1000.0).eca


@given(networks(), dispersals)
def test_equivalent_area_lies_between_patches_apart_and_all_in_one(network, dispersal):
    measured = connectedness(network, dispersal, landscape=1000.0)
    apart = np.sqrt((network.amounts**2).sum())
    assert apart * (1 - 1e-12) <= measured.eca <= measured.habitat * (1 + 1e-12)
    assert measured.eca >= network.amounts.max() * (1 - 1e-12)
    assert measured.pc == pytest.approx((measured.eca / 1000) ** 2)


@given(networks(), dispersals, numbers, numbers, st.floats(0, 20))
def test_a_link_more_never_connects_less(network, dispersal, a, b, cost):
    n = len(network.amounts)
    link = pd.DataFrame({"first": [a % n], "second": [b % n], "cost": [cost]})
    links = pd.concat([network.links, link], ignore_index=True)
    more = PatchNetwork(network.amounts, links)
    assert eca(more, dispersal) >= eca(network, dispersal) * (1 - 1e-12)


@given(networks(), dispersals, st.floats(1, 10))
def test_farther_dispersal_never_connects_less(network, dispersal, times):
    farther = Dispersal(dispersal.cost * times, dispersal.probability)
    assert eca(network, farther) >= eca(network, dispersal) * (1 - 1e-12)


@given(networks(), dispersals, st.floats(0.1, 10))
def test_equivalent_area_does_not_depend_on_the_units_of_cost_and_scales_with_area(
    network, dispersal, times
):
    links = network.links.assign(cost=network.links["cost"] * times)
    other_unit = PatchNetwork(network.amounts, links)
    dispersal_there = Dispersal(dispersal.cost * times, dispersal.probability)
    assert eca(other_unit, dispersal_there) == pytest.approx(eca(network, dispersal))
    larger = PatchNetwork(network.amounts * times, network.links)
    assert eca(larger, dispersal) == pytest.approx(times * eca(network, dispersal))


@given(networks(), dispersals, numbers, st.floats(0, 1))
def test_a_patch_drawn_as_two_that_touch_changes_nothing(network, dispersal, number, share):
    patch = number % len(network.amounts)
    amounts = network.amounts.copy()
    amounts["rest"] = amounts[patch] * (1 - share)
    amounts[patch] *= share
    link = pd.DataFrame({"first": [patch], "second": ["rest"], "cost": [0.0]})
    links = pd.concat([network.links.astype(object), link], ignore_index=True)
    split = PatchNetwork(amounts, links.assign(cost=links["cost"].astype(float)))
    assert eca(split, dispersal) == pytest.approx(eca(network, dispersal))


@given(networks(), dispersals)
def test_what_a_patch_or_link_adds_is_what_is_lost_without_it(network, dispersal):
    whole = eca(network, dispersal) ** 2
    parts = patch_importance(network, dispersal)
    assert (parts[["intra", "flux", "connector"]] >= 0).all(axis=None)
    if len(network.amounts) > 1:
        for patch in network.amounts.index:
            left = eca(network.without_patch(patch), dispersal) ** 2
            assert parts.loc[patch, "dpc"] == pytest.approx(100 * (1 - left / whole), abs=1e-8)
    links = link_importance(network, dispersal)
    for link in network.links.index:
        left = eca(PatchNetwork(network.amounts, network.links.drop(link)), dispersal) ** 2
        assert links[link] == pytest.approx(100 * (1 - left / whole), abs=1e-8)


@given(networks(), dispersals, st.sets(st.integers(1, 8)))
def test_protconn_parts_a_hundred_and_is_the_equivalent_area_of_what_lies_inside(
    network, dispersal, outside
):
    abroad = [patch for patch in outside if patch in network.amounts.index]
    measured = protected_connected(network, dispersal, region=500.0, outside=abroad)
    parts = [measured.within, measured.contiguous, measured.unprotected, measured.transboundary]
    assert min(parts) >= 0
    assert sum(parts) == pytest.approx(100)
    inside = network.amounts.copy()
    inside[abroad] = 0.0
    area = eca(PatchNetwork(inside, network.links), dispersal)
    assert measured.protconn == pytest.approx(100 * area / 500)
    assert measured.prot == pytest.approx(100 * inside.sum() / 500)
    assert 0 < measured.protconn <= measured.prot * (1 + 1e-12)
    assert measured.protunconn == pytest.approx(measured.prot - measured.protconn)
    farther = Dispersal(dispersal.cost * 2, dispersal.probability)
    again = protected_connected(network, farther, region=500.0, outside=abroad)
    assert again.protconn >= measured.protconn * (1 - 1e-12)


def simple_ways(network: PatchNetwork, start: int, end: int) -> list[tuple[float, list, list]]:
    """List all ways without a circle: their cost, the patches between, and the links."""
    links = list(zip(network.links.index, *network.links.to_numpy().T, strict=True))
    found, waiting = [], [(start, 0.0, [start], [])]
    while waiting:
        here, cost, patches, taken = waiting.pop()
        if here == end:
            found.append((cost, patches[1:-1], taken))
            continue
        for link, first, second, step in links:
            for a, b in ((first, second), (second, first)):
                if a == here and b not in patches and np.isfinite(step):
                    waiting.append((int(b), cost + step, [*patches, int(b)], [*taken, link]))
    return found


@given(st.integers(2, 5), st.integers(0, 7), st.integers(0, 2**32 - 1), st.booleans())
def test_betweenness_is_the_count_over_all_best_ways(n, n_links, seed, weighted):
    rng = np.random.default_rng(seed)
    links = pd.DataFrame(rng.integers(0, n, (n_links, 2)), columns=["first", "second"])
    amounts = pd.Series(rng.uniform(0.5, 4, n))
    network = PatchNetwork(amounts, links.assign(cost=rng.choice([1.0, 2.0, 3.0], n_links)))
    dispersal = Dispersal(2.0)
    patches, on_links = np.zeros(n), np.zeros(n_links)
    for a in range(n):
        for b in range(a + 1, n):
            ways = simple_ways(network, a, b)
            best = [way for way in ways if way[0] == min(way[0] for way in ways)]
            for cost, between, taken in best:
                share = 1 / len(best)
                if weighted:
                    share *= amounts[a] * amounts[b] * 0.5 ** (cost / 2)
                patches[between] += share
                on_links[taken] += share
    found = betweenness(network, dispersal if weighted else None)
    np.testing.assert_allclose(found.patches, patches, atol=1e-12)
    np.testing.assert_allclose(found.links, on_links, atol=1e-12)


@given(networks())
def test_ways_counted_on_links_cost_together_what_all_pairs_do(network):
    """However equally cheap ways share, the cost of all of them is that of all pairs."""
    found = betweenness(network)
    finite = np.isfinite(network.links["cost"])
    on_links = (found.links * network.links["cost"])[finite].sum()
    between = dijkstra(network.graph(), directed=False)
    apart = between[np.triu_indices_from(between, 1)]
    assert on_links == pytest.approx(apart[np.isfinite(apart)].sum())
    assert (found.patches >= 0).all()
    assert not found.links[~finite].any()
