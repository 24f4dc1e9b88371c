"""The day a question is about."""

from datetime import date, datetime


def asked_day(on: datetime | None) -> date:
    """Return the day given with ``--on``, or today where the person at the keyboard is."""
    return on.date() if on else datetime.now().astimezone().date()
