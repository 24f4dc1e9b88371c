"""What was delivered of a promise of money, computed from the entries of a fund's books."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kulan.programme.money.amounts import Money, zero
from kulan.programme.money.ledger import Account, Posted
from kulan.words import N_

STATES: dict[str, str] = {
    "nothing": N_("Nothing delivered"),
    "part": N_("Delivered in part"),
    "whole": N_("Delivered"),
}
NOT_COUNTED: dict[str, str] = {
    "missing": N_("there is no such entry in the books"),
    "reversed": N_("reversed by another entry"),
    "no_receipt": N_("nothing was received by it"),
    "other_currency": N_("in another currency than was promised"),
}
"""Why an entry that a promise names does not count."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that was received by an entry of the books."""

    number: int
    day: date
    money: Money


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was delivered of a promise.

    Attributes
    ----------
    promised, delivered
        The two sums, in the currency of the promise.
    state
        Of `STATES`.
    delivered_on
        Day on which the whole had been received; None before.
    receipts
        What counts, oldest first.
    not_counted
        Numbers of entries that do not, each with why: of `NOT_COUNTED`.
    """

    promised: Money
    delivered: Money
    state: str
    delivered_on: date | None
    receipts: tuple[Receipt, ...]
    not_counted: tuple[tuple[int, str], ...]


def delivery(
    promised: Money,
    numbers: Iterable[int],
    books: Iterable[Posted],
    accounts: Mapping[str, Account],
) -> Delivery:
    """Return what was delivered of a promise, by the entries that are named for it.

    An entry delivers by how much assets are more after it: money in the bank, or a thing handed
    over. What only moves from one account to another delivers nothing, and neither does an entry
    that was reversed.

    Parameters
    ----------
    promised
        How much was promised.
    numbers
        Entries named for the promise.
    books
        All entries.
    accounts
        The plan of accounts.
    """
    posted = {one.number: one for one in books}
    taken_back = {one.entry.reverses for one in posted.values() if one.entry.reverses}
    receipts, left = [], []
    for number in sorted(set(numbers)):
        received, why = _received(posted.get(number), promised.currency, accounts)
        if number in taken_back:
            why = "reversed"
        if why or received is None:
            left.append((number, why))
        else:
            receipts.append(Receipt(number, posted[number].entry.day, received))
    receipts.sort(key=lambda one: (one.day, one.number))
    delivered, whole_on = zero(promised.currency), None
    for one in receipts:
        delivered += one.money
        if whole_on is None and promised <= delivered:
            whole_on = one.day
    state = "whole" if whole_on else "part" if receipts else "nothing"
    return Delivery(promised, delivered, state, whole_on, tuple(receipts), tuple(left))


def _received(
    one: Posted | None, currency: str, accounts: Mapping[str, Account]
) -> tuple[Money | None, str]:
    if one is None:
        return None, "missing"
    changes: dict[str, Money] = {}
    for line in () if one.entry.reverses else one.entry.lines:
        account = accounts.get(line.account)
        if account and account.kind == "asset":
            change = line.money if line.side == "debit" else -line.money
            before = changes.get(change.currency, zero(change.currency))
            changes[change.currency] = before + change
    received = {code: change for code, change in changes.items() if change.amount > 0}
    if currency not in received:
        return None, "other_currency" if received else "no_receipt"
    return received[currency], ""
