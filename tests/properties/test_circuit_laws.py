"""Laws of circuits that hold on every landscape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kulan.connectivity.circuits import multigrid
from kulan.connectivity.circuits.networks import network_of, network_pairwise
from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.results import PairMap
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Links, Stencil, link_cells, links_of
from kulan.connectivity.circuits.wired import advanced

# a landscape is a large example; fewer of them say as much
few = settings(max_examples=settings().max_examples * 2 // 5)
DIRECT = Solving(solvers=("direct",))
MULTIGRID = Solving(tolerance=1e-11, solvers=("multigrid",))


@pytest.fixture(autouse=True)
def _several_grids(monkeypatch):
    """Small landscapes, too, go through several grids of the multigrid."""
    monkeypatch.setattr(multigrid, "DIRECT_UNKNOWNS", 12)


@st.composite
def landscapes(draw, largest=14):
    """Conductances over six decades, a part of them NoData, and how cells are linked."""
    rows, columns = draw(st.integers(2, largest)), draw(st.integers(3, largest))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    decades = draw(st.sampled_from([0.0, 1.0, 3.0]))
    conductance = 10 ** rng.uniform(-decades, decades, (rows, columns))
    conductance[rng.random((rows, columns)) < draw(st.sampled_from([0.0, 0.15, 0.35]))] = np.nan
    conductance[0, 0] = conductance[rows - 1, columns - 1] = conductance[0, columns - 1] = 1.0
    return conductance


linkings = st.fixed_dictionaries(
    {
        "neighbours": st.sampled_from([4, 8]),
        "mean": st.sampled_from(["conductance", "resistance"]),
    }
)
solvings = st.sampled_from([DIRECT, MULTIGRID])


def corners(shape: tuple[int, int]) -> Sites:
    rows, columns = shape
    cells = {1: 0, 2: columns - 1, 3: rows * columns - 1}
    return Sites({site: np.array([cell]) for site, cell in cells.items()})


def pairs_of(grid: Stencil, solving: Solving, **choices) -> list[PairMap]:
    found: list[PairMap] = []
    result = pairwise(grid, corners(grid.shape), solving=solving, receive=found.append, **choices)
    assert result.failures == ()
    return found


def leaving(grid: Stencil, voltage: np.ndarray) -> np.ndarray:
    """What leaves each cell under a voltage, from the list of links alone."""
    links, v = links_of(grid), voltage.ravel()
    current = links.conductance * (v[links.first] - v[links.second])
    return np.bincount(links.first, current, v.size) - np.bincount(links.second, current, v.size)


@few
@given(landscapes(), linkings, solvings)
def test_current_is_conserved_at_every_cell(conductance, linking, solving):
    grid = link_cells(conductance, **linking)
    for pair in pairs_of(grid, solving):
        entering = np.zeros(conductance.size)
        cells = corners(grid.shape).cells
        entering[cells[pair.first]], entering[cells[pair.second]] = -1.0, 1.0
        assert np.abs(leaving(grid, pair.voltage) - entering).max() <= 1e-9


@few
@given(landscapes(), linkings, solvings)
def test_the_resistance_is_the_same_in_both_directions(conductance, linking, solving):
    circuit = RasterCircuit(link_cells(conductance, **linking), solving=solving)
    last = conductance.size - 1
    if circuit.parts[0] != circuit.parts[last]:
        return
    there = circuit.solve(Injection.between(0, last)).potential
    back = circuit.solve(Injection.between(last, 0)).potential
    resistance = circuit.at(there, last) - circuit.at(there, 0)
    assert resistance == pytest.approx(circuit.at(back, 0) - circuit.at(back, last), rel=1e-8)
    assert resistance > 0


@few
@given(landscapes(), linkings)
def test_what_a_source_raises_elsewhere_it_would_be_raised_by_from_there(conductance, linking):
    """Reciprocity: with one ground, source and observer can change places."""
    ground = np.zeros(conductance.shape)
    ground[0, 0] = np.inf
    circuit = RasterCircuit(link_cells(conductance, **linking), None, ground, DIRECT)
    a, b = conductance.shape[1] - 1, conductance.size - 1
    if not circuit.parts[0] == circuit.parts[a] == circuit.parts[b]:
        return
    one = np.array([1.0])
    from_a = circuit.solve(Injection(np.array([a]), one)).potential
    from_b = circuit.solve(Injection(np.array([b]), one)).potential
    assert circuit.at(from_a, b) == pytest.approx(circuit.at(from_b, a), rel=1e-8, abs=1e-12)


@few
@given(landscapes(), linkings, st.integers(0, 10**6), st.floats(1.01, 100.0))
def test_a_better_cell_never_raises_a_resistance(conductance, linking, where, factor):
    """Rayleigh's monotonicity law."""
    better = conductance.copy()
    better.flat[where % conductance.size] *= factor
    before = pairwise(link_cells(conductance, **linking), corners(conductance.shape), maps=False)
    after = pairwise(link_cells(better, **linking), corners(conductance.shape), maps=False)
    finite = np.isfinite(before.resistance)
    assert (after.resistance[finite] <= before.resistance[finite] * (1 + 1e-9)).all()


@few
@given(landscapes(), linkings, st.integers(0, 10**6), st.floats(0.01, 100.0))
def test_a_crossing_never_raises_a_resistance(conductance, linking, where, siemens):
    valid = np.flatnonzero(~np.isnan(conductance))
    a, b = valid[where % valid.size], valid[-1]
    plain = link_cells(conductance, **linking)
    link = Links(np.array([a]), np.array([b]), np.array([siemens]))
    bridged = link_cells(conductance, **linking, links=link)
    before = pairwise(plain, corners(plain.shape), maps=False).resistance
    for solving in (DIRECT, MULTIGRID):
        after = pairwise(bridged, corners(plain.shape), solving=solving, maps=False).resistance
        finite = np.isfinite(before)
        assert (after[finite] <= before[finite] * (1 + 1e-8)).all()


@few
@given(st.lists(st.floats(0.01, 100.0), min_size=2, max_size=30))
def test_resistances_in_series_add_up(resistances):
    row = 1.0 / np.array([resistances])
    ends = Sites({1: np.array([0]), 2: np.array([row.size - 1])})
    found = pairwise(link_cells(row, mean="resistance"), ends, maps=False).resistance[0, 1]
    r = np.array(resistances)
    assert found == pytest.approx(((r[1:] + r[:-1]) / 2).sum(), rel=1e-9)


@few
@given(st.lists(st.floats(0.01, 100.0), min_size=1, max_size=30))
def test_conductances_in_parallel_add_up(conductances):
    """Of columns between two merged rows, each is a resistor of its own."""
    grid = link_cells(np.tile(np.array(conductances), (3, 1)), neighbours=4)
    merged = np.zeros(grid.shape, int)
    merged[0], merged[2] = 1, 2
    ends = Sites({1: np.array([0]), 2: np.array([2 * len(conductances)])})
    found = pairwise(grid, ends, short_circuits=merged, maps=False).resistance[0, 1]
    assert 1 / found == pytest.approx(sum(conductances) / 2, rel=1e-8)


@few
@given(
    landscapes(),
    linkings,
    solvings,
    st.sampled_from([np.flipud, np.fliplr, np.rot90, np.transpose]),
)
def test_a_turned_or_mirrored_landscape_has_the_same_currents(conductance, linking, solving, turn):
    grid, turned = link_cells(conductance, **linking), link_cells(turn(conductance), **linking)
    number = np.arange(conductance.size).reshape(conductance.shape)
    place = np.empty(conductance.size, int)
    place[turn(number).ravel()] = np.arange(conductance.size)
    sites = corners(conductance.shape)
    moved = Sites({site: np.sort(place[cells]) for site, cells in sites.cells.items()})
    before = pairwise(grid, sites, solving=solving)
    after = pairwise(turned, moved, solving=solving)
    np.testing.assert_allclose(after.resistance, before.resistance, rtol=1e-8)
    np.testing.assert_allclose(after.cumulative, turn(before.cumulative), atol=1e-8)


@few
@given(landscapes(), linkings, solvings)
def test_pairs_by_superposition_equal_pairs_solved_each_for_itself(conductance, linking, solving):
    grid = link_cells(conductance, **linking)
    for together in pairs_of(grid, solving):
        alone = pairs_of(grid, solving, pairs=[(together.first, together.second)])
        np.testing.assert_allclose(together.current, alone[0].current, atol=1e-8)
        scale = np.abs(alone[0].voltage).max()
        np.testing.assert_allclose(together.voltage, alone[0].voltage, atol=1e-8 * scale)


@few
@given(landscapes(), linkings, st.floats(-5.0, 5.0), solvings)
def test_sources_together_raise_the_sum_of_what_each_raises(conductance, linking, amps, solving):
    grid = link_cells(conductance, **linking)
    ground, one, other = (np.zeros(grid.shape) for _ in range(3))
    ground[0, 0], ground[-1, -1] = np.inf, 0.5
    one[0, -1], other[-1, -1] = 1.0, amps
    apart = [advanced(grid, source, ground, solving=solving).voltage for source in (one, other)]
    both = advanced(grid, one + other, ground, solving=solving).voltage
    np.testing.assert_allclose(both, apart[0] + apart[1], atol=1e-7 * np.abs(apart).max() + 1e-12)


@few
@given(landscapes(), linkings, solvings)
def test_what_the_grounds_take_is_what_the_source_sends(conductance, linking, solving):
    grid = link_cells(conductance, **linking)
    sites = corners(grid.shape)
    found: list[PairMap] = []
    result = one_to_all(grid, sites, solving=solving, receive=found.append)
    for pair, resistance in zip(found, result.resistance, strict=True):
        if not np.isfinite(resistance):
            continue
        flow = leaving(grid, pair.voltage)
        grounded = [int(sites.cells[s][0]) for s in sites.numbers if s != pair.first]
        assert -flow[grounded].sum() == pytest.approx(1.0, abs=1e-9)
        assert pair.voltage.ravel()[sites.cells[pair.first]] == pytest.approx(resistance)


@few
@given(landscapes(), linkings)
def test_one_to_all_and_all_to_one_between_two_sites_are_the_pair(conductance, linking):
    grid = link_cells(conductance, **linking)
    sites = corners(grid.shape).only([1, 3])
    pair = pairwise(grid, sites)
    for mode in (one_to_all, all_to_one):
        both = mode(grid, sites)
        np.testing.assert_allclose(both.cumulative, 2 * pair.cumulative, atol=1e-9)


@few
@given(landscapes(), linkings, st.integers(0, 10**6))
def test_merging_cells_equals_a_link_of_vast_conductance(conductance, linking, where):
    valid = np.flatnonzero(~np.isnan(conductance))
    a, b = int(valid[where % valid.size]), int(valid[-1])
    if a == b:
        return
    merged = np.zeros(conductance.shape, int)
    merged.flat[[a, b]] = 7
    wire = Links(np.array([a]), np.array([b]), np.array([1e9]))
    wired = pairwise(
        link_cells(conductance, **linking, links=wire), corners(conductance.shape), solving=DIRECT
    )
    for solving in (DIRECT, MULTIGRID):
        grid = link_cells(conductance, **linking)
        found = pairwise(grid, corners(grid.shape), short_circuits=merged, solving=solving)
        np.testing.assert_allclose(found.resistance, wired.resistance, rtol=1e-4, atol=1e-6)


@few
@given(landscapes(), linkings)
def test_a_raster_is_the_network_of_its_links(conductance, linking):
    grid = link_cells(conductance, **linking)
    links = links_of(grid)
    network = network_of(links.first, links.second, links.conductance)
    sites = corners(grid.shape)
    linked = [s for s in sites.numbers if int(sites.cells[s][0]) in network.nodes]
    numbers = {s: int(sites.cells[s][0]) for s in linked}
    if len(linked) < 2:
        return
    ours = pairwise(grid, sites.only(linked), solving=DIRECT)
    theirs = network_pairwise(network, numbers.values())
    order = np.argsort([numbers[s] for s in linked])
    np.testing.assert_allclose(theirs.resistance, ours.resistance[np.ix_(order, order)], rtol=1e-8)
    np.testing.assert_allclose(
        theirs.node_current, ours.cumulative.ravel()[network.nodes], atol=1e-8
    )
