"""One's own account: what may be changed, what Kulan holds, and how a person leaves."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from builders_of_people import PASSWORD, add_app, make_invitation, sign_in
from builders_of_the_web import make_layer, make_version
from kulan.errors import NotAllowedNowError
from kulan.web.catalogue.models import Agreement, Layer
from kulan.web.events.models import Event
from kulan.web.events.record import record
from kulan.web.language import COOKIE
from kulan.web.people import actions
from kulan.web.people.erasing import erase_account
from kulan.web.people.models import User


def test_name_and_language_are_ones_own_to_change(people, browser_of):
    answer = browser_of("dmitri").post("/account/me", {"name": "Dima", "language": "ru"})
    people["dmitri"].refresh_from_db()
    assert (people["dmitri"].name, people["dmitri"].language) == ("Dima", "ru")
    assert answer.cookies[COOKIE].value == "ru"
    assert Event.objects.get().details == {"changed": "name, language"}


@pytest.mark.usefixtures("people")
def test_nothing_changed_leaves_no_event(browser_of):
    browser_of("dmitri").post("/account/me", {"name": "Dmitri", "language": "en"})
    assert not Event.objects.exists()


def test_people_get_all_that_is_held_of_them_and_no_secret(people, browser_of):
    add_app(people["dmitri"])
    sent = make_invitation(invited_by=people["dmitri"])
    make_layer(owner=people["dmitri"])
    record("layer_seen", ("layer", "dens", "Dens"), by=people["dmitri"])
    record("layer_seen", ("layer", "dens", "Dens"), by=people["bat"])
    answer = browser_of("dmitri").get("/account/me/data")
    held = json.loads(answer.content)
    assert held["account"]["email"] == "dmitri@test.example"
    assert [role["role"] for role in held["roles"]] == ["partner"]
    assert [layer["layer_id"] for layer in held["layers"]] == ["dens"]
    assert len(held["events"]) == 1
    assert held["second_factors"][0]["type"] == "totp"
    text = answer.content.decode()
    secret = Authenticator.objects.get().data["secret"]
    for hidden in (secret, people["dmitri"].password, sent.code):
        assert hidden not in text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_person_who_leaves_is_gone_and_what_was_done_stays(people):
    dmitri = people["dmitri"]
    layer = make_layer(owner=dmitri)
    version = make_version(layer, created_by=dmitri)
    Agreement.objects.create(layer=make_layer("b"), user=dmitri, level=1)
    add_app(dmitri)
    record("layer_released", version, by=dmitri)
    record("grant_given", dmitri, by=people["gulnara"])
    used = make_invitation("dmitri@test.example", used_by=dmitri)
    record("invitation_sent", used, by=people["gulnara"])

    erase_account(dmitri)

    kept = User.objects.get(pk=dmitri.pk)
    assert kept.name == f"closed account {dmitri.pk}"
    assert not kept.is_active
    assert not kept.has_usable_password()
    assert not kept.grants.exists()
    assert not Agreement.objects.filter(user=kept, ended_at=None).exists()
    assert not Authenticator.objects.filter(user=kept).exists()
    version.refresh_from_db()
    assert version.created_by == kept
    told = json.dumps(
        [*Event.objects.values("by_name", "subject_title", "details"), kept.email, kept.name]
    )
    assert "mitri" not in told
    used.refresh_from_db()
    assert "mitri" not in used.email
    assert Event.objects.get(kind="layer_released").by_name == kept.name
    assert Event.objects.get(kind="account_erased").by_id == dmitri.pk


def test_an_account_its_owner_erased_is_not_opened_again(people, viewer):
    erase_account(people["dmitri"])
    with pytest.raises(NotAllowedNowError):
        actions.reopen_account(viewer("gulnara"), people["dmitri"])


def test_the_last_administrator_cannot_leave(people):
    with pytest.raises(NotAllowedNowError):
        erase_account(people["gulnara"])
    people["gulnara"].refresh_from_db()
    assert people["gulnara"].name == "Gulnara"


def test_leaving_takes_the_password_once_more(people):
    client = Client()
    sign_in(client, people["dmitri"])
    answer = client.post("/account/me/erase")
    assert "reauthenticate" in answer.headers["Location"]
    assert User.objects.get(pk=people["dmitri"].pk).is_active

    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/me/erase").content.decode()
    assert f"closed account {people['dmitri'].pk}" in page
    client.post("/account/me/erase")
    assert not User.objects.get(pk=people["dmitri"].pk).is_active
    assert client.get("/account/me").status_code == 302


def test_layers_of_whoever_left_stay(people):
    make_layer(owner=people["dmitri"])
    erase_account(people["dmitri"])
    assert Layer.objects.get(layer_id="dens").owner_id == people["dmitri"].pk


def test_an_address_that_is_free_again_can_be_invited(people, viewer):
    from kulan.web.people.invitations import accept, invite  # noqa: PLC0415

    erase_account(people["dmitri"])
    invitation = invite(viewer("farida"), "dmitri@test.example", role="partner")
    user = accept(invitation, name="Dmitri", password=PASSWORD)
    assert user.pk != people["dmitri"].pk
