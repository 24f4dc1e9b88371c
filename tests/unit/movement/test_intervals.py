"""Limits of a number."""

import math

import pytest

from kulan.movement.intervals import (
    UNKNOWN,
    Interval,
    chi_square_interval,
    log_normal_interval,
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
