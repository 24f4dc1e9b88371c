"""Pages of projects and of their money."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.errors import AccessDeniedError, InvalidTableError
from kulan.programme.money import gap_of, reckon
from kulan.programme.money.amounts import total
from kulan.programme.money.projects import FLOW_KINDS, PROJECT_STAGES
from kulan.web.programme.money import actions, reading
from kulan.web.programme.money.forms import FlowForm, ProjectForm, landscape_names
from kulan.web.programme.money.funding_views import asked_to_sign_in, form_page
from kulan.web.programme.money.gap_views import page
from kulan.web.programme.money.models import Flow, Project
from kulan.web.programme.money.permissions import (
    check_may_keep_project,
    may_begin_project,
    may_keep_project,
    visible_flows,
    visible_projects,
    with_money,
)
from kulan.web.programme.money.taking_over import names_told
from kulan.web.programme.money.telling import money_told, name_of
from kulan.web.programme.money.terms import Dimension
from kulan.web.programme.register.terms import Audience
from kulan.words import Words

_PER_PAGE = 50


@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """Show the projects that exist for the reader."""
    text, words = request.GET.get("q", "")[:100], request.words
    rows = visible_projects(request.viewer)
    if text:
        rows = rows.filter(title__icontains=text)
    shown = Paginator(with_money(request.viewer, rows), _PER_PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "row": one,
            "stage": words.say(PROJECT_STAGES[one.stage]),
            "money": _sums(one.seen_flows, words),
        }
        for one in shown
    ]
    return page(request, "money_projects", "projects", q=text, shown=shown, lines=lines)


def _sums(flows: list[Flow], words: Words) -> list[str]:
    """Return what is committed, in each currency by itself."""
    found = []
    for currency in sorted({one.currency for one in flows}):
        kept = [one for one in flows if one.currency == currency]
        project = reading.Project("", "", tuple(reading.flow_of(one) for one in kept))
        secured = reckon([], [project], reading.Rates(), currency)
        found.append(money_told(gap_of(secured, {}).secured.high, words))
    return found


@require_GET
def project(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show a project: what it serves and its money."""
    row, words = _visible(request, uid), request.words
    titles = reading.action_titles(words.language)
    areas = landscape_names()
    shares = [
        {
            "dimension": Dimension(one.dimension).label,
            "name": titles.get(one.code) or areas.get(one.code) or name_of(one.code, words),
            "share": _share_told(one.share, words),
        }
        for one in row.shares.all()
    ]
    flows = [
        {
            "row": one,
            "kind": words.say(FLOW_KINDS[one.kind]),
            "amount": money_told(one.money, words),
            "day": words.day(one.day),
            "last_day": words.day(one.last_day) if one.last_day else "",
        }
        for one in row.seen_flows
    ]
    return page(
        request, "money_projects", "project",
        row=row, stage=words.say(PROJECT_STAGES[row.stage]), shares=shares, flows=flows,
        totals=_totals(row.seen_flows, words), audience=Audience(row.audience).label,
        begins=words.day(row.begins), ends=words.day(row.ends) if row.ends else "",
        may_keep=may_keep_project(request.viewer, row),
        kept=names_told(row.iati_original) if row.iati_original else "",
        part_of=_part_of(request, row), parts=visible_projects(request.viewer).filter(part_of=row),
    )  # fmt: skip


def _share_told(share: str, words: Words) -> str:
    if not share:
        return words.say("not allocated")
    return words.percent(float(reading.Fraction(share)), 1)


def _totals(flows: list[Flow], words: Words) -> list[tuple[str, str]]:
    found = []
    for kind, name in FLOW_KINDS.items():
        for currency in sorted({one.currency for one in flows if one.kind == kind}):
            kept = (one.money for one in flows if (one.kind, one.currency) == (kind, currency))
            found.append((words.say(name), money_told(total(kept, currency), words)))
    return found


def _part_of(request: HttpRequest, row: Project) -> Project | None:
    return visible_projects(request.viewer).filter(pk=row.part_of_id).first()


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uid: uuid.UUID | None = None) -> HttpResponse:
    """Add a project, or change one."""
    row = _visible(request, uid) if uid else None
    if refused := asked_to_sign_in(request):
        return refused
    viewer, say = request.viewer, request.words.say
    if row is not None:
        check_may_keep_project(viewer, row)
    elif not may_begin_project(viewer):
        raise AccessDeniedError(
            say("Projects are added by the secretariat, and by organisations for themselves.")
        )
    form = ProjectForm(request.POST or None, instance=row, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        stored = Project.objects.get(pk=row.pk) if row else None
        content = (form.edition_read(), form.content(), form.shares())
        try:
            saved = actions.save_project(viewer, stored, *content)
        except InvalidTableError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, say("Saved."))
            return redirect("money_project", uid=saved.uid)
    title = say("Change a project") if row else say("Add a project")
    return form_page(request, form, title, "money_projects")


@require_http_methods(["GET", "POST"])
def add_flow(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Add money to a project."""
    row = _visible(request, uid)
    if refused := asked_to_sign_in(request):
        return refused
    check_may_keep_project(request.viewer, row)
    form = FlowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_flow(request.viewer, row, form.content())
        messages.success(request, request.words.say("Saved."))
        return redirect("money_project", uid=row.uid)
    title = request.words.say("Money of {project}", project=row.title)
    return form_page(request, form, title, "money_project", uid=row.uid)


@require_POST
def remove_flow(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Take money out of a project."""
    row = get_object_or_404(visible_flows(request.viewer).select_related("project"), uid=uid)
    actions.remove_flow(request.viewer, row)
    messages.success(request, request.words.say("Taken out."))
    return redirect("money_project", uid=row.project.uid)


def _visible(request: HttpRequest, uid: Any) -> Any:
    rows = with_money(request.viewer, visible_projects(request.viewer))
    found = rows.select_related("part_of").filter(uid=uid).first()
    if found is None:
        raise Http404
    return found
