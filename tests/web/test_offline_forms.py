"""A form of a report goes out, is filled without a connection, and comes back."""

import io

import openpyxl
import pytest
from django.urls import reverse

from builders_of_cycles import make_cycle, make_report
from kulan.errors import InvalidAnswerError, InvalidFormError, NotAllowedNowError
from kulan.programme.reporting import Answer, Decision
from kulan.web.programme.reporting.delegating import delegate
from kulan.web.programme.reporting.filling import give_answer
from kulan.web.programme.reporting.offline import (
    decide,
    drop,
    form_of,
    merged_of,
    standing,
    take_form,
)
from kulan.web.programme.reporting.stored import answers_of
from kulan.words import words_in

DONE = ("general/done", "")
STAFF = ("general/staff", "")


def filled(form: bytes, **cells) -> bytes:
    """Write into the answer cells of a form, by question (with its subject after two lines)."""
    book = openpyxl.load_workbook(io.BytesIO(form))
    wanted = {tuple((key.replace("__", "/") + "|").split("|")[:2]): v for key, v in cells.items()}
    for sheet in book.worksheets:
        columns: dict = {}
        for row in sheet.iter_rows():
            texts = [cell.value for cell in row]
            if not columns and "question_id" in texts:
                columns = {text: place for place, text in enumerate(texts) if text}
                continue
            if columns:
                key = (row[columns["question_id"]].value, row[columns["subject"]].value or "")
                if key in wanted:
                    row[columns["answer"]].value = wanted.pop(key)
    assert not wanted
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def report(people):  # noqa: ARG001
    return make_report(make_cycle(), state="open", answers={"general/staff": "Two"})


@pytest.fixture
def form(report, viewer):
    return form_of(viewer("bat"), report, words_in("en"))


def test_what_only_the_form_changed_is_taken_at_once(report, form, viewer):
    upload = take_form(viewer("bat"), report, filled(form, general__done="Offline"), "f.xlsx")

    taken = answers_of(report)[DONE]
    assert upload.state == "taken"
    assert (taken.value, taken.by) == ("Offline", "Bat")
    assert (upload.base, upload.theirs) == ([], [])


def test_what_changed_here_meanwhile_is_kept_beside_what_the_form_changed(report, form, viewer):
    bat = viewer("bat")
    staff = answers_of(report)[STAFF]
    give_answer(bat, report, staff, Answer(*STAFF, "Three"))
    take_form(bat, report, filled(form, general__done="Offline"), "f.xlsx")

    now = answers_of(report)
    assert (now[DONE].value, now[STAFF].value) == ("Offline", "Three")


@pytest.fixture
def conflict(report, form, viewer):
    bat = viewer("bat")
    give_answer(bat, report, answers_of(report)[STAFF], Answer(*STAFF, "Three"))
    changed = filled(form, general__done="Offline", general__staff="Four")
    return take_form(bat, report, changed, "f.xlsx")


@pytest.mark.parametrize(("side", "stands"), [("theirs", "Four"), ("ours", "Three")])
def test_of_a_conflict_the_person_decides_and_nothing_is_taken_before(
    side, stands, report, conflict, viewer
):
    assert conflict.state == "waiting"
    assert DONE not in answers_of(report)
    merged = merged_of(viewer("bat"), conflict)
    assert [(one.key, one.field) for one in merged.conflicts] == [(STAFF, "value")]
    with pytest.raises(InvalidAnswerError):
        decide(viewer("bat"), conflict, {}, seen=standing(merged))

    chosen = {(*STAFF, "value"): Decision(side)}
    decide(viewer("bat"), conflict, chosen, seen=standing(merged))

    now = answers_of(report)
    assert (now[STAFF].value, now[DONE].value) == (stands, "Offline")
    with pytest.raises(NotAllowedNowError):
        decide(viewer("bat"), conflict, chosen, seen=standing(merged))


def test_a_decision_about_what_has_changed_since_is_asked_again(report, conflict, viewer):
    seen = standing(merged_of(viewer("bat"), conflict))
    give_answer(viewer("bat"), report, answers_of(report)[STAFF], Answer(*STAFF, "Five"))

    with pytest.raises(NotAllowedNowError):
        decide(viewer("bat"), conflict, {(*STAFF, "value"): Decision("theirs")}, seen=seen)
    assert answers_of(report)[STAFF].value == "Five"


def test_of_a_form_that_is_dropped_nothing_is_taken(report, conflict, viewer):
    drop(viewer("bat"), conflict)
    assert DONE not in answers_of(report)
    assert answers_of(report)[STAFF].value == "Three"


def test_a_form_of_another_report_or_with_a_forged_seal_is_refused(report, form, viewer):
    other = make_report(report.cycle, "KGZ", state="open")
    with pytest.raises(InvalidFormError):
        take_form(viewer("chinara"), other, form, "f.xlsx")
    with pytest.raises(InvalidFormError):
        take_form(viewer("bat"), report, b"PK not a workbook", "f.xlsx")


def test_of_a_delegates_form_only_the_sections_given_are_taken(people, report, viewer):
    house = people["aigul"].organisation
    house.iso3 = "MNG"
    house.save()
    delegate(viewer("bat"), report, people["aigul"], ["species"])
    report.refresh_from_db()
    aigul = viewer("aigul")
    whole = form_of(viewer("bat"), report, words_in("en"))
    changed = filled(whole, **{"general__done": "Not mine", "species__trend|saiga": "Up"})
    upload = take_form(aigul, report, changed, "f.xlsx")

    now = answers_of(report)
    assert now[("species/trend", "saiga")].value == "up"
    assert DONE not in now
    assert [one["question"] for one in upload.problems] == ["general/done"]


def test_a_form_is_sent_and_decided_in_the_browser(report, form, browser_of, viewer):
    give_answer(viewer("bat"), report, answers_of(report)[STAFF], Answer(*STAFF, "Three"))
    file = io.BytesIO(filled(form, general__staff="Four"))
    file.name = "form.xlsx"
    browser = browser_of("bat")
    sent = browser.post(reverse("report_upload", args=[report.uid]), {"file": file}, follow=True)
    page = sent.content.decode()
    assert "Three" in page
    assert "Four" in page
    assert "Two" in page

    address = sent.redirect_chain[-1][0]
    upload = report.uploads.get()
    undecided = browser.post(address, {"standing": standing(merged_of(viewer("bat"), upload))})
    assert undecided.status_code == 422
    decided = browser.post(
        address,
        {"standing": standing(merged_of(viewer("bat"), upload)), "side-0": "theirs"},
        follow=True,
    )
    assert "is taken into the report" in decided.content.decode()
    assert answers_of(report)[STAFF].value == "Four"
