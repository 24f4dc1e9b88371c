"""Pages of the mitigation fund's books."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.errors import InvalidTableError, UnbalancedEntryError
from kulan.exchange.money_files import journal_rows, write_rows
from kulan.programme.money import Money, Posted, statement, trial_balance
from kulan.programme.money.audit import FINDINGS
from kulan.programme.money.ledger import ACCOUNT_KINDS
from kulan.programme.money.tables import MONEY_JOURNAL
from kulan.report.reader import Reader
from kulan.web.people.models import User
from kulan.web.programme.money import books
from kulan.web.programme.money.book_forms import (
    AccountForm,
    ClosingForm,
    DecisionForm,
    EntryForm,
    FundForm,
    ReversalForm,
    StatementForm,
)
from kulan.web.programme.money.funding_views import form_page
from kulan.web.programme.money.gap_views import page
from kulan.web.programme.money.models import Draft, JournalRecord, LedgerAccount, LedgerFund
from kulan.web.programme.money.permissions import check_may_keep_money, may_read_books
from kulan.web.programme.money.telling import money_told
from kulan.web.programme.money.terms import DraftKind, DraftState
from kulan.web.programme.registers.delivering import promises_of_entries

_PER_PAGE = 25


def _check_reader(request: HttpRequest) -> HttpResponse | None:
    """Ask a visitor to sign in; hide the books from who has no part in them.

    Raises
    ------
    Http404
        If the reader has no role.
    """
    if not request.viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    if not may_read_books(request.viewer):
        raise Http404
    return None


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show drafts that wait, the journal, the trial balance, and what the audit finds."""
    if refused := _check_reader(request):
        return refused
    words = request.words
    rows = JournalRecord.objects.order_by("-number")
    shown = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    names = _names_of({*_people_of(shown), *()})
    drafts = Draft.objects.filter(state=DraftState.WAITING).select_related("entered_by")
    entries = books.posted_entries()
    closed = books.closed_until()
    reversed_by = {one.entry.reverses: one.number for one in entries if one.entry.reverses}
    promises = promises_of_entries(request.viewer, Reader(words))
    return page(
        request, "money_books", "books",
        journal=[_record_told(one, names, reversed_by, request) for one in shown], shown=shown,
        promises=promises,
        drafts=[_draft_told(one, request) for one in drafts], trial=_trial_told(entries, request),
        accounts=LedgerAccount.objects.all(), funds=LedgerFund.objects.all(),
        kinds={code: words.say(name) for code, name in ACCOUNT_KINDS.items()},
        closed=words.day(closed) if closed else "",
        statement_form=StatementForm(initial=_this_year()), decision=DecisionForm(),
        account_form=AccountForm(), fund_form=FundForm(), closing_form=ClosingForm(),
    )  # fmt: skip


def _this_year() -> dict[str, Any]:
    today = timezone.localdate()
    return {"first": date(today.year, 1, 1), "last": today, "currency": "USD"}


def _people_of(rows: Any) -> set[str]:
    return {name for one in rows for name in (one.entered_by, one.approved_by)}


def _names_of(people: set[str]) -> dict[str, str]:
    keys = {name: int(name.removeprefix("person:")) for name in people}
    users = {one.pk: one.name for one in User.objects.filter(pk__in=keys.values())}
    return {name: users.get(key, name) for name, key in keys.items()}


def _lines_told(row: Draft | JournalRecord, request: HttpRequest) -> list[dict[str, str]]:
    accounts = {one.code: str(one) for one in LedgerAccount.objects.all()}
    funds = books.funds()
    return [
        {
            "account": accounts.get(line.account, line.account),
            "fund": funds.get(line.fund, line.fund),
            "debit": money_told(line.money, request.words) if line.side == "debit" else "",
            "credit": money_told(line.money, request.words) if line.side == "credit" else "",
        }
        for line in books.lines_of(row.lines)
    ]


def _record_told(
    row: JournalRecord, names: dict[str, str], reversed_by: dict[int, int], request: HttpRequest
) -> dict[str, Any]:
    return {
        "row": row,
        "day": request.words.day(row.day),
        "lines": _lines_told(row, request),
        "entered_by": names[row.entered_by],
        "approved_by": names[row.approved_by],
        "closing": row.kind == DraftKind.CLOSING,
        "reversed_by": reversed_by.get(row.number, 0),
    }


def _draft_told(row: Draft, request: HttpRequest) -> dict[str, Any]:
    return {
        "row": row,
        "day": request.words.day(row.day),
        "lines": _lines_told(row, request),
        "closing": row.kind == DraftKind.CLOSING,
        "own": row.entered_by_id == request.viewer.user_id,
    }


def _trial_told(entries: list[Posted], request: HttpRequest) -> dict[str, Any]:
    words, trial = request.words, trial_balance(one.entry for one in entries)
    accounts = {one.code: str(one) for one in LedgerAccount.objects.all()}
    funds = books.funds()

    def told(amount: Money) -> str:
        return money_told(amount, words) if amount.amount else ""

    return {
        "balanced": trial.balanced,
        "lines": [
            {
                "account": accounts.get(one.account, one.account),
                "fund": funds.get(one.fund, one.fund),
                "debit": told(one.debit),
                "credit": told(one.credit),
            }
            for one in trial.lines
        ],
        "sums": [
            (money_told(debits, words), money_told(credit, words))
            for debits, credit in trial.sums.values()
        ],
    }


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Draft an entry."""
    if refused := _check_reader(request):
        return refused
    check_may_keep_money(request.viewer)
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            books.enter(request.viewer, form.entry())
        except (UnbalancedEntryError, InvalidTableError) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, request.words.say("Entered. A second person posts it."))
            return redirect("money_books")
    faults = bool(form.errors or any(one.errors for one in form.lines)) and form.is_bound
    return page(request, "money_books", "entry", form=form, status=422 if faults else 200)


@require_POST
def decide(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Post a draft, or refuse it."""
    if refused := _check_reader(request):
        return refused
    draft, form = get_object_or_404(Draft, uid=uid), DecisionForm(request.POST)
    check_may_keep_money(request.viewer)
    say = request.words.say
    if not form.is_valid():
        return form_page(request, form, say("Post or refuse?"), "money_books")
    if form.cleaned_data["decision"] == "post":
        row = books.approve(request.viewer, draft)
        messages.success(request, say("Posted as number {number}.", number=row.number))
    else:
        books.refuse(request.viewer, draft, form.cleaned_data["note"])
        messages.success(request, say("Refused."))
    return redirect("money_books")


@require_http_methods(["GET", "POST"])
def reverse(request: HttpRequest, number: int) -> HttpResponse:
    """Draft the reversal of an entry."""
    if refused := _check_reader(request):
        return refused
    row = get_object_or_404(JournalRecord, number=number, kind=DraftKind.ENTRY)
    check_may_keep_money(request.viewer)
    form = ReversalForm(request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            books.enter_reversal(request.viewer, row.number, found["day"], found["reason"])
        except InvalidTableError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, request.words.say("Entered. A second person posts it."))
            return redirect("money_books")
    title = request.words.say("Reverse entry {number}: {what}", number=row.number, what=row.text)
    return form_page(request, form, title, "money_books")


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Draft the closing of a period."""
    return _small(request, ClosingForm, lambda found: books.enter_closing(
        request.viewer, found["last_day"]
    ))  # fmt: skip


@require_POST
def add_account(request: HttpRequest) -> HttpResponse:
    """Add an account."""
    return _small(request, AccountForm, lambda found: books.add_account(request.viewer, **found))


@require_POST
def add_fund(request: HttpRequest) -> HttpResponse:
    """Add a fund."""
    return _small(request, FundForm, lambda found: books.add_fund(request.viewer, **found))


def _small(request: HttpRequest, form_class: Any, act: Any) -> HttpResponse:
    if refused := _check_reader(request):
        return refused
    check_may_keep_money(request.viewer)
    form, say = form_class(request.POST), request.words.say
    if form.is_valid():
        act(form.cleaned_data)
        messages.success(request, say("Saved."))
        return redirect("money_books")
    return form_page(request, form, say("Something is not right yet"), "money_books")


@require_GET
def account_statement(request: HttpRequest) -> HttpResponse:
    """Show an account's statement."""
    if refused := _check_reader(request):
        return refused
    form, words = StatementForm(request.GET or None, initial=_this_year()), request.words
    told: dict[str, Any] | None = None
    if form.is_bound and form.is_valid():
        found = form.cleaned_data
        place = (found["account"], found["fund"], found["currency"])
        made = statement(books.posted_entries(), place, found["first"], found["last"])
        told = {
            "opening": money_told(made.opening, words),
            "closing": money_told(made.closing, words),
            "lines": [
                {
                    "number": one.posted.number,
                    "day": words.day(one.posted.entry.day),
                    "text": one.posted.entry.text,
                    "change": money_told(one.change, words),
                    "balance": money_told(one.balance, words),
                }
                for one in made.lines
            ],
            "before": words.day(found["first"] - timedelta(1)),
            "after": words.day(found["last"]),
        }
    return page(request, "money_books", "statement", form=form, told=told)


@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Show what an audit of the books finds."""
    if refused := _check_reader(request):
        return refused
    words = request.words
    found = [words.say(FINDINGS[one.code], number=one.number) for one in books.findings()]
    last = JournalRecord.objects.order_by("-number").first()
    return page(request, "money_books", "audit", findings=found, last=last)


@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """Answer the whole journal as a file, which `kulan programme money ledger` checks and sums."""
    if refused := _check_reader(request):
        return refused
    content = write_rows(journal_rows(books.journal()), MONEY_JOURNAL)
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="journal.csv"',
            "Cache-Control": "private, no-cache",
        },
    )
