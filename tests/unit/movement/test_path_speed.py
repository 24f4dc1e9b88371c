"""Speeds along paths, between the fixes too."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom, chi2, t

from kulan.movement.models import fit, make_model
from kulan.movement.models.draws import free_states, root_of, simulate
from kulan.movement.models.path_speed import path_speed_m_s
from kulan.movement.tracks import Track

TRUTH = make_model(
    kind="OUF", memory=(2 * 86_400.0, 2 * 3600.0), sigma_m2=np.array([[4e6, 1e6], [1e6, 2e6]])
)


def seen(number, every=8, days=12):
    """Fixes, each `every` seven and a half minutes, of a path and its true mean speed."""
    rng = np.random.default_rng([21, number])
    time_s = np.arange(0, days * 86_400.0, 150.0)
    positions, velocities = free_states(TRUTH, time_s, rng)
    # to the last fix
    last = (len(time_s) - 1) // (3 * every) * 3 * every + 1
    time_s, positions, velocities = time_s[:last], positions[:last], velocities[:last]
    xy = positions[:: 3 * every]
    track = Track("k", time_s[:: 3 * every], xy[:, 0], xy[:, 1], clock="elapsed")
    return track, float(np.hypot(*velocities.T).mean()), positions


def test_velocities_of_a_free_path_are_its_slopes():
    rng = np.random.default_rng(2)
    time_s = np.arange(4000) * 5.0
    positions, velocities = free_states(TRUTH, time_s, rng)
    slopes = np.gradient(positions, time_s, axis=0)[1:-1]
    assert np.abs(slopes - velocities[1:-1]).max() < 0.05 * np.abs(velocities).max()


def test_limits_hold_the_speed_of_the_path_that_was_walked():
    held, ratios = 0, []
    for number in range(40):
        track, truth, _ = seen(number)
        model = fit(track, "OUF anisotropic")
        told = path_speed_m_s(model, track, np.random.default_rng(number), paths=20)
        held += told.holds(truth)
        ratios.append(told.estimate / truth)
    assert held >= binom.ppf(1e-4, 40, 0.9)
    assert np.median(ratios) == pytest.approx(1, abs=0.03)


def test_limits_are_as_wide_as_the_path_is_unknown():
    # of the parameters all is known: what is left is where the animal went between its fixes
    misses, claims = [], []
    for number in range(60):
        track, truth, _ = seen(number)
        told = path_speed_m_s(TRUTH, track, np.random.default_rng(number), paths=20)
        misses.append(np.log(told.estimate / truth))
        claims.append(np.log(told.high / told.low) / 2 / t.ppf(0.975, 19))
    ratio = np.square(misses).mean() / np.square(claims).mean()
    # about 1: 60 misses, and 20 paths for each claim
    assert chi2.ppf(1e-4, 60) / 60 < ratio < chi2.ppf(1 - 1e-4, 60) / 60


def test_few_fixes_far_apart_are_followed_through_their_gaps():
    # a gap of six days among fixes each hour: half of the time, and most of what is not known
    track, _, _ = seen(5)
    kept = np.ones(len(track), dtype=bool)
    kept[72:216] = False
    gapped = replace(track, time_s=track.time_s[kept], x_m=track.x_m[kept], y_m=track.y_m[kept])
    whole, part = (path_speed_m_s(TRUTH, one, np.random.default_rng(1)) for one in (track, gapped))
    assert part.high / part.low > (whole.high / whole.low) ** 4
    assert part.low < whole.estimate < part.high


def test_straight_ways_between_rare_fixes_fall_short_and_the_model_does_not():
    track, truth, positions = seen(3, every=32, days=60)
    steps = np.hypot(*np.diff(track.positions_m, axis=0).T)
    straight = steps.sum() / track.span_s
    told = path_speed_m_s(fit(track, "OUF anisotropic"), track, np.random.default_rng(1))
    assert straight < 0.75 * truth
    assert told.holds(truth)
    # and over short steps both are the same thing
    walked = np.hypot(*np.diff(positions, axis=0).T).sum() / track.span_s
    assert walked == pytest.approx(truth, rel=0.03)


def test_a_fix_without_an_error_among_others_stops_nothing():
    track, _, _ = seen(5, every=4, days=4)
    errors = np.tile(np.diag([400.0, 100.0]), (len(track), 1, 1))
    known = replace(track, error_m2=errors)
    model = fit(known, "OUF")
    errors = errors.copy()
    errors[5] = 0.0
    told, other = (
        path_speed_m_s(model, replace(track, error_m2=one), np.random.default_rng(2), paths=5)
        for one in (known.error_m2, errors)
    )
    assert other.estimate == pytest.approx(told.estimate, rel=0.02)
    times = track.time_s[4:7]
    path = simulate(model, times, np.random.default_rng(3), replace(track, error_m2=errors))
    assert path.positions_m[1] == pytest.approx(track.positions_m[5], abs=0.1)


def test_roots_of_errors_are_those_of_the_library_where_it_has_any():
    sides = np.random.default_rng(6).normal(size=(20, 2, 2))
    errors = sides @ sides.transpose(0, 2, 1)
    assert root_of(errors) == pytest.approx(np.linalg.cholesky(errors))


def test_where_nothing_is_known_of_speeds_none_is_told():
    track, _, _ = seen(6, days=4)
    unknown = replace(TRUTH, dof={**TRUTH.dof, "speed": 0.006})
    assert not path_speed_m_s(unknown, track, np.random.default_rng(1)).is_known
    limits = unknown.speed_m_s()
    assert limits.low == 0
    assert limits.estimate < limits.high == np.inf


@pytest.mark.parametrize("freedom", [1.0, 1.5, 4.0, 40.0])
def test_limits_of_a_speed_hold_its_estimate(freedom):
    limits = replace(TRUTH, dof={**TRUTH.dof, "speed": freedom}).speed_m_s()
    assert 0 < limits.low < limits.estimate < limits.high < np.inf


def test_fixes_too_rare_for_a_speed_have_none():
    track, _, _ = seen(4, every=8 * 48, days=120)
    assert not path_speed_m_s(fit(track, "OU"), track, np.random.default_rng(1)).is_known
