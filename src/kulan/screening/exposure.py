"""Potential habitat crossed, taken and affected, by species and state.

Only suitable cells count as habitat (values 1 to 3 of a potential-habitat grid); length through
marginal cells (11 to 13) is told beside it. What is habitat is read from cells, so where a line
leaves it is known to one cell: every figure carries the interval that this gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.screening.findings import Exposure, Figure
from kulan.screening.placement import FARTHEST_KM, Placement, count_around
from kulan.screening.recipes import RecipeBook, figure
from kulan.screening.territory import NOWHERE

SUITABLE = (1, 2, 3)
MARGINAL = (11, 12, 13)
NO_DISTANCE = "no_effect_distance"
NO_HABITAT = "no_habitat_in_layer"
TOO_FAR = "farther_than_200_km"
_NINE = 9
_INTERVAL = (
    "one cell: low counts only cells whose eight neighbours are habitat too, "
    "high counts also cells that touch habitat"
)

Bools = NDArray[np.bool_]
_SUITABLE_VALUES = np.isin(np.arange(256), SUITABLE)
_MARGINAL_VALUES = np.isin(np.arange(256), MARGINAL)
Triple = tuple[float, float, float]
"""A value with its low and high end."""


@dataclass(frozen=True)
class HabitatQuestion:
    """One species' habitat around an alternative, and what is known of the species there.

    Attributes
    ----------
    species_id
        The species.
    values
        Its grid's values on the placement's window.
    presence
        Presence by state code.
    areas_km2
        Suitable habitat by state code, of the whole layer.
    distance_m
        Effect distance, or None.
    """

    species_id: str
    values: NDArray[np.uint8]
    presence: Mapping[str, str]
    areas_km2: Mapping[str, float]
    distance_m: float | None

    @property
    def layer_id(self) -> str:
        """Id of its habitat layer."""
        return habitat_layer_id(self.species_id)


@dataclass(frozen=True)
class HabitatExposure:
    """What was measured for one species: rows by state, and the sums over them.

    `is_within_reach` is false only when nothing that may be habitat (suitable, marginal or not
    known, and a cell's width more) is crossed or lies within the effect distance.
    """

    exposures: tuple[Exposure, ...]
    total_crossed: Figure
    total_affected: Figure | None
    total_affected_share: Figure | None
    is_within_reach: bool

    @property
    def is_touched(self) -> bool:
        """Whether habitat is crossed, taken or within the effect distance."""
        return any(
            (figure is not None and (figure.value or 0) > 0)
            for row in self.exposures
            for figure in (row.crossed, row.crossed_marginal, row.occupied, row.affected)
        )


def habitat_layer_id(species_id: str) -> str:
    """Return the id of a species' layer of potential habitat in a release of the Atlas."""
    return f"habitat_{species_id}"


def measure_habitat(
    placement: Placement, question: HabitatQuestion, book: RecipeBook
) -> HabitatExposure:
    """Measure how an alternative meets one species' potential habitat.

    A state has a row when the alternative lies in it and the species is listed there, or when
    habitat in it is crossed, taken or affected. In states where the species is extinct nothing is
    counted.

    Parameters
    ----------
    placement
        The alternative on the window of the species' grid.
    question
        The species and its habitat.
    book
        Where recipes are written.
    """
    measured = _Measured(placement, question)
    recipes = _Recipes(placement, question, book)
    here = [part.iso3 for part in placement.setting.parts]
    listed = [code for code in here if code in question.presence]
    reached = [code for code in measured.codes if measured.is_reached(code)]
    states = sorted(set(listed) | set(reached))
    rows = tuple(_row(code, measured, recipes, code in here) for code in states)
    return HabitatExposure(rows, *_totals(measured, recipes), measured.may_be_within_reach())


def is_suitable(values: NDArray[np.uint8]) -> Bools:
    """Say which cells of a potential-habitat grid are suitable, whatever the presence."""
    return _SUITABLE_VALUES[values]


class _Measured:
    """The plain numbers, by state code: (value, low, high)."""

    def __init__(self, placement: Placement, question: HabitatQuestion) -> None:
        self.placement, self.question = placement, question
        self.suitable = is_suitable(question.values)
        self.codes = (NOWHERE, *placement.territory.codes)
        marginal = _MARGINAL_VALUES[question.values]
        walked = placement.walked
        row, column = walked["row"].to_numpy(), walked["column"].to_numpy()
        km = walked["length_m"].to_numpy() / 1000
        around = count_around(self.suitable, row, column)
        self.crossed: dict[str, Triple] = {}
        self.marginal_km: dict[str, float] = {}
        for code in self.codes:
            here = (walked["iso3"] == code).to_numpy() & (not self.is_extinct(code))
            self.crossed[code] = (
                float(km[here & self.suitable[row, column]].sum()),
                float(km[here & (around == _NINE)].sum()),
                float(km[here & (around > 0)].sum()),
            )
            self.marginal_km[code] = float(km[here & marginal[row, column]].sum())
        self.affected = self._areas(question.distance_m)
        self.occupied = self._areas(self._own_reach_m())

    def is_extinct(self, code: str) -> bool:
        return self.question.presence.get(code) == "extinct"

    def is_reached(self, code: str) -> bool:
        areas = [table[code][0] for table in (self.affected, self.occupied) if table is not None]
        return max(self.crossed[code][0], self.marginal_km[code], *areas, 0.0) > 0

    def may_be_within_reach(self) -> bool:
        """Whether any cell that may be habitat lies in reach, or next to a cell in reach."""
        possible = self.question.values != 0
        walked = self.placement.walked
        cells = [(walked["row"].to_numpy(), walked["column"].to_numpy())]
        reaches = (self.question.distance_m, self._own_reach_m())
        cells += [self.placement.covered(reach)[:2] for reach in reaches if reach is not None]
        return any((count_around(possible, row, column) > 0).any() for row, column in cells)

    def _own_reach_m(self) -> float | None:
        """Half the right of way of a line; 0 for an area; None where nothing was told."""
        if not self.placement.alignment.is_line:
            return 0.0
        width_m = self.placement.alignment.planned.attributes.right_of_way_m
        return width_m / 2 if width_m else None

    def _areas(self, distance_m: float | None) -> dict[str, Triple] | None:
        if distance_m is None:
            return None
        cells = self.placement.covered(distance_m)
        row, column, _ = cells
        around = count_around(self.suitable, row, column)
        by_number = [
            self.placement.area_by_state_km2(cells, counted)
            for counted in (self.suitable[row, column], around == _NINE, around > 0)
        ]
        return {
            code: (0.0, 0.0, 0.0)
            if self.is_extinct(code)
            else (float(by_number[0][n]), float(by_number[1][n]), float(by_number[2][n]))
            for n, code in enumerate(self.codes)
        }


class _Recipes:
    """The recipes of one species' figures."""

    def __init__(self, placement: Placement, question: HabitatQuestion, book: RecipeBook) -> None:
        drawn = (placement.alignment.drawn,)
        layers = (question.layer_id, "states")
        self.crossed = book.write(
            "exposure.measure_habitat", drawn=drawn, layers=layers, figure="crossed",
            habitat_values=SUITABLE, marginal_values=MARGINAL, interval=_INTERVAL,
        )  # fmt: skip
        self.affected = book.write(
            "exposure.measure_habitat", drawn=drawn, layers=layers, figure="affected",
            effect_distance_m=question.distance_m, habitat_values=SUITABLE, interval=_INTERVAL,
            share_of="suitable habitat of the layer in the state; all states for the total",
        )  # fmt: skip
        self.occupied = book.write(
            "exposure.measure_habitat", drawn=drawn, layers=layers, figure="occupied",
            right_of_way_m=placement.alignment.planned.attributes.right_of_way_m,
            habitat_values=SUITABLE, interval=_INTERVAL,
        )  # fmt: skip
        self.nearest = book.write(
            "placement.nearest_km", drawn=drawn, layers=layers,
            habitat_values=SUITABLE, farthest_km=FARTHEST_KM,
        )  # fmt: skip


def _row(code: str, measured: _Measured, recipes: _Recipes, is_here: bool) -> Exposure:
    """Put one state's numbers into a row."""
    question = measured.question
    affected = _affected(measured.affected, code, recipes)
    total_km2 = question.areas_km2.get(code, 0.0)
    return Exposure(
        layer_id=question.layer_id,
        species_id=question.species_id,
        iso3=code,
        presence=question.presence.get(code, "unlisted"),
        crossed=_with_interval(measured.crossed[code], "km", recipes.crossed),
        crossed_marginal=figure(measured.marginal_km[code], "km", recipes.crossed),
        occupied=None
        if measured.occupied is None
        else _with_interval(measured.occupied[code], "km2", recipes.occupied),
        affected=affected,
        affected_share=_share(affected, total_km2, recipes.affected),
        nearest=_nearest(code, measured, recipes) if is_here else None,
    )


def _with_interval(numbers: Triple, unit: str, recipe: str) -> Figure:
    value, low, high = numbers
    return figure(value, unit, recipe, low=low, high=high)


def _affected(areas: dict[str, Triple] | None, code: str, recipes: _Recipes) -> Figure:
    if areas is None:
        return figure(None, "km2", recipes.affected, reason=NO_DISTANCE)
    return _with_interval(areas[code], "km2", recipes.affected)


def _share(affected: Figure, total_km2: float, recipe: str) -> Figure:
    if affected.value is None:
        return figure(None, "fraction", recipe, reason=affected.reason)
    if total_km2 <= 0:
        return figure(None, "fraction", recipe, reason=NO_HABITAT)
    return figure(
        min(affected.value / total_km2, 1.0),
        "fraction",
        recipe,
        low=None if affected.low is None else min(affected.low / total_km2, 1.0),
        high=None if affected.high is None else min(affected.high / total_km2, 1.0),
    )


def _nearest(code: str, measured: _Measured, recipes: _Recipes) -> Figure | None:
    """Distance to the nearest habitat in a state the alternative lies in, where it meets none."""
    occupied = measured.occupied[code][0] if measured.occupied is not None else 0.0
    if measured.crossed[code][0] > 0 or occupied > 0 or measured.is_extinct(code):
        return None
    number = measured.codes.index(code)
    mask = measured.suitable & (measured.placement.state_number == number)
    away_km = measured.placement.nearest_km(mask)
    if away_km is None:
        return figure(None, "km", recipes.nearest, reason=TOO_FAR)
    return figure(away_km, "km", recipes.nearest)


def _totals(measured: _Measured, recipes: _Recipes) -> tuple[Figure, Figure, Figure]:
    crossed = _with_interval(_sum(measured.crossed), "km", recipes.crossed)
    if measured.affected is None:
        affected = figure(None, "km2", recipes.affected, reason=NO_DISTANCE)
    else:
        affected = _with_interval(_sum(measured.affected), "km2", recipes.affected)
    total_km2 = sum(measured.question.areas_km2.values())
    return crossed, affected, _share(affected, total_km2, recipes.affected)


def _sum(table: dict[str, Triple]) -> Triple:
    value, low, high = (float(column) for column in np.sum(list(table.values()), axis=0))
    return value, low, high
