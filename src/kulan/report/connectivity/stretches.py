"""How values become places along a scale of colours, and what the legend says of it."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.errors import UnknownNameError

Values = NDArray[np.float64]
Kind = Literal["linear", "log", "quantile"]
KINDS: tuple[Kind, ...] = ("linear", "log", "quantile")
_LOW_SHARE, _HIGH_SHARE = 0.005, 0.995
# beyond four powers of ten differences are of no account, and would take all the colours
_WIDEST = 1e4
_QUANTILES = 257


@dataclass(frozen=True)
class Stretch:
    """A scale of colours.

    Attributes
    ----------
    kind
        "linear"; "log", equal ratios take equal parts of the scale; "quantile", equal areas do.
    nodes
        Values at even distances along the scale, rising: two but for quantiles. One where all
        values are the same, none where there is nothing to show.
    below, above
        Whether some values lie outside the scale; they take the colour of its end.
    """

    kind: Kind
    nodes: Values
    below: bool
    above: bool

    def place(self, values: Values) -> Values:
        """Return where values lie along the scale, 0 to 1; NaN stays NaN."""
        known = ~np.isnan(values)
        placed = np.full(values.shape, np.nan)
        if self.nodes.size < 2:
            placed[known] = 0.5
        elif self.kind == "log":
            low, high = np.log(self.nodes[[0, -1]])
            lifted = np.log(np.maximum(values[known], self.nodes[0]))
            placed[known] = np.clip((lifted - low) / (high - low), 0.0, 1.0)
        else:
            along = np.linspace(0.0, 1.0, self.nodes.size)
            placed[known] = np.interp(values[known], self.nodes, along)
        return placed

    def ticks(self, most: int = 6) -> list[float]:
        """Return values to write beside the scale, rising, at most so many."""
        if self.nodes.size < 2:
            return [float(node) for node in self.nodes]
        low, high = float(self.nodes[0]), float(self.nodes[-1])
        if self.kind == "quantile":
            shares = np.linspace(0, self.nodes.size - 1, most).round().astype(int)
            return [float(one) for one in self.nodes[shares]]
        if self.kind == "log":
            found = _powers(low, high, most)
            return found if len(found) >= 2 else [low, high]
        return _round_values(low, high, most)


def linear_stretch(values: Values, *, robust: bool = True) -> Stretch:
    """Stretch evenly from the lowest to the highest of the `values`.

    `robust` leaves half a per cent of the cells at either end outside.
    """
    known = values[~np.isnan(values)]
    if not known.size:
        return Stretch("linear", np.zeros(0), False, False)
    low, high = float(known.min()), float(known.max())
    if robust:
        inner = np.quantile(known, [_LOW_SHARE, _HIGH_SHARE])
        low, high = (float(inner[0]), float(inner[1])) if inner[0] < inner[1] else (low, high)
    return _between("linear", low, high, known)


def log_stretch(values: Values) -> Stretch:
    """Stretch values above zero by ratios, over at most four powers of ten.

    Half a per cent of the cells at either end stay outside.
    """
    known = values[~np.isnan(values) & (values > 0)]
    if not known.size:
        return Stretch("log", np.zeros(0), False, False)
    low, high = (float(one) for one in np.quantile(known, [_LOW_SHARE, _HIGH_SHARE]))
    if not low < high:
        low, high = float(known.min()), float(known.max())
    return _between("log", max(low, high / _WIDEST), high, known)


def quantile_stretch(values: Values) -> Stretch:
    """Stretch values so that every part of the scale colours as many cells.

    Zeros are left out: where a large part of a map is zero, they would take much of the scale.
    """
    known = values[~np.isnan(values) & (values != 0)]
    if not known.size:
        return Stretch("quantile", np.zeros(0), False, False)
    nodes = np.quantile(known, np.linspace(0.0, 1.0, _QUANTILES))
    return Stretch("quantile", np.unique(nodes) if _ties(nodes) else nodes, False, False)


def symmetric_stretch(values: Values) -> Stretch:
    """Stretch evenly from -a to a, so that zero lies in the middle.

    a leaves one per cent of the changed cells outside.
    """
    size = np.abs(values[~np.isnan(values) & (values != 0)])
    if not size.size:
        return Stretch("linear", np.zeros(0), False, False)
    reach = float(np.quantile(size, 1 - 2 * _LOW_SHARE))
    reach = reach if reach > 0 else float(size.max())
    return _between("linear", -reach, reach, values[~np.isnan(values)])


def stretch_of(kind: str, values: Values) -> Stretch:
    """Return the stretch of a `kind` for some `values`.

    Raises
    ------
    UnknownNameError
        If there is no such kind.
    """
    if kind == "log":
        return log_stretch(values)
    if kind == "quantile":
        return quantile_stretch(values)
    if kind == "linear":
        return linear_stretch(values)
    raise UnknownNameError(f"stretch: {kind!r} found; choose one of {', '.join(KINDS)}.")


def _between(kind: Kind, low: float, high: float, known: Values) -> Stretch:
    if not low < high:
        return Stretch(kind, np.array([high]), False, False)
    below, above = bool((known < low).any()), bool((known > high).any())
    return Stretch(kind, np.array([low, high]), below, above)


def _ties(nodes: Values) -> bool:
    return bool((np.diff(nodes) <= 0).any())


def _powers(low: float, high: float, most: int) -> list[float]:
    """Return powers of ten within a range, with 2 and 5, or 3, between them where few fit."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for between in ((1, 2, 5), (1, 3), (1,)):
        found = [m * 10.0**e for e in range(first, last + 1) for m in between]
        found = [one for one in found if low * (1 - 1e-9) <= one <= high * (1 + 1e-9)]
        if len(found) <= most:
            return found
    return found[:: math.ceil(len(found) / most)]


def _round_values(low: float, high: float, most: int) -> list[float]:
    """Return round values within a range."""
    rough = (high - low) / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # + 0.0 turns a negative zero into zero
    return [
        round(k * step, 12 - math.floor(math.log10(step))) + 0.0 for k in range(first, last + 1)
    ]
