"""What the geometry blobs of a GeoPackage hold, which GDAL says nothing of: curves and measures."""

import sqlite3
import struct
from collections import Counter
from contextlib import closing
from pathlib import Path

from kulan.errors import InvalidFileError
from kulan.exchange.losses import Losses

CURVES_STRAIGHTENED = "curves made straight"
CURVE_TOLERANCE = (
    "arcs became lines with a vertex every 4 degrees of arc (0.06 % of the radius off)"
)
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_CURVES = range(8, 13)
_COLLECTIONS = (7, 11, 12)
# the magic, the byte order and the type of each blob, cut out by SQLite: a look at every blob from
# Python takes longer than reading the shapes
_HEADERS_QUERY = """
SELECT CASE typeof(geom) WHEN 'null' THEN '' ELSE
    hex(substr(geom, 1, 2)) || hex(substr(geom, 9 + CASE substr(hex(substr(geom, 4, 1)), 2, 1)
        WHEN '2' THEN 32 WHEN '3' THEN 32 WHEN '4' THEN 48 WHEN '5' THEN 48
        WHEN '6' THEN 48 WHEN '7' THEN 48 WHEN '8' THEN 64 WHEN '9' THEN 64 ELSE 0 END, 5)) END
FROM (SELECT {column} AS geom FROM {table})"""


def opened_read_only(path: Path) -> sqlite3.Connection:
    """Open a database so that nothing is written beside it, unless a journal lies there already."""
    journal = path.with_name(f"{path.name}-wal").exists()
    return sqlite3.connect(f"{path.as_uri()}?mode=ro{'' if journal else '&immutable=1'}", uri=True)


def look_through(path: Path, layer: str, geometry: str, losses: Losses) -> int:
    """Return how many rows a layer has; note curves, measures and blobs that are no geometry.

    Parameters
    ----------
    path, layer
        What to look through.
    geometry
        Its geometry column; empty for a table without one.
    losses
        For the account.

    Raises
    ------
    InvalidFileError
        If the table cannot be read to its end.
    """
    # names cannot be bound as parameters; a quote inside one is doubled
    table, column = ('"{}"'.format(name.replace('"', '""')) for name in (layer, geometry))
    try:
        with closing(opened_read_only(path)) as database:
            if not geometry:
                (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
                return int(count)
            query = _HEADERS_QUERY.format(column=column, table=table)
            headers = Counter(header for (header,) in database.execute(query))
            if not all(_is_plain(header) for header in headers):
                _note_each(database, f"SELECT {column} FROM {table}", losses)  # noqa: S608
    except (sqlite3.Error, UnicodeError, OverflowError) as problem:
        raise InvalidFileError(
            f"{path.name}: layer {layer!r} cannot be read to its end ({problem}). "
            "Copy or export the file again."
        ) from None
    return headers.total()


def _is_plain(header: str) -> bool:
    """Whether a blob is missing, or a point, line or polygon without measures."""
    if not header:
        return True
    raw = bytes.fromhex(header)
    if raw[:2] != b"GP" or len(raw) < 7:
        return False
    kind = _type_at(raw, 2)
    return kind % 1000 in range(1, 7) and kind // 1000 in (0, 1)


def _note_each(database: sqlite3.Connection, query: str, losses: Losses) -> None:
    """Note row by row what is not plain."""
    curved: list[int] = []
    measured: list[int] = []
    broken: list[int] = []
    for row, (blob,) in enumerate(database.execute(query), start=1):
        types = _types(blob) if isinstance(blob, bytes) else []
        if blob is not None and not types:
            broken.append(row)
        if any(kind % 1000 in _CURVES for kind in types):
            curved.append(row)
        if any(kind // 1000 in (2, 3) for kind in types):
            measured.append(row)
    losses.change(curved, CURVES_STRAIGHTENED, CURVE_TOLERANCE)
    losses.change(measured, "measures dropped", "M values are not used; shapes stay as they are")
    losses.change(broken, "broken shapes", "blobs that are no GeoPackage geometry count as empty")


def _types(blob: bytes) -> list[int]:
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
    if outer % 1000 in _COLLECTIONS:
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
