"""findings.json, and the schema it is published with."""

import inspect
import json
import re
from typing import Any

import msgspec

from kulan import provenance
from kulan.screening import findings
from kulan.screening.findings import SCHEMA_VERSION, Screening

SCHEMA_ID = f"urn:kulan:schema:findings:{SCHEMA_VERSION}"
_SECTION = re.compile(r"^(\w[\w ]*)\n-+$", re.MULTILINE)


def findings_json(screening: Screening) -> bytes:
    """Write all findings as JSON, indented, in the order in which they are declared.

    Returns
    -------
    bytes
        UTF-8; the same bytes for the same findings.
    """
    encoded = msgspec.json.encode(screening, order="deterministic")
    return msgspec.json.format(encoded, indent=1) + b"\n"


def findings_schema() -> bytes:
    """Return the JSON Schema (2020-12) of findings.json, with the meaning of every field."""
    made: dict[str, Any] = msgspec.json.schema(Screening)
    for name, definition in made["$defs"].items():
        described = getattr(findings, name, None) or getattr(provenance, name)
        text = inspect.getdoc(described) or ""
        definition["description"] = _SECTION.split(text)[0].strip().replace("``", "`")
        meanings = _meanings(text)
        for field, value in definition.get("properties", {}).items():
            if field in meanings:
                value["description"] = meanings[field]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": f"Findings of a Kulan screening, version {SCHEMA_VERSION}",
        **made,
    }
    return (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode()


def _meanings(text: str) -> dict[str, str]:
    """Read the Attributes of a docstring; names that share a line share its text."""
    parts = _SECTION.split(text)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    meanings: dict[str, list[str]] = {}
    names: list[str] = []
    for line in sections.get("Attributes", "").splitlines():
        if line and not line.startswith(" "):
            names = [name.strip() for name in line.split(",")]
        elif line.strip():
            for name in names:
                meanings.setdefault(name, []).append(line.strip().replace("``", "`"))
    return {name: " ".join(lines) for name, lines in meanings.items()}
