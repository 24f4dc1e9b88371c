"""How the OGC API answers: JSON or a page, for one reader, with what caches must know."""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from kulan.errors import InvalidRequestError

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
SCHEMA = "application/schema+json"
MVT = "application/vnd.mapbox-vector-tile"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
# whoever sees something else must not be answered from what was kept for this reader
_VARY = ("Accept", "Accept-Language", "Accept-Encoding", "Cookie", "Authorization")
_SMALLEST_ZIPPED = 1_000
_LEVEL = 1  # digits of coordinates gain little from more, and it was half the work of a page

Link = dict[str, str]


def absolute(request: HttpRequest, path: str) -> str:
    """Return an address of ours as others may call it."""
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{path}"
    return request.build_absolute_uri(path)


def here(request: HttpRequest, **changed: str | None) -> str:
    """Return the address of this request with other parameters; None takes one away."""
    asked = request.GET.copy()
    for name, value in changed.items():
        if value is None:
            asked.pop(name, None)
        else:
            asked[name] = value
    query = asked.urlencode()
    return absolute(request, request.path + (f"?{query}" if query else ""))


def link(href: str, rel: str, media_type: str, title: str = "") -> Link:
    """Return one link as the standard writes it."""
    made = {"href": href, "rel": rel, "type": media_type}
    return {**made, "title": title} if title else made


def self_links(request: HttpRequest, media_type: str = JSON) -> list[Link]:
    """Return the links of an answer to itself and to the page that says the same."""
    return [
        link(here(request), "self", media_type),
        link(here(request, f="html"), "alternate", HTML),
    ]


def wants_page(request: HttpRequest) -> bool:
    """Whether the reader asks for HTML: by the parameter ``f`` first, then by the header.

    Raises
    ------
    InvalidRequestError
        If `f` names a format that there is not.
    """
    asked = request.GET.get("f")
    if asked is not None:
        if asked not in ("json", "html"):
            raise InvalidRequestError(f"f={asked[:40]!r}; give json or html.")
        return asked == "html"
    accepted = request.headers.get("Accept", "")
    return _weight(accepted, HTML) > max(_weight(accepted, JSON), _weight(accepted, GEOJSON))


def _weight(header: str, media_type: str) -> float:
    """Return how much a media type is wanted by name; a wildcard wants nothing in particular."""
    best = 0.0
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name.lower() != media_type:
            continue
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            best = max(best, float(weight))
        except ValueError:
            continue
    return best


def as_json(
    request: HttpRequest,
    document: Mapping[str, Any],
    *,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer a document as JSON."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return as_bytes(request, body.encode(), media_type=media_type, headers=headers)


def as_bytes(
    request: HttpRequest,
    body: bytes,
    *,
    media_type: str,
    headers: Mapping[str, str] | None = None,
    same: bytes | None = None,
) -> HttpResponse:
    """Answer bytes, with a tag that changes with them, or that they have not changed.

    Parameters
    ----------
    request
        Whose answer it is.
    body
        What to send.
    media_type
        What it is.
    headers
        More headers.
    same
        What the tag is made of, where `body` says when it was sent.
    """
    digest = hashlib.blake2b(body if same is None else same, digest_size=16)
    digest.update(_sight(request))
    etag = f'W/"{digest.hexdigest()}"'
    told = {"Cache-Control": "private, no-cache", "ETag": etag, **(headers or {})}
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified(headers=told)
    else:
        response = _zipped(request, body, media_type, told)
    patch_vary_headers(response, _VARY)
    return response


def _sight(request: HttpRequest) -> bytes:
    """Return who is looking, so that equal bytes for two readers still have two tags."""
    viewer = request.viewer  # type: ignore[attr-defined]
    who = (viewer.user_id, sorted(viewer.roles), viewer.agreements, sorted(viewer.scopes or ()))
    return repr(who).encode()


def _zipped(
    request: HttpRequest, body: bytes, media_type: str, headers: Mapping[str, str]
) -> HttpResponse:
    told = dict(headers)
    accepts = "gzip" in request.headers.get("Accept-Encoding", "")
    if accepts and len(body) >= _SMALLEST_ZIPPED and "Content-Encoding" not in told:
        body = gzip.compress(body, compresslevel=_LEVEL, mtime=0)
        told["Content-Encoding"] = "gzip"
    return HttpResponse(body, content_type=media_type, headers=told)


def as_page(
    request: HttpRequest, template: str, links: Sequence[Link] = (), **context: Any
) -> HttpResponse:
    """Answer a page."""
    as_machines = here(request, f="json")
    response = render(
        request, f"ogc/{template}.html", {**context, "links": links, "as_json": as_machines}
    )
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, _VARY)
    return response
