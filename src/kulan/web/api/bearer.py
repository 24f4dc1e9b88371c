"""Who stands behind a token, and how often one may ask, for all addresses of machines."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kulan.errors import AccessDeniedError, InvalidTokenError, KulanError
from kulan.web.api.actions import PREFIX, digest_of
from kulan.web.api.models import ApiToken
from kulan.web.api.scopes import Scope
from kulan.web.errors import refused
from kulan.web.policy import viewer_of
from kulan.web.rates import check_rate
from kulan.web.security import client_address

COUNTED = ("/api/", "/ogc")
TOKENS_OPEN = (*COUNTED, "/atlas/")
_READ_ONLY = ("/ogc", "/atlas/")
MOST_BY_TOKEN, MOST_BY_ADDRESS, MOST_WRONG, PER_S = 3_000, 1_200, 30, 60.0


def token_in(header: str) -> str:
    """Return the token of an Authorization header.

    Raises
    ------
    InvalidTokenError
        If the header is of another kind.
    """
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip().startswith(PREFIX):
        raise InvalidTokenError(
            "The header Authorization does not hold a token; write "
            f'"Authorization: Bearer {PREFIX}...".'
        )
    return token.strip()


def stored_token(token: str) -> ApiToken:
    """Return a token that is good, and note the day.

    Raises
    ------
    InvalidTokenError
        If it was never given out, has ended, is past its day, or its owner's account is closed.
    """
    found = (
        ApiToken.objects.select_related("user")
        .prefetch_related("user__grants")
        .filter(sha256=digest_of(token))
        .first()
    )
    if found is None or not found.is_good or not found.user.is_active:
        raise InvalidTokenError(
            "The token is unknown, has ended, or is past its day. Make a new one on the page of "
            "your account."
        )
    today = timezone.localdate()
    if found.last_used_on != today:
        ApiToken.objects.filter(pk=found.pk).update(last_used_on=today)
    return found


class Bearer:
    """Lets programs in by their tokens, and counts who asks.

    A request with a token is its owner's, whatever cookies come with it; it needs no form's proof
    against forgery, since no browser sends a token by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        try:
            self.admit(request)
        except KulanError as error:
            return refused(request, error)
        return self.get_response(request)

    def admit(self, request: HttpRequest) -> None:
        """Find who asks, and refuse what may not be."""
        header = request.headers.get("Authorization", "")
        address = client_address(request)
        if header and request.path.startswith(TOKENS_OPEN):
            token = self.token(header, address)
            request.token = token  # type: ignore[attr-defined]
            request.user = token.user
            scopes = frozenset(token.scopes)
            request.viewer = replace(viewer_of(token.user), scopes=scopes)  # type: ignore[attr-defined]
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001
            if request.path.startswith(_READ_ONLY) and Scope.READ not in scopes:
                raise AccessDeniedError("This token was not given the right to read.")
            check_rate(f"token {token.pk}", most=MOST_BY_TOKEN, per_s=PER_S)
        elif request.path.startswith(COUNTED):
            check_rate(f"machines {address}", most=MOST_BY_ADDRESS, per_s=PER_S)

    def token(self, header: str, address: str) -> ApiToken:
        """Return the token of a header; wrong ones are counted by the address they come from."""
        try:
            return stored_token(token_in(header))
        except InvalidTokenError:
            check_rate(f"wrong tokens {address}", most=MOST_WRONG, per_s=PER_S)
            raise
