"""Where an animal was between its fixes, and paths drawn through them."""

from dataclasses import replace

import numpy as np
import pytest

from drawn_tracks import drawn_track, uneven_times
from kulan.errors import InvalidTableError
from kulan.movement.models import fit, make_model, predict, simulate
from kulan.movement.models.processes import KINDS, autocorrelation

COVARIANCE = np.array([[4e6, 1e6], [1e6, 2e6]])


def dense_prediction(track, model, time_s):
    """Kriging by one big matrix."""
    kind, memory = KINDS[model.kind], model.memory
    between = autocorrelation(kind, memory, track.time_s[:, None] - track.time_s[None, :])
    across = autocorrelation(kind, memory, np.asarray(time_s)[:, None] - track.time_s[None, :])
    seen = np.kron(between, model.sigma_m2)
    if track.error_m2 is not None:
        for i, error in enumerate(track.error_m2):
            seen[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] += error
    cross = np.kron(across, model.sigma_m2)
    weights = np.linalg.solve(seen, cross.T).T
    apart = (track.positions_m - model.mu_m).ravel()
    mean = (weights @ apart).reshape(-1, 2) + model.mu_m
    whole = np.kron(np.eye(len(time_s)), model.sigma_m2) - weights @ cross.T
    blocks = [whole[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] for i in range(len(time_s))]
    return mean, np.array(blocks)


@pytest.mark.parametrize(
    ("kind", "memory"), [("OU", (2e5,)), ("OUF", (4e5, 3e4)), ("OUO", (3e5, 2e-5)), ("IID", ())]
)
@pytest.mark.parametrize("errors", [False, True])
def test_the_smoother_is_kriging_by_one_big_matrix(kind, memory, errors):
    track = drawn_track("OUF", (4e5, 3e4))
    if errors:
        half = np.random.default_rng(5).normal(0, 500, (40, 2, 2))
        track = replace(track, error_m2=half @ half.transpose(0, 2, 1) + 1e4 * np.eye(2))
    model = make_model(kind=kind, memory=memory, sigma_m2=COVARIANCE, mu_m=(5e4, -2e4))
    asked = np.array([-1e5, 1e3, 2.5e5, 4.4e5, 3e6])
    ours = predict(model, track, asked)
    mean, blocks = dense_prediction(track, model, asked)
    assert np.column_stack([ours.x_m, ours.y_m]) == pytest.approx(mean, abs=1.0)
    assert ours.covariance_m2 == pytest.approx(blocks, abs=1e-3 * 4e6)


def test_at_a_fix_without_error_the_animal_is_at_the_fix():
    track = drawn_track("OUF", (4e5, 3e4))
    model = fit(track, "OUF anisotropic")
    told = predict(model, track, track.time_s)
    assert told.x_m == pytest.approx(track.x_m, abs=1e-3)
    assert told.covariance_m2 == pytest.approx(0.0, abs=1.0)


def test_a_brownian_bridge_is_widest_in_its_middle():
    track = drawn_track("OU", (2e5,), time_s=np.arange(4) * 1e4)
    walk = make_model(kind="BM", sigma_m2=np.diag([5.0, 5.0]))
    told = predict(walk, track, np.array([2500.0, 5000.0, 7500.0]))
    # variance of a bridge of length T at t: sigma t (T - t) / T
    assert told.covariance_m2[:, 0, 0] == pytest.approx([9375.0, 12500.0, 9375.0])


def test_a_walk_says_nothing_of_the_time_before_it_began():
    track = drawn_track("OU", (2e5,))
    walk = make_model(kind="BM", sigma_m2=np.eye(2))
    with pytest.raises(InvalidTableError, match="before the first fix"):
        predict(walk, track, np.array([-5.0]))


@pytest.mark.parametrize("kind", ["OU", "OUF", "OUf", "OUO"])
def test_free_paths_have_the_variance_and_memory_of_their_model(kind):
    memory = {"OU": (2e4,), "OUF": (2e4, 2e3), "OUf": (8e3,), "OUO": (2e4, 3e-4)}[kind]
    model = make_model(kind=kind, memory=memory, sigma_m2=COVARIANCE, mu_m=(10.0, 20.0))
    path = simulate(model, np.arange(40_000) * 2000.0, np.random.default_rng(7))
    assert np.cov(path.x_m, path.y_m) == pytest.approx(COVARIANCE, rel=0.1, abs=2e5)
    lagged = np.corrcoef(path.x_m[:-3], path.x_m[3:])[0, 1]
    expected = autocorrelation(KINDS[kind], memory, np.array([6000.0]))[0]
    assert lagged == pytest.approx(expected, abs=0.03)


def test_paths_through_fixes_meet_them_and_spread_as_predicted_between():
    track = drawn_track("OUF", (4e5, 3e4), time_s=np.arange(12) * 5e4)
    model = make_model(kind="OUF", memory=(4e5, 3e4), sigma_m2=COVARIANCE, mu_m=(5e4, -2e4))
    asked = np.array([0.0, 2.5e4, 1e5, 1.3e5])
    rng = np.random.default_rng(3)
    paths = [simulate(model, asked, rng, given=track).positions_m for _ in range(600)]
    drawn = np.array(paths)
    assert drawn[:, 2] == pytest.approx(np.tile(track.positions_m[2], (600, 1)), abs=0.1)
    told = predict(model, track, asked)
    assert drawn[:, 1].mean(axis=0) == pytest.approx([told.x_m[1], told.y_m[1]], abs=60)
    assert np.cov(drawn[:, 1].T) == pytest.approx(
        told.covariance_m2[1], rel=0.2, abs=0.1 * told.covariance_m2[1, 0, 0]
    )


def test_the_same_seed_draws_the_same_path():
    model = make_model(kind="OUF", memory=(4e5, 3e4), sigma_m2=COVARIANCE)
    first, second = (simulate(model, uneven_times(), np.random.default_rng(9)) for _ in range(2))
    assert (first.x_m == second.x_m).all()
