"""On which days dashboards look: closing days of reporting cycles, ends of half-years, today."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from kulan.web.programme.register.catalogue import edition_years
from kulan.web.programme.reporting.letters import title_of
from kulan.web.programme.reporting.models import Cycle
from kulan.words import Words

MOST_CYCLES = 20
"""So many of the newest cycles are shown; half-years fill what fewer cycles leave."""


def start_of(edition_id: str) -> date | None:
    """Return the first day of an edition; None where its years are not known."""
    first, _ = edition_years(edition_id)
    return date(first, 1, 1) if first else None


def chart_days(start: date | None, today: date, closings: Iterable[date] = ()) -> tuple[date, ...]:
    """Return the days of the charts, oldest first, today the last.

    Parameters
    ----------
    start
        First day from which half-years are shown; None for none.
    today
        The day.
    closings
        Days on which cycles closed. The newest 20 before today are shown, and where there are
        fewer, the newest ends of half-years since `start` besides.
    """
    shown = set(sorted(day for day in closings if day < today)[-MOST_CYCLES:])
    room = MOST_CYCLES - len(shown)
    if start is not None and room:
        ends = {
            date(year, month, day)
            for year in range(start.year, today.year + 1)
            for month, day in ((6, 30), (12, 31))
        }
        past = sorted(end for end in ends - shown if start <= end < today)
        shown.update(past[-room:])
    return (*sorted(shown), today)


def closed_cycles(edition_id: str) -> dict[date, list[Cycle]]:
    """Return the cycles of an edition by the day they close: when due, or locked before.

    One that is still composed is none yet.
    """
    found: dict[date, list[Cycle]] = {}
    rows = Cycle.objects.filter(edition_id=edition_id).exclude(stage=Cycle.Stage.DRAFT)
    for one in rows.order_by("due", "pk"):
        day = one.due
        if one.locked_at is not None:
            day = min(day, timezone.localdate(one.locked_at))
        found.setdefault(day, []).append(one)
    return found


def day_told(day: date, cycles: Iterable[Cycle], words: Words) -> str:
    """Return a day of a chart in words, with the cycles that closed on it."""
    told = ", ".join(title_of(one, words) for one in cycles)
    return f"{words.day(day)} · {told}" if told else words.day(day)
