"""A backup holds everything, comes back as it was, and is refused when it is not what it was."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kulan.errors import AlreadyInUseError, InvalidFileError, OutputExistsError, TamperedFileError
from kulan.web.operation.backups import archive, restoring
from web.test_serving import another

# whole commands, and one state folder for all of them
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("backups")]

MAKE_STATE = """
from datetime import date
from pathlib import Path
from kulan.web.operation.django_setup import set_up
set_up()
from django.conf import settings
from kulan.web.operation.migrating import migrate
migrate()
from builders_of_the_web import make_layer, make_point, make_version
from kulan.web.events.record import record
from kulan.web.jobs.models import Job
from kulan.web.people.models import Organisation, User
house = Organisation.objects.create(name="Институт зоологии")
user = User.objects.create_user("aigul@test.example", "a long enough password", organisation=house)
gone = User.objects.create_user("gone@test.example", "a long enough password")
gone.delete()
version = make_version(make_layer("saiga", owner=user, embargo_until=date(2030, 1, 1)))
for number in range(3):
    make_point(version, uid=f"p-{number}", default_level=3, species_id="saiga", iso3="KAZ")
Job.objects.create(kind="try", payload={"1": [1e-7, 1e16, -0.0, 2.0, None, "ё"], "a": {"b": True}})
record("layer_released", version, by=user)
state = Path(settings.STATE)
(state / "files" / "ab").mkdir(parents=True)
(state / "files" / "ab" / "report.bin").write_bytes(bytes(range(256)))
(state / "files" / ".half.tmp").write_bytes(b"half")
(state / "cache").mkdir(exist_ok=True)
(state / "cache" / "tile").write_bytes(b"made again when asked for")
"""


def python(state: Path, *words: str, database: str = "") -> subprocess.CompletedProcess:
    """Run Python as who administers a server does: with nothing but the environment's words."""
    environment = os.environ | {"KULAN_STATE": str(state), "DATABASE_URL": database}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    environment["DJANGO_SETTINGS_MODULE"] = "kulan.web.settings"
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False
    )


def kulan(state: Path, *words: str, database: str = "") -> subprocess.CompletedProcess:
    return python(state, "-c", "from kulan.cli import main; main()", *words, database=database)


def members(path: Path) -> dict[str, str]:
    return {name: m["sha256"] for name, m in archive.read_manifest(path)["members"].items()}


def tables(path: Path) -> dict:
    """What the tables of a backup hold; the restoring itself is one event more."""
    found = archive.read_manifest(path)["tables"]
    return {name: facts for name, facts in found.items() if name != "events.Event"}


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "state"
    made = python(folder, "-c", MAKE_STATE)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def backup(state, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("backups") / "kulan.tar"
    done = kulan(state, "backup", str(path))
    assert done.returncode == 0, done.stderr
    assert "it is whole" in done.stdout
    return path


def altered(backup: Path, folder: Path, change) -> Path:
    """A copy of a backup whose list says something else."""
    path = folder / "altered.tar"
    with tarfile.open(backup) as old, tarfile.open(path, "w") as new:
        for member in old.getmembers():
            content = old.extractfile(member).read()
            if member.name == archive.MANIFEST:
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return path


def test_what_is_restored_is_what_was_saved(backup, tmp_path):
    state, again = tmp_path / "state", tmp_path / "again.tar"
    done = kulan(state, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert kulan(state, "backup", str(again), "--no-verify").returncode == 0
    assert tables(again) == tables(backup)
    assert tables(backup)["people.User"]["last_key"] == 2  # a key is never given twice
    files = {name: sha for name, sha in members(backup).items() if name.startswith("state/")}
    assert files == {n: sha for n, sha in members(again).items() if n.startswith("state/")}
    assert set(files) == {"state/files/ab/report.bin"}


def test_a_backup_is_for_its_owner_alone(backup):
    assert backup.stat().st_mode & 0o077 == 0


def test_the_key_that_signs_sessions_is_in_only_when_asked_for(state, backup, tmp_path):
    assert "state/secret.key" not in members(backup)
    path = tmp_path / "with-key.tar"
    assert kulan(state, "backup", str(path), "--with-secret-key", "--no-verify").returncode == 0
    restored = tmp_path / "state"
    assert kulan(restored, "restore", str(path)).returncode == 0
    assert (restored / "secret.key").read_bytes() == (state / "secret.key").read_bytes()


def test_a_backup_is_one_moment_and_who_writes_need_not_wait(state, tmp_path):
    served = tmp_path / "state"
    shutil.copytree(state, served)
    path, stop, longest = tmp_path / "busy.tar", threading.Event(), []

    def write() -> None:
        database = sqlite3.connect(served / "kulan.sqlite3", timeout=5, isolation_level=None)
        while not stop.wait(0.01):
            database.execute(
                "INSERT INTO events_event (kind, by_name, subject_kind, subject_id, subject_title, "
                "details, at) VALUES ('x', '', '', '', '', '{}', '2026-01-01 00:00:00')"
            )
            longest.append(1)
        database.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = kulan(served, "backup", str(path))
    finally:
        stop.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    assert "it is whole" in done.stdout
    assert len(longest) > 20


def test_a_file_that_is_there_is_replaced_only_when_asked(state, backup):
    refused = kulan(state, "backup", str(backup))
    assert refused.returncode == OutputExistsError.exit_code
    assert "--replace" in refused.stderr


def test_of_the_backups_in_a_folder_the_newest_are_kept(state, tmp_path):
    for day in ("01", "02", "03"):
        (tmp_path / f"kulan-202601{day}T000000Z.tar").touch()
    (tmp_path / "kulan-by-hand.tar").touch()
    done = kulan(state, "backup", str(tmp_path), "--keep", "2", "--no-verify")
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names[0] == "kulan-20260103T000000Z.tar"
    assert names[2:] == ["kulan-by-hand.tar"]
    assert members(tmp_path / names[1])


def test_a_backup_cut_short_is_refused(backup, tmp_path):
    path = tmp_path / "cut.tar"
    path.write_bytes(backup.read_bytes()[:-30_000])
    refused = kulan(tmp_path / "state", "restore", str(path))
    assert refused.returncode == InvalidFileError.exit_code
    assert "cut short" in refused.stderr


def test_one_wrong_byte_is_found(backup, tmp_path):
    path = tmp_path / "spoiled.tar"
    content = bytearray(backup.read_bytes())
    content[content.index(bytes(range(256))) + 7] ^= 1
    path.write_bytes(content)
    refused = kulan(tmp_path / "state", "restore", str(path))
    assert refused.returncode == TamperedFileError.exit_code
    assert "files/ab/report.bin" in refused.stderr
    assert not (tmp_path / "state" / "files").exists()


def test_rows_that_do_not_arrive_as_they_were_are_found(backup, tmp_path):
    def one_row_more(manifest):
        manifest["tables"]["people.User"]["rows"] += 1

    path = altered(backup, tmp_path, one_row_more)
    refused = kulan(tmp_path / "state", "restore", str(path))
    assert refused.returncode == TamperedFileError.exit_code
    assert "people.User" in refused.stderr
    assert not (tmp_path / "state" / "kulan.sqlite3").exists()


def test_a_name_that_leads_elsewhere_is_refused(backup, tmp_path):
    def lead_out(manifest):
        manifest["members"]["state/../../../elsewhere"] = {"sha256": "", "bytes": 0}

    path = altered(backup, tmp_path, lead_out)
    with pytest.raises(InvalidFileError, match="refused"):
        archive.unpack(path, archive.read_manifest(path), tmp_path / "into")


def test_a_backup_of_a_later_version_is_refused(backup, tmp_path):
    def later(manifest):
        manifest["migrations"].append(["catalogue", "9999_what_nobody_knows_yet"])

    refused = kulan(tmp_path / "s", "restore", str(altered(backup, tmp_path, later)))
    assert refused.returncode == InvalidFileError.exit_code
    assert "9999_what_nobody_knows_yet" in refused.stderr


def test_a_backup_of_an_earlier_version_is_brought_up(backup, tmp_path):
    def before_jobs(manifest):
        manifest["migrations"] = [m for m in manifest["migrations"] if m[0] != "jobs"]
        manifest["tables"] = {n: t for n, t in manifest["tables"].items() if n != "jobs.Job"}

    state = tmp_path / "state"
    done = kulan(state, "restore", str(altered(backup, tmp_path, before_jobs)))
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(state / "kulan.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM jobs_job").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM people_user").fetchone() == (1,)


def test_what_is_there_goes_only_when_asked(backup, tmp_path):
    state = tmp_path / "state"
    (state / "files").mkdir(parents=True)
    (state / "files" / "old").write_text("old")
    (state / "secret.key").write_text("k" * 50)
    refused = kulan(state, "restore", str(backup))
    assert refused.returncode == OutputExistsError.exit_code
    assert (state / "files" / "old").read_text() == "old"
    assert kulan(state, "restore", str(backup), "--replace").returncode == 0
    assert sorted(path.name for path in (state / "files").iterdir()) == ["ab"]
    assert (state / "secret.key").read_text() == "k" * 50
    assert not (state / ".restoring").exists()


def test_nothing_is_restored_under_a_running_server(backup, tmp_path):
    with another("in_use", tmp_path), pytest.raises(AlreadyInUseError, match="Stop it first"):
        restoring.restore(tmp_path, backup, replace=True)


@pytest.fixture
def half_restored(tmp_path) -> Path:
    """A state folder in which a restoring was cut off before it counted."""
    for name in ("files", "run", ".restoring/state/files", ".restoring/state/atlas"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "files" / "which").write_text("old")
    (tmp_path / "kulan.sqlite3").write_text("old")
    (tmp_path / ".restoring" / "state" / "files" / "which").write_text("new")
    (tmp_path / ".restoring" / "state" / "kulan.sqlite3").write_text("new")
    return tmp_path


def contents(state: Path) -> dict[str, str]:
    """What a state folder says of itself; locks aside."""
    files = [path for path in state.rglob("*") if path.is_file() and "run" not in path.parts]
    return {path.relative_to(state).as_posix(): path.read_text() for path in files}


def test_a_restoring_cut_off_early_is_forgotten(half_restored):
    with restoring.in_use_whole(half_restored):
        assert contents(half_restored) == {"files/which": "old", "kulan.sqlite3": "old"}


@pytest.mark.parametrize("renames_done", range(6))
def test_a_restoring_cut_off_late_is_finished(half_restored, monkeypatch, renames_done):
    restoring._say_ready(half_restored, half_restored / ".restoring")
    real, left = os.rename, [renames_done]

    def until_the_power_goes(source, target):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(source, target)

    monkeypatch.setattr(restoring.os, "rename", until_the_power_goes)
    if renames_done < 5:  # two go aside, three come
        with pytest.raises(KeyboardInterrupt):
            restoring.finish(half_restored)
    monkeypatch.undo()
    with restoring.in_use_whole(half_restored):
        assert contents(half_restored) == {"files/which": "new", "kulan.sqlite3": "new"}
        assert (half_restored / "atlas").is_dir()


@pytest.fixture
def postgresql() -> str:
    """Address of an empty database with PostGIS; skips where there is no server."""
    server = os.environ.get("KULAN_TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        pytest.skip("no PostgreSQL: name one in KULAN_TEST_DATABASE_URL (tools/postgres.sh)")
    psycopg = pytest.importorskip("psycopg")
    name = f"kulan_moved_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_records_move_from_sqlite_to_postgis_and_back(backup, postgresql, tmp_path):
    moved, there, back = tmp_path / "moved", tmp_path / "there.tar", tmp_path / "back.tar"
    done = kulan(moved, "restore", str(backup), database=postgresql)
    assert done.returncode == 0, done.stderr
    assert not (moved / "kulan.sqlite3").exists()
    assert (moved / "files" / "ab" / "report.bin").read_bytes() == bytes(range(256))
    done = kulan(moved, "backup", str(there), database=postgresql)
    assert done.returncode == 0, done.stderr
    refused = kulan(moved, "restore", str(backup), database=postgresql)
    assert refused.returncode == OutputExistsError.exit_code
    done = kulan(moved, "restore", str(backup), "--replace", database=postgresql)
    assert done.returncode == 0, done.stderr
    assert kulan(tmp_path / "home", "restore", str(there)).returncode == 0
    assert kulan(tmp_path / "home", "backup", str(back), "--no-verify").returncode == 0
    assert tables(backup) == tables(there) == tables(back)


def test_a_restoring_into_postgis_that_fails_leaves_what_was_there(backup, postgresql, tmp_path):
    moved = tmp_path / "moved"
    assert kulan(moved, "restore", str(backup), database=postgresql).returncode == 0
    (moved / "files" / "young").write_text("since")

    def one_row_more(manifest):
        manifest["tables"]["people.User"]["rows"] += 1

    bad = altered(backup, tmp_path, one_row_more)
    refused = kulan(moved, "restore", str(bad), "--replace", database=postgresql)
    assert refused.returncode == TamperedFileError.exit_code
    assert (moved / "files" / "young").read_text() == "since"
    assert not (moved / ".restoring").exists()
    after = tmp_path / "after.tar"
    assert kulan(moved, "backup", str(after), "--no-verify", database=postgresql).returncode == 0
    assert tables(after) == tables(backup)
