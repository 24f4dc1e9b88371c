"""From a layer to resistance: classes, straight lines and curves, each with its source.

Every transform gives 1 for land that does not hinder, and more for land that does. NaN stays NaN.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidGridError

Values = NDArray[np.float64]
# steeper curves are steps, and their exponentials overflow
_STEEPEST = 500.0


def reclassify(
    classes: NDArray[np.number], resistance: Mapping[int, float], *, others: float | None = None
) -> Values:
    """Give each class its resistance.

    Parameters
    ----------
    classes
        Class of each cell; NaN is NoData.
    resistance
        Resistance of each class; NaN makes a class NoData, which nothing crosses.
    others
        Resistance of classes that have none; None refuses them.

    Raises
    ------
    InvalidGridError
        If a class has no resistance and `others` is None, or one is zero or negative.

    Examples
    --------
    >>> reclassify(np.array([[10, 16]]), {10: 1.0, 16: 2.5}).tolist()
    [[1.0, 2.5]]
    """
    cells = np.asarray(classes, dtype=np.float64)
    given = [*resistance.values(), *([] if others is None else [others])]
    if any(value <= 0 for value in given):
        raise InvalidGridError(
            f"classes: a resistance of {min(given):g} found; it must be above 0. Make a class "
            "NoData with NaN."
        )
    known = ~np.isnan(cells)
    found, where = np.unique(cells[known], return_inverse=True)
    lacking = [f"{value:g}" for value in found if value not in resistance]
    if lacking and others is None:
        raise InvalidGridError(
            f"classes: {', '.join(lacking)} have no resistance. Give each one, or say by `others` "
            "what all the rest have."
        )
    fallback = np.nan if others is None else others
    table = np.array([resistance.get(value, fallback) for value in found], dtype=np.float64)
    result = np.full(cells.shape, np.nan)
    result[known] = table[where]
    return result


def interpolate(values: Values, knots: Mapping[float, float]) -> Values:
    """Join given points by straight lines; beyond the first and the last resistance is constant.

    Parameters
    ----------
    values
        The layer.
    knots
        Resistance at some values of the layer, at least one.

    Examples
    --------
    >>> interpolate(np.array([0.0, 5.0, 99.0]), {0: 1.0, 10: 3.0}).tolist()
    [1.0, 2.0, 3.0]
    """
    if not knots:
        raise InvalidGridError("knots: none given; a layer needs at least one value of resistance.")
    if not all(np.isfinite(at) and 0 < value < np.inf for at, value in knots.items()):
        raise InvalidGridError(
            f"knots: {dict(knots)} found; values of the layer must be numbers, and resistances "
            "above 0 and finite."
        )
    at = sorted(knots)
    return np.interp(values, at, [knots[one] for one in at])


def linear(values: Values, *, best: float, worst: float, greatest: float) -> Values:
    """Let resistance rise evenly from 1 at the best value to its greatest at the worst.

    Parameters
    ----------
    values
        The layer; beyond best and worst it counts as these.
    best, worst
        Values of the layer with the least and the greatest resistance, in either order.
    greatest
        Resistance at the worst value.
    """
    return _between(_scaled(values, best, worst), greatest)


def monomolecular(
    values: Values, *, best: float, worst: float, greatest: float, rate: float
) -> Values:
    """Let resistance rise fast at first and then level off, or the reverse.

    With x from 0 at the best value to 1 at the worst, it is 1 + (greatest - 1) (1 - exp(-rate x))
    / (1 - exp(-rate)). A negative rate gives the slow rise that ends steeply; the two together are
    the curves of Peterman et al. (2014), scaled to begin at 1 and to end at the greatest.

    Parameters
    ----------
    values
        The layer; beyond best and worst it counts as these.
    best, worst
        Values of the layer with the least and the greatest resistance, in either order.
    greatest
        Resistance at the worst value.
    rate
        How sharply it rises; not 0, which is a straight line.

    References
    ----------
    Peterman, W. E., Connette, G. M., Semlitsch, R. D. & Eggert, L. S. (2014). Ecological
    resistance surfaces predict fine-scale genetic differentiation in a terrestrial woodland
    salamander. Molecular Ecology 23, 2402-2413.
    """
    if rate == 0:
        raise InvalidGridError("monomolecular: a rate of 0 is a straight line; use `linear`.")
    if not abs(rate) <= _STEEPEST:
        raise InvalidGridError(
            f"monomolecular: a rate of {rate:g} found; beyond {_STEEPEST:g} either way the curve "
            "is a step."
        )
    x = _scaled(values, best, worst)
    return _between(np.expm1(-rate * x) / np.expm1(-rate), greatest)


def from_suitability(suitability: Values, *, greatest: float = 100.0, steepness: float) -> Values:
    """Turn suitability of habitat into resistance by a negative exponential.

    R = greatest - (greatest - 1) (1 - exp(-c h)) / (1 - exp(-c)), with h the suitability and c the
    steepness. Animals on the move accept habitat they would not live in: with c of 4 or more,
    resistance rises only where suitability is very low (Keeley et al. 2016).

    Parameters
    ----------
    suitability
        From 0 to 1.
    greatest
        Resistance where suitability is 0.
    steepness
        c, above 0; 0.25 is nearly a straight line, 16 very steep.

    Raises
    ------
    InvalidGridError
        If a suitability lies outside 0 to 1 or the steepness is not above 0.

    References
    ----------
    Keeley, A. T. H., Beier, P. & Gagnon, J. W. (2016). Estimating landscape resistance from
    habitat suitability: effects of data source and nonlinearities. Landscape Ecology 31,
    2151-2162.
    """
    if ((suitability < 0) | (suitability > 1)).any():
        raise InvalidGridError(
            f"suitability: from {np.nanmin(suitability):g} to {np.nanmax(suitability):g} found; "
            "0 to 1 is needed. Divide by its maximum first."
        )
    if not 0 < steepness <= _STEEPEST:
        raise InvalidGridError(
            f"steepness: {steepness:g} found; it must be above 0, and at most {_STEEPEST:g}."
        )
    share: Values = np.expm1(-steepness * suitability) / np.expm1(-steepness)
    return greatest - (greatest - 1.0) * share


def hill(values: Values, *, half: float, power: float, greatest: float) -> Values:
    """Let resistance rise along an S with a threshold, as a dose does its effect.

    1 + (greatest - 1) v^n / (half^n + v^n) (Hill 1910): 1 at zero, halfway at `half`.

    Parameters
    ----------
    values
        The layer, zero or more: density of people, depth of snow.
    half
        Value of the layer at which half of the rise is reached.
    power
        n, above 0; the greater, the sharper the threshold.
    greatest
        Resistance that is approached.

    References
    ----------
    Hill, A. V. (1910). The possible effects of the aggregation of the molecules of haemoglobin on
    its dissociation curves. Journal of Physiology 40, iv-vii.
    """
    if (values < 0).any():
        raise InvalidGridError(
            f"hill: a value of {np.nanmin(values):g} found; the curve begins at 0."
        )
    if not (half > 0 and power > 0):
        raise InvalidGridError(f"hill: half = {half:g}, power = {power:g}; both must be above 0.")
    raised = values**power
    return _between(raised / (half**power + raised), greatest)


def distance_decay(distance_m: Values, *, reach_m: float, greatest: float) -> Values:
    """Let the resistance around a disturbance fade with distance.

    1 + (greatest - 1) exp(-distance / reach).

    Parameters
    ----------
    distance_m
        Distance to the disturbance, m.
    reach_m
        Distance over which the effect falls to 37 %, m.
    greatest
        Resistance at the disturbance itself.
    """
    if (distance_m < 0).any():
        raise InvalidGridError(
            f"distance_m: {np.nanmin(distance_m):g} found; distances are zero or more."
        )
    if not 0 < reach_m < np.inf:
        raise InvalidGridError(f"reach_m: {reach_m:g} found; a distance above 0 is needed.")
    return _between(np.exp(-distance_m / reach_m), greatest)


def _scaled(values: Values, best: float, worst: float) -> Values:
    if not (np.isfinite(best) and np.isfinite(worst)):
        raise InvalidGridError(
            f"best and worst are {best:g} and {worst:g}; give two values of the layer."
        )
    if best == worst:
        raise InvalidGridError(
            f"best and worst are both {best:g}, so the layer says nothing. Give two values."
        )
    return np.asarray(np.clip((values - best) / (worst - best), 0.0, 1.0))


def _between(share: Values, greatest: float) -> Values:
    if not 1 <= greatest < np.inf:
        raise InvalidGridError(
            f"greatest: {greatest:g} found; resistance begins at 1, so it must be at least that, "
            "and finite."
        )
    return 1.0 + (greatest - 1.0) * share
