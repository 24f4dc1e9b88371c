"""`kulan restore`: a backup in place of what a state folder holds, whole or not at all.

Everything is made ready in ``.restoring`` inside the state folder (which may be a volume: then
nothing can be put beside it). A file ``ready.json`` there is the moment from which it counts:
renames after it are finished by whoever next starts, and what has not come so far is thrown away.
Where the records are in PostgreSQL, its own transaction is that moment.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kulan.errors import OutputExistsError
from kulan.outputs import write_whole
from kulan.web.operation.backups import archive, loading
from kulan.web.operation.state_folder import in_use

_WORK = ".restoring"
_READY = "ready.json"
_STAYS = frozenset({"run", "backups", "secret.key", _WORK})
_DATABASE = "kulan.sqlite3"
_CACHE = "cache"


def restore(
    state: Path, path: Path, *, database: str = "", replace: bool = False
) -> dict[str, Any]:
    """Put a backup in place of what a state folder and its database hold.

    Parameters
    ----------
    state
        The state folder; it may be missing.
    path
        The backup.
    database
        Address of a PostgreSQL for the records; without it SQLite in the state folder.
    replace
        Whether something may be there, which then goes.

    Returns
    -------
    dict
        The backup's list.

    Raises
    ------
    OutputExistsError
        If something is there.
    AlreadyInUseError
        If a server or a worker runs on the state folder.
    """
    manifest = archive.read_manifest(path)
    with in_use(state, alone=True):
        finish(state)
        if not replace:
            _check_empty(state, database)
        work = state / _WORK
        work.mkdir(mode=0o700)
        try:
            _make_ready(state, work, path, manifest, database=database, replace=replace)
        except BaseException:
            if not (work / _READY).exists():
                shutil.rmtree(work, ignore_errors=True)
            raise
        finally:
            if (work / _READY).exists():
                finish(state)
    return manifest


def _make_ready(
    state: Path, work: Path, path: Path, manifest: dict[str, Any], *, database: str, replace: bool
) -> None:
    archive.unpack(path, manifest, work)
    new = work / "state"
    new.mkdir(exist_ok=True)
    name = secrets.token_hex(8)
    if database:
        # said before PostgreSQL's transaction: whether it counts is seen by whether that did
        _say_ready(state, work, decided_by=name, database=database)
        loading.load_elsewhere(work, manifest, database=database, restored=name, clear=replace)
    else:
        own = f"sqlite:///{new / _DATABASE}"
        loading.load_elsewhere(work, manifest, database=own, restored=name)
        _say_ready(state, work)


def _say_ready(state: Path, work: Path, *, decided_by: str = "", database: str = "") -> None:
    new = {entry.name for entry in (work / "state").iterdir()}
    old = {entry.name for entry in state.iterdir()} - (_STAYS - new)
    if database:
        old = {name for name in old if not name.startswith(_DATABASE)}
    plan = {"old": sorted(old), "decided_by": decided_by, "database": database}
    _sync(work)
    write_whole(work / _READY, json.dumps(plan).encode())
    (work / _READY).chmod(0o600)  # the address may hold a password
    _sync(work)


def finish(state: Path) -> None:
    """Finish a restoring that was cut off, or throw away what had not come so far.

    Only who holds the state folder alone may call it; without one under way it does nothing.
    """
    work = state / _WORK
    if not work.exists():
        return
    if (work / _READY).is_file():
        plan = json.loads((work / _READY).read_bytes())
        if not plan["decided_by"] or _was_loaded(plan):
            _put_in_place(state, work, plan["old"])
        (work / _READY).unlink()
    shutil.rmtree(work)


def _put_in_place(state: Path, work: Path, old: list[str]) -> None:
    aside = work / "old"
    aside.mkdir(exist_ok=True)
    for name in old:  # said again after a cut, each finds itself done
        if (state / name).exists() and not (aside / name).exists():
            os.rename(state / name, aside / name)
    for entry in sorted((work / "state").iterdir()):
        os.rename(entry, state / entry.name)
    _sync(state)


def _was_loaded(plan: dict[str, Any]) -> bool:
    import psycopg  # noqa: PLC0415  an extra

    address = plan["database"].replace("postgis://", "postgresql://", 1)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('events_event') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(
            "SELECT count(*) FROM events_event WHERE kind = %s AND subject_id = %s",
            [loading.RESTORED, plan["decided_by"]],
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def in_use_whole(state: Path) -> Iterator[None]:
    """Hold a state folder with others, once a restoring that was cut off is finished or forgotten.

    Raises
    ------
    AlreadyInUseError
        If a backup is being restored into it.
    """
    if (state / _WORK).exists():
        with in_use(state, alone=True):
            finish(state)
    with in_use(state):
        yield


def _check_empty(state: Path, database: str) -> None:
    free = _STAYS | {_CACHE}
    held = sorted(entry.name for entry in state.iterdir() if entry.name not in free)
    if held or (database and _holds_tables(database)):
        raise OutputExistsError(
            f"{state}: {', '.join(held[:3]) or 'its database'} is already there. Restore into "
            "another folder, or allow everything there to be replaced with --replace."
        )


def _holds_tables(database: str) -> bool:
    import psycopg  # noqa: PLC0415  an extra

    with psycopg.connect(database.replace("postgis://", "postgresql://", 1)) as connection:
        found = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
    return found is not None and found[0] is not None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
