"""From a dirty file of collars to clean fixes with their reasons: the real commands."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from kulan.exchange.telemetry import read_fixes


def kulan(*words):
    command = [sys.executable, "-c", "from kulan.cli import main; main()", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)


@pytest.fixture
def collars(tmp_path):
    """Two khulan for ten days, with a place too far, a copy, and a collar left lying."""
    rng = np.random.default_rng(3)
    times = pd.date_range("2024-05-01", periods=240, freq="h").strftime("%Y-%m-%d %H:%M")
    tables = []
    for k, animal in enumerate(("K1", "K2")):
        x, y = np.cumsum(rng.normal(0, 0.004, (2, 240)), axis=1)
        tables.append(
            pd.DataFrame({"id": animal, "date": times, "lon": 107 + k + x, "lat": 45 + y})
        )
    table = pd.concat(tables, ignore_index=True)
    table.loc[50, "lon"] += 3
    table.loc[440:, ["lon", "lat"]] = table.loc[440, ["lon", "lat"]].to_numpy()
    table = pd.concat([table, table.iloc[[10]]])
    path = tmp_path / "collars.csv"
    table.to_csv(path, index=False)
    return path


def test_what_a_file_does_not_say_is_asked_for(collars, tmp_path):
    result = kulan("movement", "read", collars, "--crs", "EPSG:4326", "--out", tmp_path / "f.gpkg")
    assert result.returncode == 13
    assert "--zone" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "f.gpkg").exists()


def test_from_a_file_of_collars_to_clean_steps(collars, tmp_path):
    fixes, out = tmp_path / "fixes.parquet", tmp_path / "clean"
    said = ["--crs", "EPSG:4326", "--zone", "+08:00"]
    read = kulan("movement", "read", collars, *said, "--out", fixes)
    assert read.returncode == 0, read.stderr
    assert "481 fixes of 2 animals, 480 usable" in read.stdout
    clean = kulan(
        *["movement", "clean", fixes, "--still-days", 1, "--steps", "--gap-hours", 3],
        *["--days", "+08:00", "--plot", "--out", out],
    )
    assert clean.returncode == 0, clean.stderr
    result = json.loads((out / "result.json").read_text())
    assert result["numbers"]["set_aside"] == {"duplicate": 1, "speed": 1, "stationary_tail": 40}
    assert result["numbers"]["fixes"] == 481
    assert len(read_fixes(out / "fixes.parquet").fixes.table) == 481
    steps = pd.read_csv(out / "steps.csv")
    assert len(steps) == 481 - 42
    assert set(steps["sun"]) == {"day", "twilight", "night"}
    assert pd.read_csv(out / "days.csv")["day"].min() == "2024-05-01"
    assert (out / "cleaning.png").stat().st_size > 10_000
    again = kulan("movement", "clean", out, "--out", out)
    assert again.returncode == 30
    assert "--replace" in again.stderr


def test_a_folder_is_an_answer_with_its_recipe(collars, tmp_path):
    out = tmp_path / "imported"
    said = ["--crs", "EPSG:4326", "--zone", "UTC"]
    done = kulan("movement", "read", collars, *said, "--out", out)
    assert done.returncode == 0, done.stderr
    result = json.loads((out / "result.json").read_text())
    assert result["recipe"]["parameters"]["reading"]["zone"] == "UTC"
    assert result["recipe"]["inputs"][0]["name"] == "collars.csv"
    assert pd.read_csv(out / "animals.csv")["median_interval_s"].tolist() == [3600, 3600]


def test_a_refusal_tells_what_was_noted_of_the_files(tmp_path):
    path = tmp_path / "copies.csv"
    path.write_text("id,time,x,y\n" + "k1,2024-05-01T00:00:00Z,107,45\n" * 5)
    done = kulan("movement", "fit", path, "--crs", "EPSG:4326", "--out", tmp_path / "out")
    assert done.returncode == 22
    told = done.stderr.splitlines()
    assert told[0].startswith("kulan: track of k1: 1 fix(es) without a flag")
    assert told[1] == "Note: 4 of 5 fixes are set aside and kept: 4 duplicate."
    assert "Traceback" not in done.stderr
