"""Small pictures of several animals side by side, each under its name."""

import math
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from kulan.report.connectivity.lettering import INK, PALE_INK, number_text, shortened, write
from kulan.report.connectivity.sheets import MARGIN_IN, Sheet
from kulan.report.connectivity.stretches import linear_stretch
from kulan.report.reader import Reader

NAME_PT, TICK_PT = 8.0, 6.5


@dataclass(frozen=True)
class Panels:
    """How panels are laid out, inches.

    Attributes
    ----------
    count
        How many there are.
    across
        How many stand side by side.
    width, height
        Of the drawing in one panel.
    left, above, below
        Room beside, above and beneath it.
    """

    count: int
    across: int
    width: float
    height: float
    left: float
    above: float
    below: float

    @property
    def sheet_width(self) -> float:
        """Width of the sheet they need, inches."""
        return 2 * MARGIN_IN + self.across * (self.width + self.left)

    @property
    def body_height(self) -> float:
        """Height they need, inches."""
        return math.ceil(self.count / self.across) * (self.height + self.above + self.below)

    def axes(self, sheet: Sheet, at: int, name: str) -> Axes:
        """Return the axes of a panel, its name written above.

        Parameters
        ----------
        sheet
            To draw on.
        at
            Which panel, from 0, row by row.
        name
            Whose.
        """
        row, column = divmod(at, self.across)
        left = MARGIN_IN + column * (self.width + self.left) + self.left
        bottom = sheet.top - (row + 1) * (self.height + self.above + self.below) + self.below
        axes = sheet.body(left, bottom, self.width, self.height)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            axes.spines[side].set_color(PALE_INK)
        axes.set_xticks([])
        axes.set_yticks([])
        text = shortened(name, self.width, NAME_PT, lines=1)[0]
        write(sheet.paper, left, bottom + self.height + 0.05, text, size=NAME_PT, color=INK)
        return axes


def write_ticks(axes: Axes, low: float, high: float, reader: Reader, *, upright: bool) -> None:
    """Write round numbers along one side of a panel.

    Parameters
    ----------
    axes
        Of the panel.
    low, high
        Numbers at the ends of the side.
    reader
        For numbers.
    upright
        Whether the side is the left one.
    """
    horizontal, vertical = ("right", "center") if upright else ("center", "top")
    for value in linear_stretch(np.array([low, high]), robust=False).ticks(3):
        share = (value - low) / (high - low)
        if not 0 <= share <= 1:
            continue
        x, y = (-0.03, share) if upright else (share, -0.05)
        text = number_text(value, reader.words)
        write(axes, x, y, text, size=TICK_PT, color=PALE_INK, transform=axes.transAxes,
              ha=horizontal, va=vertical)  # fmt: skip
