"""Ranges by autocorrelated kernels: widths, weights, areas, and when there is none."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from drawn_tracks import drawn_track, uneven_times
from kulan.errors import InvalidGeometryError
from kulan.movement.distributions import PlaneFrame
from kulan.movement.models import fit, make_model, select
from kulan.movement.planes import Plane
from kulan.movement.ranges import autocorrelated_kernels
from kulan.movement.ranges.akde import akde
from kulan.movement.ranges.autocorrelated_kernels import best_kernels, least_weights
from kulan.movement.ranges.density import kernel_frame, kernel_mass
from kulan.movement.tracks import Track

IID = make_model(kind="IID", sigma_m2=np.diag([9e6, 4e6]))


def independent_track(n=400, seed=2):
    x, y = np.random.default_rng(seed).normal(size=(2, n)) * [[3000.0], [2000.0]]
    return Track("k1", np.arange(n) * 86400.0, x, y)


def test_of_independent_fixes_the_width_is_about_the_rule_of_thumb():
    # n^(-1/3) is h2 of the asymptotic rule in two dimensions (Silverman 1986, eq. 4.14)
    h2 = best_kernels(np.arange(20_000.0), IID).h2
    assert h2 == pytest.approx(20_000 ** (-1 / 3), rel=0.06)


def test_the_effective_size_of_independent_fixes_is_their_number():
    assert best_kernels(np.arange(57.0), IID).effective_size == pytest.approx(57, rel=1e-4)


def test_fixes_that_hang_together_ask_for_wider_kernels():
    slow = make_model(kind="OUF", memory=(30 * 86400.0, 3600.0), sigma_m2=np.eye(2))
    assert (
        best_kernels(np.arange(200) * 3600.0, slow).h2
        > 5 * best_kernels(np.arange(200) * 3600.0, IID).h2
    )


def test_lags_in_classes_give_the_width_of_lags_in_pairs(monkeypatch):
    model = make_model(kind="OUF", memory=(5 * 86400.0, 7200.0), sigma_m2=np.eye(2))
    time_s = uneven_times(900)
    exact = best_kernels(time_s, model)
    monkeypatch.setattr(autocorrelated_kernels, "MOST_IN_PAIRS", 100)
    counted = best_kernels(time_s, model)
    assert counted.h2 == pytest.approx(exact.h2, rel=1e-5)
    assert counted.spread == pytest.approx(exact.spread, rel=1e-6)


def test_best_weights_are_those_a_general_optimiser_finds():
    model = make_model(kind="OU", memory=(86400.0,), sigma_m2=np.eye(2))
    time_s = np.array([0.0, 600, 1200, 1800, 90000, 200000, 200300])
    found = best_kernels(time_s, model, weighted=True)
    lag = np.abs(time_s[:, None] - time_s)
    overlap = 1 / (2 * (1 - np.exp(-lag / 86400)) + 2 * found.h2)
    other = minimize(
        lambda w: w @ overlap @ w,
        np.full(7, 1 / 7),
        bounds=[(0, 1)] * 7,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-14},
    )
    assert found.weights @ overlap @ found.weights == pytest.approx(other.fun, rel=1e-6)
    assert found.weights.sum() == pytest.approx(1)
    assert found.weights[4] > found.weights[:4].max()


def test_no_weight_is_negative_where_paths_are_smooth():
    model = make_model(kind="OUF", memory=(10 * 86400.0, 86400.0), sigma_m2=np.eye(2))
    found = best_kernels(np.arange(300) * 1800.0, model, weighted=True)
    assert (found.weights >= 0).all()
    lag = np.abs(np.arange(300)[:, None] - np.arange(300)) * 1800.0
    rise = autocorrelated_kernels.semivariance(model.process, model.memory, lag)
    overlap = 1 / (2 * rise + 2 * found.h2)
    slope = overlap @ found.weights
    least = found.weights @ slope
    # no fix left out would help, and those in use help alike
    assert (slope >= least * (1 - 1e-6)).all()
    assert slope[found.weights > 1e-9] == pytest.approx(least, rel=1e-6)


def test_shared_weights_of_neighbours_are_near_those_of_their_own(monkeypatch):
    model = make_model(kind="OU", memory=(5 * 86400.0,), sigma_m2=np.eye(2))
    time_s = uneven_times(400, hours=3)
    own = best_kernels(time_s, model, weighted=True)
    monkeypatch.setattr(autocorrelated_kernels, "MOST_WEIGHTS", 150)
    shared = best_kernels(time_s, model, weighted=True)
    assert shared.h2 == pytest.approx(own.h2, rel=0.02)
    assert shared.bias == pytest.approx(own.bias, rel=0.01)


def test_one_kernel_has_the_mass_of_a_normal_in_each_cell():
    covariance = np.array([[4e4, 1.5e4], [1.5e4, 2e4]])
    frame = kernel_frame(np.array([30.0]), np.array([-70.0]), covariance, Plane())
    mass = kernel_mass(np.array([30.0]), np.array([-70.0]), np.ones(1), covariance, frame)
    x, y = np.meshgrid(frame.x_m - 30.0, frame.y_m + 70.0)
    p = np.linalg.inv(covariance)
    form = p[0, 0] * x * x + 2 * p[0, 1] * x * y + p[1, 1] * y * y
    normal = np.exp(-form / 2) / (2 * math.pi * math.sqrt(np.linalg.det(covariance)))
    assert mass == pytest.approx(normal * frame.cell_m2, rel=1e-9, abs=1e-12)
    assert mass.sum() == pytest.approx(1, abs=3e-6)


def test_the_range_of_independent_fixes_is_the_gaussian_one():
    track = independent_track(2000)
    found = akde(track, fit(track, "IID anisotropic"))
    truth = -2 * math.log(0.05) * math.pi * 3000 * 2000
    assert found.areas[0.95].estimate == pytest.approx(truth, rel=0.06)
    assert found.areas[0.95].holds(truth)
    assert found.distribution.mass.sum() == pytest.approx(1, abs=1e-5)
    assert found.areas[0.5].estimate < found.areas[0.95].estimate


def test_moved_and_mirrored_the_area_stays():
    track = drawn_track("OU", (2e5,), time_s=np.arange(300) * 2e4)
    model = fit(track, "OU anisotropic")
    mirrored = replace(track, x_m=1e6 - track.x_m)
    other = fit(mirrored, "OU anisotropic")
    first, second = akde(track, model), akde(mirrored, other)
    assert second.areas[0.95].estimate == pytest.approx(first.areas[0.95].estimate, rel=2e-3)


def test_an_animal_that_hardly_crossed_its_range_gets_a_word_and_no_area():
    track = drawn_track("OU", (3e6,), time_s=np.arange(200) * 2e4)
    found = akde(track, fit(track, "OU"))
    assert not found.resident
    assert "not range-resident" in found.word
    assert found.distribution is None
    assert not found.areas[0.95].is_known


def test_a_walk_has_no_range_whatever_is_asked():
    track = independent_track(50)
    found = akde(track, fit(track, "BM"), like="ctmm")
    assert not found.resident
    assert found.distribution is None


def test_like_ctmm_an_area_is_given_and_marked_all_the_same():
    track = drawn_track("OU", (3e6,), time_s=np.arange(200) * 2e4)
    found = akde(track, fit(track, "OU"), like="ctmm")
    assert not found.resident
    assert found.areas[0.95].is_known
    assert found.word


def test_a_given_frame_is_used_and_must_lie_in_the_same_plane():
    track = independent_track()
    model = select(track).best
    frame = PlaneFrame(-12_000, 12_000, 200, 200, 120, 120)
    found = akde(track, model, frame=frame)
    assert found.distribution.frame is frame
    with pytest.raises(InvalidGeometryError, match="plane"):
        akde(track, model, frame=replace(frame, plane=Plane("EPSG:32648")))


def test_known_location_errors_do_not_widen_the_range():
    true = drawn_track("OU", (2e5,), time_s=np.arange(400) * 2e4, seed=3)
    noise = np.random.default_rng(4).normal(0, 1000.0, (2, 400))
    seen = replace(
        true,
        x_m=true.x_m + noise[0],
        y_m=true.y_m + noise[1],
        error_m2=np.broadcast_to(1e6 * np.eye(2), (400, 2, 2)),
    )
    clean = akde(true, fit(true, "OU")).areas[0.95].estimate
    knowing = akde(seen, fit(seen, "OU")).areas[0.95].estimate
    blind_track = replace(seen, error_m2=None)
    blind = akde(blind_track, fit(blind_track, "OU")).areas[0.95].estimate
    assert abs(knowing - clean) < abs(blind - clean)


def test_least_weights_of_a_diagonal_are_its_inverse():
    weights = least_weights(np.diag([4.0, 2.0, 1.0]), np.ones(3, dtype=bool))
    assert weights == pytest.approx([1 / 7, 2 / 7, 4 / 7])
