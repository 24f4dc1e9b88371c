"""By which properties of a collection a reader can filter: those of the features as seen."""

import json
import re
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from kulan.web.ogc.sight import Sight

COLUMNS: dict[str, tuple[str, str]] = {
    # property: column of a rendition, kind
    "uid": ("uid", "string"),
    "name": ("name", "string"),
    "species_id": ("species_id", "string"),
    "iso3": ("iso3", "string"),
    "season": ("season", "string"),
    "date_from": ("date_from", "date"),
    "date_to": ("date_to", "date"),
    "coordinateUncertaintyInMeters": ("uncertainty_m", "number"),
}
"""Properties that every collection has, whatever the owner's columns are."""
GEOMETRY = "geometry"
_NAME = re.compile(r"[A-Za-z_][\w:-]{0,79}")
_KINDS = {
    "true": "boolean",
    "false": "boolean",
    "boolean": "boolean",
    "integer": "integer",
    "real": "number",
    "number": "number",
    "text": "string",
    "string": "string",
}
"""Kinds of values by what the databases call them."""
_EACH = {
    "sqlite": (
        "SELECT DISTINCT each.key, each.type FROM ({rows}) seen, json_each(seen.properties) each "
        "WHERE each.type <> 'null'"
    ),
    # a number without a fraction or an exponent is whole, as in Python's reading of JSON
    "postgresql": (
        "SELECT DISTINCT each.key, CASE WHEN jsonb_typeof(each.value) = 'number' "
        "AND each.value::text ~ '^-?[0-9]+$' THEN 'integer' ELSE jsonb_typeof(each.value) END "
        "FROM ({rows}) seen, jsonb_each(seen.properties) each "
        "WHERE jsonb_typeof(each.value) <> 'null'"
    ),
}


def queryables(sight: Sight) -> dict[str, str]:
    """Return each property to filter by, with its kind: string, number, integer, boolean or date.

    The owner's columns are those that stand in the features this reader sees, and no other: a
    column that is withheld is not told of.
    """
    found: dict[str, str] = sight.remembered("queryables", lambda: _find(sight))
    return found


def _find(sight: Sight) -> dict[str, str]:
    kinds: dict[str, set[str]] = {}
    for name, kind in _told(sight):
        kinds.setdefault(name, set()).add(kind)
    found = {name: kind for name, (_, kind) in COLUMNS.items()}
    for name in sorted(kinds):
        kind = "number" if kinds[name] == {"integer", "number"} else "".join(kinds[name])
        if name not in found and kind in _KINDS.values() and _NAME.fullmatch(name):
            found[name] = kind
    return found


def _told(sight: Sight) -> list[tuple[str, str]]:
    """Return the names and kinds of what stands in the features seen.

    The database finds them: reading the features of a large collection for it takes seconds.
    """
    rows = sight.rows.order_by().values("properties")
    try:
        sql, values = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:  # Django sees that no row can be meant, and asks nothing
        return []
    each = _EACH[connection.vendor].format(rows=sql)
    with connection.cursor() as cursor:
        cursor.execute(each, values)
        return [(name, _KINDS.get(kind, kind)) for name, kind in cursor.fetchall()]


def schema(sight: Sight, title: str, address: str) -> dict[str, Any]:
    """Return the queryables as a JSON schema.

    OGC 19-079r2 (2024), OGC API - Features - Part 3: Filtering, requirements class Queryables.
    """
    properties: dict[str, Any] = {
        GEOMETRY: {"format": "geometry-any", "x-ogc-role": "primary-geometry"}
    }
    for name, kind in queryables(sight).items():
        told = {"type": "string", "format": "date"} if kind == "date" else {"type": kind}
        properties[name] = {"title": name, **told}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": title,
        "properties": properties,
        "additionalProperties": False,
    }


def as_kind(text: str, kind: str) -> Any:
    """Return the text of a parameter as a value of its kind; None where it is none.

    Examples
    --------
    >>> as_kind("5", "integer"), as_kind("yes", "boolean"), as_kind("x", "number")
    (5, None, None)
    """
    if kind in ("string", "date"):
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    fits = {"boolean": (bool,), "integer": (int,), "number": (int, float)}[kind]
    return value if type(value) in fits and abs(value) < 1e300 else None
