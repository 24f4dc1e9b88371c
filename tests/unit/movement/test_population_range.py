"""The range of a population from a few of its animals."""

import math
from dataclasses import replace

import numpy as np
import pytest

from kulan.errors import InvalidGeometryError, NotEnoughDataError
from kulan.movement.models import fit, make_model, simulate
from kulan.movement.ranges.akde import akde
from kulan.movement.ranges.overlap import shared_frame
from kulan.movement.ranges.population import between_covariance, population_range

OWN, BETWEEN = np.diag([1e6, 1e6]), np.diag([16e6, 4e6])


def herd(animals, seed, days=60):
    """Ranges of some animals whose centres are drawn at random, on the same cells."""
    rng = np.random.default_rng(seed)
    tracks = []
    for _ in range(animals):
        centre = rng.multivariate_normal([0, 0], BETWEEN)
        model = make_model(kind="OU", memory=(43_200.0,), sigma_m2=OWN, mu_m=centre)
        tracks.append(simulate(model, np.arange(days * 4) * 21_600.0, rng))
    models = [fit(track, "OU") for track in tracks]
    alone = [akde(track, model) for track, model in zip(tracks, models, strict=True)]
    frame = shared_frame([one.distribution.frame for one in alone], room=0.5)
    frame = replace(
        frame,
        cell_x_m=3 * frame.cell_x_m,
        cell_y_m=3 * frame.cell_y_m,
        rows=frame.rows // 3 + 1,
        columns=frame.columns // 3 + 1,
    )
    return [akde(track, model, frame=frame) for track, model in zip(tracks, models, strict=True)]


def test_limits_of_a_population_range_hold_the_truth_mostly():
    truth = -2 * math.log(0.05) * math.pi * math.sqrt(np.linalg.det(OWN + BETWEEN))
    found = [population_range(herd(14, seed)).areas[0.95] for seed in range(20)]
    assert sum(area.holds(truth) for area in found) >= 15
    assert np.median([area.estimate for area in found]) == pytest.approx(truth, rel=0.2)


def test_a_population_lives_wider_than_any_of_its_animals():
    ranges = herd(6, seed=3)
    found = population_range(ranges)
    widest = max(one.areas[0.95].estimate for one in ranges)
    assert found.areas[0.95].estimate > 2 * widest
    assert found.distribution.mass.sum() == pytest.approx(1, abs=1e-3)
    assert found.animals == 6
    assert found.areas_of_animals.mean.holds(-2 * math.log(0.05) * math.pi * 1e6)


def test_errors_of_means_are_not_taken_for_distance_between_animals():
    rng = np.random.default_rng(1)
    model = make_model(kind="OU", memory=(43_200.0,), sigma_m2=OWN)
    models = [fit(simulate(model, np.arange(80) * 21_600.0, rng), "OU") for _ in range(40)]
    seen = np.cov(np.array([one.mu_m for one in models]).T)
    assert np.trace(between_covariance(models)) < 0.5 * np.trace(seen)


def test_two_animals_are_no_population():
    ranges = herd(3, seed=2, days=30)
    with pytest.raises(NotEnoughDataError, match="2 animal"):
        population_range(ranges[:2])
    with pytest.raises(NotEnoughDataError):
        between_covariance([ranges[0].model])


def test_ranges_on_different_cells_make_no_population():
    ranges = herd(3, seed=2, days=30)
    moved = replace(ranges[0].distribution, frame=replace(ranges[0].distribution.frame, west_m=0.0))
    with pytest.raises(InvalidGeometryError, match="different cells"):
        population_range([replace(ranges[0], distribution=moved), *ranges[1:]])
