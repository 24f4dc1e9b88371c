"""Records are proposed and plans screened over REST: with a token's scope, and never beyond it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders_of_the_web import make_screening
from kulan.web.api.actions import make_token
from kulan.web.events.models import Event
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import do
from kulan.web.screenings.models import Screening
from kulan.web.species.models import PopulationRecord

pytestmark = pytest.mark.django_db
POPULATIONS, SCREENINGS = "/api/v1/populations", "/api/v1/screenings"
RECORD = {
    "species_id": "saiga",
    "iso3": "MNG",
    "population": "Shargyn Gobi",
    "estimate": 9100,
    "quantity": "individuals",
    "method": "total_aerial_count",
    "survey_from": "2024-05",
    "survey_to": "2024-05",
    "reference": "A report of the ministry, 2024",
    "data_source": "The ministry",
    "quality": "high",
}
LINE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"type": "railway", "name": "Eastern line"},
            "geometry": {"type": "LineString", "coordinates": [[114.5, 47.0], [114.9, 47.3]]},
        }
    ],
}


@pytest.fixture
def door(people):
    """Return how a program asks with a token of one of the cast."""

    def asks(who, *scopes):
        _, token = make_token(people[who], "program", scopes, days=30)
        return Client(headers={"Authorization": f"Bearer {token}"})

    return asks


def sent(client, address, told):
    return client.post(address, json.dumps(told), content_type="application/json")


def asked(client, content=LINE, name="line.geojson", **told):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(SCREENINGS, {"lines": SimpleUploadedFile(name, body), **told})


def test_a_focal_point_proposes_a_record_and_the_public_does_not_see_it(door):
    bat = door("bat", "read", "records")
    made = sent(bat, POPULATIONS, RECORD)
    assert made.status_code == 201, made.content
    assert made.json()["state"] == "proposed"
    address = f"{POPULATIONS}/{made.json()['uid']}"
    assert bat.get(address).json()["estimate"] == 9100
    assert Client().get(address).status_code == 404
    assert Client().get(POPULATIONS).json()["items"] == []
    assert Event.objects.filter(kind="population_proposed").count() == 1


def test_a_record_in_force_is_read_by_everyone_and_its_change_is_proposed(door, people):
    made = sent(door("bat", "records"), POPULATIONS, RECORD).json()
    record = PopulationRecord.objects.get(uid=made["uid"])
    PopulationRecord.objects.filter(pk=record.pk).update(
        state="approved", decided_by=people["farida"], decided_at=record.proposed_at
    )
    found = Client().get(f"{POPULATIONS}?species_id=saiga&iso3=MNG").json()["items"]
    assert [one["uid"] for one in found] == [made["uid"]]
    assert Client().get(f"{POPULATIONS}?iso3=KAZ").json()["items"] == []
    change = {name: told for name, told in RECORD.items() if name not in ("species_id", "iso3")}
    address = f"{POPULATIONS}/{made['uid']}/changes"
    assert sent(door("bat", "records"), address, change).status_code == 422  # says no reason
    changed = {**change, "estimate": 9500, "reason": "Counted again"}
    answer = sent(door("bat", "records"), address, changed)
    assert (answer.status_code, answer.json()["change"]) == (201, "change")
    assert Client().get(f"{POPULATIONS}/{made['uid']}").json()["estimate"] == 9100


@pytest.mark.parametrize(
    ("who", "scopes", "status"),
    [
        ("bat", ("read",), 403),
        ("bat", ("read", "screenings", "upload"), 403),
        ("chinara", ("records",), 403),  # speaks for another state
        ("dmitri", ("records",), 403),
        ("hassan", ("records",), 403),
    ],
)
def test_a_token_proposes_nothing_its_scope_or_its_owner_may_not(door, who, scopes, status):
    assert sent(door(who, *scopes), POPULATIONS, RECORD).status_code == status
    assert not PopulationRecord.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"low": 9500, "high": 9000, "interval_kind": "confidence_95"}, "estimate"),
        ({"survey_to": "2999"}, "survey_to"),
        ({"method": "guess"}, "method"),
        ({"iso3": "USA"}, "iso3"),
        ({"approved": True}, "approved"),
        ({"reference": "\x00"}, "reference"),
    ],
)
def test_what_the_form_refuses_the_door_refuses_naming_the_field(door, wrong, field):
    answer = sent(door("farida", "records"), POPULATIONS, {**RECORD, **wrong})
    assert answer.status_code == 422
    assert field in answer.json()["description"]


def test_a_browser_proves_that_it_comes_from_our_pages(people):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people["bat"])
    assert sent(browser, POPULATIONS, RECORD).status_code == 403
    assert asked(browser).status_code == 403
    screening = make_screening(people["bat"])
    assert browser.delete(f"{SCREENINGS}/{screening.uid}").status_code == 403


def test_a_plan_is_sent_waited_for_read_and_deleted(door, settings, starter_state):
    settings.STATE = starter_state
    aigul = door("aigul", "screenings")
    made = asked(aigul, title="Eastern", day="2026-11-25")
    assert made.status_code == 202, made.content
    assert made.json()["state"] == "under_way"
    address = f"{SCREENINGS}/{made.json()['uid']}"
    for job in Job.objects.filter(state=Job.State.QUEUED):
        do(job)
    told = aigul.get(address).json()
    assert told["state"] == "ready"
    assert told["alternatives"][0]["name"] == "Eastern line"
    for name, where in told["reports"][0]["files"].items():
        answer = aigul.get(where)
        assert answer.status_code == 200, name
        assert answer["Cache-Control"] == "private, no-store"
        assert b"".join(answer.streaming_content)
        assert door("irina", "screenings").get(where).status_code == 404
        assert door("aigul", "read").get(where).status_code == 403
    assert [one["uid"] for one in aigul.get(SCREENINGS).json()["items"]] == [told["uid"]]
    assert aigul.delete(address).status_code == 204
    assert aigul.get(address).status_code == 404
    assert not Screening.objects.exists()


def test_a_screening_is_anothers_only_to_read(door, people):
    screening = make_screening(people["aigul"])
    address = f"{SCREENINGS}/{screening.uid}"
    assert door("dmitri", "screenings").get(address).status_code == 404
    screening.shared_with.create(email=people["dmitri"].email)
    told = door("dmitri", "screenings").get(address).json()
    assert told["own"] is False
    assert screening.shared_with.get().opened_at is not None
    assert door("dmitri", "screenings").delete(address).status_code == 404
    assert door("dmitri", "screenings").get(SCREENINGS).json()["items"] == []


@pytest.mark.parametrize(
    ("name", "told", "status"),
    [
        ("plan.exe", {}, 422),
        ("line.geojson", {"within_km": "9999"}, 422),
        ("line.geojson", {"day": "soon"}, 422),
        ("line.geojson", {"barrier_type": "wall of fire"}, 422),
        ("line.geojson", {"crs": "EPSG:0"}, 422),
    ],
)
def test_a_plan_that_is_not_understood_is_not_kept(door, name, told, status):
    answer = asked(door("aigul", "screenings"), name=name, **told)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "description"}
    assert not Screening.objects.exists()


def test_a_plan_larger_than_the_limit_is_refused_before_it_is_read(door, settings):
    settings.UPLOAD_MOST_BYTES = 1_000
    answer = asked(door("aigul", "screenings"), b"x" * 5_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "413")
    assert not Screening.objects.exists()


def test_whoever_does_not_say_who_he_is_screens_on_the_page_alone():
    assert asked(Client()).status_code == 401
    assert Client().get(SCREENINGS).status_code == 401


POINTS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"species_id": "saiga", "iso3": "MNG", "note": "Tumen's well"},
            "geometry": {"type": "Point", "coordinates": [103.1234567, 44.7654321]},
        }
    ],
}
BEGUN = {"layer_id": "saiga-wells", "theme": "distribution", "title": "Wells"}


def file_sent(client, address, name="wells.geojson", **told):
    return client.post(
        address, {"file": SimpleUploadedFile(name, json.dumps(POINTS).encode()), **told}
    )


def test_a_scientist_brings_a_draft_that_nobody_else_knows_of(door, settings, tmp_path):
    settings.STATE = tmp_path
    aigul = door("aigul", "upload")
    begun = sent(aigul, "/api/v1/drafts", BEGUN)
    assert begun.status_code == 201, begun.content
    draft = "/api/v1/drafts/saiga-wells/1"
    answer = file_sent(aigul, f"{draft}/file")
    assert answer.status_code == 202, answer.content
    assert answer.json()["job"]["state"] == "queued"
    for job in Job.objects.filter(state=Job.State.QUEUED):
        do(job)
    told = aigul.get(draft).json()
    assert told["job"]["state"] == "done", told
    assert (told["state"], told["feature_count"]) == ("draft", 1)
    assert door("irina", "upload").get(draft).status_code == 404
    assert file_sent(door("irina", "upload"), f"{draft}/file").status_code == 404
    assert Client().get("/api/v1/layers/saiga-wells").status_code == 404
    assert sent(aigul, "/api/v1/drafts", BEGUN).status_code == 409
    assert aigul.post("/api/v1/drafts/saiga-wells").status_code == 409


@pytest.mark.parametrize(
    ("who", "scope", "status"), [("aigul", "read", 403), ("hassan", "upload", 403)]
)
def test_a_token_brings_nothing_its_scope_or_its_owner_may_not(door, who, scope, status):
    assert sent(door(who, scope), "/api/v1/drafts", BEGUN).status_code == status


@pytest.mark.parametrize(
    ("name", "told", "status"),
    [
        ("wells.exe", {}, 422),
        ("wells.geojson", {"crs": "EPSG:4"}, 422),
        ("wells.geojson", {"swap_axes": "perhaps"}, 422),
    ],
)
def test_a_file_that_is_not_understood_is_not_kept(door, settings, tmp_path, name, told, status):
    settings.STATE = tmp_path
    aigul = door("aigul", "upload")
    sent(aigul, "/api/v1/drafts", BEGUN)
    answer = file_sent(aigul, "/api/v1/drafts/saiga-wells/1/file", name, **told)
    assert answer.status_code == status
    assert not Job.objects.exists()
