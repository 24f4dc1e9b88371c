"""The tables of the register of actions, declared: editions, sections, actions, actors."""

from kulan.programme.terms import CONFIDENCES, SPECIES_IDS
from kulan.schemas import Column, Table

EDITION_IDS = ("cami-2014", "cami-2021")
PARTS = ("I", "II", "III", "IV")
PRIORITIES = ("low", "medium", "high")
PROGRAMME_LANDSCAPES = ("gobi_steppe", "qinghai_tibetan_plateau")
"""The two landscapes that are sections of the programme; others are of the table of landscapes."""
ACTOR_KINDS = (
    "convention",
    "un_agency",
    "union",
    "programme",
    "government",
    "protected_area",
    "ngo",
    "project",
    "science",
    "community",
    "business",
    "donor",
    "partner",
    "media",
)
TREATY_TAGS = (
    "cms",
    "cites",
    *(f"gbf:target-{number}" for number in range(1, 24)),
    "samarkand",
    "mou:saiga",
    "mou:bukhara-deer",
    "gslep",
)
"""Treaties, targets and plans an answer about an action also serves."""

_EDITION_ID = Column("edition_id", "Edition of the programme.", values=EDITION_IDS)
_TITLES = (
    Column("title_en", "Kulan's own short title in English."),
    Column("title_ru", "Kulan's own short title in Russian."),
    Column("title_fr", "Kulan's own short title in French."),
)
_NOTE = Column("note", "What a reader must know to use the row rightly.", required=False)
_SOURCE = Column("source", "Where the fact comes from, and what of it was checked.")
_CONFIDENCE = Column(
    "confidence",
    "high: read in the source named; medium: well known, the source not opened; "
    "low: doubtful or inferred; unverified: not checked at all.",
    values=CONFIDENCES,
)
_SPECIES = Column(
    "species",
    "Species the section or action speaks of; empty for all.",
    kind="list",
    required=False,
    values=SPECIES_IDS,
)
_LANDSCAPES = Column(
    "landscapes",
    "Landscapes it speaks of: of the table of landscapes, or one of the programme's own two.",
    kind="list",
    required=False,
)
_STATES = Column(
    "states",
    "Range states it names, or where alone its species lives; empty for all concerned.",
    kind="list",
    required=False,
)

ACTION_EDITIONS = Table(
    name="programme_action_editions",
    title="Editions of the programme of work",
    columns=(
        _EDITION_ID,
        Column("plan", "Plan it is an edition of."),
        *_TITLES,
        Column("first_year", "First year it covers.", kind="integer"),
        Column("last_year", "Last year it covers.", kind="integer"),
        Column("actions_known", "Whether its actions are listed here.", kind="flag"),
        _NOTE,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("edition_id",),
)

ACTION_SECTIONS = Table(
    name="programme_action_sections",
    title="Sections of the programme of work",
    columns=(
        _EDITION_ID,
        Column("section_id", "Number of the section as printed."),
        Column("part", "Part of the programme, numbered in order.", values=PARTS),
        Column("part_printed", "The part as the text labels it, slips kept."),
        _SPECIES,
        _LANDSCAPES,
        _STATES,
        *_TITLES,
        _NOTE,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("edition_id", "section_id"),
)

ACTIONS = Table(
    name="programme_actions",
    title="Actions of the programme of work and their parts",
    columns=(
        _EDITION_ID,
        Column(
            "action_id",
            "Number that tells actions apart: 13.1 where 14.1 is printed under section 13, "
            "29.10b for the second 29.10; 3.2.a for a part, 3.2.a.1 for a part of it.",
        ),
        Column("order", "Place in the text, parts counted.", kind="integer"),
        Column("section_id", "Section it stands in."),
        Column("parent_id", "Action it is part of; empty for an action itself.", required=False),
        Column("printed", "Number as printed. Letters were lost in the text: parts read 1. or ·."),
        Column(
            "priority_low",
            "Lower end of the priority; empty where none is printed. A part has its action's.",
            required=False,
            values=PRIORITIES,
        ),
        Column("priority_high", "Upper end of the priority.", required=False, values=PRIORITIES),
        Column(
            "priority_order",
            "The priority in the order printed, such as medium/high.",
            required=False,
        ),
        Column("leads", "Actors printed as responsible, in order.", kind="list"),
        Column(
            "leads_to_confirm",
            "Those of them printed with the mark that they are to be confirmed.",
            kind="list",
            required=False,
        ),
        _SPECIES,
        _LANDSCAPES,
        _STATES,
        Column(
            "other_states",
            "States outside the initiative it names, ISO 3166-1 alpha-3.",
            kind="list",
            required=False,
        ),
        *_TITLES,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("edition_id", "action_id"),
)

ACTION_REFERENCES = Table(
    name="programme_action_references",
    title="Where an action refers to another, as printed and corrected",
    columns=(
        _EDITION_ID,
        Column("action_id", "Action or part that refers."),
        Column(
            "kind",
            "What it refers to.",
            values=("action", "section", "other_plan"),
        ),
        Column("printed", "Number as printed."),
        Column(
            "corrected", "Number that is meant, where the printed one is stale.", required=False
        ),
        Column("reason", "Why it was corrected, or doubted.", required=False),
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("edition_id", "action_id", "printed"),
)

ACTION_TARGETS = Table(
    name="programme_action_targets",
    title="Treaties, targets and plans that a report on an action also serves",
    columns=(
        _EDITION_ID,
        Column("action_id", "The action; a part only where it serves others than its action."),
        Column("target", "What the report also serves.", values=TREATY_TAGS),
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("edition_id", "action_id", "target"),
)

ACTORS = Table(
    name="programme_actors",
    title="Actors the programme holds responsible",
    columns=(
        Column("actor_id", "Short name; it never changes."),
        Column("kind", "What kind of actor it is.", values=ACTOR_KINDS),
        Column("title_en", "Name in English."),
        Column("title_ru", "Name in Russian."),
        Column("title_fr", "Name in French."),
        _NOTE,
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("actor_id",),
)

ACTOR_NAMES = Table(
    name="programme_actor_names",
    title="Other names under which texts print actors",
    columns=(
        Column("actor_id", "Actor meant."),
        Column("language", "Language of the name.", values=("en", "ru", "fr")),
        Column("name", "Name, abbreviation or misspelling as texts print it."),
        _SOURCE,
        _CONFIDENCE,
    ),
    key=("language", "name"),
)
