"""The door's own pages: landing page, conformance, definition, collections."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kulan.web.ogc import answers, records
from kulan.web.ogc.answers import HTML, JSON, as_json, as_page, link, self_links, wants_page
from kulan.web.ogc.collections import address, describe
from kulan.web.ogc.conformance import CLASSES
from kulan.web.ogc.crs import OFFERED
from kulan.web.ogc.openapi import definition
from kulan.web.ogc.parameters import check_known
from kulan.web.ogc.queryables import schema
from kulan.web.ogc.sight import CATALOGUE, listed, sight_of

CONFORMANCE_REL = "http://www.opengis.net/def/rel/ogc/1.0/conformance"
DATA_REL = "http://www.opengis.net/def/rel/ogc/1.0/data"


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Say what there is here, with links to it."""
    check_known(request.GET, ())
    say = request.words.say
    links = [
        *self_links(request),
        link(
            address(request, "ogc_definition"), "service-desc", answers.OPENAPI, say("Definition")
        ),
        link(
            address(request, "ogc_definition", query="?f=html"),
            "service-doc",
            HTML,
            say("Definition as a page"),
        ),
        link(
            address(request, "ogc_conformance"),
            "conformance",
            JSON,
            say("Standards that are followed"),
        ),
        link(
            address(request, "ogc_conformance"),
            CONFORMANCE_REL,
            JSON,
            say("Standards that are followed"),
        ),
        link(address(request, "ogc_collections"), "data", JSON, say("Collections")),
        link(address(request, "ogc_collections"), DATA_REL, JSON, say("Collections")),
    ]
    document = {
        "title": say("Kulan Atlas"),
        "description": say(
            "Layers on the migratory mammals of Central Asia: where they move, what stands in "
            "their way, and what is being done about it. Everything is answered as its reader "
            "may see it."
        ),
        "links": links,
    }
    if wants_page(request):
        return as_page(request, "landing", links, document=document)
    return as_json(request, document)


@require_safe
def conformance(request: HttpRequest) -> HttpResponse:
    """Say which standards are followed."""
    check_known(request.GET, ())
    if wants_page(request):
        return as_page(request, "conformance", classes=CLASSES)
    return as_json(request, {"conformsTo": list(CLASSES)})


@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """Answer the definition of all of this as OpenAPI 3.0."""
    check_known(request.GET, ())
    document = definition(answers.absolute(request, "/ogc"))
    if wants_page(request):
        return as_page(request, "definition", document=document)
    return as_json(request, document, media_type=answers.OPENAPI)


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """List the collections that exist for this reader."""
    check_known(request.GET, ())
    found = [describe(request, sight) for sight in listed(request.viewer)]
    found.append(records.description(request))
    links = self_links(request)
    if wants_page(request):
        return as_page(request, "collections", links, collections=found)
    return as_json(request, {"links": links, "crs": list(OFFERED), "collections": found})


@require_safe
def collection(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Describe one collection."""
    if collection_id == CATALOGUE:
        found = records.description(request)
    else:
        found = describe(request, sight_of(request.viewer, collection_id))
    check_known(request.GET, ())
    if wants_page(request):
        return as_page(request, "collection", found["links"], collection=found)
    return as_json(request, found)


@require_safe
def queryables(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Say by what the features of a collection can be filtered."""
    sight = sight_of(request.viewer, collection_id)
    check_known(request.GET, ())
    name = sight.collection_id
    title = describe(request, sight)["title"]
    document = schema(sight, title, address(request, "ogc_queryables", name))
    if wants_page(request):
        return as_page(request, "queryables", document=document, collection_id=name)
    return as_json(request, document, media_type=answers.SCHEMA)
