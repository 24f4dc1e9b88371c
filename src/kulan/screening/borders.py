"""States the alternative lies in, and stretches near the border of another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from kulan.places import area_km2, densify
from kulan.screening.areas import IS_AREA
from kulan.screening.findings import StateCrossed, TransboundarySegment
from kulan.screening.memberships import memberships_on, range_state_codes
from kulan.screening.nearness import SAMPLE_EDGE_M, length_within_m, nearest_m
from kulan.screening.placement import Setting
from kulan.screening.recipes import RecipeBook, figure
from kulan.screening.territory import NOWHERE, StatePart

BORDER_ACCURACY_M = 2000.0
"""How well borders at 1:10 million are known: a line nearer than this may lie on either side."""

_TOUCHING_DEG = 1e-6


def find_states(setting: Setting, on: date, book: RecipeBook) -> tuple[StateCrossed, ...]:
    """List the states an alternative lies in, longest stretch (or largest part) first.

    Parameters
    ----------
    setting
        The alternative and its parts by state.
    on
        Day whose memberships are asked for.
    book
        Where recipes are written.
    """
    alignment = setting.alignment
    recipe = book.write("territory.split_by_state", drawn=(alignment.drawn,), layers=("states",))
    states = []
    for part in setting.parts:
        if alignment.is_line:
            length, area = figure(part.length_km, "km", recipe), None
        else:
            length = figure(None, "km", recipe, reason=IS_AREA)
            area = figure(float(area_km2(part.shape)[0]), "km2", recipe)
        states.append(
            StateCrossed(
                iso3=part.iso3,
                range_state=part.iso3 in range_state_codes(),
                length=length,
                memberships=memberships_on(part.iso3, on),
                area=area,
            )
        )
    return tuple(sorted(states, key=lambda state: (-_extent(state), state.iso3)))


def _extent(state: StateCrossed) -> float:
    return (state.area.value if state.area else state.length.value) or 0.0


def find_transboundary(
    setting: Setting, on: date, within_km: float, book: RecipeBook
) -> tuple[TransboundarySegment, ...]:
    """Find the stretches of an alternative near another state's land.

    Parameters
    ----------
    setting
        The alternative, its parts by state and the states around it.
    on
        Day whose memberships are asked for.
    within_km
        How near a border counts.
    book
        Where recipes are written.
    """
    alignment = setting.alignment
    recipe = book.write(
        "borders.find_transboundary",
        drawn=(alignment.drawn,),
        layers=("states",),
        within_km=within_km,
        sample_edge_m=SAMPLE_EDGE_M,
        border_accuracy_m=BORDER_ACCURACY_M,
    )
    found = [
        segment
        for part in setting.parts
        if part.iso3 != NOWHERE
        for code, shape in zip(setting.territory.codes, setting.territory.shapes, strict=True)
        if code != part.iso3
        for segment in _near_border(
            setting, part, code, densify(shape), _Asked(on, within_km, recipe)
        )
    ]
    return tuple(sorted(found, key=lambda s: (-(s.length.value or 0), s.iso3, s.neighbour_iso3)))


@dataclass(frozen=True)
class _Asked:
    on: date
    within_km: float
    recipe: str


def _near_border(
    setting: Setting, part: StatePart, neighbour: str, land: BaseGeometry, asked: _Asked
) -> Iterator[TransboundarySegment]:
    """Give the stretch of one part near one neighbour's land, if there is any."""
    pieces = tuple(piece for piece in setting.pieces if piece.iso3 == part.iso3)
    away_km = float(nearest_m(pieces, land).min()) / 1000
    if away_km > asked.within_km:
        return
    if setting.alignment.is_line:
        length, along = (
            figure(length_within_m(pieces, land, reach_m) / 1000, "km", asked.recipe)
            for reach_m in (asked.within_km * 1000, BORDER_ACCURACY_M)
        )
    else:
        length = along = figure(None, "km", asked.recipe, reason=IS_AREA)
    others = {other.iso3: other for other in setting.parts}
    yield TransboundarySegment(
        iso3=part.iso3,
        neighbour_iso3=neighbour,
        within_km=asked.within_km,
        length=length,
        crosses_border=_goes_over(part, others.get(neighbour)),
        neighbour_memberships=memberships_on(neighbour, asked.on),
        distance=figure(away_km, "km", asked.recipe),
        along=along,
    )


def _goes_over(part: StatePart, neighbour: StatePart | None) -> bool:
    """Whether the alternative goes from one part straight into the other."""
    if neighbour is None:
        return False
    apart = shapely.distance(part.shape, neighbour.shape)
    return bool(np.less(apart, _TOUCHING_DEG))
