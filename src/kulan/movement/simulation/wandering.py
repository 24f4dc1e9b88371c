r"""Tracks of animals that stay in a range, or go from one to another with the seasons.

Positions follow an Ornstein-Uhlenbeck process with foraging (OUF): a pull back to the middle of the
range over :math:`\tau_p`, and a velocity that lasts for :math:`\tau_v`. Along each axis

.. math:: \mathrm{Cov}(t) = \sigma^2\,
          \frac{\tau_p e^{-t/\tau_p} - \tau_v e^{-t/\tau_v}}{\tau_p - \tau_v}.

The steps are drawn exactly, however far apart in time: nothing is approximated by small steps. The
code is on purpose not that of `kulan.movement.models`: what is planted here must not come from what
is to find it.

Fleming, C.H. et al. (2014). From fine-scale foraging to home ranges: a semivariance approach to
identifying movement modes across spatiotemporal scales. The American Naturalist 183: E154-E167.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidTableError
from kulan.movement.kernels import kernel

Floats = NDArray[np.float64]
_DAY_S = 86_400.0
# between a tenth and nine tenths of a logistic
_LOGIT_SPAN = 2 * np.log(9.0)


@dataclass(frozen=True)
class Wandering:
    """How an animal moves about in its range.

    Attributes
    ----------
    tau_position_s
        Time over which it is pulled back to the middle, s.
    tau_velocity_s
        Time for which its velocity lasts, s, shorter; 0 for none.
    sigma_m
        Standard deviation of its position along each axis, m.
    """

    tau_position_s: float
    tau_velocity_s: float
    sigma_m: float

    def __post_init__(self) -> None:
        if not (0 <= self.tau_velocity_s < self.tau_position_s and self.sigma_m > 0):
            raise InvalidTableError(
                f"wandering with tau_position {self.tau_position_s:g} s, tau_velocity "
                f"{self.tau_velocity_s:g} s, sigma {self.sigma_m:g} m: velocity must last less "
                "long than the pull to the middle, and the range must be wider than 0."
            )

    @property
    def speed_m_per_s(self) -> float:
        """Mean speed, m/s; infinite where velocity does not last."""
        if self.tau_velocity_s == 0:
            return float("inf")
        rate = self.sigma_m / np.sqrt(self.tau_position_s * self.tau_velocity_s)
        return float(rate * np.sqrt(np.pi / 2))


@dataclass(frozen=True)
class Migration:
    """When an animal goes from its first range to its second and back, year after year.

    Attributes
    ----------
    first_m, second_m
        Middles of the ranges, m.
    away_day, back_day
        Days, counted from the start of each year of 365 days, on which half the way is done.
    takes_days
        Days in which it goes from a tenth to nine tenths of the way.
    """

    first_m: tuple[float, float]
    second_m: tuple[float, float]
    away_day: float = 120.0
    back_day: float = 300.0
    takes_days: float = 20.0

    def middle_m(self, time_s: Floats) -> Floats:
        """Return the middle of the range at times from the start of the first year, (n, 2).

        Examples
        --------
        >>> moving = Migration((0.0, 0.0), (100.0, 0.0))
        >>> moving.middle_m(np.array([0.0, 120.0, 200.0, 300.0]) * 86400).round(3)[:, 0].tolist()
        [0.0, 50.0, 100.0, 50.0]
        """
        day = np.mod(time_s / _DAY_S, 365.0)
        pace = self.takes_days / _LOGIT_SPAN
        away = _logistic((day - self.away_day) / pace)
        back = _logistic((day - self.back_day) / pace)
        share = np.clip(away - back, 0.0, 1.0)[:, None]
        middle: Floats = np.asarray(self.first_m) * (1 - share) + np.asarray(self.second_m) * share
        return middle


def _logistic(value: Floats) -> Floats:
    share: Floats = 1.0 / (1.0 + np.exp(-np.clip(value, -700, 700)))
    return share


def wander(wandering: Wandering, time_s: Floats, rng: np.random.Generator) -> Floats:
    """Draw positions around the middle of a range.

    Parameters
    ----------
    wandering
        How the animal moves.
    time_s
        Times, ascending, s.
    rng
        Source of chance.

    Returns
    -------
    ndarray
        Positions relative to the middle, m, shape (n, 2); in equilibrium from the first on.

    Examples
    --------
    >>> moving = Wandering(86400.0, 3600.0, 1000.0)
    >>> track = wander(moving, np.arange(200_000) * 7200.0, np.random.default_rng(1))
    >>> bool(abs(track.std() / 1000 - 1) < 0.02)
    True
    """
    steps = np.diff(np.asarray(time_s, dtype=np.float64))
    if (steps <= 0).any():
        raise InvalidTableError("times to simulate at must ascend.")
    noise = rng.standard_normal((len(time_s), 2, 2))
    track = np.empty((len(time_s), 2))
    _walk(
        steps,
        noise,
        wandering.tau_position_s,
        wandering.tau_velocity_s,
        wandering.sigma_m,
        track,
    )
    return track


def migrate(
    wandering: Wandering, migration: Migration, time_s: Floats, rng: np.random.Generator
) -> Floats:
    """Draw positions of an animal whose range moves with the seasons, see `wander`."""
    return migration.middle_m(np.asarray(time_s, float)) + wander(wandering, time_s, rng)


@kernel
def _walk(
    steps: Floats, noise: Floats, tau_p: float, tau_v: float, sigma: float, track: Floats
) -> None:
    """Fill `track`; position is held in sigmas, velocity in sigmas per root of both times."""
    for axis in range(2):
        x = noise[0, axis, 0]
        v = noise[0, axis, 1]
        track[0, axis] = sigma * x
        for k in range(len(steps)):
            t = steps[k]
            if tau_v == 0.0:
                keep = np.exp(-t / tau_p)
                x = keep * x + np.sqrt(-np.expm1(-2 * t / tau_p)) * noise[k + 1, axis, 0]
            else:
                slow, fast = 1.0 / tau_p, 1.0 / tau_v
                root = np.sqrt(slow * fast)
                e1, e2 = np.exp(-slow * t), np.exp(-fast * t)
                f11 = (fast * e1 - slow * e2) / (fast - slow)
                f12 = root * (e1 - e2) / (fast - slow)
                f21 = -f12
                f22 = (fast * e2 - slow * e1) / (fast - slow)
                q11 = max(1.0 - f11 * f11 - f12 * f12, 0.0)
                q12 = -f11 * f21 - f12 * f22
                q22 = max(1.0 - f21 * f21 - f22 * f22, 0.0)
                a = np.sqrt(q11)
                b = q12 / a if a > 0.0 else 0.0
                c = np.sqrt(max(q22 - b * b, 0.0))
                n1, n2 = noise[k + 1, axis, 0], noise[k + 1, axis, 1]
                x, v = f11 * x + f12 * v + a * n1, f21 * x + f22 * v + b * n1 + c * n2
            track[k + 1, axis] = sigma * x
