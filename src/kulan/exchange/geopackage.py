"""GeoPackage (OGC 12-128): reading."""

import sqlite3
from contextlib import closing
from pathlib import Path

from kulan.errors import InvalidFileError
from kulan.exchange.gdal_files import check_driver, layer_kinds, locked_gdal, read_layer
from kulan.exchange.geopackage_blobs import look_through, opened_read_only
from kulan.exchange.layers import choose_layer, kinds_of_type
from kulan.exchange.losses import Losses
from kulan.exchange.rows import Asked, Rows

DRIVER = "GPKG"
_HARMLESS_MODULES = ("rtree", "fts3", "fts4", "fts5")


def read(path: Path, asked: Asked, losses: Losses) -> Rows:
    """Read one layer of a GeoPackage; curves become lines, and rows no index counts are found.

    Raises
    ------
    InvalidFileError
        If it is not a GeoPackage, or layers cannot be told apart.
    """
    _check_is_plain(path, asked)
    with locked_gdal(asked, losses, DRIVER):
        layers = {
            name: kinds_of_type(kind) for name, kind in layer_kinds(path) if name != "layer_styles"
        }
        layer = choose_layer(layers, asked, losses)
        info = check_driver(path, layer, DRIVER, asked)
        count = look_through(path, layer, info["geometry_name"], losses)
        # GDAL believes the count the file keeps; a program that forgot to update it would hide rows
        stale = count != info["features"]
        sql = f'SELECT * FROM "{layer}"' if stale else None  # noqa: S608 - a name the file gave
        rows = read_layer(path, layer, losses, sql=sql)
    if rows.n_read != count:
        raise InvalidFileError(
            f"{asked.name}: layer {layer!r} holds {count} rows and GDAL reads {rows.n_read}. "
            "Open it in QGIS and export the layer again."
        )
    return rows


def _check_is_plain(path: Path, asked: Asked) -> None:
    """Refuse what is not SQLite, and tables that would run or fetch something when read."""
    try:
        with closing(opened_read_only(path)) as database:
            tables = database.execute("SELECT name, sql FROM sqlite_master").fetchall()
            names = {name for name, _ in tables}
    except (sqlite3.Error, UnicodeError, ValueError, OverflowError) as problem:
        raise InvalidFileError(
            f"{asked.name}: not a readable GeoPackage ({problem}). It may be cut short; copy or "
            "export it again."
        ) from None
    if "gpkg_contents" not in names:
        raise InvalidFileError(
            f"{asked.name}: an SQLite file without the table gpkg_contents, so no GeoPackage. "
            "Export the layer as GeoPackage from QGIS."
        )
    for name, sql in tables:
        words = str(sql or "").upper()
        if "VIRTUAL TABLE" in words and not any(
            f"USING {module.upper()}" in " ".join(words.split()) for module in _HARMLESS_MODULES
        ):
            raise InvalidFileError(
                f"{asked.name}: table {name!r} is virtual: its rows come from elsewhere. Export "
                "the layer you need into a new GeoPackage."
            )
