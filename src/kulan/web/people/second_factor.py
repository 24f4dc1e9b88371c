"""Who holds a role with power over others' data shows more than a password."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kulan.web.errors import MACHINES, refusal
from kulan.web.people.roles import Role

ROLES = (Role.FOCAL_POINT, Role.SECRETARIAT, Role.ADMINISTRATOR)
"""Roles that need a second factor."""
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_OPEN = frozenset({"account_logout", "account_login", "language", "alive"})
_OPEN_BEGINNINGS = ("mfa_", "account_reauthenticate")


def is_missing(request: HttpRequest) -> bool:
    """Whether the person needs a second factor and has none."""
    if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
        return False
    return request.viewer.has(*ROLES) and not is_mfa_enabled(request.user, FACTORS)  # type: ignore[attr-defined]


class SecondFactor:
    """Leads those who lack their second factor to the page where it is set up, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Lead elsewhere, or let the page answer."""
        if not is_missing(request):
            return None
        request.second_factor_missing = True  # type: ignore[attr-defined]
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in _OPEN or name.startswith(_OPEN_BEGINNINGS):
            return None
        if request.path.startswith(MACHINES):
            say = request.words.say  # type: ignore[attr-defined]
            return refusal(request, 403, say("Your role needs a second factor."))
        return redirect("mfa_index")
