"""A reporting form goes out as a workbook and comes back as the answers it holds."""

import io
import zipfile
from contextlib import contextmanager
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from builders_of_reports import (
    AT,
    CHINA,
    KAZAKHSTAN,
    filled_report,
    little_questionnaire,
    whole_questionnaire,
)
from kulan.errors import InvalidFormError, TooLargeError
from kulan.exchange.reporting_forms import read_form, write_form
from kulan.programme.reporting import Answer, by_key, merge, standard_reporter
from kulan.words import words_in

EN, RU = words_in("en"), words_in("ru")
ASKED = little_questionnaire()
KEY = b"a secret of the server"


def form(answers=(), words=EN, **more):
    return write_form(ASKED, KAZAKHSTAN, answers, words, **more)


def read(content, **more):
    return read_form(content, ASKED, "KAZ", EN, by="aigul", at=AT, **more)


@contextmanager
def edited(content):
    """Yield a workbook to change; afterwards `.content` holds what a program would have saved."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    yield book
    buffer = io.BytesIO()
    book.save(buffer)
    book.content = buffer.getvalue()


def place(book, question_id, subject="", column="answer"):
    """Return the cell that answers a question, found as a person would see it."""
    for sheet in book.worksheets:
        names = {cell.value: cell.column for cell in sheet[1]}
        if "question_id" not in names:
            continue
        for row in range(2, sheet.max_row + 1):
            found = sheet.cell(row, names["question_id"]).value
            if found == question_id and (sheet.cell(row, names["subject"]).value or "") == subject:
                return sheet.cell(row, names[column])
    raise AssertionError(f"{question_id} {subject} is not in the form")


def with_typed(content, typed):
    """Return a form into whose cells something was typed."""
    with edited(content) as book:
        for (question_id, subject), value in typed.items():
            place(book, question_id, subject).value = value
    return book.content


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
def test_a_form_nobody_touched_gives_the_answers_it_was_made_with(language):
    answers = filled_report(ASKED, KAZAKHSTAN).answers
    got = read(form(answers, words_in(language)))
    assert by_key(got.answers) == by_key(answers)
    assert not got.changed
    assert not got.not_understood
    assert not got.is_older_questionnaire


def test_the_whole_standard_form_comes_back_unchanged():
    whole, reporter = whole_questionnaire(), standard_reporter("KAZ", AT.date())
    answers = filled_report(whole, reporter).answers
    got = read_form(write_form(whole, reporter, answers, RU), whole, "KAZ", EN)
    assert by_key(got.answers) == by_key(answers)
    assert not got.not_understood


def test_the_same_answers_give_the_same_bytes():
    answers = filled_report(ASKED, KAZAKHSTAN).answers
    assert form(answers) == form(tuple(reversed(answers)))


texts = st.text(max_size=60) | st.sampled_from(["=1+1", "'x", "_x0041_", "a\r\nb", " x ", "-3"])
odd_answers = st.builds(
    Answer,
    question_id=st.sampled_from(["general/agency", "general/from", "cami-2021:1.1/evidence"]),
    value=texts | st.lists(texts, max_size=3).map(tuple) | st.booleans(),
    note=texts,
    origin=st.sampled_from(["", "evidence"]),
    confirmed=st.booleans(),
)


@settings(max_examples=25, deadline=None, phases=[Phase.generate])
@given(st.lists(odd_answers, unique_by=lambda one: one.key))
def test_whatever_the_answers_hold_an_untouched_form_changes_nothing(answers):
    got = read(form(answers))
    assert by_key(got.answers) == by_key(answers)
    assert not got.changed


def test_what_is_typed_into_a_form_is_read_in_any_of_the_languages():
    typed = {
        ("general/agency", ""): "Комитет лесного хозяйства",
        ("species/present", "saiga"): "Да",
        ("species/number", "saiga"): "1 318 000",
        ("populations/trend", "saiga:Ural"): "En hausse",
        ("threats", ""): "Растёт; Decreasing",
        ("general/from", ""): AT.replace(tzinfo=None, hour=0, minute=0),
        ("cami-2021:1.1/evidence", ""): "layer:roads/2\nLaw of 2024; article 3",
    }
    got = read(with_typed(form(words=RU), typed))
    values = {key: answer.value for key, answer in by_key(got.answers).items()}
    assert values == {
        ("general/agency", ""): "Комитет лесного хозяйства",
        ("species/present", "saiga"): True,
        ("species/number", "saiga"): 1_318_000.0,
        ("populations/trend", "saiga:Ural"): "up",
        ("threats", ""): ("up", "down"),
        ("general/from", ""): "2027-03-01",
        ("cami-2021:1.1/evidence", ""): ("layer:roads/2", "Law of 2024; article 3"),
    }
    assert {(one.by, one.at) for one in got.answers} == {("aigul", AT)}
    assert not got.not_understood


def test_sorted_rows_and_moved_columns_are_understood():
    answers = filled_report(ASKED, KAZAKHSTAN).answers
    with edited(form(answers)) as book:
        sheet = book.worksheets[2]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
        for number, row in enumerate(reversed(rows), start=5):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value
        sheet.insert_cols(1, 2)
    got = read(book.content)
    assert by_key(got.answers) == by_key(answers)
    assert not got.not_understood


def test_a_form_saved_without_styles_by_another_program_is_understood():
    answers = filled_report(ASKED, KAZAKHSTAN).answers
    old = openpyxl.load_workbook(io.BytesIO(form(answers)))
    new = openpyxl.Workbook(write_only=True)
    for sheet in old.worksheets:
        made = new.create_sheet(sheet.title)
        made.sheet_state = sheet.sheet_state
        for row in sheet.iter_rows(values_only=True):
            made.append([float(one) if type(one) is int else one for one in row])
    buffer = io.BytesIO()
    new.save(buffer)
    got = read(buffer.getvalue())
    assert by_key(got.answers) == by_key(answers)


def test_a_formula_is_not_taken_and_the_answer_stands_as_it_was():
    answers = (Answer("species/number", "saiga", 5.0),)
    got = read(with_typed(form(answers), {("species/number", "saiga"): "=2+3"}))
    assert by_key(got.answers) == by_key(answers)
    (lost,) = got.not_understood
    assert (lost.question_id, lost.subject, lost.typed) == ("species/number", "saiga", "=2+3")
    assert "formula" in lost.reason


def test_a_text_that_only_looks_like_a_formula_is_a_text():
    got = read(form([Answer("general/agency", "", "=HYPERLINK(0)")]))
    assert got.answers[0].value == "=HYPERLINK(0)"
    assert not got.not_understood


@pytest.mark.parametrize(
    ("key", "typed", "reason"),
    [
        (("species/number", "saiga"), "many", "not a number"),
        (("species/number", "saiga"), -4, "too small"),
        (("populations/trend", "saiga:Ural"), "sideways", "not among"),
        (("general/from", ""), "03/04/2026", "not a day"),
        (("general/agency", ""), "x" * 20_001, "20,001 characters"),
    ],
)
def test_what_cannot_be_understood_is_reported_with_its_place(key, typed, reason):
    (lost,) = read(with_typed(form(), {key: typed})).not_understood
    assert reason in lost.reason
    assert (lost.question_id, lost.subject) == key
    assert lost.row > 4
    assert lost.typed


def test_a_suggestion_counts_when_confirmed_or_changed_and_goes_when_refused():
    suggested = [
        Answer("general/agency", "", "Ministry", origin="cycle:x", confirmed=False),
        Answer("species/number", "saiga", 5.0, origin="cycle:x", confirmed=False),
        Answer("threats", "", ("up",), origin="cycle:x", confirmed=False),
        Answer("general/from", "", "2020-01-01", origin="cycle:x", confirmed=False),
    ]
    with edited(form(suggested)) as book:
        place(book, "general/agency", column="confirm").value = "Yes"
        place(book, "species/number", "saiga").value = 7
        place(book, "threats", column="confirm").value = "Нет"
    got = by_key(read(book.content).answers)
    assert got["general/agency", ""].counts
    assert got["species/number", "saiga"].value == 7.0
    assert got["species/number", "saiga"].counts
    assert got["threats", ""].value is None
    assert not got["general/from", ""].counts
    assert got["general/from", ""].origin == "cycle:x"


def test_an_emptied_cell_empties_the_answer_and_a_deleted_row_does_not():
    answers = [Answer("general/agency", "", "Ministry"), Answer("general/from", "", "2026-01-01")]
    with edited(form(answers)) as book:
        place(book, "general/agency").value = None
        cell = place(book, "general/from")
        cell.parent.delete_rows(cell.row)
    got = by_key(read(book.content).answers)
    assert got["general/agency", ""].value is None
    assert got["general/from", ""].value == "2026-01-01"


def test_two_rows_that_say_different_things_are_both_left_out():
    with edited(form()) as book:
        cell = place(book, "general/agency")
        cell.value = "one"
        sheet = cell.parent
        sheet.append([one.value for one in sheet[cell.row]])
        names = {one.value: one.column for one in sheet[1]}
        sheet.cell(sheet.max_row, names["answer"]).value = "other"
    got = read(book.content)
    assert not got.answers
    assert [one.typed for one in got.not_understood] == ["one", "other"]


def test_rows_and_sheets_that_somebody_added_are_reported():
    with edited(form()) as book:
        sheet = book.worksheets[1]
        names = {one.value: one.column for one in sheet[1]}
        sheet.cell(sheet.max_row + 1, names["answer"]).value = "And also this"
        book.create_sheet("Thoughts")["B2"] = "A letter"
        sheet.cell(sheet.max_row + 1, names["answer"]).value = "asked by nobody"
        sheet.cell(sheet.max_row, names["question_id"]).value = "general/secret"
    assert {one.typed for one in read(book.content).not_understood} == {
        "And also this",
        "A letter",
        "asked by nobody",
    }


def test_a_form_of_another_cycle_or_state_is_refused():
    with pytest.raises(InvalidFormError, match="cycle cami-2027-national, not of cami-2030"):
        read_form(form(), replace(ASKED, cycle_id="cami-2030"), "KAZ", EN)
    with pytest.raises(InvalidFormError, match="the form of KAZ, not of MNG"):
        read_form(form(), ASKED, "MNG", EN)


def test_a_form_made_before_the_questions_changed_is_read_and_says_so():
    changed = replace(ASKED, questions=ASKED.questions[1:])
    got = read_form(with_typed(form(), {("general/agency", ""): "M"}), changed, "KAZ", EN)
    assert got.is_older_questionnaire
    assert "does not ask" in got.not_understood[0].reason


def test_a_hidden_sheet_that_was_changed_is_noticed():
    answers = filled_report(ASKED, KAZAKHSTAN).answers
    with edited(form(answers)) as book:
        seal = book["_kulan"]
        seal.cell(9, 1).value = seal.cell(9, 1).value.replace("1.1", "1.2")
    with pytest.raises(InvalidFormError, match="hidden sheet was changed"):
        read(book.content)


def test_a_form_of_another_server_is_noticed():
    assert not read(form(key=KEY), key=KEY).not_understood
    for content in (form(), form(key=b"another")):
        with pytest.raises(InvalidFormError, match="another server"):
            read(content, key=KEY)


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(InvalidFormError, match="not a workbook"):
        read(content)


def test_another_workbook_is_no_form():
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    with pytest.raises(InvalidFormError, match="not a reporting form"):
        read(buffer.getvalue())


def test_a_workbook_that_unpacks_into_too_much_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"{number}.xml", b" " * (60 << 20))
    with pytest.raises(TooLargeError, match="unpacked"):
        read(buffer.getvalue())


def test_only_cells_to_fill_are_open_and_choices_are_offered():
    book = openpyxl.load_workbook(io.BytesIO(form(words=RU)))
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    assert [one.title for one in book.worksheets if one.sheet_state != "visible"] == [
        "_lists",
        "_kulan",
    ]
    assert not place(book, "general/agency").protection.locked
    assert place(book, "general/agency", column="question").protection.locked
    trend = place(book, "populations/trend", "saiga:Ural")
    (rule,) = [
        one
        for one in trend.parent.data_validations.dataValidation
        if trend.coordinate in one.sqref and one.type == "list"
    ]
    first = book["_lists"][rule.formula1.split("!")[1].split(":")[0].replace("$", "")]
    assert first.value == "Растёт"


def test_a_form_asks_a_state_only_what_it_is_asked():
    book = openpyxl.load_workbook(io.BytesIO(write_form(ASKED, CHINA, (), EN)))
    place(book, "general/why_not")
    with pytest.raises(AssertionError):
        place(book, "populations/trend", "saiga:Ural")


def test_an_offline_form_and_answers_given_meanwhile_are_joined_field_by_field():
    base = [Answer("general/agency", "", "Ministry"), Answer("species/number", "saiga", 5.0)]
    filled = with_typed(
        form(base), {("general/agency", ""): "Committee", ("species/number", "saiga"): 7}
    )
    ours = [base[0], replace(base[1], value=6.0), Answer("general/from", "", "2026-01-01")]
    got = read(filled)
    merged = merge(got.base, got.answers, ours)
    values = {key: answer.value for key, answer in by_key(merged.answers).items()}
    assert values["general/agency", ""] == "Committee"
    assert values["general/from", ""] == "2026-01-01"
    (conflict,) = merged.conflicts
    assert (conflict.theirs.content, conflict.ours.content) == (7.0, 6.0)


def test_the_title_of_each_sheet_stands_in_a_column_that_is_shown():
    book = openpyxl.load_workbook(io.BytesIO(form(words=RU)))
    for sheet in book.worksheets[1:]:
        if sheet.sheet_state != "visible":
            continue
        (title,) = (cell for cell in sheet[2] if cell.value)
        assert not sheet.column_dimensions[title.column_letter].hidden


def test_a_row_is_as_high_as_its_longest_text_and_may_grow():
    long = Answer("general/agency", "", "A long answer, word by word. " * 40)
    content = form([long])
    sheet = next(
        one
        for one in openpyxl.load_workbook(io.BytesIO(content)).worksheets[1:]
        if any(long.value in str(cell.value) for row in one.iter_rows() for cell in row)
    )
    (row,) = (
        cell.row for cells in sheet.iter_rows() for cell in cells if long.value in str(cell.value)
    )

    assert sheet.row_dimensions[row].height > 200
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheets = [packed.read(name) for name in packed.namelist() if "worksheets/" in name]
    assert not any(b"customHeight" in one for one in sheets)
