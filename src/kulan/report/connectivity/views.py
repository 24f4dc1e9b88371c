"""The window of a map: what part of the plane it shows, how large, and what stands at its edges."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer

from kulan.connectivity.frames import Frame
from kulan.places import WGS84, Bounds
from kulan.report.connectivity.lettering import INK, PALE_INK, width_in, write
from kulan.report.connectivity.sheets import Sheet
from kulan.report.reader import Reader
from kulan.words import Words

WIDEST_IN, HIGHEST_IN = 6.9, 6.3
_NARROWEST = 0.42
_GEOD = Geod(ellps="WGS84")
_DEGREE_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
_DEGREE_PT = 7.0
_MOST_LINES = 8
_SCALE_PT = 8.0


@dataclass(frozen=True)
class View:
    """A window on the plane.

    Attributes
    ----------
    frame
        The raster it was made for.
    west, south, east, north
        Its edges, in units of the plane.
    width_in, height_in
        Its size on paper, inches.
    """

    frame: Frame
    west: float
    south: float
    east: float
    north: float
    width_in: float
    height_in: float

    @property
    def box(self) -> shapely.Polygon:
        """The window as a shape in the plane."""
        return shapely.box(self.west, self.south, self.east, self.north)

    @property
    def inches_per_unit(self) -> float:
        """Inches on paper of a unit of the plane, from west to east."""
        return self.width_in / (self.east - self.west)

    @cached_property
    def _middle(self) -> tuple[float, float]:
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    @cached_property
    def _to_degrees(self) -> Transformer:
        return Transformer.from_crs(self.frame.crs, WGS84, always_xy=True)

    def degrees(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return longitude and latitude of points `x`, `y` of the plane, shape (n, 2)."""
        longitude, latitude = self._to_degrees.transform(x, y)
        return np.column_stack([longitude, latitude])

    def plane(self, lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points of the plane, shape (n, 2), for longitude and latitude."""
        x, y = self._to_degrees.transform(lon_lat[:, 0], lon_lat[:, 1], direction="INVERSE")
        return np.column_stack([x, y])

    @cached_property
    def bounds(self) -> Bounds:
        """The box in degrees that holds the window."""
        side = np.linspace(0.0, 1.0, 40)
        x = self.west + side * (self.east - self.west)
        y = self.south + side * (self.north - self.south)
        gx, gy = np.meshgrid(x, y)
        found = self.degrees(gx.ravel(), gy.ravel())
        found = found[np.isfinite(found).all(axis=1)]
        (west, south), (east, north) = found.min(axis=0), found.max(axis=0)
        return Bounds(float(west), float(south), float(east), float(north))

    @cached_property
    def metres_per_unit(self) -> float:
        """Metres on the ellipsoid of one unit of the plane, west to east at the middle."""
        x, y = self._middle
        reach = (self.east - self.west) * 0.01
        ends = self.degrees(np.array([x - reach, x + reach]), np.array([y, y]))
        _, _, metres = _GEOD.inv(*ends[0], *ends[1])
        return float(metres) / (2 * reach)

    @cached_property
    def north_direction(self) -> tuple[float, float]:
        """The way north on paper at the middle, a vector of length 1."""
        x, y = self._middle
        here = self.degrees(np.array([x]), np.array([y]))[0]
        there = self.plane(np.array([[here[0], here[1] + 0.01]]))[0]
        tall = self.height_in / (self.north - self.south)
        east, north = (there[0] - x) * self.inches_per_unit, (there[1] - y) * tall
        length = math.hypot(east, north)
        return east / length, north / length


def view_of(frame: Frame) -> View:
    """Return the window that shows a whole raster, no more than 2.4 times as long as wide.

    A window in degrees is drawn as wide as it is at its middle latitude.
    """
    west, north = frame.west, frame.north
    east = west + frame.columns * frame.cell_width
    south = north - frame.rows * frame.cell_height
    wide, high = east - west, north - south
    squeeze = 1.0
    if frame.crs and CRS.from_user_input(frame.crs).is_geographic:
        squeeze = max(0.1, math.cos(math.radians((south + north) / 2)))
    wide_on_paper = wide * squeeze
    if wide_on_paper < _NARROWEST * high:
        extra = (_NARROWEST * high / squeeze - wide) / 2
        west, east = west - extra, east + extra
    elif high < _NARROWEST * wide_on_paper:
        extra = (_NARROWEST * wide_on_paper - high) / 2
        south, north = south - extra, north + extra
    aspect = (east - west) * squeeze / (north - south)
    width = min(WIDEST_IN, HIGHEST_IN * aspect)
    return View(frame, west, south, east, north, width, width / aspect)


# --- degrees ------------------------------------------------------------------------------------


def draw_degrees(
    sheet: Sheet, axes: Axes, view: View, corner: tuple[float, float], words: Words
) -> None:
    """Draw meridians and parallels, with their degrees beside and beneath the map.

    Parameters
    ----------
    sheet
        Where the figures are written.
    axes
        Of the map.
    view
        Its window; one without a coordinate system has no degrees.
    corner
        Lower left corner of the map on the sheet, inches.
    words
        For numbers.
    """
    if not view.frame.crs:
        return
    left, bottom = corner
    bounds = _unbroken(view)
    meridians = _round_degrees(bounds.west, bounds.east)
    parallels = _round_degrees(bounds.south, bounds.north)
    along = np.linspace(0.0, 1.0, 200)
    latitude = bounds.south + along * (bounds.north - bounds.south)
    longitude = bounds.west + along * (bounds.east - bounds.west)
    last = -math.inf
    for degree in meridians:
        xy = view.plane(np.column_stack([np.full(200, degree), latitude]))
        _draw_line(axes, xy)
        x = _crossing(xy[:, 1], xy[:, 0], view.south)
        at = left + (x - view.west) * view.inches_per_unit
        text = degree_text(degree, meridians, words)
        half = width_in(text, _DEGREE_PT) / 2
        if view.west <= x <= view.east and at - half > last + 0.08:
            style: dict[str, Any] = {"ha": "center", "va": "top", "color": PALE_INK}
            write(sheet.paper, at, bottom - 0.05, text, size=_DEGREE_PT, **style)
            last = at + half
    tall = view.height_in / (view.north - view.south)
    for degree in parallels:
        xy = view.plane(np.column_stack([longitude, np.full(200, degree)]))
        _draw_line(axes, xy)
        y = _crossing(xy[:, 0], xy[:, 1], view.west)
        if view.south <= y <= view.north:
            text = degree_text(degree, parallels, words)
            at = bottom + (y - view.south) * tall
            style = {"ha": "right", "va": "center", "color": PALE_INK}
            write(sheet.paper, left - 0.05, at, text, size=_DEGREE_PT, **style)


def _unbroken(view: View) -> Bounds:
    """Return a window's box in degrees; across the 180th meridian its east goes on beyond 180."""
    bounds = view.bounds
    if bounds.east - bounds.west <= 180:
        return bounds
    side = np.linspace(0.0, 1.0, 40)
    x = np.tile(view.west + side * (view.east - view.west), 3)
    y = np.repeat([view.south, (view.south + view.north) / 2, view.north], 40)
    longitude = view.degrees(x, y)[:, 0] % 360
    if np.ptp(longitude) > 180:
        return bounds
    return Bounds(float(longitude.min()), bounds.south, float(longitude.max()), bounds.north)


def degree_text(degree: float, beside: list[float], words: Words) -> str:
    """Write a degree with as many decimals as those `beside` it need, in the language of `words`.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> degree_text(104.5, [104.5, 105.0], words_in("ru")), degree_text(-5, [-5, 0], words_in("en"))
    ('104,5°', '−5°')
    >>> degree_text(182.0, [180.0, 182.0], words_in("en"))
    '−178°'
    """
    step = beside[1] - beside[0] if len(beside) > 1 else 1.0
    degree = degree - 360 if degree > 180 else degree
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    sign = "−" if degree < 0 else ""
    return f"{sign}{words.number(abs(degree), decimals)}°"


def _round_degrees(low: float, high: float) -> list[float]:
    span = high - low
    step = next((one for one in _DEGREE_STEPS if span / one <= _MOST_LINES), _DEGREE_STEPS[-1])
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(k * step, 6) for k in range(first, last + 1)]


def _draw_line(axes: Axes, xy: NDArray[np.float64]) -> None:
    style: dict[str, Any] = {"color": "#5f6b73", "lw": 0.4, "alpha": 0.45, "zorder": 2}
    axes.add_line(Line2D(xy[:, 0], xy[:, 1], gid="graticule", **style))


def _crossing(along: NDArray[np.float64], across: NDArray[np.float64], edge: float) -> float:
    """Return `across` where a line's `along` first reaches an edge; NaN where it does not."""
    sides = np.flatnonzero(np.diff(along > edge))
    if not sides.size:
        return math.nan
    k = int(sides[0])
    share = (edge - along[k]) / (along[k + 1] - along[k])
    return float(across[k] + share * (across[k + 1] - across[k]))


# --- scale bar and north ------------------------------------------------------------------------

SCALE_HIGH_IN = 0.62


def round_length_km(view: View, longest_in: float) -> float:
    """Return the longest round length, km, that takes at most `longest_in` inches of a `view`."""
    longest = longest_in / view.inches_per_unit * view.metres_per_unit / 1000
    power = 10.0 ** math.floor(math.log10(longest))
    return max(one * power for one in (1, 2, 5) if one * power <= longest)


def draw_scale_bar(sheet: Sheet, view: View, left: float, top: float, reader: Reader) -> None:
    """Draw the scale bar, true at the map's middle, and the arrow that points north there.

    Parameters
    ----------
    sheet
        Where.
    view
        Whose scale; one without a coordinate system has none.
    left, top
        Upper left corner, inches.
    reader
        For words and numbers.
    """
    if not view.frame.crs:
        return
    km = round_length_km(view, 1.4)
    long = km * 1000 / view.metres_per_unit * view.inches_per_unit
    draw_bar(sheet.paper, km, long, (left, top - 0.4), reader)
    _draw_north(sheet.paper, left + 1.9, top - 0.38, view, reader)


def draw_bar(
    paper: Axes, km: float, long: float, corner: tuple[float, float], reader: Reader
) -> None:
    """Draw a bar of a length with its figures.

    Parameters
    ----------
    paper
        Axes in inches.
    km
        The length it stands for.
    long
        How long it is drawn, inches.
    corner
        Lower left corner, inches.
    reader
        For words and numbers.
    """
    left, y = corner
    for start, stop, colour in ((0.0, 0.5, INK), (0.5, 1.0, "#ffffff")):
        x = np.array([start, stop, stop, start]) * long + left
        corners = np.column_stack([x, [y, y, y + 0.06, y + 0.06]])
        paper.add_patch(Polygon(corners, facecolor=colour, edgecolor=INK, lw=0.7, gid="scale bar"))
    write(paper, left, y - 0.05, "0", size=_SCALE_PT, va="top", ha="center")
    text = reader.say("{value} km", value=reader.words.significant(km))
    if km < 1:
        text = reader.say("{value} m", value=reader.words.significant(km * 1000))
    write(paper, left + long, y - 0.05, text, size=_SCALE_PT, va="top", ha="center")


def _draw_north(paper: Axes, x: float, y: float, view: View, reader: Reader) -> None:
    east, north = view.north_direction
    along, across = np.array([east, north]), np.array([north, -east])
    middle = np.array([x, y])
    corners = [
        middle + 0.17 * along,
        middle - 0.14 * along + 0.09 * across,
        middle - 0.07 * along,
        middle - 0.14 * along - 0.09 * across,
    ]
    paper.add_patch(Polygon(corners, facecolor=INK, edgecolor="none", gid="north"))
    at = middle + 0.26 * along
    write(paper, at[0], at[1], reader.say("N"), size=_SCALE_PT, bold=True, ha="center", va="center")
