"""What a role is held for: a range state, a species, or nothing in particular."""

from kulan.errors import UnknownNameError
from kulan.programme import range_states, species_name, state_name
from kulan.programme.terms import SPECIES_IDS
from kulan.web.people.roles import BY_COUNTRY, BY_SPECIES, Role


def states() -> tuple[str, ...]:
    """Return the range states, by ISO 3166-1 alpha-3."""
    return tuple(str(code) for code in range_states()["iso3"])


def check_scope(role: str, iso3: str = "", species_id: str = "") -> None:
    """Refuse a role without what it is held for, or with what it is not.

    Raises
    ------
    UnknownNameError
        Saying which role, state or species is wrong.

    Examples
    --------
    >>> check_scope("focal_point", "MNG")
    >>> check_scope("partner")
    """
    if role not in Role.values:
        raise UnknownNameError(f"There is no role {role!r}; choose of {', '.join(Role.values)}.")
    if role in BY_COUNTRY and iso3 not in states():
        raise UnknownNameError(
            f"A {_told(role)} is of a range state, not of {iso3!r}; choose of "
            f"{', '.join(states())}."
        )
    if role in BY_SPECIES and species_id not in SPECIES_IDS:
        raise UnknownNameError(
            f"A {_told(role)} is of a species, not of {species_id!r}; choose of "
            f"{', '.join(SPECIES_IDS)}."
        )
    if (iso3 and role not in BY_COUNTRY) or (species_id and role not in BY_SPECIES):
        raise UnknownNameError(f"A {_told(role)} is of no state or species; leave them out.")


def _told(role: str) -> str:
    return role.replace("_", " ")


def scope_name(iso3: str, species_id: str, language: str = "en") -> str:
    """Return what a role is held for, in the reader's language; empty where it is for nothing.

    Examples
    --------
    >>> scope_name("MNG", ""), scope_name("", "saiga"), scope_name("", "")
    ('Mongolia', 'Saiga antelope', '')
    """
    if iso3:
        return state_name(iso3, language)
    return species_name(species_id, language) if species_id else ""
