"""How long the exports of reporting cycles take, with 20 cycles of 14 states and 228 actions.

Everything that is exported is read back, or counted, and compared with the answers before its time
is told. Wall seconds of one process.

Run: ``PYTHONPATH=src:tests python benchmarks/programme/exports.py [--cycles 20]``
"""

import argparse
import csv
import io
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import docx
import openpyxl

from builders_of_reports import filled_report, whole_questionnaire
from kulan.exchange.cycle_package import answers_json, answers_table, read_package, write_package
from kulan.exchange.reporting_forms import read_form, write_form
from kulan.exchange.safe_cells import write_csv, write_sheets, write_xlsx
from kulan.programme import range_states
from kulan.programme.reporting import Questionnaire, Report, Told, by_key, standard_reporter
from kulan.report.programme_review import ReviewFacts, review_docx, review_pdf
from kulan.words import words_in

ON = date(2027, 7, 1)
Filed = list[tuple[Questionnaire, Report]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=20)
    cycles = parser.parse_args().cycles
    whole, states = whole_questionnaire(), list(range_states()["iso3"])
    one = [
        (whole, filled_report(whole, standard_reporter(iso3, ON), seed=seed, state="accepted"))
        for seed, iso3 in enumerate(states)
    ]
    every = [
        (replace(asked, cycle_id=f"c{number}"), replace(report, cycle_id=f"c{number}"))
        for number in range(cycles)
        for asked, report in one
    ]
    print(f"one cycle: {_count(one)} answers; {cycles} cycles: {_count(every)} answers")
    _tables(one, "one cycle")
    _tables(every, f"{cycles} cycles")
    _languages(every, f"{cycles} cycles")
    _files(every, f"{cycles} cycles")
    _forms(one[5])
    _reviews(one)


def _count(filed: Filed) -> int:
    return sum(len(report.answers) for _, report in filed)


def _timed(name: str, work: Callable[[], bytes]) -> bytes:
    begun = time.perf_counter()
    content = work()
    print(f"{name:42} {time.perf_counter() - begun:7.1f} s {len(content) / 1e6:8.1f} MB")
    return content


def _tables(filed: Filed, name: str) -> None:
    wanted = _count(filed)
    content = _timed(f"CSV, {name}", lambda: write_csv(answers_table(filed, words_in("ru"))))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == wanted + 1
    content = _timed(f"XLSX, {name}", lambda: write_xlsx(answers_table(filed, words_in("ru"))))
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active
    assert sum(1 for _ in sheet.iter_rows()) == wanted + 1


def _languages(filed: Filed, name: str) -> None:
    """One workbook with a sheet in each language."""

    def made() -> bytes:
        return write_sheets(
            {one: answers_table(filed, words_in(one)) for one in ("en", "ru", "fr")}
        )

    content = _timed(f"XLSX in 3 languages, {name}", made)
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    for sheet in book.worksheets:
        assert sum(1 for _ in sheet.iter_rows()) == _count(filed) + 1


def _files(filed: Filed, name: str) -> None:
    content = _timed(f"JSON, {name}", lambda: answers_json(filed))
    assert sum(len(one["answers"]) for one in json.loads(content)["reports"]) == _count(filed)
    content = _timed(
        f"data package, {name}",
        lambda: write_package(filed, name="cycles", title=Told("Cycles"), created=ON),
    )
    for (_, wanted), (_, got) in zip(filed, read_package(content), strict=True):
        assert got.by_key() == wanted.by_key()


def _forms(filed: tuple[Questionnaire, Report]) -> None:
    asked, report = filed
    reporter = standard_reporter(report.reporter_id, ON)
    content = _timed(
        "form of one state", lambda: write_form(asked, reporter, report.answers, words_in("ru"))
    )
    got = read_form(content, asked, report.reporter_id, words_in("en"))
    assert by_key(got.answers) == report.by_key()
    assert not got.not_understood


def _reviews(filed: Filed) -> None:
    facts = ReviewFacts(Told("Review"), ON, tuple(filed))
    content = _timed("review as DOCX, 14 states", lambda: review_docx(facts, words_in("fr")))
    rows = sum(len(table.rows) for table in docx.Document(io.BytesIO(content)).tables)
    assert rows > _count(filed)
    content = _timed("review as PDF, 14 states", lambda: review_pdf(facts, words_in("fr")))
    assert content.startswith(b"%PDF")


if __name__ == "__main__":
    main()
