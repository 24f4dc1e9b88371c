"""What a vector tile shows, read back by a decoder that is not ours."""

import time
from datetime import date
from itertools import pairwise

import mapbox_vector_tile
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from kulan.errors import InvalidTableError, UnknownNameError
from kulan.exchange import TileLayer, encode_tile, pixel_deg, tile_bounds


def decoded(tile: bytes) -> dict:
    return mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})


def features(*geometries, z=0, x=0, y=0, buffer=64, **columns) -> list:
    tile = encode_tile(z, x, y, [TileLayer("one", geometries, columns)], buffer=buffer)
    return decoded(tile)["one"]["features"] if tile else []


def coordinates(*geometries, **where) -> list:
    return [one["geometry"]["coordinates"] for one in features(*geometries, **where)]


# --- where things are ---------------------------------------------------------------------------


def test_the_origin_lies_in_the_middle_of_the_world():
    assert coordinates(shapely.Point(0, 0)) == [[2048, 2048]]


@pytest.mark.parametrize(
    ("longitude", "latitude", "at"),
    [
        (-90, 0, [1024, 2048]),
        (90, 66.51326044311186, [3072, 1024]),  # arctan(sinh(pi / 2)): half-way to the edge
        (90, -66.51326044311186, [3072, 3072]),
    ],
)
def test_positions_known_by_hand(longitude, latitude, at):
    assert coordinates(shapely.Point(longitude, latitude)) == [at]


def test_a_tile_starts_at_its_north_west_corner():
    west, _, _, north = tile_bounds(6, 45, 22)
    assert coordinates(shapely.Point(west, north), z=6, x=45, y=22) == [[0, 0]]


def test_the_bounds_of_the_world_are_a_square():
    assert tile_bounds(0, 0, 0) == pytest.approx((-180, -85.0511287798066, 180, 85.0511287798066))


def test_neighbours_share_an_edge():
    assert tile_bounds(5, 20, 11)[2] == tile_bounds(5, 21, 11)[0]
    assert tile_bounds(5, 20, 11)[1] == tile_bounds(5, 20, 12)[3]


def test_a_pixel_halves_with_each_zoom():
    assert pixel_deg(3) == 360 / 512 / 8
    assert pixel_deg(3, tile_px=256) == 2 * pixel_deg(3)


@pytest.mark.parametrize(
    ("z", "x", "y"), [(-1, 0, 0), (0, 1, 0), (3, 0, 8), (3, -1, 0), (31, 0, 0), (2, 1.5, 0)]
)
def test_a_tile_that_does_not_exist_is_refused(z, x, y):
    with pytest.raises(UnknownNameError, match="There is no tile"):
        encode_tile(z, x, y, [])


# --- shapes -------------------------------------------------------------------------------------


def test_a_line_keeps_its_direction():
    assert coordinates(shapely.LineString([(-90, 0), (0, 0), (90, 0)])) == [
        [[1024, 2048], [2048, 2048], [3072, 2048]]
    ]


def test_a_line_is_cut_at_the_edge_of_the_buffer():
    line = shapely.LineString([(-90, 1e-9), (90, 1e-9)])
    assert coordinates(line, z=1, x=1, y=0, buffer=10) == [[[-10, 4096], [2048, 4096]]]


def test_a_line_that_leaves_and_comes_back_is_one_feature():
    line = shapely.LineString([(10, 10), (-20, 10), (-20, 20), (10, 20)])
    (only,) = features(line, z=1, x=1, y=0)
    assert only["geometry"]["type"] == "MultiLineString"


def test_points_that_fall_together_are_said_once():
    assert coordinates(shapely.LineString([(0, 0), (1e-6, 0), (90, 0), (90, 1e-6)])) == [
        [[2048, 2048], [3072, 2048]]
    ]


def test_a_feature_too_small_to_see_vanishes():
    tiny = [shapely.LineString([(5, 5), (5.0001, 5)]), shapely.box(5, 5, 5.0001, 5.0001)]
    assert features(*tiny) == []


def test_a_point_beyond_the_buffer_is_left_out():
    west, south, east, north = tile_bounds(3, 5, 2)
    unit = (east - west) / 4096
    near = shapely.Point(west - 60 * unit, (south + north) / 2)
    far = shapely.Point(west - 70 * unit, (south + north) / 2)
    assert [one[0] for one in coordinates(near, far, z=3, x=5, y=2)] == [-60]


def test_a_box_is_wound_clockwise_on_the_screen():
    tile = encode_tile(0, 0, 0, [TileLayer("one", [shapely.box(-90, -50, 90, 50)])])
    (ring,) = decoded(tile)["one"]["features"][0]["geometry"]["coordinates"]
    # y grows downwards, so that a clockwise ring has an area above 0
    assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) > 0


@pytest.mark.parametrize("turn", [False, True])
def test_a_hole_stays_a_hole_however_it_was_wound(turn):
    holed = shapely.box(-90, -60, 90, 60).difference(shapely.box(-45, -30, 45, 30))
    holed = shapely.reverse(holed) if turn else holed
    (only,) = features(holed)
    assert only["geometry"]["type"] == "Polygon"
    shell, hole = (shapely.Polygon(ring).area for ring in only["geometry"]["coordinates"])
    assert shell > hole
    assert shape(only["geometry"]).area == pytest.approx(shell - hole)


def test_a_hole_too_small_to_see_is_filled():
    holed = shapely.box(-9, -9, 9, 9).difference(shapely.box(0, 0, 1e-4, 1e-4))
    assert len(coordinates(holed)[0]) == 1


def test_a_polygon_larger_than_the_tile_covers_it():
    (only,) = coordinates(shapely.box(-170, -80, 170, 80), z=4, x=11, y=6)
    assert shapely.Polygon(only[0]).equals(shapely.box(-64, -64, 4160, 4160))


def test_several_polygons_stay_one_feature():
    both = shapely.MultiPolygon([shapely.box(-50, 0, -20, 20), shapely.box(20, 0, 50, 20)])
    (only,) = features(both)
    assert only["geometry"]["type"] == "MultiPolygon"
    assert len(only["geometry"]["coordinates"]) == 2


def test_a_collection_becomes_a_feature_for_each_kind_with_the_same_id():
    inner = shapely.GeometryCollection([shapely.LineString([(0, 0), (40, 0)])])
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 40, 40), inner, shapely.Point(1, 1)])
    layer = TileLayer("one", [shapely.Point(2, 2), mixed], {"name": ["a", "b"]}, ids=[3, 9])
    found = decoded(encode_tile(0, 0, 0, [layer]))["one"]["features"]
    assert [(one["id"], one["geometry"]["type"], one["properties"]["name"]) for one in found] == [
        (3, "Point", "a"),
        (9, "Point", "b"),
        (9, "LineString", "b"),
        (9, "Polygon", "b"),
    ]


def test_features_keep_their_order_whatever_their_kind():
    shapes = [shapely.box(0, 0, 9, 9), shapely.Point(1, 1), shapely.LineString([(0, 0), (9, 9)])]
    found = features(*shapes, n=[0, 1, 2])
    assert [one["properties"]["n"] for one in found] == [0, 1, 2]


def test_a_closed_ring_is_drawn_as_a_line():
    ring = shapely.LinearRing([(0, 0), (40, 0), (40, 40)])
    assert features(ring)[0]["geometry"]["type"] == "LineString"


# --- what is awkward ----------------------------------------------------------------------------


def test_nothing_to_show_is_no_bytes():
    empty = [None, shapely.Point(), shapely.Polygon(), shapely.MultiLineString()]
    assert encode_tile(0, 0, 0, [TileLayer("one", empty), TileLayer("two", [])]) == b""


def test_positions_that_are_no_numbers_are_left_out():
    with np.errstate(invalid="ignore"):
        broken = [shapely.Point(np.nan, 1), shapely.LineString([(0, 0), (np.inf, 5)])]
    assert coordinates(*broken, shapely.Point(0, 0)) == [[2048, 2048]]


def test_a_bow_tie_shows_both_its_wings():
    tie = shapely.Polygon([(-40, -20), (40, 20), (40, -20), (-40, 20)])
    (only,) = features(tie)
    assert shape(only["geometry"]).is_valid
    assert shape(only["geometry"]).area == pytest.approx(455 * 464, rel=0.01)


def test_a_polygon_that_rounding_spoils_is_mended():
    # a spike thinner than a unit, which rounding folds onto the ring
    unit = 360 / 4096
    corners = [(0, 0), (10, 0), (10, 4.9), (19, 5), (10, 5.1), (10, 10), (0, 10)]
    spiked = shapely.Polygon([(a * unit, b * unit) for a, b in corners])
    (only,) = features(spiked)
    assert shape(only["geometry"]).is_valid
    assert shape(only["geometry"]).area == pytest.approx(100, rel=0.1)


def test_a_pole_is_cut_at_the_edge_of_the_map():
    (only,) = coordinates(shapely.box(-180, 60, 180, 90), buffer=0)
    assert np.min(only[0], axis=0).tolist() == [0, 0]
    assert np.max(only[0], axis=0)[0] == 4096


def test_a_point_at_the_pole_is_on_no_map():
    assert features(shapely.Point(0, 90), shapely.Point(0, -90)) == []


def test_what_lies_beyond_180_degrees_is_found_on_the_other_side():
    beyond = shapely.Point(182, 0)
    same = shapely.Point(-178, 0)
    assert coordinates(beyond, z=2, x=0, y=2) == coordinates(same, z=2, x=0, y=2)


def test_the_buffer_reaches_around_the_antimeridian():
    unit = 90 / 4096
    assert coordinates(shapely.Point(180 - 5 * unit, -1), z=2, x=0, y=2)[0][0] == -5


# --- properties ---------------------------------------------------------------------------------


def test_values_keep_their_types():
    cells = ["x", 1, 1.0, True, -3, 2**63, -(2**63), 0.5, date(2026, 5, 1)]
    found = features(*[shapely.Point(0, 0)] * len(cells), v=cells)
    read = [one["properties"]["v"] for one in found]
    assert read == [*cells[:-1], "2026-05-01"]
    assert [type(one) for one in read] == [str, int, float, bool, int, int, int, float, str]


def test_what_is_not_known_is_left_out():
    cells = [None, float("nan"), pd.NA, pd.NaT, [], "known"]
    found = features(*[shapely.Point(0, 0)] * len(cells), v=cells)
    assert [one["properties"] for one in found] == [{}] * 5 + [{"v": "known"}]


def test_a_list_is_joined():
    found = features(shapely.Point(0, 0), who=[["Equus hemionus", "Saiga tatarica"]])
    assert found[0]["properties"] == {"who": "Equus hemionus;Saiga tatarica"}


@pytest.mark.parametrize(
    ("column", "read"),
    [
        (np.array([3, -4], dtype="int16"), [3, -4]),
        (np.array([0.5, 2], dtype="float32"), [0.5, 2.0]),
        (np.array([True, False]), [True, False]),
        (np.array(["сайгак", "куланы"]), ["сайгак", "куланы"]),
        (
            np.array(["2026-05", "2026-06"], dtype="datetime64[M]"),
            ["2026-05", "2026-06"],
        ),
        (pd.Series(["a", "b"]), ["a", "b"]),
    ],
)
def test_columns_of_arrays_are_read_as_they_are(column, read):
    found = features(shapely.Point(0, 0), shapely.Point(1, 1), v=column)
    assert [one["properties"]["v"] for one in found] == read


@pytest.mark.parametrize(
    "cells",
    [
        np.arange(900) % 7,
        np.where(np.arange(900) % 3, np.arange(900) / 8, np.nan),
        np.where(np.arange(900) % 3, np.inf, 0.5).astype("float16"),
        np.arange(900) % 2 == 0,
        ["a", None, "b"] * 300,
        [1, 1.0, True, "1", None, -1] * 150,
    ],
)
def test_long_columns_say_what_short_ones_say(cells):
    long = features(*[shapely.Point(0, 0)] * 900, v=cells)
    short = [features(shapely.Point(0, 0), v=cells[row : row + 1])[0] for row in range(0, 900, 7)]
    assert [str(one["properties"]) for one in long[::7]] == [
        str(one["properties"]) for one in short
    ]


def test_a_missing_day_is_left_out():
    days = np.array(["2026-05-01", "NaT"], dtype="datetime64[D]")
    found = features(shapely.Point(0, 0), shapely.Point(1, 1), v=days)
    assert [one["properties"] for one in found] == [{"v": "2026-05-01"}, {}]


def test_a_value_is_stored_once():
    many = [shapely.Point(0, 0)] * 50
    tile = encode_tile(0, 0, 0, [TileLayer("one", many, {"v": ["a long enough text"] * 50})])
    assert tile.count(b"a long enough text") == 1


def test_columns_go_with_the_features_that_are_shown():
    west, south, east, north = tile_bounds(3, 5, 2)
    inside = shapely.Point((west + east) / 2, (south + north) / 2)
    layer = TileLayer("one", [shapely.Point(0, 0), None, inside], {"n": [0, 1, 2]}, ids=[7, 8, 9])
    (only,) = decoded(encode_tile(3, 5, 2, [layer]))["one"]["features"]
    assert (only["id"], only["properties"]) == (9, {"n": 2})


def test_layers_keep_their_names_and_extent():
    layers = [TileLayer(name, [shapely.Point(0, 0)]) for name in ("миграции", "fences")]
    found = decoded(encode_tile(0, 0, 0, layers, extent=512))
    assert list(found) == ["миграции", "fences"]
    assert found["fences"]["extent"] == 512
    assert found["fences"]["features"][0]["geometry"]["coordinates"] == [256, 256]


def test_columns_of_another_length_are_refused():
    with pytest.raises(InvalidTableError, match="2 values of 'n'"):
        TileLayer("one", [shapely.Point(0, 0)], {"n": [1, 2]})


def test_ids_below_nought_are_refused():
    with pytest.raises(InvalidTableError, match="below 0"):
        TileLayer("one", [shapely.Point(0, 0)], ids=[-1])


def test_two_layers_of_one_name_are_refused():
    with pytest.raises(InvalidTableError, match="same name"):
        encode_tile(0, 0, 0, [TileLayer("one", []), TileLayer("one", [])])


# --- size and speed -----------------------------------------------------------------------------


def test_a_line_of_many_points_is_thinned_by_no_more_than_a_quarter_of_a_pixel():
    along = np.linspace(-90, 90, 5000)
    wavy = shapely.LineString(np.column_stack([along, 20 * np.sin(along / 10)]))
    (thinned,) = coordinates(wavy)
    exact = [[2048 + 4096 * lon / 360, _y(lat)] for lon, lat in wavy.coords]
    assert len(thinned) < 300
    # two units are a quarter of a pixel, and rounding takes less than one
    assert shapely.hausdorff_distance(
        shapely.LineString(thinned), shapely.LineString(exact)
    ) == pytest.approx(0, abs=3)


def _y(latitude: float) -> float:
    return 2048 - 4096 * np.arcsinh(np.tan(np.radians(latitude))) / (2 * np.pi)


def test_a_hundred_thousand_points_take_less_than_seconds():
    lon_lat = np.random.default_rng(3).uniform((46, 35), (120, 55), (100_000, 2))
    layer = TileLayer("fixes", shapely.points(lon_lat), {"n": np.arange(100_000) % 9})
    started = time.process_time()
    tile = encode_tile(0, 0, 0, [layer])
    assert time.process_time() - started < 3
    assert len(tile) > 1_000_000
