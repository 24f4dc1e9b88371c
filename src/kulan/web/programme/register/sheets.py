"""The list of actions as a file: the same filters as the page, the same readers."""

import json
from datetime import date
from typing import Any

import pandas as pd
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kulan.exchange.safe_cells import write_csv, write_xlsx
from kulan.web.policy import Viewer
from kulan.web.programme.register.catalogue import all_sections
from kulan.web.programme.register.listing import Asked, listed
from kulan.web.programme.register.standing import Standing, standings
from kulan.web.programme.register.views import asked_edition
from kulan.words import Words

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
"""Media type of a file by its ending."""
COLUMNS = (
    "action", "section", "number", "printed", "title", "priority_low", "priority_high", "leads",
    "species", "landscapes", "states", "see_also", "targets", "status", "status_computed",
    "set_by_hand", "reason", "done_in", "due", "evidence", "lacking", "share", "last_evidence",
)  # fmt: skip
"""Columns of the sheets, in their order; lists are written with semicolons."""


@require_GET
def sheet(request: HttpRequest, ending: str) -> HttpResponse:
    """Answer the actions that the page lists as CSV, XLSX or JSON."""
    edition, asked = asked_edition(request), Asked.of(request.GET)
    words, viewer = request.words, request.viewer  # type: ignore[attr-defined]
    found = standings(viewer, edition.edition_id)
    shown = listed(found, all_sections(edition.edition_id), asked, words).standings
    rows = [row_told(one, asked, words) for one in shown]
    body = _body(rows, ending, edition.edition_id, viewer, timezone.localdate())
    return HttpResponse(
        body,
        content_type=MEDIA[ending],
        headers={
            "Cache-Control": "private, no-cache",
            "Vary": "Cookie, Accept-Language",
            "Content-Disposition": f'attachment; filename="{edition.edition_id}-actions.{ending}"',
        },
    )


def row_told(one: Standing, asked: Asked, words: Words) -> dict[str, Any]:
    """Return an action as a row of a sheet, or as an object for programs."""
    action, computed = one.action, one.answer.computed
    holding = [said for said in one.answer.overrides if said.iso3 == asked.state or not said.iso3]
    return {
        "action": one.key,
        "section": action.section_id,
        "number": action.action_id,
        "printed": action.printed,
        "title": action.title(words.language),
        "priority_low": action.priority.low,
        "priority_high": action.priority.high,
        "leads": list(action.leads),
        "species": list(action.species),
        "landscapes": list(action.landscapes),
        "states": list(one.answer.by_state),
        "see_also": list(action.see_also),
        "targets": list(action.targets),
        "status": asked.status_of(one).value,
        "status_computed": asked.computed_of(one).value,
        "set_by_hand": one.set_by_hand,
        "reason": "; ".join(said.reason for said in holding),
        "done_in": [iso3 for iso3, status in one.answer.by_state.items() if status == "done"],
        "due": one.due.isoformat() if one.due else None,
        "evidence": len({item.reference for item in computed.counted}),
        "lacking": computed.lacking,
        "share": round(computed.share, 3),
        "last_evidence": computed.last_evidence.isoformat() if computed.last_evidence else None,
    }


def _body(
    rows: list[dict[str, Any]], ending: str, edition_id: str, viewer: Viewer, on: date
) -> bytes:
    if ending == "json":
        told = {
            "edition": edition_id,
            "on": on.isoformat(),
            "seen_by": "the public" if not viewer.roles else "a reader with a role",
            "actions": rows,
        }
        return json.dumps(told, ensure_ascii=False, indent=1).encode()
    flat = [
        {
            name: "; ".join(value) if isinstance(value, list) else value
            for name, value in row.items()
        }
        for row in rows
    ]
    table = pd.DataFrame(flat, columns=list(COLUMNS))
    return write_csv(table) if ending == "csv" else write_xlsx(table, "Actions")
