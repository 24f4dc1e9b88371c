"""The published schema of findings.json, and the page that explains it."""

import inspect
import json
import re
from typing import Any

import msgspec

from kulan.screening import findings

_SECTION = re.compile(r"^(\w[\w ]*)\n-+$", re.MULTILINE)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of findings.json, made from the classes that write it."""
    made = msgspec.json.schema(findings.Screening)
    for name, definition in made.get("$defs", {}).items():
        definition["description"] = _summary(getattr(findings, name, None), definition)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Findings of a Kulan screening, version {findings.SCHEMA_VERSION}",
        **made,
    }


def schema_json() -> str:
    """Return the schema as indented JSON."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


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
    definitions = schema()["$defs"]
    first = findings.Screening.__name__
    names = [first, *(name for name in definitions if name != first)]
    parts += [_object_section(name, definitions[name]) for name in names]
    return "\n\n".join(parts) + "\n"


def _object_section(name: str, definition: dict[str, Any]) -> str:
    meanings = _meanings(getattr(findings, name, None))
    lines = [f"## {name}", "", definition["description"], ""]
    lines += (
        ["| field | type | meaning |", "|---|---|---|"]
        if meanings
        else ["| field | type |", "|---|---|"]
    )
    for field, value in definition.get("properties", {}).items():
        row = f"| `{field}` | {_type_words(value)} |"
        if meanings:
            row += " " + meanings.get(field, "").replace("|", "\\|").replace("``", "`") + " |"
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


def _summary(described: object, definition: dict[str, Any]) -> str:
    """Return what stands in a docstring before its first section."""
    text = inspect.getdoc(described) if described else definition.get("description", "")
    return _SECTION.split(text or "")[0].strip().replace("``", "`")


def _meanings(described: object) -> dict[str, str]:
    """Read a docstring's Attributes; names that share a line share the text."""
    text = inspect.getdoc(described) if described else ""
    parts = _SECTION.split(text or "")
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    meanings: dict[str, list[str]] = {}
    names: list[str] = []
    for line in sections.get("Attributes", "").splitlines():
        if line and not line.startswith(" "):
            names = [name.strip() for name in line.split(",")]
        elif line.strip():
            for name in names:
                meanings.setdefault(name, []).append(line.strip())
    return {name: " ".join(lines) for name, lines in meanings.items()}
