"""One line for each request, and its figures: which page, how it was answered, how long it took.

The line names the route, never the address that was asked for: addresses hold coordinates and
queries. Who asked is a number, and only where the page had to know it.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kulan.web.operation import metrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = frozenset({"static", "alive", "ready", "metrics"})
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_log = logging.getLogger("kulan.access")
_request_id: ContextVar[str] = ContextVar("request_id", default="")


class Access:
    """Gives each request an id, and writes down how it was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and write the line."""
        began_s = time.perf_counter()
        known = _request_id.set(_id_of(request))
        try:
            response = self.get_response(request)
            response.headers.setdefault("X-Request-ID", _request_id.get())
            _write(request, response, time.perf_counter() - began_s)
            return response
        finally:
            _request_id.reset(known)


def _id_of(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    # a proxy that is believed in other things may name the request; a visitor may not
    if settings.SECURE_PROXY_SSL_HEADER and _ID.fullmatch(given):
        return given
    return secrets.token_hex(8)


def route_of(request: HttpRequest) -> str:
    """Return the name of the page that answered, whatever its address holds."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return match.view_name or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def _write(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    route, status = route_of(request), response.status_code
    method = request.method if request.method in _METHODS else "OTHER"
    metrics.REQUESTS.labels(route, method, str(status)).inc()
    metrics.SECONDS.labels(route).observe(seconds)
    # the account, only if the page asked for it: the log must not cost every tile a query
    user = getattr(getattr(request, "_cached_user", None), "pk", None)
    about = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
    level = logging.DEBUG if route in _QUIET and status < 400 else logging.INFO
    _log.log(
        level,
        "%s %s %s in %.1f ms, %s",
        method,
        route,
        status,
        seconds * 1000,
        f"user {user}" if user else "no account asked for",
        extra=about | ({"user": user} if user else {}),
    )


class WithRequestId(logging.Filter):
    """Puts the id of the request being answered into every line that is written meanwhile."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add it; no line is held back."""
        if request_id := _request_id.get():
            record.request_id = request_id
        return True
