"""The page of knowledge gaps, and the list of what could be funded as a file."""

from typing import Any
from urllib.parse import urlencode

import pandas as pd
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kulan.exchange.safe_cells import write_csv, write_xlsx
from kulan.programme import range_states
from kulan.programme.count_methods import COUNT_METHODS, SEASON_NAMES
from kulan.programme.gaps import SEASONS, Package, knowledge_gaps, packages
from kulan.programme.terms import SPECIES_IDS
from kulan.report.reader import Reader
from kulan.web.programme.gaps import gathering
from kulan.web.programme.menu import MENU
from kulan.web.rates import check_rate
from kulan.web.security import client_address
from kulan.web.species.views import PRIVATE
from kulan.words import Words

_PER_PAGE = 50
_ASKED = ("species", "state", "season", "waiting")


@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """Show what work would close the gaps that matter most, chosen by species, state and season."""
    asked, reader = _asked(request), Reader(request.words)
    states = range_states()["iso3"]
    found = _found(request, asked)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    chosen = {name: value for name, value in asked.items() if value}
    context = {
        "menu": MENU,
        "asked": asked,
        "query": urlencode(chosen),
        "page": page,
        "rows": [_shown(one, reader) for one in page],
        "count": len(found),
        "has_atlas": bool(gathering.grounds()),
        "species": sorted(((one, reader.species(one)) for one in SPECIES_IDS), key=_by_name),
        "states": sorted(((one, reader.state(one)) for one in states), key=_by_name),
        "seasons": [(one, request.words.say(SEASON_NAMES[one])) for one in SEASONS],
    }
    answer = render(request, "programme/gaps/list.html", context)
    answer["Cache-Control"] = PRIVATE["Cache-Control"]
    return answer


@require_GET
def table(request: HttpRequest, ending: str) -> HttpResponse:
    """Answer the list as a file: one row for each piece of work, with its cells."""
    check_rate(f"gaps {client_address(request)}", most=20, per_s=60)
    words = request.words
    found = _found(request, _asked(request))
    frame = pd.DataFrame([_row(one, words) for one in found], columns=list(_COLUMNS))
    if ending == "csv":
        body, media = write_csv(frame), "text/csv; charset=utf-8"
    else:
        body = write_xlsx(frame, words.say("Knowledge gaps"))
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    named = f'attachment; filename="kulan-knowledge-gaps.{ending}"'
    return HttpResponse(body, content_type=media, headers={"Content-Disposition": named, **PRIVATE})


def _asked(request: HttpRequest) -> dict[str, str]:
    """Return what the address asks for.

    Raises
    ------
    Http404
        If it names a species, state or season that there is not.
    """
    asked = {name: request.GET.get(name, "") for name in _ASKED}
    known = {
        "species": SPECIES_IDS,
        "state": tuple(range_states()["iso3"]),
        "season": SEASONS,
        "waiting": ("yes",),
    }
    if any(value and value not in known[name] for name, value in asked.items()):
        raise Http404
    return asked


def _found(request: HttpRequest, asked: dict[str, str]) -> list[Package]:
    grounds = [
        one
        for one in gathering.grounds()
        if asked["species"] in ("", one.species_id) and asked["state"] in ("", one.iso3)
    ]
    looks = gathering.looks(request.viewer)
    waiting = gathering.decisions(request.viewer, request.words)
    found = knowledge_gaps(grounds, looks, waiting, on=timezone.localdate())
    wanted = [one for one in found if asked["season"] in ("", one.season)]
    together = packages(wanted, looks)
    planned = [one for one in together if one.decision and one.decision.cells]
    return planned if asked["waiting"] else list(together)


def _shown(one: Package, reader: Reader) -> dict[str, Any]:
    words = reader.words
    return {
        "species_id": one.species_id,
        "species": reader.species(one.species_id),
        "state": reader.state(one.iso3),
        "season": words.say(SEASON_NAMES[one.season]),
        "decision": one.decision,
        "cells": one.cells,
        "habitat_km2": words.significant(one.habitat_km2),
        "never": one.never,
        "last_year": one.last_year,
        "state_year": one.state_year,
        "methods": [words.say(COUNT_METHODS[method].name) for method in one.methods[:3]],
    }


_COLUMNS = (
    *("species_id", "species", "state", "season", "waiting", "waiting_reference", "due"),
    *("cells", "cell_count", "habitat_km2", "never_looked_at", "last_year", "last_year_in_state"),
    "methods_used_for_the_species",
)


def _row(one: Package, words: Words) -> tuple[Any, ...]:
    reader = Reader(words)
    waits = one.decision
    return (
        *(one.species_id, reader.species(one.species_id), one.iso3, one.season),
        *(("", "", "") if waits is None else (waits.title, waits.reference, waits.due_said)),
        *(";".join(one.cells), len(one.cells), round(one.habitat_km2), one.never),
        *(one.last_year, one.state_year, ";".join(one.methods)),
    )


def _by_name(option: tuple[str, str]) -> str:
    return option[1]
