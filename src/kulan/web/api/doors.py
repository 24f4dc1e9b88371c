"""Who may call an operation of the REST service: checked before it, and told in its definition."""

from typing import Any

from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from kulan.errors import AccessDeniedError, InvalidTokenError
from kulan.web.api.scopes import Scope

_SAFE = ("GET", "HEAD", "OPTIONS")


class Door(AuthBase):
    """Lets a reader through, by token or by the cookie of a browser."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "A token from the page of your account."

    def __init__(self, scope: str = Scope.READ, *, own: bool = False) -> None:
        """Take what a token must have been given, and whether one must say who one is."""
        self.scope, self.own = scope, own
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        """Return who asks.

        Raises
        ------
        InvalidTokenError
            If the operation is for those who say who they are, and nobody does.
        AccessDeniedError
            If the token was not given this, or a browser's form did not come from our pages.
        """
        viewer = request.viewer
        if self.own and not viewer.signed_in:
            raise InvalidTokenError(
                "This is for those who say who they are: send a token of yours as the header "
                '"Authorization: Bearer kulan_...".'
            )
        if not viewer.may_by_token(self.scope):
            raise AccessDeniedError(f"This token was not given the right {self.scope!r}.")
        by_cookie = not hasattr(request, "token")
        if by_cookie and request.method not in _SAFE and check_csrf(request) is not None:
            raise AccessDeniedError(
                "A browser must prove that it comes from our pages; a program sends a token."
            )
        return viewer


ANYONE, OWN = Door(), Door(own=True)
