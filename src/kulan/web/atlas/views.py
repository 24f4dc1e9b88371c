"""Pages and answers of the map."""

from typing import Any

from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kulan.errors import InvalidTableError
from kulan.exchange.web_mercator import check_tile
from kulan.web.atlas import facts as at_place
from kulan.web.atlas.listing import kept_listing, map_versions
from kulan.web.atlas.printing import Paper, printed, read_view
from kulan.web.atlas.search import search as find
from kulan.web.atlas.tiles import KeptTiles, raster_tile, seen_tile
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.sights import note_sight
from kulan.web.catalogue.themes import Kind
from kulan.web.operation import metrics
from kulan.web.policy import PUBLIC, Viewer, fingerprint, released_version
from kulan.web.rates import check_rate
from kulan.web.security import client_address

_PRIVATE = "private, no-cache"
_TILE_AGE = "private, max-age=86400, immutable"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the map."""
    return render(request, "atlas/map.html")


@require_GET
def embed(request: HttpRequest) -> HttpResponse:
    """Show the map alone, for other sites to frame; always as the public sees it."""
    response = render(request, "atlas/embed.html", {"viewer": PUBLIC})
    response.may_be_framed = True  # type: ignore[attr-defined]
    return response


@require_GET
def layers(request: HttpRequest) -> HttpResponse:
    """Answer the list of layers."""
    viewer = PUBLIC if request.GET.get("public") else request.viewer
    kept = kept_listing(viewer, request.words)
    headers = {
        "Cache-Control": _PRIVATE,
        "Vary": "Cookie, Accept-Language, Accept-Encoding",
        "ETag": kept.etag,
    }
    if request.headers.get("If-None-Match") == kept.etag:
        return HttpResponseNotModified(headers=headers)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(kept.body, content_type="application/json", headers=headers)
    # it holds no secret of the reader beside what a stranger could put into it
    headers["Content-Encoding"] = "gzip"
    return HttpResponse(kept.gzipped, content_type="application/json", headers=headers)


@require_GET
def tile(
    request: HttpRequest, layer_id: str, seen: str, z: int, x: int, y: int, ending: str
) -> HttpResponse:
    """Answer one tile of what this reader, or the public, sees of a layer.

    The address names the sight; a reader whose sight is another is told 404, and asks anew for the
    list of layers.
    """
    check_tile(z, x, y)
    viewer, version = _sight(request, layer_id, seen)
    etag = f'"{seen}-{z}-{x}-{y}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    if ending == "mvt" and version.kind == Kind.VECTOR:
        note_sight(viewer, version, "map")
        return _vector(request, version, viewer, (z, x, y), etag)
    if ending == "png" and version.kind == Kind.RASTER:
        return _raster(request, version, (z, x, y), etag)
    raise Http404


def _sight(request: HttpRequest, layer_id: str, seen: str) -> tuple[Viewer, LayerVersion]:
    """Return as whom, and what, this reader sees under the name of a sight."""
    for viewer in (request.viewer, PUBLIC) if request.viewer.signed_in else (PUBLIC,):
        version = released_version(viewer, layer_id)
        if version is not None and fingerprint(viewer, version) == seen:
            return viewer, version
    raise Http404


def _vector(
    request: HttpRequest,
    version: LayerVersion,
    viewer: Viewer,
    place: tuple[int, int, int],
    etag: str,
) -> HttpResponse:
    month = whole(request, "month", 0, most=12)
    kept = KeptTiles(fingerprint(viewer, version))
    variant = f"-{month}.mvt" if month else ".mvt"
    body = kept.get(*place, variant)
    metrics.TILES.labels("made" if body is None else "kept").inc()
    if body is None:
        body = seen_tile(viewer, version, *place, month=month)
        kept.put(*place, variant, body)
    return _tile(body, "application/vnd.mapbox-vector-tile", etag, gzipped=True)


def _raster(
    request: HttpRequest, version: LayerVersion, place: tuple[int, int, int], etag: str
) -> HttpResponse:
    size_px = 512 if request.GET.get("size") == "512" else 256
    dark = request.GET.get("theme") == "dark"
    kept = KeptTiles(str(version.uid))
    variant = f"-{size_px}{'-dark' if dark else ''}.png"
    body = kept.get(*place, variant)
    metrics.TILES.labels("made" if body is None else "kept").inc()
    if body is None:
        body = raster_tile(version, *place, size_px=size_px, dark=dark)
        kept.put(*place, variant, body)
    return _tile(body, "image/png", etag, gzipped=False)


def _tile(body: bytes, media_type: str, etag: str, *, gzipped: bool) -> HttpResponse:
    headers = {"Cache-Control": _TILE_AGE, "Vary": "Cookie", "ETag": etag}
    if not body:
        return HttpResponse(status=204, headers=headers)
    if gzipped:
        headers["Content-Encoding"] = "gzip"
    return HttpResponse(body, content_type=media_type, headers=headers)


@require_GET
def facts(request: HttpRequest) -> HttpResponse:
    """Answer, as a piece of a page, what lies at a place."""
    wanted = [name for name in request.GET.get("layers", "").split(",") if name][:60]
    place = {
        "longitude": number(request, "lon", -180, 180),
        "latitude": number(request, "lat", -90, 90),
    }
    found = at_place.facts_at(
        request.viewer,
        request.words,
        **place,
        zoom=number(request, "zoom", 0, 24),
        layers=wanted,
        month=whole(request, "month", 0, most=12),
    )
    return _fragment(request, "atlas/facts.html", {"found": found, **place})


def _fragment(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["Cache-Control"] = _PRIVATE
    return response


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Answer what a text may mean."""
    check_rate(f"search {client_address(request)}", most=240, per_s=60)
    text = request.GET.get("q", "")[:100]
    limit = whole(request, "limit", 10, most=30)
    hits = find(request.viewer, request.words, text, limit=limit) if text.strip() else []
    return JsonResponse({"hits": hits}, headers={"Cache-Control": _PRIVATE})


@require_POST
def print_sheet(request: HttpRequest) -> HttpResponse:
    """Answer a view of the map as a sheet, PDF."""
    check_rate(f"print {client_address(request)}", most=20, per_s=60)
    page, orientation = request.POST.get("page", "A4"), request.POST.get("orientation", "landscape")
    if page not in ("A4", "A3") or orientation not in ("landscape", "portrait"):
        raise InvalidTableError(f"{page} {orientation}: print on A4 or A3, landscape or portrait.")
    view = read_view(request.POST.get("view", ""))
    body = printed(
        view, Paper(page, orientation), request.viewer, request.words, on=timezone.localdate()
    )
    headers = {"Content-Disposition": 'inline; filename="kulan-map.pdf"', "Cache-Control": _PRIVATE}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


@require_GET
def layer(request: HttpRequest, layer_id: str) -> HttpResponse:
    """Go to the map with one layer on."""
    shown: QuerySet[LayerVersion] | list[LayerVersion] = map_versions(request.viewer)
    if layer_id not in {version.layer.layer_id for version in shown}:
        raise Http404
    return redirect(f"/?layers={layer_id}")


def number(request: HttpRequest, name: str, least: float, most: float) -> float:
    """Return a number from the address.

    Raises
    ------
    Http404
        If it is none, or out of range.
    """
    try:
        value = float(request.GET.get(name, "nan"))
    except ValueError:
        raise Http404 from None
    if not least <= value <= most:
        raise Http404
    return value


def whole(request: HttpRequest, name: str, default: int, *, most: int) -> int:
    """Return a whole number from the address, the default where it is none or out of range."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and int(text) <= most else default
