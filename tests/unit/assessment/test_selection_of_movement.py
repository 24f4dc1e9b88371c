"""`kulan movement select` from files to a folder."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from click.testing import CliRunner
from rasterio.transform import from_origin

from kulan.cli import kulan
from kulan.errors import InvalidRequestError


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    """A file of an animal that keeps to a wood of squares and to one side of a line."""
    folder = tmp_path_factory.mktemp("choices")
    rng = np.random.default_rng(8)
    wood = rng.random((600, 600)) < 0.5
    x, y, heading = [500_100.0], [5_000_050.0], 0.0
    for _ in range(700):
        length, turn = rng.gamma(2.0, 100.0, 30), rng.vonmises(0.0, 0.5, 30)
        east, north = (
            x[-1] + length * np.cos(heading + turn),
            y[-1] + length * np.sin(heading + turn),
        )
        row = np.clip(((5_030_000 - north) // 100).astype(int), 0, 599)
        column = np.clip(((east - 470_000) // 100).astype(int), 0, 599)
        score = 1.2 * wood[row, column] + rng.gumbel(size=30)
        score[east < 500_000] = -np.inf
        pick = int(score.argmax())
        heading += turn[pick]
        x.append(east[pick])
        y.append(north[pick])
    pd.DataFrame(
        {
            "animal_id": "k1",
            "time": pd.date_range("2024-03-01", periods=701, freq="h", tz="UTC"),
            "x": x,
            "y": y,
        }
    ).to_csv(folder / "walk.csv", index=False)
    (folder / "walk.toml").write_text(
        'crs = "EPSG:32648"\n[columns]\nanimal_id = "animal_id"\ntime = "time"\nx = "x"\ny = "y"\n'
    )
    with rasterio.open(
        folder / "wood.tif", "w", driver="GTiff", width=600, height=600, count=1, dtype="float32",
        crs="EPSG:32648", transform=from_origin(470_000, 5_030_000, 100, 100),
    ) as file:  # fmt: skip
        file.write(wood.astype("float32"), 1)
    line = shapely.LineString([(500_000, 4_970_000), (500_000, 5_030_000)])
    gpd.GeoDataFrame({"name": ["railway"]}, geometry=[line], crs="EPSG:32648").to_file(
        folder / "line.gpkg"
    )
    return folder


def _select(folder, *options):
    arguments = ["movement", "select", str(folder / "walk.csv"), "--mapping",
                 str(folder / "walk.toml"), "--every-hours", "1", "--out", str(folder / "out"),
                 "--replace", *options]  # fmt: skip
    result = CliRunner().invoke(kulan, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads((folder / "out" / "result.json").read_text()), folder / "out"


def test_a_wood_that_is_chosen_has_its_strength_with_limits(walk):
    result, out = _select(walk, "--covariate", f"wood={walk / 'wood.tif'}", "--plot")
    wood = result["numbers"]["coefficients"]["wood"]
    assert wood["low"] < 1.2 < wood["high"]
    assert result["numbers"]["movement_without_selection"]["scale_m"]["estimate"] > 0
    told = pd.read_csv(out / "coefficients.csv").set_index("term")
    assert told.loc["wood", "strength_per_sd"] > 1.5
    assert told.loc["wood", "sd_between_draws"] < told.loc["wood", "error"]
    assert set(pd.read_csv(out / "calibration.csv")["covariate"]) == {"wood"}
    assert (out / "selection.png").read_bytes().startswith(b"\x89PNG")


def test_a_line_that_nobody_crossed_has_no_coefficient_and_says_so(walk):
    result, _ = _select(walk, "--barriers", str(walk / "line.gpkg"))
    assert result["numbers"]["crosses"]["estimate"] is None
    assert "crosses" not in result["numbers"]["coefficients"]
    assert any("no step of the animals meets a barrier" in note for note in result["notes"])


def test_a_product_with_what_lies_at_the_start_is_a_term(walk):
    wood = f"wood={walk / 'wood.tif'}"
    result, _ = _select(walk, "--covariate", wood, "--product", "log_length:start_wood")
    assert "log_length:start_wood" in result["numbers"]["coefficients"]


def test_a_start_where_a_raster_of_a_product_is_unknown_leaves_the_calibration_whole(walk):
    fixes = pd.read_csv(walk / "walk.csv")
    with rasterio.open(walk / "wood.tif") as wood:
        profile, values = wood.profile, wood.read(1)
        row, column = rasterio.transform.rowcol(wood.transform, fixes["x"], fixes["y"])
    for fix in range(50, 60):  # of ten steps one after another, two are held back
        values[int(row[fix]), int(column[fix])] = -1
    with rasterio.open(walk / "snow.tif", "w", **profile | {"nodata": -1}) as file:
        file.write(values, 1)
    result, _ = _select(
        walk, "--covariate", f"snow={walk / 'snow.tif'}", "--product", "log_length:start_snow"
    )
    assert result["numbers"]["left_out"]
    assert result["numbers"]["calibration_share_inside"]["snow"] > 0


@pytest.mark.parametrize("product", ["wood", "log_length:snow"])
def test_a_product_of_what_is_no_covariate_is_refused(walk, product):
    with pytest.raises(InvalidRequestError, match="write two of these"):
        _select(walk, "--covariate", f"wood={walk / 'wood.tif'}", "--product", product)
