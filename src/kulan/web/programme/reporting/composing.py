"""What the secretariat does before a cycle opens, and what ends it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction

from kulan.errors import InvalidTableError, NotAllowedNowError
from kulan.programme import party_status
from kulan.programme.reporting import FormSection, Question, Questionnaire, Told, told
from kulan.programme.reporting.standard import standard_reporter
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.people.models import Organisation
from kulan.web.people.scopes import states
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.models import Cycle, Filing
from kulan.web.programme.reporting.permissions import check_runs_cycles
from kulan.web.programme.reporting.standards import offered_in, standard_of
from kulan.web.programme.reporting.stored import keep_questionnaire, questionnaires_of
from kulan.words import N_

KINDS = ("national", "project")
OWN = "own"
"""Section of the cycle's own questions, and how their names begin."""


def begin_cycle(
    viewer: Viewer, cycle_id: str, title: Told, *, edition_id: str, opens: date, due: date
) -> Cycle:
    """Begin a cycle with the standard questions, all states, and no organisation.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If there is a cycle of that name, or the deadline lies before the opening day.
    """
    check_runs_cycles(viewer)
    say = current_words().say
    if due < opens:
        raise NotAllowedNowError(say("The deadline lies before the first day."))
    if Cycle.objects.filter(cycle_id=cycle_id).exists():
        raise NotAllowedNowError(say("There is a cycle of this name already."))
    with transaction.atomic():
        cycle = Cycle.objects.create(
            cycle_id=cycle_id,
            title=title.as_data(),
            edition_id=edition_id,
            opens=opens,
            due=due,
            made_by_id=viewer.user_id,
        )
        for kind in KINDS:
            standard = standard_of(edition_id, kind)
            keep_questionnaire(cycle, _of_cycle(standard, cycle))
        _put_states(cycle, states())
        record("cycle_begun", cycle, by=viewer)
    return cycle


def set_dates(viewer: Viewer, cycle: Cycle, *, title: Told, opens: date, due: date) -> None:
    """Set title and days of a cycle; of one that is open, the deadline alone.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If the cycle is locked, or the days contradict each other.
    """
    check_runs_cycles(viewer)
    say = current_words().say
    if cycle.stage == Cycle.Stage.LOCKED:
        raise NotAllowedNowError(say("The cycle is locked."))
    if cycle.stage == Cycle.Stage.OPEN:
        opens = cycle.opens
    if due < opens:
        raise NotAllowedNowError(say("The deadline lies before the first day."))
    with transaction.atomic():
        cycle.title, cycle.opens, cycle.due = title.as_data(), opens, due
        cycle.save(update_fields=["title", "opens", "due"])
        for questionnaire in questionnaires_of(cycle).values():
            keep_questionnaire(cycle, _of_cycle(questionnaire, cycle))
        record("cycle_dates_set", cycle, by=viewer, due=due.isoformat())


def choose_sections(viewer: Viewer, cycle: Cycle, kind: str, chosen: Collection[str]) -> None:
    """Ask about these sections and no others; what is asked in a section that stays, stays.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If the cycle is no draft, or nothing would be asked.
    """
    now = _draft_form(viewer, cycle, kind)
    standard = standard_of(cycle.edition_id, kind)
    present = {one.section_id for one in now.sections}
    questions: list[Question] = []
    for section in standard.sections:
        if section.section_id in chosen:
            source = now if section.section_id in present else standard
            questions += source.in_section(section.section_id)
    questions += now.in_section(OWN)
    _keep(viewer, cycle, now, questions)


def choose_questions(
    viewer: Viewer,
    cycle: Cycle,
    kind: str,
    section_id: str,
    chosen: Mapping[str, tuple[str, bool]],
) -> int:
    """Ask these questions of a section and no others; return how many fell with their condition.

    Parameters
    ----------
    viewer, cycle, kind, section_id
        Who chooses, and where.
    chosen
        Question to who reads its answer, and whether it is required.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If the cycle is no draft, or nothing would be asked.
    """
    now = _draft_form(viewer, cycle, kind)
    kept = [
        replace(one, readers=chosen[one.question_id][0], required=chosen[one.question_id][1])
        for one in offered_in(now, section_id)
        if one.question_id in chosen
    ]
    order = [one.section_id for one in standard_of(cycle.edition_id, kind).sections] + [OWN]
    questions: list[Question] = []
    for other in order:
        questions += kept if other == section_id else now.in_section(other)
    return _keep(viewer, cycle, now, questions)


def add_question(viewer: Viewer, cycle: Cycle, kind: str, question: Question) -> Question:
    """Add a question of the cycle's own; its name is given here.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If the cycle is no draft.
    InvalidTableError
        If nobody could answer it.
    """
    now = _draft_form(viewer, cycle, kind)
    numbers = [int(one.question_id.rpartition("/")[2]) for one in now.in_section(OWN)]
    name = f"{OWN}/{max(numbers, default=0) + 1}"
    made = replace(question, question_id=name, section=OWN)
    _keep(viewer, cycle, now, [*now.questions, made])
    return made


def choose_reporters(
    viewer: Viewer, cycle: Cycle, iso3s: Collection[str], houses: Iterable[Organisation]
) -> None:
    """Say which states and organisations report.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If the cycle is no draft.
    """
    check_runs_cycles(viewer)
    _check_draft(cycle)
    with transaction.atomic():
        cycle.filings.filter(kind="national").exclude(iso3__in=iso3s).delete()
        there = set(cycle.filings.filter(kind="national").values_list("iso3", flat=True))
        _put_states(cycle, [one for one in states() if one in iso3s and one not in there])
        wanted = {one.pk: one for one in houses}
        cycle.filings.filter(kind="project").exclude(organisation__in=list(wanted)).delete()
        held = cycle.filings.filter(kind="project").values_list("organisation_id", flat=True)
        for key in set(wanted) - set(held):
            Filing.objects.create(cycle=cycle, kind="project", organisation=wanted[key])
        record("cycle_reporters_set", cycle, by=viewer, states=len(iso3s), others=len(wanted))


def drop_cycle(viewer: Viewer, cycle: Cycle) -> None:
    """Take away a cycle that was never opened.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If the cycle is no draft.
    """
    check_runs_cycles(viewer)
    _check_draft(cycle)
    with transaction.atomic():
        record("cycle_dropped", cycle, by=viewer)
        cycle.delete()


def standing(iso3: str, on: date) -> bool:
    """Whether a state is a Party to CMS on a day."""
    return party_status(iso3, on).status == "party"


def _put_states(cycle: Cycle, iso3s: Iterable[str]) -> None:
    for iso3 in iso3s:
        asked = standard_reporter(iso3, cycle.opens)
        Filing.objects.create(
            cycle=cycle,
            kind="national",
            iso3=iso3,
            party=asked.party,
            species=list(asked.species),
            populations={key: list(names) for key, names in asked.populations.items()},
        )


def _draft_form(viewer: Viewer, cycle: Cycle, kind: str) -> Questionnaire:
    check_runs_cycles(viewer)
    _check_draft(cycle)
    return questionnaires_of(cycle)[kind]


def _check_draft(cycle: Cycle) -> None:
    if cycle.stage != Cycle.Stage.DRAFT:
        raise NotAllowedNowError(
            current_words().say("The cycle is open: what it asks, and of whom, changes no more.")
        )


def _keep(viewer: Viewer, cycle: Cycle, now: Questionnaire, questions: Iterable[Question]) -> int:
    """Write the questions of a form without those whose condition nobody is asked any more."""
    kept = list(questions)
    fallen = 0
    while True:
        names = {one.question_id for one in kept}
        holding = [
            one for one in kept if one.depends_on is None or one.depends_on.question_id in names
        ]
        if len(holding) == len(kept):
            break
        fallen, kept = fallen + len(kept) - len(holding), holding
    if not kept:
        raise InvalidTableError(current_words().say("A form without any question asks nothing."))
    used = {one.section for one in kept}
    known = standard_of(cycle.edition_id, now.kind).sections
    own = (FormSection(OWN, told(N_("More questions of this cycle"))),)
    sections = tuple(one for one in (*known, *own) if one.section_id in used)
    with transaction.atomic():
        made = replace(now, sections=sections, questions=tuple(kept))
        keep_questionnaire(cycle, _of_cycle(made, cycle))
        record("cycle_questions_set", cycle, by=viewer, form=now.kind, questions=len(kept))
    return fallen


def _of_cycle(questionnaire: Questionnaire, cycle: Cycle) -> Questionnaire:
    return replace(
        questionnaire,
        cycle_id=f"{cycle.cycle_id}-{questionnaire.kind}",
        title=Told(**{"en": "", **cycle.title}),
        opens=cycle.opens,
        due=cycle.due,
    )
