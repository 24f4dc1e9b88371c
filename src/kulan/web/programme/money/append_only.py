"""A table of which the database itself lets no row be changed or taken out: rows are added only.

Whoever writes past Kulan, with a shell of the database or a faulty query, is refused by triggers.
Who administers the database can take triggers away; that what then happens is found is the work of
the chain of hashes (see `kulan.programme.money.audit`).
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

REFUSAL = "What is posted is never changed or deleted. Reverse the entry instead."


class AppendOnly(Operation):
    """Migration operation: let rows of one model be added, and nothing else.

    Rows that are there already stay. On SQLite the triggers go with the table: a later operation
    that makes the table anew (`AlterField`, `AddConstraint`) must be followed by this one again.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, unique: tuple[str, ...] = ()) -> None:
        """Take the model, and its columns of which no value stands twice."""
        self.model_name = model_name
        self.unique = unique

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how to write it down in a migration."""
        return (self.__class__.__name__, [self.model_name, self.unique], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the triggers."""
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        vendor = schema_editor.connection.vendor
        for statement in [*removals(vendor, table), *_statements(vendor, table, self.unique)]:
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the triggers away."""
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        for statement in removals(schema_editor.connection.vendor, table):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """Return one line for the list of migrations."""
        return f"Let rows of {self.model_name} be added only"


def _statements(vendor: str, table: str, unique: tuple[str, ...]) -> list[str]:
    if vendor == "postgresql":
        return [  # names of our own, here and below
            f'CREATE OR REPLACE FUNCTION "{table}_stays"() RETURNS trigger LANGUAGE plpgsql AS $$ '  # noqa: S608
            f"BEGIN IF TG_OP <> 'TRUNCATE' OR EXISTS (SELECT 1 FROM \"{table}\") THEN "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; "
            "END IF; RETURN NULL; END $$",
            f'CREATE TRIGGER "{table}_rows_stay" BEFORE UPDATE OR DELETE ON "{table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{table}_stays"()',
            f'CREATE TRIGGER "{table}_all_stay" BEFORE TRUNCATE ON "{table}" '
            f'FOR EACH STATEMENT EXECUTE FUNCTION "{table}_stays"()',
        ]
    refused = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    # INSERT OR REPLACE takes out what stands in its way without a word to the other triggers
    same = " OR ".join(f'"{column}" = new."{column}"' for column in ("id", *unique))
    return [
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" {refused}',
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" {refused}',
        f'CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}" '  # noqa: S608
        f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same}) {refused}',
    ]


def removals(vendor: str, table: str) -> list[str]:
    """Return the statements that take the triggers of a table away."""
    if vendor == "postgresql":
        triggers = [f'DROP TRIGGER IF EXISTS "{table}_{one}" ON "{table}"' for one in _ON_POSTGRES]
        return [*triggers, f'DROP FUNCTION IF EXISTS "{table}_stays"()']
    return [f'DROP TRIGGER IF EXISTS "{table}_{one}"' for one in _ON_SQLITE]


_ON_POSTGRES = ("rows_stay", "all_stay")
_ON_SQLITE = ("no_update", "no_delete", "no_replace")
