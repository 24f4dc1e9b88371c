"""Reminders before and after a deadline: each kind once for a report and a deadline."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from kulan.programme.reporting import WRITABLE
from kulan.web.events.record import record
from kulan.web.programme.reporting.letters import reporters_of, tell
from kulan.web.programme.reporting.models import Cycle, Filing, Reminder

_MONTH, _WEEK, _FORTNIGHT = timedelta(days=30), timedelta(days=7), timedelta(days=14)


def due_kind(due: date, today: date) -> Reminder.Kind | None:
    """Return the reminder whose time it is: the latest whose day has come.

    Examples
    --------
    >>> str(due_kind(date(2027, 3, 31), date(2027, 3, 25)))
    'week_before'
    >>> due_kind(date(2027, 3, 31), date(2027, 1, 1)) is None
    True
    """
    if today >= due + _FORTNIGHT:
        return Reminder.Kind.FORTNIGHT_AFTER
    if today > due:
        return Reminder.Kind.AFTER
    if today >= due - _WEEK:
        return Reminder.Kind.WEEK_BEFORE
    if today >= due - _MONTH:
        return Reminder.Kind.MONTH_BEFORE
    return None


def remind(today: date | None = None) -> int:
    """Send the reminders whose day has come; return to how many reports."""
    day = today or timezone.localdate()
    waiting = Filing.objects.filter(cycle__stage=Cycle.Stage.OPEN, state__in=WRITABLE)
    sent = 0
    for filing in waiting.select_related("cycle", "organisation").order_by("pk"):
        kind = due_kind(filing.cycle.due, day)
        if kind is not None and _remind_once(filing, kind):
            sent += 1
    return sent


def _remind_once(filing: Filing, kind: Reminder.Kind) -> bool:
    """Write the reminder down and send it, unless it was; the database itself holds the once."""
    told = {"filing": filing, "kind": kind, "due": filing.cycle.due}
    if Reminder.objects.filter(**told).exists():
        return False
    try:
        with transaction.atomic():
            Reminder.objects.create(**told, people=len(reporters_of(filing)))
            record("report_reminded", filing, by=None, reminder=str(kind))
            tell(filing, str(kind))
    except IntegrityError:  # another worker was quicker
        return False
    return True
