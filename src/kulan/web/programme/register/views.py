"""The register's page, and the page of one action."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kulan.errors import UnknownNameError
from kulan.web.programme.menu import MENU
from kulan.web.programme.register.catalogue import (
    EditionTold,
    all_editions,
    all_sections,
    edition_in_force,
    find_edition,
)
from kulan.web.programme.register.forms import FORMS
from kulan.web.programme.register.listing import Asked, choices, listed
from kulan.web.programme.register.one_action import page_of_action
from kulan.web.programme.register.permissions import may_keep_register, sees_all_evidence
from kulan.web.programme.register.standing import Standing, standing_of, standings


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """List the actions of an edition by section, with where each stands."""
    edition, asked = asked_edition(request), Asked.of(request.GET)
    words, viewer = request.words, request.viewer  # type: ignore[attr-defined]
    sections = all_sections(edition.edition_id)
    found = standings(viewer, edition.edition_id)
    context = {
        "menu": MENU,
        "edition": edition,
        "editions": all_editions(drafts=may_keep_register(viewer)),
        "asked": asked,
        "listed": listed(found, sections, asked, words),
        "choices": choices(found, sections, words),
        "address": _address(edition, asked),
        "today": words.day(timezone.localdate()),
        "sees_all": sees_all_evidence(viewer),
    }
    return _private(render(request, "programme/register/list.html", context))


@require_GET
def action(request: HttpRequest, edition_id: str, action_id: str) -> HttpResponse:
    """Show one action: what it asks, where it stands by what evidence, and what lacks."""
    return action_page(request, standing_asked(request, edition_id, action_id))


def action_page(
    request: HttpRequest, standing: Standing, *, bound: Any = None, status: int = 200
) -> HttpResponse:
    """Answer the page of an action; with a form that has faults, in place of its empty one."""
    context = page_of_action(request, standing)
    forms = {name: form(standing=standing, viewer=request.viewer) for name, form in FORMS.items()}  # type: ignore[attr-defined]
    if bound is not None:
        forms[bound.name] = bound
    context |= {"menu": MENU, "forms": forms}
    return _private(render(request, "programme/register/action.html", context, status=status))


def standing_asked(request: HttpRequest, edition_id: str, action_id: str) -> Standing:
    """Return where the action of an address stands for this reader.

    Raises
    ------
    Http404
        If there is none, or its edition is a draft that is not for this reader.
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        find_edition(edition_id, drafts=may_keep_register(viewer))
        return standing_of(viewer, f"{edition_id}:{action_id}")
    except UnknownNameError:
        raise Http404 from None


def asked_edition(request: HttpRequest) -> EditionTold:
    """Return the edition an address asks for; the one in force, where it asks for none.

    Raises
    ------
    Http404
        If there is none, or it is a draft that is not for this reader.
    """
    name = request.GET.get("edition", "") or edition_in_force()
    try:
        return find_edition(name, drafts=may_keep_register(request.viewer))  # type: ignore[attr-defined]
    except UnknownNameError:
        raise Http404 from None


def _address(edition: EditionTold, asked: Asked) -> Any:
    """Return a function that gives this list's query with other values in their place."""

    def made(**other: str) -> str:
        return "?" + urlencode({"edition": edition.edition_id, **asked.query(**other)})

    return made


def _private(answer: HttpResponse) -> HttpResponse:
    """Let no one else be given what this reader was answered."""
    answer["Cache-Control"] = "private, no-cache"
    return answer
