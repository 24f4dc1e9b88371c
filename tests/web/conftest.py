"""The cast of the web tests, and pages as each of them sees them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from builders_of_cycles import cycle_things
from builders_of_money import money_things
from builders_of_newsletters import newsletter_things
from builders_of_people import people_things
from builders_of_plans import plan_things
from builders_of_registers import register_things
from builders_of_species import species_things
from builders_of_the_programme import programme_things
from builders_of_the_web import (
    DEN,
    SECRETS,
    make_layer,
    make_point,
    make_screening,
    make_version,
)
from kulan.web import rates
from kulan.web.catalogue.models import Agreement, Layer, SensitivityRule
from kulan.web.people.models import Grant, Organisation, User
from kulan.web.people.roles import Role
from kulan.web.policy import PUBLIC, Viewer, viewer_of
from web_routes import Row

CAST: dict[str, tuple[str, dict[str, str]]] = {
    # name: organisation, role with its scope
    "aigul": ("Institute of Zoology", {"role": Role.SCIENTIST}),  # owns the layers of the tests
    "azamat": ("Institute of Zoology", {"role": Role.SCIENTIST}),  # works beside her
    "bat": ("Ministry of Mongolia", {"role": Role.FOCAL_POINT, "iso3": "MNG"}),
    "chinara": ("Ministry of Kyrgyzstan", {"role": Role.FOCAL_POINT, "iso3": "KGZ"}),
    "dmitri": ("Steppe Society", {"role": Role.PARTNER}),
    "erlan": ("Saiga Alliance", {"role": Role.SPECIES_COORDINATOR, "species_id": "saiga"}),
    "farida": ("Secretariat", {"role": Role.SECRETARIAT}),
    "gulnara": ("Secretariat", {"role": Role.ADMINISTRATOR}),
    "hassan": ("", {}),  # has an account and nothing else
    "irina": ("Another Institute", {"role": Role.SCIENTIST}),  # reviews what Aigul brings
}
NOBODY = "nobody"  # a visitor without an account
EVERYONE = (NOBODY, *CAST)


@pytest.fixture(autouse=True)
def _nobody_has_asked_before() -> None:
    cache.clear()  # where allauth counts
    rates.forget_all()


@pytest.fixture
def people(db: None) -> dict[str, User]:  # noqa: ARG001
    """The whole cast, by name."""
    organisations: dict[str, Organisation] = {}
    found = {}
    for name, (house, grant) in CAST.items():
        if house and house not in organisations:
            organisations[house] = Organisation.objects.create(name=house)
        user = User.objects.create_user(
            f"{name}@test.example",
            "a long enough password",
            name=name.title(),
            organisation=organisations.get(house),
        )
        if grant:
            Grant.objects.create(user=user, **grant)
        found[name] = user
    return found


@pytest.fixture
def viewer(people: dict[str, User]) -> Callable[[str], Viewer]:
    """Return one of the cast as the policy sees them."""

    def seen(name: str) -> Viewer:
        return PUBLIC if name == NOBODY else viewer_of(User.objects.get(pk=people[name].pk))

    return seen


@pytest.fixture
def browser_of(people: dict[str, User]) -> Callable[[str], Client]:
    """Return a client in which one of the cast is signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        if name != NOBODY:
            client.force_login(people[name])
        return client

    return signed_in


@pytest.fixture
def standing_things(people: dict[str, User]) -> dict[str, str]:
    """Make one of everything that addresses name; return their names in addresses, by ours.

    All layers are Aigul's and of her institute. The screening is hers, and shared with Dmitri.
    """
    owner = people["aigul"]
    layers = {
        "public layer": {"audience": "public"},
        "partners' layer": {"audience": "partners"},
        "named layer": {"audience": "named"},
        "embargoed layer": {"audience": "public", "embargo_until": date(2999, 1, 1)},
    }
    things: dict[str, str] = {"no such thing": "no-such-thing"}
    things |= people_things(people)
    things |= money_things(people)
    for name, fields in layers.items():
        layer = make_layer(name.replace(" ", "-").replace("'", ""), owner=owner, **fields)
        version = make_version(layer, created_by=owner)
        make_point(version, *DEN, default_level=3, species_id="saiga", iso3="MNG", exact=SECRETS)
        things[name] = layer.layer_id
        things[f"{name}'s version"] = str(version.uid)
    for state in ("draft", "in_review", "withdrawn"):
        layer = make_layer(f"layer-{state}", owner=owner)
        version = make_version(layer, state=state, created_by=owner)
        make_point(version, *DEN, default_level=3, species_id="saiga", iso3="MNG", exact=SECRETS)
        things[f"{state} layer"] = layer.layer_id
        things[f"{state} version"] = str(version.uid)
    screening = make_screening(owner)
    share = screening.shared_with.create(email=people["dmitri"].email)
    link = screening.links.create()
    things["screening"], things["token"] = str(screening.uid), link.token
    things["share"], things["link"] = str(share.pk), str(link.pk)
    things["no such uid"] = "00000000-0000-4000-8000-000000000000"
    things |= programme_things(people)
    things |= plan_things(people, viewer_of(people["farida"]))
    things |= cycle_things(people)
    things |= newsletter_things()
    things |= species_things(owner) | _standing_in_the_catalogue(people)
    things |= register_things(people)
    return things


def _standing_in_the_catalogue(people: dict[str, User]) -> dict[str, str]:
    """Make a rule, and an agreement that does not hold yet."""
    rule = SensitivityRule.objects.create(species_id="saiga", level=3, basis="poaching")
    agreement = Agreement.objects.create(
        layer=Layer.objects.get(layer_id="public-layer"),
        user=people["dmitri"],
        level=1,
        valid_from=date(2999, 1, 1),
    )
    formats = {"csv format": "csv", "xml format": "xml"}
    return {"number one": "1", "rule": str(rule.pk), "agreement": str(agreement.pk)} | formats


@pytest.fixture
def ask_as_everyone(
    browser_of: Callable[[str], Client], standing_things: dict[str, str]
) -> Callable[..., dict[str, Any]]:
    """Ask what a row of the truth table says as each of the cast; nothing stays changed."""

    def ask(row: Row, cast: Sequence[str] = EVERYONE) -> dict[str, Any]:
        arguments = {key: standing_things.get(one, one) for key, one in row.arguments.items()}
        data = {key: standing_things.get(one, one) for key, one in row.data.items()}
        address = reverse(row.route, kwargs=arguments) + row.query
        answers = {}
        for who in cast:
            rates.forget_all()
            cache.clear()  # where allauth counts
            with transaction.atomic():
                answers[who] = getattr(browser_of(who), row.method)(address, data)
                transaction.set_rollback(True)
        return answers

    return ask
