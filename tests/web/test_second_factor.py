"""Focal points, secretariat and administrators show more than a password."""

import pytest
from django.core import mail

from builders_of_people import PASSWORD, SECRET, add_app, code_now, sign_in
from kulan.web.events.models import Event

MUST = ("bat", "chinara", "farida", "gulnara")
NEED_NOT = ("hassan", "dmitri", "aigul", "irina", "erlan")
SETUP = "/account/2fa/"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize("who", MUST)
def test_who_lacks_it_is_led_to_where_it_is_set_up(browser_of, who):
    answer = browser_of(who).get("/account/me")
    assert (answer.status_code, answer.headers["Location"]) == (302, SETUP)


@pytest.mark.parametrize("who", NEED_NOT)
def test_other_roles_do_without(browser_of, who):
    assert browser_of(who).get("/account/me").status_code == 200


@pytest.mark.parametrize("who", MUST)
def test_with_an_app_everything_opens(people, browser_of, who):
    add_app(people[who])
    assert browser_of(who).get("/account/me").status_code == 200


def test_the_page_says_why_one_is_there(browser_of):
    assert "Your role needs a second factor" in browser_of("farida").get(SETUP).content.decode()


def test_machines_are_told_so_and_not_led_elsewhere(browser_of):
    answer = browser_of("farida").get("/ogc/collections")
    assert answer.status_code == 403
    assert answer.json()["description"] == "Your role needs a second factor."


@pytest.mark.parametrize("address", ["/healthz", "/account/logout/", "/account/reauthenticate/"])
def test_the_way_out_and_the_way_there_stay_open(browser_of, address):
    assert browser_of("farida").get(address).status_code == 200


def test_an_app_is_set_up_and_recovery_codes_are_shown(
    people, client, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(
        "allauth.mfa.totp.internal.auth.generate_totp_secret", lambda *_, **__: SECRET
    )
    sign_in(client, people["farida"])
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/").content.decode()
    assert SECRET in page
    assert "data:image/svg+xml;base64," in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/2fa/totp/activate/", {"code": code_now()})

    assert answer.headers["Location"] == "/account/2fa/recovery-codes/"
    codes = client.get("/account/2fa/recovery-codes/").content.decode()
    assert codes.count("<li><code>") == 10
    download = client.get("/account/2fa/recovery-codes/download/")
    lines = download.content.decode().split()
    assert lines[0] == "Kulan"
    assert all(f"<code>{line}</code>" in codes for line in lines[1:])
    assert client.get("/account/me").status_code == 200
    kinds = set(Event.objects.filter(by_id=people["farida"].pk).values_list("kind", flat=True))
    assert {"second_factor_added", "recovery_codes_made"} <= kinds
    assert "An app was set up as second factor" in {letter.subject for letter in mail.outbox}


def test_a_recovery_code_lets_in_once(people, client):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415

    add_app(people["farida"])
    codes = RecoveryCodes.activate(people["farida"]).get_unused_codes()
    for expected in (302, 200):
        client.logout()
        sign_in(client, people["farida"])
        answer = client.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert answer.status_code == expected


def test_taking_the_app_away_shows_the_person_once_more(people, client):
    add_app(people["dmitri"])
    client.force_login(people["dmitri"])
    answer = client.get("/account/2fa/totp/deactivate/")
    assert "reauthenticate" in answer.headers["Location"]
