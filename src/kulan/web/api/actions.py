"""Making and ending tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.web.api.models import ApiToken
from kulan.web.events.record import record
from kulan.web.people.models import User

PREFIX = "kulan_"
MOST_DAYS, MOST_TOKENS = 365, 20


def digest_of(token: str) -> str:
    """Return the hash under which a token is known."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_token(by: User, name: str, scopes: Iterable[str], *, days: int) -> tuple[ApiToken, str]:
    """Make a token for oneself; return it as stored, and the token itself, this once.

    Raises
    ------
    NotAllowedNowError
        If the person has as many as anyone may have.
    """
    with transaction.atomic():
        good = by.api_tokens.filter(ended_at=None, expires_on__gte=timezone.localdate())
        if good.count() >= MOST_TOKENS:
            raise NotAllowedNowError(
                f"You have {MOST_TOKENS} tokens that are good; end one before you make another."
            )
        token = PREFIX + secrets.token_urlsafe(32)
        stored = ApiToken.objects.create(
            user=by,
            name=name,
            sha256=digest_of(token),
            beginning=token[:10],
            scopes=sorted(scopes),
            expires_on=timezone.localdate() + timedelta(days=min(days, MOST_DAYS)),
        )
        record("token_made", stored, by=by, scopes=stored.scopes)
    return stored, token


def end_token(by: User, token: ApiToken) -> None:
    """End one of one's own tokens at once; one that has ended stays as it is."""
    with transaction.atomic():
        if by.api_tokens.filter(pk=token.pk, ended_at=None).update(ended_at=timezone.now()):
            record("token_ended", token, by=by)
