"""The REST service answers as the policy says, and takes nothing it does not know."""

import pytest
from django.test import Client

from builders_of_the_web import make_layer, make_point, make_version
from kulan.web.api.service import api
from kulan.web.events.record import record

DEN = [103.1234567, 44.7654321]


@pytest.fixture
def den(people):
    version = make_version(
        make_layer("dens", owner=people["aigul"]), created_by=people["aigul"], species=["saiga"]
    )
    make_point(version, default_level=3, species_id="saiga", iso3="MNG")
    make_point(version, 104.0, 45.0, uid="b", default_level=5, species_id="saiga", iso3="MNG")
    return version


@pytest.mark.usefixtures("den")
def test_a_layer_is_told_as_its_reader_sees_it(browser_of):
    def told(who):
        return browser_of(who).get("/api/v1/layers/dens").json()

    assert told("aigul")["feature_count"] == 2
    assert told("aigul")["bounds"] == [*DEN, 104.0, 45.0]
    public = told("nobody")
    assert public["feature_count"] == 1
    assert public["bounds"] == pytest.approx([103.15, 44.75, 103.15, 44.75])
    assert public["precision"]
    assert public["collection"] == "/ogc/collections/dens"


@pytest.mark.usefixtures("den")
def test_features_come_as_one_may_see_them(browser_of):
    def told(who):
        return browser_of(who).get("/api/v1/layers/dens/features").json()

    assert [one["geometry"]["coordinates"] for one in told("aigul")["items"]] == [
        DEN,
        [104.0, 45.0],
    ]
    assert told("nobody")["count"] == 1
    assert told("nobody")["items"][0]["geometry"]["coordinates"] == pytest.approx([103.15, 44.75])


def test_lists_go_on_at_the_address_in_next(people):
    for number in range(5):
        make_version(make_layer(f"layer-{number}", owner=people["aigul"]))
    address, found = "/api/v1/layers?limit=2", []
    while address:
        page = Client().get(address).json()
        found += [one["id"] for one in page["items"]]
        address = page["next"]
    assert found == [f"layer-{number}" for number in range(5)]


def test_features_go_on_too(people):
    version = make_version(make_layer("dens", owner=people["aigul"]))
    for uid in "abcde":
        make_point(version, uid=uid)
    address, found = "/api/v1/layers/dens/features?limit=2", []
    while address:
        page = Client().get(address).json()
        found += [one["id"] for one in page["items"]]
        assert page["count"] == 5
        address = page["next"]
    assert found == list("abcde")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?species_id=saiga", ["dens"]),
        ("?species_id=kulan", []),
        ("?kind=vector", ["dens"]),
        ("?kind=raster", []),
        ("?theme=distribution", ["dens"]),
        ("?theme=nothing", []),
    ],
)
@pytest.mark.usefixtures("den")
def test_layers_are_found_by_what_they_are(query, found):
    items = Client().get(f"/api/v1/layers{query}").json()["items"]
    assert [one["id"] for one in items] == found


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?limit=many", 422),
        ("?limit=1001", 422),
        ("?kind=paper", 422),
        ("?sort=name", 400),
        ("?bbox=1,2,3,4", 400),
    ],
)
@pytest.mark.django_db
def test_what_is_not_understood_is_refused(query, status):
    refusal = Client().get(f"/api/v1/layers{query}")
    assert refusal.status_code == status
    assert set(refusal.json()) == {"code", "description"}


@pytest.mark.parametrize("query", ["?bbox=1,2", "?filter=watcher='x'", "?datetime=soon", "?f=xml"])
@pytest.mark.usefixtures("den")
def test_features_are_asked_for_as_the_ogc_api_has_it(query):
    answer = Client().get(f"/api/v1/layers/dens/features{query}")
    assert answer.status_code == (200 if "f=xml" in query else 400)


def test_the_owner_reads_who_saw_a_layer(den, people, browser_of):
    for number in range(3):
        record("layer_seen", den, by=people["bat"], time=number)
    page = browser_of("aigul").get("/api/v1/layers/dens/events?limit=2").json()
    assert [one["by"] for one in page["items"]] == ["Bat", "Bat"]
    rest = browser_of("azamat").get(page["next"]).json()
    assert len(rest["items"]) == 1
    assert rest["next"] is None


def test_one_learns_who_one_is(people, browser_of):
    assert browser_of("bat").get("/api/v1/me").json() == {
        "name": "Bat",
        "organisation": people["bat"].organisation.name,
        "roles": ["focal_point"],
        "states": ["MNG"],
        "species": [],
        "token": None,
    }


@pytest.mark.django_db
def test_species_and_states_are_in_the_readers_language():
    species = Client().get("/api/v1/species/saiga?lang=ru").json()
    assert species["scientific_name"] == "Saiga tatarica"
    assert species["name"] == "Сайгак"
    assert {"iso3": "KAZ", "name": "Казахстан"} in Client().get("/api/v1/states?lang=ru").json()


@pytest.mark.usefixtures("den")
def test_nothing_is_kept_where_several_read(browser_of):
    answer = browser_of("aigul").get("/api/v1/layers/dens")
    assert answer["Cache-Control"] == "private, no-store"
    assert {"Cookie", "Authorization"} <= set(answer["Vary"].split(", "))


@pytest.mark.django_db
def test_every_operation_declares_every_refusal():
    document = Client().get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            refusals = {one for one in told["responses"] if one > "399"}
            changes = {"409", "413"} if method in ("post", "delete") else set()
            assert {"400", "401", "403", "404", "422", "429"} | changes == refusals, path
            assert told["security"]


@pytest.mark.django_db
def test_the_page_of_the_service_asks_nothing_of_other_places():
    page = Client().get("/api/v1/docs").content.decode()
    assert "cdn" not in page
    assert page.count("<section") == sum(
        len(one) for one in api.get_openapi_schema()["paths"].values()
    )
