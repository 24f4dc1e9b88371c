"""The published schema of findings.json, and the page that explains it."""

import json
from typing import Any

from kulan.report import findings_schema
from kulan.screening import findings


def schema_json() -> str:
    """Return the JSON Schema of findings.json, as the report publishes it."""
    return findings_schema().decode()


def schema_page(note: str) -> str:
    """Return the page with one table for each kind of object in findings.json."""
    parts = [
        note,
        "# findings.json",
        "`kulan screen` writes every finding to `findings.json`; the HTML page, the PDF and the "
        "GeoPackage are made from it alone. The schema to check a file against: "
        "{download}`findings.schema.json`. "
        f"This is version {findings.SCHEMA_VERSION} of the schema, named in each file as "
        "`schema_version`.",
    ]
    definitions = json.loads(findings_schema())["$defs"]
    first = findings.Screening.__name__
    names = [first, *(name for name in definitions if name != first)]
    parts += [_object_section(name, definitions[name]) for name in names]
    return "\n\n".join(parts) + "\n"


def _object_section(name: str, definition: dict[str, Any]) -> str:
    fields = definition.get("properties", {})
    explained = any("description" in value for value in fields.values())
    heading = ["| field | type | meaning |", "|---|---|---|"]
    lines = [f"## {name}", "", definition["description"], ""]
    lines += heading if explained else ["| field | type |", "|---|---|"]
    for field, value in fields.items():
        row = f"| `{field}` | {_type_words(value)} |"
        if explained:
            row += " " + value.get("description", "").replace("|", "\\|") + " |"
        lines.append(row)
    return "\n".join(lines)


def _type_words(value: dict[str, Any]) -> str:
    """Say a schema's type in words: "list of Figure", "number or null"."""
    if "$ref" in value:
        return str(value["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in value:
        return " or ".join(_type_words(part) for part in value["anyOf"])
    if "enum" in value:
        return ", ".join(f"`{item}`" for item in value["enum"])
    kind = str(value.get("type", "anything"))
    if kind == "array":
        return "list of " + _type_words(value["items"]) if value.get("items") else "list"
    if kind == "object" and isinstance(value.get("additionalProperties"), dict):
        return "object of " + _type_words(value["additionalProperties"])
    return kind
