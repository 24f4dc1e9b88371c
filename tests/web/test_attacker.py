"""Someone who may not know where a den is tries every address, and learns its cell only.

`standing_things` plants a den in every layer: its exact place, name, day, finder and young stand in
its exact rendition alone. The attacker reads whatever any address answers.
"""

import gzip
import json

import pytest
import shapely

from builders_of_the_web import DEN, SECRETS, make_layer, make_point, make_version
from web_routes import CAST, all_rows

ENTITLED = ("aigul", "azamat", "bat")  # the owner, her colleague, the focal point of the state
ATTACKERS = tuple(who for who in CAST if who not in ENTITLED)
_SHAPE = shapely.Point(DEN)
MARKS = (
    "103.126", "103,126", "44.762", "44,762", "Tsagaan spring", "2019-11-23", "23 November 2019",
    "Dolgormaa", "4711 m", shapely.to_wkb(_SHAPE, hex=True),
    shapely.to_wkb(_SHAPE, hex=True).lower(),
)  # fmt: skip
CELL = (103.1, 44.7, 103.2, 44.8)


def readable(answer):
    """Return an answer's body and headers as text, unpacked where it is packed."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return headers + "\n" + body.decode("utf-8", errors="replace")


def marks_in(answer):
    """Return what an answer tells of the den."""
    told = readable(answer)
    marks = [mark for mark in MARKS if mark in told]
    exact = not answer.streaming and shapely.to_wkb(_SHAPE) in answer.content
    return [*marks, "the shape itself"] if exact else marks


@pytest.mark.parametrize("row", all_rows(), ids=str)
def test_no_address_tells_where_the_den_is(row, ask_as_everyone):
    for who, answer in ask_as_everyone(row, ATTACKERS).items():
        assert marks_in(answer) == [], who


@pytest.mark.usefixtures("standing_things")
def test_the_marks_are_what_the_entitled_see(browser_of):
    """The test above could not fail if nobody were told."""
    told = browser_of("bat").get(
        "/atlas/facts", {"lon": DEN[0], "lat": DEN[1], "zoom": 12, "layers": "public-layer"}
    )
    assert SECRETS["name"] in readable(told)


def places(lowest, highest, count):
    step = (highest - lowest) / count
    return [lowest + step * (number + 0.5) for number in range(count)]


@pytest.mark.usefixtures("standing_things")
@pytest.mark.parametrize("who", ["nobody", "farida", "chinara"])
def test_a_click_anywhere_in_the_cell_finds_the_same(who, browser_of):
    """Facts near a place are asked of the middle of the cell: no click comes nearer to the den."""
    browser = browser_of(who)
    asked = {"zoom": 14, "layers": "public-layer"}

    found = {
        (longitude, latitude): "kulan:public-layer"
        in readable(browser.get("/atlas/facts", asked | {"lon": longitude, "lat": latitude}))
        for longitude in places(CELL[0], CELL[2], 8)
        for latitude in places(CELL[1], CELL[3], 8)
    }

    near_the_den = [
        found[place] for place in found if shapely.Point(place).distance(_SHAPE) < 0.015
    ]
    assert near_the_den
    assert not any(near_the_den)
    middle = browser.get("/atlas/facts", asked | {"lon": 103.15, "lat": 44.75})
    assert "kulan:public-layer" in readable(middle)


@pytest.mark.usefixtures("standing_things")
@pytest.mark.parametrize("who", ATTACKERS)
@pytest.mark.parametrize("text", ["Tsagaan", "Tsagaan spring den", "Цагаан", "Dolgormaa", "4711 m"])
def test_search_does_not_suggest_what_is_hidden(who, text, browser_of):
    hits = json.loads(browser_of(who).get("/atlas/search", {"q": text}).content)["hits"]
    assert [hit for hit in hits if hit["kind"] == "feature"] == []


@pytest.mark.usefixtures("standing_things")
def test_search_after_the_focal_point_tells_the_next_no_more(browser_of):
    """Names are kept in memory between requests, for each sight apart."""
    assert b"Tsagaan" in browser_of("bat").get("/atlas/search", {"q": "Tsagaan"}).content
    assert b"Tsagaan" not in browser_of("nobody").get("/atlas/search", {"q": "Tsagaan"}).content


def test_two_dens_of_one_cell_are_told_apart_by_nothing(people):
    version = make_version(make_layer("two-dens", owner=people["aigul"]))
    make_point(version, 103.11, 44.71, uid="one", default_level=3, iso3="MNG")
    make_point(version, 103.19, 44.79, uid="two", default_level=3, iso3="MNG")

    rows = [
        (row.geometry, row.west, row.south, row.extent_deg, row.date_from, row.properties)
        for row in version.renditions.filter(level=3)
    ]

    assert rows[0] == rows[1]


@pytest.mark.usefixtures("standing_things")
def test_a_list_of_layers_kept_by_a_browser_is_not_given_to_another(browser_of):
    answer = browser_of("bat").get("/atlas/layers.json")
    assert "private" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]


@pytest.mark.usefixtures("standing_things")
@pytest.mark.parametrize("who", ATTACKERS)
def test_layers_that_one_may_not_know_of_are_not_listed(who, browser_of):
    listed = readable(browser_of(who).get("/atlas/layers.json"))
    hidden = ["named-layer", "embargoed-layer", "layer-draft", "layer-in_review", "layer-withdrawn"]
    if who in ("nobody", "hassan"):
        hidden.append("partners-layer")
    assert [name for name in hidden if f'"{name}"' in listed] == []
