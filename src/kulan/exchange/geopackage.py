"""GeoPackage (OGC 12-128): reading."""

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

from kulan.errors import InvalidFileError
from kulan.exchange.gdal_files import check_driver, layer_kinds, locked_gdal, read_layer
from kulan.exchange.layers import choose_layer, kinds_of_type
from kulan.exchange.losses import Losses
from kulan.exchange.rows import Asked, Rows

DRIVER = "GPKG"
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_CURVES = range(8, 13)
_HARMLESS_MODULES = ("rtree", "fts3", "fts4", "fts5")
CURVES_STRAIGHTENED = "curves made straight"
CURVE_TOLERANCE = (
    "arcs became lines with a vertex every 4 degrees of arc (0.06 % of the radius off)"
)


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
        count = _inspect(path, layer, info["geometry_name"], losses)
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
        with closing(_opened(path)) as database:
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


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)


def _inspect(path: Path, layer: str, geometry: str, losses: Losses) -> int:
    """Return how many rows a layer has; note measures and curves, on which GDAL is silent."""
    curved: list[int] = []
    measured: list[int] = []
    broken: list[int] = []
    count = 0
    # names cannot be bound as parameters; a quote inside one is doubled
    table, column = (name.replace('"', '""') for name in (layer, geometry))
    query = f'SELECT "{column}" FROM "{table}"' if geometry else f'SELECT NULL FROM "{table}"'  # noqa: S608
    try:
        with closing(_opened(path)) as database:
            for row, (blob,) in enumerate(database.execute(query), start=1):
                count = row
                if blob is None:
                    continue
                types = list(_types(blob)) if isinstance(blob, bytes) else []
                if not types:
                    broken.append(row)
                if any(kind % 1000 in _CURVES for kind in types):
                    curved.append(row)
                if any(kind // 1000 in (2, 3) for kind in types):
                    measured.append(row)
    except (sqlite3.Error, UnicodeError, OverflowError) as problem:
        raise InvalidFileError(
            f"{path.name}: layer {layer!r} breaks off after {count} rows ({problem}). "
            "Copy or export the file again."
        ) from None
    losses.change(curved, CURVES_STRAIGHTENED, CURVE_TOLERANCE)
    losses.change(measured, "measures dropped", "M values are not used; shapes stay as they are")
    losses.change(broken, "broken shapes", "blobs that are no GeoPackage geometry count as empty")
    return count


def _types(blob: bytes) -> "list[int]":
    """Return the type numbers in a GeoPackage geometry blob, those of its parts included."""
    if blob[:2] != b"GP" or len(blob) < 13:
        return []
    envelope = (blob[3] >> 1) & 7
    if envelope >= len(_ENVELOPE_BYTES):
        return []
    start = 8 + _ENVELOPE_BYTES[envelope]
    if len(blob) < start + 5:
        return []
    outer = _type_at(blob, start)
    if outer % 1000 in (7, 11, 12):
        return [outer, *_types_of_parts(blob, start, outer)]
    return [outer]


def _type_at(blob: bytes, start: int) -> int:
    kind: int = struct.unpack_from("<I" if blob[start] else ">I", blob, start + 1)[0]
    return kind


def _types_of_parts(blob: bytes, start: int, outer: int) -> list[int]:
    """Return the types of curves that begin anywhere in a collection's bytes.

    Parts are found by their header, byte order and a curve's type number: a false hit among the
    coordinates would need a double that ends in exactly those bytes, and costs one needless line
    in the report.
    """
    dimensions = outer // 1000 * 1000
    for kind in _CURVES:
        for order, form in ((b"\x01", "<I"), (b"\x00", ">I")):
            if order + struct.pack(form, dimensions + kind) in blob[start + 9 :]:
                return [dimensions + kind]
    return []
