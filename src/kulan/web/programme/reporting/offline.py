"""Forms filled without a connection: made, sent back, joined; every conflict a person decides."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.exchange.reporting_forms import FormReading, read_form, write_form
from kulan.programme.reporting import (
    Answer,
    Decision,
    Key,
    Merged,
    answer_as_data,
    answer_from_data,
    by_key,
    decided,
    merge,
    revision_of,
)
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.filling import write_all
from kulan.web.programme.reporting.models import Filing, Upload
from kulan.web.programme.reporting.permissions import may_write, parts_in
from kulan.web.programme.reporting.readers import reading_of
from kulan.web.programme.reporting.stored import (
    answers_of,
    locked,
    questionnaire_of,
    reporter_of,
)
from kulan.words import Words

Place = tuple[str, str, Literal["value", "note"]]


def form_of(viewer: Viewer, filing: Filing, words: Words) -> bytes:
    """Return the form of a report as a workbook, with what the viewer reads of it now."""
    reading, whole = reading_of(viewer, filing), questionnaire_of(filing.cycle, filing.kind)
    questionnaire = reading.asked(whole)
    answers = reading.answers(whole, answers_of(filing).values()).values()
    made = write_form(questionnaire, reporter_of(filing), answers, words, key=_key())
    record("report_form_made", filing, by=viewer)
    return made


def take_form(viewer: Viewer, filing: Filing, content: bytes, name: str) -> Upload:
    """Take a form that was filled; without a conflict it is joined at once, else it waits.

    Raises
    ------
    InvalidFormError
        If it is no form of this report.
    NotAllowedNowError
        If the report is not open.
    """
    words = current_words()
    questionnaire = questionnaire_of(filing.cycle, filing.kind)
    read = read_form(
        content,
        questionnaire,
        filing.reporter_id,
        words,
        by=viewer.name,
        at=timezone.now(),
        key=_key(),
        name=name,
    )
    theirs, problems = _allowed(viewer, filing, read)
    with transaction.atomic():
        fresh = locked(filing)
        upload = Upload.objects.create(
            filing=fresh,
            file_name=name[:200],
            sha256=hashlib.sha256(content).hexdigest(),
            # names of people stay in one place, with the answers
            base=[answer_as_data(replace(one, by="")) for one in read.base],
            theirs=[answer_as_data(replace(one, by="")) for one in theirs],
            problems=problems,
            by_id=viewer.user_id,
        )
        record("report_form_sent", fresh, by=viewer, changed=len(read.changed))
        if not merged_of(viewer, upload).conflicts:
            _join(viewer, upload, {})
    return upload


def merged_of(viewer: Viewer, upload: Upload) -> Merged:
    """Return a form joined with what stands now, in the sections the viewer may write still."""
    filing = upload.filing
    asked = {one.question_id: one for one in questionnaire_of(filing.cycle, filing.kind).questions}
    may = _may_write(viewer, filing)
    base, theirs = (
        [
            one
            for one in map(answer_from_data, rows)
            if one.question_id not in asked or may[asked[one.question_id].section]
        ]
        for rows in (upload.base, upload.theirs)
    )
    return merge(base, theirs, answers_of(filing).values())


def standing(merged: Merged) -> str:
    """Return a mark of what stands here in the fields in conflict, for the page to send back."""
    ours = by_key(merged.answers)
    return revision_of(ours[one.key] for one in merged.conflicts if one.key in ours)


def decide(
    viewer: Viewer, upload: Upload, decisions: Mapping[Place, Decision], *, seen: str
) -> None:
    """Join a form as a person decided of each conflict.

    Raises
    ------
    NotAllowedNowError
        If the form was decided already, or what stands has changed since the person looked.
    InvalidAnswerError
        If a conflict is not decided.
    """
    with transaction.atomic():
        upload.filing = locked(upload.filing)
        _check_waiting(upload)
        if standing(merged_of(viewer, upload)) != seen:
            raise NotAllowedNowError(
                current_words().say(
                    "The answers have changed since you looked. Load the page again and decide."
                )
            )
        _join(viewer, upload, decisions)


def drop(viewer: Viewer, upload: Upload) -> None:
    """Leave a form: nothing of it is taken.

    Raises
    ------
    NotAllowedNowError
        If it was decided already.
    """
    with transaction.atomic():
        _check_waiting(upload)
        _end(upload, Upload.State.DROPPED)
        record("report_form_dropped", upload.filing, by=viewer)


def _join(viewer: Viewer, upload: Upload, decisions: Mapping[Place, Decision]) -> None:
    merged = merged_of(viewer, upload)
    answers = decided(merged, decisions, by=viewer.name, at=timezone.now())
    done = write_all(viewer, upload.filing, answers)
    _end(upload, Upload.State.TAKEN)
    record("report_form_taken", upload.filing, by=viewer, answers=done)


def _check_waiting(upload: Upload) -> None:
    if not Upload.objects.filter(pk=upload.pk, state=Upload.State.WAITING).exists():
        raise NotAllowedNowError(current_words().say("This form was decided already."))


def _end(upload: Upload, state: str) -> None:
    """Close a form. What was in it lies in the answers now: it is not kept twice."""
    upload.state, upload.ended_at = state, timezone.now()
    upload.base, upload.theirs = [], []
    upload.save(update_fields=["state", "ended_at", "base", "theirs"])


def _allowed(
    viewer: Viewer, filing: Filing, read: FormReading
) -> tuple[list[Answer], list[dict[str, Any]]]:
    """Return the answers that this person may give; others stand as in the form's base."""
    questionnaire = questionnaire_of(filing.cycle, filing.kind)
    sections = {one.question_id: one.section for one in questionnaire.questions}
    may = _may_write(viewer, filing)
    if not any(may.values()):
        raise NotAllowedNowError(current_words().say("The report is not open for your answers."))
    base: dict[Key, Answer] = by_key(read.base)
    problems = [
        {
            "sheet": one.sheet,
            "row": one.row,
            "question": one.question_id,
            "typed": one.typed,
            "reason": one.reason,
        }
        for one in read.not_understood
    ]
    theirs = []
    for answer in read.answers:
        mine = may.get(sections.get(answer.question_id, ""), False)
        if mine or answer.key not in read.changed:
            theirs.append(answer)
            continue
        if answer.key in base:
            theirs.append(base[answer.key])
        problems.append({
            "sheet": "",
            "row": 0,
            "question": answer.question_id,
            "typed": str(answer.value or answer.note)[:200],
            "reason": current_words().say("This section is not yours to answer."),
        })  # fmt: skip
    return theirs, problems


def _may_write(viewer: Viewer, filing: Filing) -> dict[str, bool]:
    """Return whether the viewer may answer in each section of a report."""
    parts = parts_in(viewer, filing)
    sections = questionnaire_of(filing.cycle, filing.kind).sections
    return {one.section_id: may_write(viewer, filing, one.section_id, parts) for one in sections}


def _key() -> bytes:
    """Return the secret with which this server signs its forms."""
    return hashlib.sha256(b"kulan reporting form " + settings.SECRET_KEY.encode()).digest()
