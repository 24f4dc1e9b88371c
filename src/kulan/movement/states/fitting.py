"""Fitting hidden Markov models: many starts, the best kept, limits from the curvature."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from kulan.errors import InvalidRequestError, NotEnoughDataError
from kulan.movement.intervals import UNKNOWN, Interval
from kulan.movement.states.hidden_markov import (
    Design,
    covariate_rows,
    first_of,
    log_likelihood,
    moves_of,
)
from kulan.movement.states.observations import Observations

Floats = NDArray[np.float64]

_SAME = 0.01  # log-likelihoods this close are the same hill
_FLAT = 1e-4  # curvature below which a parameter is at its bound
_OPTIONS = {
    "maxiter": 2000,
    "maxfun": 20000,
    "ftol": 1e-11,
    "gtol": 1e-6,
    "maxls": 40,
    "maxcor": 20,
}


@dataclass(frozen=True, eq=False)
class FittedStates:
    """A fitted hidden Markov model; states are in the order of their mean step.

    Attributes
    ----------
    design
        Form of the model.
    working
        Unbounded parameters, see `Design.split`.
    covariance
        Of those, from the curvature; NaN for parameters at a bound, such as a chance of zero.
    log_likelihood
        At the maximum found.
    starts, found
        From how many places the search began, and how many of them came to this maximum.
    observations
        How many steps were seen.
    """

    design: Design
    working: Floats
    covariance: Floats
    log_likelihood: float
    starts: int
    found: int
    observations: int

    @property
    def aic(self) -> float:
        """Akaike's information criterion."""
        return 2 * len(self.working) - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Bayesian information criterion; for numbers of states it misleads less than AIC."""
        return float(len(self.working) * np.log(self.observations)) - 2 * self.log_likelihood

    def parameters(self, level: float = 0.95) -> dict[str, tuple[Interval, ...]]:
        """Return each parameter of what is seen, one interval per state.

        Parameters
        ----------
        level
            How often the limits hold the truth.

        Returns
        -------
        dict
            "mean_m", "sd_m", "zero" (chance of a step of no length), "mean_rad", and
            "concentration" (von Mises) or "resultant_length" (wrapped Cauchy).
        """
        made: dict[str, tuple[Interval, ...]] = {}
        for family, block, at in zip(
            self.design.families, self.design.split(self.working), self._places(), strict=False
        ):
            errors = self._delta_errors(family.natural, block, at)
            for k, name in enumerate(family.names):
                centres = family.natural(block)[:, k]
                made[name] = tuple(
                    _limits(name, float(c), float(e), level)
                    for c, e in zip(centres, errors[:, k], strict=True)
                )
        return made

    def changes(self, level: float = 0.95) -> tuple[tuple[str, Interval], ...]:
        """Return the coefficients of the changes between states, on the logit scale, with names.

        Parameters
        ----------
        level
            How often the limits hold the truth.
        """
        block, at = self.design.split(self.working)[-2], self._places()[-2]
        reach = stats.norm.ppf((1 + level) / 2)
        states = range(self.design.states)
        pairs = [f"{i + 1} -> {j + 1}" for i in states for j in states if i != j]
        names = [f"{term}: {pair}" for term in ("base", *self.design.covariates) for pair in pairs]
        errors = np.sqrt(np.diag(self.covariance))[at]
        return tuple(
            (name, Interval(float(b - reach * e), float(b), float(b + reach * e), level))
            for name, b, e in zip(names, block.ravel(), errors, strict=True)
        )

    def moves(self, **covariates: float) -> Floats:
        """Return the chances of going from state to state at some covariates, (states, states)."""
        missing = [name for name in self.design.covariates if name not in covariates]
        if missing:
            raise InvalidRequestError(f"give a value of {', '.join(missing)} too.")
        row = [[1.0, *(covariates[name] for name in self.design.covariates)]]
        block = self.design.split(self.working)[-2]
        moves: Floats = moves_of(block, np.array(row), self.design.states)[0]
        return moves

    def stationary(self, **covariates: float) -> Floats:
        """Return the share of time in each state in the long run at some covariates, (states,)."""
        move = self.moves(**covariates)
        size = self.design.states
        share = np.linalg.solve((np.eye(size) - move + 1).T, np.ones(size))
        return np.asarray(share, dtype=np.float64)

    @property
    def first(self) -> Floats:
        """Chances of the first state of a series, shape (states,)."""
        return first_of(self.design.split(self.working)[-1])

    def _places(self) -> list[NDArray[np.int64]]:
        where = self.design.split(np.arange(len(self.working), dtype=float))
        return [block.ravel().astype(np.int64) for block in where]

    def _delta_errors(
        self, natural: Callable[[Floats], Floats], block: Floats, at: NDArray[np.int64]
    ) -> Floats:
        """Return standard errors of a family's parameters, row by row of its block."""
        errors = np.empty_like(block)
        width = block.shape[1]
        for state, row in enumerate(block):
            places = at[state * width : (state + 1) * width]
            slopes = np.stack(
                [
                    (natural((row + nudge)[None]) - natural((row - nudge)[None]))[0] / 2e-5
                    for nudge in np.eye(width) * 1e-5
                ],
                axis=1,
            )
            errors[state] = _spread(slopes, self.covariance[np.ix_(places, places)])
        return errors


def _spread(slopes: Floats, covariance: Floats) -> Floats:
    """Return the errors of numbers with these slopes; NaN where one rests on an unknown."""
    unknown = ~np.isfinite(np.diag(covariance))
    known = np.where(unknown[:, None] | unknown, 0.0, covariance)
    errors: Floats = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", slopes, known, slopes), 0))
    rests_on = (np.abs(slopes) > 0) & unknown
    return np.where(rests_on.any(axis=1), np.nan, errors)


def _limits(name: str, centre: float, error: float, level: float) -> Interval:
    if not np.isfinite(error):
        return Interval(UNKNOWN.low, centre, UNKNOWN.high, level)
    reach = stats.norm.ppf((1 + level) / 2) * error
    if name == "mean_rad":
        return Interval(centre - reach, centre, centre + reach, level)
    if name in ("zero", "resultant_length"):
        if not 0 < centre < 1:
            return Interval(UNKNOWN.low, centre, UNKNOWN.high, level)
        middle, wide = special.logit(centre), reach / (centre * (1 - centre))
        return Interval(
            float(special.expit(middle - wide)), centre, float(special.expit(middle + wide)), level
        )
    return Interval(
        float(centre * np.exp(-reach / centre)),
        centre,
        float(centre * np.exp(reach / centre)),
        level,
    )


def fit_states(
    observations: Observations, design: Design, *, starts: int = 10, seed: int = 0
) -> FittedStates:
    """Fit a hidden Markov model by maximum likelihood from several starts.

    The likelihood has many hills: the search begins at `starts` places, spread around quantiles of
    the steps, and the highest hill is kept. When few starts found it, more are needed.

    Parameters
    ----------
    observations
        What was seen, see `observations_of`.
    design
        Form of the model, see `design_for`.
    starts
        From how many places to search.
    seed
        Of the random places; the first is not random.

    Returns
    -------
    FittedStates

    Raises
    ------
    NotEnoughDataError
        If there are fewer than ten steps for each parameter, or no search ended.

    Examples
    --------
    >>> from kulan.movement.states.hidden_markov import design_for
    >>> rng = np.random.default_rng(3)
    >>> state = np.repeat(np.arange(40) % 2, 10)
    >>> seen = Observations(
    ...     rng.gamma(4.0, np.where(state, 500.0, 20.0)),
    ...     rng.vonmises(0.0, np.where(state, 3.0, 0.1)),
    ...     np.arange(400) == 0, np.full(400, "k1", object), np.arange(400), np.arange(400.0), {})
    >>> fitted = fit_states(seen, design_for(seen, 2), starts=3)
    >>> [interval.holds(mean) for interval, mean in zip(fitted.parameters()["mean_m"], (80, 2000))]
    [True, True]

    References
    ----------
    Morales, J. M. et al. (2004). Extracting more out of relocation data. Ecology 85:2436-2445.
    Zucchini, W., MacDonald, I. L. and Langrock, R. (2016), as in `log_likelihood`.
    """
    parameters = sum(rows * columns for rows, columns in design.shapes)
    seen = int(np.isfinite(observations.step_m).sum())
    if seen < 10 * parameters:
        raise NotEnoughDataError(
            f"{seen} steps for {parameters} parameters: at least {10 * parameters} steps are "
            "needed. Ask for fewer states, or leave covariates out."
        )
    moving = int((observations.step_m > 0).sum())
    if moving < 10 * design.states:
        raise NotEnoughDataError(
            f"{moving} of {seen} steps lead anywhere: at least {10 * design.states} must, for "
            f"{design.states} states. Was the collar on an animal? (`kulan movement clean`)"
        )
    rng = np.random.default_rng(seed)
    ends = [
        _climbed(design, observations, _start(design, observations, rng if k else None))
        for k in range(starts)
    ]
    best = max(ends, key=lambda end: end[0])
    if not np.isfinite(best[0]):
        raise NotEnoughDataError("no search for the likeliest model ended: ask for fewer states.")
    working = _ordered(design, best[1])
    return FittedStates(
        design,
        working,
        _covariance(design, observations, working),
        best[0],
        starts,
        sum(end[0] > best[0] - _SAME for end in ends),
        seen,
    )


def _start(design: Design, observations: Observations, rng: np.random.Generator | None) -> Floats:
    """Return a place to begin: states as shares of the sorted steps; shifted by chance, if any."""
    steps = np.sort(observations.step_m[observations.step_m > 0])
    shares = np.array_split(steps, design.states)
    natural = np.array([[share.mean(), share.std() + 0.1 * share.mean()] for share in shares])
    if len(design.steps.names) == 3:
        zero = (observations.step_m == 0).mean()
        natural = np.column_stack([natural, np.full(design.states, zero + 1e-3)])
    noise = np.zeros(design.states) if rng is None else rng.normal(size=design.states)
    natural[:, :2] *= np.exp(0.5 * noise)[:, None]
    parts = [np.ravel(design.steps.working(natural))]
    if design.turns is not None:
        directions = np.zeros((design.states, 2))
        directions[:, 1] = np.linspace(0.2, 0.6, design.states)
        if rng is not None:
            directions[:, 0] = rng.choice([0.0, np.pi], design.states)
        parts.append(np.ravel(design.turns.working(directions)))
    changes = np.zeros(design.shapes[-2])
    changes[0] = -1.5 if rng is None else rng.normal(-1.5, 0.7, changes.shape[1])
    return np.concatenate([*parts, changes.ravel(), np.zeros(design.states - 1)])


def _climbed(design: Design, observations: Observations, start: Floats) -> tuple[float, Floats]:
    # covariates on one scale: the search takes steps of one length in all directions
    scale = np.ones(len(start))
    rows = covariate_rows(design, observations)
    blocks = design.split(scale)
    blocks[-2] /= np.maximum(np.sqrt((rows**2).mean(axis=0)), 1e-12)[:, None]
    scale = np.concatenate([block.ravel() for block in blocks])

    def fall(point: Floats) -> tuple[float, Floats]:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            value, slope = log_likelihood(design, observations, point * scale)
        if not (np.isfinite(value) and np.isfinite(slope).all()):
            return 1e12, np.zeros_like(point)
        return -value, -slope * scale

    end = optimize.minimize(fall, start / scale, jac=True, method="L-BFGS-B", options=_OPTIONS)
    return (-float(end.fun) if end.fun < 1e12 else -np.inf), end.x * scale


def _ordered(design: Design, working: Floats) -> Floats:
    """Return the same model with its states in the order of their mean step."""
    blocks = design.split(working)
    order = np.argsort(blocks[0][:, 0], kind="stable")
    off = ~np.eye(design.states, dtype=bool)
    changes = np.zeros((len(blocks[-2]), design.states, design.states))
    changes[:, off] = blocks[-2]
    changes = changes[:, order][:, :, order]
    score = np.concatenate([[0.0], blocks[-1][0]])[order]
    made = [*(block[order] for block in blocks[:-2]), changes[:, off], score[1:] - score[0]]
    return np.concatenate([np.ravel(block) for block in made])


def _covariance(design: Design, observations: Observations, working: Floats) -> Floats:
    """Return the inverse of the observed information; NaN where the likelihood is flat."""
    width = 1e-4 * np.maximum(np.abs(working), 1.0)
    information = np.empty((len(working), len(working)))
    for k, nudge in enumerate(np.diag(width)):
        above = log_likelihood(design, observations, working + nudge)[1]
        below = log_likelihood(design, observations, working - nudge)[1]
        information[k] = -(above - below) / (2 * width[k])
    information = (information + information.T) / 2
    covariance = np.full_like(information, np.nan)
    # a parameter that ran to its bound leaves the likelihood flat; the others are told without it
    curved = np.flatnonzero(np.diag(information) > _FLAT)
    inner = np.linalg.pinv(information[np.ix_(curved, curved)], hermitian=True)
    covariance[np.ix_(curved, curved)] = np.where(np.diag(inner) > 0, inner, np.nan)
    return covariance
