"""What a careful reader must know of findings at barriers, in sentences."""

import math

import pandas as pd

from kulan.movement.barriers.crossing_places import LEAST_WEEKS, EffectDistance
from kulan.movement.barriers.crossing_probability import Change
from kulan.movement.barriers.outcomes import NO_FIX, RIM
from kulan.notes import Note
from kulan.words import N_

_FEW_ANIMALS = 5
_MUCH_IN_DOUBT = 0.1


def crossing_told(row: "pd.Series[float]") -> list[Note]:
    """Say what follows where no animal crossed, and where there are few animals.

    Parameters
    ----------
    row
        Of all encounters together, see `kulan.movement.barriers.permeability.permeability_by`.

    Examples
    --------
    >>> crossing_told(pd.Series({"crossed": 3.0, "animals": 2.0}))[0][:40]
    '2 animals are few, however often they ca'
    """
    told = []
    animals = int(row["animals"])
    if row["crossed"] == 0:
        text = N_(
            "None of {animals} animals crossed in {encounters} encounters: the probability is not "
            "zero but at most {probability}, and at most {share} of animals ever cross (exact "
            "95 % limits)."
        )
        ends = {"probability": row["probability_high"], "share": row["animals_share_high"]}
        rounded = {name: float(f"{end:.2g}") for name, end in ends.items()}
        told.append(Note(text, animals=animals, encounters=int(row["encounters"]), **rounded))
    if animals < _FEW_ANIMALS:
        text = N_(
            "{count} animals are few, however often they came: limits are wide, and speak for "
            "animals like these."
        )
        told.append(Note(text, count=animals))
    return told


def unknown_told(met: pd.DataFrame) -> list[Note]:
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
        text = N_(
            "Of {count} encounters the outcome is unknown, for want of fixes before or after; "
            "they count neither way."
        )
        told.append(Note(text, count=lacking))
    if rim:
        text = N_(
            "Of {count} encounters location errors leave in doubt whether they were one "
            "encounter, for fixes lie at the rim of the zone; they count neither way."
        )
        told.append(Note(text, count=rim))
    if rim and rim >= _MUCH_IN_DOUBT * (len(met) - lacking):
        text = N_(
            "That is {percent} % of those with fixes before and after. Animals that turned back at "
            "the rim of the zone are among them more often than those that crossed: the crossing "
            "probability may be too high. Ask for a larger distance."
        )
        told.append(Note(text, percent=round(100 * rim / (len(met) - lacking))))
    return told


def weighing_told(row: "pd.Series[float]") -> list[Note]:
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
    text = N_(
        "{count} of {all} encounters of known outcome are not weighed, for nothing is expected of "
        "them: no model of the animal, or no path that came away from the line. What is left of "
        "crossing rests on {weighed} encounters of {animals} animals."
    )
    every, weighed = int(row["encounters"]), int(row["weighed_encounters"])
    rests_on = {"weighed": weighed, "animals": int(row["weighed_animals"])}
    return [Note(text, count=every - weighed, all=every, **rests_on)]


def change_told(changed_s: float | None, change: Change | None) -> list[Note]:
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
    told = [Note(N_("The change is taken to be at {moment} UTC."), moment=day)]
    if change is None:
        text = N_("No encounter lies on one side of the change: nothing can be compared.")
        told.append(Note(text))
    return told


def effect_told(effect: EffectDistance | None, reach_m: float) -> list[Note]:
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
        text = N_(
            "How far an effect on speed reaches cannot be told: within {reach} m of lines there "
            "are steps of {weeks} weeks of animals, and {least} at least are needed for its limits."
        )
        return [Note(text, reach=reach_m, weeks=int(effect.weeks), least=LEAST_WEEKS)]
    text = N_(
        "No distance up to {reach} m was found at which speed changes; that is no proof that "
        "there is none."
    )
    return [Note(text, reach=reach_m)]


def times_told(*, is_local: bool, clock: str) -> list[Note]:
    """Say why there are no seasons, and no day and night, where there are none.

    Parameters
    ----------
    is_local
        Whether places are local metres.
    clock
        "utc" or "elapsed".

    Examples
    --------
    >>> times_told(is_local=False, clock="elapsed")
    ['Times are elapsed seconds: there are no seasons, and no day and night.']
    """
    if clock == "elapsed":
        text = N_("Times are elapsed seconds: there are no seasons, and no day and night.")
        return [Note(text)]
    if is_local:
        return [Note(N_("Places are local metres: there are no seasons, and no day and night."))]
    return []
