"""Reports and whole cycles as files, each with what its reader may read and no more.

A file is prepared first: who reads what is decided, and under which name it is kept. Only then is
it made, at once or by a worker (`kulan.web.programme.reporting.files`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from kulan.errors import NotAllowedNowError
from kulan.exchange.cycle_package import answers_json, answers_table, write_package
from kulan.exchange.safe_cells import write_csv, write_sheets, write_xlsx
from kulan.programme.reporting import (
    Answer,
    Questionnaire,
    Report,
    Told,
    told,
)
from kulan.report.programme_review import ReviewFacts, review_docx, review_pdf
from kulan.web.kept_files import key_of
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.programme.register.standing import standings
from kulan.web.programme.reporting.letters import name_of
from kulan.web.programme.reporting.models import Cycle, Filing, Form
from kulan.web.programme.reporting.permissions import (
    runs_cycles,
    sections_given_to,
    visible_filings,
)
from kulan.web.programme.reporting.readers import Reading, asked_by, reading_of
from kulan.web.programme.reporting.stored import (
    answers_by_filing,
    questionnaires_of,
    report_of,
)
from kulan.words import LANGUAGES, N_, Words, words_in

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS = {
    "pdf": "application/pdf",
    "docx": _DOCX,
    "xlsx": _XLSX,
    "languages.xlsx": _XLSX,
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
}
REPORT_FILES = ("pdf", "docx", "xlsx", "csv", "json")
CYCLE_FILES = ("pdf", "docx", "xlsx", "csv", "json", "zip")
EVERY_CYCLE_FILES = ("xlsx", "languages.xlsx", "csv", "json", "zip")
REVIEWED = ("submitted", "accepted", "locked")
"""States of a report of which a review of the whole cycle speaks."""
_LONG_REVIEW, _LONG_TABLE = 300, 10_000
"""From how many answers on a file takes seconds to make: one that is set, one of rows."""
_LANGUAGE_NAMES = {"en": "English", "ru": "Русский", "fr": "Français"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that can be made.

    Attributes
    ----------
    name, kind
        Its name, and its media type.
    make
        Makes its content.
    kept_as
        Name it is kept under, the same for all who read the same; empty where it is made each time.
    slow
        Whether making it takes seconds.
    event
        What the audit trail says once somebody has it: kind, subject, details.
    """

    name: str
    kind: str
    make: Callable[[], bytes]
    kept_as: str
    slow: bool
    event: tuple[str, Any, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Read:
    """One report as a reader may read it."""

    filing: Filing
    questionnaire: Questionnaire
    answers: tuple[Answer, ...]


def report_file(viewer: Viewer, filing: Filing, ending: str, words: Words) -> Prepared:
    """Prepare one report as a file."""
    who = filing.iso3 or slugify(name_of(filing, words)) or "report"
    event = ("report_exported", filing, {"format": ending})
    return _prepared(viewer, [filing], f"{filing.cycle.cycle_id}-{who}", ending, words, event)


def cycle_file(viewer: Viewer, cycle: Cycle, ending: str, words: Words) -> Prepared:
    """Prepare all reports of a cycle that exist for the viewer as a file.

    Raises
    ------
    NotAllowedNowError
        If there is none yet.
    """
    rows = visible_filings(viewer).filter(cycle=cycle)
    filings = list(rows.filter(state__in=REVIEWED) if ending in ("pdf", "docx") else rows)
    if not filings:
        raise NotAllowedNowError(words.say("No report of this cycle is for you to see yet."))
    event = ("cycle_exported", cycle, {"format": ending, "reports": len(filings)})
    return _prepared(viewer, filings, cycle.cycle_id, ending, words, event)


def every_cycle_file(viewer: Viewer, ending: str, words: Words) -> Prepared:
    """Prepare the answers of all cycles that the viewer reads, without who gave them, as a file.

    Raises
    ------
    NotAllowedNowError
        If there is no report yet.
    """
    filings = list(visible_filings(viewer).order_by("cycle__opens", "cycle__cycle_id", "pk"))
    if not filings:
        raise NotAllowedNowError(words.say("No report is for you to see yet."))
    readings = _readings(viewer, filings)  # worked out once: the name it is kept under says these
    event = (
        "cycles_exported",
        ("cycles", "all", ""),
        {"format": ending, "reports": len(filings)},
    )
    key = key_of(ending, words.language, *_standing_of(viewer, filings, readings))
    return Prepared(
        name=f"cycles.{ending}",
        kind=_KINDS[ending],
        make=lambda: _table_of_all(filings, readings, ending, words),
        kept_as=f"{key}.{ending}",
        slow=sum(one.answered for one in filings) > _LONG_TABLE,
        event=event,
    )


def _readings(viewer: Viewer, filings: Iterable[Filing]) -> dict[int, Reading]:
    """Return what the viewer reads of each report."""
    given = sections_given_to(viewer)
    return {one.pk: reading_of(viewer, one, given) for one in filings}


def _standing_of(
    viewer: Viewer, filings: Iterable[Filing], readings: Mapping[int, Reading]
) -> tuple[Any, ...]:
    """Return everything that decides what a file of all cycles says, without reading an answer."""
    rows = []
    for one in filings:
        reading = readings[one.pk]
        rows.append((
            one.pk, one.state, one.changed_at, one.accepted_at, one.cycle.title,
            str(one.organisation), one.project, reading.whole, sorted(reading.sections),
            reading.filed,
        ))  # fmt: skip
    asked = list(Form.objects.order_by("pk").values_list("pk", "sha256"))
    audience = (bool(viewer.roles - {Role.ADMINISTRATOR}), viewer.has(Role.FOCAL_POINT))
    return (audience, asked, rows)


def _table_of_all(
    filings: Sequence[Filing], readings: Mapping[int, Reading], ending: str, words: Words
) -> bytes:
    read = _read(filings, readings, named=False)
    title = told(N_("All reporting cycles"))
    return _written(read, "cycles", title, ending, words)


def cycle_endings(words: Words) -> list[tuple[str, str]]:
    """Return the files of a cycle with their names."""
    return [(one, _ending_told(one, words)) for one in CYCLE_FILES]


def every_cycle_endings(words: Words) -> list[tuple[str, str]]:
    """Return the files of all cycles with their names."""
    return [(one, _ending_told(one, words)) for one in EVERY_CYCLE_FILES]


def _ending_told(ending: str, words: Words) -> str:
    names = {
        "pdf": words.say("Review document (PDF)"),
        "docx": words.say("Review document (DOCX)"),
        "zip": words.say("Data package (ZIP)"),
        "languages.xlsx": words.say("XLSX in three languages"),
    }
    return names.get(ending, ending.upper())


def _read(
    filings: Iterable[Filing], readings: Mapping[int, Reading], *, named: bool = True
) -> list[Read]:
    """Return the answers of reports that are read so, in two queries for all of them."""
    rows = list(filings)
    answers = answers_by_filing(rows, named=named)
    wholes = {one.cycle_id: questionnaires_of(one.cycle) for one in _one_of_each_cycle(rows)}
    asked: dict[tuple[int, str], Questionnaire] = {}
    for cycle, kind in {(one.cycle_id, one.kind) for one in rows}:
        several = [readings[one.pk] for one in rows if (one.cycle_id, one.kind) == (cycle, kind)]
        asked[cycle, kind] = asked_by(several, wholes[cycle][kind])
    return [
        Read(
            one,
            asked[one.cycle_id, one.kind],
            tuple(
                readings[one.pk].answers(wholes[one.cycle_id][one.kind], answers[one.pk]).values()
            ),
        )
        for one in rows
    ]


def _one_of_each_cycle(filings: Iterable[Filing]) -> Iterable[Filing]:
    return {one.cycle_id: one for one in filings}.values()


def _prepared(
    viewer: Viewer,
    filings: list[Filing],
    name: str,
    ending: str,
    words: Words,
    event: tuple[str, Any, dict[str, Any]],
) -> Prepared:
    read = _read(filings, _readings(viewer, filings))
    common: dict[str, Any] = {"name": f"{name}.{ending}", "kind": _KINDS[ending], "event": event}
    if ending not in ("pdf", "docx"):
        cycle = filings[0].cycle
        title = Told(**{"en": "", **cycle.title})
        make = lambda: _written(read, cycle.cycle_id, title, ending, words)  # noqa: E731
        return Prepared(make=make, kept_as="", slow=False, **common)
    # it may take half a minute to set, and is kept for all who read the same
    facts = review_facts(viewer, read, words)
    setting = review_pdf if ending == "pdf" else review_docx
    return Prepared(
        make=lambda: setting(facts, words),
        kept_as=f"{key_of(words.language, facts)}.{ending}",
        slow=sum(len(one.answers) for one in read) > _LONG_REVIEW,
        **common,
    )


def filed_of(read: Iterable[Read], words: Words) -> list[tuple[Questionnaire, Report]]:
    """Return reports as the library writes them; an organisation is named by its name."""
    found = []
    for one in read:
        report = report_of(one.filing, one.answers)
        if not one.filing.iso3:
            report = replace(report, reporter_id=f"org:{name_of(one.filing, words)}")
        found.append((replace(one.questionnaire, cycle_id=report.cycle_id), report))
    return found


def _written(read: list[Read], name: str, title: Told, ending: str, words: Words) -> bytes:
    """Return answers as rows, in one of the formats of `EVERY_CYCLE_FILES`."""
    filed = filed_of(read, words)
    if ending == "json":
        return answers_json(filed)
    if ending == "zip":
        return write_package(filed, name=name, title=title, created=timezone.localdate())
    if ending == "csv":
        return write_csv(answers_table(filed, words))
    if ending == "xlsx":
        return write_xlsx(answers_table(filed, words), words.say("Answers"))
    return write_sheets(
        {_LANGUAGE_NAMES[one]: answers_table(filed, words_in(one)) for one in LANGUAGES}
    )


def review_facts(viewer: Viewer, read: list[Read], words: Words) -> ReviewFacts:
    """Return what a review of reports is made from; what is computed is computed for the viewer.

    Which states have not reported is told to the secretariat alone.
    """
    cycle = read[0].filing.cycle
    awaited = Filing.objects.filter(cycle=cycle, kind="national") if runs_cycles(viewer) else ()
    computed = {
        one.key: {"": str(one.status), **{iso3: str(s) for iso3, s in one.answer.by_state.items()}}
        for one in standings(viewer, cycle.edition_id)
    }
    return ReviewFacts(
        title=Told(**{"en": "", **cycle.title}),
        on=timezone.localdate(),
        filed=tuple(filed_of(read, words)),
        computed=computed,
        awaited=tuple(one.iso3 for one in awaited) if len(read) > 1 else (),
    )
