"""Small maps in a page: shapes of a few classes over the borders of states, as paths of SVG."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
import shapely

from kulan.web.catalogue.territories import borders

_WIDTH, _HEIGHT, _MARGIN = 720.0, 420.0, 0.12
_LEAST_DEG = 0.2
_DOT = 4.5


@dataclass(frozen=True)
class Picture:
    """A small map.

    Attributes
    ----------
    width, height
        Of its drawing, pixels.
    ground
        Path of the borders of states.
    shapes
        Class and path of each shape; a point is a small circle.
    """

    width: float
    height: float
    ground: str
    shapes: tuple[tuple[str, str], ...]


def picture_of(shapes: Iterable[tuple[str, Any]]) -> Picture | None:
    """Return a map that shows shapes, each with its class; None where there are none."""
    drawn = [(name, shape) for name, shape in shapes if shape is not None and not shape.is_empty]
    if not drawn:
        return None
    west, south, east, north = shapely.total_bounds(np.array([shape for _, shape in drawn]))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    shrink = max(cos(radians(middle_y)), 0.1)
    high = max(north - south, (east - west) * shrink * _HEIGHT / _WIDTH, _LEAST_DEG)
    high *= 1 + 2 * _MARGIN
    wide = high * _WIDTH / _HEIGHT / shrink
    window = (middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2)
    place = _Placing(window[0], window[3], _WIDTH / wide, _HEIGHT / high)
    ground = " ".join(place.path(line) for line in borders(window, tolerance_deg=high / 400))
    return Picture(
        _WIDTH, _HEIGHT, ground, tuple((name, place.path(shape)) for name, shape in drawn)
    )


@dataclass(frozen=True)
class _Placing:
    west: float
    north: float
    per_x: float
    per_y: float

    def path(self, shape: Any) -> str:
        if shape.geom_type == "Point":
            (x,), (y,) = self._placed(shape)
            turn = f"a{_DOT} {_DOT} 0 1 0"
            return f"M{x - _DOT:.1f} {y:.1f}{turn} {2 * _DOT} 0{turn} {-2 * _DOT} 0z"
        if hasattr(shape, "geoms"):
            return "".join(self.path(part) for part in shape.geoms)
        if shape.geom_type == "Polygon":
            rings = [shape.exterior, *shape.interiors]
            return "".join(self._line(ring) + "z" for ring in rings)
        return self._line(shape)

    def _line(self, line: Any) -> str:
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(*self._placed(line), strict=True))

    def _placed(self, line: Any) -> tuple[Any, Any]:
        xy = shapely.get_coordinates(line)
        return (xy[:, 0] - self.west) * self.per_x, (self.north - xy[:, 1]) * self.per_y
