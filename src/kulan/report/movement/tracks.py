"""Tracks on a map: each animal's path with its first and last fix, and what was set aside."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.connectivity.frames import Frame
from kulan.movement.fixes import Fixes
from kulan.movement.planes import Plane, plane_around
from kulan.movement.tracks import Track, tracks_of
from kulan.report.connectivity.legends import (
    COLUMN_IN,
    Heading,
    Item,
    Key,
    column_height_in,
    draw_column,
)
from kulan.report.connectivity.lettering import PALE_INK, shortened, write
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Picture, Sheet, drawing, lay_sheet
from kulan.report.connectivity.views import (
    SCALE_HIGH_IN,
    View,
    draw_bar,
    draw_degrees,
    draw_scale_bar,
    view_of,
)
from kulan.report.reader import Reader

Floats = NDArray[np.float64]
# told apart by the colour-blind (Okabe and Ito 2008), without the yellow that paper swallows
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
MOST_NAMES = 80
_ASIDE, _BARRIER = "#8b949c", "#3c2415"
_DEGREES_LEFT_IN, _DEGREES_BELOW_IN, _BETWEEN_IN = 0.42, 0.22, 0.28
_NAME_IN, _ROW_IN, _NAME_PT, _NUMBER_PT = 1.4, 0.16, 7.0, 6.5
_USUAL_GAPS = 4.0
_LEAST_M = 100.0
# where a number may stand beside its fix: how far, inches, and which way
_REACH = (0.1, 0.18, 0.27)
_WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, -0.7))


@dataclass(frozen=True)
class _Drawn:
    """What lies on the map, in metres of a plane."""

    plane: Plane
    tracks: tuple[Track, ...]
    aside: Floats
    lines: tuple[Floats, ...]

    def colour(self, at: int) -> str:
        """Return the colour of a track; where there are many, several share one."""
        return COLOURS[at % len(COLOURS)]

    @property
    def are_many(self) -> bool:
        """Whether there are more animals than colours, so that numbers tell them apart."""
        return len(self.tracks) > len(COLOURS)


def tracks_picture(
    fixes: Fixes, caption: Caption, reader: Reader, lines: Sequence[BaseGeometry] = ()
) -> Picture:
    """Draw the tracks of all animals on a map.

    Parameters
    ----------
    fixes
        Flagged fixes; those set aside are drawn apart.
    caption
        Words around the picture, in the reader's language.
    reader
        For words and numbers.
    lines
        Barriers, longitude and latitude; left out where fixes lie nowhere on Earth.

    Returns
    -------
    Picture
        North is up at the middle of the map. Animals have a colour each, or where they are more
        than `COLOURS` a number too. Without a used fix that has a place it says so.
    """
    drawn = _placed(fixes, lines)
    if not drawn.tracks:
        return _empty(caption, reader)
    view = _view(drawn)
    outside = _outside(drawn, view)
    with drawing():
        keys = _keys(drawn, reader)
        beneath = column_height_in(keys) + SCALE_HIGH_IN + 0.1
        rows = max(int((view.height_in - beneath - 0.3) / _ROW_IN), 10)
        named = drawn.tracks[:MOST_NAMES] if drawn.are_many else ()
        columns = math.ceil(len(named) / rows)
        wide = max(COLUMN_IN, columns * _NAME_IN)
        high = max(view.height_in + _DEGREES_BELOW_IN, beneath + min(len(named), rows) * _ROW_IN)
        width = 2 * MARGIN_IN + _DEGREES_LEFT_IN + view.width_in + _BETWEEN_IN + wide
        sheet = lay_sheet(caption, _notes(drawn, outside, reader), width, high + 0.1)
        corner = MARGIN_IN + _DEGREES_LEFT_IN, sheet.top - view.height_in
        axes = sheet.body(*corner, view.width_in, view.height_in)
        _draw(axes, drawn, view)
        draw_degrees(sheet, axes, view, corner, reader.words)
        beside = corner[0] + view.width_in + _BETWEEN_IN
        foot = draw_column(sheet.paper, beside, sheet.top, keys, reader.words)
        _draw_scale(sheet, view, beside + 0.05, foot, reader)
        _list_names(sheet, drawn, named, (beside, foot - SCALE_HIGH_IN - 0.1), rows)
    return Picture(sheet.figure)


def _placed(fixes: Fixes, lines: Sequence[BaseGeometry]) -> _Drawn:
    table = fixes.table
    x, y = table["x"].to_numpy(float), table["y"].to_numpy(float)
    there = np.isfinite(x) & np.isfinite(y)
    if fixes.is_geographic:
        there &= (np.abs(x) <= 360) & (np.abs(y) <= 90)
    used = there & fixes.used
    plane = Plane("" if fixes.is_geographic else fixes.crs)
    if not used.any():
        return _Drawn(plane, (), np.empty((0, 2)), ())
    aside = np.column_stack([x, y])[there & ~fixes.used]
    if fixes.is_geographic:
        plane = plane_around(x[used], y[used])
        aside = np.column_stack(plane.forward(aside[:, 0], aside[:, 1]))
    tracks = tuple(track for track in tracks_of(fixes, plane) if len(track))
    parts = [] if plane.is_local else shapely.get_parts(list(lines), return_index=False)
    placed = [np.column_stack(plane.forward(*shapely.get_coordinates(one).T)) for one in parts]
    return _Drawn(plane, tracks, aside[np.isfinite(aside).all(axis=1)], tuple(placed))


def _view(drawn: _Drawn) -> View:
    """Return the window around all used fixes, with a little room."""
    every = np.concatenate([track.positions_m for track in drawn.tracks])
    every = every[np.isfinite(every).all(axis=1)]
    low, high = every.min(axis=0), every.max(axis=0)
    room = max(0.05 * float((high - low).max()), _LEAST_M)
    west, north = float(low[0]) - room, float(high[1]) + room
    wide, tall = high - low + 2 * room
    return view_of(Frame(1, 1, west, north, float(wide), float(tall), drawn.plane.crs))


def _outside(drawn: _Drawn, view: View) -> NDArray[np.bool_]:
    x, y = drawn.aside.T
    outside: NDArray[np.bool_] = (
        (x < view.west) | (x > view.east) | (y < view.south) | (y > view.north)
    )
    return outside


def _keys(drawn: _Drawn, reader: Reader) -> list[Item]:
    say, items = reader.say, list[Item]()
    if drawn.are_many:
        words = say("path of an animal; colours repeat, the number at its last fix tells which")
        items.append(Key(words, "line", COLOURS[0], width=1.2))
    else:
        items += [
            Key(track.animal_id, "line", drawn.colour(at), width=1.6)
            for at, track in enumerate(drawn.tracks)
        ]
    tone = PALE_INK if drawn.are_many or len(drawn.tracks) > 1 else drawn.colour(0)
    items.append(Heading(say("On each path")))
    if any(_gaps(track).any() for track in drawn.tracks):
        words = say("gap: more than four times the usual interval")
        items.append(Key(words, "line", tone, width=0.8, dash=(1.0, 2.0)))
    items += [
        Key(say("first fix"), "marker", "#ffffff", edge=tone, width=1.2, size=5.0),
        Key(say("last fix"), "marker", tone, marker="s", size=5.0),
    ]
    if len(drawn.aside):
        aside = say("set aside, and kept")
        items.append(Key(aside, "marker", _ASIDE, edge=_ASIDE, width=0.9, marker="x", size=4.5))
    if drawn.lines:
        items.append(Key(say("barrier"), "line", _BARRIER, width=1.4))
    return items


def _notes(drawn: _Drawn, outside: NDArray[np.bool_], reader: Reader) -> list[str]:
    notes = []
    if outside.any():
        notes.append(
            reader.say_count(
                "{count} fix set aside lies outside the map and is drawn on its edge.",
                "{count} fixes set aside lie outside the map and are drawn on its edge.",
                int(outside.sum()),
            )
        )
    if drawn.are_many and len(drawn.tracks) > MOST_NAMES:
        notes.append(
            reader.say(
                "{shown} of {all} animals are named; all are drawn.",
                shown=MOST_NAMES,
                all=len(drawn.tracks),
            )
        )
    if drawn.plane.is_local:
        notes.append(reader.say("Local metres lie nowhere on Earth: the map has no degrees."))
    return notes


def _gaps(track: Track) -> NDArray[np.bool_]:
    """Return which steps lead over a gap."""
    between = np.diff(track.time_s)
    return between > _USUAL_GAPS * np.median(between) if len(between) else between > 0


def _draw(axes: Axes, drawn: _Drawn, view: View) -> None:
    axes.set_xlim(view.west, view.east)
    axes.set_ylim(view.south, view.north)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_linewidth(0.6)
        spine.set_zorder(10)
    at = np.clip(drawn.aside, (view.west, view.south), (view.east, view.north))
    axes.plot(*at.T, "x", color=_ASIDE, ms=3.5, mew=0.8, zorder=3, clip_on=False)
    axes.add_collection(
        LineCollection(list(drawn.lines), colors=_BARRIER, linewidths=1.4, zorder=6),
        autolim=False,
    )
    width = 0.7 if drawn.are_many else 1.0
    for number, track in enumerate(drawn.tracks):
        colour, here = drawn.colour(number), track.positions_m
        gaps = _gaps(track)
        whole = np.insert(here, np.flatnonzero(gaps) + 1, np.nan, axis=0)
        axes.plot(*whole.T, color=colour, lw=width, alpha=0.85, zorder=4)
        over = np.stack([here[:-1][gaps], here[1:][gaps]], axis=1)
        dotted = LineCollection(
            list(over), colors=colour, linewidths=0.7, linestyles=[(0, (1.0, 2.0))], zorder=4
        )
        axes.add_collection(dotted, autolim=False)
        axes.plot(*here[0], "o", mfc="#ffffff", mec=colour, mew=1.1, ms=4, zorder=7)
        axes.plot(*here[-1], "s", color=colour, mew=0, ms=4, zorder=7)
    if drawn.are_many:
        _number(axes, drawn, view)


def _number(axes: Axes, drawn: _Drawn, view: View) -> None:
    """Write each animal's number beside its last fix, where no other number stands."""
    unit = 1 / view.inches_per_unit
    written: list[tuple[float, float]] = []
    for number, track in enumerate(drawn.tracks, start=1):
        x, y = track.positions_m[-1]
        ring = [(x + far * unit * dx, y + far * unit * dy) for far in _REACH for dx, dy in _WAYS]
        free = [one for one in ring if all(_apart(one, other, unit) for other in written)]
        place = free[0] if free else ring[0]
        written.append(place)
        write(
            axes, *place, str(number), size=_NUMBER_PT, bold=True, halo=True, clip_on=True,
            ha="center", va="center", color=drawn.colour(number - 1), zorder=8,
        )  # fmt: skip


def _apart(one: tuple[float, float], other: tuple[float, float], unit: float) -> bool:
    return abs(one[0] - other[0]) > 0.14 * unit or abs(one[1] - other[1]) > 0.1 * unit


def _draw_scale(sheet: Sheet, view: View, left: float, top: float, reader: Reader) -> None:
    """Draw scale bar and north; local metres have a scale, and no north."""
    if view.frame.crs:
        draw_scale_bar(sheet, view, left, top, reader)
        return
    km = view.inches_per_unit * 1000
    longest = 1.4 / km
    power = 10.0 ** math.floor(math.log10(longest))
    length = max(one * power for one in (1, 2, 5) if one * power <= longest)
    draw_bar(sheet.paper, length, length * km, (left, top - 0.4), reader)


def _list_names(
    sheet: Sheet, drawn: _Drawn, named: Sequence[Track], corner: tuple[float, float], rows: int
) -> None:
    """List animals by their numbers, in as many columns as they need."""
    left, top = corner
    for at, track in enumerate(named):
        column, row = divmod(at, rows)
        x, y = left + column * _NAME_IN, top - (row + 1) * _ROW_IN
        colour = drawn.colour(at)
        write(sheet.paper, x + 0.2, y, str(at + 1), size=_NAME_PT, bold=True, ha="right",
              color=colour)  # fmt: skip
        name = shortened(track.animal_id, _NAME_IN - 0.35, _NAME_PT, lines=1)[0]
        write(sheet.paper, x + 0.27, y, name, size=_NAME_PT)


def _empty(caption: Caption, reader: Reader) -> Picture:
    """Return a sheet that says that there is nothing to draw."""
    with drawing():
        sheet = lay_sheet(caption, [], 2 * MARGIN_IN + 6.0, 1.0)
        words = reader.say("No fix that is used has a place.")
        write(sheet.paper, MARGIN_IN, sheet.top - 0.5, words, size=10.0, color=PALE_INK)
    return Picture(sheet.figure)
