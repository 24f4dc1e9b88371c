"""Crosswalks as files: no cell runs as a formula, and every word comes back."""

import csv

import pytest

from kulan.programme.editions import Crosswalk, Pair, Stated, read_crosswalk
from kulan.programme.editions.writing import comparison_files

SIDES = [Stated("1", "Trade", "Count")], [Stated("1", "Trade", "Count")]


def written(why, reason="same number"):
    pair = Pair(("1",), ("1",), "same", 1.0, (reason, "words alike"), "confirmed", why)
    return comparison_files(Crosswalk("a", "b", (pair,)), *SIDES)["crosswalk.csv"]


@pytest.mark.parametrize("why", ["=1+1", "-A1", "+A1", "@A1", "＝1+1", "－A1", "'quoted", "''=1"])
def test_no_word_runs_in_a_spreadsheet_and_every_one_comes_back(tmp_path, why):
    path = tmp_path / "crosswalk.csv"
    path.write_bytes(written(why, reason=why))
    row = next(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert row["why"] == f"'{why}"
    assert row["reasons"].startswith(f"'{why}")
    pair = read_crosswalk(path).pairs[0]
    assert (pair.why, pair.reasons) == (why, (why, "words alike"))


@pytest.mark.parametrize("why", ["  =1+1", "\r=1+1", "\n-A1"])
def test_blanks_before_a_formula_hide_it_from_nobody(why):
    assert f"'{why}" in written(why).decode()


@pytest.mark.parametrize("why", ["-12.5", "Read beside each other."])
def test_a_number_and_plain_words_stay_as_they_are(why):
    assert f",{why}," in written(why).decode()
