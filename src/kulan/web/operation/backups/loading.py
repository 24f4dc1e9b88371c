"""Tables of an unpacked backup into the database that the environment names.

It runs as a process of its own, ``python -m kulan.web.operation.backups.loading``: so that no
migration of an older version can touch the database of whoever asks for it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from kulan.errors import InvalidFileError, KulanError, TamperedFileError

RESTORED = "state_restored"


def verify(path: Path) -> None:
    """Restore a backup into a temporary folder, and compare counts and hashes.

    Raises
    ------
    TamperedFileError
        If what was restored is not what was saved.
    """
    from kulan.web.operation.backups import archive  # noqa: PLC0415  it imports this module

    with tempfile.TemporaryDirectory(prefix="kulan-verify-") as name:
        folder = Path(name)
        manifest = archive.read_manifest(path)
        archive.unpack(path, manifest, folder)
        load_elsewhere(folder, manifest, database=f"sqlite:///{folder / 'kulan.sqlite3'}")


def load_elsewhere(
    folder: Path,
    manifest: dict[str, Any],
    *,
    database: str,
    restored: str = "",
    clear: bool = False,
) -> None:
    """Load the tables below a folder into a database, in a process of its own.

    Parameters
    ----------
    folder
        Where `archive.unpack` wrote.
    manifest
        The backup's list.
    database
        Address of the database, as DATABASE_URL.
    restored
        Name of this restoring, to be written into the audit trail; none when only trying.
    clear
        Whether the database may hold something, which is then taken away.

    Raises
    ------
    TamperedFileError
        If the tables did not arrive as they were saved, or could not be loaded.
    InvalidFileError
        If the backup is of a later version.
    """
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    environment = os.environ | {
        "DATABASE_URL": database,
        "KULAN_STATE": str(folder / "scratch"),
        "KULAN_LOG_LEVEL": "warning",
        "DJANGO_SETTINGS_MODULE": "kulan.web.settings",
    }
    environment.pop("KULAN_SECRET_KEY_FILE", None)
    ran = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", __name__, str(folder), restored, "clear" if clear else ""],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode == InvalidFileError.exit_code:
        raise InvalidFileError(ran.stderr.strip())
    if ran.returncode != 0:
        raise TamperedFileError(f"the backup could not be loaded: {ran.stderr.strip()[-2000:]}")


def load(folder: Path, *, restored: str, clear: bool) -> None:
    """Load the tables into the database that the environment names, whole or not at all.

    Raises
    ------
    InvalidFileError
        If the backup is of a later version.
    TamperedFileError
        If the tables did not arrive as they were saved.
    """
    from django.db import connection  # noqa: PLC0415  after set_up
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from kulan.web.events.record import record  # noqa: PLC0415
    from kulan.web.geometry.postgis import make_ready  # noqa: PLC0415
    from kulan.web.operation import migrating  # noqa: PLC0415

    manifest = json.loads((folder / "manifest.json").read_bytes())
    with migrating.whole_schema_change():
        if clear:
            _drop_tables()
        make_ready("default")
        executor = MigrationExecutor(connection)
        executor.migrate(_targets(executor.loader, manifest))
        connection.check_constraints()  # on PostgreSQL: from now on they wait for the end
        _fill(folder, manifest["tables"])
        connection.check_constraints()  # and they are content before a table is changed again
        migrating.migrate_now()
        if restored:
            record(RESTORED, ("backup", restored, manifest["made_at"]), by=None)


def _targets(loader: Any, manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the last migrations that the saved database had, one or more for each area."""
    had = {(app, name) for app, name in manifest["migrations"]}
    if unknown := sorted(had - set(loader.disk_migrations)):
        raise InvalidFileError(
            f"the backup is of Kulan {manifest['kulan']}, which is later than this one (it has "
            f"{'.'.join(unknown[0])}). Restore it with that version or a later one."
        )
    nodes = {node for node in had if node in loader.graph.nodes}
    followed = {
        parent.key
        for node in nodes
        for parent in loader.graph.node_map[node].parents
        if parent.key[0] == node[0]
    }
    return sorted(nodes - followed)


def _fill(folder: Path, tables: dict[str, dict[str, Any]]) -> None:
    from kulan.web.operation.backups import rows  # noqa: PLC0415  after set_up

    apps = rows.models_as_migrated()
    rows.empty_tables(apps)
    models = rows.tables_of(apps)
    for name, facts in tables.items():
        rows.read_table(models[name], folder / "tables" / f"{name}.jsonl.gz")
        rows.set_last_key(models[name], facts["last_key"])
    for name, facts in tables.items():
        found = rows.facts_of(models[name])
        if found != facts:
            raise TamperedFileError(
                f"the table {name} did not arrive as it was saved: {facts['rows']} rows were, "
                f"{found['rows']} are. Nothing was changed."
            )


def _drop_tables() -> None:
    from django.db import connection  # noqa: PLC0415  after set_up

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND "
            "c.relnamespace = current_schema()::regnamespace AND NOT EXISTS "
            "(SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)} CASCADE")


def main() -> int:
    """Load, and say on standard error why not."""
    from kulan.web.operation.django_setup import set_up  # noqa: PLC0415  it reads the environment

    folder, restored, clear = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "clear"
    try:
        set_up()
        load(folder, restored=restored, clear=clear)
        from django.db import connection  # noqa: PLC0415  after set_up

        connection.close()  # SQLite puts its journal into the file
    except KulanError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return refusal.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
