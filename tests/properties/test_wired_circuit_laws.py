"""Laws of circuits with all that can be attached: barriers, links, polygons, regions, grounds."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kulan.connectivity.barriers.cuts import cut_steps, with_barriers
from kulan.connectivity.circuits import multigrid
from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.results import PairMap
from kulan.connectivity.circuits.sites import Sites, merge
from kulan.connectivity.circuits.stencil import Links, Stencil, link_cells, links_of
from kulan.connectivity.circuits.wired import advanced
from kulan.connectivity.crossings.gains import CrossingGains
from kulan.connectivity.crossings.places import Crossings, open_crossings
from wired_landscapes import (
    DIRECT,
    MULTIGRID,
    Landscape,
    barrier_lines,
    frame_of,
    seeds,
    solvings,
    wired,
)

# a landscape is a large example; fewer of them say as much
few = settings(max_examples=settings().max_examples * 2 // 5)
MODES = {"one to all": one_to_all, "all to one": all_to_one}


@pytest.fixture(autouse=True)
def _several_grids(monkeypatch):
    """Small landscapes, too, go through several grids of the multigrid."""
    monkeypatch.setattr(multigrid, "DIRECT_UNKNOWNS", 12)


def nodes_of(grid: Stencil, merged: np.ndarray | None) -> np.ndarray:
    """Give cells of one node one number, worked out apart from the circuit."""
    number = np.arange(grid.valid.size)
    if merged is not None:
        flat = merged.ravel()
        number[flat > 0] = grid.valid.size + flat[flat > 0]
    return number


def by_node(node: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sum over the cells of each node; every cell has its node's sum."""
    names, where = np.unique(node, return_inverse=True)
    return np.bincount(where, values, names.size)[where]


def leaving(grid: Stencil, voltage: np.ndarray, node: np.ndarray) -> np.ndarray:
    """What leaves the node of each cell along links, from the list of links alone."""
    links, v = links_of(grid), voltage.ravel()
    current = links.conductance * (v[links.first] - v[links.second])
    out = np.bincount(links.first, current, v.size) - np.bincount(links.second, current, v.size)
    return by_node(node, out)


def through(grid: Stencil, voltage: np.ndarray, node: np.ndarray) -> np.ndarray:
    """What all links of each node carry together, without sign."""
    links, v = links_of(grid), voltage.ravel()
    current = np.abs(links.conductance * (v[links.first] - v[links.second]))
    both = np.bincount(links.first, current, v.size) + np.bincount(links.second, current, v.size)
    return by_node(node, both)


def pairs_of(land: Landscape, solving, **choices) -> list[PairMap]:
    found: list[PairMap] = []
    result = pairwise(
        land.grid(),
        land.sites,
        short_circuits=land.polygons,
        solving=solving,
        receive=found.append,
        **choices,
    )
    assert result.failures == ()
    return found


def resistances(land: Landscape, solving=DIRECT) -> np.ndarray:
    result = pairwise(
        land.grid(), land.sites, short_circuits=land.polygons, solving=solving, maps=False
    )
    assert result.failures == ()
    return result.resistance


def never_above(after: np.ndarray, before: np.ndarray) -> bool:
    finite = np.isfinite(before)
    return bool((after[finite] <= before[finite] * (1 + 1e-8) + 1e-12).all())


# --- current is neither made nor lost -------------------------------------------------------------


@few
@given(wired(), solvings)
def test_what_enters_every_node_leaves_it(land, solving):
    grid = land.grid()
    for pair in pairs_of(land, solving):
        if not pair.current.any():
            continue
        ends = [land.sites.cells[site] for site in (pair.first, pair.second)]
        merged = merge(grid, land.polygons, ends)
        node = nodes_of(grid, merged)
        valid = grid.valid.ravel() | (merged.ravel() > 0 if merged is not None else False)
        entering = np.zeros(grid.valid.size)
        for end, amps in zip(ends, (-1.0, 1.0), strict=True):
            entering[node == node[end[valid[end]][0]]] += amps
        assert np.abs(leaving(grid, pair.voltage, node) - entering).max() <= 1e-9
        carried = 0.5 * (through(grid, pair.voltage, node) + np.abs(entering))
        np.testing.assert_allclose(pair.current.ravel(), carried, atol=1e-9)


@few
@given(wired(regions=False), seeds, solvings)
def test_what_sources_send_leaves_by_grounds_of_any_kind(land, seed, solving):
    rng, grid = np.random.default_rng(seed), land.grid()
    sources = np.where(rng.random(grid.shape) < 0.3, rng.normal(size=grid.shape), 0.0)
    ground = np.where(rng.random(grid.shape) < 0.2, 10 ** rng.uniform(-1, 1, grid.shape), 0.0)
    ground[0, 0] = np.inf
    found = advanced(grid, sources, ground, short_circuits=land.polygons, solving=solving)
    node = nodes_of(grid, merge(grid, land.polygons))
    finite = np.where(np.isinf(ground), 0.0, ground).ravel()
    held = by_node(node, np.isinf(ground).ravel().astype(float)) > 0
    to_ground = by_node(node, finite * found.voltage.ravel())
    out = leaving(grid, found.voltage, node)
    carried = np.abs(found.voltage).ravel() > 0
    entered = by_node(node, sources.ravel())
    size = max(np.abs(sources).sum(), 1.0)
    assert (np.abs(out + to_ground - entered)[carried & ~held] <= 1e-9 * size).all()
    assert (found.voltage.ravel()[held] == 0).all()


@few
@given(wired(), st.sampled_from(list(MODES)), seeds, solvings)
def test_each_site_sends_or_gathers_what_the_sites_strengths_say(land, mode, seed, solving):
    grid, rng = land.grid(), np.random.default_rng(seed)
    strengths = {site: float(rng.uniform(0.1, 5)) for site in land.sites.numbers}
    found: list[PairMap] = []
    MODES[mode](
        grid,
        land.sites,
        short_circuits=land.polygons,
        strengths=strengths,
        solving=solving,
        receive=found.append,
    )
    merged = merge(grid, land.polygons, list(land.sites.cells.values()))
    node = nodes_of(grid, merged)
    present = grid.valid.ravel() | (merged.ravel() > 0 if merged is not None else False)
    ends = {
        site: node[cells[present[cells]][0]]
        for site, cells in land.sites.cells.items()
        if present[cells].any()
    }
    for pair in found:
        if not pair.current.any():
            continue
        out = leaving(grid, pair.voltage, node)
        here = ends[pair.first]
        others = {ends[site] for site in ends} - {here}
        elsewhere = ~np.isin(node, [here, *others])
        assert np.abs(out[elsewhere]).max(initial=0.0) <= 1e-9 * 5
        total = sum(out[node == other][0] for other in others)
        assert out[node == here][0] == pytest.approx(-total, rel=1e-8)
        # only sites that are one node with another, or apart, may differ from what they should do
        if mode == "one to all":
            assert out[node == here][0] == pytest.approx(strengths[pair.first], rel=1e-8)
            assert not pair.voltage.ravel()[np.isin(node, list(others))].any()
        else:
            assert not pair.voltage.ravel()[node == here].any()
            for other in others:
                sent = sum(strengths[site] for site in ends if ends[site] == other)
                amount = out[node == other][0]
                assert amount == pytest.approx(sent, rel=1e-8) or amount == 0


# --- reciprocity ----------------------------------------------------------------------------------


@few
@given(wired(regions=False), seeds, solvings)
def test_source_and_observer_can_change_places(land, seed, solving):
    """With any grounds and any merged cells, the matrix of responses is symmetric."""
    rng, grid = np.random.default_rng(seed), land.grid()
    ground = np.where(rng.random(grid.shape) < 0.2, 10 ** rng.uniform(-1, 1, grid.shape), 0.0)
    ground[0, 0] = np.inf
    places = rng.choice(np.flatnonzero(grid.valid), 2)
    raised = []
    for place in places:
        source = np.zeros(grid.shape)
        source.flat[place] = 1.0
        found = advanced(grid, source, ground, short_circuits=land.polygons, solving=solving)
        raised.append(found.voltage.ravel())
    size = max(np.abs(one).max() for one in raised)
    assert raised[0][places[1]] == pytest.approx(raised[1][places[0]], abs=1e-9 * size)


@few
@given(wired(), st.permutations([1, 2, 3, 4]), solvings)
def test_resistances_do_not_depend_on_how_sites_are_numbered(land, order, solving):
    number = dict(zip([1, 2, 3, 4], order, strict=True))
    cells = {number[site]: own for site, own in land.sites.cells.items()}
    renamed = land.changed(sites=Sites(dict(sorted(cells.items()))))
    before, after = resistances(land, solving), resistances(renamed, solving)
    where = [renamed.sites.numbers.index(number[site]) for site in land.sites.numbers]
    np.testing.assert_allclose(after[np.ix_(where, where)], before, rtol=1e-8, atol=1e-12)
    np.testing.assert_array_equal(before, before.T)


# --- Rayleigh -------------------------------------------------------------------------------------


@few
@given(wired(), seeds, solvings)
def test_nothing_that_opens_the_landscape_raises_a_resistance(land, seed, solving):
    """Better cells, more permeable barriers, a link more, cells merged: Rayleigh's law."""
    rng = np.random.default_rng(seed)
    before = resistances(land, solving)
    valid = np.flatnonzero(~np.isnan(land.conductance))
    better = land.conductance * rng.choice([1.0, 1.0, 3.0, 100.0], land.shape)
    filled = np.where(np.isnan(land.conductance), 0.1, land.conductance)
    a, b = rng.choice(valid, 2)
    wire = Links(
        np.append(land.links.first, a),
        np.append(land.links.second, b),
        np.append(land.links.conductance, 0.5),
    )
    opened = [land.changed(conductance=better), land.changed(conductance=filled)]
    opened.append(land.changed(permeability=np.minimum(land.permeability * 2 + 0.01, 1.0)))
    if a != b:
        opened.append(land.changed(links=wire))
    for more in opened:
        assert never_above(resistances(more, solving), before)
    # merging what was apart; a polygon that is split would part cells
    if not land.polygons.flat[[a, b]].any():
        joined = land.polygons.copy()
        joined.flat[[a, b]] = 99
        assert never_above(resistances(land.changed(polygons=joined), solving), before)


@few
@given(wired(regions=False), solvings)
def test_resistance_is_a_distance(land, solving):
    """No detour over a third place is shorter (Klein and Randić 1993)."""
    found = resistances(land, solving)
    detour = (found[:, :, None] + found[None, :, :]).min(axis=1)
    finite = np.isfinite(detour)
    assert (found[finite] <= detour[finite] * (1 + 1e-8) + 1e-12).all()


# --- series and parallel --------------------------------------------------------------------------

lists = st.lists(st.floats(0.01, 100.0), min_size=2, max_size=12)


@few
@given(
    lists,
    st.lists(st.sampled_from([0.01, 0.3, 1.0]), min_size=1, max_size=3),
    st.sampled_from(["conductance", "resistance"]),
    st.sampled_from([4, 8]),
    solvings,
    st.booleans(),
)
def test_links_in_a_row_add_up_and_a_barrier_divides_its_link_by_what_it_lets_through(
    conductances, openness, mean, neighbours, solving, upright
):
    g = np.array(conductances)
    link = (g[1:] + g[:-1]) / 2 if mean == "conductance" else 2 / (1 / g[1:] + 1 / g[:-1])
    expected = (1 / link).sum() - 1 / link[0] + 1 / (link[0] * np.prod(openness))
    cells = g[:, None] if upright else g[None, :]
    x = 1.0 + 0.01 * np.arange(len(openness))
    ends = [[(-1, g.size - v), (2, g.size - v)] if upright else [(v, -1), (v, 2)] for v in x]
    lines = barrier_lines(*[shapely.LineString(one) for one in ends])
    cuts = cut_steps(lines, frame_of(cells.shape), np.array(openness))
    grid = with_barriers(link_cells(cells, neighbours=neighbours, mean=mean), cuts)
    both_ends = Sites({1: np.array([0]), 2: np.array([g.size - 1])})
    found = pairwise(grid, both_ends, solving=solving, maps=False).resistance[0, 1]
    assert found == pytest.approx(expected, rel=1e-9)


@few
@given(
    lists,
    st.sampled_from([0.0, 0.01, 1.0]),
    st.sampled_from([4, 8]),
    solvings,
)
def test_ways_side_by_side_conduct_together(conductances, openness, neighbours, solving):
    """Columns with NoData between them join two regions; a barrier crosses the first column."""
    g = np.array(conductances)
    cells = np.full((3, 2 * g.size - 1), np.nan)
    cells[:, ::2] = g
    shape = cells.shape
    number = np.arange(cells.size).reshape(shape)
    regions = Sites({1: number[0, ::2].copy(), 2: number[2, ::2].copy()})
    line = barrier_lines(shapely.LineString([(-0.5, 2.01), (1.2, 2.01)]))
    cuts = cut_steps(line, frame_of(shape), np.array([openness]))
    grid = with_barriers(link_cells(cells, neighbours=neighbours), cuts)
    found = pairwise(grid, regions, solving=solving, maps=False).resistance[0, 1]
    first = 0.0 if openness == 0 else 1 / (1 / g[0] + 1 / (g[0] * openness))
    assert 1 / found == pytest.approx(first + (g[1:] / 2).sum(), rel=1e-8)


# --- turning and mirroring ------------------------------------------------------------------------


def turned(land: Landscape, turn: str) -> tuple[Landscape, np.ndarray]:
    """The landscape turned, and the new place of each cell."""
    rows, columns = land.shape
    turns = {
        "mirrored": (np.fliplr, lambda xy: np.column_stack([columns - xy[:, 0], xy[:, 1]])),
        "upside down": (np.flipud, lambda xy: np.column_stack([xy[:, 0], rows - xy[:, 1]])),
        "a quarter": (np.rot90, lambda xy: np.column_stack([rows - xy[:, 1], xy[:, 0]])),
    }
    cells, plane = turns[turn]
    number = np.arange(rows * columns).reshape(rows, columns)
    place = np.empty(number.size, np.int64)
    place[cells(number).ravel()] = np.arange(number.size)
    links = land.links
    return (
        land.changed(
            conductance=np.ascontiguousarray(cells(land.conductance)),
            shapes=tuple(shapely.transform(line, plane) for line in land.shapes),
            links=Links(place[links.first], place[links.second], links.conductance),
            polygons=np.ascontiguousarray(cells(land.polygons)),
            sites=Sites({s: np.sort(place[own]) for s, own in land.sites.cells.items()}),
        ),
        place,
    )


@few
@given(wired(), st.sampled_from(["mirrored", "upside down", "a quarter"]), solvings)
def test_a_turned_landscape_with_all_that_is_on_it_has_the_same_currents(land, turn, solving):
    other, place = turned(land, turn)
    np.testing.assert_allclose(
        resistances(other, solving), resistances(land, solving), rtol=1e-8, atol=1e-12
    )
    for before, after in zip(pairs_of(land, solving), pairs_of(other, solving), strict=True):
        np.testing.assert_allclose(
            after.current.ravel()[place], before.current.ravel(), rtol=1e-8, atol=1e-8
        )


# --- superposition --------------------------------------------------------------------------------


@few
@given(wired(), solvings)
def test_pairs_from_shared_solves_equal_pairs_solved_each_for_itself(land, solving):
    together = pairs_of(land, solving)
    for pair in together:
        [alone] = pairs_of(land, solving, pairs=[(pair.first, pair.second)])
        np.testing.assert_allclose(pair.current, alone.current, atol=1e-8)
        size = max(np.abs(alone.voltage).max(), 1e-12)
        np.testing.assert_allclose(pair.voltage, alone.voltage, atol=1e-8 * size)


@few
@given(wired(regions=False), seeds, solvings)
def test_a_sum_of_sources_raises_the_sum_of_what_each_raises(land, seed, solving):
    rng, grid = np.random.default_rng(seed), land.grid()
    ground = np.where(rng.random(grid.shape) < 0.2, 10 ** rng.uniform(-1, 1, grid.shape), 0.0)
    ground[0, 0] = np.inf
    sources = [np.where(rng.random(grid.shape) < 0.3, rng.normal(), 0.0) for _ in range(3)]
    each = [
        advanced(grid, one, ground, short_circuits=land.polygons, solving=solving).voltage
        for one in [*sources, sum(sources)]
    ]
    size = max(np.abs(each).max(), 1e-12)
    np.testing.assert_allclose(sum(each[:3]), each[3], atol=1e-9 * size)


# --- a closed barrier is a cut --------------------------------------------------------------------


@few
@given(wired(), seeds, solvings)
def test_a_closed_ring_around_cells_takes_them_out_as_nodata_does(land, seed, solving):
    """Whatever cells are ringed: for all outside, they might as well not be there."""
    rng = np.random.default_rng(seed)
    ringed = rng.random(land.shape) < 0.3
    links = land.links
    taken = np.concatenate([links.first, links.second, *land.sites.cells.values()])
    ringed.flat[taken] = False
    ringed[land.polygons > 0] = False
    rows, columns = np.nonzero(ringed)
    assume(rows.size)
    north = land.shape[0] - rows
    boxes = shapely.box(columns, north - 1, columns + 1, north)
    # drawn a little inside, so that steps past a corner of the ring are free
    area = shapely.buffer(shapely.union_all(boxes), -0.2, join_style="mitre")
    rings = [shapely.LineString(part.exterior.coords) for part in shapely.get_parts(area)]
    rings += [
        shapely.LineString(hole.coords)
        for part in shapely.get_parts(area)
        for hole in part.interiors
    ]
    cuts = cut_steps(barrier_lines(*rings), frame_of(land.shape), np.zeros(len(rings)))
    cut = with_barriers(land.grid(), cuts)
    without = land.changed(conductance=np.where(ringed, np.nan, land.conductance))
    choices = {"short_circuits": land.polygons, "solving": solving}
    by_barrier = pairwise(cut, land.sites, **choices)
    by_nodata = pairwise(without.grid(), land.sites, **choices)
    np.testing.assert_allclose(by_barrier.resistance, by_nodata.resistance, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(by_barrier.cumulative, by_nodata.cumulative, atol=1e-8)


@few
@given(wired(), solvings)
def test_an_open_barrier_is_no_barrier(land, solving):
    open_ones = land.changed(permeability=np.ones_like(land.permeability))
    bare = land.changed(shapes=(), permeability=np.zeros(0))
    np.testing.assert_array_equal(resistances(open_ones, solving), resistances(bare, solving))


# --- crossings ------------------------------------------------------------------------------------


def candidates(land: Landscape, rng: np.random.Generator, n: int) -> tuple | None:
    """Crossings that open steps of the barriers, or None where there are none to open."""
    cuts = land.cuts()
    if cuts is None or not len(cuts):
        return None
    rows = tuple(np.sort(rng.choice(len(cuts), min(2, len(cuts)), replace=False)) for _ in range(n))
    share = rng.uniform(0.1, 1, n)
    return cuts, Crossings(
        tuple(f"crossing {k}" for k in range(n)), np.ones(n), np.zeros(n), np.zeros(n), rows, share
    )


@few
@given(wired(regions=False), seeds, st.booleans(), st.sets(st.integers(0, 3)), solvings)
def test_the_gain_of_crossings_is_that_of_solving_anew(land, seed, as_region, chosen, solving):
    """One crossing or several, with NoData, both means, links, and a region among the sites."""
    rng = np.random.default_rng(seed)
    found = candidates(land, rng, 4)
    assume(found is not None)
    cuts, crossings = found
    cells = dict(land.sites.cells)
    if as_region:
        others = np.flatnonzero(~np.isnan(land.conductance))
        others = others[~np.isin(others, np.concatenate(list(cells.values())))]
        assume(others.size)
        cells[1] = np.unique([0, rng.choice(others)])
    sites = Sites(cells)
    gains = CrossingGains(land.bare(), cuts, crossings, sites, solving)
    names = [crossings.names[k] for k in chosen]
    opened = open_crossings(cuts, crossings.only(names)) if names else cuts
    region = np.zeros(land.shape, np.int64)
    if as_region:
        region.flat[cells[1]] = 1  # a node throughout, not only for its own pairs
    anew = pairwise(
        with_barriers(land.bare(), opened), sites, short_circuits=region, maps=False, solving=DIRECT
    ).resistance
    ours = gains.resistance(sorted(chosen))
    np.testing.assert_array_equal(np.isinf(ours), np.isinf(anew))
    finite = np.isfinite(anew)
    np.testing.assert_allclose(ours[finite], anew[finite], rtol=1e-6)


@few
@given(wired(regions=False), seeds)
def test_crossings_that_open_everything_leave_the_landscape_without_barriers(land, seed):
    found = candidates(land, np.random.default_rng(seed), 1)
    assume(found is not None)
    cuts, crossings = found
    whole = Crossings(
        crossings.names,
        crossings.costs,
        crossings.x,
        crossings.y,
        (np.arange(len(cuts)),),
        np.ones(1),
    )
    bare = pairwise(land.bare(), land.sites, maps=False, solving=DIRECT).resistance
    opened = with_barriers(land.bare(), open_crossings(cuts, whole))
    np.testing.assert_array_equal(opened.weights, land.bare().weights)
    gains = CrossingGains(land.bare(), cuts, whole, land.sites)
    np.testing.assert_allclose(gains.resistance([0]), bare, rtol=1e-6)


@few
@given(wired())
def test_both_solvers_give_one_answer(land):
    np.testing.assert_allclose(
        resistances(land, MULTIGRID), resistances(land, DIRECT), rtol=1e-8, atol=1e-12
    )
