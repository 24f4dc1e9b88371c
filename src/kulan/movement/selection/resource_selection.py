"""Resource selection: what is used more than its share of the land an animal lives in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.intervals import Interval

Floats = NDArray[np.float64]

_MOST_STEPS = 100
_ENOUGH = 1e-10
_LARGEST = 15.0


@dataclass(frozen=True, eq=False)
class ResourceSelection:
    """A fitted resource-selection function.

    Attributes
    ----------
    terms
        Names of the coefficients.
    coefficients, covariance
        Log relative selection strength per unit, and what is known of it.
    used, effective
        How many fixes, and as how many independent ones they counted.
    available
        How many available points.
    """

    terms: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    used: int
    effective: float
    available: int

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
        terms); many, so that the answer no longer changes with more.
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
        If the effective sample size is below 1 per term, or a term has no bound.

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
    both = np.vstack([used, available])
    centre, scale = available.mean(axis=0), both.std(axis=0)
    if (scale == 0).any():
        names = ", ".join(np.array(terms)[scale == 0])
        raise NotEnoughDataError(f"{names}: the same everywhere, so nothing can be said of it.")
    design = np.column_stack([np.ones(len(both)), (both - centre) / scale])
    is_used = np.arange(len(both)) < len(used)
    # an available point weighs a thousand times all used ones: the chance of use stays small
    heavy = 1000.0 * effective / len(available)
    weight = np.where(is_used, effective / len(used), heavy)
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = np.log(effective / (heavy * len(available)))
    for _ in range(_MOST_STEPS):
        chance = special.expit(design @ coefficients)
        gradient = design.T @ (weight * (is_used - chance))
        information = design.T @ ((weight * chance * (1 - chance))[:, None] * design)
        step = np.linalg.solve(information, gradient)
        coefficients = coefficients + step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-300))
        if np.abs(coefficients[1:]).max(initial=0.0) > _LARGEST:
            raise NotEnoughDataError(
                "a covariate separates what was used from what was not: its coefficient has no "
                "bound. Join rare classes, or gather more fixes."
            )
        if gradient @ step < _ENOUGH:
            break
    covariance = np.linalg.inv(information)[1:, 1:] / np.outer(scale, scale)
    return ResourceSelection(
        terms,
        coefficients[1:] / scale,
        np.asarray(covariance, dtype=np.float64),
        len(used),
        float(effective),
        len(available),
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
