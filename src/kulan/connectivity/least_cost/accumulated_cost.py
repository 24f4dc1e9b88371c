"""What it costs at least to come from a source to every cell of a landscape."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kulan.connectivity.least_cost.bucket_queue import NO_TARGETS, exact_kernel, spread
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.errors import InvalidGridError

__all__ = ["CostSurface", "accumulate_cost"]


def accumulate_cost(
    surface: CostSurface,
    sources: ArrayLike,
    *,
    max_cost: float = np.inf,
    targets: ArrayLike | None = None,
) -> NDArray[np.float64]:
    r"""Add up the least cost from the nearest source to every cell, exactly.

    .. math:: d(v) = \min_{\text{paths}} \sum_{(a, b)} \frac{r_a + r_b}{2} \, l_{ab} \, f_{ab}

    with the resistances *r* of the two cells of a step, its length *l* and a barrier's factor *f*.
    The sums are those of float64 along the best path: no cost is rounded to a bucket. It takes
    time in proportion to the number of cells, and 24 bytes of memory for each.

    Parameters
    ----------
    surface
        The landscape.
    sources
        A boolean mask of the raster's shape, or rows and columns of cells, shape (n, 2).
    max_cost
        How far to go, in units of cost; cells beyond are as good as unreachable.
    targets
        Cells after which to stop, as `sources`; costs that are not final by then are infinite.

    Returns
    -------
    ndarray
        Shape (rows, columns), in units of resistance times cell size: 0 at sources, infinite
        where no path leads, NaN in NoData.

    Raises
    ------
    InvalidGridError
        If a source or target lies in NoData or outside the raster, or `max_cost` is negative.

    References
    ----------
    Adriaensen, F. et al. (2003). The application of "least-cost" modelling as a functional
    landscape model. Landscape and Urban Planning 64, 233-247.

    Examples
    --------
    >>> accumulate_cost(CostSurface(np.array([[1.0, 3.0, 1.0]])), [[0, 0]]).tolist()
    [[0.0, 2.0, 4.0]]
    """
    start = surface.cells(sources, "sources")
    goal = None if targets is None else surface.cells(targets, "targets")
    return unringed(surface, ringed_costs(surface, start, max_cost=max_cost, targets=goal))


def ringed_costs(
    surface: CostSurface,
    sources: NDArray[np.int64],
    *,
    max_cost: float = np.inf,
    targets: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """Return costs in the arrangement of the inner loops: flat, in a ring, NoData -infinity.

    Parameters
    ----------
    surface
        The landscape.
    sources
        Rows and columns, checked.
    max_cost
        How far to go.
    targets
        Rows and columns after which to stop, checked.
    """
    if not max_cost >= 0:
        raise InvalidGridError(f"max_cost: {max_cost} found; it must be zero or more.")
    ground = surface.ground()
    seeds = surface.numbers(sources)
    ground.cost[seeds] = 0.0
    goal = NO_TARGETS if targets is None else surface.numbers(targets)
    spread(ground, seeds, width=surface.bucket_width, limit=max_cost, targets=goal)
    return ground.cost


def unringed(surface: CostSurface, cost: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the ring off costs, and mark NoData as NaN.

    Parameters
    ----------
    surface
        The landscape.
    cost
        Flat and ringed, as `ringed_costs` gives them.
    """
    rows, columns = surface.shape
    plain = np.empty((rows, columns))
    _take_ring_off(cost.reshape(rows + 2, columns + 2), plain)
    return plain


@exact_kernel
def _take_ring_off(cost: NDArray[np.float64], plain: NDArray[np.float64]) -> None:
    for i in range(plain.shape[0]):
        for j in range(plain.shape[1]):
            here = cost[i + 1, j + 1]
            plain[i, j] = here if here > -np.inf else np.nan
