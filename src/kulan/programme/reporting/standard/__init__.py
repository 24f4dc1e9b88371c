"""The standard questionnaire of a cycle, made from an edition's actions."""

from collections.abc import Sequence
from datetime import date

from kulan.errors import UnknownNameError
from kulan.programme.populations import populations
from kulan.programme.reporting.questions import FORM_KINDS, FormSection, Questionnaire, Reporter
from kulan.programme.reporting.standard.choices import STATUSES_SAID, TRENDS
from kulan.programme.reporting.standard.national import (
    GENERAL,
    POPULATIONS,
    SPECIES,
    general_questions,
    population_questions,
    species_questions,
)
from kulan.programme.reporting.standard.on_actions import (
    AskedAction,
    AskedSection,
    national_action_questions,
    project_action_questions,
    titled,
)
from kulan.programme.reporting.standard.project import project_questions
from kulan.programme.reporting.told import Told, told
from kulan.programme.species import presence
from kulan.programme.states import party_status
from kulan.words import N_

__all__ = [
    "STATUSES_SAID",
    "TRENDS",
    "standard_questionnaire",
    "standard_reporter",
]


def standard_questionnaire(
    cycle_id: str,
    title: Told,
    *,
    kind: str,
    actions: Sequence[AskedAction],
    sections: Sequence[AskedSection],
    opens: date,
    due: date,
) -> Questionnaire:
    """Return the questionnaire that a cycle starts from; the secretariat may change it.

    Parameters
    ----------
    cycle_id, title
        Of the cycle.
    kind
        ``national`` or ``project``.
    actions
        Actions to ask about, all of one edition.
    sections
        Sections of that edition; those of which no action is asked are left out.
    opens, due
        First day, and the day by which reports are due.

    Raises
    ------
    UnknownNameError
        If there is no such kind, or no action to ask about.
    """
    if kind not in FORM_KINDS:
        raise UnknownNameError(f"No form {kind!r}; there are {', '.join(FORM_KINDS)}.")
    if not actions:
        raise UnknownNameError("No action to ask about. Name an edition that has actions.")
    asked = {one.section_id for one in actions}
    of_actions = tuple(
        FormSection(one.section_id, titled(one.section_id, one))
        for one in sections
        if one.section_id in asked
    )
    if kind == "national":
        head = _national_sections()
        questions = (
            *general_questions(),
            *species_questions(),
            *population_questions(),
            *national_action_questions(actions),
        )
    else:
        head = _project_sections()
        questions = (*project_questions(), *project_action_questions(actions))
    return Questionnaire(
        cycle_id=cycle_id,
        title=title,
        kind=kind,
        edition_id=actions[0].edition_id,
        opens=opens,
        due=due,
        sections=(*head, *of_actions),
        questions=questions,
    )


def standard_reporter(iso3: str, on: date) -> Reporter:
    """Return a range state as a reporter: its species and populations on record, and its standing.

    Populations are those for which the package has an estimate; a cycle may name others.

    Raises
    ------
    UnknownNameError
        If it is none of the 14 range states.

    Examples
    --------
    >>> kazakhstan = standard_reporter("KAZ", date(2026, 1, 1))
    >>> "saiga" in kazakhstan.species, "Ural" in kazakhstan.populations["saiga"]
    (True, True)
    """
    standing = party_status(iso3, on)
    here = presence()
    rows = here[(here["iso3"] == iso3) & (here["status"] != "extinct")]
    known = populations()
    named = known[(known["iso3"] == iso3) & known["population"].notna()]
    by_species = {
        str(species_id): tuple(dict.fromkeys(str(name) for name in group["population"]))
        for species_id, group in named.groupby("species_id", sort=False)
    }
    return Reporter(
        reporter_id=iso3,
        party=standing.status == "party",
        species=tuple(str(one) for one in rows["species_id"]),
        populations=by_species,
    )


def _national_sections() -> tuple[FormSection, ...]:
    return (
        FormSection(
            GENERAL,
            told(N_("The report and who files it")),
            told(N_("Answer these first: they stand on the first page of the review.")),
        ),
        FormSection(
            SPECIES,
            told(N_("Species that live here")),
            told(N_("For each species that lives in your country, as far as you know.")),
        ),
        FormSection(
            POPULATIONS,
            told(N_("Populations")),
            told(N_("For each population that is surveyed on its own.")),
        ),
    )


def _project_sections() -> tuple[FormSection, ...]:
    return (
        FormSection(
            GENERAL,
            told(N_("The project and who reports it")),
            told(N_("One form for each project. Leave actions out that it does not serve.")),
        ),
    )
