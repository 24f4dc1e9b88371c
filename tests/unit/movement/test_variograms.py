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
