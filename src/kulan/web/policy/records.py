"""Which species records exist for a viewer: the one filter of pages, sheets, exports and doors."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from kulan.web.people.roles import Role
from kulan.web.policy.viewer import Viewer
from kulan.web.species.models import AccountText, PopulationRecord
from kulan.web.species.terms import Readers, State

_PUBLISHED = (State.APPROVED, State.SUPERSEDED)


def visible_populations(viewer: Viewer) -> QuerySet[PopulationRecord]:
    """Return the population records in force that the viewer may read.

    Everyone reads what is for everyone once its embargo is over; what is for partners, those with
    a role. Who may decide on a record, and who proposed it, reads it in any case.
    """
    rows = PopulationRecord.objects.filter(state=State.APPROVED)
    return rows.filter(_readable(viewer) | _own(viewer) | _deciding(viewer, states=True))


def visible_population_versions(viewer: Viewer) -> QuerySet[PopulationRecord]:
    """Return every version that exists for the viewer: of records in force, and proposals.

    A version that is in force or was is read by whoever may read it *and* the record as it now is:
    what is hidden today hides what it replaced. Proposals, what was rejected and what was withdrawn
    are for the proposer and for those who decide.
    """
    now = visible_populations(viewer).values("record")
    published = Q(state__in=_PUBLISHED, record__in=now) & _readable(viewer)
    return PopulationRecord.objects.filter(
        published | _own(viewer) | _deciding(viewer, states=True)
    )


def visible_accounts(viewer: Viewer) -> QuerySet[AccountText]:
    """Return the account texts in force; they are for everyone."""
    del viewer
    return AccountText.objects.filter(state=State.APPROVED)


def visible_account_versions(viewer: Viewer) -> QuerySet[AccountText]:
    """Return every version of a text that exists for the viewer; see the population records."""
    now = visible_accounts(viewer).values("record")
    published = Q(state__in=_PUBLISHED, record__in=now)
    return AccountText.objects.filter(published | _own(viewer) | _deciding(viewer, states=False))


def awaiting(viewer: Viewer, kind: type[Any]) -> QuerySet[Any]:
    """Return the proposals of a kind that wait for the viewer's decision."""
    states = kind is PopulationRecord
    rows = kind.objects.filter(_deciding(viewer, states=states), state=State.PROPOSED)
    return rows.exclude(proposed_by=viewer.user_id) if viewer.signed_in else rows.none()


def _readable(viewer: Viewer) -> Q:
    audiences = [Readers.PUBLIC, Readers.PARTNERS] if viewer.roles else [Readers.PUBLIC]
    today = timezone.localdate()
    over = Q(embargo_until=None) | Q(embargo_until__lt=today)
    return Q(readers__in=audiences) & over


def _own(viewer: Viewer) -> Q:
    return Q(proposed_by=viewer.user_id) if viewer.signed_in else _NOTHING


def _deciding(viewer: Viewer, *, states: bool) -> Q:
    if viewer.has(Role.SECRETARIAT):
        return _EVERYTHING
    found = Q(species_id__in=sorted(viewer.species))
    return found | Q(iso3__in=sorted(viewer.states)) if states else found


_NOTHING = Q(pk__in=())
_EVERYTHING = ~_NOTHING
