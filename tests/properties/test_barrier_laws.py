"""Laws of barriers on edges and of crossings that hold on every landscape."""

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kulan.connectivity.barriers.attribution import attribute, connectivity_loss
from kulan.connectivity.barriers.cuts import cut_steps, step_ends, with_barriers
from kulan.connectivity.barriers.effect import barrier_effect, overall
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import components, link_cells
from kulan.connectivity.crossings.gains import CrossingGains
from kulan.connectivity.crossings.places import open_crossings, place_crossings
from kulan.connectivity.crossings.portfolios import best_portfolio
from kulan.connectivity.frames import Frame

few = settings(max_examples=settings().max_examples * 2 // 5)
DIRECT = Solving(solvers=("direct",))


def lines(*shapes):
    n = len(shapes)
    table = {"barrier_id": [f"barrier {k}" for k in range(n)], "segment_id": ["all"] * n}
    return gpd.GeoDataFrame(table, geometry=list(shapes))


def crossing_line(rng, rows, columns, *, on_lattice=False):
    """Make a line from beyond the western to beyond the eastern rim, with as many bends as wished.

    On the lattice its bends are centres, corners and middles of sides of cells.
    """
    n = int(rng.integers(2, 9))
    x = np.concatenate([[-1.0], rng.uniform(-2, columns + 2, n), [columns + 1.0]])
    y = rng.uniform(0, rows, n + 2)
    if on_lattice:
        x, y = np.round(2 * x) / 2, np.round(2 * y) / 2
    return shapely.LineString(np.column_stack([x, y]))


def sites_of(rows, columns):
    return Sites({1: np.array([0]), 2: np.array([columns - 1]), 3: np.array([rows * columns - 1])})


seeds = st.integers(0, 2**32 - 1)
sizes = st.tuples(st.integers(3, 10), st.integers(3, 10))
linkings = st.sampled_from([4, 8])
openness = st.sampled_from([0.0, 1e-6, 0.05, 0.6])


@st.composite
def railways(draw):
    """Draw a landscape without NoData, two barriers across it, and candidates on both."""
    (rows, columns), rng = draw(sizes), np.random.default_rng(draw(seeds))
    conductance, neighbours = 10 ** rng.uniform(-1, 1, (rows, columns)), draw(linkings)
    stencil = link_cells(conductance, neighbours=neighbours)
    heights = (rows / 3 + 0.1, 2 * rows / 3 - 0.1)
    shapes = [shapely.LineString([(-1, y), (columns + 1, y + 0.3)]) for y in heights]
    permeability = np.array([draw(openness), draw(openness)])
    cuts = cut_steps(lines(*shapes), Frame(rows, columns, 0, rows, 1, 1), permeability)
    at = [(k, x) for k in (0, 1) for x in rng.uniform(0.3, columns - 0.3, 3)]
    table = gpd.GeoDataFrame(
        {
            "crossing_id": [f"crossing {k}" for k in range(6)],
            "barrier_ids": [(f"barrier {k}",) for k, _ in at],
            "cost": rng.uniform(1, 3, 6),
        },
        geometry=[shapely.Point(x, heights[k] + 0.3 * (x + 1) / (columns + 2)) for k, x in at],
    )
    crossings = place_crossings(table, cuts, stencil, rng.uniform(0.2, 1, 6))
    return CrossingGains(stencil, cuts, crossings, sites_of(rows, columns))


def solved_anew(gains, chosen):
    names = [gains.crossings.names[k] for k in chosen]
    cuts = open_crossings(gains.cuts, gains.crossings.only(names)) if names else gains.cuts
    return pairwise(
        with_barriers(gains.stencil, cuts), gains.sites, maps=False, solving=DIRECT
    ).resistance


# --- which steps are cut --------------------------------------------------------------------------


@given(sizes, seeds)
def test_a_line_cuts_exactly_the_steps_it_meets(size, seed):
    (rows, columns), rng = size, np.random.default_rng(seed)
    line = crossing_line(rng, rows, columns)
    cuts = cut_steps(lines(line), Frame(rows, columns, 0, rows, 1, 1), np.zeros(1))
    steps = np.arange(4 * rows * columns)
    first, second = step_ends(steps, (rows, columns))
    i, j = first // columns, first % columns
    right = np.array([1, 0, 1, -1])[steps % 4]
    down = np.array([0, 1, 1, 1])[steps % 4]
    inside = (i + down < rows) & (j + right >= 0) & (j + right < columns)
    ends = [
        np.column_stack([cell % columns + 0.5, rows - cell // columns - 0.5])
        for cell in (first[inside], second[inside])
    ]
    ways = shapely.linestrings(np.stack(ends, axis=1))
    assert np.array_equal(cuts.step, steps[inside][shapely.intersects(ways, line)])


@given(sizes, seeds, st.booleans())
def test_a_closed_line_across_the_raster_never_leaks(size, seed, on_lattice):
    (rows, columns), rng = size, np.random.default_rng(seed)
    x, y = shapely.get_coordinates(crossing_line(rng, rows, columns, on_lattice=on_lattice)).T
    x, first = np.unique(x, return_index=True)
    x, y = np.concatenate([[-9.0], x, [columns + 9.0]]), np.pad(y[first], 1, mode="edge")
    line = shapely.LineString(np.column_stack([x, y]))
    cuts = cut_steps(lines(line), Frame(rows, columns, 0, rows, 1, 1), np.zeros(1))
    part = components(with_barriers(link_cells(np.ones((rows, columns))), cuts))
    east, north = np.meshgrid(np.arange(columns) + 0.5, rows - 0.5 - np.arange(rows))
    height = north - np.interp(east, x, y)
    assert set(part[height > 1e-5]).isdisjoint(part[height < -1e-5])


@given(sizes, seeds)
def test_flipping_landscape_and_line_changes_no_resistance(size, seed):
    (rows, columns), rng = size, np.random.default_rng(seed)
    line, cells = crossing_line(rng, rows, columns), rng.uniform(0.1, 9, (rows, columns))
    mirrored = shapely.transform(line, lambda xy: np.column_stack([columns - xy[:, 0], xy[:, 1]]))
    frame, numbers = Frame(rows, columns, 0, rows, 1, 1), np.arange(rows * columns)
    sites = sites_of(rows, columns)
    turned = np.fliplr(numbers.reshape(rows, columns)).ravel()
    mirror = Sites({site: turned[place] for site, place in sites.cells.items()})
    found = [
        pairwise(
            with_barriers(link_cells(land), cut_steps(lines(shape), frame, np.array([0.3]))),
            where,
            maps=False,
            solving=DIRECT,
        ).resistance
        for land, shape, where in (
            (cells, line, sites),
            (np.ascontiguousarray(np.fliplr(cells)), mirrored, mirror),
        )
    ]
    assert np.allclose(found[0], found[1], rtol=1e-9)


@given(sizes, seeds, openness, openness)
def test_the_order_of_barriers_does_not_matter(size, seed, first, second):
    (rows, columns), rng = size, np.random.default_rng(seed)
    shapes = [crossing_line(rng, rows, columns) for _ in range(2)]
    stencil, frame = link_cells(np.ones((rows, columns))), Frame(rows, columns, 0, rows, 1, 1)
    cuts = [
        cut_steps(lines(shape), frame, np.array([permeability]))
        for shape, permeability in zip(shapes, (first, second), strict=True)
    ]
    together = cut_steps(lines(*shapes), frame, np.array([first, second]))
    expected = with_barriers(stencil, together).weights
    for one, other in (cuts, cuts[::-1]):
        weights = with_barriers(with_barriers(stencil, one), other).weights
        assert np.allclose(weights, expected, rtol=1e-15)


@few
@given(sizes, seeds, st.booleans())
def test_a_closed_barrier_equals_a_wall_of_nodata(size, seed, upright):
    (rows, columns), rng = size, np.random.default_rng(seed)
    cells = 10 ** rng.uniform(-1, 1, (rows, columns))
    axis, n = (1, columns) if upright else (0, rows)
    at = int(rng.integers(1, n))
    ends = [(at, -1), (at, rows + 1)] if upright else [(-1, rows - at), (columns + 1, rows - at)]
    frame = Frame(rows, columns, 0, rows, 1, 1)
    cut = with_barriers(
        link_cells(cells), cut_steps(lines(shapely.LineString(ends)), frame, np.zeros(1))
    )
    walled = np.insert(cells, at, np.nan, axis=axis)
    number = np.arange(walled.size).reshape(walled.shape)
    place = np.delete(number, at, axis=axis).ravel()
    chosen = rng.choice(rows * columns, 5, replace=False)
    sites = [
        Sites({k: np.array([cell]) for k, cell in enumerate(which, start=1)})
        for which in (chosen, place[chosen])
    ]
    found = [
        pairwise(land, where, maps=False, solving=DIRECT).resistance
        for land, where in ((cut, sites[0]), (link_cells(walled), sites[1]))
    ]
    assert np.allclose(found[0], found[1], rtol=1e-9)


# --- what barriers take away ----------------------------------------------------------------------


@few
@given(sizes, seeds, openness)
def test_a_barrier_never_lowers_a_resistance(size, seed, permeability):
    (rows, columns), rng = size, np.random.default_rng(seed)
    stencil = link_cells(10 ** rng.uniform(-1, 1, (rows, columns)))
    line, frame = crossing_line(rng, rows, columns), Frame(rows, columns, 0, rows, 1, 1)
    cuts = cut_steps(lines(line), frame, np.array([permeability]))
    effect = barrier_effect(stencil, cuts, sites_of(rows, columns), solving=DIRECT)
    assert (effect.resistance_change >= -1e-9 * effect.resistance_without).all()
    straight = np.hypot(rows - 1, columns - 1)
    assert effect.way_without[0, 2] >= straight - 1e-9
    assert effect.way_with[0, 2] >= straight - 1e-9


@few
@given(sizes, seeds, st.lists(openness, min_size=1, max_size=3))
def test_shares_of_barriers_sum_to_what_they_take_together(size, seed, permeabilities):
    (rows, columns), rng = size, np.random.default_rng(seed)
    stencil = link_cells(10 ** rng.uniform(-1, 1, (rows, columns)))
    shapes = [crossing_line(rng, rows, columns) for _ in permeabilities]
    cuts = cut_steps(lines(*shapes), Frame(rows, columns, 0, rows, 1, 1), np.array(permeabilities))
    loss = connectivity_loss(stencil, cuts, sites_of(rows, columns), solving=DIRECT)
    shares = attribute(loss, cuts.barriers)
    assert np.isclose(shares.shapley.sum(), shares.total, rtol=1e-9, atol=1e-12)
    for values in (shares.alone, shares.last, shares.shapley):
        assert (values >= -1e-9).all()


@st.composite
def games(draw, fewest=1, most=6):
    """Draw a joint loss for every set of barriers, nothing lost without any."""
    n, rng = draw(st.integers(fewest, most)), np.random.default_rng(draw(seeds))
    names = [f"barrier {k}" for k in range(n)]
    value = {0: 0.0} | {mask: float(rng.normal()) for mask in range(1, 2**n)}

    def loss(present):
        return value[sum(2 ** names.index(name) for name in present)]

    return names, loss


@given(games(fewest=2), st.integers(0, 100), st.floats(-3, 3))
def test_shapley_values_keep_shapleys_axioms(game, number, times):
    """Efficiency, the dummy player, symmetry, and additivity (Shapley 1953)."""
    names, loss = game
    one, other = names[number % len(names)], names[(number + 1) % len(names)]
    shares = attribute(loss, names)
    assert np.isclose(shares.shapley.sum(), loss(frozenset(names)))
    of = names.index

    def idle(present):
        return loss(present - {one}) + (times if one in present else 0.0)

    dummy = attribute(idle, names)
    assert np.isclose(dummy.shapley[of(one)], times)
    assert np.isclose(dummy.alone[of(one)], times)

    def alike(present):
        swapped = {one: other, other: one}
        return loss(present) + loss(frozenset(swapped.get(name, name) for name in present))

    equal = attribute(alike, names)
    assert np.isclose(equal.shapley[of(one)], equal.shapley[of(other)])
    both = attribute(lambda present: times * loss(present) + idle(present), names)
    assert np.allclose(both.shapley, times * shares.shapley + dummy.shapley)


@few
@given(games(fewest=11, most=11), st.integers(2, 20))
def test_shares_from_drawn_orders_still_sum_to_the_joint_loss(game, n_orders):
    names, loss = game
    shares = attribute(loss, names, n_orders=n_orders)
    assert shares.n_orders == n_orders
    assert np.isclose(shares.shapley.sum(), shares.total)
    assert (shares.standard_error > 0).any()


# --- what crossings give back ---------------------------------------------------------------------


@few
@given(railways(), st.sets(st.integers(0, 5)))
def test_any_set_of_crossings_gives_what_solving_anew_does(gains, chosen):
    found, expected = gains.resistance(sorted(chosen)), solved_anew(gains, sorted(chosen))
    assert np.array_equal(np.isinf(found), np.isinf(expected))
    known = np.isfinite(expected)
    assert np.allclose(found[known], expected[known], rtol=1e-6)


@few
@given(railways(), st.sets(st.integers(0, 5)), st.integers(0, 5))
def test_one_crossing_more_never_raises_a_resistance(gains, chosen, more):
    fewer = gains.resistance(sorted(chosen))
    assert (gains.resistance(sorted(chosen | {more})) <= fewer * (1 + 1e-8)).all()


@few
@given(railways(), st.sets(st.integers(0, 5)))
def test_no_portfolio_gains_more_than_its_first_order_effect(gains, chosen):
    # resistance is convex in the conductances, so its tangent bounds how far it can fall
    before = gains.resistance()
    assume(np.isfinite(before).all())
    response, added = gains._nearly_closed, gains.openable.conductance(chosen)
    added = added - gains.openable.conductance()
    v = response.at_sites
    along = v[:, :, None] - v[:, None, :]
    bound = np.einsum("s,sij->ij", added, along**2)
    fall = before - gains.resistance(sorted(chosen))
    assert (fall <= bound * (1 + 1e-6) + 1e-9 * before).all()


@few
@given(railways(), st.permutations(range(6)))
def test_the_order_of_crossings_does_not_matter(gains, order):
    crossings = gains.crossings
    shuffled = type(crossings)(
        tuple(crossings.names[k] for k in order),
        crossings.costs[order],
        crossings.x[order],
        crossings.y[order],
        tuple(crossings.rows[k] for k in order),
        crossings.permeability[order],
    )
    again = CrossingGains(gains.stencil, gains.cuts, shuffled, gains.sites)
    assert np.allclose(again.gain_of_each(), gains.gain_of_each()[list(order)], atol=1e-12)
    here, there = best_portfolio(gains, most=2), best_portfolio(again, most=2)
    assert np.isclose(here.gain, there.gain, rtol=1e-9)


@few
@given(railways())
def test_more_crossings_never_give_less(gains):
    best = [best_portfolio(gains, most=most).gain for most in range(1, 7)]
    assert (np.diff(best) >= -1e-9 * max(best)).all()
    each = gains.gain_of_each()
    assert np.isclose(best[0], each.max(), rtol=1e-9)


@few
@given(railways())
def test_more_money_never_buys_less(gains):
    bought = [best_portfolio(gains, budget=budget).gain for budget in (3.0, 5.0, 8.0, 20.0)]
    assert (np.diff(bought) >= -1e-9 * max(bought)).all()
    everything = overall(gains.resistance(range(6)), "conductance")
    assert np.isclose(bought[-1], everything - overall(gains.resistance(), "conductance"))
