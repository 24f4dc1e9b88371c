"""The report as a tagged PDF (PDF/UA-1), set by Typst from one template.

The document travels to the template as JSON; no text of a user ever becomes Typst markup.
"""

import json
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

from kulan.report.compose import compose
from kulan.report.document import (
    Block,
    Document,
    Recipes,
    Section,
    Table,
    as_ranges,
    printable,
    recipes_of_columns,
)
from kulan.report.fonts import FAMILIES, FOLDER, STAND_IN, uncovered, with_stand_ins
from kulan.screening import Scene
from kulan.screening.findings import Screening
from kulan.words import Words

_TEMPLATE = files("kulan.report") / "templates" / "report.typ"
PRINTED_ROWS = 60
"""Rows of a table that are printed; a line beneath counts the others."""
PRINTED_RECIPES = 250


def write_pdf(screening: Screening, scene: Scene, words: Words) -> bytes:
    """Write the report as a tagged PDF.

    Long tables are printed up to `PRINTED_ROWS` and say how many rows stand in findings.json.
    Characters that the report's fonts lack are shown by a stand-in, and the first page says which.

    Parameters
    ----------
    screening
        What was found.
    scene
        What there is to draw.
    words
        The language.

    Returns
    -------
    bytes
        PDF 1.7, PDF/UA-1; the same for the same findings, since its date is that of the question.
    """
    return set_pdf(compose(screening, scene, words))


def set_pdf(document: Document) -> bytes:
    """Set a composed report as a tagged PDF."""
    return typeset(_TEMPLATE.read_bytes(), as_data(document), document.on, document.labels["tofu"])


def typeset(template: bytes, values: dict[str, Any], on: str, tofu: str) -> bytes:
    """Set values by a template as a tagged PDF (PDF/UA-1), with the report's fonts embedded.

    Parameters
    ----------
    template
        Typst markup that reads ``sys.inputs.document``.
    values
        What it sets; it has ``fonts``, and ``tofu`` for what the fonts lack.
    on
        Day the file says it was made on, ISO 8601.
    tofu
        Sentence with ``{mark}`` and ``{characters}``, for what the fonts lack.

    Returns
    -------
    bytes
        The same for the same values.
    """
    import typst  # noqa: PLC0415 - 80 MB that a report without PDF need not load

    data = json.dumps(_printable(values), ensure_ascii=False)
    if missing := uncovered(data):
        data = with_stand_ins(data, missing)
        data = json.dumps({**json.loads(data), "tofu": _tofu(missing, tofu)}, ensure_ascii=False)
    made: bytes = typst.compile(  # type: ignore[misc]
        template,
        font_paths=[str(FOLDER)],
        ignore_system_fonts=True,
        sys_inputs={"document": data},
        pdf_standards=["ua-1"],
        timestamp=int(_moment(on).timestamp()),
    )
    return made


def _printable(data: Any) -> Any:
    """Return the same values, their texts without control characters."""
    if isinstance(data, str):
        return printable(data)
    if isinstance(data, dict):
        return {name: _printable(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_printable(value) for value in data]
    return data


def _moment(on: str) -> datetime:
    return datetime.combine(date.fromisoformat(on), datetime.min.time(), tzinfo=UTC)


_MOST_NAMED = 8
"""So many of the characters that a PDF cannot show are named."""


def _tofu(missing: list[str], sentence: str) -> str:
    points = ", ".join(f"U+{ord(character):04X}" for character in missing[:_MOST_NAMED])
    if len(missing) > _MOST_NAMED:  # a whole script: a list of it tells nobody more
        points += f", … (+{len(missing) - _MOST_NAMED})"
    return sentence.replace("{mark}", STAND_IN).replace("{characters}", points)


def as_data(document: Document) -> dict[str, Any]:
    """Return a document as plain values for the template, its long tables cut and counted."""
    return {
        "language": document.language,
        "title": document.title,
        "subtitle": document.subtitle,
        "made": document.made,
        "labels": document.labels,
        "contents": document.contents,
        "fonts": list(FAMILIES),
        "tofu": "",
        "alternatives": len(document.alternatives),
        "sections": [_section(section, document) for section in document.sections],
    }


def _section(section: Section, document: Document) -> dict[str, Any]:
    return {
        "title": section.title,
        "anchor": section.anchor,
        "blocks": [_block(block, document) for block in section.blocks],
        "sections": [_section(inner, document) for inner in section.sections],
    }


def _block(block: Block, document: Document) -> dict[str, Any]:
    data = _plain(block)
    if isinstance(block, Table):
        printed = len(block.rows) if block.whole else PRINTED_ROWS
        data["rows"] = data["rows"][:printed]
        data["left_out"] = _counted(document.labels["left_out"], len(block.rows) - printed)
        data["recipes"] = _recipe_line(block, document)
    if isinstance(block, Recipes):
        data["entries"] = data["entries"][:PRINTED_RECIPES]
        left_out = len(block.entries) - PRINTED_RECIPES
        data["left_out"] = _counted(document.labels["more_recipes"], left_out)
    return data


def _plain(block: Block) -> dict[str, Any]:
    """Return a block as a dictionary that names its kind, and those inside it too."""
    data = {"kind": type(block).__name__, **asdict(block)}
    for name, value in vars(block).items():
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            data[name] = [{"kind": type(one).__name__, **asdict(one)} for one in value]
    return data


def _counted(words: str, count: int) -> str:
    return words.replace("{count}", str(count)) if count > 0 else ""


def _recipe_line(table: Table, document: Document) -> str:
    """Say which recipes the figures of each column come from."""
    parts = []
    for title, keys in recipes_of_columns(table):
        runs = as_ranges([document.recipe_numbers[key] for key in keys]).split(", ")
        parts.append(title + document.labels["colon"] + ", ".join(f"R{run}" for run in runs))
    return f"{document.labels['how']} {'; '.join(parts)}." if parts else ""
