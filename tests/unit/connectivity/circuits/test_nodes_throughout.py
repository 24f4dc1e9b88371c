"""Regions that are one node for all pairs."""

import numpy as np

from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.sites import Sites, nodes_throughout
from kulan.connectivity.circuits.stencil import link_cells


def test_points_stay_as_they_are():
    sites = Sites({1: np.array([0]), 2: np.array([3])})
    assert nodes_throughout(sites, link_cells(np.ones((1, 4)))) == (sites, None)


def test_a_region_is_a_short_cut_for_the_others():
    stencil = link_cells(np.ones((1, 6)))
    sites = Sites({1: np.array([0]), 2: np.array([2, 3]), 3: np.array([5])})
    points, polygons = nodes_throughout(sites, stencil)
    found = pairwise(stencil, points, short_circuits=polygons, maps=False)
    assert np.allclose(found.resistance, [[0, 2, 4], [2, 0, 2], [4, 2, 0]])
    assert len(found.attempts) == 2


def test_a_region_is_told_by_a_cell_that_conducts():
    conductance = np.ones((1, 6))
    conductance[0, 2] = 0
    sites = Sites({1: np.array([0]), 2: np.array([2, 3]), 3: np.array([5])})
    points, _ = nodes_throughout(sites, link_cells(conductance))
    assert points.cells[2].tolist() == [3]


def test_regions_that_overlap_are_one_node():
    stencil = link_cells(np.ones((1, 6)))
    sites = Sites({1: np.array([0, 1, 2]), 2: np.array([2, 3]), 3: np.array([5])})
    points, polygons = nodes_throughout(sites, stencil)
    found = pairwise(stencil, points, short_circuits=polygons, maps=False)
    assert np.allclose(found.resistance, [[0, 0, 2], [0, 0, 2], [2, 2, 0]])
