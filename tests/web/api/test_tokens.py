"""Tokens: made by a person, shown once, and never more than that person."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from builders_of_the_web import make_layer, make_point, make_version
from kulan.web import rates
from kulan.web.api import bearer
from kulan.web.api.actions import end_token, make_token
from kulan.web.api.models import ApiToken
from kulan.web.events.models import Event
from kulan.web.people.models import Grant

pytestmark = pytest.mark.usefixtures("den")
ITEMS = "/ogc/collections/dens/items"
DEN = [103.1234567, 44.7654321]


@pytest.fixture
def den(people):
    version = make_version(make_layer("dens", owner=people["aigul"]))
    make_point(version, default_level=3, species_id="saiga", iso3="MNG")
    return version


@pytest.fixture
def token_of(people):
    def made(name, *scopes, days=30):
        return make_token(people[name], f"{name}'s program", scopes or ("read",), days=days)[1]

    return made


def get(path, token=None, client=None, **asked):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return (client or Client()).get(path, asked, headers=headers)


def place(answer):
    return answer.json()["features"][0]["geometry"]["coordinates"]


def test_a_token_sees_what_its_owner_sees(token_of):
    assert place(get(ITEMS, token_of("aigul"))) == DEN
    assert place(get(ITEMS, token_of("dmitri"))) != DEN
    assert place(get(ITEMS)) == place(get(ITEMS, token_of("dmitri")))


def test_a_token_loses_what_its_owner_loses(people, token_of):
    token = token_of("bat")
    assert place(get(ITEMS, token)) == DEN
    Grant.objects.filter(user=people["bat"]).delete()
    assert place(get(ITEMS, token)) != DEN


def test_a_token_is_its_owners_whatever_cookie_comes_with_it(token_of, browser_of):
    assert place(get(ITEMS, token_of("dmitri"), browser_of("aigul"))) != DEN
    me = get("/api/v1/me", token_of("dmitri"), browser_of("aigul")).json()
    assert me["name"] == "Dmitri"


@pytest.mark.parametrize("path", [ITEMS, "/api/v1/layers", "/atlas/layers.json"])
@pytest.mark.parametrize(
    "header",
    [
        "Bearer kulan_" + "x" * 43,
        "Bearer nothing",
        "Bearer",
        "Basic Zm94OmZvb3Q=",
        "kulan_" + "x" * 43,
        "Bearer kulan_' OR 1=1 --",
    ],
)
def test_a_token_that_was_never_given_out_opens_nothing(path, header):
    answer = Client().get(path, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_token_that_has_ended_or_is_past_its_day_opens_nothing(people, token_of):
    token = token_of("aigul")
    stored = ApiToken.objects.get()
    ApiToken.objects.update(expires_on=timezone.localdate())
    assert get(ITEMS, token).status_code == 200
    ApiToken.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert get(ITEMS, token).status_code == 401
    ApiToken.objects.update(expires_on=timezone.localdate())
    end_token(people["aigul"], stored)
    assert get(ITEMS, token).status_code == 401


def test_the_token_of_a_closed_account_opens_nothing(people, token_of):
    token = token_of("aigul")
    people["aigul"].is_active = False
    people["aigul"].save()
    assert get(ITEMS, token).status_code == 401
    assert get("/api/v1/me", token).status_code == 401


@pytest.mark.parametrize("path", [ITEMS, "/ogc", "/api/v1/layers", "/api/v1/me"])
def test_a_token_that_may_not_read_reads_nothing(token_of, path):
    assert get(path, token_of("aigul", "screenings")).status_code == 403


def test_only_the_hash_is_kept_and_the_day_of_use(people, token_of):
    token = token_of("aigul")
    get(ITEMS, token)
    stored = ApiToken.objects.get()
    assert stored.last_used_on == timezone.localdate()
    assert token not in "".join(str(value) for value in ApiToken.objects.values_list().get())
    assert token not in str(list(Event.objects.values()))
    assert people["aigul"].api_tokens.count() == 1


def test_a_token_needs_no_proof_against_forgery_and_a_cookie_does(people, token_of):
    """A browser sends cookies by itself to whoever asks; it never sends a token."""
    from kulan.errors import AccessDeniedError  # noqa: PLC0415
    from kulan.web.api.doors import Door  # noqa: PLC0415

    client = Client(enforce_csrf_checks=True)
    client.force_login(people["aigul"])
    forged = client.get("/api/v1/me").wsgi_request
    forged.method, forged._dont_enforce_csrf_checks = "POST", False
    with pytest.raises(AccessDeniedError, match="prove"):
        Door(own=True)(forged)
    by_token = get("/api/v1/me", token_of("aigul"), client).wsgi_request
    by_token.method = "POST"
    assert Door(own=True)(by_token).name == "Aigul"


def test_a_person_makes_sees_and_ends_tokens_on_one_page(browser_of):
    browser = browser_of("aigul")
    page = browser.post(
        "/account/tokens", {"name": "QGIS at home", "scopes": ["read"], "days": "90"}
    )
    shown = page.content.decode()
    token = shown[shown.index("kulan_") :].split("<")[0]
    assert place(get(ITEMS, token)) == DEN

    later = browser.get("/account/tokens").content.decode()
    assert "QGIS at home" in later
    assert token not in later

    browser.post(f"/account/tokens/{ApiToken.objects.get().pk}/end")
    assert get(ITEMS, token).status_code == 401
    assert [event.kind for event in Event.objects.all()] == ["token_made", "token_ended"]


def test_nobody_sees_or_ends_the_tokens_of_another(browser_of, token_of):
    token = token_of("aigul")
    stored = ApiToken.objects.get()
    for who in ("azamat", "farida", "gulnara"):
        assert b"aigul" not in browser_of(who).get("/account/tokens").content
        assert browser_of(who).post(f"/account/tokens/{stored.pk}/end").status_code == 404
    assert get("/api/v1/me", token).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        {"name": "", "scopes": ["read"], "days": "90"},
        {"name": "x", "scopes": [], "days": "90"},
        {"name": "x", "scopes": ["everything"], "days": "90"},
        {"name": "x", "scopes": ["read"], "days": "4000"},
    ],
)
def test_a_form_that_is_not_filled_in_makes_nothing(browser_of, data):
    assert browser_of("aigul").post("/account/tokens", data).status_code == 400
    assert not ApiToken.objects.exists()


def test_there_is_an_end_to_how_many_tokens_one_has(browser_of, token_of):
    for _ in range(20):
        token_of("aigul")
    data = {"name": "one more", "scopes": ["read"], "days": "30"}
    assert browser_of("aigul").post("/account/tokens", data).status_code == 409


@pytest.fixture
def counted(monkeypatch):
    monkeypatch.setattr(rates, "_windows", type(rates._windows)())
    for name in ("MOST_BY_TOKEN", "MOST_BY_ADDRESS", "MOST_WRONG"):
        monkeypatch.setattr(bearer, name, 3)


@pytest.mark.usefixtures("counted")
def test_who_asks_too_often_is_told_when_to_ask_again(token_of):
    assert [get("/ogc").status_code for _ in range(4)] == [200, 200, 200, 429]
    refusal = get("/api/v1/layers")
    assert refusal.status_code == 429
    assert 1 <= int(refusal["Retry-After"]) <= 60
    token = token_of("aigul")
    assert [get("/ogc", token).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert get("/ogc", token_of("bat")).status_code == 200


@pytest.mark.usefixtures("counted")
def test_guessing_tokens_is_slowed_down():
    wrong = [get("/ogc", "kulan_" + "y" * 43).status_code for _ in range(4)]
    assert wrong == [401, 401, 401, 429]


def test_pages_take_no_token(token_of):
    """A token is for machines' addresses: with one, a page is shown as to anybody."""
    assert get("/account/tokens", token_of("aigul")).status_code == 302
