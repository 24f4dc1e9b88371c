"""The review of a cycle says what states said beside what was computed, as PDF and DOCX."""

import io
import re
import zipfile
from datetime import date

import docx
import pytest

from builders_of_reports import filled_report, whole_questionnaire
from kulan.programme.reporting import Answer, Report, Reporter, Told, differs, statuses_said
from kulan.report.document import Table, blocks_of
from kulan.report.programme_review import (
    ReviewFacts,
    programme_review,
    review_docx,
    review_html,
    review_pdf,
)
from kulan.words import words_in

WHOLE = whole_questionnaire()
PROJECT = whole_questionnaire("project")
KEY = "cami-2021:1.1"
MONGOLIA = Reporter("MNG", species=("saiga", "khulan"), populations={"saiga": ("Sharga",)})


def report_of(iso3, *answers):
    return (WHOLE, Report(WHOLE.cycle_id, iso3, "accepted", answers))


def facts(*filed, computed=None, awaited=("KAZ", "MNG")):
    title = Told("CAMI 2027", ru="ЦАИМ 2027", fr="CAMI 2027")
    return ReviewFacts(title, date(2027, 7, 1), filed, computed or {}, awaited)


def said(status):
    return Answer(f"{KEY}/status", "", status)


def texts(document, anchor):
    section = next(one for one in document.sections if one.anchor == anchor)
    return [
        cell.text
        for block in blocks_of(section)
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
    ]


@pytest.mark.parametrize(
    ("state", "computed", "wanted"),
    [
        ("done", "done", False),
        ("done", "overdue", True),
        ("under_way", "overdue", False),
        ("not_started", "under_way", True),
        ("unknown", "done", False),
        ("not_applicable", "not_started", False),
        ("done", "cannot_be_computed", False),
        ("done", "", False),
        ("overtaken", "overtaken", False),
        ("overtaken", "done", True),
        ("unknown", "overtaken", False),
    ],
)
def test_what_cannot_both_be_right_differs(state, computed, wanted):
    assert differs(state, computed) is wanted


def test_a_status_nobody_stands_behind_is_not_said():
    unsure = Answer(f"{KEY}/status", "", "done", origin="cycle:x", confirmed=False)
    assert statuses_said([report_of("MNG", unsure)]) == {}


def test_a_difference_between_state_and_register_is_marked():
    made = facts(report_of("MNG", said("done")), computed={KEY: {"MNG": "under_way"}})
    assert made.differences == ((KEY, "MNG", "done", "under_way"),)
    document = programme_review(made, words_in("en"))
    assert "!\N{NO-BREAK SPACE}Under way" in texts(document, "differences")
    assert "!\N{NO-BREAK SPACE}Under way" in texts(document, "states")


def test_agreement_is_not_marked():
    made = facts(report_of("MNG", said("done")), computed={KEY: {"MNG": "done"}})
    assert not made.differences
    assert not any(
        text.startswith("!") for text in texts(programme_review(made, words_in("en")), "states")
    )


def test_states_that_sent_nothing_are_named():
    page = review_html(facts(report_of("MNG")), words_in("en"))
    assert "No report came from: Kazakhstan." in page


def test_an_overdue_action_names_the_states_that_call_it_done():
    made = facts(report_of("MNG", said("done")), computed={KEY: {"": "overdue"}})
    assert "Mongolia" in texts(programme_review(made, words_in("en")), "overdue")


def test_the_annex_holds_every_answer_that_counts():
    report = filled_report(WHOLE, MONGOLIA)
    document = programme_review(facts((WHOLE, report)), words_in("en"))
    annex = next(one for one in document.sections if one.anchor == "annex")
    rows = sum(len(block.rows) for block in blocks_of(annex) if isinstance(block, Table))
    assert rows == len(report.answers)


def test_a_species_is_told_state_by_state():
    report = filled_report(WHOLE, MONGOLIA)
    document = programme_review(facts((WHOLE, report)), words_in("ru"))
    species = next(one for one in document.sections if one.anchor == "species")
    assert [one.title for one in species.sections] == ["Кулан", "Сайгак"]
    assert {"Монголия"} == {
        row.cells[0].text
        for block in blocks_of(species)
        if isinstance(block, Table)
        for row in block.rows
    }


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
def test_the_word_file_holds_the_review_and_opens(language):
    report = filled_report(WHOLE, MONGOLIA)
    project = filled_report(PROJECT, Reporter("org:acbk"), state="submitted")
    made = facts((WHOLE, report), (PROJECT, project), computed={KEY: {"MNG": "done"}})
    content = review_docx(made, words_in(language))
    file = docx.Document(io.BytesIO(content))
    headings = [one.text for one in file.paragraphs if one.style.name == "Heading 1"]
    assert headings == [one.title for one in programme_review(made, words_in(language)).sections]
    assert len(file.inline_shapes) == 1
    assert file.tables[1].rows[0].cells[0].text
    assert content == review_docx(made, words_in(language))


def test_hostile_text_stays_text_in_every_format():
    hostile = "<script>alert(1)</script> #import \x00 & </w:t>"
    made = facts(report_of("MNG", Answer("general/agency", "", hostile)))
    assert "<script>" not in review_html(made, words_in("en"))
    with zipfile.ZipFile(io.BytesIO(review_docx(made, words_in("en")))) as file:
        body = file.read("word/document.xml").decode()
    assert "&lt;script&gt;" in body
    assert "\x00" not in body
    assert review_pdf(made, words_in("en")).startswith(b"%PDF")


def test_the_pdf_is_tagged_and_the_same_for_the_same_facts():
    made = facts(report_of("MNG", said("done")))
    first = review_pdf(made, words_in("fr"))
    assert re.search(rb"/MarkInfo", first)
    assert first == review_pdf(made, words_in("fr"))
