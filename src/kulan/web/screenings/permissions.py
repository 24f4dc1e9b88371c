"""Who may read a screening, and who may do with it as he likes: the whole policy of this area."""

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from kulan.web.people.models import User
from kulan.web.policy.viewer import PUBLIC, Viewer
from kulan.web.screenings.models import Screening, SharedWith, ShareLink

OWNED, LINKS = "screenings", "screening_links"
"""Keys of the session: screenings a visitor asked for, and tokens of links that were opened."""
_MOST_KEPT = 200


@dataclass(frozen=True)
class Visitor:
    """Whoever asks: an account, and what this browser's session holds.

    Attributes
    ----------
    viewer
        The account, or the public.
    owned
        Screenings asked for in this session without an account.
    tokens
        Of links that were opened in this session.
    """

    viewer: Viewer = PUBLIC
    owned: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()


def visitor_of(request: HttpRequest) -> Visitor:
    """Return who asks."""
    return Visitor(
        request.viewer,  # type: ignore[attr-defined]
        frozenset(request.session.get(OWNED, ())),
        frozenset(request.session.get(LINKS, ())),
    )


def remember(request: HttpRequest, key: str, value: str) -> None:
    """Keep a screening or a token in the session."""
    kept = [each for each in request.session.get(key, ()) if each != value]
    request.session[key] = [*kept, value][-_MOST_KEPT:]


def _living() -> Q:
    return Q(expires_at=None) | Q(expires_at__gt=timezone.now())


def own(visitor: Visitor) -> QuerySet[Screening]:
    """Return the visitor's own screenings, newest first."""
    mine = Q(owner=None, expires_at__isnull=False, uid__in=_uids(visitor.owned))
    if visitor.viewer.signed_in:
        mine |= Q(owner_id=visitor.viewer.user_id)
    return Screening.objects.filter(mine, _living()).order_by("-asked_at")


def shared(visitor: Visitor) -> QuerySet[Screening]:
    """Return the screenings that others let the visitor read, newest first."""
    now = timezone.now()
    opened = ShareLink.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), token__in=visitor.tokens, ended_at=None
    )
    may = Q(pk__in=opened.values("screening"))
    if visitor.viewer.signed_in:
        address = User.objects.filter(pk=visitor.viewer.user_id).values("email")
        may |= Q(pk__in=SharedWith.objects.filter(email__in=address).values("screening"))
    readable = Screening.objects.filter(may, _living())
    return readable.exclude(pk__in=own(visitor).values("pk")).order_by("-asked_at")


def find(visitor: Visitor, uid: uuid.UUID) -> Screening:
    """Return a screening the visitor may read.

    Raises
    ------
    Http404
        If there is none, or it is not for this visitor to know of.
    """
    found = own(visitor).filter(uid=uid).first() or shared(visitor).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def find_own(visitor: Visitor, uid: uuid.UUID) -> Screening:
    """Return a screening of the visitor's own.

    Raises
    ------
    Http404
        If there is none, or it is another's.
    """
    found = own(visitor).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def owns(visitor: Visitor, screening: Screening) -> bool:
    """Whether a screening is the visitor's own."""
    return own(visitor).filter(pk=screening.pk).exists()


def _uids(texts: frozenset[str]) -> list[uuid.UUID]:
    return [uuid.UUID(text) for text in texts]
