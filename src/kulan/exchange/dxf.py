"""DXF (AutoCAD drawing exchange, as text)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import shapely

from kulan.errors import InvalidFileError
from kulan.exchange.files import first_bytes
from kulan.exchange.gdal_files import check_driver, gdal_options, locked_gdal, read_layer
from kulan.exchange.layers import choose_layer
from kulan.exchange.losses import Losses
from kulan.exchange.rows import KIND_OF_TYPE, Asked, Rows

DRIVER = "DXF"
_GDAL_LAYER = "entities"
_BINARY = b"AutoCAD Binary DXF"
_READ_BY_GDAL = frozenset(
    (
        "POINT", "LINE", "LWPOLYLINE", "POLYLINE", "MLINE", "MTEXT", "TEXT", "ATTDEF",
        "ATTRIB", "ELLIPSE", "CIRCLE", "ARC", "SPLINE", "HELIX", "3DFACE", "INSERT",
        "SOLID", "TRACE", "DIMENSION", "HATCH", "LEADER", "MLEADER", "MULTILEADER",
        "VERTEX", "SEQEND",
    )
)  # fmt: skip
_CURVED = ("ARC", "CIRCLE", "ELLIPSE", "SPLINE", "HELIX")
_UNITS = {
    1: "inches",
    2: "feet",
    3: "miles",
    4: "millimetres",
    5: "centimetres",
    7: "kilometres",
    10: "yards",
    14: "decimetres",
}
CURVE_TOLERANCE = "arcs and splines became lines with a vertex every 4 degrees of arc"


@dataclass
class _Drawing:
    """What a look through the drawing's text found."""

    entities: Counter[str] = field(default_factory=Counter)
    bulges: int = 0
    units: int = 0


def read(path: Path, asked: Asked, losses: Losses) -> Rows:
    """Read one layer of a drawing; blocks are resolved, arcs made straight.

    A closed polyline is a line, unless only polygons are wanted.

    Raises
    ------
    InvalidFileError
        If it is binary DXF, broken, or several of its layers hold shapes of the kinds wanted.
    """
    _check_is_text(path, asked)
    drawing = _look_through(path)
    _note(drawing, losses)
    closed = "FALSE" if "line" in asked.shapes else "TRUE"
    with (
        locked_gdal(asked, losses, DRIVER),
        gdal_options({"DXF_CLOSED_LINE_AS_POLYGON": closed, "OGR_ARC_STEPSIZE": "4"}),
    ):
        check_driver(path, _GDAL_LAYER, DRIVER, asked)
        rows = read_layer(path, _GDAL_LAYER, losses)
    return _one_layer(rows, asked, losses)


def _check_is_text(path: Path, asked: Asked) -> None:
    head = first_bytes(path, 4096)
    if head.startswith(_BINARY):
        raise InvalidFileError(
            f"{asked.name}: binary DXF, which is not read. Save the drawing as ASCII DXF."
        )
    if head.startswith(b"AC10"):
        raise InvalidFileError(
            f"{asked.name}: a DWG drawing under a .dxf name. Save it as ASCII DXF (2018 or older)."
        )
    if b"SECTION" not in head or b"\x00" in head:
        raise InvalidFileError(
            f"{asked.name}: no DXF section in its first lines. Save the drawing again as ASCII DXF."
        )


def _look_through(path: Path) -> _Drawing:
    """Count the entities of the drawing by kind, since GDAL passes over those it does not know."""
    drawing = _Drawing()
    section = entity = variable = ""
    for code, value in _pairs(path):
        if code == "0":
            entity = value.upper()
            if section == "ENTITIES" and entity not in ("SECTION", "ENDSEC", "EOF"):
                drawing.entities[entity] += 1
        elif code == "2" and entity == "SECTION":
            section = value.upper()
        elif code == "9" and section == "HEADER":
            variable = value
        elif code == "70" and variable == "$INSUNITS":
            drawing.units, variable = int(value) if value.isdigit() else 0, ""
        elif code == "42" and section == "ENTITIES" and entity in ("LWPOLYLINE", "VERTEX"):
            drawing.bulges += value.strip("0.-+ ") not in ("", "e")
    return drawing


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Give the drawing's group codes with their values."""
    with path.open(encoding="latin-1", newline=None) as file:
        for code in file:
            value = next(file, None)
            if value is None:
                return
            yield code.strip(), value.strip()


def _note(drawing: _Drawing, losses: Losses) -> None:
    for kind, count in sorted(drawing.entities.items()):
        if kind not in _READ_BY_GDAL:
            losses.leave_out(
                None,
                f"{count} entities {kind}",
                "a kind of drawing element that GDAL does not read",
            )
    curved = sum(drawing.entities[kind] for kind in _CURVED)
    if curved or drawing.bulges:
        losses.change(None, "curves made straight", CURVE_TOLERANCE)
    if drawing.units in _UNITS:
        losses.change(
            None,
            "drawing unit not used",
            f"the drawing says {_UNITS[drawing.units]}; its numbers are taken in the CRS's unit",
        )


def _one_layer(rows: Rows, asked: Asked, losses: Losses) -> Rows:
    """Return the features of the drawing's layer that was asked for, or the only one that fits."""
    names = rows.attributes["Layer"].fillna("0").astype(str).to_numpy(dtype=object)
    kinds = [KIND_OF_TYPE.get(int(t)) for t in shapely.get_type_id(rows.geometries)]
    layers: dict[str, frozenset[str]] = {}
    for name, kind in zip(names, kinds, strict=True):
        held = layers.get(name, frozenset())
        layers[name] = held | ({kind} if kind else frozenset(asked.shapes))
    chosen = choose_layer(layers, asked, losses)
    index = np.flatnonzero(names == chosen)
    return replace(
        rows,
        geometries=rows.geometries[index],
        attributes=rows.attributes.iloc[index].reset_index(drop=True),
        source_rows=rows.source_rows[index],
        layer=chosen,
        n_read=len(index),
    )
