"""Opening a cycle, with answers suggested beforehand, and locking it."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.programme.reporting import WRITABLE, Answer, Key, Questionnaire, prefilled
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.people.roles import Role
from kulan.web.policy import PUBLIC, Viewer
from kulan.web.programme.register.catalogue import find_edition
from kulan.web.programme.register.links import evidence_for, renamed
from kulan.web.programme.register.terms import EditionState
from kulan.web.programme.reporting.letters import tell
from kulan.web.programme.reporting.models import Cycle, Filing, GivenAnswer
from kulan.web.programme.reporting.permissions import FILED, check_runs_cycles
from kulan.web.programme.reporting.stored import (
    answers_of,
    keep_progress,
    questionnaires_of,
    report_of,
    reporter_of,
    row_of,
)
from kulan.web.programme.reporting.workflow import move


def open_cycle(viewer: Viewer, cycle: Cycle) -> None:
    """Open a cycle: every report is prefilled and opened, and its reporter is written to.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If the cycle is no draft, or nobody reports.
    """
    check_runs_cycles(viewer)
    say = current_words().say
    filings = list(cycle.filings.select_related("cycle", "organisation"))
    if cycle.stage != Cycle.Stage.DRAFT:
        raise NotAllowedNowError(say("The cycle is open already."))
    if not filings:
        raise NotAllowedNowError(say("Nobody reports in this cycle yet: choose who does."))
    if find_edition(cycle.edition_id, drafts=True).status == EditionState.DRAFT:
        raise NotAllowedNowError(
            say("The edition is a draft that reporters cannot see. Set it in force first.")
        )
    with transaction.atomic():
        opened = {"stage": Cycle.Stage.OPEN, "opened_at": timezone.now()}
        if not Cycle.objects.filter(pk=cycle.pk, stage=Cycle.Stage.DRAFT).update(**opened):
            raise NotAllowedNowError(say("The cycle is open already."))
        cycle.refresh_from_db()
        asked = questionnaires_of(cycle)
        for filing in filings:
            filing.cycle = cycle
            open_filing(viewer, filing, asked[filing.kind])
        record("cycle_opened", cycle, by=viewer, reports=len(filings))


def open_filing(viewer: Viewer, filing: Filing, questionnaire: Questionnaire) -> None:
    """Open one report: what is known already is suggested, and stands as not confirmed."""
    suggest(filing, questionnaire)
    move(viewer, filing, "open", ("secretariat",))
    tell(filing, "opened")


def suggest(filing: Filing, questionnaire: Questionnaire) -> int:
    """Fill the empty places of a report with suggestions; return how many."""
    given = answers_of(filing)
    edition_id, before = filing.cycle.edition_id, _last(filing)
    was = before.cycle.edition_id if before else edition_id
    found = prefilled(
        questionnaire,
        reporter_of(filing),
        last=report_of(before) if before else None,
        renamed={} if was == edition_id else renamed(was, edition_id),
        evidence=evidence_for(_reader_of(filing), edition_id),
        given=given,
    )
    fresh = [one for one in found if one.key not in given]
    GivenAnswer.objects.bulk_create([row_of(filing, one) for one in fresh], batch_size=500)
    keep_progress(filing, _with(given, fresh))
    return len(fresh)


def lock_cycle(viewer: Viewer, cycle: Cycle, *, reason: str = "") -> None:
    """Lock a cycle with all its reports; those that were never accepted need a reason.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If the cycle is not open, or a report is not accepted and no reason is given.
    """
    check_runs_cycles(viewer)
    if cycle.stage != Cycle.Stage.OPEN:
        raise NotAllowedNowError(current_words().say("Only an open cycle can be locked."))
    with transaction.atomic():
        for filing in cycle.filings.select_related("cycle", "organisation"):
            if filing.state != "locked":
                move(viewer, filing, "lock", ("secretariat",), reason=reason)
        cycle.stage, cycle.locked_at = Cycle.Stage.LOCKED, timezone.now()
        cycle.save(update_fields=["stage", "locked_at"])
        record("cycle_locked", cycle, by=viewer)


def _with(given: Mapping[Key, Answer], fresh: list[Answer]) -> dict[Key, Answer]:
    return {**given, **{one.key: one for one in fresh}}


def _last(filing: Filing) -> Filing | None:
    """Return the reporter's last accepted report on this plan, whatever the edition.

    A report on another plan comes before none at all: a person may have aligned the two.
    """
    same = {"kind": filing.kind, "iso3": filing.iso3, "organisation": filing.organisation}
    found = (
        Filing.objects.filter(**same, project=filing.project, state__in=FILED)
        .filter(accepted_at__isnull=False, cycle__due__lt=filing.cycle.due)
        .select_related("cycle", "organisation")
        .order_by("-cycle__due", "-pk")
    )
    plan = _plan_of(filing.cycle.edition_id)
    own = (one for one in found if _plan_of(one.cycle.edition_id) == plan)
    return next(own, None) or found.first()


def _plan_of(edition_id: str) -> str:
    return find_edition(edition_id, drafts=True).plan


def _reader_of(filing: Filing) -> Viewer:
    """Return who may see what is suggested: the focal point of the state, or the public."""
    if not filing.iso3:
        return PUBLIC
    return Viewer(roles=frozenset({Role.FOCAL_POINT}), states=frozenset({filing.iso3}))


def still_open(cycle: Cycle) -> bool:
    """Whether some report of a cycle can still be answered."""
    return cycle.filings.filter(state__in=WRITABLE).exists()
