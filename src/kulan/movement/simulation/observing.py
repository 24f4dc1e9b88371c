"""What a collar makes of a path: fixes that are lacking, and fixes that lie beside the truth."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.errors import InvalidTableError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Collar:
    """How well a collar sees.

    Attributes
    ----------
    missing_share
        Share of fixes that fail, 0 to below 1.
    failing_together
        Mean number of fixes that fail in a row, 1 or more.
    error_m
        Standard deviation of the location error along each axis, m.
    """

    missing_share: float = 0.0
    failing_together: float = 1.0
    error_m: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.missing_share < 1 and self.failing_together >= 1 and self.error_m >= 0):
            raise InvalidTableError(
                f"collar with {self.missing_share:g} of its fixes missing, "
                f"{self.failing_together:g} in a row, error {self.error_m:g} m: a share from 0 to "
                "below 1, a number from 1 and an error from 0 are needed."
            )


def observe(positions_m: Floats, collar: Collar, rng: np.random.Generator) -> pd.DataFrame:
    """Return the fixes of a path: NaN where they fail.

    Parameters
    ----------
    positions_m
        The path at the times of fixes, shape (n, 2), m.
    collar
        How well it sees.
    rng
        Source of chance.

    Returns
    -------
    DataFrame
        `x`, `y` and, where there is an error, `error_m`; one row for each position.

    Examples
    --------
    >>> seen = observe(np.zeros((1000, 2)), Collar(0.2, 3.0, 10.0), np.random.default_rng(2))
    >>> bool(0.1 < seen["x"].isna().mean() < 0.3), round(float(seen["x"].std()))
    (True, 10)
    """
    seen = positions_m + collar.error_m * rng.standard_normal(positions_m.shape)
    seen[_failing(len(seen), collar, rng)] = np.nan
    made = pd.DataFrame({"x": seen[:, 0], "y": seen[:, 1]})
    return made.assign(error_m=collar.error_m) if collar.error_m else made


def _failing(number: int, collar: Collar, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Draw spells of failing and of seeing in turn, so that the share comes out."""
    if collar.missing_share == 0:
        return np.zeros(number, dtype=bool)
    ends = 1.0 / collar.failing_together
    begins = min(ends * collar.missing_share / (1 - collar.missing_share), 1.0)
    chance = rng.random(number + 1)
    failing = np.zeros(number, dtype=bool)
    state = bool(chance[0] < collar.missing_share)
    for k in range(number):
        failing[k] = state
        state = bool(chance[k + 1] >= ends if state else chance[k + 1] < begins)
    return failing
