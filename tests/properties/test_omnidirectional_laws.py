"""Laws of moving windows that hold on every landscape."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kulan.connectivity.circuits.stencil import STEPS, Stencil, link_cells
from kulan.connectivity.circuits.wired import advanced
from kulan.connectivity.windows.exact import omnidirectional_windows
from kulan.connectivity.windows.sources import WindowRule
from wired_landscapes import DIRECT, MULTIGRID, Landscape, seeds, wired

few = settings(max_examples=settings().max_examples // 4)
radii = st.integers(1, 6)


def strengths_on(land: Landscape, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    strengths = np.where(rng.random(land.shape) < 0.4, rng.uniform(0.1, 3, land.shape), 0.0)
    strengths[0, 0] = 1.0
    return strengths


def flow(grid: Stencil, strengths: np.ndarray, radius: int, solving=MULTIGRID, **options):
    found = omnidirectional_windows(
        grid, strengths, WindowRule(radius, **options), flow_potential=False, solving=solving
    )
    assert found.failures == ()
    return found.current


def only(grid: Stencil, kept: np.ndarray) -> Stencil:
    """The landscape with all cells but some taken out."""
    rows, columns = grid.shape
    kept_ringed = np.pad(kept, 1)
    weights = grid.weights.copy()
    for kind, (down, right) in enumerate(STEPS):
        there = kept_ringed[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        weights[1:-1, kind, 1:-1] *= kept & there
    links = grid.links
    inside = kept.ravel()[links.first] & kept.ravel()[links.second]
    links = type(links)(links.first[inside], links.second[inside], links.conductance[inside])
    return replace(grid, weights=weights, valid=grid.valid & kept, links=links)


def by_hand(grid: Stencil, strengths: np.ndarray, radius: int) -> np.ndarray:
    """Solve the circuit around every target for itself, by the definition."""
    total = np.zeros(grid.shape)
    row, column = np.indices(grid.shape)
    strengths = np.where(grid.valid, strengths, 0.0)
    for i, j in np.argwhere(strengths > 0):
        near = (row - i) ** 2 + (column - j) ** 2 <= radius**2
        sources = np.where(near, strengths, 0.0)
        sources[i, j] = 0.0
        if not sources.any():
            continue
        sources *= strengths[i, j] / sources.sum()
        ground = np.zeros(grid.shape)
        ground[i, j] = np.inf
        total += advanced(only(grid, near), sources, ground, solving=DIRECT).current
    return total


@few
@given(wired(regions=False), seeds, radii, st.sampled_from([DIRECT, MULTIGRID]))
def test_windows_of_single_cells_are_circuits_around_every_target(land, seed, radius, solving):
    """With NoData, barriers, links, both means, and sources that cannot reach their target."""
    grid, strengths = land.grid(), strengths_on(land, seed)
    np.testing.assert_allclose(
        flow(grid, strengths, radius, solving), by_hand(grid, strengths, radius), atol=1e-8
    )


@few
@given(wired(regions=False), seeds, radii, st.sampled_from([np.fliplr, np.flipud]))
def test_a_mirrored_landscape_has_the_mirrored_flow(land, seed, radius, turn):
    bare = land.changed(shapes=(), permeability=np.zeros(0))
    strengths = strengths_on(land, seed)
    grid = link_cells(bare.conductance, neighbours=bare.neighbours, mean=bare.mean)
    turned = link_cells(turn(bare.conductance), neighbours=bare.neighbours, mean=bare.mean)
    np.testing.assert_allclose(
        flow(turned, turn(strengths).copy(), radius),
        turn(flow(grid, strengths, radius)),
        atol=1e-8,
    )


@few
@given(wired(regions=False), seeds, radii, st.floats(0.1, 10))
def test_flow_scales_with_strengths_and_not_with_conductance(land, seed, radius, times):
    grid, strengths = land.grid(), strengths_on(land, seed)
    before = flow(grid, strengths, radius)
    np.testing.assert_allclose(flow(grid, strengths * times, radius), times * before, atol=1e-7)
    links = replace(grid.links, conductance=grid.links.conductance * times)
    denser = replace(grid, weights=grid.weights * times, links=links)
    np.testing.assert_allclose(flow(denser, strengths, radius), before, atol=1e-8)


@few
@given(wired(regions=False), seeds, radii, seeds)
def test_where_no_source_lies_within_reach_nothing_flows(land, seed, radius, other):
    grid, strengths = land.grid(), strengths_on(land, seed)
    assume((strengths > 0).sum() > 1)
    row, column = np.indices(grid.shape)
    reached = np.zeros(grid.shape, bool)
    for i, j in np.argwhere(strengths > 0):
        reached |= (row - i) ** 2 + (column - j) ** 2 <= radius**2
    current = flow(grid, strengths, radius)
    assert not current[~reached].any()
    assert not current[~grid.valid].any()
    # strengths on NoData are no sources
    more = strengths + np.where(grid.valid, 0.0, np.random.default_rng(other).uniform(size=1)[0])
    np.testing.assert_array_equal(flow(grid, more, radius), current)


@few
@given(st.tuples(st.integers(2, 12), st.integers(2, 12)), radii, st.sampled_from([4, 8]))
def test_an_even_landscape_has_no_corridors(shape, radius, neighbours):
    grid = link_cells(np.full(shape, 3.0), neighbours=neighbours)
    found = omnidirectional_windows(grid, np.ones(shape), WindowRule(radius), solving=MULTIGRID)
    assert found.normalised == pytest.approx(np.ones(shape), abs=1e-8)
