"""Lengths, areas, buffers and distances on the ellipsoid."""

import numpy as np
import pytest
import shapely

from kulan import places
from kulan.errors import InvalidGeometryError


def test_a_degree_of_latitude_is_its_textbook_length():
    # meridian arc 45°-46° N on WGS 84: 111 141.5 m
    line = shapely.LineString([(60, 45), (60, 46)])
    assert places.length_m(line)[0] == pytest.approx(111_141.5, abs=0.1)


def test_parts_of_a_multi_line_add_up_and_gaps_do_not_count():
    one = shapely.LineString([(60, 45), (61, 45)])
    two = shapely.LineString([(70, 45), (71, 45)])
    both = shapely.MultiLineString([one, two])
    assert places.length_m(both)[0] == pytest.approx(places.length_m([one, two]).sum())


def test_empty_lines_and_points_have_no_length():
    assert places.length_m([shapely.LineString(), shapely.Point(60, 45)]).tolist() == [0, 0]


def test_a_polygon_is_measured_along_its_ring():
    box = shapely.box(60, 45, 61, 46)
    assert places.length_m(box)[0] == pytest.approx(places.length_m(box.exterior)[0])


def test_area_agrees_with_the_geodesic_area():
    box = places.densify(shapely.box(100, 20, 103, 22))
    geodesic_m2, _ = places._GEOD.geometry_area_perimeter(box)
    assert places.area_km2(box)[0] == pytest.approx(geodesic_m2 / 1e6, rel=1e-6)


@pytest.mark.parametrize("longitude", [41, 88, 134])
def test_a_buffered_point_is_a_circle_everywhere_in_the_region(longitude):
    circle = places.buffer_m(shapely.Point(longitude, 50), 10_000)
    # a 64-sided polygon inside the circle covers 99.84 % of it
    assert places.area_km2(circle)[0] == pytest.approx(np.pi * 100, rel=0.002)


def test_a_long_buffer_is_as_wide_at_its_ends_as_in_the_middle():
    line = shapely.LineString([(50, 45), (90, 45)])
    zone = places.buffer_m(line, 20_000)
    for longitude in (50.0, 70.0, 90.0):
        meridian = shapely.LineString([(longitude, 40), (longitude, 50)])
        across = places.length_m(shapely.intersection(zone, meridian))[0]
        assert across == pytest.approx(40_000, rel=0.002)


def test_a_buffer_of_nothing_is_refused_below_zero():
    with pytest.raises(InvalidGeometryError, match="must not be negative"):
        places.buffer_m(shapely.Point(60, 45), -1)


def test_a_polygon_lies_within_its_own_buffer():
    box = shapely.box(60, 45, 61, 46)
    assert places.buffer_m(box, 1000).covers(box)


def test_an_empty_shape_has_no_bounds():
    with pytest.raises(InvalidGeometryError, match="empty"):
        places.bounds_of(shapely.Point())


def test_densifying_by_nothing_is_refused():
    with pytest.raises(InvalidGeometryError, match="must be positive"):
        places.densify(shapely.Point(0, 0), 0)


def test_bounds_that_share_an_edge_overlap():
    left, right = places.Bounds(0, 0, 1, 1), places.Bounds(1, 0, 2, 1)
    assert left.overlaps(right)
    assert not left.overlaps(places.Bounds(1.1, 0, 2, 1))
    assert left.overlaps(places.Bounds(1.1, 0, 2, 1).grown(0.2))
