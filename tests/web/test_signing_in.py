"""Signing in: with password, with a second factor, with a new password; and who must not get in."""

import re

import pytest
from django.core import mail
from django.test import Client

from builders_of_people import PASSWORD, add_app, code_now, sign_in
from kulan.web.events.models import Event
from kulan.web.language import COOKIE


def signed_in(client):
    return client.get("/account/me").status_code == 200


def links_in(letter):
    return re.findall(r"http://testserver(\S+)", letter.body)


def test_whoever_knows_the_password_gets_in(people, client):
    answer = sign_in(client, people["dmitri"])
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert signed_in(client)


@pytest.mark.usefixtures("people")
def test_an_address_may_be_written_in_any_case(client):
    client.post("/account/login/", {"login": "DMITRI@Test.Example", "password": PASSWORD})
    assert signed_in(client)


def test_signing_in_leads_back_to_where_one_was_going(people, client):
    answer = client.post(
        "/account/login/",
        {"login": people["dmitri"].email, "password": PASSWORD, "next": "/account/me"},
    )
    assert answer.headers["Location"] == "/account/me"


def test_signing_in_leads_to_no_other_site(people, client):
    answer = client.post(
        "/account/login/",
        {"login": people["dmitri"].email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert answer.headers["Location"] == "/"


def test_a_code_from_the_app_is_asked_for_after_the_password(people, client):
    add_app(people["farida"])
    answer = sign_in(client, people["farida"])
    assert answer.headers["Location"] == "/account/2fa/authenticate/"
    assert not signed_in(client)

    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert "This code is wrong" in wrong.content.decode()
    assert not signed_in(client)

    client.post("/account/2fa/authenticate/", {"code": code_now()})
    assert signed_in(client)


def test_a_code_works_once(people):
    add_app(people["farida"])
    code = code_now()
    for expected in (True, False):
        client = Client()
        sign_in(client, people["farida"])
        client.post("/account/2fa/authenticate/", {"code": code})
        assert signed_in(client) is expected


def test_the_session_of_before_is_not_the_session_of_after(people, client):
    client.get("/account/login/")
    client.session["anything"] = 1
    session = client.session
    session["seen"] = "before"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, people["dmitri"])
    assert signed_in(client)
    assert client.cookies["sessionid"].value != before


def test_a_closed_account_does_not_get_in(people, client):
    people["dmitri"].is_active = False
    people["dmitri"].save()
    sign_in(client, people["dmitri"])
    assert not signed_in(client)


def test_a_session_ends_when_the_account_is_closed(people, client, browser_of):
    sign_in(client, people["dmitri"])
    assert signed_in(client)
    browser_of("gulnara").post(f"/people/{people['dmitri'].pk}/close")
    assert not signed_in(client)


def test_unknown_address_and_wrong_password_are_answered_alike(people, client):
    pages = [
        client.post("/account/login/", {"login": email, "password": "not the password"})
        for email in (people["dmitri"].email, "nobody@test.example")
    ]
    texts = [
        re.sub(r'(csrfmiddlewaretoken" value="\w+|[\w.]+@test\.example)', "", p.content.decode())
        for p in pages
    ]
    assert pages[0].status_code == pages[1].status_code == 200
    assert "Address and password do not go together." in texts[0]
    assert texts[0] == texts[1]


def test_an_unknown_address_costs_as_much_work_as_a_wrong_password(people, client, monkeypatch):
    """A hash is computed either way, so that the time tells nothing."""
    from django.contrib.auth.hashers import MD5PasswordHasher  # noqa: PLC0415

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k)
    )
    counts = []
    for email in (people["dmitri"].email, "nobody@test.example"):
        hashed.clear()
        client.post("/account/login/", {"login": email, "password": "not the password"})
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


def test_a_new_password_is_asked_for_alike_whether_the_address_is_known(people, client):
    answers = [
        client.post("/account/password/reset/", {"email": email})
        for email in (people["dmitri"].email, "nobody@test.example")
    ]
    assert [answer.headers["Location"] for answer in answers] == [
        "/account/password/reset/done/"
    ] * 2
    assert [letter.to for letter in mail.outbox] == [
        [people["dmitri"].email],
        ["nobody@test.example"],
    ]
    assert len(links_in(mail.outbox[0])) == 1
    assert links_in(mail.outbox[1]) == []


def test_a_new_password_is_chosen_by_the_link_once(people, client):
    client.post("/account/password/reset/", {"email": people["dmitri"].email})
    [link] = links_in(mail.outbox[0])
    form = client.get(link)
    assert "set-password" in form.headers["Location"]  # the key is not in the page's address
    page = form.headers["Location"]
    weak = client.post(page, {"password1": "short", "password2": "short"})
    assert weak.status_code == 200
    new = "another quite long one"
    client.post(page, {"password1": new, "password2": new})

    assert not Client().login(email=people["dmitri"].email, password=PASSWORD)
    sign_in(fresh := Client(), people["dmitri"], new)
    assert signed_in(fresh)
    again = Client().get(link)
    assert "no longer good" in again.content.decode()
    assert Event.objects.filter(kind="password_changed", by_id=people["dmitri"].pk).count() == 1


def test_a_new_password_signs_out_who_was_signed_in(people, client):
    sign_in(client, people["dmitri"])
    other = Client()
    other.post("/account/password/reset/", {"email": people["dmitri"].email})
    page = other.get(links_in(mail.outbox[0])[0]).headers["Location"]
    new = "another quite long one"
    other.post(page, {"password1": new, "password2": new})
    assert not signed_in(client)


def test_letters_are_in_the_language_of_the_account(people, client):
    people["dmitri"].language = "ru"
    people["dmitri"].save()
    client.post("/account/password/reset/", {"email": people["dmitri"].email})
    assert mail.outbox[0].subject == "Новый пароль"
    assert "Выберите его здесь" in mail.outbox[0].body


def test_signing_in_leaves_the_language_of_the_page_as_it_is(people, client):
    assert COOKIE not in sign_in(client, people["dmitri"]).cookies
    page = client.get("/account/me", headers={"Accept-Language": "ru"})
    assert '<html lang="ru">' in page.content.decode()


def test_guessing_at_one_account_is_stopped(people, client):
    for _ in range(5):
        client.post("/account/login/", {"login": people["dmitri"].email, "password": "wrong guess"})
    answer = sign_in(client, people["dmitri"])
    assert "Too many attempts" in answer.content.decode()
    assert not signed_in(client)


def test_another_address_in_a_header_does_not_get_round_the_limit(people, client):
    for number in range(12):
        client.post(
            "/account/login/",
            {"login": f"x{number}@test.example", "password": "wrong guess"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
    assert "Too many attempts" in sign_in(client, people["dmitri"]).content.decode()


@pytest.mark.usefixtures("db")
def test_too_many_requests_are_answered_by_our_own_page(client):
    for _ in range(11):
        answer = client.post("/account/password/reset/", {"email": "x@test.example"})
    assert answer.status_code == 429
    assert '<main id="main"' in answer.content.decode()


@pytest.mark.usefixtures("db")
def test_nobody_signs_up_alone(client):
    new = "another quite long one"
    client.post("/account/signup/", {"email": "x@test.example", "password1": new, "password2": new})
    assert not Client().login(email="x@test.example", password=new)


def test_a_new_address_holds_once_its_link_was_followed(people, client):
    sign_in(client, people["dmitri"])
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/email/", {"email": "steppe@test.example", "action_add": "1"})
    people["dmitri"].refresh_from_db()
    assert people["dmitri"].email == "dmitri@test.example"

    [letter] = [m for m in mail.outbox if m.to == ["steppe@test.example"]]
    client.post(links_in(letter)[0])

    people["dmitri"].refresh_from_db()
    assert people["dmitri"].email == "steppe@test.example"
    told = [m for m in mail.outbox if m.to == ["dmitri@test.example"]]
    assert any("steppe@test.example" in m.body for m in told)


@pytest.mark.parametrize("language", ["ru", "fr"])
@pytest.mark.usefixtures("people")
def test_no_page_of_signing_in_falls_back_to_english(client, language):
    client.cookies[COOKIE] = language
    for address in ("/account/login/", "/account/password/reset/", "/account/signup/"):
        text = client.get(address).content.decode()
        assert f'<html lang="{language}">' in text
        assert "Sign" not in re.sub(r"<[^>]+>", "", text)
