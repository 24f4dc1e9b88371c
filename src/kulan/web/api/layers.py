"""Layers, their versions, features and history, over REST."""

import json
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Query, Router

from kulan.errors import AccessDeniedError
from kulan.web.api import shapes
from kulan.web.api.doors import ANYONE, OWN
from kulan.web.api.shapes import CountedPage, Page, gives
from kulan.web.atlas.listing import in_language, precision_words, title_of
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.sights import note_sight
from kulan.web.catalogue.themes import Kind, State
from kulan.web.events.models import Event
from kulan.web.ogc.answers import here
from kulan.web.ogc.features import read_features
from kulan.web.ogc.filters import filtered
from kulan.web.ogc.parameters import check_known, read_items_query
from kulan.web.ogc.queryables import queryables
from kulan.web.ogc.sight import Sight
from kulan.web.policy import visible_versions
from kulan.web.policy.renditions import owns

router = Router(tags=["layers"])


def as_layer(request: HttpRequest, version: LayerVersion) -> dict[str, Any]:
    """Return a version as this reader sees it; where and how much lies there is of that sight."""
    words = request.words  # type: ignore[attr-defined]
    sight = Sight(request.viewer, version)  # type: ignore[attr-defined]
    features = version.kind == Kind.VECTOR
    extent = sight.extent if features else {}
    bounds = [extent[side] for side in ("west", "south", "east", "north")] if features else None
    copied = (
        "state", "kind", "method", "confidence", "source", "licence", "attribution", "citation",
        "valid_from", "valid_to", "released_at", "identifier",
    )  # fmt: skip
    return {
        **{name: getattr(version, name) for name in copied},
        "id": version.layer.layer_id,
        "version": version.number,
        "title": title_of(version, words),
        "abstract": in_language(version.abstract, words),
        "theme": version.layer.theme,
        "species": [str(one) for one in version.species],
        "states": [str(one) for one in version.states],
        "months": [int(one) for one in version.months],
        "bounds": bounds if bounds and extent["count"] else None,
        "feature_count": extent["count"] if features else None,
        "precision": precision_words(version, sight.viewer, words),
        "collection": f"/ogc/collections/{sight.collection_id}" if features else None,
    }


@router.get("", response=gives(Page[shapes.Layer]), auth=ANYONE, url_name="layers")
def layers(request: HttpRequest, asked: Query[shapes.LayersAsked]) -> Any:
    """List the released layers that exist for you."""
    check_known(request.GET, shapes.LayersAsked.model_fields)
    found = visible_versions(request.viewer).filter(state=State.RELEASED)  # type: ignore[attr-defined]
    if asked.theme:
        found = found.filter(layer__theme=asked.theme)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.after:
        found = found.filter(layer__layer_id__gt=asked.after)
    versions = list(found.order_by("layer__layer_id"))
    if asked.species_id:
        versions = [one for one in versions if asked.species_id in one.species]
    shown = versions[: asked.limit]
    more = here(request, after=shown[-1].layer.layer_id) if len(versions) > len(shown) else None
    return {"items": [as_layer(request, one) for one in shown], "next": more}


@router.get("/{layer_id}", response=gives(shapes.Layer), auth=ANYONE, url_name="layer")
def layer(request: HttpRequest, layer_id: str) -> Any:
    """Tell of the released version of a layer."""
    check_known(request.GET, ())
    return as_layer(request, _released(request, layer_id))


@router.get(
    "/{layer_id}/versions", response=gives(list[shapes.Layer]), auth=ANYONE, url_name="versions"
)
def versions(request: HttpRequest, layer_id: str) -> Any:
    """List the versions of a layer that exist for you, the newest first."""
    check_known(request.GET, ())
    found = list(_versions(request, layer_id).order_by("-number"))
    if not found:
        raise Http404
    return [as_layer(request, one) for one in found]


@router.get(
    "/{layer_id}/features",
    response=gives(CountedPage[shapes.Feature]),
    auth=ANYONE,
    url_name="features",
)
def features(request: HttpRequest, layer_id: str, asked: Query[shapes.FeaturesAsked]) -> Any:
    """List the features of a layer as you may see them."""
    sight = Sight(request.viewer, _released(request, layer_id))  # type: ignore[attr-defined]
    if sight.version.kind != Kind.VECTOR:
        raise Http404
    check_known(request.GET, shapes.FeaturesAsked.model_fields)
    kinds = queryables(sight)
    query = read_items_query(request.GET, ())
    rows = filtered(sight, query, kinds)
    page = rows.filter(uid__gt=asked.after) if asked.after else rows
    texts, names = read_features(page.order_by("uid")[: asked.limit + 1])
    more = here(request, after=names[asked.limit - 1]) if len(names) > asked.limit else None
    items = [json.loads(text) for text in texts[: asked.limit]]
    note_sight(request.viewer, sight.version, "api")  # type: ignore[attr-defined]
    return {"items": items, "next": more, "count": rows.count()}


@router.get(
    "/{layer_id}/events", response=gives(Page[shapes.Happened]), auth=OWN, url_name="events"
)
def events(request: HttpRequest, layer_id: str, asked: Query[shapes.PageAsked]) -> Any:
    """Tell the owner what happened to a layer, the newest first: who changed it, who saw it."""
    check_known(request.GET, shapes.PageAsked.model_fields)
    found = list(_versions(request, layer_id))
    if not found:
        raise Http404
    if not owns(request.viewer, found[0]):  # type: ignore[attr-defined]
        raise AccessDeniedError("Only the owner of a layer, and its organisation, read of it.")
    about = Q(subject_kind="layerversion", subject_id__in=[str(one.uid) for one in found])
    about |= Q(subject_kind="layer", subject_id__in=[str(found[0].layer_id), layer_id])
    rows = Event.objects.filter(about)
    if asked.after.isdecimal():
        rows = rows.filter(pk__lt=min(int(asked.after), 2**62))
    shown = list(rows.order_by("-pk")[: asked.limit + 1])
    more = here(request, after=str(shown[asked.limit - 1].pk)) if len(shown) > asked.limit else None
    items = [
        {
            "at": one.at,
            "kind": one.kind,
            "by": one.by_name,
            "subject": one.subject_title,
            "details": one.details,
        }
        for one in shown[: asked.limit]
    ]
    return {"items": items, "next": more}


def _versions(request: HttpRequest, layer_id: str) -> Any:
    return visible_versions(request.viewer).filter(layer__layer_id=layer_id)  # type: ignore[attr-defined]


def _released(request: HttpRequest, layer_id: str) -> LayerVersion:
    version = _versions(request, layer_id).filter(state=State.RELEASED).first()
    if version is None:
        raise Http404
    found: LayerVersion = version
    return found
