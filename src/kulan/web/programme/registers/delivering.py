"""Promises of companies and what was delivered of them by the mitigation fund's books."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from kulan.errors import AccessDeniedError, KulanError, NotAllowedNowError
from kulan.programme.dates import first_day
from kulan.programme.money import Account, Delivery, Money, Posted, delivery
from kulan.programme.money.amounts import money
from kulan.programme.money.promises import NOT_COUNTED, STATES
from kulan.programme.registers import Register
from kulan.report.reader import Reader
from kulan.web.language import current_words
from kulan.web.policy import Viewer
from kulan.web.policy.registers import visible_records
from kulan.web.programme.money import books
from kulan.web.programme.money.models import JournalRecord
from kulan.web.programme.money.permissions import may_keep_money, may_read_books
from kulan.web.programme.money.telling import money_told
from kulan.web.programme.money.terms import DraftKind
from kulan.web.programme.registers.models import Record
from kulan.web.programme.registers.telling import heading

LOOKS = {"nothing": "badge-caution", "part": "badge-caution", "whole": "badge-good"}
_JOURNAL_PAGE = 25


class Deliveries:
    """The fund's books, read once and only if a promise names an entry."""

    @cached_property
    def _books(self) -> list[Posted]:
        return books.posted_entries()

    @cached_property
    def _accounts(self) -> dict[str, Account]:
        return books.accounts()

    def of(self, data: Mapping[str, Any]) -> Delivery | None:
        """Return what was delivered of a promise by the books; None where it names no entry.

        Parameters
        ----------
        data
            The whole record: that it was delivered, and when, is for whoever may know of it; the
            amounts are told to those alone who read them.
        """
        promised = promised_of(data)
        if not data.get("entries") or promised is None:
            return None
        numbers = [int(number) for number in data["entries"]]
        return delivery(promised, numbers, self._books, self._accounts)


def promised_of(data: Mapping[str, Any]) -> Money | None:
    """Return what was promised; None where it is no sum of money."""
    try:
        return money(Decimal(str(data["amount"])), str(data["currency"]).strip().upper())
    except (KeyError, KulanError):
        return None


def unknown_entries(numbers: list[str]) -> list[str]:
    """Return the numbers that no entry of the books has."""
    wanted = [int(number) for number in numbers]
    rows = JournalRecord.objects.filter(number__in=wanted, kind=DraftKind.ENTRY)
    known = set(rows.values_list("number", flat=True))
    return [number for number in numbers if int(number) not in known]


def settled_entries(
    viewer: Viewer, one: Register, data: dict[str, Any], given: Any, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return content in which entries of the books are named by nobody who does not keep them.

    Parameters
    ----------
    viewer
        Who writes.
    one
        The register.
    data
        The content as it is to be.
    given
        Names of the fields that were written; entries that were not stay as they are.
    before
        The content as it is now; empty for a new record.

    Raises
    ------
    AccessDeniedError
        If the entries are other ones, and the viewer does not keep the programme's money.
    """
    if may_keep_money(viewer):
        return data
    kept = dict(data)
    for name in (field.name for field in one.fields if field.kind == "entries"):
        stands = before.get(name, [])
        if name not in given:
            kept.pop(name, None)
            kept |= {name: stands} if stands else {}
        elif set(data.get(name, [])) != set(stands):
            say = current_words().say
            raise AccessDeniedError(
                say("The secretariat alone says by which entries of the books it was received.")
            )
    return kept


def check_named_once(record: Record, before: Mapping[str, Any]) -> None:
    """Refuse that two promises name one entry; called within the transaction that names it.

    Raises
    ------
    NotAllowedNowError
        If an entry this record names anew is another's already.
    """
    new = {
        int(number)
        for field in record.declared.fields
        if field.kind == "entries"
        for number in set(record.data.get(field.name, [])) - set(before.get(field.name, []))
    }
    if not new:
        return
    # who names the same entry at the same time waits here, where the database has locks of rows
    list(JournalRecord.objects.select_for_update().filter(number__in=new).order_by("number"))
    others = Record.objects.filter(register=record.register, withdrawn_at=None)
    for other in others.exclude(pk=record.pk):
        if both := sorted(new & {int(number) for number in other.data.get("entries", [])}):
            say = current_words().say
            raise NotAllowedNowError(
                say("Entry {number} is named by another commitment already.", number=both[0])
            )


@dataclass(frozen=True)
class Promise:
    """A promise and its delivery as a page tells them.

    Attributes
    ----------
    steps
        What happened or is due, in the order of days: words, day, and a note.
    state, look
        The computed state, and the look of its badge; empty where nothing can be computed.
    late
        Whether it is due and was not delivered.
    sums
        Delivered of promised, in words; empty for those who may not read amounts.
    receipts
        Number, day, amount and address of each entry that counts, for those who read the books.
    left
        Entries that do not count, with why; for the same.
    """

    steps: tuple[tuple[str, str, str], ...]
    state: str
    look: str
    late: bool
    sums: str
    receipts: tuple[tuple[int, str, str, str], ...]
    left: tuple[str, ...]


def promise_told(
    viewer: Viewer, record: Record, seen: Mapping[str, Any], reader: Reader, on: date
) -> Promise:
    """Return a promise and its delivery for a reader; see `Promise`."""
    found = Deliveries().of(record.data)
    say, words = reader.say, reader.words
    delivered_on = seen.get("delivered_on", "")
    if found is not None:
        delivered_on = found.delivered_on.isoformat() if found.delivered_on else ""
    steps = [(say("Promised"), reader.day(seen["promised_on"]), "")]
    if seen.get("due_on"):
        steps.append((say("Due"), reader.day(seen["due_on"]), ""))
    if delivered_on:
        by = say("by the fund's books") if found else say("as those say who keep this record")
        steps.append((say("Delivered"), reader.day(delivered_on), by))
    due = seen.get("due_on", "")
    sums, receipts, left = "", (), ()
    if found and "amount" in seen:
        sums = say(
            "{delivered} of {promised}",
            delivered=money_told(found.delivered, words),
            promised=money_told(found.promised, words),
        )
    if found and "entries" in seen and may_read_books(viewer):
        receipts = tuple(
            (
                one.number,
                words.day(one.day),
                money_told(one.money, words),
                entry_address(one.number),
            )
            for one in found.receipts
        )
        left = tuple(
            say("Entry {number} does not count: {why}.", number=number, why=say(NOT_COUNTED[why]))
            for number, why in found.not_counted
        )
    return Promise(
        steps=tuple(steps),
        state=say(STATES[found.state]) if found else "",
        look=LOOKS[found.state] if found else "",
        late=bool(due) and not delivered_on and first_day(due) < on,
        sums=sums,
        receipts=receipts,
        left=left,
    )


def entry_address(number: int) -> str:
    """Return where an entry stands in the journal, which begins with the newest."""
    from django.urls import reverse  # noqa: PLC0415  the addresses name this module's pages

    newer = JournalRecord.objects.filter(number__gt=number).count()
    return f"{reverse('money_books')}?page={newer // _JOURNAL_PAGE + 1}#entry-{number}"


def promises_of_entries(viewer: Viewer, reader: Reader) -> dict[int, list[tuple[str, Record]]]:
    """Return the promises that name entries of the books, as far as they exist for the viewer."""
    named: dict[int, list[tuple[str, Record]]] = {}
    for record in visible_records(viewer, "commitments").filter(withdrawn_at=None):
        for number in record.data.get("entries", []):
            named.setdefault(int(number), []).append((heading(record, reader), record))
    return named
