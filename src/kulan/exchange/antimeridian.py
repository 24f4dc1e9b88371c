"""Lines and polygons across the 180th meridian."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from kulan.exchange.losses import Losses

_HALF_TURN = 180.0
_TURN = 360.0
_WHOLE_TURN_LEAST = 359.99
_WORLD = shapely.box(-180.0, -90.0, 180.0, 90.0)


def unwrap(
    shapes: NDArray[np.object_], source_rows: NDArray[np.int64], losses: Losses
) -> NDArray[np.object_]:
    """Bring longitudes into -180 to 180, and cut at the 180th meridian what crosses it (RFC 7946).

    An edge that jumps by more than 180 degrees is taken the short way round. A ring with an edge of
    a whole turn, or one that goes around a pole, is left as it is, and that is noted.

    Parameters
    ----------
    shapes
        Two-dimensional shapes, longitude and latitude.
    source_rows, losses
        For the account of what was altered.

    Returns
    -------
    ndarray
        The shapes, those that needed nothing untouched.
    """
    result = shapes.copy()
    shifted: list[int] = []
    cut: list[int] = []
    left: list[int] = []
    for index in np.flatnonzero(_suspects(shapes)):
        row = int(source_rows[index])
        parts = [_unwrapped_part(part) for part in _parts(shapes[index])]
        if any(part is None for part in parts):
            left.append(row)
            continue
        pieces = [piece for part in parts if part is not None for piece in _cut(part)]
        (cut if len(pieces) > len(parts) else shifted).append(row)
        result[index] = _joined(pieces, shapes[index])
    losses.change(cut, "cut at the 180th meridian", "edges were taken the short way round")
    losses.change(shifted, "longitudes brought to -180 to 180", "whole turns were taken off")
    losses.change(
        left, "edges longer than half the Earth", "kept as given: the shape goes around the Earth"
    )
    return result


def _suspects(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which shapes leave -180 to 180, or have an edge of more than half a turn."""
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        beyond = (bounds[:, 0] < -_HALF_TURN) | (bounds[:, 2] > _HALF_TURN)
        wide = bounds[:, 2] - bounds[:, 0] > _HALF_TURN
    finite = np.isfinite(bounds).all(axis=1)
    sane = (np.abs(bounds) <= (_TURN * 1.5, 90.0, _TURN * 1.5, 90.0)).all(axis=1)
    candidates = np.flatnonzero(finite & sane & (beyond | wide))
    suspects = np.zeros(len(shapes), dtype=bool)
    for index in candidates:
        suspects[index] = beyond[index] or any(
            (np.abs(np.diff(shapely.get_coordinates(line)[:, 0])) > _HALF_TURN).any()
            for part in _parts(shapes[index])
            for line in _lines(part)
        )
    return suspects


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    return list(shapely.get_parts(shape))


def _lines(part: BaseGeometry) -> list[BaseGeometry]:
    return list(shapely.get_rings(part)) if part.geom_type == "Polygon" else [part]


def _unwrapped_part(part: BaseGeometry) -> BaseGeometry | None:
    """Return a part with continuous longitudes; None when it goes around the Earth."""
    if part.geom_type == "Point":
        return part
    lines = []
    for line in _lines(part):
        xy = shapely.get_coordinates(line)
        steps = np.abs(np.diff(xy[:, 0]))
        is_ring = part.geom_type == "Polygon"
        if is_ring and (steps >= _WHOLE_TURN_LEAST).any():
            return None
        xy = np.column_stack([np.unwrap(xy[:, 0], period=_TURN), xy[:, 1]])
        if is_ring and abs(xy[0, 0] - xy[-1, 0]) > 1e-9:
            return None
        lines.append(xy)
    if part.geom_type != "Polygon":
        return shapely.LineString(lines[0])
    shell = lines[0]
    middle = (shell[:, 0].min() + shell[:, 0].max()) / 2
    holes = [_near(hole, middle) for hole in lines[1:]]
    return shapely.Polygon(shell, holes)


def _near(ring: NDArray[np.float64], middle: float) -> NDArray[np.float64]:
    """Shift a ring by whole turns until its middle is nearest to `middle`."""
    own = (ring[:, 0].min() + ring[:, 0].max()) / 2
    return np.column_stack([ring[:, 0] + _TURN * round((middle - own) / _TURN), ring[:, 1]])


def _cut(part: BaseGeometry) -> list[BaseGeometry]:
    """Return the pieces of a part, each shifted into -180 to 180."""
    west, _, east, _ = part.bounds
    turns = range(
        int(np.floor((west + _HALF_TURN) / _TURN)), int(np.ceil((east - _HALF_TURN) / _TURN)) + 1
    )
    pieces: list[BaseGeometry] = []
    for turn in turns:
        moved = translate(part, xoff=-_TURN * turn)
        if _within_world(moved):
            return [moved]
        piece = shapely.intersection(shapely.make_valid(moved), _WORLD)
        pieces += [
            single
            for single in shapely.get_parts(piece)
            if shapely.get_dimensions(single) == shapely.get_dimensions(part)
        ]
    return pieces


def _within_world(shape: BaseGeometry) -> bool:
    west, _, east, _ = shape.bounds
    return bool(west >= -_HALF_TURN and east <= _HALF_TURN)


def _joined(pieces: list[BaseGeometry], like: BaseGeometry) -> BaseGeometry:
    """Put pieces together as one geometry of the kind they were."""
    if len(pieces) == 1 and not like.geom_type.startswith("Multi"):
        return pieces[0]
    kind = {0: shapely.MultiPoint, 1: shapely.MultiLineString, 2: shapely.MultiPolygon}
    return kind[int(shapely.get_dimensions(pieces[0]))](pieces)
