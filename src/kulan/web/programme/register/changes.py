"""What the forms of an action's page do: add evidence, set, end, correct."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kulan.web.policy import Viewer
from kulan.web.programme.menu import MENU
from kulan.web.programme.register import actions
from kulan.web.programme.register.forms import (
    EVIDENCE_FORMS,
    CorrectionForm,
    DueForm,
    EndForm,
    OvertakenForm,
    StatusForm,
)
from kulan.web.programme.register.models import Correction, Override
from kulan.web.programme.register.one_action import ways_told
from kulan.web.programme.register.permissions import (
    check_may_add,
    check_may_keep_register,
    check_may_override,
    may_add_any,
)
from kulan.web.programme.register.standing import Standing
from kulan.web.programme.register.views import action_page, standing_asked


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, edition_id: str, action_id: str) -> HttpResponse:
    """Add evidence for an action: a document, or an object of Kulan."""
    standing, viewer = standing_asked(request, edition_id, action_id), _viewer(request)
    if not viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    if not may_add_any(viewer):
        check_may_add(viewer, (), ())
    sent = request.POST.get("way", "") if request.method == "POST" else ""
    forms = {
        name: form(request.POST if name == sent else None, standing=standing, viewer=viewer)
        for name, form in EVIDENCE_FORMS.items()
    }
    bound: Any = forms.get(sent)
    if bound is not None and bound.is_valid():
        actions.add_evidence(viewer, (standing.key,), **bound.content())
        messages.success(request, request.words.say("Added. The status is computed with it."))  # type: ignore[attr-defined]
        return redirect("programme_action", edition_id=edition_id, action_id=action_id)
    context = {
        "menu": MENU,
        "standing": standing,
        "title": standing.action.title(request.words.language),  # type: ignore[attr-defined]
        "forms": forms,
        "sent": sent,
        "ways": ways_told(standing, request.words),  # type: ignore[attr-defined]
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "programme/register/add.html", context, status=status)


@require_POST
def override(request: HttpRequest, edition_id: str, action_id: str) -> HttpResponse:
    """Set a status beside the computed one."""
    standing, viewer = _asked(request, edition_id, action_id), _viewer(request)
    if not any(map(viewer.states.__contains__, standing.answer.by_state)):
        check_may_override(viewer)
    form = StatusForm(request.POST, standing=standing, viewer=viewer)
    if not form.is_valid():
        return action_page(request, standing, bound=form, status=422)
    actions.override_status(viewer, standing.key, **form.cleaned_data)
    return _done(request, standing)


@require_POST
def due(request: HttpRequest, edition_id: str, action_id: str) -> HttpResponse:
    """Set the day by which an action is due."""
    standing = _asked(request, edition_id, action_id)
    check_may_keep_register(_viewer(request))
    form = DueForm(request.POST, standing=standing, viewer=_viewer(request))
    if not form.is_valid():
        return action_page(request, standing, bound=form, status=422)
    actions.set_due(_viewer(request), standing.key, **form.cleaned_data)
    return _done(request, standing)


@require_POST
def overtaken(request: HttpRequest, edition_id: str, action_id: str) -> HttpResponse:
    """Mark an action as overtaken by events."""
    standing = _asked(request, edition_id, action_id)
    check_may_keep_register(_viewer(request))
    form = OvertakenForm(request.POST, standing=standing, viewer=_viewer(request))
    if not form.is_valid():
        return action_page(request, standing, bound=form, status=422)
    actions.mark_overtaken(_viewer(request), standing.key, **form.cleaned_data)
    return _done(request, standing)


@require_POST
def correct(request: HttpRequest, edition_id: str, action_id: str) -> HttpResponse:
    """Put a correction beside what is printed."""
    standing = _asked(request, edition_id, action_id)
    check_may_keep_register(_viewer(request))
    form = CorrectionForm(request.POST, standing=standing, viewer=_viewer(request))
    if not form.is_valid():
        return action_page(request, standing, bound=form, status=422)
    actions.correct(_viewer(request), standing.key, **form.cleaned_data)
    return _done(request, standing)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End what somebody has set."""
    row = Override.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    standing = _asked(request, *row.action.split(":", 1))
    form = EndForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.end_override(_viewer(request), row, reason=reason)
    return _done(request, standing)


@require_POST
def end_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """End a correction: the field stands as printed again."""
    row = Correction.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    standing = _asked(request, *row.action.split(":", 1))
    actions.end_correction(_viewer(request), row)
    return _done(request, standing)


def _asked(request: HttpRequest, edition_id: str, action_id: str) -> Standing:
    return standing_asked(request, edition_id, action_id)


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found


def _done(request: HttpRequest, standing: Standing) -> HttpResponse:
    messages.success(request, request.words.say("Saved."))  # type: ignore[attr-defined]
    one = standing.action
    return redirect("programme_action", edition_id=one.edition_id, action_id=one.action_id)
