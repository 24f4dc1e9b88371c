"""`kulan movement range` by methods without a movement model."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from kulan.cli import kulan

OURS = ["--elapsed", "--crs", "local"]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    xy = np.random.default_rng(4).normal(0, 1000, (2, 200))
    table = pd.DataFrame(
        {"animal_id": "k1", "time": 3600.0 * np.arange(200), "x": xy[0], "y": xy[1]}
    )
    path = tmp_path_factory.mktemp("one") / "one.csv"
    table.to_csv(path, index=False)
    return path


def run(*words):
    return CliRunner().invoke(
        kulan, ["movement", "range", *map(str, words)], catch_exceptions=False
    )


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("mcp", []),
        ("kde", ["--bandwidth", "lscv"]),
        ("kde", ["--bandwidth", "250"]),
        ("locoh", ["--neighbours", "r", "--amount", "600"]),
        ("locoh", []),
        ("bridge", ["--error-m", "20"]),
        ("dynamic-bridge", ["--error-m", "20", "--like", "MigrationMapper"]),
        ("time", ["--max-gap-hours", "2"]),
    ],
)
def test_each_method_gives_nested_contours_and_areas_without_limits(file, tmp_path, method, words):
    out = tmp_path / "out"
    answer = run(file, *OURS, "--by", method, *words, "--plot", "--out", out)
    assert answer.exit_code == 0, answer.output
    result = json.loads((out / "result.json").read_text())
    areas = result["numbers"]["animals"]["k1"]["area_km2"]
    assert 0 < areas["0.5"]["estimate"] < areas["0.95"]["estimate"]
    assert areas["0.95"]["low"] is None
    contours = gpd.read_file(out / "features.gpkg", layer="ranges").set_index("share").geometry
    assert contours[0.95].buffer(1).covers(contours[0.5])
    assert contours[0.95].area / 1e6 == pytest.approx(areas["0.95"]["estimate"], rel=1e-6)


def test_another_methods_likeness_is_refused(file, tmp_path):
    answer = run(file, *OURS, "--by", "kde", "--like", "ctmm", "--out", tmp_path / "out")
    assert answer.exit_code == 2
    assert "does not go with" in answer.output
