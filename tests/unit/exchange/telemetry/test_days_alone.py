"""Days without a time of day: fixes of one day do not become copies of one another in silence."""

import sys

import pytest
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.errors import InvalidTableError
from kulan.exchange.telemetry import TelemetryAsked, read_fixes

HOURLY = "animal,date,hour,x,y\n" + "".join(
    f"K1,2019-05-{day:02},{hour},{500_000 + 90 * hour},{4_900_000 + 40 * day}\n"
    for day in (1, 2, 3)
    for hour in (0, 8, 16)
)
DAILY = "animal,date,x,y\n" + "".join(
    f"K{who},2019-05-{day:02},{500_000 + 90 * day},{4_900_000 + 40 * who}\n"
    for who in (1, 2)
    for day in range(1, 9)
)
ASKED = TelemetryAsked(zone="UTC", crs="EPSG:32612")


def read(path, text, asked=ASKED):
    path.write_text(text)
    return read_fixes([path], asked).fixes


def test_days_with_several_places_are_refused_and_the_hour_beside_them_is_named(tmp_path):
    with pytest.raises(InvalidTableError, match=r"days without a time of day.*perhaps 'hour'"):
        read(tmp_path / "collars.csv", HOURLY)


def test_one_place_a_day_is_read(tmp_path):
    assert read(tmp_path / "collars.csv", DAILY).table.shape[0] == 16


def test_copies_of_a_day_are_copies_and_not_another_place(tmp_path):
    lines = DAILY.splitlines(keepends=True)
    assert read(tmp_path / "collars.csv", lines[0] + "".join(lines[1:]) * 3).table.shape[0] == 48


def test_parquet_is_refused_before_anything_is_read(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    (tmp_path / "collars.csv").write_text("this is no table of fixes\n")
    words = ["read", str(tmp_path / "collars.csv"), "--out", str(tmp_path / "fixes.parquet")]
    told = CliRunner().invoke(kulan, ["movement", *words])
    assert "needs pyarrow" in str(told.exception)
