"""Resource selection: what is used more than its share of the land an animal lives in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special, stats

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.intervals import Interval

Floats = NDArray[np.float64]

_MOST_STEPS = 100
_ENOUGH = 1e-10
_LARGEST = 15.0
_FLAT = 1e-6  # curvature, as a share of that at the start, below which a term has no bound


@dataclass(frozen=True, eq=False)
class ResourceSelection:
    """A fitted resource-selection function.

    Attributes
    ----------
    terms
        Names of the coefficients.
    coefficients, covariance
        Log relative selection strength per unit, and what is known of it: of the fixes, and of the
        chance by which the available points fell.
    used, effective
        How many fixes, and as how many independent ones they counted.
    available
        How many available points.
    by_points
        Share of each coefficient's variance that is from the chance of the available points.
    """

    terms: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    used: int
    effective: float
    available: int
    by_points: Floats

    def intervals(self, level: float = 0.95) -> dict[str, Interval]:
        """Return the limits of each coefficient, at a `level` of confidence."""
        reach = float(stats.norm.ppf((1 + level) / 2))
        errors = np.sqrt(np.diag(self.covariance))
        return {
            term: Interval(float(b - reach * e), float(b), float(b + reach * e), level)
            for term, b, e in zip(self.terms, self.coefficients, errors, strict=True)
        }


def fit_resource_selection(
    used: Floats, available: Floats, terms: tuple[str, ...], *, effective: float
) -> ResourceSelection:
    """Fit a resource-selection function to used and available points.

    Weighted logistic regression with so large a weight on the available points that it equals an
    inhomogeneous Poisson process. Each fix weighs `effective` over the number of fixes: fixes an
    hour apart are not independent, and limits that take them so are too narrow.

    Parameters
    ----------
    used
        Covariates at the fixes, shape (fixes, terms).
    available
        Covariates at points spread evenly over the land that the animal can use, shape (points,
        terms). The limits hold the chance of their draw too; with many it no longer matters.
    terms
        Names of the columns.
    effective
        As how many independent fixes the track counts: the effective sample size of its range.

    Returns
    -------
    ResourceSelection

    Raises
    ------
    InvalidTableError
        If shapes do not fit, or a covariate is not finite.
    NotEnoughDataError
        If the effective sample size is below 1 per term, a term is the same on all available land,
        terms are copies of one another, or a term has no bound: a class never used, or always.

    Examples
    --------
    >>> rng = np.random.default_rng(5)
    >>> land = rng.normal(size=(20_000, 1))
    >>> keep = rng.random(20_000) < np.exp(land[:, 0]) / 60
    >>> fit = fit_resource_selection(land[keep], land, ("snow",), effective=float(keep.sum()))
    >>> fit.intervals()["snow"].holds(1.0)
    True

    References
    ----------
    Fithian, W. and Hastie, T. (2013). Finite-sample equivalence in statistical models for
    presence-only data. Ann. Appl. Stat. 7:1917-1939. Weights for autocorrelation: Alston, J. M. et
    al. (2023). Mitigating pseudoreplication and bias in resource selection functions with
    autocorrelation-informed weighting. Methods Ecol. Evol. 14:643-654.
    """
    _check(used, available, terms, effective)
    _check_told_apart(available, terms)
    both = np.vstack([used, available])
    centre, scale = available.mean(axis=0), both.std(axis=0)
    design = np.column_stack([np.ones(len(both)), (both - centre) / scale])
    is_used = np.arange(len(both)) < len(used)
    # an available point weighs a thousand times all used ones: the chance of use stays small
    heavy = 1000.0 * effective / len(available)
    weight = np.where(is_used, effective / len(used), heavy)
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = np.log(effective / (heavy * len(available)))
    coefficients, information = _climbed(design, weight, is_used, coefficients, terms)
    of_fixes = np.asarray(np.linalg.inv(_of_terms(information)), dtype=np.float64)
    of_points = of_fixes @ _by_chance(design[~is_used], coefficients, effective) @ of_fixes
    covariance = of_fixes + of_points
    return ResourceSelection(
        terms,
        coefficients[1:] / scale,
        covariance / np.outer(scale, scale),
        len(used),
        float(effective),
        len(available),
        np.diag(of_points) / np.diag(covariance),
    )


def _by_chance(available: Floats, coefficients: Floats, effective: float) -> Floats:
    """Return the variance of the score by the draw of the available points.

    What the fixes are held against is a mean over those points, weighted by use; other points
    would have given another.
    """
    score = available @ coefficients
    share = np.exp(score - score.max())
    share /= share.sum()
    apart = available[:, 1:] - share @ available[:, 1:]
    spread: Floats = effective**2 * (share[:, None] ** 2 * apart).T @ apart
    return spread


def _climbed(
    design: Floats,
    weight: Floats,
    is_used: NDArray[np.bool_],
    coefficients: Floats,
    terms: tuple[str, ...],
) -> tuple[Floats, Floats]:
    """Return the coefficients at which the likelihood is highest, and the information there."""
    at_start: Floats | None = None
    value = _likelihood(design, weight, is_used, coefficients)
    for _ in range(_MOST_STEPS):
        chance = special.expit(design @ coefficients)
        gradient = design.T @ (weight * (is_used - chance))
        information = design.T @ ((weight * chance * (1 - chance))[:, None] * design)
        of_terms = _of_terms(information)
        at_start = of_terms if at_start is None else at_start
        _check_bounded(of_terms, at_start, coefficients[1:], terms)
        step = np.linalg.solve(information, gradient)
        if gradient @ step < _ENOUGH:
            return coefficients, information
        # a rare class that is much used lets a whole step overshoot by far
        least = value - 1e-9 * abs(value)
        while (value := _likelihood(design, weight, is_used, coefficients + step)) < least and (
            gradient @ step > _ENOUGH
        ):
            step = step / 2
        coefficients = coefficients + step
    raise NotEnoughDataError(
        f"{', '.join(terms)}: no likeliest coefficients were found in {_MOST_STEPS} steps. Leave a "
        "covariate out, or gather more fixes."
    )


def _likelihood(
    design: Floats, weight: Floats, is_used: NDArray[np.bool_], coefficients: Floats
) -> float:
    score = design @ coefficients
    return float(weight @ (is_used * score - np.logaddexp(0.0, score)))


def _of_terms(information: Floats) -> Floats:
    """Return the information on the terms when the intercept is free."""
    row = information[0, 1:]
    rest: Floats = information[1:, 1:] - np.outer(row, row) / information[0, 0]
    return rest


def _check_bounded(
    curvature: Floats, at_start: Floats, coefficients: Floats, terms: tuple[str, ...]
) -> None:
    """Refuse coefficients that run away: no direction may become flat, nor any grow too large."""
    left, directions = linalg.eigh(curvature, at_start)
    runaway = np.abs(coefficients) > _LARGEST
    if left[0] < _FLAT:
        share = np.abs(directions[:, 0])
        runaway |= share > 0.5 * share.max()
    if runaway.any():
        names = ", ".join(np.array(terms)[runaway])
        raise NotEnoughDataError(
            f"{names}: separates what was used from what was not (a class that is never used, or "
            "always), so its coefficient has no bound. Join rare classes, or gather more fixes."
        )


def _check_told_apart(available: Floats, terms: tuple[str, ...]) -> None:
    spread = available.std(axis=0)
    constant = spread <= 1e-12 * np.abs(available).max(axis=0)
    if constant.any():
        names = ", ".join(np.array(terms)[constant])
        raise NotEnoughDataError(
            f"{names}: the same everywhere on the available land, so nothing can be said of it."
        )
    alike = np.corrcoef((available - available.mean(axis=0)) / spread, rowvar=False)
    if np.linalg.eigvalsh(alike.reshape(len(spread), -1))[0] < 1e-10:
        raise NotEnoughDataError(
            f"some of {', '.join(terms)} are copies or sums of one another: leave one out."
        )


def _check(used: Floats, available: Floats, terms: tuple[str, ...], effective: float) -> None:
    for name, points in (("used", used), ("available", available)):
        if points.ndim != 2 or points.shape[1] != len(terms) or not len(points):
            raise InvalidTableError(
                f"{name} points have shape {points.shape}; one row per point and a column for each "
                f"of {', '.join(terms)} are needed."
            )
        if not np.isfinite(points).all():
            raise InvalidTableError(
                f"{int((~np.isfinite(points).all(axis=1)).sum())} {name} points have an unknown "
                "covariate: leave them out, and say so."
            )
    if not effective >= len(terms):
        raise NotEnoughDataError(
            f"the track counts as {effective:.1f} independent fixes for {len(terms)} covariates: "
            "at least one for each is needed. Track for longer."
        )
