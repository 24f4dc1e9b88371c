"""Pages that change a register: add a record, change it, move it on, withdraw it, bring a table."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kulan.errors import NotAllowedNowError
from kulan.programme.registers import Register, moves, register
from kulan.report.reader import Reader
from kulan.web.policy.registers import check_may_add, check_may_keep, may_keep
from kulan.web.programme.menu import MENU
from kulan.web.programme.registers import actions, intake, pages
from kulan.web.programme.registers.forms import MoveForm, RecordForm, WithdrawForm
from kulan.web.programme.registers.models import Record
from kulan.web.programme.registers.views import found

LARGEST_TABLE_BYTES = 5_000_000


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a record."""
    if not request.viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    one = register(kind)
    check_may_add(request.viewer, one)
    form = RecordForm(request.viewer, one, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = actions.add(request.viewer, one, form.content(), reason=form.cleaned_data["reason"])
        messages.success(request, request.words.say("Added."))
        return redirect("register_record", kind=kind, uid=made.uid)
    return _form_page(request, one, form)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, kind: str, uid: uuid.UUID) -> HttpResponse:
    """Change a record; what somebody else has changed meanwhile is shown, not overwritten."""
    record = _kept(request, kind, uid)
    if request.method != "POST":
        return _form_page(
            request, record.declared, RecordForm(request.viewer, record.declared, record=record),
            record=record,
        )  # fmt: skip
    form = RecordForm(request.viewer, record.declared, request.POST, record=record)
    if not form.is_valid():
        return _form_page(request, record.declared, form, record=record)
    read = form.cleaned_data["revision"]
    if read != record.revision:
        return _conflict(request, record, read)
    actions.change(
        request.viewer, record, form.content(), revision=read, reason=form.cleaned_data["reason"]
    )
    messages.success(request, request.words.say("Changed."))
    return redirect("register_record", kind=kind, uid=uid)


def _conflict(request: HttpRequest, record: Record, read: int) -> HttpResponse:
    """Show the form again with what changed meanwhile; sent once more, it is meant."""
    before = record.versions.filter(revision=read).first()
    reader = Reader(request.words)
    told = pages.differences(record.declared, before.data if before else {}, record.data, reader)
    again = request.POST.copy()
    again["revision"] = str(record.revision)
    form = RecordForm(request.viewer, record.declared, again, record=record)
    return _form_page(request, record.declared, form, record=record, conflict=told, status=409)


@require_POST
def move(request: HttpRequest, kind: str, uid: uuid.UUID) -> HttpResponse:
    """Move a record to another stage."""
    record = _kept(request, kind, uid)
    form = MoveForm(record, moves(record.declared, record.stage), request.POST)
    if form.is_valid():
        told = form.cleaned_data
        actions.move(
            request.viewer, record, told["stage"], revision=told["revision"], reason=told["reason"]
        )
        messages.success(request, request.words.say("Moved to its new stage."))
    else:
        for errors in form.errors.values():
            for error in errors:
                messages.error(request, error)
    return redirect("register_record", kind=kind, uid=uid)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, kind: str, uid: uuid.UUID) -> HttpResponse:
    """Withdraw a record."""
    record = _kept(request, kind, uid)
    initial = {"revision": record.revision}
    form = WithdrawForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.withdraw(request.viewer, record, revision=told["revision"], reason=told["reason"])
        messages.success(request, request.words.say("Withdrawn."))
        return redirect("register", kind=kind)
    reader = Reader(request.words)
    context = {
        "menu": MENU,
        "record": record,
        "register": record.declared,
        "register_title": reader.say(record.declared.title),
        "title": pages.heading(record, reader),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "programme/registers/withdraw.html", context, status=status)


@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, kind: str) -> HttpResponse:
    """Bring a table of records; what could not be taken is told line by line."""
    if not request.viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    one = register(kind)
    if "person" in one.kept_by:
        raise Http404
    check_may_add(request.viewer, one)
    report, problem = None, ""
    if request.method == "POST":
        sent = request.FILES.get("file")
        if sent is None or sent.size > LARGEST_TABLE_BYTES:
            problem = request.words.say("Choose an XLSX or CSV file of 5 MB at most.")
        else:
            report = intake.bring(request.viewer, one, sent.read(), Reader(request.words))
    context = {
        "menu": MENU,
        "register": one,
        "register_title": request.words.say(one.title),
        "columns": [(field.name, request.words.say(field.title)) for field in one.fields],
        "report": report,
        "problem": problem,
    }
    status = 422 if problem or (report and report.problem) else 200
    return render(request, "programme/registers/import.html", context, status=status)


def _kept(request: HttpRequest, kind: str, uid: uuid.UUID) -> Record:
    """Return a record the viewer may change.

    Raises
    ------
    Http404
        If none exists for the viewer.
    AccessDeniedError
        If the viewer may read it only.
    NotAllowedNowError
        If it was withdrawn.
    """
    record = found(request, kind, uid)
    if not may_keep(request.viewer, record):
        check_may_keep(request.viewer, record)
    if record.withdrawn_at is not None:
        raise NotAllowedNowError(request.words.say("This record was withdrawn and stays as it is."))
    return record


def _form_page(
    request: HttpRequest,
    one: Register,
    form: RecordForm,
    *,
    record: Record | None = None,
    conflict: Any = None,
    status: int = 0,
) -> HttpResponse:
    reader = Reader(request.words)
    context = {
        "menu": MENU,
        "register": one,
        "register_title": reader.say(one.title),
        "record": record,
        "title": pages.heading(record, reader) if record else "",
        "form": form,
        "conflict": conflict,
        "kinds": {field.name: field.kind for field in one.fields},
    }
    status = status or (422 if form.errors else 200)
    return render(request, "programme/registers/form.html", context, status=status)
