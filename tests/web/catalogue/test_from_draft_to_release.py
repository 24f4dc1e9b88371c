"""A scientist brings a layer, a second person of another house releases it; nobody else can."""

import pytest
from django.urls import reverse

from builders_of_the_web import make_layer, make_point, make_version
from files_to_bring import ONE, sent
from kulan.errors import AccessDeniedError, NotAllowedNowError
from kulan.web.catalogue import actions, moves
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.catalogue.themes import MOVES, State
from kulan.web.events.models import Event

WHOLE = {
    "title": {"en": "Births of the saiga"}, "abstract": {"en": "Where they were seen."},
    "method": "Aerial survey", "source": "Own survey", "licence": "CC-BY-4.0",
}  # fmt: skip


@pytest.fixture
def waiting(people):
    """A whole version of Aigul's that waits for review."""
    layer = make_layer(owner=people["aigul"])
    return make_version(layer, state=State.IN_REVIEW, created_by=people["aigul"])


def at(route, version, **more):
    return reverse(
        route, kwargs={"layer_id": version.layer.layer_id, "number": version.number, **more}
    )


def test_a_layer_goes_the_whole_way_by_its_pages(browser_of, work_off):
    aigul, irina = browser_of("aigul"), browser_of("irina")

    answer = aigul.post(
        reverse("layer_new"), {"title": "Births", "layer_id": "births", "theme": "distribution"}
    )
    version = LayerVersion.objects.get(layer__layer_id="births")
    assert answer.url == at("layer_desk", version)

    aigul.post(at("layer_upload", version), {"file": sent("saiga.geojson", ONE)})
    assert "waits to be read" in aigul.get(at("layer_desk", version)).content.decode()
    (job,) = work_off()
    assert (job.state, job.refusal) == ("done", "")
    desk = aigul.get(at("layer_desk", version)).content.decode()
    assert "Read as GeoJSON: 1 of 1 features." in desk
    assert "disabled" in desk

    told = {
        "title_en": "Births", "title_ru": "Окот", "abstract_en": "Where.", "theme": "distribution",
        "species": ["saiga"], "states": ["KAZ"], "months": ["5"], "method": "Aerial",
        "confidence": "high", "source": "Own", "licence": "CC-BY-4.0", "audience": "public",
        "minimum_count": "1", "meaning_0": "Number", "role_0": "record_id", "shown_0": "0",
        "meaning_1": "Species", "role_1": "species", "shown_1": "4",
        "meaning_2": "Remark", "role_2": "", "shown_2": "4",
    }  # fmt: skip
    answer = aigul.post(at("layer_describe", version), told)
    assert answer.status_code == 302, answer.content.decode()
    work_off()
    assert Rendition.objects.filter(version=version, level=1).get().properties["note"] == "calm"

    aigul.post(at("layer_submit", version))
    assert "Births" in irina.get(reverse("review_queue")).content.decode()
    answer = irina.post(at("layer_decide", version), {"decision": "release", "reason": "Good."})
    assert answer.url == at("layer_version", version)

    page = browser_of("nobody").get(at("layer_version", version))
    assert "Births" in page.content.decode()
    assert "kulan:births:1" in page.content.decode()
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert kinds >= {
        "layer_begun", "layer_file_sent", "layer_uploaded", "layer_described", "layer_submitted",
        "layer_released",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["aigul", "azamat", "bat", "dmitri", "erlan", "gulnara", "hassan"])
def test_only_a_second_person_of_another_house_decides(waiting, people, who):
    with pytest.raises(AccessDeniedError):
        moves.release(waiting, by=people[who])
    with pytest.raises(AccessDeniedError):
        moves.send_back(waiting, "no", by=people[who])
    waiting.refresh_from_db()
    assert waiting.state == State.IN_REVIEW
    assert not Event.objects.exists()


def test_whoever_made_a_version_does_not_decide_after_changing_house(waiting, people):
    aigul = people["aigul"]
    aigul.organisation = people["irina"].organisation
    aigul.save()
    waiting.layer.owner = people["azamat"]
    waiting.layer.save()
    with pytest.raises(AccessDeniedError):
        moves.release(waiting, by=aigul)


def test_a_release_supersedes_the_one_before_in_the_same_moment(waiting, people):
    older = waiting
    moves.release(older, by=people["irina"])
    newer = make_version(older.layer, state=State.IN_REVIEW, created_by=people["aigul"])

    moves.release(newer, by=people["farida"])

    states = dict(LayerVersion.objects.values_list("number", "state"))
    assert states == {1: State.SUPERSEDED, 2: State.RELEASED}


def test_a_release_that_fails_leaves_the_old_one_released(waiting, people, monkeypatch):
    moves.release(waiting, by=people["irina"])
    newer = make_version(waiting.layer, state=State.IN_REVIEW, created_by=people["aigul"])

    def fail(_):
        raise RuntimeError

    monkeypatch.setattr(moves, "harden_older", fail)
    with pytest.raises(RuntimeError):
        moves.release(newer, by=people["irina"])
    assert dict(LayerVersion.objects.values_list("number", "state")) == {
        1: State.RELEASED, 2: State.IN_REVIEW,
    }  # fmt: skip


ACTIONS = {
    State.IN_REVIEW: lambda version, people: moves.submit(version, by=people["aigul"]),
    State.DRAFT: lambda version, people: moves.take_back(version, by=people["aigul"]),
    State.RELEASED: lambda version, people: moves.release(version, by=people["irina"]),
    State.REJECTED: lambda version, people: moves.send_back(version, "mend", by=people["irina"]),
    State.WITHDRAWN: lambda version, people: moves.withdraw(version, "wrong", by=people["aigul"]),
}


@pytest.mark.parametrize("wanted", ACTIONS)
@pytest.mark.parametrize("state", State.values)
def test_a_version_moves_as_the_table_of_moves_says_and_never_otherwise(people, state, wanted):
    version = make_version(
        make_layer(owner=people["aigul"]), state=state, created_by=people["aigul"],
        file_sha256="0" * 64, **WHOLE,
    )  # fmt: skip
    if wanted in MOVES[state]:
        ACTIONS[wanted](version, people)
        expected, events = wanted, 1
    else:
        with pytest.raises((NotAllowedNowError, AccessDeniedError)):
            ACTIONS[wanted](version, people)
        expected, events = state, 0
    version.refresh_from_db()
    assert version.state == expected
    assert Event.objects.count() == events


@pytest.mark.parametrize("lacking", [*WHOLE, "file_sha256"])
def test_what_is_not_whole_does_not_go_to_review(people, lacking):
    fields = WHOLE | {"file_sha256": "0" * 64}
    fields[lacking] = type(fields[lacking])()
    version = make_version(make_layer(owner=people["aigul"]), state=State.DRAFT, **fields)
    with pytest.raises(NotAllowedNowError):
        moves.submit(version, by=people["aigul"])


@pytest.mark.parametrize("state", ["in_review", "released", "superseded", "withdrawn"])
def test_what_left_the_desk_is_described_no_more(people, state):
    version = make_version(make_layer(owner=people["aigul"]), state=state)
    with pytest.raises(NotAllowedNowError):
        actions.describe(version, {"method": "another"}, by=people["aigul"])


def test_a_reviewer_reads_what_a_file_lost_but_not_of_which_record(waiting, browser_of):
    waiting.losses = [{"kind": "changed", "what": "cut", "detail": "den 103.1234567", "n": 1}]
    waiting.save()
    told = {who: browser_of(who).get(at("layer_desk", waiting)).content.decode()
            for who in ("aigul", "irina")}  # fmt: skip
    assert "den 103.1234567" in told["aigul"]
    assert "cut" in told["irina"]
    assert "103.1234567" not in told["irina"]


def test_sending_back_and_withdrawing_need_words(waiting, people):
    with pytest.raises(NotAllowedNowError):
        moves.send_back(waiting, "  ", by=people["irina"])
    moves.release(waiting, by=people["irina"])
    with pytest.raises(NotAllowedNowError):
        moves.withdraw(waiting, "", by=people["aigul"])


def test_a_withdrawn_version_is_gone_for_the_world_and_its_number_is_not_used_again(
    waiting, people, browser_of
):
    moves.release(waiting, by=people["irina"])
    moves.withdraw(waiting, "The tags were mixed up.", by=people["aigul"])

    assert browser_of("nobody").get(at("layer_version", waiting)).status_code == 404
    assert actions.begin_version(waiting.layer, by=people["aigul"]).number == 2


def test_a_release_that_hides_more_hides_it_in_the_versions_before_too(people):
    layer = make_layer(owner=people["aigul"])
    older = make_version(layer, state=State.SUPERSEDED, created_by=people["aigul"])
    make_point(older, uid="den", default_level=1)
    newer = make_version(layer, state=State.IN_REVIEW, created_by=people["aigul"])
    make_point(newer, uid="den", default_level=3)

    moves.release(newer, by=people["irina"])

    assert set(Rendition.objects.filter(version=older).values_list("default_level", flat=True)) == {
        3
    }


def test_no_second_draft_of_a_layer_is_begun(waiting, people):
    with pytest.raises(NotAllowedNowError):
        actions.begin_version(waiting.layer, by=people["aigul"])


def test_a_file_larger_than_the_limit_is_not_kept(browser_of, draft, settings):
    settings.UPLOAD_MOST_BYTES = 1000
    answer = browser_of("aigul").post(
        at("layer_upload", draft), {"file": sent("x.geojson", b" " * 3_000_000)}
    )
    assert answer.status_code == 413
    assert not list(settings.STATE.rglob("*.geojson"))


@pytest.mark.parametrize("name", ["x.exe", "x.vrt", "x", "x.geojson.html", "x.shp.xml"])
def test_a_file_of_another_ending_is_not_kept(browser_of, draft, settings, name):
    answer = browser_of("aigul").post(at("layer_upload", draft), {"file": sent(name, "x")})
    assert answer.status_code == 422
    assert not (settings.STATE / "incoming").exists()


def test_a_file_that_cannot_be_read_is_refused_in_words_and_forgotten(
    browser_of, draft, work_off, settings
):
    aigul = browser_of("aigul")
    aigul.post(at("layer_upload", draft), {"file": sent("../../x.geojson", "<html>")})
    (job,) = work_off()
    assert job.state == "failed"
    desk = aigul.get(at("layer_desk", draft)).content.decode()
    assert "nothing has changed" in desk
    assert not [path for path in (settings.STATE / "incoming").rglob("*") if path.is_file()]


def test_a_job_that_is_begun_again_changes_nothing_more(browser_of, draft, work_off):
    browser_of("aigul").post(at("layer_upload", draft), {"file": sent("x.geojson", ONE)})
    (job,) = work_off()
    before = list(Rendition.objects.values_list("pk", flat=True))
    job.state = "queued"
    job.save()
    (again,) = work_off()
    assert again.state == "done"
    assert list(Rendition.objects.values_list("pk", flat=True)) == before
