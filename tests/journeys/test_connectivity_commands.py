"""From a line and some sites to what it takes away, and where to cross it: the real commands."""

import json
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

SITES = Path(__file__).parents[2] / "examples" / "gobi-sites.geojson"
GOBI = ["--bounds", "104", "41", "118", "49"]
DAY = ["--on", "2026-06-01"]


def kulan(state, *words):
    """Run the program as a person would; return what it says."""
    command = [sys.executable, "-c", "from kulan.cli import main; main()", *map(str, words)]
    environment = os.environ | {"KULAN_STATE": str(state)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def done(state, *words):
    result = kulan(state, *words)
    assert result.returncode == 0, result.stderr
    return result.stdout


def numbers(folder):
    return json.loads((folder / "result.json").read_text())["numbers"]


@pytest.fixture(scope="module")
def khulan(starter_state, tmp_path_factory):
    out = tmp_path_factory.mktemp("khulan") / "resistance"
    build = ["resistance", "build", "--species", "khulan", "--cell", 20_000, "--members", 2]
    done(starter_state, *build, *GOBI, "--out", out)
    return out


def test_what_the_railway_adds_to_all_else_that_stands(starter_state, khulan, tmp_path):
    out = tmp_path / "railway"
    asked = ["--barriers", "atlas", "--barrier", "B01", "--standing", "atlas", *DAY]
    said = done(
        starter_state,
        *["connectivity", "effect", khulan / "resistance.tif", "--sites", SITES],
        *[*asked, "--close-gaps", 15, "--habitat", "atlas", "--plot", "--out", out],
    )
    railway, fence = "Trans-Mongolian Railway (B01)", "Mongolia-China border fence (B07)"
    assert f"Without and with: {railway}. Standing in both: {fence}" in said
    assert f"{railway} has a hole of" in said
    pairs = pd.read_csv(out / "pairs.csv").set_index(["name", "other_name"])
    change = pairs["resistance_change_percent"]
    across, beside = change["Ikh Nart", "Toson Khulstai"], change["Dornod Mongol", "Dariganga"]
    assert across > 10
    assert beside < 1
    assert 0 < numbers(out)["conductance_lost_share"] < 0.5
    assert (out / "current_change.png").stat().st_size > 10_000


def test_where_the_railway_is_best_crossed(starter_state, khulan, tmp_path):
    out = tmp_path / "crossings"
    done(
        starter_state,
        *["connectivity", "crossings", khulan / "resistance.tif", "--sites", SITES],
        *["--barriers", "atlas", *DAY, "--close-gaps", 15, "--along", "B01"],
        *["--spacing-km", 60, "--members", khulan, "--draws", 4, "--most", 3],
        *["--plot", "--out", out],
    )
    ranking = pd.read_csv(out / "ranking.csv")
    assert ranking["rank"].tolist() == list(range(1, len(ranking) + 1))
    assert len(pd.read_csv(out / "portfolio.csv")) == 3
    # forest and the border with Russia are no place to cross, the Gobi steppe is
    assert ranking.head(3)["latitude"].between(43.7, 47).all()
    shown = gpd.read_file(out / "features.gpkg", layer="candidates")
    assert shown["rank"].tolist() == ranking["rank"].tolist()
    assert "4 members: 2 maps" in numbers(out)["ensemble"]
    assert (out / "ranking.png").is_file()


def test_a_refusal_has_its_exit_code_and_leaves_no_folder(starter_state, khulan, tmp_path):
    result = kulan(
        starter_state,
        *["connectivity", "crossings", khulan / "resistance.tif", "--sites", SITES],
        *["--barriers", "atlas", *DAY, "--along", "B99", "--out", tmp_path / "out"],
    )
    assert result.returncode == 14
    assert "B99" in result.stderr
    assert not (tmp_path / "out").exists()


def test_the_whole_from_real_rasters_and_lines(starter_state, shared_data, tmp_path):
    """Land cover, elevation and barriers of the shared data in place of the Atlas's."""
    rasters, known = shared_data / "raster", shared_data / "vector" / "known_barriers.geojson"
    cover = rasters / "landcover_mcd12c1_2019_igbp_0p05.tif"
    height = rasters / "elevation_pvlib_5min.tif"
    lines = gpd.read_file(known)
    near = lines[lines["id"].isin(["B01", "B07"])]
    near.to_file(tmp_path / "lines.geojson")
    land, out = tmp_path / "gazelle", tmp_path / "railway"
    build = ["resistance", "build", "--species", "mongolian_gazelle", "--cell", 20_000, *GOBI]
    layers = ["--layer", f"land_cover={cover}", "--layer", f"elevation_m={height}"]
    done(starter_state, *build, *layers, "--out", land)
    done(
        starter_state,
        *["connectivity", "effect", land / "resistance.tif", "--sites", SITES],
        *["--barriers", tmp_path / "lines.geojson", "--barrier", "B01"],
        *["--standing", tmp_path / "lines.geojson", "--close-gaps", 15, "--out", out],
    )
    pairs = pd.read_csv(out / "pairs.csv").set_index(["name", "other_name"])
    change = pairs["resistance_change_percent"]
    assert change["Ikh Nart", "Toson Khulstai"] > change["Dornod Mongol", "Dariganga"]
