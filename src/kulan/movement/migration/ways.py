"""What an animal's year is called, once net displacement and mean shifts have both been heard."""

import math

from kulan.movement.migration.mean_shift import MeanShifts
from kulan.movement.migration.net_displacement import Displacement

WANDERING = "wandering"
_YEAR_S = 365.25 * 86_400.0
_JOURNEYS_A_YEAR = 2  # out and back


def way_of_life(displacement: Displacement, shifts: MeanShifts) -> str:
    """Return the way of life of an animal: that of its net displacement, or "wandering".

    The ways that net displacement tells apart know one journey out and one back. An animal whose
    mean shifts more often than twice in each year begun fits none of them, however much likelier
    one is than the others: it has no seasons to be forced into, and is measured by how it wanders.

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
    years = max(1, math.ceil(shifts.track.span_s / _YEAR_S - 0.05))
    if len(shifts.shifts) > _JOURNEYS_A_YEAR * years:
        return WANDERING
    return displacement.best.way
