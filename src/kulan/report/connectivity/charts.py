"""What the charts share: rows with a name on the left, an axis, and words on the right."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from kulan.errors import InvalidTableError
from kulan.report.connectivity.legends import Key, line_artists
from kulan.report.connectivity.lettering import (
    INK,
    PALE_INK,
    half_capital_in,
    line_height_in,
    number_text,
    shortened,
    width_in,
    write,
)
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Sheet, lay_sheet
from kulan.report.connectivity.stretches import linear_stretch
from kulan.report.reader import Reader

PLOT_IN = 4.3
MOST_ROWS = 30
_NAME_PT, _TICK_PT, _TITLE_PT = 8.0, 7.5, 8.5
_WIDEST_NAME_IN = 2.6
_ROW_IN, _AXIS_IN, _HEAD_IN = 0.27, 0.5, 0.3


@dataclass(frozen=True)
class Rows:
    """A chart's rows, laid out.

    Attributes
    ----------
    sheet
        The sheet.
    axes
        The plot: data on x; row k lies at y = k, the first on top.
    right
        Where words to the right of the plot begin, inches.
    """

    sheet: Sheet
    axes: Axes
    right: float

    def height_of(self, row: int) -> float:
        """Return at what height of the sheet a row lies, inches."""
        box = self.axes.get_position()
        low, high = self.axes.get_ylim()
        share = (row - low) / (high - low)
        return float((box.y0 + share * (box.y1 - box.y0)) * self.sheet.height)


def lay_rows(  # noqa: PLR0913 - names, axis, words and keys
    names: Sequence[str],
    caption: Caption,
    notes: list[str],
    *,
    reach: tuple[float, float],
    axis_title: str,
    right_title: str = "",
    right_in: float = 0.0,
    keys: Sequence[Key] = (),
    reader: Reader,
) -> Rows:
    """Lay a chart of one row for each name.

    Parameters
    ----------
    names
        Of the rows, from above.
    caption
        Title, subtitle and source.
    notes
        Sentences for the foot.
    reach
        Lowest and highest value to show; zero is shown too.
    axis_title
        What the axis measures, with its unit.
    right_title
        Heading of the words on the right.
    right_in
        Width of the words on the right, inches.
    keys
        What the marks mean, in a row above the plot.
    reader
        For numbers.
    """
    lines = [shortened(name, _WIDEST_NAME_IN, _NAME_PT) for name in names]
    left_in = max([0.6, *(width_in(line, _NAME_PT) for name in lines for line in name)]) + 0.15
    width = 2 * MARGIN_IN + left_in + PLOT_IN + right_in + 0.15
    key_lines = _key_lines(keys, width - 2 * MARGIN_IN)
    head = _HEAD_IN * len(key_lines) + (0.28 if right_title else 0.05)
    high = max(len(names), 1) * _ROW_IN
    sheet = lay_sheet(caption, notes, width, head + high + _AXIS_IN)
    left, bottom = MARGIN_IN + left_in, sheet.bottom + _AXIS_IN
    axes = sheet.body(left, bottom, PLOT_IN, high)
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
    _draw_axis(sheet, axes, left, bottom, reach, axis_title, reader)
    rows = Rows(sheet, axes, left + PLOT_IN + 0.15)
    for k, name in enumerate(lines):
        _write_name(rows, left - 0.1, rows.height_of(k), name)
    _draw_keys(sheet, key_lines)
    if right_title:
        at = bottom + high + 0.08
        write(sheet.paper, rows.right, at, right_title, size=_TICK_PT, color=PALE_INK)
    return rows


def _write_name(rows: Rows, right: float, middle: float, lines: list[str]) -> None:
    size = _NAME_PT if len(lines) < 2 else _NAME_PT - 1.2
    y = middle + (len(lines) - 1) * line_height_in(size) / 2 - half_capital_in(size)
    for line in lines:
        write(rows.sheet.paper, right, y, line, size=size, ha="right")
        y -= line_height_in(size)


def _draw_axis(
    sheet: Sheet,
    axes: Axes,
    left: float,
    bottom: float,
    reach: tuple[float, float],
    title: str,
    reader: Reader,
) -> None:
    low, high = min(0.0, reach[0]), max(0.0, reach[1])
    if low == high:
        low, high = low - 1.0, high + 1.0
    space = (high - low) * 0.04
    low, high = low - (space if low < 0 else space / 2), high + (space if high > 0 else space / 2)
    axes.set_xlim(low, high)
    axes.set_yticks([])
    axes.set_xticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PALE_INK)
    for value in axis_ticks(low, high, reader):
        axes.axvline(value, color="#d5dade" if value else INK, lw=0.6 if value else 0.8, zorder=0)
        at = left + (value - low) / (high - low) * PLOT_IN
        text = number_text(value, reader.words)
        write(sheet.paper, at, bottom - 0.05, text, size=_TICK_PT, va="top", ha="center")
    middle = left + PLOT_IN / 2
    write(sheet.paper, middle, bottom - 0.24, title, size=_TITLE_PT, va="top", ha="center")


def axis_ticks(low: float, high: float, reader: Reader) -> list[float]:
    """Return round values from `low` to `high`, as many as find room beside each other."""
    for most in (8, 6, 4, 3, 2):
        ticks = linear_stretch(np.array([low, high]), robust=False).ticks(most)
        wide = max((width_in(number_text(one, reader.words), _TICK_PT) for one in ticks), default=0)
        if len(ticks) < 2 or wide + 0.12 <= PLOT_IN / len(ticks):
            break
    return ticks


def _key_lines(keys: Sequence[Key], width: float) -> list[list[tuple[Key, float]]]:
    """Break keys into lines, each with the place where it begins."""
    lines: list[list[tuple[Key, float]]] = []
    x = math.inf
    for key in keys:
        wide = 0.42 + width_in(key.words, _NAME_PT) + 0.25
        if x + wide > width:
            lines.append([])
            x = 0.0
        lines[-1].append((key, x))
        x += wide
    return lines


def _draw_keys(sheet: Sheet, lines: list[list[tuple[Key, float]]]) -> None:
    paper = sheet.paper
    y = sheet.top - 0.12
    for line in lines:
        for key, x in line:
            left = MARGIN_IN + x
            if key.kind == "line":
                for artist in line_artists(key, [left, left + 0.32], [y, y]):
                    paper.add_line(artist)
            else:
                style: dict[str, Any] = {
                    "mfc": key.colour,
                    "mec": key.edge,
                    "mew": key.width,
                    "ms": key.size,
                }
                paper.plot([left + 0.16], [y], marker=key.marker, ls="none", **style)
            at = y - half_capital_in(_NAME_PT)
            write(paper, left + 0.42, at, key.words, size=_NAME_PT)
        y -= _HEAD_IN
    paper.set_xlim(0, sheet.width)
    paper.set_ylim(0, sheet.height)


def check_columns(columns: Sequence[str], wanted: Sequence[str], what: str) -> None:
    """Refuse a table that lacks a `wanted` column; `what` names it."""
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise InvalidTableError(
            f"{what}: missing {', '.join(map(repr, missing))}; "
            f"found {', '.join(map(repr, columns)) or 'no columns'}."
        )
