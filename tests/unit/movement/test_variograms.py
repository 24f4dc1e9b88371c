"""Variograms of tracks."""

import numpy as np
import pytest

from drawn_tracks import drawn_track, uneven_times
from kulan.errors import NotEnoughDataError
from kulan.movement.models import expected_m2, fit, make_model, simulate, variogram
from kulan.movement.tracks import Track


def test_semivariances_of_four_fixes_by_hand():
    track = Track("k1", np.arange(4) * 10.0, np.array([0.0, 2, 2, 6]), np.array([0.0, 0, 1, 1]))
    found = variogram(track)
    # squared steps 4, 1, 16; over two 5, 17; over three 37; halved, and halved for two axes
    assert found.semivariance_m2 == pytest.approx([0, 21 / 12, 22 / 8, 37 / 4])
    assert found.pairs.tolist() == [4, 3, 2, 1]
    assert found.dof.tolist() == [8, 6, 2, 2]


def test_semivariances_of_an_even_record_with_missing_fixes_by_hand():
    # every 10 s, the fixes of 20 and 50 s are missing: the median interval is still 10 s
    time_s = np.array([0.0, 10, 30, 40, 60, 70])
    track = Track("k1", time_s, np.array([0.0, 1, 3, 3, 7, 8]), np.zeros(6))
    found = variogram(track)
    assert found.lag_s.tolist() == [0, 10, 20, 30, 40, 50, 60, 70]
    assert found.pairs.tolist() == [6, 3, 2, 4, 2, 1, 2, 1]
    # squared displacements along x, halved, and halved for the axis that stands still:
    # 10 s: 1, 0, 1; 20 s: 4, 16; 30 s: 9, 4, 16, 25; 40 s: 9, 25; 50 s: 36; 60 s: 49, 49; 70 s: 64
    by_hand = [0, 2 / 12, 20 / 8, 54 / 16, 34 / 8, 36 / 4, 98 / 8, 64 / 4]
    assert found.semivariance_m2 == pytest.approx(by_hand, rel=1e-12)
    # as many stretches as fit one after the other, at least one; two axes
    assert found.dof.tolist() == [12, 6, 2, 8 / 3, 2, 2, 2, 2]


def test_semivariances_of_uneven_fixes_by_hand():
    # gaps 9, 11, 14: the median is 11, and lags 9, 11, 14, 20, 25, 34 fall to 1, 1, 1, 2, 2, 3
    track = Track("k1", np.array([0.0, 9, 20, 34]), np.zeros(4), np.array([0.0, 2, 5, 4]))
    found = variogram(track)
    assert found.lag_s.tolist() == [0, 11, 22, 33]
    assert found.pairs.tolist() == [4, 3, 2, 1]
    assert found.semivariance_m2 == pytest.approx(
        [0, (4 + 9 + 1) / 12, (25 + 4) / 8, 16 / 4], rel=1e-12
    )


def test_semivariances_are_the_moments_of_all_pairs_whatever_the_gaps():
    track = drawn_track("OU", (2e5,), time_s=uneven_times(120))
    found = variogram(track)
    first, second = np.triu_indices(len(track), 1)
    apart = (track.x_m[second] - track.x_m[first]) ** 2 + (
        track.y_m[second] - track.y_m[first]
    ) ** 2
    width = np.median(np.diff(track.time_s))
    at = np.rint((track.time_s[second] - track.time_s[first]) / width).astype(int)
    counts = np.bincount(at, minlength=len(found.lag_s))
    known = counts[1:] > 0
    moments = np.bincount(at, apart, len(found.lag_s))[1:][known] / counts[1:][known] / 4
    assert found.semivariance_m2[1:][known] == pytest.approx(moments, rel=1e-10)


def test_a_class_without_pairs_is_not_known_and_bounds_nothing():
    track = Track("k1", np.array([0.0, 10, 20, 100]), np.arange(4.0), np.zeros(4))
    found = variogram(track)
    assert np.isnan(found.semivariance_m2[5])
    low, high = found.limits_m2()
    assert np.isnan(low[5])
    assert np.isnan(high[5])
    assert low[1] < found.semivariance_m2[1] < high[1]


def test_all_pairs_of_uneven_fixes_are_in_some_class():
    track = drawn_track("OU", (2e5,), time_s=uneven_times(60))
    assert variogram(track).pairs.sum() == 60 * 59 // 2 + 60


def test_a_long_record_follows_its_model():
    model = make_model(kind="OUF", memory=(4e4, 4e3), sigma_m2=np.diag([4e6, 2e6]))
    track = simulate(model, np.arange(20_000) * 2e3, np.random.default_rng(4))
    found = variogram(track)
    near = slice(1, 100)
    assert found.semivariance_m2[near] == pytest.approx(
        expected_m2(model, found.lag_s[near]), rel=0.15
    )


def test_a_walk_rises_for_ever():
    track = drawn_track("OU", (1e8,), time_s=np.arange(300) * 1e4)
    model = fit(track, "BM")
    assert expected_m2(model, np.array([2e6])) == pytest.approx(
        2 * expected_m2(model, np.array([1e6]))
    )


def test_one_fix_has_no_variogram():
    with pytest.raises(NotEnoughDataError, match="needs two"):
        variogram(Track("k1", np.zeros(1), np.zeros(1), np.zeros(1)))
