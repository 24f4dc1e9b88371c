"""What is kept to be quick is never given to whom it is not for, nor when it holds no more."""

import gzip
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from builders_of_species import make_population
from builders_of_the_web import make_layer, make_point, make_version
from kulan.report.reader import Reader
from kulan.web.atlas.tiles import KeptTiles, seen_tile, vector_tile
from kulan.web.catalogue.materialise import harden
from kulan.web.catalogue.models import Rendition, SensitivityRule
from kulan.web.catalogue.sights import SEEN
from kulan.web.catalogue.themes import Audience, State
from kulan.web.events.models import Event
from kulan.web.kept import Kept
from kulan.web.policy import (
    PUBLIC,
    fingerprint,
    released_version,
    released_versions,
    renditions,
    visible_versions,
)
from kulan.web.prepared import Prepared
from kulan.web.species.pages import cards
from kulan.words import words_in

DEN = (103.1234567, 44.7654321)
TILE = (4, 12, 5)


@pytest.fixture
def version(people):
    made = make_version(make_layer(owner=people["aigul"]))
    make_point(made, *DEN, default_level=3, species_id="snow_leopard", iso3="MNG")
    return made


def listed(client, query=""):
    answer = client.get(f"/atlas/layers.json{query}")
    themes = json.loads(answer.content)["themes"]
    return {layer["id"]: layer for theme in themes for layer in theme["layers"]}


def test_a_released_version_is_quickly_found_by_whom_the_policy_lets_see_it(
    version, people, viewer
):
    others = {audience: make_layer(f"for-{audience}", audience=audience) for audience in Audience}
    made = [version, *(make_version(layer) for layer in others.values())]
    make_version(make_layer("unfinished", owner=people["aigul"]), state=State.DRAFT)
    for who in ("nobody", *people):
        sight = viewer(who)
        allowed = set(visible_versions(sight).filter(state=State.RELEASED))
        assert set(released_versions(sight)) == allowed
        for one in made:
            found = released_version(sight, one.layer.layer_id)
            assert found == (one if one in allowed else None)


@pytest.mark.parametrize("change", ["audience", "embargo", "withdrawn"])
def test_what_is_shown_no_more_is_not_found_at_once(version, browser_of, change):
    client = browser_of("nobody")
    tile = listed(client)["dens"]["tiles"].format(z=TILE[0], x=TILE[1], y=TILE[2])
    assert client.get(tile).status_code == 200
    if change == "audience":
        version.layer.audience = Audience.NAMED
    elif change == "embargo":
        version.layer.embargo_until = timezone.localdate() + timedelta(days=1)
    else:
        version.state = State.WITHDRAWN
        version.save()
    version.layer.save()

    assert client.get(tile).status_code == 404
    assert "dens" not in listed(client)


def test_a_new_owner_is_an_owner_at_once_and_the_old_one_is_none(version, people, viewer):
    assert fingerprint(viewer("aigul"), released_version(viewer("aigul"), "dens")) != fingerprint(
        viewer("nobody"), released_version(PUBLIC, "dens")
    )
    version.layer.owner, version.layer.organisation = people["irina"], people["irina"].organisation
    version.layer.save()

    seen = {
        who: renditions(viewer(who), released_version(viewer(who), "dens")).get().level
        for who in ("aigul", "irina", "nobody")
    }
    assert seen == {"aigul": 3, "irina": 0, "nobody": 3}


@pytest.mark.usefixtures("version")
def test_the_list_of_layers_of_one_reader_is_not_anothers(browser_of):
    first = {who: listed(browser_of(who))["dens"] for who in ("bat", "nobody", "aigul", "bat")}
    assert first["nobody"]["precision_words"]
    assert not first["bat"]["precision_words"]
    assert not first["aigul"]["precision_words"]
    assert len({first[who]["tiles"] for who in first}) == 3


@pytest.mark.usefixtures("version")
def test_the_list_of_layers_is_in_the_readers_language(browser_of):
    client = browser_of("nobody")
    words = {code: listed(client, f"?lang={code}")["dens"]["precision_words"] for code in
             ("en", "ru", "fr", "en")}  # fmt: skip
    assert words["en"].startswith("Places")
    assert len(set(words.values())) == 3


@pytest.mark.usefixtures("version")
def test_a_list_that_has_not_changed_is_not_sent_again_and_one_that_has_is(browser_of):
    client = browser_of("nobody")
    first = client.get("/atlas/layers.json", headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(first.content))["themes"]
    again = client.get("/atlas/layers.json", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    theirs = browser_of("bat").get("/atlas/layers.json")["ETag"]
    stolen = client.get("/atlas/layers.json", headers={"If-None-Match": theirs})
    assert stolen.status_code == 200
    make_version(make_layer("tracks"))
    changed = client.get("/atlas/layers.json", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_tiles_from_before_a_species_was_hidden_better_are_given_to_nobody(version, browser_of):
    client = browser_of("nobody")
    Rendition.objects.filter(version=version).update(default_level=1)
    before = listed(client)["dens"]["tiles"].format(z=TILE[0], x=TILE[1], y=TILE[2])
    assert client.get(before).status_code == 200
    SensitivityRule.objects.create(species_id="snow_leopard", level=4, basis="Poaching")

    assert harden(version) == 1

    assert client.get(before).status_code == 404
    assert "1°" in listed(client)["dens"]["precision_words"]


@pytest.mark.parametrize("month", [0, 5])
@pytest.mark.parametrize("who", ["nobody", "bat", "erlan", "farida", "aigul"])
def test_a_quickly_made_tile_is_the_tile_of_the_policy(version, viewer, who, month):
    make_point(version, 104.5, 45.2, uid="b", species_id="saiga", iso3="KAZ", default_level=2,
               months=0b10000)  # fmt: skip
    make_point(version, 104.9, 45.9, uid="c", months=0b1)
    sight = viewer(who)
    for _ in range(2):  # the second time the query is a kept one
        quick = seen_tile(sight, version, *TILE, month=month)
        assert quick == vector_tile(renditions(sight, version), version, *TILE, month=month)
    assert quick


def test_a_tile_whose_file_is_empty_is_made_again(version, browser_of):
    client = browser_of("nobody")
    address = listed(client)["dens"]["tiles"].format(z=TILE[0], x=TILE[1], y=TILE[2])
    whole = client.get(address).content
    path = KeptTiles(fingerprint(PUBLIC, version)).path(*TILE, ".mvt")
    path.write_bytes(b"")  # as after the power went

    assert client.get(address).content == whole
    assert path.read_bytes() == whole


def test_a_tile_without_anything_in_it_is_kept_too(version, browser_of):
    client = browser_of("nobody")
    address = listed(client)["dens"]["tiles"].format(z=4, x=0, y=0)
    assert client.get(address).status_code == 204
    Rendition.objects.all().delete()  # so that it could not be told apart from one made anew
    assert KeptTiles(fingerprint(PUBLIC, version)).get(4, 0, 0, ".mvt") == b""
    assert client.get(address).status_code == 204


@pytest.mark.usefixtures("version")
def test_a_query_whose_slot_the_database_never_sees_is_refused():
    with pytest.raises(ValueError, match="north"):
        Prepared(Rendition.objects.filter(west__gt=-7.5), {"west": -7.5, "north": 3.5})


def test_only_the_last_used_is_kept():
    kept = Kept(2)
    for key in ("saiga", "kulan", "saiga", "argali"):
        kept.of(key, key.title)
    assert [kept.get(key) for key in ("saiga", "kulan", "argali")] == ["Saiga", None, "Argali"]


def test_the_number_of_figures_in_the_list_of_species_is_the_readers_own(viewer):
    make_population()
    make_population(readers="partners", survey_to="2022")
    seen = {
        who: {card.species_id: card.figures for card in cards(viewer(who), Reader(words_in("en")))}
        for who in ("dmitri", "nobody", "dmitri")
    }
    assert (seen["dmitri"]["saiga"], seen["nobody"]["saiga"]) == (2, 1)
    assert seen["nobody"]["khulan"] == 0


def test_the_owner_learns_who_looked_at_tiles_that_show_more_than_the_public_sees(
    version, browser_of, viewer
):
    for who in ("bat", "bat", "irina", "aigul", "nobody"):
        seen = fingerprint(viewer(who), version)
        z, x, y = TILE
        assert browser_of(who).get(f"/atlas/tiles/dens/{seen}/{z}/{x}/{y}.mvt").status_code == 200
    looks = Event.objects.filter(kind=SEEN, subject_id=str(version.uid))
    assert [look.by_name for look in looks] == ["Bat"]
