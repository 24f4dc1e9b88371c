"""Refusals of the library as answers of the web: one table, one middleware."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kulan import errors as library
from kulan.words import Words, words_in

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
    library.InvalidRequestError: 400,
    library.InvalidTokenError: 401,
    library.InvalidSettingError: 500,
    library.AlreadyInUseError: 503,
    library.UnhealthyError: 503,
    library.MissingExtraError: 501,
}
"""HTTP status of each refusal; a class that is not named has that of its parent."""

MACHINES = ("/api/", "/ogc")
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
            return refused(request, error)
        return None


def refused(request: HttpRequest, error: library.KulanError) -> HttpResponse:
    """Answer a refusal of the library, with what a program must know to go on."""
    response = refusal(request, status_of(error), str(error))
    if isinstance(error, library.TooManyRequestsError):
        response["Retry-After"] = str(error.wait_s)
    if isinstance(error, library.InvalidTokenError):
        response["WWW-Authenticate"] = 'Bearer realm="Kulan", error="invalid_token"'
    return response


def refusal(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """Return a page, or JSON for machines, that says why not."""
    if request.path.startswith(MACHINES):
        return JsonResponse({"code": str(status), "description": message}, status=status)
    return render(request, "refusal.html", {"status": status, "message": message}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that nothing is there; never what might be."""
    say = _words(request).say
    return refusal(request, 404, say("There is no such page, or it is not for you to see."))


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that this person may not."""
    say = _words(request).say
    return refusal(request, 403, say("You may not do this with your account."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that the request cannot be understood."""
    say = _words(request).say
    return refusal(request, 400, say("The request cannot be understood."))


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    say = _words(request).say
    return refusal(request, 500, say("Something failed on our side. It stands in the log."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old, or came from elsewhere."""
    _log.warning("a form was refused: %s", reason)
    say = _words(request).say
    message = say("This form is too old, or did not come from this page. Load the page again.")
    return refusal(request, 403, message)


def _words(request: HttpRequest) -> Words:
    # what fails before the middleware of languages has no words of its own yet
    return getattr(request, "words", words_in("en"))
