"""`kulan programme import`: its files, its words and its refusals."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from builders_of_plans import ARGALI_2020, ARGALI_2030
from builders_of_programmes import text_of_programme
from kulan.cli import kulan
from kulan.errors import InvalidFileError, OutputExistsError
from kulan.programme.editions import read_crosswalk
from kulan.programme.text import read_listed
from kulan.web.programme.register.importing import EditionRead
from kulan.web.programme.register.models import ImportedEdition
from kulan.web.programme.register.text_changes import store_and_tell


def run(*arguments):
    return CliRunner().invoke(
        kulan, ["programme", "import", *map(str, arguments)], catch_exceptions=True
    )


@pytest.fixture
def printed(tmp_path):
    path = tmp_path / "programme.txt"
    path.write_text(text_of_programme("fr"), encoding="utf-8")
    return path


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_it_writes_actions_corrections_and_losses(printed, tmp_path):
    result = run(printed, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "228 actions with 63 parts in 32 sections" in result.output
    actions = rows(tmp_path / "out" / "actions.csv")
    assert len(actions) == 291
    assert sum(1 for row in actions if not row["parent_id"]) == 228
    held = json.loads((tmp_path / "out" / "actions.json").read_text(encoding="utf-8"))
    assert held["language"] == "fr"
    assert held["missing"] == []
    assert {row["field"] for row in rows(tmp_path / "out" / "corrections.csv")} >= {"number"}
    assert rows(tmp_path / "out" / "losses.csv") == []


def test_the_same_file_gives_the_same_bytes(printed, tmp_path):
    run(printed, "--out", tmp_path / "a")
    run(printed, "--out", tmp_path / "b")
    for name in ("actions.csv", "actions.json", "corrections.csv", "losses.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_row_that_is_not_there_is_named(printed, tmp_path):
    printed.write_text(
        printed.read_text(encoding="utf-8").replace("\t5.3\u00a0", "\t"), encoding="utf-8"
    )
    result = run(printed, "--out", tmp_path / "out")
    assert "Not found: 5.3." in result.output
    assert ("missing", "5.3") in {
        (row["what"], row["text"]) for row in rows(tmp_path / "out" / "losses.csv")
    }


def test_a_folder_in_use_is_left_alone(printed, tmp_path):
    run(printed, "--out", tmp_path / "out")
    assert isinstance(run(printed, "--out", tmp_path / "out").exception, OutputExistsError)
    assert run(printed, "--out", tmp_path / "out", "--replace").exit_code == 0


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    refusal = run(tmp_path / "nothing.txt", "--out", tmp_path / "out").exception
    assert isinstance(refusal, InvalidFileError)
    assert "nothing.txt" in str(refusal)
    assert not (tmp_path / "out").exists()


def test_no_cell_begins_as_a_formula_does(printed, tmp_path):
    printed.write_text(
        printed.read_text(encoding="utf-8").replace("\t5.3\u00a0", "\t5.3 =HYPERLINK(1) "),
        encoding="utf-8",
    )
    result = run(printed, "--out", tmp_path / "out")
    assert result.exit_code == 0
    text = (tmp_path / "out" / "actions.csv").read_text(encoding="utf-8")
    assert ",=HYPERLINK" not in text


def compare(*arguments):
    return CliRunner().invoke(kulan, ["programme", "compare", *map(str, arguments)])


def test_a_draft_is_compared_with_the_edition_before_it(printed, tmp_path):
    draft = tmp_path / "draft.txt"
    draft.write_text(
        printed.read_text(encoding="utf-8").replace("\t5.3\u00a0", "\t5.3\u00a0Enfin "),
        encoding="utf-8",
    )
    result = compare(printed, draft, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "227 same, 1 reworded." in result.output
    pairs = {row["before"]: row for row in rows(tmp_path / "out" / "crosswalk.csv")}
    assert pairs["5.3"]["kind"] == "reworded"
    assert "{+Enfin+}" in pairs["5.3"]["difference"]
    held = json.loads((tmp_path / "out" / "crosswalk.json").read_text(encoding="utf-8"))
    assert len(held["pairs"]) == 228


def test_an_edition_is_named_and_a_file_of_another_language_is_told(printed, tmp_path):
    result = compare("cami-2021", printed, "--lang", "en", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "not in one language" in result.output


def test_an_edition_that_nobody_knows_is_taken_for_a_file_and_refused(tmp_path):
    result = compare("cami-1999", "cami-2021", "--out", tmp_path / "out")
    assert isinstance(result.exception, InvalidFileError)
    assert not (tmp_path / "out").exists()


def test_progress_is_carried_by_what_people_confirmed_in_the_file(printed, tmp_path):
    compare(printed, printed, "--out", tmp_path / "out")
    path = tmp_path / "out" / "crosswalk.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[1] = lines[1].replace(",proposed,", ",confirmed,")
    path.write_text("\n".join(lines), encoding="utf-8")
    statuses = tmp_path / "statuses.csv"
    statuses.write_text("action_id,status\ncami-2021:1.1,done\n1.2,done\n", encoding="utf-8")
    result = CliRunner().invoke(
        kulan,
        ["programme", "carry", str(path), str(statuses), "--out", str(tmp_path / "carried.csv")],
    )
    assert result.exit_code == 0, result.output
    carried = {row["after"]: row for row in rows(tmp_path / "carried.csv")}
    assert (carried["1.1"]["status"], carried["1.1"]["carried"]) == ("done", "yes")
    assert (carried["1.2"]["status"], carried["1.2"]["carried"]) == ("", "no")


def test_a_crosswalk_in_which_two_pairs_claim_one_action_is_refused(printed, tmp_path):
    compare(printed, printed, "--out", tmp_path / "out")
    path = tmp_path / "out" / "crosswalk.csv"
    text = path.read_text(encoding="utf-8").replace("\n1.2,1.2,", "\n1.2,1.1,")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFileError, match=r"1\.1 of the after edition"):
        read_crosswalk(path)


# --- a list of a plan's actions


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "argali.csv"
    path.write_text(ARGALI_2020, encoding="utf-8")
    return path


def test_a_list_of_actions_is_read_and_its_unknown_leads_are_told(listed, tmp_path):
    result = run(listed, "--edition", "argali-2020", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "4 actions with 0 parts in 2 sections, in en, ru." in result.output
    assert "Friends of the Steppe" in result.output
    held = json.loads((tmp_path / "out" / "actions.json").read_text(encoding="utf-8"))
    assert held["actions"][0]["would_count"] == ["survey:1:state"]


def test_a_list_stands_in_the_register_as_a_draft_of_its_plan(listed, tmp_path, db):  # noqa: ARG001
    plan = read_listed(listed, edition_id="argali-2020")
    said = EditionRead("argali-2020", "argali", {"en": "Plan for the argali"}, 2020, 2029)
    changes = store_and_tell(None, plan, said)
    assert (changes.added, store_and_tell(None, plan, said).unchanged) == (4, 4)
    row = ImportedEdition.objects.get()
    assert (row.plan, row.status, row.first_year) == ("argali", "draft", 2020)


@pytest.mark.parametrize("years", ["soon", "2020-later", "20-21"])
def test_years_that_are_none_are_refused(listed, tmp_path, years):
    result = run(listed, "--years", years, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_two_lists_are_compared(listed, tmp_path):
    later = tmp_path / "argali-2030.csv"
    later.write_text(ARGALI_2030, encoding="utf-8")
    result = CliRunner().invoke(
        kulan,
        ["programme", "compare", str(listed), str(later), "--out", str(tmp_path / "walk")],
    )
    assert result.exit_code == 0, result.output
    assert "1 split" in result.output
    walk = read_crosswalk(tmp_path / "walk" / "crosswalk.csv")
    assert any(one.before == ("1.2",) and one.after == ("1.1",) for one in walk.pairs)
