"""`kulan movement paths`: what an animal's path comes to, from a file to a folder."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.intervals import middle_of
from kulan.movement.paths import Passages, passages, walked_by_interval
from kulan.movement.tracks import Track


def run(*words):
    words = ["movement", "paths", *map(str, words)]
    result = CliRunner().invoke(kulan, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def walkers(tmp_path_factory):
    """Three khulan that walk 1 km east in an hour, one of them with a stay, one with a gap."""
    folder = tmp_path_factory.mktemp("walkers")
    times = pd.date_range("2024-06-01", periods=72, freq="h")
    tables = []
    for k, animal in enumerate(("К1", "K2", "K3")):
        lon = 107 + k + np.arange(72) * 0.0127
        if animal == "K2":
            lon[20:50] = lon[20]
        table = pd.DataFrame({"id": animal, "time": times, "lon": lon, "lat": 45.0})
        tables.append(table.drop(index=range(30, 40)) if animal == "K3" else table)
    path = folder / "walkers.csv"
    pd.concat(tables).to_csv(path, index=False)
    return path


SAID = ("--crs", "EPSG:4326", "--zone", "UTC")


@pytest.fixture(scope="module")
def answer(walkers, tmp_path_factory):
    out = tmp_path_factory.mktemp("answer") / "paths"
    told = run(
        walkers, *SAID, "--radius-m", 1500, "--radius-m", 5000, "--regular", 1800,
        "--days", "+08:00", "--plot", "--out", out,
    )  # fmt: skip
    assert "K2: 72 fixes" in told
    return out


def test_what_a_path_comes_to_stands_with_its_limits(answer):
    result = json.loads((answer / "result.json").read_text())
    numbers = result["numbers"]
    assert numbers["animals"]["К1"]["distance_per_day_m"] == pytest.approx(24_000, rel=0.01)
    middle = numbers["distance_per_day_m"]
    assert middle["low"] < middle["estimate"] < middle["high"]
    assert numbers["animals"]["K2"]["stays"] == 1
    assert numbers["animals"]["K3"]["bursts"] == 2
    assert result["recipe"]["parameters"]["radii_m"] == [1500, 5000]
    assert result["units"]["share_in_stays"] == "1"


def test_steps_stop_at_gaps_and_know_sun_and_season(answer):
    steps = pd.read_csv(answer / "steps.csv")
    own = steps[steps["animal_id"] == "K3"]
    assert own["length_m"].isna().sum() == 2
    assert set(steps["season"]) == {"summer"}
    assert set(steps["sun"]) == {"day", "twilight", "night"}
    assert steps["heading_rad"].dropna().abs().max() < 0.02
    assert steps["longitude"].between(107, 110).all()


def test_what_was_made_between_fixes_is_told_and_gaps_stay_empty(answer):
    regular = pd.read_csv(answer / "regular.csv")
    whole = regular[regular["animal_id"] == "К1"]
    assert len(whole) == 143
    assert whole["interpolated"].tolist() == [k % 2 == 1 for k in range(143)]
    assert set(whole["nearest_fix_s"]) == {0, 1800}
    assert len(regular[regular["animal_id"] == "K3"]) < 143 - 18
    told = json.loads((answer / "result.json").read_text())["numbers"]
    assert told["regular_fixes_interpolated"] == regular["interpolated"].sum()


def test_circles_stays_and_days_are_told_fix_by_fix_and_day_by_day(answer):
    lingering = pd.read_csv(answer / "lingering.csv")
    first = lingering[(lingering["animal_id"] == "К1") & (lingering["radius_m"] == 1500)]
    assert first["first_passage_h"].dropna().to_numpy() == pytest.approx(3.0, rel=0.01)
    assert set(first["visits"]) == {1}
    stay = pd.read_csv(answer / "stays.csv").iloc[0]
    assert (stay["animal_id"], stay["hours"]) == ("K2", pytest.approx(30, abs=1))
    days = pd.read_csv(answer / "days.csv")
    assert days[days["animal_id"] == "К1"]["day"].tolist()[0] == "2024-06-01"
    assert days["hours_seen"].max() == pytest.approx(24)


def test_layers_are_read_as_geopackage_and_as_geoparquet(answer):
    pytest.importorskip("pyarrow")
    for name, count in (("paths", 4), ("stays", 1), ("regular", None)):
        layer = gpd.read_file(answer / "features.gpkg", layer=name)
        other = gpd.read_parquet(answer / f"{name}.parquet")
        assert len(layer) == len(other) == (count or len(layer))
        assert layer.crs == other.crs == "EPSG:4326"
        assert layer.geometry.geom_equals(other.geometry).all()
    assert (answer / "paths.png").stat().st_size > 10_000


def test_local_metres_and_elapsed_seconds_have_paths_without_sun(tmp_path):
    path = tmp_path / "local.csv"
    rng = np.random.default_rng(1)
    x, y = np.cumsum(rng.normal(0, 100, (2, 200)), axis=1)
    pd.DataFrame({"individual": "g", "t": np.arange(200) * 3600, "x": x, "y": y}).to_csv(path)
    said = ("--crs", "local", "--elapsed")
    told = run(path, *said, "--plot", "--lang", "ru", "--out", tmp_path / "out")
    assert "no sun and no season" in told
    assert not (tmp_path / "out" / "sun_and_season.csv").exists()
    lingering = pd.read_csv(tmp_path / "out" / "lingering.csv")
    assert len(set(lingering["radius_m"])) == 1
    with pytest.raises(InvalidTableError, match="no days"):
        run(path, *said, "--days", "UTC", "--out", tmp_path / "x")


def test_an_animal_that_never_moves_and_one_fix_have_a_word_each(tmp_path):
    path = tmp_path / "still.csv"
    times = pd.date_range("2024-01-01", periods=30, freq="h")
    still = pd.DataFrame({"id": "still", "time": times, "lon": 107.0, "lat": 45.0})
    one = pd.DataFrame({"id": "one", "time": times[:1], "lon": 100.0, "lat": 45.0})
    pd.concat([still, one]).to_csv(path, index=False)
    told = run(path, *SAID, "--plot", "--out", tmp_path / "out")
    assert "One fix only, so no path: one." in told
    numbers = json.loads((tmp_path / "out" / "result.json").read_text())["numbers"]
    assert numbers["animals"]["still"]["walked_m"] == 0
    assert numbers["distance_per_day_m"]["estimate"] is None
    one.to_csv(path, index=False)
    with pytest.raises(NotEnoughDataError, match="no path"):
        run(path, *SAID, "--out", tmp_path / "none")


def test_how_many_animals_a_middle_is_of_is_told(tmp_path):
    times = pd.date_range("2024-06-01", periods=48, freq="h")
    pace = {"K1": 0.01, "K2": 0.02, "K3": 0.03, "collar": 0.0}
    tables = [
        pd.DataFrame({"id": k, "time": times, "lon": 107 + np.arange(48) * each, "lat": 45.0})
        for k, each in pace.items()
    ]
    path = tmp_path / "herd.csv"
    pd.concat(tables).to_csv(path, index=False)
    told = run(path, *SAID, "--out", tmp_path / "out")
    assert "have none or lay still, are 1 of 4: collar." in told
    numbers = json.loads((tmp_path / "out/result.json").read_text())["numbers"]
    assert numbers["animals_with_a_distance_per_day"] == 3
    assert numbers["distance_per_day_m"]["estimate"] > 0


def test_a_peak_at_the_end_of_the_radii_is_none():
    radii, none = np.array([1.0, 2, 3, 4]), np.empty((4, 0))
    assert Passages(radii, none, np.array([1.0, 3, 2, np.nan])).peak_m == 2
    assert np.isnan(Passages(radii, none, np.array([1.0, 2, 3, np.nan])).peak_m)
    assert np.isnan(Passages(radii, none, np.full(4, np.nan)).peak_m)


def test_a_variance_of_less_than_half_the_fixes_is_not_told():
    track = Track("k", np.arange(11) * 10.0, np.arange(11.0), np.zeros(11))
    found = passages(track, [1.5, 4.5])
    assert np.isfinite(found.variance_of_log).tolist() == [True, False]


def test_distances_by_interval_lead_through_no_gap():
    time = np.array([0.0, 10, 20, 100, 110, 120])
    track = Track("k", time, np.array([0.0, 1, 2, 50, 51, 52]), np.zeros(6))
    found = walked_by_interval(track, gap_s=20, most=4)
    assert found.steps.tolist() == [4, 2, 0]
    assert found.m_per_day[:2].tolist() == pytest.approx([8640, 8640])
    assert np.isnan(found.m_per_day[2])


def test_two_animals_have_a_middle_and_no_limits():
    middle = middle_of([4.0, 9.0, float("nan")])
    assert middle.estimate == pytest.approx(6.0)
    assert np.isnan(middle.low)


def test_who_is_seen_in_short_bursts_alone_has_unknown_stays_and_not_none(tmp_path):
    starts = pd.date_range("2024-06-01", periods=30, freq="25h")
    times = [start + pd.Timedelta(hours=hour) for start in starts for hour in range(5)]
    table = pd.DataFrame({"id": "K1", "time": times, "lon": 107.0, "lat": 45.0})
    table["lon"] += np.arange(len(table)) % 5 * 1e-4
    table.to_csv(tmp_path / "k1.csv", index=False)

    told = run(tmp_path / "k1.csv", *SAID, "--out", tmp_path / "short")
    assert "No stay could be seen of K1" in told
    animal = json.loads((tmp_path / "short" / "result.json").read_text())["numbers"]["animals"]
    assert animal["K1"]["stays"] is None
    assert animal["K1"]["share_in_stays"] is None

    told = run(
        tmp_path / "k1.csv",
        *SAID,
        "--stay-radius-m",
        500,
        "--gap-hours",
        30,
        "--out",
        tmp_path / "long",
    )
    assert "No stay could be seen" not in told
    animal = json.loads((tmp_path / "long" / "result.json").read_text())["numbers"]["animals"]
    assert animal["K1"]["stays"] >= 1
