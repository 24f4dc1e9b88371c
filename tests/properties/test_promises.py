"""Laws of promises: more receipts never deliver less; the day is the one that completes the sum."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kulan.programme.money import Account, Entry, Line, Money, delivery, post

ACCOUNTS = {"1": Account("1", "Bank", "asset"), "4": Account("4", "Gifts", "income")}
_ORDER = {"nothing": 0, "part": 1, "whole": 2}


def books_of(amounts, days):
    posted, previous = [], ""
    for number, (amount, day) in enumerate(zip(amounts, days, strict=True), start=1):
        sum_ = Money(Decimal(amount), "USD")
        entry = Entry(day, "", (Line("1", "f", "debit", sum_), Line("4", "f", "credit", sum_)))
        one = post(entry, number=number, previous=previous, by=("person:1", "person:2"), at="x")
        posted.append(one)
        previous = one.hash
    return posted


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 400)), max_size=8), st.data())
def test_more_receipts_never_deliver_less(rows, data):
    days = [date(2024, 1, 1) + timedelta(days) for _, days in rows]
    books = books_of([amount for amount, _ in rows], days)
    named = data.draw(st.sets(st.integers(1, len(rows) + 1)))
    more = named | data.draw(st.sets(st.integers(1, len(rows) + 1)))
    promised = Money(Decimal(100), "USD")
    less, all_ = (delivery(promised, numbers, books, ACCOUNTS) for numbers in (named, more))
    assert less.delivered <= all_.delivered
    assert _ORDER[less.state] <= _ORDER[all_.state]
    if less.delivered_on:
        assert all_.delivered_on <= less.delivered_on


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 400)), min_size=1, max_size=8))
def test_the_whole_is_delivered_on_the_first_day_that_had_it_all(rows):
    days = [date(2024, 1, 1) + timedelta(days) for _, days in rows]
    books = books_of([amount for amount, _ in rows], days)
    found = delivery(Money(Decimal(60), "USD"), range(1, len(rows) + 1), books, ACCOUNTS)
    by_day = [
        day
        for day in sorted(set(days))
        if sum(amount for (amount, _), d in zip(rows, days, strict=True) if d <= day) >= 60
    ]
    assert found.delivered_on == (by_day[0] if by_day else None)
    assert (found.state == "whole") is bool(by_day)
