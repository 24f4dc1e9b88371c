"""Barriers on edges for least-cost methods: what each step they cut costs more."""

import numpy as np

from kulan.connectivity.barriers.cuts import Cuts
from kulan.connectivity.least_cost.step_factors import StepFactors


def barrier_costs(cuts: Cuts) -> StepFactors:
    """Make cost factors of what barriers leave of each step: the reciprocal of permeability.

    A step of which a tenth of movement is left costs ten times as much, a closed one cannot be
    made. Least-cost paths and circuits thus see the same barriers on the same steps, diagonal
    ones included.

    Parameters
    ----------
    cuts
        What barriers cut.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from kulan.connectivity.barriers.cuts import cut_steps
    >>> from kulan.connectivity.frames import Frame
    >>> fence = gpd.GeoDataFrame(
    ...     {"barrier_id": ["fence"], "segment_id": ["all"]},
    ...     geometry=[shapely.LineString([(1, -1), (1, 3)])],
    ... )
    >>> costs = barrier_costs(cut_steps(fence, Frame(2, 2, 0, 2, 1, 1), np.array([0.1])))
    >>> costs.east.tolist(), costs.southwest.tolist()
    ([[10.0], [10.0]], [[10.0]])
    """
    rows, columns = cuts.frame.shape
    steps, share = cuts.factors()
    closed = share <= 0
    factor = np.where(closed, np.inf, 1.0 / np.where(closed, 1.0, share))
    row, column = np.divmod(steps // 4, columns)
    kind = steps % 4
    tables = (
        np.ones((rows, columns - 1)),
        np.ones((rows - 1, columns)),
        np.ones((rows - 1, columns - 1)),
        np.ones((rows - 1, columns - 1)),
    )
    for number, table in enumerate(tables):
        own = kind == number
        # a step south-west is counted by the column it leads to
        table[row[own], column[own] - (number == 3)] = factor[own]
    return StepFactors(*tables)
