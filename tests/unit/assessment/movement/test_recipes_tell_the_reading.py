"""Two runs that read otherwise have two recipes, whatever command of movement it is."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from kulan.assessment.movement.reading import FixesAsked, telemetry_asked
from kulan.cli import kulan
from kulan.exchange.telemetry import TelemetryAsked, read_fixes
from kulan.movement.planes import Plane

# what a command needs beside its fixes, to be quick
COMMANDS = {
    "clean": (),
    "paths": (),
    "fit": ("--model", "OU"),
    "range": ("--by", "mcp"),
    "migration": (),
    "corridor": (
        "--dates",
        "dates.csv",
        "--error-m",
        20,
        "--resamples",
        100,
        "--cell",
        2000,
        "--max-gap-hours",
        30,
        "--window",
        7,
        "--margin",
        3,
    ),
    "select": ("--every-hours", 12, "--controls", 3),
    "states": ("--every-hours", 12, "--number", 2, "--starts", 1),
    "barriers": (
        "--barriers",
        "study/features.gpkg",
        "--distance",
        2000,
        "--null",
        "none",
        "--b-time",
        30,
    ),
}


def run(*words):
    told = CliRunner().invoke(kulan, ["movement", *map(str, words)], catch_exceptions=False)
    assert told.exit_code == 0, told.output


def recipe(folder):
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return result["recipe_sha256"], result["recipe"]["parameters"].get("reading")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A study of two animals that migrate over a line, its dates, and a table of one collar."""
    place = tmp_path_factory.mktemp("recipes")
    run(
        "simulate", "--animals", 2, "--days", 365, "--interval-h", 12, "--migration-km", 60,
        "--crossing-probability", 0.5, "--longitude", 80, "--latitude", 48,
        "--out", place / "study",
    )  # fmt: skip
    run("migration", place / "study", "--out", place / "dates")
    dates = pd.read_csv(place / "dates" / "dates.csv", dtype=str, keep_default_na=False)
    dates[dates["animal_id"] == "S1"].to_csv(place / "dates.csv", index=False)
    fixes = read_fixes(place / "study" / "fixes.parquet").fixes.table
    fixes = fixes[(fixes["animal_id"] == "S1") & (fixes["flags"] == 0)].head(40)
    table = pd.DataFrame({"when": fixes["time"].dt.strftime("%Y-%m-%d %H:%M")})
    table["x"], table["y"] = fixes["x"].round(5), fixes["y"].round(5)
    table.to_csv(place / "collar.csv", index=False)
    (place / "collar.toml").write_text('[columns]\ntime = "when"\nx = "x"\ny = "y"\n')
    return place


@pytest.mark.parametrize("command", COMMANDS)
def test_whose_fixes_were_taken_stands_in_the_recipe(command, place, tmp_path, monkeypatch):
    monkeypatch.chdir(place)
    for name, only in (("all", ()), ("one", ("--only", "S1")), ("again", ("--only", "S1"))):
        run(command, "study", *COMMANDS[command], *only, "--out", tmp_path / name)
    every, one, again = (recipe(tmp_path / name) for name in ("all", "one", "again"))
    assert every[0] != one[0]
    assert (every[1]["animals"], one[1]["animals"]) == ([], ["S1"])
    assert one == again


RAW = ("--crs", "EPSG:4326", "--zone", "UTC", "--animal", "K1", "--mapping", "collar.toml")
OTHERWISE = {
    "zone": ("--zone", "+08:00"),
    "crs": ("--crs", "EPSG:4284"),
    "animal": ("--animal", "K2"),
    "species": ("--species", "khulan"),
    "time_format": ("--time-format", "%Y-%m-%d %H:%M"),
    "swap_axes": ("--swap-axes",),
}


@pytest.mark.parametrize("option", OTHERWISE)
@pytest.mark.parametrize("command", ["read", "clean"])
def test_what_was_vouched_for_stands_in_the_recipe(option, command, place, tmp_path, monkeypatch):
    monkeypatch.chdir(place)
    run(command, "collar.csv", *RAW, "--out", tmp_path / "one")
    run(command, "collar.csv", *RAW, *OTHERWISE[option], "--out", tmp_path / "other")
    (first, plainly), (second, otherwise) = recipe(tmp_path / "one"), recipe(tmp_path / "other")
    assert first != second
    assert {name for name in plainly if plainly[name] != otherwise[name]} == {option}


def test_a_mapping_is_told_by_what_it_declares(tmp_path):
    mapping = tmp_path / "collars.toml"
    mapping.write_text('missing = ["-9"]\n[columns]\ntime = ["Day", "Hour"]\n[constants]\nhdop="1"')
    told = FixesAsked(telemetry_asked(mapping)).told
    assert told["columns"] == {"time": ("Day", "Hour")}
    assert told["constants"] == {"hdop": "1"}
    assert told["missing"] == ("-9",)


def test_nothing_that_can_be_asked_is_left_out():
    asked = FixesAsked(TelemetryAsked(elapsed=True, step_s=60.0, layer="k"), ("b", "a"), Plane())
    assert set(asked.told) == {*vars(TelemetryAsked()), "animals", "plane"}
    assert (asked.told["elapsed"], asked.told["step_s"], asked.told["layer"]) == (True, 60.0, "k")
    assert asked.told["animals"] == ["a", "b"]


def test_the_plane_of_all_stands_in_the_recipe(place, tmp_path, monkeypatch):
    monkeypatch.chdir(place)
    for name, more in (("own", ()), ("named", ("--plane", "EPSG:32649"))):
        run("range", "study", "--by", "mcp", *more, "--out", tmp_path / name)
    (own, plainly), (named, otherwise) = recipe(tmp_path / "own"), recipe(tmp_path / "named")
    assert own != named
    assert (plainly["plane"], otherwise["plane"]) == (None, "EPSG:32649")


def test_simulated_fixes_are_read_from_nowhere(place):
    assert recipe(place / "study")[1] is None
