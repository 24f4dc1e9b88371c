"""`kulan account`: the first administrator, and accounts when nobody can sign in."""

from pathlib import Path
from typing import Any

import click

from kulan.cli.state import state_option

_ROLES = (
    "partner",
    "scientist",
    "focal_point",
    "species_coordinator",
    "secretariat",
    "administrator",
)


@click.group()
def account() -> None:
    """Make, invite and close accounts of the web Atlas.

    For the first administrator, and for when nobody can sign in; everything else about people is on
    the page People.

    \b
    Example:
      kulan account create gulnara@example.org --name Gulnara --role administrator
    """


def _scope_options(command: Any) -> Any:
    """Add the options that say for what a role is held."""
    command = click.option("--species", default="", help="Species of a coordinator, as saiga.")(
        command
    )
    return click.option("--country", default="", help="State of a focal point, as MNG.")(command)


def _language_option(command: Any) -> Any:
    return click.option(
        "--language",
        type=click.Choice(("en", "ru", "fr")),
        default="en",
        show_default=True,
        help="Language of letters and pages.",
    )(command)


@account.command()
@click.argument("email")
@click.option("--name", required=True, help="Name, as others are to read it.")
@click.option("--role", type=click.Choice(_ROLES), help="Role to give at once.")
@_scope_options
@_language_option
@click.option(
    "--password-file",
    type=click.File("r", encoding="utf-8"),
    help="File with the password, - for standard input; asked for when left out.",
)
@state_option
def create(
    email: str,
    name: str,
    role: str | None,
    country: str,
    species: str,
    language: str,
    password_file: Any,
    state: Path,
) -> None:
    """Make an account for EMAIL, with a password.

    \b
    Example:
      kulan account create gulnara@example.org --name Gulnara --role administrator
    """
    people = _people(state)
    if password_file is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = password_file.read().rstrip("\r\n")
    user = people.create(email, name, password, language)
    if role:
        people.grant(user.email, role, country, species)
    click.echo(f"{user.email} can sign in{f' as {role}' if role else ''}.")


@account.command()
@click.argument("email")
@click.option("--name", default="", help="Name, for the letter.")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="Role to give on use.")
@_scope_options
@_language_option
@state_option
def invite(
    email: str, name: str, role: str, country: str, species: str, language: str, state: Path
) -> None:
    """Send EMAIL an invitation, and print its link.

    \b
    Example:
      kulan account invite bat@example.org --role focal_point --country MNG --language ru
    """
    click.echo(_people(state).invite(email, name, role, country, species, language))


@account.command()
@click.argument("email")
@click.argument("role", type=click.Choice(_ROLES))
@_scope_options
@state_option
def grant(email: str, role: str, country: str, species: str, state: Path) -> None:
    """Give the account EMAIL a ROLE.

    \b
    Example:
      kulan account grant gulnara@example.org administrator
    """
    _people(state).grant(email, role, country, species)
    click.echo(f"{email} is {role.replace('_', ' ')}.")


@account.command()
@click.argument("email")
@state_option
def close(email: str, state: Path) -> None:
    """Close the account EMAIL: nobody gets in with it any more.

    \b
    Example:
      kulan account close bat@example.org
    """
    _people(state).close(email)
    click.echo(f"{email} is closed.")


def _people(state: Path) -> Any:
    from kulan.web.operation.django_setup import set_up

    set_up(state)
    from kulan.web.people import at_the_console

    at_the_console.make_database_ready()
    return at_the_console
