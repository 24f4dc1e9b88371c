"""`kulan programme money` as a person types it: every example of its help runs as it stands."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from declared import commands
from kulan.cli import kulan
from kulan.errors import InvalidFileError, InvalidTableError

ROOT = Path(__file__).parents[4]
OURS = {name: one for name, one in commands().items() if name.startswith("kulan programme money")}
EXAMPLES = [
    (name, re.findall(r"^\s+(kulan .*)$", one.help or "", re.M)) for name, one in OURS.items()
]


@pytest.fixture
def here(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words):
    return CliRunner().invoke(kulan, ["programme", "money", *words])


def rows_of(*words):
    result = run(*words, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("name", "lines"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_every_example_runs(name, lines):
    assert lines, f"{name} shows no example"
    for line in lines:
        result = CliRunner().invoke(kulan, shlex.split(line)[1:])
        assert result.exit_code == 0, (line, result.output, result.exception)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("by", "first", "gap"),
    [
        ("action", "cami-2021:3.5", ("150000.00", "400000.00")),
        ("state", "MNG", ("150000.00", "400000.00")),
        ("species", "mongolian_gazelle", ("0.00", "650000.00")),
        ("section", "3", ("238000.00", "532000.00")),
    ],
)
def test_the_largest_gap_comes_first_from_at_least_to_at_most(by, first, gap):
    row = rows_of("gap", "examples/money", "--by", by)[0]
    assert row["key"] == first
    assert (row["gap_low"], row["gap_high"]) == gap


@pytest.mark.usefixtures("here")
def test_landscapes_are_those_that_the_files_name(here):
    assert rows_of("gap", "examples/money", "--by", "landscape") == []
    shares = here / "examples" / "money" / "shares.csv"
    shares.write_text(shares.read_text() + "XX-EXAMPLE-1-fences,landscape,gobi,\n")
    (row,) = rows_of("gap", "examples/money", "--by", "landscape")
    assert (row["key"], row["status"]) == ("gobi", "need_unknown")


@pytest.mark.usefixtures("here")
def test_what_cannot_be_converted_is_told_and_in_no_figure():
    result = run("gap", "examples/money", "--currency", "EUR")
    assert "No rate to EUR" in result.stderr
    assert "250,000\u00a0USD (2024-02-01)" in result.stderr


@pytest.mark.usefixtures("here")
def test_calls_are_matched_to_actions_that_lack_money_with_reasons():
    rows = rows_of("match", "examples/money", "--on", "2026-05-03")
    assert (rows[0]["call"], rows[0]["action"]) == ("steppe-2026", "cami-2021:3.1")
    assert "Nothing is secured for the action." in rows[0]["for_it"]
    later = rows_of("match", "examples/money", "--on", "2026-07-01")
    assert {row["call"] for row in later} == {"saiga-fund"}
    unknown = rows_of("match", "examples/money", "--on", "2026-07-01", "--cost-unknown")
    assert len(unknown) > len(later)


@pytest.mark.usefixtures("here")
def test_a_match_is_told_as_reasons_for_and_against():
    told = run("match", "examples/money", "--on", "2026-05-03").stdout
    assert "\n  <- Grants for steppes, A trust (example), " in told
    assert "\n  + The action is of high priority." in told
    assert "\n  - Applicants must bring 20 % of the whole themselves." in told


def standard_form(content):
    root = etree.fromstring(content)
    for one in root:
        one.attrib.pop("last-updated-datetime", None)
    return etree.canonicalize(root[0], strip_text=True, with_comments=False)


@pytest.mark.usefixtures("here")
def test_activities_become_tables_and_tables_the_same_activities(here):
    file = here / "examples" / "money" / "activities.xml"
    text = file.read_text().replace('<x:note xmlns:x="urn:elsewhere">ё</x:note>', "")
    file.write_text(text)
    assert run("iati", "import", str(file), "--out", "made").exit_code == 0
    assert run("iati", "export", "made", "--out", "again.xml").exit_code == 0
    assert standard_form((here / "again.xml").read_bytes()) == standard_form(text.encode())
    flows = here / "made" / "flows.csv"
    flows.write_text(flows.read_text().replace("2500.00", "2600.00"))
    assert run("iati", "export", "made", "--out", "again.xml").exit_code == 0
    again = etree.parse(here / "again.xml")
    assert again.findtext(".//transaction/value[.='2600.00']") == "2600.00"
    assert again.find(".//transaction/value[.='2500']") is None
    assert len(again.findall(".//result")) == 1


@pytest.mark.usefixtures("here")
def test_a_check_names_faults_and_broken_rules_and_can_fail_for_them(here):
    file = here / "examples" / "money" / "activities.xml"
    text = file.read_text()
    file.write_text(
        text.replace('percentage="75"', 'percentage="70"').replace("<result ", "<odd/><result ", 1)
    )
    rows = rows_of("iati", "check", str(file))
    assert {row["what"] for row in rows} == {
        "The percentages make 95, not 100.", "the standard has no odd there",
    }  # fmt: skip
    assert all(row["source"] for row in rows)
    assert run("iati", "check", str(file), "--strict").exit_code == 1


@pytest.mark.usefixtures("here")
def test_sound_books_are_said_to_be_and_whatever_is_changed_in_the_file_is_found(here):
    journal = here / "examples" / "money" / "journal.csv"
    assert "4 records are as they were posted" in run("ledger", "check", str(journal)).stdout
    assert run("ledger", "check", str(journal), "--last-hash", "00").exit_code == 1
    text = journal.read_text()
    for old, new in (
        ("120000.00", "120000.01"),
        ("Invoice 12,", "Invoice 13,"),
        ("person:1", "person:3"),
    ):
        assert old in text
        journal.write_text(text.replace(old, new))
        found = run("ledger", "check", str(journal))
        assert found.exit_code == 1
        assert "not what it was when it was posted" in " ".join(found.stdout.split())


@pytest.mark.usefixtures("here")
def test_the_books_balance_on_any_day():
    rows = rows_of("ledger", "balance", "examples/money/journal.csv", "--until", "2024-06-10")
    assert rows[-1] == {
        "account": "", "fund": "", "debit": "120000.00", "credit": "120000.00", "currency": "USD",
    }  # fmt: skip
    assert [row["debit"] for row in rows[:-1]] == ["75000.00", "0.00", "45000.00"]


@pytest.mark.usefixtures("here")
def test_a_folder_without_money_and_a_figure_that_is_none_are_refused(here):
    assert isinstance(run("gap", ".").exception, InvalidFileError)
    needs = here / "examples" / "money" / "needs.csv"
    needs.write_text(needs.read_text().replace("400000", "4e5 or so"))
    assert isinstance(run("gap", "examples/money").exception, InvalidTableError)
    needs.write_text(needs.read_text().replace("2025-03-01", "2025-03"))
    assert isinstance(run("gap", "examples/money").exception, InvalidTableError)
