"""Which state when: the likeliest sequence, the chances, and whether the model fits at all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kulan.movement.states.emissions import Family
from kulan.movement.states.fitting import FittedStates
from kulan.movement.states.hidden_markov import covariate_rows, log_density_of, moves_of
from kulan.movement.states.observations import Observations
from kulan.movement.states.recursions import backward, forward, likeliest_path

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DecodedStates:
    """States of a series of observations.

    Attributes
    ----------
    likeliest
        The likeliest sequence as a whole (Viterbi), states from 0, shape (n,).
    chances
        Probability of each state given all observations, shape (n, states).
    """

    likeliest: NDArray[np.int64]
    chances: Floats

    @property
    def shares(self) -> Floats:
        """Share of observations in each state, from the chances, shape (states,)."""
        shares: Floats = self.chances.mean(axis=0)
        return shares


def decode_states(fitted: FittedStates, observations: Observations) -> DecodedStates:
    """Return the likeliest states of observations and the chances of each.

    Parameters
    ----------
    fitted
        A model.
    observations
        What was seen; with the covariates of the model.

    Returns
    -------
    DecodedStates

    References
    ----------
    Viterbi, A. J. (1967). Error bounds for convolutional codes. IEEE Trans. Inf. Theory 13:260-269.
    """
    dense, moves = _seen(fitted, observations)
    alpha, chances, moved = np.empty_like(dense), np.empty_like(dense), np.empty_like(moves)
    forward(dense, moves, fitted.first, observations.is_start, alpha)
    backward(dense, moves, observations.is_start, alpha, chances, moved)
    with np.errstate(divide="ignore"):
        path = likeliest_path(dense, np.log(moves), np.log(fitted.first), observations.is_start)
    return DecodedStates(path, chances)


@dataclass(frozen=True, eq=False)
class PseudoResiduals:
    """How far each observation is from what the model expected, as standard normal numbers.

    Attributes
    ----------
    step, turn
        Shape (n,); NaN where nothing was seen. Far from normal, or alike from one to the next, they
        say that the model does not fit.
    """

    step: Floats
    turn: Floats


def pseudo_residuals(fitted: FittedStates, observations: Observations) -> PseudoResiduals:
    """Return forecast pseudo-residuals: each observation given those before it.

    A step of no length, which has a chance of its own, is put in the middle of that chance.

    Parameters
    ----------
    fitted
        A model.
    observations
        What was seen.

    Returns
    -------
    PseudoResiduals

    References
    ----------
    Zucchini, W., MacDonald, I. L. and Langrock, R. (2016). Hidden Markov Models for Time Series,
    2nd ed., ch. 6.
    """
    dense, moves = _seen(fitted, observations)
    alpha = np.empty_like(dense)
    forward(dense, moves, fitted.first, observations.is_start, alpha)
    expected = np.empty_like(alpha)
    expected[0] = fitted.first
    into = np.broadcast_to(moves, (len(dense), *moves.shape[1:]))[1:]
    expected[1:] = np.einsum("ti,tij->tj", alpha[:-1], into)
    expected[observations.is_start] = fitted.first
    blocks = fitted.design.split(fitted.working)
    step = _residual(fitted.design.steps, observations.step_m, blocks[0], expected)
    if fitted.design.turns is None:
        return PseudoResiduals(step, np.full_like(step, np.nan))
    turn = _residual(fitted.design.turns, observations.turn_rad, blocks[1], expected)
    return PseudoResiduals(step, turn)


def _residual(family: Family, values: Floats, block: Floats, expected: Floats) -> Floats:
    chance = (expected * family.cumulative(values, block)).sum(axis=1)
    if "zero" in family.names:
        chance[values == 0] /= 2
    residual: Floats = stats.norm.ppf(np.clip(chance, 1e-15, 1 - 1e-15))
    return np.where(np.isfinite(values), residual, np.nan)


def _seen(fitted: FittedStates, observations: Observations) -> tuple[Floats, Floats]:
    dense = log_density_of(fitted.design, observations, fitted.working)
    rows = covariate_rows(fitted.design, observations)
    changes = fitted.design.split(fitted.working)[-2]
    return dense, moves_of(changes, rows, fitted.design.states)
