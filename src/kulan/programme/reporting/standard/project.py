"""What an organisation is asked about a project, besides the actions it serves."""

from kulan.programme.reporting.questions import Question
from kulan.programme.reporting.standard.choices import states
from kulan.programme.reporting.standard.national import asked_once, time_reported_on
from kulan.words import N_

_ALL = ("cms", "samarkand")


def project_questions() -> tuple[Question, ...]:
    """Return what is asked once of a project."""
    return (
        asked_once(
            "organisation", N_("Organisation that files the report"), required=True, tags=_ALL
        ),
        asked_once(
            "contact", N_("Contact: name and function"), required=True, readers="government"
        ),
        asked_once(
            "project", N_("Title of the project or programme of work"), required=True, tags=_ALL
        ),
        *time_reported_on(),
        asked_once(
            "states",
            N_("States in which the work took place"),
            "choices",
            choices=states(),
            required=True,
            tags=_ALL,
        ),
        asked_once("partners", N_("Partners, agencies among them")),
        *_money_and_results(),
    )


def _money_and_results() -> tuple[Question, ...]:
    return (
        asked_once(
            "budget",
            N_("Money spent in this time"),
            "number",
            at_least=0,
            unit=N_("US dollars"),
            readers="partners",
            tags=(*_ALL, "gbf:target-19"),
            carries=False,
        ),
        asked_once("donors", N_("Donors"), tags=("gbf:target-19",), readers="partners"),
        asked_once(
            "results",
            N_("What changed for the animals, or for people who live with them?"),
            required=True,
            carries=False,
            tags=_ALL,
        ),
        asked_once("lessons", N_("What should others know before they try it?"), carries=False),
    )
