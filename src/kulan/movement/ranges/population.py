"""The range of a population, from the ranges of some of its animals.

References
----------
Fleming, C. H. et al. (2022). Population-level inference for home-range areas. Methods in Ecology
and Evolution 13, 1027-1041.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from kulan.errors import InvalidGeometryError, NotEnoughDataError
from kulan.movement.distributions import Distribution, PlaneFrame
from kulan.movement.intervals import Interval, log_normal_interval
from kulan.movement.models import Model
from kulan.movement.models.spread import PopulationSpread, population_spread
from kulan.movement.ranges.akde import RangeEstimate, narrowed

Floats = NDArray[Any]


@dataclass(frozen=True, eq=False)
class PopulationRange:
    """Where animals of a population live, those without collars too.

    Attributes
    ----------
    distribution
        Use by the population.
    areas
        Area, m², that holds each share of use, with limits.
    areas_of_animals
        Mean and spread of the animals' own areas that hold 95 % of their use, m².
    between_m2
        Covariance among the animals' mean positions, m², without the errors of the means.
    animals
        How many ranges it rests on.
    """

    distribution: Distribution
    areas: dict[float, Interval]
    areas_of_animals: PopulationSpread
    between_m2: Floats
    animals: int


def population_range(
    ranges: Sequence[RangeEstimate], levels: Sequence[float] = (0.5, 0.95), level: float = 0.95
) -> PopulationRange:
    """Estimate the range of a population from ranges on the same cells.

    Parameters
    ----------
    ranges
        Of animals that stand for the population; those without a range are left out.
    levels
        Shares of use to give areas of.
    level
        Of the limits.

    Returns
    -------
    PopulationRange

    Raises
    ------
    NotEnoughDataError
        If fewer than three animals have a range.
    InvalidGeometryError
        If the ranges lie on different cells.

    Notes
    -----
    The mean of the animals' distributions misses the animals without collars that live between and
    beyond them. It is therefore spread by a Gaussian kernel of covariance `between_m2`
    (n - 1)^(-1/3), about the best width for that many independent centres (Silverman 1986), and
    areas are divided by what this makes of the population's variance, as for one animal.
    Limits allow for few animals (their places as n - 1 independent ones) and for what is not known
    of their own ranges and how these differ. This is a reading of Fleming et al. (2022), who give
    the parameters of a population and leave its distribution open.
    """
    laid = [(one.distribution, one.model) for one in ranges if one.distribution is not None]
    if len(laid) < 3:
        raise NotEnoughDataError(
            f"population: {len(laid)} animal(s) with a range; at least 3 are needed."
        )
    frame = laid[0][0].frame
    if any(distribution.frame != frame for distribution, _ in laid):
        raise InvalidGeometryError(
            "population: ranges lie on different cells. Give `akde` the same frame for all."
        )
    models, n = [model for _, model in laid], len(laid)
    between = between_covariance(models)
    total = np.mean([model.sigma_m2 for model in models], axis=0) + between
    mixed = np.mean([distribution.mass for distribution, _ in laid], axis=0)
    wide = _smeared(mixed, frame, between * (n - 1) ** (-1 / 3))
    factor = float(np.sqrt(np.linalg.det(_covariance(wide, frame)) / np.linalg.det(total)))
    distribution = Distribution("range", narrowed(wide, max(factor, 1e-6)), frame, "population")
    spread = population_spread(
        [model.area_m2().estimate for model in models], [m.dof["area"] for m in models], level
    )
    # of the variance of all positions, the share that lies between animals
    part = float(np.trace(np.linalg.solve(total, between))) / 2
    own = float(np.mean([1 / model.dof["area"] for model in models]))
    own += spread.variation.estimate**2
    variance = part**2 / (n - 1) + (1 - part) ** 2 * own / n
    areas = {
        share: log_normal_interval(distribution.area_m2(share), variance, level) for share in levels
    }
    return PopulationRange(distribution, areas, spread, between, n)


def _smeared(mass: Floats, frame: PlaneFrame, covariance_m2: Floats) -> Floats:
    """Return mass spread by a Gaussian kernel; what leaves the frame is lost and scaled away."""
    x = (np.arange(2 * frame.columns - 1) - (frame.columns - 1)) * frame.cell_x_m
    y = ((frame.rows - 1) - np.arange(2 * frame.rows - 1)) * frame.cell_y_m
    p = np.linalg.inv(covariance_m2)
    form = p[0, 0] * x**2 + 2 * p[0, 1] * x * y[:, None] + p[1, 1] * (y**2)[:, None]
    spread = np.maximum(fftconvolve(mass, np.exp(-form / 2), mode="same"), 0.0)
    return np.asarray(spread / spread.sum())


def _covariance(mass: Floats, frame: PlaneFrame) -> Floats:
    share = mass / mass.sum()
    across, down = share.sum(axis=0), share.sum(axis=1)
    x, y = frame.x_m - across @ frame.x_m, frame.y_m - down @ frame.y_m
    xy = float(y @ share @ x)
    return np.array([[float(across @ x**2), xy], [xy, float(down @ y**2)]])


def between_covariance(models: Sequence[Model]) -> Floats:
    """Return the covariance among mean positions, m², less what their errors add.

    Parameters
    ----------
    models
        Of the animals, with a range.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than two.
    """
    if len(models) < 2:
        raise NotEnoughDataError("population: at least 2 animals are needed for a difference.")
    means = np.array([model.mu_m for model in models])
    errors = np.mean([model.mean_covariance_m2 for model in models], axis=0)
    seen = np.cov(means.T)
    values, vectors = np.linalg.eigh(seen - errors)
    return np.asarray((vectors * np.maximum(values, 1e-6 * np.trace(seen))) @ vectors.T)
