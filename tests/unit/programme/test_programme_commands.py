"""`kulan programme`: the nouns as a person or a program reads them."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.errors import UnknownNameError


def ask(*words):
    result = CliRunner().invoke(kulan, ["programme", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def rows_of(*words):
    return json.loads(ask(*words, "--format", "json"))


def test_an_edition_lists_its_species_in_the_language_asked_for():
    rows = rows_of("species", "--edition", "2025", "--lang", "fr")
    assert len(rows) == 17
    names = {row["species_id"]: row["name"] for row in rows}
    assert names["khulan"] == "Âne sauvage d’Asie"
    assert "chiru" not in names


def test_a_category_is_that_of_the_day_with_its_taxon():
    def snow_leopard(day):
        rows = rows_of("species", "--on", day)
        return next(row["IUCN"] for row in rows if row["species_id"] == "snow_leopard")

    assert snow_leopard("2016-06-01").startswith("EN (Panthera uncia")
    assert snow_leopard("2018-06-01").startswith("VU (Panthera uncia")


@pytest.mark.parametrize(
    ("day", "standing"), [("2020-12-31", "non_party"), ("2021-01-01", "party 2021-01-01")]
)
def test_a_state_is_a_party_from_the_day_it_joined(day, standing):
    rows = {row["iso3"]: row["CMS"] for row in rows_of("states", "--on", day)}
    assert rows["TKM"].startswith(standing)
    assert len(rows) == 14


def test_csv_and_json_hold_the_same_rows():
    table = list(csv.DictReader(io.StringIO(ask("barriers", "--format", "csv"))))
    rows = rows_of("barriers")
    assert [row["barrier_id"] for row in table] == [row["barrier_id"] for row in rows]
    assert all(row["source"] and row["confidence"] for row in table)


def test_barriers_of_one_status_are_only_those():
    assert {row["status"] for row in rows_of("barriers", "--status", "planned")} == {"planned"}


def test_seasons_of_one_species_are_only_its_own():
    assert {row["species_id"] for row in rows_of("seasons", "saiga")} == {"saiga"}


def test_a_species_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(UnknownNameError, match=r"unicorn.*khulan"):
        ask("seasons", "unicorn")


def test_a_narrow_terminal_breaks_no_id(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    printed = ask("species")
    assert "asiatic_cheetah" in printed
    assert "przewalski_horse" in printed
    assert all(len(line) <= 80 for line in printed.splitlines())


def test_a_fact_sheet_is_written_as_pdf_without_an_atlas_too(tmp_path):
    out = tmp_path / "sheet.pdf"
    result = CliRunner().invoke(
        kulan,
        [
            "programme",
            "fact-sheet",
            "urial",
            "--lang",
            "ru",
            "--out",
            str(out),
            "--state",
            str(tmp_path),
        ],
    )

    assert result.exit_code == 0
    assert "the sheet has no map" in result.stderr
    assert out.read_bytes().startswith(b"%PDF")
