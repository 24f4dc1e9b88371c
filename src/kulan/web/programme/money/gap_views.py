"""Pages of gaps and of matches between calls and actions."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kulan.programme import range_states, species_name, state_name
from kulan.programme.actions import action_key, actions
from kulan.programme.money import (
    Gap,
    Interval,
    Reckoning,
    fundable,
    gap_of,
    gaps_by,
    gaps_of_groups,
    matches,
    ranked,
)
from kulan.programme.money.amounts import currencies
from kulan.programme.money.gaps import not_allocated
from kulan.programme.terms import SPECIES_IDS
from kulan.web.programme.menu import MENU
from kulan.web.programme.money import reading
from kulan.web.programme.money.forms import COMMON_CURRENCIES, landscape_names
from kulan.web.programme.money.models import Call, Need
from kulan.web.programme.money.permissions import (
    may_begin_project,
    may_keep_money,
    may_read_books,
    visible_projects,
)
from kulan.web.programme.money.telling import (
    gap_lines,
    interval_told,
    match_told,
    money_told,
)
from kulan.words import N_, Words

BY = {
    "section": N_("By section"),
    "action": N_("By action"),
    "state": N_("By state"),
    "species": N_("By species"),
    "landscape": N_("By landscape"),
}
_MATCHES_PER_PAGE = 20
_OPENING_SOON = timedelta(days=90)


def page(request: HttpRequest, name: str, template: str, **context: Any) -> HttpResponse:
    """Answer a page of this area, with its two rows of links."""
    status = context.pop("status", 200)
    say, viewer = request.words.say, request.viewer
    pages = [
        ("money_gaps", say("Gaps")),
        ("money_matching", say("Calls for actions")),
        ("money_calls", say("Donors and calls")),
        ("money_projects", say("Projects")),
        ("money_iati", say("IATI")),
        ("money_rates", say("Rates of exchange")),
    ]
    if may_read_books(viewer):
        pages.append(("money_books", say("Mitigation fund")))
    full = {
        "menu": MENU,
        "pages": pages,
        "open_page": name,
        "keeps": may_keep_money(viewer),
        "begins_projects": may_begin_project(viewer),
        **context,
    }
    return render(request, f"programme/money/{template}.html", full, status=status)


def wanted_currency(request: HttpRequest) -> str:
    """Return the currency the reader asks for.

    Raises
    ------
    Http404
        If there is none of that code.
    """
    asked = request.GET.get("currency", reading.CURRENCY)
    if asked not in currencies():
        raise Http404
    return asked


@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """Show what is missing, by section, action, state, species or landscape."""
    by = request.GET.get("by", "section")
    section = request.GET.get("section", "")
    if by not in BY or (section and section not in reading.section_titles("en")):
        raise Http404
    words, currency = request.words, wanted_currency(request)
    reckoning = reading.reckoning_for(request.viewer, currency)
    within = reading.keys_by_section()[section] if section else None
    whole = gap_of(reckoning, {} if within is None else {"action": within})
    outside: list[str] = []
    if by in ("state", "species", "landscape"):
        costs, money = not_allocated(reckoning, by)
        outside = [interval_told(costs, words), money_told(money, words)]
    return page(
        request, "money_gaps", "gaps",
        by=by, section=section, currency=currency, whole=gap_lines([("", "", whole)], words)[0],
        lines=gap_lines(_rows(reckoning, by, within, words), words), outside=outside,
        choices=[(code, words.say(name)) for code, name in BY.items()],
        sections=reading.section_titles(words.language).items(),
        currencies=sorted({*COMMON_CURRENCIES, currency}),
    )  # fmt: skip


def _rows(
    reckoning: Reckoning, by: str, within: frozenset[str] | None, words: Words
) -> list[tuple[str, str, Gap]]:
    names = _names(by, within, words)
    if by == "section":
        keys = reading.keys_by_section()
        found = gaps_of_groups(reckoning, "action", {one: keys[one] for one in names})
    else:
        found = gaps_by(reckoning, by, names, None if by == "action" else within)
    known = ((one, gap) for one, gap in found.items() if by in ("section", "action") or _says(gap))
    rows = ranked(known)
    return [(names[one], _href(by, one, reckoning.currency), gap) for one, gap in rows]


def _says(gap: Gap) -> bool:
    return gap.needs > 0 or bool(gap.projects)


def _names(by: str, within: frozenset[str] | None, words: Words) -> dict[str, str]:
    if by == "section":
        titles, keys = reading.section_titles(words.language), reading.keys_by_section()
        return {key: it for key, it in titles.items() if within is None or keys[key] & within}
    if by == "action":
        titles = reading.action_titles(words.language)
        return {key: it for key, it in titles.items() if within is None or key in within}
    if by == "state":
        return {str(code): state_name(str(code), words.language) for code in range_states()["iso3"]}
    if by == "species":
        return {one: species_name(one, words.language) for one in SPECIES_IDS}
    return landscape_names()


def _href(by: str, name: str, currency: str) -> str:
    if by == "section":
        return f"?by=action&section={name}&currency={currency}"
    return f"action/{name}?currency={currency}" if by == "action" else ""


@require_GET
def action(request: HttpRequest, key: str) -> HttpResponse:
    """Show one action: what it costs, who pays, what is missing, which calls could pay."""
    words, currency = request.words, wanted_currency(request)
    titles = reading.action_titles(words.language)
    if key not in titles:
        raise Http404
    reckoning = reading.reckoning_for(request.viewer, currency)
    gap = gap_of(reckoning, {"action": frozenset((key,))})
    projects = visible_projects(request.viewer).filter(uid__in=gap.projects)
    needs = [
        {
            "row": row,
            "told": interval_told(_interval(row), words),
            "states": words.listed([state_name(one, words.language) for one in row.states]),
            "day": words.day(row.day),
        }
        for row in Need.objects.filter(action=key)
    ]
    today = timezone.localdate()
    calls = [reading.call_of(one) for one in _open_calls(today)]
    one = next(one for one in actions(reading.EDITION) if action_key(one) == key)
    found = matches(calls, [fundable(one, gap)], reading.rates(), today)
    return page(
        request, "money_gaps", "action",
        key=key, title=titles[key], line=gap_lines([("", "", gap)], words)[0], needs=needs,
        projects=projects, currency=currency,
        matches=[match_told(it, titles[key], words) for it in found],
    )  # fmt: skip


def _interval(row: Need) -> Any:
    need = reading.need_of(row)
    return Interval(need.low, need.high)


def _open_calls(today: Any) -> Any:
    """Return the calls one may apply to, or soon."""
    opening = Q(opens=None) | Q(opens__lte=today + _OPENING_SOON)
    return Call.objects.filter(opening, Q(closes=None) | Q(closes__gte=today)).select_related(
        "donor__champion"
    )


@require_GET
def matching(request: HttpRequest) -> HttpResponse:
    """Show which calls could pay for which actions of high priority, and why."""
    words, currency = request.words, wanted_currency(request)
    state, today = request.GET.get("state", ""), timezone.localdate()
    states = _names("state", None, words)
    if state and state not in states:
        raise Http404
    every = request.GET.get("priority") == "all"
    reckoning = reading.reckoning_for(request.viewer, currency)
    titles = reading.action_titles(words.language)
    wanted = [
        one
        for one in actions(reading.EDITION)
        if (every or one.priority.high == "high")
        and (not state or state in one.states or not one.states)
    ]
    gap = gaps_by(reckoning, "action", [action_key(one) for one in wanted])
    looked_at = [fundable(one, gap[action_key(one)]) for one in wanted]
    calls = [reading.call_of(one) for one in _open_calls(today)]
    found = Paginator(matches(calls, looked_at, reading.rates(), today), _MATCHES_PER_PAGE)
    shown = found.get_page(request.GET.get("page"))
    return page(
        request, "money_matching", "matching",
        matches=[match_told(one, titles[one.action.action], words) for one in shown],
        shown=shown, count=found.count, calls=len(calls), currency=currency, state=state,
        states=states.items(), every=every,
        currencies=sorted({*COMMON_CURRENCIES, currency}),
    )  # fmt: skip
