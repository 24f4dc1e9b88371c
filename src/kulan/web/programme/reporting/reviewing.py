"""Submitting a report, reviewing it question by question, returning and accepting it."""

from django.db import transaction
from django.utils import timezone

from kulan.errors import AccessDeniedError, NotAllowedNowError, UnknownNameError
from kulan.programme.reporting import ACTIONS, Key
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.people.models import Organisation
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.filling import slot_of
from kulan.web.programme.reporting.letters import tell
from kulan.web.programme.reporting.models import Cycle, Filing, Remark
from kulan.web.programme.reporting.opening import open_filing
from kulan.web.programme.reporting.permissions import FOR_A_HOUSE, check_runs_cycles, parts_in
from kulan.web.programme.reporting.stored import questionnaire_of
from kulan.web.programme.reporting.workflow import move

BY_HAND = ("submit", "withdraw", "return", "accept", "lock")
"""What people do to a report by a button; the other moves follow from what else they do."""
_LETTERS = {"submit": "submitted", "return": "returned", "accept": "accepted"}


def step(viewer: Viewer, filing: Filing, action: str, *, reason: str = "") -> None:
    """Submit, withdraw, return, accept or lock a report.

    Raises
    ------
    UnknownNameError
        If there is no such action.
    AccessDeniedError
        If the viewer may not.
    NotAllowedNowError
        If it cannot be done now, a reason lacks, or required answers lack.
    """
    if action not in BY_HAND or action not in ACTIONS:
        raise UnknownNameError(f"No action {action!r}; there are {', '.join(BY_HAND)}.")
    if filing.cycle.stage != Cycle.Stage.OPEN:
        raise NotAllowedNowError(current_words().say("The cycle is not open."))
    with transaction.atomic():
        move(viewer, filing, action, parts_in(viewer, filing), reason=reason)
        if action in _LETTERS:
            tell(filing, _LETTERS[action])


def remark(viewer: Viewer, filing: Filing, key: Key, text: str) -> Remark:
    """Say something about an answer of a report that was submitted.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    UnknownNameError
        If the report asks no such question.
    NotAllowedNowError
        If the report is not under review, or nothing is said.
    """
    check_runs_cycles(viewer)
    say = current_words().say
    slot_of(filing, key)
    if filing.state not in ("submitted", "accepted"):
        raise NotAllowedNowError(say("Remarks are made on a report that was submitted."))
    if not text.strip():
        raise NotAllowedNowError(say("The remark is empty."))
    with transaction.atomic():
        made = Remark.objects.create(
            filing=filing,
            question_id=key[0],
            subject=key[1],
            text=text.strip(),
            by_id=viewer.user_id,
        )
        record("report_remark_made", filing, by=viewer, question=key[0], about=key[1])
    return made


def settle(viewer: Viewer, made: Remark) -> None:
    """Mark a remark as settled.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    """
    check_runs_cycles(viewer)
    with transaction.atomic():
        if Remark.objects.filter(pk=made.pk, settled_at=None).update(settled_at=timezone.now()):
            record("report_remark_settled", made.filing, by=viewer, question=made.question_id)


def begin_project_report(viewer: Viewer, cycle: Cycle, project: str) -> Filing:
    """Begin the report of a project of the viewer's organisation.

    Raises
    ------
    AccessDeniedError
        If the viewer does not speak for an organisation.
    NotAllowedNowError
        If the cycle is not open, asks nothing of organisations, or has this project already.
    """
    say = current_words().say
    house = Organisation.objects.filter(pk=viewer.organisation_id).first()
    if house is None or not viewer.has(*FOR_A_HOUSE):
        raise AccessDeniedError(
            say("Partners and scientists report the projects of their organisation.")
        )
    if cycle.stage != Cycle.Stage.OPEN:
        raise NotAllowedNowError(say("The cycle is not open."))
    name = " ".join(project.split())
    if not name:
        raise NotAllowedNowError(say("Give the name of the project."))
    if Filing.objects.filter(cycle=cycle, organisation=house, project=name).exists():
        raise NotAllowedNowError(say("Your organisation reports this project already."))
    with transaction.atomic():
        filing = Filing.objects.create(
            cycle=cycle, kind="project", organisation=house, project=name
        )
        open_filing(viewer, filing, questionnaire_of(cycle, "project"))
    return filing
