"""The programme's tables, declared: species, states, areas, barriers, seasons, instruments.

Every row carries its source and how far to trust it. A fact that may change is an interval:
`valid_from` is the first day it held, `valid_to` the first day it no longer did, both at the
precision known (2014, 2014-11 or 2014-11-09). An empty `valid_to` means it still held when the
table was made.
"""

from kulan.programme import account_tables, population_tables
from kulan.programme.terms import (
    CONFIDENCES,
    EDITIONS,
    FENCED,
    LIFE_EVENTS,
    SPECIES_IDS,
)
from kulan.schemas import Column, Table
from kulan.vocabulary import BARRIER_STATUSES, BARRIER_TYPES

_SPECIES_ID = Column(
    "species_id",
    "Species, by the short name used everywhere in Kulan; it never changes.",
    values=SPECIES_IDS,
)
_SPECIES_LIST = Column(
    "species",
    "Species known from there, by short name; empty where none is recorded.",
    kind="list",
    required=False,
    values=SPECIES_IDS,
)
_SOURCE = Column("source", "Where the fact comes from, and what of it was checked.")
_CONFIDENCE = Column(
    "confidence",
    "high: read in the source named; medium: well known, the source not opened; "
    "low: doubtful or inferred; unverified: not checked at all.",
    values=CONFIDENCES,
)
_NOTE = Column("note", "What a reader must know to use the row rightly.", required=False)
_VALID_FROM = Column(
    "valid_from",
    "First day on which it held; a year or month alone where no more is known.",
    kind="date",
    required=False,
)
_VALID_TO = Column(
    "valid_to",
    "First day on which it no longer held; empty while it holds.",
    kind="date",
    required=False,
)
_ISO3 = Column("iso3", "Range state, ISO 3166-1 alpha-3.")
_STATES = Column("states", "Countries it lies in, ISO 3166-1 alpha-3.", kind="list")
_LONGITUDE = Column("longitude", "Longitude of the centre, WGS 84.", unit="°", kind="number")
_LATITUDE = Column("latitude", "Latitude of the centre, WGS 84.", unit="°", kind="number")
_PRECISION_KM = Column(
    "precision_km",
    "Distance within which the true position of a drawn point or line is expected to lie.",
    unit="km",
    kind="number",
)

SPECIES = Table(
    name="programme_species",
    title="Species of the Central Asian Mammals Initiative, past and present",
    columns=(
        _SPECIES_ID,
        Column("scientific_name", "Name Kulan prints; other names stand in the table of names."),
        Column("author", "Who described the taxon, and when, as zoologists cite it."),
        Column(
            "rank",
            "Whether the name is of a species or a subspecies.",
            values=("species", "subspecies"),
        ),
        Column("family", "Family."),
        Column(
            "listed_as",
            "Name or names on the CMS Appendices; empty if never listed.",
            kind="list",
            required=False,
        ),
        _NOTE,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("species_id",),
)

SPECIES_NAMES = Table(
    name="programme_species_names",
    title="Names of species, scientific and common",
    columns=(
        _SPECIES_ID,
        Column("language", "Language of the name, BCP 47; `la` for scientific names."),
        Column("name", "The name."),
        Column("kind", "Scientific or common.", values=("scientific", "common")),
        Column("preferred", "Whether Kulan prints this name in that language.", kind="flag"),
        Column("author", "Author and year of description, for scientific names.", required=False),
        Column("authority", "List or work that uses the name.", required=False),
        Column("year", "Year of that list or work.", kind="integer", required=False),
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("species_id", "language", "kind", "name", "authority"),
)

SPECIES_STATUSES = Table(
    name="programme_species_statuses",
    title="CMS and CITES listings and IUCN Red List categories over time",
    columns=(
        _SPECIES_ID,
        Column("instrument", "Which list.", values=("CMS", "CITES", "IUCN")),
        Column(
            "value",
            "Appendix or category. A species on two appendices has two rows.",
            values=(
                "Appendix I",
                "Appendix II",
                "Appendix III",
                "not listed",
                *("EX", "EW", "CR", "EN", "VU", "NT", "LC", "DD", "NE"),
            ),
        ),
        Column("scope", "Taxon or populations the row speaks of."),
        _VALID_FROM,
        _VALID_TO,
        _NOTE,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("species_id", "instrument", "value", "scope", "valid_from"),
)

CAMI_LISTS = Table(
    name="programme_cami_lists",
    title="Species of each edition of the initiative",
    columns=(
        Column(
            "edition",
            "2014: Resolution 11.24; 2021: Resolution 11.24 (Rev.COP13), programme 2021-2026; "
            "2025: third meeting of range states, Tashkent.",
            values=EDITIONS,
        ),
        _SPECIES_ID,
        Column(
            "covered",
            "Whether the edition counts it as covered, rather than as sharing the range.",
            kind="flag",
        ),
        Column(
            "name_in_edition",
            "Scientific name the edition prints; empty where its text was not at hand.",
            required=False,
        ),
        _NOTE,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("edition", "species_id"),
)

RANGE_STATES = Table(
    name="programme_range_states",
    title="The 14 range states",
    columns=(
        _ISO3,
        Column("iso2", "ISO 3166-1 alpha-2."),
        Column("name_en", "English short name used by the United Nations."),
        Column("name_ru", "Russian short name used by the United Nations."),
        Column("name_fr", "French short name used by the United Nations."),
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("iso3",),
)

MEMBERSHIPS = Table(
    name="programme_memberships",
    title="Which range state was bound by which instrument, when",
    columns=(
        _ISO3,
        Column("instrument", "Short name of the instrument; see the table of instruments."),
        Column("status", "What the state was to it.", values=("party", "non_party", "signatory")),
        _VALID_FROM,
        _VALID_TO,
        _NOTE,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("iso3", "instrument", "valid_from"),
)

PRESENCE = Table(
    name="programme_presence",
    title="Presence of species by range state",
    columns=(
        _SPECIES_ID,
        _ISO3,
        Column(
            "status",
            "Presence in the state today.",
            values=("extant", "reintroduced", "uncertain", "extinct"),
        ),
        _NOTE,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("species_id", "iso3"),
)

LANDSCAPES = Table(
    name="programme_landscapes",
    title="Conservation landscapes and transboundary areas",
    columns=(
        Column("landscape_id", "Short name; it never changes."),
        Column("name", "Name of the landscape."),
        Column(
            "kind", "What makes it a landscape.", values=("gslep_landscape", "transboundary_area")
        ),
        _STATES,
        _LONGITUDE,
        _LATITUDE,
        Column(
            "area_km2",
            "Area; empty where none is published.",
            unit="km²",
            kind="number",
            required=False,
        ),
        _PRECISION_KM,
        Column(
            "illustrative",
            "Whether the row stands in for an official list that was not available.",
            kind="flag",
        ),
        _SPECIES_LIST,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("landscape_id",),
)

KEY_AREAS = Table(
    name="programme_key_areas",
    title="Protected areas and World Heritage sites, as points with an area",
    columns=(
        Column("key_area_id", "Short name; it never changes."),
        Column("name", "Name of the area."),
        Column(
            "kind",
            "What makes it a key area.",
            values=("protected_area", "world_heritage_site", "breeding_centre"),
        ),
        Column("designation", "Kind of protection, in words.", words=True),
        _STATES,
        _LONGITUDE,
        _LATITUDE,
        Column(
            "area_km2",
            "Area, rounded; empty where not known.",
            unit="km²",
            kind="number",
            required=False,
        ),
        _PRECISION_KM,
        _SPECIES_LIST,
        _NOTE,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("key_area_id",),
)

BARRIERS = Table(
    name="programme_barriers",
    title="Known and planned barriers",
    columns=(
        Column("barrier_id", "Short name; it never changes."),
        Column("name", "Name in English."),
        Column("name_ru", "Name in Russian, where one is in use.", required=False),
        Column("barrier_type", "Kind of barrier.", values=BARRIER_TYPES),
        _STATES,
        Column("status", "What stood there when the row was checked.", values=BARRIER_STATUSES),
        Column(
            "valid_from",
            "When it was opened or fenced; empty if not known or not yet built.",
            kind="date",
            required=False,
        ),
        Column(
            "valid_to", "When it was removed; empty while it stands.", kind="date", required=False
        ),
        Column(
            "planned_for",
            "Opening date announced for a line not yet built.",
            kind="date",
            required=False,
        ),
        Column("fenced", "Whether animals meet a fence along it.", values=FENCED),
        Column("fenced_note", "What is known of the fence and of crossings.", required=False),
        Column(
            "species_affected",
            "Species it is known or expected to affect.",
            kind="list",
            values=SPECIES_IDS,
        ),
        _PRECISION_KM,
        Column("geometry_method", "How the line was drawn."),
        _NOTE,
        Column(
            "reported_on",
            "Date of the newest report on its status that was read; empty if none was.",
            kind="date",
            required=False,
        ),
        _SOURCE,
        _CONFIDENCE,
        Column("geometry", "Line, longitude and latitude on WGS 84.", kind="geometry"),
    ),
    key=("barrier_id",),
)

SEASONS = Table(
    name="programme_seasons",
    title="Calendar of births, rut and migration",
    columns=(
        _SPECIES_ID,
        Column("life_event", "What happens.", values=LIFE_EVENTS),
        Column(
            "population",
            "Population or region the row speaks of; `all` where the source speaks of the species.",
            words=True,
        ),
        Column(
            "states",
            "Range states the row applies to; empty for all where the species lives.",
            kind="list",
            required=False,
        ),
        Column(
            "months",
            "Months in which it happens, 1 to 12, in order of time.",
            kind="list",
            values=tuple(str(month) for month in range(1, 13)),
        ),
        Column(
            "peak_months",
            "Months in which most of it happens; empty where the source names none.",
            kind="list",
            required=False,
            values=tuple(str(month) for month in range(1, 13)),
        ),
        Column("sensitivity", "What disturbance or a barrier means then.", words=True),
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("species_id", "life_event", "population"),
)

INSTRUMENTS = Table(
    name="programme_instruments",
    title="Treaties, memoranda, resolutions, plans and meetings",
    columns=(
        Column("instrument_id", "Short name; it never changes."),
        Column("title", "Full title."),
        Column(
            "kind",
            "What it is.",
            values=(
                "treaty",
                "memorandum",
                "resolution",
                "action_plan",
                "strategy",
                "declaration",
                "programme",
                "meeting",
                "guideline",
            ),
        ),
        Column("adopted", "When it was signed, adopted or held.", kind="date", required=False),
        Column("in_force", "When it took effect, where that differs.", kind="date", required=False),
        Column("ends", "Last year or day it covers, where it ends.", kind="date", required=False),
        Column("scope", "States or region it covers.", required=False),
        Column(
            "species",
            "Species it names; empty for all or none in particular.",
            kind="list",
            required=False,
            values=SPECIES_IDS,
        ),
        _NOTE,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("instrument_id",),
)

POPULATIONS = population_tables.POPULATIONS
SPECIES_ACCOUNTS = account_tables.SPECIES_ACCOUNTS
