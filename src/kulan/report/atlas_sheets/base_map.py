"""What lies under a sheet's layers: water, land, rivers, borders and towns, with their names."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.atlas.styles import Style, style_of
from kulan.report.atlas_sheets.content import SheetBase, SheetClass
from kulan.report.atlas_sheets.layers import DrawnClass
from kulan.report.atlas_sheets.marks import line_look, points_path
from kulan.report.atlas_sheets.views import View
from kulan.report.cartography import Labels, attributes, path, path_of
from kulan.report.map_layers import state_name
from kulan.report.reader import Reader

_STATE_SHARE = 0.03
_NAMED_RIVER_PX = 160
_TOWNS = 28
_TOWN_PX, _RIVER_PX = 11.0, 10.0


@dataclass(frozen=True)
class DrawnBase:
    """The base as SVG, in the order it is laid down, and its entries of the legend.

    Attributes
    ----------
    ground
        Water and land.
    rivers, borders
        Lines, with their names.
    towns
        Marks with names.
    classes
        What is in view.
    """

    ground: str
    rivers: str
    borders: str
    towns: str
    classes: tuple[DrawnClass, ...]


def draw_base(base: SheetBase, view: View, labels: Labels, reader: Reader) -> DrawnBase:
    """Draw what lies under the layers; what is named first finds room first.

    Parameters
    ----------
    base
        Tables, EPSG:4326.
    view
        The paper.
    labels
        Where names are put.
    reader
        For names in the reader's language.
    """
    classes: list[DrawnClass] = []
    ground = _ground(base, view)
    borders = _borders(base, view, labels, reader, classes)
    towns = _towns(base, view, labels, reader, classes)
    rivers = _rivers(base, view, labels, reader, classes)
    return DrawnBase(ground, rivers, borders, towns, tuple(classes))


def name_columns(table: gpd.GeoDataFrame, language: str) -> list[str | None]:
    """Return each row's name: in the language where the data have it, else as the source has it."""
    own, other = f"name_{language}", "name"
    found: list[str | None] = []
    empty = [None] * len(table)
    first = table[own].tolist() if own in table.columns else empty
    second = table[other].tolist() if other in table.columns else empty
    for here, there in zip(first, second, strict=True):
        name = here if isinstance(here, str) and here.strip() else there
        found.append(name if isinstance(name, str) and name.strip() else None)
    return found


def _ground(base: SheetBase, view: View) -> str:
    water, land = style_of("base", "water").fill, style_of("base", "land").fill
    parts = [path(view.earth(), fill=water)]
    if base.states is None:
        # without a coast nothing is known of land and water
        return path(view.earth(), fill=land)
    shapes = view.placed(base.states.geometry.to_numpy())
    parts += [path(state, fill=land, stroke=land, stroke_width=0.4) for state in shapes]
    return "".join(parts)


def _entry(style: Style, shapes: NDArray[np.object_], reader: Reader) -> DrawnClass:
    return DrawnClass(SheetClass(style.legend_words(reader.words), style), shapes)


def _borders(
    base: SheetBase, view: View, labels: Labels, reader: Reader, classes: list[DrawnClass]
) -> str:
    parts: list[str] = []
    if base.states is not None:
        style = style_of("borders", "states")
        shapes = view.placed(base.states.geometry.to_numpy())
        names = name_columns(base.states, reader.words.language)
        codes = base.states["iso3"].tolist() if "iso3" in base.states.columns else names
        in_view = 0
        for code, name, outline in zip(codes, names, shapes, strict=True):
            seen = shapely.intersection(shapely.make_valid(outline), view.box)
            if seen.is_empty:
                continue
            in_view += 1
            parts.append(
                path(outline, fill="none", stroke=style.stroke, stroke_width=style.width_px)
            )
            if seen.area > view.frame.width * view.frame.height * _STATE_SHARE:
                parts.append(state_name(_state(str(code), name, reader), seen, labels))
        if in_view > 1:
            classes.append(_entry(style, shapes, reader))
    if base.disputed is not None:
        style = style_of("borders", "disputed")
        ground = style_of("base", "land").fill
        shapes = view.placed(base.disputed.geometry.to_numpy())
        shapes = shapes[shapely.intersects(shapes, view.box)]
        for line in shapes:
            parts.append(path(line, fill="none", stroke=ground, stroke_width=style.width_px + 0.6))
            d = path_of(line)
            parts.append(f'<path d="{d}"{line_look(style)}/>' if d else "")
        if len(shapes):
            classes.append(_entry(style, shapes, reader))
    return "".join(parts)


def _state(code: str, name: str | None, reader: Reader) -> str:
    """Return a state's name in the language; of a code for users, the source's name."""
    found = reader.state(code)
    return name if found == code and name else found


def _rivers(
    base: SheetBase, view: View, labels: Labels, reader: Reader, classes: list[DrawnClass]
) -> str:
    if base.rivers is None:
        return ""
    style = style_of("water", "rivers")
    shapes = view.placed(base.rivers.geometry.to_numpy())
    in_view = shapely.intersects(shapes, view.box)
    d = "".join(path_of(line) for line in shapes[in_view])
    if not d:
        return ""
    classes.append(_entry(style, shapes[in_view], reader))
    parts, named = [f'<path d="{d}"{line_look(style)}/>'], set()
    names = name_columns(base.rivers, reader.words.language)
    for place in np.flatnonzero(in_view).tolist():
        name, line = names[place], shapely.intersection(shapes[place], view.box)
        if name is None or name in named or line.length < _NAMED_RIVER_PX:
            continue
        longest = max(shapely.get_parts(line), key=lambda part: part.length)
        spot = longest.interpolate(0.5, normalized=True)
        put = labels.put(name, spot.x, spot.y, size=_RIVER_PX, fill="#39719c", font_style="italic")
        if put:
            named.add(name)
            parts.append(put)
    return "".join(parts)


def _towns(
    base: SheetBase, view: View, labels: Labels, reader: Reader, classes: list[DrawnClass]
) -> str:
    if base.places is None:
        return ""
    table = base.places
    order = np.arange(len(table))
    if "scale_rank" in table.columns:
        order = table["scale_rank"].to_numpy().argsort(kind="stable")
    capitals = table["capital"].tolist() if "capital" in table.columns else [False] * len(table)
    names = name_columns(table, reader.words.language)
    shapes = view.placed(table.geometry.to_numpy())
    inside = shapely.within(shapes, view.box.buffer(-4))
    parts: list[str] = []
    drawn: dict[str, list[tuple[float, float]]] = {}
    count = 0
    for place in order[inside[order]].tolist():
        point, name = shapes[place], names[place]
        put = labels.put(name, point.x, point.y, size=_TOWN_PX, fill="#1b1f23") if name else ""
        if not put:
            continue
        labels.keep_free(point.x - 3, point.y - 3, point.x + 3, point.y + 3)
        parts.append(put)
        kind = "capital" if bool(capitals[place]) else "places"
        drawn.setdefault(kind, []).append((point.x, point.y))
        count += 1
        if count >= _TOWNS:
            break
    marks = ""
    for kind in ("capital", "places"):
        if kind in drawn:
            style = style_of("settlements", kind)
            marks += points_path(np.array(drawn[kind]), style, style.width_px)
            classes.append(_entry(style, np.zeros(0, dtype=object), reader))
    return marks + "".join(parts)


def frame_edge(view: View) -> str:
    """Draw the line around the map."""
    box = attributes(x=0, y=0, width=f"{view.frame.width:g}", height=f"{view.frame.height:g}")
    edge = f'<rect{box} fill="none" stroke="#1b1f23" stroke-width="1"/>'
    return edge + (path(view.earth(), fill="none", stroke="#4c555e") if view.is_world else "")
