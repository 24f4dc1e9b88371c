"""The abstract tests of OGC API Features, Part 1 (OGC 17-069r4, annex A), one by one.

Each test bears the identifier of an abstract test as `/conf/...` in its docstring.
"""

import json
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from django.test import Client
from django.utils.dateparse import parse_datetime

from kulan.web.ogc.conformance import CLASSES

pytestmark = pytest.mark.usefixtures("layer")
ITEMS = "/collections/fences/items"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
PARAMETERS = {
    # name: type, required, style, explode
    "limit": ("integer", False, "form", False),
    "bbox": ("array", False, "form", False),
    "datetime": ("string", False, "form", False),
}


def links(document, rel):
    return [link for link in document["links"] if link["rel"] == rel]


def ids(answer):
    return [feature["id"] for feature in answer.json()["features"]]


def declared(get, operation, name):
    definition = get("/api").json()
    found = [
        definition["components"]["parameters"][one["$ref"].split("/")[-1]]
        for one in definition["paths"][operation]["get"]["parameters"]
    ]
    return next(one for one in found if one["name"] == name)


def test_every_answer_is_http_1_1_with_a_status_that_says_what_happened(get):
    """/conf/core/http"""
    assert get("/collections").status_code == 200
    get("/collections/nothing", status=404)
    get("/collections?nothing=1", status=400)
    assert Client().post("/ogc/collections").status_code == 405
    assert Client().head("/ogc/collections").status_code == 200


def test_coordinates_are_longitude_and_latitude_where_no_other_system_is_asked_for(get):
    """/conf/core/crs84"""
    assert get("/collections/fences").json()["extent"]["spatial"]["crs"] == CRS84
    first = get(ITEMS, limit=1).json()["features"][0]
    assert first["geometry"]["coordinates"] == [[100.0, 44.0], [100.5, 44.25]]


@pytest.mark.parametrize("path", ["", "/"])
def test_the_landing_page_answers_with_and_without_a_slash(get, path):
    """/conf/core/root-op"""
    assert get(path).json()["title"]


@pytest.mark.parametrize(
    ("rel", "path"),
    [
        ("service-desc", "/ogc/api"),
        ("service-doc", "/ogc/api?f=html"),
        ("conformance", "/ogc/conformance"),
        ("data", "/ogc/collections"),
    ],
)
def test_the_landing_page_links_to_what_there_is(get, rel, path):
    """/conf/core/root-success"""
    (link,) = links(get("").json(), rel)
    assert link["href"] == f"http://testserver{path}"
    answer = Client().get(link["href"])
    assert answer.status_code == 200
    assert answer["Content-Type"].split(";")[0] == link["type"].split(";")[0]


def test_the_definition_lies_where_the_landing_page_says(get):
    """/conf/core/api-definition-op"""
    (link,) = links(get("").json(), "service-desc")
    assert Client().get(link["href"]).status_code == 200


def test_the_definition_is_openapi_3_0_and_has_every_address(get):
    """/conf/core/api-definition-success, /conf/oas30/completeness, /conf/oas30/definition-1"""
    answer = get("/api")
    document = answer.json()
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert document["openapi"].startswith("3.0.")
    assert set(document["paths"]) >= {
        "/",
        "/conformance",
        "/collections",
        "/collections/{collectionId}",
        "/collections/{collectionId}/items",
        "/collections/{collectionId}/items/{featureId}",
    }


def test_the_conformance_page_names_the_classes_that_are_followed(get):
    """/conf/core/conformance-op, /conf/core/conformance-success"""
    conforms = get("/conformance").json()["conformsTo"]
    assert conforms == list(CLASSES)
    for name in ("core", "geojson", "html", "oas30"):
        assert f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" in conforms


def test_the_list_of_collections_links_to_itself_and_its_page(get):
    """/conf/core/fc-md-op, /conf/core/fc-md-success, /conf/core/fc-md-links"""
    document = get("/collections").json()
    assert [link["type"] for link in links(document, "self")] == ["application/json"]
    assert [link["type"] for link in links(document, "alternate")] == ["text/html"]
    assert [one["id"] for one in document["collections"]] == ["fences", "catalogue"]


def test_each_collection_says_what_it_is_and_where_its_features_are(get):
    """/conf/core/fc-md-items, /conf/core/fc-md-items-links"""
    one = get("/collections").json()["collections"][0]
    assert one["id"] == "fences"
    assert one["itemType"] == "feature"
    assert [link["type"] for link in links(one, "items")] == ["application/geo+json", "text/html"]
    assert all(link["href"].startswith("http://testserver/ogc/") for link in links(one, "items"))


def test_each_collection_says_where_and_when_its_features_lie(get):
    """/conf/core/fc-md-extent, /conf/core/fc-md-extent-multi"""
    one = get("/collections").json()["collections"][0]
    assert one["extent"]["spatial"]["bbox"] == [[100.0, 44.0, 106.5, 47.25]]
    assert one["extent"]["temporal"]["interval"] == [
        ["2024-05-10T00:00:00Z", "2024-06-16T23:59:59Z"]
    ]


def test_a_collection_says_alone_what_it_says_in_the_list(get):
    """/conf/core/sfc-md-op, /conf/core/sfc-md-success"""
    assert get("/collections/fences").json() == get("/collections").json()["collections"][0]


def test_the_features_of_a_collection_are_a_collection_of_geojson(get):
    """/conf/core/fc-op, /conf/core/fc-response, /conf/geojson/content, /conf/geojson/definition"""
    answer = get(ITEMS)
    assert answer["Content-Type"] == "application/geo+json"
    document = answer.json()
    assert document["type"] == "FeatureCollection"
    assert all(feature["type"] == "Feature" for feature in document["features"])
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in document["features"]]
    assert all(shape.is_valid for shape in shapes)


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_definition_declares_the_parameters_as_the_standard_does(get, name):
    """/conf/core/fc-bbox-definition, /conf/core/fc-limit-definition, fc-time-definition"""
    found = declared(get, "/collections/{collectionId}/items", name)
    kind, required, style, explode = PARAMETERS[name]
    assert found["in"] == "query"
    assert found["schema"]["type"] == kind
    assert (found["required"], found["style"], found["explode"]) == (required, style, explode)


def test_the_limit_is_declared_with_its_default_and_its_most(get):
    """/conf/core/fc-limit-definition"""
    schema = declared(get, "/collections/{collectionId}/items", "limit")["schema"]
    assert schema == {"type": "integer", "minimum": 1, "maximum": 5000, "default": 100}


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ("100,44,100.6,44.6", ["fence-0"]),
        ("100,44,0,100.6,44.6,9000", ["fence-0"]),
        ("100.4,44,100.5,44.1", []),  # meets the bounds of the first fence, and not the fence
        ("100.5,44.25,100.5,44.25", ["fence-0"]),  # a point on its end
        ("-180,-90,180,90", [f"fence-{number}" for number in range(7)]),
        ("105.9,-90,-170,90", ["fence-6"]),  # over the antimeridian
        ("10,10,11,11", []),
    ],
)
def test_a_box_finds_the_features_that_meet_it_and_no_other(get, box, found):
    """/conf/core/fc-bbox-response"""
    answer = get(ITEMS, bbox=box)
    assert ids(answer) == found
    assert answer.json()["numberMatched"] == len(found)


@pytest.mark.parametrize(("limit", "returned"), [(1, 1), (3, 3), (7, 7), (5000, 7), (10**9, 7)])
def test_no_more_features_come_than_the_limit(get, limit, returned):
    """/conf/core/fc-limit-response"""
    assert len(ids(get(ITEMS, limit=limit))) == returned


@pytest.mark.parametrize(
    ("time", "found"),
    [
        ("2024-05-10", [0]),
        ("2024-05-10T12:00:00Z", [0]),
        ("2024-05-11T01:00:00+02:00", [0]),
        ("2024-06-16/2024-07-01", [6]),
        ("2024-06-15/..", [5, 6]),
        ("../2024-05-11", [0, 1]),
        ("/2024-05-11", [0, 1]),
        ("2024-01-01/2024-12-31", list(range(7))),
        ("2023-01-01/2023-12-31", []),
    ],
)
def test_a_time_finds_the_features_whose_time_meets_it(get, time, found):
    """/conf/core/fc-time-response"""
    assert ids(get(ITEMS, datetime=time)) == [f"fence-{number}" for number in found]


def test_a_page_links_to_itself_to_its_other_form_and_to_the_next_page(get):
    """/conf/core/fc-links, /conf/core/fc-rel-type"""
    document = get(ITEMS, limit=3).json()
    assert len(links(document, "self")) == len(links(document, "next")) == 1
    assert links(document, "alternate")[0]["type"] == "text/html"
    assert all(link["rel"] and link["type"] for link in document["links"])


def test_following_next_gives_every_feature_once(get):
    """/conf/core/fc-links"""
    document, found = get(ITEMS, limit=3, bbox="-180,-90,180,90").json(), []
    while True:
        found += [feature["id"] for feature in document["features"]]
        assert document["numberMatched"] == 7
        if not (more := links(document, "next")):
            break
        document = Client().get(more[0]["href"]).json()
    assert found == [f"fence-{number}" for number in range(7)]


def test_the_time_of_the_answer_is_that_of_answering(get):
    """/conf/core/fc-timeStamp"""
    stamp = parse_datetime(get(ITEMS).json()["timeStamp"])
    assert abs(stamp - datetime.now(UTC)) < timedelta(seconds=30)


def test_how_many_features_meet_what_is_asked_for_is_told(get):
    """/conf/core/fc-numberMatched"""
    assert get(ITEMS, limit=2).json()["numberMatched"] == 7
    assert get(ITEMS, limit=2, kind="wire").json()["numberMatched"] == 2


def test_how_many_features_the_page_has_is_told(get):
    """/conf/core/fc-numberReturned"""
    document = get(ITEMS, limit=2).json()
    assert document["numberReturned"] == len(document["features"]) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "ten"),
        ("limit", "1.5"),
        ("limit", ""),
        ("limit", "٣"),
        ("bbox", "1,2,3"),
        ("bbox", "1,2,3,4,5"),
        ("bbox", "a,b,c,d"),
        ("bbox", "1,50,2,40"),
        ("bbox", "nan,0,1,1"),
        ("bbox", "0,0,inf,1"),
        ("bbox", ""),
        ("bbox-crs", "CRS84"),
        ("datetime", "yesterday"),
        ("datetime", "2024-13-01"),
        ("datetime", "2024-05-10T12:00:00"),
        ("datetime", "2024-06-01/2024-05-01"),
        ("datetime", "../.."),
        ("datetime", "2024-05-01/2024-05-02/2024-05-03"),
        ("datetime", ""),
        ("crs", "EPSG:32648"),
        ("wires", "many"),
        ("old", "yes"),
        ("height_m", "1e999"),
        ("f", "xml"),
    ],
)
def test_a_value_that_cannot_be_understood_is_refused(get, name, value):
    """/conf/core/query-param-invalid"""
    refusal = get(ITEMS, status=400, **{name: value}).json()
    assert refusal["code"] == "400"
    assert refusal["description"]


@pytest.mark.parametrize(
    "path", ["", "/conformance", "/api", "/collections", "/collections/fences", ITEMS,
             f"{ITEMS}/fence-1"],
)  # fmt: skip
def test_a_parameter_that_is_not_declared_is_refused(get, path):
    """/conf/core/query-param-unknown"""
    get(path, status=400, unheard_of="1")


def test_a_parameter_given_twice_is_refused():
    """/conf/core/query-param-invalid"""
    assert Client().get(f"/ogc{ITEMS}?limit=1&limit=2").status_code == 400


def test_a_feature_is_what_it_was_in_the_collection(get):
    """/conf/core/f-op, /conf/core/f-success"""
    listed = get(ITEMS).json()["features"][3]
    answer = get(f"{ITEMS}/fence-3")
    alone = answer.json()
    assert answer["Content-Type"] == "application/geo+json"
    assert {name: alone[name] for name in listed} == listed


def test_a_feature_links_to_itself_its_other_form_and_its_collection(get):
    """/conf/core/f-links"""
    document = get(f"{ITEMS}/fence-3").json()
    (own,), (other,) = links(document, "self"), links(document, "alternate")
    assert own["href"].endswith("/collections/fences/items/fence-3")
    assert other["type"] == "text/html"
    assert links(document, "collection")[0]["href"].endswith("/ogc/collections/fences")


@pytest.mark.parametrize(
    "path",
    ["", "/conformance", "/api", "/collections", "/collections/fences", ITEMS,
     f"{ITEMS}/fence-1", "/collections/fences/queryables", "/collections/fences/tiles"],
)  # fmt: skip
def test_every_answer_is_a_page_too(get, path):
    """/conf/html/definition, /conf/html/content"""
    by_parameter = get(path, f="html")
    by_header = Client().get(f"/ogc{path}", headers={"Accept": "text/html,*/*;q=0.8"})
    for answer in (by_parameter, by_header):
        assert answer["Content-Type"].startswith("text/html")
        assert b"<h1>" in answer.content


def test_the_definition_names_the_refusals(get):
    """/conf/oas30/exceptions-codes"""
    for methods in get("/api").json()["paths"].values():
        assert {"400", "401", "403", "429", "500"} <= set(methods["get"]["responses"])


def test_the_definition_names_the_ways_to_say_who_one_is(get):
    """/conf/oas30/security"""
    document = get("/api").json()
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["security"] == [{}, {"token": []}]
