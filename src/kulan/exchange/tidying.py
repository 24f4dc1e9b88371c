"""Shapes made plain: two-dimensional, of the kinds wanted, without repeats, valid."""

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.exchange.losses import Losses
from kulan.exchange.rows import KIND_OF_TYPE, KIND_WORDS, Asked, Rows
from kulan.exchange.wkb import NO_SHAPE

_COLLECTION = 7
_DIMENSION_KIND = {0: "point", 1: "line", 2: "polygon"}
_MULTI = {
    "point": shapely.MultiPoint,
    "line": shapely.MultiLineString,
    "polygon": shapely.MultiPolygon,
}


def keep_usable(rows: Rows, asked: Asked, losses: Losses) -> Rows:
    """Return the features that have a shape of a kind wanted, flat and free of repeated vertices.

    A mixed collection gives one feature for each kind wanted; its other parts are left out, as are
    features without a shape. Everything is noted.
    """
    shapes = rows.geometries
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    empty = missing & ~shapely.is_missing(shapes)
    losses.leave_out(rows.source_rows[empty], "feature", "an empty geometry")
    losses.leave_out(rows.source_rows[missing & ~empty], "feature", NO_SHAPE)
    rows = _chosen(rows, np.flatnonzero(~missing), shapes[~missing])
    rows = _flat(rows, losses)
    rows = _split_collections(rows, losses)
    rows = _of_kind(rows, asked, losses)
    rows, repeated = _finite(rows, losses)
    return _without_repeats(rows, repeated, losses)


def make_valid(rows: Rows, losses: Losses) -> Rows:
    """Mend polygons that cross or touch themselves; what is left of no area is left out.

    The structure method of GEOS is used: holes stay holes, and overlapping parts are joined.
    """
    shapes = rows.geometries.copy()
    invalid = np.flatnonzero(~shapely.is_valid(shapes))
    if len(invalid) == 0:
        return rows
    reasons = sorted(
        {str(reason).split("[")[0].strip() for reason in shapely.is_valid_reason(shapes[invalid])}
    )
    mended = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    shapes[invalid] = [_only_areas(shape) for shape in mended]
    gone = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    losses.change(rows.source_rows[invalid], "made valid", "; ".join(reasons))
    losses.leave_out(rows.source_rows[gone], "feature", "a polygon without area")
    return _chosen(rows, np.flatnonzero(~gone), shapes[~gone])


def _only_areas(shape: BaseGeometry) -> BaseGeometry | None:
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    areas = [p for p in shapely.get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(areas) if areas else None


def _chosen(rows: Rows, index: NDArray[np.int64], shapes: NDArray[np.object_]) -> Rows:
    """Return the rows at `index`, with these shapes."""
    return replace(
        rows,
        geometries=shapes,
        attributes=rows.attributes.iloc[index].reset_index(drop=True),
        source_rows=rows.source_rows[index],
    )


def _flat(rows: Rows, losses: Losses) -> Rows:
    """Drop heights and measures."""
    high, measured = shapely.has_z(rows.geometries), shapely.has_m(rows.geometries)
    if not (high | measured).any():
        return rows
    losses.change(rows.source_rows[high], "heights dropped", "Z values are not used")
    losses.change(
        rows.source_rows[measured],
        "measures dropped",
        "M values are not used; shapes stay as they are",
    )
    return replace(rows, geometries=np.asarray(shapely.force_2d(rows.geometries), dtype=object))


def _finite(rows: Rows, losses: Losses) -> tuple[Rows, NDArray[np.bool_]]:
    """Leave out shapes with coordinates that are not numbers; say which repeat a vertex."""
    xy, owner = shapely.get_coordinates(rows.geometries, return_index=True)
    broken = np.zeros(len(rows.geometries), dtype=bool)
    broken[owner[~np.isfinite(xy).all(axis=1)]] = True
    # two rings or parts that meet look repeated too; looking closer at a few of them costs little
    again = (xy[1:] == xy[:-1]).all(axis=1) & (owner[1:] == owner[:-1])
    repeated = np.zeros(len(rows.geometries), dtype=bool)
    repeated[owner[1:][again]] = True
    if not broken.any():
        return rows, repeated
    losses.leave_out(rows.source_rows[broken], "feature", "coordinates that are not numbers")
    return _chosen(rows, np.flatnonzero(~broken), rows.geometries[~broken]), repeated[~broken]


def _split_collections(rows: Rows, losses: Losses) -> Rows:
    """Turn each mixed collection into one feature for each kind of shape in it."""
    mixed = np.flatnonzero(shapely.get_type_id(rows.geometries) == _COLLECTION)
    if len(mixed) == 0:
        return rows
    index: list[int] = []
    shapes: list[BaseGeometry] = []
    for place, shape in enumerate(rows.geometries):
        pieces = _by_kind(shape) if shapely.get_type_id(shape) == _COLLECTION else [shape]
        index += [place] * len(pieces)
        shapes += pieces
        if not pieces:
            losses.leave_out([rows.source_rows[place]], "feature", "an empty geometry")
    losses.change(
        rows.source_rows[mixed],
        "collections taken apart",
        "one feature for each kind of shape; attributes are repeated",
    )
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return _chosen(rows, np.asarray(index, dtype=np.int64), array)


def _by_kind(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the parts of a collection, joined by kind: points, lines, polygons."""
    parts = [shape]
    while any(part.geom_type.startswith(("Multi", "GeometryCollection")) for part in parts):
        parts = [single for part in parts for single in shapely.get_parts(part)]
    joined: list[BaseGeometry] = []
    for dimension, kind in _DIMENSION_KIND.items():
        same = [p for p in parts if not p.is_empty and shapely.get_dimensions(p) == dimension]
        if same:
            joined.append(same[0] if len(same) == 1 else _MULTI[kind](same))
    return joined


def _of_kind(rows: Rows, asked: Asked, losses: Losses) -> Rows:
    """Leave out shapes of kinds nobody asked for."""
    kinds = np.array([*KIND_OF_TYPE.values(), ""])[shapely.get_type_id(rows.geometries)]
    wanted = np.isin(kinds, list(asked.shapes))
    if wanted.all():
        return rows
    for kind, words in KIND_WORDS.items():
        other = (kinds == kind) & ~wanted
        # a row that stands twice came from a collection: only a part of it stays behind
        kept = np.isin(rows.source_rows, rows.source_rows[wanted])
        reason = f"{words}, where {asked.shapes_in_words} are read"
        losses.leave_out(rows.source_rows[other & ~kept], "feature", reason)
        losses.leave_out(rows.source_rows[other & kept], "part of a feature", reason)
    return _chosen(rows, np.flatnonzero(wanted), rows.geometries[wanted])


def _without_repeats(rows: Rows, repeated: NDArray[np.bool_], losses: Losses) -> Rows:
    """Drop vertices that repeat the one before, and lines and parts of lines without length."""
    suspects = np.flatnonzero(repeated)
    if len(suspects) == 0:
        return rows
    shapes = rows.geometries.copy()
    given = shapes[suspects]
    kinds = shapely.get_dimensions(given)
    of_rows = rows.source_rows[suspects]
    lines = kinds == 1
    given[lines] = _lines_with_length(given[lines], of_rows[lines], losses)
    cleaned = given.copy()
    solid = ~shapely.is_missing(given) & (kinds > 0)
    cleaned[solid] = shapely.remove_repeated_points(given[solid], 0.0)
    # a ring that would collapse is left to `make_valid`
    collapsed = solid & (shapely.is_empty(cleaned) | (shapely.get_dimensions(cleaned) != kinds))
    cleaned[collapsed] = given[collapsed]
    fewer = solid & (
        shapely.get_num_coordinates(cleaned)
        < shapely.get_num_coordinates(rows.geometries[suspects])
    )
    losses.change(
        of_rows[fewer], "repeated vertices dropped", "a vertex equal to the one before it"
    )
    shapes[suspects] = cleaned
    kept = ~shapely.is_missing(shapes)
    return _chosen(rows, np.flatnonzero(kept), shapes[kept])


def _lines_with_length(
    lines: NDArray[np.object_], source_rows: NDArray[np.int64], losses: Losses
) -> NDArray[np.object_]:
    """Return lines with their parts of no length gone; None where nothing is left."""
    result = lines.copy()
    parts, owner = shapely.get_parts(lines, return_index=True)
    still = shapely.length(parts) == 0
    for index in np.unique(owner[still]):
        left = [part for part in parts[owner == index] if shapely.length(part) > 0]
        if not left:
            result[index] = None
            losses.leave_out([source_rows[index]], "feature", "a line without length")
        else:
            result[index] = shapely.MultiLineString(left)
            losses.leave_out([source_rows[index]], "part of a feature", "a line without length")
    return result
