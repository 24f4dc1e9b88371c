"""Coordinate reference systems by reference: the abstract tests of OGC 18-058, annex A."""

import pytest
import shapely
from django.test import Client
from pyproj import Transformer

pytestmark = pytest.mark.usefixtures("layer")
ITEMS = "/collections/fences/items"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
TURNED, MERCATOR = f"{EPSG}4326", f"{EPSG}3857"


def first(answer):
    return answer.json()["features"][0]["geometry"]["coordinates"]


def test_a_collection_lists_its_systems_by_uri_with_the_default_among_them(get):
    """/conf/crs/crs-uri, /conf/crs/default-crs"""
    listed = get("/collections/fences").json()["crs"]
    assert listed == [CRS84, TURNED, MERCATOR]
    assert get("/collections").json()["crs"] == listed


def test_the_system_of_storage_is_one_of_them(get):
    """/conf/crs/storageCrs"""
    document = get("/collections/fences").json()
    assert document["storageCrs"] in document["crs"]


def test_without_a_system_asked_for_the_answer_is_in_longitude_and_latitude(get):
    """/conf/crs/crs-parameter-default"""
    answer = get(ITEMS)
    assert answer["Content-Crs"] == f"<{CRS84}>"
    assert first(answer)[0] == [100.0, 44.0]


@pytest.mark.parametrize("crs", [CRS84, TURNED, MERCATOR])
@pytest.mark.parametrize("path", [ITEMS, f"{ITEMS}/fence-0"])
def test_the_answer_says_in_which_system_it_is(get, crs, path):
    """/conf/crs/crs-parameter"""
    answer = get(path, crs=crs)
    assert answer["Content-Crs"] == f"<{crs}>"
    assert answer["Content-Type"] == "application/geo+json"


def test_latitude_comes_first_where_the_system_says_so(get):
    """/conf/crs/crs-parameter-transform"""
    assert first(get(ITEMS, crs=TURNED)) == [[44.0, 100.0], [44.25, 100.5]]


def test_mercator_is_what_proj_says(get):
    """/conf/crs/crs-parameter-transform"""
    proj = Transformer.from_crs("OGC:CRS84", "EPSG:3857", always_xy=True)
    expected = [proj.transform(100.0, 44.0), proj.transform(100.5, 44.25)]
    for found, wanted in zip(first(get(ITEMS, crs=MERCATOR)), expected, strict=True):
        assert found == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("name", ["crs", "bbox_crs"])
@pytest.mark.parametrize("crs", [f"{EPSG}32648", "nonsense", "", f"{EPSG}4326/"])
def test_a_system_that_is_not_listed_is_refused(get, name, crs):
    """/conf/crs/crs-parameter-invalid, /conf/crs/bbox-crs-parameter-invalid"""
    get(ITEMS, status=400, bbox="1,1,2,2", **{name: crs})


def test_a_box_is_in_longitude_and_latitude_where_nothing_is_said(get):
    """/conf/crs/bbox-crs-parameter-default"""
    assert get(ITEMS, bbox="100,44,100.6,44.6").json()["numberMatched"] == 1
    assert get(ITEMS, bbox="44,100,44.6,100.6", status=200).json()["numberMatched"] == 0


@pytest.mark.parametrize(
    ("crs", "box"),
    [
        (CRS84, "100,44,100.6,44.6"),
        (TURNED, "44,100,44.6,100.6"),
        (MERCATOR, "11131949.07,5465442.18,11198740.77,5558988.46"),
        ("http://www.opengis.net/def/crs/OGC/0/CRS84h", "100,44,0,100.6,44.6,10"),
        ("EPSG:4326", "44,100,44.6,100.6"),
    ],
)
def test_a_box_may_be_in_any_listed_system(get, crs, box):
    """/conf/crs/bbox-crs-parameter"""
    found = get(ITEMS, bbox=box, bbox_crs=crs).json()
    assert [feature["id"] for feature in found["features"]] == ["fence-0"]


def test_a_box_and_the_answer_have_systems_of_their_own(get):
    answer = get(ITEMS, bbox="44,100,44.6,100.6", bbox_crs=TURNED, crs=CRS84)
    assert first(answer)[0] == [100.0, 44.0]


def test_an_area_at_the_pole_still_has_coordinates_in_mercator(layer):
    layer.renditions.filter(uid="fence-0").update(geometry=shapely.box(-180, -90, 180, -60))
    ring = first(Client().get(f"/ogc{ITEMS}", {"crs": MERCATOR, "limit": 1}))
    assert all(abs(y) < 20_100_000 for _, y in ring[0])


def test_outer_rings_run_against_the_clock(get, layer):
    clockwise = shapely.Polygon([(0, 0), (0, 1), (1, 1), (1, 0)])
    assert not clockwise.exterior.is_ccw
    layer.renditions.filter(uid="fence-0").update(geometry=clockwise)
    assert shapely.Polygon(first(get(ITEMS))[0]).exterior.is_ccw
