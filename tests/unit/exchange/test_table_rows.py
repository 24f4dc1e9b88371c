"""Tables that come back from spreadsheets: what a cell says, and what is told of the others."""

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from kulan.errors import InvalidTableError, TooLargeError
from kulan.exchange.safe_cells import write_csv, write_xlsx
from kulan.exchange.table_rows import read_rows

HOSTILE = ["=1+1", "'quoted", "@x", "two\nlines", "Ünï;код,\u0308", "_x0041_"]


def workbook(rows, formats=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, shown in (formats or {}).items():
        book.active[place].number_format = shown
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_goes_out_comes_back(write):
    body = write(pd.DataFrame({"text": HOSTILE, "count": range(len(HOSTILE))}))
    rows = read_rows(body, most=100).rows
    assert [row.cells["text"] for row in rows] == HOSTILE
    assert [row.cells["count"] for row in rows] == [str(number) for number in range(len(HOSTILE))]


def test_a_date_is_as_precise_as_it_is_shown():
    body = workbook(
        [["day", "month", "year", "number"], [date(2024, 5, 17)] * 3 + [2024.0]],
        {"A2": "dd/mm/yyyy", "B2": "mmm yy", "C2": "yyyy"},
    )
    (row,) = read_rows(body, most=10).rows
    assert row.cells == {"day": "2024-05-17", "month": "2024-05", "year": "2024", "number": "2024"}


def test_a_row_with_a_formula_is_told_by_its_number_and_column():
    body = workbook([["title", "day"], ["a", "2024"], [None, None], ["b", "=TODAY()"]])
    good, bad = read_rows(body, most=10).rows
    assert (good.number, good.problem) == (2, "")
    assert (bad.number, bad.column) == (4, "day")
    assert "formula" in bad.problem


def test_a_quoted_line_break_leaves_the_numbers_of_later_rows_as_rows():
    body = b'title,day\n"a\nb",2024\n\nc,2025\n'
    assert [row.number for row in read_rows(body, most=10).rows] == [2, 4]


# named here: a workbook holds the time it was made, and its bytes would name the test otherwise
@pytest.mark.parametrize(
    "body",
    [b"", b"a,b\n", b"a\n\xff\xfe", b"PK\x03\x04", workbook([["a"]])],
    ids=["empty", "heading alone", "no text", "broken workbook", "workbook of a heading"],
)
def test_what_holds_no_rows_is_refused(body):
    with pytest.raises(InvalidTableError):
        read_rows(body, most=10)


def test_more_rows_than_asked_for_are_refused():
    with pytest.raises(TooLargeError, match="more than 2 rows"):
        read_rows(b"a\n1\n2\n3\n", most=2)
