"""What must hold for any shapes on any vector tile."""

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from kulan.exchange import TileLayer, encode_tile
from kulan.exchange.web_mercator import to_tile_units

BOX = shapely.box(-64, -64, 4160, 4160)
Z, X, Y = 5, 22, 11
# one and a half tiles around 67.5..78.75 E, 40.98..48.92 N
places = st.tuples(st.floats(62, 84), st.floats(37, 53))
rings = st.lists(places, min_size=3, max_size=30, unique=True)
points = places.map(shapely.Point)
lines = st.lists(places, min_size=2, max_size=30, unique=True).map(shapely.LineString)
# stars around a middle: never crossing themselves
stars = st.builds(
    lambda middle, radii: shapely.Polygon(
        [
            (middle[0] + r * np.cos(angle), middle[1] + r * np.sin(angle))
            for r, angle in zip(
                radii, np.linspace(0, 2 * np.pi, len(radii), endpoint=False), strict=True
            )
        ]
    ),
    places,
    st.lists(st.floats(0.1, 6), min_size=3, max_size=40),
)
tangles = rings.map(shapely.Polygon)
multis = st.one_of(
    st.lists(points, min_size=1, max_size=6).map(shapely.MultiPoint),
    st.lists(lines, min_size=1, max_size=4).map(shapely.MultiLineString),
    st.lists(st.one_of(stars, tangles), min_size=1, max_size=4).map(shapely.MultiPolygon),
)
anything = st.recursive(
    st.one_of(points, lines, stars, tangles, multis, st.just(shapely.Polygon())),
    lambda inner: st.lists(inner, max_size=4).map(shapely.GeometryCollection),
    max_leaves=6,
)
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])),
)


def shown(*geometries, z=Z, x=X, y=Y) -> list:
    tile = encode_tile(z, x, y, [TileLayer("one", geometries)])
    if not tile:
        return []
    read = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
    return [shape(one["geometry"]) for one in read["one"]["features"]]


def exact(geometry) -> shapely.Geometry:
    """Put a shape into units of the tile and cut it, slowly and without rounding."""
    placed = shapely.transform(geometry, lambda at: to_tile_units(at, Z, X, Y, 4096))
    return shapely.make_valid(placed).intersection(BOX)


@given(stars)
def test_a_polygon_keeps_its_area(star):
    expected = exact(star)
    found = shapely.union_all(shown(star))
    # a unit of rounding and two of thinning along the outline, or one per cent
    assert found.area == pytest.approx(expected.area, rel=0.01, abs=3 * expected.length + 9)
    if expected.area > 400_000:
        assert found.area == pytest.approx(expected.area, rel=0.01)


@given(st.one_of(stars, tangles, multis, anything))
def test_polygons_are_valid_and_within_the_buffer(geometry):
    for found in shown(geometry):
        assert found.is_valid or found.geom_type not in ("Polygon", "MultiPolygon")
        assert BOX.covers(shapely.box(*found.bounds))


@given(st.one_of(stars, lines))
def test_outlines_are_where_they_were(geometry):
    expected = exact(geometry)
    for found in shown(geometry):
        assert expected.buffer(4).covers(found)


@given(lines)
def test_no_part_of_a_line_is_lost(line):
    expected = exact(line)
    found = shapely.union_all(shown(line))
    # what shrinks to a place may vanish
    assert expected.length < 8 or found.buffer(5).covers(expected)


@given(st.lists(points, min_size=1, max_size=20))
def test_every_point_inside_is_shown_once(many):
    placed = [exact(point) for point in many]
    expected = [np.rint([point.x, point.y]) for point in placed if not point.is_empty]
    assert [[point.x, point.y] for point in shown(*many)] == [at.tolist() for at in expected]


@given(anything, st.integers(0, 12))
def test_any_shape_gives_a_tile_at_any_zoom_twice_the_same(geometry, z):
    x, y = (2**z * np.array([0.7, 0.36])).astype(int).tolist()
    layer = TileLayer("one", [geometry, geometry], {"n": [1, "a"]}, ids=[1, 2])
    tile = encode_tile(z, x, y, [layer])
    assert tile == encode_tile(z, x, y, [layer])
    read = mapbox_vector_tile.decode(tile) if tile else {"one": {"features": []}}
    assert {one["id"] for one in read["one"]["features"]} in ({1, 2}, set())


@given(st.lists(st.tuples(cells, cells, st.integers(0, 2**63)), min_size=1, max_size=12))
def test_properties_come_back_as_they_were(rows):
    first, second, ids = zip(*rows, strict=True)
    geometries = [shapely.Point(70, 45)] * len(rows)
    layer = TileLayer("one", geometries, {"a": first, "b": second}, ids=ids)
    tile = encode_tile(Z, X, Y, [layer])
    found = mapbox_vector_tile.decode(tile)["one"]["features"]
    for one, (a, b, number) in zip(found, rows, strict=True):
        expected = {key: cell for key, cell in (("a", a), ("b", b)) if cell is not None}
        assert one["id"] == number
        assert one["properties"] == expected
        assert [type(cell) for cell in one["properties"].values()] == [
            type(cell) for cell in expected.values()
        ]
