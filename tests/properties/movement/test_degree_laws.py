"""Laws of shapes that leave a plane for longitude and latitude."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from kulan.assessment.movement.degrees import in_degrees
from kulan.movement.planes import plane_around

EARTH = Geod(ellps="WGS84")
longitudes = st.floats(-180, 180) | st.floats(179, 180) | st.floats(-180, -179)
latitudes = st.floats(-70, 70)


@st.composite
def areas(draw):
    """Stars about the middle of a plane, up to 200 km wide, some with a hole."""
    reaches = np.array(draw(st.lists(st.floats(2e3, 1e5), min_size=3, max_size=9)))
    angle = np.linspace(0, 2 * np.pi, len(reaches), endpoint=False)
    shell = np.column_stack([reaches * np.cos(angle), reaches * np.sin(angle)])
    shape = shapely.Polygon(shell)
    return shape.difference(shapely.Point(0, 0).buffer(draw(st.sampled_from([0.0, 500.0]))))


@given(areas(), longitudes, latitudes)
def test_a_shape_in_degrees_has_the_area_it_had_in_its_plane(shape, longitude, latitude):
    made = in_degrees(shape, plane_around([longitude], [latitude]))
    area, _ = EARTH.geometry_area_perimeter(made)
    assert abs(area) == pytest.approx(shape.area, rel=1e-4)
    x = shapely.get_coordinates(made)[:, 0]
    assert x.min() >= -180
    assert x.max() <= 180
    for ring in shapely.get_rings(made):
        assert np.abs(np.diff(shapely.get_coordinates(ring)[:, 0])).max() < 180
    assert shapely.is_valid(made)


@given(areas(), latitudes)
def test_where_the_meridian_lies_changes_no_area(shape, latitude):
    here, there = (in_degrees(shape, plane_around([x], [latitude])) for x in (100.0, 180.0))
    areas = [EARTH.geometry_area_perimeter(one)[0] for one in (here, there)]
    assert areas[0] == pytest.approx(areas[1], rel=1e-6)
