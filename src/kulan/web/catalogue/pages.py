"""Pages that anyone may read: the list, a version, what changed, files and metadata."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kulan.exchange.dcat import write_dcat
from kulan.exchange.iso19115 import write_iso19115_3
from kulan.web.atlas.listing import in_language, precision_words, title_of
from kulan.web.catalogue.columns import declared
from kulan.web.catalogue.description import citation_of, forms_of, page_of, record_of
from kulan.web.catalogue.differences import differing
from kulan.web.catalogue.exports import export
from kulan.web.catalogue.forms import species_choices, state_choices
from kulan.web.catalogue.licences import licence_url
from kulan.web.catalogue.models import Layer, LayerVersion
from kulan.web.catalogue.names import file_stem, months_words, species_words, state_words
from kulan.web.catalogue.sights import note_export, note_sight, sees_finer
from kulan.web.catalogue.themes import Kind, State, Theme
from kulan.web.catalogue.whole import dcat_catalogue
from kulan.web.policy import bringing, renditions, visible_versions
from kulan.web.policy.renditions import owns
from kulan.web.rates import check_rate
from kulan.web.security import client_address

_PER_PAGE = 25
_TEXTS = ("title", "abstract", "source", "method", "layer__layer_id")


@require_GET
def layers(request: HttpRequest) -> HttpResponse:
    """List the layers this reader may know of, filtered."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "theme", "species", "state")}
    found = _filtered(visible_versions(request.viewer).filter(state=State.RELEASED), asked)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    mine = []
    if request.viewer.signed_in and not any(asked.values()):
        mine = [
            one
            for one in visible_versions(request.viewer).filter(
                state__in=(State.DRAFT, State.IN_REVIEW, State.REJECTED)
            )
            if owns(request.viewer, one)
        ]
    context = {
        "page": page,
        "rows": [_row(version, request) for version in page],
        "mine": [_row(version, request) for version in mine],
        "asked": asked,
        "themes": Theme.choices,
        "species": species_choices(),
        "states": state_choices(),
        "may_bring": bringing.may_bring(request.viewer),
        "may_review": request.viewer.has(*bringing.REVIEWERS),
        "may_keep_rules": bringing.may_keep_rules(request.viewer),
        "table": request.GET.get("as") == "table",
    }
    return render(request, "catalogue/layers.html", context)


def _filtered(found: QuerySet[LayerVersion], asked: dict[str, str]) -> list[LayerVersion]:
    if asked["theme"]:
        found = found.filter(layer__theme=asked["theme"])
    if asked["q"]:
        text = Q()
        for name in _TEXTS:
            text |= Q(**{f"{name}__icontains": asked["q"]})
        found = found.filter(text)
    themes = list(Theme)
    # lists in JSON are looked into here: the two databases ask for them in different words
    return sorted(
        (
            version
            for version in found
            if (not asked["species"] or asked["species"] in version.species)
            and (not asked["state"] or asked["state"] in version.states)
        ),
        key=lambda one: (themes.index(Theme(one.layer.theme)), one.layer.sort, one.layer.layer_id),
    )


def _row(version: LayerVersion, request: HttpRequest) -> dict[str, Any]:
    words = request.words
    return {
        "version": version,
        "title": title_of(version, words),
        "theme": Theme(version.term("theme")).label,
        "species": [species_words(one, words) for one in version.species],
        "states": [state_words(one, words) for one in version.states],
        "page": page_of(version),
    }


def version_or_404(request: HttpRequest, layer_id: str, number: int) -> LayerVersion:
    """Return a version, or say that there is no such page, whether or not there is one."""
    found = visible_versions(request.viewer).filter(layer__layer_id=layer_id, number=number)
    version = found.select_related("layer__organisation", "layer__owner").first()
    if version is None:
        raise Http404
    return version


@require_GET
def layer(request: HttpRequest, layer_id: str) -> HttpResponse:
    """Show the newest version of a layer that this reader may see: the released one first."""
    found = list(visible_versions(request.viewer).filter(layer__layer_id=layer_id))
    if not found:
        raise Http404
    version = max(found, key=lambda one: (one.state == State.RELEASED, one.number))
    return version_page(request, layer_id, version.number)


@require_GET
def version_page(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """Show one version: its description, how finely this reader sees it, files, citation."""
    version, viewer, words = (
        version_or_404(request, layer_id, number),
        request.viewer,
        request.words,
    )
    note_sight(viewer, version, "page")
    others = visible_versions(viewer).filter(layer=version.layer).order_by("-number")
    shown = 0
    if version.kind == Kind.VECTOR:
        shown = renditions(viewer, version).count()
    context = {
        **{name: told for name, told in _row(version, request).items() if name != "version"},
        "this": version,
        "abstract": in_language(version.abstract, words),
        "shown": shown,
        "finer": sees_finer(viewer, version),
        "precision": precision_words(version, viewer, words),
        "months": months_words(version.months, words),
        "versions": list(others),
        "citation": citation_of(version, viewer, request, words),
        "licence_url": licence_url(version.licence),
        "forms": forms_of(version),
        "columns": declared(version.columns),
        "owned": owns(viewer, version),
        "may_change": bringing.may_change(viewer, version),
        "may_review": bringing.may_review(viewer, version),
        "may_agree": bringing.may_agree(viewer, version.layer),
        "may_withdraw": bringing.may_withdraw(viewer, version)
        and version.state in (State.RELEASED, State.SUPERSEDED),
        "may_keep_rules": bringing.may_keep_rules(viewer) and version.released_at is None,
    }
    return render(request, "catalogue/layer.html", context)


@require_GET
def export_file(request: HttpRequest, layer_id: str, number: int, form: str) -> HttpResponseBase:
    """Give a version as a file, as this reader sees it."""
    version, viewer = version_or_404(request, layer_id, number), request.viewer
    if form not in forms_of(version):
        raise Http404
    check_rate(f"export-{viewer.user_id or client_address(request)}", most=60, per_s=600)
    if version.kind == Kind.VECTOR and sees_finer(viewer, version):
        finest = renditions(viewer, version).order_by("level").values_list("level", flat=True)[0]
        note_export(viewer, version, form, finest)
    return export(viewer, version, form, record_of(version, viewer, request))


@require_GET
def metadata(request: HttpRequest, layer_id: str, number: int, form: str) -> HttpResponse:
    """Give a version's record as ISO 19115-3 or DCAT."""
    version = version_or_404(request, layer_id, number)
    record = record_of(version, request.viewer, request)
    writers = {
        "xml": (write_iso19115_3, "application/xml"),
        "jsonld": (write_dcat, "application/ld+json"),
    }
    if form not in writers:
        raise Http404
    write, media_type = writers[form]
    return HttpResponse(
        write(record),
        content_type=media_type,
        headers={
            "Content-Disposition": f'inline; filename="{file_stem(version)}-metadata.{form}"',
            "Cache-Control": "private, no-cache",
        },
    )


@require_GET
def catalogue_record(request: HttpRequest) -> HttpResponse:
    """Give the whole catalogue, as this reader may know it, as a DCAT document."""
    versions = visible_versions(request.viewer).filter(state=State.RELEASED)
    return HttpResponse(
        dcat_catalogue(versions, request.viewer, request),
        content_type="application/ld+json",
        headers={"Cache-Control": "private, no-cache"},
    )


@require_GET
def changes(request: HttpRequest, layer_id: str, before: int, after: int) -> HttpResponse:
    """Say what changed between two versions, as this reader sees them."""
    asker = request.viewer.user_id or client_address(request)
    check_rate(f"changes-{asker}", most=120, per_s=600)
    old = version_or_404(request, layer_id, before)
    new = version_or_404(request, layer_id, after)
    for version in (old, new):
        note_sight(request.viewer, version, "page")
    found = differing(request.viewer, old, new)
    if request.GET.get("f") == "geojson":
        return HttpResponse(
            found.geojson(),
            content_type="application/geo+json",
            headers={"Cache-Control": "private, no-store"},
        )
    context = {
        "old": old,
        "new": new,
        "title": title_of(new, request.words),
        "sentences": found.sentences(request.words),
        "picture": found.picture(),
        "precision": precision_words(new, request.viewer, request.words),
        "page": page_of(new),
    }
    return render(request, "catalogue/changes.html", context)


def owned_layer_or_404(request: HttpRequest, layer_id: str) -> Layer:
    """Return a layer of which this reader may see any version, else say there is none."""
    found = visible_versions(request.viewer).filter(layer__layer_id=layer_id).first()
    if found is None:
        raise Http404
    return found.layer
