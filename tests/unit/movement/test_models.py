"""Movement models: the filter against dense algebra, and what fits owe their users."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from drawn_tracks import drawn_track, uneven_times
from kulan.errors import InvalidTableError, NotEnoughDataError, UnknownNameError
from kulan.movement.models import fit, log_likelihood, make_model, select
from kulan.movement.models.filters import step
from kulan.movement.models.likelihood import Observed, shape_of
from kulan.movement.models.processes import (
    KINDS,
    autocorrelation,
    semivariance,
    steepest_rise,
)
from kulan.movement.tracks import Track

COVARIANCE = np.array([[4e6, 1e6], [1e6, 2e6]])
MEMORIES = {
    "IID": (),
    "OU": (2e5,),
    "OUf": (1e5,),
    "OUF": (4e5, 3e4),
    "OUO": (3e5, 2e-5),
}


def dense_log_likelihood(track, kind, memory, covariance, residual=False):
    """The Gaussian log-likelihood by one big matrix, the mean by generalised least squares."""
    lag = track.time_s[:, None] - track.time_s[None, :]
    big = np.kron(autocorrelation(KINDS[kind], memory, lag), covariance)
    if track.error_m2 is not None:
        for i, error in enumerate(track.error_m2):
            big[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] += error
    design = np.kron(np.ones((len(track), 1)), np.eye(2))
    weighed = np.linalg.solve(big, design)
    information = design.T @ weighed
    mean = np.linalg.solve(information, weighed.T @ track.positions_m.ravel())
    value = multivariate_normal(np.tile(mean, len(track)), big).logpdf(track.positions_m.ravel())
    if residual:
        value += math.log(2 * math.pi) - np.linalg.slogdet(information)[1] / 2
    return value


@pytest.mark.parametrize("kind", MEMORIES)
@pytest.mark.parametrize("errors", ["none", "circles", "ellipses"])
def test_the_filter_is_the_dense_likelihood(kind, errors):
    track = drawn_track("OUF", (4e5, 3e4))
    rng = np.random.default_rng(5)
    if errors == "circles":
        track = replace(track, error_m2=rng.uniform(1e4, 1e6, 40)[:, None, None] * np.eye(2))
    if errors == "ellipses":
        half = rng.normal(0, 500, (40, 2, 2))
        track = replace(track, error_m2=half @ half.transpose(0, 2, 1) + 1e3 * np.eye(2))
    for residual in (False, True):
        ours = Observed(track).log_likelihood(
            KINDS[kind], MEMORIES[kind], shape_of(COVARIANCE), residual=residual
        )
        theirs = dense_log_likelihood(track, kind, MEMORIES[kind], COVARIANCE, residual)
        assert ours == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("kind", [*MEMORIES, "BM", "IOU"])
@pytest.mark.parametrize("t", [1e-3, 60.0, 5e3, 2e5, 3e6])
def test_two_short_steps_are_one_long_step(kind, t):
    memory = MEMORIES.get(kind, (3e4,) if kind == "IOU" else ())
    rates = KINDS[kind].rates(memory)

    def matrices(duration):
        a, b, c, d, p, q, r = step(KINDS[kind].order, *rates, duration)
        return np.array([[a, b], [c, d]]), np.array([[p, q], [q, r]])

    move1, noise1 = matrices(0.3 * t)
    move2, noise2 = matrices(0.7 * t)
    move, noise = matrices(t)
    if kind == "IID":
        # no memory, however short the step
        assert not move.any()
        return
    assert move2 @ move1 == pytest.approx(move, rel=1e-9, abs=1e-300)
    assert move2 @ noise1 @ move2.T + noise2 == pytest.approx(noise, rel=1e-7)


def test_a_walk_of_independent_steps_has_the_likelihood_of_its_steps():
    time_s = uneven_times(12)
    rng = np.random.default_rng(8)
    xy = np.cumsum(rng.normal(size=(12, 2)) * 3000, axis=0)
    track = Track("k1", time_s, xy[:, 0], xy[:, 1])
    ours = Observed(track).log_likelihood(KINDS["BM"], (), (30.0, 30.0, 0.0))
    steps = np.diff(xy, axis=0)
    variance = 30.0 * np.diff(time_s)[:, None]
    theirs = -0.5 * np.sum(steps**2 / variance + np.log(2 * math.pi * variance))
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_independent_fixes_give_the_textbook_mean_and_covariance():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 30)) * [[300.0], [200.0]]
    model = fit(Track("k1", np.arange(30) * 3600.0, x, y), "IID anisotropic")
    assert model.sigma_m2 == pytest.approx(np.cov(x, y), rel=1e-9)
    assert model.mu_m == pytest.approx([x.mean(), y.mean()])
    assert model.dof["mean"] == pytest.approx(30)
    assert model.dof["area"] == pytest.approx(29, rel=1e-3)


def test_speed_and_diffusion_of_an_ou_f_model_by_hand():
    model = make_model(kind="OUF", memory=(8e5, 2e4), sigma_m2=np.diag([9e6, 4e6]))
    assert model.speed_m_s().estimate == pytest.approx(math.sqrt(13e6 / (8e5 * 2e4)))
    when = math.log(40) * 8e5 * 2e4 / 7.8e5
    slope = (math.exp(-when / 8e5) - math.exp(-when / 2e4)) / 7.8e5
    assert model.diffusion_m2_s().estimate == pytest.approx(13e6 * slope)


@pytest.mark.parametrize("kind", ["OU", "OUf", "OUF", "OUO", "IOU"])
def test_the_steepest_rise_is_the_greatest_slope_of_the_semivariance(kind):
    memory = MEMORIES.get(kind, (3e4,))
    lag = np.linspace(0, 2e6, 400_001)
    slope = np.gradient(semivariance(KINDS[kind], memory, lag), lag).max()
    assert steepest_rise(KINDS[kind], memory) == pytest.approx(slope, rel=2e-4)


@pytest.mark.parametrize("kind", ["OU", "OUF", "OUf"])
def test_turned_moved_and_rescaled_tracks_get_the_same_model(kind):
    track = drawn_track("OUF", (4e5, 3e4), time_s=uneven_times(120, hours=4))
    c, s = math.cos(0.7), math.sin(0.7)
    turned = replace(
        track,
        x_m=2 * (c * track.x_m - s * track.y_m) + 1e5,
        y_m=2 * (s * track.x_m + c * track.y_m),
    )
    first, second = fit(track, f"{kind} anisotropic"), fit(turned, f"{kind} anisotropic")
    assert second.tau_s == pytest.approx(first.tau_s, rel=1e-4)
    assert math.sqrt(np.linalg.det(second.sigma_m2)) == pytest.approx(
        4 * math.sqrt(np.linalg.det(first.sigma_m2)), rel=1e-4
    )
    assert second.dof["area"] == pytest.approx(first.dof["area"], rel=1e-3)


def test_known_errors_are_not_taken_for_movement():
    time_s = np.arange(600) * 1800.0
    true = drawn_track("OUF", (4e5, 3e4), time_s=time_s, seed=4)
    noise = np.random.default_rng(6).normal(0, 300.0, (2, 600))
    seen = replace(
        true,
        x_m=true.x_m + noise[0],
        y_m=true.y_m + noise[1],
        error_m2=np.broadcast_to(300.0**2 * np.eye(2), (600, 2, 2)),
    )
    blind = fit(replace(seen, error_m2=None), "OUF")
    knowing = fit(seen, "OUF")
    truth = fit(true, "OUF").speed_m_s().estimate
    assert knowing.speed_m_s().estimate == pytest.approx(truth, rel=0.15)
    # taken for movement, errors hide that the path is smooth
    assert blind.kind == "OU"


def test_a_memory_of_speed_that_is_not_there_makes_an_ou_model():
    track = drawn_track("OU", (2e5,), time_s=np.arange(300) * 7200.0, seed=12)
    chosen = select(track)
    assert chosen.best.kind == "OU"
    assert fit(track, "OUF anisotropic").loglik >= chosen.best.loglik - 0.1


def test_a_walk_without_memory_of_speed_is_a_brownian_one():
    steps = np.random.default_rng(3).normal(size=(2, 400)) * 500
    x, y = np.cumsum(steps, axis=1)
    track = Track("k1", np.arange(400) * 3600.0, x, y)
    assert fit(track, "IOU").kind == "BM"
    # 500 m an hour along each axis
    assert fit(track, "BM").sigma_m2[0, 0] == pytest.approx(500**2 / 3600, rel=0.1)


def test_candidates_are_ordered_and_each_is_named_once():
    chosen = select(drawn_track("OUF", (4e5, 3e4)))
    assert list(chosen.delta_aicc) == sorted(chosen.delta_aicc)
    assert chosen.delta_aicc[0] == 0
    names = [model.name for model in chosen.candidates]
    assert len(names) == len(set(names))


def test_log_likelihood_of_a_fit_is_the_one_it_reports():
    track = drawn_track("OUF", (4e5, 3e4))
    model = fit(track, "OUF anisotropic")
    assert log_likelihood(track, model) == pytest.approx(model.loglik, abs=1e-8)


def test_two_fixes_are_too_few_for_a_model():
    track = Track("k1", np.array([0.0, 60.0]), np.zeros(2), np.ones(2))
    with pytest.raises(NotEnoughDataError, match="2 fix"):
        fit(track, "OU")
    with pytest.raises(NotEnoughDataError):
        select(track)


def test_a_collar_in_a_drawer_has_no_movement_to_model():
    still = Track("k1", np.arange(50) * 60.0, np.full(50, 3.0), np.full(50, 7.0))
    with pytest.raises(NotEnoughDataError, match="at one place"):
        select(still)


def test_errors_of_some_fixes_only_are_refused():
    track = drawn_track("OU", (2e5,))
    errors = np.broadcast_to(100.0 * np.eye(2), (40, 2, 2)).copy()
    errors[7] = np.nan
    with pytest.raises(InvalidTableError, match="1 of 40"):
        fit(replace(track, error_m2=errors), "OU")


def test_an_unknown_kind_is_named_with_the_known_ones():
    with pytest.raises(UnknownNameError, match="OUF"):
        fit(drawn_track("OU", (2e5,)), "OUX")
