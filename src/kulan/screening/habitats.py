"""Potential-habitat grids of a baseline, and how an alternative severs them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd
from shapely.geometry.base import BaseGeometry

from kulan.grids import Grid, read_grid
from kulan.screening.exposure import SUITABLE, habitat_layer_id, is_suitable
from kulan.screening.findings import Figure, Severance
from kulan.screening.placement import Placement, Setting, grid_key, place
from kulan.screening.recipes import RecipeBook, figure
from kulan.screening.severance import Cut, block_steps, make_cut, sever


@dataclass
class Habitats:
    """The habitat grids, and what is worked out once for all species on the same grid.

    Attributes
    ----------
    paths
        Raster by species.
    areas
        Habitat areas of the baseline.
    """

    paths: Mapping[str, Path]
    areas: pd.DataFrame
    _grids: dict[str, Grid] = field(default_factory=dict, repr=False)

    def grid(self, species_id: str) -> Grid:
        """Return a species' whole grid."""
        if species_id not in self._grids:
            self._grids[species_id] = read_grid(self.paths[species_id])
        return self._grids[species_id]

    def suitable_areas_km2(self, species_id: str) -> dict[str, float]:
        """Return the suitable habitat of a species by state, km²."""
        return self._suitable.get(species_id, {})

    def may_be_near(self, species_id: str, states: Collection[str]) -> bool:
        """Whether any of some states holds habitat of a species, suitable or marginal."""
        return bool(set(states) & self._states_with_habitat.get(species_id, frozenset()))

    @cached_property
    def _states_with_habitat(self) -> dict[str, frozenset[str]]:
        filled = self.areas[self.areas["area_km2"] > 0]
        by_species = filled.groupby("species_id")["iso3"].agg(frozenset)
        return {str(name): codes for name, codes in by_species.items()}

    @cached_property
    def _suitable(self) -> dict[str, dict[str, float]]:
        rows = self.areas[self.areas["suitability"] == "suitable"]
        sums = rows.groupby(["species_id", "iso3"])["area_km2"].sum().reset_index()
        table: dict[str, dict[str, float]] = {}
        for row in sums.itertuples(index=False):
            table.setdefault(str(row.species_id), {})[str(row.iso3)] = float(str(row.area_km2))
        return table


@dataclass
class OnGrids:
    """An alternative on every grid it is asked on, and as the cut it makes there.

    Attributes
    ----------
    setting
        The alternative and the states around it.
    barriers
        Lines that cut habitat already.
    """

    setting: Setting
    barriers: list[BaseGeometry]
    _placements: dict[tuple[object, ...], Placement] = field(default_factory=dict, repr=False)
    _cuts: dict[tuple[object, ...], Cut] = field(default_factory=dict, repr=False)

    def placement(self, grid: Grid) -> Placement:
        """Return the alternative on the part of a grid around it."""
        key = grid_key(grid)
        if key not in self._placements:
            self._placements[key] = place(self.setting, grid)
        return self._placements[key]

    def cut(self, grid: Grid) -> Cut:
        """Return the cut on a whole grid."""
        key = grid_key(grid)
        if key not in self._cuts:
            existing = block_steps(self.barriers, grid)
            self._cuts[key] = make_cut(self.setting.alignment, existing, grid)
        return self._cuts[key]


def find_severance(
    on_grids: OnGrids, species_id: str, grid: Grid, distance_m: float | None, book: RecipeBook
) -> tuple[Severance, ...]:
    """Say what the alternative leaves of the connected habitat it touches; none if it touches none.

    Parameters
    ----------
    on_grids
        The alternative.
    species_id
        Whose habitat it is.
    grid
        The whole grid.
    distance_m
        Effect distance for the two hands, metres, or None.
    book
        Where recipes are written.
    """
    pieces = sever(is_suitable(grid.values), on_grids.cut(grid), grid)
    if pieces is None:
        return ()
    alignment = on_grids.setting.alignment
    layer_id = habitat_layer_id(species_id)
    recipe = book.write(
        "severance.sever",
        drawn=(alignment.drawn,),
        layers=(layer_id, "barriers"),
        habitat_values=SUITABLE,
        neighbours=4,
        permeability="none: the alternative is taken as a full barrier, the worst case",
        existing_that_cut="standing fences, canals, and barriers fenced at least in part",
    )
    left, right = _hands(on_grids.placement(grid), grid, distance_m, layer_id, book)
    return (
        Severance(
            layer_id=layer_id,
            species_id=species_id,
            habitat=figure(pieces.habitat_km2, "km2", recipe),
            larger=figure(pieces.larger_km2, "km2", recipe),
            smaller=figure(pieces.smaller_km2, "km2", recipe),
            larger_with_existing=figure(pieces.larger_with_existing_km2, "km2", recipe),
            smaller_with_existing=figure(pieces.smaller_with_existing_km2, "km2", recipe),
            left=left,
            right=right,
        ),
    )


def _hands(
    placement: Placement, grid: Grid, distance_m: float | None, layer_id: str, book: RecipeBook
) -> tuple[Figure | None, Figure | None]:
    """Habitat on the left and on the right within the effect distance."""
    if distance_m is None:
        return None, None
    on_left = placement.covered_left(distance_m)
    if on_left is None:
        return None, None
    recipe = book.write(
        "hands.left_side",
        drawn=(placement.alignment.drawn,),
        layers=(layer_id,),
        effect_distance_m=distance_m,
        ends="the line is prolonged straight through the ends of the buffer",
    )
    suitable = is_suitable(grid.window(placement.territory.window).values)
    left_km2, both_km2 = (
        float(placement.area_by_state_km2(cells, suitable[cells[0], cells[1]]).sum())
        for cells in (on_left, placement.covered(distance_m))
    )
    return (
        figure(left_km2, "km2", recipe),
        figure(max(both_km2 - left_km2, 0.0), "km2", recipe),
    )
