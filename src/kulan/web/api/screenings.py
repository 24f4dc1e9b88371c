"""Screenings over REST: asked, waited for, read and deleted through the actions of the pages."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from kulan.assessment import DOSSIER_FILES
from kulan.web.api import record_shapes as shapes
from kulan.web.api.doors import Door
from kulan.web.api.populations import check_form
from kulan.web.api.scopes import Scope
from kulan.web.api.shapes import Page, gives
from kulan.web.ogc.answers import absolute, here
from kulan.web.ogc.parameters import check_known
from kulan.web.screenings import actions, files, permissions
from kulan.web.screenings.asking import check_asking_rate
from kulan.web.screenings.forms import QuestionForm
from kulan.web.screenings.models import Report
from kulan.web.screenings.models import Screening as Stored
from kulan.web.screenings.permissions import Visitor
from kulan.web.screenings.reading import TYPES, attached, note_opening, progress_words
from kulan.words import LANGUAGES

router = Router(tags=["screenings"])
ASKER = Door(Scope.SCREENINGS, own=True)
_FILE = {"type": "string", "format": "binary"}
_FILES = {"responses": {200: {"content": {kind: {"schema": _FILE} for kind in TYPES.values()}}}}


@router.get("", response=gives(Page[shapes.Screening]), auth=ASKER, url_name="screenings")
def screenings(request: HttpRequest, asked: Query[shapes.ScreeningsAsked]) -> Any:
    """List your own screenings."""
    check_known(request.GET, shapes.ScreeningsAsked.model_fields)
    found = permissions.own(_visitor(request)).prefetch_related("reports__job")
    if asked.after:
        found = found.filter(uid__gt=asked.after)
    rows = list(found.order_by("uid")[: asked.limit + 1])
    more = here(request, after=str(rows[asked.limit - 1].uid)) if len(rows) > asked.limit else None
    return {"items": [_told(request, one) for one in rows[: asked.limit]], "next": more}


@router.post(
    "", response=gives(shapes.Screening, 202, changes=True), auth=ASKER, url_name="ask_screening"
)
def ask(
    request: HttpRequest,
    asked: Form[shapes.ScreeningAsked],
    lines: File[list[UploadedFile]],
    structures: File[list[UploadedFile]] = [],  # noqa: B006  read alone
) -> Any:
    """Ask for the screening of a plan: its alternatives as files, and what is known of it.

    The answer comes before the report: ask for the screening again until its state is not
    `under_way`.
    """
    del lines, structures  # declared here, read by the form of the page
    check_known(request.GET, ())
    check_asking_rate(request)
    told = {**asked.model_dump(), "day": asked.day or timezone.localdate()}
    form = QuestionForm(told, request.FILES)
    check_form(form)
    viewer = request.viewer  # type: ignore[attr-defined]
    screening = actions.ask(viewer, form.question(), form.frame(), form.uploads([]))
    return Status(202, _told(request, Stored.objects.get(pk=screening.pk)))


@router.get("/{uuid:uid}", response=gives(shapes.Screening), auth=ASKER, url_name="screening")
def screening(request: HttpRequest, uid: uuid.UUID) -> Any:
    """Tell how far a screening is, and where its files are: yours, or one shared with you."""
    check_known(request.GET, ())
    visitor = _visitor(request)
    found = permissions.find(visitor, uid)
    note_opening(found, visitor)
    return _told(request, found)


@router.get(
    "/{uuid:uid}/files/{language}/{name}",
    response=gives(None),
    auth=ASKER,
    url_name="screening_file",
    openapi_extra=_FILES,
)
def file(request: HttpRequest, uid: uuid.UUID, language: str, name: str) -> Any:
    """Give a file of a report."""
    check_known(request.GET, ())
    answer: HttpResponse = attached(permissions.find(_visitor(request), uid), language, name)
    answer["Cache-Control"] = "private, no-store"
    return answer


@router.delete(
    "/{uuid:uid}", response=gives(None, 204, changes=True), auth=ASKER, url_name="delete_screening"
)
def delete(request: HttpRequest, uid: uuid.UUID) -> Any:
    """Delete a screening of yours, files and all; a line of the history remains."""
    check_known(request.GET, ())
    actions.delete(permissions.find_own(_visitor(request), uid), request.viewer)  # type: ignore[attr-defined]
    return Status(204, None)


def _visitor(request: HttpRequest) -> Visitor:
    # the account alone: a session's links and screenings are its browser's
    return Visitor(request.viewer)  # type: ignore[attr-defined]


def _told(request: HttpRequest, one: Stored) -> dict[str, Any]:
    copied = (
        "uid", "title", "state", "asked_at", "expires_at", "day", "within_km", "release",
        "alternatives",
    )  # fmt: skip
    reports = sorted(one.reports.all(), key=lambda report: LANGUAGES.index(report.language))
    return {
        **{name: getattr(one, name) for name in copied},
        "own": one.owner_id == request.viewer.user_id,  # type: ignore[attr-defined]
        "reports": [_report(request, one, report) for report in reports],
    }


def _report(request: HttpRequest, one: Stored, report: Report) -> dict[str, Any]:
    words, made = request.words, report.made_at is not None  # type: ignore[attr-defined]
    folder = files.report_folder(one.uid, report.language)
    names = [name for name in DOSSIER_FILES if made and (folder / name).is_file()]
    state = "done" if made else report.job.state if report.job else "cancelled"
    return {
        "language": report.language,
        "state": state,
        "progress": progress_words(report, words) if report.under_way else "",
        "made_at": report.made_at,
        "refusal": report.job.reason(words) if report.job and state == "failed" else "",
        "files": {
            name: absolute(
                request, reverse("api:screening_file", args=[one.uid, report.language, name])
            )
            for name in names
        },
    }
