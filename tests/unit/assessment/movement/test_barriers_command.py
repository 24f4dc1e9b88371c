"""From simulated collars to permeability, by the commands alone."""

import html
import json
import re

import pandas as pd
import pytest
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.connectivity.barriers.permeability import segment_permeabilities
from kulan.connectivity.tables import BARRIER_PERMEABILITIES
from kulan.errors import (
    InvalidGeometryError,
    InvalidTableError,
    OutputExistsError,
    UnknownCrsError,
    UnknownNameError,
)
from kulan.schemas import read_table


def run(*words):
    return CliRunner().invoke(kulan, ["movement", *map(str, words)], catch_exceptions=False)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "simulated"
    told = run(
        "simulate", "--animals", 4, "--days", 60, "--crossing-probability", 0.2,
        "--crossing-probability", 0.6, "--missing", 0.1, "--error-m", 5, "--species", "khulan",
        "--out", out,
    )  # fmt: skip
    assert told.exit_code == 0
    return out


@pytest.fixture(scope="module")
def found(study):
    out = study.parent / "found"
    told = run(
        "barriers", study, "--barriers", study / "features.gpkg", "--distance", 300, "--plot",
        "--lang", "ru", "--sweep", 150, "--changed", "2024-02-01", "--paths", 20, "--out", out,
    )  # fmt: skip
    assert told.exit_code == 0
    return out


def result(folder):
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def test_a_simulation_tells_what_was_planted(study):
    numbers = result(study)["numbers"]
    assert numbers["crossing_probability"] == [0.2, 0.6]
    assert numbers["fixes"] == 4 * (60 * 12 + 1)
    truth = pd.read_csv(study / "truth.csv")
    assert truth["encounters"].sum() == len(pd.read_csv(study / "true_encounters.csv"))


def test_the_same_seed_gives_the_same_study(study, tmp_path):
    again = tmp_path / "again"
    run(
        "simulate", "--animals", 4, "--days", 60, "--crossing-probability", 0.2,
        "--crossing-probability", 0.6, "--missing", 0.1, "--error-m", 5, "--species", "khulan",
        "--out", again,
    )  # fmt: skip
    assert (again / "truth.csv").read_bytes() == (study / "truth.csv").read_bytes()
    assert result(again)["recipe_sha256"] == result(study)["recipe_sha256"]


def test_every_number_has_its_limits(found):
    numbers = result(found)["numbers"]
    for name in ("crossing_probability", "crossing_left_of_expected"):
        limits = numbers[name]
        assert limits["low"] <= limits["estimate"] <= limits["high"]
    assert numbers["encounters"] == sum(numbers["behaviours"].values())
    assert numbers["encounters"] == sum(numbers["outcomes"].values())
    assert set(numbers["movement_without_the_line"]) == {"S1", "S2", "S3", "S4"}
    assert numbers["change"]["difference"]["low"] < numbers["change"]["difference"]["high"]


def test_groups_are_told_apart(found):
    table = pd.read_csv(found / "permeability.csv")
    assert set(table["by"]) == {"all", "species", "season", "daylight"}
    by_season = table[table["by"] == "season"]
    assert by_season["encounters"].sum() == table["encounters"][0]


def test_distances_beside_the_one_asked_for_are_counted(found):
    table = pd.read_csv(found / "sweep.csv")
    assert table["distance_m"].tolist() == [150.0, 300.0]
    assert table["encounters"][1] == len(pd.read_csv(found / "encounters.csv"))


def test_connectivity_reads_the_permeabilities(found):
    table = read_table(found / "barrier_permeabilities.csv", BARRIER_PERMEABILITIES)
    both = [("simulated", "1"), ("simulated", "2"), ("simulated", "9")]
    read = segment_permeabilities(both, table, species_id="khulan", season="winter")
    assert ((read >= 0) & (read <= 1)).all()
    assert read[0] != read[1]


def test_each_row_for_connectivity_names_its_own_encounters(found):
    table = pd.read_csv(found / "barrier_permeabilities.csv")
    table = table[table["season"].isna()]
    told = table["source"].str.extract(r"(\d+) animals, (\d+) encounters").astype(int)[1]
    everything = int(told[table["segment_id"].isna()].iloc[0])
    assert told[table["segment_id"].notna()].sum() == everything
    assert (told[table["segment_id"].notna()] < everything).all()
    assert everything == pd.read_csv(found / "permeability.csv")["weighed_encounters"][0]


def test_the_moment_of_a_change_is_told(found):
    assert "The change is taken to be at 2024-02-01 00:00 UTC." in result(found)["notes"]


def test_elapsed_seconds_have_no_day_of_a_change(study, tmp_path):
    place = pd.DataFrame({"animal_id": "a", "time": range(40), "x": 105.0, "y": 45.0})
    place.to_csv(tmp_path / "elapsed.csv", index=False)
    with pytest.raises(InvalidTableError, match="--changed cannot be told apart"):
        run(
            "barriers", tmp_path / "elapsed.csv", "--crs", "EPSG:4326", "--elapsed",
            "--barriers", study / "features.gpkg", "--distance", 300, "--changed", "2024-02-01",
            "--out", tmp_path / "none",
        )  # fmt: skip


def test_pictures_are_drawn(found):
    for name in ("tracks.png", "encounters.png", "permeability.png"):
        assert (found / name).read_bytes().startswith(b"\x89PNG")


def test_baba_and_brownian_motion_can_be_asked_for(study, tmp_path):
    out = tmp_path / "baba"
    run(
        "barriers", study, "--barriers", study / "features.gpkg", "--distance", 300,
        "--like", "BaBA", "--null", "brownian", "--segment-km", 20, "--out", out,
    )  # fmt: skip
    told = result(out)
    assert told["recipe"]["parameters"]["like"] == "BaBA"
    assert any("Brownian motion" in note for note in told["notes"])
    run(
        "barriers", study, "--barriers", study / "features.gpkg", "--distance", 300,
        "--null", "none", "--replace", "--out", out,
    )  # fmt: skip
    assert "crossing_left_of_expected" not in result(out)["numbers"]


def test_fixes_without_a_place_meet_no_line(study, tmp_path):
    run("simulate", "--animals", 1, "--days", 9, "--local", "--out", tmp_path / "local")
    with pytest.raises(UnknownCrsError, match="lie nowhere on Earth"):
        run(
            "barriers", tmp_path / "local", "--barriers", study / "features.gpkg",
            "--distance", 300, "--out", tmp_path / "none",
        )  # fmt: skip


def test_lines_far_from_the_tracks_are_refused_in_words(study, tmp_path):
    run(
        "simulate", "--animals", 1, "--days", 9, "--longitude", 60, "--out", tmp_path / "far",
    )  # fmt: skip
    with pytest.raises(InvalidGeometryError, match="no fix of 1 animals lies within 300 m"):
        run(
            "barriers", tmp_path / "far", "--barriers", study / "features.gpkg",
            "--distance", 300, "--out", tmp_path / "none",
        )  # fmt: skip


def test_mistakes_are_told(study, found, tmp_path):
    asked = ("barriers", study, "--barriers", study / "features.gpkg", "--distance", 300)
    with pytest.raises(OutputExistsError, match="already holds an answer"):
        run(*asked, "--out", found)
    with pytest.raises(UnknownNameError, match="no column is called 'nothing'"):
        run(*asked, "--id-column", "nothing", "--out", tmp_path / "none")
    with pytest.raises(InvalidTableError, match="say its zone"):
        run("simulate", "--start", "2024-01-01", "--animals", 1, "--out", tmp_path / "none")


@pytest.mark.parametrize("language", ["ru", "fr"])
def test_a_report_in_another_language_holds_no_english_note(found, tmp_path, language):
    out = tmp_path / "report"
    told = run("report", found, "--lang", language, "--on", "2024-05-01", "--out", out)
    assert told.exit_code == 0
    page = html.unescape((out / "report.html").read_text(encoding="utf-8"))
    page = re.sub(r"[\u00a0\u202f]", " ", page)
    notes = result(found)["notes"]
    assert len(notes) > 4
    assert [note for note in notes if note in page] == []
