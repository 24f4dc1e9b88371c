"""Forms to fill offline and their way back, files of reports and cycles, answers by convention."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.errors import InvalidAnswerError
from kulan.programme.reporting import Decision
from kulan.web.jobs.models import Job
from kulan.web.programme.menu import MENU
from kulan.web.programme.reporting import exporting, files, pages, serving
from kulan.web.programme.reporting.files import Asked
from kulan.web.programme.reporting.letters import name_of, title_of
from kulan.web.programme.reporting.models import Upload
from kulan.web.programme.reporting.offline import (
    decide,
    drop,
    form_of,
    merged_of,
    standing,
    take_form,
)
from kulan.web.programme.reporting.report_views import filing_or_404, own_or_404
from kulan.web.programme.reporting.stored import questionnaire_of
from kulan.web.programme.reporting.telling import subject_told, value_told
from kulan.web.programme.reporting.views import cycle_or_404
from kulan.web.rates import check_rate
from kulan.web.security import client_address

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_BYTES = 32 << 20
_NO_STORE = {"Cache-Control": "no-store"}


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    told = {"Content-Disposition": f'attachment; filename="{name}"', **_NO_STORE}
    return HttpResponse(body, content_type=kind, headers=told)


@require_GET
def report_form(request: HttpRequest, uid: Any) -> HttpResponse:
    """Give the form of a report as a workbook."""
    filing = own_or_404(request, uid)
    check_rate(f"report form {request.viewer.user_id}", most=30, per_s=60)
    body = form_of(request.viewer, filing, request.words)
    who = filing.iso3 or slugify(name_of(filing, request.words)) or "report"
    return _file(body, XLSX, f"{filing.cycle.cycle_id}-{who}.xlsx")


@require_POST
def report_upload(request: HttpRequest, uid: Any) -> HttpResponse:
    """Take a form that was filled offline."""
    filing = own_or_404(request, uid)
    say = request.words.say
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > _MOST_BYTES:
        messages.error(request, say("Choose the form that you filled; it has less than 32 MB."))
        return redirect("report", uid=uid)
    check_rate(f"report upload {request.viewer.user_id}", most=20, per_s=60)
    upload = take_form(request.viewer, filing, file.read(), file.name or "form.xlsx")
    return redirect("report_merge", uid=uid, number=upload.pk)


@require_http_methods(["GET", "POST"])
def report_merge(request: HttpRequest, uid: Any, number: int) -> HttpResponse:
    """Show what became of a form, and take what a person decides of each conflict."""
    filing = own_or_404(request, uid)
    upload = filing.uploads.filter(pk=number).first()
    if upload is None or (
        upload.by_id != request.viewer.user_id
        and "reporter" not in pages.parts_in(request.viewer, filing)
    ):
        raise Http404
    upload.filing = filing
    problem, status = "", 200
    if request.method == "POST":
        if "drop" in request.POST:
            drop(request.viewer, upload)
            return redirect("report", uid=uid)
        try:
            decide(
                request.viewer, upload, _decisions(request, upload), seen=request.POST["standing"]
            )
        except InvalidAnswerError:
            problem = request.words.say("Decide of each conflict which answer stands.")
            status = 422
        else:
            return redirect("report_merge", uid=uid, number=number)
    context = {**_merging(request, upload), "problem": problem, "filing": filing}
    context["line"] = pages.report_line(filing, request.words)
    return render(request, "programme/reporting/merge.html", context, status=status)


def _decisions(request: HttpRequest, upload: Upload) -> dict[Any, Decision]:
    found = {}
    for number, one in enumerate(merged_of(request.viewer, upload).conflicts):
        side = request.POST.get(f"side-{number}")
        if side == "theirs":
            found[(*one.key, one.field)] = Decision("theirs")
        elif side == "ours":
            found[(*one.key, one.field)] = Decision("ours")
    return found


def _merging(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    waiting = upload.state == Upload.State.WAITING
    rows: list[dict[str, Any]] = []
    mark = ""
    if waiting:
        merged = merged_of(request.viewer, upload)
        mark = standing(merged)
        rows = [_conflict_row(request, upload, one) for one in merged.conflicts]
    return {"upload": upload, "conflicts": rows, "standing": mark, "waiting": waiting}


def _conflict_row(request: HttpRequest, upload: Upload, one: Any) -> dict[str, Any]:
    words = request.words
    questionnaire = questionnaire_of(upload.filing.cycle, upload.filing.kind)
    question = questionnaire.question(one.question_id)
    told = {
        side: (said.content or "–") if one.field == "note" or question is None
        else value_told(question, said.content, words)
        for side, said in (("base", one.base), ("theirs", one.theirs), ("ours", one.ours))
    }  # fmt: skip
    return {
        "question": pages.question_line(question, words) if question else one.question_id,
        "subject": subject_told(one.subject, words),
        "is_note": one.field == "note",
        "unconfirmed": not one.ours.confirmed,
        **told,
    }


def _export(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Give a file, or the page on which one waits for it."""
    prepared = files.prepare(request.viewer, asked, request.words)
    body = files.body_now(prepared)
    if body is None:
        check_rate(f"slow file {client_address(request)}", most=10, per_s=60)
        job = files.begin(request, asked, prepared)
        return redirect("file_waiting", uid=job.uid)
    files.given(request.viewer, prepared)
    return _file(body, prepared.kind, prepared.name)


@require_GET
def report_export(request: HttpRequest, uid: Any, ending: str) -> HttpResponse:
    """Give the answers of a report, those the reader may read, as a file."""
    filing = filing_or_404(request, uid)
    if ending not in exporting.REPORT_FILES:
        raise Http404
    check_rate(f"report file {client_address(request)}", most=60, per_s=60)
    return _export(request, Asked("report", str(filing.uid), ending))


@require_GET
def cycle_export(request: HttpRequest, cycle_id: str, ending: str) -> HttpResponse:
    """Give a whole cycle, what the reader may read of it, as a file."""
    cycle = cycle_or_404(request, cycle_id)
    if ending not in exporting.CYCLE_FILES:
        raise Http404
    check_rate(f"cycle file {client_address(request)}", most=20, per_s=60)
    return _export(request, Asked("cycle", cycle.cycle_id, ending))


@require_GET
def cycles_export(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the answers of all cycles, those the reader may read, as one file."""
    if ending not in exporting.EVERY_CYCLE_FILES:
        raise Http404
    check_rate(f"cycles file {client_address(request)}", most=20, per_s=60)
    return _export(request, Asked("cycles", "", ending))


@never_cache
@require_GET
def file_waiting(request: HttpRequest, uid: Any) -> HttpResponse:
    """Show how far a file is that takes long to make, and where it is once it is made."""
    return render(request, "programme/reporting/waiting.html", _waiting(request, uid))


@never_cache
@require_GET
def file_progress(request: HttpRequest, uid: Any) -> HttpResponse:
    """Answer the part of that page that tells how far it is."""
    return render(request, "programme/reporting/_progress.html", _waiting(request, uid))


def _waiting(request: HttpRequest, uid: Any) -> dict[str, Any]:
    """Return what the page shows: to who asked, and of what exists for the reader still."""
    job = Job.objects.filter(kind=files.KIND, uid=uid, by=request.viewer.user_id).first()
    if job is None:
        raise Http404
    asked, words = files.asked_in(job), request.words
    crumbs = [(reverse("cycles"), words.say("Reporting"))]
    if asked.what == "cycle":
        cycle = cycle_or_404(request, asked.name)
        crumbs.append((reverse("cycle", args=(cycle.cycle_id,)), title_of(cycle, words)))
    elif asked.what == "report":
        filing = filing_or_404(request, asked.name)
        crumbs.append((reverse("report", args=(filing.uid,)), name_of(filing, words)))
    doing = {
        files.READING: words.say("Reading the answers"),
        files.MAKING: words.say("Setting the document"),
    }
    return {
        "job": job,
        "crumbs": crumbs,
        "address": asked.address,
        "reason": job.reason(words),
        "doing": doing.get(job.doing, words.say("Waiting for its turn")),
    }


@require_GET
def answers_by_tag(request: HttpRequest) -> HttpResponse:
    """Show what one reporter's answers say to each convention, target and memorandum."""
    context = serving.answers_page(request.viewer, request.words, request.GET)
    return render(request, "programme/reporting/answers.html", {"menu": MENU, **context})
