"""The kinds of movement models, and how each forgets where the animal was.

A kind says what is remembered: nothing (IID), the place (OU), place and speed (OUF; OUf when both
are forgotten at one pace; OUO, for "OU omega", when the return oscillates), the speed alone (IOU),
or nothing but the last fix (BM). BM and IOU wander for ever and have no range.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.errors import UnknownNameError
from kulan.movement.models import filters

Floats = NDArray[Any]


@dataclass(frozen=True)
class Kind:
    """A kind of movement model.

    Attributes
    ----------
    name
        Its short name in the literature.
    order
        Which process of `filters`.
    parameters
        What describes its memory, in the order of fits: time scales in s, `omega` in rad/s.
    has_range
        Whether the animal stays around a place for ever.
    """

    name: str
    order: int
    parameters: tuple[str, ...]
    has_range: bool = True

    @property
    def has_speed(self) -> bool:
        """Whether paths are smooth, so that a speed exists."""
        return self.order in (filters.SECOND, filters.VELOCITY_WALK)

    def rates(self, memory: Sequence[float]) -> tuple[float, float]:
        """Return what `filters.step` needs, from the memory parameters."""
        if self.name in ("IID", "BM"):
            return 0.0, 0.0
        if self.name in ("OU", "IOU"):
            return 1 / memory[0], 0.0
        if self.name == "OUO":
            return 1 / memory[0], memory[1] ** 2 + memory[0] ** -2
        slow, fast = memory[0], memory[-1]
        return (1 / slow + 1 / fast) / 2, 1 / (slow * fast)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("IID", filters.INDEPENDENT, ()),
        Kind("OU", filters.FIRST, ("tau_position",)),
        Kind("OUf", filters.SECOND, ("tau",)),
        Kind("OUF", filters.SECOND, ("tau_position", "tau_velocity")),
        Kind("OUO", filters.SECOND, ("tau", "omega")),
        Kind("BM", filters.WALK, (), has_range=False),
        Kind("IOU", filters.VELOCITY_WALK, ("tau_velocity",), has_range=False),
    )
}


def kind_named(name: str) -> Kind:
    """Return the kind of this name.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    if name not in KINDS:
        raise UnknownNameError(f"no movement model is called '{name}'; known: {', '.join(KINDS)}.")
    return KINDS[name]


def autocorrelation(kind: Kind, memory: Sequence[float], lag_s: Floats) -> Floats:
    """Return the correlation of positions `lag_s` apart; of kinds with a range.

    Examples
    --------
    >>> float(autocorrelation(KINDS["OU"], (100.0,), np.array([0.0]))[0])
    1.0
    """
    lag = np.abs(np.asarray(lag_s, dtype=float))
    if kind.order == filters.INDEPENDENT:
        return np.where(lag == 0, 1.0, 0.0)
    if kind.order == filters.FIRST:
        return np.asarray(np.exp(-lag / memory[0]))
    f, w2 = kind.rates(memory)
    nu2 = f * f - w2
    if abs(nu2) < 1e-10 * f * f:
        return np.asarray(np.exp(-f * lag) * (1 + f * lag))
    if nu2 > 0:
        fast = f + math.sqrt(nu2)
        slow = w2 / fast
        return np.asarray((fast * np.exp(-slow * lag) - slow * np.exp(-fast * lag)) / (fast - slow))
    nu = math.sqrt(-nu2)
    return np.asarray(np.exp(-f * lag) * (np.cos(nu * lag) + f / nu * np.sin(nu * lag)))


def semivariance(kind: Kind, memory: Sequence[float], lag_s: Floats) -> Floats:
    """Return half the mean squared displacement along an axis, for variance (or rate) 1.

    Of kinds with a range it rises to 1; of walks it grows for ever: as t / 2 for BM of rate 1
    (variance t), and for IOU with speeds of variance 1.
    """
    lag = np.abs(np.asarray(lag_s, dtype=float))
    if kind.has_range:
        return np.asarray(1 - autocorrelation(kind, memory, lag))
    if kind.name == "BM":
        return np.asarray(lag / 2)
    tau = memory[0]
    return np.asarray(tau * (lag + tau * np.expm1(-lag / tau)))


def steepest_rise(kind: Kind, memory: Sequence[float]) -> float:
    """Return the greatest slope of `semivariance`, per s; infinite for independent positions.

    Examples
    --------
    >>> steepest_rise(KINDS["OU"], (100.0,))
    0.01
    """
    if kind.name == "IID":
        return math.inf
    if kind.name == "BM":
        return 0.5
    if kind.name in ("OU", "IOU"):
        return 1 / memory[0] if kind.name == "OU" else memory[0]
    f, w2 = kind.rates(memory)
    nu2 = f * f - w2
    # slope w2 s(t) with s the response to a push: greatest where s' = 0
    if abs(nu2) < 1e-10 * f * f:
        return w2 / f * math.exp(-1)
    if nu2 > 0:
        fast = f + math.sqrt(nu2)
        slow = w2 / fast
        when = math.log(fast / slow) / (fast - slow)
        return w2 * (math.exp(-slow * when) - math.exp(-fast * when)) / (fast - slow)
    nu = math.sqrt(-nu2)
    when = math.atan2(nu, f) / nu
    return w2 * math.exp(-f * when) * math.sin(nu * when) / nu
