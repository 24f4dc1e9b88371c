"""IATI files out and in."""

import uuid
from typing import Any
from xml.etree import ElementTree

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.errors import AccessDeniedError, InvalidFileError, TooLargeError
from kulan.exchange.iati import REASONS, check_rules, write_iati
from kulan.programme.money.funding import ORGANISATION_KINDS
from kulan.web.people.models import Organisation
from kulan.web.programme.money import actions, publishing, taking_over
from kulan.web.programme.money.as_project import UNDERSTOOD, kept_names
from kulan.web.programme.money.forms import IatiForm, PublisherForm
from kulan.web.programme.money.funding_views import form_page
from kulan.web.programme.money.gap_views import page
from kulan.web.programme.money.models import IatiFile, Publisher
from kulan.web.programme.money.permissions import (
    check_may_keep_money,
    may_begin_project,
    may_keep_money,
    visible_projects,
)
from kulan.web.programme.money.telling import warned_told
from kulan.web.rates import check_rate
from kulan.web.security import client_address
from kulan.words import Words


@require_GET
def iati(request: HttpRequest) -> HttpResponse:
    """Show the files there are, who publishes, what cannot be published yet; bring a file."""
    words = request.words
    ours = visible_projects(request.viewer).filter(audience="public").values("organisation")
    houses = Organisation.objects.filter(pk__in=ours).select_related("publisher").order_by("name")
    lacking = [
        {"title": one.title["en"], "lacks": words.listed(list(lacks))}
        for one, lacks in publishing.lacking()
    ]
    may_bring = may_begin_project(request.viewer)
    form = IatiForm(viewer=request.viewer) if may_bring else None
    return page(
        request, "money_iati", "iati",
        houses=houses, lacking=lacking, form=form, publisher_form=PublisherForm(),
        publishers=[
            {"row": one, "kind": words.say(ORGANISATION_KINDS[one.kind])}
            for one in Publisher.objects.select_related("organisation")
        ],
    )  # fmt: skip


@require_GET
def export(request: HttpRequest, organisation: int | None = None) -> HttpResponse:
    """Answer the public projects of an organisation, or of all, as an IATI file."""
    house = get_object_or_404(Organisation, pk=organisation) if organisation else None
    check_rate(f"iati {client_address(request)}", most=60, per_s=60)
    found = publishing.activities(house)
    if not found:
        raise Http404
    return HttpResponse(
        write_iati(found, at=timezone.now()),
        content_type="application/xml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="kulan-iati.xml"'},
    )


@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Take an IATI file in, to be looked at."""
    if not request.viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    if not may_begin_project(request.viewer):
        say = request.words.say
        raise AccessDeniedError(say("Files are brought by organisations, for their own projects."))
    form = IatiForm(request.POST, request.FILES, viewer=request.viewer)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > taking_over.MOST_BYTES:
                raise TooLargeError(
                    request.words.say(
                        "The file is larger than {size} MB. Split it into several.",
                        size=taking_over.MOST_BYTES // 1_000_000,
                    )
                )
            row = taking_over.bring(
                request.viewer, form.cleaned_data["organisation"], file.name, file.read()
            )
        except (InvalidFileError, TooLargeError) as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("money_iati_file", uid=row.uid)
    return form_page(request, form, request.words.say("Bring an IATI file"), "money_iati")


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show what a file that was brought would change, and what it loses; take it over."""
    row = _own(request, uid)
    say = request.words.say
    if request.method == "POST":
        count = taking_over.take_over(request.viewer, row)
        messages.success(request, say("Projects added or changed: {count}.", count=count))
        return redirect("money_projects")
    reading = taking_over.reading_of(row)
    names = {
        "title": say("Title"), "summary": say("Summary"), "stage": say("Stage"),
        "begins": say("Begins"), "ends": say("Ends"), "url": say("Page on the web"),
        "action": say("Actions it serves"), "state": say("States"), "species": say("Species"),
        "landscape": say("Landscapes"), "flows": say("Money"), "kept": say("Kept, not shown"),
    }  # fmt: skip
    plans = taking_over.plans(row)
    kept = _lines(reading.kept, request.words)
    for number, plan in enumerate(plans, start=1):
        reason = say("Kulan knows no such name")
        unknown = taking_over.unknown_names(plan.activity)
        kept += [{"row": number, "what": one, "reason": reason} for one in unknown]
        reason = say("No page shows it")
        shown = kept_names(plan.activity.original)
        kept += [
            {"row": number, "what": f"{one} × {shown[one]}", "reason": reason}
            for one in UNDERSTOOD
            if one in shown
        ]
    return page(
        request, "money_iati", "iati_file",
        row=row, plans=plans, names=names, losses=_lines(reading.left_out, request.words),
        kept=sorted(kept, key=lambda one: one["row"] or 0),
        changes=reading.changes.astype(object).to_dict("records"),
        warned=warned_told(taking_over.warnings_of(row), request.words),
    )  # fmt: skip


def _lines(table: Any, words: Words) -> list[dict[str, Any]]:
    """Return a table of what is left out or kept, for a page."""
    rows = zip(table["source_row"].fillna(0), table["what"], table["reason"], strict=True)
    return [
        {"row": at or "", "what": what, "reason": words.say(why) if why in REASONS else why}
        for at, what, why in rows
    ]


@require_GET
def check(request: HttpRequest, organisation: int | None = None) -> HttpResponse:
    """Show which rules of the standard the published activities break, of one house or of all."""
    house = get_object_or_404(Organisation, pk=organisation) if organisation else None
    check_rate(f"iati {client_address(request)}", most=60, per_s=60)
    found = publishing.activities(house)
    if not found:
        raise Http404
    root = ElementTree.fromstring(write_iati(found, at=timezone.now()))  # noqa: S314  our own
    return page(
        request, "money_iati", "iati_check",
        house=house, count=len(found),
        warned=warned_told(check_rules(root, timezone.localdate()), request.words),
    )  # fmt: skip


def _own(request: HttpRequest, uid: uuid.UUID) -> IatiFile:
    """Return a file that the reader or the reader's house brought."""
    row = get_object_or_404(IatiFile.objects.select_related("organisation"), uid=uid)
    viewer = request.viewer
    own = may_begin_project(viewer) and row.organisation_id == viewer.organisation_id
    if not (own or may_keep_money(viewer)):
        raise Http404
    return row


@require_POST
def publisher(request: HttpRequest) -> HttpResponse:
    """Say by which identifier an organisation publishes."""
    form = PublisherForm(request.POST)
    check_may_keep_money(request.viewer)
    if form.is_valid():
        found = form.cleaned_data
        actions.set_publisher(
            request.viewer, found["organisation"], found["iati_ref"], found["kind"]
        )
        messages.success(request, request.words.say("Saved."))
        return redirect("money_iati")
    return form_page(request, form, request.words.say("Publishing with IATI"), "money_iati")
