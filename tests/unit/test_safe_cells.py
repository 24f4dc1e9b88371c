"""One rule says which cell of a CSV file gets an apostrophe, whoever writes the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kulan.exchange.safe_cells import safe_text
from kulan.programme.text.imported import ImportedText, Unread
from kulan.programme.text.writing import import_files
from kulan.safe_cells import may_be_formula, safe_cell, text_of_cell

FORMULAS = [
    "=1+1",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "＝1+1",
    "－2+3",
    "\t=1",
    "\rsaiga",
    " \u00a0=1",
    "\ufeff=1",
    "\u200b@x",
    "\u00ad\u2060+1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_is_marked_behind_whatever_it_hides(text):
    assert may_be_formula(text)
    assert safe_cell(text) == f"'{text}"
    assert safe_text(text).startswith("'")


def test_a_formula_behind_a_control_character_is_marked_too():
    assert safe_cell("\x00=1") == "'\x00=1"


@pytest.mark.parametrize("text", ["", "saiga", "-12.5", "3e-4", "a=b", "хулан", "1-2"])
def test_words_and_plain_numbers_stay_as_they_are(text):
    assert safe_cell(text) == text


@given(st.text() | st.sampled_from([*FORMULAS, "'", "''x", "'=1"]))
def test_every_text_comes_back_from_its_cell(text):
    cell = safe_cell(text)

    assert text_of_cell(cell) == text
    assert not may_be_formula(cell)


def test_a_printed_text_that_begins_with_a_minus_is_no_formula_either():
    line = Unread(1, "-2+3 herds", "belongs to nothing", "unread")
    text = ImportedText("none", "en", "text.md", "0" * 64, *[()] * 8, (line,), ())
    files = import_files(text)

    assert b"'-2+3 herds" in files["losses.csv"]
