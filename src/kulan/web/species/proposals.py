"""Pages of proposals: make one, read one beside what it replaces, decide, take back."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.report.fact_sheets.sheet import language_name
from kulan.report.reader import Reader
from kulan.web.policy.records import (
    awaiting,
    visible_account_versions,
    visible_accounts,
    visible_population_versions,
)
from kulan.web.species import actions, pages, telling
from kulan.web.species.forms import (
    SECTIONS,
    AccountForm,
    DecisionForm,
    PopulationForm,
    WithdrawalForm,
)
from kulan.web.species.models import (
    CONTENT_OF_ACCOUNT,
    CONTENT_OF_POPULATION,
    AccountText,
    PopulationRecord,
    Version,
)
from kulan.web.species.permissions import (
    check_may_propose_account,
    check_may_propose_anything,
    check_may_propose_population,
    may_decide,
    may_propose_account,
    may_propose_population,
    may_take_back,
)
from kulan.web.species.terms import Change, State
from kulan.web.species.views import known
from kulan.words import LANGUAGES

_MOST_LISTED = 200


@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """Show what waits for the reader, and what the reader has proposed."""
    viewer = request.viewer
    if not viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    waiting: list[Any] = []
    mine: list[Any] = []
    for kind in (PopulationRecord, AccountText):
        waiting += awaiting(viewer, kind).select_related("proposed_by__organisation", "replaces")
        mine += kind.objects.filter(proposed_by=viewer.user_id).select_related(
            "proposed_by__organisation", "decided_by__organisation", "replaces"
        )
    context = {
        "waiting": _listed(waiting, request, oldest_first=True),
        "mine": _listed(mine, request, oldest_first=False),
        "has_role": pages.role_of(viewer),
    }
    return render(request, "species/proposals.html", context)


def _listed(
    versions: list[Any], request: HttpRequest, *, oldest_first: bool
) -> list[dict[str, Any]]:
    reader = Reader(request.words)
    shown = _shown_of(request, [one.replaces_id for one in versions if one.replaces_id])
    versions.sort(key=lambda one: (one.proposed_at, one.pk), reverse=not oldest_first)
    return [
        {
            "step": telling.step_told(one, request.viewer, reader, shown),
            "kind": telling.kind_of(one),
            "subject": telling.subject(one, reader),
            "headline": telling.headline(one, reader),
        }
        for one in versions[:_MOST_LISTED]
    ]


@require_GET
def record(request: HttpRequest, kind: str, uid: uuid.UUID) -> HttpResponse:
    """Show a version of a record: what it says, what it changes, and the record's history."""
    return _record_page(request, kind, _version(request, kind, uid), DecisionForm())


@require_POST
def decide(request: HttpRequest, kind: str, uid: uuid.UUID) -> HttpResponse:
    """Approve or reject a proposal."""
    version = _version(request, kind, uid)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _record_page(request, kind, version, form, status=422)
    say, note = request.words.say, form.cleaned_data["note"]
    if form.cleaned_data["decision"] == "approve":
        actions.approve(request.viewer, version, note=note)
        messages.success(request, say("Approved. It stands on the page of the species now."))
    else:
        actions.reject(request.viewer, version, note=note)
        messages.success(request, say("Rejected. The proposer is told why."))
    return redirect("species_record", kind=kind, uid=uid)


@require_POST
def take_back(request: HttpRequest, kind: str, uid: uuid.UUID) -> HttpResponse:
    """Take back one's own proposal."""
    actions.take_back(request.viewer, _version(request, kind, uid))
    messages.success(request, request.words.say("Your proposal is taken back."))
    return redirect("species_record", kind=kind, uid=uid)


@require_http_methods(["GET", "POST"])
def propose_population(request: HttpRequest, species_id: str) -> HttpResponse:
    """Propose a new population record."""
    viewer = request.viewer
    if not viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    check_may_propose_anything(viewer, known(species_id))
    initial = {"iso3": request.GET.get("state", "")}
    form = PopulationForm(
        request.POST if request.method == "POST" else None,
        viewer=viewer,
        species_id=species_id,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        made = actions.propose_population(
            viewer,
            species_id,
            form.cleaned_data["iso3"],
            form.content(),
            reason=form.cleaned_data["reason"],
        )
        return _proposed(request, made)
    return _form_page(request, form, species_id, request.words.say("Propose a population record"))


@require_http_methods(["GET", "POST"])
def change_population(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Propose that a population record be changed."""
    if not request.viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    version = _version(request, "population", uid)
    check_may_propose_population(request.viewer, version.species_id, version.iso3)
    actions.check_in_force(version)
    initial = {name: getattr(version, name) for name in CONTENT_OF_POPULATION}
    form = PopulationForm(
        request.POST if request.method == "POST" else None,
        viewer=request.viewer,
        species_id=version.species_id,
        iso3=version.iso3,
        initial={**initial, "iso3": version.iso3},
    )
    if request.method == "POST" and form.is_valid():
        if all(form.content()[name] == initial[name] for name in CONTENT_OF_POPULATION):
            form.add_error(None, request.words.say("Nothing is changed so far."))
        else:
            made = actions.propose_change(
                request.viewer, version, form.content(), reason=form.cleaned_data["reason"]
            )
            return _proposed(request, made)
    return _form_page(
        request, form, version.species_id, request.words.say("Propose a change"), version=version
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, kind: str, uid: uuid.UUID) -> HttpResponse:
    """Propose that a record be withdrawn."""
    if not request.viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    version = _version(request, kind, uid)
    _check_may_propose(request, version)
    actions.check_in_force(version)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = actions.propose_withdrawal(
            request.viewer, version, reason=form.cleaned_data["reason"]
        )
        return _proposed(request, made)
    title = request.words.say("Propose a withdrawal")
    return _form_page(request, form, version.species_id, title, version=version)


@require_http_methods(["GET", "POST"])
def propose_account(
    request: HttpRequest, species_id: str, section: str, language: str
) -> HttpResponse:
    """Propose a text, new or changed, for a section of the account."""
    if section not in SECTIONS or language not in LANGUAGES:
        raise Http404
    if not request.viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    check_may_propose_account(request.viewer, known(species_id))
    now = visible_accounts(request.viewer).filter(
        species_id=species_id, section=section, language=language
    )
    version = now.first()
    initial = (
        {name: getattr(version, name) for name in CONTENT_OF_ACCOUNT}
        if version
        else {"confidence": "unverified"}
    )
    form = AccountForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = actions.propose_account(
            request.viewer,
            species_id,
            (section, language),
            form.content(),
            reason=form.cleaned_data["reason"],
        )
        return _proposed(request, made)
    reader = Reader(request.words)
    title = reader.pair(reader.say(telling.SECTION_NAMES[section]), language_name(language, reader))
    return _form_page(request, form, species_id, title, version=version)


def _shown_of(request: HttpRequest, keys: list[int]) -> set[tuple[str, int]]:
    """Return which of these versions the reader may see; the kind is a part of the key."""
    return {
        (telling.kind_of(one), one.pk)
        for found in (visible_population_versions, visible_account_versions)
        for one in found(request.viewer).filter(pk__in=keys)
    }


def _version(request: HttpRequest, kind: str, uid: uuid.UUID) -> Any:
    """Return a version that exists for the reader.

    Raises
    ------
    Http404
        If there is none, or it is not for this reader to know of.
    """
    found = visible_population_versions if kind == "population" else visible_account_versions
    related = ("replaces", "proposed_by__organisation", "decided_by__organisation")
    version = found(request.viewer).select_related(*related).filter(uid=uid).first()
    if version is None:
        raise Http404
    return version


def _record_page(
    request: HttpRequest, kind: str, version: Any, form: DecisionForm, *, status: int = 200
) -> HttpResponse:
    viewer, reader = request.viewer, Reader(request.words)
    found = visible_population_versions if kind == "population" else visible_account_versions
    related = ("replaces", "proposed_by__organisation", "decided_by__organisation")
    versions = list(found(viewer).select_related(*related).filter(record=version.record))
    shown = {(kind, one.pk) for one in versions}
    open_now = version.state == State.PROPOSED
    outdated = open_now and bool(version.replaces and version.replaces.state != State.APPROVED)
    context = {
        "kind": kind,
        "shown": version,
        "step": telling.step_told(version, viewer, reader, shown),
        "fields": telling.fields_told(version, reader, shown),
        "is_withdrawal": version.change == Change.WITHDRAWAL,
        "subject": telling.subject(version, reader),
        "name": reader.species(version.species_id),
        "history": telling.history_told(versions, viewer, reader),
        "now": next((one for one in versions if one.state == State.APPROVED), None),
        "form": form,
        "outdated": outdated,
        "may_decide": open_now and may_decide(viewer, version),
        "may_take_back": open_now and may_take_back(viewer, version),
        "may_change": version.state == State.APPROVED and _may_propose(request, version),
    }
    return render(request, "species/record.html", context, status=status)


def _form_page(
    request: HttpRequest,
    form: Any,
    species_id: str,
    title: str,
    *,
    version: Version | None = None,
) -> HttpResponse:
    reader = Reader(request.words)
    context = {
        "form": form,
        "groups": getattr(form, "groups", (("reason",),)),
        "species_id": species_id,
        "name": reader.species(species_id),
        "title": title,
        "shown": version,
        "subject": telling.subject(version, reader) if version else "",
        "headline": telling.headline(version, reader) if version else "",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "species/form.html", context, status=status)


def _proposed(request: HttpRequest, made: Version) -> HttpResponse:
    say = request.words.say
    messages.success(request, say("Your proposal is there. A second person decides on it."))
    return redirect("species_record", kind=telling.kind_of(made), uid=made.uid)


def _may_propose(request: HttpRequest, version: Any) -> bool:
    if isinstance(version, PopulationRecord):
        return may_propose_population(request.viewer, version.species_id, version.iso3)
    return may_propose_account(request.viewer, version.species_id)


def _check_may_propose(request: HttpRequest, version: Any) -> None:
    if isinstance(version, PopulationRecord):
        check_may_propose_population(request.viewer, version.species_id, version.iso3)
    else:
        check_may_propose_account(request.viewer, version.species_id)
