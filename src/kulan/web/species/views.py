"""Pages of species: the list, one species, estimates side by side, the fact sheet, the tables."""

import uuid
from collections.abc import Sequence
from typing import Any

import pandas as pd
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kulan.exchange.safe_cells import write_csv, write_xlsx
from kulan.programme.population_tables import POPULATIONS
from kulan.programme.terms import SPECIES_IDS
from kulan.report.fact_sheets import fact_sheet_html
from kulan.report.fact_sheets.habitat_map import habitat_map
from kulan.report.reader import Reader
from kulan.web.policy.records import visible_populations
from kulan.web.rates import check_rate
from kulan.web.security import client_address
from kulan.web.species import fact_sheets, pages
from kulan.web.species.models import PopulationRecord

PRIVATE = {"Cache-Control": "private, no-cache"}
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def known(species_id: str) -> str:
    """Return a species there is.

    Raises
    ------
    Http404
        If there is none of that name.
    """
    if species_id not in SPECIES_IDS:
        raise Http404
    return species_id


@require_GET
def species_list(request: HttpRequest) -> HttpResponse:
    """Show all species, or those that a text may mean."""
    text = request.GET.get("q", "")[:100]
    reader = Reader(request.words)
    context = {
        "q": text,
        "cards": pages.cards(request.viewer, reader, text),
        "waiting": pages.waiting(request.viewer),
        "has_role": pages.role_of(request.viewer),
    }
    return render(request, "species/list.html", context)


@require_GET
def species(request: HttpRequest, species_id: str) -> HttpResponse:
    """Show one species."""
    reader = Reader(request.words)
    return render(
        request, "species/page.html", pages.species_page(request.viewer, reader, known(species_id))
    )


@require_GET
def compare(request: HttpRequest, species_id: str) -> HttpResponse:
    """Show chosen estimates side by side, and whether they may be compared."""
    records = _chosen(request, known(species_id))
    reader = Reader(request.words)
    lines = [pages.line_told(request.viewer, one, reader) for one in records]
    context = {
        "species_id": species_id,
        "name": reader.species(species_id),
        "lines": lines,
        "states": [reader.state(one.iso3) for one in records],
        "pairs": pages.comparisons(lines, reader),
        "most": pages.MOST_COMPARED,
    }
    return render(request, "species/compare.html", context)


def _chosen(request: HttpRequest, species_id: str) -> list[PopulationRecord]:
    """Return the records that the address names and the reader may read, in their order."""
    wanted = []
    for text in request.GET.getlist("record")[: pages.MOST_COMPARED]:
        try:
            wanted.append(uuid.UUID(text))
        except ValueError:
            raise Http404 from None
    rows = visible_populations(request.viewer).filter(species_id=species_id, uid__in=wanted)
    by_uid = {one.uid: one for one in rows}
    return [by_uid[uid] for uid in dict.fromkeys(wanted) if uid in by_uid]


@require_GET
def habitat(request: HttpRequest, species_id: str) -> HttpResponse:
    """Answer the map of the habitat as a picture."""
    picture = fact_sheets.habitat_of(request.viewer, known(species_id))
    if picture is None:
        raise Http404
    etag = f'"{picture.sha256[:24]}-{request.words.language}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    drawn = habitat_map(species_id, picture, Reader(request.words))
    return HttpResponse(
        drawn.svg,
        content_type="image/svg+xml",
        headers={"Cache-Control": "private, max-age=600", "ETag": etag, "Vary": "Cookie"},
    )


@require_GET
def fact_sheet(request: HttpRequest, species_id: str) -> HttpResponse:
    """Show the fact sheet as a page to print."""
    facts = fact_sheets.facts_for(request.viewer, known(species_id), request.words)
    reader = Reader(request.words)
    context = {
        "species_id": species_id,
        "name": reader.species(species_id),
        "scientific": reader.scientific(species_id),
        "sheet": fact_sheet_html(facts, request.words),
    }
    return render(request, "species/fact_sheet.html", context)


@require_GET
def fact_sheet_file(request: HttpRequest, species_id: str) -> HttpResponse:
    """Answer the fact sheet as a PDF."""
    facts = fact_sheets.facts_for(request.viewer, known(species_id), request.words)
    etag = f'"{fact_sheets.sheet_key(facts, request.words)}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    check_rate(f"fact sheet {client_address(request)}", most=60, per_s=60)
    body = fact_sheets.sheet_pdf(facts, request.words)
    name = f"{species_id}-{request.words.language}.pdf"
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={
            **PRIVATE,
            "ETag": etag,
            "Vary": "Cookie, Accept-Language",
            "Content-Disposition": f'inline; filename="{name}"',
        },
    )


@require_GET
def populations(request: HttpRequest, species_id: str, ending: str) -> HttpResponse:
    """Answer the population records of a species as a table."""
    records = fact_sheets.in_force(request.viewer, known(species_id))
    return _table(records, f"{species_id}-populations", ending)


@require_GET
def all_populations(request: HttpRequest, ending: str) -> HttpResponse:
    """Answer the population records of all species as a table."""
    rows = visible_populations(request.viewer)
    records = sorted(rows, key=lambda one: (one.species_id, one.iso3, one.survey_to, one.pk))
    return _table(records, "populations", ending)


def _table(records: Sequence[PopulationRecord], name: str, ending: str) -> HttpResponse:
    columns: dict[str, list[Any]] = {
        column: [getattr(one, column) for one in records] for column in POPULATIONS.column_names
    }
    columns["record"] = [str(one.record) for one in records]
    columns["version"] = [str(one.uid) for one in records]
    columns["approved"] = [one.decided_at.date().isoformat() for one in records]
    table = pd.DataFrame(columns)
    body = write_csv(table) if ending == "csv" else write_xlsx(table, "Populations")
    return HttpResponse(
        body,
        content_type=_MEDIA[ending],
        headers={**PRIVATE, "Content-Disposition": f'attachment; filename="{name}.{ending}"'},
    )
