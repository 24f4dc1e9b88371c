"""The index of a table's shapes: an R*Tree kept by triggers on SQLite, GiST on PostGIS."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from kulan.web.geometry.field import index_name

_BOUNDS = "min_west, max_east, min_south, max_north"


class SpatialIndex(Operation):
    """Migration operation: index the shapes of one model.

    On SQLite the triggers go with the table: a later operation that makes the table anew
    (`AlterField`, `AddConstraint`) must be followed by this one again.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, field: str = "geometry") -> None:
        """Take the model, and the name of its field."""
        self.model_name = model_name
        self.field = field

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how to write it down in a migration."""
        return (self.__class__.__name__, [self.model_name, self.field], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the index, and fill it with the rows that are there."""
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        for statement in _statements(schema_editor.connection.vendor, table, self.field):
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the index away."""
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        for statement in _removals(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)

    def describe(self) -> str:
        """Return one line for the list of migrations."""
        return f"Index the shapes of {self.model_name}"


def _statements(vendor: str, table: str, field: str) -> list[str]:
    if vendor == "postgresql":
        return [f'CREATE INDEX "{index_name(table)}" ON "{table}" USING GIST ("{field}")']
    index = index_name(table)
    new = "new.id, new.west, new.east, new.south, new.north"
    # an R*Tree keeps 32-bit floats rounded outwards: it may name a row too many, never too few
    return [
        *_removals(vendor, table),
        f'CREATE VIRTUAL TABLE "{index}" USING rtree(id, {_BOUNDS})',
        f'INSERT INTO "{index}" SELECT id, west, east, south, north FROM "{table}"',
        f'CREATE TRIGGER "{index}_insert" AFTER INSERT ON "{table}" BEGIN '
        f'INSERT INTO "{index}" VALUES ({new}); END',
        f'CREATE TRIGGER "{index}_update" AFTER UPDATE OF west, south, east, north ON "{table}" '
        f'BEGIN INSERT OR REPLACE INTO "{index}" VALUES ({new}); END',
        f'CREATE TRIGGER "{index}_delete" AFTER DELETE ON "{table}" BEGIN '
        f'DELETE FROM "{index}" WHERE id = old.id; END',
    ]


def _removals(vendor: str, table: str) -> list[str]:
    index = index_name(table)
    if vendor == "postgresql":
        return [f'DROP INDEX "{index}"']
    occasions = ("insert", "update", "delete")
    triggers = [f'DROP TRIGGER IF EXISTS "{index}_{occasion}"' for occasion in occasions]
    return [*triggers, f'DROP TABLE IF EXISTS "{index}"']
