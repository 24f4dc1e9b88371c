"""Shapes in the database are found where they lie, on either database."""

import pytest
import shapely

from builders_of_the_web import make_layer, make_point, make_version
from kulan.web.catalogue.models import Rendition


@pytest.fixture
def version(db):  # noqa: ARG001
    return make_version(make_layer())


def test_a_shape_comes_back_as_it_went_in(version):
    make_point(version, 103.1234567, 44.7654321)
    assert Rendition.objects.get().geometry == shapely.Point(103.1234567, 44.7654321)


def test_the_bounds_stand_beside_the_shape(version):
    make_point(version, 103.5, 44.5)
    row = Rendition.objects.get()
    assert (row.west, row.south, row.east, row.north) == (103.5, 44.5, 103.5, 44.5)


@pytest.mark.parametrize(
    ("box", "found"), [((103, 44, 104, 45), 1), ((104, 44, 105, 45), 0), ((-180, -90, 180, 90), 1)]
)
def test_a_box_finds_what_meets_it(version, box, found):
    make_point(version, 103.5, 44.5)
    assert Rendition.objects.filter(geometry__bbox=box).count() == found


def test_a_moved_shape_is_found_where_it_is_now(version):
    make_point(version, 103.5, 44.5)
    row = Rendition.objects.get()
    row.geometry = shapely.Point(60, 40)
    row.save()
    assert not Rendition.objects.filter(geometry__bbox=(103, 44, 104, 45)).exists()
    assert Rendition.objects.filter(geometry__bbox=(59, 39, 61, 41)).exists()


def test_a_deleted_shape_is_found_no_more(version):
    make_point(version, 103.5, 44.5)
    Rendition.objects.all().delete()
    assert not Rendition.objects.filter(geometry__bbox=(103, 44, 104, 45)).exists()


def test_a_shape_that_only_its_box_meets_does_not_intersect(version):
    make_point(version, 103.95, 44.05)
    triangle = shapely.Polygon([(103, 44), (104, 45), (103, 45)])
    assert Rendition.objects.filter(geometry__bbox=triangle.bounds).exists()
    assert not Rendition.objects.filter(geometry__intersects=triangle).exists()
    assert Rendition.objects.filter(geometry__intersects=triangle.envelope).exists()
