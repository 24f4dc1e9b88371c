"""`kulan backup`: the whole state into one file, while the server runs."""

import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from kulan import __version__
from kulan.errors import NotAllowedNowError, OutputExistsError
from kulan.outputs import check_writable, write_whole
from kulan.web.operation import migrating
from kulan.web.operation.backups import archive, loading, rows

LAST_BACKUP = Path("run") / "last-backup"
NOT_SAVED = frozenset({"cache", "run", "backups", "secret.key"})
_DATABASE = "kulan.sqlite3"
_BY_TIME = re.compile(r"kulan-\d{8}T\d{6}Z\.tar")


@dataclass(frozen=True)
class Saved:
    """What a backup holds.

    Attributes
    ----------
    path, size_bytes
        The file.
    rows, files
        How many of each it holds.
    seconds, verified_in_s
        How long it took, and how long restoring it to compare took; None where it was not compared.
    """

    path: Path
    size_bytes: int
    rows: int
    files: int
    seconds: float
    verified_in_s: float | None


def save(
    state: Path,
    path: Path,
    *,
    with_secret_key: bool = False,
    verify: bool = True,
    replace: bool = False,
) -> Saved:
    """Save a state folder and its database to a file.

    Parameters
    ----------
    state
        The state folder; Django is ready on it.
    path
        File to write.
    with_secret_key
        Whether to put the key that signs sessions beside what it protects.
    verify
        Whether to restore the file into a temporary folder and compare it, before it gets its name.
    replace
        Whether a file of that name may be replaced.

    Raises
    ------
    OutputExistsError
        If a file of that name is there.
    NotAllowedNowError
        If the database is not of this version.
    """
    started = time.monotonic()
    path = path.absolute()
    if path.exists() and not replace:
        raise OutputExistsError(
            f"{path}: something is already there. Name another file, or allow it to be replaced "
            "with --replace."
        )
    check_writable(path)
    if migrating.is_behind():
        raise NotAllowedNowError(
            f"{state}: its database is not of this version of Kulan ({__version__}). Start `kulan "
            "serve` once, which brings it up; or back up with the version that last served it."
        )
    with archive.packing(path) as packed:
        tables = _add_tables(packed)
        for name, file in _files(state, path, with_secret_key=with_secret_key):
            try:
                packed.add(name, file)
            except FileNotFoundError:  # deleted since it was listed
                continue
        whole = packed.finish(_manifest(tables, with_secret_key=with_secret_key))
        saved_s = time.monotonic() - started
        if verify:
            loading.verify(whole)
        verified_s = time.monotonic() - started - saved_s
    write_whole(state / LAST_BACKUP, f"{timezone.now().isoformat()} {path}\n".encode())
    return Saved(
        path,
        path.stat().st_size,
        sum(facts["rows"] for facts in tables.values()),
        len(packed.members) - len(tables),
        saved_s,
        verified_s if verify else None,
    )


def place_of(path: Path, *, named: bool) -> Path:
    """Return the file to write: in a folder, or where it must be `named`, by the time."""
    if not (path.is_dir() or named):
        return path
    return path / f"kulan-{timezone.now().strftime('%Y%m%dT%H%M%SZ')}.tar"


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest backups of those named after their time; return the removed.

    What a backup that was killed left half-written goes too, a day later.
    """
    for half in folder.glob(".kulan-*.tar.*"):
        if time.time() - half.stat().st_mtime > 86400:
            half.unlink(missing_ok=True)
    named = sorted(path for path in folder.glob("kulan-*.tar") if _BY_TIME.fullmatch(path.name))
    for path in named[:-keep]:
        path.unlink()
    return named[:-keep]


def _add_tables(packed: archive.Packing) -> dict[str, rows.Facts]:
    tables = {}
    with tempfile.TemporaryDirectory(prefix="kulan-backup-") as folder, rows.snapshot():
        for name, model in rows.tables_of(rows.models_as_migrated()).items():
            file = Path(folder) / "rows"
            tables[name] = rows.write_table(model, file)
            packed.add(f"tables/{name}.jsonl.gz", file)
    return tables


def _manifest(tables: dict[str, rows.Facts], *, with_secret_key: bool) -> dict[str, Any]:
    return {
        "kulan": __version__,
        "made_at": timezone.now().isoformat(),
        "database": connection.vendor,
        "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
        "with_secret_key": with_secret_key,
        "tables": tables,
    }


def _files(state: Path, backup: Path, *, with_secret_key: bool) -> Iterator[tuple[str, Path]]:
    """Return the files of a state folder that are worth keeping, with their names in the backup."""
    for folder, folders, names in os.walk(state):
        top = Path(folder) == state
        left_out = (
            NOT_SAVED - ({"secret.key"} if with_secret_key else set()) if top else frozenset()
        )
        folders[:] = sorted(name for name in folders if _is_kept(name, left_out))
        for name in sorted(names):
            file = Path(folder) / name
            database = top and name.startswith(_DATABASE)
            if _is_kept(name, left_out) and not database and file.is_file() and file != backup:
                yield f"state/{file.relative_to(state).as_posix()}", file


def _is_kept(name: str, left_out: frozenset[str] | set[str]) -> bool:
    # a leading dot: half-written, and gone when it is whole
    return name not in left_out and not name.startswith(".")
