"""Filters of CQL2 (OGC 21-065r2), as text and as JSON, find what they say and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulan.errors import InvalidRequestError
from kulan.web.ogc.cql2_text import read_text
from kulan.web.ogc.cql2_values import is_like

pytestmark = pytest.mark.usefixtures("layer")
ITEMS = "/collections/fences/items"
EPSG_4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"

# fence n: kind mesh/wire/wall by n mod 3, height 1 + n/2 m, n wires, old when n is even,
# MNG to number 3 then KAZ, from 2024-05-(10+n) to 2024-06-(10+n), from (100+n, 44+n/2)
FOUND = {
    "iso3 = 'MNG'": [0, 1, 2, 3],
    "iso3 <> 'MNG'": [4, 5, 6],
    "kind = 'mesh'": [0, 3, 6],
    "kind <> 'mesh'": [1, 2, 4, 5],
    "'mesh' = kind": [0, 3, 6],
    "\"kind\" = 'wall'": [2, 5],
    "kind > 'wall'": [1, 4],
    "wires > 4": [5, 6],
    "4 < wires": [5, 6],
    "wires >= 4.5": [5, 6],
    "height_m <= 1.5": [0, 1],
    "wires = -1": [],
    "old = TRUE": [0, 2, 4, 6],
    "old = false": [1, 3, 5],
    "iso3 = 'KAZ' OR wires = 0 AND kind = 'mesh'": [0, 4, 5, 6],
    "(iso3 = 'KAZ' OR wires = 0) AND kind = 'mesh'": [0, 6],
    "NOT (iso3 = 'MNG' OR old = TRUE)": [5],
    "NOT NOT iso3 = 'KAZ'": [4, 5, 6],
    "name LIKE 'Fence%'": list(range(7)),
    "name LIKE 'fence%'": [],
    "name LIKE 'Fence _'": list(range(7)),
    "name LIKE '%4'": [4],
    "name NOT LIKE '%4'": [0, 1, 2, 3, 5, 6],
    "kind LIKE 'w%'": [1, 2, 4, 5],
    "wires BETWEEN 2 AND 3": [2, 3],
    "wires NOT BETWEEN 1 AND 5": [0, 6],
    "wires IN (1, 2, 99)": [1, 2],
    "kind IN ('wall')": [2, 5],
    "kind NOT IN ('wall', 'mesh')": [1, 4],
    "name IN ('Fence 1', 'Fence 5')": [1, 5],
    "season IS NULL": list(range(7)),
    "kind IS NOT NULL": list(range(7)),
    "kind IS NULL": [],
    "date_from > DATE('2024-05-14')": [5, 6],
    "date_from = DATE('2024-05-14')": [4],
    "date_from >= TIMESTAMP('2024-05-15T00:00:00Z')": [5, 6],
    "T_AFTER(date_from, DATE('2024-05-14'))": [5, 6],
    "T_BEFORE(date_from, DATE('2024-05-12'))": [0, 1],
    "T_INTERSECTS(date_from, INTERVAL('2024-05-12', '2024-05-13'))": [2, 3],
    "T_DURING(date_from, INTERVAL('2024-05-12', '..'))": [3, 4, 5, 6],
    "T_DISJOINT(date_from, INTERVAL('..', '2024-05-14'))": [5, 6],
    "T_EQUALS(date_from, DATE('2024-05-12'))": [2],
    "S_INTERSECTS(geometry, BBOX(100, 44, 101.2, 44.6))": [0, 1],
    "S_INTERSECTS(geometry, POLYGON((100 44, 101.2 44, 101.2 44.6, 100 44.6, 100 44)))": [0, 1],
    "S_INTERSECTS(geometry, POINT(100.5 44.25))": [0],
    "S_INTERSECTS(LINESTRING(100 44.2, 101 44.2), geometry)": [0],
    "NOT S_INTERSECTS(geometry, BBOX(100, 44, 101.2, 44.6))": [2, 3, 4, 5, 6],
    "geometry IS NULL": [],
    "TRUE": list(range(7)),
    "NOT TRUE": [],
    "name = 'O''Brien'": [],
}


def found(answer):
    return [int(feature["id"].split("-")[1]) for feature in answer.json()["features"]]


@pytest.mark.parametrize(("text", "numbers"), FOUND.items())
def test_a_filter_finds_what_it_says(get, text, numbers):
    answer = get(ITEMS, filter=text)
    assert found(answer) == numbers
    assert answer.json()["numberMatched"] == len(numbers)


@pytest.mark.parametrize("text", FOUND)
def test_the_same_filter_as_json_finds_the_same(get, text):
    answer = get(ITEMS, filter=json.dumps(read_text(text)), filter_lang="cql2-json")
    assert found(answer) == FOUND[text]


@pytest.mark.parametrize("text", [text for text in FOUND if "NULL" not in text])
def test_what_is_and_what_is_not_are_together_what_is_known(get, text):
    """Every fence has every property: a filter and its negation share them all between them."""
    together = found(get(ITEMS, filter=text)) + found(get(ITEMS, filter=f"NOT ({text})"))
    assert sorted(together) == list(range(7))


def test_a_feature_without_the_property_is_found_neither_way(get, layer):
    layer.renditions.filter(uid="fence-1").update(properties={}, season="rut")
    assert found(get(ITEMS, filter="kind = 'wire'")) == [4]
    assert 1 not in found(get(ITEMS, filter="kind <> 'mesh'"))
    assert 1 not in found(get(ITEMS, filter="NOT kind = 'mesh'"))
    assert found(get(ITEMS, filter="kind IS NULL")) == [1]
    assert found(get(ITEMS, filter="season <> 'birth'")) == [1]


def test_a_filter_joins_the_other_parameters(get):
    assert found(get(ITEMS, filter="wires > 1", kind="wall", bbox="100,44,104,47")) == [2]


def test_a_filter_has_coordinates_of_its_own(get):
    box = "S_INTERSECTS(geometry, BBOX(44, 100, 44.6, 101.2))"
    assert found(get(ITEMS, filter=box, filter_crs=EPSG_4326)) == [0, 1]


@pytest.mark.parametrize(
    "text",
    [
        "nothing = 1",
        "level = 0",
        "default_level = 3",
        "version = 1",
        "properties = 'x'",
        "kind__contains = 'x'",
        "pk = 1",
        "kind = 5",
        "wires = 'five'",
        "wires = TRUE",
        "old = 1",
        "wires > ",
        "wires > 1 AND",
        "wires >> 1",
        "(wires > 1",
        "wires > 1)",
        "wires = wires",
        "1 = 1",
        "kind",
        "upper(kind) = 'X'",
        "CASEI(kind) = 'x'",
        "wires + 1 = 2",
        "kind LIKE 5",
        "wires LIKE '1'",
        "kind LIKE 'x\\'",
        f"kind LIKE '{'%a' * 11}'",
        "wires BETWEEN 1",
        "wires IN ()",
        f"wires IN ({','.join(['1'] * 201)})",
        "S_INTERSECTS(geometry, POINT(1))",
        "S_INTERSECTS(geometry, POLYGON((0 0, 2 2, 0 2, 2 0, 0 0)))",
        "S_INTERSECTS(kind, POINT(1 1))",
        "S_INTERSECTS(geometry, BBOX(1, 2, 3))",
        "S_INTERSECTS(geometry, geometry)",
        "S_WITHIN(geometry, POINT(1 1))",
        "T_AFTER(kind, DATE('2024-01-01'))",
        "T_AFTER(date_from, DATE('soon'))",
        "T_METBY(date_from, DATE('2024-01-01'))",
        "date_from > DATE('2024-02-30')",
        "'open",
        "wires = 1; DROP TABLE",
        "name = '\u0000'",
        "(" * 30 + "TRUE" + ")" * 30,
        "NOT " * 30 + "TRUE",
        " OR ".join(["wires = 1"] * 101),
        "x" * 8001,
        "wires = 1e400",
    ],
)
def test_anything_else_is_refused_as_a_mistake_of_who_asks(get, text):
    refusal = get(ITEMS, status=400, filter=text).json()
    assert refusal["code"] == "400"


@pytest.mark.parametrize(
    "node",
    [
        "{",
        "5",
        "null",
        "[]",
        "{}",
        '{"op":"and"}',
        '{"op":"and","args":[]}',
        '{"op":"and","args":[true]}',
        '{"op":["="],"args":[]}',
        '{"op":"=","args":[{"property":["kind"]},"x"]}',
        '{"op":"=","args":[{"property":"kind"},null]}',
        '{"op":"=","args":[{"property":"wires"},NaN]}',
        '{"op":"=","args":[{"property":"wires"},{"date":"2024-01-01"}]}',
        '{"op":"in","args":[{"property":"kind"},"x"]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point"}]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[]}]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":["a",1,2,3]}]}',
        '{"op":"casei","args":[{"property":"kind"}]}',
        '{"op":"t_after","args":[{"property":"date_from"},{"interval":["..",".."]}]}',
        "[" * 5000,
    ],
)
def test_json_that_is_no_filter_is_refused_too(get, node):
    assert get(ITEMS, status=400, filter=node, filter_lang="cql2-json").json()["description"]


def test_the_queryables_are_a_json_schema_of_what_can_be_asked(get):
    document = get("/collections/fences/queryables").json()
    kinds = {
        name: told.get("format", told.get("type")) for name, told in document["properties"].items()
    }
    assert kinds == {
        "geometry": "geometry-any",
        "uid": "string",
        "name": "string",
        "species_id": "string",
        "iso3": "string",
        "season": "string",
        "date_from": "date",
        "date_to": "date",
        "coordinateUncertaintyInMeters": "number",
        "kind": "string",
        "height_m": "number",
        "wires": "integer",
        "old": "boolean",
    }
    assert document["additionalProperties"] is False


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text):
    try:
        read = read_text(text)
    except InvalidRequestError:
        return
    assert isinstance(read, dict | bool)


_SIGNS = st.text(alphabet="ab%_\\", max_size=8)


@given(st.text(alphabet="ab%", max_size=12), _SIGNS)
def test_like_matches_as_its_definition_says(text, pattern):
    def plainly(rest, signs):
        if not signs:
            return not rest
        if signs[0] == "%":
            return any(plainly(rest[at:], signs[1:]) for at in range(len(rest) + 1))
        if signs[0] == "\\" and len(signs) > 1:
            return rest[:1] == signs[1] and plainly(rest[1:], signs[2:])
        if signs[0] == "_":
            return bool(rest) and plainly(rest[1:], signs[1:])
        return rest[:1] == signs[0] and plainly(rest[1:], signs[1:])

    if (len(pattern) - len(pattern.rstrip("\\"))) % 2 == 0:
        assert is_like(text, pattern) == plainly(text, pattern)
