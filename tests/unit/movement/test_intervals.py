"""Limits of a number."""

import math

import pytest

from kulan.movement.intervals import (
    UNKNOWN,
    Interval,
    chi_square_interval,
    log_normal_interval,
    mixed_interval,
    return_interval,
    variance_interval,
)


def test_chi_square_limits_are_those_of_the_printed_table():
    # chi-square of 10 degrees: 3.247 and 20.483 (Pearson and Hartley 1966, table 8)
    limits = chi_square_interval(10.0, 10.0)
    assert limits.low == pytest.approx(3.247, abs=5e-4)
    assert limits.high == pytest.approx(20.483, abs=5e-4)


def test_without_freedom_nothing_bounds_the_number():
    limits = chi_square_interval(10.0, 0.0)
    assert limits.low == 0
    assert limits.high == math.inf


def test_log_normal_limits_are_symmetric_in_ratio():
    limits = log_normal_interval(7.0, 0.3)
    assert limits.high / 7.0 == pytest.approx(7.0 / limits.low)


def test_what_is_known_of_nothing_has_no_limits():
    limits = log_normal_interval(7.0, 1e12)
    assert limits.low == 0
    assert limits.high == math.inf


def test_what_cannot_be_said_holds_nothing():
    assert not UNKNOWN.is_known
    assert not UNKNOWN.holds(0.0)


def test_another_unit_scales_all_three():
    assert Interval(1e6, 2e6, 4e6).times(1e-6) == Interval(1.0, 2.0, 4.0)


def test_limits_of_a_variance_are_the_chi_squares_turned_over():
    # chi-square of 10 degrees: 3.247 and 20.483
    limits = variance_interval(10.0, 10.0)
    assert limits.low == pytest.approx(100 / 20.483, abs=1e-3)
    assert limits.high == pytest.approx(100 / 3.247, abs=5e-3)
    assert variance_interval(10.0, 0.0).high == math.inf


@pytest.mark.parametrize("dof", [1e-300, 0.005, 0.01, 0.02, 0.3, 2.0, math.inf])
def test_limits_of_a_variance_never_shut_its_estimate_out(dof):
    limits = variance_interval(100.0, dof)
    assert limits.low <= 100 <= limits.high
    if dof <= 0.01:
        assert limits.high == math.inf


def test_limits_by_returns_are_those_of_a_normal_rate_to_second_order():
    size = 4e4
    limits = return_interval(1.0, size)
    reach = 1.959964 / math.sqrt(size)
    # rate / estimate = 1 - 1 / size -/+ 1.96 / sqrt(size)
    assert limits.high == pytest.approx(1 / (1 - 1 / size - reach), abs=2e-6)
    # the lower one is wider by z^2 / 4 size
    assert limits.low == pytest.approx(1 / (1 - 1 / size + reach + reach**2 / 4), abs=2e-6)


def test_limits_by_returns_reach_far_up_and_never_narrow_with_fewer_returns():
    found = [return_interval(1.0, size) for size in (0.1, 1, 3, 5, 30, 1e6)]
    highs = [one.high for one in found]
    assert highs == sorted(highs, reverse=True)
    assert highs[0] == math.inf
    assert math.isfinite(highs[2])
    assert all(one.low <= 1 for one in found)
    assert return_interval(1.0, 0.0) == Interval(0.0, 1.0, math.inf)


def test_a_mixture_of_two_laws_lies_between_them():
    one, two = return_interval(9.0, 12.0), chi_square_interval(9.0, 24.0)
    assert mixed_interval(one, two, 1.0).high == pytest.approx(one.high)
    assert mixed_interval(one, two, 0.0).low == pytest.approx(two.low)
    assert two.high < mixed_interval(one, two, 0.5).high < one.high
