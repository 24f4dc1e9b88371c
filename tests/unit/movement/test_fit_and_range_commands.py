"""`kulan movement fit` and `range`, from a file of fixes to a folder."""

import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.movement.models import make_model, simulate

OURS = ["--elapsed", "--crs", "local"]


@pytest.fixture(scope="module")
def herd(tmp_path_factory):
    """A resident, a wanderer, and one with two fixes."""
    time_s = np.arange(300) * 14_400.0
    shape = np.diag([9e8, 4e8])
    rng = np.random.default_rng(11)
    tables = []
    for name, days in (("home", 4), ("nomad", 400)):
        model = make_model(kind="OU", memory=(days * 86_400.0,), sigma_m2=shape)
        path = simulate(model, time_s, rng)
        tables.append(
            pd.DataFrame({"animal_id": name, "time": time_s, "x": path.x_m, "y": path.y_m})
        )
    tables.append(pd.DataFrame({"animal_id": "new", "time": [0.0, 60], "x": [0, 5], "y": [0, 5]}))
    file = tmp_path_factory.mktemp("herd") / "herd.csv"
    pd.concat(tables).to_csv(file, index=False)
    return file


def ran(*words):
    answer = CliRunner().invoke(kulan, ["movement", *map(str, words)], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_fit_writes_models_with_limits_and_tells_who_has_too_few_fixes(herd, tmp_path):
    told = ran("fit", herd, *OURS, "--out", tmp_path / "fit")
    assert "home: OU" in told
    assert "nomad: OU" in told
    assert "track of new: 2 fix" in told
    result = json.loads((tmp_path / "fit" / "result.json").read_text())
    home = result["numbers"]["animals"]["home"]
    tau = home["tau_position_s"]
    assert tau["low"] < 4 * 86_400 < tau["high"]
    assert home["range_resident"]
    assert not result["numbers"]["animals"]["nomad"]["range_resident"]
    models = pd.read_csv(tmp_path / "fit" / "models.csv")
    assert models.groupby("animal_id")["delta_aicc"].min().tolist() == [0, 0]


def test_an_area_without_an_upper_limit_is_told(tmp_path):
    hours = np.arange(60) * 1.0
    table = pd.DataFrame({"animal_id": "away", "time": hours * 3600, "x": hours * 500})
    table["y"] = 300 * np.sin(hours)
    table.to_csv(tmp_path / "away.csv", index=False)
    words = ("--model", "OU", "--out", tmp_path / "fit")
    told = ran("fit", tmp_path / "away.csv", *OURS, *words)
    assert "no upper limit (none in result.json): away." in told
    result = json.loads((tmp_path / "fit" / "result.json").read_text())
    assert result["numbers"]["animals"]["away"]["area_95_m2"]["high"] is None


def test_one_model_may_be_named(herd, tmp_path):
    told = ran("fit", herd, *OURS, "--only", "home", "--model", "OU", "--out", tmp_path / "one")
    assert "home: OU," in told
    assert len(pd.read_csv(tmp_path / "one" / "models.csv")) == 1


def test_the_distance_along_a_path_is_told_where_fixes_know_speeds(herd, tmp_path):
    model = make_model(kind="OUF", memory=(4e5, 14_400.0), sigma_m2=np.eye(2) * 1e8)
    path = simulate(model, np.arange(400) * 3600.0, np.random.default_rng(2))
    table = pd.DataFrame({"animal_id": "k", "time": path.time_s, "x": path.x_m, "y": path.y_m})
    table.to_csv(tmp_path / "k.csv", index=False)
    words = ("--along-path", "--model", "OUF", "--out", tmp_path / "k")
    told = ran("fit", tmp_path / "k.csv", *OURS, *words)
    assert "km a day along its path" in told
    one = json.loads((tmp_path / "k" / "result.json").read_text())["numbers"]["animals"]["k"]
    # of a Gaussian speed of root mean square v the mean is v sqrt(pi) / 2
    expected = model.speed_m_s().estimate * math.sqrt(math.pi) / 2 * 86.4
    assert one["path_km_per_day"]["estimate"] == pytest.approx(expected, rel=0.2)
    words = ("--along-path", "--only", "home", "--model", "OU", "--out", tmp_path / "o")
    assert "no signal of velocity" in ran("fit", herd, *OURS, *words)


def test_range_writes_contours_and_use_and_a_word_for_who_has_none(herd, tmp_path):
    out = tmp_path / "range"
    told = ran("range", herd, *OURS, "--plot", "--out", out)
    assert "nomad: not range-resident" in told
    assert (out / "ranges.png").stat().st_size > 10_000
    animals = json.loads((out / "result.json").read_text())["numbers"]["animals"]
    area = animals["home"]["area_km2"]["0.95"]
    truth = -2 * math.log(0.05) * math.pi * 30 * 20
    assert area["low"] < truth < area["high"]
    assert animals["nomad"]["area_km2"]["0.95"]["estimate"] is None
    lines = gpd.read_file(out / "features.gpkg", layer="ranges")
    assert set(lines["animal_id"]) == {"home"}
    outer = lines[lines["share"] == 0.95].geometry.iloc[0]
    assert outer.area / 1e6 == pytest.approx(area["estimate"], rel=1e-6)
    assert outer.contains(lines[lines["share"] == 0.5].geometry.iloc[0].representative_point())
    with rasterio.open(out / "use_home.tif") as use:
        assert use.read(1).sum() == pytest.approx(1, abs=1e-4)
    assert not (out / "use_nomad.tif").exists()


def test_confidence_sets_the_limits_of_areas_and_tables_and_stands_in_the_recipe(herd, tmp_path):
    words = [herd, *OURS, "--only", "home", "--model", "OU"]
    areas, tables = [], []
    for confidence in (0.95, 0.5):
        out = tmp_path / f"range_{confidence}"
        ran("range", *words, "--confidence", confidence, "--out", out)
        result = json.loads((out / "result.json").read_text())
        assert result["recipe"]["parameters"]["confidence"] == confidence
        area = result["numbers"]["animals"]["home"]["area_km2"]["0.95"]
        assert area["level"] == confidence
        areas.append(area)
        ran("fit", *words, "--confidence", confidence, "--out", tmp_path / f"fit_{confidence}")
        tables.append(pd.read_csv(tmp_path / f"fit_{confidence}" / "models.csv").iloc[0])
    wide, narrow = areas
    assert wide["low"] < narrow["low"] < narrow["estimate"] < narrow["high"] < wide["high"]
    for name in ("tau_position_s", "area_95_m2", "diffusion_m2_per_s"):
        wide, narrow = tables
        assert wide[f"{name}_low"] < narrow[f"{name}_low"], name
        assert narrow[f"{name}_high"] < wide[f"{name}_high"], name


def test_like_ctmm_gives_the_wanderer_an_area_too(herd, tmp_path):
    out = tmp_path / "like"
    told = ran("range", herd, *OURS, "--only", "nomad", "--like", "ctmm", "--out", out)
    assert "km² hold 95% of its use" in told
    assert "not range-resident" in told


def test_fit_draws_variograms_in_russian(herd, tmp_path):
    out = tmp_path / "drawn"
    ran("fit", herd, *OURS, "--plot", "--lang", "ru", "--out", out)
    assert (out / "variograms.png").stat().st_size > 10_000


@pytest.mark.slow
def test_two_processes_give_the_bytes_of_one(herd, tmp_path):
    for workers in (1, 2):
        words = ["range", herd, *OURS, "--workers", workers]
        ran(*words, "--out", tmp_path / f"by_{workers}")
    names = sorted(path.name for path in (tmp_path / "by_1").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "by_2").iterdir())
    for name in names:
        if name.endswith((".json", ".csv", ".tif")):
            one, two = (tmp_path / f"by_{n}" / name for n in (1, 2))
            assert one.read_bytes() == two.read_bytes(), name


def test_ranges_together_tell_overlaps_and_where_the_population_lives(tmp_path):
    rng = np.random.default_rng(2)
    tables = []
    for name, east in (("a", 0.0), ("b", 0.0), ("c", 300_000.0)):
        model = make_model(
            kind="OU", memory=(86_400.0,), sigma_m2=np.diag([9e8, 4e8]), mu_m=(east, 0.0)
        )
        path = simulate(model, np.arange(400) * 14_400.0, rng)
        tables.append(
            pd.DataFrame({"animal_id": name, "time": path.time_s, "x": path.x_m, "y": path.y_m})
        )
    file, out = tmp_path / "three.csv", tmp_path / "out"
    pd.concat(tables).to_csv(file, index=False)
    ran("range", file, *OURS, "--together", "--confidence", 0.8, "--out", out)
    overlaps = pd.read_csv(out / "overlaps.csv").set_index(["animal_id", "other_id"])["overlap"]
    assert overlaps["a", "b"] > 0.9
    assert overlaps["a", "c"] < 0.1
    told = json.loads((out / "result.json").read_text())["numbers"]["together"]
    area = told["population_area_km2"]["0.95"]
    assert area["low"] < area["estimate"] < area["high"]
    assert area["level"] == told["mean_area_95_of_animals_km2"]["level"] == 0.8
    assert told["mean_area_95_of_animals_km2"]["estimate"] < area["estimate"]
    with rasterio.open(out / "population.tif") as use:
        assert use.read(1).sum() == pytest.approx(1, abs=1e-3)
