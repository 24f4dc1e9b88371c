"""Giving sections of a state's report to persons of the state."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kulan.errors import AccessDeniedError, NotAllowedNowError, UnknownNameError
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.people.models import Grant, User
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.letters import tell_person
from kulan.web.programme.reporting.models import Delegation, Filing
from kulan.web.programme.reporting.permissions import FOR_A_HOUSE, parts_in
from kulan.web.programme.reporting.stored import locked, questionnaire_of
from kulan.web.programme.reporting.workflow import move


def who_can_help(viewer: Viewer, filing: Filing) -> QuerySet[User]:
    """Return to whom a focal point may give sections: partners and scientists of the state.

    They work for an organisation of the state, or for the focal point's own.
    """
    today = timezone.localdate()
    held = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today, role__in=FOR_A_HOUSE
    )
    near = Q(organisation__iso3=filing.iso3) & ~Q(organisation__iso3="")
    if viewer.organisation_id is not None:
        near |= Q(organisation=viewer.organisation_id)
    people = User.objects.filter(near, is_active=True, pk__in=held.values("user"))
    return people.exclude(pk=viewer.user_id).select_related("organisation").order_by("name", "pk")


def delegate(
    viewer: Viewer, filing: Filing, person: User, sections: Collection[str], *, message: str = ""
) -> Delegation:
    """Give sections to a person, in place of what was given to the same person before.

    Raises
    ------
    AccessDeniedError
        If the viewer does not file this report, or the person is not of the state.
    UnknownNameError
        If the report has no such section.
    NotAllowedNowError
        If the report is not open, or no section is named.
    """
    say = current_words().say
    _check_files(viewer, filing)
    known = {one.section_id for one in questionnaire_of(filing.cycle, filing.kind).sections}
    if set(sections) - known:
        raise UnknownNameError(say("This report has no such section."))
    if not sections:
        raise NotAllowedNowError(say("Choose the sections that this person is to answer."))
    if not who_can_help(viewer, filing).filter(pk=person.pk).exists():
        raise AccessDeniedError(
            say("Sections are given to partners and scientists of an organisation of the state.")
        )
    with transaction.atomic():
        filing = locked(filing)
        move(viewer, filing, "delegate", parts_in(viewer, filing))
        now = timezone.now()
        Delegation.objects.filter(filing=filing, person=person, ended_at=None).update(ended_at=now)
        made = Delegation.objects.create(
            filing=filing,
            person=person,
            sections=[one for one in known_order(filing) if one in sections],
            message=message,
            given_by_id=viewer.user_id,
        )
        record("report_section_given", filing, by=viewer, sections=made.sections, to=person.pk)
        tell_person(filing, "given", person)
    return made


def end_delegation(viewer: Viewer, given: Delegation) -> None:
    """Take sections back from a person; what the person answered stays.

    Raises
    ------
    AccessDeniedError
        If the viewer does not file this report.
    """
    filing = given.filing
    _check_files(viewer, filing)
    with transaction.atomic():
        filing = locked(filing)
        rows = Delegation.objects.filter(pk=given.pk, ended_at=None)
        if not rows.update(ended_at=timezone.now()):
            return
        record("report_section_taken_back", filing, by=viewer, sections=given.sections)
        left = Delegation.objects.filter(filing=filing, ended_at=None).exists()
        if filing.state == "delegated" and not left:
            move(viewer, filing, "take_back", parts_in(viewer, filing))


def known_order(filing: Filing) -> tuple[str, ...]:
    """Return the sections of a report in their order."""
    sections = questionnaire_of(filing.cycle, filing.kind).sections
    return tuple(one.section_id for one in sections)


def _check_files(viewer: Viewer, filing: Filing) -> None:
    if "reporter" not in parts_in(viewer, filing) or not filing.iso3:
        raise AccessDeniedError(
            current_words().say("The focal point of the state gives sections to others.")
        )
