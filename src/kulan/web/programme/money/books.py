"""The mitigation fund's books: entries are drafted by one person and posted by another."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from kulan.errors import AccessDeniedError, InvalidTableError, NotAllowedNowError
from kulan.programme.money import (
    Account,
    Closing,
    Entry,
    Finding,
    Line,
    Money,
    Posted,
    audit,
    check_entry,
    close_period,
    post,
    reversal_of,
)
from kulan.programme.money.audit import BEGINNING, Record
from kulan.programme.money.ledger import check_open
from kulan.web.events.models import Event
from kulan.web.events.record import record as record_event
from kulan.web.language import current_words
from kulan.web.policy import Viewer
from kulan.web.programme.money.models import Draft, JournalRecord, LedgerAccount, LedgerFund
from kulan.web.programme.money.permissions import check_may_keep_money
from kulan.web.programme.money.terms import DraftKind, DraftState

_WITNESS = "money_record_posted"


def accounts() -> dict[str, Account]:
    """Return the plan of accounts."""
    rows = LedgerAccount.objects.all()
    return {one.code: Account(one.code, one.name, one.kind) for one in rows}


def funds() -> dict[str, str]:
    """Return the funds: code to name."""
    return dict(LedgerFund.objects.values_list("code", "name"))


def lines_of(rows: Sequence[Sequence[str]]) -> tuple[Line, ...]:
    """Return lines from what is kept of them."""
    return tuple(
        Line(account, fund, side, Money(Decimal(amount), currency))
        for account, fund, side, amount, currency in rows
    )


def entry_of(row: Draft | JournalRecord) -> Entry:
    """Return a row as an entry."""
    return Entry(row.day, row.text, lines_of(row.lines), row.document, row.reverses)


def record_of(row: JournalRecord) -> Record:
    """Return a row of the books as the library knows it."""
    common: tuple[Any, ...] = (
        row.entered_by, row.approved_by, row.posted_at, row.previous, row.hash,
    )  # fmt: skip
    if row.kind == DraftKind.CLOSING:
        return Closing(row.number, row.day, *common)
    return Posted(row.number, entry_of(row), *common)


def journal() -> list[Record]:
    """Return everything in the books, by number."""
    return [record_of(one) for one in JournalRecord.objects.all()]


def posted_entries() -> list[Posted]:
    """Return the entries in the books, by number."""
    return [one for one in journal() if isinstance(one, Posted)]


def closed_until() -> Any:
    """Return the last day of the last closed period; None where none is closed."""
    rows: QuerySet[JournalRecord] = JournalRecord.objects.filter(kind=DraftKind.CLOSING)
    return rows.order_by("-day").values_list("day", flat=True).first()


def enter(viewer: Viewer, entry: Entry) -> Draft:
    """Draft an entry, for a second person to post.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the books.
    UnbalancedEntryError
        If debits are not credits.
    NotAllowedNowError
        If the day lies in a closed period.
    """
    check_may_keep_money(viewer)
    _check(entry)
    return _draft(viewer, entry, DraftKind.ENTRY)


def enter_reversal(viewer: Viewer, number: int, day: Any, reason: str) -> Draft:
    """Draft the reversal of an entry.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the books.
    NotAllowedNowError
        If the entry is reversed already, or a draft that does so waits.
    """
    check_may_keep_money(viewer)
    books = posted_entries()
    original = next((one for one in books if one.number == number), None)
    if original is None:
        raise InvalidTableError(f"There is no entry {number} in the books.")
    entry = reversal_of(original, books, day, reason)
    _check(entry)
    return _draft(viewer, entry, DraftKind.ENTRY)


def enter_closing(viewer: Viewer, last_day: Any) -> Draft:
    """Draft the closing of the books up to a day.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the books.
    NotAllowedNowError
        If they are closed until then already, or entries of the period wait.
    """
    check_may_keep_money(viewer)
    _check_closing(last_day)
    return _draft(viewer, Entry(last_day, "", ()), DraftKind.CLOSING)


def approve(viewer: Viewer, draft: Draft) -> JournalRecord:
    """Post what another person has drafted.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the books, or drafted it.
    NotAllowedNowError
        If it is decided already, or the period was closed meanwhile.
    """
    _check_second(viewer, draft)
    try:
        with transaction.atomic():
            _decide(viewer, draft, DraftState.POSTED, "")
            row = _post(draft, f"person:{viewer.user_id}")
            record_event(
                _WITNESS,
                ("journalrecord", str(row.number), str(row)),
                by=viewer,
                number=row.number,
                hash=row.hash,
            )
    except IntegrityError:  # two were posted in one moment: both wanted the same number
        say = current_words().say
        raise NotAllowedNowError(
            say("Something else was posted in the same moment. Try again.")
        ) from None
    return row


def refuse(viewer: Viewer, draft: Draft, note: str) -> None:
    """Refuse what another person has drafted, or take back one's own draft.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the books.
    NotAllowedNowError
        If it is decided already.
    """
    check_may_keep_money(viewer)
    with transaction.atomic():
        _decide(viewer, draft, DraftState.REFUSED, note)
        record_event("money_draft_refused", draft, by=viewer)


def findings() -> tuple[Finding, ...]:
    """Return everything that is wrong with the books, held against the audit trail too."""
    noted = Event.objects.filter(kind=_WITNESS).values_list("details", flat=True)
    witnesses = {int(one["number"]): str(one["hash"]) for one in noted}
    return audit(journal(), witnesses=witnesses)


def add_account(viewer: Viewer, code: str, name: str, kind: str) -> None:
    """Add an account to the plan of accounts.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the books.
    """
    check_may_keep_money(viewer)
    Account(code, name, kind)
    _add(viewer, LedgerAccount(code=code, name=name, kind=kind), "ledger_account_added")


def add_fund(viewer: Viewer, code: str, name: str) -> None:
    """Add a fund to the books.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the books.
    """
    check_may_keep_money(viewer)
    _add(viewer, LedgerFund(code=code, name=name), "ledger_fund_added")


def _add(viewer: Viewer, row: Any, kind: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record_event(kind, row, by=viewer)
    except IntegrityError:
        say = current_words().say
        raise NotAllowedNowError(say("The books have one of this code already.")) from None


def _check(entry: Entry) -> None:
    check_entry(entry, accounts(), funds())
    check_open(entry.day, closed_until())


def _check_closing(last_day: Any, *, but: int | None = None) -> None:
    say = current_words().say
    check_open(last_day, closed_until())
    if last_day >= timezone.localdate():
        raise NotAllowedNowError(
            say("A period is closed when it is over: name a day before today.")
        )
    waiting = Draft.objects.filter(state=DraftState.WAITING, day__lte=last_day).exclude(pk=but)
    if waiting.exists():
        raise NotAllowedNowError(
            say("Drafts of this period wait for a second person. Have them decided first.")
        )


def _draft(viewer: Viewer, entry: Entry, kind: str) -> Draft:
    rows = [
        [one.account, one.fund, one.side, str(one.money.amount), one.money.currency]
        for one in entry.lines
    ]
    try:
        with transaction.atomic():
            draft = Draft.objects.create(
                kind=kind, day=entry.day, text=entry.text, document=entry.document, lines=rows,
                reverses=entry.reverses, entered_by_id=viewer.user_id,
            )  # fmt: skip
            record_event("money_draft_entered", draft, by=viewer)
    except IntegrityError:
        say = current_words().say
        raise NotAllowedNowError(say("A reversal of this entry waits already.")) from None
    return draft


def _check_second(viewer: Viewer, draft: Draft) -> None:
    check_may_keep_money(viewer)
    if draft.entered_by_id == viewer.user_id:
        say = current_words().say
        raise AccessDeniedError(
            say("You entered this yourself, and a second person posts it. Ask a colleague.")
        )


def _decide(viewer: Viewer, draft: Draft, state: str, note: str) -> None:
    own = draft.entered_by_id == viewer.user_id
    done = Draft.objects.filter(pk=draft.pk, state=DraftState.WAITING).update(
        state=state,
        decided_by_id=None if own else viewer.user_id,
        decided_at=timezone.now(),
        note=note,
    )
    if not done:
        say = current_words().say
        raise NotAllowedNowError(say("This has been decided already. Load the page again."))


def _post(draft: Draft, approved_by: str) -> JournalRecord:
    last = JournalRecord.objects.order_by("-number").first()
    place: dict[str, Any] = {
        "number": last.number + 1 if last else 1,
        "previous": last.hash if last else BEGINNING,
        "by": (f"person:{draft.entered_by_id}", approved_by),
        "at": timezone.now().isoformat(timespec="seconds"),
    }
    made: Record
    if draft.kind == DraftKind.CLOSING:
        _check_closing(draft.day, but=draft.pk)
        made = close_period(draft.day, **place)
    else:
        entry = entry_of(draft)
        _check(entry)
        if entry.reverses:
            _check_mirror(entry)
        made = post(entry, **place)
    row = JournalRecord(
        kind=draft.kind, day=draft.day, text=draft.text, document=draft.document,
        lines=draft.lines, reverses=draft.reverses, number=made.number, previous=made.previous,
        entered_by=made.entered_by, approved_by=made.approved_by, posted_at=made.at, hash=made.hash,
    )  # fmt: skip
    row.save()
    return row


def _check_mirror(entry: Entry) -> None:
    books = posted_entries()
    original = next(one for one in books if one.number == entry.reverses)
    reversal_of(original, books, entry.day, entry.text)
