"""A query that is put into SQL once and asked many times: for what every tile of a map asks."""

from collections.abc import Mapping
from typing import Any

from django.db import connections
from django.db.models import QuerySet


class Prepared:
    """A query with slots, whose values come with each question.

    Putting a query into SQL takes Django longer than answering it takes the database. Rows come as
    the driver gives them: JSON is text on SQLite.
    """

    def __init__(self, rows: QuerySet[Any], slots: Mapping[str, Any]) -> None:
        """Take the query, made with a value of its own for each slot that occurs nowhere else.

        Raises
        ------
        ValueError
            A slot's value does not reach the database as it is.
        """
        self._using = rows.db
        self._sql, parameters = rows.query.sql_with_params()
        self._parameters = tuple(parameters)
        self._names = tuple(_slot(parameter, slots) for parameter in self._parameters)
        if lost := set(slots) - set(self._names):
            raise ValueError(f"no parameter of the query is {', '.join(sorted(lost))}")

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows."""
        parameters = [
            values[name] if name else parameter
            for name, parameter in zip(self._names, self._parameters, strict=True)
        ]
        with connections[self._using].cursor() as cursor:
            cursor.execute(self._sql, parameters)
            return list(cursor.fetchall())


def _slot(parameter: Any, slots: Mapping[str, Any]) -> str:
    """Return the slot whose value a parameter is; empty where it is none's."""
    same = (
        name
        for name, value in slots.items()
        if type(value) is type(parameter) and value == parameter
    )
    return next(same, "")
