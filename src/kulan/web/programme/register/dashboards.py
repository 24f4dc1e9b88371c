"""Dashboards of the programme: the overview, what is stalled, what is near, one state."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kulan.programme.evidence.dashboards import Board
from kulan.programme.states import party_status, range_states
from kulan.web.programme.menu import MENU
from kulan.web.programme.register.catalogue import all_editions, all_sections
from kulan.web.programme.register.dashboard_boards import MONTHS, Question, board_for
from kulan.web.programme.register.dashboard_charts import charts, filters, namer, over_time
from kulan.web.programme.register.dashboard_days import closed_cycles
from kulan.web.programme.register.dashboard_lists import lacking_told, near_told, stalled_told
from kulan.web.programme.register.permissions import may_keep_register, sees_all_evidence
from kulan.web.programme.register.views import asked_edition

_FIRST = 12
"""How many lines of a list another page shows."""

_MOST = 200
"""How many lines a page of near objects shows; its files hold all."""


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show where the programme stands: one bar of all, one over time, and one for each facet."""
    asked, board, context = _asked(request)
    words = context["words"]
    context |= {
        "open": "programme_dashboard",
        "over_time": over_time(board, asked.choice, words, context["closed"]),
        "charts": charts(board, asked.choice, context["sections"], words),
    }
    return _answer(request, "overview", context)


@require_GET
def stalled(request: HttpRequest) -> HttpResponse:
    """List the actions that are not done and had no new evidence for long."""
    asked, board, context = _asked(request)
    context |= {
        "open": "programme_dashboard",
        "rows": stalled_told(board, asked, context["words"]),
        "months": MONTHS,
    }
    return _answer(request, "stalled", context)


@require_GET
def near(request: HttpRequest) -> HttpResponse:
    """List the objects that alone would complete an action, or an action in a state."""
    asked, board, context = _asked(request)
    context |= {
        "open": "programme_dashboard",
        "rows": near_told(board, asked.choice, context["words"]),
        "most": _MOST,
    }
    return _answer(request, "near", context)


@require_GET
def state(request: HttpRequest, iso3: str) -> HttpResponse:
    """Show where the actions stand in one state, what lacks there and what is near."""
    if iso3 not in set(range_states()["iso3"]):
        raise Http404
    asked, board, context = _asked(request, state=iso3)
    words = context["words"]
    context |= {
        "open": "programme_dashboard",
        "iso3": iso3,
        "name": namer("state", (), words)(iso3),
        "party": party_status(iso3, timezone.localdate()),
        "over_time": over_time(board, asked.choice, words, context["closed"]),
        "charts": [
            chart
            for chart in charts(board, asked.choice, context["sections"], words)
            if chart.facet in ("section", "species")
        ],
        "near": near_told(board, asked.choice, words),
        "first": _FIRST,
        "rows": lacking_told(board, asked.choice, words),
    }
    return _answer(request, "state", context)


def _asked(request: HttpRequest, *, state: str = "") -> tuple[Question, Board, dict[str, Any]]:
    """Return what is asked, the reader's board, and what every dashboard needs."""
    edition, viewer = asked_edition(request), request.viewer  # type: ignore[attr-defined]
    words = request.words  # type: ignore[attr-defined]
    asked = Question.of(request.GET, edition.edition_id, state=state)
    today = timezone.localdate()
    board = board_for(viewer, edition.edition_id, today)
    sections = all_sections(edition.edition_id)
    context = {
        "menu": MENU,
        "edition": edition,
        "editions": all_editions(drafts=may_keep_register(viewer)),
        "asked": asked,
        "choice": asked.choice,
        "sections": sections,
        "filters": filters(board, sections, words),
        "today": words.day(today),
        "sees_all": sees_all_evidence(viewer),
        "closed": closed_cycles(edition.edition_id),
        "words": words,
    }
    return asked, board, context


def _answer(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Answer a page that no one else may be given: it tells what this reader may see."""
    answer = render(request, f"programme/dashboards/{name}.html", context)
    answer["Cache-Control"] = "private, no-cache"
    return answer
