"""Pictures of barriers: where animals met them and what they did, and what each segment lets by."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from kulan.connectivity.frames import Frame
from kulan.errors import InvalidTableError
from kulan.report.connectivity.charts import MOST_ROWS, Rows, lay_rows
from kulan.report.connectivity.legends import (
    COLUMN_IN,
    Heading,
    Key,
    LegendItems,
    column_height_in,
    draw_column,
)
from kulan.report.connectivity.lettering import half_capital_in, width_in, write
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Picture, drawing, lay_sheet
from kulan.report.connectivity.views import View, draw_degrees, draw_scale_bar, view_of
from kulan.report.reader import Reader
from kulan.words import N_, Words

TRACK, LINE = "#9aa5ae", "#3b3f44"
DOT, INTERVAL, WHOLE = "#0b5fa5", "#7fa9cf", "#b3541e"
_SCALE_HIGH_IN, _DEGREES_LEFT_IN, _DEGREES_BELOW_IN, _BETWEEN_IN = 0.75, 0.42, 0.22, 0.28
_WORDS_PT = 8.0

# colours of Okabe and Ito, each with a mark of its own
MARKS: dict[str, tuple[str, str, str]] = {
    "quick_cross": (N_("quick cross"), "#009e73", "^"),
    "average_movement": (N_("average movement"), "#56b4e9", "o"),
    "bounce": (N_("bounce"), "#d55e00", "v"),
    "back_and_forth": (N_("back and forth"), "#cc79a7", "D"),
    "trace": (N_("trace"), "#e69f00", "s"),
    "trapped": (N_("trapped"), "#000000", "X"),
    "unknown": (N_("unknown"), "#ffffff", "o"),
}


def encounter_map(
    tracks: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
    lines: NDArray[np.object_],
    met: pd.DataFrame,
    caption: Caption,
    words: Words,
    *,
    crs: str,
) -> Picture:
    """Draw tracks, barriers and encounters by what the animals did.

    Parameters
    ----------
    tracks
        x and y of each animal's fixes, m.
    lines
        Barriers in the same plane.
    met
        Encounters with `x_m`, `y_m` and `behaviour`.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    crs
        System of the plane.

    Raises
    ------
    InvalidTableError
        If there is no encounter.
    """
    if met.empty:
        raise InvalidTableError("no encounter to draw.")
    reader = Reader(words)
    view = view_of(_frame_of(tracks, crs))
    shown = met["behaviour"].value_counts()
    items: list[Any] = [
        Heading(reader.say("Encounters")),
        *(
            Key(
                f"{reader.say(MARKS[name][0])} ({words.number(int(shown[name]))})",
                "marker",
                MARKS[name][1],
                edge=LINE,
                width=0.5,
                marker=MARKS[name][2],
            )
            for name in MARKS
            if name in shown
        ),
        Key(reader.say("barrier"), "line", LINE, width=1.3),
        Key(reader.say("track"), "line", TRACK, width=0.6),
    ]
    with drawing():
        return _map(
            view, items, caption, reader, lambda axes: _draw(axes, view, tracks, lines, met)
        )


def _map(view: View, items: LegendItems, caption: Caption, reader: Reader, draw: Any) -> Picture:
    column = column_height_in(items) + _SCALE_HIGH_IN
    width = 2 * MARGIN_IN + _DEGREES_LEFT_IN + view.width_in + _BETWEEN_IN + COLUMN_IN
    sheet = lay_sheet(caption, [], width, max(view.height_in + _DEGREES_BELOW_IN, column))
    left, bottom = MARGIN_IN + _DEGREES_LEFT_IN, sheet.top - view.height_in
    axes = sheet.body(left, bottom, view.width_in, view.height_in)
    axes.set_xlim(view.west, view.east)
    axes.set_ylim(view.south, view.north)
    axes.set_xticks([])
    axes.set_yticks([])
    draw_degrees(sheet, axes, view, (left, bottom), reader.words)
    draw(axes)
    axes.set_xlim(view.west, view.east)
    axes.set_ylim(view.south, view.north)
    beside = left + view.width_in + _BETWEEN_IN
    foot = draw_column(sheet.paper, beside, sheet.top, items, reader.words)
    draw_scale_bar(sheet, view, beside + 0.05, foot, reader)
    return Picture(sheet.figure)


def _draw(
    axes: Axes,
    view: View,
    tracks: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
    lines: NDArray[np.object_],
    met: pd.DataFrame,
) -> None:
    for x_m, y_m in tracks:
        axes.plot(x_m, y_m, color=TRACK, lw=0.35, alpha=0.8, zorder=2)
    near = lines[shapely.intersects(lines, view.box)]
    parts = shapely.get_parts(near)
    edges = [shapely.get_coordinates(part) for part in parts]
    axes.add_collection(LineCollection(edges, colors=LINE, linewidths=1.1, zorder=3))
    for name, (_, colour, marker) in MARKS.items():
        some = met[met["behaviour"] == name]
        axes.plot(
            some["x_m"].to_numpy(),
            some["y_m"].to_numpy(),
            ls="none",
            marker=marker,
            ms=4.4,
            mfc=colour,
            mec=LINE,
            mew=0.4,
            zorder=4,
            gid=name,
        )


def _frame_of(tracks: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]], crs: str) -> Frame:
    """Return a window around the tracks, a twentieth wider on every side."""
    x_m = np.concatenate([x for x, _ in tracks])
    y_m = np.concatenate([y for _, y in tracks])
    side = max(float(np.ptp(x_m)), float(np.ptp(y_m)), 1000.0)
    edge = side / 20
    cell = side / 1000
    west, north = float(x_m.min()) - edge, float(y_m.max()) + edge
    columns = int(np.ceil((float(x_m.max()) + edge - west) / cell))
    rows = int(np.ceil((north - float(y_m.min()) + edge) / cell))
    return Frame(rows, columns, west, north, cell, cell, crs)


def permeability_chart(
    overall: Mapping[Any, Any],
    by_segment: pd.DataFrame,
    caption: Caption,
    words: Words,
    *,
    most: int = MOST_ROWS,
) -> Picture:
    """Draw the crossing probability of all segments together, and of each, with its limits.

    Parameters
    ----------
    overall
        Row of `kulan.movement.barriers.permeability.permeability_by` for all encounters.
    by_segment
        See `kulan.movement.barriers.permeability.permeability_by_segment`.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    most
        Draw at most so many segments, those met most often, and say how many were left out.

    Raises
    ------
    InvalidTableError
        If there is no segment.
    """
    if by_segment.empty:
        raise InvalidTableError("no segment to draw.")
    reader = Reader(words)
    shown = by_segment.sort_values("encounters", ascending=False, kind="stable").head(most)
    rows = [dict(overall), *shown.to_dict("records")]
    names = [reader.say("all encounters"), *(_name(row) for row in rows[1:])]
    notes = []
    if len(by_segment) > most:
        notes.append(
            reader.say(
                "The {shown} of {count} segments met most often are drawn.",
                shown=words.number(most),
                count=words.number(len(by_segment)),
            )
        )
    right = [_counted(row, reader) for row in rows]
    title = reader.say("crossed / encounters, animals")
    keys = (
        Key(reader.say("median"), "marker", DOT, edge="#ffffff", width=0.6, size=6.5),
        Key(reader.say("95 % limits"), "line", INTERVAL, width=3.4),
    )
    with drawing():
        laid = lay_rows(
            names,
            caption,
            notes,
            reach=(0.0, 1.0),
            axis_title=reader.say("Probability that an encounter ends in a crossing"),
            right_title=title,
            right_in=max(width_in(text, _WORDS_PT) for text in [title, *right]),
            keys=keys,
            reader=reader,
        )
        for k, row in enumerate(rows):
            _draw_row(laid, k, row, right[k])
    return Picture(laid.sheet.figure)


def _name(row: Mapping[Any, Any]) -> str:
    if row["segment_id"] == "all":
        return str(row["barrier_id"])
    return f"{row['barrier_id']} {row['segment_id']}"


def _counted(row: Mapping[Any, Any], reader: Reader) -> str:
    number = reader.words.number
    return f"{number(row['crossed'])} / {number(row['encounters'])}, {number(row['animals'])}"


def _draw_row(laid: Rows, k: int, row: Mapping[Any, Any], text: str) -> None:
    colour = WHOLE if k == 0 else DOT
    laid.axes.hlines(
        k,
        row["probability_low"],
        row["probability_high"],
        color="#e0b394" if k == 0 else INTERVAL,
        lw=3.4,
    )
    laid.axes.plot(
        [row["probability"]],
        [k],
        marker="D" if k == 0 else "o",
        ls="none",
        ms=6.5,
        mfc=colour,
        mec="#ffffff",
        mew=0.6,
        scalex=False,
        scaley=False,
    )
    at = laid.height_of(k) - half_capital_in(_WORDS_PT)
    write(laid.sheet.paper, laid.right, at, text, size=_WORDS_PT)
