"""Amounts, gaps and reasons in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kulan.exchange.iati import RULES, Warned
from kulan.programme.money import Gap, Match, Money
from kulan.programme.money.gaps import STATUS_NAMES
from kulan.report.money import interval_told, money_told, name_of, reason_told
from kulan.web.programme.money.terms import STATUS_LOOKS
from kulan.words import Words

__all__ = ["gap_lines", "interval_told", "match_told", "money_told", "name_of", "warned_told"]

_BAR = 200.0


def warned_told(warned: Iterable[Warned], words: Words) -> list[dict[str, Any]]:
    """Return the broken rules of an IATI file as rows: activity, element, sentence, source."""
    found = []
    for one in warned:
        sentence, source = RULES[one.rule]
        found.append(
            {
                "row": one.activity or "",
                "identifier": one.identifier,
                "element": one.element,
                "text": words.say(sentence, **dict(one.values)),
                "source": source,
            }
        )
    return found


@dataclass(frozen=True)
class GapLine:
    """A row of a table of gaps."""

    name: str
    href: str
    need: str
    secured: str
    gap: str
    over: str
    status: str
    look: str
    lost: tuple[str, ...]
    bar_from: float
    bar_width: float
    secured_width: float


def gap_lines(rows: Iterable[tuple[str, str, Gap]], words: Words) -> list[GapLine]:
    """Return gaps as rows, with bars that share one scale.

    Parameters
    ----------
    rows
        Name, address (may be empty) and gap.
    words
        Of the reader.
    """
    known = list(rows)
    ends = [
        float(part.amount)
        for _, _, gap in known
        for part in (gap.secured.high, gap.need.high if gap.need else gap.secured.high)
    ]
    whole = max(ends, default=0.0) or 1.0
    return [_line(name, href, gap, whole, words) for name, href, gap in known]


def _line(name: str, href: str, gap: Gap, whole: float, words: Words) -> GapLine:
    def at(amount: Money) -> float:
        return round(float(amount.amount) / whole * _BAR, 1)

    over = interval_told(gap.over, words) if gap.over.high.amount else ""
    return GapLine(
        name=name,
        href=href,
        need=interval_told(gap.need, words),
        secured=interval_told(gap.secured, words),
        gap=interval_told(gap.gap, words),
        over=over,
        status=words.say(STATUS_NAMES[gap.status]),
        look=STATUS_LOOKS[gap.status],
        lost=tuple(money_told(one.original, words) for one in gap.not_converted),
        bar_from=at(gap.need.low) if gap.need else 0.0,
        bar_width=round(at(gap.need.high) - at(gap.need.low), 1) if gap.need else 0.0,
        secured_width=at(gap.secured.low),
    )


def match_told(one: Match, title: str, words: Words) -> dict[str, Any]:
    """Return a match with its reasons in words."""
    return {
        "action": one.action.action,
        "title": title,
        "call": one.call,
        "closes": words.day(one.call.closes) if one.call.closes else "",
        "gap": interval_told(one.action.gap.gap, words),
        "favourable": [reason_told(reason, words) for reason in one.favourable],
        "adverse": [reason_told(reason, words) for reason in one.adverse],
    }
