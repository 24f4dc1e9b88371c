"""Forms on a screening's page: share it, end sharing, delete it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kulan.web.rates import check_rate
from kulan.web.screenings import actions, permissions
from kulan.web.screenings.forms import LinkForm, ShareForm
from kulan.web.screenings.models import Screening


def _own(request: HttpRequest, uid: uuid.UUID) -> Screening:
    return permissions.find_own(permissions.visitor_of(request), uid)


@require_POST
def share(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Share with the account of an address, whether there is one or not."""
    screening = _own(request, uid)
    check_rate(f"sharing {uid}", most=60, per_s=3600)
    form, say = ShareForm(request.POST), request.words.say
    if form.is_valid():
        actions.share(screening, form.cleaned_data["email"], request.viewer)
        messages.success(
            request, say("Whoever signs in with this address now finds it under “Shared with me”.")
        )
    else:
        messages.error(request, say("This is no e-mail address."))
    return _back(uid)


@require_POST
def end_share(request: HttpRequest, uid: uuid.UUID, share_id: int) -> HttpResponse:
    """Stop sharing with one address."""
    actions.stop_sharing(_own(request, uid), share_id, request.viewer)
    return _back(uid)


@require_POST
def make_link(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Make a private link."""
    screening = _own(request, uid)
    check_rate(f"link of {uid}", most=60, per_s=3600)
    form = LinkForm(request.POST)
    days = form.cleaned_data["days"] if form.is_valid() else 1
    actions.make_link(screening, days, request.viewer)
    return _back(uid)


@require_POST
def end_link(request: HttpRequest, uid: uuid.UUID, link_id: int) -> HttpResponse:
    """End a private link."""
    actions.end_link(_own(request, uid), link_id, request.viewer)
    return _back(uid)


@require_POST
def delete(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Delete a screening, files and all."""
    actions.delete(_own(request, uid), request.viewer)
    return redirect("screening", uid=uid)


def _back(uid: uuid.UUID) -> HttpResponse:
    return redirect(f"{redirect('screening', uid=uid).url}#sharing")
