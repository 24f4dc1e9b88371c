"""The sourced knowledge the screening stands on: what each table holds and in which units.

The files are in `kulan/screening/data/`; `kulan.screening.knowledge` reads them.
"""

from kulan.schemas import Column, Table
from kulan.vocabulary import BARRIER_TYPES

LANDSCAPES = ("steppe", "desert", "mountain", "plateau", "riverine")
"""Kinds of landscape that the choice of a mitigation measure depends on."""

SPECIES_GROUPS = (
    "open_plain_ungulate",
    "mountain_ungulate",
    "riverine_ungulate",
    "large_carnivore",
    "medium_carnivore",
)
"""Groups of species that evidence is borrowed within when a species has none of its own."""

MIGRATORY_KINDS = ("seasonal_migrant", "nomad", "altitudinal_migrant", "wide_ranging", "resident")
"""How a species uses space over the year; the IFC migratory criterion reads it."""

HIERARCHY = ("avoid", "minimise", "restore", "offset")
"""Steps of the mitigation hierarchy, in the order in which they must be tried."""

CONFIDENCES = ("high", "medium", "low", "unverified")
"""How sure we are: high = read in the source; medium = a known publication, quoted from memory;
low = expert inference; unverified = believed to be so and not checked."""

EVIDENCE = ("measured_species", "measured_related", "general", "no_evidence")
"""What an effect distance rests on, strongest first."""

MEASURED = (
    "avoidance",
    "reduced_occupancy",
    "reduced_abundance",
    "barrier_to_movement",
    "mortality",
    "none",
)
"""What a study measured near a barrier."""

DISTANCE_BASES = ("measured", "related", "general_default")
"""Where the figure itself comes from: a study of the species; of a relative or of another barrier;
or the general default, kept because no study gives a distance."""

EVIDENCE_STRENGTHS = ("strong", "moderate", "weak", "expert", "none")
"""How well a measure is shown to work: strong = replicated or reviewed studies; moderate = a
before-after or tracking study; weak = observation; expert = judgement in a guideline; none."""

INTERNATIONAL = "international"
"""Stands in place of a state's code for rules that apply wherever the lender or treaty does."""

_SOURCE = Column("source", "Author, year, title and journal or report the row rests on.")
_CONFIDENCE = Column("confidence", "How sure we are of the row.", values=CONFIDENCES)
_NOTE = Column("note", "What a careful user should know about the row.", required=False)

SPECIES_GROUP_TABLE = Table(
    name="species_groups",
    title="Group and way of moving of each species",
    columns=(
        Column("species_id", "Species."),
        Column("group", "Group whose evidence may be borrowed.", values=SPECIES_GROUPS),
        Column("migratory_kind", "How the species uses space.", values=MIGRATORY_KINDS),
        Column("landscapes", "Landscapes the species uses.", kind="list", values=LANDSCAPES),
        Column("movement", "What is known of its movements, in one sentence.", words=True),
        _SOURCE,
        _CONFIDENCE,
        _NOTE,
    ),
    key=("species_id",),
)

EFFECT_DISTANCES = Table(
    name="effect_distances",
    title="How far a barrier's effect reaches, by species or group and barrier type",
    columns=(
        Column("effect_id", "Name of the row."),
        Column("subject_kind", "What the row is about.", values=("species", "group", "general")),
        Column("subject", "Species, group, or 'any'."),
        Column("barrier_type", "Kind of barrier.", values=BARRIER_TYPES),
        Column(
            "effect_distance_m",
            "Distance from the barrier within which an effect is to be expected.",
            unit="m",
            kind="number",
        ),
        Column("measured", "What the study measured.", values=MEASURED),
        Column("evidence", "What the distance rests on.", values=EVIDENCE),
        Column("distance_basis", "Where the figure comes from.", values=DISTANCE_BASES),
        Column("finding", "What was found, in one sentence.", words=True),
        _SOURCE,
        _CONFIDENCE,
        _NOTE,
    ),
    key=("subject_kind", "subject", "barrier_type"),
)

MITIGATION = Table(
    name="mitigation",
    title="Measures that avoid, minimise, restore or offset the effect of a barrier",
    columns=(
        Column("measure_id", "Name of the measure."),
        Column("hierarchy", "Step of the mitigation hierarchy.", values=HIERARCHY),
        Column("barrier_types", "Barriers it serves.", kind="list", values=BARRIER_TYPES),
        Column("species_groups", "Groups it serves.", kind="list", values=SPECIES_GROUPS),
        Column(
            "species",
            "Species it is limited to; empty when it serves the whole groups.",
            kind="list",
            required=False,
        ),
        Column("landscapes", "Landscapes it suits.", kind="list", values=LANDSCAPES),
        Column("measure", "What to do, in one sentence.", words=True),
        Column("evidence_strength", "How well it is shown to work.", values=EVIDENCE_STRENGTHS),
        Column("evidence", "What is known of its effect, in one or two sentences.", words=True),
        Column(
            "min_width_m",
            "Smallest width across the animals' way that the source gives.",
            unit="m",
            kind="number",
            required=False,
        ),
        Column(
            "min_height_m",
            "Smallest clearance that the source gives.",
            unit="m",
            kind="number",
            required=False,
        ),
        Column(
            "max_spacing_km",
            "Largest distance between two structures that the source gives.",
            unit="km",
            kind="number",
            required=False,
        ),
        Column(
            "bottom_wire_min_cm",
            "Smallest gap between ground and lowest wire that the source gives.",
            unit="cm",
            kind="number",
            required=False,
        ),
        Column(
            "top_wire_max_cm",
            "Largest height of the top wire that the source gives.",
            unit="cm",
            kind="number",
            required=False,
        ),
        Column(
            "buffer_km",
            "Distance to keep from what is protected that the source gives.",
            unit="km",
            kind="number",
            required=False,
        ),
        Column("design_note", "How the figures are to be read.", required=False, words=True),
        _SOURCE,
        _CONFIDENCE,
        _NOTE,
    ),
    key=("measure_id",),
)

NATIONAL_RULES = Table(
    name="national_rules",
    title="Laws, standards and lenders' rules that bear on barriers to migration",
    columns=(
        Column("rule_id", "Name of the entry."),
        Column("iso3", "State, or 'international' for lenders and treaties."),
        Column("issuer", "Who made the rule."),
        Column("kind", "What it is.", values=("law", "decree", "standard", "lender", "treaty")),
        Column("number", "Official number or citation.", required=False),
        Column("title_original", "Title in its own language."),
        Column("title_en", "Title in English; ours where no official one is known.", words=True),
        Column("year", "Year of adoption, or of the edition meant.", kind="integer"),
        Column(
            "topic",
            "What it is about.",
            values=("wildlife", "eia", "transport", "lending", "design_standard", "treaty"),
        ),
        Column("barrier_types", "Barriers it covers.", kind="list", values=BARRIER_TYPES),
        Column("requires", "What it asks, in one sentence of ours.", words=True),
        Column("article", "Article or paragraph.", required=False),
        _SOURCE,
        _CONFIDENCE,
        _NOTE,
    ),
    key=("rule_id",),
)

CRITICAL_HABITAT = Table(
    name="critical_habitat",
    title="IFC PS6 critical-habitat criteria and their thresholds",
    columns=(
        Column("criterion_id", "Criterion and part, such as C3a."),
        Column("criterion", "Criterion.", values=("C1", "C2", "C3", "C4", "C5")),
        Column("title", "What the criterion protects.", words=True),
        Column("test", "What is asked, in one sentence of ours.", words=True),
        Column(
            "applies_to",
            "What the criterion is about: a kind of species, an ecosystem or a process.",
            values=(
                "threatened_species",
                "national_threatened_species",
                "restricted_range_species",
                "migratory_species",
                "ecosystem",
                "process",
            ),
        ),
        Column(
            "iucn_categories",
            "Red List categories it is limited to.",
            kind="list",
            required=False,
            values=("CR", "EN", "VU"),
        ),
        Column(
            "min_share_percent",
            "Smallest share of the global population or extent.",
            unit="%",
            kind="number",
            required=False,
        ),
        Column(
            "share_of",
            "What the share is a share of.",
            required=False,
            values=("global_population", "global_extent", "national_population"),
        ),
        Column(
            "min_reproductive_units",
            "Smallest number of reproductive units.",
            kind="integer",
            required=False,
        ),
        Column(
            "max_range_km2",
            "Largest extent of occurrence of a restricted-range terrestrial vertebrate.",
            unit="km²",
            kind="number",
            required=False,
        ),
        Column("data_needed", "What data would settle it.", words=True),
        Column("data_here", "What Kulan can use, and what it cannot say.", words=True),
        Column("paragraph", "Paragraph of Guidance Note 6."),
        _SOURCE,
        _CONFIDENCE,
        _NOTE,
    ),
    key=("criterion_id",),
)

GLOBAL_POPULATIONS = Table(
    name="global_populations",
    title="Global population estimates: the denominators of the critical-habitat thresholds",
    columns=(
        Column("species_id", "Species."),
        Column("scope", "What was counted.", values=("species", "subspecies", "part_of_range")),
        Column("counted", "Animals or mature animals.", values=("individuals", "mature")),
        Column("low", "Lower figure.", kind="integer", required=False),
        Column(
            "best", "Best figure; empty when the source gives none.", kind="integer", required=False
        ),
        Column("high", "Upper figure.", kind="integer", required=False),
        Column("year", "Year the estimate is for or was published.", kind="integer"),
        _SOURCE,
        _CONFIDENCE,
        _NOTE,
    ),
    key=("species_id",),
)

TABLES = (
    SPECIES_GROUP_TABLE,
    EFFECT_DISTANCES,
    MITIGATION,
    NATIONAL_RULES,
    CRITICAL_HABITAT,
    GLOBAL_POPULATIONS,
)
