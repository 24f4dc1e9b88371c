"""The table of species accounts, declared; `kulan.programme.tables` hands it on."""

from kulan.programme.terms import ACCOUNT_SECTIONS, CONFIDENCES, SPECIES_IDS
from kulan.schemas import Column, Table

SPECIES_ACCOUNTS = Table(
    name="programme_species_accounts",
    title="Species accounts: behaviour, ecology, needs, threats and status in words",
    columns=(
        Column("species_id", "Species, by short name.", values=SPECIES_IDS),
        Column("section", "What the paragraph tells of.", values=ACCOUNT_SECTIONS),
        Column("text_en", "The paragraph in English."),
        Column("text_ru", "The same in Russian."),
        Column("text_fr", "The same in French."),
        Column("source", "Where the facts come from, and what of them was checked."),
        Column(
            "confidence",
            "high: read in the source named; medium: well known, the source not opened; "
            "low: doubtful or inferred; unverified: not checked at all.",
            values=CONFIDENCES,
        ),
    ),
    key=("species_id", "section"),
)
