"""Who may see evidence, add it, withdraw it, and set a status beside what is computed."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from kulan.errors import AccessDeniedError
from kulan.web.language import current_words
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.programme.register.models import EvidenceItem, Override
from kulan.web.programme.register.terms import Audience

GOVERNMENT = (Role.FOCAL_POINT, Role.SECRETARIAT)
"""Roles that read what is for governments."""
FOR_OWN_HOUSE = (Role.SCIENTIST, Role.PARTNER)
"""Roles that add evidence in the name of their organisation."""


def audiences_of(viewer: Viewer) -> tuple[str, ...]:
    """Return for whom evidence may be that this viewer reads by role."""
    found = [Audience.PUBLIC]
    if viewer.roles:
        found.append(Audience.PARTNERS)
    if viewer.has(*GOVERNMENT):
        found.append(Audience.GOVERNMENT)
    return tuple(str(one) for one in found)


def sees_all_evidence(viewer: Viewer) -> bool:
    """Whether none of the evidence that people add is kept from the viewer."""
    return viewer.has(*GOVERNMENT)


def visible_items(viewer: Viewer, *, withdrawn: bool = False) -> QuerySet[EvidenceItem]:
    """Return the evidence that exists for the viewer.

    Whoever added it sees it in any case, and so does everyone of the same organisation.

    Parameters
    ----------
    viewer
        Who looks.
    withdrawn
        Whether what was withdrawn is among it.
    """
    seen = Q(audience__in=audiences_of(viewer))
    if viewer.signed_in:
        seen |= Q(added_by=viewer.user_id)
    if viewer.organisation_id is not None:
        seen |= Q(organisation=viewer.organisation_id)
    rows = EvidenceItem.objects.filter(seen)
    return rows if withdrawn else rows.filter(withdrawn_at=None)


def may_add_any(viewer: Viewer) -> bool:
    """Whether the viewer may add evidence of some kind at all."""
    return bool(viewer.states or viewer.species) or may_add(viewer, (), ())


def may_add(viewer: Viewer, states: Collection[str], species: Collection[str]) -> bool:
    """Whether the viewer may add evidence that speaks of these states and species.

    The secretariat may in any case, scientists and partners in the name of their organisation, a
    focal point where only the own state is named, a coordinator where only the own species is.
    """
    if viewer.has(Role.SECRETARIAT):
        return True
    if viewer.has(*FOR_OWN_HOUSE) and viewer.organisation_id is not None:
        return True
    own_states = bool(states) and viewer.states.issuperset(states)
    own_species = bool(species) and viewer.species.issuperset(species)
    return own_states or own_species


def check_may_add(viewer: Viewer, states: Collection[str], species: Collection[str]) -> None:
    """Refuse who may not add evidence that speaks of these states and species.

    Raises
    ------
    AccessDeniedError
        Naming who may.
    """
    if not may_add(viewer, states, species):
        say = current_words().say
        raise AccessDeniedError(
            say(
                "Evidence is added by the secretariat, by scientists and partners for their "
                "organisation, by focal points for their own state only, and by coordinators for "
                "their own species only. Name no other state or species, or ask for the role."
            )
        )


def may_withdraw(viewer: Viewer, item: EvidenceItem) -> bool:
    """Whether the viewer may withdraw this: the secretariat, who added it, and the same house."""
    if item.withdrawn_at is not None:
        return False
    if viewer.has(Role.SECRETARIAT):
        return True
    mine = viewer.signed_in and item.added_by_id == viewer.user_id
    house = viewer.organisation_id is not None and item.organisation_id == viewer.organisation_id
    return (mine or house) and bool(viewer.roles)


def check_may_withdraw(viewer: Viewer, item: EvidenceItem) -> None:
    """Refuse who may not withdraw this piece of evidence.

    Raises
    ------
    AccessDeniedError
        Saying who may.
    """
    if item.withdrawn_at is None and not may_withdraw(viewer, item):
        say = current_words().say
        raise AccessDeniedError(
            say("Evidence is withdrawn by who added it, by their organisation or the secretariat.")
        )


def may_override(viewer: Viewer, iso3: str = "") -> bool:
    """Whether the viewer may set a status: the secretariat, and a focal point for the own state."""
    return viewer.has(Role.SECRETARIAT) or (bool(iso3) and iso3 in viewer.states)


def may_keep_register(viewer: Viewer) -> bool:
    """Whether the viewer sets days, marks what is overtaken, and corrects what was misprinted."""
    return viewer.has(Role.SECRETARIAT)


def check_may_override(viewer: Viewer, iso3: str = "") -> None:
    """Refuse who may not set a status.

    Raises
    ------
    AccessDeniedError
        Saying who may.
    """
    if not may_override(viewer, iso3):
        say = current_words().say
        raise AccessDeniedError(
            say("A status is set by the secretariat, or by a focal point for the own state.")
        )


def check_may_keep_register(viewer: Viewer) -> None:
    """Refuse who may not keep the register.

    Raises
    ------
    AccessDeniedError
        Saying who may.
    """
    if not may_keep_register(viewer):
        say = current_words().say
        raise AccessDeniedError(say("The secretariat keeps the register."))


def may_end(viewer: Viewer, override: Override) -> bool:
    """Whether the viewer may end this override."""
    if override.ended_at is not None:
        return False
    return may_keep_register(viewer) or may_override(viewer, override.iso3)
