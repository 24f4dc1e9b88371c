"""What holds for any alignment: how it is drawn changes nothing, more data takes nothing away."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    fill_box,
    make_alternative,
    make_areas,
    make_barriers,
    make_baseline,
    make_grid,
    make_habitat,
    make_user_layer,
)
from kulan.grids import cover_fractions
from kulan.places import WGS84, densify, local_crs, project
from kulan.screening import screen_alternatives
from kulan.screening.nearness import cut_pieces, nearest_m
from kulan.screening.patches import find_runs, join_runs, label_pieces

ON = date(2026, 11, 1)
UTM_41 = "EPSG:32641"
FEW = settings(max_examples=8)

longitudes = st.floats(61, 69).map(lambda x: round(x, 4))
latitudes = st.floats(43, 47).map(lambda y: round(y, 4))


@st.composite
def lines(draw):
    """A line of a few vertices over the two states, none of them at the same place."""
    count = draw(st.integers(2, 5))
    eastings = draw(st.lists(longitudes, min_size=count, max_size=count, unique=True))
    northings = draw(st.lists(latitudes, min_size=count, max_size=count, unique=True))
    # from west to east, so that it never crosses itself
    return shapely.LineString(list(zip(sorted(eastings), northings, strict=True)))


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    rng = np.random.default_rng(7)
    patchy = make_grid()
    for _ in range(60):
        west, south = rng.uniform(60, 69), rng.uniform(42, 47)
        patchy = fill_box(patchy, (west, south, west + 0.9, south + 0.7), int(rng.choice([1, 11])))
    return make_baseline(
        tmp_path_factory.mktemp("baseline"),
        {"saiga": patchy, "khulan": make_habitat((62, 43, 68, 47))},
        make_barriers(
            {"geometry": shapely.LineString([(63, 42.5), (63.4, 47.5)])},
            {"geometry": shapely.LineString([(61, 44), (69, 44.6)]), "barrier_type": "railway"},
        ),
        make_areas("key_area_id", {"geometry": shapely.Point(64, 45), "area_km2": 2000.0}),
    )


def screen(baseline, *shapes, layers=()):
    alternatives = [
        make_alternative(shape, f"a{number}", right_of_way_m=100.0)
        for number, shape in enumerate(shapes)
    ]
    return screen_alternatives(alternatives, baseline, on=ON, layers=layers)


def lengths(screening, number=0):
    """Every length of an alternative, by what it is a length of."""
    found = screening.alternatives[number]
    told = {("whole",): found.alternative.length.value}
    told |= {("state", one.iso3): one.length.value for one in found.states}
    for one in found.species:
        for row in one.exposures:
            told["crossed", one.species_id, row.iso3] = row.crossed.value
            told["marginal", one.species_id, row.iso3] = row.crossed_marginal.value
    return {key: value for key, value in told.items() if value}


def sums(*tables):
    keys = {key for table in tables for key in table}
    return {key: sum(table.get(key, 0.0) for table in tables) for key in keys}


@FEW
@given(line=lines())
def test_reversing_a_line_changes_no_figure_but_swaps_its_hands(baseline, line):
    one, other = screen(baseline, line), screen(baseline, line.reverse())
    assert lengths(one) == pytest.approx(lengths(other), abs=0.002)
    for a, b in zip(one.alternatives[0].species, other.alternatives[0].species, strict=True):
        if a.total_affected is not None:
            # the buffer is made of other pieces, whose round corners lie elsewhere
            assert a.total_affected.value == pytest.approx(b.total_affected.value, rel=1e-3)
        for before, after in zip(a.severances, b.severances, strict=True):
            assert before.smaller.value == pytest.approx(after.smaller.value, abs=0.01)
            if before.left is not None:
                assert before.left.value == pytest.approx(after.right.value, rel=2e-3, abs=1)


@FEW
@given(line=lines(), edge_deg=st.floats(0.005, 0.2))
def test_densifying_a_line_changes_no_length(baseline, line, edge_deg):
    fine = shapely.segmentize(line, edge_deg)
    assert lengths(screen(baseline, line)) == pytest.approx(
        lengths(screen(baseline, fine)), rel=1e-6, abs=0.005
    )


@FEW
@given(line=lines())
def test_a_line_that_went_through_another_projection_has_the_same_lengths(baseline, line):
    dense = shapely.segmentize(line, 0.05)
    back = project(project(dense, WGS84, UTM_41), UTM_41, WGS84)
    assert lengths(screen(baseline, dense)) == pytest.approx(
        lengths(screen(baseline, back)), rel=1e-6, abs=0.01
    )


@FEW
@given(line=lines(), share=st.floats(0.1, 0.9))
def test_the_lengths_of_two_parts_add_up_to_those_of_the_whole(baseline, line, share):
    fine = shapely.segmentize(line, 0.04)
    vertices = shapely.get_coordinates(fine)
    cut = min(max(int(len(vertices) * share), 1), len(vertices) - 2) if len(vertices) > 2 else None
    if cut is None:
        return
    first, second = vertices[: cut + 1], vertices[cut:]
    parts = screen(baseline, shapely.LineString(first), shapely.LineString(second))
    assert sums(lengths(parts, 0), lengths(parts, 1)) == pytest.approx(
        lengths(screen(baseline, fine)), rel=1e-6, abs=0.005
    )


@FEW
@given(line=lines())
def test_lengths_by_state_add_up_and_intervals_hold_their_value(baseline, line):
    found = screen(baseline, line).alternatives[0]
    assert sum(one.length.value for one in found.states) == pytest.approx(
        found.alternative.length.value, abs=0.005
    )
    for one in found.species:
        for row in one.exposures:
            assert row.crossed.low <= row.crossed.value <= row.crossed.high
            assert row.affected.low <= row.affected.value <= row.affected.high
            assert row.affected_share.value is None or 0 <= row.affected_share.value <= 1
            assert row.crossed.value + row.crossed_marginal.value <= (
                found.alternative.length.value + 0.01
            )
        for severance in one.severances:
            assert severance.larger.value + severance.smaller.value == pytest.approx(
                severance.habitat.value, abs=0.01
            )


@FEW
@given(
    line=lines(),
    boxes=st.lists(st.tuples(longitudes, latitudes), min_size=1, max_size=6),
    species_id=st.sampled_from(["saiga", "urial", None]),
    kind=st.sampled_from(["range", "corridor", "key_area", "other"]),
)
def test_adding_a_layer_removes_no_finding(baseline, line, boxes, species_id, kind):
    layer = make_user_layer(
        [shapely.box(x, y, x + 0.4, y + 0.3) for x, y in boxes], kind=kind, species_id=species_id
    )
    before = screen(baseline, line).alternatives[0]
    after = screen(baseline, line, layers=[layer]).alternatives[0]
    kept = {one.species_id: one for one in after.species}
    for one in before.species:
        assert set(one.exposures) <= set(kept[one.species_id].exposures)
        assert one.severances == kept[one.species_id].severances
    assert set(before.key_areas) <= set(after.key_areas)
    assert before.barriers == after.barriers
    assert before.cumulative == after.cumulative
    assert set(before.seasons) <= set(after.seasons)
    assert {one.measure_id for one in before.mitigation if one.measure_id} <= {
        one.measure_id for one in after.mitigation
    }
    assert set(before.rules) == set(after.rules)


@FEW
@given(line=lines())
def test_the_same_question_gets_the_same_answer(baseline, line):
    assert screen(baseline, line) == screen(baseline, line)


@given(
    spots=st.lists(st.tuples(longitudes, latitudes), min_size=3, max_size=8, unique=True),
    radius=st.floats(0.02, 0.8),
)
def test_covered_fractions_are_those_of_cell_by_cell_intersection(spots, radius):
    area = shapely.union_all([shapely.Point(spot).buffer(radius) for spot in spots])
    area = area.difference(shapely.Point(spots[0]).buffer(radius / 3))
    grid = make_grid()
    found = np.zeros(grid.values.shape)
    row, column, fraction = cover_fractions(area, grid)
    found[row, column] = fraction
    row, column = np.indices(grid.values.shape)
    west = grid.west + column * grid.cell_x_deg
    north = grid.north - row * grid.cell_y_deg
    cells = shapely.box(west, north - grid.cell_y_deg, west + grid.cell_x_deg, north)
    overlap = shapely.area(shapely.intersection(area, cells))
    assert np.abs(found - overlap / (grid.cell_x_deg * grid.cell_y_deg)).max() < 1e-9


@given(line=lines(), longitude=longitudes, latitude=latitudes)
def test_distances_are_those_of_an_equidistant_projection(line, longitude, latitude):
    point = shapely.Point(longitude, latitude)
    # distances from the centre of an azimuthal equidistant projection are exact
    flat = project(densify(line, 500.0), WGS84, local_crs(point))
    exact = shapely.distance(flat, shapely.Point(0, 0))
    assert float(nearest_m(cut_pieces(line), point)[0]) == pytest.approx(exact, rel=1e-3, abs=1)


@given(
    cells=st.lists(st.booleans(), min_size=63, max_size=63),
    east=st.lists(st.booleans(), min_size=56, max_size=56),
    south=st.lists(st.booleans(), min_size=54, max_size=54),
)
def test_pieces_are_those_found_by_walking_from_cell_to_cell(cells, east, south):
    mask = np.array(cells).reshape(7, 9)
    cut = np.array(east).reshape(7, 8), np.array(south).reshape(6, 9)
    runs = find_runs(mask, cut[0])
    joints = join_runs(runs, 9, (cut,))
    labels = label_pieces(len(runs), joints.one[joints.open[0]], joints.other[joints.open[0]])
    found = np.full(mask.shape, -1)
    for number in range(len(runs)):
        found[runs.row[number], runs.first[number] : runs.last[number] + 1] = labels[number]
    walked = walk_pieces(mask, cut)
    # the same partition: every label of one goes with one label of the other
    pairs = {(int(a), int(b)) for a, b in zip(found[mask], walked[mask], strict=True)}
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def walk_pieces(mask, cut):
    """Number connected cells one by one: the plain way."""
    east, south = cut
    number = np.full(mask.shape, -1)
    for start in zip(*np.nonzero(mask), strict=True):
        if number[start] >= 0:
            continue
        waiting, label = [start], number.max() + 1
        while waiting:
            r, c = waiting.pop()
            if number[r, c] >= 0:
                continue
            number[r, c] = label
            if c + 1 < mask.shape[1] and mask[r, c + 1] and not east[r, c]:
                waiting.append((r, c + 1))
            if c > 0 and mask[r, c - 1] and not east[r, c - 1]:
                waiting.append((r, c - 1))
            if r + 1 < mask.shape[0] and mask[r + 1, c] and not south[r, c]:
                waiting.append((r + 1, c))
            if r > 0 and mask[r - 1, c] and not south[r - 1, c]:
                waiting.append((r - 1, c))
    return number
