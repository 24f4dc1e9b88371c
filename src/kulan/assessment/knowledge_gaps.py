"""From a release of the Atlas and the programme's tables to what knowledge gaps are made from."""

from collections.abc import Iterable
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

_Masks = dict[str, NDArray[np.bool_]]
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
    masks: dict[tuple[object, ...], _Masks] = {}
    found: list[Ground] = []
    for species_id, path in sorted(release.habitat_paths().items()):
        grid = read_grid(path)
        frame = (grid.values.shape, grid.bounds)
        if frame not in masks:  # all species stand on the same cells
            masks[frame] = _masks(grid, states)
        found += _grounds(species_id, grid, masks[frame])
    return tuple(found)


def _masks(grid: Grid, states: gpd.GeoDataFrame) -> _Masks:
    """Return which cells have their centre in which state."""
    place = Affine(grid.cell_x_deg, 0, grid.west, 0, -grid.cell_y_deg, grid.north)
    return {
        str(iso3): geometry_mask([shape], out_shape=grid.values.shape, transform=place, invert=True)
        for iso3, shape in zip(states["iso3"], states.geometry, strict=True)
    }


def _grounds(species_id: str, grid: Grid, masks: _Masks) -> list[Ground]:
    habitat = grid.values != 0
    if grid.nodata is not None:
        habitat &= grid.values != grid.nodata
    found = []
    for iso3, mask in masks.items():
        rows, columns = np.nonzero(habitat & mask)
        souths = np.floor(grid.north - (rows + 0.5) * grid.cell_y_deg).astype(int)
        wests = np.floor(grid.west + (columns + 0.5) * grid.cell_x_deg).astype(int)
        corners, which = np.unique(np.column_stack([souths, wests]), axis=0, return_inverse=True)
        sums = np.bincount(which.ravel(), weights=grid.row_areas_km2[rows])
        found += [
            Ground(species_id, cell_of(int(west), int(south)), iso3, float(km2))
            for (south, west), km2 in zip(corners, sums, strict=True)
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
