"""Declared tables: reading them strictly and refusing what does not fit."""

import pandas as pd
import pytest

from kulan.errors import InvalidTableError
from kulan.schemas import Column, Table, check_table, read_table

HERDS = Table(
    "herds",
    "One row per herd",
    (
        Column("herd", "its name"),
        Column("animals", "counted", kind="integer"),
        Column("area_km2", "where it grazed", unit="km²", kind="number", required=False),
        Column("seen_on", "day", kind="date", required=False),
        Column("fenced", "whether inside a fence", kind="flag", required=False),
        Column("states", "where", kind="list", required=False, values=("KAZ", "MNG")),
    ),
    key=("herd",),
)


def read(tmp_path, text):
    (tmp_path / "herds.csv").write_text(text, encoding="utf-8")
    return read_table(tmp_path / "herds.csv", HERDS)


HEADING = "herd,animals,area_km2,seen_on,fenced,states\n"


def test_each_kind_is_read_as_it_is_declared(tmp_path):
    herds = read(tmp_path, HEADING + "Алтын,12,3.5,2024-05,yes,KAZ;MNG\n")
    row = herds.iloc[0]
    assert (row["herd"], row["animals"], row["area_km2"]) == ("Алтын", 12, 3.5)
    assert (row["seen_on"], row["fenced"], row["states"]) == ("2024-05", True, ("KAZ", "MNG"))


def test_an_empty_cell_is_empty_and_not_a_word(tmp_path):
    row = read(tmp_path, HEADING + "NA,12,,,,\n").iloc[0]
    assert row["herd"] == "NA"
    assert row["seen_on"] is None
    assert row["states"] == ()
    assert pd.isna(row["area_km2"])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a,twelve,,,,", "line 2, 'animals' is 'twelve', which is not a whole number"),
        ("a,1,,2024-13,,", "not a date"),
        ("a,1,,24,,", "not a date"),
        ("a,1,,,maybe,", "not yes or no"),
        ("a,1,,,,KAZ;XXX", "'states' holds 'XXX'; allowed: KAZ, MNG"),
        (",1,,,,", "'herd' is empty in 1 row"),
        ("a,1,,,,,extra", "line 2 has more cells than the heading"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(tmp_path, line, words):
    with pytest.raises(InvalidTableError, match=words):
        read(tmp_path, HEADING + line + "\n")


def test_a_repeated_key_is_named_with_its_row(tmp_path):
    with pytest.raises(InvalidTableError, match=r"repeat an earlier herd \(first at row 1: a\)"):
        read(tmp_path, HEADING + "a,1,,,,\na,2,,,,\n")


def test_a_missing_column_is_told_with_what_was_found():
    with pytest.raises(InvalidTableError, match=r"missing 'animals'.*found 'herd'"):
        check_table(pd.DataFrame({"herd": ["a"]}), HERDS)


def test_a_table_without_rows_is_refused(tmp_path):
    with pytest.raises(InvalidTableError, match="no rows"):
        read(tmp_path, HEADING)


def test_all_problems_are_told_at_once(tmp_path):
    with pytest.raises(InvalidTableError) as refusal:
        read(tmp_path, HEADING + ",1,,,,XXX\n")
    assert "'herd' is empty" in str(refusal.value)
    assert "'XXX'" in str(refusal.value)
