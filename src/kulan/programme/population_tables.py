"""The table of population estimates, declared; `kulan.programme.tables` hands it on."""

from kulan.programme.terms import (
    CONFIDENCES,
    COUNT_METHODS,
    INTERVAL_KINDS,
    QUANTITIES,
    SPECIES_IDS,
    SURVEY_SEASONS,
)
from kulan.schemas import Column, Table

POPULATIONS = Table(
    name="programme_populations",
    title="Population estimates by range state, with how, when and where they were made",
    columns=(
        Column("species_id", "Species, by short name.", values=SPECIES_IDS),
        Column("iso3", "Range state, ISO 3166-1 alpha-3."),
        Column(
            "population",
            "Population or place the estimate speaks of; empty for the whole state.",
            required=False,
            words=True,
        ),
        Column(
            "estimate",
            "Best figure, in the unit of `quantity`; empty where only a range or a limit is known.",
            kind="number",
            required=False,
        ),
        Column("low", "Lower end of the interval.", kind="number", required=False),
        Column("high", "Upper end of the interval.", kind="number", required=False),
        Column("interval_kind", "What the interval means.", values=INTERVAL_KINDS),
        Column("quantity", "What was estimated.", values=QUANTITIES),
        Column(
            "method",
            "How, by the closed list `kulan.programme.count_methods.COUNT_METHODS`, where each "
            "has its definition.",
            values=COUNT_METHODS,
        ),
        Column("survey_from", "First day of the fieldwork.", kind="date"),
        Column("survey_to", "Last day of the fieldwork.", kind="date"),
        Column("season", "Season of the fieldwork.", values=SURVEY_SEASONS),
        Column(
            "area_covered_km2",
            "Area the estimate speaks of; empty where the source read does not say.",
            unit="km²",
            kind="number",
            required=False,
        ),
        Column("reference", "Where the figure was read, or which publication is said to hold it."),
        Column("doi", "Identifier of the publication, where it was seen.", required=False),
        Column("data_source", "Who made the survey or holds its data."),
        Column(
            "quality",
            "high: read in the source named; medium: read in a secondary source, or its date or "
            "method inferred; low: a round or doubtful figure; unverified: from memory, the source "
            "not opened.",
            values=CONFIDENCES,
        ),
        Column(
            "notes",
            "What a reader must know to use the figure rightly.",
            required=False,
            words=True,
        ),
    ),
    key=(
        "species_id",
        "iso3",
        "population",
        "quantity",
        "method",
        "survey_from",
        "survey_to",
        "season",
        "reference",
    ),
)
