"""The compact files and tables the starter Atlas is made from, read when first asked for."""

from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from kulan import programme
from kulan.atlas.layers import LayerSource
from kulan.atlas.tables import STARTER_SOURCES
from kulan.errors import AtlasMissingError
from kulan.grids import Grid, read_grid
from kulan.habitat import preferences
from kulan.habitat.potential import Terrain, habitat_areas, potential_habitat, prepare_terrain
from kulan.provenance import Input, canonical_json, hash_bytes, hash_file
from kulan.schemas import read_table

STARTER = Path(str(files("kulan.atlas"))) / "data"

TABLES_SOURCE = LayerSource(
    title="Kulan's own tables",
    origin="Kulan; the source of each row stands in the row",
    package="",
    package_sha256="",
    licence="CC0-1.0",
    attribution="Kulan",
    date="",
    notes="compiled from published facts; each row carries its source and confidence",
)


@dataclass(frozen=True)
class StarterInputs:
    """Everything the starter Atlas is made from.

    Attributes
    ----------
    folder
        Folder of the compact files; the one in the package unless a test says otherwise.
    """

    folder: Path = STARTER
    _habitats: dict[str, Grid] = field(default_factory=dict)

    @cached_property
    def sources(self) -> dict[str, LayerSource]:
        """Source of each compact file, by file name."""
        path = self.folder / "starter_sources.csv"
        if not path.is_file():
            raise AtlasMissingError(
                f"{path}: not there. The starter Atlas's inputs are part of the package; install "
                "it again, or make them with recipes/starter_inputs.py in a checkout."
            )
        rows = read_table(path, STARTER_SOURCES).set_index("file")
        return {
            str(file): LayerSource(
                title=str(row["title"]),
                origin=str(row["source"]),
                package=str(row["package"]),
                package_sha256=str(row["package_sha256"]),
                licence=str(row["licence"]),
                attribution=str(row["attribution"]),
                date=str(row["date"]),
                notes=str(row["notes"]),
            )
            for file, row in rows.iterrows()
        }

    @cached_property
    def resolutions_m(self) -> dict[str, int]:
        """Resolution of each compact file, metres, by file name."""
        rows = read_table(self.folder / "starter_sources.csv", STARTER_SOURCES)
        pairs = zip(rows["file"], rows["resolution_m"], strict=True)
        return {str(name): int(size) for name, size in pairs}

    @cached_property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each compact file, by file name."""
        return {name: hash_file(self.folder / name) for name in self.sources}

    def file_input(self, name: str) -> Input:
        """Return a compact file as an input of a recipe."""
        return Input(name, self.hashes[name], self.sources[name].title)

    @cached_property
    def presence(self) -> pd.DataFrame:
        """Presence of species by state."""
        return programme.presence()

    @cached_property
    def preferences(self) -> pd.DataFrame:
        """Preferences, one row per species."""
        return preferences.preferences()

    @cached_property
    def limits(self) -> pd.DataFrame:
        """Boxes outside which a species is not looked for."""
        return preferences.limits()

    @cached_property
    def states(self) -> gpd.GeoDataFrame:
        """States, as in the compact file."""
        return pyogrio.read_dataframe(self.folder / "states.fgb", use_arrow=False)

    @cached_property
    def rivers(self) -> gpd.GeoDataFrame:
        """Rivers, as in the compact file."""
        return pyogrio.read_dataframe(self.folder / "rivers.fgb", use_arrow=False)

    @cached_property
    def terrain(self) -> Terrain:
        """Land cover, elevation and states on one grid."""
        return prepare_terrain(
            read_grid(self.folder / "land_cover.tif"),
            read_grid(self.folder / "elevation.tif"),
            self.states,
        )

    def rows_of(self, species_id: str) -> dict[str, pd.DataFrame]:
        """Return the rows of the tables that speak of one species."""
        tables = {
            "presence": self.presence,
            "preferences": self.preferences,
            "limits": self.limits,
        }
        return {
            name: table[table["species_id"] == species_id].reset_index(drop=True)
            for name, table in tables.items()
        }

    def habitat(self, species_id: str) -> Grid:
        """Return a species' potential habitat, computed once."""
        if species_id not in self._habitats:
            rows = self.rows_of(species_id)
            self._habitats[species_id] = potential_habitat(
                self.terrain,
                rows["presence"],
                rows["preferences"].iloc[0],
                limits=rows["limits"],
                rivers=self.rivers,
            )
        return self._habitats[species_id]

    def areas(self, species_ids: tuple[str, ...]) -> pd.DataFrame:
        """Return the areas of potential habitat of all species, by state."""
        return pd.concat(
            [habitat_areas(self.habitat(name), self.terrain, name) for name in species_ids],
            ignore_index=True,
        )


def rows_input(name: str, rows: pd.DataFrame) -> Input:
    """Return rows of a table as an input of a recipe; equal rows have equal hashes."""
    cells = [[_plain(cell) for cell in row] for row in rows.itertuples(index=False)]
    return Input(name, hash_bytes(canonical_json([list(map(str, rows.columns)), *cells])))


def _plain(cell: Any) -> Any:
    """Return a cell as JSON can hold it."""
    if isinstance(cell, tuple):
        return [_plain(item) for item in cell]
    if hasattr(cell, "wkb"):
        return str(cell.wkb.hex())
    if cell is None or pd.isna(cell):
        return None
    return cell.item() if hasattr(cell, "item") else cell
