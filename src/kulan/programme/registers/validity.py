"""Who or what holds on a day, and where nobody and nothing does."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kulan.programme import dates

first_day = lru_cache(maxsize=20_000)(dates.first_day)
"""The same few days begin and end thousands of records."""


@dataclass(frozen=True, slots=True)
class Span:
    """That something is held from a day until a day.

    Attributes
    ----------
    key
        What is held: a state and a function, a state and a topic.
    valid_from, valid_to
        Year, month or day; empty for *always* and *still*. The last day itself is no longer part,
        as in `kulan.programme.dates.holding_on`.
    """

    key: Hashable
    valid_from: str = ""
    valid_to: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it is held on a day."""
        begun = not self.valid_from or first_day(self.valid_from) <= day
        return begun and not (self.valid_to and first_day(self.valid_to) <= day)


@dataclass(frozen=True, slots=True)
class Gap:
    """That something is held by nobody.

    Attributes
    ----------
    key
        What is not held.
    since
        Since when, as precisely as it is known; empty where it was never recorded.
    begins
        When it will be held, where that is known already; else empty.
    """

    key: Hashable
    since: str = ""
    begins: str = ""


def gaps(wanted: Iterable[Hashable], spans: Iterable[Span], on: date) -> tuple[Gap, ...]:
    """Return what is wanted and not held on a day, in the order it is wanted.

    Parameters
    ----------
    wanted
        Keys that should be held.
    spans
        What is recorded.
    on
        The day.

    Examples
    --------
    >>> gaps(["TKM", "KAZ"], [Span("TKM", "2019", "2024-03"), Span("KAZ")], date(2026, 1, 1))
    (Gap(key='TKM', since='2024-03', begins=''),)
    """
    known: dict[Hashable, list[Span]] = defaultdict(list)
    for span in spans:
        known[span.key].append(span)
    found = []
    for key in dict.fromkeys(wanted):
        if any(span.holds_on(on) for span in known[key]):
            continue
        past = [span.valid_to for span in known[key] if span.valid_to and _over(span, on)]
        coming = [span.valid_from for span in known[key] if not _over(span, on)]
        found.append(Gap(key, max(past, key=_place, default=""), min(coming, default="")))
    return tuple(found)


def _over(span: Span, on: date) -> bool:
    return bool(span.valid_to) and first_day(span.valid_to) <= on


def _place(text: str) -> tuple[date, int]:
    return first_day(text), len(text)


def held_together(spans: Iterable[Span]) -> tuple[tuple[Span, Span], ...]:
    """Return the pairs of spans of one key that hold at the same time: two who hold one office.

    Parameters
    ----------
    spans
        What is recorded.

    Examples
    --------
    >>> spans = [Span("KAZ", "2020", "2022"), Span("KAZ", "2022"), Span("KAZ", "2021")]
    >>> both = held_together(spans)
    >>> [(one.valid_from, other.valid_from) for one, other in both]
    [('2020', '2021'), ('2022', '2021')]
    """
    by_key: dict[Hashable, list[tuple[date, date, Span]]] = defaultdict(list)
    for span in spans:
        by_key[span.key].append((_begins(span), _ends(span), span))
    return tuple(
        (one, other)
        for rows in by_key.values()
        for place, (begins, ends, one) in enumerate(rows)
        for other_begins, other_ends, other in rows[place + 1 :]
        if begins < other_ends and other_begins < ends
    )


def _begins(span: Span) -> date:
    return first_day(span.valid_from) if span.valid_from else date.min


def _ends(span: Span) -> date:
    return first_day(span.valid_to) if span.valid_to else date.max
