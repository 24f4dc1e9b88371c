"""Headers that bind a browser to this server alone."""

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
    """Return the address of whoever asks; what a proxy says counts only when there is one."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.BEHIND_PROXY and forwarded:
        return forwarded.split(",")[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
