"""Vector tiles of a collection, on the web's own tile matrix set.

OGC 20-057 (2022), OGC API - Tiles - Part 1: Core.
"""

import gzip
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kulan.exchange.web_mercator import check_tile
from kulan.web.atlas.tiles import KeptTiles, vector_tile
from kulan.web.catalogue.sights import note_sight
from kulan.web.catalogue.themes import FROZEN
from kulan.web.ogc.answers import (
    HTML,
    JSON,
    MVT,
    as_bytes,
    as_json,
    as_page,
    here,
    link,
    wants_page,
)
from kulan.web.ogc.collections import address, describe
from kulan.web.ogc.crs import CRS84, EPSG_3857
from kulan.web.ogc.parameters import check_known
from kulan.web.ogc.sight import Sight, sight_of

MATRIX_SET = "WebMercatorQuad"
_MATRIX_SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
_SCHEME_REL = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
DEEPEST = 14


def _tileset(request: HttpRequest, sight: Sight) -> dict[str, Any]:
    """Return the tileset of a collection in short, as lists have it."""
    name = sight.collection_id
    own = address(request, "ogc_tileset", name, MATRIX_SET)
    tile = {
        **link(f"{own}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", "item", MVT),
        "templated": True,
    }
    return {
        "title": describe(request, sight)["title"],
        "dataType": "vector",
        "crs": EPSG_3857,
        "tileMatrixSetId": MATRIX_SET,
        "tileMatrixSetURI": _MATRIX_SET_URI,
        "links": [
            link(own, "self", JSON),
            link(_MATRIX_SET_URI, _SCHEME_REL, JSON),
            link(address(request, "ogc_collection", name), "geodata", JSON),
            tile,
        ],
    }


@require_safe
def tilesets(request: HttpRequest, collection_id: str) -> HttpResponse:
    """List the tilesets of a collection: there is one."""
    sight = sight_of(request.viewer, collection_id)
    check_known(request.GET, ())
    if wants_page(request):
        return _page(request, sight)
    links = [link(here(request), "self", JSON), link(here(request, f="html"), "alternate", HTML)]
    return as_json(request, {"links": links, "tilesets": [_tileset(request, sight)]})


@require_safe
def tileset(request: HttpRequest, collection_id: str, matrix_set: str) -> HttpResponse:
    """Describe the tileset of a collection."""
    sight = _asked(request, collection_id, matrix_set)
    if wants_page(request):
        return _page(request, sight)
    found = sight.extent
    document = _tileset(request, sight)
    document["layers"] = [{"id": sight.version.layer.layer_id, "dataType": "vector"}]
    document["tileMatrixSetLimits"] = [_limits(zoom) for zoom in range(DEEPEST + 1)]
    if found["count"]:
        document["boundingBox"] = {
            "lowerLeft": [found["west"], found["south"]],
            "upperRight": [found["east"], found["north"]],
            "crs": CRS84,
        }
    return as_json(request, document)


def _limits(zoom: int) -> dict[str, Any]:
    last = 2**zoom - 1
    return {
        "tileMatrix": str(zoom),
        "minTileRow": 0,
        "maxTileRow": last,
        "minTileCol": 0,
        "maxTileCol": last,
    }


@require_safe
def tile(
    request: HttpRequest, collection_id: str, matrix_set: str, zoom: int, row: int, column: int
) -> HttpResponse:
    """Answer one tile as Mapbox Vector Tile; nothing, with 204, where nothing lies."""
    sight = _asked(request, collection_id, matrix_set)
    check_tile(zoom, column, row)
    if zoom > DEEPEST:
        raise Http404
    note_sight(request.viewer, sight.version, "ogc")
    kept = KeptTiles(sight.seen) if sight.version.state in FROZEN else None
    body = kept.get(zoom, column, row, ".mvt") if kept else None
    if body is None:
        body = vector_tile(sight.rows, sight.version, zoom, column, row)
        if kept:
            kept.put(zoom, column, row, ".mvt", body)
    if not body:
        response = as_bytes(request, body, media_type=MVT)
        response.status_code = 204 if response.status_code == 200 else response.status_code
        return response
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return as_bytes(request, gzip.decompress(body), media_type=MVT)
    return as_bytes(request, body, media_type=MVT, headers={"Content-Encoding": "gzip"})


def _asked(request: HttpRequest, collection_id: str, matrix_set: str) -> Sight:
    sight = sight_of(request.viewer, collection_id)
    if matrix_set != MATRIX_SET:
        raise Http404
    check_known(request.GET, ())
    return sight


def _page(request: HttpRequest, sight: Sight) -> HttpResponse:
    document = _tileset(request, sight)
    return as_page(
        request,
        "tileset",
        collection=describe(request, sight),
        tile_address=document["links"][-1]["href"],
        uri=_MATRIX_SET_URI,
    )
