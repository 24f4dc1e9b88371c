"""Pages of one report: read, filled, given in parts to others, reviewed."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kulan.errors import InvalidAnswerError, InvalidRequestError
from kulan.programme.reporting import (
    WRITABLE,
    Answer,
    Completeness,
    Slot,
    allowed,
    asked_now,
    completeness,
    typed_value,
    value_from_data,
)
from kulan.programme.reporting.workflow import STATE_NAMES
from kulan.web.programme.reporting import exporting, pages
from kulan.web.programme.reporting.delegating import delegate, end_delegation, who_can_help
from kulan.web.programme.reporting.filling import Given, confirm, give_answer, slot_of
from kulan.web.programme.reporting.forms import DelegationForm
from kulan.web.programme.reporting.models import Cycle, Filing
from kulan.web.programme.reporting.permissions import parts_in, runs_cycles, visible_filings
from kulan.web.programme.reporting.readers import reading_of
from kulan.web.programme.reporting.reviewing import BY_HAND, remark, settle, step
from kulan.web.programme.reporting.stored import answers_of, questionnaire_of, reporter_of
from kulan.web.programme.reporting.telling import field_of, typed_of, value_told

_LONGEST_SEEN = 200_000
_READING: dict[str, Any] = {
    "gives": False,
    "uploads": [],
    "may_fill": False,
    "reads_whole": False,
}
"""What the page of a report says to those who only read it."""


def filing_or_404(request: HttpRequest, uid: Any) -> Filing:
    """Return a report that exists for the viewer.

    Raises
    ------
    Http404
        If there is none.
    """
    found = visible_filings(request.viewer).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def own_or_404(request: HttpRequest, uid: Any) -> Filing:
    """Return a report of which the viewer is a part; to others its working pages do not exist.

    Raises
    ------
    Http404
        If there is none.
    """
    found = filing_or_404(request, uid)
    if not parts_in(request.viewer, found):
        raise Http404
    return found


@require_GET
def report(request: HttpRequest, uid: Any) -> HttpResponse:
    """Show a report: its sections, how far it is, and what may be done to it."""
    filing = filing_or_404(request, uid)
    viewer, words = request.viewer, request.words
    parts = parts_in(viewer, filing)
    answers = pages.shown_answers(viewer, filing)
    about = pages.remarked(viewer, filing)
    context = {
        "filing": filing,
        "line": pages.report_line(filing, words),
        "cycle_line": pages.cycle_line(filing.cycle, words),
        "parts": parts,
        "sections": pages.section_lines(viewer, filing, words, answers, about),
        "remarks": len(about),
        **(_working(request, filing, parts, answers) if parts else _READING),
        "endings": exporting.REPORT_FILES,
    }
    return render(request, "programme/reporting/report.html", context)


def _working(
    request: HttpRequest, filing: Filing, parts: tuple[Any, ...], answers: dict[Any, Answer]
) -> dict[str, Any]:
    """Return what the page shows to those who write the report and to the secretariat."""
    words, reading = request.words, reading_of(request.viewer, filing)
    questionnaire = reading.asked(questionnaire_of(filing.cycle, filing.kind))
    found = completeness(questionnaire, reporter_of(filing), answers)
    uploads = filing.uploads.filter(state="waiting").select_related("by")
    if not reading.whole:
        uploads = uploads.filter(by=request.viewer.user_id)
    may = {one.action: one for one in allowed(filing.state, parts) if one.action in BY_HAND}  # type: ignore[arg-type]
    if filing.cycle.stage != Cycle.Stage.OPEN:
        may = {}
    gives = "reporter" in parts and bool(filing.iso3)
    open_now = any(one.action == "delegate" for one in allowed(filing.state, parts))  # type: ignore[arg-type]
    reminded = [words.day(one.at.date()) for one in filing.reminders.all()]
    given = filing.delegations.filter(ended_at=None).select_related("person").order_by("given_at")
    return {
        "completeness": found,
        "share_answered": _share(found),
        "reads_whole": reading.whole,
        "missing": pages.missing_told(found, words),
        "may": may,
        "steps": list(filing.steps.select_related("by")),
        "delegations": list(given) if gives or "secretariat" in parts else [],
        "gives": gives and open_now,
        "may_fill": filing.state in WRITABLE and bool({"reporter", "delegate"} & set(parts)),
        "form": _delegation_form(request, filing) if gives and open_now else None,
        "uploads": list(uploads),
        "reminders_on": reminded if "secretariat" in parts else [],
        "names": STATE_NAMES,
    }


def _share(found: Completeness) -> int:
    return round(100 * found.required_answered / found.required) if found.required else 0


def _delegation_form(request: HttpRequest, filing: Filing, data: Any = None) -> DelegationForm:
    sections = [
        (one.section_id, one.title.tell(request.words.language))
        for one in questionnaire_of(filing.cycle, filing.kind).sections
    ]
    people = who_can_help(request.viewer, filing)
    return DelegationForm(data, people=people, sections=sections)


@require_GET
def report_section(request: HttpRequest, uid: Any, section_id: str) -> HttpResponse:
    """Show a section of a report: to fill, to review, or to read."""
    filing = filing_or_404(request, uid)
    context = section_context(request, filing, section_id)
    if not context["groups"]:
        raise Http404
    return render(request, "programme/reporting/section.html", context)


def section_context(request: HttpRequest, filing: Filing, section_id: str) -> dict[str, Any]:
    """Return what the page of a section shows.

    Raises
    ------
    Http404
        If the report has no such section for the viewer.
    """
    viewer, words = request.viewer, request.words
    answers = pages.shown_answers(viewer, filing)
    lines = pages.section_lines(viewer, filing, words, answers)
    names = [one.section_id for one in lines]
    if section_id not in names:
        raise Http404
    line, place = lines[names.index(section_id)], names.index(section_id)
    asked = request.GET.get("species") or request.POST.get("species") or ""
    species = asked if asked in line.subjects else next(iter(line.subjects), "")
    groups = pages.groups_of(viewer, filing, section_id, words, answers=answers, species=species)
    return {
        "filing": filing,
        "line": pages.report_line(filing, words),
        "cycle_line": pages.cycle_line(filing.cycle, words),
        "section": line,
        "species": species,
        "subjects": [(one, pages.subject_told(one, words)) for one in line.subjects],
        "before": lines[place - 1] if place else None,
        "after": lines[place + 1] if place + 1 < len(lines) else None,
        "groups": groups,
        "may_write": pages.may_write_here(viewer, filing, section_id),
        "may_remark": runs_cycles(viewer) and filing.state in ("submitted", "accepted"),
        "parts": parts_in(viewer, filing),
    }


@require_POST
def report_answer(request: HttpRequest, uid: Any) -> HttpResponse:
    """Take an answer; what another person changed meanwhile is told, field by field."""
    filing = own_or_404(request, uid)
    key = (request.POST.get("question", ""), request.POST.get("subject", ""))
    slot = slot_of(filing, key)
    if "in_conflict" in request.POST and "pick" not in request.POST:
        return HttpResponse(status=204)  # a choice is made, and not yet sent
    seen = _seen(request, key)
    try:
        given = _given(request, slot, seen)
        done = give_answer(request.viewer, filing, seen, given)
    except InvalidAnswerError as error:
        return _refused(request, filing, slot, seen, str(error))
    if done.conflicts:
        return _conflict(request, filing, slot, given, done)
    if not request.headers.get("HX-Request"):
        return redirect(_place(filing, slot))
    filing.refresh_from_db()
    if done.shown or "pick" in request.POST:
        context = section_context(request, filing, slot.question.section)
        answer = render(request, "programme/reporting/questions.html", context)
        picked = "pick" in request.POST
        answer["HX-Retarget"] = "#questions"
        answer["HX-Reswap"] = "outerHTML" if picked else "outerMorph"
        return answer
    context = {"field": field_of(slot.question, done.answer, request.words), "saved": True}
    return render(request, "programme/reporting/saved.html", context)


def _seen(request: HttpRequest, key: tuple[str, str]) -> Answer:
    """Read what the page remembered; it only decides what counts as changed meanwhile."""
    text = request.POST.get("seen", "")
    try:
        told = json.loads(text) if len(text) <= _LONGEST_SEEN else None
        return Answer(
            *key,
            value_from_data(told["value"]),
            str(told["note"]),
            revision=int(told["revision"]),
            confirmed=bool(told["confirmed"]),
        )
    except (ValueError, TypeError, KeyError) as problem:
        raise InvalidRequestError(
            request.words.say("The page sent what it should not. Load it again.")
        ) from problem


def _given(request: HttpRequest, slot: Slot, seen: Answer) -> Answer:
    """Read an answer as the person leaves it; a suggestion left alone stays a suggestion."""
    question, post = slot.question, request.POST
    typed: Any = post.getlist("value") if question.kind == "choices" else post.get("value", "")
    if question.kind == "references":
        typed = [one for one in post.get("value", "").splitlines() if one.strip()]
    value = typed_value(question, typed, request.words)
    note = post.get("note", "").replace("\r\n", "\n")
    # a field in conflict keeps what stands, unless the person said that the own words do
    undecided = set(post.getlist("in_conflict"))
    if "value" in undecided and post.get("pick_value") != "mine":
        value = seen.value
    if "note" in undecided and post.get("pick_note") != "mine":
        note = seen.note
    return Answer(*slot.key, value, note, confirmed=seen.confirmed or value != seen.value)


def _place(filing: Filing, slot: Slot) -> str:
    address = reverse("report_section", args=(filing.uid, slot.question.section))
    species = slot.subject.partition(":")[0]
    return f"{address}?species={species}" if species else address


def _refused(
    request: HttpRequest, filing: Filing, slot: Slot, seen: Answer, problem: str
) -> HttpResponse:
    context = {
        "field": field_of(slot.question, seen, request.words),
        "problem": problem,
        "back": _place(filing, slot),
    }
    partial = request.headers.get("HX-Request")
    page = "saved.html" if partial else "refused.html"
    return render(request, f"programme/reporting/{page}", context, status=422)


def _conflict(
    request: HttpRequest, filing: Filing, slot: Slot, given: Answer, done: Given
) -> HttpResponse:
    words = request.words
    rows = []
    for one in done.conflicts:
        if one.field == "value":
            mine = value_told(slot.question, given.value, words)
            theirs = value_told(slot.question, done.answer.value, words)
        else:
            mine, theirs = given.note or "–", done.answer.note or "–"
        rows.append({"field": one.field, "mine": mine, "theirs": theirs})
    context = {
        "field": field_of(slot.question, done.answer, words),
        "conflicts": rows,
        "filing": filing,
        "question": slot.question.words.tell(words.language),
        "given": given,
        "mine": _typed(slot, given),
        "back": _place(filing, slot),
    }
    partial = request.headers.get("HX-Request")
    page = "saved.html" if partial else "conflict.html"
    return render(request, f"programme/reporting/{page}", context, status=409)


def _typed(slot: Slot, given: Answer) -> list[Any]:
    """Return what the person typed, one entry for each field of the form."""
    typed = typed_of(slot.question, given.value)
    return typed if isinstance(typed, list) else [typed]


@require_POST
def report_confirm(request: HttpRequest, uid: Any, section_id: str) -> HttpResponse:
    """Stand behind the suggestions of a section, or behind one of them."""
    filing = own_or_404(request, uid)
    if not reading_of(request.viewer, filing).works_on(section_id):
        raise Http404
    one = (request.POST.get("question", ""), request.POST.get("subject", ""))
    species = request.POST.get("species", "")
    questionnaire = questionnaire_of(filing.cycle, filing.kind)
    keys = [
        slot.key
        for slot in asked_now(questionnaire, reporter_of(filing), answers_of(filing))
        if slot.question.section == section_id
        and (not one[0] or slot.key == one)
        and (not species or slot.subject.partition(":")[0] == species)
    ]
    done = confirm(request.viewer, filing, keys)
    messages.success(
        request,
        request.words.say_count(
            "{count} suggestion is confirmed.", "{count} suggestions are confirmed.", done
        ),
    )
    address = reverse("report_section", args=(filing.uid, section_id))
    return redirect(f"{address}?species={species}" if species else address)


@require_POST
def report_step(request: HttpRequest, uid: Any) -> HttpResponse:
    """Submit, withdraw, return, accept or lock a report."""
    filing = own_or_404(request, uid)
    reason = request.POST.get("reason", "")[:5000]
    step(request.viewer, filing, request.POST.get("action", ""), reason=reason)
    return redirect("report", uid=uid)


@require_POST
def report_delegate(request: HttpRequest, uid: Any) -> HttpResponse:
    """Give sections to a person of the state."""
    filing = own_or_404(request, uid)
    form = _delegation_form(request, filing, request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("report", uid=uid)
    told = form.cleaned_data
    delegate(request.viewer, filing, told["person"], told["sections"], message=told["message"])
    messages.success(request, request.words.say("The sections are given, and a letter is sent."))
    return redirect("report", uid=uid)


@require_POST
def report_delegation_end(request: HttpRequest, uid: Any, number: int) -> HttpResponse:
    """Take sections back."""
    filing = own_or_404(request, uid)
    given = filing.delegations.filter(pk=number).first()
    if given is None:
        raise Http404
    end_delegation(request.viewer, given)
    return redirect("report", uid=uid)


@require_POST
def report_remark(request: HttpRequest, uid: Any) -> HttpResponse:
    """Take a remark of the secretariat about an answer."""
    filing = own_or_404(request, uid)
    key = (request.POST.get("question", ""), request.POST.get("subject", ""))
    remark(request.viewer, filing, key, request.POST.get("text", "")[:5000])
    return redirect(_place(filing, slot_of(filing, key)))


@require_POST
def report_remark_settle(request: HttpRequest, uid: Any, number: int) -> HttpResponse:
    """Mark a remark as settled."""
    filing = own_or_404(request, uid)
    made = filing.remarks.filter(pk=number).first()
    if made is None:
        raise Http404
    settle(request.viewer, made)
    slot = slot_of(filing, (made.question_id, made.subject))
    return redirect(_place(filing, slot))
