"""Someone who may not know where a den is asks the OGC API in every way there is."""

import gzip
import json

import mapbox_vector_tile
import pytest
from django.core.cache import cache
from django.test import Client

from builders_of_the_web import make_layer, make_point, make_version
from kulan.web.catalogue.models import Rendition
from kulan.web.catalogue.sights import SEEN
from kulan.web.events.models import Event
from kulan.web.ogc.cql2_text import read_text

pytestmark = pytest.mark.usefixtures("den")
ITEMS = "/ogc/collections/dens/items"
DEN = (103.1234567, 44.7654321)
MIDDLE, CELL = (103.15, 44.75), (103.1, 44.7, 103.2, 44.8)
HIDDEN = ("103.12", "44.76", "Tumen", "By the bridge", "2024-05-17")
TURNED = "http://www.opengis.net/def/crs/EPSG/0/4326"
MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"


@pytest.fixture
def ask(browser_of):
    client = browser_of("dmitri")  # a partner, who sees what the public sees
    return lambda **asked: client.get(ITEMS, asked)


@pytest.fixture
def no_memory():
    cache.clear()


def count(answer):
    assert answer.status_code == 200, answer.content
    document = answer.json()
    assert document["numberMatched"] == len(document["features"])
    return document["numberMatched"]


def test_the_owner_sees_the_place_and_the_partner_its_cell(browser_of, ask):
    (exact,) = browser_of("aigul").get(ITEMS).json()["features"]
    (coarse,) = ask().json()["features"]
    assert exact["geometry"]["coordinates"] == list(DEN)
    assert exact["properties"]["watcher"] == "Tumen"
    assert coarse["geometry"]["coordinates"] == pytest.approx(MIDDLE)
    assert coarse["properties"] == {
        "cubs": 3,
        "species_id": "saiga",
        "iso3": "MNG",
        "date_from": "2024-05",
        "coordinateUncertaintyInMeters": 7100.0,
        "dataGeneralizations": "Coordinates are those of a cell of 0.1 degrees.",
        "informationWithheld": "watcher",
    }


@pytest.mark.parametrize("language", ["bbox", "cql2-text", "cql2-json", "mercator"])
def test_halving_a_box_ends_at_the_middle_of_the_cell(ask, language):
    """Forty halvings would find a place to a millimetre: they find the middle, known before."""
    west, south, east, north = CELL

    def there(box):
        text = ",".join(f"{number:.12f}" for number in box)
        if language == "bbox":
            return count(ask(bbox=text))
        if language == "mercator":
            return count(ask(bbox=_mercator(box), **{"bbox-crs": MERCATOR}))
        asked = f"S_INTERSECTS(geometry, BBOX({text}))"
        if language == "cql2-json":
            return count(ask(filter=json.dumps(read_text(asked)), **{"filter-lang": language}))
        return count(ask(filter=asked))

    for _ in range(20):
        middle = (west + east) / 2
        west, east = (west, middle) if there((west, south, middle, north)) else (middle, east)
        middle = (south + north) / 2
        south, north = (south, middle) if there((west, south, east, middle)) else (middle, north)
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx(MIDDLE, abs=1e-5)


def _mercator(box):
    from pyproj import Transformer  # noqa: PLC0415

    proj = Transformer.from_crs("OGC:CRS84", "EPSG:3857", always_xy=True)
    corners = [*proj.transform(*box[:2]), *proj.transform(*box[2:])]
    return ",".join(f"{number:.9f}" for number in corners)


def test_days_cannot_be_told_apart_within_the_month(ask):
    for day in range(1, 32):
        assert count(ask(datetime=f"2024-05-{day:02}")) == 1
        assert count(ask(filter=f"T_INTERSECTS(date_from, DATE('2024-05-{day:02}'))")) == 1
    sharper = [count(ask(filter=f"date_from >= DATE('2024-05-{day:02}')")) for day in range(1, 32)]
    assert len(set(sharper)) == 1  # no day is where the answer changes


@pytest.mark.parametrize(
    "asked",
    [
        {"watcher": "Tumen"},
        {"filter": "watcher = 'Tumen'"},
        {"filter": "watcher LIKE 'T%'"},
        {"filter": "watcher IS NULL"},
        {"filter": "NOT watcher = 'x'"},
        {"filter": "level = 3"},
        {"sortby": "watcher"},
        {"sortby": "geometry"},
        {"properties": "watcher"},
        {"skipGeometry": "false"},
        {"offset": "1"},
    ],
)
def test_a_column_that_is_withheld_is_not_there_to_ask_by(ask, asked):
    """The answer to a column that is withheld is that to one which never was."""
    refusal = ask(**asked)
    made_up = ask(**{
        name.replace("watcher", "madeup"): value.replace("watcher", "madeup")
        for name, value in asked.items()
    })  # fmt: skip
    assert refusal.status_code == made_up.status_code == 400
    told = refusal.json()["description"].replace("watcher", "madeup")
    assert told == made_up.json()["description"]


def test_the_withheld_column_is_not_in_the_queryables_of_others(browser_of):
    def told(who):
        return browser_of(who).get("/ogc/collections/dens/queryables").json()["properties"]

    assert "watcher" in told("aigul")
    assert "watcher" not in told("dmitri")
    assert "watcher" not in told("nobody")


def test_no_name_of_the_place_is_found_by_any_filter(ask):
    assert count(ask(name="By the bridge")) == 0
    assert count(ask(filter="name LIKE '%bridge%'")) == 0
    assert count(ask(filter="name IS NOT NULL")) == 0


@pytest.mark.parametrize("path", ["", "/queryables", "/tiles", "/tiles/WebMercatorQuad", "/items",
                                  "/items/a"])  # fmt: skip
@pytest.mark.parametrize("form", ["json", "html"])
@pytest.mark.parametrize("who", ["nobody", "dmitri", "chinara", "farida", "gulnara"])
def test_no_answer_holds_what_is_hidden(browser_of, path, form, who):
    answer = browser_of(who).get(f"/ogc/collections/dens{path}", {"f": form})
    told = answer.content.decode() + str(answer.headers)
    assert answer.status_code == 200
    assert [mark for mark in HIDDEN if mark in told] == []


def test_the_extent_of_one_den_is_that_of_its_cell(browser_of):
    def box(who):
        document = browser_of(who).get("/ogc/collections/dens").json()
        return document["extent"]["spatial"]["bbox"][0]

    assert box("aigul") == [*DEN, *DEN]
    assert box("dmitri") == pytest.approx([*MIDDLE, *MIDDLE])


def test_what_is_withheld_is_not_counted(people, browser_of):
    version = make_version(make_layer("nests", owner=people["aigul"]))
    make_point(version, default_level=5, species_id="saiga", iso3="MNG")
    for who, expected in (("nobody", 0), ("dmitri", 0), ("farida", 1), ("aigul", 1)):
        client = browser_of(who)
        document = client.get("/ogc/collections/nests/items").json()
        assert document["numberMatched"] == document["numberReturned"] == expected
        assert client.get("/ogc/collections/nests/items/a").status_code == (
            200 if expected else 404
        )
        assert bool(client.get("/ogc/collections/nests").json()["extent"]) == bool(expected)


@pytest.mark.parametrize("who", ["nobody", "hassan", "chinara"])
def test_a_collection_one_may_not_know_of_is_answered_as_one_that_is_not(browser_of, who, people):
    make_version(make_layer("secret", owner=people["aigul"], audience="named"))
    client = browser_of(who)
    for path in ("", ".1", "/items", "/items/a", "/queryables", "/tiles", "/items?nonsense=1"):
        hidden = client.get(f"/ogc/collections/secret{path}")
        missing = client.get(f"/ogc/collections/nosuch{path}")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.content == missing.content
    assert b"secret" not in client.get("/ogc/collections").content


def test_the_tag_of_one_reader_never_confirms_anothers_answer(browser_of):
    """Tags of equal bytes differ too: 304 for another's tag would say that both see the same."""
    for path in (ITEMS, f"{ITEMS}/a", "/ogc/collections/dens", "/ogc/collections"):
        tags = {}
        for who in ("nobody", "dmitri", "aigul", "farida", "bat"):
            answer = browser_of(who).get(path)
            tags[who] = answer["ETag"]
            assert "private" in answer["Cache-Control"]
            assert {"Cookie", "Authorization", "Accept"} <= set(answer["Vary"].split(", "))
            again = browser_of(who).get(path, headers={"If-None-Match": answer["ETag"]})
            assert again.status_code == 304
            assert again.content == b""
        assert len(set(tags.values())) == len(tags)
        for who, tag in tags.items():
            if who != "nobody":
                other = Client().get(path, headers={"If-None-Match": tag})
                assert other.status_code == 200


def test_head_tells_what_get_tells(browser_of):
    for who in ("nobody", "aigul"):
        client = browser_of(who)
        assert client.head(ITEMS)["ETag"] == client.get(ITEMS)["ETag"]
    assert Client().head("/ogc/collections/nosuch").status_code == 404


def test_paging_by_a_made_up_name_finds_only_what_one_sees(people, browser_of):
    version = make_version(make_layer("several", owner=people["aigul"]))
    for uid, level in (("b", 3), ("d", 5), ("f", 3)):
        make_point(version, uid=uid, default_level=level, iso3="MNG")
    client = browser_of("nobody")

    def after(name):
        answer = client.get("/ogc/collections/several/items", {"after": name, "limit": 1}).json()
        return [one["id"] for one in answer["features"]], answer["numberMatched"]

    assert after("") == (["b"], 2)
    assert after("b") == after("c") == after("d") == after("e") == (["f"], 2)
    assert after("f") == after("zzz") == ([], 2)


@pytest.mark.parametrize("crs", [TURNED, MERCATOR])
def test_another_system_is_no_finer(ask, crs):
    (feature,) = ask(crs=crs).json()["features"]
    coordinates = feature["geometry"]["coordinates"]
    metres = [float(number) for number in _mercator([*MIDDLE, *MIDDLE]).split(",")[:2]]
    expected = MIDDLE[::-1] if crs == TURNED else metres
    assert coordinates == pytest.approx(expected)


@pytest.mark.parametrize("zoom", [0, 6, 10, 14])
def test_a_tile_shows_the_cell(browser_of, zoom):
    from kulan.exchange.web_mercator import tile_bounds  # noqa: PLC0415

    row, column = _tile_at(MIDDLE, zoom)
    answer = browser_of("dmitri").get(
        f"/ogc/collections/dens/tiles/WebMercatorQuad/{zoom}/{row}/{column}",
        headers={"Accept-Encoding": "gzip"},
    )
    tile = mapbox_vector_tile.decode(gzip.decompress(answer.content))
    (feature,) = tile["dens"]["features"]
    west, _, east, _ = tile_bounds(zoom, column, row)
    x, _ = feature["geometry"]["coordinates"]
    longitude = west + (east - west) * x / 4096
    assert longitude == pytest.approx(MIDDLE[0], abs=2 * (east - west) / 4096)
    assert "Tumen" not in str(tile)


def _tile_at(place, zoom):
    from math import asinh, floor, pi, radians, tan  # noqa: PLC0415

    n = 2**zoom
    row = floor((1 - asinh(tan(radians(place[1]))) / pi) / 2 * n)
    return row, floor((place[0] + 180) / 360 * n)


def test_a_version_of_before_is_no_finer_than_the_rule_of_its_features(browser_of, den):
    numbered = browser_of("dmitri").get(f"/ogc/collections/dens.{den.number}/items").json()
    assert numbered["features"][0]["geometry"]["coordinates"] == pytest.approx(MIDDLE)


def test_two_features_of_one_cell_are_told_apart_by_nothing_but_their_names(people, browser_of):
    version = make_version(make_layer("pair", owner=people["aigul"]))
    make_point(version, 103.11, 44.71, uid="a", default_level=3, iso3="MNG")
    make_point(version, 103.19, 44.79, uid="b", default_level=3, iso3="MNG")
    assert Rendition.objects.filter(version=version, level=3).count() == 2
    one, other = browser_of("nobody").get("/ogc/collections/pair/items").json()["features"]
    assert one["geometry"] == other["geometry"]
    assert one["properties"] == other["properties"]


@pytest.mark.usefixtures("no_memory")
@pytest.mark.parametrize("path", ["items", "items/a", "tiles/WebMercatorQuad/0/0/0"])
def test_the_owner_learns_who_saw_the_den_and_not_who_saw_its_cell(browser_of, path):
    for who in ("nobody", "dmitri", "aigul", "bat", "bat"):
        assert browser_of(who).get(f"/ogc/collections/dens/{path}").status_code == 200
    assert [event.by_name for event in Event.objects.filter(kind=SEEN)] == ["Bat"]
