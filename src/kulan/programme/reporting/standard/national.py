"""What a state is asked besides the actions: about itself, its species, their populations.

The fields on species follow the national report of the Saiga Memorandum (presence, months,
estimate, trend, sub-populations, national recording), widened to every species of the programme.
"""

from typing import Any

from kulan.programme.reporting.questions import Condition, Kind, Question
from kulan.programme.reporting.standard.choices import months, offered
from kulan.programme.reporting.told import told
from kulan.words import N_

GENERAL = "general"
SPECIES = "species"
POPULATIONS = "populations"
_ALL = ("cms", "samarkand")
_ON_SPECIES = ("cms", "samarkand", "gbf:target-4", "mou:saiga", "mou:bukhara-deer", "gslep")


def general_questions() -> tuple[Question, ...]:
    """Return what is asked once: who reports, how it was prepared, what matters most."""
    return (
        asked_once("agency", N_("Agency that files the report"), required=True, tags=_ALL),
        asked_once(
            "contact", N_("Focal point: name and function"), required=True, readers="government"
        ),
        *time_reported_on(),
        asked_once(
            "prepared",
            N_("How was the report prepared?"),
            "choices",
            choices=offered("preparations"),
            tags=_ALL,
        ),
        asked_once(
            "contributors",
            N_("Who contributed?"),
            help_text=N_("Agencies, institutes, organisations; persons only if they agree."),
        ),
        *_standing_questions(),
        asked_once(
            "achievements",
            N_("What were the most important achievements of this time?"),
            required=True,
            carries=False,
            tags=_ALL,
        ),
        asked_once(
            "needs",
            N_("Where would support or cooperation help most?"),
            tags=(*_ALL, "gbf:target-19", "gbf:target-20"),
        ),
    )


def time_reported_on() -> tuple[Question, ...]:
    """Return the questions for the first and the last day reported on."""
    return (
        asked_once(
            "from",
            N_("First day of the time reported on"),
            "date",
            required=True,
            carries=False,
            tags=_ALL,
        ),
        asked_once(
            "to",
            N_("Last day of the time reported on"),
            "date",
            required=True,
            carries=False,
            tags=_ALL,
        ),
    )


def _standing_questions() -> tuple[Question, ...]:
    return (
        asked_once(
            "accession",
            N_("Is accession to the Convention on Migratory Species considered?"),
            "choice",
            choices=offered("accessions"),
            asked="non_parties",
            readers="partners",
            tags=("cms",),
        ),
        asked_once(
            "coordination",
            N_("Is there a body that coordinates the programme among agencies?"),
            "yes_no",
            tags=(*_ALL, "gbf:target-14"),
        ),
        asked_once(
            "coordination_how",
            N_("Which body is it, and how often does it meet?"),
            depends_on=Condition("general/coordination", ("yes",)),
        ),
    )


def species_questions() -> tuple[Question, ...]:
    """Return what is asked for each species that lives in the state."""
    present = Condition("species/presence", ("all_year", "seasonal", "irregular"))
    return (
        _of_species(
            "presence",
            N_("Is the species present?"),
            "choice",
            choices=offered("presences"),
            required=True,
        ),
        _of_species(
            "months",
            N_("In which months?"),
            "choices",
            choices=months(),
            depends_on=Condition("species/presence", ("seasonal", "irregular")),
        ),
        *_estimate_questions(present),
        *_knowledge_questions(present),
        _of_species("remarks", N_("Anything else that readers should know"), carries=False),
    )


def _knowledge_questions(present: Condition) -> tuple[Question, ...]:
    return (
        _of_species(
            "trend",
            N_("Trend since the last report"),
            "choice",
            choices=offered("trends"),
            required=True,
            carries=False,
            depends_on=present,
        ),
        _of_species(
            "trend_why", N_("What does the trend rest on?"), depends_on=present, carries=False
        ),
        _of_species(
            "surveys",
            N_("How often is the species surveyed in the whole of its range here?"),
            "choice",
            choices=offered("surveys"),
            depends_on=present,
        ),
        _of_species(
            "recording",
            N_("Is there a national system that records observations?"),
            "yes_no",
            depends_on=present,
            more=("gbf:target-21",),
        ),
        _of_species(
            "recording_what",
            N_("What does it record, who keeps it, who may see it?"),
            depends_on=Condition("species/recording", ("yes",)),
            more=("gbf:target-21",),
        ),
        _of_species(
            "threats",
            N_("Which threats weigh most?"),
            "choices",
            choices=offered("threats"),
            depends_on=present,
        ),
        *_use_questions(present),
    )


def population_questions() -> tuple[Question, ...]:
    """Return what is asked for each population that the state reports on."""
    return (
        _of_population(
            "estimate",
            N_("Estimate of the population"),
            "number",
            at_least=0,
            unit=N_("individuals"),
            carries=False,
        ),
        _of_population(
            "year", N_("Year of the survey"), "number", at_least=1900, at_most=2200, carries=False
        ),
        _of_population(
            "trend",
            N_("Trend since the last report"),
            "choice",
            choices=offered("trends"),
            required=True,
            carries=False,
        ),
        _of_population("remarks", N_("What changed, and why?"), carries=False),
    )


def _estimate_questions(present: Condition) -> tuple[Question, ...]:
    when: dict[str, Any] = {"depends_on": present, "carries": False}
    number: dict[str, Any] = {"kind": "number", "at_least": 0, "unit": N_("individuals"), **when}
    return (
        _of_species(
            "estimate",
            N_("Estimate of the total number here"),
            help_text=N_(
                "Leave it empty where there is no estimate: an empty field is an answer too."
            ),
            **number,
        ),
        _of_species("estimate_low", N_("Lower limit of the estimate"), **number),
        _of_species("estimate_high", N_("Upper limit of the estimate"), **number),
        _of_species(
            "estimate_year",
            N_("Year of the survey"),
            "number",
            at_least=1900,
            at_most=2200,
            **when,
        ),
        _of_species(
            "estimate_method",
            N_("How was it counted?"),
            "choice",
            choices=offered("methods"),
            **when,
        ),
        _of_species(
            "estimate_source", N_("Where was the estimate published?"), "references", **when
        ),
    )


def _use_questions(present: Condition) -> tuple[Question, ...]:
    when: dict[str, Any] = {"depends_on": present, "carries": False}
    number: dict[str, Any] = {"kind": "number", "at_least": 0, **when}
    return (
        _of_species(
            "taken",
            N_("Animals taken legally in the last year"),
            unit=N_("individuals"),
            more=("cites", "gbf:target-5", "gbf:target-9"),
            **number,
        ),
        _of_species(
            "quota",
            N_("Quota of the last year"),
            unit=N_("individuals"),
            more=("cites", "gbf:target-5"),
            **number,
        ),
        _of_species(
            "illegal",
            N_("Cases of illegal killing or trade recorded in the last year"),
            unit=N_("cases"),
            more=("cites", "gbf:target-5"),
            readers="government",
            **number,
        ),
        _of_species(
            "deaths", N_("Mass deaths, hard winters or disease: when, where, how many?"), **when
        ),
    )


def asked_once(
    name: str,
    text: str,
    kind: Kind = "text",
    *,
    unit: str = "",
    help_text: str = "",
    **rest: Any,
) -> Question:
    """Return a question of the first section."""
    return Question(
        f"{GENERAL}/{name}",
        GENERAL,
        told(text),
        kind,
        unit=told(unit),
        help=told(help_text),
        **rest,
    )


def _of_species(
    name: str,
    text: str,
    kind: Kind = "text",
    *,
    more: tuple[str, ...] = (),
    unit: str = "",
    help_text: str = "",
    **rest: Any,
) -> Question:
    return Question(
        f"species/{name}",
        SPECIES,
        told(text),
        kind,
        loop="species",
        tags=(*_ON_SPECIES, *more),
        unit=told(unit),
        help=told(help_text),
        **rest,
    )


def _of_population(
    name: str, text: str, kind: Kind = "text", *, unit: str = "", **rest: Any
) -> Question:
    return Question(
        f"populations/{name}",
        POPULATIONS,
        told(text),
        kind,
        loop="population",
        tags=_ON_SPECIES,
        unit=told(unit),
        **rest,
    )
