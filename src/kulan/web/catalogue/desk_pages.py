"""Pages of those who bring a layer: begin, upload, describe, check, submit; and of reviewers."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.web.atlas.listing import title_of
from kulan.web.catalogue import actions, moves
from kulan.web.catalogue.checks import GOOD, in_words, missing, sensitivity_preview
from kulan.web.catalogue.columns import as_stored
from kulan.web.catalogue.forms import OTHER, DescribeForm, NewLayerForm, ReasonForm, UploadForm
from kulan.web.catalogue.intake import Asked
from kulan.web.catalogue.licences import LICENCES
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.catalogue.names import level_words
from kulan.web.catalogue.pages import version_or_404
from kulan.web.catalogue.pictures import Picture, picture_of
from kulan.web.catalogue.receiving import uploaded
from kulan.web.catalogue.terms import terms_in_words
from kulan.web.catalogue.themes import State
from kulan.web.jobs.models import Job
from kulan.web.language import say_lazy as _
from kulan.web.policy import bringing, visible_versions
from kulan.words import LANGUAGES

_MOST_DRAWN = 2_000
_NEEDED = {
    "title": _("title"),
    "abstract": _("summary"),
    "method": _("method"),
    "source": _("source"),
    "licence": _("licence"),
    "file": _("file"),
}


def _desk(version: LayerVersion) -> HttpResponse:
    return redirect("layer_desk", layer_id=version.layer.layer_id, number=version.number)


def _page(version: LayerVersion) -> HttpResponse:
    return redirect("layer_version", layer_id=version.layer.layer_id, number=version.number)


@require_http_methods(["GET", "POST"])
def new_layer(request: HttpRequest) -> HttpResponse:
    """Begin a layer."""
    bringing.check_may_bring(request.viewer)
    form = NewLayerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        title = {request.words.language: told["title"]}
        version = actions.begin_layer(told["layer_id"], told["theme"], title, by=request.user)
        return _desk(version)
    status = 422 if request.method == "POST" else 200
    return render(request, "catalogue/new.html", {"form": form}, status=status)


@require_GET
def desk(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Show a version to those who bring it or decide on it: file, checks, what the public sees."""
    version = _version_on_desk(request, layer_id, number)
    return _render_desk(request, version, UploadForm())


def _version_on_desk(request: HttpRequest, layer_id: str, number: int) -> LayerVersion:
    """Return a version for whoever may work on it; for others there is no such page."""
    version = version_or_404(request, layer_id, number)
    viewer = request.viewer
    if bringing.may_change(viewer, version) or bringing.may_review(viewer, version):
        return version
    if bringing.may_keep_rules(viewer) and version.state == State.IN_REVIEW:
        return version
    raise Http404


def _render_desk(
    request: HttpRequest, version: LayerVersion, form: UploadForm, status: int = 200
) -> HttpResponse:
    words, viewer = request.words, request.viewer
    context = {
        "this": version,
        "title": title_of(version, words),
        "form": form,
        "job": actions.job_of(version),
        "checks": [(one["grade"], in_words(one, words)) for one in version.checks],
        "preview": [
            (level_words(level, words), count) for level, count in sensitivity_preview(version)
        ],
        "terms": terms_in_words(version, words),
        "picture": _public_picture(version),
        "missing": words.listed([str(_NEEDED[name]) for name in missing(version)]),
        "editable": version.state in actions.EDITABLE and bringing.may_change(viewer, version),
        "may_change": bringing.may_change(viewer, version),
        "may_review": bringing.may_review(viewer, version),
        "may_keep_rules": bringing.may_keep_rules(viewer) and version.released_at is None,
        "good": GOOD,
    }
    return render(request, "catalogue/desk.html", context, status=status)


def _public_picture(version: LayerVersion) -> Picture | None:
    """Return a small map of what the public will see."""
    rows = Rendition.objects.filter(version=version, level=F("default_level")).order_by("uid")
    shapes = rows.values_list("geometry", flat=True)[:_MOST_DRAWN]
    return picture_of(("seen", shape) for shape in shapes)


@require_POST
def upload(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Take a file in, to be read by a worker."""
    version = version_or_404(request, layer_id, number)
    bringing.check_may_change(request.viewer, version)
    file = uploaded(request)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render_desk(request, version, form, status=422)
    told = form.cleaned_data
    asked = Asked(told["crs"], told["layer"], told["swap_axes"])
    actions.upload(version, file, asked, by=request.user)
    return _desk(version)


@require_GET
def progress(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Answer how far the reading of a file is, as a part of the desk."""
    version = version_or_404(request, layer_id, number)
    if not bringing.may_change(request.viewer, version):
        raise Http404
    job = actions.job_of(version)
    response = render(request, "catalogue/progress.html", {"this": version, "job": job})
    if job is not None and job.ended and job.state == Job.State.DONE:
        response.headers["HX-Refresh"] = "true"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Describe a draft, and declare its columns."""
    version = version_or_404(request, layer_id, number)
    bringing.check_may_change(request.viewer, version)
    actions.check_is_editable(version)
    form = DescribeForm(request.POST or None, version=version, initial=_told(version))
    if request.method == "POST" and form.is_valid():
        actions.describe(version, _fields(form), by=request.user)
        messages.success(request, request.words.say("The description is kept."))
        return _desk(version)
    context = {"this": version, "title": title_of(version, request.words), "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "catalogue/describe.html", context, status=status)


_PLAIN = (
    *("species", "states", "method", "confidence", "source", "attribution", "citation"),
    *("valid_from", "valid_to"),
)


def _told(version: LayerVersion) -> dict[str, Any]:
    """Return what a form begins with."""
    listed = version.licence in LICENCES or not version.licence
    told: dict[str, Any] = {name: getattr(version, name) for name in _PLAIN}
    told |= {name: version.term(name) for name in actions.OF_LAYER}
    told["months"] = [str(month) for month in version.months]
    told["licence"] = version.licence if listed else OTHER
    told["licence_other"] = "" if listed else version.licence
    for code in LANGUAGES:
        told[f"title_{code}"] = version.title.get(code, "")
        told[f"abstract_{code}"] = version.abstract.get(code, "")
    return told


def _fields(form: DescribeForm) -> dict[str, Any]:
    """Return what a form says, by the fields of a version and its layer."""
    told = form.cleaned_data
    fields = {name: told[name] for name in (*_PLAIN, *actions.OF_LAYER)}
    for name in ("title", "abstract"):
        texts = {code: told[f"{name}_{code}"].strip() for code in LANGUAGES}
        fields[name] = {code: text for code, text in texts.items() if text}
    fields["months"] = sorted(int(month) for month in told["months"])
    other = told["licence"] == OTHER
    fields["licence"] = told["licence_other"].strip() if other else told["licence"]
    if form.columns:
        fields["columns"] = as_stored(form.told_columns())
    return fields


@require_POST
def submit(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Ask for review."""
    version = version_or_404(request, layer_id, number)
    moves.submit(version, by=request.user)
    messages.success(request, request.words.say("It is in review now. A second person decides."))
    return _page(version)


@require_POST
def take_back(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Make it a draft again."""
    version = version_or_404(request, layer_id, number)
    moves.take_back(version, by=request.user)
    return _desk(version)


@require_POST
def new_version(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Begin the next version of a layer."""
    version = version_or_404(request, layer_id, number)
    return _desk(actions.begin_version(version.layer, by=request.user))


@require_POST
def discard(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Delete a draft."""
    version = version_or_404(request, layer_id, number)
    actions.discard(version, by=request.user)
    messages.success(request, request.words.say("The draft is deleted."))
    return redirect("layers")


def _reason(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return form.cleaned_data["reason"] if form.is_valid() else ""


@require_POST
def decide(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Release a version in review, or send it back."""
    version = version_or_404(request, layer_id, number)
    if request.POST.get("decision") == "release":
        moves.release(version, _reason(request), by=request.user)
        messages.success(request, request.words.say("It is released."))
        return _page(version)
    moves.send_back(version, _reason(request), by=request.user)
    messages.success(request, request.words.say("It is sent back, with your words."))
    return redirect("review_queue")


@require_POST
def withdraw(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Take a released version back."""
    version = version_or_404(request, layer_id, number)
    moves.withdraw(version, _reason(request), by=request.user)
    messages.success(request, request.words.say("It is withdrawn. Its number is not used again."))
    return redirect("layers")


@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    """Show reviewers what waits for a second person."""
    if not request.viewer.has(*bringing.REVIEWERS):
        raise Http404
    waiting = visible_versions(request.viewer).filter(state=State.IN_REVIEW)
    rows = [
        {
            "version": version,
            "title": title_of(version, request.words),
            "mine": not bringing.may_review(request.viewer, version),
        }
        for version in waiting.order_by("submitted_at")
    ]
    return render(request, "catalogue/review.html", {"rows": rows})
