"""Reports and whole cycles as files, each with what its reader may read and no more."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.text import slugify

from kulan.errors import NotAllowedNowError
from kulan.exchange.cycle_package import answers_json, answers_table, write_package
from kulan.exchange.safe_cells import write_csv, write_xlsx
from kulan.programme.reporting import (
    Answer,
    Questionnaire,
    Report,
    Told,
)
from kulan.report.programme_review import ReviewFacts, review_docx, review_pdf
from kulan.web.events.record import record
from kulan.web.kept_files import kept_file, key_of
from kulan.web.policy import Viewer
from kulan.web.programme.register.standing import standings
from kulan.web.programme.reporting.letters import name_of
from kulan.web.programme.reporting.models import Cycle, Filing
from kulan.web.programme.reporting.permissions import (
    runs_cycles,
    sections_given_to,
    visible_filings,
)
from kulan.web.programme.reporting.readers import reading_of
from kulan.web.programme.reporting.stored import (
    answers_by_filing,
    questionnaires_of,
    report_of,
)
from kulan.words import Words

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
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
    return _made(viewer, read, f"{filing.cycle.cycle_id}-{who}", ending, words)


def cycle_file(viewer: Viewer, cycle: Cycle, ending: str, words: Words) -> Made:
    """Return all reports of a cycle that exist for the viewer as a file.

    Raises
    ------
    NotAllowedNowError
        If there is none yet.
    """
    rows = visible_filings(viewer).filter(cycle=cycle)
    filings = list(rows.filter(state__in=REVIEWED) if ending in ("pdf", "docx") else rows)
    if not filings:
        raise NotAllowedNowError(words.say("No report of this cycle is for you to see yet."))
    record("cycle_exported", cycle, by=viewer, format=ending, reports=len(filings))
    return _made(viewer, _read(viewer, filings), cycle.cycle_id, ending, words)


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
    answers, given = answers_by_filing(rows), sections_given_to(viewer)
    asked: dict[int, dict[str, Questionnaire]] = {}
    found = []
    for filing in rows:
        if filing.cycle_id not in asked:
            asked[filing.cycle_id] = questionnaires_of(filing.cycle)
        whole = asked[filing.cycle_id][filing.kind]
        reading = reading_of(viewer, filing, given)
        mine = reading.answers(whole, answers[filing.pk])
        found.append(Read(filing, reading.asked(whole), tuple(mine.values())))
    return found


def _made(viewer: Viewer, read: list[Read], name: str, ending: str, words: Words) -> Made:
    body, kind = _WRITERS[ending](viewer, read, words)
    return Made(body, kind, f"{name}.{ending}")


def filed_of(read: Iterable[Read], words: Words) -> list[tuple[Questionnaire, Report]]:
    """Return reports as the library writes them; an organisation is named by its name."""
    found = []
    for one in read:
        told = report_of(one.filing, one.answers)
        if not one.filing.iso3:
            told = replace(told, reporter_id=f"org:{name_of(one.filing, words)}")
        found.append((one.questionnaire, told))
    return found


def _as_json(_: Viewer, read: list[Read], words: Words) -> tuple[bytes, str]:
    return answers_json(filed_of(read, words)), "application/json"


def _as_csv(_: Viewer, read: list[Read], words: Words) -> tuple[bytes, str]:
    table = answers_table(filed_of(read, words), words)
    return write_csv(table), "text/csv; charset=utf-8"


def _as_xlsx(_: Viewer, read: list[Read], words: Words) -> tuple[bytes, str]:
    table = answers_table(filed_of(read, words), words)
    return write_xlsx(table, words.say("Answers")), _XLSX


def _as_package(_: Viewer, read: list[Read], words: Words) -> tuple[bytes, str]:
    cycle = read[0].filing.cycle
    body = write_package(
        filed_of(read, words),
        name=cycle.cycle_id,
        title=Told(**{"en": "", **cycle.title}),
        created=timezone.localdate(),
    )
    return body, "application/zip"


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


def _as_pdf(viewer: Viewer, read: list[Read], words: Words) -> tuple[bytes, str]:
    return _kept_review(viewer, read, words, "pdf", review_pdf), "application/pdf"


def _as_docx(viewer: Viewer, read: list[Read], words: Words) -> tuple[bytes, str]:
    return _kept_review(viewer, read, words, "docx", review_docx), _DOCX


def _kept_review(
    viewer: Viewer,
    read: list[Read],
    words: Words,
    ending: str,
    make: Callable[[ReviewFacts, Words], bytes],
) -> bytes:
    """Return a review: it may take half a minute to set, and is kept for all who read the same."""
    facts = review_facts(viewer, read, words)
    name = f"{key_of(words.language, facts)}.{ending}"
    return kept_file("reviews", name, lambda: make(facts, words))


Writer = Callable[[Viewer, list[Read], Words], tuple[bytes, str]]

_WRITERS: dict[str, Writer] = {
    "pdf": _as_pdf,
    "docx": _as_docx,
    "xlsx": _as_xlsx,
    "csv": _as_csv,
    "json": _as_json,
    "zip": _as_package,
}

REPORT_FILES = ("pdf", "docx", "xlsx", "csv", "json")
CYCLE_FILES = ("pdf", "docx", "xlsx", "csv", "json", "zip")
REVIEWED = ("submitted", "accepted", "locked")
"""States of a report of which a review of the whole cycle speaks."""
