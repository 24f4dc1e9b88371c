"""Population estimates, and whether two of them may be set against each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from kulan.errors import InvalidTableError
from kulan.programme.count_methods import (
    COUNT_METHODS,
    INTERVAL_NAMES,
    QUANTITY_NAMES,
    SEASON_NAMES,
)
from kulan.programme.dates import first_day
from kulan.programme.loading import load
from kulan.programme.population_tables import POPULATIONS
from kulan.programme.species import check_species
from kulan.words import N_, Words

AREA_TOLERANCE = 0.1
"""Share by which two areas may differ and still count as the same ground."""

_SAMPLING_INTERVALS = ("confidence_95", "credible_95")


@dataclass(frozen=True)
class PopulationEstimate:
    """One published figure for a species in a state, or in a part of it.

    Attributes are the columns of `kulan.programme.tables.POPULATIONS`; a figure that is not known
    is None, a text that is not known is empty.
    """

    species_id: str
    iso3: str
    quantity: str
    method: str
    survey_from: str
    survey_to: str
    reference: str
    data_source: str
    quality: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    interval_kind: str = "none"
    population: str = ""
    season: str = "unknown"
    area_covered_km2: float | None = None
    doi: str = ""
    notes: str = ""

    def __post_init__(self) -> None:
        """Refuse figures that contradict themselves.

        Raises
        ------
        InvalidTableError
            If there is no figure at all, one is negative or not a number, the interval does not
            hold the estimate, or the survey ends before it began.
        """
        if problem := _problem(self):
            raise InvalidTableError(
                f"Population estimate of {self.species_id} in {self.iso3}, {self.survey_to}: "
                f"{problem}"
            )

    @property
    def has_sampling_interval(self) -> bool:
        """Whether both ends of an interval that tells sampling error are known."""
        return (
            self.interval_kind in _SAMPLING_INTERVALS
            and self.low is not None
            and self.high is not None
        )


@dataclass(frozen=True)
class Reason:
    """Why two estimates cannot be compared directly.

    Attributes
    ----------
    code
        Short name of the reason.
    sentence
        Whole English sentence with named places; the catalogue of translations has it.
    parts
        What fills the places: words that are translated themselves.
    """

    code: str
    sentence: str
    parts: tuple[tuple[str, str], ...] = ()

    def told(self, words: Words) -> str:
        """Return the reason in a language.

        Examples
        --------
        >>> from kulan.words import words_in
        >>> Reason("method", "Made by {one} and by {other}.", (("one", "A"), ("other", "B"))).told(
        ...     words_in("en")
        ... )
        'Made by A and by B.'
        """
        return words.say(self.sentence, **{name: words.say(text) for name, text in self.parts})


def populations() -> pd.DataFrame:
    """Return the published estimates Kulan knows, one row each. See `tables.POPULATIONS`."""
    return load(POPULATIONS)


def estimates_of(species_id: str) -> tuple[PopulationEstimate, ...]:
    """Return the estimates of a species by state, population and date.

    Raises
    ------
    UnknownNameError
        If there is no such species.

    Examples
    --------
    >>> [one.estimate for one in estimates_of("gobi_bear") if one.survey_to == "2017"]
    [31.0]
    """
    check_species(species_id)
    table = populations()
    rows = table[table["species_id"] == species_id].to_dict("records")
    return in_order([_from_row({str(name): cell for name, cell in row.items()}) for row in rows])


def in_order(estimates: Sequence[PopulationEstimate]) -> tuple[PopulationEstimate, ...]:
    """Return estimates by state, then population, then date."""
    return tuple(
        sorted(
            estimates,
            key=lambda one: (
                one.iso3,
                one.population,
                first_day(one.survey_to),
                one.quantity,
                one.season,
                one.reference,
            ),
        )
    )


def comparable(a: PopulationEstimate, b: PopulationEstimate) -> tuple[Reason, ...]:
    """Return why two estimates cannot be compared directly; nothing when they can.

    The order of the two does not matter. An empty answer means that nothing recorded speaks
    against a comparison, not that the populations differ: that is for the intervals to tell. Two
    figures of one publication are taken to cover the same ground where it names no area.

    Parameters
    ----------
    a, b
        The estimates.

    Examples
    --------
    >>> first, *_, last = [
    ...     one for one in estimates_of("gobi_bear") if one.doi == "10.1002/ecs2.3696"
    ... ]
    >>> comparable(first, last)
    ()
    """
    found = [_what(a, b), *_how(a, b), *_where_and_when(a, b), *_certainty(a, b)]
    return tuple(reason for reason in found if reason is not None)


def _what(a: PopulationEstimate, b: PopulationEstimate) -> Reason | None:
    if (a.species_id, a.iso3, a.population) == (b.species_id, b.iso3, b.population):
        return None
    return Reason(
        "population", N_("They speak of different species, states or parts of a population.")
    )


def _how(a: PopulationEstimate, b: PopulationEstimate) -> list[Reason | None]:
    found: list[Reason | None] = []
    if a.quantity != b.quantity:
        found.append(
            Reason(
                "quantity",
                N_("They count different things: {one}; {other}."),
                _pair(QUANTITY_NAMES, a.quantity, b.quantity),
            )
        )
    methods = (COUNT_METHODS[a.method], COUNT_METHODS[b.method])
    if a.method != b.method:
        names = {code: method.name for code, method in COUNT_METHODS.items()}
        found.append(
            Reason(
                "method",
                N_("They were made by different methods: {one}; {other}."),
                _pair(names, a.method, b.method),
            )
        )
    if not all(method.is_survey for method in methods):
        found.append(
            Reason(
                "judgement",
                N_("At least one rests on judgement or on a method that is not told."),
            )
        )
    elif not all(method.allows_for_missed for method in methods):
        found.append(
            Reason(
                "undercount",
                N_(
                    "At least one counts only animals seen: it is an undercount, and the share "
                    "missed may differ."
                ),
            )
        )
    return found


def _where_and_when(a: PopulationEstimate, b: PopulationEstimate) -> list[Reason | None]:
    found: list[Reason | None] = []
    same_work = a.reference == b.reference
    if a.season != b.season:
        found.append(
            Reason(
                "season",
                N_("They were made in different seasons: {one}; {other}."),
                _pair(SEASON_NAMES, a.season, b.season),
            )
        )
    elif a.season == "unknown" and not same_work:
        found.append(Reason("season_unknown", N_("The seasons of the surveys are not known.")))
    if a.area_covered_km2 is None or b.area_covered_km2 is None:
        if not same_work or (a.area_covered_km2, b.area_covered_km2) != (None, None):
            found.append(
                Reason("area_unknown", N_("The area covered is not known for at least one."))
            )
    elif _apart(a.area_covered_km2, b.area_covered_km2) > AREA_TOLERANCE:
        found.append(
            Reason("area", N_("The areas covered differ by more than a tenth of the larger."))
        )
    return found


def _certainty(a: PopulationEstimate, b: PopulationEstimate) -> list[Reason | None]:
    found: list[Reason | None] = []
    if not (a.has_sampling_interval and b.has_sampling_interval):
        found.append(
            Reason(
                "interval",
                N_(
                    "At least one has no interval that tells its sampling error: a difference may "
                    "be chance."
                ),
            )
        )
    if "unverified" in (a.quality, b.quality):
        found.append(Reason("unverified", N_("At least one was not checked in its source.")))
    return found


def _pair(names: dict[str, str], a: str, b: str) -> tuple[tuple[str, str], ...]:
    first, second = sorted((a, b))
    return (("one", names[first]), ("other", names[second]))


def _apart(a: float, b: float) -> float:
    larger = max(a, b)
    return abs(a - b) / larger if larger > 0 else 0.0


def _problem(one: PopulationEstimate) -> str:
    figures = [value for value in (one.low, one.estimate, one.high) if value is not None]
    if not figures:
        return "no figure is given; give an estimate, or an end of a range."
    if any(not math.isfinite(value) or value < 0 for value in figures):
        return "figures must be numbers from 0 up."
    if figures != sorted(figures):
        return "low, estimate and high must stand in that order."
    if first_day(one.survey_from) > first_day(one.survey_to) and not one.survey_from.startswith(
        one.survey_to
    ):
        return f"the survey ends ({one.survey_to}) before it began ({one.survey_from})."
    unknown = [
        f"{name} {code!r}"
        for name, code, known in (
            ("quantity", one.quantity, QUANTITY_NAMES),
            ("method", one.method, COUNT_METHODS),
            ("season", one.season, SEASON_NAMES),
            ("interval_kind", one.interval_kind, INTERVAL_NAMES),
        )
        if code not in known
    ]
    return f"not on the list: {', '.join(unknown)}." if unknown else ""


def _from_row(row: dict[str, Any]) -> PopulationEstimate:
    told: dict[str, Any] = {}
    for field in fields(PopulationEstimate):
        cell = row[field.name]
        empty = cell is None or (isinstance(cell, float) and math.isnan(cell))
        told[field.name] = ("" if "str" in str(field.type) else None) if empty else cell
    return PopulationEstimate(**told)
