"""Species accounts: what is known of a species in words, section by section."""

from dataclasses import dataclass

import pandas as pd

from kulan.errors import UnknownNameError
from kulan.programme.account_tables import SPECIES_ACCOUNTS
from kulan.programme.loading import load
from kulan.programme.species import check_species
from kulan.programme.terms import ACCOUNT_SECTIONS
from kulan.words import LANGUAGES, N_

SECTION_NAMES: dict[str, str] = {
    "behaviour": N_("Behaviour"),
    "ecology": N_("Ecology"),
    "movement_needs": N_("Room to move"),
    "habitat_needs": N_("Habitat it needs"),
    "water_needs": N_("Water"),
    "forage_needs": N_("Food"),
    "disturbance": N_("Disturbance"),
    "threats": N_("Threats"),
    "status": N_("Status"),
}
"""Headings of the sections, English; translated where they are told."""


@dataclass(frozen=True)
class AccountSection:
    """A paragraph of a species account in one language.

    Attributes
    ----------
    section
        One of `kulan.programme.terms.ACCOUNT_SECTIONS`.
    text
        The paragraph.
    source
        Where its facts come from.
    confidence
        How far to trust it.
    """

    section: str
    text: str
    source: str
    confidence: str


def species_accounts() -> pd.DataFrame:
    """Return all species accounts, one row per section. See `tables.SPECIES_ACCOUNTS`."""
    return load(SPECIES_ACCOUNTS)


def species_account(species_id: str, language: str = "en") -> tuple[AccountSection, ...]:
    """Return the account of a species in a language, in the order of its sections.

    Parameters
    ----------
    species_id
        Short name, such as ``saiga``.
    language
        ``en``, ``ru`` or ``fr``.

    Raises
    ------
    UnknownNameError
        If there is no such species or language.

    Examples
    --------
    >>> [one.section for one in species_account("saiga")][:2]
    ['behaviour', 'movement_needs']
    """
    check_species(species_id)
    if language not in LANGUAGES:
        raise UnknownNameError(
            f"Accounts are not written in {language!r}; choose one of {', '.join(LANGUAGES)}."
        )
    table = species_accounts()
    rows = table[table["species_id"] == species_id].to_dict("records")
    rows.sort(key=lambda row: ACCOUNT_SECTIONS.index(row["section"]))
    return tuple(
        AccountSection(
            section=row["section"],
            text=row[f"text_{language}"],
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in rows
    )
