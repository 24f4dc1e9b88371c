"""The features of a collection, and one of them."""

import json
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kulan.web.catalogue.models import Rendition
from kulan.web.catalogue.sights import note_sight
from kulan.web.ogc import answers, records
from kulan.web.ogc.answers import GEOJSON, as_bytes, as_page, here, link, self_links
from kulan.web.ogc.collections import address, describe
from kulan.web.ogc.crs import CRS84, known_crs
from kulan.web.ogc.features import read_features
from kulan.web.ogc.filters import filtered
from kulan.web.ogc.parameters import check_known, read_items_query
from kulan.web.ogc.queryables import queryables
from kulan.web.ogc.sight import CATALOGUE, Sight, sight_of

_STAMP = b'"timeStamp":"'


@require_safe
def items(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Answer the features of a collection that meet what is asked for, one page of them.

    Pages follow each other by the features' names, so that what is added or taken away meanwhile
    shifts none.
    """
    if collection_id == CATALOGUE:
        return records.records(request)
    sight = sight_of(request.viewer, collection_id)
    kinds = queryables(sight)
    query = read_items_query(request.GET, kinds)
    page = answers.wants_page(request)
    rows = filtered(sight, query, kinds)
    matched = _matched(request, sight, rows)
    shown = rows.filter(uid__gt=query.after) if query.after else rows
    features, names = read_features(shown.order_by("uid")[: query.limit + 1], query.crs)
    more = len(features) > query.limit
    features, names = features[: query.limit], names[: query.limit]
    note_sight(request.viewer, sight.version, "ogc")
    links = _links(request, sight, names[-1] if more else None)
    if page:
        return _page(request, sight, features, links, matched)
    head = {
        "type": "FeatureCollection",
        "numberMatched": matched,
        "numberReturned": len(features),
        "links": links,
    }
    opening = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
    same = f'{opening},"features":[{",".join(features)}]}}'.encode()
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = b"{" + _STAMP + f'{stamp}",'.encode() + same[1:]
    return as_bytes(
        request, body, media_type=GEOJSON, same=same, headers={"Content-Crs": f"<{query.crs}>"}
    )


def _matched(request: HttpRequest, sight: Sight, rows: QuerySet[Rendition]) -> int:
    """Return how many features meet what is asked for, counted once for all pages of an answer."""
    paging = ("limit", "after", "crs", *("f", "lang"))
    asked = sorted(pair for pair in request.GET.items() if pair[0] not in paging)
    count: int = sight.remembered(f"count {asked}", rows.count)
    return count


def _links(request: HttpRequest, sight: Sight, last: str | None) -> list[answers.Link]:
    name = sight.collection_id
    links = [
        *self_links(request, GEOJSON),
        link(address(request, "ogc_collection", name), "collection", answers.JSON),
    ]
    if last is not None:
        links.append(link(here(request, after=last), "next", GEOJSON))
    return links


def _page(
    request: HttpRequest,
    sight: Sight,
    features: list[str],
    links: list[answers.Link],
    matched: int,
) -> HttpResponse:
    rows = [json.loads(text) for text in features]
    columns = list(dict.fromkeys(name for row in rows for name in row["properties"]))
    more = next((one["href"] for one in links if one["rel"] == "next"), None)
    return as_page(
        request,
        "items",
        links,
        collection=describe(request, sight),
        rows=rows,
        columns=columns,
        matched=matched,
        more=more,
    )


@require_safe
def item(request: HttpRequest, collection_id: str, feature_id: str) -> HttpResponse:
    """Answer one feature."""
    if collection_id == CATALOGUE:
        return records.record(request, feature_id)
    sight = sight_of(request.viewer, collection_id)
    check_known(request.GET, ("crs",))
    crs = known_crs(request.GET["crs"], "crs") if "crs" in request.GET else CRS84
    page = answers.wants_page(request)
    features, _ = read_features(sight.rows.filter(uid=feature_id), crs)
    if not features:
        raise Http404
    note_sight(request.viewer, sight.version, "ogc")
    name = sight.collection_id
    links = [
        *self_links(request, GEOJSON),
        link(address(request, "ogc_collection", name), "collection", answers.JSON),
    ]
    feature: dict[str, Any] = {**json.loads(features[0]), "links": links}
    if page:
        return as_page(request, "item", links, collection=describe(request, sight), feature=feature)
    return answers.as_json(
        request, feature, media_type=GEOJSON, headers={"Content-Crs": f"<{crs}>"}
    )
