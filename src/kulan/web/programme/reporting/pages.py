"""What the pages of cycles and reports show."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from kulan.programme import state_name
from kulan.programme.reporting import (
    Answer,
    Completeness,
    Key,
    Question,
    Slot,
    asked_now,
    is_blank,
)
from kulan.programme.reporting.workflow import STATE_NAMES
from kulan.web.people.scopes import states
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.composing import standing
from kulan.web.programme.reporting.letters import name_of, title_of
from kulan.web.programme.reporting.models import Cycle, Filing
from kulan.web.programme.reporting.permissions import (
    FILED,
    may_write,
    own_filings,
    parts_in,
    runs_cycles,
    visible_cycles,
    visible_filings,
)
from kulan.web.programme.reporting.readers import Reading, reading_of
from kulan.web.programme.reporting.stored import answers_of, questionnaire_of, reporter_of
from kulan.web.programme.reporting.telling import (
    BADGES,
    Field,
    field_of,
    state_told,
    subject_told,
)
from kulan.words import Words

_STAGES = {"draft": "", "open": "badge-accent", "locked": "badge-good"}


@dataclass(frozen=True, slots=True)
class CycleLine:
    """A cycle in a list."""

    cycle: Cycle
    title: str
    stage: str
    badge: str
    opens: str
    due: str
    overdue: bool
    reports: int
    accepted: int


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report in a list."""

    filing: Filing
    name: str
    state: str
    badge: str
    standing: str
    share: int
    late: bool


def stage_told(cycle: Cycle, words: Words) -> str:
    """Return where a cycle is, in words."""
    names = {
        "draft": words.say("Being composed"),
        "open": words.say("Open for reports"),
        "locked": words.say("Locked"),
    }
    return names[cycle.stage]


def cycle_line(cycle: Cycle, words: Words) -> CycleLine:
    """Return a cycle as lists show it; counts are those its query brought along."""
    return CycleLine(
        cycle=cycle,
        title=title_of(cycle, words),
        stage=stage_told(cycle, words),
        badge=_STAGES[cycle.stage],
        opens=words.day(cycle.opens),
        due=words.day(cycle.due),
        overdue=cycle.stage == Cycle.Stage.OPEN and cycle.due < timezone.localdate(),
        reports=getattr(cycle, "reports", 0),
        accepted=getattr(cycle, "accepted", 0),
    )


def cycle_lines(viewer: Viewer, words: Words) -> list[CycleLine]:
    """Return the cycles that the viewer may know of, the latest first."""
    accepted = Q(filings__state__in=FILED, filings__accepted_at__isnull=False)
    rows = visible_cycles(viewer).annotate(
        reports=Count("filings"), accepted=Count("filings", filter=accepted)
    )
    return [cycle_line(one, words) for one in rows]


def own_lines(viewer: Viewer, words: Words) -> list[tuple[str, ReportLine]]:
    """Return the reports of open cycles that the viewer writes, with the cycle's title."""
    rows = own_filings(viewer).filter(cycle__stage=Cycle.Stage.OPEN).order_by("cycle__due", "pk")
    return [(title_of(one.cycle, words), report_line(one, words)) for one in rows]


def report_line(filing: Filing, words: Words) -> ReportLine:
    """Return a report as lists show it."""
    waiting = filing.state in ("open", "delegated", "in_progress", "returned")
    return ReportLine(
        filing=filing,
        name=name_of(filing, words),
        state=state_told(filing, words),
        badge=BADGES[filing.state],
        standing=standing_told(filing, words),
        share=round(100 * filing.required_answered / filing.required) if filing.required else 0,
        late=waiting and filing.cycle.due < timezone.localdate(),
    )


def standing_told(filing: Filing, words: Words) -> str:
    """Return what a state was to CMS on the day the cycle opens; of an organisation, that it is."""
    if not filing.iso3:
        return words.say("Organisation")
    return words.say("Party to CMS") if filing.party else words.say("not a Party to CMS")


def cycle_page(viewer: Viewer, cycle: Cycle, words: Words) -> dict[str, Any]:
    """Return what the page of a cycle shows: the reports that exist for the viewer."""
    rows = visible_filings(viewer).filter(cycle=cycle)
    lines = [report_line(one, words) for one in rows]
    lines.sort(key=lambda one: (one.filing.kind, one.name))
    return {
        "line": cycle_line(cycle, words),
        "cycle": cycle,
        "states": [one for one in lines if one.filing.kind == "national"],
        "projects": [one for one in lines if one.filing.kind == "project"],
        "runs": runs_cycles(viewer),
        "shows_progress": runs_cycles(viewer),
        "counts": _counts(lines, words),
    }


def _counts(lines: Iterable[ReportLine], words: Words) -> list[tuple[str, str, int]]:
    found = Counter(one.filing.state for one in lines)
    return [
        (words.say(STATE_NAMES[state]), badge, found[state])  # type: ignore[index]
        for state, badge in BADGES.items()
        if found[state]
    ]


@dataclass(slots=True)
class SectionLine:
    """A section of a report, and how far it is."""

    section_id: str
    title: str
    asked: int = 0
    answered: int = 0
    missing: int = 0
    to_confirm: int = 0
    remarks: int = 0
    mine: bool = False
    subjects: list[str] = field(default_factory=list)


def section_lines(
    viewer: Viewer,
    filing: Filing,
    words: Words,
    answers: Mapping[Key, Answer],
    remarked: Iterable[Key] = (),
) -> list[SectionLine]:
    """Return the sections of a report that have something to read for the viewer, in order."""
    reading = reading_of(viewer, filing)
    questionnaire = questionnaire_of(filing.cycle, filing.kind)
    lines = {
        one.section_id: SectionLine(one.section_id, one.title.tell(words.language))
        for one in questionnaire.sections
    }
    about = list(remarked)
    for slot in asked_of(reading, filing, answers):
        _count_slot(lines[slot.question.section], slot, answers, about)
    for line in lines.values():
        line.mine = "reporter" in reading.parts or line.section_id in reading.sections
    return [one for one in lines.values() if one.asked]


def _count_slot(
    line: SectionLine, slot: Slot, answers: Mapping[Key, Answer], about: list[Key]
) -> None:
    answer = answers.get(slot.key)
    counts = answer is not None and answer.counts
    line.asked += 1
    line.answered += counts
    line.missing += slot.question.required and not counts
    line.to_confirm += answer is not None and not answer.confirmed and not is_blank(answer.value)
    line.remarks += about.count(slot.key)
    species = slot.subject.partition(":")[0]
    if species and species not in line.subjects:
        line.subjects.append(species)


@dataclass(frozen=True, slots=True)
class Place:
    """A place for an answer on the page, with what the secretariat said about it."""

    field: Field
    remarks: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading: of one action, or about one subject."""

    title: str
    places: tuple[Place, ...]


def groups_of(
    viewer: Viewer,
    filing: Filing,
    section_id: str,
    words: Words,
    *,
    answers: Mapping[Key, Answer],
    species: str = "",
) -> list[Group]:
    """Return the questions of a section that are asked now and that the viewer reads."""
    reading = reading_of(viewer, filing)
    remarks: dict[Key, list[Any]] = {}
    if reading.works_on(section_id):
        for one in filing.remarks.select_related("by"):
            remarks.setdefault((one.question_id, one.subject), []).append(one)
    found: dict[str, list[Place]] = {}
    for slot in asked_of(reading, filing, answers):
        question = slot.question
        if question.section != section_id:
            continue
        if species and slot.subject.partition(":")[0] != species:
            continue
        answer = answers.get(slot.key, Answer(*slot.key, revision=0))
        place = Place(field_of(question, answer, words), tuple(remarks.get(slot.key, ())))
        found.setdefault(_heading(slot, words), []).append(place)
    return [Group(title, tuple(places)) for title, places in found.items()]


def _heading(slot: Slot, words: Words) -> str:
    if slot.subject:
        return subject_told(slot.subject, words)
    return slot.question.heading.tell(words.language)


def asked_of(reading: Reading, filing: Filing, answers: Mapping[Key, Answer]) -> Iterator[Slot]:
    """Yield what is asked with the answers that the viewer reads, of what the viewer reads."""
    questionnaire = reading.asked(questionnaire_of(filing.cycle, filing.kind))
    return asked_now(questionnaire, reporter_of(filing), answers)


def shown_answers(viewer: Viewer, filing: Filing) -> dict[Key, Answer]:
    """Return the answers of a report that the viewer reads."""
    questionnaire = questionnaire_of(filing.cycle, filing.kind)
    return reading_of(viewer, filing).answers(questionnaire, answers_of(filing).values())


def remarked(viewer: Viewer, filing: Filing) -> list[Key]:
    """Return what the secretariat's remarks that are not settled are about, for who works on it."""
    reading = reading_of(viewer, filing)
    if not reading.parts:
        return []
    sections = {
        one.question_id: one.section
        for one in questionnaire_of(filing.cycle, filing.kind).questions
    }
    about = filing.remarks.filter(settled_at=None).values_list("question_id", "subject")
    return [key for key in about if reading.works_on(sections.get(key[0], ""))]


def may_write_here(viewer: Viewer, filing: Filing, section_id: str) -> bool:
    """Whether the viewer may answer in this section now."""
    return may_write(viewer, filing, section_id, parts_in(viewer, filing))


def missing_told(found: Completeness, words: Words, most: int = 8) -> list[tuple[str, str]]:
    """Return the first required questions without an answer: section, and words."""
    return [(slot.question.section, _slot_told(slot, words)) for slot in found.missing[:most]]


def _slot_told(slot: Slot, words: Words) -> str:
    heading = _heading(slot, words)
    question = slot.question.words.tell(words.language)
    return f"{heading}: {question}" if heading else question


def question_line(question: Question, words: Words) -> str:
    """Return a question with the action it is about."""
    heading = question.heading.tell(words.language)
    text = question.words.tell(words.language)
    return f"{heading}: {text}" if heading else text


def states_on(day: date, words: Words) -> list[tuple[str, str, bool]]:
    """Return every range state with its name, and whether it is a Party to CMS on a day."""
    found = [(one, state_name(one, words.language), standing(one, day)) for one in states()]
    return sorted(found, key=lambda one: one[1])
