"""Least-cost corridors: where a path may lead at little more than the least cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidGridError


@dataclass(frozen=True)
class Corridor:
    """How much dearer than the best way the best way through each cell is.

    Attributes
    ----------
    excess
        Shape (rows, columns), in units of cost: 0 along a least-cost path; NaN in NoData, where
        no path leads, and beyond the cutoff.
    least_cost
        Cost of the best way.
    cutoff
        Largest excess that belongs to the corridor; infinite for no limit.
    """

    excess: NDArray[np.float64]
    least_cost: float
    cutoff: float

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Cells of the corridor."""
        return ~np.isnan(self.excess)


def normalised_corridor(
    cost_a: NDArray[np.float64], cost_b: NDArray[np.float64], *, cutoff: float = np.inf
) -> Corridor:
    r"""Say by how much each cell lengthens the way from A to B: cost from A + cost from B - least.

    .. math:: e(v) = d_A(v) + d_B(v) - \min_u \left( d_A(u) + d_B(u) \right)

    Taking off the least cost makes corridors of near and distant pairs comparable, so that they
    can be put into one map (see `merged_corridors`).

    Parameters
    ----------
    cost_a, cost_b
        Accumulated costs from either end, on one landscape.
    cutoff
        Largest excess that still belongs to the corridor, in units of cost; cells beyond are NaN.

    Returns
    -------
    Corridor
        If no path leads from A to B, one without cells and of infinite least cost.

    Raises
    ------
    InvalidGridError
        If the costs have different shapes, or the cutoff is negative.

    References
    ----------
    McRae, B. H. & Kavanagh, D. M. (2011). Linkage Mapper connectivity analysis software. The
    Nature Conservancy, Seattle.

    Examples
    --------
    >>> corridor = normalised_corridor(np.array([[0.0, 1.0, 4.0]]), np.array([[2.0, 1.0, 4.0]]))
    >>> corridor.excess.tolist(), corridor.least_cost
    ([[0.0, 0.0, 6.0]], 2.0)
    """
    if cost_a.shape != cost_b.shape:
        raise InvalidGridError(
            f"costs: one raster has {cost_a.shape} cells, the other {cost_b.shape}."
        )
    if not cutoff >= 0:
        raise InvalidGridError(f"cutoff: {cutoff} found; it must be zero or more.")
    total = np.asarray(cost_a + cost_b, dtype=np.float64)
    total[np.isinf(total)] = np.nan
    if np.isnan(total).all():
        return Corridor(total, np.inf, cutoff)
    least = float(np.nanmin(total))
    excess = total - least
    excess[excess > cutoff] = np.nan
    return Corridor(excess, least, cutoff)


def merged_corridors(corridors: Sequence[Corridor]) -> NDArray[np.float64]:
    """Put corridors into one map: the least excess over all pairs, NaN outside every corridor.

    Parameters
    ----------
    corridors
        On one landscape, at least one.

    Raises
    ------
    InvalidGridError
        If there is none, or their shapes differ.
    """
    shapes = {corridor.excess.shape for corridor in corridors}
    if len(shapes) != 1:
        raise InvalidGridError(
            f"corridors: {len(corridors)} of {len(shapes)} different shapes; at least one and all "
            "of one shape are needed."
        )
    merged = corridors[0].excess.copy()
    for corridor in corridors[1:]:
        np.fmin(merged, corridor.excess, out=merged)
    return merged


def pinch_point_conductance(resistance: NDArray[Any], corridor: Corridor) -> NDArray[np.float64]:
    """Return the conductance of a corridor's cells, NaN outside, to look for its pinch points.

    Current that has to stay inside a corridor crowds where the corridor is narrow: link these
    cells and send current between the corridor's ends.

    Parameters
    ----------
    resistance
        Of the landscape the corridor lies in, shape (rows, columns).
    corridor
        A corridor with a cutoff.

    Raises
    ------
    InvalidGridError
        If the shapes differ, the corridor has no cells, or one without a positive resistance.

    References
    ----------
    McRae, B. H., Dickson, B. G., Keitt, T. H. & Shah, V. B. (2008). Using circuit theory to model
    connectivity in ecology, evolution, and conservation. Ecology 89, 2712-2724.
    """
    if resistance.shape != corridor.excess.shape:
        raise InvalidGridError(
            f"corridor: {corridor.excess.shape} cells, but the resistances have {resistance.shape}."
        )
    if not corridor.mask.any():
        raise InvalidGridError(
            "corridor: it has no cells, because no path leads from one end to the other; there is "
            "no pinch point to look for."
        )
    inside = resistance[corridor.mask]
    if not (inside > 0).all():
        raise InvalidGridError(
            f"resistance: {int((~(inside > 0)).sum())} cells of the corridor are zero, negative or "
            "NaN. Give the resistances on which the corridor was found."
        )
    conductance = np.full(resistance.shape, np.nan)
    conductance[corridor.mask] = 1.0 / inside
    return conductance
