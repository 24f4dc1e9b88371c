"""Who was asked to answer one section of a report reads that section, and nothing else of it."""

import io
import json
import zipfile

import openpyxl
import pytest
from django.urls import reverse

from builders_of_cycles import FOR_EVERYONE, FOR_GOVERNMENTS, SECRET, make_cycle, make_report
from kulan.web.programme.reporting.delegating import delegate
from kulan.web.programme.reporting.exporting import every_cycle_file
from kulan.web.programme.reporting.models import GivenAnswer
from kulan.web.programme.reporting.offline import decide, form_of, merged_of, standing, take_form
from kulan.words import words_in
from web.test_offline_forms import filled

TREND = "up"
ANSWERS = {
    "general/done": SECRET,
    "general/talks": FOR_GOVERNMENTS,
    "species/trend saiga": {"value": "up", "note": "Counted from the air"},
}


@pytest.fixture
def report(people, viewer):
    house = people["aigul"].organisation
    house.iso3 = "MNG"
    house.save()
    made = make_report(make_cycle(), state="open", answers=ANSWERS)
    delegate(viewer("bat"), made, people["aigul"], ["species"])
    made.refresh_from_db()
    return made


def address(name, report, **more):
    return reverse(name, kwargs={"uid": report.uid, **more})


def test_of_the_report_the_section_given_is_listed_and_counted_alone(report, browser_of):
    page = browser_of("aigul").get(address("report", report)).content.decode()

    assert "Species" in page
    assert address("report_section", report, section_id="general") not in page
    assert "You see the sections that were given to you" in page
    # what lacks is told of the own section: the one required question is of another
    assert "0 of 0 required" in page


def test_the_pages_of_other_sections_do_not_exist_for_a_delegate(report, browser_of):
    aigul = browser_of("aigul")

    assert aigul.get(address("report_section", report, section_id="species")).status_code == 200
    assert aigul.get(address("report_section", report, section_id="general")).status_code == 404
    confirm = address("report_confirm", report, section_id="general")
    assert aigul.post(confirm).status_code == 404


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx", "docx"])
def test_no_file_of_the_report_holds_another_section(ending, report, browser_of):
    def text_of(who):
        body = browser_of(who).get(address("report_export", report, ending=ending)).content
        if body[:2] != b"PK":
            return body.decode()
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return "".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())

    for_aigul, for_bat = text_of("aigul"), text_of("bat")
    assert "Counted from the air" in for_aigul
    assert SECRET not in for_aigul
    assert FOR_GOVERNMENTS not in for_aigul
    assert SECRET in for_bat


def test_an_offline_form_holds_the_sections_given_alone_hidden_sheets_included(report, viewer):
    form = form_of(viewer("aigul"), report, words_in("en"))
    book = openpyxl.load_workbook(io.BytesIO(form))
    told = "\n".join(
        str(cell)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    )

    assert "Counted from the air" in told
    assert SECRET not in told
    assert FOR_GOVERNMENTS not in told
    changed = filled(form, **{"species__trend|saiga": "Down"})
    assert take_form(viewer("aigul"), report, changed, "f.xlsx").state == "taken"
    stands = dict(GivenAnswer.objects.filter(filing=report).values_list("question_id", "value"))
    assert stands == {"general/done": SECRET, "general/talks": FOR_GOVERNMENTS,
                      "species/trend": "down"}  # fmt: skip


def test_answers_by_convention_show_a_delegate_the_section_given(report, browser_of):
    query = {"reporter": "MNG", "report": str(report.uid)}
    asked = reverse("answers_by_tag")

    assert SECRET in browser_of("bat").get(asked, {**query, "tag": "cites"}).content.decode()
    page = browser_of("aigul").get(asked, {**query, "tag": "cites"}).content.decode()
    assert SECRET not in page


def test_other_peoples_forms_remarks_and_reasons_are_not_told_to_a_delegate(
    people, report, browser_of
):
    report.uploads.create(file_name="from-the-ministry.xlsx", by=people["bat"])
    report.remarks.create(question_id="general/done", text="Say more of the fund.")
    report.remarks.create(question_id="species/trend", subject="saiga", text="Which year?")
    report.steps.create(action="return", before="submitted", after="returned",
                        reason="The fund is not explained")  # fmt: skip
    page = browser_of("aigul").get(address("report", report)).content.decode()
    section = address("report_section", report, section_id="species")

    assert "from-the-ministry" not in page
    assert "The fund is not explained" not in page
    assert "Which year?" in browser_of("aigul").get(section).content.decode()
    for_bat = browser_of("bat").get(address("report", report)).content.decode()
    assert "from-the-ministry" in for_bat
    assert "The fund is not explained" in for_bat


def test_a_form_that_waits_writes_no_section_that_was_taken_back_meanwhile(people, report, viewer):
    delegate(viewer("bat"), report, people["aigul"], ["species", "general"])
    report.refresh_from_db()
    aigul = viewer("aigul")
    form = form_of(aigul, report, words_in("en"))
    GivenAnswer.objects.filter(filing=report, question_id="general/talks").update(
        value="Other talks", revision=2
    )
    changed = filled(form, general__talks="Mine", **{"species__trend|saiga": "Down"})
    waiting = take_form(aigul, report, changed, "f.xlsx")
    assert waiting.state == "waiting"
    delegate(viewer("bat"), report, people["aigul"], ["species"])

    merged = merged_of(aigul, waiting)
    assert not merged.conflicts
    decide(aigul, waiting, {}, seen=standing(merged))
    stands = dict(GivenAnswer.objects.filter(filing=report).values_list("question_id", "value"))
    assert (stands["general/talks"], stands["species/trend"]) == ("Other talks", "down")


def test_once_accepted_a_delegate_reads_of_other_sections_what_everyone_reads(report, browser_of):
    GivenAnswer.objects.filter(filing=report, question_id="general/done").update(value=FOR_EVERYONE)
    report.state, report.accepted_at = "accepted", "2026-02-01T00:00:00Z"
    report.save()
    body = browser_of("aigul").get(address("report_export", report, ending="json")).content
    told = {one["question_id"] for one in json.loads(body)["reports"][0]["answers"]}

    assert told == {"general/done", "species/trend"}


def test_what_is_given_while_a_file_is_prepared_is_not_kept_for_who_reads_less(
    people, viewer, report
):
    prepared = every_cycle_file(viewer("aigul"), "json", words_in("en"))
    delegate(viewer("bat"), report, people["aigul"], ["general"])
    made = prepared.make().decode()  # kept under a name that says: species alone
    assert "Counted from the air" in made
    assert SECRET not in made
