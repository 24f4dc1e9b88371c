"""Who sees a cycle, a report and an answer, and who may write which part of it."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from kulan.errors import AccessDeniedError
from kulan.programme.reporting import WRITABLE
from kulan.programme.reporting.workflow import Role as Part
from kulan.web.language import current_words
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.models import Cycle, Delegation, Filing

FILED = ("accepted", "locked")
FOR_A_HOUSE = (Role.PARTNER, Role.SCIENTIST)
"""Roles that speak for their organisation in project reports, and to whom sections are given."""


def runs_cycles(viewer: Viewer) -> bool:
    """Whether the viewer composes cycles and reviews reports."""
    return viewer.has(Role.SECRETARIAT)


def check_runs_cycles(viewer: Viewer) -> None:
    """Refuse who does not run cycles.

    Raises
    ------
    AccessDeniedError
        Saying who does.
    """
    if not runs_cycles(viewer):
        raise AccessDeniedError(
            current_words().say("The secretariat composes cycles and reviews reports.")
        )


def visible_cycles(viewer: Viewer) -> QuerySet[Cycle]:
    """Return the cycles that exist for the viewer: a draft does for the secretariat alone."""
    rows = Cycle.objects.all()
    return rows if runs_cycles(viewer) else rows.exclude(stage=Cycle.Stage.DRAFT)


def _own(viewer: Viewer) -> Q:
    """Return the condition of reports that are the viewer's own, or of which a part is."""
    mine = Q(iso3__in=viewer.states) & ~Q(iso3="")
    if viewer.signed_in:
        given = Delegation.objects.filter(person=viewer.user_id, ended_at=None)
        mine |= Q(pk__in=given.values("filing"))
    if viewer.organisation_id is not None and viewer.has(*FOR_A_HOUSE):
        mine |= Q(organisation=viewer.organisation_id)
    return mine & ~Q(cycle__stage=Cycle.Stage.DRAFT)


def own_filings(viewer: Viewer) -> QuerySet[Filing]:
    """Return the reports that the viewer files, or of which a part was given to the viewer."""
    return Filing.objects.filter(_own(viewer)).select_related("cycle", "organisation")


def visible_filings(viewer: Viewer) -> QuerySet[Filing]:
    """Return the reports that exist for the viewer.

    A draft does for those who write it and for the secretariat; a report that was accepted does for
    everyone, with the answers that are for them.
    """
    rows = Filing.objects.select_related("cycle", "organisation")
    if runs_cycles(viewer):
        return rows
    accepted = Q(state__in=FILED, accepted_at__isnull=False)
    return rows.filter(_own(viewer) | accepted)


def parts_in(viewer: Viewer, filing: Filing) -> tuple[Part, ...]:
    """Return what the viewer is to a report."""
    return parts_of(viewer, filing, helps=bool(given_to(viewer, filing)))


def parts_of(viewer: Viewer, filing: Filing, *, helps: bool) -> tuple[Part, ...]:
    """Return what the viewer is to a report, where it is known whether a part of it was given."""
    found: list[Part] = []
    if runs_cycles(viewer):
        found.append("secretariat")
    house = filing.organisation_id is not None and filing.organisation_id == viewer.organisation_id
    if (filing.iso3 and filing.iso3 in viewer.states) or (house and viewer.has(*FOR_A_HOUSE)):
        found.append("reporter")
    if helps:
        found.append("delegate")
    return tuple(found)


def given_to(viewer: Viewer, filing: Filing) -> tuple[str, ...]:
    """Return the sections of a report that were given to the viewer."""
    if not viewer.signed_in:
        return ()
    rows = Delegation.objects.filter(filing=filing, person=viewer.user_id, ended_at=None)
    return tuple(section for one in rows for section in one.sections)


def sections_given_to(viewer: Viewer) -> dict[int, frozenset[str]]:
    """Return the sections that were given to the viewer, by report."""
    if not viewer.signed_in:
        return {}
    rows = Delegation.objects.filter(person=viewer.user_id, ended_at=None)
    return {key: frozenset(sections) for key, sections in rows.values_list("filing", "sections")}


def may_write(viewer: Viewer, filing: Filing, section: str, parts: Iterable[Part]) -> bool:
    """Whether the viewer may answer the questions of a section now."""
    if filing.state not in WRITABLE or filing.cycle.stage != Cycle.Stage.OPEN:
        return False
    return "reporter" in parts or ("delegate" in parts and section in given_to(viewer, filing))


def check_may_write(viewer: Viewer, filing: Filing, section: str) -> None:
    """Refuse who may not answer the questions of a section.

    Raises
    ------
    AccessDeniedError
        Saying who may, and when.
    """
    parts = parts_in(viewer, filing)
    if not may_write(viewer, filing, section, parts):
        raise AccessDeniedError(
            current_words().say(
                "These questions are answered by the focal point of the state or the people of the "
                "organisation, and by whom they gave this section, while the report is open."
            )
        )
