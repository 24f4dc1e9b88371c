"""Pages that show the registers: all of them, one, a record, its history, a table to take away."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kulan.programme.registers import QUESTIONS, Register, register
from kulan.programme.terms import SPECIES_IDS
from kulan.report.reader import Reader
from kulan.web.policy.registers import Sight, may_add, may_keep, visible_records
from kulan.web.programme.menu import MENU
from kulan.web.programme.registers import exports, listing, pages
from kulan.web.programme.registers.areas import areas_on_map
from kulan.web.programme.registers.models import Record
from kulan.web.programme.registers.overviews import Held, gaps_told, grid_of, states
from kulan.web.programme.registers.questionnaires import asked_about
from kulan.web.programme.registers.timelines import timeline_of

PRIVATE = {"Cache-Control": "private, no-cache"}
_FILTERS = ("q", "state", "species", "stage", "topic", "now")
_MOST_ON_MAP = 500


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show all registers."""
    reader = Reader(request.words)
    cards = listing.index_cards(request.viewer, reader)
    return render(request, "programme/registers/index.html", {"menu": MENU, "cards": cards})


@require_GET
def register_page(request: HttpRequest, kind: str) -> HttpResponse:
    """Show one register: its records, its gaps, its table of states."""
    viewer, reader, one = request.viewer, Reader(request.words), register(kind)
    sight, asked, today = Sight(viewer), request.GET, timezone.localdate()
    every = listing.all_held(viewer, kind)
    found = listing.fitting(every, one, reader, asked, sight)
    page = listing.page_of(found, asked.get("page"))
    kept = {key: value for key, value in asked.items() if key != "page" and value}
    context = {
        "menu": MENU,
        "register": one,
        "title": reader.say(one.title),
        "purpose": reader.say(one.purpose),
        "lines": listing.lines_told(page.object_list, one, reader, sight),
        "page": page,
        "found": len(found),
        "count": len(every),
        "map": _map_of(kind, found, sight, reader),
        "gaps": gaps_told(kind, every, reader, today),
        "grid": grid_of(kind, every, reader, today),
        "timeline": timeline_of(kind, every, reader, today),
        "adds": may_add(viewer, one),
        "asked": {key: asked.get(key, "") for key in _FILTERS},
        "query": urlencode(kept),
        "states": sorted((reader.state(code), code) for code in states()),
        "species": sorted((reader.species(code), code) for code in SPECIES_IDS),
        "stages": [(stage.code, reader.say(stage.title)) for stage in one.stages],
        "topics": _topics(one, reader),
        "has_states": any(field.kind in {"state", "states"} for field in one.fields),
        "has_species": any(field.kind in {"species", "several_species"} for field in one.fields),
    }
    return render(request, "programme/registers/list.html", context)


def _topics(one: Register, reader: Reader) -> list[tuple[str, str]]:
    """Return the topics that a register's records are filtered by."""
    for field in one.fields:
        if field.name == "topics":
            return [(code, reader.say(title)) for code, title in field.choices]
    return []


def _map_of(kind: str, found: list[Held], sight: Sight, reader: Reader) -> Any:
    """Return the areas of a list on a map; None where its records are no areas."""
    if kind != "hotspots":
        return None
    return areas_on_map(listing.records_of(found[:_MOST_ON_MAP]), sight, reader)


@require_GET
def table(request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    """Answer a register as a table, filtered as the page is."""
    one, sight = register(kind), Sight(request.viewer)
    every = listing.all_held(request.viewer, kind)
    found = listing.fitting(every, one, Reader(request.words), request.GET, sight)
    body = exports.write_register(one, listing.records_of(found), sight, ending)
    return HttpResponse(
        body,
        content_type=exports.MEDIA[ending],
        headers={**PRIVATE, "Content-Disposition": f'attachment; filename="{kind}.{ending}"'},
    )


def found(request: HttpRequest, kind: str, uid: uuid.UUID) -> Record:
    """Return a record that exists for the viewer.

    Raises
    ------
    Http404
        If there is none, or none for the viewer.
    """
    return get_object_or_404(visible_records(request.viewer, kind), uid=uid)


@require_GET
def record_page(request: HttpRequest, kind: str, uid: uuid.UUID) -> HttpResponse:
    """Show one record."""
    record, reader = found(request, kind, uid), Reader(request.words)
    context = pages.record_page(request.viewer, record, reader)
    context |= {"menu": MENU, "register_title": reader.say(record.declared.title)}
    context["asked"] = asked_about(request.viewer, record, reader)
    context["questions"] = len(QUESTIONS)
    return render(request, "programme/registers/record.html", context)


@require_GET
def history(request: HttpRequest, kind: str, uid: uuid.UUID) -> HttpResponse:
    """Show what a record was before, to those who keep it."""
    record, reader = found(request, kind, uid), Reader(request.words)
    if not may_keep(request.viewer, record):
        raise Http404
    context = {
        "menu": MENU,
        "record": record,
        "register": record.declared,
        "register_title": reader.say(record.declared.title),
        "title": pages.heading(record, reader),
        "versions": pages.history_told(record, reader),
    }
    return render(request, "programme/registers/history.html", context)
