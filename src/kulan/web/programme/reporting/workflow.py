"""Moving a report from state to state by the library's table, each move kept as a row."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from kulan.programme.reporting import completeness, moved
from kulan.programme.reporting.workflow import Role as Part
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.policy import Viewer
from kulan.web.programme.reporting.models import Filing, Step
from kulan.web.programme.reporting.stored import (
    answers_of,
    locked,
    questionnaire_of,
    reporter_of,
)

_DAYS = {"submitted": "submitted_at", "accepted": "accepted_at"}
_EVENTS = {
    "open": "report_opened",
    "delegate": "report_delegated",
    "answer": "report_begun",
    "take_back": "report_delegation_ended",
    "submit": "report_submitted",
    "withdraw": "report_withdrawn",
    "return": "report_returned",
    "accept": "report_accepted",
    "lock": "report_locked",
}


def move(
    viewer: Viewer, filing: Filing, action: str, parts: tuple[Part, ...], *, reason: str = ""
) -> None:
    """Do one thing of the library's table to a report, if it may be done now and by these.

    Raises
    ------
    NotAllowedNowError
        If nobody may do it now, a reason lacks, or required answers lack.
    AccessDeniedError
        If somebody else may do it.
    """
    with transaction.atomic():
        fresh = locked(filing)
        missing = len(_missing(fresh)) if action == "submit" else 0
        before = fresh.state
        after = moved(
            before,  # type: ignore[arg-type]
            action,
            parts,
            current_words(),
            reason=reason,
            missing=missing,
        )
        if after == before:
            return
        told: dict[str, Any] = {"state": after}
        if after in _DAYS:
            told[_DAYS[after]] = timezone.now()
        if after == "returned":
            told["accepted_at"] = None
        Filing.objects.filter(pk=filing.pk).update(**told)
        for name, value in told.items():
            setattr(filing, name, value)
        Step.objects.create(
            filing=filing,
            action=action,
            before=before,
            after=after,
            reason=reason,
            by_id=viewer.user_id,
        )
        record(_EVENTS[action], filing, by=viewer, before=before, after=after)


def _missing(filing: Filing) -> tuple[Any, ...]:
    questionnaire = questionnaire_of(filing.cycle, filing.kind)
    return completeness(questionnaire, reporter_of(filing), answers_of(filing)).missing
