from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kulan.errors import DifferentCurrenciesError, InvalidTableError, UnknownNameError
from kulan.programme.money.amounts import (
    Converted,
    Money,
    NotConverted,
    Rate,
    Rates,
    money,
    smallest_unit,
    split,
    total,
)

DAY = date(2024, 5, 3)


def make_rate(of="USD", to="EUR", rate="0.9", first=DAY, last=DAY, source="ECB"):
    return Rate(of, to, Decimal(rate), first, last, source)


def test_a_float_is_no_money():
    with pytest.raises(InvalidTableError, match="floats are not money"):
        Money(0.1, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1.001", "1e20", "1 000"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(InvalidTableError):
        money(text, "EUR")


def test_a_currency_has_its_own_smallest_unit():
    assert [smallest_unit(one) for one in ("EUR", "JPY", "KWD")] == [
        Decimal("0.01"), Decimal("1"), Decimal("0.001"),
    ]  # fmt: skip
    with pytest.raises(UnknownNameError, match="no currency"):
        money(1, "EURO")


def test_amounts_of_two_currencies_are_not_added_or_compared():
    with pytest.raises(DifferentCurrenciesError):
        money(1, "EUR") + money(1, "USD")
    with pytest.raises(DifferentCurrenciesError):
        assert money(1, "EUR") < money(1, "USD")
    with pytest.raises(DifferentCurrenciesError):
        total([money(1, "USD")], "EUR")


def test_zero_has_no_sign():
    assert str(money("-0.00", "EUR")) == "0.00 EUR"


def test_without_a_rate_nothing_is_converted():
    answer = Rates((make_rate(),)).convert(money(100, "USD"), "MNT", DAY)
    assert answer == NotConverted(money(100, "USD"), "MNT", DAY)


def test_a_rate_of_another_day_is_not_taken():
    answer = Rates((make_rate(),)).convert(money(100, "USD"), "EUR", date(2024, 5, 4))
    assert isinstance(answer, NotConverted)


def test_a_third_currency_is_not_gone_over():
    rates = Rates((make_rate("USD", "EUR"), make_rate("EUR", "KZT", "480")))
    assert isinstance(rates.convert(money(100, "USD"), "KZT", DAY), NotConverted)


def test_the_rate_of_the_day_goes_before_that_of_the_year():
    year = make_rate(rate="0.8", first=date(2024, 1, 1), last=date(2024, 12, 31), source="year")
    answer = Rates((year, make_rate(source="day"))).convert(money(100, "USD"), "EUR", DAY)
    assert isinstance(answer, Converted)
    assert answer.rate is not None
    assert (str(answer.money), answer.rate.source) == ("90.00 EUR", "day")


def test_a_rate_given_the_other_way_round_serves_and_says_so():
    answer = Rates((make_rate(),)).convert(money(90, "EUR"), "USD", DAY)
    assert isinstance(answer, Converted)
    assert (str(answer.money), answer.inverse) == ("100.00 USD", True)


@pytest.mark.parametrize(
    "fields",
    [{"rate": "0"}, {"rate": "-1"}, {"source": " "}, {"last": date(2024, 1, 1)}, {"to": "USD"}],
)
def test_a_rate_that_says_nothing_is_refused(fields):
    with pytest.raises(InvalidTableError):
        make_rate(**fields)


def test_cents_that_rounding_leaves_go_to_the_parts_that_lost_most():
    parts = split(money("0.05", "EUR"), [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)])
    assert [str(part.amount) for part in parts] == ["0.03", "0.01", "0.01"]


def test_shares_that_are_not_the_whole_do_not_split():
    with pytest.raises(InvalidTableError):
        split(money(1, "EUR"), [Fraction(1, 2)])
