"""Fixes and lines in the same local metres are set beside each other, once that is said."""

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from kulan.assessment.movement.barrier_lines import read_lines
from kulan.cli import kulan
from kulan.errors import InvalidFileError, UnknownCrsError
from kulan.exchange import read_local_lines
from kulan.exchange.telemetry import read_fixes

AT_LINES = ("--distance", 300, "--null", "none")


def run(*words):
    return CliRunner().invoke(kulan, ["movement", *map(str, words)])


def result(folder):
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def write_silent(layer, path):
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        layer.to_file(path)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study in local metres with a line, and the same line in files that say nothing."""
    place = tmp_path_factory.mktemp("local")
    told = run(
        "simulate", "--local", "--animals", 3, "--days", 60, "--crossing-probability", 0.4, "--out",
        place / "study",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    line = gpd.read_file(place / "study" / "features.gpkg")
    line = line.set_crs(None, allow_override=True)
    write_silent(line, place / "silent.gpkg")
    write_silent(line[["barrier_id", "segment_id", "geometry"]], place / "silent.shp")
    line.set_crs(32648, allow_override=True).to_file(place / "utm.gpkg")
    return place


@pytest.mark.parametrize("file", ["study/features.gpkg", "silent.gpkg", "silent.shp"])
def test_encounters_in_local_metres_are_those_that_were_planted(study, file, tmp_path):
    told = run(
        "barriers", study / "study", "--barriers", study / file, "--barriers-crs", "local",
        *AT_LINES, "--plot", "--out", tmp_path / "out",
    )  # fmt: skip
    assert told.exception is None, repr(told.exception)
    assert "in the same local metres as the fixes, as declared" in told.output
    numbers = result(tmp_path / "out")["numbers"]
    planted = result(study / "study")["numbers"]
    assert numbers["encounters"] == planted["encounters"]
    assert numbers["outcomes"]["crossed"] == pytest.approx(planted["crossed"], abs=3)
    assert result(tmp_path / "out")["recipe"]["parameters"]["lines"]["crs"] == "local"
    segments = gpd.read_file(tmp_path / "out" / "features.gpkg", layer="segments")
    assert segments.crs.is_engineering
    assert segments.length.sum() == pytest.approx(
        pd.read_csv(tmp_path / "out" / "segments.csv")["length_m"].sum(), abs=1
    )


def test_local_metres_with_dates_have_no_season_and_that_is_told(study, tmp_path):
    fixes = read_fixes(study / "study" / "fixes.parquet").fixes.table
    table = fixes[["animal_id", "x", "y"]].assign(
        time=pd.to_datetime(fixes["time"], unit="s", utc=True).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    )
    table.to_csv(tmp_path / "dated.csv", index=False)
    told = run(
        "barriers", tmp_path / "dated.csv", "--crs", "local", "--barriers", study / "silent.gpkg",
        "--barriers-crs", "local", *AT_LINES, "--out", tmp_path / "out",
    )  # fmt: skip
    assert told.exception is None, repr(told.exception)
    assert "Places are local metres: there are no seasons" in told.output


def test_steps_over_a_line_in_local_metres_are_told_from_others(study, tmp_path):
    told = run(
        "select", study / "study", "--every-hours", 2, "--controls", 5, "--barriers",
        study / "silent.gpkg", "--barriers-crs", "local", "--out", tmp_path / "out",
    )  # fmt: skip
    assert told.exception is None, repr(told.exception)
    assert "crosses" in result(tmp_path / "out")["numbers"]["coefficients"]


def test_nothing_is_taken_for_local_metres_unless_that_is_said(study, tmp_path):
    asked = ("--barriers", study / "silent.gpkg", *AT_LINES, "--out", tmp_path / "out")
    told = run("barriers", study / "study", *asked)
    assert type(told.exception) is UnknownCrsError
    assert "does not say in which coordinate reference system" in str(told.exception)
    told = run("barriers", study / "study", *asked, "--barriers-crs", "EPSG:32648")
    assert type(told.exception) is UnknownCrsError
    assert "--barriers-crs local" in str(told.exception)
    assert not (tmp_path / "out").exists()


def test_lines_with_a_place_on_earth_are_no_local_metres(study):
    with pytest.raises(UnknownCrsError, match=r"EPSG:32648.*has a place on Earth"):
        read_lines([str(study / "utm.gpkg")], crs="local")
    with pytest.raises(UnknownCrsError, match="Atlas have a place on Earth"):
        read_lines(["atlas"], crs="local")


def test_fixes_with_a_place_on_earth_go_with_no_local_line(study, tmp_path):
    run("simulate", "--animals", 1, "--days", 20, "--out", tmp_path / "study")
    told = run(
        "barriers", tmp_path / "study", "--barriers", study / "silent.gpkg", "--barriers-crs",
        "local", *AT_LINES, "--out", tmp_path / "out",
    )  # fmt: skip
    assert type(told.exception) is UnknownCrsError
    assert "these lines are local metres" in str(told.exception)


def test_geojson_is_always_in_degrees(tmp_path):
    path = tmp_path / "line.geojson"
    path.write_text(json.dumps(shapely.geometry.mapping(shapely.LineString([(0, 0), (9, 9)]))))
    with pytest.raises(UnknownCrsError, match="has a place on Earth"):
        read_local_lines(path)


def test_points_are_no_lines_in_local_metres_either(tmp_path):
    points = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)])
    write_silent(points, tmp_path / "points.gpkg")
    with pytest.raises(InvalidFileError, match="line"):
        read_local_lines(tmp_path / "points.gpkg")
