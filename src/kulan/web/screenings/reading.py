"""Pages on which screenings are listed, waited for, read and downloaded."""

import re
import tempfile
import uuid
import zipfile
from pathlib import Path
from typing import Any

from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kulan.assessment import DOSSIER_FILES
from kulan.programme import state_name
from kulan.report.sentences import CODES
from kulan.web.events.models import Event
from kulan.web.people.models import User
from kulan.web.screenings import files, permissions
from kulan.web.screenings.forms import LinkForm, ShareForm
from kulan.web.screenings.models import Report, Screening, SharedWith, ShareLink
from kulan.web.screenings.permissions import Visitor
from kulan.words import LANGUAGES, Words

TYPES = {
    "report.html": "text/html; charset=utf-8",
    "report.pdf": "application/pdf",
    "findings.json": "application/json",
    "findings.gpkg": "application/geopackage+sqlite3",
    "losses.csv": "text/csv; charset=utf-8",
}
"""Media type of each file of a report."""
ALL = "everything.zip"
_META_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')
_NO_SCRIPT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@never_cache
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the visitor's own screenings, and those shared with him."""
    visitor = permissions.visitor_of(request)
    context = {
        "own": permissions.own(visitor).prefetch_related("reports__job"),
        "shared": permissions.shared(visitor).select_related("owner"),
    }
    return render(request, "screenings/list.html", context)


@never_cache
@require_GET
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open what a private link opens, and remember it in the session."""
    link = ShareLink.objects.select_related("screening").filter(token=token).first()
    if link is None or not link.live or link.screening.expired:
        raise Http404
    if token not in request.session.get(permissions.LINKS, ()):
        ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1)
    permissions.remember(request, permissions.LINKS, token)
    return redirect("screening", uid=link.screening.uid)


@never_cache
@require_GET
def page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show a screening: its progress, its report, or what remains of it."""
    visitor = permissions.visitor_of(request)
    try:
        screening = permissions.find(visitor, uid)
    except Http404:
        return _what_remains(request, visitor, uid)
    if visitor.viewer.signed_in:
        note_opening(screening, visitor)
    context = _context(request, visitor, screening)
    template = "report.html" if context["report"] else "waiting.html"
    return render(request, f"screenings/{template}", context)


def _what_remains(request: HttpRequest, visitor: Visitor, uid: uuid.UUID) -> HttpResponse:
    """Show whoever deleted a screening the line that remains of it, and nobody else."""
    events = Event.objects.filter(kind="screening_deleted", subject_id=str(uid))
    if visitor.viewer.signed_in:
        events = events.filter(by_id=visitor.viewer.user_id)
    elif str(uid) not in visitor.owned:
        raise Http404
    event = events.first()
    if event is None:
        raise Http404
    return render(request, "screenings/deleted.html", {"event": event})


def note_opening(screening: Screening, visitor: Visitor) -> None:
    """Let the owner see who has opened it."""
    address = User.objects.filter(pk=visitor.viewer.user_id).values("email")
    SharedWith.objects.filter(screening=screening, email__in=address, opened_at=None).update(
        opened_at=timezone.now()
    )


def _context(request: HttpRequest, visitor: Visitor, screening: Screening) -> dict[str, Any]:
    words: Words = request.words
    reports = {each.language: each for each in screening.reports.select_related("job")}
    made = [code for code in LANGUAGES if code in reports and reports[code].made_at]
    asked = request.GET.get("report", "")
    wanted = asked if asked in LANGUAGES else words.language
    shown = wanted if wanted in made else next(iter(made), "")
    waiting = reports.get(wanted) if shown else next(iter(reports.values()), None)
    mine = permissions.owns(visitor, screening)
    return {
        "screening": screening,
        "mine": mine,
        "report": reports.get(shown),
        "wanted": wanted,
        "made": made,
        "waiting": waiting if waiting and not waiting.made_at else None,
        "refusal": waiting.job.reason(words) if waiting and waiting.job else "",
        "progress": progress_words(waiting, words) if waiting else "",
        "alternatives": [_in_words(each, words) for each in screening.alternatives],
        "downloads": DOSSIER_FILES,
        "everything": ALL,
        "shares": screening.shared_with.order_by("since") if mine else (),
        "links": [link for link in screening.links.order_by("made_at") if link.live]
        if mine
        else (),
        "share_form": ShareForm(),
        "link_form": LinkForm(),
        "address": request.build_absolute_uri,
    }


def _in_words(alternative: dict[str, Any], words: Words) -> dict[str, Any]:
    """Return a row of the table of alternatives in the reader's language."""
    planned, status = (CODES["barrier_type"], CODES["status"])
    said, come = planned[alternative["type"]], status[alternative["status"]]
    states = [state_name(iso3, words.language) for iso3 in alternative["states"]]
    return {
        **alternative,
        "type": words.say(said),
        "status": words.say(come),
        "states": words.listed(states) if states else "",
    }


def progress_words(report: Report, words: Words) -> str:
    """Return what a job is doing, as a sentence; its own words are codes."""
    job, say = report.job, words.say
    if job is None or job.state == job.State.QUEUED:
        return say("Waiting for its turn")
    if job.doing == "comparing":
        return say(
            "Holding it against the Atlas: alternative {number} of {count}",
            number=job.done,
            count=job.total - 2,
        )
    if job.doing == "writing":
        return say("Writing the report")
    return say("Reading the files")


@never_cache
@require_GET
def progress(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Answer the part of the page that tells how far it is."""
    visitor = permissions.visitor_of(request)
    context = _context(request, visitor, permissions.find(visitor, uid))
    return render(request, "screenings/_progress.html", context)


@never_cache
@require_GET
def report(request: HttpRequest, uid: uuid.UUID, language: str) -> HttpResponse:
    """Answer the report as a document of its own, in a box that can reach nothing of ours.

    Its policy is the one it was written with, and a sandbox: even opened by itself it has no
    origin, so no cookie and no page of ours is within its reach.
    """
    content = _file_of(request, uid, language, "report.html").read_bytes()
    found = _META_POLICY.search(content[:4000].decode(errors="replace"))
    policy = found.group(1) if found else _NO_SCRIPT
    return HttpResponse(
        content,
        content_type=TYPES["report.html"],
        headers={
            "Content-Security-Policy": (
                f"{policy.replace('&#39;', chr(39))}; frame-ancestors 'self'; "
                "sandbox allow-scripts allow-popups"
            ),
            "X-Frame-Options": "SAMEORIGIN",
            "Content-Language": language,
        },
    )


@never_cache
@require_GET
def file(request: HttpRequest, uid: uuid.UUID, language: str, name: str) -> HttpResponse:
    """Answer a file of a report, to be kept: never shown as a page of ours."""
    screening = permissions.find(permissions.visitor_of(request), uid)
    return attached(screening, language, name)


def attached(screening: Screening, language: str, name: str) -> HttpResponse:
    """Answer a file of a screening that the visitor may read, or all of them in one."""
    if name == ALL:
        return _everything(_path_of(screening, language, "report.html").parent, language)
    path = _path_of(screening, language, name)
    stem, _, ending = name.rpartition(".")
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"kulan-{stem}-{language}.{ending}",
        content_type=TYPES[name],
    )


def _file_of(request: HttpRequest, uid: uuid.UUID, language: str, name: str) -> Path:
    """Return a file of a report that the visitor may read."""
    screening = permissions.find(permissions.visitor_of(request), uid)
    return _path_of(screening, language, name)


def _path_of(screening: Screening, language: str, name: str) -> Path:
    """Return a file of a report; names are from closed lists."""
    if language not in LANGUAGES or name not in DOSSIER_FILES:
        raise Http404
    path = files.report_folder(screening.uid, language) / name
    if not path.is_file():
        raise Http404
    return path


def _everything(folder: Path, language: str) -> HttpResponse:
    # in memory while small, else a file without a name that goes away when it is closed
    packed = tempfile.SpooledTemporaryFile(max_size=16_000_000)  # noqa: SIM115  the response closes it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in DOSSIER_FILES:
            if (folder / name).is_file():
                archive.write(folder / name, f"kulan-screening-{language}/{name}")
    packed.seek(0)
    return FileResponse(
        packed,
        as_attachment=True,
        filename=f"kulan-screening-{language}.zip",
        content_type="application/zip",
    )
