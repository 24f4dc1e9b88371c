"""Declared tables with shapes as FlatGeobuf, and back, without losing a value or its type."""

import io
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from kulan.schemas import Table, check_table


def vector_bytes(frame: gpd.GeoDataFrame, table: Table) -> bytes:
    """Return a declared table as FlatGeobuf, rows in their order; same table, same bytes.

    Lists are written with ``;`` between their items, flags as yes and no, as in the CSV files.

    Parameters
    ----------
    frame
        EPSG:4326; columns as declared.
    table
        Its declaration.

    Raises
    ------
    InvalidTableError
        If the frame does not keep the declaration.
    """
    check_table(frame, table)
    columns: dict[str, Any] = {}
    for column in table.columns:
        if column.kind == "geometry":
            continue
        cells = frame[column.name]
        if column.kind == "list":
            columns[column.name] = [";".join(cell) for cell in cells]
        elif column.kind == "flag":
            columns[column.name] = [_flag_word(cell) for cell in cells]
        elif column.kind in ("integer", "number"):
            columns[column.name] = cells.astype("float64").to_numpy()
        else:
            columns[column.name] = [None if pd.isna(cell) else str(cell) for cell in cells]
    plain = gpd.GeoDataFrame(
        {name: _objects(cells) for name, cells in columns.items()},
        geometry=frame.geometry.to_numpy(),
        crs="EPSG:4326",
    )
    buffer = io.BytesIO()
    pyogrio.write_dataframe(
        plain, buffer, driver="FlatGeobuf", layer=table.name, layer_options={"SPATIAL_INDEX": "NO"}
    )
    return buffer.getvalue()


def read_vector(path: Path, table: Table) -> gpd.GeoDataFrame:
    """Read what `vector_bytes` wrote: columns in the types of the declaration, None where empty."""
    frame = pyogrio.read_dataframe(path, use_arrow=False)
    for column in table.columns:
        if column.kind == "geometry":
            continue
        cells = frame[column.name]
        if column.kind == "number":
            frame[column.name] = cells.astype("float64")
        elif column.kind == "integer":
            frame[column.name] = cells.astype("Int64")
        else:
            words = (None if pd.isna(cell) else str(cell) for cell in cells)
            read = _READERS.get(column.kind, lambda word: word or None)
            frame[column.name] = _objects([read(word) for word in words])
    return frame[list(table.column_names)]


def _objects(cells: Any) -> "pd.Series[Any]":
    """Return cells as a column of plain Python objects, or of floats when they are an array."""
    if isinstance(cells, list):
        return pd.Series(cells, dtype=object)
    return pd.Series(cells)


def _flag_word(cell: Any) -> str | None:
    if cell is None or pd.isna(cell):
        return None
    return "yes" if cell else "no"


_READERS: dict[str, Any] = {
    "list": lambda word: tuple(word.split(";")) if word else (),
    "flag": lambda word: None if word is None else word == "yes",
}
