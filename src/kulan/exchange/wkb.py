"""Shapes from well-known binary and text, with a reason for each that is none."""

import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.exchange.losses import Losses

_TYPE_NAMES = {
    8: "CircularString",
    9: "CompoundCurve",
    10: "CurvePolygon",
    11: "MultiCurve",
    12: "MultiSurface",
    15: "PolyhedralSurface",
    16: "TIN",
    17: "Triangle",
}
UNREADABLE = "a shape that cannot be read (a line needs two points, a ring four, and all numbers)"
CURVE = "a {}: this format's curves are not read; make it straight lines, or give a GeoPackage"
_CURVES = range(8, 13)
NO_SHAPE = "no geometry"


def read_wkb(
    blobs: Sequence[Any] | NDArray[np.object_], source_rows: NDArray[np.int64], losses: Losses
) -> NDArray[np.object_]:
    """Return a shape for each blob, None (and a reason in `losses`) where there is none.

    Missing blobs give None without a reason: whoever tidies the shapes says that there was none.
    """
    raw = np.empty(len(blobs), dtype=object)
    raw[:] = list(blobs)
    shapes = parsed(raw, lambda some: shapely.from_wkb(some, on_invalid="ignore"))
    broken = np.array([blob is not None for blob in raw], dtype=bool) & shapely.is_missing(shapes)
    for index in np.flatnonzero(broken):
        losses.leave_out([source_rows[index]], "feature", _why_unreadable(bytes(raw[index])))
    return shapes


def parsed(
    raw: NDArray[np.object_], parse: Callable[[NDArray[np.object_]], Any]
) -> NDArray[np.object_]:
    """Return a shape for each item, None for those that shapely refuses, curves among them."""
    try:
        return np.asarray(parse(raw), dtype=object).reshape(-1)
    except NotImplementedError:
        # one curve makes shapely refuse all of them
        shapes = np.full(len(raw), None, dtype=object)
        for index, item in enumerate(raw):
            with suppress(NotImplementedError):
                shapes[index] = parse(np.array([item], dtype=object))[0]
        return shapes


def readable(shapes: NDArray[np.object_], blobs: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which features either have a shape or never had one (the rest is already noted)."""
    present = np.array([blob is not None for blob in blobs], dtype=bool)
    kept: NDArray[np.bool_] = ~(present & shapely.is_missing(shapes))
    return kept


def _why_unreadable(blob: bytes) -> str:
    """Name the type in a blob that GEOS does not read."""
    try:
        number = struct.unpack_from("<I" if blob[0] else ">I", blob, 1)[0]
    except (IndexError, struct.error):
        return UNREADABLE
    kind = (number & 0x0FFFFFFF) % 1000
    name = _TYPE_NAMES.get(kind)
    if name and kind in _CURVES:
        return CURVE.format(name)
    return f"a {name}, which is neither line nor polygon" if name else UNREADABLE
