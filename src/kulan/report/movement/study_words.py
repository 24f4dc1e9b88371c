"""The words of a study's report: what numbers and pictures are called, and how they are written."""

import math
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from kulan.report.reader import NBSP, Reader
from kulan.words import N_

_HOUR_S, _DAY_S = 3600.0, 86_400.0
_LARGE_M, _LARGE_M2 = 1e4, 1e5
# numbers of coefficients by what they are of
COEFFICIENTS = ("coefficients", "changes", "population_mean", "population_spread")
_CHANGES, _INTERCEPT = "changes", "base"
# what is compared by differences of a few units, whatever its size
_COMPARED = ("aic", "aicc", "bic", "log_likelihood", "log_likelihood_without_selection")
_DAYS_OF_A_YEAR = ("away_day", "back_day")
_COUNTED_REASON = re.compile(r"(\d+) ([^,]+)")
_CHANGE = re.compile(r"(.+): (\d+) -> (\d+)")
_KM2, _KM, _DAY = N_("{value} km²"), N_("{value} km"), N_("day {value}")
# endings of names that are units, the longest first, and the unit in words
_UNITS = (
    ("_km_per_day", N_("{value} km a day")),
    ("_m_per_s", N_("{value} m/s")),
    ("_m2_per_s", N_("{value} m²/s")),
    ("_km2", _KM2),
    ("_m2", N_("{value} m²")),
    ("_km", _KM),
    ("_m", N_("{value} m")),
    ("_h", N_("{value} h")),
    ("_d", N_("{value} d")),
    ("_days", N_("{value} d")),
    ("_deg", N_("{value}°")),
)
_NAMES = {
    "animals": N_("animals"),
    "animals_that_ever_crossed": N_("animals that ever crossed"),
    "behaviours": N_("behaviours"),
    "quick_cross": N_("quick cross"),
    "average_movement": N_("average movement"),
    "bounce": N_("bounce"),
    "back_and_forth": N_("back and forth"),
    "trace": N_("trace"),
    "trapped": N_("trapped"),
    "unknown": N_("unknown"),
    "outcomes": N_("outcomes"),
    "crossed": N_("ended in a crossing"),
    "not_crossed": N_("ended without a crossing"),
    "of": N_("of so many"),
    "share_low": N_("share, lower limit"),
    "share_high": N_("share, upper limit"),
    "at_line": N_("logarithm of speed at the line"),
    "beyond": N_("logarithm of speed beyond"),
    "explained": N_("share of the variance that is explained"),
    "weeks": N_("weeks of animals"),
    "steps": N_("steps"),
    "lower": N_("probability that it fell"),
    "encounters": N_("encounters"),
    "crossing_probability": N_("crossing probability of an encounter"),
    "expected_without_the_line": N_("expected without the line"),
    "crossing_left_of_expected": N_("crossing left of what is expected"),
    "movement_without_the_line": N_("movement without the line"),
    "likeness_of_encounters_of_one_animal": N_("how alike encounters of one animal are"),
    "segments_met": N_("segments met"),
    "crossings_in_most_crossed_tenth": N_("crossings on the most crossed tenth of stretches"),
    "by_chance": N_("by chance"),
    "stretches": N_("stretches"),
    "share": N_("share"),
    "effect_on_speed": N_("effect on speed"),
    "distance": N_("distance"),
    "change": N_("change"),
    "difference": N_("difference"),
    "ratio": N_("ratio"),
    "fixes": N_("fixes"),
    "fixes_used": N_("fixes used"),
    "set_aside": N_("set aside"),
    "model": N_("model"),
    "range_resident": N_("range-resident"),
    "effective_sample_size": N_("effective sample size"),
    "land": N_("land available"),
    "population_animals": N_("animals of the population's mean"),
    "population_mean": N_("mean of the population"),
    "population_spread": N_("spread between animals"),
    "boyce_index": N_("Boyce's index, mean of the stretches held back"),
    "boyce_index_least": N_("Boyce's index, the least"),
    "tau_position": N_("time scale of position"),
    "tau_velocity": N_("time scale of speed"),
    "speed": N_("speed"),
    "diffusion": N_("diffusion"),
    "area": N_("area"),
    "area_95": N_("area that holds 95 %"),
    "span": N_("time followed"),
    "word": N_("in a word"),
    "overlap": N_("overlap"),
    "log_likelihood": N_("log-likelihood"),
    "aicc": N_("AICc"),
    "way": N_("way of life"),
    "way_by_net_displacement": N_("way by net displacement"),
    "spread_in_a_range": N_("spread within a range"),
    "observations": N_("steps seen"),
    "stationary": N_("share of each state in the long run"),
    "changes": N_("changes between states"),
    "residual_autocorrelation": N_("likeness of residuals that follow each other"),
    "coefficients": N_("coefficients"),
    "errors_by_animal": N_("errors allow for animals"),
    "log_likelihood_without_selection": N_("log-likelihood without selection"),
    "aic": N_("AIC"),
    "bic": N_("BIC"),
    "movement_tentative": N_("random steps"),
    "movement_without_selection": N_("steps where all land is alike"),
    "shape": N_("shape"),
    "scale": N_("scale"),
    "concentration": N_("concentration of turns"),
    "length": N_("length"),
    "log_length": N_("logarithm of the length"),
    "cos_turn": N_("cosine of the turn"),
    "crosses": N_("crossing a barrier"),
    "calibration_share_inside": N_("classes as foretold"),
    "animals_tracked": N_("animals tracked"),
    "animals_in_corridor": N_("animals in the corridor"),
    "journeys": N_("journeys"),
    "low_use": N_("low use"),
    "medium_use": N_("medium use"),
    "high_use": N_("high use"),
    "stopovers": N_("stopovers"),
    "share_held": N_("share of a stranger's use that is held"),
    "use_inside_frame": N_("use inside the map"),
    "distance_per_day": N_("distance of a day"),
    "animals_with_a_distance_per_day": N_("animals with such a distance"),
    "distance_per_day_at_twice_the_interval": N_("distance of a day by every second fix"),
    "distance_left_at_twice_the_interval": N_("distance left by every second fix"),
    "farthest_from_first": N_("farthest from the first fix"),
    "passage_peak": N_("radius at which it lingers"),
    "animals_with_a_peak": N_("animals with such a radius"),
    "usual_interval": N_("usual interval"),
    "stays": N_("stays"),
    "share_in_stays": N_("share of time in stays"),
    "bursts": N_("bursts"),
    "walked": N_("walked in all"),
    "regular_fixes": N_("fixes at even times"),
    "regular_fixes_interpolated": N_("of them interpolated"),
    "fixes_that_failed": N_("fixes that failed"),
    "mean_speed": N_("mean speed"),
    "sigma": N_("variance of positions in each direction"),
    "location_error": N_("location error"),
    "crs": N_("coordinate system"),
    "clock": N_("clock"),
    "together": N_("animals together"),
    "animals_together": N_("animals whose ranges were joined"),
    "population_area": N_("area of the population"),
    "mean_area_95_of_animals": N_("mean area of an animal that holds 95 %"),
    "variation_of_areas": N_("coefficient of variation of areas"),
    "distribution": N_("kind of distribution"),
    "bandwidth": N_("bandwidth"),
    "bandwidth_found": N_("bandwidth was found"),
    "covariate_scales": N_("covariates as they were scaled"),
    "mean": N_("mean"),
    "sd": N_("standard deviation"),
    "migration": N_("migration"),
    "first": N_("middle of the first range, east and north"),
    "second": N_("middle of the second range, east and north"),
    "away_day": N_("half the way out is done on"),
    "back_day": N_("half the way back is done on"),
    "takes": N_("a journey takes"),
    "period": N_("period"),
    "path_speed": N_("speed along the path"),
    "path": N_("path of a day"),
    "path_speed_word": N_("speed along the path, in a word"),
    "gap": N_("gap that parts bursts"),
    "rows": N_("rows"),
    "rows_given": N_("rows that were given"),
    "rows_of_the_answer": N_("rows of the answer"),
    "left_out": N_("left out"),
    "no_position": N_("no position"),
    "no_time": N_("no time"),
    "out_of_range": N_("no place on Earth"),
    "null_island": N_("exactly 0, 0"),
    "duplicate": N_("copies"),
    "same_time": N_("another place at the same time"),
    "spike": N_("spike out and back"),
    "two_dimensional": N_("position from three satellites"),
    "low_quality": N_("low quality of the position"),
    "outside_deployment": N_("outside the deployment"),
    "stationary_tail": N_("collar that lies still at the end"),
    "stationary_head": N_("collar that lies still at the beginning"),
    "source": N_("marked in the source"),
    "by_hand": N_("set aside by hand"),
}
# what a name is called among reasons to set fixes aside, where it is called otherwise elsewhere
_REASONS = {"speed": N_("impossible speed")}
_VALUES = {
    "resident": N_("resident"),
    "nomad": N_("nomad"),
    "disperser": N_("disperser"),
    "migrant": N_("migrant"),
    "mixed migrant": N_("mixed migrant"),
    "wandering": N_("wandering"),
    "local metres": N_("local metres"),
    "utc": N_("dates and times, UTC"),
    "elapsed": N_("seconds that went by, without a date"),
    "occurrence": N_("where the animal was while it was followed"),
    "range": N_("range of an animal"),
}
_ANISOTROPIC = " anisotropic"
_PICTURES = {
    "encounters": N_("What animals did at barriers"),
    "permeability": N_("How often an encounter ends in a crossing"),
    "variograms": N_("Variograms with the models"),
    "ranges": N_("Ranges with their limits"),
    "cleaning": N_("What was set aside"),
    "corridors": N_("Corridors and stopovers"),
    "migration": N_("Migration"),
    "selection": N_("What animals choose"),
    "states": N_("What animals were doing"),
    "paths": N_("At which scale animals linger"),
    "tracks": N_("Tracks"),
}


def label_of(name: str, reader: Reader) -> str:
    """Return what a number is called; a name without words of its own is shown as it is written.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> reader = Reader(words_in("en"))
    >>> label_of("tau_position_s", reader), label_of("some_new_thing", reader)
    ('time scale of position', 'some new thing')
    """
    bare = name
    if name not in _NAMES:
        endings = (*(ending for ending, _ in _UNITS), "_s")
        ending = next((one for one in endings if name.endswith(one)), "")
        bare = name.removesuffix(ending) or name
    return reader.say(_NAMES[bare]) if bare in _NAMES else bare.replace("_", " ")


def picture_title(name: str, reader: Reader) -> str:
    """Return what a picture is called, by the name of its file."""
    stem = name.rsplit(".", 1)[0]
    return reader.say(_PICTURES[stem]) if stem in _PICTURES else stem.replace("_", " ")


def told_number(name: str, value: Any, reader: Reader) -> str | None:
    """Write a value with the unit its name ends in; "cannot be said" for none.

    Parameters
    ----------
    name
        Of the number.
    value
        A number, a text, true or false, or None.
    reader
        For whom.

    Returns
    -------
    str or None
        None for what is no single value.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> reader = Reader(words_in("en"))
    >>> told_number("span_s", 172800.0, reader).replace(NBSP, " ")
    '2 d'
    >>> told_number("area_km2", 61918.2, reader).replace(NBSP, " ")
    '61,900 km²'
    """
    if isinstance(value, bool):
        return reader.say("yes") if value else reader.say("no")
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return reader.say("cannot be said")
    if isinstance(value, int | float):
        return _with_unit(name, value, reader).replace(" ", NBSP)
    if not isinstance(value, str):
        return None
    return told_reasons(value, reader) if name == "set_aside" else told_word(value, reader)


def told_word(word: str, reader: Reader) -> str:
    """Write a value that is a word of ours in the reader's language; others as they are.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> told_word("wandering", Reader(words_in("ru")))
    'кочует'
    >>> told_word("EPSG:4326", Reader(words_in("ru")))
    'EPSG:4326'
    """
    if word in _VALUES:
        return reader.say(_VALUES[word])
    if word.endswith(_ANISOTROPIC):
        return reader.say("{model} anisotropic", model=word.removesuffix(_ANISOTROPIC))
    return word


def told_reasons(counted: str, reader: Reader) -> str:
    """Write how many fixes are set aside for which reason, from "5 no position, 2 duplicate".

    Examples
    --------
    >>> from kulan.words import words_in
    >>> told_reasons("5 no position, 2 speed", Reader(words_in("en")))
    'no position: 5; impossible speed: 2'
    """
    found = _COUNTED_REASON.findall(counted)
    told = (
        reader.pair(reason_of(reason.replace(" ", "_"), reader), reader.words.number(int(count)))
        for count, reason in found
    )
    return reader.joined(told) or reader.say("nothing")


def reason_of(name: str, reader: Reader) -> str:
    """Return what a reason to set fixes aside is called."""
    return reader.say(_REASONS[name]) if name in _REASONS else label_of(name, reader)


def label_of_path(path: tuple[str, ...], reader: Reader) -> str:
    """Return what a number is called within what it belongs to.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> reader = Reader(words_in("en"))
    >>> label_of_path(("coefficients", "length_m"), reader)
    'coefficients: length, for each metre'
    >>> label_of_path(("changes", "snow: 1 -> 2"), reader)
    'changes between states: snow, state 1 to 2 (log-odds, for one standard deviation)'
    """
    told = [label_of(path[0], reader)]
    for above, name in pairwise(path):
        if path[0] in COEFFICIENTS:
            told.append(_label_of_coefficient(name, reader))
        elif above == "set_aside":
            told.append(reason_of(name, reader))
        else:
            told.append(_label_of_part(name, reader))
    return reader.colon.join(told)


def _label_of_part(name: str, reader: Reader) -> str:
    try:
        share = float(name)
    except ValueError:
        return label_of(name, reader)
    return reader.words.percent(share, 0) if 0 < share < 1 else name


def _label_of_coefficient(name: str, reader: Reader) -> str:
    if change := _CHANGE.fullmatch(name):
        covariate, start, end = change.groups()
        return reader.say(
            "{covariate}, state {start} to {end} (log-odds, for one standard deviation)",
            covariate=label_of(covariate, reader),
            start=start,
            end=end,
        )
    if ":" in name:
        return " × ".join(_label_of_coefficient(one, reader) for one in name.split(":"))
    if name.startswith("start_"):
        of = label_of(name.removeprefix("start_"), reader)
        return reader.say("{covariate} at the start of the step", covariate=of)
    if name == "length_m":
        return reader.say("length, for each metre")
    return label_of(name, reader)


def is_told_as_chance(path: tuple[str, ...]) -> bool:
    """Return whether a number is one of which the chances in a table of states tell the same."""
    return path[0] == _CHANGES and path[-1].startswith(f"{_INTERCEPT}: ")


def told_limits(name: str, interval: Mapping[str, Any], reader: Reader) -> str:
    """Write the limits of a number; one that is missing is said to be, and two only once.

    Parameters
    ----------
    name
        Of the number.
    interval
        Holds "low", "estimate", "high", and "level" where it is not 0.95.
    reader
        For whom.

    Returns
    -------
    str
        Empty where there is no estimate.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> reader = Reader(words_in("en"))
    >>> told_limits("share", {"low": 0.2, "estimate": 0.3, "high": 0.4}, reader)
    '0.2 to 0.4 (95%)'
    >>> told_limits("share", {"low": None, "estimate": 0.3, "high": None}, reader)
    'limits cannot be told'
    """
    if not _is_known(interval["estimate"]):
        return ""
    low, high = (
        told_number(name, interval[end], reader) if _is_known(interval[end]) else ""
        for end in ("low", "high")
    )
    return limits_told(low or "", high or "", float(interval.get("level") or 0.95), reader)


def limits_told(low: str, high: str, level: float, reader: Reader) -> str:
    """Write two limits as one text; an empty one cannot be told.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> limits_told("2 km", "", 0.95, Reader(words_in("en"))).replace(NBSP, " ")
    'from 2 km; the upper limit cannot be told (95%)'
    """
    share = reader.words.percent(level, 0)
    if low and high:
        return reader.say("{low} to {high} ({level})", low=low, high=high, level=share)
    if low:
        return reader.say(
            "from {low}; the upper limit cannot be told ({level})", low=low, level=share
        )
    if high:
        return reader.say(
            "up to {high}; the lower limit cannot be told ({level})", high=high, level=share
        )
    return reader.say("limits cannot be told")


def _is_known(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))


def _with_unit(name: str, value: float, reader: Reader) -> str:
    if name in _COMPARED:
        return _signed(value, reader.words.number(abs(value), 1))
    if name.endswith("_s") and not name.endswith("_per_s"):
        return _duration(value, reader)
    unit, factor = _unit_of(name, value)
    if unit:
        return reader.say(unit, value=_written(value * factor, reader))
    # a count is told to the last one
    if isinstance(value, int):
        return _signed(value, reader.words.number(abs(value)))
    return _written(value, reader)


def _unit_of(name: str, value: float) -> tuple[str, float]:
    """Return the unit a value is told in, empty for none, and by what to multiply the value."""
    if name in _DAYS_OF_A_YEAR:
        return _DAY, 1.0
    if name.endswith("_m2") and abs(value) >= _LARGE_M2:
        return _KM2, 1e-6
    if name.endswith("_m") and abs(value) >= _LARGE_M:
        return _KM, 1e-3
    return next((unit for ending, unit in _UNITS if name.endswith(ending)), ""), 1.0


def _duration(seconds: float, reader: Reader) -> str:
    for unit_s, unit in ((_DAY_S, N_("{value} d")), (_HOUR_S, N_("{value} h"))):
        if abs(seconds) >= unit_s:
            return reader.say(unit, value=_written(seconds / unit_s, reader))
    return reader.say("{value} s", value=_written(seconds, reader))


def _written(value: float, reader: Reader) -> str:
    return _signed(value, reader.words.significant(abs(value)))


def _signed(value: float, written: str) -> str:
    return ("−" if value < 0 else "") + written


def told_values(name: str, values: list[Any], reader: Reader) -> str | None:
    """Join a few plain values, each with its unit; None for many, or for what is not plain.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> told_values("second_m", [0.0, 60000.0], Reader(words_in("en"))).replace(NBSP, " ")
    '0 m; 60 km'
    """
    if not 0 < len(values) <= 6 or any(isinstance(one, dict | list) for one in values):
        return None
    return reader.joined(told_number(name, one, reader) or "–" for one in values)
