"""Cycles and reports for the web tests; each argument is what the test is about."""

from datetime import date
from functools import cache
from typing import Any

from kulan.programme.reporting import (
    Choice,
    Condition,
    FormSection,
    Question,
    Questionnaire,
    Told,
)
from kulan.web.jobs.models import Job
from kulan.web.people.models import Organisation
from kulan.web.programme.reporting.models import Cycle, Filing, GivenAnswer
from kulan.web.programme.reporting.stored import keep_progress, keep_questionnaire

SECRET = "The rangers are paid from a fund nobody knows of"
"""What only the people of Mongolia and the secretariat may read before the report is accepted."""
FOR_GOVERNMENTS = "Talks on the border begin in May"
FOR_PARTNERS = "The station is short of staff"
FOR_EVERYONE = "Two gates were opened in the fence"


@cache
def _small(kind: str) -> Questionnaire:
    trend = (Choice("up", Told("Up")), Choice("down", Told("Down")))
    questions: tuple[Question, ...] = (
        Question("general/done", "general", Told("What was done?"), required=True, tags=("cites",)),
        Question("general/staff", "general", Told("Enough staff?"), readers="partners"),
        Question("general/talks", "general", Told("Which talks?"), readers="government"),
        Question("general/body", "general", Told("Is there a body?"), "yes_no"),
        Question(
            "general/which", "general", Told("Which body?"),
            depends_on=Condition("general/body", ("yes",)),
        ),
        Question("general/laws", "general", Told("Which laws?"), "references", tags=("cms",)),
        Question("species/trend", "species", Told("Trend?"), "choice", choices=trend,
                 loop="species", tags=("mou:saiga",)),
        Question("species/count", "species", Told("How many?"), "number", loop="population",
                 at_least=0.0),
    )  # fmt: skip
    if kind == "project":
        questions = questions[:1]
    used = {one.section for one in questions}
    sections = (FormSection("general", Told("General")), FormSection("species", Told("Species")))
    return Questionnaire(
        cycle_id=f"small-{kind}",
        title=Told("Small"),
        kind=kind,
        edition_id="cami-2021",
        opens=date(2026, 1, 1),
        due=date(2999, 1, 1),
        sections=tuple(one for one in sections if one.section_id in used),
        questions=questions,
    )


def make_cycle(cycle_id: str = "small", *, stage: str = "open", **fields: Any) -> Cycle:
    """Make a cycle with a few questions, open unless the test says else."""
    cycle = Cycle.objects.create(
        cycle_id=cycle_id,
        stage=stage,
        **{
            "title": {"en": f"Cycle {cycle_id}"},
            "edition_id": "cami-2021",
            "opens": date(2026, 1, 1),
            "due": date(2999, 1, 1),
            **fields,
        },
    )
    for kind in ("national", "project"):
        keep_questionnaire(cycle, _small(kind))
    return cycle


def make_report(
    cycle: Cycle, iso3: str = "MNG", *, answers: dict[str, Any] | None = None, **fields: Any
) -> Filing:
    """Make the report of a state, in progress and without answers unless the test says else."""
    filing = Filing.objects.create(
        cycle=cycle,
        kind="national",
        iso3=iso3,
        **{
            "party": iso3 != "CHN",
            "species": ["saiga"],
            "populations": {"saiga": ["Mongolia"]},
            "state": "in_progress",
            **fields,
        },
    )
    _put(filing, answers or {})
    return filing


def make_project_report(
    cycle: Cycle, house: Organisation, project: str = "", **fields: Any
) -> Filing:
    """Make the report of an organisation, in progress unless the test says else."""
    answers = fields.pop("answers", {})
    filing = Filing.objects.create(
        cycle=cycle,
        kind="project",
        organisation=house,
        project=project,
        **{"state": "in_progress", **fields},
    )
    _put(filing, answers)
    return filing


def _put(filing: Filing, answers: dict[str, Any]) -> None:
    for place, value in answers.items():
        question_id, _, subject = place.partition(" ")
        told = value if isinstance(value, dict) else {"value": value}
        GivenAnswer.objects.create(filing=filing, question_id=question_id, subject=subject, **told)
    keep_progress(filing)


READ_BY_AUDIENCE = {
    "general/done": FOR_EVERYONE,
    "general/staff": FOR_PARTNERS,
    "general/talks": FOR_GOVERNMENTS,
}


def cycle_things(people: dict[str, Any]) -> dict[str, str]:
    """Make what addresses about cycles name; return their names in addresses, by ours.

    Dmitri's society reports a project; Aigul was asked to answer a section for Mongolia.
    """
    cycle, draft = make_cycle(), make_cycle("drafted", stage="draft")
    mongolia = make_report(cycle, answers={"general/done": SECRET})
    accepted = make_report(
        cycle,
        "KGZ",
        state="accepted",
        accepted_at="2026-02-01T00:00:00Z",
        answers=READ_BY_AUDIENCE,
    )
    project = make_project_report(cycle, people["dmitri"].organisation, "Corridors")
    given = mongolia.delegations.create(person=people["aigul"], sections=["species"])
    submitted = make_report(cycle, "KAZ", state="submitted", answers={"general/done": SECRET})
    form = {"question_id": "general/staff", "value": "A form", "revision": 1}
    sent = mongolia.uploads.create(
        file_name="form.xlsx", by=people["aigul"], theirs=[form], base=[]
    )
    asked = {"what": "cycle", "name": "small", "ending": "pdf", "language": "en"}
    job = Job.objects.create(kind="report_file", payload=asked, by=people["bat"])
    remark = submitted.remarks.create(question_id="general/done", text="Say more.")
    return {
        "cycle": cycle.cycle_id,
        "drafted cycle": draft.cycle_id,
        "mongolia's report": str(mongolia.uid),
        "accepted report": str(accepted.uid),
        "submitted report": str(submitted.uid),
        "project's report": str(project.uid),
        "delegation": str(given.pk),
        "remark": str(remark.pk),
        "job of a file": str(job.uid),
        "form sent back": str(sent.pk),
    }
