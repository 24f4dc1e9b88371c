"""Headers that bind a browser to this server alone, and the address a request came from."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; img-src 'self' data: blob:; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors {ancestors}; frame-src 'self'"
)
_PERMISSIONS = (
    "camera=(), microphone=(), payment=(), usb=(), geolocation=(self), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)


class Policies:
    """Sends a strict content-security policy with every answer.

    A page made to be embedded elsewhere sets `response.may_be_framed`; no other page may be framed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and add the headers."""
        response = self.get_response(request)
        framed = getattr(response, "may_be_framed", False)
        ancestors = "*" if framed else "'none'"
        response.headers.setdefault("Content-Security-Policy", _POLICY.format(ancestors=ancestors))
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not framed:
            response.headers.setdefault("X-Frame-Options", "DENY")
        return response


def client_address(request: HttpRequest) -> str:
    """Return the IP address of whoever asks: what limits of how often are counted by.

    Behind a proxy that we are told of (KULAN_BEHIND_PROXY) it is the last item of
    ``X-Forwarded-For``, the one which that proxy wrote. Otherwise the header is not believed:
    anyone can send it, and would get round every limit.
    """
    candidates = [request.META.get("REMOTE_ADDR", "")]
    if settings.BEHIND_PROXY:
        candidates.insert(0, request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1])
    for candidate in candidates:
        try:
            return str(ipaddress.ip_address(candidate.strip()))
        except ValueError:
            continue
    return "0.0.0.0"  # noqa: S104  no address to listen on: a socket without addresses
