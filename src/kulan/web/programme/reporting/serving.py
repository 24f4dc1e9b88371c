"""A report's answers by convention: what was said once, found for each that asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kulan.programme.reporting import answers_serving, tag_name, tags_of
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.letters import name_of, title_of
from kulan.web.programme.reporting.models import Filing
from kulan.web.programme.reporting.pages import question_line, shown_answers
from kulan.web.programme.reporting.permissions import visible_filings
from kulan.web.programme.reporting.readers import reading_of
from kulan.web.programme.reporting.stored import questionnaire_of, report_of
from kulan.web.programme.reporting.telling import state_told, subject_told, value_told
from kulan.words import Words


@dataclass(frozen=True, slots=True)
class ServingLine:
    """One answer that serves a convention."""

    question: str
    subject: str
    answer: str
    note: str


def answers_page(viewer: Viewer, words: Words, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return one report's answers that serve a tag; the reader chooses report and tag.

    Only the answers of one report are read: a state's reports of other cycles are a link away.
    """
    filings = list(visible_filings(viewer).exclude(cycle__stage="draft").order_by("-cycle__due"))
    reporters = sorted({(one.reporter_id, name_of(one, words)) for one in filings},
                       key=lambda one: one[1])  # fmt: skip
    who = asked.get("reporter", "")
    if who not in {code for code, _ in reporters}:
        who = next((one.reporter_id for one in filings), "")
    theirs = [one for one in filings if one.reporter_id == who]
    filing = next((one for one in theirs if str(one.uid) == asked.get("report")), None)
    filing = filing or (theirs[0] if theirs else None)
    found = _serving(viewer, filing, words, asked.get("tag", "")) if filing else {}
    return {
        "reporters": reporters,
        "reporter": who,
        "reports": [(str(one.uid), _report_told(one, words)) for one in theirs],
        "filing": filing,
        "tags": [],
        "tag": "",
        "lines": [],
        **found,
    }


def _report_told(filing: Filing, words: Words) -> str:
    parts = [title_of(filing.cycle, words), filing.project, state_told(filing, words)]
    return " · ".join(filter(None, parts))


def _serving(viewer: Viewer, filing: Filing, words: Words, tag: str) -> dict[str, Any]:
    asked = questionnaire_of(filing.cycle, filing.kind)
    questionnaire = reading_of(viewer, filing).asked(asked)
    tags = tags_of(questionnaire)
    chosen = tag if tag in tags else next(iter(tags), "")
    report = report_of(filing, shown_answers(viewer, filing).values())
    lines = [
        ServingLine(
            question_line(one.question, words),
            subject_told(one.answer.subject, words),
            value_told(one.question, one.answer.value, words),
            one.answer.note,
        )
        for one in answers_serving(chosen, [(questionnaire, report)])
    ]
    return {
        "tags": [(one, tag_name(one, words)) for one in tags],
        "tag": chosen,
        "lines": lines,
    }
