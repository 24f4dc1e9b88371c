"""What the starter Atlas consists of: each layer's words, recipe, and how its file is made."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

import kulan
from kulan import programme
from kulan.atlas.inputs import TABLES_SOURCE, StarterInputs, rows_input
from kulan.atlas.layers import POTENTIAL, Layer, LayerSource
from kulan.atlas.tables import HABITAT_AREAS
from kulan.atlas.vectors import vector_bytes
from kulan.errors import UnknownNameError
from kulan.grids import Grid, write_grid
from kulan.places import WGS84
from kulan.programme.tables import BARRIERS, KEY_AREAS, LANDSCAPES
from kulan.provenance import Recipe
from kulan.schemas import Column, Table, check_table

_HABITAT_NOTE = (
    "Land cover in cells of 0.05 degrees (about 5.6 km), elevation from means of 5 arc minutes "
    "(about 9 km) in steps of 28 m, relief from three by three of those: ridges, valley floors and "
    "cliffs are flattened, so habitat in narrow valleys, on single peaks and on escarpments of "
    "plains is missed, and high plains beside mountains may be counted. It says nothing of water, "
    "snow, herding or hunting. Cells without elevation are marked as not known (255)."
)
_COPIED = "kulan.atlas.plans: the compact file as it is"


@dataclass(frozen=True)
class Plan:
    """One layer to be: all that is known of it before its file is made, and how to make that."""

    layer: Layer
    make: Callable[[], bytes]


def starter_plans(inputs: StarterInputs) -> tuple[Plan, ...]:
    """Return the layers of the starter Atlas in the order they are made.

    Raises
    ------
    UnknownNameError
        If a species has no habitat preferences.
    """
    species_ids = tuple(str(name) for name in programme.species()["species_id"])
    without = sorted(set(species_ids) - set(inputs.preferences["species_id"]))
    if without:
        raise UnknownNameError(
            f"habitat/data/preferences.csv has no row for {', '.join(without)}; add one."
        )
    rows = programme.barriers()
    return (
        _copied(inputs, "states", "states.fgb", "borders", "vector"),
        _copied(inputs, "disputed_boundaries", "disputed_boundaries.fgb", "borders", "vector"),
        _copied(inputs, "rivers", "rivers.fgb", "water", "vector"),
        _copied(inputs, "places", "places.fgb", "settlements", "vector"),
        _copied(inputs, "land_cover", "land_cover.tif", "terrain", "raster"),
        _copied(inputs, "elevation", "elevation.tif", "terrain", "raster"),
        _table("barriers", "Known and planned barriers", "barriers", rows, BARRIERS),
        _table("key_areas", "Key areas", "areas", _points(programme.key_areas()), KEY_AREAS),
        _table("landscapes", "Landscapes", "areas", _points(programme.landscapes()), LANDSCAPES),
        *(_habitat(inputs, species_id) for species_id in species_ids),
        _areas(inputs, species_ids),
    )


def _copied(inputs: StarterInputs, layer_id: str, name: str, theme: str, kind: str) -> Plan:
    """Plan a layer that is one of the compact files."""
    source = inputs.sources[name]
    layer = Layer(
        layer_id=layer_id,
        title=source.title,
        theme=theme,
        kind=kind,
        extension=Path(name).suffix[1:],
        recipe=Recipe(_COPIED, kulan.__version__, (inputs.file_input(name),)),
        sources=(source,),
        licence=source.licence,
        note=source.notes,
        resolution_m=inputs.resolutions_m[name],
        crs=WGS84,
        valid_from=source.date,
    )
    return Plan(layer, (inputs.folder / name).read_bytes)


def _table(layer_id: str, title: str, theme: str, rows: gpd.GeoDataFrame, table: Table) -> Plan:
    """Plan a layer that holds one of the programme's tables."""
    layer = Layer(
        layer_id=layer_id,
        title=title,
        theme=theme,
        kind="vector",
        extension="fgb",
        recipe=Recipe(
            "kulan.atlas.vectors.vector_bytes",
            kulan.__version__,
            (rows_input(f"{table.name} (table)", rows),),
        ),
        sources=(TABLES_SOURCE,),
        licence="CC0-1.0",
        note="Each row says how far its position and its facts can be trusted.",
        crs=WGS84,
    )
    return Plan(layer, lambda: vector_bytes(rows, with_geometry(table)))


def with_geometry(table: Table) -> Table:
    """Return a declaration with a geometry column, added when it has none."""
    if any(column.kind == "geometry" for column in table.columns):
        return table
    point = Column("geometry", "Centre, longitude and latitude on WGS 84.", kind="geometry")
    return Table(table.name, table.title, (*table.columns, point), table.key)


def _points(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give rows with a longitude and latitude a point."""
    points = gpd.points_from_xy(rows["longitude"], rows["latitude"])
    return gpd.GeoDataFrame(rows, geometry=points, crs=WGS84)


def _habitat(inputs: StarterInputs, species_id: str) -> Plan:
    """Plan the potential habitat of one species."""
    rows = inputs.rows_of(species_id)
    preference = rows["preferences"].iloc[0]
    relief_m = preference["relief_min_m"]
    names = ["land_cover.tif", "elevation.tif", "states.fgb"]
    if preference["rivers"]:
        names.append("rivers.fgb")
    layer = Layer(
        layer_id=f"habitat_{species_id}",
        title=f"Potential habitat: {programme.species_name(species_id)}",
        theme="habitat",
        kind="raster",
        extension="tif",
        species_id=species_id,
        recipe=Recipe(
            "kulan.habitat.potential.potential_habitat",
            kulan.__version__,
            (
                *(inputs.file_input(name) for name in names),
                *(rows_input(f"{name} of {species_id} (table)", rows[name]) for name in rows),
            ),
            {
                "species_id": species_id,
                "suitable": list(preference["suitable"]),
                "marginal": list(preference["marginal"]),
                "elevation_min_m": float(preference["elevation_min_m"]),
                "elevation_max_m": float(preference["elevation_max_m"]),
                "relief_min_m": None if pd.isna(relief_m) else float(relief_m),
                "rivers": list(preference["rivers"]),
                "boxes": len(rows["limits"]),
            },
        ),
        sources=(*(inputs.sources[name] for name in names), _preference_source(preference)),
        licence="CC-BY-4.0",
        label=POTENTIAL,
        note=_HABITAT_NOTE,
        resolution_m=inputs.resolutions_m["elevation.tif"],
        crs=WGS84,
        valid_from=inputs.sources["land_cover.tif"].date,
        confidence=str(preference["confidence"]),
    )
    return Plan(layer, lambda: _raster_bytes(inputs.habitat(species_id), layer))


def _preference_source(preference: "pd.Series[Any]") -> LayerSource:
    """Return what a species' preferences rest on, as a source of its layer."""
    works = (preference["source"], preference["limit_source"])
    return replace(
        TABLES_SOURCE,
        title="Habitat preferences and presence by state",
        origin="; ".join(str(work) for work in works if work),
        notes=str(preference["note"] or ""),
    )


def _areas(inputs: StarterInputs, species_ids: tuple[str, ...]) -> Plan:
    """Plan the table of areas of potential habitat."""
    names = ("land_cover.tif", "elevation.tif", "states.fgb", "rivers.fgb")
    tables = {
        "presence": inputs.presence,
        "preferences": inputs.preferences,
        "limits": inputs.limits,
    }
    layer = Layer(
        layer_id="habitat_areas",
        title="Potential habitat by species and state",
        theme="habitat",
        kind="table",
        extension="csv",
        recipe=Recipe(
            "kulan.habitat.potential.habitat_areas",
            kulan.__version__,
            (
                *(inputs.file_input(name) for name in names),
                *(rows_input(f"{name} (table)", rows) for name, rows in tables.items()),
            ),
            {"species": list(species_ids)},
        ),
        sources=(*(inputs.sources[name] for name in names), TABLES_SOURCE),
        licence="CC-BY-4.0",
        label=POTENTIAL,
        note=_HABITAT_NOTE,
        resolution_m=inputs.resolutions_m["elevation.tif"],
        valid_from=inputs.sources["land_cover.tif"].date,
    )
    return Plan(layer, lambda: _areas_csv(inputs.areas(species_ids)))


def _areas_csv(areas: pd.DataFrame) -> bytes:
    """Return the table of areas as CSV, to a thousandth of a square kilometre."""
    check_table(areas, HABITAT_AREAS)
    text = areas.to_csv(index=False, float_format="%.3f", lineterminator="\n")
    return text.encode()


def _raster_bytes(grid: Grid, layer: Layer) -> bytes:
    """Return a grid as GeoTIFF that says in its tags what it is."""
    tags = {
        "title": layer.title,
        "label": layer.label,
        "licence": layer.licence,
        "values": "0 none, 1 extant, 2 reintroduced, 3 uncertain, +10 marginal, 255 not known",
        "recipe": layer.recipe.digest,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer.tif"
        write_grid(path, grid, tags=tags)
        return path.read_bytes()
