"""What an animal's year is called, once net displacement and mean shifts have both been heard."""

import math

import numpy as np
from numpy.typing import NDArray

from kulan.movement.migration.mean_shift import MeanShifts
from kulan.movement.migration.net_displacement import Displacement

WANDERING = "wandering"
_MIGRATES = ("migrant", "mixed migrant")
_YEAR_S = 365.25 * 86_400.0
_MOST_OF_A_YEAR = 0.9
_JOURNEYS_A_YEAR = 2  # out and back
_APART = 2.0  # two sides, by the widest of them


def way_of_life(displacement: Displacement, shifts: MeanShifts) -> str:
    """Return the way of life of an animal: that of its net displacement, or "wandering".

    The ways that net displacement tells apart know one journey out and one back. An animal whose
    mean shifts more often than twice in each year begun fits none of them, however much likelier
    one is than the others: it has no seasons to be forced into, and is measured by how it wanders.
    Unless it is a migrant that also stops on its way or moves within a side: see `migrates`.

    Parameters
    ----------
    displacement, shifts
        Of one track.

    Returns
    -------
    str
        "resident", "migrant", "mixed migrant", "disperser", "nomad" or "wandering".

    References
    ----------
    Mueller, T. and Fagan, W. F. (2008). Search and navigation in dynamic environments - from
    individual behaviors to population distributions. Oikos 117:654-664 (migration, nomadism and
    range residency as three things).
    """
    if moves_on_often(shifts) and not migrates(displacement, shifts):
        return WANDERING
    return displacement.best.way


def moves_on_often(shifts: MeanShifts) -> bool:
    """Whether the mean shifts more often than out and back in each year begun.

    Parameters
    ----------
    shifts
        Of one track.
    """
    return len(shifts.shifts) > _JOURNEYS_A_YEAR * _years_begun(shifts)


def migrates(displacement: Displacement, shifts: MeanShifts) -> bool:
    """Whether all ranges lie on two sides, between which the animal goes out and back each year.

    A move between ranges of one side is no migration. The sides must lie twice as far apart as any
    two ranges of one of them, net displacement must tell of a migrant, and the record must cover
    nine tenths of a year: in less, two sides may be all that was seen of more.

    Parameters
    ----------
    displacement, shifts
        Of one track.
    """
    crossed = crossings(shifts.centres_m)
    return (
        displacement.best.way in _MIGRATES
        and shifts.track.span_s >= _MOST_OF_A_YEAR * _YEAR_S
        and _JOURNEYS_A_YEAR <= crossed <= _JOURNEYS_A_YEAR * _years_begun(shifts)
    )


def crossings(centres_m: NDArray[np.float64]) -> int:
    """Return how often an animal changed between two sides; 0 where its ranges lie on no two sides.

    Parameters
    ----------
    centres_m
        Middles of its ranges in the order it was in them, shape (ranges, 2), m.

    Examples
    --------
    >>> crossings(np.array([[0.0, 0], [9, 0], [70, 0], [60, 5], [1, 1]]))
    2
    >>> crossings(np.array([[0.0, 0], [30, 0], [70, 0], [110, 5]]))
    0
    """
    apart = np.hypot(*(centres_m[:, None] - centres_m[None]).transpose(2, 0, 1))
    side = np.arange(len(centres_m))
    # the nearest ranges are joined until two sides are left
    first, second = np.tril_indices(len(side), -1)
    for pair in np.argsort(apart[first, second], kind="stable"):
        if len(np.unique(side)) <= 2:
            break
        side[side == side[second[pair]]] = side[first[pair]]
    same = side[:, None] == side[None]
    if same.all() or apart[~same].min() < _APART * apart[same].max():
        return 0
    return int(np.count_nonzero(np.diff(side)))


def _years_begun(shifts: MeanShifts) -> int:
    return max(1, math.ceil(shifts.track.span_s / _YEAR_S - 0.05))
