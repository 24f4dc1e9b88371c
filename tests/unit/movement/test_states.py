"""States are told from steps and turns, gaps end a series, and limits hold the truth."""

import itertools

import numpy as np
import pytest
from scipy import optimize, stats

from kulan.errors import InvalidRequestError, InvalidTableError, NotEnoughDataError
from kulan.movement.states.decoding import decode_states, pseudo_residuals
from kulan.movement.states.emissions import GammaSteps, VonMisesTurns, WrappedCauchyTurns
from kulan.movement.states.fitting import fit_states
from kulan.movement.states.hidden_markov import design_for, log_likelihood, moves_of
from kulan.movement.states.observations import Observations, observations_of, steps_and_turns
from kulan.movement.tracks import Track


def _seen(step_m, turn_rad, *, starts=(0,), **covariates):
    n = len(step_m)
    is_start = np.zeros(n, dtype=bool)
    is_start[list(starts)] = True
    return Observations(
        np.asarray(step_m, float),
        np.asarray(turn_rad, float),
        is_start,
        np.full(n, "k1", dtype=object),
        np.arange(n),
        np.arange(n) * 3600.0,
        covariates,
    )


def _planted(n=600, seed=1, turns="von_mises"):
    """Two states that are easy to tell: 100 m with any turn, 2,000 m straight on."""
    rng = np.random.default_rng(seed)
    move = np.array([[0.9, 0.1], [0.2, 0.8]])
    state = np.zeros(n, dtype=int)
    for t in range(1, n):
        state[t] = rng.choice(2, p=move[state[t - 1]])
    mean, sd = np.array([100.0, 2000.0])[state], np.array([80.0, 1000.0])[state]
    step = rng.gamma((mean / sd) ** 2, sd**2 / mean)
    if turns == "von_mises":
        turn = rng.vonmises(0.0, np.array([0.5, 4.0])[state])
    else:
        turn = stats.wrapcauchy.rvs(np.array([0.3, 0.8])[state], random_state=rng)
        turn = (turn + np.pi) % (2 * np.pi) - np.pi
    return _seen(step, turn, starts=(0, n // 2)), state


@pytest.mark.parametrize("turns", ["von_mises", "wrapped_cauchy", None])
def test_the_gradient_is_that_of_the_likelihood(turns):
    rng = np.random.default_rng(5)
    observations, _ = _planted(60)
    observations.step_m[[3, 40]] = 0.0, np.nan
    observations = _seen(
        observations.step_m, observations.turn_rad, starts=(0, 30), slope=rng.normal(size=60)
    )
    design = design_for(observations, 3, turns=turns, covariates=("slope",))
    size = sum(rows * columns for rows, columns in design.shapes)
    point = rng.normal(size=size)
    point[: design.shapes[0][0] * design.shapes[0][1]] += 3.0
    numeric = optimize.approx_fprime(
        point, lambda where: log_likelihood(design, observations, where)[0], 1e-7
    )
    assert np.allclose(
        log_likelihood(design, observations, point)[1], numeric, rtol=1e-4, atol=1e-3
    )


def test_the_likelihood_is_the_sum_over_all_sequences_of_states():
    observations, _ = _planted(5)
    observations = _seen(observations.step_m, observations.turn_rad)
    design = design_for(observations, 2)
    point = np.array([4.0, 4.2, 7.0, 7.1, 0.3, 0.1, 3.0, 0.4, -1.0, -2.0, 0.7])
    blocks = design.split(point)
    dense = design.steps.log_density(observations.step_m, blocks[0])
    dense = dense + design.turns.log_density(observations.turn_rad, blocks[1])
    move = moves_of(blocks[2], np.ones((1, 1)), 2)[0]
    first = np.array([1.0, np.exp(0.7)]) / (1 + np.exp(0.7))
    total = 0.0
    for path in itertools.product(range(2), repeat=5):
        chance = first[path[0]] * np.prod([move[i, j] for i, j in itertools.pairwise(path)])
        total += chance * np.exp(sum(dense[t, s] for t, s in enumerate(path)))
    assert log_likelihood(design, observations, point)[0] == pytest.approx(np.log(total))


@pytest.mark.parametrize("family", [GammaSteps(has_zeros=False), GammaSteps(has_zeros=True)])
def test_steps_have_the_density_and_the_chances_of_a_gamma(family):
    working = family.working(np.array([[100.0, 50.0, 0.1][: len(family.names)]]))
    seen = np.array([20.0, 150.0])
    of_positive = 0.9 if family.has_zeros else 1.0
    known = stats.gamma(4.0, scale=25.0)
    assert np.allclose(
        np.exp(family.log_density(seen, working))[:, 0], of_positive * known.pdf(seen)
    )
    assert np.allclose(
        family.cumulative(seen, working)[:, 0], 1 - of_positive + of_positive * known.cdf(seen)
    )


@pytest.mark.parametrize(
    ("family", "concentration", "known"),
    [
        (VonMisesTurns(), 2.0, stats.vonmises(2.0, loc=0.5)),
        (WrappedCauchyTurns(), 0.6, None),
    ],
)
def test_turns_have_the_density_of_their_family(family, concentration, known):
    working = family.working(np.array([[0.5, concentration]]))
    assert np.allclose(family.natural(working), [[0.5, concentration]])
    angles = np.array([-3.0, 0.0, 0.5, 2.0])
    if known is None:
        known_density = stats.wrapcauchy(concentration).pdf((angles - 0.5) % (2 * np.pi))
    else:
        known_density = known.pdf(angles)
    assert np.allclose(np.exp(family.log_density(angles, working))[:, 0], known_density)


@pytest.mark.parametrize("turns", ["von_mises", "wrapped_cauchy"])
def test_planted_states_are_found(turns):
    observations, state = _planted(turns=turns)
    fitted = fit_states(observations, design_for(observations, 2, turns=turns), starts=3)
    for interval, truth in zip(fitted.parameters(0.999)["mean_m"], (100.0, 2000.0), strict=True):
        assert interval.holds(truth)
    assert np.allclose(fitted.moves(), [[0.9, 0.1], [0.2, 0.8]], atol=0.08)
    assert np.allclose(fitted.stationary(), [2 / 3, 1 / 3], atol=0.1)
    decoded = decode_states(fitted, observations)
    assert (decoded.likeliest == state).mean() > 0.95
    assert np.allclose(decoded.chances.sum(axis=1), 1.0)


def test_residuals_of_a_true_model_are_normal_and_of_a_wrong_one_are_not():
    observations, _ = _planted()
    right = fit_states(observations, design_for(observations, 2), starts=3)
    residuals = pseudo_residuals(right, observations)
    assert stats.kstest(residuals.step, "norm").pvalue > 0.01
    assert stats.kstest(residuals.turn, "norm").pvalue > 0.01
    far = _seen(observations.step_m * 3, observations.turn_rad, starts=(0, 300))
    assert stats.kstest(pseudo_residuals(right, far).step, "norm").pvalue < 1e-6


def test_the_order_of_animals_changes_no_parameter():
    observations, _ = _planted(400)
    turned = _seen(
        np.concatenate([observations.step_m[200:], observations.step_m[:200]]),
        np.concatenate([observations.turn_rad[200:], observations.turn_rad[:200]]),
        starts=(0, 200),
    )
    one, other = (
        fit_states(seen, design_for(seen, 2), starts=2) for seen in (observations, turned)
    )
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-5)


def test_a_gap_ends_a_series_and_a_missed_fix_does_not():
    time = np.array([0, 1, 2, 4, 20, 21, 22]) * 3600.0
    track = Track("k1", time, np.arange(7) * 10.0, np.zeros(7), rows=np.arange(7))
    seen = observations_of([track], 3600.0, longest_gap=3)
    assert seen.rows.tolist() == [0, 1, 2, -1, 3, 4, 5, 6]
    assert np.flatnonzero(seen.is_start).tolist() == [0, 5]
    assert np.isnan(seen.step_m).tolist() == [False, False, True, True, True, False, False, True]


def test_a_fix_far_from_its_tick_is_not_used():
    track = Track("k1", np.array([0.0, 3600, 7200 + 1000]), np.arange(3.0), np.zeros(3))
    assert len(observations_of([track], 3600.0)) == 2


def test_a_missed_fix_has_the_last_known_covariate():
    track = Track(
        "k1", np.array([0.0, 3600, 10800]), np.arange(3.0), np.zeros(3), rows=np.arange(3)
    )
    seen = observations_of([track], 3600.0, covariates={"slope": np.array([5.0, 6.0, 7.0])})
    assert seen.covariates["slope"].tolist() == [5.0, 6.0, 6.0, 7.0]


def test_an_unknown_covariate_of_a_used_fix_is_refused():
    track = Track("k1", np.array([0.0, 3600]), np.arange(2.0), np.zeros(2), rows=np.arange(2))
    with pytest.raises(InvalidTableError, match="'slope' is unknown at 1 fixes"):
        observations_of([track], 3600.0, covariates={"slope": np.array([5.0, np.nan])})


def test_the_wrong_interval_is_told():
    track = Track("k1", np.array([0.0, 5000.0]), np.arange(2.0), np.zeros(2))
    with pytest.raises(NotEnoughDataError, match="3600 s apart"):
        observations_of([track], 3600.0)


def test_too_few_steps_are_refused():
    observations, _ = _planted(50)
    with pytest.raises(NotEnoughDataError, match="at least 110 steps"):
        fit_states(observations, design_for(observations, 2))


def test_one_state_is_no_hidden_markov_model():
    observations, _ = _planted(50)
    with pytest.raises(InvalidRequestError, match="two or more"):
        design_for(observations, 1)


def test_half_a_turn_is_told_as_plus_pi():
    turn = steps_and_turns(np.array([0.0, 1, 0]), np.zeros(3))[1]
    assert turn[1] == np.pi
