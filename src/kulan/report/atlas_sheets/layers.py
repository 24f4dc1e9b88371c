"""A sheet's layers drawn on its paper: as lines and areas, or as an image where they are heavy."""

import base64
import io
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.atlas.styles import Style
from kulan.errors import InvalidTableError
from kulan.grids import Grid
from kulan.report.atlas_sheets.content import SheetClass, SheetLayer
from kulan.report.atlas_sheets.marks import (
    HATCHES,
    POINT_PX,
    dashes,
    hatch_pattern,
    line_look,
    marks_along,
    points_path,
)
from kulan.report.atlas_sheets.views import View
from kulan.report.cartography import Labels, Lookup, attributes, path_of, png

DOTS_PER_INCH = 200
_MOST_VERTICES = 40_000
_MOST_FEATURES = 3_000
_MOST_NAMES = 40
_SIMPLER_THAN_PX = 0.3
_NAME_PX = 10.0


@dataclass(frozen=True)
class DrawnClass:
    """What a class shows in the view.

    Attributes
    ----------
    entry
        Its entry of the legend.
    shapes
        On paper, those out of view left out.
    is_cell
        Whether it is cells of a raster.
    """

    entry: SheetClass
    shapes: NDArray[np.object_]
    is_cell: bool = False

    @property
    def is_point(self) -> bool:
        """Whether all that is in view are points."""
        return len(self.shapes) > 0 and bool((shapely.get_dimensions(self.shapes) == 0).all())


@dataclass(frozen=True)
class DrawnLayer:
    """A layer drawn: SVG by depth, and the classes that are in view.

    Attributes
    ----------
    layer
        What was drawn.
    by_depth
        SVG under 0 raster, 1 areas, 2 lines, 3 points.
    classes
        Those that have something in view.
    names
        Names with the place they belong to, pixels.
    """

    layer: SheetLayer
    by_depth: dict[int, str]
    classes: tuple[DrawnClass, ...]
    names: tuple[tuple[str, float, float, str], ...] = ()


@dataclass(frozen=True)
class Board:
    """Draws layers on one view; what rasters share is found once."""

    view: View

    @cached_property
    def pixels(self) -> Lookup:
        """Where on Earth the dots of an image lie."""
        return self.view.pixels(DOTS_PER_INCH)

    def draw(self, layer: SheetLayer, number: int) -> DrawnLayer:
        """Draw a layer.

        Parameters
        ----------
        layer
            What to draw.
        number
            Of the layer; it makes names inside the SVG unique.

        Raises
        ------
        InvalidTableError
            If a column is named that the features lack.
        """
        if layer.grid is not None:
            return self._draw_grid(layer, layer.grid)
        if layer.features is None:
            return DrawnLayer(layer, {}, ())
        table = layer.features
        for column in filter(None, (layer.column, layer.name_column)):
            if column not in table.columns:
                raise InvalidTableError(
                    f"layer {layer.title!r}: its features have no column {column!r}; they have "
                    f"{', '.join(map(str, table.columns))}."
                )
        shapes = self.view.placed(table.geometry.to_numpy())
        in_view = ~(shapely.is_empty(shapes) | shapely.is_missing(shapes))
        drawn, depths = [], {1: "", 2: "", 3: ""}
        for place, entry in enumerate(layer.classes):
            chosen = in_view.copy()
            if layer.column and entry.values:
                chosen &= table[layer.column].isin(list(entry.values)).to_numpy()
            if chosen.any():
                drawn.append(DrawnClass(entry, shapes[chosen]))
                parts = self.outlined(shapes[chosen], entry.style, f"layer-{number}-{place}")
                for depth, svg in parts.items():
                    depths[depth] += svg
        names = _names(table, layer.name_column, shapes, in_view, layer)
        return DrawnLayer(layer, depths, tuple(drawn), names)

    def _draw_grid(self, layer: SheetLayer, grid: Grid) -> DrawnLayer:
        """Draw the cells of a raster as an image."""
        lookup = self.pixels
        longitude = grid.west + (lookup.longitude - grid.west) % 360
        longitude[lookup.latitude > 90] = lookup.longitude[lookup.latitude > 90]
        values = Lookup(longitude, lookup.latitude).values_of(grid)
        indices = np.zeros(256, dtype=np.uint8)
        palette: list[tuple[int, int, int]] = [(0, 0, 0)]
        present = set(np.unique(values).tolist())
        drawn = []
        for entry in layer.classes:
            found = present.intersection(int(str(value)) for value in entry.values)
            for value in found:
                indices[value] = len(palette)
            palette.append(_rgb(entry.style.fill))
            if found:
                drawn.append(DrawnClass(entry, np.zeros(0, dtype=object), is_cell=True))
        if not drawn:
            return DrawnLayer(layer, {}, ())
        opacity = layer.classes[0].style.opacity
        image = self._image(png(indices[values], palette), opacity)
        return DrawnLayer(layer, {0: image}, tuple(drawn))

    def outlined(self, shapes: NDArray[np.object_], style: Style, name: str) -> dict[int, str]:
        """Draw shapes of one style, each by its own dimension: an area's centre is a point.

        Parameters
        ----------
        shapes
            On paper.
        style
            How.
        name
            Makes names inside the SVG unique.

        Returns
        -------
        dict
            SVG by depth: 1 areas, 2 lines, 3 points.
        """
        parts = shapely.get_parts(shapes)
        dimension = shapely.get_dimensions(parts)
        areas, lines, points = (parts[dimension == wanted] for wanted in (2, 1, 0))
        simple = {
            depth: shapely.simplify(some, _SIMPLER_THAN_PX, preserve_topology=False)
            for depth, some in ((1, areas), (2, lines))
        }
        if _is_heavy(simple[1]) or _is_heavy(simple[2]) or len(points) > _MOST_FEATURES:
            return self._as_image(simple[1], simple[2], points, style)
        drawn = {}
        if len(areas):
            drawn[1] = _areas(simple[1], style, name)
        if len(lines):
            d = "".join(path_of(line, 0) for line in simple[2])
            drawn[2] = f'<path d="{d}"{line_look(_as_line(style))}/>' if d else ""
            drawn[2] += marks_along(lines, _as_line(style))
        if len(points):
            xy = shapely.get_coordinates(points)
            drawn[3] = points_path(xy, style, max(_across(style), 3.0))
        return drawn

    def _as_image(
        self,
        areas: NDArray[np.object_],
        lines: NDArray[np.object_],
        points: NDArray[np.object_],
        style: Style,
    ) -> dict[int, str]:
        """Draw what would be too heavy as vectors as one image of `DOTS_PER_INCH`."""
        from matplotlib.collections import LineCollection, PathCollection  # noqa: PLC0415
        from matplotlib.path import Path  # noqa: PLC0415

        depth = 3 if len(points) else 2 if len(lines) else 1
        figure, axes = _blank(self.view)
        point_pt = 72 / 96
        dash = _dashes_of(style)
        if len(areas):
            outlines = [_compound(area, Path) for area in areas if not area.is_empty]
            for face, edge, alpha in (
                (style.fill, "none", style.opacity),
                ("none", style.stroke, 1),
            ):
                axes.add_collection(
                    PathCollection(
                        outlines,
                        facecolors=face or "none",
                        edgecolors=edge or "none",
                        linewidths=style.width_px * point_pt,
                        linestyles=[dash],
                        alpha=alpha,
                    )
                )
        if len(lines):
            runs = [shapely.get_coordinates(line) for line in lines]
            axes.add_collection(
                LineCollection(
                    [run for run in runs if len(run) > 1],
                    colors=style.stroke or style.fill,
                    linewidths=style.width_px * point_pt,
                    linestyles=[dash],
                    alpha=style.opacity,
                )
            )
        if len(points):
            _plot_points(axes, points, style)
        stream = io.BytesIO()
        figure.savefig(
            stream, format="png", dpi=DOTS_PER_INCH, transparent=True, metadata={"Software": None}
        )
        return {depth: self._image(stream.getvalue(), 1.0)}

    def _image(self, content: bytes, opacity: float) -> str:
        frame = self.view.frame
        place = attributes(
            x=0,
            y=0,
            width=f"{frame.width:g}",
            height=f"{frame.height:g}",
            opacity=opacity if opacity < 1 else None,
        )
        data = base64.b64encode(content).decode()
        return (
            f'<image{place} preserveAspectRatio="none" style="image-rendering:pixelated" '
            f'href="data:image/png;base64,{data}"/>'
        )


def write_names(drawn: list[DrawnLayer], labels: Labels) -> str:
    """Write the names of features where there is room."""
    parts = []
    for one in drawn:
        for name, x, y, colour in one.names:
            parts.append(labels.put(name, x, y, size=_NAME_PX, fill=colour))
    return "".join(parts)


def _names(
    table: pd.DataFrame,
    column: str,
    shapes: NDArray[np.object_],
    in_view: NDArray[np.bool_],
    layer: SheetLayer,
) -> tuple[tuple[str, float, float, str], ...]:
    if not column or not layer.classes:
        return ()
    style = layer.classes[0].style
    colour = style.stroke if style.shape != "point" else "#1b1f23"
    names = table[column].tolist()
    found = []
    for place in np.flatnonzero(in_view)[:_MOST_NAMES].tolist():
        if isinstance(names[place], str) and names[place].strip():
            spot = shapes[place].representative_point()
            found.append((names[place], spot.x, spot.y, colour or "#1b1f23"))
    return tuple(found)


def _is_heavy(shapes: NDArray[np.object_]) -> bool:
    return len(shapes) > _MOST_FEATURES or int(shapely.get_num_coordinates(shapes).sum()) > (
        _MOST_VERTICES
    )


def _areas(areas: NDArray[np.object_], style: Style, name: str) -> str:
    d = "".join(path_of(area, 0) for area in areas)
    if not d:
        return ""
    look = attributes(
        fill=style.fill or "none",
        fill_opacity=style.opacity,
        fill_rule="evenodd",
        stroke=style.stroke or None,
        stroke_width=style.width_px,
        stroke_dasharray=dashes(style),
        stroke_linejoin="round",
    )
    plain = f'<path d="{d}"{look}/>'
    if style.marker not in HATCHES:
        return plain
    return f'{hatch_pattern(name, style)}{plain}<path d="{d}" fill="url(#{name})"/>'


def _as_line(style: Style) -> Style:
    """Return how a line is drawn in the style of an area: in the colour of its outline."""
    if style.shape == "line":
        return style
    return replace(style, stroke=style.stroke or style.fill, marker="", opacity=1.0)


def _across(style: Style) -> float:
    return style.width_px if style.shape == "point" else POINT_PX


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _dashes_of(style: Style) -> Any:
    return (0, tuple(length / style.width_px for length in style.dash_px)) if style.dash_px else "-"


def _blank(view: View) -> tuple[Any, Any]:
    """Return an empty picture of the size of the paper, its axes in pixels of the paper."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(view.frame.width / 96, view.frame.height / 96))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, view.frame.width)
    axes.set_ylim(view.frame.height, 0)
    axes.set_axis_off()
    return figure, axes


def _plot_points(axes: Any, points: NDArray[np.object_], style: Style) -> None:
    xy = shapely.get_coordinates(points)
    axes.plot(
        xy[:, 0],
        xy[:, 1],
        linestyle="none",
        marker=_MATPLOTLIB_MARKS.get(style.marker, "o"),
        markersize=max(_across(style), 2.5) * 72 / 96,
        markerfacecolor=style.fill or style.stroke,
        markeredgecolor=style.stroke or "none",
        markeredgewidth=0.4,
        alpha=style.opacity,
    )


def _compound(area: Any, path_class: Any) -> Any:
    """Return an area with its holes as one path."""
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(area))]
    return path_class.make_compound_path(*(path_class(ring, closed=True) for ring in rings))


_MATPLOTLIB_MARKS = {
    "square": "s",
    "diamond": "D",
    "triangle": "^",
    "triangle_down": "v",
    "hexagon": "h",
    "cross": "x",
    "plus": "P",
}
