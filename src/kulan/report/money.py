"""Amounts, intervals and reasons of matches in the reader's language."""

from datetime import date
from typing import Any

from babel.numbers import format_decimal

from kulan.programme import species_name, state_name
from kulan.programme.money import Interval, Money, Reason
from kulan.programme.money.funding import ORGANISATION_KINDS, THEMES
from kulan.programme.money.matching import REASONS
from kulan.programme.terms import SPECIES_IDS
from kulan.words import Words


def money_told(amount: Money, words: Words) -> str:
    """Return an amount with its currency's code, which is the same in every language."""
    decimals = max(0, -int(amount.amount.as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    if amount.amount == amount.amount.to_integral_value():
        pattern = "#,##0"
    written = format_decimal(amount.amount, format=pattern, locale=words.language)
    return f"{written}\u00a0{amount.currency}"


def interval_told(interval: Interval | None, words: Words) -> str:
    """Return an interval; one figure where both ends are the same."""
    if interval is None:
        return "–"
    if interval.low == interval.high:
        return money_told(interval.low, words)
    low = money_told(interval.low, words).rpartition("\u00a0")[0]
    return f"{low} – {money_told(interval.high, words)}"


def reason_told(reason: Reason, words: Words) -> str:
    """Return a reason in words."""
    return words.say(
        REASONS[reason.code], **{name: _value(name, it, words) for name, it in reason.values}
    )


def _value(name: str, value: Any, words: Words) -> str:
    if isinstance(value, Money):
        return money_told(value, words)
    if isinstance(value, date):
        return words.day(value)
    if name == "theme":
        return words.say(THEMES[str(value)])
    if name == "names":
        return words.listed([name_of(one, words) for one in value])
    return str(value)


def name_of(code: str, words: Words) -> str:
    """Return a state, a species, a theme or a kind of organisation by its name."""
    for names in (THEMES, ORGANISATION_KINDS):
        if code in names:
            return words.say(names[code])
    if code in SPECIES_IDS:
        return species_name(code, words.language)
    return state_name(code, words.language) if len(code) == 3 and code.isupper() else code
