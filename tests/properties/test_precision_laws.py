"""What must hold for any shape at any level of precision."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from kulan.atlas import precision as precision_module
from kulan.atlas.precision import (
    Precision,
    coordinate_uncertainty_m,
    generalise_dates,
    generalise_geometry,
    generalise_rows,
)

LEVELS = [Precision.P0_001, Precision.P0_01, Precision.P0_1, Precision.P1]
GEOD = Geod(ellps="WGS84")

levels = st.sampled_from(LEVELS)
longitudes = st.floats(-180, 180)
latitudes = st.floats(-90, 90)
points = st.builds(shapely.Point, longitudes, latitudes)

# corners of cells and places a hair beside them are where grids go wrong
near_edges = st.builds(
    lambda whole, beside: whole / 1000 + beside,
    st.integers(60_000, 60_200),
    st.sampled_from([0.0, 0.0, 1e-7, -1e-7, 5e-4, 1.2345e-4]),
)
edge_points = st.tuples(near_edges, near_edges)
lines = st.lists(edge_points, min_size=2, max_size=6).map(shapely.LineString)
polygons = (
    st.lists(edge_points, min_size=3, max_size=7, unique=True)
    .map(shapely.Polygon)
    .filter(lambda shape: shape.is_valid and shape.area > 1e-8)
)
multis = st.one_of(
    st.lists(edge_points, min_size=1, max_size=6).map(shapely.MultiPoint),
    st.lists(lines, min_size=1, max_size=3).map(shapely.MultiLineString),
    st.lists(polygons, min_size=1, max_size=2).map(shapely.MultiPolygon),
    st.tuples(lines, polygons).map(shapely.GeometryCollection),
)
shapes = st.one_of(edge_points.map(shapely.Point), lines, polygons, multis)


def one(shape, precision):
    return generalise_geometry(shape, precision)[0]


@given(points, levels)
def test_a_point_lies_in_the_cell_it_is_given_as(point, precision):
    given_as, half = one(point, precision), precision.cell_deg / 2
    assert abs(given_as.x - point.x) <= half + 1e-7
    assert abs(given_as.y - point.y) <= half + 1e-7


@given(st.one_of(points, shapes), levels)
@settings(deadline=None, max_examples=50)
def test_to_generalise_again_changes_nothing(shape, precision):
    once = one(shape, precision)
    assert one(once, precision).wkb == once.wkb


@given(st.one_of(points, shapes), levels, levels)
@settings(deadline=None, max_examples=50)
def test_a_coarse_rendition_is_made_of_the_finer_one_alone(shape, this, that):
    # so whoever holds both holds no more than the finer
    fine, coarse = min(this, that), max(this, that)
    assert one(one(shape, fine), coarse).wkb == one(shape, coarse).wkb


@given(lines, levels)
@settings(deadline=None, max_examples=50)
def test_the_cells_of_a_line_cover_it(line, precision):
    assert one(line, precision).buffer(1e-6).covers(line)


@given(polygons, levels)
@settings(deadline=None, max_examples=50)
def test_the_cells_of_a_polygon_cover_it_and_reach_no_further_than_a_cell(polygon, precision):
    shapes_given, (level,) = precision_module._generalised(polygon, precision)
    given_as, size = shapes_given[0], Precision(level).cell_deg
    assert given_as.buffer(1e-6).covers(polygon)
    reach = shapely.box(*polygon.bounds).buffer(size + 1e-6, cap_style="square", join_style="mitre")
    assert reach.covers(given_as)


@given(polygons)
@settings(deadline=None, max_examples=40)
def test_the_cells_of_a_polygon_are_those_a_plain_look_at_each_cell_finds(polygon):
    # in whole units the corners of the grid are exact, and so is this slow way
    units = shapely.transform(polygon, lambda xy: np.rint(xy * 1e7))
    assume(units.is_valid)
    west, south, east, north = (int(edge // 1e5) for edge in units.bounds)
    cells = [
        shapely.box(x * 1e5, y * 1e5, (x + 1) * 1e5, (y + 1) * 1e5)
        for x in range(west - 1, east + 2)
        for y in range(south - 1, north + 2)
    ]
    overlapped = [cell for cell in cells if shapely.relate_pattern(units, cell, "T********")]
    expected = shapely.transform(shapely.union_all(overlapped), lambda xy: xy / 1e7)
    assert one(polygon, Precision.P0_01).normalize().equals(expected)


@given(shapes, levels)
@settings(deadline=None, max_examples=50)
def test_every_corner_of_a_rendition_is_a_corner_or_centre_of_the_grid(shape, precision):
    half = precision.cell_deg / 2
    steps = shapely.get_coordinates(one(shape, precision)) / half
    assert np.allclose(steps, np.rint(steps), atol=1e-5)


@given(points, levels, st.floats(0.1, 5000))
def test_the_circle_of_uncertainty_holds_the_whole_cell(point, precision, own):
    centre = one(point, precision)
    (radius,) = coordinate_uncertainty_m(point, precision, own)
    _, _, away = GEOD.inv(centre.x, centre.y, point.x, point.y)
    assert away + own <= radius + 0.05
    assert coordinate_uncertainty_m(centre, precision, own)[0] == radius
    half = precision.cell_deg / 2
    for u in np.linspace(-half, half, 5):
        for v in np.linspace(-half, half, 5):
            _, _, reach = GEOD.inv(centre.x, centre.y, centre.x + u, centre.y + v)
            assert reach + own <= radius


@given(st.dates(), st.dates(), st.sampled_from(list(Precision)[:5]))
def test_dates_keep_their_order_when_made_coarse(one_day, other_day, precision):
    first, last = sorted([one_day, other_day])
    before, after = generalise_dates(first, last, precision)
    assert before <= after
    assert generalise_dates(before, after, precision) == (before, after)


# --- an attacker -----------------------------------------------------------------------------

inside_one_cell = st.lists(
    st.tuples(st.floats(77.1001, 77.1999), st.floats(42.9001, 42.9999)), min_size=2, max_size=8
)


def table(places, **columns):
    count = len(places)
    return gpd.GeoDataFrame(
        {"species_id": ["snow_leopard"] * count, "observer": ["A"] * count, **columns},
        geometry=shapely.points(places),
        crs="EPSG:4326",
    )


def read_by_an_outsider(frame, precision=Precision.P0_1, **options):
    rows, _ = generalise_rows(frame, precision, public_columns=("species_id", "kind"), **options)
    return rows


@given(inside_one_cell)
@settings(deadline=None, max_examples=50)
def test_bisection_never_parts_two_points_of_one_cell(places):
    rows = read_by_an_outsider(table(places))
    west, south, east, north = 77.0, 42.0, 78.0, 43.0
    for _ in range(40):
        middle = (west + east) / 2
        left = rows.intersects(shapely.box(west, south, middle, north))
        right = rows.intersects(shapely.box(middle, south, east, north))
        assert left.all() or not left.any()
        assert right.all() or not right.any()
        west, east = (west, middle) if left.any() else (middle, east)


@given(inside_one_cell, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=50)
def test_where_in_the_cell_and_in_which_order_rows_stood_changes_nothing(places, random):
    kinds = [f"kind {number % 3}" for number in range(len(places))]
    days = [f"2024-05-{number + 1:02d}" for number in range(len(places))]
    frame = table(places, kind=kinds, valid_from=days)
    elsewhere = list(places)
    random.shuffle(elsewhere)
    moved = table(elsewhere, kind=kinds, valid_from=list(reversed(days)))
    order = list(range(len(places)))
    random.shuffle(order)
    told = read_by_an_outsider(frame)
    assert told.to_json() == read_by_an_outsider(moved).to_json()
    assert told.to_json() == read_by_an_outsider(frame.iloc[order]).to_json()


@given(inside_one_cell)
@settings(deadline=None, max_examples=50)
def test_two_releases_of_animals_that_moved_inside_their_cell_do_not_differ(places):
    earlier, later = table(places), table([places[0], *places[:-1]])
    assert read_by_an_outsider(earlier).to_json() == read_by_an_outsider(later).to_json()


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8), st.sampled_from(LEVELS[2:]))
@settings(deadline=None, max_examples=50)
def test_no_column_of_a_rendition_puts_rows_of_one_cell_in_order(own, precision):
    places = [(77.15, 42.95 + number * 1e-5) for number, _ in enumerate(own)]
    days = [f"2024-05-{number + 1:02d}" for number, _ in enumerate(own)]
    frame = table(places, coordinateUncertaintyInMeters=own, valid_from=days)
    rows = read_by_an_outsider(frame, precision)
    for name in rows.columns.drop(["geometry", "coordinateUncertaintyInMeters"]):
        assert rows[name].nunique(dropna=False) == 1
    # an uncertainty of some metres disappears in steps of a hundred and a thousand
    assert rows["coordinateUncertaintyInMeters"].nunique() <= 2


def test_the_limit_on_cells_depends_on_the_cells_alone(monkeypatch):
    monkeypatch.setattr(precision_module, "MOST_CELLS", 10)
    straight = shapely.LineString([(60.005, 45.005), (60.155, 45.005)])
    winding = shapely.LineString([(60.005, 45.005), (60.009, 45.001), (60.155, 45.009)])
    assert one(straight, Precision.P0_01).wkb == one(winding, Precision.P0_01).wkb
    assert one(straight, Precision.P0_01).bounds == pytest.approx((60.0, 45.0, 60.2, 45.1))
