"""The life of an invitation, and who may send one to whom."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from builders_of_people import make_invitation
from kulan.errors import AccessDeniedError, NotAllowedNowError, UnknownNameError
from kulan.web.events.models import Event
from kulan.web.people import actions, invitations
from kulan.web.people.models import Invitation, Organisation, User
from kulan.web.people.roles import Role
from kulan.web.policy import viewer_of
from kulan.web.policy.people import roles_to_invite

PASSWORD = "quite a long one indeed"
JOINING = {"name": "Nurlan", "password1": PASSWORD, "password2": PASSWORD}
ALL = tuple(role.value for role in Role)
NOT_ADMINISTRATOR = tuple(role for role in ALL if role != "administrator")


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        ("nobody", ()),
        ("hassan", ()),
        ("dmitri", ()),
        ("aigul", ()),
        ("erlan", ()),
        ("bat", ("partner", "scientist")),
        ("farida", NOT_ADMINISTRATOR),
        ("gulnara", ALL),
    ],
)
def test_who_may_invite_to_what(viewer, who, roles):
    assert tuple(role.value for role in roles_to_invite(viewer(who))) == roles


def test_an_invitation_reaches_the_invitee_in_their_language(browser_of):
    answer = browser_of("farida").post(
        "/people/invitations",
        {"email": "Nurlan@test.example", "name": "Нурлан", "role": "partner", "language": "ru"},
    )
    assert answer.status_code == 200
    invitation = Invitation.objects.get()
    [letter] = mail.outbox
    assert letter.to == ["nurlan@test.example"]
    assert letter.subject == "Farida приглашает вас в Kulan"
    assert f"http://testserver/invitation/{invitation.code}" in letter.body
    assert invitation.code in answer.content.decode()  # to be handed over by other means


@pytest.mark.usefixtures("people")
def test_a_name_cannot_write_into_the_letters_head():
    invitation = make_invitation()
    invitations.send_letter(invitation, "Farida\r\nBcc: all@test.example", "http://x/")
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["new@test.example"]


def test_whoever_was_invited_gets_account_role_and_is_signed_in(people, client):
    house = Organisation.objects.get(name="Steppe Society")
    invitation = make_invitation(
        role=Role.FOCAL_POINT,
        iso3="KAZ",
        organisation=house,
        language="ru",
        invited_by=people["gulnara"],
    )
    page = client.get(f"/invitation/{invitation.code}").content.decode()
    assert "Kazakhstan" in page
    client.post(f"/invitation/{invitation.code}", JOINING)

    user = User.objects.get(email="new@test.example")
    assert (user.name, user.organisation, user.language) == ("Nurlan", house, "ru")
    assert viewer_of(user).states == {"KAZ"}
    assert user.grants.get().given_by == people["gulnara"]
    assert client.session["_auth_user_id"] == str(user.pk)
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"account_made", "grant_given", "invitation_used"} <= kinds


@pytest.mark.usefixtures("people")
def test_an_invitation_works_once(client):
    invitation = make_invitation()
    client.post(f"/invitation/{invitation.code}", JOINING)
    again = Client().post(f"/invitation/{invitation.code}", JOINING)
    assert again.status_code == 410
    assert User.objects.filter(email="new@test.example").count() == 1


@pytest.mark.usefixtures("people")
def test_of_two_who_use_it_at_once_one_succeeds():
    invitation = make_invitation()
    same = Invitation.objects.get(pk=invitation.pk)
    invitations.accept(invitation, name="A", password=PASSWORD)
    with pytest.raises(NotAllowedNowError):
        invitations.accept(same, name="B", password=PASSWORD)


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"withdrawn_at": timezone.now()},
        {"used_at": timezone.now()},
    ],
)
@pytest.mark.usefixtures("people")
def test_an_invitation_that_is_no_longer_good_makes_no_account(client, fields):
    invitation = make_invitation(**fields)
    assert client.get(f"/invitation/{invitation.code}").status_code == 410
    assert client.post(f"/invitation/{invitation.code}", JOINING).status_code == 410
    assert not User.objects.filter(email="new@test.example").exists()


@pytest.mark.parametrize(
    "passwords",
    [
        ("short", "short"),
        (PASSWORD, PASSWORD + "!"),
        ("new@test.example", "new@test.example"),
        ("password1234", "password1234"),
    ],
)
@pytest.mark.usefixtures("people")
def test_a_poor_password_makes_no_account(client, passwords):
    invitation = make_invitation()
    data = {"name": "Nurlan", "password1": passwords[0], "password2": passwords[1]}
    assert client.post(f"/invitation/{invitation.code}", data).status_code == 422
    assert not User.objects.filter(email="new@test.example").exists()


def test_whoever_is_signed_in_makes_no_second_account(browser_of):
    invitation = make_invitation()
    page = browser_of("dmitri").post(f"/invitation/{invitation.code}", JOINING)
    assert "You are signed in already" in page.content.decode()
    assert not User.objects.filter(email="new@test.example").exists()


def test_inviting_again_withdraws_the_earlier_invitation(viewer):
    first = invitations.invite(viewer("farida"), "n@test.example", role=Role.PARTNER)
    invitations.invite(viewer("farida"), "N@test.example", role=Role.PARTNER)
    first.refresh_from_db()
    assert not first.is_open


def test_somebody_with_an_account_is_not_invited(people, browser_of):
    answer = browser_of("farida").post(
        "/people/invitations",
        {"email": people["bat"].email, "name": "Bat", "role": "partner", "language": "en"},
    )
    assert answer.status_code == 422
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("focal_point", {}),
        ("focal_point", {"iso3": "FRA"}),
        ("species_coordinator", {}),
        ("species_coordinator", {"species_id": "unicorn"}),
        ("partner", {"iso3": "MNG"}),
        ("king", {}),
    ],
)
def test_a_role_is_for_what_it_is_for(viewer, role, scope):
    with pytest.raises((UnknownNameError, AccessDeniedError)):
        invitations.invite(viewer("gulnara"), "n@test.example", role=role, **scope)
    assert not Invitation.objects.exists()


@pytest.mark.usefixtures("people")
def test_a_focal_point_invites_people_of_organisations_of_the_state(viewer):
    own = Organisation.objects.create(name="Institute of Biology", iso3="MNG")
    foreign = Organisation.objects.create(name="Institute of Steppe", iso3="KAZ")
    bat = viewer("bat")
    assert invitations.invite(bat, "a@test.example", role=Role.SCIENTIST, organisation=own)
    for organisation in (foreign, None):
        with pytest.raises(AccessDeniedError):
            invitations.invite(
                bat, "b@test.example", role=Role.SCIENTIST, organisation=organisation
            )
    with pytest.raises(AccessDeniedError):
        invitations.invite(bat, "c@test.example", role=Role.SECRETARIAT, organisation=own)


def test_a_focal_point_sees_and_withdraws_only_what_they_sent(people, browser_of):
    theirs = make_invitation("a@test.example", invited_by=people["bat"])
    others = make_invitation("b@test.example", invited_by=people["farida"])
    client = browser_of("bat")
    page = client.get("/people/invitations").content.decode()
    assert "a@test.example" in page
    assert "b@test.example" not in page
    assert client.post(f"/people/invitations/{others.pk}/withdraw").status_code == 404
    client.post(f"/people/invitations/{theirs.pk}/withdraw")
    theirs.refresh_from_db()
    others.refresh_from_db()
    assert (theirs.is_open, others.is_open) == (False, True)


def test_closing_an_account_withdraws_what_it_sent(people, viewer):
    sent = make_invitation(invited_by=people["bat"])
    actions.close_account(viewer("gulnara"), people["bat"])
    sent.refresh_from_db()
    assert not sent.is_open


@pytest.mark.usefixtures("db")
def test_the_page_of_an_invitation_cannot_be_searched_for(client):
    answers = [client.get(f"/invitation/{number}").status_code for number in range(70)]
    assert set(answers[:60]) == {404}
    assert answers[-1] == 429
