"""A fund's books by double entry: what is posted stays, and every sum can be made again.

An entry moves money between accounts; for each fund and each currency its debits equal its credits,
so that the books balance whatever was posted, in whatever order. A posted entry is never changed or
taken out: a wrong one is reversed by another one. Entries and closings of periods carry a hash of
themselves and of the one before them (see `kulan.programme.money.audit`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kulan.errors import (
    InvalidTableError,
    NotAllowedNowError,
    UnbalancedEntryError,
    UnknownNameError,
)
from kulan.programme.money.amounts import Money, zero
from kulan.words import N_

ACCOUNT_KINDS: dict[str, str] = {
    "asset": N_("Assets"),
    "liability": N_("Liabilities"),
    "net_assets": N_("Net assets"),
    "income": N_("Income"),
    "expense": N_("Expenses"),
}
"""What accounts there are in books; assets and expenses grow by debits, the others by credits."""

DEBIT_KINDS = frozenset({"asset", "expense"})
SIDES = ("debit", "credit")
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the books.

    Attributes
    ----------
    code
        Its number in the plan of accounts.
    name
        What it holds.
    kind
        Of `ACCOUNT_KINDS`.
    """

    code: str
    name: str
    kind: str

    def __post_init__(self) -> None:
        """Refuse a kind there is not."""
        if self.kind not in ACCOUNT_KINDS:
            raise UnknownNameError(
                f"Account {self.code!r} is of kind {self.kind!r}; choose one of "
                f"{', '.join(ACCOUNT_KINDS)}."
            )


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry: an amount above zero, on an account, for a fund."""

    account: str
    fund: str
    side: str
    money: Money

    def __post_init__(self) -> None:
        """Refuse what moves nothing."""
        if self.side not in SIDES:
            raise UnknownNameError(f"A line is a debit or a credit, not {self.side!r}.")
        if self.money.amount <= 0:
            raise InvalidTableError(
                f"A line of {self.money} moves nothing; write an amount above zero on its side."
            )

    @property
    def signed(self) -> Money:
        """The amount as a debit: a credit is below zero."""
        return self.money if self.side == "debit" else -self.money


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the journal.

    Attributes
    ----------
    day
        Day it counts for.
    text
        What happened.
    lines
        Its debits and credits.
    document
        Where the paper is that shows it.
    reverses
        Number of the entry that it takes back; 0 where it takes back none.
    """

    day: date
    text: str
    lines: tuple[Line, ...]
    document: str = ""
    reverses: int = 0


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry in the books.

    Attributes
    ----------
    number
        Its place in the books, from 1 without a gap; closings of periods have numbers too.
    entry
        What was posted.
    entered_by, approved_by
        Two different persons, by names that outlive them: ``person:12``.
    at
        When, ISO 8601 with the zone.
    previous, hash
        Hash of what stands before it, and its own.
    """

    number: int
    entry: Entry
    entered_by: str
    approved_by: str
    at: str
    previous: str
    hash: str


def check_entry(entry: Entry, accounts: Mapping[str, Account], funds: Iterable[str]) -> None:
    """Refuse an entry that cannot stand in the books.

    Raises
    ------
    UnbalancedEntryError
        If its debits are not its credits, in a currency or a fund.
    UnknownNameError
        If it names an account or a fund there is not.
    InvalidTableError
        If it says nothing, or has too many lines.

    Examples
    --------
    >>> from kulan.programme.money.amounts import money
    >>> cash, gifts = Account("1000", "Bank", "asset"), Account("4000", "Gifts", "income")
    >>> lines = (
    ...     Line("1000", "fence", "debit", money(50, "EUR")),
    ...     Line("4000", "fence", "credit", money(50, "EUR")),
    ... )
    >>> entry = Entry(date(2024, 5, 3), "A gift", lines)
    >>> check_entry(entry, {"1000": cash, "4000": gifts}, ["fence"])
    """
    known = frozenset(funds)
    if not entry.text.strip():
        raise InvalidTableError("An entry says what happened; write a text.")
    if not 2 <= len(entry.lines) <= MOST_LINES:
        raise InvalidTableError(
            f"An entry has from 2 to {MOST_LINES} lines, and this one has {len(entry.lines)}."
        )
    for line in entry.lines:
        if line.account not in accounts:
            raise UnknownNameError(f"There is no account {line.account!r} in these books.")
        if line.fund not in known:
            raise UnknownNameError(f"There is no fund {line.fund!r} in these books.")
    for (fund, currency), left in imbalance(entry.lines).items():
        raise UnbalancedEntryError(
            f"Debits and credits of fund {fund!r} differ by {left} {currency}. Change a line, or "
            "add the one that is missing."
        )


def imbalance(lines: Iterable[Line]) -> dict[tuple[str, str], Decimal]:
    """Return by how much debits exceed credits, for each fund and currency where they differ."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line.fund, line.money.currency] += line.signed.amount
    return {key: left for key, left in sorted(sums.items()) if left}


def check_open(day: date, closed_until: date | None) -> None:
    """Refuse a day in a period that is closed.

    Raises
    ------
    NotAllowedNowError
        Saying from which day on entries may be posted.
    """
    if closed_until is not None and day <= closed_until:
        raise NotAllowedNowError(
            f"The books are closed until {closed_until}; an entry of {day} would change them. Post "
            "it for a later day."
        )


def reversal_of(posted: Posted, others: Iterable[Posted], day: date, reason: str) -> Entry:
    """Return the entry that takes another one back: the same lines on the other sides.

    Raises
    ------
    NotAllowedNowError
        If it is reversed already, or is a reversal itself.
    InvalidTableError
        If no reason is given.
    """
    if posted.entry.reverses:
        raise NotAllowedNowError(
            f"Entry {posted.number} is a reversal itself. Enter what should stand as a new entry."
        )
    for other in others:
        if other.entry.reverses == posted.number:
            raise NotAllowedNowError(
                f"Entry {posted.number} has been reversed already, by entry {other.number}."
            )
    if not reason.strip():
        raise InvalidTableError("A reversal says why; write a reason.")
    if day < posted.entry.day:
        raise InvalidTableError(
            f"A reversal of {day} would come before what it takes back, of {posted.entry.day}."
        )
    return Entry(
        day=day,
        text=reason.strip(),
        lines=tuple(
            Line(line.account, line.fund, "credit" if line.side == "debit" else "debit", line.money)
            for line in posted.entry.lines
        ),
        document=posted.entry.document,
        reverses=posted.number,
    )


Balances = dict[tuple[str, str, str], Money]
"""(account, fund, currency) to its balance as a debit; a credit balance is below zero."""


def balances(entries: Iterable[Entry], *, until: date | None = None) -> Balances:
    """Return what stands on each account for each fund and currency at the end of a day.

    Parameters
    ----------
    entries
        Posted entries, in any order.
    until
        Last day that counts; None: all.
    """
    found: Balances = {}
    for entry in entries:
        if until is not None and entry.day > until:
            continue
        for line in entry.lines:
            key = (line.account, line.fund, line.money.currency)
            found[key] = found.get(key, zero(line.money.currency)) + line.signed
    return found


@dataclass(frozen=True, slots=True)
class TrialLine:
    """A line of a trial balance: an account's balance on its side."""

    account: str
    fund: str
    debit: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial balance: every account's balance, and the two sums that must be equal.

    Attributes
    ----------
    lines
        Accounts by code, fund and currency.
    sums
        Currency to debits and credits.
    """

    lines: tuple[TrialLine, ...]
    sums: dict[str, tuple[Money, Money]]

    @property
    def balanced(self) -> bool:
        """Whether debits are credits in every currency."""
        return all(debit == credit for debit, credit in self.sums.values())


def trial_balance(entries: Iterable[Entry], *, until: date | None = None) -> Trial:
    """Return the trial balance at the end of a day."""
    lines: list[TrialLine] = []
    sums: dict[str, tuple[Money, Money]] = {}
    for (account, fund, currency), balance in sorted(balances(entries, until=until).items()):
        nothing = zero(currency)
        debit = balance if balance.amount > 0 else nothing
        credit = -balance if balance.amount < 0 else nothing
        lines.append(TrialLine(account, fund, debit, credit))
        before = sums.get(currency, (nothing, nothing))
        sums[currency] = (before[0] + debit, before[1] + credit)
    return Trial(tuple(lines), sums)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of an account's statement, with the balance after it."""

    posted: Posted
    change: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """An account's statement for a fund and a currency over some days."""

    opening: Money
    lines: tuple[StatementLine, ...]
    closing: Money


def statement(
    books: Sequence[Posted], place: tuple[str, str, str], first: date, last: date
) -> Statement:
    """Return what moved on an account between two days, both counted.

    Parameters
    ----------
    books
        All posted entries.
    place
        Account, fund and currency.
    first, last
        The days.
    """
    nothing = zero(place[2])
    opening = balance = nothing
    lines: list[StatementLine] = []
    for posted in sorted(books, key=lambda one: (one.entry.day, one.number)):
        change = nothing
        for line in posted.entry.lines:
            if (line.account, line.fund, line.money.currency) == place:
                change = change + line.signed
        if posted.entry.day < first:
            opening = balance = balance + change
        elif posted.entry.day <= last and change != nothing:
            balance = balance + change
            lines.append(StatementLine(posted, change, balance))
    return Statement(opening, tuple(lines), balance)
