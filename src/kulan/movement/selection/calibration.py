"""Used-habitat calibration: whether a fitted model foretells the habitat that was used."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.movement.selection.conditional_logit import Choices, ConditionalLogit

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Calibration:
    """How often each class of a covariate was used, was there, and was foretold.

    Attributes
    ----------
    edges
        Limits of the classes, shape (classes + 1,).
    used, available
        Share of choices and of alternatives in each class, shape (classes,).
    low, foretold, high
        What the model foretells for the used, and its limits, shape (classes,).
    level
        How often the limits should hold the used share.
    """

    edges: Floats
    used: Floats
    available: Floats
    low: Floats
    foretold: Floats
    high: Floats
    level: float

    @property
    def share_inside(self) -> float:
        """Share of the classes whose used share lies within the limits."""
        return float(((self.low <= self.used) & (self.used <= self.high)).mean())


def calibrate(
    fit: ConditionalLogit,
    choices: Choices,
    values: Floats,
    *,
    classes: int = 10,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Calibration:
    """Compare the habitat used with what a model foretells, for any covariate, in it or not.

    Coefficients are drawn from what is known of them, and with each draw one alternative is chosen
    from every set. Where the used share lies outside the limits, something the animals respond to
    is missing, or has the wrong form. Use choices that the fit has not seen.

    Parameters
    ----------
    fit
        A fitted model.
    choices
        Sets of alternatives with the terms of the model.
    values
        The covariate at each alternative, shape (rows,), finite.
    classes
        Classes of equal share among the alternatives; a covariate of few values gets one for each.
    draws
        How many draws.
    level
        How often the limits should hold the used share.
    seed
        Of the draws.

    Returns
    -------
    Calibration

    References
    ----------
    Fieberg, J. R. et al. (2018). Used-habitat calibration plots: a new procedure for validating
    species distribution, resource selection, and step-selection models. Ecography 41:737-752.
    """
    edges = classes_of(values, classes)
    place = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    size = len(edges) - 1
    rng = np.random.default_rng(seed)
    covariance = fit.robust_covariance if fit.has_enough_clusters else fit.covariance
    drawn = rng.multivariate_normal(fit.coefficients, covariance, draws, method="cholesky")
    counts = np.diff(choices.starts, append=len(choices.design))
    whose = np.repeat(np.arange(choices.sets), counts)
    shares = np.empty((draws, size))
    for k, coefficients in enumerate(drawn):
        # the largest of score and Gumbel noise is a choice with the model's probabilities
        score = choices.design @ coefficients + rng.gumbel(size=len(whose))
        best = np.maximum.reduceat(score, choices.starts)
        shares[k] = np.bincount(place[score == best[whose]], minlength=size) / choices.sets
    tail = (1 - level) / 2
    low, high = np.quantile(shares, [tail, 1 - tail], axis=0)
    used = np.bincount(place[choices.chosen], minlength=size) / choices.sets
    others = np.bincount(place[~choices.chosen], minlength=size) / (~choices.chosen).sum()
    return Calibration(edges, used, others, low, shares.mean(axis=0), high, level)


def classes_of(values: Floats, classes: int) -> Floats:
    """Return the limits of classes of equal share; a covariate of few values gets one for each.

    Examples
    --------
    >>> classes_of(np.array([0.0, 1.0, 2.0, 3.0]), 2)
    array([0. , 1.5, 3. ])
    """
    kinds = np.unique(values)
    if len(kinds) <= classes:
        return np.append(kinds, np.nextafter(kinds[-1], np.inf))
    return np.unique(np.quantile(values, np.linspace(0, 1, classes + 1)))
