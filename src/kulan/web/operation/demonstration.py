"""One account for each role, to look around with; never beside real data."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kulan.outputs import write_whole
from kulan.web.people.models import Grant, Organisation, User
from kulan.web.people.roles import Role


@dataclass(frozen=True)
class Account:
    """A demonstration account and its password."""

    role: str
    email: str
    password: str


_SCOPES = {
    Role.FOCAL_POINT: {"iso3": "MNG"},
    Role.SPECIES_COORDINATOR: {"species_id": "saiga"},
}
_HOUSES = {
    Role.SCIENTIST: "Demonstration institute",
    Role.FOCAL_POINT: "Demonstration ministry",
    Role.PARTNER: "Demonstration society",
}
"""A layer is reviewed by another organisation than its owner's, so the roles have their own."""


def make_accounts() -> list[Account]:
    """Make the accounts, or find those that are there; all share one password.

    The password is random for each state folder and lies in the file ``demonstration-password``: a
    demonstration that is left running by mistake is not open to all who know Kulan.
    """
    password = _password(Path(settings.STATE) / "demonstration-password")
    accounts = []
    for role in Role:
        house = _HOUSES.get(role, "Demonstration secretariat")
        home, _ = Organisation.objects.get_or_create(name=house)
        email = f"{role.value.replace('_', '-')}@demo.example"
        user = User.objects.filter(email=email).first() or User.objects.create_user(
            email, password, name=f"Demo {role.value.replace('_', ' ')}", organisation=home
        )
        Grant.objects.get_or_create(user=user, role=role, **_SCOPES.get(role, {}))
        accounts.append(Account(role, email, password))
    return accounts


def _password(path: Path) -> str:
    if not path.is_file():
        write_whole(path, f"{secrets.token_urlsafe(12)}\n".encode())
        path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


def describe(accounts: list[Account]) -> list[str]:
    """Return the lines that tell whoever started the server how to log in."""
    lines = [f"Demonstration accounts, password {accounts[0].password}:"]
    return [*lines, *(f"  {account.email}" for account in accounts)]
