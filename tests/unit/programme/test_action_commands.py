"""`kulan programme actions` as a person or a program reads it."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.errors import UnknownNameError


def run(*words):
    return CliRunner().invoke(kulan, ["programme", "actions", *words], catch_exceptions=False)


def rows_of(*words):
    result = run(*words, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_all_228_actions_come_with_a_key_of_their_own():
    rows = rows_of()
    assert len(rows) == 228
    assert len({row["key"] for row in rows}) == 228


def test_parts_come_after_their_action_when_asked_for():
    rows = [row["action_id"] for row in rows_of("--section", "8", "--parts")]
    assert rows[:5] == ["8.1", "8.1.a", "8.1.b", "8.1.c", "8.2"]


def test_titles_are_in_the_language_asked_for_and_short_names_are_not_translated():
    (row,) = rows_of("--section", "21", "--lang", "ru")
    assert row["section"] == "Сайгак"
    assert "меморандум" in row["title"]
    assert row["leads"] == "government_agencies;scientific_institutions;ngos"


def test_options_narrow_together():
    rows = rows_of("--lead", "gslep", "--priority", "medium")
    assert [row["action_id"] for row in rows] == ["22.6"]


def test_csv_holds_the_same_rows_as_json():
    table = list(csv.DictReader(io.StringIO(run("--section", "29", "--format", "csv").stdout)))
    assert table == rows_of("--section", "29")
    assert [row["printed"] for row in table].count("29.10") == 2


def test_a_lead_to_be_confirmed_is_marked_on_the_terminal():
    shown = " ".join(run("--section", "2", "--lead", "traffic").stdout.split())
    assert "TRAFFIC?" in shown


def test_of_the_first_edition_it_says_that_no_action_is_known():
    result = run("--edition", "cami-2014")
    assert result.exit_code == 0
    assert "only title and years are known" in result.stderr


def test_when_no_action_fits_it_says_so():
    result = run("--section", "1", "--species", "saiga")
    assert "No action is all that was asked for" in result.stderr


@pytest.mark.parametrize("option", ["--section", "--lead", "--species", "--state"])
def test_a_name_that_is_not_known_is_refused(option):
    with pytest.raises(UnknownNameError, match="nonesuch"):
        run(option, "nonesuch")
