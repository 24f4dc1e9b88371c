"""tools/postgres.sh: a PostgreSQL with PostGIS in a folder, or a plain word on what is missing."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "tools" / "postgres.sh"
ADDRESS = re.compile(r"postgresql://kulan@127\.0\.0\.1:\d+/kulan")


def say(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", SCRIPT, *words], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder PostgreSQL's own user can reach, which pytest's are not when root runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="kulan-postgres-"))
    made.chmod(0o755)
    yield made
    subprocess.run(["sh", SCRIPT, "stop", made], capture_output=True, check=False, timeout=120)
    shutil.rmtree(made)


def start(folder: Path) -> str:
    """Start it and give its address; skip where PostgreSQL or PostGIS is not installed."""
    said = say("start", folder)
    if "apt install postgresql" in said.stderr:
        pytest.skip(said.stderr.splitlines()[0])
    assert said.returncode == 0, said.stderr
    return said.stdout.strip()


def test_it_prints_the_address_of_a_database_that_knows_postgis(folder):
    address = start(folder)
    assert ADDRESS.fullmatch(address)
    with psycopg.connect(address) as connection:
        found = connection.execute("select ST_AsText('SRID=4326;POINT(106 47)'::geometry)")
        assert found.fetchone() == ("POINT(106 47)",)


def test_starting_and_stopping_twice_changes_nothing(folder):
    address = start(folder)
    with psycopg.connect(address) as connection:
        connection.execute("create table kept (name text)")
    assert start(folder) == address
    assert [say("stop", folder).returncode for _ in range(2)] == [0, 0]
    assert start(folder) == address
    with psycopg.connect(address) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_two_folders_run_side_by_side_even_where_both_want_one_port(folder):
    first = folder / "first"
    second = folder / "second"
    address = start(first)
    second.mkdir()
    (second / "port").write_text((first / "port").read_text())
    try:
        other = start(second)
        assert other != address
        for one in (address, other):
            psycopg.connect(one).close()
    finally:
        say("stop", first)
        say("stop", second)


def test_url_says_the_address_of_one_that_is_stopped(folder):
    address = start(folder)
    say("stop", folder)
    assert say("url", folder).stdout.strip() == address


def test_url_of_a_folder_without_one_says_how_to_start_it(folder):
    said = say("url", folder / "nothing")
    assert said.returncode == 1
    assert f"tools/postgres.sh start {folder / 'nothing'}" in said.stderr


@pytest.mark.parametrize("words", [(), ("start",), ("remove", "here")])
def test_without_a_word_or_a_folder_it_says_what_to_type(words):
    said = say(*words)
    assert said.returncode == 1
    assert "start|stop|url FOLDER" in said.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="only root is told so: others run it as themselves")
def test_a_folder_its_user_cannot_reach_is_refused(folder):
    start(folder / "elsewhere")  # skips where there is no PostgreSQL
    say("stop", folder / "elsewhere")
    folder.chmod(0o700)
    said = say("start", folder / "hidden")
    assert said.returncode == 1
    assert "cannot reach" in said.stderr
