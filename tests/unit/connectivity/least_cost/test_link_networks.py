"""Links between patches, on landscapes whose links can be seen, and betweenness on them."""

import numpy as np
import pandas as pd
import pytest

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.betweenness import betweenness
from kulan.connectivity.least_cost.link_networks import link_patches
from kulan.connectivity.least_cost.metrics import Dispersal, PatchNetwork, path_chances
from kulan.connectivity.least_cost.step_factors import step_factors
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.errors import InvalidGridError


def archipelago(seed=4, size=50, n_patches=7):
    rng = np.random.default_rng(seed)
    resistance = rng.integers(1, 30, (size, size)).astype(float)
    resistance[rng.random((size, size)) < 0.1] = np.nan
    patches = np.zeros((size, size), np.int64)
    for number, (row, column) in enumerate(rng.integers(2, size - 4, (n_patches, 2)), start=1):
        patches[row : row + 3, column : column + 3] = number
    resistance[patches > 0] = 1
    return CostSurface(resistance), patches


def network_of(links, amounts):
    table = pd.DataFrame(links, columns=["first", "second", "cost"])
    return PatchNetwork(pd.Series(amounts, dtype=float), table)


def test_neighbours_in_a_row_are_linked_one_to_the_next():
    patches = np.array([[5, 5, 0, 0, 2, 0, 0, 0, 9]])
    network = link_patches(CostSurface(np.ones((1, 9))), patches)
    assert network.patches.to_numpy().tolist() == [[2, 1], [5, 2], [9, 1]]
    assert network.links[["first", "second", "cost"]].to_numpy().tolist() == [[2, 5, 3], [2, 9, 4]]
    assert [path.cells[:, 1].tolist() for path in network.paths] == [[4, 3, 2, 1], [4, 5, 6, 7, 8]]


def test_all_pairs_tell_which_patches_a_link_crosses():
    patches = np.array([[1, 0, 2, 0, 3]])
    links = link_patches(CostSurface(np.ones((1, 5))), patches, pairs="all").links
    assert links["crosses"].tolist() == [(), (2,), ()]
    assert links["cost"].tolist() == [2, 4, 2]


@pytest.mark.parametrize("pairs", ["neighbours", "all"])
@pytest.mark.parametrize("neighbours", [4, 8])
def test_every_link_is_a_path_from_patch_to_patch_that_costs_what_it_says(pairs, neighbours):
    surface, patches = archipelago()
    surface = CostSurface(surface.resistance, neighbours=neighbours, cell_size=(2.0, 1.0))
    network = link_patches(surface, patches, pairs=pairs)
    assert len(network.paths) == len(network.links) > 3
    for link, path in zip(network.links.itertuples(), network.paths, strict=True):
        a, b = path.cells[:-1], path.cells[1:]
        lengths = np.hypot((b - a)[:, 0] * 2.0, (b - a)[:, 1])
        mean = (surface.resistance[tuple(a.T)] + surface.resistance[tuple(b.T)]) / 2
        ends = patches[tuple(path.cells[0])], patches[tuple(path.cells[-1])]
        assert ends == (link.first, link.second)
        assert (np.abs(b - a).sum(axis=1) <= (1 if neighbours == 4 else 2)).all()
        assert (mean * lengths).sum() == pytest.approx(link.cost)
        assert lengths.sum() == pytest.approx(link.length)


def test_all_pairs_cost_the_least_there_is():
    surface, patches = archipelago()
    for link in link_patches(surface, patches, pairs="all").links.itertuples():
        cost = accumulate_cost(surface, patches == link.first)
        assert link.cost == cost[patches == link.second].min()


def test_threads_find_the_same_links():
    surface, patches = archipelago()
    one = link_patches(surface, patches, pairs="all")
    several = link_patches(CostSurface(surface.resistance), patches, pairs="all", threads=3)
    pd.testing.assert_frame_equal(one.links, several.links)
    for a, b in zip(one.paths, several.paths, strict=True):
        assert (a.cells == b.cells).all()


def test_ways_over_neighbours_are_no_cheaper_than_the_cheapest_and_join_as_much():
    surface, patches = archipelago()
    every = link_patches(surface, patches, pairs="all").links
    near = link_patches(surface, patches).links
    both = near.merge(every, on=["first", "second"], suffixes=("", "_least"))
    assert len(both) == len(near) < len(every)
    assert (both["cost"] >= both["cost_least"] * (1 - 1e-12)).all()
    amounts = pd.Series(1.0, index=np.unique(patches[patches > 0]))
    reached = [
        path_chances(PatchNetwork(amounts, links), Dispersal(50.0)) > 0 for links in (near, every)
    ]
    assert (reached[0] == reached[1]).all()


def test_a_closed_barrier_leaves_no_link_and_a_leaky_one_a_dearer():
    patches = np.array([[1, 0, 2], [1, 0, 2]])
    south = np.ones((1, 3))
    costs = []
    for factor in (1.0, 10.0, np.inf):
        factors = step_factors([[factor, 1.0]] * 2, south)
        links = link_patches(CostSurface(np.ones((2, 3)), factors=factors), patches).links
        costs.append(links["cost"].tolist())
    assert costs == [[2.0], [11.0], []]


def test_dear_links_are_left_out():
    patches = np.array([[1, 0, 2, 0, 0, 0, 3]])
    surface = CostSurface(np.ones((1, 7)))
    for pairs in ("neighbours", "all"):
        links = link_patches(surface, patches, pairs=pairs, max_cost=3.0).links
        assert links[["first", "second"]].to_numpy().tolist() == [[1, 2]]


def test_a_single_patch_has_no_links():
    network = link_patches(CostSurface(np.ones((2, 2))), np.array([[1, 0], [0, 0]]))
    assert network.links.empty
    assert network.paths == ()


def test_an_unknown_choice_of_pairs_is_refused():
    with pytest.raises(InvalidGridError, match='"neighbours" or "all"'):
        link_patches(CostSurface(np.ones((1, 2))), np.array([[1, 2]]), pairs="some")


def test_equally_cheap_ways_count_in_part():
    # a square: from corner to corner there are two ways
    square = network_of([(1, 2, 1), (2, 3, 1), (3, 4, 1), (4, 1, 1)], dict.fromkeys(range(1, 5), 1))
    found = betweenness(square)
    assert found.patches.tolist() == [0.5] * 4
    assert found.links.tolist() == [2.0] * 4


def test_costs_that_differ_by_rounding_alone_are_equal():
    links = [(1, 2, 0.1), (2, 3, 0.2), (1, 3, 0.3)]
    found = betweenness(network_of(links, dict.fromkeys(range(1, 4), 1)))
    assert found.patches[2] == 0.5


def test_flow_weighs_pairs_by_amounts_and_chance():
    row = network_of([("a", "b", 10), ("b", "c", 10)], {"a": 2.0, "b": 5.0, "c": 3.0})
    found = betweenness(row, Dispersal(10.0))
    assert found.patches["b"] == pytest.approx(2 * 3 * 0.25)
    assert found.links.tolist() == pytest.approx([2 * 5 * 0.5 + 1.5, 5 * 3 * 0.5 + 1.5])


def test_betweenness_is_that_of_networkx():
    networkx = pytest.importorskip("networkx", reason="networkx is not installed")
    rng = np.random.default_rng(1)
    pairs = sorted(
        {tuple(sorted(pair)) for pair in rng.integers(0, 25, (70, 2)) if pair[0] != pair[1]}
    )
    links = [(a, b, float(rng.integers(1, 6))) for a, b in pairs]
    theirs = networkx.Graph()
    theirs.add_nodes_from(range(25))
    theirs.add_weighted_edges_from(links)

    found = betweenness(network_of(links, dict.fromkeys(range(25), 1)))

    nodes = networkx.betweenness_centrality(theirs, weight="weight", normalized=False)
    edges = networkx.edge_betweenness_centrality(theirs, weight="weight", normalized=False)
    assert found.patches.to_dict() == pytest.approx(nodes)
    assert found.links.tolist() == pytest.approx(
        [edges.get((a, b), edges.get((b, a))) for a, b, _ in links]
    )
