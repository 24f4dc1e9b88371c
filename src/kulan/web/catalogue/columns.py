"""What the columns of a version mean, and to whom each is shown: declared before anyone sees one.

A version keeps its declaration as ``{name: {"meaning", "public_to", "role", "place"}}``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kulan.atlas.precision import GENERALIZATIONS, UNCERTAINTY, WITHHELD_INFORMATION

NEVER = -1
"""`public_to` of a column that is shown to nobody: it stays in the uploaded file."""
EXACT_ONLY = 0
"""`public_to` of a column that is shown beside exact places only, as names of places are."""
EVERYONE = 4
"""`public_to` of a column that is shown beside every place, however coarse."""

ROLES: dict[str, tuple[str, ...]] = {
    "record_id": ("record_id", "recordid", "occurrenceid", "catalognumber", "uuid", "guid"),
    "name": ("name", "title", "locality", "river", "название", "nom"),
    "species": ("species_id", "species", "scientificname", "taxon", "вид", "espece"),
    "state": ("iso3", "country", "countrycode", "state", "страна", "pays"),
    "season": ("season", "life_event", "lifestage_event"),
    "date_from": ("date_from", "valid_from", "eventdate", "date", "start", "observed_on", "дата"),
    "date_to": ("date_to", "valid_to", "end"),
    "months": ("months", "month"),
    "uncertainty": ("coordinateuncertaintyinmeters", "uncertainty_m", "accuracy_m", "precision_m"),
}
"""What a column can be to the Atlas, and the names by which it is recognised."""

_NAMES = ("name", "record_id")
_TERMS = (UNCERTAINTY, GENERALIZATIONS, WITHHELD_INFORMATION)


@dataclass(frozen=True)
class Column:
    """One column of a version.

    Attributes
    ----------
    name
        As in the file.
    meaning
        In words, for readers.
    public_to
        Coarsest level of precision beside which it is shown; `NEVER`, `EXACT_ONLY` to `EVERYONE`.
    role
        One of `ROLES`, or empty.
    """

    name: str
    meaning: str = ""
    public_to: int = EXACT_ONLY
    role: str = ""


def guessed(names: Iterable[str], *, public_to: int = EXACT_ONLY) -> tuple[Column, ...]:
    """Return a first declaration: roles by names, everything shown with exact places only.

    Examples
    --------
    >>> [(one.name, one.role) for one in guessed(["occurrenceID", "Species", "note"])]
    [('occurrenceID', 'record_id'), ('Species', 'species'), ('note', '')]
    """
    taken: set[str] = set()
    found = []
    for name in names:
        plain = name.lower().strip()
        role = next((role for role, known in ROLES.items() if plain in known), "")
        role = "" if role in taken else role
        taken.add(role)
        shown = EVERYONE if role == "species" else public_to
        found.append(Column(name, public_to=shown, role=role))
    return tuple(found)


def declared(columns: Mapping[str, Any]) -> tuple[Column, ...]:
    """Return the columns of a version in their order."""
    in_order = sorted(columns.items(), key=lambda item: item[1].get("place", 0))
    return tuple(
        Column(
            name, told.get("meaning", ""), int(told.get("public_to", 0)), str(told.get("role", ""))
        )
        for name, told in in_order
    )


def as_stored(columns: Iterable[Column]) -> dict[str, dict[str, Any]]:
    """Return a declaration as a version keeps it."""
    return {
        column.name: {
            "meaning": column.meaning,
            "public_to": column.public_to,
            "role": column.role,
            "place": place,
        }
        for place, column in enumerate(columns)
    }


def carried_over(names: Iterable[str], before: Mapping[str, Any]) -> tuple[Column, ...]:
    """Return a declaration for a new file that keeps what was said of columns of the same names."""
    known = {column.name: column for column in declared(before)}
    fresh = guessed(names)
    used = {column.role for column in known.values()}
    return tuple(
        known.get(column.name)
        or (Column(column.name, public_to=column.public_to) if column.role in used else column)
        for column in fresh
    )


def by_role(columns: Iterable[Column]) -> dict[str, str]:
    """Return the name of the column that has each role."""
    return {column.role: column.name for column in columns if column.role}


def shown_at(columns: Iterable[Column], level: int) -> frozenset[str]:
    """Return the names of the columns that are shown beside places of a level.

    A record's own name and the names of its place stand beside exact places only, whatever is
    declared: either finds the place on any other map.
    """
    return frozenset(
        column.name
        for column in columns
        if column.public_to >= level
        and column.public_to != NEVER
        and column.name not in _TERMS
        and not (level > 0 and column.role in _NAMES)
    )
