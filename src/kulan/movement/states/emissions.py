"""What each state lets one see: distributions of step lengths and turning angles.

Every family works on unbounded numbers, one row per state, and gives the log density of each
observation and its derivative, so that a fit needs no numerical gradient.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


class Family(Protocol):
    """A family of distributions of one kind of observation.

    Attributes
    ----------
    names
        Its parameters, in the order of the columns of `natural`.
    """

    names: tuple[str, ...]

    def log_density(self, values: Floats, working: Floats) -> Floats:
        """Return the log density, shape (n, states); a missing value has log density 0."""
        ...

    def gradient(self, values: Floats, working: Floats, weights: Floats) -> Floats:
        """Return the derivative by `working` of the log density summed with `weights`."""
        ...

    def natural(self, working: Floats) -> Floats:
        """Return the parameters in their own units, shape (states, parameters)."""
        ...

    def working(self, natural: Floats) -> Floats:
        """Return the unbounded numbers of parameters, the inverse of `natural`."""
        ...

    def cumulative(self, values: Floats, working: Floats) -> Floats:
        """Return the chance of at most each value, shape (n, states)."""
        ...


class GammaSteps:
    """Step lengths: gamma by mean and standard deviation, with a chance of exactly zero.

    Parameters
    ----------
    has_zeros
        Whether some steps are zero, and their chance is a parameter.
    """

    def __init__(self, *, has_zeros: bool) -> None:
        self.has_zeros = has_zeros
        self.names: tuple[str, ...] = ("mean_m", "sd_m", *(("zero",) if has_zeros else ()))

    def log_density(self, values: Floats, working: Floats) -> Floats:
        """Return the log density, shape (n, states); a missing value has log density 0."""
        shape, rate = _shape_rate(working)
        positive = values > 0
        seen = values[positive]
        dense = np.zeros((len(values), len(working)))
        dense[positive] = (
            shape * np.log(rate)
            - special.gammaln(shape)
            + np.outer(np.log(seen), shape - 1)
            - np.outer(seen, rate)
        )
        if self.has_zeros:
            dense[positive] += special.log_expit(-working[:, 2])
            dense[values == 0] = special.log_expit(working[:, 2])
        return dense

    def gradient(self, values: Floats, working: Floats, weights: Floats) -> Floats:
        """Return the derivative by `working` of the log density summed with `weights`."""
        shape, rate = _shape_rate(working)
        positive = values > 0
        held = weights[positive]
        total = held.sum(axis=0)
        log_sum, value_sum = np.log(values[positive]) @ held, values[positive] @ held
        by_shape = (np.log(rate) - special.digamma(shape)) * total + log_sum
        by_rate = shape / rate * total - value_sum
        # shape = mean² / sd², rate = mean / sd²
        slope = np.zeros_like(working)
        slope[:, 0] = 2 * shape * by_shape + rate * by_rate
        slope[:, 1] = -2 * shape * by_shape - 2 * rate * by_rate
        if self.has_zeros:
            zero = special.expit(working[:, 2])
            at_zero = weights[values == 0].sum(axis=0)
            slope[:, 2] = at_zero * (1 - zero) - total * zero
        return slope

    def natural(self, working: Floats) -> Floats:
        """Return mean, standard deviation and chance of zero, shape (states, parameters)."""
        made = np.exp(working)
        if self.has_zeros:
            made[:, 2] = special.expit(working[:, 2])
        return made

    def working(self, natural: Floats) -> Floats:
        """Return the unbounded numbers of parameters, the inverse of `natural`."""
        made = np.log(natural)
        if self.has_zeros:
            made[:, 2] = special.logit(natural[:, 2])
        return made

    def cumulative(self, values: Floats, working: Floats) -> Floats:
        """Return the chance of at most each value, shape (n, states)."""
        shape, rate = _shape_rate(working)
        chance = special.gammainc(shape, np.outer(np.nan_to_num(values), rate))
        if self.has_zeros:
            zero = special.expit(working[:, 2])
            chance = zero + (1 - zero) * chance
        return np.asarray(chance)


def _shape_rate(working: Floats) -> tuple[Floats, Floats]:
    log_mean, log_sd = working[:, 0], working[:, 1]
    return np.exp(2 * (log_mean - log_sd)), np.exp(log_mean - 2 * log_sd)


class VonMisesTurns:
    """Turning angles: von Mises, worked on as the two parts of kappa times the mean direction."""

    names: tuple[str, ...] = ("mean_rad", "concentration")

    def log_density(self, values: Floats, working: Floats) -> Floats:
        """Return the log density, shape (n, states); a missing value has log density 0."""
        kappa = np.hypot(working[:, 0], working[:, 1])
        known = np.isfinite(values)
        dense = np.zeros((len(values), len(working)))
        # i0e is I0 without its growth, which is put back as kappa
        log_norm = np.log(2 * np.pi * special.i0e(kappa)) + kappa
        dense[known] = _directions(values[known]) @ working.T - log_norm
        return dense

    def gradient(self, values: Floats, working: Floats, weights: Floats) -> Floats:
        """Return the derivative by `working` of the log density summed with `weights`."""
        kappa = np.hypot(working[:, 0], working[:, 1])
        known = np.isfinite(values)
        held = weights[known]
        pull = held.T @ _directions(values[known])
        with np.errstate(invalid="ignore"):
            ratio = special.i1e(kappa) / special.i0e(kappa) / kappa
        per_kappa = np.where(kappa > 0, ratio, 0.5)
        slope: Floats = pull - (held.sum(axis=0) * per_kappa)[:, None] * working
        return slope

    def natural(self, working: Floats) -> Floats:
        """Return mean direction (rad) and concentration, shape (states, 2)."""
        return np.column_stack(
            [np.arctan2(working[:, 1], working[:, 0]), np.hypot(working[:, 0], working[:, 1])]
        )

    def working(self, natural: Floats) -> Floats:
        """Return the unbounded numbers of parameters, the inverse of `natural`."""
        return natural[:, 1:] * _directions(natural[:, 0])

    def cumulative(self, values: Floats, working: Floats) -> Floats:
        """Return the chance of an angle from -pi to each value, shape (n, states)."""
        return _cumulative_by_summing(self, values, working)


class WrappedCauchyTurns:
    """Turning angles: wrapped Cauchy, worked on as a point of the open unit disc."""

    names: tuple[str, ...] = ("mean_rad", "resultant_length")

    def log_density(self, values: Floats, working: Floats) -> Floats:
        """Return the log density, shape (n, states); a missing value has log density 0."""
        disc, rho_2 = _disc(working)
        known = np.isfinite(values)
        dense = np.zeros((len(values), len(working)))
        below = 1 + rho_2 - 2 * (_directions(values[known]) @ disc.T)
        dense[known] = np.log1p(-rho_2) - np.log(2 * np.pi) - np.log(below)
        return dense

    def gradient(self, values: Floats, working: Floats, weights: Floats) -> Floats:
        """Return the derivative by `working` of the log density summed with `weights`."""
        disc, rho_2 = _disc(working)
        known = np.isfinite(values)
        held, toward = weights[known], _directions(values[known])
        share = held / (1 + rho_2 - 2 * (toward @ disc.T))
        total = held.sum(axis=0)
        by_disc = (
            -2 * disc * (total / (1 - rho_2) + share.sum(axis=0))[:, None] + 2 * share.T @ toward
        )
        # disc = working / sqrt(1 + |working|²)
        long = np.sqrt(1 + (working**2).sum(axis=1))[:, None]
        along = (by_disc * working).sum(axis=1, keepdims=True)
        slope: Floats = by_disc / long - working * along / long**3
        return slope

    def natural(self, working: Floats) -> Floats:
        """Return mean direction (rad) and mean resultant length (0 to 1), shape (states, 2)."""
        disc, rho_2 = _disc(working)
        return np.column_stack([np.arctan2(disc[:, 1], disc[:, 0]), np.sqrt(rho_2)])

    def working(self, natural: Floats) -> Floats:
        """Return the unbounded numbers of parameters, the inverse of `natural`."""
        rho = natural[:, 1:]
        return rho / np.sqrt(1 - rho**2) * _directions(natural[:, 0])

    def cumulative(self, values: Floats, working: Floats) -> Floats:
        """Return the chance of an angle from -pi to each value, shape (n, states)."""
        return _cumulative_by_summing(self, values, working)


def _directions(angles: Floats) -> Floats:
    return np.column_stack([np.cos(angles), np.sin(angles)])


def _disc(working: Floats) -> tuple[Floats, Floats]:
    disc = working / np.sqrt(1 + (working**2).sum(axis=1))[:, None]
    return disc, (disc**2).sum(axis=1)


def _cumulative_by_summing(family: Family, values: Floats, working: Floats) -> Floats:
    """Sum the density around the circle; 4,096 steps are exact to 1e-6 for what collars give."""
    grid = np.linspace(-np.pi, np.pi, 4097)
    dense = np.exp(family.log_density(grid, working))
    summed = np.zeros_like(dense)
    summed[1:] = np.cumsum((dense[1:] + dense[:-1]) / 2, axis=0) * (grid[1] - grid[0])
    summed /= summed[-1]
    wrapped = np.nan_to_num((values + np.pi) % (2 * np.pi) - np.pi)
    return np.column_stack([np.interp(wrapped, grid, column) for column in summed.T])
