"""An imported text as files: its actions as CSV and JSON, and what was lost or doubtful."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from kulan.programme.actions import actions, editions
from kulan.programme.text.imported import ImportedAction, ImportedText
from kulan.programme.text.tables import IMPORT_LOSSES, IMPORTED_ACTIONS, IMPORTED_CORRECTIONS
from kulan.safe_cells import safe_cell
from kulan.schemas import Table


def import_files(text: ImportedText) -> dict[str, bytes]:
    """Return the files that tell an imported text, by name.

    ``actions.csv`` has one row for each action and part, ``actions.json`` everything that was
    read, ``corrections.csv`` what print got wrong, ``losses.csv`` every line that was not
    understood, guessed at or left out, and what was done to the characters.

    Parameters
    ----------
    text
        The imported text.
    """
    return {
        "actions.csv": _csv(IMPORTED_ACTIONS, map(action_row, _with_edition(text))),
        "actions.json": _json(text),
        "corrections.csv": _csv(IMPORTED_CORRECTIONS, map(asdict, text.corrections)),
        "losses.csv": _csv(IMPORT_LOSSES, loss_rows(text)),
    }


def _with_edition(text: ImportedText) -> Iterable[tuple[str, ImportedAction]]:
    return ((text.edition_id, one) for one in text.actions)


def action_row(one: tuple[str, ImportedAction]) -> dict[str, Any]:
    """Return one action as a row of `tables.IMPORTED_ACTIONS`; takes it with its edition."""
    edition_id, action = one
    return {
        "edition_id": edition_id,
        "action_id": action.action_id,
        "parent_id": action.parent_id,
        "section_id": action.section_id,
        "order": action.order,
        "printed": action.printed,
        "text": action.text,
        "leads": action.leads,
        "priority_low": action.priority.low,
        "priority_high": action.priority.high,
        "priority_printed": " ".join(action.priority.printed.split()),
        "species": action.species,
        "landscapes": action.landscapes,
        "states": action.states,
        "see_also": action.see_also,
        "other_plans": tuple(r.printed for r in action.references if r.kind == "other_plan"),
        "meanings": tuple(dict.fromkeys(each.concept for each in action.meanings)),
        "line": action.line,
        "last_line": action.last_line,
    }


def loss_rows(text: ImportedText) -> list[dict[str, Any]]:
    """Return what was lost or is doubtful, as rows of `tables.IMPORT_LOSSES`."""
    rows: list[dict[str, Any]] = [
        {"line": one.line, "what": one.kind, "text": one.text, "reason": one.reason}
        for one in text.unread
    ]
    rows += [
        {"line": 0, "what": "missing", "text": action_id, "reason": "not found in the text"}
        for action_id in missing_actions(text)
    ]
    rows += [
        {
            "line": one.first_line,
            "what": "altered",
            "text": f"{one.what}, {one.count}",
            "reason": one.detail,
        }
        for one in text.alterations
    ]
    return rows


def missing_actions(text: ImportedText) -> tuple[str, ...]:
    """Return the rows that the edition has and the text as read has not.

    Editions whose actions Kulan does not know miss nothing.

    Parameters
    ----------
    text
        The imported text.
    """
    if text.edition_id not in {one.edition_id for one in editions() if one.actions_known}:
        return ()
    found = {one.action_id for one in text.rows}
    return tuple(one.action_id for one in actions(text.edition_id) if one.action_id not in found)


def _csv(table: Table, rows: Iterable[Mapping[str, Any]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.column_names)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in table.column_names])
    return buffer.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        # the sign between items is no part of an item
        value = ";".join(str(item).replace(";", ",") for item in value)
    return safe_cell(value) if isinstance(value, str) else value


def _json(text: ImportedText) -> bytes:
    def plain(value: Any) -> Any:
        return sorted(value)

    held = asdict(text)
    held["missing"] = missing_actions(text)
    return json.dumps(held, ensure_ascii=False, indent=1, default=plain).encode()
