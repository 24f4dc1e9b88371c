from dataclasses import replace
from datetime import date

import pytest

from builders_of_books import ACCOUNTS, DAY, FUNDS, make_books, make_entry
from kulan.errors import (
    InvalidTableError,
    NotAllowedNowError,
    UnbalancedEntryError,
    UnknownNameError,
)
from kulan.programme.money import (
    Entry,
    Line,
    audit,
    check_entry,
    close_period,
    money,
    reversal_of,
    statement,
    trial_balance,
)
from kulan.programme.money.ledger import check_open


def test_debits_that_are_not_credits_are_refused_with_the_difference():
    entry = replace(make_entry(), lines=(
        Line("1000", "fences", "debit", money(100, "EUR")),
        Line("4000", "fences", "credit", money(90, "EUR")),
    ))  # fmt: skip
    with pytest.raises(UnbalancedEntryError, match=r"'fences' differ by 10\.00 EUR"):
        check_entry(entry, ACCOUNTS, FUNDS)


def test_two_currencies_do_not_make_up_for_one_another():
    entry = replace(make_entry(), lines=(
        Line("1000", "fences", "debit", money(100, "EUR")),
        Line("4000", "fences", "credit", money(100, "USD")),
    ))  # fmt: skip
    with pytest.raises(UnbalancedEntryError):
        check_entry(entry, ACCOUNTS, FUNDS)


def test_two_funds_do_not_make_up_for_one_another():
    entry = replace(make_entry(), lines=(
        Line("1000", "fences", "debit", money(100, "EUR")),
        Line("4000", "monitoring", "credit", money(100, "EUR")),
    ))  # fmt: skip
    with pytest.raises(UnbalancedEntryError):
        check_entry(entry, ACCOUNTS, FUNDS)


@pytest.mark.parametrize(("place", "known"), [("debit", "1999"), ("fund", "trees")])
def test_an_account_or_fund_there_is_not_is_refused(place, known):
    with pytest.raises(UnknownNameError, match=known):
        check_entry(make_entry(**{place: known}), ACCOUNTS, FUNDS)


def test_a_line_of_nothing_and_an_entry_without_words_are_refused():
    with pytest.raises(InvalidTableError):
        Line("1000", "fences", "debit", money(0, "EUR"))
    with pytest.raises(InvalidTableError):
        check_entry(replace(make_entry(), text=" "), ACCOUNTS, FUNDS)
    with pytest.raises(InvalidTableError):
        check_entry(Entry(DAY, "Nothing", ()), ACCOUNTS, FUNDS)


def test_a_closed_day_takes_no_entry_and_the_next_one_does():
    check_open(date(2024, 7, 1), date(2024, 6, 30))
    with pytest.raises(NotAllowedNowError, match="closed until 2024-06-30"):
        check_open(date(2024, 6, 30), date(2024, 6, 30))


def test_an_entry_is_reversed_once_and_a_reversal_never():
    books = make_books([make_entry()])
    back = reversal_of(books[0], books, DAY, "Wrong amount")
    books = make_books([make_entry(), back])
    with pytest.raises(NotAllowedNowError, match="already, by entry 2"):
        reversal_of(books[0], books, DAY, "Again")
    with pytest.raises(NotAllowedNowError, match="reversal itself"):
        reversal_of(books[1], books, DAY, "Back again")


def test_a_reversal_says_why_and_comes_after():
    books = make_books([make_entry()])
    with pytest.raises(InvalidTableError):
        reversal_of(books[0], books, DAY, " ")
    with pytest.raises(InvalidTableError):
        reversal_of(books[0], books, date(2024, 5, 2), "Before")


def test_a_statement_begins_with_what_stood_before():
    books = make_books(
        [
            make_entry("100.00", day=date(2024, 1, 5)),
            make_entry("30.00", debit="5000", credit="1000", day=date(2024, 2, 5)),
            make_entry("7.00", day=date(2024, 3, 5)),
        ]
    )
    found = statement(books, ("1000", "fences", "EUR"), date(2024, 2, 1), date(2024, 2, 29))
    assert [str(found.opening), str(found.closing)] == ["100.00 EUR", "70.00 EUR"]
    assert [str(line.change) for line in found.lines] == ["-30.00 EUR"]


def test_a_trial_balance_has_each_account_on_its_side():
    trial = trial_balance([make_entry("100.00"), make_entry("30.00", debit="5000", credit="1000")])
    assert trial.balanced
    told = [(one.account, str(one.debit.amount), str(one.credit.amount)) for one in trial.lines]
    assert told == [
        ("1000", "70.00", "0.00"), ("4000", "0.00", "100.00"), ("5000", "30.00", "0.00"),
    ]  # fmt: skip


def codes(records, **witnesses):
    return {one.code for one in audit(records, **witnesses)}


def test_sound_books_have_no_findings():
    books = make_books([make_entry(), make_entry("2.00")])
    assert audit(books, witnesses={one.number: one.hash for one in books}) == ()


def test_a_changed_amount_is_found():
    books = make_books([make_entry(), make_entry("2.00")])
    books[0] = replace(books[0], entry=make_entry("999.00"))
    assert codes(books) == {"content_changed"}


def test_a_change_with_its_hash_made_anew_breaks_the_chain():
    books = make_books([make_entry(), make_entry("2.00")])
    books[0] = make_books([make_entry("999.00")])[0]
    assert codes(books) == {"chain_broken"}


def test_an_entry_taken_out_is_found():
    books = make_books([make_entry(), make_entry("2.00"), make_entry("3.00")])
    assert {"number_missing", "chain_broken"} <= codes([books[0], books[2]])


def test_what_is_cut_off_at_the_end_is_known_to_the_witness():
    books = make_books([make_entry(), make_entry("2.00")])
    assert codes(books[:1]) == set()
    assert codes(books[:1], witnesses={2: books[1].hash}) == {"cut_off"}


def test_books_written_anew_from_the_beginning_differ_from_the_witness():
    books, forged = make_books([make_entry()]), make_books([make_entry("999.00")])
    assert codes(forged, witnesses={1: books[0].hash}) == {"witness_differs"}


def test_an_entry_in_a_period_closed_before_is_found():
    first = make_books([make_entry()])[0]
    closing = close_period(
        DAY, number=2, previous=first.hash, by=("person:1", "person:2"), at="2024-06-01T10:00Z"
    )
    late = make_books([make_entry(), make_entry(), make_entry()])[2]
    assert "in_closed_period" in codes([first, closing, late])
    assert codes([first, closing]) == set()


def test_an_entry_that_one_person_entered_and_approved_is_found():
    books = make_books([make_entry()])
    assert "one_person" in codes([replace(books[0], approved_by="person:1")])


def test_a_reversal_of_another_amount_is_found():
    books = make_books([make_entry(), replace(make_entry("5.00"), reverses=1)])
    assert codes(books) == {"not_the_mirror"}
