from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kulan.errors import InvalidTableError
from kulan.programme.money import (
    Flow,
    Need,
    Project,
    Rate,
    Rates,
    gap_of,
    gaps_by,
    money,
    ranked,
    reckon,
)
from kulan.programme.money.gaps import not_allocated

DAY = date(2024, 5, 3)
HALF = Fraction(1, 2)


def eur(amount):
    return money(amount, "EUR")


def need(action="x:1", low=100, high=200, **fields):
    return Need(action, eur(low), eur(high), DAY, "An estimate", **fields)


def project(*flows, reference="p", actions=None, **fields):
    found = tuple(Flow(kind, eur(amount), DAY) for kind, amount in flows)
    return Project(
        reference, "A project", found, {"x:1": None} if actions is None else actions, **fields
    )


def gap(needs, projects, action="x:1", rates=Rates()):  # noqa: B008 - it never changes
    return gap_of(reckon(needs, projects, rates, "EUR"), {"action": frozenset((action,))})


def told(interval):
    return None if interval is None else (int(interval.low.amount), int(interval.high.amount))


def test_without_money_the_gap_is_the_need():
    found = gap([need()], [])
    assert (told(found.gap), found.status) == ((100, 200), "unfunded")


def test_without_an_estimate_the_gap_is_not_known_and_not_zero():
    found = gap([], [project(("commitment", 50))])
    assert (found.gap, found.status) == (None, "need_unknown")
    assert told(found.secured) == (50, 50)


def test_a_payment_is_made_out_of_its_commitment_and_not_counted_beside_it():
    found = gap([need()], [project(("commitment", 80), ("disbursement", 30), ("expenditure", 20))])
    assert told(found.secured) == (80, 80)


def test_what_was_paid_beyond_the_commitment_counts():
    assert told(gap([], [project(("commitment", 80), ("expenditure", 90))]).secured) == (90, 90)


@pytest.mark.parametrize("kind", ["budget", "planned", "pledge"])
def test_budgets_plans_and_pledges_secure_nothing(kind):
    assert told(gap([], [project((kind, 80))]).secured) == (0, 0)


def test_money_committed_received_and_handed_on_is_one_money():
    flows = ("commitment_in", 80), ("incoming", 60), ("commitment", 70), ("disbursement", 50)
    assert told(gap([], [project(*flows)]).secured) == (80, 80)


def test_co_finance_comes_on_top_of_a_commitment():
    assert told(gap([], [project(("commitment", 80), ("cofinance", 20))]).secured) == (100, 100)


def test_what_is_taken_back_lowers_a_commitment():
    assert told(gap([], [project(("commitment", 80), ("commitment", -30))]).secured) == (50, 50)


def test_of_a_cancelled_project_only_what_was_paid_counts():
    cancelled = project(("commitment", 80), ("disbursement", 30), stage="cancelled")
    assert told(gap([], [cancelled]).secured) == (30, 30)


def test_a_project_inside_another_is_counted_there():
    projects = [
        project(("commitment", 80)),
        project(("commitment", 30), reference="q", part_of="p"),
    ]
    assert told(gap([], projects).secured) == (80, 80)


def test_a_project_inside_one_that_is_not_known_counts_itself():
    assert told(gap([], [project(("commitment", 30), part_of="elsewhere")]).secured) == (30, 30)


def test_money_not_allocated_between_two_actions_widens_both_and_counts_once_together():
    both = project(("commitment", 90), actions={"x:1": None, "x:2": None})
    reckoning = reckon([need("x:1", 100, 100), need("x:2", 100, 100)], [both], Rates(), "EUR")
    alone = gaps_by(reckoning, "action", ["x:1", "x:2"])
    together = gap_of(reckoning, {"action": frozenset(("x:1", "x:2"))})
    assert [told(one.gap) for one in alone.values()] == [(10, 100), (10, 100)]
    assert (told(together.secured), told(together.gap)) == ((90, 90), (110, 110))


def test_stated_shares_are_given_and_the_rest_lies_with_those_without():
    mixed = project(("commitment", 100), actions={"x:1": HALF, "x:2": None, "x:3": None})
    reckoning = reckon([], [mixed], Rates(), "EUR")
    found = gaps_by(reckoning, "action", ["x:1", "x:2", "x:3"])
    assert [told(one.secured) for one in found.values()] == [(50, 50), (0, 50), (0, 50)]


def test_what_stated_shares_leave_over_is_not_allocated():
    left = project(("commitment", 100), actions={"x:1": Fraction(3, 10)})
    assert not_allocated(reckon([], [left], Rates(), "EUR"), "action")[1] == eur(70)


def test_two_dimensions_overlap_at_least_as_they_must():
    both = project(
        ("commitment", 100), actions={"x:1": Fraction(7, 10)}, states={"MNG": HALF, "CHN": None}
    )
    found = gap_of(
        reckon([], [both], Rates(), "EUR"),
        {"action": frozenset(("x:1",)), "state": frozenset(("MNG",))},
    )
    assert told(found.secured) == (20, 50)


def test_costs_for_the_whole_range_are_in_no_state():
    reckoning = reckon([need(), need(states={"MNG": None})], [], Rates(), "EUR")
    assert told(gaps_by(reckoning, "state", ["MNG"])["MNG"].need) == (100, 200)
    assert told(not_allocated(reckoning, "state")[0]) == (100, 200)


def test_over_funding_is_said_and_the_gap_stays_at_zero():
    found = gap([need()], [project(("commitment", 250))])
    assert (told(found.gap), told(found.over), found.status) == ((0, 0), (50, 150), "over_funded")


def test_money_between_the_two_figures_perhaps_is_enough():
    assert gap([need()], [project(("commitment", 150))]).status == "perhaps_funded"


def test_money_that_cannot_be_converted_may_fill_the_gap():
    foreign = Project("p", "A", (Flow("commitment", money(50, "USD"), DAY),), {"x:1": None})
    found = gap([need()], [foreign])
    assert (told(found.gap), found.status) == ((0, 200), "perhaps_funded")
    assert [str(one.original) for one in found.not_converted] == ["50.00 USD"]


def test_a_need_that_cannot_be_converted_leaves_the_gap_open():
    foreign = Need("x:1", money(1, "USD"), money(2, "USD"), DAY, "An estimate")
    found = gap([need(), foreign], [])
    assert (found.gap, found.status) == (None, "not_converted")


def test_each_flow_is_converted_by_the_rate_of_its_day():
    rates = Rates(
        tuple(
            Rate("USD", "EUR", Decimal(rate), day, day, "ECB")
            for rate, day in (("0.5", date(2024, 1, 1)), ("2", date(2024, 1, 2)))
        )
    )
    flows = tuple(
        Flow("commitment", money(100, "USD"), day) for day in (date(2024, 1, 1), date(2024, 1, 2))
    )
    found = gap([], [Project("p", "A", flows, {"x:1": None})], rates=rates)
    assert told(found.secured) == (250, 250)


def test_unknown_gaps_are_ranked_last():
    rows = [("a", gap([], [])), ("b", gap([need()], [])), ("c", gap([need(high=900)], []))]
    assert [name for name, _ in ranked(rows)] == ["c", "b", "a"]


@pytest.mark.parametrize(
    "shares",
    [{"x:1": Fraction(0)}, {"x:1": Fraction(2)}, {"x:1": Fraction(1), "x:2": None}],
)
def test_shares_that_no_project_can_have_are_refused(shares):
    with pytest.raises(InvalidTableError):
        project(actions=shares)


@pytest.mark.parametrize("fields", [{"low": 300}, {"low": -1}])
def test_a_need_that_contradicts_itself_is_refused(fields):
    with pytest.raises(InvalidTableError):
        need(**fields)
