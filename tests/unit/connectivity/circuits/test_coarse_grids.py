"""Coarse grids against the matrices they stand for, and parts against a search of a graph."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kulan.connectivity.circuits.coarsening import galerkin_weights, interpolation_shares
from kulan.connectivity.circuits.stencil import (
    STEPS,
    Links,
    Stencil,
    components,
    link_cells,
    links_of,
)

SHAPES = [(1, 9), (9, 1), (2, 2), (3, 4), (4, 3), (8, 8), (9, 9), (12, 15)]


def _nodal_matrix(weights: NDArray[np.float64], shift: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, columns = weights.shape[0] - 2, weights.shape[2] - 2
    matrix = np.diag(shift[1:-1, 1:-1].ravel())
    for i in range(rows):
        for j in range(columns):
            for k, (down, right) in enumerate(STEPS):
                value = weights[i + 1, k, j + 1]
                if value != 0.0:
                    ends = [i * columns + j, (i + down) * columns + j + right]
                    matrix[np.ix_(ends, ends)] += value * np.array([[1, -1], [-1, 1]])
    return matrix


def _interpolation(shares: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.float64]:
    coarse = [(i, j) for i in range((rows + 1) // 2) for j in range((columns + 1) // 2)]
    matrix = np.zeros((rows * columns, len(coarse)))
    for column, (i, j) in enumerate(coarse):
        for k in range(9):
            row, beside = 2 * i + k // 3 - 1, 2 * j + k % 3 - 1
            if 0 <= row < rows and 0 <= beside < columns:
                matrix[row * columns + beside, column] = shares[i + 1, k, j + 1]
    return matrix


def _landscape(shape: tuple[int, int]) -> tuple[Stencil, np.random.Generator]:
    rng = np.random.default_rng(shape[0] * 100 + shape[1])
    conductance = 10 ** rng.uniform(-3, 0, shape)
    conductance[rng.random(shape) < 0.2] = np.nan
    conductance[0, 0] = 1.0
    return link_cells(conductance), rng


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("grounded", [False, True])
def test_coarse_conductances_are_the_product_of_the_three_matrices(
    shape: tuple[int, int], grounded: bool
) -> None:
    (rows, columns), (stencil, rng) = shape, _landscape(shape)
    ground = np.zeros((rows + 2, columns + 2))
    if grounded:
        ground[1:-1, 1:-1] = np.where(rng.random(shape) < 0.4, 10 ** rng.uniform(-3, 3, shape), 0)
    shift = ground if grounded else np.zeros((1, 1))
    size = (rows + 1) // 2, (columns + 1) // 2
    shares = np.zeros((size[0] + 2, 9, size[1] + 2))
    interpolation_shares(stencil.weights, shift, shares)
    coarse = np.zeros((size[0] + 2, 4, size[1] + 2))
    galerkin_weights(stencil.weights, shift, shares, coarse)
    spread = _interpolation(shares, rows, columns)
    expected = spread.T @ _nodal_matrix(stencil.weights, ground) @ spread
    found = _nodal_matrix(coarse, np.zeros((size[0] + 2, size[1] + 2)))
    links = ~np.eye(len(expected), dtype=bool)
    np.testing.assert_allclose(found[links], expected[links], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_without_grounds_the_shares_of_every_fine_cell_add_up_to_one(
    shape: tuple[int, int],
) -> None:
    stencil, _ = _landscape(shape)
    shares = np.zeros(((shape[0] + 1) // 2 + 2, 9, (shape[1] + 1) // 2 + 2))
    interpolation_shares(stencil.weights, np.zeros((1, 1)), shares)
    np.testing.assert_allclose(_interpolation(shares, *shape).sum(axis=1), 1.0, rtol=1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_parts_are_those_of_a_graph_whatever_links_are_cut_bridged_or_merged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 14, 2))
    conductance = (rng.random(shape) < rng.uniform(0.3, 1)).astype(float)
    conductance.flat[rng.integers(conductance.size)] = 1.0
    cells = np.flatnonzero(conductance)
    extra = Links(*rng.choice(cells, (2, 3)), np.ones(3))
    stencil = link_cells(conductance, neighbours=8 if seed % 2 else 4, links=extra)
    stencil.weights[rng.random(stencil.weights.shape) < rng.uniform(0, 0.8)] = 0.0
    merged = np.where(rng.random(shape) < 0.2, rng.integers(1, 4, shape), 0)

    links, group = links_of(stencil), merged.ravel()
    chains = [np.flatnonzero(group == number) for number in (1, 2, 3)]
    first = np.concatenate([links.first, *(chain[:-1] for chain in chains)])
    second = np.concatenate([links.second, *(chain[1:] for chain in chains)])
    graph = coo_array((np.ones(first.size), (first, second)), (group.size, group.size))
    label = connected_components(graph, directed=False)[1]

    part = components(stencil, merged).ravel()
    present = stencil.valid.ravel() | (group > 0)
    assert (part[~present] == 0).all()
    _, in_order = np.unique(part[present], return_index=True)
    assert (part[present][in_order] == np.arange(1, in_order.size + 1)).all()
    same = label[present][:, None] == label[present]
    assert ((part[present][:, None] == part[present]) == same).all()


def test_a_landscape_stored_column_by_column_is_linked_as_any_other() -> None:
    conductance = np.random.default_rng(5).uniform(0.1, 1, (6, 9))
    rows_first, columns_first = link_cells(conductance), link_cells(np.asfortranarray(conductance))
    assert (columns_first.weights == rows_first.weights).all()
    # whole rows at a time are read of it, and compiled code is made for one order
    assert columns_first.valid.flags.c_contiguous
