"""What lies over a map's colours: borders, ways, barriers, focal sites and crossings."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.errors import InvalidTableError, UnknownCrsError
from kulan.report.connectivity.legends import Dash, Key, crosses
from kulan.report.connectivity.lettering import INK
from kulan.report.connectivity.map_names import Label, MapNames
from kulan.report.connectivity.views import View
from kulan.report.reader import Reader
from kulan.vocabulary import BARRIER_TYPES

Shapes = NDArray[np.object_]

# dark enough to be read in a white casing on every colour of every scale
BARRIER_COLOURS = {
    "railway": "#000000",
    "road": "#b35900",
    "fence": "#8a1060",
    "border_fence": "#8a1060",
    "canal": "#1467c4",
    "pipeline": "#4a4a4a",
    "power_line": "#4a4a4a",
}
_OTHER_BARRIER = "#2b2b2b"
_FENCES = ("fence", "border_fence")
CLOSED_BELOW, NEARLY_CLOSED_BELOW, OPEN_ABOVE = 0.01, 0.05, 0.99
_NEARLY_DASH, _PARTLY_DASH, _OPEN_DASH = (6.0, 1.0), (3.0, 1.6), (1.0, 1.6)
_REGION_DASH = (6.0, 1.4, 1.2, 1.4)
_BORDER, _DISPUTED_DASH = "#3d464d", (5.0, 3.0)
_STATES, _SITES = 3, 7
_STATE_SHARE = 0.04
_LONGEST_EDGE_DEG = 0.1
_MOST_LABELS = 60
_CROSSES_IN = 0.4


@dataclass(frozen=True)
class Overlays:
    """Tables to lay over a map; each may be left out.

    Attributes
    ----------
    barriers
        Lines. `barrier_type` (see `kulan.vocabulary.BARRIER_TYPES`) gives the colour, and
        `permeability`, 0 to 1, the dashes; both columns may be missing.
    sites
        Focal points, or regions as polygons, with their label in `site`; see
        `kulan.report.connectivity.focal_sites.sites_table`.
    crossings
        Points, with their label in `crossing_id`.
    states
        Polygons, with the state's code in `iso3`.
    ways
        Lines, such as least-cost paths.
    disputed
        Lines: borders that are disputed or not defined.
    """

    barriers: gpd.GeoDataFrame | None = None
    sites: gpd.GeoDataFrame | None = None
    crossings: gpd.GeoDataFrame | None = None
    states: gpd.GeoDataFrame | None = None
    ways: gpd.GeoDataFrame | None = None
    disputed: gpd.GeoDataFrame | None = None


@dataclass(frozen=True)
class Mark:
    """Shapes of one style.

    Attributes
    ----------
    key
        How they are drawn, and what they mean.
    shapes
        In the plane of the map, cut to its window.
    zorder
        What lies over what.
    labels
        Names, the more important first.
    """

    key: Key
    shapes: Shapes
    zorder: float
    labels: tuple[Label, ...] = ()


def marks_of(over: Overlays, view: View, reader: Reader) -> list[Mark]:
    """Prepare what lies over a map, from below to above; tables without a shape in view drop out.

    Parameters
    ----------
    over
        The tables.
    view
        The window.
    reader
        For words and names.

    Raises
    ------
    UnknownCrsError
        If only one of a table and the raster has a coordinate system.
    InvalidTableError
        If a column is missing.
    """
    marks: list[Mark] = []
    if over.states is not None:
        words = reader.say("state border")
        key = Key(words, "line", _BORDER, width=0.8, cased=True, casing_width=1.2)
        lines, _ = in_view(over.states, view, "states", outline=True)
        marks.append(Mark(key, lines, _STATES, _state_names(over.states, view, reader)))
    if over.disputed is not None:
        words, dash = reader.say("disputed or undefined border"), _DISPUTED_DASH
        key = Key(words, "line", _BORDER, width=0.9, dash=dash, cased=True)
        # above the solid border of the states, which its casing hides
        marks.append(Mark(key, in_view(over.disputed, view, "disputed")[0], 3.2))
    if over.ways is not None:
        # light in a dark casing, where all other lines are dark in a light one
        words, casing = reader.say("least-cost path"), "#6b0f45"
        key = Key(words, "line", "#ff9fd6", width=1.8, cased=True, casing=casing, casing_width=1.6)
        marks.append(Mark(key, in_view(over.ways, view, "ways")[0], 4))
    if over.barriers is not None:
        marks += _barriers(over.barriers, view, reader)
    if over.sites is not None:
        marks += _sites(over.sites, view, reader)
    if over.crossings is not None:
        marks += _crossings(over.crossings, view, reader)
    return [mark for mark in marks if mark.shapes.size or mark.labels]


def in_view(
    table: gpd.GeoDataFrame, view: View, what: str, *, outline: bool = False
) -> tuple[Shapes, NDArray[np.int64]]:
    """Return the shapes of a table in the plane of a view, cut to its window.

    Parameters
    ----------
    table
        Of any coordinate system; without one where the raster has none.
    view
        The window.
    what
        Name of the table, for a refusal.
    outline
        Whether only the edges of areas are wanted.

    Returns
    -------
    tuple
        Shapes that are not empty, and the row of each in the table.
    """
    crs = view.frame.crs
    if (table.crs is None) != (crs == ""):
        has, lacks = (what, "raster") if crs == "" else ("raster", what)
        raise UnknownCrsError(
            f"{what}: coordinate system found for the {has}, none for the {lacks}. "
            "Declare that of both."
        )
    moved = table.geometry
    if table.crs is not None and not table.crs.equals(crs, ignore_axis_order=True):
        if table.crs.is_geographic:
            # straight lines in degrees bend as the plane does; what lies far away is left out
            box = view.bounds.grown(0.5)
            near = shapely.clip_by_rect(moved.to_numpy(), box.west, box.south, box.east, box.north)
            fine = shapely.segmentize(near, _LONGEST_EDGE_DEG)
            moved = gpd.GeoSeries(fine, crs=table.crs)
        moved = moved.to_crs(crs)
    shapes = moved.to_numpy()
    if outline:
        areas = shapely.get_dimensions(shapes) == 2
        shapes = np.where(areas, shapely.boundary(shapes), shapes)
    inside = shapely.clip_by_rect(shapes, view.west, view.south, view.east, view.north)
    kept = np.flatnonzero(~(shapely.is_empty(inside) | shapely.is_missing(inside)))
    return inside[kept], kept.astype(np.int64)


def _column(table: gpd.GeoDataFrame, name: str, what: str) -> NDArray[np.object_]:
    if name not in table:
        found = ", ".join(map(repr, table.columns))
        raise InvalidTableError(f"{what}: missing {name!r}; found {found}.")
    values: NDArray[np.object_] = table[name].to_numpy(dtype=object)
    return values


def _state_names(states: gpd.GeoDataFrame, view: View, reader: Reader) -> tuple[Label, ...]:
    shapes, rows = in_view(states, view, "states")
    codes = _column(states, "iso3", "states")
    areas = shapely.area(shapes)
    least = view.box.area * _STATE_SHARE
    names = []
    for k in np.argsort(-areas, kind="stable"):
        if areas[k] >= least:
            largest = max(shapely.get_parts(shapes[k]), key=lambda part: part.area)
            spot = shapely.maximum_inscribed_circle(largest, tolerance=view.box.length / 400)
            x, y = shapely.get_coordinates(spot)[0]
            names.append(Label(x, y, reader.state(str(codes[rows[k]])).upper()))
    return tuple(names)


# --- barriers -----------------------------------------------------------------------------------


def _barriers(barriers: gpd.GeoDataFrame, view: View, reader: Reader) -> list[Mark]:
    shapes, rows = in_view(barriers, view, "barriers", outline=True)
    keys = [barrier_key(*_described(barriers, int(row)), reader) for row in rows]
    marks = []
    for key in dict.fromkeys(keys):
        own = np.array([k for k, one in enumerate(keys) if one == key], np.int64)
        marks.append(Mark(key, shapes[own], 5))
    return sorted(marks, key=lambda mark: (mark.key.colour, bool(mark.key.dash)))


def _described(barriers: gpd.GeoDataFrame, row: int) -> tuple[str, float | None]:
    """Return the type of a barrier, empty where not told, and its permeability, None likewise."""
    kind = barriers["barrier_type"].iloc[row] if "barrier_type" in barriers else None
    share = barriers["permeability"].iloc[row] if "permeability" in barriers else None
    return (
        str(kind) if isinstance(kind, str) else "",
        None if share is None or np.isnan(float(share)) else float(share),
    )


def barrier_key(barrier_type: str, permeability: float | None, reader: Reader) -> Key:
    """Return how a barrier is drawn: type by colour, fences by crosses, how closed by dashes.

    Parameters
    ----------
    barrier_type
        One of `kulan.vocabulary.BARRIER_TYPES`; anything else is drawn as a barrier of no type.
    permeability
        Below 0.01 it is closed and drawn solid and bold; below 0.05 nearly closed, in long dashes
        with narrow gaps; up to 0.99 partly open, in short dashes; above open, dotted. None, not
        known, is drawn solid and thin.
    reader
        For the words.
    """
    colour = BARRIER_COLOURS.get(barrier_type, _OTHER_BARRIER)
    known = barrier_type in BARRIER_TYPES
    kind = reader.code("barrier_type", barrier_type) if known else reader.say("barrier")
    dash: Dash = ()
    words, width = kind, 1.6
    if permeability is not None:
        if permeability < CLOSED_BELOW:
            words, width = reader.say("{kind}, closed", kind=kind), 2.4
        elif permeability < NEARLY_CLOSED_BELOW:
            words, width, dash = reader.say("{kind}, nearly closed", kind=kind), 2.2, _NEARLY_DASH
        elif permeability <= OPEN_ABOVE:
            words, width, dash = reader.say("{kind}, partly open", kind=kind), 1.8, _PARTLY_DASH
        else:
            words, width, dash = reader.say("{kind}, open", kind=kind), 1.2, _OPEN_DASH
    fence = barrier_type in _FENCES
    return Key(words, "line", colour, width=width, dash=dash, cased=True, crossed=fence)


# --- sites and crossings ------------------------------------------------------------------------


def _sites(sites: gpd.GeoDataFrame, view: View, reader: Reader) -> list[Mark]:
    names = _column(sites, "site", "sites")
    shapes, rows = in_view(sites, view, "sites")
    areas = shapely.get_dimensions(shapes) == 2
    regions, points = np.flatnonzero(areas), np.flatnonzero(~areas)
    marks = []
    if regions.size:
        words = reader.say("focal region")
        key = Key(words, "line", "#00706b", width=1.8, dash=_REGION_DASH, cased=True)
        labels = [_label_of(shapes[k], names[rows[k]]) for k in regions]
        marks.append(Mark(key, shapely.boundary(shapes[regions]), 6, tuple(labels)))
    if points.size:
        words = reader.say("focal site")
        key = Key(words, "marker", "#ffffff", edge="#00504d", width=1.8, size=7)
        labels = [_label_of(shapes[k], names[rows[k]]) for k in points]
        marks.append(Mark(key, shapes[points], _SITES, tuple(labels)))
    return marks


def _crossings(crossings: gpd.GeoDataFrame, view: View, reader: Reader) -> list[Mark]:
    names = _column(crossings, "crossing_id", "crossings")
    shapes, rows = in_view(crossings, view, "crossings")
    places = shapely.point_on_surface(shapes) if shapes.size else shapes
    key = Key(reader.say("crossing"), "marker", "#ffd23f", edge=INK, width=1.2, marker="D", size=6)
    labels = tuple(_label_of(place, names[row]) for place, row in zip(places, rows, strict=True))
    return [Mark(key, places, 8, labels)]


def _label_of(shape: BaseGeometry, text: object) -> Label:
    x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
    return Label(float(x), float(y), str(text))


# --- drawing ------------------------------------------------------------------------------------


def draw_marks(axes: Axes, marks: list[Mark], view: View) -> None:
    """Draw what lies over a map, and the names that find room, sites before crossings.

    Parameters
    ----------
    axes
        Of the map, in units of its plane.
    marks
        From below to above.
    view
        The window.
    """
    names = MapNames(view)
    for mark in marks:
        if not mark.shapes.size:
            continue
        if mark.key.kind == "marker":
            _draw_points(axes, mark)
            names.keep_off_points(shapely.get_coordinates(mark.shapes), mark.key.size)
        else:
            _draw_lines(axes, mark, view)
            names.keep_off_lines(mark.shapes)
    for mark in sorted(marks, key=lambda mark: abs(mark.zorder - _SITES)):
        for label in mark.labels[:_MOST_LABELS]:
            if mark.zorder == _STATES:
                names.write_across(axes, label)
            else:
                names.write_beside(axes, label)


def _draw_lines(axes: Axes, mark: Mark, view: View) -> None:
    parts = shapely.get_parts(mark.shapes)
    lines = [shapely.get_coordinates(part) for part in parts if shapely.get_dimensions(part) == 1]
    key = mark.key
    if key.cased:
        wide = key.width + key.casing_width
        casing = LineCollection(lines, colors=key.casing, linewidths=wide)
        casing.set_zorder(mark.zorder)
        axes.add_collection(casing, autolim=False)
    style = (0, key.dash) if key.dash else "solid"
    own = LineCollection(lines, colors=key.colour, linewidths=key.width, linestyles=[style])
    own.set_zorder(mark.zorder + 0.5)
    own.set_gid(key.words)
    axes.add_collection(own, autolim=False)
    if key.crossed:
        xy = _along(parts, _CROSSES_IN / view.inches_per_unit)
        line = crosses(key, xy[:, 0], xy[:, 1])
        line.set_zorder(mark.zorder + 0.6)
        axes.add_line(line)


def _along(lines: Shapes, spacing: float) -> NDArray[np.float64]:
    """Return points at even distances along lines, none on the shortest."""
    lengths = shapely.length(lines)
    count = np.round(lengths / spacing).astype(int)
    of_line = np.repeat(np.arange(count.size), count)
    k = np.arange(of_line.size) - np.repeat(np.cumsum(count) - count, count)
    at = (k + 0.5) / count[of_line]
    points = shapely.line_interpolate_point(lines[of_line], at, normalized=True)
    xy: NDArray[np.float64] = shapely.get_coordinates(points).reshape(-1, 2)
    return xy


def _draw_points(axes: Axes, mark: Mark) -> None:
    xy, key = shapely.get_coordinates(mark.shapes), mark.key
    axes.plot(
        xy[:, 0],
        xy[:, 1],
        linestyle="none",
        marker=key.marker,
        markersize=key.size,
        markerfacecolor=key.colour,
        markeredgecolor=key.edge,
        markeredgewidth=key.width,
        zorder=mark.zorder,
        gid=key.words,
        scalex=False,
        scaley=False,
    )
