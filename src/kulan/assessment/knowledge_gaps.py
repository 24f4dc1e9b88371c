"""From a release of the Atlas and the programme's tables to what knowledge gaps are made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.features import geometry_mask

from kulan.atlas import Release
from kulan.grids import Grid, read_grid
from kulan.programme import PopulationEstimate
from kulan.programme.dates import first_day
from kulan.programme.gaps import Decision, Ground, Looked, cell_of

WAITING = ("planned", "under_construction", "suspended")
"""Statuses of a line about which something is still to be decided."""


def grounds_of(release: Release) -> tuple[Ground, ...]:
    """Return the potential habitat of each species by cells of one degree and states.

    Parameters
    ----------
    release
        A release of the Atlas. Cells of its grids count for the state that holds their centre;
        what lies in none
        of them is left out, and where two states claim a place it is told for both.
    """
    states = release.read_vector("states")
    frames: dict[tuple[object, ...], list[_InState]] = {}
    found: list[Ground] = []
    for species_id, path in sorted(release.habitat_paths().items()):
        grid = read_grid(path)
        frame = (grid.values.shape, grid.bounds)
        if frame not in frames:  # all species stand on the same cells
            frames[frame] = _in_states(grid, states)
        found += _grounds(species_id, grid, frames[frame])
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _InState:
    """The cells of a grid whose centre lies in a state.

    Attributes
    ----------
    iso3
        The state.
    places
        Places of the cells in the grid, counted row by row.
    corners
        South and west of each cell of one degree that any of them lies in.
    which
        In which of those each cell lies.
    areas_km2
        Area of each cell, km2.
    """

    iso3: str
    places: NDArray[np.int64]
    corners: tuple[tuple[int, int], ...]
    which: NDArray[np.int64]
    areas_km2: NDArray[np.float64]


def _in_states(grid: Grid, states: gpd.GeoDataFrame) -> list[_InState]:
    """Return which cells have their centre in which state."""
    place = Affine(grid.cell_x_deg, 0, grid.west, 0, -grid.cell_y_deg, grid.north)
    shape = grid.values.shape
    found = []
    for iso3, outline in zip(states["iso3"], states.geometry, strict=True):
        mask = geometry_mask([outline], out_shape=shape, transform=place, invert=True)
        places = np.flatnonzero(mask)
        rows, columns = np.divmod(places, shape[1])
        souths = np.floor(grid.north - (rows + 0.5) * grid.cell_y_deg).astype(int)
        wests = np.floor(grid.west + (columns + 0.5) * grid.cell_x_deg).astype(int)
        # one number for each corner, in the order of south, then west
        codes, which = np.unique(souths * 1000 + wests, return_inverse=True)
        corners = tuple(divmod(int(code) + 500, 1000) for code in codes)
        found.append(
            _InState(
                str(iso3),
                places,
                tuple((south, west - 500) for south, west in corners),
                which.ravel(),
                grid.row_areas_km2[rows],
            )
        )
    return found


def _grounds(species_id: str, grid: Grid, frame: list[_InState]) -> list[Ground]:
    habitat = grid.values != 0
    if grid.nodata is not None:
        habitat &= grid.values != grid.nodata
    lives = habitat.ravel()
    found = []
    for state in frame:
        here = lives[state.places]
        which = state.which[here]
        size = len(state.corners)
        sums = np.bincount(which, weights=state.areas_km2[here], minlength=size)
        found += [
            Ground(species_id, cell_of(west, south), state.iso3, float(sums[place]))
            for place in np.flatnonzero(np.bincount(which, minlength=size))
            for south, west in (state.corners[place],)
        ]
    return found


def looks_of(estimates: Iterable[PopulationEstimate]) -> tuple[Looked, ...]:
    """Return what population estimates tell of who looked: the state, not the cells.

    Parameters
    ----------
    estimates
        Published figures. One whose year is not known tells nothing.
    """
    return tuple(
        Looked(
            one.species_id,
            first_day(one.survey_to or one.survey_from).year,
            one.season,
            one.method,
            one.iso3,
            reference=one.reference,
        )
        for one in estimates
        if one.survey_to or one.survey_from
    )


def waiting_barriers(release: Release) -> tuple[Decision, ...]:
    """Return the planned and unfinished lines of a release as decisions that are pending."""
    barriers = release.read_vector("barriers")
    return tuple(
        line_that_waits(
            str(row.barrier_id),
            str(row.name),
            row.geometry,
            species=tuple(row.species_affected),
            planned_for="" if pd.isna(row.planned_for) else str(row.planned_for),
        )
        for row in barriers[barriers["status"].isin(WAITING)].itertuples()
    )


def line_that_waits(
    barrier_id: str, name: str, line: Any, *, species: tuple[str, ...], planned_for: str
) -> Decision:
    """Return a line that is planned or being built as a decision that is pending.

    Parameters
    ----------
    barrier_id, name
        As the Atlas calls it.
    line
        Its course, EPSG:4326.
    species
        Species it is said to affect; empty for any.
    planned_for
        When it shall open, at whatever precision is known; empty where nothing is.
    """
    due = first_day(planned_for) if planned_for else None
    return Decision(
        f"barrier:{barrier_id}",
        name,
        "barrier",
        species=species,
        cells=cells_met(line),
        due=due,
        due_said=planned_for,
    )


def cells_met(shape: Any) -> frozenset[str]:
    """Return the names of the cells of one degree that a shape meets."""
    west, south, east, north = (int(np.floor(edge)) for edge in shapely.bounds(shape))
    corners = [(x, y) for y in range(south, north + 1) for x in range(west, east + 1)]
    boxes = [shapely.box(x, y, x + 1, y + 1) for x, y in corners]
    met = shapely.intersects(shape, boxes)
    return frozenset(cell_of(*at) for at, is_met in zip(corners, met, strict=True) if is_met)
