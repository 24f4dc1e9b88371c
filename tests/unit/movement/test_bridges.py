"""Bridges by hand: one variance, one that changes, and what they do to cells."""

import numpy as np
import pytest

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.bridges.occurrence import brownian_bridge, dynamic_brownian_bridge
from kulan.movement.bridges.variances import dynamic_motion_variance, motion_variance
from kulan.movement.distributions import PlaneFrame
from kulan.movement.tracks import Track


def _walk(steps_m, seed=1, every_s=900.0):
    rng = np.random.default_rng(seed)
    x, y = (rng.normal(size=(2, len(steps_m))) * steps_m).cumsum(axis=1)
    return Track("k1", every_s * np.arange(len(steps_m)), x, y)


def _v_shaped():
    return Track("k1", 60.0 * np.arange(3), np.array([0.0, 60.0, 0.0]), np.zeros(3))


def test_one_fix_left_out_asks_for_half_its_squared_distance_over_its_share():
    # 60 m off the way, share 120 s x 1/2 x 1/2 = 30 s: 3600 / (2 x 30) = 60 m²/s
    assert motion_variance(_v_shaped(), error_m=0).estimate == pytest.approx(60, rel=1e-9)


def test_location_error_is_taken_off_the_motion():
    # errors of both neighbours leave (0.25 + 0.25) x 400 = 200 m²: (1800 - 200) / 30
    assert motion_variance(_v_shaped(), error_m=20).estimate == pytest.approx(1600 / 30, rel=1e-9)


def test_error_alone_explains_a_collar_on_a_shelf():
    found = motion_variance(_walk(np.full(40, 0.1)), error_m=20)
    assert (found.low, found.estimate) == (0, 0)
    assert found.high > 0


def test_limits_hold_the_planted_variance():
    # a walk of 30 m a step and axis in 900 s diffuses by 1 m²/s
    held = sum(
        motion_variance(_walk(np.full(400, 30.0), seed), error_m=0).holds(1.0) for seed in range(40)
    )
    assert held >= 34


def test_variance_follows_a_change_of_pace():
    track = _walk(np.where(np.arange(200) < 100, 3.0, 300.0))
    found = dynamic_motion_variance(track, error_m=1).variance_m2_per_s
    assert np.nanmax(found[:90]) < 0.1
    assert np.nanmin(found[110:]) > 20


def test_ends_of_a_track_have_no_variance():
    found = dynamic_motion_variance(_walk(np.full(60, 30.0)), error_m=1)
    assert np.flatnonzero(np.isfinite(found.variance_m2_per_s)).tolist() == list(range(10, 49))
    assert found.windows.max() == 10


@pytest.mark.parametrize("like", [None, "MigrationMapper"])
def test_use_sums_to_one_and_contours_nest(like):
    used = dynamic_brownian_bridge(_walk(np.full(80, 30.0)), error_m=20, like=like)
    assert used.mass.sum() == pytest.approx(1, abs=1e-3)
    assert not (used.cells_within(0.5) & ~used.cells_within(0.9)).any()


def test_a_stay_between_centres_is_not_lost():
    still = Track("k1", 60.0 * np.arange(3), np.full(3, 1.0), np.full(3, 1.0))
    frame = PlaneFrame(-2000, 2000, 1000, 1000, 4, 4)
    used = brownian_bridge(still, error_m=5, variance_m2_per_s=0, frame=frame)
    assert used.mass.sum() == pytest.approx(1, abs=1e-9)
    assert used.mass.max() > 0.3


def test_middle_of_a_bridge_has_the_spread_of_the_formula():
    # nothing but the way from 0 to 0 in 400 s at 1 m²/s: the mean variance is T/6
    track = Track("k1", np.array([0.0, 400.0, 800.0]), np.zeros(3), np.zeros(3))
    frame = PlaneFrame(-100, 100, 1, 1, 200, 200)
    used = brownian_bridge(track, error_m=0, variance_m2_per_s=1, frame=frame)
    assert (used.mass.sum(axis=0) * frame.x_m**2).sum() == pytest.approx(400 / 6, rel=0.01)


def test_a_gap_is_not_bridged():
    track = Track(
        "k1", np.array([0.0, 60, 120, 90_000]), np.array([0, 10.0, 20, 9000]), np.zeros(4)
    )
    frame = PlaneFrame(-500, 500, 100, 100, 10, 100)
    used = brownian_bridge(track, error_m=10, variance_m2_per_s=1, frame=frame, max_gap_s=8 * 3600)
    assert used.mass[:, 20:].sum() == pytest.approx(0, abs=1e-12)
    with pytest.raises(NotEnoughDataError, match="longer gaps"):
        brownian_bridge(track, error_m=10, max_gap_s=1)


def test_an_unknown_error_is_asked_for():
    with pytest.raises(InvalidTableError, match="--error-m"):
        motion_variance(_v_shaped())


@pytest.mark.parametrize(("window", "margin"), [(30, 11), (31, 10), (21, 11), (5, 1)])
def test_windows_that_cannot_be_are_refused(window, margin):
    with pytest.raises(InvalidTableError, match="odd"):
        dynamic_motion_variance(_walk(np.full(60, 30.0)), error_m=1, window=window, margin=margin)


def test_too_few_fixes_are_said():
    with pytest.raises(NotEnoughDataError, match="3 fixes; 31"):
        dynamic_motion_variance(_v_shaped(), error_m=1)
