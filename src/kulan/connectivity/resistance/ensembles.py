"""Uncertain resistances: members drawn from declared ranges, and maps of what they agree on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.resistance.profiles import Profile, with_middles
from kulan.errors import InvalidGridError, TooLargeError

Values = NDArray[np.float64]
_MOST_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class UncertainMap:
    """A map over an ensemble.

    Attributes
    ----------
    mean, sd
        Of each cell over the members, shape (rows, columns); sd with n - 1. NaN where any member
        is NaN.
    quantiles
        Map of each quantile asked for.
    n_members
        Members it rests on.
    """

    mean: Values
    sd: Values
    quantiles: Mapping[float, Values]
    n_members: int

    @property
    def cv(self) -> Values:
        """Standard deviation over mean, 0 where the mean is 0."""
        return np.divide(self.sd, self.mean, out=np.zeros_like(self.sd), where=self.mean != 0)


def sample_profiles(profile: Profile, n: int, rng: np.random.Generator) -> Iterator[Profile]:
    """Draw members of an ensemble: profiles with each resistance drawn from its range.

    The logarithm of each is triangular between low, middle and high, independently of the others;
    the middle itself is not a member. The same generator state gives the same members.

    Parameters
    ----------
    profile
        The profile with its ranges.
    n
        How many.
    rng
        Source of randomness, such as `numpy.random.default_rng(1)`.
    """
    _check_count(n)
    for _ in range(n):
        drawn: dict[str, dict[float, float]] = {}
        for layer, spreads in profile.layers.items():
            drawn[layer] = {}
            for value, spread in spreads.items():
                low, middle, high = np.log([spread.low, spread.middle, spread.high])
                at = middle if low == high else rng.triangular(low, middle, high)
                drawn[layer][value] = float(np.exp(at))
        yield with_middles(profile, drawn)


def sample_weights(
    weights: Mapping[str, float], n: int, rng: np.random.Generator, *, concentration: float
) -> list[dict[str, float]]:
    """Draw weights of layers around given ones, each draw summing to 1 (a Dirichlet distribution).

    Parameters
    ----------
    weights
        The mean of the draws, zero or more; scaled to sum to 1.
    n
        How many draws.
    rng
        Source of randomness.
    concentration
        How close draws stay: the variance of a weight w is w (1 - w) / (concentration + 1).
    """
    _check_count(n)
    names, given = list(weights), np.array(list(weights.values()), dtype=np.float64)
    if (
        not names
        or not (given >= 0).all()
        or not given.sum() > 0
        or not (0 < concentration < np.inf)
    ):
        raise InvalidGridError(
            f"weights: {dict(weights)} with a concentration of {concentration:g}; weights of zero "
            "or more, one of them above zero, and a concentration above zero are needed."
        )
    used = given > 0
    draws = np.zeros((n, given.size))
    draws[:, used] = rng.dirichlet(concentration * given[used] / given.sum(), size=n)
    return [dict(zip(names, row, strict=True)) for row in draws.tolist()]


def summarise(
    maps: Iterable[Values],
    *,
    quantiles: Sequence[float] = (0.05, 0.5, 0.95),
    most_bytes: int = _MOST_BYTES,
) -> UncertainMap:
    """Summarise the maps of an ensemble cell by cell.

    Mean and standard deviation are taken on the way (Welford 1962). Quantiles need all members at
    once; they are kept in float32, and interpolated between members.

    Parameters
    ----------
    maps
        One map for each member, all of one shape.
    quantiles
        Which, from 0 to 1; empty keeps no members.
    most_bytes
        Memory that members may take.

    Raises
    ------
    InvalidGridError
        If there are fewer than two maps, their shapes differ, one holds infinite values, or a
        quantile is none.
    TooLargeError
        If the members would need more memory.

    References
    ----------
    Welford, B. P. (1962). Note on a method for calculating corrected sums of squares and products.
    Technometrics 4, 419-420.
    """
    if not all(0 <= one <= 1 for one in quantiles):
        raise InvalidGridError(f"quantiles: {tuple(quantiles)} found; 0 to 1 is needed.")
    kept: list[NDArray[np.float32]] = []
    n, mean, squares = 0, np.zeros(0), np.zeros(0)
    for member in maps:
        values = np.asarray(member, dtype=np.float64)
        if n == 0:
            mean, squares = np.zeros(values.shape), np.zeros(values.shape)
        if values.shape != mean.shape:
            raise InvalidGridError(
                f"ensemble: member {n + 1} has shape {values.shape}, the first {mean.shape}."
            )
        if np.isinf(values).any():
            raise InvalidGridError(
                f"ensemble: member {n + 1} holds infinite values, such as costs where no way "
                "leads; they have no mean. Give NaN there: then no summary is told for these cells."
            )
        n += 1
        away = values - mean
        mean = mean + away / n
        squares = squares + away * (values - mean)
        if quantiles:
            if 4 * n * values.size > most_bytes:
                raise TooLargeError(
                    f"ensemble: quantiles of {n} members of {values.size} cells need more than "
                    f"{most_bytes / 1e9:.1f} GB. Ask for none (`quantiles=()`), summarise the "
                    "landscape in parts, or raise `most_bytes`."
                )
            kept.append(values.astype(np.float32))
    if n < 2:
        raise InvalidGridError(f"ensemble: {n} member(s); a spread needs at least two.")
    levels: dict[float, Values] = {}
    if quantiles:
        found = np.quantile(np.stack(kept), list(quantiles), axis=0)
        levels = {q: np.asarray(found[k], np.float64) for k, q in enumerate(quantiles)}
    return UncertainMap(mean, np.sqrt(squares / (n - 1)), levels, n)


def _check_count(n: int) -> None:
    if n < 1:
        raise InvalidGridError(f"ensemble: {n} members asked for; at least one is needed.")
