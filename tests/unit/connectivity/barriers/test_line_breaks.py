"""Holes of a map between the lines of one barrier."""

import geopandas as gpd
import pytest
import shapely

from kulan.connectivity.barriers.line_breaks import line_breaks
from kulan.errors import InvalidGeometryError, UnknownCrsError


def barrier(*coordinates, names=None, crs=None):
    n = len(coordinates)
    table = {"barrier_id": names or ["rail"] * n, "segment_id": [str(k) for k in range(n)]}
    return gpd.GeoDataFrame(table, geometry=[shapely.LineString(c) for c in coordinates], crs=crs)


def test_two_ends_that_face_each_other_are_one_hole():
    found = line_breaks(barrier([(0, 0), (5, 0)], [(5, 0.3), (9, 0)]), within=1)
    assert len(found) == 1
    # the way from the second line's end to the first, which runs along it for a while: 0.3 or less
    assert 0.29 < found["width"][0] <= 0.3


def test_two_holes_between_the_same_two_lines_are_both_told():
    upper, lower = [(0, 0.3), (0, 9), (9, 9), (9, 0.2)], [(0, 0), (0, -9), (9, -9), (9, 0)]
    found = line_breaks(barrier(upper, lower), within=1)
    assert found["width"].tolist() == pytest.approx([0.2, 0.3])


def test_an_end_short_of_the_middle_of_another_line_is_a_hole():
    found = line_breaks(barrier([(0, 0), (9, 0)], [(4, 0.2), (4, 8)]), within=1)
    assert found["width"].tolist() == pytest.approx([0.2])


def test_lines_that_touch_or_cross_have_no_hole():
    assert line_breaks(barrier([(0, 0), (5, 0)], [(5, 0), (9, 0)]), within=1).empty
    assert line_breaks(barrier([(0, 0), (9, 0)], [(4, 0), (4, 8)]), within=1).empty
    assert line_breaks(barrier([(0, 0), (9, 9)], [(0, 9), (9, 0)]), within=1).empty


def test_a_ring_has_no_ends():
    ring = [(0, 0), (1, 0), (1, 1), (0, 0)]
    assert line_breaks(barrier(ring, [(3, 0), (9, 0)]), within=1).empty


def test_holes_wider_than_asked_for_are_ends_of_the_barrier():
    assert line_breaks(barrier([(0, 0), (5, 0)], [(7, 0), (9, 0)]), within=1).empty


def test_lines_of_other_barriers_do_not_count():
    two = barrier([(0, 0), (5, 0)], [(5.1, 0), (9, 0)], names=["rail", "fence"])
    assert line_breaks(two, within=1).empty


def test_the_narrowest_comes_first():
    three = barrier([(0, 0), (1, 0)], [(1.5, 0), (3, 0)], [(3.2, 0), (9, 0)])
    assert line_breaks(three, within=1)["width"].tolist() == pytest.approx([0.2, 0.5])


@pytest.mark.parametrize("within", [0, -1, float("nan")])
def test_a_width_that_is_none_is_refused(within):
    with pytest.raises(InvalidGeometryError, match="within"):
        line_breaks(barrier([(0, 0), (5, 0)]), within=within)


def test_degrees_are_no_width():
    with pytest.raises(UnknownCrsError, match="degrees"):
        line_breaks(barrier([(0, 0), (5, 0)], crs="EPSG:4326"), within=1)
