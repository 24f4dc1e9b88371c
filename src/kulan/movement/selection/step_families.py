"""How far and how sharply turned an animal steps: gamma lengths and von Mises turns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from kulan.errors import NotEnoughDataError

Floats = NDArray[np.float64]

_FEWEST = 20
_LARGEST_CONCENTRATION = 500.0


@dataclass(frozen=True)
class StepFamily:
    """Gamma step lengths and von Mises turning angles around straight on.

    Attributes
    ----------
    shape, scale_m
        Of the gamma; its mean is their product.
    concentration
        Of the von Mises; below 0 for animals that tend to turn back, which is the same as its size
        around half a turn.
    """

    shape: float
    scale_m: float
    concentration: float

    def lengths_m(self, size: int, rng: np.random.Generator) -> Floats:
        """Draw step lengths, m."""
        return rng.gamma(self.shape, self.scale_m, size)

    def turns_rad(self, size: int, rng: np.random.Generator) -> Floats:
        """Draw turning angles, -pi to pi."""
        centre = 0.0 if self.concentration >= 0 else np.pi
        return rng.vonmises(centre, abs(self.concentration), size)


def fit_step_family(length_m: Floats, turn_rad: Floats) -> StepFamily:
    """Fit lengths and turns by maximum likelihood.

    Parameters
    ----------
    length_m
        Step lengths, m. NaN and zero are left out: a gamma has no zeros.
    turn_rad
        Turning angles; NaN is left out.

    Returns
    -------
    StepFamily

    Raises
    ------
    NotEnoughDataError
        If fewer than 20 lengths or turns are known, or all lengths are equal.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> family = fit_step_family(rng.gamma(2.0, 300.0, 5000), rng.vonmises(0.0, 0.8, 5000))
    >>> round(family.shape, 1), round(family.concentration, 1)
    (2.0, 0.8)
    """
    lengths = length_m[np.isfinite(length_m) & (length_m > 0)]
    turns = turn_rad[np.isfinite(turn_rad)]
    if len(lengths) < _FEWEST or len(turns) < _FEWEST:
        raise NotEnoughDataError(
            f"{len(lengths)} steps and {len(turns)} turns: at least {_FEWEST} of each are needed "
            "to say how the animal steps. See whether the interval is that of the collars."
        )
    # the log-likelihood is greatest where log(shape) - digamma(shape) is this
    spread = np.log(lengths.mean()) - np.log(lengths).mean()
    if spread < 1e-12:
        raise NotEnoughDataError("all steps have one length: that is no animal's track.")
    shape = float(
        optimize.brentq(lambda a: np.log(a) - special.digamma(a) - spread, 1e-6, 1e12, xtol=1e-14)
    )
    return StepFamily(
        shape, float(lengths.mean()) / shape, _concentration(float(np.cos(turns).mean()))
    )


def _concentration(mean_cosine: float) -> float:
    """Return the concentration around straight on whose mean cosine is this."""
    size = abs(mean_cosine)

    def beyond(kappa: float) -> float:
        return float(special.i1e(kappa) / special.i0e(kappa)) - size

    if beyond(_LARGEST_CONCENTRATION) < 0:
        kappa = _LARGEST_CONCENTRATION
    else:
        kappa = float(optimize.brentq(beyond, 0.0, _LARGEST_CONCENTRATION, xtol=1e-14))
    return float(np.copysign(kappa, mean_cosine))
