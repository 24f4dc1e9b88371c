"""How far two ranges overlap, and what several animals have in common."""

import math
from dataclasses import replace

import numpy as np
import pytest

from kulan.errors import InvalidGeometryError, NotEnoughDataError
from kulan.movement.distributions import Distribution, PlaneFrame
from kulan.movement.models import fit, make_model, simulate
from kulan.movement.models.spread import population_spread
from kulan.movement.ranges.akde import akde
from kulan.movement.ranges.overlap import (
    bhattacharyya,
    gaussian_distance,
    overlap,
    shared_frame,
)

SHAPE = np.diag([4e6, 1e6])


def pair(apart_m, days=200, seed=1):
    """Two animals' tracks of the same model, centres so far apart along x, with their ranges."""
    rng = np.random.default_rng(seed)
    tracks = []
    for shift in (0.0, apart_m):
        model = make_model(kind="OU", memory=(86_400.0,), sigma_m2=SHAPE, mu_m=(shift, 0.0))
        tracks.append(simulate(model, np.arange(days * 6) * 14_400.0, rng))
    models = [fit(track, "OU anisotropic") for track in tracks]
    alone = [akde(track, model) for track, model in zip(tracks, models, strict=True)]
    frame = shared_frame([one.distribution.frame for one in alone])
    return [akde(track, model, frame=frame) for track, model in zip(tracks, models, strict=True)]


def test_overlap_of_gaussians_a_known_way_apart():
    # exp(-d² / 8 sigma²) for equal covariances: 4 km apart along an axis of 2 km is exp(-1/2)
    found = overlap(*pair(4000.0, days=800))
    truth = math.exp(-0.5)
    assert found.low < truth < found.high
    assert found.estimate == pytest.approx(truth, abs=0.05)


def test_distances_of_gaussian_ranges_by_hand():
    # circles of 1 and 2 km, 3 km apart: d² / (8 * 2.5) + ln(2.5 / (1 * 2)), in km
    circles = [
        make_model(kind="OU", memory=(1e4,), sigma_m2=np.eye(2) * km**2 * 1e6, mu_m=(at, 0.0))
        for km, at in ((2.0, 0.0), (1.0, 3000.0))
    ]
    plain, told = gaussian_distance(*circles)
    assert plain == pytest.approx(9 / 20 + math.log(1.25), rel=1e-12)
    # models that are known without error have neither bias nor limits
    assert (told.low, told.estimate, told.high) == pytest.approx((plain,) * 3)


def test_chance_in_the_means_makes_ranges_look_farther_apart_by_hand():
    # means of errors E each: the distance comes out too large by trace(S^-1 2E) / 8 on average
    error = np.diag([2e4, 1e4])
    first, second = (
        replace(
            make_model(kind="OU", memory=(1e4,), sigma_m2=SHAPE, mu_m=(at, 0.0)),
            mean_covariance_m2=error,
        )
        for at in (0.0, 4000.0)
    )
    plain, told = gaussian_distance(first, second)
    bias = 2 * (2e4 / 4e6 + 1e4 / 1e6) / 8
    assert plain == pytest.approx(16 / (8 * 4), rel=1e-12)
    assert told.estimate == pytest.approx(plain / (1 + bias / plain), rel=1e-9)
    assert told.low < told.estimate < plain < told.high


def test_the_same_range_seen_twice_overlaps_nearly_whole():
    found = overlap(*pair(0.0))
    assert found.estimate > 0.97
    assert found.high > 0.99


def test_overlap_does_not_depend_on_who_is_named_first():
    first, second = pair(3000.0)
    one, two = overlap(first, second), overlap(second, first)
    assert (one.low, one.estimate, one.high) == pytest.approx((two.low, two.estimate, two.high))
    assert one.low < one.estimate < one.high


def test_limits_of_overlap_hold_the_truth_about_as_often_as_they_say():
    truth = math.exp(-((3000 / 2000) ** 2) / 8)
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(60):
        models = []
        for shift in (0.0, 3000.0):
            planted = make_model(kind="OU", memory=(86_400.0,), sigma_m2=SHAPE, mu_m=(shift, 0.0))
            track = simulate(planted, np.arange(400) * 14_400.0, rng)
            models.append(fit(track, "OU anisotropic"))
        _, told = gaussian_distance(*models)
        held += math.exp(-told.high) <= truth <= math.exp(-told.low)
    assert held >= 50


def test_ranges_on_different_cells_are_not_compared():
    first, second = pair(3000.0, days=60)
    moved = replace(
        second,
        distribution=replace(
            second.distribution, frame=replace(second.distribution.frame, west_m=0.0)
        ),
    )
    with pytest.raises(InvalidGeometryError, match="different cells"):
        overlap(first, moved)


def test_an_animal_without_range_overlaps_with_nobody_known():
    first, second = pair(3000.0, days=60)
    assert not overlap(first, replace(second, distribution=None)).is_known


def test_distributions_that_nowhere_meet_have_no_overlap():
    frame = PlaneFrame(0, 1, 1, 1, 1, 2)
    one = Distribution("range", np.array([[1.0, 0.0]]), frame, "akde")
    two = Distribution("range", np.array([[0.0, 1.0]]), frame, "akde")
    assert bhattacharyya(one, two) == 0
    assert bhattacharyya(one, one) == 1


def test_without_errors_the_spread_is_that_of_the_logarithms():
    values = np.exp(np.array([1.0, 2.0, 3.0, 4.0]))
    found = population_spread(values, np.full(4, 1e9))
    assert found.median.estimate == pytest.approx(math.exp(2.5))
    variance = np.var([1, 2, 3, 4], ddof=1)
    assert found.variation.estimate == pytest.approx(math.sqrt(math.expm1(variance)), rel=1e-4)
    assert found.mean.estimate == pytest.approx(math.exp(2.5 + variance / 2), rel=1e-4)


def test_errors_of_estimates_are_not_taken_for_differences_between_animals():
    rng = np.random.default_rng(3)
    values = 100 * rng.gamma(5.0, 1 / 5.0, 30)
    found = population_spread(values, np.full(30, 5.0))
    assert found.variation.low == 0
    assert found.variation.estimate < 0.25
    assert found.mean.low < 100 < found.mean.high


def test_limits_of_a_population_mean_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(8)
    held = 0
    for _ in range(200):
        own = np.exp(rng.normal(math.log(100) - 0.125, 0.5, 12))
        size = rng.uniform(4, 30, 12)
        found = population_spread(own * rng.gamma(size, 1 / size), size)
        held += found.mean.low <= 100 <= found.mean.high
    assert 180 <= held <= 199


def test_one_animal_has_no_spread():
    with pytest.raises(NotEnoughDataError, match="at least 2"):
        population_spread([5.0, 7.0], [3.0, 0.0])
