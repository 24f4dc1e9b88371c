"""Potential habitat: where land cover and elevation suit a species, in states that have it.

This is not an observed range. A cell is potential habitat when its land cover, elevation and, for
species of hills and mountains, relief are those the species is known to live in, it lies in a state
where the species is recorded, and, for species that hold only part of such land, inside the boxes
and near the rivers of the preferences table. Whether an animal was ever there is not asked.
"""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.errors import InvalidGeometryError, UnknownNameError
from kulan.grids import Grid
from kulan.places import buffer_m

NOT_HABITAT = 0
EXTANT = 1
REINTRODUCED = 2
UNCERTAIN = 3
MARGINAL = 10
NOT_KNOWN = 255
"""Values of a potential-habitat grid: 1 to 3 by presence in the state, 10 more where marginal."""

PRESENCE_CODES = {"extant": EXTANT, "reintroduced": REINTRODUCED, "uncertain": UNCERTAIN}

WOODED = (1, 2, 3, 4, 5, 8)
"""Land cover that gives shelter on flat land too, so that no relief is asked of it."""

_STATUSES = (*PRESENCE_CODES, "extinct")


@dataclass(frozen=True)
class Terrain:
    """What every species' habitat is read from, on one grid.

    Attributes
    ----------
    land_cover
        IGBP class of each cell, 0 to 16; 255 where not known.
    elevation_m
        Height above sea level on the grid of the land cover, metres; NaN where not known.
    relief_m
        Relief around each cell on the same grid, metres (see `relief`); NaN where not known.
    state
        Which state the cell's centre lies in: 0 for none, n for the n-th of `iso3`.
    iso3
        Codes of the states, in the order of the grid's numbers.
    """

    land_cover: Grid
    elevation_m: Grid
    relief_m: Grid
    state: Grid
    iso3: tuple[str, ...]


def prepare_terrain(land_cover: Grid, elevation_m: Grid, states: gpd.GeoDataFrame) -> Terrain:
    """Bring elevation and states onto the grid of the land cover.

    Parameters
    ----------
    land_cover
        IGBP classes.
    elevation_m
        Metres, on any grid in longitude and latitude, with its `nodata`.
    states
        `iso3` and polygon `geometry` in EPSG:4326, one row per state.

    Returns
    -------
    Terrain
        Elevation and relief are interpolated between the centres of their cells (see
        `resample_bilinear`). A cell belongs to the one state in which its centre lies, as a whole.
    """
    codes = tuple(str(code) for code in states["iso3"])
    shapes = ((shape, number) for number, shape in enumerate(states.geometry, start=1))
    return Terrain(
        land_cover=land_cover,
        elevation_m=resample_bilinear(elevation_m, land_cover),
        relief_m=resample_bilinear(relief(elevation_m), land_cover),
        state=land_cover.with_values(_burn(shapes, land_cover), nodata=0),
        iso3=codes,
    )


def relief(elevation_m: Grid) -> Grid:
    """Measure relief: the highest minus the lowest elevation of a cell and its eight neighbours.

    On 5 arc minute cells that is a window of about 25 km. It tells mountains and hills from plains;
    a single cliff or a group of rocks is far smaller than a cell and does not show.

    Parameters
    ----------
    elevation_m
        Metres, with `nodata` where not known; such neighbours are left out.

    Returns
    -------
    Grid
        Metres; NaN where neither the cell nor a neighbour has data.

    Examples
    --------
    >>> heights = Grid(np.array([[100.0, 100.0, 900.0, 950.0]]), 60, 46, 1, 1)
    >>> relief(heights).values.tolist()
    [[0.0, 800.0, 850.0, 50.0]]
    """
    rows, columns = elevation_m.values.shape
    known = np.isfinite(elevation_m.values) & (elevation_m.values != elevation_m.nodata)
    framed = np.pad(
        np.where(known, elevation_m.values, np.nan).astype(float), 1, constant_values=np.nan
    )
    windows = [
        framed[row : row + rows, column : column + columns]
        for row in range(3)
        for column in range(3)
    ]
    # fmax and fmin pass over NaN
    span = np.fmax.reduce(windows) - np.fmin.reduce(windows)
    return elevation_m.with_values(span, nodata=np.nan)


def resample_bilinear(grid: Grid, like: Grid) -> Grid:
    """Interpolate a grid linearly, in both directions, at the cell centres of another.

    Each new value is the mean of the four nearest old centres, weighted by closeness. Old cells
    without data are left out and the weights of the others made up to one, so a shore keeps a value
    as long as one of its four neighbours has one. Beyond the outermost centres the outermost value
    holds. Nothing finer than the old cells appears: 5' elevation stays smooth on 0.05 degrees.

    Parameters
    ----------
    grid
        Values to interpolate, with `nodata` where some are missing.
    like
        Gives the place and cell size of the answer.

    Returns
    -------
    Grid
        Float values, NaN where all four neighbours lack data.

    Examples
    --------
    >>> coarse = Grid(np.array([[0.0, 100.0]]), west=60, north=46, cell_x_deg=1, cell_y_deg=1)
    >>> fine = Grid(np.zeros((1, 4)), west=60, north=46, cell_x_deg=0.5, cell_y_deg=0.5)
    >>> resample_bilinear(coarse, fine).values.tolist()
    [[0.0, 25.0, 75.0, 100.0]]
    """
    rows, columns = like.values.shape
    latitude = like.north - (np.arange(rows) + 0.5) * like.cell_y_deg
    longitude = like.west + (np.arange(columns) + 0.5) * like.cell_x_deg
    old_rows, old_columns = grid.values.shape
    top, down = _neighbours((grid.north - latitude) / grid.cell_y_deg - 0.5, old_rows)
    left, right = _neighbours((longitude - grid.west) / grid.cell_x_deg - 0.5, old_columns)

    known = np.isfinite(grid.values) & (grid.values != grid.nodata)
    values = np.where(known, grid.values, 0).astype(float)
    total = np.zeros((rows, columns))
    weight = np.zeros((rows, columns))
    for row, row_weight in ((top, 1 - down), (np.minimum(top + 1, old_rows - 1), down)):
        for column, column_weight in (
            (left, 1 - right),
            (np.minimum(left + 1, old_columns - 1), right),
        ):
            share = np.outer(row_weight, column_weight)
            corner = np.ix_(row, column)
            total += share * values[corner]
            weight += share * known[corner]
    with np.errstate(invalid="ignore"):
        mean = np.where(weight > 0, total / np.where(weight > 0, weight, 1), np.nan)
    return like.with_values(mean, nodata=np.nan)


def potential_habitat(
    terrain: Terrain,
    presence: pd.DataFrame,
    preference: "pd.Series[Any]",
    *,
    limits: pd.DataFrame | None = None,
    rivers: gpd.GeoDataFrame | None = None,
) -> Grid:
    """Mark the cells one species could live in, by its presence in the state around them.

    Parameters
    ----------
    terrain
        From `prepare_terrain`.
    presence
        `iso3` and `status` (extant, reintroduced, uncertain or extinct) of this species.
    preference
        Its row of `kulan.habitat.tables.PREFERENCES`.
    limits
        Its rows of `kulan.habitat.tables.LIMITS`, if any: outside all of these boxes (a cell counts
        by its centre) nothing is habitat.
    rivers
        `name` and line `geometry`, EPSG:4326; needed when the preference names rivers.

    Returns
    -------
    Grid
        Whole numbers 0 to 255: 0 not habitat; 1 suitable and extant in the state, 2 reintroduced,
        3 uncertain; 11, 12, 13 the same where land cover is only marginal; 255 not known: the land
        cover would do (or is itself not known) but elevation is missing, as over some lake shores.

    Raises
    ------
    UnknownNameError
        If a presence status, or a river the preference names, is not known.
    InvalidGeometryError
        If the preference names rivers and none were given.
    """
    code = _presence_code(terrain, presence)
    cover = terrain.land_cover.values
    grade = np.full(256, NOT_KNOWN, dtype="uint8")
    grade[:17] = NOT_HABITAT
    grade[[int(number) for number in preference["marginal"]]] = MARGINAL
    grade[[int(number) for number in preference["suitable"]]] = EXTANT
    fits_cover = grade[np.asarray(cover, dtype="uint8")]

    height = terrain.elevation_m.values
    with np.errstate(invalid="ignore"):
        fits_land = (height >= float(preference["elevation_min_m"])) & (
            height <= float(preference["elevation_max_m"])
        )
        if not pd.isna(preference["relief_min_m"]):
            rugged = terrain.relief_m.values >= float(preference["relief_min_m"])
            fits_land &= rugged | np.isin(cover, WOODED)
    unknown = ((fits_cover != NOT_HABITAT) & np.isnan(height)) | (
        (fits_cover == NOT_KNOWN) & fits_land
    )
    habitat = np.where(fits_cover == MARGINAL, code + MARGINAL, code)
    habitat = np.where(fits_land & (fits_cover != NOT_HABITAT), habitat, NOT_HABITAT)
    habitat = np.where(unknown, NOT_KNOWN, habitat)
    within = (code > 0) & _inside_boxes(terrain.land_cover, limits)
    within &= _near_rivers(terrain.land_cover, preference, rivers)
    values = np.where(within, habitat, NOT_HABITAT).astype("uint8")
    return terrain.land_cover.with_values(values, nodata=NOT_KNOWN)


def habitat_areas(habitat: Grid, terrain: Terrain, species_id: str) -> pd.DataFrame:
    """Add up potential habitat by state, presence and suitability, on the ellipsoid.

    Parameters
    ----------
    habitat
        From `potential_habitat`.
    terrain
        The terrain it was made from.
    species_id
        Written into every row.

    Returns
    -------
    DataFrame
        `species_id`, `iso3`, `presence` (extant, reintroduced, uncertain; None where the cells are
        not known), `suitability` (suitable, marginal, not known) and `area_km2` (km²), ordered by
        state and value. States without any such cell have no row.
    """
    values = habitat.values
    rows, columns = np.nonzero(values)
    cells = pd.DataFrame(
        {
            "state": terrain.state.values[rows, columns],
            "value": values[rows, columns],
            "area_km2": habitat.row_areas_km2[rows],
        }
    )
    sums = cells.groupby(["state", "value"])["area_km2"].sum().reset_index()
    words: dict[int, tuple[str | None, str]]
    words = {code: (status, "suitable") for status, code in PRESENCE_CODES.items()}
    words |= {code + MARGINAL: (status, "marginal") for status, code in PRESENCE_CODES.items()}
    words[NOT_KNOWN] = (None, "not known")
    table = pd.DataFrame(
        {
            "species_id": species_id,
            "iso3": [terrain.iso3[number - 1] for number in sums["state"]],
            "presence": pd.Series([words[int(value)][0] for value in sums["value"]], dtype=object),
            "suitability": [words[int(value)][1] for value in sums["value"]],
            "area_km2": sums["area_km2"].to_numpy(dtype=float),
            "value": sums["value"].to_numpy(dtype=int),
        }
    )
    return table.sort_values(["iso3", "value"], ignore_index=True).drop(columns="value")


def _neighbours(
    position: NDArray[np.floating[Any]], count: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the centre before each position and how far past it the position lies, 0 to 1."""
    inside = np.clip(position, 0, count - 1)
    before = np.minimum(np.floor(inside).astype(np.intp), max(count - 2, 0))
    return before, inside - before


def _burn(shapes: Any, like: Grid) -> NDArray[np.uint8]:
    """Give each cell the number of the shape its centre lies in, 0 for none."""
    from rasterio.features import rasterize  # noqa: PLC0415  a third of a second
    from rasterio.transform import from_origin  # noqa: PLC0415

    burned: NDArray[np.uint8] = rasterize(
        shapes,
        out_shape=like.values.shape,
        transform=from_origin(like.west, like.north, like.cell_x_deg, like.cell_y_deg),
        fill=0,
        dtype="uint8",
    )
    return burned


def _presence_code(terrain: Terrain, presence: pd.DataFrame) -> NDArray[np.uint8]:
    """Return the presence code of the state each cell lies in."""
    unknown = sorted(set(presence["status"]) - set(_STATUSES))
    if unknown:
        raise UnknownNameError(
            f"Presence status {', '.join(map(repr, unknown))} is not known; "
            f"use {', '.join(_STATUSES)}."
        )
    by_state = dict(zip(presence["iso3"], presence["status"], strict=True))
    codes = [0, *(PRESENCE_CODES.get(by_state.get(code, ""), 0) for code in terrain.iso3)]
    values: NDArray[np.uint8] = np.array(codes, dtype="uint8")[terrain.state.values]
    return values


def _inside_boxes(like: Grid, limits: pd.DataFrame | None) -> NDArray[np.bool_]:
    """Mark cells whose centre lies in any of the boxes; all cells when there are no boxes."""
    rows, columns = like.values.shape
    if limits is None or limits.empty:
        return np.ones((rows, columns), dtype=bool)
    latitude = like.north - (np.arange(rows) + 0.5) * like.cell_y_deg
    longitude = like.west + (np.arange(columns) + 0.5) * like.cell_x_deg
    inside = np.zeros((rows, columns), dtype=bool)
    for west, south, east, north in limits[["west", "south", "east", "north"]].to_numpy(float):
        inside |= np.outer(
            (latitude >= south) & (latitude <= north), (longitude >= west) & (longitude <= east)
        )
    return inside


def _near_rivers(
    like: Grid, preference: "pd.Series[Any]", rivers: gpd.GeoDataFrame | None
) -> NDArray[np.bool_]:
    """Mark cells whose centre lies within the preference's reach of its rivers."""
    reach_km = preference["near_river_km"]
    if pd.isna(reach_km):
        return np.ones(like.values.shape, dtype=bool)
    species_id = preference["species_id"]
    if rivers is None:
        raise InvalidGeometryError(
            f"{species_id}: the preference keeps it within {reach_km} km of rivers; give `rivers`."
        )
    names = rivers["name"].fillna("").str.split().str.join(" ")
    wanted = [" ".join(name.split()) for name in preference["rivers"]]
    missing = sorted(set(wanted) - set(names))
    if missing:
        raise UnknownNameError(
            f"{species_id}: no river called {', '.join(map(repr, missing))} in the layer of rivers."
        )
    lines = shapely.line_merge(shapely.union_all(rivers.geometry[names.isin(wanted)].to_numpy()))
    near = buffer_m(lines, float(reach_km) * 1000)
    marked: NDArray[np.bool_] = _burn([(near, 1)], like) == 1
    return marked
