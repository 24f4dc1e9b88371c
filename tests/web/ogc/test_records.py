"""The catalogue by OGC API Records (OGC 20-004r1): a record for what one may know of."""

import pytest

from builders_of_the_web import make_layer, make_version

pytestmark = pytest.mark.usefixtures("den")
ITEMS = "/collections/catalogue/items"


def ids(answer):
    return [one["id"] for one in answer.json()["features"]]


def test_every_released_layer_one_may_see_has_a_record(get, people, browser_of):
    make_version(make_layer("secret", owner=people["aigul"], audience="named"))
    make_version(make_layer("drafted", owner=people["aigul"]), state="draft")
    assert ids(get(ITEMS)) == ["kulan:dens:1"]
    owners = browser_of("aigul").get(f"/ogc{ITEMS}").json()["features"]
    assert [one["id"] for one in owners] == ["kulan:dens:1", "kulan:secret:1"]
    assert get(f"{ITEMS}/kulan:dens:1").json()["properties"]["title"] == "Dens"
    for hidden in ("kulan:secret:1", "kulan:drafted:1", "kulan:nothing:1"):
        get(f"{ITEMS}/{hidden}", status=404)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "dens"}, 1),
        ({"q": "wolves,dens"}, 1),
        ({"q": "wolves dens"}, 0),
        ({"type": "dataset"}, 1),
        ({"type": "service"}, 0),
        ({"externalIds": "kulan:dens:1"}, 1),
        ({"externalIds": "kulan:other:1"}, 0),
        ({"ids": "kulan:dens:1,kulan:other:1"}, 1),
        ({"datetime": "2024-05-01"}, 0),  # it says of no time
    ],
)
def test_records_are_found_by_what_they_say(get, asked, found):
    answer = get(ITEMS, **asked)
    assert answer.json()["numberMatched"] == len(ids(answer)) == found


@pytest.mark.parametrize("asked", [{"limit": 0}, {"bbox": "1,2"}, {"datetime": "soon"}, {"x": 1}])
def test_what_is_not_understood_is_refused(get, asked):
    get(ITEMS, status=400, **asked)


def test_the_record_tells_nothing_of_the_place(get):
    told = get(f"{ITEMS}/kulan:dens:1").content.decode()
    assert "103.12" not in told
    assert "Tumen" not in told
    assert get("/collections/catalogue").json()["itemType"] == "record"
    assert b"<h1>" in get(ITEMS, f="html").content
