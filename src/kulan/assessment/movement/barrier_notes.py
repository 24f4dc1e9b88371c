"""What a careful reader must know of findings at barriers, in sentences."""

import math

import pandas as pd

from kulan.movement.barriers.crossing_places import LEAST_WEEKS, EffectDistance
from kulan.movement.barriers.crossing_probability import Change
from kulan.movement.barriers.outcomes import NO_FIX, RIM


def unknown_told(met: pd.DataFrame) -> list[str]:
    """Say of how many encounters the outcome is unknown, and why.

    Parameters
    ----------
    met
        Encounters with `why_unknown`, see `kulan.movement.barriers.outcomes.outcomes`.

    Examples
    --------
    >>> unknown_told(pd.DataFrame({"why_unknown": ["", NO_FIX]}))[0][:60]
    'Of 1 encounters the outcome is unknown, for want of fixes be'
    """
    told = []
    lacking, rim = (int((met["why_unknown"] == why).sum()) for why in (NO_FIX, RIM))
    if lacking:
        told.append(
            f"Of {lacking} encounters the outcome is unknown, for want of fixes before or after; "
            "they count neither way."
        )
    if rim:
        told.append(
            f"Of {rim} encounters location errors leave in doubt whether they were one encounter, "
            "for fixes lie at the rim of the zone; they count neither way."
        )
    return told


def weighing_told(row: "pd.Series[float]") -> list[str]:
    """Say of how many encounters nothing is expected.

    Parameters
    ----------
    row
        Of all encounters together, see `kulan.movement.barriers.permeability.permeability_by`.

    Examples
    --------
    >>> weighing_told(pd.Series({"encounters": 3.0, "weighed_encounters": 3.0}))
    []
    """
    if "weighed_encounters" not in row or row["encounters"] == row["weighed_encounters"]:
        return []
    left_out = int(row["encounters"] - row["weighed_encounters"])
    return [
        f"{left_out} of {int(row['encounters'])} encounters of known outcome are not weighed, for "
        "nothing is expected of them: no model of the animal, or no path that came away from the "
        f"line. What is left of crossing rests on {int(row['weighed_encounters'])} encounters of "
        f"{int(row['weighed_animals'])} animals."
    ]


def change_told(changed_s: float | None, change: Change | None) -> list[str]:
    """Say at what moment a change is taken to be, and whether anything can be compared.

    Parameters
    ----------
    changed_s
        The moment, s since 1970-01-01 UTC; None where no change is asked for.
    change
        What was found; None where nothing can be compared.

    Examples
    --------
    >>> change_told(86_400.0, None)[0]
    'The change is taken to be at 1970-01-02 00:00 UTC.'
    """
    if changed_s is None:
        return []
    day = pd.Timestamp(changed_s, unit="s").strftime("%Y-%m-%d %H:%M")
    told = [f"The change is taken to be at {day} UTC."]
    if change is None:
        told.append("No encounter lies on one side of the change: nothing can be compared.")
    return told


def effect_told(effect: EffectDistance | None, reach_m: float) -> list[str]:
    """Say why no distance of an effect on speed is told, where none is.

    Parameters
    ----------
    effect
        What was found.
    reach_m
        How far from barriers was looked, m.

    Examples
    --------
    >>> effect_told(None, 5000.0)
    []
    """
    if effect is None or math.isfinite(effect.distance_m.estimate):
        return []
    if effect.weeks < LEAST_WEEKS:
        return [
            f"How far an effect on speed reaches cannot be told: within {reach_m:g} m of lines "
            f"there are steps of {effect.weeks} weeks of animals, and {LEAST_WEEKS} at least are "
            "needed for its limits."
        ]
    return [
        f"No distance up to {reach_m:g} m was found at which speed changes; that is "
        "no proof that there is none."
    ]
