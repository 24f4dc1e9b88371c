"""Marks, hatches and samples: the same shapes on the map and in its legend."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.atlas.styles import Style
from kulan.report.cartography import attributes

SAMPLE_PX = (30, 14)
POINT_PX = 7.0
"""Across the mark of a point drawn in the style of an area."""
HATCHES = {"hatch": (45, 6.0), "hatch_wide": (45, 11.0), "hatch_back": (-45, 6.0)}
"""Angle and distance of the lines of each hatch."""
_EVERY_PX = 16.0
_STEP_PX = 0.5


def mark(marker: str, x: float, y: float, across: float) -> str:
    """Return a mark around a point as the `d` of a path.

    Parameters
    ----------
    marker
        As `kulan.atlas.tables.STYLES` lists them; anything else is a circle.
    x, y
        Its middle, pixels.
    across
        Its size, pixels.
    """
    r = across / 2
    if marker in _CORNERS:
        corners = _CORNERS[marker]
        points = (f"{x + r * cx:.1f},{y + r * cy:.1f}" for cx, cy in corners)
        return "M" + "L".join(points) + "Z"
    if marker == "cross":
        return (
            f"M{x - r:.1f},{y - r:.1f}L{x + r:.1f},{y + r:.1f}"
            f"M{x - r:.1f},{y + r:.1f}L{x + r:.1f},{y - r:.1f}"
        )
    half_turn = f"a{r:.1f},{r:.1f} 0 1 0 "
    return f"M{x - r:.1f},{y:.1f}{half_turn}{across:.1f},0{half_turn}{-across:.1f},0Z"


def points_path(xy: NDArray[np.float64], style: Style, across: float) -> str:
    """Return many points' marks as one path of an SVG; crosses are strokes, all else is filled."""
    d = "".join(mark(style.marker, x, y, across) for x, y in xy.tolist())
    if not d:
        return ""
    if style.marker == "cross":
        # white inside a coloured edge, or coloured inside a white one
        edge = attributes(d=d, fill="none", stroke=style.stroke, stroke_width=4.2)
        line = attributes(d=d, fill="none", stroke=style.fill or style.stroke, stroke_width=2.0)
        return f"<path{edge}/><path{line}/>"
    look = attributes(
        d=d,
        fill=style.fill or style.stroke,
        stroke=style.stroke if style.shape == "point" else "#ffffff",
        stroke_width=1.4 if style.fill == "#ffffff" else 0.9,
        fill_opacity=None if style.shape != "point" else style.opacity,
    )
    return f"<path{look}/>"


def marks_along(lines: NDArray[np.object_], style: Style) -> str:
    """Return the marks repeated along lines on paper as one path, or nothing without a marker."""
    if not style.marker:
        return ""
    parts = shapely.get_parts(lines)
    parts = parts[shapely.get_dimensions(parts) == 1]
    strokes: list[str] = []
    half = style.width_px / 2 + 2.2
    for line, length in zip(parts, shapely.length(parts).tolist(), strict=True):
        at = np.arange(_EVERY_PX / 2, length, _EVERY_PX)
        here = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
        on = shapely.get_coordinates(shapely.line_interpolate_point(line, at + _STEP_PX))
        for (x, y), (dx, dy) in zip(here.tolist(), (on - here).tolist(), strict=True):
            strokes.append(_along(style.marker, x, y, math.atan2(dy, dx), half))
    if not strokes:
        return ""
    is_filled = style.marker in ("dot", "triangle")
    look = attributes(
        d="".join(strokes),
        fill=style.stroke if is_filled else "none",
        stroke=None if is_filled else style.stroke,
        stroke_width=None if is_filled else 1.2,
        opacity=style.opacity if style.opacity < 1 else None,
    )
    return f"<path{look}/>"


def _along(marker: str, x: float, y: float, angle: float, half: float) -> str:
    if marker == "tick":
        across, up = -math.sin(angle) * half, math.cos(angle) * half
        return f"M{x - across:.1f},{y - up:.1f}L{x + across:.1f},{y + up:.1f}"
    if marker == "cross":
        return mark("cross", x, y, half * 1.7)
    return mark("triangle" if marker == "triangle" else "circle", x, y, half * 1.7)


def hatch_pattern(name: str, style: Style) -> str:
    """Return the definition of a hatch, to fill areas with ``url(#name)``."""
    angle, apart = HATCHES[style.marker]
    box = attributes(
        id=name,
        width=apart,
        height=apart,
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({angle})",
    )
    line = attributes(
        x1=0, y1=0, x2=0, y2=apart, stroke=style.stroke or style.fill, stroke_width=1.4
    )
    return f"<pattern{box}><line{line}/></pattern>"


def sample(style: Style, number: int, *, is_cell: bool = False, is_point: bool = False) -> str:
    """Return the legend's sample of a style as an SVG of its own.

    Parameters
    ----------
    style
        How it is drawn.
    number
        Of the entry; it makes names inside the SVG unique.
    is_cell
        Whether it is a raster's cells, drawn without an outline.
    is_point
        Whether all that is in view are points, whatever the style is for.
    """
    wide, high = SAMPLE_PX
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
        f'width="{wide}" height="{high}">'
    )
    if is_point:
        across = min(style.width_px if style.shape == "point" else POINT_PX, high - 3)
        body = points_path(np.array([[wide / 2, high / 2]]), style, across)
    elif style.shape == "line":
        line = np.array([shapely.LineString([(1, high / 2), (wide - 1, high / 2)])], dtype=object)
        look = line_look(style)
        body = f'<path d="M1,{high / 2}H{wide - 1}"{look}/>' + marks_along(line, style)
    elif style.shape == "point":
        across = min(style.width_px, high - 3)
        body = points_path(np.array([[wide / 2, high / 2]]), style, across)
    else:
        body = _area_sample(style, number, is_cell)
    return head + body + "</svg>"


def _area_sample(style: Style, number: int, is_cell: bool) -> str:
    wide, high = SAMPLE_PX
    box = attributes(x=1.5, y=1.5, width=wide - 3, height=high - 3)
    fill = attributes(fill=style.fill or "none", fill_opacity=style.opacity)
    edge = attributes(
        fill="none",
        stroke="#8a9299" if is_cell else style.stroke or None,
        stroke_width=0.6 if is_cell else style.width_px,
        stroke_dasharray=dashes(style),
    )
    body = f"<rect{box}{fill}/>"
    if style.marker in HATCHES and not is_cell:
        name = f"sample-{number}"
        body = hatch_pattern(name, style) + body + f'<rect{box} fill="url(#{name})"/>'
    elif style.marker:
        body += points_path(np.array([[wide / 2, high / 2]]), style, 8)
    return body + f"<rect{box}{edge}/>"


def line_look(style: Style) -> str:
    """Return the attributes of a line in a style."""
    return attributes(
        fill="none",
        stroke=style.stroke,
        stroke_width=style.width_px,
        stroke_dasharray=dashes(style),
        stroke_linejoin="round",
        opacity=style.opacity if style.opacity < 1 else None,
    )


def dashes(style: Style) -> str | None:
    """Return a style's dashes as SVG writes them, or None for a solid line."""
    return " ".join(f"{length:g}" for length in style.dash_px) or None


def _regular(sides: int, first_deg: float) -> list[tuple[float, float]]:
    angles = [math.radians(first_deg + 360 / sides * side) for side in range(sides)]
    return [(math.cos(angle), math.sin(angle)) for angle in angles]


_THIRD = 0.36
_CORNERS: dict[str, list[tuple[float, float]]] = {
    "square": [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
    "diamond": [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
    "triangle": [(0, -1.1), (1, 0.8), (-1, 0.8)],
    "triangle_down": [(0, 1.1), (1, -0.8), (-1, -0.8)],
    "hexagon": _regular(6, 0),
    "plus": [
        (-_THIRD, -1),
        (_THIRD, -1),
        (_THIRD, -_THIRD),
        (1, -_THIRD),
        (1, _THIRD),
        (_THIRD, _THIRD),
        (_THIRD, 1),
        (-_THIRD, 1),
        (-_THIRD, _THIRD),
        (-1, _THIRD),
        (-1, -_THIRD),
        (-_THIRD, -_THIRD),
    ],
}
