"""Accounts, invitations and second factors of the tests."""

from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone

from kulan.web.people.models import Invitation, User
from kulan.web.people.roles import Role

PASSWORD = "a long enough password"
SECRET = "JBSWY3DPEHPK3PXP"


def make_invitation(email: str = "new@test.example", **fields: Any) -> Invitation:
    """Make an invitation that is good for a day, to be a partner."""
    return Invitation.objects.create(
        email=email,
        **{
            "name": "Newcomer",
            "role": Role.PARTNER,
            "expires_at": timezone.now() + timedelta(days=1),
            **fields,
        },
    )


def people_things(people: dict[str, User]) -> dict[str, str]:
    """Make what addresses about people name; return their names in addresses, by ours."""
    sent = make_invitation(invited_by=people["farida"])
    grant = people["dmitri"].grants.get()
    house = people["dmitri"].organisation
    return {
        "dmitri": str(people["dmitri"].pk),
        "dmitri's grant": str(grant.pk),
        "dmitri's organisation": str(house.pk if house else ""),
        "nobody's number": "999999",
        "invitation": str(sent.pk),
        "invitation's code": sent.code,
        "user": "user",
    }


def add_app(user: User) -> None:
    """Give a person an app as second factor."""
    TOTP.activate(user, SECRET)


def code_now() -> str:
    """Return the code that the app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(SECRET, counter):06d}"


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    """Sign in by the form, as a person does."""
    return client.post("/account/login/", {"login": user.email, "password": password})
