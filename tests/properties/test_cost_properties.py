"""What holds for accumulated cost on every landscape."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.allocation import allocate
from kulan.connectivity.least_cost.corridors import normalised_corridor
from kulan.connectivity.least_cost.link_networks import link_patches
from kulan.connectivity.least_cost.paths import trace_paths
from kulan.connectivity.least_cost.step_factors import StepFactors, step_factors
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.connectivity.least_cost.tiles import TiledSurface, accumulate_cost_by_tiles, cut_factors


@st.composite
def landscapes(draw):
    """Resistances over many magnitudes, some NoData, barriers on some steps, 4 or 8 neighbours."""
    rows, columns = draw(st.integers(2, 18)), draw(st.integers(2, 18))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    spread = draw(st.sampled_from([0.0, 1.0, 4.0, 9.0]))
    resistance = 10.0 ** rng.uniform(0, spread, (rows, columns))
    resistance[rng.random(resistance.shape) < draw(st.sampled_from([0.0, 0.3]))] = np.nan
    resistance[0, 0] = resistance[-1, -1] = 1.0
    kinds = draw(st.sampled_from([[1.0], [1.0, 1.0, 2.5, np.inf]]))
    factors = step_factors(
        rng.choice(kinds, (rows, columns - 1)), rng.choice(kinds, (rows - 1, columns))
    )
    neighbours = draw(st.sampled_from([4, 8]))
    return CostSurface(resistance, neighbours=neighbours, cell_size=(1.5, 2.0), factors=factors)


def places_on(surface, numbers):
    """Take cells with a resistance by arbitrary numbers."""
    possible = np.argwhere(np.isfinite(surface.resistance))
    return [possible[number % len(possible)] for number in numbers]


def from_corner(surface):
    return accumulate_cost(surface, [[0, 0]])


@given(landscapes())
def test_the_way_back_costs_the_same(surface):
    there = from_corner(surface)[-1, -1]
    back = accumulate_cost(surface, [[surface.shape[0] - 1, surface.shape[1] - 1]])[0, 0]
    assert there == pytest.approx(back, rel=1e-12)


@given(landscapes(), st.integers(0, 10**6))
def test_no_detour_is_cheaper_than_the_direct_cost(surface, number):
    possible = np.argwhere(np.isfinite(surface.resistance))
    over = possible[number % len(possible)]
    direct = from_corner(surface)
    onward = accumulate_cost(surface, over)
    detour = direct[tuple(over)] + onward
    known = ~np.isnan(direct)
    assert (direct[known] <= detour[known] * (1 + 1e-12)).all()


@given(landscapes(), st.integers(2, 9), st.integers(1, 3))
def test_tiles_give_the_same_bits(surface, tile, threads):
    mask = np.zeros(surface.shape, dtype=bool)
    mask[0, 0] = True
    cost = np.empty(surface.shape)
    by_windows = TiledSurface(
        surface.resistance, surface.neighbours, surface.cell_size, cut_factors(surface.factors)
    )
    accumulate_cost_by_tiles(by_windows, mask, cost, tile=tile, threads=threads)
    assert cost.tobytes() == from_corner(surface).tobytes()


@given(landscapes(), st.integers(0, 2**32 - 1))
def test_nothing_gets_cheaper_where_resistance_rises(surface, seed):
    rng = np.random.default_rng(seed)
    risen = surface.resistance * rng.choice([1.0, 1.0, 1.7, 40.0], surface.shape)
    dearer = CostSurface(risen, surface.neighbours, surface.cell_size, surface.factors)
    before, after = from_corner(surface), from_corner(dearer)
    known = ~np.isnan(before)
    assert (after[known] >= before[known]).all()


@given(landscapes())
def test_barriers_make_nothing_cheaper(surface):
    free = CostSurface(surface.resistance, surface.neighbours, surface.cell_size)
    with_barriers, without = from_corner(surface), from_corner(free)
    known = ~np.isnan(without)
    assert (with_barriers[known] >= without[known]).all()


@given(landscapes())
def test_a_mirrored_landscape_has_mirrored_costs(surface):
    factors = surface.factors
    mirrored = CostSurface(
        surface.resistance[:, ::-1],
        surface.neighbours,
        surface.cell_size,
        StepFactors(
            factors.east[:, ::-1],
            factors.south[:, ::-1],
            factors.southwest[:, ::-1],
            factors.southeast[:, ::-1],
        ),
    )
    found = accumulate_cost(mirrored, [[0, surface.shape[1] - 1]])
    assert found[:, ::-1].tobytes() == from_corner(surface).tobytes()


@given(landscapes())
def test_a_turned_landscape_has_turned_costs(surface):
    factors, (height, width) = surface.factors, surface.cell_size
    # rows become columns
    turned = CostSurface(
        surface.resistance.T,
        surface.neighbours,
        (width, height),
        StepFactors(factors.south.T, factors.east.T, factors.southeast.T, factors.southwest.T),
    )
    assert from_corner(turned).T.tobytes() == from_corner(surface).tobytes()


@given(landscapes())
def test_costs_scale_with_resistance(surface):
    double = CostSurface(
        surface.resistance * 2, surface.neighbours, surface.cell_size, surface.factors
    )
    assert (from_corner(double) == 2 * from_corner(surface))[np.isfinite(surface.resistance)].all()


@given(landscapes())
def test_every_reached_cell_belongs_to_the_source_its_path_comes_from(surface):
    sources = np.zeros(surface.shape, np.int64)
    sources[0, 0], sources[-1, -1] = 2, 1
    found = allocate(surface, sources)
    each = {
        2: from_corner(surface),
        1: accumulate_cost(surface, sources == 1),
    }
    reached = np.isfinite(found.cost)
    assert (found.source > 0)[reached].all()
    for number, cost in each.items():
        own = found.source == number
        assert (found.cost[own] == cost[own]).all()
    targets = np.argwhere(reached)
    for target, path in zip(targets, trace_paths(surface, found.cost, targets), strict=True):
        assert path.cost == found.cost[tuple(target)]
        assert found.cost[tuple(path.cells[0])] == 0


three_numbers = st.tuples(*[st.integers(0, 10**6)] * 3)


@given(landscapes(), three_numbers)
def test_costs_are_a_distance(surface, numbers):
    """The same there and back, nothing to oneself, and no detour over a third place is cheaper."""
    places = places_on(surface, numbers)
    between = np.array([[accumulate_cost(surface, a)[tuple(b)] for b in places] for a in places])
    assert (np.diag(between) == 0).all()
    np.testing.assert_allclose(between, between.T, rtol=1e-12)
    detour = (between[:, :, None] + between[None, :, :]).min(axis=1)
    assert (between <= detour * (1 + 1e-12)).all()


@given(landscapes(), three_numbers)
def test_every_cell_is_allocated_to_its_nearest_source(surface, numbers):
    places = places_on(surface, numbers)
    sources = np.zeros(surface.shape, np.int64)
    for number, place in zip((5, 2, 9), places, strict=True):
        sources[tuple(place)] = number
    found = allocate(surface, sources)
    names = np.unique(sources[sources > 0])
    each = np.array([accumulate_cost(surface, sources == name) for name in names])
    reached = np.isfinite(each).any(axis=0)
    nearest = each[:, reached].min(axis=0)
    assert (found.cost[reached] == nearest).all()
    # of equally near ones the smaller number
    assert (found.source[reached] == names[(each[:, reached] == nearest).argmax(axis=0)]).all()
    assert (found.source[~reached] == 0).all()


@given(landscapes(), three_numbers)
def test_a_corridor_is_never_below_zero_and_zero_on_the_path(surface, numbers):
    a, b, _ = places_on(surface, numbers)
    corridor = normalised_corridor(accumulate_cost(surface, a), accumulate_cost(surface, b))
    [path] = trace_paths(surface, accumulate_cost(surface, a), [b])
    if not path.cells.size:
        assert not corridor.mask.any()
        return
    assert np.nanmin(corridor.excess) == 0
    assert corridor.least_cost == pytest.approx(path.cost, rel=1e-12)
    on_path = corridor.excess[tuple(path.cells.T)]
    assert (on_path <= 1e-12 * (path.cost + 1)).all()
    narrow = normalised_corridor(
        accumulate_cost(surface, a), accumulate_cost(surface, b), cutoff=corridor.least_cost / 10
    )
    assert (corridor.mask >= narrow.mask).all()


@given(landscapes(), three_numbers)
def test_links_between_patches_cost_what_paths_between_them_do(surface, numbers):
    patches = np.zeros(surface.shape, np.int64)
    for number, place in enumerate(places_on(surface, numbers), start=1):
        patches[tuple(place)] = number
    every = link_patches(surface, patches, pairs="all").links
    for link in every.itertuples():
        cost = accumulate_cost(surface, patches == link.first)
        assert link.cost == cost[patches == link.second].min()
    near = link_patches(surface, patches).links.merge(
        every, on=["first", "second"], suffixes=("", "_least")
    )
    assert (near["cost"] >= near["cost_least"] * (1 - 1e-12)).all()
