"""What `kulan account` does: for whoever has the server itself, and so needs no role."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import validate_email

from kulan.errors import InvalidSettingError, UnknownNameError
from kulan.web.people import actions, invitations
from kulan.web.people.models import User
from kulan.web.people.scopes import check_scope


def make_database_ready() -> None:
    """Make the tables that a new state folder lacks: the first account comes before the server."""
    call_command("migrate", interactive=False, verbosity=0)


def create(email: str, name: str, password: str, language: str) -> User:
    """Make an account.

    Raises
    ------
    InvalidSettingError
        If the address is none, or has an account, or the password is poor.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise InvalidSettingError(" ".join(error.messages)) from error
    if User.objects.filter(email=email).exists():
        raise InvalidSettingError(f"{email} has an account already; see kulan account grant.")
    return actions.make_account(
        email, password, source="command line", name=name, language=language
    )


def grant(email: str, role: str, country: str, species: str) -> None:
    """Give an account a role."""
    actions.give_grant(None, _named(email), role, iso3=country.upper(), species_id=species)


def invite(email: str, name: str, role: str, country: str, species: str, language: str) -> str:
    """Send an invitation; return its link."""
    check_scope(role, country.upper(), species)
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidSettingError(" ".join(error.messages)) from error
    invitation = invitations.invite(
        None,
        email,
        role=role,
        name=name,
        iso3=country.upper(),
        species_id=species,
        language=language,
    )
    link = invitations.link(invitation)
    invitations.send_letter(invitation, "Kulan", link)
    return link


def close(email: str) -> None:
    """Close an account."""
    actions.close_account(None, _named(email))


def _named(email: str) -> User:
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise UnknownNameError(f"There is no account {email!r}; kulan account create makes one.")
    return user
