"""The catalogue of the Atlas: a record for every released version that exists for the reader.

OGC 20-004r1 (2025), OGC API - Records - Part 1: Core.
"""

from typing import Any

import shapely
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from kulan.exchange.ogc_records import ogc_record
from kulan.web.catalogue.description import record_of
from kulan.web.catalogue.themes import State
from kulan.web.ogc import answers
from kulan.web.ogc.answers import GEOJSON, HTML, JSON, link, self_links
from kulan.web.ogc.crs import CRS84
from kulan.web.ogc.parameters import (
    Period,
    check_known,
    read_after,
    read_boxes,
    read_limit,
    read_period,
)
from kulan.web.ogc.sight import CATALOGUE
from kulan.web.policy import visible_versions

PARAMETERS = ("limit", "after", "bbox", "datetime", "q", "type", "ids", "externalIds")
_LONGEST = 400


def description(request: HttpRequest) -> dict[str, Any]:
    """Return the catalogue as a collection."""
    say = request.words.say  # type: ignore[attr-defined]
    own = answers.absolute(request, reverse("ogc_collection", args=[CATALOGUE]))
    return {
        "id": CATALOGUE,
        "title": say("Catalogue of layers"),
        "description": say("One record for every released layer that you may see."),
        "itemType": "record",
        "crs": [CRS84],
        "extent": {},
        "links": [
            link(own, "self", JSON),
            link(f"{own}?f=html", "alternate", HTML),
            link(f"{own}/items", "items", GEOJSON, say("Records as GeoJSON")),
        ],
    }


def records(request: HttpRequest) -> HttpResponse:
    """Answer the records that meet what is asked for."""
    check_known(request.GET, PARAMETERS)
    limit, after = read_limit(request.GET), read_after(request.GET)
    found = [one for one in _all(request) if _meets(one, request.GET)]
    rest = [one for one in found if one["id"] > after]
    shown = rest[:limit]
    links = self_links(request, GEOJSON)
    if len(rest) > limit:
        links.append(link(answers.here(request, after=shown[-1]["id"]), "next", GEOJSON))
    document = {
        "type": "FeatureCollection",
        "numberMatched": len(found),
        "numberReturned": len(shown),
        "features": shown,
        "links": links,
    }
    if answers.wants_page(request):
        return answers.as_page(request, "records", links, records=shown, matched=len(found))
    return answers.as_json(request, document, media_type=GEOJSON)


def record(request: HttpRequest, identifier: str) -> HttpResponse:
    """Answer one record."""
    check_known(request.GET, ())
    found = next((one for one in _all(request) if one["id"] == identifier), None)
    if found is None:
        raise Http404
    if answers.wants_page(request):
        return answers.as_page(request, "records", (), records=[found], matched=1)
    found["links"] = [*self_links(request, GEOJSON), *found["links"]]
    return answers.as_json(request, found, media_type=GEOJSON)


def _all(request: HttpRequest) -> list[dict[str, Any]]:
    viewer, words = request.viewer, request.words  # type: ignore[attr-defined]
    versions = visible_versions(viewer).filter(state=State.RELEASED)
    made = [ogc_record(record_of(one, viewer, request), words.language) for one in versions]
    return sorted(made, key=lambda one: str(one["id"]))


def _meets(one: dict[str, Any], asked: QueryDict) -> bool:
    """Whether a record is what is asked for; each parameter narrows."""
    told = one["properties"]
    text = " ".join((one["id"], told["title"], told["description"], *told.get("keywords", ())))
    wanted = [term.strip().lower() for term in asked.get("q", "")[:_LONGEST].split(",")]
    if "q" in asked and not any(
        all(word in text.lower() for word in term.split()) for term in wanted
    ):
        return False
    if "type" in asked and told["type"] not in asked["type"].split(","):
        return False
    for name in ("ids", "externalIds"):
        if name in asked and one["id"] not in asked[name].split(","):
            return False
    boxes = read_boxes(asked)
    if boxes and not _meets_box(one, boxes):
        return False
    return "datetime" not in asked or _meets_time(one, read_period(asked["datetime"]))


def _meets_box(one: dict[str, Any], boxes: tuple[shapely.Geometry, ...]) -> bool:
    if one["geometry"] is None:
        return False
    shape = shapely.geometry.shape(one["geometry"])
    return any(shape.intersects(box) for box in boxes)


def _meets_time(one: dict[str, Any], period: Period) -> bool:
    if one["time"] is None:
        return False
    begins, ends = one["time"]["interval"]
    late = period.last is not None and begins != ".." and begins > period.last.isoformat()
    early = period.first is not None and ends != ".." and ends < period.first.isoformat()
    return not (late or early)
