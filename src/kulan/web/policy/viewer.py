"""Who is looking: an account's grants and agreements on one day, as a value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from kulan.web.people.roles import Role


@dataclass(frozen=True)
class Viewer:
    """A person as the policy sees one.

    Attributes
    ----------
    user_id
        Of the account; None for a visitor without one.
    name
        To be written into the audit trail.
    organisation_id
        Organisation the person works for.
    roles
        Roles held today.
    states
        States (ISO 3166-1 alpha-3) of which the person is focal point.
    species
        Species the person coordinates.
    agreements
        Layer (primary key) to the finest level an agreement lets the person see today.
    scopes
        What a machine's token may do for the person; None for the person in a browser.
    """

    user_id: int | None = None
    name: str = ""
    organisation_id: int | None = None
    roles: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    species: frozenset[str] = frozenset()
    agreements: tuple[tuple[int, int], ...] = ()
    scopes: frozenset[str] | None = field(default=None)

    @property
    def signed_in(self) -> bool:
        """Whether there is an account."""
        return self.user_id is not None

    def has(self, *roles: str) -> bool:
        """Whether one of the roles is held."""
        return not self.roles.isdisjoint(roles)

    def may_by_token(self, scope: str) -> bool:
        """Whether the door that was used lets through what `scope` names."""
        return self.scopes is None or scope in self.scopes


PUBLIC = Viewer()
"""A visitor without an account."""


def viewer_of(user: Any, *, on: date | None = None) -> Viewer:
    """Return an account as the policy sees it on a day; a closed one, or none, is the public."""
    if user is None or not user.is_authenticated or not user.is_active:
        return PUBLIC
    day = on or timezone.localdate()
    grants = [grant for grant in user.grants.all() if grant.holds_on(day)]
    roles = frozenset(grant.role for grant in grants)
    return Viewer(
        user_id=user.pk,
        name=user.name,
        organisation_id=user.organisation_id,
        roles=roles,
        states=frozenset(grant.iso3 for grant in grants if grant.role == Role.FOCAL_POINT),
        species=frozenset(
            grant.species_id for grant in grants if grant.role == Role.SPECIES_COORDINATOR
        ),
        agreements=_agreements(user, roles, day),
    )


def _agreements(user: Any, roles: frozenset[str], day: date) -> tuple[tuple[int, int], ...]:
    from kulan.web.catalogue.models import Agreement  # noqa: PLC0415  models load after settings

    party = Q(user=user) | Q(role__in=roles)
    if user.organisation_id:
        party |= Q(organisation=user.organisation_id)
    held = Agreement.objects.filter(
        party, Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, ended_at=None
    ).values_list("layer_id", "level")
    finest: dict[int, int] = {}
    for layer, level in held:
        finest[layer] = min(level, finest.get(layer, level))
    return tuple(sorted(finest.items()))


class ViewerMiddleware:
    """Gives each request its `viewer`; found only when a page asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        request.viewer = SimpleLazyObject(lambda: viewer_of(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)
