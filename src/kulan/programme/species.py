"""Species, their names, their listings over time, and the editions that name them."""

from datetime import date
from functools import cache

import pandas as pd

from kulan.errors import UnknownNameError
from kulan.programme.dates import holding_on
from kulan.programme.loading import load
from kulan.programme.tables import (
    CAMI_LISTS,
    PRESENCE,
    SPECIES,
    SPECIES_NAMES,
    SPECIES_STATUSES,
)
from kulan.programme.terms import EDITIONS, SPECIES_IDS


def species() -> pd.DataFrame:
    """Return the species, one row each, in the order of the editions. See `tables.SPECIES`."""
    return load(SPECIES)


def species_names() -> pd.DataFrame:
    """Return every name of every species. See `tables.SPECIES_NAMES`."""
    return load(SPECIES_NAMES)


def species_statuses() -> pd.DataFrame:
    """Return listings and Red List categories over time. See `tables.SPECIES_STATUSES`."""
    return load(SPECIES_STATUSES)


def cami_lists() -> pd.DataFrame:
    """Return which edition names which species. See `tables.CAMI_LISTS`."""
    return load(CAMI_LISTS)


def presence() -> pd.DataFrame:
    """Return where each species lives, by range state. See `tables.PRESENCE`."""
    return load(PRESENCE)


def species_name(species_id: str, language: str = "en") -> str:
    """Return the name Kulan prints for a species in a language.

    A language in which the species has no name on record gets the English one; the table of names
    tells which languages those are.

    Parameters
    ----------
    species_id
        Short name, such as ``saiga``.
    language
        BCP 47 code, such as ``ru``; ``la`` gives the scientific name.

    Raises
    ------
    UnknownNameError
        If there is no such species.

    Examples
    --------
    >>> species_name("khulan", "fr")
    'Âne sauvage d’Asie'
    """
    check_species(species_id)
    by_language = _preferred_names()[species_id]
    return by_language.get(language, by_language["en"])


@cache
def _preferred_names() -> dict[str, dict[str, str]]:
    """Return the names Kulan prints, by species and language."""
    names = species_names()
    found: dict[str, dict[str, str]] = {}
    for row in names[names["preferred"].astype(bool)].to_dict("records"):
        found.setdefault(row["species_id"], {})[row["language"]] = str(row["name"])
    return found


def statuses_on(species_id: str, on: date) -> pd.DataFrame:
    """Return the listings and categories of a species that held on a day.

    Parameters
    ----------
    species_id
        Short name, such as ``saiga``.
    on
        The day asked about.

    Raises
    ------
    UnknownNameError
        If there is no such species.

    Examples
    --------
    >>> held = statuses_on("snow_leopard", date(2016, 6, 1))
    >>> held.loc[held["instrument"] == "IUCN", "value"].tolist()
    ['EN']
    """
    check_species(species_id)
    statuses = species_statuses()
    return holding_on(statuses[statuses["species_id"] == species_id], on).reset_index(drop=True)


def edition_species(edition: str) -> tuple[str, ...]:
    """Return the species an edition of the initiative names, in its order.

    Parameters
    ----------
    edition
        ``2014``, ``2021`` or ``2025``.

    Raises
    ------
    UnknownNameError
        If there is no such edition.

    Examples
    --------
    >>> len(edition_species("2025"))
    17
    """
    if edition not in EDITIONS:
        raise UnknownNameError(
            f"No edition {edition!r} of the initiative; Kulan knows {', '.join(EDITIONS)}."
        )
    lists = cami_lists()
    return tuple(lists.loc[lists["edition"] == edition, "species_id"])


def check_species(species_id: str) -> None:
    """Refuse a species Kulan does not know.

    Raises
    ------
    UnknownNameError
        Naming those it knows.
    """
    if species_id not in SPECIES_IDS:
        raise UnknownNameError(f"No species {species_id!r}; Kulan knows {', '.join(SPECIES_IDS)}.")
