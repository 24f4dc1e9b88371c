"""Fact sheets from the approved records, as their reader may see them; the same one is kept."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from kulan.atlas import open_release, release_ids
from kulan.programme import AccountSection
from kulan.programme.terms import ACCOUNT_SECTIONS
from kulan.report.fact_sheets import SpeciesFacts, fact_sheet_pdf, habitat_picture, species_facts
from kulan.report.fact_sheets.facts import HabitatPicture
from kulan.web.catalogue.themes import State as LayerState
from kulan.web.kept_files import kept_file, key_of
from kulan.web.policy import Viewer, visible_versions
from kulan.web.policy.records import visible_accounts, visible_populations
from kulan.web.species.models import AccountText, PopulationRecord
from kulan.words import Words

_KEY_LETTERS = 12


def facts_for(
    viewer: Viewer, species_id: str, words: Words, *, with_habitat: bool = True
) -> SpeciesFacts:
    """Gather what the viewer may read of a species in force today, in a language."""
    records = list(visible_populations(viewer).filter(species_id=species_id))
    texts = account_texts(viewer, species_id, words)
    return species_facts(
        species_id,
        timezone.localdate(),
        estimates=[one.estimated() for one in records],
        habitat=habitat_of(viewer, species_id) if with_habitat else None,
        account=[
            AccountSection(one.section, one.text, one.source, one.confidence) for one in texts
        ],
        origins={
            "populations": _origin("population records", records),
            "species_accounts": _origin("account texts", texts),
        },
    )


def account_texts(viewer: Viewer, species_id: str, words: Words) -> list[AccountText]:
    """Return the texts in force, section by section: in the language, else in English."""
    found: dict[str, AccountText] = {}
    rows = visible_accounts(viewer).filter(species_id=species_id)
    for one in rows.filter(language__in=(words.language, "en")):
        if one.section not in found or one.language == words.language:
            found[one.section] = one
    return [found[section] for section in ACCOUNT_SECTIONS if section in found]


def habitat_of(viewer: Viewer, species_id: str) -> HabitatPicture | None:
    """Read the habitat that the released layer shows, where the viewer may see that layer."""
    shown = visible_versions(viewer).filter(
        state=LayerState.RELEASED, layer__layer_id=f"habitat_{species_id}"
    )
    version = shown.first()
    state = Path(settings.STATE)
    if version is None or not release_ids(state):
        return None
    picture = habitat_picture(open_release(state), species_id)
    # another version may have been released since: its own picture is not in the starter Atlas
    return picture if picture is not None and picture.sha256 == version.file_sha256 else None


def sheet_key(facts: SpeciesFacts, words: Words) -> str:
    """Return a short name of a sheet's content: those who may read the same share it."""
    habitat = None if facts.habitat is None else facts.habitat.sha256
    bare = replace(facts, habitat=None)
    return key_of(
        words.language,
        facts.species_id,
        facts.on,
        bare.estimates,
        bare.account,
        bare.origins,
        habitat,
    )


def sheet_pdf(facts: SpeciesFacts, words: Words) -> bytes:
    """Return the sheet as a PDF: the one that is kept, or a new one."""
    name = f"{sheet_key(facts, words)}.pdf"
    return kept_file("fact-sheets", name, lambda: fact_sheet_pdf(facts, words))


def _origin(what: str, rows: list[Any]) -> str:
    """Name what a sheet was made from: how many approved rows, and a hash of which versions."""
    uids = sorted(str(row.uid) for row in rows)
    digest = hashlib.sha256("\n".join(uids).encode()).hexdigest()[:_KEY_LETTERS]
    return f"{len(rows)} approved {what} of the Atlas (SHA-256 of their identifiers {digest})"


def in_force(viewer: Viewer, species_id: str) -> list[PopulationRecord]:
    """Return the records that the viewer may read, by state, population and date."""
    rows = visible_populations(viewer).filter(species_id=species_id)
    return sorted(
        rows, key=lambda one: (one.iso3, one.population, one.survey_to, one.quantity, one.pk)
    )
