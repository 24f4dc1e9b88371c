"""What is drawn on the maps, layer by layer, from below to above."""

from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from kulan.report.cartography import Frame, Labels, attributes, cut, path
from kulan.report.map_furniture import WATER, degrees
from kulan.report.map_legend import Key
from kulan.report.reader import Reader
from kulan.screening import Scene
from kulan.screening.findings import Screening

LAND, BORDER, RIVER = "#fbfaf6", "#7d868e", "#8fb8d6"
AREA, LANDSCAPE, USER = "#117733", "#882255", "#7a6f00"
ALTERNATIVE_COLOURS = ("#d55e00", "#0072b2", "#a3308a", "#000000", "#8a6100")
"""Okabe and Ito's palette, darkened where a line on pale ground needs it."""

BARRIER_STYLES: dict[str, tuple[str, float, str | None]] = {
    "railway": ("#222222", 2.0, None),
    "road": ("#8b5a2b", 2.0, None),
    "fence": ("#444444", 2.4, "1.5 3"),
    "border_fence": ("#444444", 2.4, "1.5 3"),
    "pipeline": ("#555555", 1.8, "9 3 2 3"),
    "canal": ("#0072b2", 2.0, None),
    "power_line": ("#555555", 1.4, "4 2"),
}
_OTHER_BARRIER = ("#555555", 1.6, None)
_PLANNED_DASH = "7 5"
_LABELLED_AREAS = 14
_TITLES_IN_LEGEND = 6


def background(scene: Scene, frame: Frame) -> str:
    """Draw water and land."""
    land = frame.to_paper(cut(scene.states.geometry.to_numpy(), frame.bounds().grown(0.2)))
    paper = attributes(x=0, y=0, width=f"{frame.width:g}", height=f"{frame.height:g}", fill=WATER)
    return f"<rect{paper}/>" + "".join(path(one, fill=LAND, stroke=LAND) for one in land)


def borders(scene: Scene, frame: Frame, labels: Labels, reader: Reader, keys: list[Key]) -> str:
    """Draw borders with the states' names, disputed ones dashed, and the net of degrees."""
    bounds = frame.bounds().grown(0.2)
    parts = [degrees(frame)]
    sheet = shapely.box(0, 0, frame.width, frame.height)
    states = scene.states
    shapes = frame.to_paper(cut(states.geometry.to_numpy(), bounds))
    for iso3, outline in zip(states["iso3"], shapes, strict=True):
        parts.append(path(outline, fill="none", stroke=BORDER, stroke_width=1.1))
        seen = shapely.intersection(shapely.make_valid(outline), sheet)
        if seen.area > frame.width * frame.height * 0.03:
            parts.append(state_name(reader.state(str(iso3)), seen, labels))
    disputed = frame.to_paper(cut(scene.disputed.geometry.to_numpy(), bounds))
    drawn = [
        path(one, fill="none", stroke=LAND, stroke_width=1.6)
        + path(one, fill="none", stroke=BORDER, stroke_width=1.4, stroke_dasharray="5 4")
        for one in disputed
        if not one.is_empty and one.intersects(sheet)
    ]
    if drawn:
        keys.append(Key(reader.say("disputed or undefined border"), "line", BORDER, "5 4", 1.4))
    return "".join(parts + drawn)


def state_name(name: str, seen: BaseGeometry, labels: Labels) -> str:
    """Return a state's name where it has room inside `seen`, the part of the state on paper."""
    largest = max(shapely.get_parts(seen), key=lambda part: part.area)
    size = 15 if labels.width > 700 else 11
    for share in (0.5, 0.3, 0.7, 0.2, 0.8):
        west, south, east, north = largest.bounds
        level = north - (north - south) * (1 - share)
        across = shapely.intersection(largest, shapely.LineString([(west, level), (east, level)]))
        if across.is_empty:
            continue
        widest = max(shapely.get_parts(across), key=lambda part: part.length)
        spot = widest.interpolate(0.5, normalized=True)
        put = labels.put(
            name.upper(),
            spot.x,
            spot.y,
            size=size,
            centred=True,
            fill="#4c555e",
            letter_spacing="0.06em",
        )
        if put:
            return put
    return ""


def rivers(scene: Scene, frame: Frame, labels: Labels) -> str:
    """Draw rivers, and name a few of the largest."""
    bounds = frame.bounds().grown(0.2)
    sheet = shapely.box(0, 0, frame.width, frame.height)
    parts, named = [], set()
    for name, geometry in zip(
        scene.rivers["name"], cut(scene.rivers.geometry.to_numpy(), bounds), strict=True
    ):
        if geometry.is_empty:
            continue
        line = shapely.intersection(frame.to_paper(geometry), sheet)
        parts.append(path(line, fill="none", stroke=RIVER, stroke_width=1.2))
        if isinstance(name, str) and name and name not in named and line.length > 160:
            longest = max(shapely.get_parts(line), key=lambda part: part.length)
            spot = longest.interpolate(0.5, normalized=True)
            put = labels.put(name, spot.x, spot.y, size=10.5, fill="#39719c", font_style="italic")
            if put:
                named.add(name)
                parts.append(put)
    return "".join(parts)


def areas(
    table: gpd.GeoDataFrame,
    kind: str,
    frame: Frame,
    labels: Labels,
    reader: Reader,
    keys: list[Key],
) -> str:
    """Draw key areas or landscapes; circles that stand in for an outline are dashed."""
    colour = AREA if kind == "key_area" else LANDSCAPE
    words = reader.say("key area") if kind == "key_area" else reader.say("landscape")
    sheet = shapely.box(0, 0, frame.width, frame.height)
    shapes, names = [], []
    for row in table.itertuples(index=False):
        on_paper = frame.to_paper(row.geometry)
        if not on_paper.is_empty and on_paper.intersects(sheet):
            shapes.append((row, on_paper))
    for row, on_paper in shapes:
        dash = "5 3" if getattr(row, "extent", "polygon") == "circle" else None
        names.append(_area(row, on_paper, colour, dash, reader))
        text = reader.say("{area}: outline not known", area=words) if dash else words
        keys.append(Key(text, "outline", colour, dash, 1.4))
    for row, on_paper in shapes[:_LABELLED_AREAS]:
        seen = shapely.intersection(on_paper, sheet)
        names.append(_area_name(str(row.name), seen, colour, labels))
    return "".join(names)


def _area_name(name: str, seen: BaseGeometry, colour: str, labels: Labels) -> str:
    """Return an area's name at its middle, or a little above or below, or beside it."""
    middle = seen.centroid
    for lift in (0, -14, 14, -28, 28):
        put = labels.put(name, middle.x, middle.y + lift, size=11, centred=True, fill=colour)
        if put:
            return put
    west, _, east, _ = seen.bounds
    reach = (east - west) / 2 + 3
    return labels.put(name, middle.x, middle.y, size=11, gap=reach, fill=colour)


def _area(row: Any, on_paper: BaseGeometry, colour: str, dash: str | None, reader: Reader) -> str:
    tip = f"{row.name} ({reader.code('area_kind', row.kind)})"
    if shapely.get_dimensions(on_paper) == 0:
        x, y = shapely.get_coordinates(on_paper)[0]
        place = attributes(cx=f"{x:.1f}", cy=f"{y:.1f}", r=4, fill=colour, data_tip=tip)
        return f"<circle{place}/>"
    return path(
        on_paper,
        fill=colour,
        fill_opacity=0.1,
        stroke=colour,
        stroke_width=1.4,
        stroke_dasharray=dash,
        data_tip=tip,
    )


def user_layers(scene: Scene, frame: Frame, keys: list[Key]) -> str:
    """Draw the layers the user brought, each under its title."""
    shapes = frame.to_paper(scene.user_layers.geometry.to_numpy())
    parts = []
    for title, shape in zip(scene.user_layers["title"], shapes, strict=True):
        kind = shapely.get_dimensions(shape)
        if kind == 0:
            for x, y in shapely.get_coordinates(shape).tolist():
                place = attributes(cx=f"{x:.1f}", cy=f"{y:.1f}", r=2.5, fill=USER, data_tip=title)
                parts.append(f"<circle{place}/>")
            continue
        parts.append(
            path(
                shape,
                fill=USER if kind == 2 else "none",
                fill_opacity=0.2,
                stroke=USER,
                stroke_width=1.2,
                data_tip=title,
            )
        )
    titles = list(dict.fromkeys(scene.user_layers["title"]))
    keys += [Key(title, "outline", USER, None, 1.2) for title in titles[:_TITLES_IN_LEGEND]]
    return "".join(parts)


def barriers(scene: Scene, frame: Frame, reader: Reader, keys: list[Key]) -> str:
    """Draw known barriers by their type; those that do not stand yet are dashed and paler."""
    sheet = shapely.box(0, 0, frame.width, frame.height)
    bounds = frame.bounds().grown(0.2)
    parts = []
    for row, geometry in zip(
        scene.barriers.itertuples(index=False),
        cut(scene.barriers.geometry.to_numpy(), bounds),
        strict=True,
    ):
        line = shapely.intersection(frame.to_paper(geometry), sheet)
        if line.is_empty:
            continue
        colour, width, dash = BARRIER_STYLES.get(row.barrier_type, _OTHER_BARRIER)
        kind = reader.code("barrier_type", row.barrier_type)
        words = kind
        opacity = None
        if row.status in ("planned", "under_construction"):
            dash, opacity = _PLANNED_DASH, 0.75
            words = reader.say("{kind}, not built yet", kind=kind)
        tip = f"{row.name} ({kind}, {reader.code('status', row.status)})"
        style: dict[str, object] = {"fill": "none", "stroke_width": width}
        parts.append(
            path(line, stroke=colour, stroke_dasharray=dash, opacity=opacity, data_tip=tip, **style)
        )
        if row.barrier_type == "railway" and opacity is None:
            parts.append(
                path(
                    line,
                    stroke="#ffffff",
                    fill="none",
                    stroke_width=width - 1,
                    stroke_dasharray="5 5",
                )
            )
        keys.append(Key(words, "line", colour, dash, width))
    return "".join(parts)


def alternatives(screening: Screening, frame: Frame, labels: Labels, keys: list[Key]) -> str:
    """Draw the alternatives above all, each with its number, and keep other names off them."""
    parts, badges = [], []
    for place, found in enumerate(screening.alternatives):
        alternative = found.alternative
        colour = ALTERNATIVE_COLOURS[place % len(ALTERNATIVE_COLOURS)]
        dash = None if place < len(ALTERNATIVE_COLOURS) else "12 4"
        shape = frame.to_paper(shape_of(alternative.geometry))
        tip = f"{place + 1}. {alternative.name}"
        group = attributes(data_alternative=alternative.alternative_id, data_tip=tip)
        fill = "none" if alternative.shape == "line" else colour
        body = path(shape, fill="none", stroke="#ffffff", stroke_width=6.5, stroke_opacity=0.85)
        body += path(
            shape,
            fill=fill,
            fill_opacity=0.35,
            stroke=colour,
            stroke_width=3.4,
            stroke_dasharray=dash,
            stroke_linejoin="round",
        )
        parts.append(f"<g{group}>{body}</g>")
        share = (place + 1) / (len(screening.alternatives) + 1)
        line = shape if alternative.shape == "line" else shape.boundary
        spot = shapely.line_interpolate_point(_longest(line), share, normalized=True)
        badges.append(_badge(str(place + 1), spot.x, spot.y, colour, labels))
        _keep_free_along(shape, labels)
        kind = "line" if alternative.shape == "line" else "fill"
        keys.append(Key(tip, kind, colour, dash, 3.4))
    return "".join(parts + badges)


def _longest(line: BaseGeometry) -> BaseGeometry:
    return max(shapely.get_parts(line), key=lambda part: part.length)


def _badge(text: str, x: float, y: float, colour: str, labels: Labels) -> str:
    labels.keep_free(x - 11, y - 11, x + 11, y + 11)
    place = attributes(cx=f"{x:.1f}", cy=f"{y:.1f}", r=10, fill=colour, stroke="#ffffff")
    words = attributes(x=f"{x:.1f}", y=f"{y + 4.5:.1f}", font_size=13, fill="#ffffff")
    return (
        f'<circle{place} stroke-width="1.5"/>'
        f'<text{words} font-weight="bold" text-anchor="middle">{text}</text>'
    )


def _keep_free_along(shape: BaseGeometry, labels: Labels) -> None:
    line = shape if shapely.get_dimensions(shape) == 1 else shape.boundary
    for x, y in shapely.get_coordinates(shapely.segmentize(line, 8)).tolist():
        labels.keep_free(x - 3, y - 3, x + 3, y + 3)


def structures(screening: Screening, frame: Frame, reader: Reader, keys: list[Key]) -> str:
    """Mark the crossing structures the user declared."""
    parts = []
    for found in screening.alternatives:
        for one in found.alternative.structures:
            point = frame.to_paper(shapely.Point(one.longitude, one.latitude))
            d = f"M{point.x:.1f},{point.y - 6:.1f}l6,6l-6,6l-6,-6Z"
            tip = f"{one.structure_id} ({reader.code('structure', one.kind)})"
            style = attributes(fill="#ffffff", stroke="#1b1f23", stroke_width=1.6, data_tip=tip)
            parts.append(f'<path d="{d}"{style}/>')
    if parts:
        keys.append(Key(reader.say("planned crossing structure"), "mark", "#1b1f23"))
    return "".join(parts)


def towns(scene: Scene, frame: Frame, labels: Labels, most: int = 28) -> str:
    """Mark and name towns, the larger first, where there is room."""
    table = scene.places
    order = table["scale_rank"].to_numpy().argsort(kind="stable")
    points = frame.to_paper(table.geometry.to_numpy())
    parts: list[str] = []
    for place in order:
        point = points[place]
        if not (4 < point.x < frame.width - 4 and 4 < point.y < frame.height - 4):
            continue
        put = labels.put(
            str(table["name"].iloc[place]), point.x, point.y, size=11.5, fill="#1b1f23"
        )
        if put:
            labels.keep_free(point.x - 3, point.y - 3, point.x + 3, point.y + 3)
            mark = attributes(cx=f"{point.x:.1f}", cy=f"{point.y:.1f}", r=2.6, fill="#1b1f23")
            parts.append(f"<circle{mark}/>{put}")
        if len(parts) >= most:
            break
    return "".join(parts)
