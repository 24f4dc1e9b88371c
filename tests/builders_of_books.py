"""Books of the tests."""

from datetime import date

from kulan.programme.money import Account, Entry, Line, money, post
from kulan.programme.money.audit import BEGINNING

ACCOUNTS = {
    one.code: one
    for one in (
        Account("1000", "Bank", "asset"),
        Account("2000", "Owed to contractors", "liability"),
        Account("4000", "Contributions", "income"),
        Account("5000", "Mitigation works", "expense"),
    )
}
FUNDS = ("fences", "monitoring")
DAY = date(2024, 5, 3)


def make_entry(
    amount="100.00", *, debit="1000", credit="4000", fund="fences", currency="EUR", day=DAY
):
    given = money(amount, currency)
    lines = (Line(debit, fund, "debit", given), Line(credit, fund, "credit", given))
    return Entry(day, "A contribution", lines)


def make_books(entries):
    books, previous = [], BEGINNING
    for number, entry in enumerate(entries, start=1):
        posted = post(
            entry,
            number=number,
            previous=previous,
            by=("person:1", "person:2"),
            at="2024-05-03T10:00Z",
        )
        books.append(posted)
        previous = posted.hash
    return books
