"""Reports and whole cycles as files, each with what its reader may read and no more."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from django.utils.text import slugify

from kulan.exchange.safe_cells import write_csv, write_xlsx
from kulan.programme.reporting import (
    Answer,
    Questionnaire,
    questionnaire_as_data,
    report_as_data,
)
from kulan.web.events.record import record
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.letters import name_of
from kulan.web.programme.reporting.models import Cycle, Filing
from kulan.web.programme.reporting.permissions import (
    parts_in,
    reads_question,
    reports_given_to,
    visible_filings,
)
from kulan.web.programme.reporting.stored import (
    answers_by_filing,
    questionnaires_of,
    report_of,
)
from kulan.web.programme.reporting.telling import subject_told, value_told
from kulan.words import Words

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Made:
    """A file: its content, media type and name."""

    body: bytes
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Read:
    """One report as a reader may read it."""

    filing: Filing
    questionnaire: Questionnaire
    answers: tuple[Answer, ...]


def report_file(viewer: Viewer, filing: Filing, ending: str, words: Words) -> Made:
    """Return one report as a file."""
    read = _read(viewer, [filing])
    who = filing.iso3 or slugify(name_of(filing, words)) or "report"
    record("report_exported", filing, by=viewer, format=ending)
    return _made(read, f"{filing.cycle.cycle_id}-{who}", ending, words)


def cycle_file(viewer: Viewer, cycle: Cycle, ending: str, words: Words) -> Made:
    """Return all reports of a cycle that exist for the viewer as a file."""
    filings = list(visible_filings(viewer).filter(cycle=cycle))
    record("cycle_exported", cycle, by=viewer, format=ending, reports=len(filings))
    return _made(_read(viewer, filings), cycle.cycle_id, ending, words)


def cycle_endings(words: Words) -> list[tuple[str, str]]:
    """Return the files of a cycle with their names."""
    names = {
        "pdf": words.say("Review document (PDF)"),
        "docx": words.say("Review document (DOCX)"),
        "zip": words.say("Data package (ZIP)"),
    }
    return [(one, names.get(one, one.upper())) for one in CYCLE_FILES]


def _read(viewer: Viewer, filings: Iterable[Filing]) -> list[Read]:
    """Return the answers of reports that the viewer reads, in two queries for all of them."""
    rows = list(filings)
    answers, given = answers_by_filing(rows), reports_given_to(viewer)
    asked: dict[int, dict[str, Questionnaire]] = {}
    found = []
    for filing in rows:
        if filing.cycle_id not in asked:
            asked[filing.cycle_id] = questionnaires_of(filing.cycle)
        whole = asked[filing.cycle_id][filing.kind]
        parts = parts_in(viewer, filing, given)
        questions = tuple(one for one in whole.questions if reads_question(viewer, one, parts))
        readable = {one.question_id for one in questions}
        mine = tuple(
            one if parts else replace(one, by="")
            for one in answers[filing.pk]
            if one.question_id in readable and (parts or one.counts)
        )
        found.append(Read(filing, replace(whole, questions=questions), mine))
    return found


def _made(read: list[Read], name: str, ending: str, words: Words) -> Made:
    body, kind = _WRITERS[ending](read, words)
    return Made(body, kind, f"{name}.{ending}")


def _as_json(read: list[Read], words: Words) -> tuple[bytes, str]:
    """Write questions and answers as `kulan.programme.reporting` reads them back."""
    forms: dict[str, Any] = {}
    reports = []
    for one in read:
        forms.setdefault(one.questionnaire.cycle_id, questionnaire_as_data(one.questionnaire))
        told = report_as_data(report_of(one.filing, one.answers))
        reports.append({**told, "name": name_of(one.filing, words), "party": one.filing.party})
    data = {"questionnaires": list(forms.values()), "reports": reports}
    body = json.dumps(data, ensure_ascii=False, indent=1).encode()
    return body, "application/json"


def _table(read: list[Read], words: Words) -> pd.DataFrame:
    """Return the answers as a table, one row for each, in the reader's words."""
    rows = []
    for one in read:
        order = {q.question_id: (n, q) for n, q in enumerate(one.questionnaire.questions)}
        known = [answer for answer in one.answers if answer.question_id in order]
        who = name_of(one.filing, words)
        for answer in sorted(known, key=lambda a: (order[a.question_id][0], a.subject)):
            question = order[answer.question_id][1]
            told = value_told(question, answer.value, words)
            rows.append({
                "cycle": one.filing.cycle.cycle_id,
                "reporter": one.filing.iso3 or who,
                "name": who,
                "state": one.filing.state,
                "section": question.section,
                "action": question.action_key,
                "question_id": question.question_id,
                "question": question.words.tell(words.language),
                "subject": answer.subject,
                "about": subject_told(answer.subject, words),
                "answer": "" if told == "–" else told,
                "note": answer.note,
                "confirmed": answer.confirmed,
                "tags": ", ".join(question.tags),
            })  # fmt: skip
    return pd.DataFrame(rows, columns=list(_COLUMNS))


_COLUMNS = (
    "cycle", "reporter", "name", "state", "section", "action", "question_id", "question", "subject",
    "about", "answer", "note", "confirmed", "tags",
)  # fmt: skip


def _as_csv(read: list[Read], words: Words) -> tuple[bytes, str]:
    return write_csv(_table(read, words)), "text/csv; charset=utf-8"


def _as_xlsx(read: list[Read], words: Words) -> tuple[bytes, str]:
    return write_xlsx(_table(read, words), "Answers"), _XLSX


Writer = Callable[[list[Read], Words], tuple[bytes, str]]

_WRITERS: dict[str, Writer] = {"xlsx": _as_xlsx, "csv": _as_csv, "json": _as_json}

REPORT_FILES = ("xlsx", "csv", "json")
CYCLE_FILES = ("xlsx", "csv", "json")
