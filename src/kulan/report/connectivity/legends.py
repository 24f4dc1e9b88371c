"""The column beside a map: scale of colours, keys, scale bar and north."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from numpy.typing import ArrayLike

from kulan.report.connectivity.lettering import (
    INK,
    PALE_INK,
    half_capital_in,
    line_height_in,
    number_text,
    wrapped,
    write,
)
from kulan.report.connectivity.stretches import Stretch
from kulan.words import Words

COLUMN_IN = 2.15
Dash = tuple[float, ...]
_TITLE_PT, _WORDS_PT, _NOTE_PT = 9.0, 8.0, 7.0
_BAR_HIGH_IN, _BAR_WIDE_IN, _END_IN = 1.75, 0.2, 0.12
_SAMPLE_IN, _GAP_IN = 0.34, 0.09
_COLOURS = 256


@dataclass(frozen=True)
class Key:
    """How something is drawn, and what it means.

    Attributes
    ----------
    words
        Its meaning.
    kind
        "patch" for an area, "line", or "marker" for a point.
    colour
        Of the area's or marker's inside, or of the line.
    edge
        Of an area or marker.
    width
        Of a line or edge, points.
    dash
        Lengths of dashes and gaps, in widths of the line; none for a solid one.
    hatch
        Of an area, as matplotlib writes it.
    marker
        Of a point, as matplotlib writes it.
    size
        Of a marker, points.
    cased
        Whether a line stands in another one, to be seen on every colour.
    casing
        Colour of that other line.
    casing_width
        By how much that other line is wider, points.
    crossed
        Whether small crosses stand on a line, so that its colour is not all that tells it.
    """

    words: str
    kind: Literal["patch", "line", "marker"]
    colour: str
    edge: str = "none"
    width: float = 0.8
    dash: Dash = ()
    hatch: str = ""
    marker: str = "o"
    size: float = 6.0
    cased: bool = False
    crossed: bool = False
    casing: str = "#ffffff"
    casing_width: float = 2.0


@dataclass(frozen=True)
class ColourScale:
    """A scale of colours with its values.

    Attributes
    ----------
    title
        What the colours show, with its unit.
    stretch
        Where values lie along it.
    colours
        The colours, from low to high.
    note
        How it is stretched, in words.
    """

    title: str
    stretch: Stretch
    colours: Colormap
    note: str


@dataclass(frozen=True)
class Heading:
    """What the keys beneath it have in common, in `words`."""

    words: str


Item = Key | ColourScale | Heading
LegendItems = Sequence[Item]


def column_height_in(items: LegendItems) -> float:
    """Return how high a column of legend items is, inches."""
    return sum(_height(item) for item in items)


def draw_column(paper: Axes, left: float, top: float, items: LegendItems, words: Words) -> float:
    """Draw legend items downwards, and return the height where they end, inches.

    Parameters
    ----------
    paper
        Axes in inches.
    left, top
        Upper left corner of the column.
    items
        What to draw.
    words
        For numbers.
    """
    y = top
    for item in items:
        if isinstance(item, ColourScale):
            _draw_scale(paper, left, y, item, words)
        elif isinstance(item, Heading):
            _draw_heading(paper, left, y, item)
        else:
            _draw_key(paper, left, y, item)
        y -= _height(item)
    return y


def _height(item: Item) -> float:
    if isinstance(item, Key):
        return len(_key_lines(item)) * line_height_in(_WORDS_PT) + _GAP_IN
    if isinstance(item, Heading):
        return len(_heading_lines(item)) * line_height_in(_TITLE_PT) + _GAP_IN
    title, note = _scale_lines(item)
    bar = _BAR_HIGH_IN + 2 * _END_IN if item.stretch.nodes.size > 1 else _END_IN * 2
    text = len(title) * line_height_in(_TITLE_PT) + len(note) * line_height_in(_NOTE_PT)
    return text + bar + 0.24


def _key_lines(key: Key) -> list[str]:
    return wrapped(key.words, COLUMN_IN - _SAMPLE_IN - 0.1, _WORDS_PT)


def _heading_lines(heading: Heading) -> list[str]:
    return wrapped(heading.words, COLUMN_IN, _TITLE_PT, bold=True)


def _scale_lines(scale: ColourScale) -> tuple[list[str], list[str]]:
    title = wrapped(scale.title, COLUMN_IN, _TITLE_PT, bold=True)
    return title, wrapped(scale.note, COLUMN_IN, _NOTE_PT)


# --- scale of colours ---------------------------------------------------------------------------


def _draw_scale(paper: Axes, left: float, top: float, scale: ColourScale, words: Words) -> None:
    title, note = _scale_lines(scale)
    y = top
    for line in title:
        write(paper, left, y, line, size=_TITLE_PT, bold=True, va="top")
        y -= line_height_in(_TITLE_PT)
    y -= 0.05
    if scale.stretch.nodes.size > 1:
        y = _draw_bar(paper, left, y, scale, words)
    elif scale.stretch.nodes.size == 1:
        only = scale.colours(0.5)
        paper.add_patch(
            Rectangle((left, y - 0.17), _SAMPLE_IN, 0.15, facecolor=only, edgecolor=INK)
        )
        text = number_text(float(scale.stretch.nodes[0]), words)
        y_text = y - 0.095 - half_capital_in(_WORDS_PT)
        write(paper, left + _SAMPLE_IN + 0.1, y_text, text, size=_WORDS_PT)
        y -= 2 * _END_IN
    else:
        write(paper, left, y, "—", size=_WORDS_PT, va="top")
        y -= 2 * _END_IN
    for line in note:
        write(paper, left, y - 0.04, line, size=_NOTE_PT, va="top", color=PALE_INK)
        y -= line_height_in(_NOTE_PT)


def _draw_bar(paper: Axes, left: float, top: float, scale: ColourScale, words: Words) -> float:
    """Draw the bar with pointed ends where values lie outside; return the height of its foot."""
    stretch = scale.stretch
    high, low = top - _END_IN, top - _END_IN - _BAR_HIGH_IN
    right = left + _BAR_WIDE_IN
    ramp = np.linspace(1.0, 0.0, _COLOURS)[:, None]
    extent = (left, right, low, high)
    seen = paper.get_xlim(), paper.get_ylim()
    paper.imshow(
        scale.colours(ramp), extent=extent, aspect="auto", interpolation="nearest", zorder=2
    )
    # imshow fits axes to its image; the paper keeps its inches
    paper.set_xlim(seen[0])
    paper.set_ylim(seen[1])
    middle = (left + right) / 2
    upper = (middle, high + _END_IN) if stretch.above else (middle, high)
    lower = (middle, low - _END_IN) if stretch.below else (middle, low)
    for tip, base, colour in ((upper, high, scale.colours(1.0)), (lower, low, scale.colours(0.0))):
        paper.add_patch(Polygon([(left, base), tip, (right, base)], facecolor=colour, lw=0))
    around = [(left, low), lower, (right, low), (right, high), upper, (left, high)]
    paper.add_patch(Polygon(around, closed=True, fill=False, edgecolor=INK, lw=0.7, zorder=3))
    ticks = stretch.ticks()
    for value, share in zip(ticks, stretch.place(np.array(ticks)), strict=True):
        y = low + share * _BAR_HIGH_IN
        paper.add_line(Line2D([right, right + 0.06], [y, y], color=INK, lw=0.7))
        text = number_text(value, words)
        write(paper, right + 0.1, y - half_capital_in(_WORDS_PT), text, size=_WORDS_PT)
    return low - _END_IN


def _draw_heading(paper: Axes, left: float, top: float, heading: Heading) -> None:
    for k, line in enumerate(_heading_lines(heading)):
        y = top - k * line_height_in(_TITLE_PT)
        write(paper, left, y, line, size=_TITLE_PT, bold=True, va="top")


# --- keys ---------------------------------------------------------------------------------------


def _draw_key(paper: Axes, left: float, top: float, key: Key) -> None:
    y = top - line_height_in(_WORDS_PT) / 2
    right = left + _SAMPLE_IN
    if key.kind == "patch":
        box = Rectangle(
            (left, y - 0.075),
            _SAMPLE_IN,
            0.15,
            facecolor=key.colour,
            edgecolor=key.edge,
            lw=key.width,
            hatch=key.hatch,
        )
        paper.add_patch(box)
    elif key.kind == "line":
        for artist in line_artists(key, [left, right], [y, y]):
            paper.add_line(artist)
        if key.crossed:
            paper.add_line(crosses(key, [(left + right) / 2], [y]))
    else:
        paper.add_line(
            Line2D(
                [(left + right) / 2],
                [y],
                ls="none",
                marker=key.marker,
                ms=key.size,
                mfc=key.colour,
                mec=key.edge,
                mew=key.width,
            )
        )
    for line in _key_lines(key):
        write(paper, right + 0.1, y - half_capital_in(_WORDS_PT), line, size=_WORDS_PT)
        y -= line_height_in(_WORDS_PT)


def crosses(key: Key, x: ArrayLike, y: ArrayLike) -> Line2D:
    """Return the crosses at `x` and `y` of a line in the style of a `key`."""
    return Line2D(x, y, ls="none", marker="x", ms=5.0, mec=key.colour, mew=1.3)


def line_artists(key: Key, x: Sequence[float], y: Sequence[float]) -> list[Line2D]:
    """Return a line in the style of a `key` through `x` and `y`, after the one it stands in."""
    own = Line2D(x, y, color=key.colour, lw=key.width, solid_capstyle="butt")
    if key.dash:
        own.set_linestyle((0, key.dash))
    if not key.cased:
        return [own]
    below = Line2D(x, y, color=key.casing, lw=key.width + key.casing_width, solid_capstyle="butt")
    return [below, own]
