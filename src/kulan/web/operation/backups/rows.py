"""Rows of any table as lines of JSON, the same from SQLite and from PostgreSQL, and back.

Who is signed in is left out: a restored Atlas asks everyone to sign in again.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely
from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.duration import duration_iso_string

from kulan.web.geometry.field import GeometryField

LEFT_OUT = frozenset({"sessions.Session", "usersessions.UserSession", "jobs.Worker"})
_AT_ONCE = 1000

Facts = dict[str, Any]
"""Of one table: how many rows, the SHA-256 of its lines, the last key it gave out."""


def models_as_migrated() -> Apps:
    """Return the models as the database has them, which may be those of an older version."""
    loader = MigrationExecutor(connection).loader
    # a migration that a later one has replaced is written down as done, and is no node
    nodes = [node for node in loader.applied_migrations if node in loader.graph.nodes]
    return loader.project_state(nodes).apps


def tables_of(apps: Apps) -> dict[str, type[models.Model]]:
    """Return the tables that a backup holds, by their models' names."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.managed and not options.proxy and options.label not in LEFT_OUT:
            found[options.label] = model
    return dict(sorted(found.items()))


@contextmanager
def snapshot() -> Iterator[None]:
    """See the database as it is now while the block reads; who writes need not wait."""
    if connection.in_atomic_block:  # someone's transaction is a snapshot already
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Django's own transactions take the right to write at once; this one never does
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def write_table(model: type[models.Model], path: Path) -> Facts:
    """Write the rows of a table to a compressed file; return what it holds."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
        return _facts(model, file.write)


def facts_of(model: type[models.Model]) -> Facts:
    """Return what `write_table` would, without a file."""
    return _facts(model, lambda _: None)


def _facts(model: type[models.Model], write: Any) -> Facts:
    names = [field.attname for field in model._meta.concrete_fields]
    digest, count = hashlib.sha256(), 0
    rows = _all(model).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=_AT_ONCE):
        line = _line(dict(zip(names, row, strict=True)))
        digest.update(line)
        write(line)
        count += 1
    return {"rows": count, "sha256": digest.hexdigest(), "last_key": _last_key(model)}


def _all(model: type[models.Model]) -> models.QuerySet:
    """Return all rows, also those that a model's own manager would hide."""
    return models.QuerySet(model)


def _line(row: dict[str, Any]) -> bytes:
    plain = {name: _plain(value) for name, value in row.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _plain(value: Any) -> Any:
    """Return a value as both databases would give it, for JSON."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        # PostgreSQL's JSON keeps such numbers as decimals, which come back so
        return int(value) if value.is_integer() and (value == 0 or abs(value) >= 1e15) else value
    if value is None or isinstance(value, str | int):
        return value
    return _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, shapely.Geometry):
        wkb = shapely.to_wkb(value, byte_order=1, include_srid=False)
        return base64.b64encode(wkb).decode()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"no way to write {type(value).__name__} into a backup")


def empty_tables(apps: Apps) -> None:
    """Take all rows out of the tables: also those that migrations put there."""
    with connection.cursor() as cursor:
        for model in reversed(tables_of(apps).values()):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  a name of our own


def read_table(model: type[models.Model], path: Path) -> None:
    """Put the rows of a file that `write_table` wrote into an empty table."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for field in fields.values():
        for clock in ("auto_now", "auto_now_add"):  # what time it was stands in the file
            if getattr(field, clock, False):
                setattr(field, clock, False)
    with gzip.open(path, "rb") as file:
        while lines := list(islice(file, _AT_ONCE)):
            _all(model).bulk_create(_instances(model, fields, lines))


def _instances(
    model: type[models.Model], fields: dict[str, models.Field], lines: Iterable[bytes]
) -> list[models.Model]:
    rows = (json.loads(line) for line in lines)
    return [
        model(**{name: _value(fields[name], value) for name, value in row.items()}) for row in rows
    ]


def _value(field: models.Field, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, GeometryField):
        return shapely.from_wkb(base64.b64decode(value))
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return field.to_python(value)


def _last_key(model: type[models.Model]) -> int | None:
    """Return the last key that a table gave out: a key is never given twice."""
    key = model._meta.pk
    if not isinstance(key, models.AutoField):
        return None
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_get_serial_sequence(%s, %s)",
                [connection.ops.quote_name(table), key.column],
            )
            (sequence,) = cursor.fetchone()
            cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608  its own
            last, called = cursor.fetchone()
            return last if called else 0
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        return row[0] if row else 0


def set_last_key(model: type[models.Model], last: int | None) -> None:
    """Let a table go on where the one that was saved had come to."""
    if last is None:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
                cursor.execute(statement)
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), greatest(%s, 1), %s)",
                [connection.ops.quote_name(table), model._meta.pk.column, last, last > 0],
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, last])
