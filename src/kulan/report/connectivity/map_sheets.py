"""A map put together: colours, what lies over them, degrees, legend and source line."""

from dataclasses import dataclass, field

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from kulan.report.connectivity.legends import (
    COLUMN_IN,
    Item,
    Key,
    column_height_in,
    draw_column,
)
from kulan.report.connectivity.overlays import Mark, Overlays, draw_marks, marks_of
from kulan.report.connectivity.rasters import DrawnRaster
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Picture, drawing, lay_sheet
from kulan.report.connectivity.stretches import Stretch
from kulan.report.connectivity.views import (
    SCALE_HIGH_IN,
    View,
    draw_degrees,
    draw_scale_bar,
    view_of,
)
from kulan.report.reader import Reader

NODATA, NODATA_HATCH, NODATA_EDGE = "#e4e6e8", "////", "#b4b9bd"
_DEGREES_LEFT_IN, _DEGREES_BELOW_IN, _BETWEEN_IN = 0.42, 0.22, 0.28


@dataclass(frozen=True)
class MapBody:
    """The colours of a map and what explains them.

    Attributes
    ----------
    raster
        The values; its frame is what the map shows.
    rgba
        Colour of each drawn cell, shape (rows, columns, 4); transparent where NoData.
    legend
        What explains the colours.
    marks
        What lies over the colours and is not of the overlays.
    notes
        Sentences for the foot.
    nodata
        What a cell without a value means; "no data" where empty.
    """

    raster: DrawnRaster
    rgba: NDArray[np.float64]
    legend: list[Item]
    marks: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    nodata: str = ""


def draw_map(body: MapBody, caption: Caption, reader: Reader, over: Overlays) -> Picture:
    """Put a map together.

    Parameters
    ----------
    body
        Its colours.
    caption
        Its words.
    reader
        The reader's language.
    over
        What lies over the colours.
    """
    view = view_of(body.raster.frame)
    with drawing():
        marks = body.marks + marks_of(over, view, reader)
        legend = body.legend + _nodata_key(body, reader) + _keys(marks)
        column = column_height_in(legend) + (SCALE_HIGH_IN if view.frame.crs else 0.0)
        high = max(view.height_in + _DEGREES_BELOW_IN, column)
        width = 2 * MARGIN_IN + _DEGREES_LEFT_IN + view.width_in + _BETWEEN_IN + COLUMN_IN
        sheet = lay_sheet(caption, body.raster.note(reader) + body.notes, width, high)
        left, bottom = MARGIN_IN + _DEGREES_LEFT_IN, sheet.top - view.height_in
        axes = sheet.body(left, bottom, view.width_in, view.height_in)
        _draw_colours(axes, body, view)
        draw_degrees(sheet, axes, view, (left, bottom), reader.words)
        draw_marks(axes, marks, view)
        beside = left + view.width_in + _BETWEEN_IN
        foot = draw_column(sheet.paper, beside, sheet.top, legend, reader.words)
        draw_scale_bar(sheet, view, beside + 0.05, foot, reader)
    return Picture(sheet.figure)


def coloured(placed: NDArray[np.float64], colours: Colormap) -> NDArray[np.float64]:
    """Return the colour of each place along a scale; NaN is transparent."""
    rgba = np.asarray(colours(np.nan_to_num(placed, nan=0.0)), dtype=np.float64)
    rgba[np.isnan(placed)] = 0.0
    return rgba


def colours_of(name: str, *, low: float = 0.0, high: float = 1.0) -> Colormap:
    """Return a scale of colours by its `name`, or the part of it from `low` to `high`."""
    whole = mpl.colormaps[name]
    if (low, high) == (0.0, 1.0):
        return whole
    part = whole(np.linspace(low, high, 256))
    return mpl.colors.ListedColormap(part, name=f"{name} {low:g}-{high:g}")


def stretch_note(stretch: Stretch, reader: Reader) -> str:
    """Say how values are stretched along the colours."""
    if stretch.nodes.size < 2:
        return ""
    if stretch.kind == "log":
        said = reader.say("Logarithmic scale.")
    elif stretch.kind == "quantile":
        said = reader.say("Quantile scale: each part of the bar covers as many cells.")
    else:
        said = reader.say("Linear scale.")
    if stretch.below or stretch.above:
        return said + " " + reader.say("Pointed ends: values beyond.")
    return said


def _nodata_key(body: MapBody, reader: Reader) -> list[Item]:
    if not body.raster.has_nodata:
        return []
    words = body.nodata or reader.say("no data")
    return [Key(words, "patch", NODATA, edge=NODATA_EDGE, hatch=NODATA_HATCH, width=0.5)]


def _keys(marks: list[Mark]) -> list[Item]:
    return list(dict.fromkeys(mark.key for mark in marks if mark.shapes.size))


def _draw_colours(axes: Axes, body: MapBody, view: View) -> None:
    frame = view.frame
    axes.set_xlim(view.west, view.east)
    axes.set_ylim(view.south, view.north)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_linewidth(0.6)
        spine.set_zorder(10)
    wide, high = frame.columns * frame.cell_width, frame.rows * frame.cell_height
    ground = Rectangle(
        (frame.west, frame.north - high),
        wide,
        high,
        facecolor=NODATA,
        edgecolor=NODATA_EDGE,
        hatch=NODATA_HATCH,
        lw=0,
        gid="no data",
    )
    axes.add_patch(ground)
    image = axes.imshow(
        body.rgba,
        extent=body.raster.extent,
        origin="upper",
        interpolation="nearest",
        aspect="auto",
        zorder=1,
    )
    image.set_clip_path(
        Rectangle((frame.west, frame.north - high), wide, high, transform=axes.transData)
    )
    axes.set_xlim(view.west, view.east)
    axes.set_ylim(view.south, view.north)
