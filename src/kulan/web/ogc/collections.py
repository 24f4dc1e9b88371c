"""Descriptions of collections."""

from calendar import monthrange
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kulan.web.atlas.listing import in_language, precision_words, title_of
from kulan.web.ogc import answers
from kulan.web.ogc.crs import CRS84, OFFERED, STORED
from kulan.web.ogc.sight import Sight

TILES_REL = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
QUERYABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


def address(request: HttpRequest, name: str, *arguments: Any, query: str = "") -> str:
    """Return the address of one of our answers."""
    return answers.absolute(request, reverse(name, args=arguments)) + query


def describe(request: HttpRequest, sight: Sight) -> dict[str, Any]:
    """Return a collection as OGC API Features describes it, as this reader sees it."""
    words, version = request.words, sight.version  # type: ignore[attr-defined]
    abstract = in_language(version.abstract, words)
    description = [abstract, precision_words(version, sight.viewer, words), version.attribution]
    return {
        "id": sight.collection_id,
        "title": title_of(version, words),
        "description": " ".join(part for part in description if part),
        "attribution": version.attribution,
        "keywords": [version.layer.theme, *version.species],
        "version": str(version.number),
        "identifier": version.identifier,
        "itemType": "feature",
        "crs": list(OFFERED),
        "storageCrs": STORED,
        "extent": extent(sight),
        "links": links(request, sight),
    }


def extent(sight: Sight) -> dict[str, Any]:
    """Return where and when the features lie that this reader sees; empty where there are none."""
    found = sight.extent
    if not found["count"]:
        return {}
    box = [found[side] for side in ("west", "south", "east", "north")]
    told: dict[str, Any] = {"spatial": {"bbox": [box], "crs": CRS84}}
    first = found["first"] or found["last"]
    last = max(found["last"] or "", found["latest"] or "")
    if first and last:
        told["temporal"] = {"interval": [[_begins(first), _ends(last)]], "trs": GREGORIAN}
    return told


def _begins(day: str) -> str:
    return f"{day}{'-01-01'[len(day) - 4 :]}T00:00:00Z"


def _ends(day: str) -> str:
    year, month, *_ = [*day.split("-"), "12", "31"]
    if len(day) < 10:
        day = f"{year}-{month}-{monthrange(int(year), int(month))[1]:02}"
    return f"{day}T23:59:59Z"


def links(request: HttpRequest, sight: Sight) -> list[answers.Link]:
    """Return the links of a collection."""
    say, name = request.words.say, sight.collection_id  # type: ignore[attr-defined]
    at = {
        what: address(request, f"ogc_{what}", name)
        for what in ("collection", "items", "queryables", "tilesets")
    }
    made = [
        answers.link(at["collection"], "self", answers.JSON),
        answers.link(at["collection"] + "?f=html", "alternate", answers.HTML),
        answers.link(at["items"], "items", answers.GEOJSON, say("Features as GeoJSON")),
        answers.link(at["items"] + "?f=html", "items", answers.HTML, say("Features as a page")),
        answers.link(at["queryables"], QUERYABLES_REL, answers.SCHEMA, say("Queryables")),
        answers.link(at["tilesets"], TILES_REL, answers.JSON, say("Vector tiles")),
    ]
    licence = sight.version.licence
    if licence.startswith(("https://", "http://")):
        made.append(answers.link(licence, "license", answers.HTML))
    return made
