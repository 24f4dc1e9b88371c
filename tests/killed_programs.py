"""Programs killed at a random moment, and what they leave: the old state or the new one.

Each kind of program runs on a copy of a state folder of its own, in a process of its own. It says
when the part that matters begins; from then on it is killed (SIGKILL, with all its children) after
a random part of the time that part takes undisturbed. Then the state is looked at, and the program
is started again: it must come to the same end as one that nobody disturbed.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kulan.web.operation.backups import archive, restoring

TESTS = Path(__file__).resolve().parent
FEATURES = 400
_SET_UP = "from kulan.web.operation.django_setup import set_up; set_up()\n"
_BEGIN = 'print("begun", flush=True)\n'
_END = 'print("ended", flush=True)\n'

OLD_VERSION = (
    _SET_UP
    + """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from kulan.web.operation.migrating import whole_schema_change
with whole_schema_change():
    executor = MigrationExecutor(connection)
    executor.migrate([n for n in executor.loader.graph.leaf_nodes() if n[0] in ("auth", "people")])
"""
)
PEOPLE = (
    _SET_UP
    + """
import json
from kulan.web.operation.migrating import migrate
migrate()
from kulan.web.catalogue.rules import seed_rules
from kulan.web.people.models import Grant, Organisation, User
seed_rules()
def person(name, house, role):
    house, _ = Organisation.objects.get_or_create(name=house)
    user = User.objects.create_user(f"{name}@test.example", "long enough pass", organisation=house)
    Grant.objects.create(user=user, role=role)
    return user
aigul = person("aigul", "Institute of Zoology", "scientist")
irina = person("irina", "Another Institute", "scientist")
farida = person("farida", "Secretariat", "secretariat")
from kulan.web.catalogue.actions import begin_layer, upload
from kulan.web.catalogue.intake import Asked, take_in
from django.core.files.uploadedfile import SimpleUploadedFile
def features(shift):
    points = [
        {"type": "Feature", "properties": {"name": f"den {n}", "species_id": "saiga"},
         "geometry": {"type": "Point", "coordinates": [60 + n % 40 / 4 + shift, 46 + n // 40 / 4]}}
        for n in range(HOW_MANY)
    ]
    return json.dumps({"type": "FeatureCollection", "features": points}).encode()
draft = begin_layer("dens", "distribution", {"en": "Dens"}, by=aigul)
upload(draft, SimpleUploadedFile("dens.geojson", features(0)), Asked(), by=aigul)
""".replace("HOW_MANY", str(FEATURES))
)
IN_REVIEW = (
    PEOPLE
    + """
from kulan.web.catalogue.models import LayerVersion
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import run_job
def work_off():
    for job in Job.objects.filter(state="queued"):
        run_job.call(str(job.uid))
work_off()
LayerVersion.objects.update(state="released")
from kulan.web.catalogue.actions import begin_version
second = begin_version(draft.layer, by=aigul)
upload(second, SimpleUploadedFile("dens.geojson", features(0.1)), Asked(), by=aigul)
work_off()
assert not Job.objects.exclude(state="done").exists(), list(Job.objects.values())
LayerVersion.objects.filter(pk=second.pk).update(state="in_review")
"""
)

MIGRATE = _SET_UP + _BEGIN + "from kulan.web.operation.migrating import migrate; migrate()\n" + _END
SEED = (
    _SET_UP
    + "from kulan.web.operation.migrating import migrate; migrate()\n"
    + _BEGIN
    + "from kulan.web.operation.seeding import seed; seed()\n"
    + _END
)
WORK = (
    "import os, threading, time\n"
    + _SET_UP
    + """
def until_done():
    from django.db import connection
    from kulan.web.jobs.models import Job
    while Job.objects.filter(state__in=("queued", "running")).exists():
        time.sleep(0.1)
    print("ended", flush=True)
    os._exit(0)
"""
    + _BEGIN
    + "threading.Thread(target=until_done, daemon=True).start()\n"
    "from kulan.web.operation.worker import run; run()\n"
)
RELEASE = (
    _SET_UP
    + """
from kulan.web.catalogue.models import LayerVersion
from kulan.web.people.models import User
from kulan.web.catalogue.moves import release
irina = User.objects.get(email="irina@test.example")
version = LayerVersion.objects.get(number=2)
"""
    + _BEGIN
    + 'if version.state == "in_review": release(version, by=irina)\n'
    + _END
)
BACKUP = (
    _SET_UP
    + """
import os
from pathlib import Path
from kulan.web.operation.backups.saving import save
state = Path(os.environ["KULAN_STATE"])
"""
    + _BEGIN
    + 'save(state, state.parent / "backup.tar", verify=False, replace=True)\n'
    + _END
)
RESTORE = (
    """
import os
from pathlib import Path
from kulan.web.operation.backups.restoring import restore
state = Path(os.environ["KULAN_STATE"])
"""
    + _BEGIN
    + 'restore(state, state.parent / "saved.tar", replace=True)\n'
    + _END
)


@dataclass
class Outcome:
    """What came of killing one kind of program some times."""

    kind: str
    times: int = 0
    left: Counter = field(default_factory=Counter)
    ended_first: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        """Return one line of a table."""
        left = ", ".join(f"{state} {count}" for state, count in sorted(self.left.items()))
        return (
            f"{self.kind}: killed {self.times} times, {self.ended_first} of them too late; left "
            f"{left}; each came to its end afterwards ({self.seconds:.0f} s in all)"
        )


@dataclass(frozen=True)
class Kind:
    """A kind of program: what it starts from, what it does, and how its state is told.

    Attributes
    ----------
    starts_from
        Script that makes the state folder it runs on.
    does
        Script that is killed.
    tells
        Names the state that a folder is in: ``old``, ``new`` or, for work that is being done,
        ``queued`` or ``running``; fails on anything between.
    """

    starts_from: str
    does: str
    tells: Callable[[Path], str]


def python(script: str, state: Path) -> subprocess.Popen[str]:
    """Start a script on a state folder, in a session of its own."""
    environment = os.environ | {
        "KULAN_STATE": str(state),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "kulan.web.settings",
        "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path]),
        "KULAN_LOG_LEVEL": "error",
    }
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def to_its_end(script: str, state: Path) -> float:
    """Run a script undisturbed; return how long the part that matters took, s."""
    with python(script, state) as program:
        program.stdout.readline()
        began = time.monotonic()
        program.stdout.readline()
        took_s = time.monotonic() - began
        _, said = program.communicate(timeout=300)
    assert program.returncode == 0, said[-3000:]
    return took_s


def killed(script: str, state: Path, after_s: float) -> bool:
    """Run a script, and kill it and its children some time after it began; whether it lived so."""
    with python(script, state) as program:
        program.stdout.readline()
        time.sleep(after_s)
        alive = program.poll() is None
        with suppress(ProcessLookupError):  # it had ended, and all its children
            os.killpg(program.pid, signal.SIGKILL)
        program.communicate()
    return alive


def ask(state: Path, question: str) -> list[tuple]:
    """Ask a state folder's database."""
    with sqlite3.connect(state / "kulan.sqlite3", timeout=30) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = database.execute(question).fetchall()
    database.close()
    return rows


# --- what each may leave --------------------------------------------------------------------------


def _after_migration(state: Path) -> str:
    done = {app for (app,) in ask(state, "SELECT DISTINCT app FROM django_migrations")}
    tables = {name for (name,) in ask(state, "SELECT name FROM sqlite_master")}
    new = {"catalogue_layer", "catalogue_rendition_bounds", "events_event", "jobs_job"}
    if "catalogue" in done:
        assert {"events", "jobs", "sessions"} <= done
        assert new <= tables
        return "new"
    assert not done & {"events", "jobs", "sessions"}
    assert not new & tables
    return "old"


def _after_seeding(state: Path) -> str:
    ((layers,),) = ask(state, "SELECT count(*) FROM catalogue_layer")
    ((rows,),) = ask(state, "SELECT count(*) FROM catalogue_rendition")
    ((in_index,),) = ask(state, "SELECT count(*) FROM catalogue_rendition_bounds")
    ((events,),) = ask(state, "SELECT count(*) FROM events_event WHERE kind = 'atlas_seeded'")
    assert rows == in_index
    assert (layers > 20, rows > 1000, events) in ((True, True, 1), (False, False, 0))
    assert layers or not rows
    return "new" if layers else "old"


def _after_import(state: Path) -> str:
    ((uids,),) = ask(state, "SELECT count(DISTINCT uid) FROM catalogue_rendition")
    ((job, attempts),) = ask(state, "SELECT state, attempts FROM jobs_job")
    ((counted,),) = ask(state, "SELECT feature_count FROM catalogue_layerversion")
    assert uids == counted
    assert uids in (0, FEATURES)
    assert job in ("queued", "running", "done")
    assert attempts <= 3
    if job == "done":
        assert uids == FEATURES
        return "new"
    return f"{job}, {'new' if uids else 'old'}"


def _after_release(state: Path) -> str:
    states = [s for (s,) in ask(state, "SELECT state FROM catalogue_layerversion ORDER BY number")]
    events = {kind for (kind,) in ask(state, "SELECT kind FROM events_event")}
    if states == ["superseded", "released"]:
        assert {"layer_superseded", "layer_released"} <= events
        return "new"
    assert states == ["released", "in_review"]
    assert not {"layer_superseded", "layer_released"} & events
    return "old"


def _after_backup(state: Path) -> str:
    path = state.parent / "backup.tar"
    if not path.exists():
        return "old"
    into = state.parent / "unpacked"
    archive.unpack(path, archive.read_manifest(path), into)
    shutil.rmtree(into)
    return "new"


def _after_restoring(state: Path) -> str:
    with restoring.in_use_whole(state):
        pass
    ((accounts,),) = ask(state, "SELECT count(*) FROM people_user")
    ours = (state / "files" / "ours").exists()
    assert (accounts, ours) in ((3, True), (0, False))
    assert not (state / ".restoring").exists()
    return "old" if ours else "new"


KINDS = {
    "migration": Kind(OLD_VERSION, MIGRATE, _after_migration),
    "seeding": Kind(_SET_UP + "from kulan.web.operation.migrating import migrate; migrate()",
                    SEED, _after_seeding),
    "import": Kind(PEOPLE, WORK, _after_import),
    "release": Kind(IN_REVIEW, RELEASE, _after_release),
    "backup": Kind(PEOPLE, BACKUP, _after_backup),
    "restoring": Kind(PEOPLE, RESTORE, _after_restoring),
}  # fmt: skip


def kill_often(name: str, times: int, folder: Path, *, seed: int) -> Outcome:
    """Kill programs of one kind at random moments; fail on whatever lies between old and new."""
    kind, chance, began = KINDS[name], random.Random(f"{name} {seed}"), time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    start = folder / "start"
    to_its_end(kind.starts_from, start / "state")
    if name == "restoring":
        _save_an_empty_one(start)
    undisturbed = _copy(start, folder / "undisturbed")
    takes_s = to_its_end(kind.does, undisturbed / "state")
    assert kind.tells(undisturbed / "state") == "new"
    outcome = Outcome(name)
    for number in range(times):
        trial = _copy(start, folder / f"trial-{number}")
        lived = killed(kind.does, trial / "state", chance.uniform(0, 1.05 * takes_s))
        outcome.times += 1
        outcome.ended_first += not lived
        outcome.left[kind.tells(trial / "state")] += 1
        to_its_end(kind.does, trial / "state")
        assert kind.tells(trial / "state") == "new"
        shutil.rmtree(trial)
    outcome.seconds = time.monotonic() - began
    return outcome


def _copy(start: Path, to: Path) -> Path:
    shutil.copytree(start, to)
    return to


def _save_an_empty_one(start: Path) -> None:
    """Put beside a state folder the backup of one in which there is nothing."""
    other = start / "other"
    to_its_end(_SET_UP + "from kulan.web.operation.migrating import migrate; migrate()", other)
    save = BACKUP.replace("backup.tar", "saved.tar")
    to_its_end(save, other)
    (start / "state" / "files").mkdir(exist_ok=True)
    (start / "state" / "files" / "ours").write_text("ours")


def kill_server(times: int, folder: Path, port: int, *, seed: int) -> Outcome:
    """Kill a whole server, worker and all, while it works on an import; then let it serve again."""
    chance, began = random.Random(f"server {seed}"), time.monotonic()
    start = folder / "start"
    to_its_end(PEOPLE, start / "state")
    outcome = Outcome("server")
    for number in range(times):
        trial = _copy(start, folder / f"trial-{number}")
        state = trial / "state"
        with _served(state, port) as server:
            time.sleep(chance.uniform(0, 5))
            os.killpg(server.pid, signal.SIGKILL)
        outcome.times += 1
        outcome.left[_after_import(state)] += 1
        with _served(state, port) as server:
            deadline = time.monotonic() + 120
            while _after_import(state) != "new":
                assert time.monotonic() < deadline, json.dumps(ask(state, "SELECT * FROM jobs_job"))
                time.sleep(0.2)
            os.kill(server.pid, signal.SIGTERM)
            assert server.wait(timeout=60) == 0
        shutil.rmtree(trial)
    outcome.seconds = time.monotonic() - began
    return outcome


def _served(state: Path, port: int) -> subprocess.Popen[str]:
    script = (
        "import sys; from kulan.cli import main\n"
        f"sys.argv = ['kulan', 'serve', '--port', '{port}', '--workers', '1']\nmain()"
    )
    server = python(script, state)
    while "serves at" not in (line := server.stdout.readline()):
        assert line, server.communicate()[1][-3000:]
    return server
