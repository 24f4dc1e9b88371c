"""What the dashboards show as files: the same filters as the pages, the same readers."""

import json
from typing import Any

import pandas as pd
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kulan.exchange.safe_cells import write_csv, write_xlsx
from kulan.programme.evidence.dashboards import FACETS, STATUSES, tally
from kulan.programme.evidence.dashboards import over_time as over_days
from kulan.web.programme.register.catalogue import all_sections
from kulan.web.programme.register.dashboard_boards import Question, board_for
from kulan.web.programme.register.dashboard_charts import in_order, namer
from kulan.web.programme.register.dashboard_lists import near_told, stalled_told
from kulan.web.programme.register.sheets import MEDIA
from kulan.web.programme.register.views import asked_edition

_COUNTS = ("facet", "value", "name", *(status.value for status in STATUSES), "total")
_STALLED = ("action", "title", "status", "priority", "leads", "last_evidence", "days_without")
_NEAR = (
    "action", "title", "status", "priority", "leads", "kind", "species", "state",
    "completes_action", "completes_states",
)  # fmt: skip


@require_GET
def overview(request: HttpRequest, ending: str) -> HttpResponse:
    """Answer the numbers of every chart: one row for each facet and value."""
    edition = asked_edition(request)
    asked = Question.of(request.GET, edition.edition_id)
    words = request.words  # type: ignore[attr-defined]
    board = board_for(request.viewer, edition.edition_id, timezone.localdate())  # type: ignore[attr-defined]
    rows: list[dict[str, Any]] = []
    sections = all_sections(edition.edition_id)
    for facet in FACETS:
        naming = namer(facet, sections, words)
        table = in_order(tally(board, facet, asked.choice), facet, naming)
        rows += [
            {"facet": facet, "name": naming(row["value"]), **row}
            for row in table.to_dict("records")
        ]
    rows += [
        {"facet": "day", "name": row["value"], **row}
        for row in over_days(board, asked.choice).to_dict("records")
    ]
    return _file(rows, _COUNTS, ending, asked, "dashboard")


@require_GET
def stalled(request: HttpRequest, ending: str) -> HttpResponse:
    """Answer the stalled actions."""
    asked, board, words = _asked(request)
    rows = [
        {
            "action": told.found.asked.key,
            "title": told.title,
            "status": told.found.status.value,
            "priority": told.priority,
            "leads": list(told.action.leads),
            "last_evidence": _iso(told.found.last_evidence),
            "days_without": told.found.days_without,
        }
        for told in stalled_told(board, asked, words)
    ]
    return _file(rows, _STALLED, ending, asked, "stalled")


@require_GET
def near(request: HttpRequest, ending: str) -> HttpResponse:
    """Answer what one more object would complete."""
    asked, board, words = _asked(request)
    rows = [
        {
            "action": told.found.asked.key,
            "title": told.title,
            "status": told.status,
            "priority": told.priority,
            "leads": list(told.action.leads),
            "kind": told.found.missing.requirement.kind,
            "species": list(told.found.missing.requirement.species),
            "state": told.found.missing.iso3,
            "completes_action": told.found.completes_action,
            "completes_states": list(told.found.completes_states),
        }
        for told in near_told(board, asked.choice, words)
    ]
    return _file(rows, _NEAR, ending, asked, "one-more")


def _asked(request: HttpRequest) -> tuple[Question, Any, Any]:
    edition = asked_edition(request)
    board = board_for(request.viewer, edition.edition_id, timezone.localdate())  # type: ignore[attr-defined]
    return Question.of(request.GET, edition.edition_id), board, request.words  # type: ignore[attr-defined]


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _file(
    rows: list[dict[str, Any]], columns: tuple[str, ...], ending: str, asked: Question, name: str
) -> HttpResponse:
    """Answer rows as CSV, XLSX or JSON."""
    today = timezone.localdate().isoformat()
    if ending == "json":
        chosen = {facet: value for facet in FACETS if (value := getattr(asked.choice, facet))}
        told = {"edition": asked.edition, "on": today, "chosen": chosen, "rows": rows}
        body = json.dumps(told, ensure_ascii=False, indent=1).encode()
    else:
        flat = [
            {key: "; ".join(cell) if isinstance(cell, list) else cell for key, cell in row.items()}
            for row in rows
        ]
        table = pd.DataFrame(flat, columns=list(columns))
        body = write_csv(table) if ending == "csv" else write_xlsx(table, "Dashboard")
    return HttpResponse(
        body,
        content_type=MEDIA[ending],
        headers={
            "Cache-Control": "private, no-cache",
            "Vary": "Cookie, Accept-Language",
            "Content-Disposition": f'attachment; filename="{asked.edition}-{name}.{ending}"',
        },
    )
