"""The database made ready for this version: in one transaction, so that it is old or new."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

_TURN = 20_260_704  # of PostgreSQL's advisory lock: two servers that start at once take turns


def migrate() -> bool:
    """Bring the database to this version; whether there was something to do."""
    if not is_behind():
        return False
    with whole_schema_change():
        migrate_now()
    return True


def migrate_now() -> None:
    """Migrate inside a change that is under way; another may have done it while we waited."""
    call_command("migrate", interactive=False, verbosity=0)


def is_behind() -> bool:
    """Whether the database lacks a migration of this version."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def whole_schema_change() -> Iterator[Any]:
    """Run several migrations as one change.

    Django makes each migration whole, but writes some of them down as done only afterwards: killed
    in between, a database could neither go on nor go back.
    """
    connection.ensure_connection()
    # SQLite remakes tables with foreign keys off, and takes no such word inside a transaction
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
            yield
            connection.check_constraints()
    finally:
        connection.enable_constraint_checking()
