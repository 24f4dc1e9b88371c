"""Hidden Markov models of steps and turns: what they are, and how likely observations are."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidRequestError
from kulan.movement.states.emissions import Family, GammaSteps, VonMisesTurns, WrappedCauchyTurns
from kulan.movement.states.observations import Observations
from kulan.movement.states.recursions import backward, forward

Floats = NDArray[np.float64]
Turns = Literal["von_mises", "wrapped_cauchy"]


@dataclass(frozen=True, eq=False)
class Design:
    """The form of a model: how many states, of what families, and what their changes depend on.

    Attributes
    ----------
    states
        How many.
    steps, turns
        Families of step lengths and turning angles; no turns for None.
    covariates
        Names of what the changes between states depend on.
    """

    states: int
    steps: Family
    turns: Family | None
    covariates: tuple[str, ...] = ()

    @property
    def families(self) -> tuple[Family, ...]:
        """The families that are seen."""
        return (self.steps,) if self.turns is None else (self.steps, self.turns)

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """Shapes of the blocks of parameters: each family, changes between states, first states."""
        families = tuple((self.states, len(family.names)) for family in self.families)
        changes = (len(self.covariates) + 1, self.states * (self.states - 1))
        return (*families, changes, (1, self.states - 1))

    def split(self, working: Floats) -> list[Floats]:
        """Return the blocks of a vector of unbounded parameters."""
        sizes = np.cumsum([rows * columns for rows, columns in self.shapes])
        parts = np.split(working, sizes[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)]


def design_for(
    observations: Observations,
    states: int,
    *,
    turns: Turns | None = "von_mises",
    covariates: tuple[str, ...] = (),
) -> Design:
    """Return the form of a model for some observations.

    Parameters
    ----------
    observations
        Steps of length zero get a chance of their own.
    states
        How many, at least 2.
    turns
        Family of turning angles; None for steps alone.
    covariates
        Names of what the changes between states depend on.

    Returns
    -------
    Design

    Raises
    ------
    InvalidRequestError
        If there are fewer than two states, or a covariate is not among the observations'.
    """
    if states < 2:
        raise InvalidRequestError(f"{states} state(s): a hidden Markov model has two or more.")
    unknown = [name for name in covariates if name not in observations.covariates]
    if unknown:
        known = ", ".join(observations.covariates) or "none"
        raise InvalidRequestError(f"no covariate {', '.join(unknown)}; there are: {known}.")
    has_zeros = bool((observations.step_m == 0).any())
    families: dict[str | None, Family | None] = {
        "von_mises": VonMisesTurns(),
        "wrapped_cauchy": WrappedCauchyTurns(),
        None: None,
    }
    return Design(states, GammaSteps(has_zeros=has_zeros), families[turns], covariates)


def log_density_of(design: Design, observations: Observations, working: Floats) -> Floats:
    """Return the log density of each observation in each state, shape (n, states)."""
    blocks = design.split(working)
    values = (observations.step_m, observations.turn_rad)
    dense = np.zeros((len(observations), design.states))
    for family, block, seen in zip(design.families, blocks, values, strict=False):
        dense += family.log_density(seen, block)
    return dense


def covariate_rows(design: Design, observations: Observations) -> Floats:
    """Return a column of ones and the covariates, shape (n, 1 + covariates); one row without."""
    if not design.covariates:
        return np.ones((1, 1))
    columns = [observations.covariates[name] for name in design.covariates]
    return np.column_stack([np.ones(len(observations)), *columns])


def moves_of(changes: Floats, rows: Floats, states: int) -> Floats:
    """Return the chances of going from state to state, shape (rows, states, states).

    Multinomial logit with staying as reference: `changes` has shape (1 + covariates, states *
    (states - 1)), its columns in the order of the off-diagonal cells.
    """
    score = np.zeros((len(rows), states, states))
    score[:, ~np.eye(states, dtype=bool)] = rows @ changes
    score -= score.max(axis=2, keepdims=True)
    chance = np.exp(score)
    made: Floats = chance / chance.sum(axis=2, keepdims=True)
    return made


def first_of(block: Floats) -> Floats:
    """Return the chances of the first state, shape (states,)."""
    score = np.concatenate([[0.0], block[0]])
    chance = np.exp(score - score.max())
    made: Floats = chance / chance.sum()
    return made


def log_likelihood(
    design: Design, observations: Observations, working: Floats
) -> tuple[float, Floats]:
    """Return the log-likelihood of a model and its derivative by the unbounded parameters.

    Parameters
    ----------
    design
        Form of the model.
    observations
        What was seen.
    working
        Unbounded parameters, see `Design.split`.

    Returns
    -------
    value, gradient
        The gradient by Fisher's identity, from one forward and one backward pass.

    References
    ----------
    Zucchini, W., MacDonald, I. L. and Langrock, R. (2016). Hidden Markov Models for Time Series,
    2nd ed., ch. 2-4. Langrock, R. et al. (2012). Flexible and practical modeling of animal
    telemetry data. Ecology 93:2336-2342.
    """
    blocks = design.split(working)
    dense = log_density_of(design, observations, working)
    rows = covariate_rows(design, observations)
    moves, first = moves_of(blocks[-2], rows, design.states), first_of(blocks[-1])
    alpha, posterior, moved = np.empty_like(dense), np.empty_like(dense), np.empty_like(moves)
    value = forward(dense, moves, first, observations.is_start, alpha)
    if not np.isfinite(value):
        return -np.inf, np.zeros_like(working)
    backward(dense, moves, observations.is_start, alpha, posterior, moved)
    values = (observations.step_m, observations.turn_rad)
    slopes = [
        family.gradient(seen, block, posterior)
        for family, block, seen in zip(design.families, blocks, values, strict=False)
    ]
    pull = moved - moved.sum(axis=2, keepdims=True) * moves
    slopes.append(rows.T @ pull[:, ~np.eye(design.states, dtype=bool)])
    starts = posterior[observations.is_start]
    slopes.append((starts.sum(axis=0) - len(starts) * first)[1:])
    return value, np.concatenate([np.ravel(slope) for slope in slopes])
