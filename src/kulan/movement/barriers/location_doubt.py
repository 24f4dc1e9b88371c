"""Encounters that location errors leave in doubt: at the rim of the zone an animal is in it or not.

A fix whose distance from the line differs from that of the rim by less than two of its standard
errors may lie on either side of it. An encounter of which no fix is surely in the zone may be none;
and where only such fixes lie between two that surely are, there may have been one encounter or two.
Counted, the first are encounters that never were and end in no crossing, and of the second an
animal that went over and came back looks as if it never had: shares that are high come out too low.
So their outcome is unknown. An animal that turns back at the rim is left out more often than one
that goes over, through the middle of the zone: where many turn there, shares lean upwards.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.movement.barriers.behaviour import BehaviourSettings
from kulan.movement.barriers.segments import BarrierSegments
from kulan.movement.tracks import Track

SURE_ERRORS = 2.0


def in_doubt(
    track: Track, segments: BarrierSegments, found: pd.DataFrame, settings: BehaviourSettings
) -> NDArray[np.bool_]:
    """Tell the encounters that may be none, or more or fewer than they look.

    Parameters
    ----------
    track
        An animal's fixes; where it has no location errors nothing is in doubt.
    segments
        Barriers in the plane of the track.
    found
        Its encounters, see `kulan.movement.barriers.behaviour.encounters`.
    settings
        What they were found with.

    Returns
    -------
    ndarray
        One for each encounter.

    Examples
    --------
    A fix at 95 m of a zone of 100 m, give or take 10 m along each axis, may lie beyond it:

    >>> import shapely
    >>> from kulan.movement.barriers.behaviour import encounters
    >>> from kulan.movement.barriers.segments import segments_of
    >>> rail = segments_of(["rail"], [shapely.LineString([(0, -9e3), (0, 9e3)])])
    >>> x_m = np.array([-3000.0, -50, -3000, -3000, -95, -3000])
    >>> error_m2 = np.tile(np.eye(2) * 10.0**2, (6, 1, 1))
    >>> track = Track("k1", np.arange(6) * 7200.0, x_m, np.zeros(6), error_m2=error_m2)
    >>> asked = BehaviourSettings(distance_m=100)
    >>> in_doubt(track, rail, encounters(track, rail, asked), asked).tolist()
    [False, True]
    """
    doubt = np.zeros(len(found), dtype=bool)
    if track.error_m2 is None or found.empty:
        return doubt
    reach_m = SURE_ERRORS * np.sqrt(np.trace(track.error_m2, axis1=1, axis2=2) / 2)
    reach_m = np.where(np.isfinite(reach_m), reach_m, 0.0)
    zone_m = settings.distance_m
    distance_m, _ = segments.nearest(track.x_m, track.y_m, zone_m + float(reach_m.max()))
    sure = distance_m <= zone_m - reach_m
    away = ~(distance_m <= zone_m + reach_m)
    first, last = found["first_fix"].to_numpy(np.int64), found["last_fix"].to_numpy(np.int64)
    counted = np.concatenate([[0], np.cumsum(sure)])
    doubt |= counted[last + 1] == counted[first]
    # which encounter each fix that is surely in the zone belongs to; runs do not overlap
    at = np.flatnonzero(sure)
    whose = np.searchsorted(first, at, side="right") - 1
    seen_away = np.concatenate([[0], np.cumsum(away)])
    joined = np.diff(at) == 1
    apart = seen_away[at[1:]] > seen_away[at[:-1]]
    unsure = ~joined & ~apart
    if settings.tolerance_h > 0:
        # within an encounter an animal may have been away
        unsure &= whose[1:] != whose[:-1]
    doubt[whose[:-1][unsure]] = True
    doubt[whose[1:][unsure]] = True
    return doubt
