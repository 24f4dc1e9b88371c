"""Pages of cycles: the list, one cycle, and what the secretariat composes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.web.people.models import Organisation
from kulan.web.programme.menu import MENU
from kulan.web.programme.reporting import composing, exporting, pages
from kulan.web.programme.reporting.forms import (
    READERS,
    CycleForm,
    DatesForm,
    QuestionForm,
    ReportersForm,
)
from kulan.web.programme.reporting.models import Cycle
from kulan.web.programme.reporting.opening import lock_cycle, open_cycle
from kulan.web.programme.reporting.permissions import (
    FOR_A_HOUSE,
    check_runs_cycles,
    runs_cycles,
    visible_cycles,
    visible_filings,
)
from kulan.web.programme.reporting.reviewing import begin_project_report
from kulan.web.programme.reporting.standards import offered_in, standard_of
from kulan.web.programme.reporting.stored import questionnaires_of


def cycle_or_404(request: HttpRequest, cycle_id: str) -> Cycle:
    """Return a cycle that exists for the viewer.

    Raises
    ------
    Http404
        If there is none.
    """
    found = visible_cycles(request.viewer).filter(cycle_id=cycle_id).first()
    if found is None:
        raise Http404
    return found


def _composed(request: HttpRequest, cycle_id: str) -> Cycle:
    """Return a cycle for who composes it; for others the page does not exist."""
    cycle = cycle_or_404(request, cycle_id)
    if not runs_cycles(request.viewer):
        raise Http404
    return cycle


@require_GET
def cycles(request: HttpRequest) -> HttpResponse:
    """List the cycles, and the reports that wait for the reader."""
    context = {
        "menu": MENU,
        "lines": pages.cycle_lines(request.viewer, request.words),
        "own": pages.own_lines(request.viewer, request.words),
        "runs": runs_cycles(request.viewer),
        "endings": exporting.every_cycle_endings(request.words),
        "has_reports": visible_filings(request.viewer).exists(),
    }
    return render(request, "programme/reporting/cycles.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def cycle_new(request: HttpRequest) -> HttpResponse:
    """Begin a cycle."""
    check_runs_cycles(request.viewer)
    form = CycleForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        made = composing.begin_cycle(
            request.viewer,
            told["cycle_id"],
            form.title(),
            edition_id=told["edition_id"],
            opens=told["opens"],
            due=told["due"],
        )
        return redirect("cycle_compose", cycle_id=made.cycle_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "programme/reporting/new.html", {"form": form}, status=status)


@require_GET
def cycle(request: HttpRequest, cycle_id: str) -> HttpResponse:
    """Show a cycle with the reports that the reader may know of."""
    found = cycle_or_404(request, cycle_id)
    viewer = request.viewer
    context = pages.cycle_page(viewer, found, request.words)
    asks_projects = "project" in questionnaires_of(found)
    speaks = viewer.has(*FOR_A_HOUSE) and viewer.organisation_id is not None
    context["endings"] = exporting.cycle_endings(request.words)
    context["may_begin"] = speaks and asks_projects and found.stage == Cycle.Stage.OPEN
    return render(request, "programme/reporting/cycle.html", context)


@require_http_methods(["GET", "POST"])
def cycle_compose(request: HttpRequest, cycle_id: str) -> HttpResponse:
    """Show what a cycle asks and of whom; take its title and days."""
    found = _composed(request, cycle_id)
    form = DatesForm(request.POST or None, initial=_dates(found))
    if form.is_valid():
        told = form.cleaned_data
        composing.set_dates(
            request.viewer, found, title=form.title(), opens=told["opens"], due=told["due"]
        )
        messages.success(request, request.words.say("Title and days are set."))
        return redirect("cycle_compose", cycle_id=cycle_id)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, **_composition(request, found)}
    return render(request, "programme/reporting/compose.html", context, status=status)


def _dates(cycle: Cycle) -> dict[str, Any]:
    titles = {f"title_{code}": cycle.title.get(code, "") for code in ("en", "ru", "fr")}
    return {**titles, "opens": cycle.opens, "due": cycle.due}


def _composition(
    request: HttpRequest, cycle: Cycle, wrong: dict[str, QuestionForm] | None = None
) -> dict[str, Any]:
    language = request.words.language
    forms = []
    for kind, asked in questionnaires_of(cycle).items():
        counts = {one.section_id: len(asked.in_section(one.section_id)) for one in asked.sections}
        standard = standard_of(cycle.edition_id, kind)
        rows = [
            (
                one.section_id,
                one.title.tell(language),
                counts.get(one.section_id, 0),
                len(standard.in_section(one.section_id)),
            )
            for one in standard.sections
        ]
        own = [pages.question_line(one, request.words) for one in asked.in_section(composing.OWN)]
        form = (wrong or {}).get(kind) or QuestionForm(auto_id=f"{kind}_%s")
        forms.append({
            "kind": kind,
            "rows": rows,
            "own": own,
            "total": len(asked.questions),
            "question_form": form,
        })  # fmt: skip
    chosen = set(cycle.filings.values_list("iso3", flat=True))
    houses = set(cycle.filings.values_list("organisation_id", flat=True))
    return {
        "line": pages.cycle_line(cycle, request.words),
        "cycle": cycle,
        "draft": cycle.stage == Cycle.Stage.DRAFT,
        "asked": forms,
        "states": pages.states_on(cycle.opens, request.words),
        "chosen": chosen,
        "houses": Organisation.objects.annotate(size=Count("people")).order_by("name"),
        "chosen_houses": houses,
    }


@require_POST
def cycle_sections(request: HttpRequest, cycle_id: str, kind: str) -> HttpResponse:
    """Take which sections a cycle asks about."""
    found = _composed(request, cycle_id)
    _known_kind(kind)
    composing.choose_sections(request.viewer, found, kind, request.POST.getlist("sections"))
    messages.success(request, request.words.say("The sections are chosen."))
    return redirect("cycle_compose", cycle_id=cycle_id)


@require_http_methods(["GET", "POST"])
def cycle_section(request: HttpRequest, cycle_id: str, kind: str, section_id: str) -> HttpResponse:
    """Show the questions of a section; take which of them are asked."""
    found = _composed(request, cycle_id)
    _known_kind(kind)
    asked = questionnaires_of(found)[kind]
    titles = {one.section_id: one.title for one in standard_of(found.edition_id, kind).sections}
    titles |= {one.section_id: one.title for one in asked.sections}
    if section_id not in titles:
        raise Http404
    if request.method == "POST":
        fallen = composing.choose_questions(
            request.viewer, found, kind, section_id, _chosen(request)
        )
        if fallen:
            told = request.words.say_count(
                "The questions are chosen. {count} that depended on another fell with it.",
                "The questions are chosen. {count} that depended on others fell with them.",
                fallen,
            )
            messages.warning(request, told)
        else:
            messages.success(request, request.words.say("The questions are chosen."))
        return redirect("cycle_compose", cycle_id=cycle_id)
    now = {one.question_id: one for one in asked.questions}
    rows = [
        (one, pages.question_line(one, request.words), one.question_id in now)
        for one in offered_in(asked, section_id)
    ]
    context = {
        "cycle": found,
        "line": pages.cycle_line(found, request.words),
        "kind": kind,
        "section_id": section_id,
        "title": titles[section_id].tell(request.words.language),
        "rows": rows,
        "readers": READERS,
        "draft": found.stage == Cycle.Stage.DRAFT,
    }
    return render(request, "programme/reporting/choose.html", context)


def _chosen(request: HttpRequest) -> dict[str, tuple[str, bool]]:
    known = {code for code, _ in READERS}
    required = set(request.POST.getlist("required"))
    found = {}
    for name in request.POST.getlist("asked"):
        readers = request.POST.get(f"readers:{name}", "public")
        found[name] = (readers if readers in known else "government", name in required)
    return found


def _known_kind(kind: str) -> None:
    if kind not in composing.KINDS:
        raise Http404


@require_POST
def cycle_question(request: HttpRequest, cycle_id: str, kind: str) -> HttpResponse:
    """Take a question of the cycle's own."""
    found = _composed(request, cycle_id)
    _known_kind(kind)
    form = QuestionForm(request.POST, auto_id=f"{kind}_%s")
    if not form.is_valid():
        dates = DatesForm(initial=_dates(found))
        context = {"form": dates, **_composition(request, found, {kind: form})}
        return render(request, "programme/reporting/compose.html", context, status=422)
    composing.add_question(request.viewer, found, kind, form.question())
    messages.success(request, request.words.say("The question is added."))
    return redirect("cycle_compose", cycle_id=cycle_id)


@require_POST
def cycle_reporters(request: HttpRequest, cycle_id: str) -> HttpResponse:
    """Take who reports."""
    found = _composed(request, cycle_id)
    form = ReportersForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        composing.choose_reporters(request.viewer, found, told["states"], told["houses"])
        messages.success(request, request.words.say("Who reports is chosen."))
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    return redirect("cycle_compose", cycle_id=cycle_id)


@require_POST
def cycle_open(request: HttpRequest, cycle_id: str) -> HttpResponse:
    """Open a cycle."""
    found = _composed(request, cycle_id)
    open_cycle(request.viewer, found)
    messages.success(request, request.words.say("The cycle is open, and reporters are written to."))
    return redirect("cycle", cycle_id=cycle_id)


@require_POST
def cycle_lock(request: HttpRequest, cycle_id: str) -> HttpResponse:
    """Lock a cycle."""
    found = _composed(request, cycle_id)
    lock_cycle(request.viewer, found, reason=request.POST.get("reason", "")[:2000])
    messages.success(request, request.words.say("The cycle is locked."))
    return redirect("cycle", cycle_id=cycle_id)


@require_POST
def cycle_drop(request: HttpRequest, cycle_id: str) -> HttpResponse:
    """Take away a draft."""
    composing.drop_cycle(request.viewer, _composed(request, cycle_id))
    messages.success(request, request.words.say("The draft is taken away."))
    return redirect("cycles")


@login_required
@require_POST
def project_report_begin(request: HttpRequest, cycle_id: str) -> HttpResponse:
    """Begin the report of a project."""
    found = cycle_or_404(request, cycle_id)
    filing = begin_project_report(request.viewer, found, request.POST.get("project", "")[:200])
    return redirect("report", uid=filing.uid)
