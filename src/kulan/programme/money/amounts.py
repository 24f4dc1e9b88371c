"""Sums of money and what they are worth in another currency, by rates that somebody has given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, InvalidOperation
from fractions import Fraction
from functools import cache

from babel.numbers import get_currency_precision, list_currencies

from kulan.errors import DifferentCurrenciesError, InvalidTableError, UnknownNameError

MOST = Decimal(10) ** 15
"""No programme has more; a larger figure is a slip of the keyboard."""


@cache
def currencies() -> frozenset[str]:
    """Return the currency codes of ISO 4217, past ones among them."""
    return frozenset(list_currencies())


@cache
def smallest_unit(currency: str) -> Decimal:
    """Return the smallest unit of a currency, by Unicode's list of ISO 4217's minor units.

    Raises
    ------
    UnknownNameError
        If there is no such currency.

    Examples
    --------
    >>> smallest_unit("EUR"), smallest_unit("JPY")
    (Decimal('0.01'), Decimal('1'))
    """
    if currency not in currencies():
        raise UnknownNameError(
            f"{currency!r} is no currency of ISO 4217; write three capital letters, such as EUR."
        )
    # banks keep cents also where everyday money has none any more, so that no statement is refused
    return Decimal(1).scaleb(-max(get_currency_precision(currency), 0))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in a currency, exact to the currency's smallest unit; never a float.

    Attributes
    ----------
    amount
        How much; may be below zero.
    currency
        ISO 4217 code.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Refuse what is no amount of that currency."""
        if not isinstance(self.amount, Decimal):
            raise InvalidTableError(
                f"{self.amount!r} is not a decimal amount; floats are not money. Give a Decimal."
            )
        unit = smallest_unit(self.currency)
        if not self.amount.is_finite() or abs(self.amount) > MOST:
            raise InvalidTableError(f"{self.amount} {self.currency} is no amount of money.")
        whole = self.amount.quantize(unit)
        if whole != self.amount:
            raise InvalidTableError(
                f"{self.amount} {self.currency}: the smallest unit of {self.currency} is {unit}. "
                "Round the amount."
            )
        object.__setattr__(self, "amount", abs(whole) if whole == 0 else whole)

    def __add__(self, other: "Money") -> "Money":
        """Return the sum of two amounts of one currency."""
        self._check_same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Return the difference of two amounts of one currency."""
        self._check_same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        """Return the same amount the other way."""
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        """Whether it is less than another of the same currency."""
        self._check_same(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        """Whether it is at most another of the same currency."""
        self._check_same(other)
        return self.amount <= other.amount

    def __str__(self) -> str:
        """Return it plainly, for logs and files; pages write it in the reader's language."""
        return f"{self.amount} {self.currency}"

    def part(self, share: Fraction) -> "Money":
        """Return a share of it, rounded to the smallest unit (half to even)."""
        exact = Fraction(self.amount) * share
        return rounded(exact, self.currency)

    def _check_same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise DifferentCurrenciesError(
                f"{self} and {other} are of different currencies. Convert one of them by a dated "
                "rate first."
            )


def money(amount: str | int | Decimal, currency: str) -> Money:
    """Return an amount from its digits.

    Raises
    ------
    InvalidTableError
        If these are no digits, or more decimals than the currency has.
    UnknownNameError
        If there is no such currency.

    Examples
    --------
    >>> money("1250.50", "EUR") + money(10, "EUR")
    Money(amount=Decimal('1260.50'), currency='EUR')
    """
    try:
        return Money(Decimal(str(amount).strip()), currency)
    except InvalidOperation:
        raise InvalidTableError(
            f"{str(amount)[:40]!r} is not an amount; write digits and a point: 1250.50."
        ) from None


def zero(currency: str) -> Money:
    """Return no money, in a currency."""
    return Money(Decimal(0), currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of amounts of one currency; of none it is nothing.

    Raises
    ------
    DifferentCurrenciesError
        If one of them is of another currency.
    """
    found = zero(currency)
    for one in amounts:
        found = found + one
    return found


def rounded(exact: Fraction, currency: str) -> Money:
    """Return the amount next to an exact value, half to even."""
    unit = smallest_unit(currency)
    units = exact / Fraction(unit)
    return Money(Decimal(round(units)) * unit, currency)


def split(whole: Money, shares: Sequence[Fraction]) -> tuple[Money, ...]:
    """Share an amount out so that the parts add up to it exactly.

    What rounding leaves goes, one smallest unit each, to the parts that lost most by it.

    Parameters
    ----------
    whole
        The amount.
    shares
        From 0 to 1 each, 1 together.

    Raises
    ------
    InvalidTableError
        If the shares do not make up the whole.

    Examples
    --------
    >>> [str(part) for part in split(money(100, "EUR"), [Fraction(1, 3)] * 3)]
    ['33.34 EUR', '33.33 EUR', '33.33 EUR']
    """
    if any(share < 0 for share in shares) or sum(shares) != 1:
        raise InvalidTableError(f"Shares {[str(one) for one in shares]} do not make up the whole.")
    unit = smallest_unit(whole.currency)
    units = int((whole.amount / unit).to_integral_value(ROUND_HALF_EVEN))
    exact = [units * share for share in shares]
    floors = [value.numerator // value.denominator for value in exact]
    left = units - sum(floors)
    order = sorted(range(len(shares)), key=lambda at: (floors[at] - exact[at], at))
    for at in order[:left]:
        floors[at] += 1
    return tuple(Money(Decimal(count) * unit, whole.currency) for count in floors)


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency was worth in another, over a stretch of days, by a source.

    Attributes
    ----------
    of, to
        ISO 4217 codes.
    rate
        Units of `to` for one unit of `of`.
    first, last
        Days it holds for, both counted: one day, or the month or year that it is the mean of.
    source
        Who says so.
    """

    of: str
    to: str
    rate: Decimal
    first: date
    last: date
    source: str

    def __post_init__(self) -> None:
        """Refuse a rate that says nothing."""
        smallest_unit(self.of), smallest_unit(self.to)
        if self.of == self.to:
            raise InvalidTableError(f"A rate of {self.of} in {self.to} says nothing.")
        if not self.rate.is_finite() or not 0 < self.rate < MOST:
            raise InvalidTableError(f"A rate of {self.rate} is none; it is above zero.")
        if self.last < self.first:
            raise InvalidTableError(f"The rate's last day {self.last} is before {self.first}.")
        if not self.source.strip():
            raise InvalidTableError("A rate needs a source: who published it, where.")


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in another currency.

    Attributes
    ----------
    money
        The converted amount, rounded to the smallest unit.
    original
        What was converted.
    rate
        By which rate; None where the currency was the wanted one already.
    inverse
        Whether the rate was given the other way round.
    """

    money: Money
    original: Money
    rate: Rate | None
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class NotConverted:
    """An amount for which nobody gave a rate of that day: it cannot be converted."""

    original: Money
    to: str
    on: date


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates somebody has given; nothing is fetched, guessed, or led over a third currency."""

    known: tuple[Rate, ...] = ()

    def convert(self, amount: Money, to: str, on: date) -> Converted | NotConverted:
        """Return an amount in another currency by the rate of that day.

        Of several the one for the fewest days is taken: the day's before the month's before the
        year's; then the one given the same way round.

        Examples
        --------
        >>> rate = Rate("USD", "EUR", Decimal("0.9"), date(2024, 1, 1), date(2024, 12, 31), "ECB")
        >>> str(Rates((rate,)).convert(money(100, "USD"), "EUR", date(2024, 5, 3)).money)
        '90.00 EUR'
        >>> Rates().convert(money(100, "USD"), "EUR", date(2024, 5, 3)).to
        'EUR'
        """
        if amount.currency == to:
            return Converted(amount, amount, None)
        pair = {amount.currency, to}
        fitting = [
            one for one in self.known if {one.of, one.to} == pair and one.first <= on <= one.last
        ]
        if not fitting:
            return NotConverted(amount, to, on)
        best = min(
            fitting,
            key=lambda one: (one.last - one.first, one.of != amount.currency, one.source),
        )
        inverse = best.of != amount.currency
        factor = 1 / Fraction(best.rate) if inverse else Fraction(best.rate)
        return Converted(rounded(Fraction(amount.amount) * factor, to), amount, best, inverse)


def floor_percent(share: Fraction) -> Decimal:
    """Return a share as a percentage cut after two decimals, for files that hold percentages."""
    exact = Decimal(share.numerator * 100) / Decimal(share.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_DOWN)
