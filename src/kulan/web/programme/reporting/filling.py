"""Answering: nothing that somebody else wrote meanwhile is overwritten silently."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from kulan.errors import UnknownNameError
from kulan.programme.reporting import (
    Answer,
    Conflict,
    Key,
    Question,
    Slot,
    asked_now,
    check_answer,
    confirmed,
    is_blank,
    merge,
    slots,
)
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.models import Filing, GivenAnswer
from kulan.web.programme.reporting.permissions import check_may_write, parts_in
from kulan.web.programme.reporting.stored import (
    answers_of,
    columns_of,
    keep_progress,
    locked,
    questionnaire_of,
    reporter_of,
    row_of,
)
from kulan.web.programme.reporting.workflow import move


@dataclass(frozen=True, slots=True)
class Given:
    """What became of an answer.

    Attributes
    ----------
    answer
        What stands now.
    conflicts
        Fields that somebody else changed differently meanwhile; of them nothing was written.
    shown
        Whether the answer changes which questions are asked.
    """

    answer: Answer
    conflicts: tuple[Conflict, ...] = ()
    shown: bool = False


def slot_of(filing: Filing, key: Key) -> Slot:
    """Return a place for an answer that the report has.

    Raises
    ------
    UnknownNameError
        If nothing of that name is asked of this reporter.
    """
    questionnaire = questionnaire_of(filing.cycle, filing.kind)
    for slot in slots(questionnaire, reporter_of(filing)):
        if slot.key == key:
            return slot
    raise UnknownNameError(current_words().say("This report asks no such question."))


def give_answer(viewer: Viewer, filing: Filing, seen: Answer, given: Answer) -> Given:
    """Write what a person answered, unless another person has changed the same meanwhile.

    Parameters
    ----------
    viewer, filing
        Who answers, in which report.
    seen
        The answer as it stood when the person began, with its revision.
    given
        The answer as the person leaves it.

    Raises
    ------
    UnknownNameError
        If the question is not asked of this reporter.
    AccessDeniedError
        If the section is not the viewer's.
    InvalidAnswerError
        If the answer does not fit its question.
    NotAllowedNowError
        If the report is not open.
    """
    slot = slot_of(filing, given.key)
    check_may_write(viewer, filing, slot.question.section)
    check_answer(slot.question, given, current_words())
    with transaction.atomic():
        filing = locked(filing)
        check_may_write(viewer, filing, slot.question.section)
        there = answers_of(filing)
        here = there.get(given.key, Answer(*given.key, revision=0, confirmed=True))
        base = here if seen.revision == here.revision else seen
        joined = merge([base], [given], [here])
        if joined.conflicts:
            return Given(here, joined.conflicts)
        made = next((one for one in joined.answers if one.key == given.key), here)
        if _same(made, here):
            return Given(here)
        made = _write(viewer, filing, here, made)
        after = {**there, made.key: made}
        move(viewer, filing, "answer", parts_in(viewer, filing))
        keep_progress(filing, after)
        record_answered(viewer, filing, made)
    return Given(made, shown=_leads_on(filing, slot.question))


def confirm(viewer: Viewer, filing: Filing, keys: Iterable[Key]) -> int:
    """Stand behind suggested answers; return behind how many.

    Raises
    ------
    AccessDeniedError
        If the section of one of them is not the viewer's.
    NotAllowedNowError
        If the report is not open.
    """
    wanted = set(keys)
    with transaction.atomic():
        filing = locked(filing)
        there = answers_of(filing)
        questionnaire = questionnaire_of(filing.cycle, filing.kind)
        done = 0
        for slot in asked_now(questionnaire, reporter_of(filing), dict(there)):
            here = there.get(slot.key)
            if slot.key not in wanted or here is None or here.confirmed or is_blank(here.value):
                continue
            check_may_write(viewer, filing, slot.question.section)
            made = confirmed(here, by=viewer.name, at=timezone.now())
            there[slot.key] = _write(viewer, filing, here, made)
            record_answered(viewer, filing, made)
            done += 1
        if done:
            move(viewer, filing, "answer", parts_in(viewer, filing))
            keep_progress(filing, there)
    return done


def write_all(viewer: Viewer, filing: Filing, fresh: Iterable[Answer]) -> int:
    """Write those of many answers that differ from what stands; return how many did.

    The caller has locked the report, and has decided every conflict.
    """
    there = answers_of(filing)
    done = 0
    for made in fresh:
        here = there.get(made.key, Answer(*made.key, revision=0))
        if _same(made, here):
            continue
        there[made.key] = _write(viewer, filing, here, made)
        record_answered(viewer, filing, there[made.key])
        done += 1
    if done:
        move(viewer, filing, "answer", parts_in(viewer, filing))
        keep_progress(filing, there)
    return done


def record_answered(viewer: Viewer, filing: Filing, made: Answer) -> None:
    """Write one event; it names the question, and nothing of the answer."""
    told = {"question": made.question_id, "about": made.subject, "revision": made.revision}
    record("report_answered", filing, by=viewer, **told)


def _same(one: Answer, other: Answer) -> bool:
    return columns_of(one) == columns_of(other)


def _write(viewer: Viewer, filing: Filing, here: Answer, made: Answer) -> Answer:
    """Write one answer over the revision that was read."""
    made = replace(made, by=viewer.name, at=timezone.now(), revision=here.revision + 1)
    if here.revision == 0:
        row_of(filing, made, viewer.user_id).save(force_insert=True)
        return made
    GivenAnswer.objects.filter(
        filing=filing,
        question_id=made.question_id,
        subject=made.subject,
        revision=here.revision,
    ).update(**columns_of(made), by_id=viewer.user_id, at=made.at, revision=made.revision)
    return made


def _leads_on(filing: Filing, question: Question) -> bool:
    """Whether another question is asked depending on this one's answer."""
    return any(
        one.depends_on is not None and one.depends_on.question_id == question.question_id
        for one in questionnaire_of(filing.cycle, filing.kind).questions
    )
