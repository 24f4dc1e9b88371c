"""Every bad file of collars through every command: an answer with a word on it, or a refusal."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.errors import (
    InvalidFileError,
    InvalidGeometryError,
    InvalidTableError,
    NotEnoughDataError,
    UnknownCrsError,
)

RESULT = "result.json"
# what a command needs beside its fixes
COMMANDS = {
    "read": (),
    "clean": (),
    "paths": (),
    "fit": (),
    "range": ("--by", "kde"),
    "migration": (),
    "corridor": ("--error-m", 20, "--resamples", 100),
    "select": ("--every-hours", 1, "--controls", 5),
    "states": ("--every-hours", 1, "--number", 2, "--starts", 1),
    "barriers": ("--barriers", "rail.gpkg", "--distance", 300, "--null", "none"),
}


def walk(count=24 * 20, lon=107.0, lat=45.0):
    """Hours of an animal that wanders in its range, over a line at 107° E."""
    strays = np.random.default_rng(1).normal(0, 0.002, (2, count))
    x, y = np.zeros(count), np.zeros(count)
    for k in range(1, count):
        x[k], y[k] = 0.98 * x[k - 1] + strays[0, k], 0.98 * y[k - 1] + strays[1, k]
    return pd.DataFrame({"animal_id": "K1", "time": hours(count), "x": lon + x, "y": lat + y})


def hours(count, start="2024-05-01"):
    times = pd.date_range(start, periods=count, freq="h", tz="UTC")
    return times.strftime("%Y-%m-%dT%H:%M:%SZ")


def lying(count, start, at):
    """Hours of a collar that lies still, scattered by location error."""
    scatter = np.random.default_rng(2).normal(0, 1e-4, (2, count))
    return pd.DataFrame(
        {
            "animal_id": "K1",
            "time": hours(count, start),
            "x": at[0] + scatter[0],
            "y": at[1] + scatter[1],
        }
    )


def partly_naive():
    table = walk()
    return table.assign(time=table["time"].where(table.index != 5, table["time"].str[:-1]))


def of_two_zones():
    table = walk()
    times = pd.to_datetime(table["time"]).dt
    east, west = (
        times.tz_convert(zone).map(pd.Timestamp.isoformat) for zone in (8 * 3600, 6 * 3600)
    )
    return table.assign(time=east.where(table.index % 2 == 0, west))


def fallen():
    table = walk()
    last = table[["x", "y"]].iloc[-1].to_numpy(float)
    return pd.concat([table, lying(24 * 10, "2024-05-21", last)])


DEGREES = ("--crs", "EPSG:4326")
SWAPPED = {"x": "y", "y": "x"}
# the file, what is said of it, and what its reader is told; a class where nobody reads it
BAD = {
    "naive times": (
        lambda: walk().assign(time=walk()["time"].str[:-1]), DEGREES, "no time zone",
        InvalidTableError,
    ),
    "times of which some are naive": (partly_naive, DEGREES, "some do not", InvalidTableError),
    "times of two zones": (of_two_zones, DEGREES, "several offsets: +06:00, +08:00", None),
    "swapped axes": (
        lambda: walk().rename(columns=SWAPPED), DEGREES, "--swap-axes", UnknownCrsError,
    ),
    "swapped axes that could be right": (
        lambda: walk(lon=80.0, lat=48.0).rename(columns=SWAPPED), DEGREES, "axes in doubt", None,
    ),
    "degrees where metres are declared": (
        walk, ("--crs", "EPSG:32648"), "look like degrees", UnknownCrsError,
    ),
    "degrees where local metres are declared": (
        walk, ("--crs", "local"), "degrees in doubt", None,
    ),
    "one fix": (lambda: walk(1), DEGREES, "ne usable fix", None),
    "one day": (lambda: walk(24), DEGREES, "Followed for a day or less: K1", None),
    "identical fixes": (
        lambda: walk(1).loc[[0] * 100_000], DEGREES, "99999 duplicate", None,
    ),
    "time going backwards": (lambda: walk().iloc[::-1], DEGREES, "time went backwards", None),
    "a collar in a drawer": (
        lambda: lying(24 * 20, "2024-05-01", (107, 45)), DEGREES, "A collar on no animal", None,
    ),
    "one place": (
        lambda: walk().assign(x=107.0, y=45.0), DEGREES, "A collar on no animal", None,
    ),
    "a collar that fell": (fallen, DEGREES, "A collar that fell", None),
}  # fmt: skip
# what cannot be told of a file that can be read
TOO_LITTLE = {"one fix", "identical fixes"}
REFUSED = {
    **{(bad, command): NotEnoughDataError for bad in TOO_LITTLE for command in COMMANDS},
    **{(bad, "barriers"): InvalidGeometryError for bad in TOO_LITTLE},
    # twenty days are no migration
    **{(bad, command): NotEnoughDataError for bad in BAD for command in ("migration", "corridor")},
    ("one day", "states"): NotEnoughDataError,
    **{("one place", command): NotEnoughDataError for command in COMMANDS},
    ("swapped axes that could be right", "barriers"): InvalidGeometryError,
    ("degrees where local metres are declared", "barriers"): UnknownCrsError,
    ("a collar in a drawer", "barriers"): NotEnoughDataError,
}
# with the days on the ground it is a month; a path may stand still
ANSWERED = {("a collar that fell", "migration"), ("one place", "paths")}
# `clean` tells in its own words what it sets aside
CLEANED = {
    "identical fixes": "one usable fix of 100000",
    "a collar in a drawer": "the collar never moved",
    "one place": "the collar never moved",
    "a collar that fell": "stationary tail: 241",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("bad")
    line = shapely.LineString([(107, 44), (107, 46)])
    gpd.GeoDataFrame({"name": ["rail"]}, geometry=[line], crs=4326).to_file(place / "rail.gpkg")
    for bad, (table, *_) in BAD.items():
        table().to_csv(place / f"{bad}.csv", index=False)
    return place


def run(*words):
    return CliRunner().invoke(kulan, ["movement", *map(str, words)])


def refusal(bad, command):
    unread = BAD[bad][3]
    if unread is not None or command in ("read", "clean"):
        return unread
    return None if (bad, command) in ANSWERED else REFUSED.get((bad, command))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("bad", BAD)
def test_nobody_is_left_without_a_word(bad, command, place, tmp_path, monkeypatch):
    monkeypatch.chdir(place)
    _, said, word, _ = BAD[bad]
    told = run(command, f"{bad}.csv", *said, *COMMANDS[command], "--out", tmp_path / "out")
    refused = refusal(bad, command)
    word = CLEANED.get(bad, word) if command == "clean" else word
    if refused is None:
        assert told.exception is None, repr(told.exception)
        assert word in told.output
        if command in ("read", "clean"):
            numbers = json.loads((tmp_path / "out" / RESULT).read_text())["numbers"]
            assert numbers["fixes"] == len(pd.read_csv(f"{bad}.csv"))
        return
    error = told.exception
    assert type(error) is refused, repr(error)
    # what, where and what next: of the file by its name, or of the animal by its own
    whole = "\n".join([str(error), *getattr(error, "__notes__", ())])
    assert word in whole
    assert bad in whole or "K1" in whole
    # nothing half done is left behind
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("bad", BAD)
def test_a_report_repeats_the_word_or_says_what_it_lacks(bad, place, tmp_path, monkeypatch):
    monkeypatch.chdir(place)
    _, said, word, unread = BAD[bad]
    run("read", f"{bad}.csv", *said, "--out", tmp_path / "read")
    told = run("report", tmp_path / "read" if unread is None else place, "--out", tmp_path / "out")
    if unread is None:
        assert told.exception is None, repr(told.exception)
        page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
        assert word.replace("+", "&#43;") in page or word in page
        return
    assert type(told.exception) is InvalidFileError
    assert "`kulan movement` wrote" in str(told.exception)
    assert not (tmp_path / "out").exists()
