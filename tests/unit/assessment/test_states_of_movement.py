"""`kulan movement states` from a file to a folder."""

import json

import numpy as np
import pandas as pd
import pytest
import rasterio
from click.testing import CliRunner
from rasterio.transform import from_origin

from kulan.assessment.movement.covariates import read_covariates
from kulan.cli import kulan
from kulan.errors import InvalidFileError, InvalidRequestError, UnknownCrsError
from kulan.movement.planes import LOCAL, Plane


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    """A file of one animal that rests and travels, and a raster that is high in the east."""
    folder = tmp_path_factory.mktemp("walk")
    rng = np.random.default_rng(3)
    travels = np.repeat(np.arange(40) % 2, 12)
    length = rng.gamma(4.0, np.where(travels, 400.0, 20.0))
    heading = np.cumsum(rng.vonmises(0.0, np.where(travels, 4.0, 0.2)))
    table = pd.DataFrame(
        {
            "animal_id": "k1",
            "time": pd.date_range("2024-03-01", periods=480, freq="2h", tz="UTC"),
            "x": 500_000 + np.cumsum(length * np.cos(heading)),
            "y": 5_000_000 + np.cumsum(length * np.sin(heading)),
        }
    )
    table.to_csv(folder / "walk.csv", index=False)
    (folder / "walk.toml").write_text(
        'crs = "EPSG:32648"\n[columns]\nanimal_id = "animal_id"\ntime = "time"\nx = "x"\ny = "y"\n'
    )
    cells = np.tile(np.arange(3000, dtype="float32"), (3000, 1))
    with rasterio.open(
        folder / "east.tif", "w", driver="GTiff", width=3000, height=3000, count=1,
        dtype="float32", crs="EPSG:32648", transform=from_origin(350_000, 5_150_000, 100, 100),
    ) as file:  # fmt: skip
        file.write(cells, 1)
    return folder


def _states(folder, runner, *options):
    out = folder / "states"
    arguments = ["movement", "states", str(folder / "walk.csv"), "--mapping",
                 str(folder / "walk.toml"), "--every-hours", "2", "--number", "2", "--starts", "3",
                 "--out", str(out), "--replace", *options]  # fmt: skip
    result = runner.invoke(kulan, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return out, json.loads((out / "result.json").read_text())


@pytest.fixture
def runner():
    return CliRunner()


def test_rest_and_travel_are_told_apart_with_limits(walk, runner):
    out, result = _states(walk, runner)
    rest, travel = result["numbers"]["states"]
    assert rest["step_mean_m"]["estimate"] == pytest.approx(80, rel=0.1)
    assert travel["step_mean_m"]["estimate"] == pytest.approx(1600, rel=0.1)
    assert travel["step_mean_m"]["low"] < travel["step_mean_m"]["estimate"]
    told = pd.read_csv(out / "states.csv")
    assert len(told) == 480
    truth = np.repeat(np.arange(40) % 2, 12)[1:] + 1
    assert (told["state"].to_numpy()[:-1] == truth).mean() > 0.97
    assert result["units"]["step_mean_m"] == "m"


def test_changes_may_depend_on_a_raster_and_the_picture_is_drawn(walk, runner):
    out, result = _states(
        walk, runner, "--covariate", f"east={walk / 'east.tif'}", "--plot", "--lang", "ru"
    )
    assert "east: 1 -> 2" in result["numbers"]["changes"]
    assert result["numbers"]["covariate_scales"]["east"]["sd"] > 0
    assert (out / "states.png").read_bytes().startswith(b"\x89PNG")


def test_a_raster_is_read_under_each_position_in_any_system(walk):
    (east,) = read_covariates([f"east={walk / 'east.tif'}"])
    plane = Plane("EPSG:32648")
    x_m, y_m = np.array([350_050.0, 400_000.0, 100_000.0]), np.array([5_000_000.0] * 3)
    assert east.at(plane, x_m, y_m).tolist()[:2] == [0.0, 500.0]
    assert np.isnan(east.at(plane, x_m, y_m)[2])
    other = Plane("+proj=laea +lat_0=45 +lon_0=105 +datum=WGS84 +units=m")
    moved = other.forward(*plane.inverse(x_m, y_m))
    assert np.array_equal(east.at(other, *moved)[:1], [0.0])


def test_local_metres_are_not_laid_over_a_raster_with_a_place(walk):
    (east,) = read_covariates([f"east={walk / 'east.tif'}"])
    with pytest.raises(UnknownCrsError, match="without a place on Earth"):
        east.at(LOCAL, np.zeros(1), np.zeros(1))


@pytest.mark.parametrize("asked", ["snow", "=snow.tif", "deep snow=snow.tif"])
def test_a_covariate_without_a_name_is_refused(asked):
    with pytest.raises(InvalidRequestError, match="NAME=FILE"):
        read_covariates([asked])


def test_a_table_is_no_raster(walk):
    with pytest.raises(InvalidFileError, match="no raster"):
        read_covariates([f"east={walk / 'walk.csv'}"])
