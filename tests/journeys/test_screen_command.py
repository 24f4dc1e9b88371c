"""A consultant at a keyboard: from a line in a file to a folder with a report."""

import json
import subprocess
import sys

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from kulan.assessment import DOSSIER_FILES
from kulan.cli import kulan
from kulan.errors import OutputExistsError, UnknownCrsError, UnknownNameError

GOBI = shapely.LineString([(106.5, 43.5), (107.2, 43.1), (108.4, 42.6)])


@pytest.fixture
def state(starter_state):
    return starter_state


@pytest.fixture
def line(tmp_path):
    return write(tmp_path / "line.geojson", [GOBI])


def write(path, shapes, **columns):
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_file(path)
    return path


def screen(state, *arguments):
    """Run the command as a person would; a refusal comes out as its error."""
    words = [str(word) for word in arguments]
    command = ["screen", *words, "--state", str(state), "--on", "2026-06-01"]
    return CliRunner().invoke(kulan, command, catch_exceptions=False)


def test_a_line_becomes_a_report_and_three_lines(state, line, tmp_path):
    result = screen(state, line, "--type", "railway", "--out", tmp_path / "out")

    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(DOSSIER_FILES)
    said = result.output.split("\n\n")[0].splitlines()
    assert len(said) == 3
    findings = json.loads((tmp_path / "out" / "findings.json").read_text())
    species = {each["species_id"] for each in findings["alternatives"][0]["species"]}
    assert {"khulan", "goitered_gazelle"} <= species


def test_the_same_question_gives_the_same_bytes(state, line, tmp_path):
    for name in ("one", "two"):
        screen(state, line, "--type", "railway", "--out", tmp_path / name)
    for name in DOSSIER_FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize(("language", "word"), [("ru", "Кулан"), ("fr", "Mongolie")])
def test_the_report_speaks_the_language_asked_for(state, line, tmp_path, language, word):
    screen(state, line, "--type", "road", "--lang", language, "--no-pdf", "--out", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert f'lang="{language}"' in page
    assert word.lower() in page.lower()


def test_two_files_are_two_alternatives_set_side_by_side(state, tmp_path):
    north = write(tmp_path / "north.geojson", [GOBI])
    south = write(tmp_path / "south.geojson", [shapely.transform(GOBI, lambda xy: xy - [0, 0.3])])
    screen(state, north, south, "--type", "road", "--no-pdf", "--out", tmp_path / "out")
    findings = json.loads((tmp_path / "out" / "findings.json").read_text())
    names = [each["alternative"]["alternative_id"] for each in findings["alternatives"]]
    assert names == ["north", "south"]
    assert {"length"} < {each["criterion"] for each in findings["ranking"]}


def test_a_mine_is_an_area(state, tmp_path):
    mine = write(tmp_path / "mine.gpkg", [shapely.box(106.8, 42.9, 107.0, 43.1)], name=["Pit"])
    screen(state, mine, "--type", "mine", "--no-pdf", "--out", tmp_path / "out")
    alternative = json.loads((tmp_path / "out" / "findings.json").read_text())["alternatives"][0]
    assert alternative["alternative"]["shape"] == "area"
    khulan = next(s for s in alternative["species"] if s["species_id"] == "khulan")
    assert khulan["exposures"][0]["occupied"]["value"] > 0


def test_a_layer_of_ones_own_is_asked_too_and_takes_nothing_away(state, line, tmp_path):
    write(tmp_path / "range.gpkg", [shapely.box(106, 42, 107, 44)])
    layer = f"{tmp_path / 'range.gpkg'},species=khulan,date=2024,name=collars"
    for name, extra in (("plain", []), ("more", ["--layer", layer])):
        out = tmp_path / name
        screen(state, line, "--type", "railway", "--no-pdf", "--out", out, *extra)
    plain, more = (
        json.loads((tmp_path / name / "findings.json").read_text()) for name in ("plain", "more")
    )
    assert set(plain["layers"]) < set(more["layers"])
    assert "user.collars" in more["layers"]


def test_an_option_goes_before_the_file(state, tmp_path):
    road = write(tmp_path / "road.geojson", [GOBI], type=["road"], fenced=["no"])
    screen(state, road, "--type", "railway", "--no-pdf", "--out", tmp_path / "out")
    found = json.loads((tmp_path / "out" / "findings.json").read_text())["alternatives"][0]
    assert found["alternative"]["barrier_type"] == "railway"
    assert found["alternative"]["fenced"] is False


def test_a_file_without_crs_is_refused_with_what_to_type(state, tmp_path):
    write(tmp_path / "line.shp", [GOBI])
    (tmp_path / "line.prj").unlink()
    with pytest.raises(UnknownCrsError, match="--crs EPSG"):
        screen(state, tmp_path / "line.shp", "--type", "road", "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_report_is_not_overwritten_unasked(state, line, tmp_path):
    arguments = (line, "--type", "road", "--no-pdf", "--out", tmp_path / "out")
    screen(state, *arguments)
    with pytest.raises(OutputExistsError, match="--replace"):
        screen(state, *arguments)
    assert screen(state, *arguments, "--replace").exit_code == 0


def test_a_folder_with_other_things_in_it_is_never_replaced(state, line, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("years of work")
    with pytest.raises(OutputExistsError, match=r"thesis\.docx"):
        screen(state, line, "--type", "road", "--replace", "--out", tmp_path / "out")
    assert (tmp_path / "out" / "thesis.docx").read_text() == "years of work"


def test_a_species_there_is_not_is_refused_before_anything_is_read(state, line, tmp_path):
    with pytest.raises(UnknownNameError, match=r"unicorn.*khulan"):
        screen(
            state, line, "--type", "road", "--layer", "x.gpkg,species=unicorn",
            "--out", tmp_path / "out",
        )  # fmt: skip


def test_a_failure_while_writing_leaves_no_folder(state, line, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr("kulan.assessment.dossier.write_pdf", fail)
    with pytest.raises(MemoryError):
        screen(state, line, "--type", "road", "--out", tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["line.geojson"]


def test_a_refusal_is_one_message_and_an_exit_code(tmp_path):
    (tmp_path / "line.geojson").write_text("not json")
    command = ["screen", "line.geojson", "--type", "road", "--out", "out"]
    run = subprocess.run(
        [sys.executable, "-c", "from kulan.cli import main; main()", *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 10
    assert run.stderr.startswith("kulan: line.geojson: ")
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "out").exists()


STOPPED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
import kulan.assessment.dossier as dossier

def stop(*_):
    assert [path for path in Path.cwd().iterdir() if path.name.startswith(".out.")]
    os.kill(os.getpid(), signal.SIGTERM)

dossier.write_html = stop
from kulan.cli import main
main()
"""


def test_a_run_that_is_asked_to_end_leaves_nothing_behind(starter_state, line, tmp_path):
    command = ["screen", "line.geojson", "--type", "road", "--out", "out"]
    run = subprocess.run(
        [sys.executable, "-c", STOPPED_WHILE_WRITING, *command, "--state", str(starter_state)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 143, run.stderr
    assert [path.name for path in tmp_path.iterdir()] == [line.name]
