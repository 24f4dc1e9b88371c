"""Roles and accounts: who may give and take them, and what then holds from when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kulan.errors import AccessDeniedError, NotAllowedNowError, UnknownNameError
from kulan.web.events.models import Event
from kulan.web.people import actions
from kulan.web.people.models import Grant, Organisation
from kulan.web.people.roles import Role
from kulan.web.policy import viewer_of
from kulan.web.policy.people import visible_people

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("nobody", 0), ("hassan", 1), ("aigul", 1), ("bat", 1), ("farida", 10), ("gulnara", 10)],
)
def test_who_sees_whom(viewer, who, sees):
    assert visible_people(viewer(who)).count() == sees


@pytest.mark.parametrize("who", ["hassan", "dmitri", "aigul", "bat", "erlan", "farida"])
def test_only_administrators_give_roles(people, viewer, who):
    with pytest.raises(AccessDeniedError):
        actions.give_grant(viewer(who), people["hassan"], Role.PARTNER)
    assert not people["hassan"].grants.exists()
    assert not Event.objects.exists()


def test_a_role_holds_at_once_and_leaves_an_event(people, viewer):
    actions.give_grant(viewer("gulnara"), people["hassan"], Role.FOCAL_POINT, iso3="UZB")
    assert viewer_of(people["hassan"]).states == {"UZB"}
    [event] = Event.objects.all()
    assert (event.kind, event.by_name, event.subject_title) == ("grant_given", "Gulnara", "Hassan")
    assert event.details["iso3"] == "UZB"


def test_a_role_holds_from_its_first_to_its_last_day(people, viewer):
    today = timezone.localdate()
    actions.give_grant(
        viewer("gulnara"),
        people["hassan"],
        Role.PARTNER,
        valid_from=today + 2 * DAY,
        valid_to=today + 4 * DAY,
    )
    held = [bool(viewer_of(people["hassan"], on=today + n * DAY).roles) for n in range(7)]
    assert held == [False, False, True, True, True, False, False]


def test_a_role_does_not_end_before_it_begins(people, viewer):
    today = timezone.localdate()
    with pytest.raises(NotAllowedNowError):
        actions.give_grant(viewer("gulnara"), people["hassan"], Role.PARTNER, valid_to=today - DAY)


def test_an_ended_role_is_no_longer_held_today(people, viewer):
    actions.end_grant(viewer("gulnara"), people["bat"].grants.get())
    assert viewer_of(people["bat"]).roles == frozenset()


def test_a_role_that_was_ended_can_be_given_again(people, viewer):
    actions.end_grant(viewer("gulnara"), people["bat"].grants.get())
    actions.give_grant(viewer("gulnara"), people["bat"], Role.FOCAL_POINT, iso3="MNG")
    assert viewer_of(people["bat"]).states == {"MNG"}
    assert people["bat"].grants.count() == 1
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["grant_ended", "grant_given"]


def test_the_last_administrator_stays(people, viewer):
    with pytest.raises(NotAllowedNowError):
        actions.end_grant(viewer("gulnara"), people["gulnara"].grants.get())
    with pytest.raises(NotAllowedNowError):
        actions.close_account(viewer("gulnara"), people["gulnara"])
    assert viewer_of(people["gulnara"]).has(Role.ADMINISTRATOR)


@pytest.mark.parametrize("of_no_use", ["closed", "ended", "not yet"])
def test_an_administrator_who_cannot_act_is_not_another_one(people, viewer, of_no_use):
    today = timezone.localdate()
    Grant.objects.create(
        user=people["hassan"],
        role=Role.ADMINISTRATOR,
        valid_from=today + DAY if of_no_use == "not yet" else today - 9 * DAY,
        valid_to=today - DAY if of_no_use == "ended" else None,
    )
    if of_no_use == "closed":
        people["hassan"].is_active = False
        people["hassan"].save()
    with pytest.raises(NotAllowedNowError):
        actions.end_grant(viewer("gulnara"), people["gulnara"].grants.get(role="administrator"))


def test_one_of_two_administrators_may_go(people, viewer):
    actions.give_grant(viewer("gulnara"), people["hassan"], Role.ADMINISTRATOR)
    actions.end_grant(viewer("hassan"), people["gulnara"].grants.get())
    assert actions.administrators() == {people["hassan"].pk}


def test_a_closed_account_is_the_public(people, viewer):
    actions.close_account(viewer("gulnara"), people["bat"])
    people["bat"].refresh_from_db()
    assert not viewer_of(people["bat"]).signed_in
    actions.reopen_account(viewer("gulnara"), people["bat"])
    people["bat"].refresh_from_db()
    assert viewer_of(people["bat"]).states == {"MNG"}


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("focal_point", {}),
        ("focal_point", {"iso3": "DEU"}),
        ("species_coordinator", {"species_id": "mammoth"}),
        ("scientist", {"species_id": "saiga"}),
        ("tsar", {}),
    ],
)
def test_a_role_is_given_for_what_it_is_for(people, viewer, role, scope):
    with pytest.raises(UnknownNameError):
        actions.give_grant(viewer("gulnara"), people["hassan"], role, **scope)


def test_the_list_finds_by_name_role_and_organisation(people, browser_of):
    client = browser_of("gulnara")
    house = people["aigul"].organisation.pk
    for query, found in (
        ("q=AIG", {"Aigul"}),
        ("role=focal_point", {"Bat", "Chinara"}),
        (f"organisation={house}", {"Aigul", "Azamat"}),
        ("state=closed", set()),
        ("q=test.example&role=partner", {"Dmitri"}),
    ):
        text = client.get(f"/people/?{query}").content.decode()
        names = {person.name for person in people.values() if f">{person.name}</a>" in text}
        assert names == found, query


def test_a_role_that_ended_is_not_found_by(people, viewer, browser_of):
    actions.end_grant(viewer("gulnara"), people["bat"].grants.get())
    text = browser_of("farida").get("/people/?role=focal_point").content.decode()
    assert ">Bat</a>" not in text
    assert ">Chinara</a>" in text


def test_nobody_moves_themselves_into_an_organisation(people, browser_of):
    """Layers of an organisation are its people's: that is not theirs to take."""
    ministry = Organisation.objects.get(name="Ministry of Mongolia")
    browser_of("dmitri").post(
        "/account/me", {"name": "Dmitri", "language": "en", "organisation": ministry.pk}
    )
    people["dmitri"].refresh_from_db()
    assert people["dmitri"].organisation.name == "Steppe Society"


def test_the_form_says_at_the_field_what_is_missing(people, browser_of):
    answer = browser_of("gulnara").post(
        f"/people/{people['hassan'].pk}/grants", {"role": "focal_point"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "This role is for a state: choose it." in text
    assert 'aria-invalid="true"' in text


@pytest.mark.usefixtures("people")
def test_an_organisation_is_kept_with_an_event(browser_of):
    browser_of("farida").post("/people/organisations", {"name": "Zoo", "iso3": "KAZ"})
    assert Organisation.objects.get(name="Zoo").iso3 == "KAZ"
    assert Event.objects.get().kind == "organisation_added"


@pytest.mark.usefixtures("people")
def test_two_organisations_have_two_names(browser_of):
    answer = browser_of("farida").post("/people/organisations", {"name": "Secretariat"})
    assert answer.status_code == 422
