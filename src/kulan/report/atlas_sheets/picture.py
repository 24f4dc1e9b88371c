"""The map of a sheet, put together as one SVG."""

from dataclasses import dataclass

import numpy as np
import shapely

from kulan.atlas.styles import style_of
from kulan.places import area_km2, length_m
from kulan.report.atlas_sheets.base_map import DrawnBase, draw_base, frame_edge
from kulan.report.atlas_sheets.content import Drawing, MapSheet, SheetClass
from kulan.report.atlas_sheets.furniture import BELOW_PX, LEFT_PX, graticule, scale_and_north
from kulan.report.atlas_sheets.layers import Board, DrawnClass, DrawnLayer, write_names
from kulan.report.atlas_sheets.views import View
from kulan.report.cartography import Labels, attributes
from kulan.report.reader import Reader

_RIM_PX = 3.0
_DRAWING_PX = 11.0


@dataclass(frozen=True)
class DrawnDrawing:
    """What the reader drew: its entry of the legend, with its length or area."""

    entry: DrawnClass
    told: str


@dataclass(frozen=True)
class SheetPicture:
    """The map as SVG, and what is on it.

    Attributes
    ----------
    svg
        The map with its degrees around.
    layers
        As drawn, in the order given.
    base
        As drawn.
    drawings
        With their measures.
    """

    svg: str
    layers: tuple[DrawnLayer, ...]
    base: DrawnBase
    drawings: tuple[DrawnDrawing, ...]


def draw_picture(sheet: MapSheet, view: View, reader: Reader) -> SheetPicture:
    """Draw a sheet's map.

    Parameters
    ----------
    sheet
        What is on it.
    view
        Where.
    reader
        The reader's language.

    Raises
    ------
    InvalidTableError
        If a layer names a column its features lack.
    """
    labels = Labels(view.frame.width, view.frame.height)
    furniture = scale_and_north(view, labels, reader)
    own, drawings = _draw_own(sheet.drawings, view, labels, reader)
    board = Board(view)
    layers = [board.draw(layer, number) for number, layer in enumerate(sheet.layers)]
    base = draw_base(sheet.base, view, labels, reader)
    names = write_names(layers, labels)
    lines, degrees = graticule(view, reader)

    def depth(wanted: int) -> str:
        return "".join(one.by_depth.get(wanted, "") for one in layers)

    content = (
        base.ground
        + depth(0)
        + depth(1)
        + lines
        + base.rivers
        + base.borders
        + depth(2)
        + depth(3)
        + base.towns
        + names
        + own
        + furniture
    )
    return SheetPicture(_svg(content, degrees, view), tuple(layers), base, tuple(drawings))


def picture_size_px(view: View) -> tuple[float, float]:
    """Return width and height of the map with its degrees around."""
    return view.frame.width + LEFT_PX + _RIM_PX, view.frame.height + BELOW_PX + _RIM_PX


def map_size_px(width: float, height: float) -> tuple[float, float]:
    """Return width and height of the map in a picture of a size, the degrees left out."""
    return width - LEFT_PX - _RIM_PX, height - BELOW_PX - _RIM_PX


def _svg(content: str, degrees: str, view: View) -> str:
    wide, high = picture_size_px(view)
    opening = attributes(
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{-LEFT_PX:g} {-_RIM_PX:g} {wide:g} {high:g}",
        width=f"{wide:g}",
        height=f"{high:g}",
        font_family="Noto Sans, Noto Sans Arabic, Noto Sans Devanagari, sans-serif",
    )
    paper = attributes(x=0, y=0, width=f"{view.frame.width:g}", height=f"{view.frame.height:g}")
    return (
        f'<svg{opening}><defs><clipPath id="paper"><rect{paper}/></clipPath></defs>'
        f'<g clip-path="url(#paper)">{content}</g>{frame_edge(view)}{degrees}</svg>'
    )


def _draw_own(
    drawings: tuple[Drawing, ...], view: View, labels: Labels, reader: Reader
) -> tuple[str, list[DrawnDrawing]]:
    """Draw what the reader drew, each with its number, and measure it on the ellipsoid."""
    marks, names, found = [], [], []
    board = Board(view)
    for number, drawing in enumerate(drawings, start=1):
        kind = ("point", "line", "polygon")[int(shapely.get_dimensions(drawing.geometry))]
        style = style_of("drawings", kind)
        name = f"{number}. {drawing.name or style.legend_words(reader.words)}"
        on_paper = view.placed([drawing.geometry])
        parts = board.outlined(on_paper, style, f"drawing-{number}")
        marks += [parts[depth] for depth in sorted(parts)]
        entry = DrawnClass(SheetClass(name, style), on_paper)
        found.append(DrawnDrawing(entry, _measure(drawing, kind, reader)))
        seen = shapely.intersection(shapely.make_valid(on_paper[0]), view.box)
        if not seen.is_empty:
            spot = seen.representative_point()
            names.append(
                labels.put(
                    str(number),
                    spot.x,
                    spot.y,
                    size=_DRAWING_PX,
                    fill=style.stroke if kind != "point" else style.fill,
                    font_weight="bold",
                )
            )
    return "".join(marks + names), found


def _measure(drawing: Drawing, kind: str, reader: Reader) -> str:
    shapes = np.array([drawing.geometry], dtype=object)
    if kind == "line":
        return reader.quantity(float(length_m(shapes)[0]) / 1000, "km")
    if kind == "polygon":
        around = reader.quantity(float(length_m(shapes)[0]) / 1000, "km")
        area = reader.quantity(float(area_km2(shapes)[0]), "km2")
        return reader.say("{area}, {length} around", area=area, length=around)
    x, y = shapely.get_coordinates(drawing.geometry)[0].tolist()
    return reader.say(
        "latitude {latitude}, longitude {longitude}",
        latitude=reader.words.number(y, 4),
        longitude=reader.words.number(x, 4),
    )


def told_of_picture(picture: SheetPicture, sheet: MapSheet, reader: Reader) -> str:
    """Return what stands for the map where it cannot be seen."""
    titles = [one.layer.title for one in picture.layers if one.classes]
    west, south, east, north = (reader.words.number(edge, 2) for edge in sheet.bounds)
    where = reader.say(
        "Map from {west}° to {east}° of longitude and from {south}° to {north}° of latitude.",
        west=west,
        east=east,
        south=south,
        north=north,
    )
    if not titles:
        return f"{where} " + reader.say("None of the chosen layers has anything there.")
    return f"{where} " + reader.say("It shows: {layers}.", layers=reader.joined(titles))
