"""FlatGeobuf (version 3)."""

import struct
from pathlib import Path

import pyogrio

from kulan.errors import InvalidFileError
from kulan.exchange.files import first_bytes
from kulan.exchange.gdal_files import check_driver, layer_kinds, locked_gdal, read_layer
from kulan.exchange.geopackage_blobs import CURVE_TOLERANCE, CURVES_STRAIGHTENED
from kulan.exchange.losses import Losses
from kulan.exchange.rows import Asked, Rows

DRIVER = "FlatGeobuf"
_MAGIC = b"fgb\x03fgb"
_LEAST_FEATURE_BYTES = 12
_GEOMETRY_TYPE_FIELD = 2
_CURVES = range(8, 13)


def read(path: Path, asked: Asked, losses: Losses) -> Rows:
    """Read a FlatGeobuf file; a header that promises more than the file holds is refused.

    Raises
    ------
    InvalidFileError
        If it is no FlatGeobuf of version 3, or breaks off.
    """
    if not first_bytes(path, 8).startswith(_MAGIC):
        raise InvalidFileError(
            f"{asked.name}: does not begin as FlatGeobuf version 3 does. Export it again."
        )
    with locked_gdal(asked, losses, DRIVER):
        layer = layer_kinds(path)[0][0]
        info = check_driver(path, layer, DRIVER, asked)
        count, size = info["features"], path.stat().st_size
        if count * _LEAST_FEATURE_BYTES > size:
            raise InvalidFileError(
                f"{asked.name}: its header promises {count} features, and the file has {size} "
                "bytes. It is cut short or damaged; copy it again."
            )
        rows = read_layer(path, layer, losses)
        if _may_hold_curves(path):
            _note_curves(path, layer, losses)
    if rows.n_read < count:
        raise InvalidFileError(
            f"{asked.name}: its header promises {count} features, and {rows.n_read} are there. "
            "It is cut short; copy it again."
        )
    return rows


def _may_hold_curves(path: Path) -> bool:
    """Read the geometry type from the header: 0 is 'any', 7 a collection, 8 to 12 are curves."""
    head = first_bytes(path, 65_536)
    try:
        root = 12 + struct.unpack_from("<I", head, 12)[0]
        vtable = root - struct.unpack_from("<i", head, root)[0]
        size = struct.unpack_from("<H", head, vtable)[0]
        slot = 4 + 2 * _GEOMETRY_TYPE_FIELD
        offset = struct.unpack_from("<H", head, vtable + slot)[0] if slot < size else 0
        kind = head[root + offset] if offset else 0
    except (struct.error, IndexError):
        return True
    return kind in (0, 7) or kind in _CURVES


def _note_curves(path: Path, layer: str, losses: Losses) -> None:
    """Ask GDAL, which straightens them in silence, what type each feature had."""
    name = layer.replace('"', '\\"')
    _, _, _, (kinds,) = pyogrio.raw.read(
        path,
        sql=f'SELECT OGR_GEOMETRY AS kind FROM "{name}"',  # noqa: S608 - a name the file gave
        sql_dialect="OGRSQL",
        read_geometry=False,
    )
    words = ("CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE")
    rows = [row for row, kind in enumerate(kinds, start=1) if str(kind).startswith(words)]
    losses.change(rows, CURVES_STRAIGHTENED, CURVE_TOLERANCE)
