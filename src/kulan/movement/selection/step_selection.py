"""Integrated step selection: what animals choose, and how they would move without choosing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.errors import InvalidRequestError
from kulan.movement.intervals import UNKNOWN, Interval
from kulan.movement.selection.conditional_logit import (
    ConditionalLogit,
    choices_from,
    fit_conditional_logit,
)
from kulan.movement.selection.step_families import StepFamily


@dataclass(frozen=True, eq=False)
class StepSelection:
    """A fitted step-selection model.

    Attributes
    ----------
    fit
        The conditional logistic regression.
    tentative
        What the random steps were drawn from.
    """

    fit: ConditionalLogit
    tentative: StepFamily

    def updated(self, level: float = 0.95) -> dict[str, Interval]:
        """Return how the animal would step where all land is alike.

        The gamma's shape and scale and the von Mises concentration, put right by the coefficients
        of `log_length`, `length_m` and `cos_turn`; a term that is not in the model leaves its
        parameter as it was, without limits. A scale or shape that comes out below zero cannot be.

        Parameters
        ----------
        level
            How often the limits hold the truth.
        """
        limits = self.fit.intervals(level)
        rate = _moved(1 / self.tentative.scale_m, limits.get("length_m"), sign=-1.0)
        scale = UNKNOWN
        if rate.estimate > 0:
            # where the rate may be zero, the scale has no upper limit
            longest = 1 / rate.low if rate.low > 0 else np.inf
            scale = Interval(1 / rate.high, 1 / rate.estimate, longest, level)
        shape = _moved(self.tentative.shape, limits.get("log_length"))
        return {
            "shape": shape if shape.estimate > 0 else UNKNOWN,
            "scale_m": scale,
            "concentration": _moved(self.tentative.concentration, limits.get("cos_turn")),
        }


def _moved(value: float, by: Interval | None, sign: float = 1.0) -> Interval:
    if by is None:
        return Interval(np.nan, value, np.nan)
    ends = sorted((value + sign * by.low, value + sign * by.high))
    return Interval(ends[0], value + sign * by.estimate, ends[1], by.level)


def fit_step_selection(
    table: pd.DataFrame, terms: Sequence[str], family: StepFamily
) -> StepSelection:
    """Fit a step-selection model to observed and random steps.

    Parameters
    ----------
    table
        Steps with covariates, see `with_random_steps` and `with_covariates`.
    terms
        Covariates. With "length_m", "log_length" and "cos_turn" among them the analysis is
        integrated: it allows for the random steps being drawn from what selection has shaped.
        "a:b" is a product.
    family
        What the random steps were drawn from.

    Returns
    -------
    StepSelection

    Raises
    ------
    InvalidTableError, NotEnoughDataError
        As `choices_from` and `fit_conditional_logit`.

    References
    ----------
    Fortin, D. et al. (2005). Wolves influence elk movements. Ecology 86:1320-1330.
    Avgar, T. et al. (2016). Integrated step selection analysis. Methods Ecol. Evol. 7:619-630.
    Fieberg, J. et al. (2021). A 'How to' guide for interpreting parameters in habitat-selection
    analyses. J. Anim. Ecol. 90:1027-1043.
    """
    choices = choices_from(table, terms, chosen="case", sets="set_id", clusters="animal_id")
    return StepSelection(fit_conditional_logit(choices), family)


def relative_strength(
    fit: ConditionalLogit,
    first: Mapping[str, float],
    second: Mapping[str, float],
    level: float = 0.95,
) -> Interval:
    """Return how many times likelier a step to one place is than to another as easy to reach.

    Parameters
    ----------
    fit
        A fitted model.
    first, second
        Values of every covariate at the two places; products are formed from them.
    level
        How often the limits hold the truth.

    Returns
    -------
    Interval
        Relative selection strength of `first` over `second`; below 1 where it is avoided.

    Raises
    ------
    InvalidRequestError
        If a covariate of the model has no value at one of the places.

    Examples
    --------
    >>> fit = ConditionalLogit(("forest",), np.array([0.7]), np.array([[0.04]]),
    ...                        np.array([[np.nan]]), -10.0, -12.0, 50, 1, {})
    >>> strength = relative_strength(fit, {"forest": 1}, {"forest": 0})
    >>> [round(value, 2) for value in (strength.low, strength.estimate, strength.high)]
    [1.36, 2.01, 2.98]

    References
    ----------
    Avgar, T. et al. (2017). Relative selection strength. Ecol. Evol. 7:5322-5330.
    """
    difference = _row(fit.terms, first) - _row(fit.terms, second)
    robust = fit.has_enough_clusters
    covariance = fit.robust_covariance if robust else fit.covariance
    centre = float(difference @ fit.coefficients)
    reach = fit.reach(level, robust=robust) * float(np.sqrt(difference @ covariance @ difference))
    low, middle, high = (float(np.exp(v)) for v in (centre - reach, centre, centre + reach))
    return Interval(low, middle, high, level)


def _row(terms: Sequence[str], place: Mapping[str, float]) -> NDArray[np.float64]:
    missing = sorted({name for term in terms for name in term.split(":")} - set(place))
    if missing:
        raise InvalidRequestError(
            f"no value of {', '.join(missing)} is given for one of the places; the model has "
            f"{', '.join(terms)}."
        )
    return np.array([np.prod([place[name] for name in term.split(":")]) for term in terms])
