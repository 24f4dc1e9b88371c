"""From a release of the Atlas and the programme's tables to what knowledge gaps are made from."""

from collections.abc import Iterable
from datetime import date

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
_WAITING = ("planned", "under_construction", "suspended")


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
    found = []
    for row in barriers[barriers["status"].isin(_WAITING)].itertuples():
        opens = None if pd.isna(row.planned_for) else first_day(str(row.planned_for))
        found.append(
            Decision(
                f"barrier:{row.barrier_id}",
                str(row.name),
                "barrier",
                species=tuple(row.species_affected),
                cells=_cells_met(row.geometry),
                due=opens,
            )
        )
    return tuple(found)


def _cells_met(line: shapely.Geometry) -> frozenset[str]:
    """Return the cells of one degree that a line passes through."""
    west, south, east, north = (int(np.floor(edge)) for edge in shapely.bounds(line))
    corners = [(x, y) for y in range(south, north + 1) for x in range(west, east + 1)]
    boxes = [shapely.box(x, y, x + 1, y + 1) for x, y in corners]
    shapely.prepare(line)
    met = shapely.intersects(line, boxes)
    return frozenset(
        cell_of(*corner) for corner, is_met in zip(corners, met, strict=True) if is_met
    )


def report_due(cycle: str, title: str, states: Iterable[str], due: date) -> Decision:
    """Return a report that is due as a decision that is pending, for all species of its states."""
    return Decision(f"report:{cycle}", title, "report", states=tuple(sorted(states)), due=due)
