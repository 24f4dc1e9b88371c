"""The REST service: its operations, its refusals, its definition."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from kulan.errors import KulanError
from kulan.web.api.bringing import router as bringing
from kulan.web.api.layers import router as layers
from kulan.web.api.populations import router as populations
from kulan.web.api.programme import router as programme
from kulan.web.api.register import router as register
from kulan.web.api.screenings import router as screenings
from kulan.web.errors import not_found, refusal, refused

VERSION = "1"


class Service(NinjaAPI):
    """Answers of which no cache that several readers share keeps anything."""

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        """Return an answer that is its reader's alone."""
        response = super().create_response(request, data, **more)
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ("Cookie", "Authorization", "Accept-Language"))
        return response


api = Service(
    title="Kulan Atlas",
    version=VERSION,
    description=(
        "Layers, species, states, population records and one's own things, each as its reader may "
        "see it. Send a token as `Authorization: Bearer kulan_...`, or nothing, and see what the "
        "public sees. A list goes on at the address in `next`. A refusal has `code` and "
        "`description`."
    ),
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/layers", layers)
api.add_router("/drafts", bringing)
api.add_router("/populations", populations)
api.add_router("/screenings", screenings)
api.add_router("/programme", register)
api.add_router("", programme)


@api.exception_handler(KulanError)
def on_refusal(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer what the library, or the policy, refuses."""
    return refused(request, error)


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer that there is nothing, or nothing to know of."""
    return not_found(request, error)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer which values are not of their kind."""
    found = [
        f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg']}" for one in error.errors
    ]
    return refusal(request, 422, "; ".join(found)[:1_000])


@api.exception_handler(HttpError)
def on_unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer that the body cannot be read."""
    return refusal(request, error.status_code, str(error))


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Show the definition as a page."""
    document = api.get_openapi_schema()
    operations = [
        {"method": method.upper(), "path": path, **told}
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]
    return render(
        request, "api/documentation.html", {"document": document, "operations": operations}
    )
