"""GeoJSON (RFC 7946), and the older form with a `crs` member."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from kulan.errors import InvalidFileError, TooLargeError, UnknownCrsError
from kulan.exchange.losses import Losses
from kulan.exchange.rows import MOST_FEATURES, Asked, Rows
from kulan.exchange.wkb import UNREADABLE

_GEOMETRIES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)
_KNOWN_MEMBERS = {"type", "features", "crs", "bbox", "name", "xy_coordinate_resolution"}


class _Feature(msgspec.Struct):
    geometry: msgspec.Raw = msgspec.Raw(b"null")
    properties: dict[str, Any] | None = None
    id: str | int | float | None = None
    type: str = ""
    bbox: msgspec.Raw = msgspec.Raw(b"null")


class _PlainFeature(_Feature, forbid_unknown_fields=True):
    """A feature with nothing in it that the standard does not know."""


def read(path: Path, asked: Asked, losses: Losses) -> Rows:
    """Read a FeatureCollection, a single Feature or a bare geometry.

    Attributes keep their JSON types; nested objects and lists are kept as JSON text. A feature
    whose shape is broken is left out, the others are read.

    Raises
    ------
    InvalidFileError
        If it is not JSON, or JSON that is not GeoJSON.
    UnknownCrsError
        If its `crs` member points elsewhere or cannot be understood.
    """
    content = _text(path.read_bytes(), asked)
    document = _members(content, asked)
    crs = _declared_crs(document, asked)
    features = _features(content, document, asked, losses)
    source_rows = np.arange(1, len(features) + 1, dtype=np.int64)
    shapes, kept = _shapes(features, source_rows, losses)
    attributes = _attributes(features, losses)
    return Rows(
        geometries=shapes[kept],
        attributes=attributes[kept].reset_index(drop=True),
        source_rows=source_rows[kept],
        crs=crs,
        layer="",
        n_read=len(features),
    )


def _text(content: bytes, asked: Asked) -> bytes:
    """Return the file as UTF-8 without a byte-order mark."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding).encode()
            except UnicodeError:
                raise InvalidFileError(
                    f"{asked.name}: begins as UTF-16 text and does not go on as such."
                ) from None
    return content.removeprefix(b"\xef\xbb\xbf")


def _members(content: bytes, asked: Asked) -> dict[str, msgspec.Raw]:
    """Return the members of the outer object, unread."""
    try:
        document = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        kind = msgspec.json.decode(document.get("type", msgspec.Raw(b"null")))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as problem:
        raise InvalidFileError(
            f"{asked.name}: not GeoJSON: {problem}. The file may be cut short; export it again "
            "(numbers such as NaN are not JSON)."
        ) from None
    if kind not in ("FeatureCollection", "Feature", *_GEOMETRIES):
        raise InvalidFileError(
            f"{asked.name}: JSON, but not GeoJSON: its type is {str(kind)[:60]!r}, and should be "
            "FeatureCollection, Feature or a geometry. "
            + ("TopoJSON must be converted first." if kind == "Topology" else "")
        )
    return document


def _features(
    content: bytes, document: dict[str, msgspec.Raw], asked: Asked, losses: Losses
) -> list[_Feature]:
    """Return the features, whatever the outer object is."""
    kind = msgspec.json.decode(document["type"])
    try:
        if kind == "Feature":
            return _decoded(b"[" + content + b"]", losses)
        if kind != "FeatureCollection":
            return [_Feature(geometry=msgspec.Raw(content), properties={}, type="Feature")]
        raw = document.get("features", msgspec.Raw(b"null"))
        features = _decoded(raw, losses)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as problem:
        raise InvalidFileError(
            f"{asked.name}: not GeoJSON: {problem}. Each feature needs a `geometry` and "
            "`properties` that is an object."
        ) from None
    if len(features) > MOST_FEATURES:
        raise TooLargeError(
            f"{asked.name}: {len(features)} features; Kulan reads at most {MOST_FEATURES} at once."
        )
    for member in sorted(set(document) - _KNOWN_MEMBERS):
        losses.leave_out(None, f"member {member!r}", "GeoJSON gives it no meaning")
    return features


def _decoded(raw: bytes | msgspec.Raw, losses: Losses) -> list[_Feature]:
    """Return a list of features; members of them that the standard does not know are noted."""
    try:
        return [*msgspec.json.decode(raw, type=list[_PlainFeature])]
    except msgspec.ValidationError as problem:
        if "unknown field" not in str(problem):
            raise
    members = msgspec.json.decode(raw, type=list[dict[str, msgspec.Raw]])
    known = set(_Feature.__struct_fields__)
    for member in sorted({name for feature in members for name in feature} - known):
        rows = [row for row, feature in enumerate(members, start=1) if member in feature]
        losses.leave_out(rows, f"member {member!r}", "GeoJSON gives it no meaning")
    return msgspec.json.decode(raw, type=list[_Feature])


def _declared_crs(document: dict[str, msgspec.Raw], asked: Asked) -> str | None:
    """Return WGS 84, or what an older file's `crs` member names."""
    if "crs" not in document:
        return "OGC:CRS84"
    if asked.crs is not None:
        return None
    try:
        member = msgspec.json.decode(document["crs"])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        member = "unreadable"
    if member is None:
        raise UnknownCrsError(
            f"{asked.name}: its `crs` member is null, which says that the CRS is unknown. If it is "
            "longitude and latitude, type --crs EPSG:4326."
        )
    kind = member.get("type") if isinstance(member, dict) else None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    if kind == "name" and isinstance(name, str):
        return name
    if str(kind).upper() == "EPSG" and isinstance(code, int | str):
        return f"EPSG:{code}"
    raise UnknownCrsError(
        f"{asked.name}: its `crs` member is of type {str(kind)[:40]!r}, which Kulan does not "
        "follow. Remove it, or name the CRS with --crs, for example --crs EPSG:4326."
    )


def _shapes(
    features: list[_Feature], source_rows: NDArray[np.int64], losses: Losses
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return a shape per feature, and which features are not broken."""
    shapes = np.full(len(features), None, dtype=object)
    kept = np.ones(len(features), dtype=bool)
    notes_of: dict[str, list[int]] = {}
    for index, feature in enumerate(features):
        if len(feature.geometry) == len(b"null"):
            continue
        notes: set[str] = set()
        try:
            shapes[index] = _shape(feature.geometry, notes)
        except _REFUSALS:
            kept[index] = False
            losses.leave_out([source_rows[index]], "feature", UNREADABLE)
        for note in notes if kept[index] else ():
            notes_of.setdefault(note, []).append(int(source_rows[index]))
    for note, rows in sorted(notes_of.items()):
        if note == _SHORT_PART:
            losses.leave_out(rows, "part of a feature", note)
        else:
            losses.change(rows, *note.split(": ", 1))
    return shapes, kept


def _shape(raw: msgspec.Raw, notes: set[str]) -> BaseGeometry:
    """Build a shape as the standard says; or else by hand, with what had to be mended noted."""
    try:
        shape = _GEOMETRY.decode(raw)
        return _QUICK[type(shape)](shape.coordinates)
    except _REFUSALS:
        return _by_hand(msgspec.json.decode(raw), notes)


_REFUSALS = (
    msgspec.DecodeError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    ShapelyError,
    RecursionError,
)


class _Point(msgspec.Struct, tag="Point"):
    coordinates: list[float]


class _Line(msgspec.Struct, tag="LineString"):
    coordinates: list[list[float]]


class _Lines(msgspec.Struct, tag="MultiLineString"):
    coordinates: list[list[list[float]]]


class _Area(msgspec.Struct, tag="Polygon"):
    coordinates: list[list[list[float]]]


class _Areas(msgspec.Struct, tag="MultiPolygon"):
    coordinates: list[list[list[list[float]]]]


_GEOMETRY = msgspec.json.Decoder(_Point | _Line | _Lines | _Area | _Areas)


def _array(positions: list[list[float]]) -> NDArray[np.float64]:
    """Return positions as an array; two or three values each, the same number in all."""
    array = np.array(positions, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] not in (2, 3):
        raise ValueError(array.shape)
    return array


def _quick_polygon(rings: list[list[list[float]]]) -> BaseGeometry:
    shell, *holes = [shapely.linearrings(_closed(_array(ring))) for ring in rings]
    return shapely.polygons(shell, holes or None)


def _closed(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    # shapely would close an open ring without a word
    if (ring[0, :2] != ring[-1, :2]).any():
        raise ValueError
    return ring


_QUICK: dict[type, Callable[[Any], BaseGeometry]] = {
    _Point: lambda position: shapely.points(_array([position]))[0],
    _Line: lambda positions: shapely.linestrings(_array(positions)),
    _Lines: lambda parts: shapely.multilinestrings([shapely.linestrings(_array(p)) for p in parts]),
    _Area: _quick_polygon,
    _Areas: lambda parts: shapely.multipolygons([_quick_polygon(part) for part in parts]),
}


_SHORT_PART = "a line of fewer than two points"
_FOURTH_VALUE = "measures dropped: values after the third of a position are not used"
_HEIGHT = "heights dropped: Z values are not used"
_CLOSED_RING = "rings closed: the first position was put at the end, as RFC 7946 asks"


def _by_hand(geometry: dict[str, Any], notes: set[str]) -> BaseGeometry:
    """Build a shape the standard forbids: extra values, open rings, one-point parts are mended."""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        parts = [_by_hand(part, notes) for part in geometry["geometries"]]
        return shapely.GeometryCollection(parts)
    return _BUILDERS[kind](geometry["coordinates"], notes)


def _lines(parts: list[Any], notes: set[str]) -> BaseGeometry:
    lines = [_positions(part, notes) for part in parts]
    if any(len(line) < 2 for line in lines):
        notes.add(_SHORT_PART)
    return shapely.MultiLineString([line for line in lines if len(line) > 1])


def _positions(values: list[Any], notes: set[str]) -> list[tuple[float, float]]:
    """Return x and y of each position; refuse what is not numbers."""
    positions = []
    for value in values:
        x, y = value[0], value[1]
        if isinstance(x, bool | str) or isinstance(y, bool | str):
            raise TypeError(value)
        if len(value) > 2:
            notes.add(_HEIGHT)
        if len(value) > 3:
            notes.add(_FOURTH_VALUE)
        positions.append((float(x), float(y)))
    return positions


def _polygon(rings: list[Any], notes: set[str]) -> BaseGeometry:
    closed = []
    for ring in rings:
        positions = _positions(ring, notes)
        if positions[0] != positions[-1]:
            notes.add(_CLOSED_RING)
            positions.append(positions[0])
        closed.append(positions)
    return shapely.Polygon(closed[0], closed[1:])


_BUILDERS: dict[str, Callable[[list[Any], set[str]], BaseGeometry]] = {
    "Point": lambda value, notes: shapely.Point(_positions([value], notes)[0]),
    "MultiPoint": lambda value, notes: shapely.MultiPoint(_positions(value, notes)),
    "LineString": lambda value, notes: shapely.LineString(_positions(value, notes)),
    "MultiLineString": _lines,
    "Polygon": _polygon,
    "MultiPolygon": lambda value, notes: shapely.MultiPolygon([_polygon(p, notes) for p in value]),
}


def _attributes(features: list[_Feature], losses: Losses) -> pd.DataFrame:
    """Return the properties as columns, in the order they first appear."""
    rows = [feature.properties or {} for feature in features]
    names = list(dict.fromkeys(name for row in rows for name in row))
    table: dict[str, Any] = {}
    nested = []
    for name in names:
        values = [row.get(name) for row in rows]
        if any(isinstance(value, dict | list) for value in values):
            nested.append(name)
            values = [_as_text(value) for value in values]
        table[name] = _column(values)
    if nested:
        losses.change(None, "attributes as JSON text", f"lists and objects in {', '.join(nested)}")
    frame = pd.DataFrame(table, index=pd.RangeIndex(len(rows)))
    ids = [feature.id for feature in features]
    if any(value is not None for value in ids):
        name = "id" if "id" not in frame.columns else "feature_id"
        if name == "feature_id" and name in frame.columns:
            losses.leave_out(
                None, "feature ids", "attributes called id and feature_id are in the way"
            )
        elif frame.get("id") is None or list(frame["id"]) != ids:
            frame[name] = _column(ids)
    return frame


def _as_text(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value


def _column(values: list[Any]) -> "pd.Series[Any]":
    """Return values as the narrowest type that changes none of them."""
    present = [value for value in values if value is not None]
    kinds = {type(value) for value in present}
    if kinds == {int} and all(abs(value) < 2**63 for value in present):
        return pd.Series(values, dtype="int64" if len(present) == len(values) else "Int64")
    if kinds == {float}:
        return pd.Series([float("nan") if v is None else v for v in values], dtype="float64")
    if kinds == {bool} and len(present) == len(values):
        return pd.Series(values, dtype=bool)
    return pd.Series(values, dtype=object)
