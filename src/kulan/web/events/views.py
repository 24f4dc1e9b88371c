"""The page of all events, their CSV, and what happened to one thing."""

import pandas as pd
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from kulan.exchange.safe_cells import write_csv
from kulan.web.events.history import told
from kulan.web.events.kinds import KINDS, SUBJECTS
from kulan.web.events.models import Event
from kulan.web.policy.people import SEE_EVENTS, visible_events

_ON_A_PAGE, _MOST_ROWS = 100, 100_000
_COLUMNS = ("at", "kind", "by_id", "by_name", "subject_kind", "subject_id", "subject_title")


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """List what happened, for administrators."""
    found = _found(request)
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "events/list.html",
        {
            "page": page,
            "happened": [told(event) for event in page],
            "sought": request.GET,
            "kinds": sorted(((key, str(text)) for key, text in KINDS.items()), key=lambda x: x[1]),
            "subjects": sorted(
                ((key, str(text)) for key, text in SUBJECTS.items()), key=lambda x: x[1]
            ),
            "query": query.urlencode(),
        },
    )


@require_GET
def events_csv(request: HttpRequest) -> HttpResponse:
    """Give the events that the page lists as a table, without a cell that a spreadsheet runs."""
    rows = list(_found(request)[:_MOST_ROWS].values(*_COLUMNS, "details"))
    for row in rows:
        row["at"] = row["at"].isoformat(timespec="seconds")
        row["details"] = "; ".join(f"{key}={value}" for key, value in row["details"].items())
    table = pd.DataFrame(rows, columns=[*_COLUMNS, "details"], dtype="object")
    return HttpResponse(
        write_csv(table),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="kulan-events.csv"',
            "Cache-Control": "no-store",
        },
    )


def _found(request: HttpRequest) -> QuerySet[Event]:
    viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.has(*SEE_EVENTS):
        raise Http404
    found, sought = visible_events(viewer), request.GET
    if words := sought.get("q", "").strip():
        found = found.filter(subject_title__icontains=words) | found.filter(
            by_name__icontains=words
        )
    for name in ("kind", "subject_kind"):
        if value := sought.get(name, ""):
            found = found.filter(**{name: value})
    if since := _day(sought.get("since", "")):
        found = found.filter(at__date__gte=since)
    if until := _day(sought.get("until", "")):
        found = found.filter(at__date__lte=until)
    return found.order_by("-at", "-pk")


def _day(text: str) -> object:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_GET
def events_of_thing(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """Show what happened to one thing, as a part of a page; 404 where the viewer may not know."""
    found = (
        visible_events(request.viewer)  # type: ignore[attr-defined]
        .filter(subject_kind=kind, subject_id=uid)
        .order_by("-at", "-pk")[:_ON_A_PAGE]
    )
    happened = [told(event) for event in found]
    if not happened:
        raise Http404
    return render(request, "events/of.html", {"happened": happened})
