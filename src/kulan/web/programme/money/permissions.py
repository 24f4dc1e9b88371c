"""Who may see and keep donors, calls, projects, needs and the fund's books."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from kulan.errors import AccessDeniedError
from kulan.web.language import current_words
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.programme.money.models import Call, Donor, Flow, Project
from kulan.web.programme.register.permissions import audiences_of
from kulan.words import N_

FOR_OWN_HOUSE = (Role.PARTNER, Role.SCIENTIST, Role.FOCAL_POINT, Role.SPECIES_COORDINATOR)
"""Roles that keep the projects of their organisation."""
_HOUSES_KEEP = N_("Projects are kept by their organisation and the secretariat.")
_SECRETARIAT_KEEPS = N_("The secretariat keeps this.")
_CHAMPION_KEEPS = N_("The secretariat or its champion keeps a donor.")


def visible_projects(viewer: Viewer) -> QuerySet[Project]:
    """Return the projects that exist for the viewer: by audience, and those of the own house."""
    seen = Q(audience__in=audiences_of(viewer))
    if _of_a_house(viewer):
        seen |= Q(organisation=viewer.organisation_id)
    return Project.objects.filter(seen).select_related("organisation")


def visible_flows(viewer: Viewer) -> QuerySet[Flow]:
    """Return the money that exists for the viewer: confidential amounts are the house's own.

    Every sum, gap, match and file is made of these alone, so that none tells what a reader may not
    see.
    """
    rows = Flow.objects.filter(project__in=visible_projects(viewer))
    if viewer.has(Role.SECRETARIAT):
        return rows
    own = Q(project__organisation=viewer.organisation_id) if _of_a_house(viewer) else _NOTHING
    return rows.filter(Q(confidential=False) | own)


def with_money(viewer: Viewer, projects: QuerySet[Project]) -> QuerySet[Project]:
    """Return projects with their shares and the money the viewer may see, in `seen_flows`."""
    flows = Prefetch("flows", queryset=visible_flows(viewer), to_attr="seen_flows")
    return projects.prefetch_related("shares", flows)


def may_keep_money(viewer: Viewer) -> bool:
    """Whether the viewer keeps donors, calls, needs, rates and the fund's books."""
    return viewer.has(Role.SECRETARIAT)


def may_keep_donor(viewer: Viewer, donor: Donor) -> bool:
    """Whether the viewer keeps a donor and its calls: the secretariat, and its champion."""
    mine = viewer.signed_in and bool(viewer.roles) and donor.champion_id == viewer.user_id
    return may_keep_money(viewer) or mine


def may_keep_call(viewer: Viewer, call: Call) -> bool:
    """Whether the viewer keeps a call."""
    return may_keep_donor(viewer, call.donor)


def may_begin_project(viewer: Viewer) -> bool:
    """Whether the viewer may add projects: of the own organisation."""
    return may_keep_money(viewer) or (viewer.has(*FOR_OWN_HOUSE) and _of_a_house(viewer))


def may_keep_project(viewer: Viewer, project: Project) -> bool:
    """Whether the viewer keeps a project: the secretariat, and its organisation."""
    own = _of_a_house(viewer) and project.organisation_id == viewer.organisation_id
    return may_keep_money(viewer) or (own and viewer.has(*FOR_OWN_HOUSE))


def may_read_books(viewer: Viewer) -> bool:
    """Whether the viewer reads the fund's books: whoever has a role in the programme."""
    return viewer.has(*FOR_OWN_HOUSE, Role.SECRETARIAT)


def check_may_keep_money(viewer: Viewer) -> None:
    """Refuse who does not keep the programme's money.

    Raises
    ------
    AccessDeniedError
        Saying who does.
    """
    _check(may_keep_money(viewer), _SECRETARIAT_KEEPS)


def check_may_keep_donor(viewer: Viewer, donor: Donor) -> None:
    """Refuse who does not keep a donor.

    Raises
    ------
    AccessDeniedError
        Saying who does.
    """
    _check(may_keep_donor(viewer, donor), _CHAMPION_KEEPS)


def check_may_begin_project(viewer: Viewer, organisation_id: Any) -> None:
    """Refuse who adds a project of an organisation that is not the own one.

    Raises
    ------
    AccessDeniedError
        Saying who may.
    """
    own = may_begin_project(viewer) and organisation_id == viewer.organisation_id
    _check(own or may_keep_money(viewer), _HOUSES_KEEP)


def check_may_keep_project(viewer: Viewer, project: Project) -> None:
    """Refuse who does not keep a project.

    Raises
    ------
    AccessDeniedError
        Saying who does.
    """
    _check(may_keep_project(viewer, project), _HOUSES_KEEP)


def _check(allowed: bool, why: str) -> None:
    if not allowed:
        raise AccessDeniedError(current_words().say(why))


def _of_a_house(viewer: Viewer) -> bool:
    return viewer.signed_in and viewer.organisation_id is not None


_NOTHING = Q(pk__in=())
