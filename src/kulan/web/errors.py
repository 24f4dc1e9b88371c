"""Refusals of the library as answers of the web: one table, one middleware."""

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kulan import errors as library

STATUS: dict[type[library.KulanError], int] = {
    library.KulanError: 422,
    library.AccessDeniedError: 403,
    library.NotAllowedNowError: 409,
    library.TooManyRequestsError: 429,
    library.UnknownNameError: 404,
    library.OutputExistsError: 409,
    library.TooLargeError: 413,
    library.AtlasMissingError: 503,
    library.TamperedFileError: 500,
    library.OutputDeniedError: 500,
    library.WorkerLostError: 500,
    library.InvalidSettingError: 500,
    library.MissingExtraError: 501,
}
"""HTTP status of each refusal; a class that is not named has that of its parent."""

_MACHINES = ("/api/", "/ogc")
_log = logging.getLogger(__name__)


def status_of(error: library.KulanError) -> int:
    """Return the HTTP status of a refusal."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


class Refusals:
    """Answers a refusal of the library with its message and status, never with a traceback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal into an answer; leave everything else to Django."""
        if isinstance(error, library.KulanError):
            return refusal(request, status_of(error), str(error))
        return None


def refusal(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """Return a page, or JSON for machines, that says why not."""
    if request.path.startswith(_MACHINES):
        return JsonResponse({"code": str(status), "description": message}, status=status)
    return render(request, "refusal.html", {"status": status, "message": message}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that nothing is there; never what might be."""
    return refusal(
        request, 404, _words(request)("There is no such page, or it is not for you to see.")
    )


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that this person may not."""
    return refusal(request, 403, _words(request)("You may not do this with your account."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that the request cannot be understood."""
    return refusal(request, 400, _words(request)("The request cannot be understood."))


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    message = _words(request)("Something failed on our side. It has been written to the log.")
    return refusal(request, 500, message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old, or came from elsewhere."""
    _log.warning("a form was refused: %s", reason)
    message = _words(request)(
        "This form is too old, or did not come from this page. Load the page again."
    )
    return refusal(request, 403, message)


def _words(request: HttpRequest) -> Callable[..., str]:
    from kulan.words import words_in  # noqa: PLC0415  an early failure has no words yet

    return getattr(request, "words", words_in("en")).say


__all__ = ["STATUS", "Http404", "PermissionDenied", "Refusals", "refusal", "status_of"]
