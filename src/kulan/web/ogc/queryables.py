"""By which properties of a collection a reader can filter: those of the features as seen."""

import json
import re
from typing import Any

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
_KINDS: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
_CHUNK_ROWS = 5_000


def queryables(sight: Sight) -> dict[str, str]:
    """Return each property to filter by, with its kind: string, number, integer, boolean or date.

    The owner's columns are those that stand in the features this reader sees, and no other: a
    column that is withheld is not told of.
    """
    found: dict[str, str] = sight.remembered("queryables", lambda: _find(sight))
    return found


def _find(sight: Sight) -> dict[str, str]:
    kinds: dict[str, set[str]] = {}
    rows = sight.rows.values_list("properties", flat=True)
    for properties in rows.iterator(chunk_size=_CHUNK_ROWS):
        for name, value in properties.items():
            kinds.setdefault(name, set()).add(_KINDS.get(type(value), ""))
    found = {name: kind for name, (_, kind) in COLUMNS.items()}
    for name in sorted(kinds):
        kind = "number" if kinds[name] == {"integer", "number"} else "".join(kinds[name])
        if name not in found and kind in _KINDS.values() and _NAME.fullmatch(name):
            found[name] = kind
    return found


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
