"""`kulan movement migration` and `corridor`, from a file of fixes to a folder and back."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from click.testing import CliRunner
from scipy.signal import lfilter

from kulan.cli import kulan
from kulan.errors import InvalidTableError, NotEnoughDataError

SAID = ["--crs", "EPSG:32648"]


@pytest.fixture(scope="module")
def herd(tmp_path_factory):
    """Four animals that go 50 km east in May, each on its own line, and one that stays."""
    hours = np.arange(0, 200 * 24, 3.0)
    tables = []
    for k in range(5):
        rng = np.random.default_rng(k)
        mean = np.interp(hours / 24, [100, 112], [0, 50e3 if k else 0])
        keep = np.exp(-3 / 24)
        stray = lfilter([600 * np.sqrt(1 - keep**2)], [1, -keep], rng.normal(size=(2, len(hours))))
        tables.append(
            pd.DataFrame(
                {
                    "animal_id": f"k{k}",
                    "time": pd.Timestamp("2023-01-20", tz="UTC") + pd.to_timedelta(hours, "h"),
                    "x": 500e3 + mean + stray[0],
                    "y": 5e6 + 800 * k + stray[1],
                }
            )
        )
    file = tmp_path_factory.mktemp("herd") / "herd.csv"
    pd.concat(tables).to_csv(file, index=False)
    return file


def run(*words):
    return CliRunner().invoke(kulan, ["movement", *map(str, words)], catch_exceptions=False)


@pytest.fixture(scope="module")
def migrated(herd, tmp_path_factory):
    out = tmp_path_factory.mktemp("migrated") / "out"
    answer = run("migration", herd, *SAID, "--plot", "--lang", "ru", "--out", out)
    assert answer.exit_code == 0, answer.output
    return out


@pytest.fixture(scope="module")
def corridor(herd, migrated, tmp_path_factory):
    out = tmp_path_factory.mktemp("corridor") / "out"
    answer = run(
        "corridor", herd, *SAID, "--error-m", 15, "--dates", migrated / "dates.csv",
        "--resamples", 100, "--plot", "--out", out,
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    return out


def numbers(folder):
    return json.loads((folder / "result.json").read_text())["numbers"]


def test_migrants_have_a_journey_with_limits_and_the_one_that_stays_has_none(migrated):
    animals = numbers(migrated)["animals"]
    assert [len(animals[f"k{k}"]["journeys"]) for k in range(5)] == [0, 1, 1, 1, 1]
    start = animals["k2"]["journeys"][0]["start"]
    assert start["low"] <= start["estimate"] <= start["high"]
    assert start["high"] > "2023-04-24"
    assert start["low"] < "2023-05-06"
    assert animals["k2"]["way"] == "disperser"
    assert animals["k2"]["wandering"]["fidelity"]["estimate"] is None


def test_seasonal_ranges_and_journeys_are_layers(migrated):
    ranges = gpd.read_file(migrated / "features.gpkg", layer="seasonal_ranges")
    assert ranges.crs.to_epsg() == 32648
    assert set(ranges["season"]) == {"range 1", "range 2"}
    assert len(gpd.read_file(migrated / "features.gpkg", layer="journeys")) == 4


def test_the_picture_is_drawn(migrated, corridor):
    for file in (migrated / "migration.png", corridor / "corridors.png"):
        assert file.read_bytes().startswith(b"\x89PNG")


def test_corridors_are_maps_and_layers_with_limits(corridor):
    told = numbers(corridor)
    assert told["animals_in_corridor"] == 4
    low = told["low_use_km2"]
    assert low["low"] <= low["estimate"]
    assert 0 < told["share_held"]["low"] < told["share_held"]["high"] <= 1
    with rasterio.open(corridor / "animals.tif") as file:
        assert file.crs.to_epsg() == 32648
        assert file.res == (250, 250)
        assert file.read(1).max() >= 2
    with rasterio.open(corridor / "use.tif") as file:
        assert file.read(1).sum() == pytest.approx(1, abs=1e-3)
    layers = {
        name: gpd.read_file(corridor / "features.gpkg", layer=name)
        for name in ("corridors", "stopovers", "footprints")
    }
    assert layers["corridors"]["use"].tolist() == ["low", "medium", "high"]
    assert len(layers["footprints"]) == 4
    assert len(pd.read_csv(corridor / "curve.csv")) == 4


def test_dates_that_were_corrected_count(herd, migrated, tmp_path):
    dates = pd.read_csv(migrated / "dates.csv", dtype=str, keep_default_na=False)
    only = dates[(dates["animal_id"] == "k3") & (dates["kind"] == "migration")]
    only.assign(season="spring", comment="seen on the map").to_csv(
        tmp_path / "checked.csv", index=False
    )
    words = ["--error-m", 15, "--dates", tmp_path / "checked.csv", "--resamples", 100]
    answer = run(
        "corridor", herd, *SAID, *words, "--season", "spring", "--like", "MigrationMapper",
        "--out", tmp_path / "one",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    assert numbers(tmp_path / "one")["animals_in_corridor"] == 1
    assert "4 of 5 animals have no journey" in answer.output
    assert "seen on the map" in (tmp_path / "one" / "dates.csv").read_text()
    with pytest.raises(NotEnoughDataError, match="autumn"):
        run("corridor", herd, *SAID, *words, "--season", "autumn", "--out", tmp_path / "none")


def test_a_mistake_in_the_file_of_dates_is_named(herd, migrated, tmp_path):
    dates = (migrated / "dates.csv").read_text().replace("k3,migration", "k7,migration")
    (tmp_path / "wrong.csv").write_text(dates)
    words = ["--error-m", 15, "--dates", tmp_path / "wrong.csv"]
    with pytest.raises(InvalidTableError, match="'k7'"):
        run("corridor", herd, *SAID, *words, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_unknown_location_error_is_asked_for(herd, migrated, tmp_path):
    with pytest.raises(InvalidTableError, match="--error-m"):
        run("corridor", herd, *SAID, "--dates", migrated / "dates.csv", "--out", tmp_path / "out")


@pytest.fixture
def mixed(tmp_path):
    """A migrant, and a wanderer that moves on every two months."""
    hours = np.arange(0, 365 * 24, 6.0)
    moves = [50, 55, 110, 115, 170, 175, 230, 235, 290, 295]
    places = [0, 60e3, 60e3, 10e3, 10e3, 90e3, 90e3, 40e3, 40e3, 120e3]
    ways = {
        "nomad": np.interp(hours / 24, moves, places),
        "migrant": np.interp(hours / 24, [110, 120, 270, 285], [0, 60e3, 60e3, 0]),
    }
    tables = []
    for k, (name, mean) in enumerate(ways.items()):
        keep = np.exp(-6 / 72)
        noise = np.random.default_rng(8 + k).normal(size=(2, len(hours)))
        stray = lfilter([2500 * np.sqrt(1 - keep**2)], [1, -keep], noise)
        start = pd.Timestamp("2023-01-01", tz="UTC")
        tables.append(
            pd.DataFrame(
                {
                    "animal_id": name,
                    "time": start + pd.to_timedelta(hours, "h"),
                    "x": 500e3 + mean + stray[0],
                    "y": 5e6 + stray[1],
                }
            )
        )
    pd.concat(tables).to_csv(tmp_path / "mixed.csv", index=False)
    return tmp_path / "mixed.csv"


def test_no_journeys_are_forced_on_an_animal_that_wanders(mixed, tmp_path):
    words = ["corridor", mixed, *SAID, "--error-m", 15, "--cell", 1000, "--resamples", 100]
    answer = run(*words, "--out", tmp_path / "out")
    assert answer.exit_code == 0, answer.output
    assert pd.read_csv(tmp_path / "out" / "animals.csv")["animal_id"].tolist() == ["migrant"]
    assert "Wandering: nomad." in answer.output
    with pytest.raises(NotEnoughDataError, match="Wandering: nomad"):
        run(*words, "--only", "nomad", "--out", tmp_path / "none")
