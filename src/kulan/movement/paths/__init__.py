"""Paths: steps between fixes, what they add up to, and when and where an animal lingers."""

from kulan.movement.paths.bursts import (
    RegularTrack,
    bursts,
    part_of,
    regularise,
    resample,
    split,
)
from kulan.movement.paths.daily import daily_distance
from kulan.movement.paths.recursion import Recursion, first_passage_s, recursion
from kulan.movement.paths.scales import Passages, Walked, passages, walked_by_interval
from kulan.movement.paths.stays import Stays, stays
from kulan.movement.paths.steps import Steps, net_squared_displacement_m2, steps, steps_of
from kulan.movement.paths.sun import day_or_night, season_of, sun_elevation_deg

__all__ = [
    "Passages",
    "Recursion",
    "RegularTrack",
    "Stays",
    "Steps",
    "Walked",
    "bursts",
    "daily_distance",
    "day_or_night",
    "first_passage_s",
    "net_squared_displacement_m2",
    "part_of",
    "passages",
    "recursion",
    "regularise",
    "resample",
    "season_of",
    "split",
    "stays",
    "steps",
    "steps_of",
    "sun_elevation_deg",
    "walked_by_interval",
]
