"""Pages of editions: what there is, the state of each, and texts brought in as files."""

import csv
import io
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.errors import KulanError, UnknownNameError
from kulan.exchange.safe_cells import safe_text
from kulan.programme.text.tables import IMPORT_LOSSES
from kulan.web.jobs.models import Job
from kulan.web.policy import Viewer
from kulan.web.programme.editions.forms import LANGUAGE_NAMES, BringForm, CompareForm, StateForm
from kulan.web.programme.editions.telling import (
    LOSS_NAMES,
    consequences,
    edition_line,
    walk_line,
)
from kulan.web.programme.menu import MENU
from kulan.web.programme.register import bringing
from kulan.web.programme.register.catalogue import EditionTold, all_editions, find_edition
from kulan.web.programme.register.importing import set_edition_state
from kulan.web.programme.register.models import Crosswalk, ImportedEdition, TextUpload
from kulan.web.programme.register.permissions import check_may_keep_register, may_keep_register
from kulan.web.programme.register.stated import languages_of
from kulan.web.programme.register.terms import EditionState
from kulan.web.rates import check_rate

_SHOWN_LOSSES = 300


@never_cache
@require_GET
def editions(request: HttpRequest) -> HttpResponse:
    """List the editions of every plan, and the crosswalks between them."""
    return editions_page(request, None)


def editions_page(
    request: HttpRequest, form: CompareForm | None, *, status: int = 200
) -> HttpResponse:
    """Answer the page of editions; with a form that has faults, in place of its empty one."""
    words, keeps = request.words, may_keep_register(request.viewer)
    found = all_editions(drafts=keeps)
    lines = [edition_line(one, words) for one in found]
    plans: dict[str, list[Any]] = {}
    for line in lines:
        plans.setdefault(line.told.plan, []).append(line)
    titles = {line.told.edition_id: line.title for line in lines}
    context = {
        "menu": MENU,
        "plans": plans,
        "walks": [
            walk_line(row, titles, words)
            for row in Crosswalk.objects.all()
            if {row.before, row.after} <= titles.keys()
        ],
        "keeps": keeps,
        "form": form or (compare_form(request) if keeps else None),
        "waiting": _waiting_files() if keeps else (),
        "language_names": LANGUAGE_NAMES,
    }
    return render(request, "programme/editions/list.html", context, status=status)


def _waiting_files() -> QuerySet[TextUpload]:
    """Return the files that a worker has still to read."""
    ended = (Job.State.FAILED, Job.State.CANCELLED)
    return TextUpload.objects.filter(stored_at=None).exclude(job__state__in=ended)[:10]


def compare_form(request: HttpRequest, data: Any = None) -> CompareForm:
    """Return the form that asks for two editions."""
    words = request.words
    found = all_editions(drafts=may_keep_register(request.viewer))
    lines = [edition_line(one, words) for one in found]
    offered = [
        (line.told.edition_id, f"{line.title} ({line.told.edition_id})")
        for line in lines
        if line.actions
    ]
    return CompareForm(data, editions=offered, initial={"language": words.language})


@never_cache
@require_GET
def edition(request: HttpRequest, edition_id: str) -> HttpResponse:
    """Show an edition: its texts with what was lost, and to those who keep it, its state."""
    return _edition_page(request, _edition_asked(request, edition_id))


def _edition_page(request: HttpRequest, told: EditionTold, *, status: int = 200) -> HttpResponse:
    words, keeps = request.words, may_keep_register(request.viewer)
    row = ImportedEdition.objects.filter(edition_id=told.edition_id).first()
    found = all_editions(drafts=keeps)
    titles = {one.edition_id: one.title(words.language) for one in found}
    walks = Crosswalk.objects.filter(before=told.edition_id) | Crosswalk.objects.filter(
        after=told.edition_id
    )
    context = {
        "menu": MENU,
        "line": edition_line(told, words),
        "sources": [
            {
                "row": one,
                "language": LANGUAGE_NAMES[one.language],
                "day": words.day(one.imported_at.date()),
                "losses": one.losses[:_SHOWN_LOSSES],
            }
            for one in (row.sources.order_by("language") if row else ())
        ],
        "worded_in": [LANGUAGE_NAMES[one] for one in languages_of(told.edition_id)],
        "walks": [walk_line(one, titles, words) for one in walks if titles.keys() >= {
            one.before, one.after,
        }],
        "keeps": keeps,
        "states": [
            (state.value, str(state.label), consequences(told, found, words)[state.value])
            for state in EditionState
        ],
    }  # fmt: skip
    return render(request, "programme/editions/edition.html", context, status=status)


@require_POST
def state(request: HttpRequest, edition_id: str) -> HttpResponse:
    """Set the state of an edition."""
    check_may_keep_register(_viewer(request))
    told = _edition_asked(request, edition_id)
    form = StateForm(request.POST)
    if not form.is_valid():
        return _edition_page(request, told, status=422)
    set_edition_state(_viewer(request), edition_id, form.cleaned_data["state"])
    messages.success(request, request.words.say("Saved."))
    return redirect("programme_edition", edition_id=edition_id)


@never_cache
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Bring the text of an edition as a file."""
    viewer = _viewer(request)
    if not viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    check_may_keep_register(viewer)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = BringForm(*sent)
    if form.is_bound and form.is_valid():
        check_rate(f"edition text {viewer.user_id}", most=20, per_s=3600)
        file = form.cleaned_data["file"]
        try:
            row = bringing.bring(viewer, form.brought(), file.name, file.read())
        except KulanError as problem:
            form.add_error("edition_id", str(problem))
        else:
            return redirect("programme_edition_file", uid=row.uid)
    context = {"menu": MENU, "form": form, "plans": _plans()}
    status = 422 if request.method == "POST" else 200
    return render(request, "programme/editions/bring.html", context, status=status)


def _plans() -> list[str]:
    return sorted({one.plan for one in all_editions(drafts=True)})


@never_cache
@require_GET
def file(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show how far the reading of a file is, or what came of it: what was read, and what lost."""
    row = _upload(request, uid)
    words = request.words
    losses = [
        {**one, "what": words.say(LOSS_NAMES.get(one["what"], one["what"]))}
        for one in row.losses[:_SHOWN_LOSSES]
    ]
    context = {
        "menu": MENU,
        "row": row,
        "title": row.title.get(words.language) or next(iter(row.title.values()), row.edition_id),
        "worded_in": [LANGUAGE_NAMES[one] for one in row.found.get("languages", ())],
        "losses": losses,
        "shown": _SHOWN_LOSSES,
        "refusal": row.job.reason(words) if row.job else "",
        **_waiting(request, row),
    }
    return render(request, "programme/editions/file.html", context)


@never_cache
@require_GET
def progress(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Answer the part of that page that tells how far it is."""
    row = _upload(request, uid)
    return render(request, "programme/editions/_progress.html", _waiting(request, row))


def _waiting(request: HttpRequest, row: TextUpload) -> dict[str, Any]:
    say, job = request.words.say, row.job
    doing = {
        bringing.READING: say("The text is being read"),
        bringing.STORING: say("The actions are being written down"),
    }
    return {
        "job": job,
        "under_way": row.stored_at is None and job is not None and not job.ended,
        "doing": doing.get(job.doing if job else "", say("Waiting for its turn")),
    }


@never_cache
@require_GET
def losses(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Answer what was lost of a file as a table."""
    row = _upload(request, uid)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(IMPORT_LOSSES.column_names)
    for one in row.losses:
        writer.writerow([_cell(one[name]) for name in IMPORT_LOSSES.column_names])
    return HttpResponse(
        buffer.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="losses.csv"'},
    )


def _cell(value: Any) -> Any:
    """Keep a spreadsheet from running what begins as a formula does."""
    return safe_text(value) if isinstance(value, str) else value


def _upload(request: HttpRequest, uid: uuid.UUID) -> TextUpload:
    """Return a file for those who keep the register; for others there is no such page."""
    if not may_keep_register(_viewer(request)):
        raise Http404
    return get_object_or_404(TextUpload.objects.select_related("job"), uid=uid)


def _edition_asked(request: HttpRequest, edition_id: str) -> EditionTold:
    try:
        return find_edition(edition_id, drafts=may_keep_register(_viewer(request)))
    except UnknownNameError:
        raise Http404 from None


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer
    return found
