"""What must hold of money whatever the amounts: Hypothesis looks for a case where it does not."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders_of_books import ACCOUNTS, FUNDS, make_books
from kulan.errors import UnbalancedEntryError
from kulan.programme.money import (
    Entry,
    Flow,
    Line,
    Money,
    Need,
    Project,
    Rates,
    audit,
    balances,
    check_entry,
    gap_of,
    gaps_by,
    gaps_of_groups,
    reckon,
    reversal_of,
    split,
    trial_balance,
)
from kulan.programme.money.gaps import not_allocated

DAY = date(2024, 1, 1)
ACTIONS = ("x:1", "x:2", "x:3")

cents = st.integers(1, 10**12)
currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD"])


def in_unit(count, currency):
    places = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3}[currency]
    return Money(Decimal(count).scaleb(-places), currency)


@st.composite
def shares_of_whole(draw):
    parts = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
    return [Fraction(part, sum(parts)) for part in parts]


@given(st.integers(-(10**12), 10**12), currencies, shares_of_whole())
def test_the_parts_of_a_split_add_up_to_the_whole(count, currency, shares):
    whole = in_unit(count, currency)
    parts = split(whole, shares)
    assert sum(part.amount for part in parts) == whole.amount
    unit = in_unit(1, currency).amount
    for part, share in zip(parts, shares, strict=True):
        assert abs(Fraction(part.amount) - Fraction(whole.amount) * share) < unit


@st.composite
def entries(draw):
    """An entry of a few transfers, each of one fund and one currency: it balances by its making."""
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        fund, currency = draw(st.sampled_from(FUNDS)), draw(currencies)
        debit, credit = draw(st.permutations(sorted(ACCOUNTS)))[:2]
        amount = in_unit(draw(cents), currency)
        lines += [Line(debit, fund, "debit", amount), Line(credit, fund, "credit", amount)]
    day = DAY + timedelta(draw(st.integers(0, 30)))
    return Entry(day, "Something", tuple(draw(st.permutations(lines))))


journals = st.lists(entries(), max_size=8)


@given(entries())
def test_every_entry_that_passes_balances_in_each_currency(entry):
    check_entry(entry, ACCOUNTS, FUNDS)
    for currency in {line.money.currency for line in entry.lines}:
        assert (
            sum(line.signed.amount for line in entry.lines if line.money.currency == currency) == 0
        )


@given(entries(), st.data())
def test_an_entry_with_a_line_taken_out_or_altered_does_not_pass(entry, data):
    at = data.draw(st.integers(0, len(entry.lines) - 1))
    line = entry.lines[at]
    more = replace(line, money=line.money + in_unit(1, line.money.currency))
    for lines in (
        (*entry.lines[:at], more, *entry.lines[at + 1 :]),
        (*entry.lines, line),
    ):
        with pytest.raises(UnbalancedEntryError):
            check_entry(replace(entry, lines=lines), ACCOUNTS, FUNDS)


@given(journals, st.integers(0, 31))
def test_the_books_balance_on_every_day(journal, days):
    trial = trial_balance(journal, until=DAY + timedelta(days))
    assert trial.balanced
    for fund in FUNDS:
        of_fund = [line for line in trial.lines if line.fund == fund]
        for currency in {line.debit.currency for line in of_fund}:
            own = [line for line in of_fund if line.debit.currency == currency]
            assert sum(line.debit.amount - line.credit.amount for line in own) == 0


@given(journals, st.randoms())
def test_the_order_of_posting_does_not_matter(journal, random):
    shuffled = list(journal)
    random.shuffle(shuffled)
    for days in (0, 10, 31):
        until = DAY + timedelta(days)
        assert balances(shuffled, until=until) == balances(journal, until=until)


@given(journals, entries())
def test_a_reversal_restores_every_balance(journal, entry):
    books = make_books([*journal, entry])
    back = reversal_of(books[-1], books, entry.day, "Taken back")
    check_entry(back, ACCOUNTS, FUNDS)
    after = balances([*journal, entry, back])
    before = balances(journal)
    assert {key: it for key, it in after.items() if it.amount} == {
        key: it for key, it in before.items() if it.amount
    }
    assert audit(make_books([*journal, entry, back])) == ()


@given(st.lists(entries(), min_size=1, max_size=6), st.data())
def test_whatever_is_changed_of_a_posted_entry_is_found(journal, data):
    books = make_books(journal)
    at = data.draw(st.integers(0, len(books) - 1))
    one = books[at]
    line = one.entry.lines[0]
    forged = data.draw(
        st.sampled_from(
            [
                replace(one, entry=replace(one.entry, text="Something else")),
                replace(one, entry=replace(one.entry, day=one.entry.day + timedelta(1))),
                replace(one, entry=replace(one.entry, document="another paper")),
                replace(one, entry=replace(one.entry, lines=(*one.entry.lines[::-1], line))),
                replace(one, entered_by="person:9"),
                replace(one, approved_by="person:9"),
                replace(one, at="2030-01-01T00:00Z"),
                replace(one, number=one.number + 100),
            ]
        )
    )
    assert audit([*books[:at], forged, *books[at + 1 :]])


@given(st.lists(entries(), min_size=1, max_size=6), st.data())
def test_whatever_is_taken_out_is_found(journal, data):
    books = make_books(journal)
    at = data.draw(st.integers(0, len(books) - 1))
    witnesses = {one.number: one.hash for one in books}
    assert audit([*books[:at], *books[at + 1 :]], witnesses=witnesses)


# --- gaps -----------------------------------------------------------------------------------------


@st.composite
def shares(draw, names):
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=len(names)))
    stated = draw(st.lists(st.integers(1, 100), min_size=len(chosen), max_size=len(chosen)))
    given_share = draw(st.lists(st.booleans(), min_size=len(chosen), max_size=len(chosen)))
    whole = sum(stated) + draw(st.integers(1, 100))
    return {
        name: Fraction(part, whole) if told else None
        for name, part, told in zip(chosen, stated, given_share, strict=True)
    }


@st.composite
def projects(draw):
    found = []
    for number in range(draw(st.integers(0, 4))):
        kinds = st.sampled_from(
            ["commitment", "disbursement", "cofinance", "budget", "expenditure"]
        )
        flows = tuple(
            Flow(draw(kinds), in_unit(draw(st.integers(0, 10**6)) * 100, "EUR"), DAY)
            for _ in range(draw(st.integers(0, 3)))
        )
        found.append(Project(str(number), "A project", flows, draw(shares(ACTIONS))))
    return found


@st.composite
def needs(draw):
    found = []
    for _ in range(draw(st.integers(0, 4))):
        low = draw(st.integers(0, 10**6)) * 100
        high = low + draw(st.integers(0, 10**6)) * 100
        action = draw(st.sampled_from(ACTIONS))
        found.append(Need(action, in_unit(low, "EUR"), in_unit(high, "EUR"), DAY, "An estimate"))
    return found


@given(needs(), projects())
def test_a_gap_is_never_below_zero_and_what_is_over_is_said(wanted, known):
    for gap in gaps_by(reckon(wanted, known, Rates(), "EUR"), "action", ACTIONS).values():
        assert gap.secured.low <= gap.secured.high
        if gap.gap is None or gap.need is None:
            assert gap.status == "need_unknown"
            continue
        assert 0 <= gap.gap.low.amount <= gap.gap.high.amount
        assert 0 <= gap.over.low.amount <= gap.over.high.amount
        # either end of the difference is told whole: as a gap, or as what is over
        assert gap.gap.low - gap.over.high == gap.need.low - gap.secured.high
        assert gap.gap.high - gap.over.low == gap.need.high - gap.secured.low
        assert (gap.status == "over_funded") == (gap.secured.low > gap.need.high)


@given(projects())
def test_no_money_is_counted_twice_over_actions(known):
    reckoning = reckon([], known, Rates(), "EUR")
    alone = gaps_by(reckoning, "action", ACTIONS).values()
    together = gap_of(reckoning, {"action": frozenset(ACTIONS)}).secured
    whole = sum(money.amount for _, money in reckoning.secured)
    cents_lost = Decimal("0.01") * len(ACTIONS) * (len(known) + 1)  # each share is rounded once
    assert sum(one.secured.low.amount for one in alone) <= together.low.amount + cents_lost
    assert together.low == together.high  # whatever is open lies within them
    assert together.high.amount <= whole
    left = not_allocated(reckoning, "action")[1].amount
    assert abs(together.high.amount + left - whole) <= cents_lost


@given(needs(), projects(), projects())
def test_more_money_never_widens_the_gap(wanted, known, more):
    more = [replace(one, reference=f"more {one.reference}") for one in more]
    before = gaps_by(reckon(wanted, known, Rates(), "EUR"), "action", ACTIONS)
    after = gaps_by(reckon(wanted, [*known, *more], Rates(), "EUR"), "action", ACTIONS)
    for name in ACTIONS:
        old, new = before[name].gap, after[name].gap
        assert (old is None) == (new is None)
        if old and new:
            assert new.low <= old.low
            assert new.high <= old.high


@given(needs(), projects())
def test_the_gap_in_a_table_is_the_gap_of_it_alone(wanted, known):
    reckoning = reckon(wanted, known, Rates(), "EUR")
    table = gaps_by(reckoning, "action", ACTIONS)
    assert table == {name: gap_of(reckoning, {"action": frozenset((name,))}) for name in ACTIONS}


@given(needs(), projects(), st.lists(st.frozensets(st.sampled_from(ACTIONS)), max_size=4))
def test_the_gap_of_a_group_in_a_table_is_the_gap_of_it_alone(wanted, known, groups):
    reckoning = reckon(wanted, known, Rates(), "EUR")
    named = {str(number): group for number, group in enumerate(groups)}
    alone = {name: gap_of(reckoning, {"action": group}) for name, group in named.items()}
    assert gaps_of_groups(reckoning, "action", named) == alone
