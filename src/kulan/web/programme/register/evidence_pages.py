"""The list of all evidence, the page of one piece that somebody added, and its withdrawal."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kulan.programme.evidence import KIND_NAMES, Evidence
from kulan.web.catalogue.forms import species_choices, state_choices
from kulan.web.programme.evidence_sources import all_evidence
from kulan.web.programme.menu import MENU
from kulan.web.programme.register import actions
from kulan.web.programme.register.evidence import as_evidence, items_there
from kulan.web.programme.register.forms import WithdrawForm
from kulan.web.programme.register.models import EvidenceItem
from kulan.web.programme.register.permissions import may_withdraw
from kulan.web.programme.register.terms import Audience
from kulan.web.programme.register.wording import evidence_told, kind_words, who_words

_ON_A_PAGE = 50
_FILTERS = ("kind", "state", "species", "q")


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List the evidence that the reader may see, the newest first."""
    words = request.words  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "").strip()[:100] for name in _FILTERS}
    everything = all_evidence(request.viewer)  # type: ignore[attr-defined]
    found = [one for one in reversed(everything) if _fits(one, asked)]
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    by_hand = {
        (item.kind, item.reference): item
        for item in items_there(request.viewer)  # type: ignore[attr-defined]
    }
    query = request.GET.copy()
    query.pop("page", None)
    kinds = {one.kind for one in everything}
    context = {
        "menu": MENU,
        "page": page,
        "rows": [
            (evidence_told(one, words), by_hand.get((one.kind, one.reference))) for one in page
        ],
        "asked": asked,
        "query": query.urlencode(),
        "kinds": [(code, kind_words(code, words)) for code in KIND_NAMES if code in kinds],
        "species": species_choices(),
        "states": state_choices(),
        "total": len(everything),
    }
    return render(request, "programme/register/evidence.html", context)


def _fits(one: Evidence, asked: dict[str, str]) -> bool:
    return (
        asked["kind"] in ("", one.kind)
        and (not asked["state"] or asked["state"] in one.states)
        and (not asked["species"] or asked["species"] in one.species)
        and asked["q"].casefold() in one.title.casefold()
    )


@require_GET
def one(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show a piece of evidence that somebody added; what was withdrawn too, with the reason."""
    return _page(request, _item(request, uid), WithdrawForm())


@require_POST
def withdraw(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Withdraw a piece of evidence."""
    item = _item(request, uid)
    actions.check_may_withdraw(request.viewer, item)  # type: ignore[attr-defined]
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, item, form, status=422)
    actions.withdraw_evidence(request.viewer, item, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]
    messages.success(request, request.words.say("Withdrawn. It counts no more."))  # type: ignore[attr-defined]
    return redirect("programme_evidence_one", uid=uid)


def _item(request: HttpRequest, uid: uuid.UUID) -> EvidenceItem:
    """Return a piece of evidence that exists for the reader.

    Raises
    ------
    Http404
        If there is none, or it is not for this reader to know of.
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    found = [item for item in items_there(viewer, withdrawn=True) if item.uid == uid]
    if not found:
        raise Http404
    return found[0]


def _page(
    request: HttpRequest, item: EvidenceItem, form: Any, *, status: int = 200
) -> HttpResponse:
    words, viewer = request.words, request.viewer  # type: ignore[attr-defined]
    context = {
        "menu": MENU,
        "item": item,
        "told": evidence_told(as_evidence(item), words),
        "audience": Audience(item.audience).label,
        "added_by": who_words(item.added_by, viewer, words),
        "added_on": words.day(item.added_at.date()),
        "withdrawn_on": words.day(item.withdrawn_at.date()) if item.withdrawn_at else "",
        "for_actions": [key.split(":", 1) for key in item.actions],
        "may_withdraw": may_withdraw(viewer, item),
        "form": form,
    }
    return render(request, "programme/register/evidence_one.html", context, status=status)
