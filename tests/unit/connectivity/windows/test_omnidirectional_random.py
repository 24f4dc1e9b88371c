"""Random signs: the right currents, the right error, and nearly the ranking of exact windows."""

import itertools

import numpy as np
import pytest
from scipy.stats import spearmanr

from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.windows.exact import omnidirectional_windows
from kulan.connectivity.windows.random_signs import omnidirectional_random
from kulan.connectivity.windows.sources import WindowRule
from kulan.errors import InvalidGridError

PRECISE = Solving(tolerance=1e-11)


class GivenSigns:
    """Gives sources their signs in a given order, in place of a generator."""

    def __init__(self, strengths, signs):
        self.strengths, self.signs = strengths, iter(signs)

    def choice(self, _values, shape):
        drawn = np.ones(shape)
        drawn[self.strengths > 0] = next(self.signs)
        return drawn


def rough(shape: tuple[int, int], seed: int = 1) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).normal(0, 1, shape))


def test_signs_that_all_agree_superpose_the_windows_without_a_rim():
    # two sources: each is the other's target, and with one sign the two cancel but for strength
    strengths = np.zeros((9, 12))
    strengths[4, 2], strengths[4, 9] = 3.0, 1.0
    landscape = link_cells(rough((9, 12)))

    found = omnidirectional_random(
        landscape,
        strengths,
        radius_cells=20,
        rng=GivenSigns(strengths, [(1, 1), (1, 1)]),
        n_draws=2,
        solving=PRECISE,
    )

    # 3 A flow to the first and 1 A to the second: 2 A are left
    assert found.current[4, 2] == pytest.approx(2.0)
    assert not found.current_se.any()
    opposed = omnidirectional_random(
        landscape,
        strengths,
        radius_cells=20,
        rng=GivenSigns(strengths, [(1, -1), (-1, 1)]),
        n_draws=2,
        solving=PRECISE,
    )
    assert opposed.current[4, 2] == pytest.approx(4.0)
    exact = omnidirectional_windows(landscape, strengths, WindowRule(20), solving=PRECISE)
    np.testing.assert_allclose(opposed.current, exact.current, atol=1e-8)


def test_the_mean_square_over_all_signs_is_the_sum_of_the_squares_of_each_target():
    # on a chain of cells there is one link between neighbours, so that currents of cells add up
    chain = link_cells(rough((1, 9)), neighbours=4)
    strengths = np.zeros((1, 9))
    strengths[0, [0, 3, 8]] = [1.0, 2.0, 4.0]
    everything = list(itertools.product((-1, 1), repeat=3))

    found = omnidirectional_random(
        chain,
        strengths,
        radius_cells=20,
        rng=GivenSigns(strengths, everything),
        n_draws=8,
        solving=PRECISE,
    )

    to_first, to_second, to_third = 1.0, 2.0, 4.0
    # between the first two sources: all that flows to the first; of the second's and the third's
    # what the first sends
    between = [to_first, to_second * 1 / 5, to_third * 1 / 3]
    assert found.current[0, 1] == pytest.approx(np.sqrt(np.square(between).sum()))
    np.testing.assert_allclose(found.normalised, 1.0, atol=1e-9)
    assert found.normalised_se.max() < 1e-6


def test_the_standard_error_says_how_far_the_estimate_is_off():
    landscape, strengths = link_cells(rough((30, 30))), np.ones((30, 30))
    truth = omnidirectional_random(
        landscape, strengths, radius_cells=6, rng=np.random.default_rng(99), n_draws=600
    )

    found = omnidirectional_random(
        landscape, strengths, radius_cells=6, rng=np.random.default_rng(5), n_draws=40
    )

    off = (found.current - truth.current) / np.hypot(found.current_se, truth.current_se)
    assert 0.7 < off.std() < 1.4
    off = (found.normalised - truth.normalised) / np.hypot(found.normalised_se, truth.normalised_se)
    assert 0.7 < off.std() < 1.4


def test_the_ranking_is_nearly_that_of_exact_windows():
    landscape, strengths = link_cells(rough((48, 48), 3)), np.ones((48, 48))

    exact = omnidirectional_windows(landscape, strengths, WindowRule(8), flow_potential=False)
    found = omnidirectional_random(
        landscape,
        strengths,
        radius_cells=8,
        rng=np.random.default_rng(1),
        n_draws=128,
        flow_potential=False,
    )

    inside = (slice(8, -8), slice(8, -8))
    assert spearmanr(exact.current[inside].ravel(), found.current[inside].ravel())[0] > 0.9
    assert found.normalised is None


def test_nothing_passes_a_closed_wall_and_islands_are_left_alone():
    conductance = rough((20, 25))
    conductance[:, 12] = 0.0
    conductance[2:5, 2:5] = 0.0
    conductance[3, 3] = 1.0
    landscape = link_cells(conductance)

    found = omnidirectional_random(
        landscape, np.ones((20, 25)), radius_cells=5, rng=np.random.default_rng(2), n_draws=4
    )

    assert not found.current[:, 12].any()
    assert found.current[3, 3] == 0
    assert found.current[10, 5] > 0
    assert found.current[10, 20] > 0


def test_the_same_generator_state_gives_the_same_bytes():
    landscape, strengths = link_cells(rough((15, 15))), np.ones((15, 15))
    done = []
    found = [
        omnidirectional_random(
            landscape,
            strengths,
            radius_cells=4,
            rng=np.random.default_rng(8),
            n_draws=3,
            report=lambda n, of: done.append((n, of)),
        ).current.tobytes()
        for _ in range(2)
    ]

    assert found[0] == found[1]
    assert done[:3] == [(1, 3), (2, 3), (3, 3)]


def test_too_few_draws_and_lonely_sources_are_refused():
    landscape = link_cells(np.ones((9, 9)))
    lonely = np.zeros((9, 9))
    lonely[0, 0] = lonely[8, 8] = 1.0

    with pytest.raises(InvalidGridError, match="at least 2"):
        omnidirectional_random(
            landscape, np.ones((9, 9)), radius_cells=3, rng=np.random.default_rng(1), n_draws=1
        )
    with pytest.raises(InvalidGridError, match="within 3 cells"):
        omnidirectional_random(landscape, lonely, radius_cells=3, rng=np.random.default_rng(1))
    with pytest.raises(InvalidGridError, match="within 3 cells"):
        omnidirectional_random(
            landscape, np.zeros((9, 9)), radius_cells=3, rng=np.random.default_rng(1)
        )
