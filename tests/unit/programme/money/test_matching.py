from datetime import date, timedelta
from decimal import Decimal

import pytest

from kulan.programme.money import (
    Call,
    Eligibility,
    Flow,
    Fundable,
    Need,
    Project,
    Rates,
    gap_of,
    match,
    matches,
    money,
    reckon,
)
from kulan.programme.money.matching import REASONS

DAY = date(2024, 5, 3)


def eur(amount):
    return money(amount, "EUR")


def make_gap(low=100, high=200, secured=0):
    needs = [Need("x:1", eur(low), eur(high), DAY, "An estimate")] if high else []
    projects = [Project("p", "A", (Flow("commitment", eur(secured), DAY),), {"x:1": None})]
    return gap_of(reckon(needs, projects, Rates(), "EUR"), {"action": frozenset(("x:1",))})


def make_action(**fields):
    made = {
        "action": "x:1", "priority": "high", "states": ("MNG",), "species": ("khulan",),
        "theme": "infrastructure", "lead_kinds": ("government",), "gap": make_gap(),
    }  # fmt: skip
    return Fundable(**{**made, **fields})


def make_call(opens=DAY, closes=DAY + timedelta(90), reference="c", champion="", **asks):
    return Call(reference, "A call", "A donor", opens, closes, Eligibility(**asks), "", champion)


def codes(call, action):
    return {one.code for one in match(call, action, Rates(), DAY).reasons}


@pytest.mark.parametrize(
    ("asks", "code"),
    [
        ({"states": ("MNG", "CHN")}, "states_fit"),
        ({"species": ("khulan",)}, "species_fit"),
        ({"themes": ("infrastructure",)}, "theme_fits"),
        ({"organisation_kinds": ("government",)}, "leads_may_apply"),
        ({"largest": eur(500)}, "gap_fits"),
        ({"largest": eur(50)}, "gap_beyond_largest"),
        ({"cofinance_percent": Decimal(20)}, "cofinance"),
    ],
)
def test_a_reason_is_given_and_the_match_stands(asks, code):
    found = match(make_call(**asks), make_action(), Rates(), DAY)
    assert found.possible
    assert code in {one.code for one in found.reasons}


@pytest.mark.parametrize(
    ("asks", "code"),
    [
        ({"states": ("CHN",)}, "states_differ"),
        ({"species": ("saiga",)}, "species_differ"),
        ({"themes": ("grazing",)}, "theme_differs"),
        ({"organisation_kinds": ("foundation",)}, "leads_may_not_apply"),
        ({"smallest": eur(300)}, "gap_below_smallest"),
        ({"closes": DAY - timedelta(1), "opens": None}, "closed"),
    ],
)
def test_a_reason_rules_the_match_out(asks, code):
    found = match(make_call(**asks), make_action(), Rates(), DAY)
    assert not found.possible
    assert found.adverse[0].code == code


def test_an_action_for_the_whole_range_may_be_paid_by_a_call_for_one_state():
    action = make_action(states=())
    assert match(make_call(states=("MNG",)), action, Rates(), DAY).possible
    assert "action_range_wide" in codes(make_call(states=("MNG",)), action)


def test_the_last_day_of_a_call_is_open_and_told_to_be_near():
    assert {"open", "closes_soon"} <= codes(make_call(closes=DAY), make_action())


def test_a_call_without_an_end_takes_applications_at_any_time():
    assert "open_any_time" in codes(make_call(closes=None), make_action())


def test_a_funded_action_is_not_matched():
    assert not match(make_call(), make_action(gap=make_gap(secured=200)), Rates(), DAY).possible


def test_an_action_of_unknown_cost_is_matched_and_that_is_said():
    found = match(make_call(), make_action(gap=make_gap(high=0)), Rates(), DAY)
    assert found.possible
    assert "gap_unknown" in {one.code for one in found.adverse}


def test_grants_in_another_currency_are_not_compared_without_a_rate():
    assert "cannot_compare" in codes(make_call(smallest=money(300, "USD")), make_action())


def test_high_priority_comes_before_more_reasons():
    high = make_action(action="x:2", species=())
    low = make_action(priority="low")
    found = matches([make_call(states=("MNG",), species=("khulan",))], [low, high], Rates(), DAY)
    assert [one.action.action for one in found] == ["x:2", "x:1"]


def test_of_equals_the_call_that_closes_first_is_first():
    calls = [make_call(closes=DAY + timedelta(200), reference="b"), make_call(reference="a")]
    found = matches(calls, [make_action()], Rates(), DAY)
    assert [one.call.reference for one in found] == ["a", "b"]


def test_every_reason_has_words_with_the_places_it_fills():
    asks = {
        "states": ("MNG",), "species": ("khulan",), "themes": ("infrastructure",),
        "organisation_kinds": ("government",), "largest": eur(500),
        "cofinance_percent": Decimal(20),
    }  # fmt: skip
    for call in (make_call(champion="Aigul", **asks), make_call(closes=None, opens=None)):
        for one in match(call, make_action(), Rates(), DAY).reasons:
            assert REASONS[one.code].format(**dict(one.values))
