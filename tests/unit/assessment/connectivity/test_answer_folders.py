"""An answer ends in a folder: whole, listed, and replaced only where Kulan wrote it."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely

from kulan.assessment.connectivity.folders import Answer, check_place, plain, write_answer
from kulan.assessment.connectivity.running import Running
from kulan.assessment.movement.folders import MovementAnswer
from kulan.assessment.movement.folders import write_answer as write_movement
from kulan.connectivity.equal_area_grids import PlaneGrid
from kulan.errors import OutputDeniedError, OutputExistsError
from kulan.movement.intervals import Interval
from kulan.provenance import Input


@pytest.fixture
def answer():
    grid = PlaneGrid(np.array([[1.0, np.nan]], np.float32), 0.0, 1000.0, 1000.0)
    sites = gpd.GeoDataFrame({"site": [1]}, geometry=[shapely.Point(60, 45)], crs="EPSG:4326")
    return Answer(
        "kulan.some.function",
        {"species_id": "saiga", "cell_m": 1000.0},
        (Input("resistance.tif", "a" * 64),),
        {"ohm": np.inf, "links": np.int64(3)},
        {"current": grid},
        {"current": "A"},
        {"sites": sites},
        {"resistance": pd.DataFrame({"site": [1], "ohm": [2.5]})},
        {"current.png": b"picture"},
        notes=("Something to know.",),
    )


def test_every_file_of_an_answer_is_listed_in_it(answer, tmp_path):
    files = write_answer(tmp_path / "out", answer)
    written = {path.name for path in (tmp_path / "out").iterdir()}
    listed = json.loads((tmp_path / "out" / "result.json").read_text())
    assert written == {"result.json", *listed["files"]} == {path.name for path in files}
    assert files[0].name == "result.json"
    assert written >= {"current.tif", "features.gpkg", "resistance.csv", "current.png"}


def test_infinite_numbers_are_none_and_the_recipe_is_told(answer, tmp_path):
    write_answer(tmp_path / "out", answer)
    told = json.loads((tmp_path / "out" / "result.json").read_text())
    assert told["numbers"] == {"ohm": None, "links": 3}
    assert told["recipe_sha256"] == answer.recipe.digest
    assert told["notes"] == ["Something to know."]


def test_maps_say_what_they_are_and_of_which_recipe(answer, tmp_path):
    write_answer(tmp_path / "out", answer)
    with rasterio.open(tmp_path / "out" / "current.tif") as raster:
        tags = raster.tags()
    assert tags["KULAN_SPECIES"] == "saiga"
    assert tags["KULAN_UNIT"] == "A"
    assert tags["KULAN_RECIPE"] == answer.recipe.digest


def test_the_same_answer_gives_the_same_bytes(answer, tmp_path):
    for name in ("one", "two"):
        write_answer(tmp_path / name, answer)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_an_earlier_answer_is_replaced_only_when_asked(answer, tmp_path):
    write_answer(tmp_path / "out", answer)
    with pytest.raises(OutputExistsError, match="--replace"):
        write_answer(tmp_path / "out", answer)
    write_answer(tmp_path / "out", answer, replace=True)


def test_a_folder_with_other_files_is_never_replaced(answer, tmp_path):
    write_answer(tmp_path / "out", answer)
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputExistsError, match="did not write"):
        write_answer(tmp_path / "out", answer, replace=True)
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


def test_a_file_in_the_way_is_refused_before_any_work(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputExistsError, match="is a file"):
        check_place(tmp_path / "out", replace=True)
    with pytest.raises(OutputDeniedError):
        check_place(tmp_path / "out" / "below", replace=False)


def test_values_become_what_json_can_hold():
    assert plain({"a": (np.float32(0.5), np.nan), 2: np.array([1, 2])}) == {
        "a": [0.5, None],
        "2": [1, 2],
    }


def test_progress_says_what_is_being_done():
    told = []
    Running(report=lambda *steps: told.append(steps)).telling("windows")(2, 5)
    assert told == [(2, 5, "windows")]


def test_an_answer_of_movement_is_written_by_the_same_hand(answer, tmp_path):
    moved = MovementAnswer(
        answer.method,
        {"from": pd.Timestamp("2024-05-01", tz="UTC"), "until": pd.NaT},
        answer.inputs,
        {"area_km2": Interval(1.0, np.inf, np.nan), "kinds": (np.float32(0.5),)},
        tables=answer.tables,
        notes=answer.notes,
    )
    write_answer(tmp_path / "one", answer)
    write_movement(tmp_path / "other", moved)
    one, other = (
        json.loads((tmp_path / name / "result.json").read_text()) for name in ("one", "other")
    )
    assert list(one) == list(other)
    assert other["numbers"] == {
        "area_km2": {"low": 1.0, "estimate": None, "high": None, "level": 0.95},
        "kinds": [0.5],
    }
    assert other["recipe"]["parameters"] == {"from": "2024-05-01T00:00:00+00:00", "until": None}
    table = "resistance.csv"
    assert (tmp_path / "one" / table).read_bytes() == (tmp_path / "other" / table).read_bytes()
