"""Between animals: a mean and a spread of a population, from fits to each animal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kulan.errors import InvalidTableError
from kulan.movement.selection.between_animals import _variance_where, between_animals

SIMULATIONS = 200


def of(values, errors):
    names = [f"k{n}" for n in range(len(values))]
    return between_animals(
        dict(zip(names, values, strict=True)), dict(zip(names, errors, strict=True))
    )


def test_three_animals_by_hand():
    found = of([1.0, 2.0, 3.0], [0.5, 0.5, 0.5])
    # (1 + 0 + 1) / (0.25 + v) = 2 gives v = 0.75; the mean then has variance (0.25 + 0.75) / 3
    assert found.spread.estimate == pytest.approx(np.sqrt(0.75))
    assert found.mean.estimate == pytest.approx(2.0)
    reach = stats.t.ppf(0.975, 2) * np.sqrt(1 / 3)
    assert found.mean.high == pytest.approx(2.0 + reach)
    # limits of the spread: 2 / (0.25 + v) at the quantiles of chi-square
    assert found.spread.low == pytest.approx(np.sqrt(2 / stats.chi2.ppf(0.975, 2) - 0.25))
    assert found.spread.high == pytest.approx(np.sqrt(2 / stats.chi2.ppf(0.025, 2) - 0.25))


def test_animals_that_do_not_differ_have_no_spread_and_errors_that_do_not_vanish():
    found = of([1.0, 1.0, 1.0, 1.0], [0.2] * 4)
    assert found.spread.estimate == 0.0
    assert found.mean.high - 1.0 == pytest.approx(stats.t.ppf(0.975, 3) * 0.1)


@pytest.mark.parametrize("animals", [0, 1, 2])
def test_fewer_than_three_animals_say_nothing_of_a_population(animals):
    found = of([1.0] * animals, [0.5] * animals)
    assert not found.is_known
    assert np.isnan(found.spread.high)
    assert found.animals == animals


def test_an_animal_without_an_error_is_refused():
    with pytest.raises(InvalidTableError, match="error above zero"):
        of([1.0, 2.0, 3.0], [0.5, 0.0, 0.5])


@pytest.mark.parametrize(("value", "error"), [(0.0, 1e3), (-27.0, 1e3), (-27.0, 1e6)])
def test_an_animal_that_tells_nothing_neither_narrows_the_limits_nor_counts(value, error):
    three, four = of([0.0, 1.0, 2.0], [0.1] * 3), of([0.0, 1.0, 2.0, value], [0.1] * 3 + [error])
    assert (four.mean, four.spread, four.animals) == (three.mean, three.spread, 3)
    assert (three.left_out, four.left_out) == ((), ("k3",))
    assert not of([1.0, value, value], [0.1, error, error]).is_known


def test_a_spread_far_below_the_largest_error_is_exact():
    values, errors = np.array([0.0, 1e-7, 2e-7, 3e2]), np.array([1e-8, 1e-8, 1e-8, 1e2])
    between = _variance_where(values, errors**2, 12.0)
    weights = 1 / (errors**2 + between)
    mean = weights @ values / weights.sum()
    assert weights @ (values - mean) ** 2 == pytest.approx(12.0, rel=1e-9)


VALUES = st.lists(st.tuples(st.floats(-5, 5), st.floats(0.05, 2)), min_size=3, max_size=12)


@settings(deadline=None, max_examples=60)
@given(VALUES, st.randoms(use_true_random=False), st.floats(0.1, 10), st.floats(-3, 3))
def test_order_unit_and_origin_of_the_coefficients_do_not_matter(pairs, random, unit, shift):
    found = of(*zip(*pairs, strict=True))
    assert found.mean.low <= found.mean.estimate <= found.mean.high
    assert 0 <= found.spread.low <= found.spread.estimate <= found.spread.high
    random.shuffle(pairs)
    moved = of([v * unit + shift for v, _ in pairs], [e * unit for _, e in pairs])
    assert moved.mean.estimate == pytest.approx(found.mean.estimate * unit + shift, abs=1e-6)
    assert moved.spread.high == pytest.approx(found.spread.high * unit, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(("animals", "spread"), [(5, 0.4), (15, 0.4), (15, 0.0)])
def test_limits_hold_a_planted_mean_and_spread(animals, spread):
    rng = np.random.default_rng(animals)
    means, spreads = 0, 0
    for _ in range(SIMULATIONS):
        errors = rng.uniform(0.1, 0.3, animals)
        true = rng.normal(0.5, spread, animals)
        found = of(rng.normal(true, errors), errors)
        means += found.mean.holds(0.5)
        spreads += found.spread.holds(spread)
    low, high = stats.binom.ppf([0.005, 1.0], SIMULATIONS, 0.95)
    assert low <= means <= high
    assert low <= spreads <= high
