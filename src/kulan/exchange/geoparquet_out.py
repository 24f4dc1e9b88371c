"""Writing GeoParquet 1.1, and the layers of an answer as GeoPackage and GeoParquet side by side."""

import importlib.util
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd

from kulan.errors import MissingExtraError, UnknownCrsError
from kulan.exchange.geopackage_out import plain_cell, write_geopackage
from kulan.outputs import write_whole

VERSION = "1.1.0"
GEOPACKAGE = "features.gpkg"
# for whoever runs a command; it tells nothing of the numbers, and stands in no answer
_NOTE = (
    "Layers stand in features.gpkg alone: GeoParquet files beside it need pyarrow. Type: "
    'pip install "kulan[parquet]"'
)


def write_geoparquet(path: Path | str, table: gpd.GeoDataFrame) -> None:
    """Write a table as one GeoParquet 1.1 file, which appears whole or not at all.

    Geometry is well-known binary, beside it stands the box of each shape (`bbox`, declared as
    covering), by which DuckDB, GDAL and the like read part of a file. A list or tuple in a cell is
    written with ``;`` and a space between its items, as in a GeoPackage.

    Parameters
    ----------
    path
        File to make or replace.
    table
        What to write; it is not changed.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    UnknownCrsError
        If the table has no CRS: a file without one says longitude and latitude.
    OutputDeniedError
        If the place cannot be written.

    References
    ----------
    GeoParquet 1.1.0 (2024). Open Geospatial Consortium, https://geoparquet.org/releases/v1.1.0.
    """
    path = Path(path)
    if not has_parquet():
        raise MissingExtraError(
            f'{path.name}: GeoParquet needs pyarrow. Type: pip install "kulan[parquet]", or write '
            "a .gpkg instead."
        )
    if table.crs is None:
        raise UnknownCrsError(f"{path.name}: the table has no CRS. Set it with table.set_crs(...).")
    frame = table.copy()
    geometry = frame.geometry.name
    for column in frame.columns:
        if column != geometry and frame[column].dtype == object:
            frame[column] = frame[column].map(plain_cell)
    buffer = io.BytesIO()
    frame.to_parquet(
        buffer,
        index=False,
        compression="zstd",
        schema_version=VERSION,
        geometry_encoding="WKB",
        write_covering_bbox=True,
    )
    write_whole(path, buffer.getvalue())


def write_layers(folder: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> list[str]:
    """Write the layers of an answer into its folder, and return the names of the files.

    Parameters
    ----------
    folder
        Where they shall lie.
    layers
        By name; all go into features.gpkg, and where pyarrow is installed each into a GeoParquet
        file of its name too.

    Raises
    ------
    InvalidTableError, UnknownCrsError
        As `kulan.exchange.write_geopackage` says.
    OutputDeniedError
        If the place cannot be written.
    """
    if not layers:
        return []
    write_geopackage(folder / GEOPACKAGE, layers)
    names = [GEOPACKAGE]
    if has_parquet():
        for name, layer in layers.items():
            write_geoparquet(folder / f"{name}.parquet", layer)
            names.append(f"{name}.parquet")
    return names


def notes_on_layers(layers: Mapping[str, gpd.GeoDataFrame]) -> Sequence[str]:
    """Return what is to be told where `write_layers` cannot write GeoParquet; else nothing.

    Parameters
    ----------
    layers
        What is written.
    """
    return (_NOTE,) if layers and not has_parquet() else ()


def has_parquet() -> bool:
    """Return whether pyarrow, the extra `parquet`, is installed."""
    try:
        return importlib.util.find_spec("pyarrow") is not None
    except ValueError:
        # what a program has marked as not to be imported
        return False
