"""Small landscapes made for tests: every number in them can be followed by hand.

Two states share a straight border: Kazakhstan west of 65 °E, Uzbekistan east of it, from 42 to 48
°N.
"""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kulan.grids import Grid, write_grid
from kulan.provenance import hash_bytes
from kulan.screening import (
    Attributes,
    Baseline,
    LayerUsed,
    PlannedAlternative,
    UserLayer,
)

WGS84 = "EPSG:4326"
CELL_DEG = 0.05
WEST, SOUTH, EAST, NORTH = 60.0, 42.0, 70.0, 48.0
BORDER = 65.0
STATES = {"KAZ": (WEST, SOUTH, BORDER, NORTH), "UZB": (BORDER, SOUTH, EAST, NORTH)}
PRESENCE_WORDS = {1: "extant", 2: "reintroduced", 3: "uncertain"}


def make_states(boxes: dict[str, tuple[float, float, float, float]] = STATES) -> gpd.GeoDataFrame:
    """Make rectangular states: code to west, south, east, north."""
    shapes = [shapely.box(*box) for box in boxes.values()]
    return gpd.GeoDataFrame({"iso3": list(boxes)}, geometry=shapes, crs=WGS84)


def make_grid(fill: int = 0) -> Grid:
    """Make a grid over the two states, all cells alike."""
    shape = (round((NORTH - SOUTH) / CELL_DEG), round((EAST - WEST) / CELL_DEG))
    return Grid(np.full(shape, fill, dtype="uint8"), WEST, NORTH, CELL_DEG, CELL_DEG, 255)


def fill_box(grid: Grid, box: tuple[float, float, float, float], value: int) -> Grid:
    """Give a value to all cells whose centre lies in a box (west, south, east, north)."""
    rows, columns = grid.values.shape
    latitude = grid.north - (np.arange(rows) + 0.5) * grid.cell_y_deg
    longitude = grid.west + (np.arange(columns) + 0.5) * grid.cell_x_deg
    west, south, east, north = box
    inside = np.outer(
        (latitude > south) & (latitude < north), (longitude > west) & (longitude < east)
    )
    return grid.with_values(np.where(inside, value, grid.values).astype("uint8"), 255)


def make_habitat(*boxes: tuple[float, float, float, float], value: int = 1) -> Grid:
    """Make a habitat grid with some boxes of one value on empty land."""
    grid = make_grid()
    for box in boxes:
        grid = fill_box(grid, box, value)
    return grid


def make_habitat_areas(
    habitats: dict[str, Grid], states: dict[str, tuple[float, float, float, float]] = STATES
) -> pd.DataFrame:
    """Add up habitat by the state of each cell's centre, cell by cell."""
    rows = []
    for species_id, grid in habitats.items():
        for code, box in states.items():
            inside = fill_box(make_grid(), box, 1).values == 1
            for value in np.unique(grid.values[inside]):
                if value in (0, 255):
                    continue
                area_km2 = grid.area_km2(inside & (grid.values == value))
                suitability = "marginal" if value > 10 else "suitable"
                rows.append((species_id, code, PRESENCE_WORDS[value % 10], suitability, area_km2))
    columns = ["species_id", "iso3", "presence", "suitability", "area_km2"]
    return pd.DataFrame(rows, columns=columns)


def make_barriers(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """Make known barriers; each row needs a `geometry`, the rest has defaults."""
    defaults: dict[str, Any] = {
        "name": "A fence",
        "name_ru": None,
        "barrier_type": "fence",
        "states": ("KAZ",),
        "status": "operational",
        "valid_from": None,
        "valid_to": None,
        "planned_for": None,
        "fenced": "yes",
        "fenced_note": None,
        "species_affected": (),
        "precision_km": 1.0,
        "geometry_method": "made for a test",
        "note": None,
        "checked_on": None,
        "source": "made for a test",
        "confidence": "high",
    }
    filled = [
        defaults | {"barrier_id": f"T{number:02}"} | row for number, row in enumerate(rows, start=1)
    ]
    columns = ["barrier_id", *defaults, "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(filled, columns=columns), geometry="geometry", crs=WGS84)


def make_areas(id_column: str, *rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """Make key areas or landscapes; each row needs a `geometry`, the rest has defaults."""
    defaults: dict[str, Any] = {
        "name": "A reserve",
        "kind": "protected_area",
        "states": ("KAZ",),
        "area_km2": float("nan"),
        "precision_km": 5.0,
        "species": (),
        "source": "made for a test",
        "confidence": "high",
    }
    filled = [
        defaults | {id_column: f"area_{number}"} | row for number, row in enumerate(rows, start=1)
    ]
    columns = [id_column, *defaults, "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(filled, columns=columns), geometry="geometry", crs=WGS84)


def make_layer_used(
    layer_id: str, kind: str, species_id: str = "", date: str = "2020"
) -> LayerUsed:
    """Make the note about a layer of the Atlas."""
    return LayerUsed(
        layer_id=layer_id,
        title=f"The layer {layer_id}",
        kind=kind,
        species_id=species_id,
        label="",
        source="made for a test",
        licence="CC0-1.0",
        attribution="",
        date=date,
        resolution_m=5566.0 if kind == "potential_habitat" else 1000.0,
        sha256=hash_bytes(layer_id.encode()),
        given_by_user=False,
    )


def make_baseline(
    folder: Path,
    habitats: dict[str, Grid] | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    key_areas: gpd.GeoDataFrame | None = None,
    landscapes: gpd.GeoDataFrame | None = None,
) -> Baseline:
    """Make a landscape of the two states, its habitat grids written into a folder."""
    grids = habitats or {}
    for species_id, grid in grids.items():
        write_grid(folder / f"{species_id}.tif", grid)
    nothing = gpd.GeoDataFrame({"name": []}, geometry=[], crs=WGS84)
    notes = [make_layer_used(name, name) for name in ("states", "barriers", "key_areas")]
    notes.append(make_layer_used("landscapes", "landscapes"))
    notes += [make_layer_used(f"habitat_{name}", "potential_habitat", name) for name in grids]
    return Baseline(
        release="made-for-tests",
        states=make_states(),
        habitats={name: folder / f"{name}.tif" for name in grids},
        habitat_areas=make_habitat_areas(grids),
        barriers=make_barriers() if barriers is None else barriers,
        key_areas=make_areas("key_area_id") if key_areas is None else key_areas,
        landscapes=make_areas("landscape_id") if landscapes is None else landscapes,
        rivers=nothing,
        places=nothing,
        disputed=nothing,
        layers={note.layer_id: note for note in notes},
    )


def make_alternative(
    shape: Any, alternative_id: str = "north", barrier_type: str = "railway", **attributes: Any
) -> PlannedAlternative:
    """Make a planned alternative from a geometry or from the vertices of a line."""
    geometry = shapely.LineString(shape) if isinstance(shape, list) else shape
    return PlannedAlternative(
        alternative_id=alternative_id,
        name=f"Alternative {alternative_id}",
        barrier_type=barrier_type,
        status="planned",
        geometry=geometry,
        attributes=Attributes(**attributes),
    )


def make_user_layer(
    shapes: list[Any],
    name: str = "mine",
    kind: Any = "range",
    species_id: str | None = "saiga",
    **columns: Any,
) -> UserLayer:
    """Make a layer as a user would bring it."""
    features = gpd.GeoDataFrame(columns, geometry=shapes, crs=WGS84)
    return UserLayer(
        name=name,
        features=features,
        kind=kind,
        species_id=species_id,
        title=f"Layer {name}",
        date="2021",
        resolution_m=100.0,
        source="made for a test",
        licence="CC0-1.0",
        sha256=hash_bytes(name.encode()),
    )
