"""Conditional logistic regression: one choice from each set of alternatives, by Newton's method."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.intervals import Interval
from kulan.words import N_

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_STEPS = 50
_ENOUGH = 1e-10  # Newton decrement, in units of the log-likelihood
_ENOUGH_CLUSTERS = 10
_FLAT = 1e-6  # curvature, as a share of that at the start, below which a term has no bound


@dataclass(frozen=True, eq=False)
class Choices:
    """Alternatives in sets, exactly one of each set chosen.

    Attributes
    ----------
    design
        Covariates, shape (rows, terms), rows of one set next to each other.
    chosen
        Whether a row is the choice, shape (rows,).
    starts
        First row of each set, shape (sets,).
    terms
        Names of the columns of the design.
    clusters
        To which animal each set belongs, shape (sets,), numbered from 0.
    left_out
        Sets that could not be used, by reason.
    """

    design: Floats
    chosen: NDArray[np.bool_]
    starts: Ints
    terms: tuple[str, ...]
    clusters: Ints
    left_out: dict[str, int]

    @property
    def sets(self) -> int:
        """How many sets there are."""
        return len(self.starts)


@dataclass(frozen=True, eq=False)
class ConditionalLogit:
    """A fitted conditional logistic regression.

    Attributes
    ----------
    terms
        Names of the coefficients.
    coefficients
        Log relative selection strength per unit of each covariate, shape (terms,).
    covariance
        Inverse of the observed information, shape (terms, terms).
    robust_covariance
        Sandwich over clusters, shape (terms, terms); NaN with fewer than two clusters.
    log_likelihood, null_log_likelihood
        At the coefficients, and with all of them zero.
    sets, clusters
        How many sets of alternatives, and from how many animals.
    left_out
        Sets that could not be used, by reason.
    """

    terms: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    robust_covariance: Floats
    log_likelihood: float
    null_log_likelihood: float
    sets: int
    clusters: int
    left_out: dict[str, int]

    @property
    def standard_errors(self) -> Floats:
        """Model-based standard errors; too small when an animal's steps are alike."""
        errors: Floats = np.sqrt(np.diag(self.covariance))
        return errors

    @property
    def robust_standard_errors(self) -> Floats:
        """Standard errors that allow steps of one animal to be alike; NaN for a single animal."""
        errors: Floats = np.sqrt(np.diag(self.robust_covariance))
        return errors

    @property
    def aic(self) -> float:
        """Akaike's information criterion."""
        return 2 * len(self.terms) - 2 * self.log_likelihood

    def intervals(self, level: float = 0.95, *, robust: bool | None = None) -> dict[str, Interval]:
        """Return the limits of each coefficient.

        Parameters
        ----------
        level
            How often the limits hold the truth.
        robust
            Whether to use the errors that allow for alike steps within an animal, with Student's t
            over the clusters; None for yes where there are at least ten animals, below which the
            sandwich is known to be too narrow.
        """
        robust = self.has_enough_clusters if robust is None else robust
        errors = self.robust_standard_errors if robust else self.standard_errors
        reach = self.reach(level, robust=robust)
        return {
            term: Interval(float(b - reach * e), float(b), float(b + reach * e), level)
            for term, b, e in zip(self.terms, self.coefficients, errors, strict=True)
        }

    @property
    def has_enough_clusters(self) -> bool:
        """Whether there are enough animals for errors that allow for alike steps within each."""
        return self.clusters >= _ENOUGH_CLUSTERS

    def reach(self, level: float, *, robust: bool) -> float:
        """Return by how many standard errors limits reach: Student's t over animals if robust."""
        tail = (1 + level) / 2
        return float(stats.t.ppf(tail, self.clusters - 1) if robust else stats.norm.ppf(tail))


def choices_from(
    table: pd.DataFrame,
    terms: Sequence[str],
    *,
    chosen: str = "case",
    sets: str = "set_id",
    clusters: str | None = None,
) -> Choices:
    """Make choices of a table with a row for each alternative.

    Parameters
    ----------
    table
        One row per alternative.
    terms
        Columns that are covariates; "a:b" is the product of the columns a and b.
    chosen
        Column that is true for what was chosen.
    sets
        Column that says which alternatives belong together.
    clusters
        Column that says whose choice it is; None for one animal.

    Returns
    -------
    Choices
        Alternatives with a missing covariate are left out; a set whose choice is lost with them, or
        which has no alternative left, is left out whole and counted in `left_out`.

    Raises
    ------
    InvalidTableError
        If a column is missing, or a set has two choices.
    NotEnoughDataError
        If no set is left.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"set_id": [1, 1, 2, 2], "case": [1, 0, 1, 0], "forest": [1, 0, 0, 1.0]}
    ... )
    >>> choices_from(table, ["forest"]).sets
    2
    """
    design = np.column_stack([_column(table, term) for term in terms])
    is_chosen = _column(table, chosen).astype(bool)
    names = pd.factorize(_named(table, sets), sort=True)[0].astype(np.int64)
    whose = _named(table, clusters) if clusters else np.zeros(len(table), dtype=np.int64)
    owner = pd.factorize(whose, sort=True)[0].astype(np.int64)
    _check_one_choice(is_chosen, names)
    usable, left_out = _usable(design, is_chosen, names)
    rows = np.flatnonzero(usable)
    rows = rows[np.argsort(names[rows], kind="stable")]
    if not len(rows):
        raise NotEnoughDataError(
            f"no set of alternatives can be used: {left_out}. Every set needs one choice and at "
            "least one alternative with all covariates known."
        )
    starts = np.flatnonzero(np.diff(names[rows], prepend=-1))
    return Choices(
        design[rows], is_chosen[rows], starts, tuple(terms), owner[rows][starts], left_out
    )


def _named(table: pd.DataFrame, name: str) -> "pd.Series[Any]":
    if name not in table.columns:
        raise InvalidTableError(
            f"there is no column '{name}'; found {', '.join(map(str, table.columns))}."
        )
    return table[name]


def _column(table: pd.DataFrame, term: str) -> Floats:
    product = np.ones(len(table))
    for name in term.split(":"):
        try:
            product = product * _named(table, name).astype(float).to_numpy()
        except (TypeError, ValueError) as error:
            raise InvalidTableError(f"column '{name}' holds no numbers: {error}.") from error
    return product


def _check_one_choice(chosen: NDArray[np.bool_], names: Ints) -> None:
    if not len(names):
        return
    each = np.bincount(names, chosen)
    if (each > 1).any():
        raise InvalidTableError(
            f"{int((each > 1).sum())} sets of alternatives have more than one choice; a set has "
            "one. Look at the column that says which alternatives belong together."
        )


def _usable(
    design: Floats, chosen: NDArray[np.bool_], names: Ints
) -> tuple[NDArray[np.bool_], dict[str, int]]:
    known = np.asarray(np.isfinite(design).all(axis=1))
    if not len(names):
        return known, {}
    had_choice = np.bincount(names, chosen) > 0
    has_choice = np.bincount(names, chosen & known) > 0
    has_alternative = np.bincount(names, ~chosen & known) > 0
    left_out = {
        N_("no choice"): int((~had_choice).sum()),
        N_("covariate of the choice unknown"): int((had_choice & ~has_choice).sum()),
        N_("no alternative left"): int((has_choice & ~has_alternative).sum()),
    }
    usable = known & (has_choice & has_alternative)[names]
    return usable, {reason: count for reason, count in left_out.items() if count}


def fit_conditional_logit(choices: Choices) -> ConditionalLogit:
    """Fit a conditional logistic regression by maximum likelihood.

    Each choice has probability exp(x b) over the sum of that in its set. The likelihood is concave;
    Newton's method with halved steps finds its maximum.

    Parameters
    ----------
    choices
        Sets of alternatives, see `choices_from`.

    Returns
    -------
    ConditionalLogit

    Raises
    ------
    NotEnoughDataError
        If a term never differs within a set, terms are copies of one another, or a term separates
        the chosen from the others so that its coefficient has no bound.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(500, 5))
    >>> pick = (2.0 * x + rng.gumbel(size=x.shape)).argmax(axis=1)
    >>> table = pd.DataFrame({
    ...     "set_id": np.repeat(np.arange(500), 5),
    ...     "case": (np.arange(5) == pick[:, None]).ravel(),
    ...     "slope": x.ravel(),
    ... })
    >>> fit = fit_conditional_logit(choices_from(table, ["slope"]))
    >>> fit.intervals()["slope"].holds(2.0)
    True

    References
    ----------
    McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. In: Frontiers in
    Econometrics. Robust errors: Lin, D. Y. and Wei, L. J. (1989). The robust inference for the Cox
    proportional hazards model. JASA 84:1074-1078.
    """
    scale = _spread_within_sets(choices)
    scaled = choices.design / scale
    coefficients = np.zeros(len(choices.terms))
    value, gradient, information = _derivatives(scaled, choices, coefficients)
    null, curved = value, np.diag(information)
    for _ in range(_MOST_STEPS):
        step = np.asarray(np.linalg.solve(information, gradient), dtype=np.float64)
        if gradient @ step < _ENOUGH:
            break
        coefficients, value, gradient, information = _climbed(
            scaled, choices, coefficients, step, value
        )
        _check_bounded(np.diag(information) / curved, choices.terms)
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    robust = _sandwich(scaled, choices, coefficients, covariance)
    by_scale = np.outer(scale, scale)
    return ConditionalLogit(
        choices.terms,
        coefficients / scale,
        covariance / by_scale,
        robust / by_scale,
        value,
        null,
        choices.sets,
        int(choices.clusters.max()) + 1,
        choices.left_out,
    )


def _spread_within_sets(choices: Choices) -> Floats:
    """Return the standard deviation of each term within sets; refuse terms that cannot be told."""
    counts = np.diff(choices.starts, append=len(choices.design))
    means = np.add.reduceat(choices.design, choices.starts) / counts[:, None]
    within = choices.design - np.repeat(means, counts, axis=0)
    spread = np.sqrt((within**2).mean(axis=0))
    constant = spread <= 1e-12 * np.abs(choices.design).max(axis=0, initial=0)
    if constant.any():
        names = ", ".join(np.array(choices.terms)[constant])
        raise NotEnoughDataError(
            f"{names}: the same for all alternatives of every set, so nothing can be said of "
            "choosing it. Use it only in a product with something that differs."
        )
    values = np.linalg.eigvalsh(np.corrcoef(within / spread, rowvar=False).reshape(len(spread), -1))
    if values[0] < 1e-10:
        raise NotEnoughDataError(
            f"some of {', '.join(choices.terms)} are copies or sums of one another: leave one out."
        )
    return np.asarray(spread)


def _shares(design: Floats, choices: Choices, coefficients: Floats) -> tuple[Floats, Floats]:
    """Return each row's probability within its set, and the log of each set's sum."""
    score = design @ coefficients
    counts = np.diff(choices.starts, append=len(design))
    top = np.maximum.reduceat(score, choices.starts)
    share = np.exp(score - np.repeat(top, counts))
    total = np.add.reduceat(share, choices.starts)
    return share / np.repeat(total, counts), top + np.log(total)


def _derivatives(
    design: Floats, choices: Choices, coefficients: Floats
) -> tuple[float, Floats, Floats]:
    share, log_sum = _shares(design, choices, coefficients)
    picked = design[choices.chosen]
    expected = np.add.reduceat(share[:, None] * design, choices.starts)
    value = float((picked @ coefficients).sum() - log_sum.sum())
    gradient = (picked - expected).sum(axis=0)
    information = design.T @ (share[:, None] * design) - expected.T @ expected
    return value, gradient, information


def _climbed(
    design: Floats, choices: Choices, coefficients: Floats, step: Floats, value: float
) -> tuple[Floats, float, Floats, Floats]:
    """Take the step, or half of it and half again while that does not climb."""
    for _ in range(30):
        tried = coefficients + step
        new_value, gradient, information = _derivatives(design, choices, tried)
        if new_value >= value - 1e-9 * abs(value):
            return tried, new_value, gradient, information
        step = step / 2
    return coefficients, value, *_derivatives(design, choices, coefficients)[1:]


def _check_bounded(curvature: Floats, terms: tuple[str, ...]) -> None:
    runaway = curvature < _FLAT
    if runaway.any():
        names = ", ".join(np.array(terms)[runaway])
        raise NotEnoughDataError(
            f"{names}: separates what was chosen from what was not, so its coefficient has no "
            "bound. Join rare classes, or gather more steps."
        )


def _sandwich(design: Floats, choices: Choices, coefficients: Floats, covariance: Floats) -> Floats:
    clusters = int(choices.clusters.max()) + 1
    if clusters < 2:
        return np.full_like(covariance, np.nan)
    share, _ = _shares(design, choices, coefficients)
    expected = np.add.reduceat(share[:, None] * design, choices.starts)
    scores = np.zeros((clusters, design.shape[1]))
    np.add.at(scores, choices.clusters, design[choices.chosen] - expected)
    robust: Floats = covariance @ (scores.T @ scores) @ covariance
    return robust * clusters / (clusters - 1)
