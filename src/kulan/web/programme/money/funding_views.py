"""Pages of donors, calls, needs, rates and publishers."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.programme.money.funding import ORGANISATION_KINDS, THEMES
from kulan.programme.money.matching import SOON_DAYS
from kulan.web.programme.money import actions, reading
from kulan.web.programme.money.forms import CallForm, DonorForm, NeedForm, RateForm, ReasonForm
from kulan.web.programme.money.gap_views import page
from kulan.web.programme.money.models import Call, Donor, ExchangeRate, Need
from kulan.web.programme.money.permissions import (
    check_may_keep_donor,
    check_may_keep_money,
    may_keep_donor,
)
from kulan.web.programme.money.telling import money_told, name_of


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Show donors, and calls: open, closing soon, opening later, closed."""
    today = timezone.localdate()
    rows = list(Call.objects.select_related("donor__champion"))
    groups: dict[str, list[dict[str, Any]]] = {"soon": [], "open": [], "later": [], "closed": []}
    for row in rows:
        groups[_group(row, today)].append(_call_told(row, request))
    groups["closed"].reverse()
    donors = [
        {
            "row": one,
            "kind": request.words.say(ORGANISATION_KINDS[one.kind]),
            "may_keep": may_keep_donor(request.viewer, one),
        }
        for one in Donor.objects.select_related("champion").prefetch_related("calls")
    ]
    return page(request, "money_calls", "calls", groups=groups, donors=donors)


def _group(row: Call, today: Any) -> str:
    if row.closes and row.closes < today:
        return "closed"
    if row.opens and row.opens > today:
        return "later"
    return "soon" if row.closes and row.closes - today <= timedelta(SOON_DAYS) else "open"


def _call_told(row: Call, request: HttpRequest) -> dict[str, Any]:
    words = request.words
    call = reading.call_of(row)
    asks = call.eligibility
    return {
        "row": row,
        "opens": words.day(row.opens) if row.opens else "",
        "closes": words.day(row.closes) if row.closes else "",
        "where": words.listed([name_of(one, words) for one in (*row.states, *row.species)]),
        "themes": words.listed([words.say(THEMES[one]) for one in row.themes]),
        "who": words.listed([words.say(ORGANISATION_KINDS[one]) for one in row.organisation_kinds]),
        "smallest": money_told(asks.smallest, words) if asks.smallest else "",
        "largest": money_told(asks.largest, words) if asks.largest else "",
        "may_keep": may_keep_donor(request.viewer, row.donor),
    }


@require_http_methods(["GET", "POST"])
def donor(request: HttpRequest, uid: uuid.UUID | None = None) -> HttpResponse:
    """Add a donor, or change one."""
    row = get_object_or_404(Donor, uid=uid) if uid else None
    if refused := _asked_to_sign_in(request):
        return refused
    if row is None:
        check_may_keep_money(request.viewer)
    else:
        check_may_keep_donor(request.viewer, row)
    form = DonorForm(request.POST or None, instance=row, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        stored = Donor.objects.get(pk=row.pk) if row else None
        actions.save_donor(request.viewer, stored, form.edition_read(), form.content())
        messages.success(request, request.words.say("Saved."))
        return redirect("money_calls")
    say = request.words.say
    title = say("Change a donor") if row else say("Add a donor")
    return _form(request, form, title, "money_calls")


@require_http_methods(["GET", "POST"])
def new_call(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Add a call of a donor."""
    return _call_form(request, get_object_or_404(Donor, uid=uid), None)


@require_http_methods(["GET", "POST"])
def change_call(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Change a call."""
    row = get_object_or_404(Call.objects.select_related("donor"), uid=uid)
    return _call_form(request, row.donor, row)


def _call_form(request: HttpRequest, donor: Donor, row: Call | None) -> HttpResponse:
    if refused := _asked_to_sign_in(request):
        return refused
    check_may_keep_donor(request.viewer, donor)
    form = CallForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        stored = Call.objects.get(pk=row.pk) if row else None
        actions.save_call(request.viewer, donor, stored, form.edition_read(), form.content())
        messages.success(request, request.words.say("Saved."))
        return redirect("money_calls")
    say = request.words.say
    title = say("Change a call") if row else say("Add a call of {donor}", donor=donor.name)
    return _form(request, form, title, "money_calls")


@require_http_methods(["GET", "POST"])
def need(request: HttpRequest, key: str, uid: uuid.UUID | None = None) -> HttpResponse:
    """Add an estimate of what an action costs, or change one."""
    titles = reading.action_titles(request.words.language)
    row = get_object_or_404(Need, uid=uid, action=key, ended_at=None) if uid else None
    if key not in titles:
        raise Http404
    if refused := _asked_to_sign_in(request):
        return refused
    check_may_keep_money(request.viewer)
    form = NeedForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        stored = Need.objects.get(pk=row.pk) if row else None
        actions.save_need(request.viewer, key, stored, form.edition_read(), form.content())
        messages.success(request, request.words.say("Saved."))
        return redirect("money_action", key=key)
    title = request.words.say("What it costs: {action}", action=titles[key])
    return _form(request, form, title, "money_action", key=key)


@require_POST
def end_need(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Take an estimate out of the reckoning."""
    row = get_object_or_404(Need, uid=uid)
    form = ReasonForm(request.POST)
    check_may_keep_money(request.viewer)
    if form.is_valid():
        actions.end_need(request.viewer, row, form.cleaned_data["reason"])
        messages.success(request, request.words.say("Taken out of the reckoning."))
        return redirect("money_action", key=row.action)
    return _form(request, form, request.words.say("Why is it taken out?"), "money_calls")


@require_http_methods(["GET", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    """Show rates of exchange; add one."""
    form = RateForm(request.POST or None)
    if request.method == "POST":
        check_may_keep_money(request.viewer)
        if form.is_valid():
            actions.add_rate(request.viewer, form.cleaned_data)
            messages.success(request, request.words.say("Saved."))
            return redirect("money_rates")
    status = 422 if form.errors else 200
    rows = [
        {"row": one, "first": request.words.day(one.first), "last": request.words.day(one.last)}
        for one in ExchangeRate.objects.all()
    ]
    return page(request, "money_rates", "rates", form=form, rates=rows, status=status)


def _asked_to_sign_in(request: HttpRequest) -> HttpResponse | None:
    return None if request.viewer.signed_in else redirect_to_login(request.get_full_path())


def _form(request: HttpRequest, form: Any, title: str, back: str, **named: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(
        request, back, "form", form=form, title=title, back=back, named=named, status=status
    )


asked_to_sign_in, form_page = _asked_to_sign_in, _form
