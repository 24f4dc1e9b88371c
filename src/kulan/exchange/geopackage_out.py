"""Writing a GeoPackage that QGIS opens styled: same tables, same bytes."""

import re
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from kulan.errors import InvalidTableError, OutputExistsError, UnknownCrsError
from kulan.exchange.gdal_files import gdal_options
from kulan.outputs import write_whole

# a file that says when it was written differs from the next one written from the same tables
_NO_DATE = "1970-01-01T00:00:00.000Z"
_WRITING = {
    "OGR_CURRENT_DATE": _NO_DATE,
    # the work file is thrown away if anything fails, so nothing need reach the disk before the end
    "OGR_SQLITE_SYNCHRONOUS": "OFF",
    "OGR_SQLITE_JOURNAL": "MEMORY",
}
_TABLE_NAME = re.compile(r"[^\W\d]\w{0,62}")
_RESERVED = ("layer_styles",)
_STYLES_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
    f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT CURRENT_TIMESTAMP
)"""
_STYLES_ENTRY = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)"""
_STYLE_ROW = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
    styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)"""


def write_geopackage(
    path: Path | str,
    tables: Mapping[str, gpd.GeoDataFrame | pd.DataFrame],
    *,
    styles: Mapping[str, str] | None = None,
) -> None:
    """Write tables as the layers of one GeoPackage, which appears whole or not at all.

    Tables without geometry become attribute tables. The same tables give the same bytes: the file
    carries no date of writing. A list or tuple in a cell is written with ``;`` and a space between
    its items.

    Parameters
    ----------
    path
        File to make or replace.
    tables
        By layer name, in the order they shall be listed; none is changed.
    styles
        QGIS styles (QML text) by layer name; each becomes the layer's default style.

    Raises
    ------
    InvalidTableError
        If there is no table, a name cannot be a layer's, or a style has no layer.
    UnknownCrsError
        If a table with geometry has no CRS.
    OutputExistsError
        If `path` is a folder.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> line = gpd.GeoDataFrame(
    ...     {"name": ["Тайшет"]},
    ...     geometry=[shapely.LineString([(98, 55), (98.1, 55)])],
    ...     crs="EPSG:4326",
    ... )
    >>> write_geopackage(folder / "lines.gpkg", {"lines": line})
    >>> gpd.read_file(folder / "lines.gpkg")["name"].tolist()
    ['Тайшет']
    """
    path = Path(path)
    styles = styles or {}
    _check(path, tables, styles)
    with tempfile.TemporaryDirectory(prefix="kulan-writing-") as folder:
        work = Path(folder) / "work.gpkg"
        with gdal_options(_WRITING):
            for name, table in tables.items():
                _write_layer(work, name, table)
        if styles:
            _write_styles(work, styles)
        write_whole(path, work.read_bytes())


def _check(
    path: Path, tables: Mapping[str, gpd.GeoDataFrame | pd.DataFrame], styles: Mapping[str, str]
) -> None:
    if path.is_dir():
        raise OutputExistsError(f"{path}: a folder is there. Name a file.")
    if not tables:
        raise InvalidTableError(f"{path.name}: no tables to write.")
    lower = [name.lower() for name in tables]
    for name in tables:
        unusable = not _TABLE_NAME.fullmatch(name) or name.lower() in _RESERVED
        if unusable or name.lower().startswith(("gpkg_", "rtree_", "sqlite_")):
            raise InvalidTableError(
                f"{path.name}: {name!r} cannot be a layer's name; use letters, digits and _, a "
                "letter first, and no word GeoPackage keeps for itself."
            )
        if lower.count(name.lower()) > 1:
            raise InvalidTableError(f"{path.name}: two layers are called {name!r}.")
    for name in styles:
        if name not in tables or not isinstance(tables[name], gpd.GeoDataFrame):
            raise InvalidTableError(f"{path.name}: a style for {name!r}, which is no layer of it.")


def _write_layer(path: Path, name: str, table: gpd.GeoDataFrame | pd.DataFrame) -> None:
    """Append one table to the file."""
    frame = table.reset_index(drop=True).copy()
    is_spatial = isinstance(table, gpd.GeoDataFrame)
    geometry = table.geometry.name if is_spatial else None
    for column in frame.columns:
        if column != geometry and frame[column].dtype == object:
            frame[column] = frame[column].map(plain_cell)
    frame = frame.rename(columns={c: f"{c}_" for c in frame.columns if str(c).lower() == "fid"})
    if not is_spatial:
        pyogrio.write_dataframe(
            frame,
            path,
            layer=name,
            driver="GPKG",
            append=path.exists(),
            dataset_options=_version(path),
        )
        return
    if table.crs is None:
        raise UnknownCrsError(f"{name}: the table has no CRS. Set it with table.set_crs(...).")
    pyogrio.write_dataframe(
        frame,
        path,
        layer=name,
        driver="GPKG",
        append=path.exists(),
        geometry_type=_geometry_type(table),
        promote_to_multi=_is_mixed_multi(table),
        layer_options={"GEOMETRY_NAME": "geom"},
        dataset_options=_version(path),
    )


def _version(path: Path) -> dict[str, str]:
    """Return the version of a file not yet begun: the last one that QGIS 3.22 reads unwarned."""
    return {} if path.exists() else {"VERSION": "1.3"}


def plain_cell(value: Any) -> Any:
    """Return a cell as something a file of features can hold: items of a list joined by ``;``.

    Examples
    --------
    >>> plain_cell(["saiga", "khulan"]), plain_cell(1.5)
    ('saiga; khulan', 1.5)
    """
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return "; ".join(str(item) for item in items)
    return value


def _types(table: gpd.GeoDataFrame) -> set[str]:
    return set(table.geometry.geom_type.dropna().unique())


def _is_mixed_multi(table: gpd.GeoDataFrame) -> bool:
    """Whether single and multi-part shapes of one kind stand together."""
    types = _types(table)
    return len(types) == 2 and len({name.removeprefix("Multi") for name in types}) == 1


def _geometry_type(table: gpd.GeoDataFrame) -> str:
    types = _types(table)
    if _is_mixed_multi(table):
        name = next(name for name in types if name.startswith("Multi"))
    elif len(types) == 1 and types != {"LinearRing"}:
        name = next(iter(types))
    else:
        return "Unknown"
    return f"{name} Z" if bool(shapely.has_z(table.geometry.to_numpy()).any()) else name


def _write_styles(path: Path, styles: Mapping[str, str]) -> None:
    """Add QGIS's table of styles."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute(_STYLES_TABLE)
        database.execute(_STYLES_ENTRY, (_NO_DATE,))
        for name, qml in styles.items():
            row = (name, name[:30], qml, f"{name}: style of Kulan", _NO_DATE)
            database.execute(_STYLE_ROW, row)
