"""Variograms of several animals, each with its limits and the curve its model expects."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from kulan.movement.models import Model, Variogram, expected_m2
from kulan.report.connectivity.lettering import PALE_INK, write
from kulan.report.connectivity.sheets import MARGIN_IN, Caption, Picture, lay_sheet
from kulan.report.movement.panels import TICK_PT, Panels, write_ticks
from kulan.report.reader import Reader

_SEEN, _EXPECTED = "#5b7083", "#d55e00"
_DAY_S, _KM2 = 86_400.0, 1e6
_TITLE_IN = 0.3


def variograms_picture(
    shown: Sequence[tuple[str, Variogram, Model]], caption: Caption, reader: Reader
) -> Picture:
    """Draw how far apart each animal is by lag, up to half of its record.

    Parameters
    ----------
    shown
        Name, variogram and model of each animal.
    caption
        Words around the picture, in the reader's language.
    reader
        For words and numbers.

    Returns
    -------
    Picture
    """
    across = min(4, max(len(shown), 2))
    panels = Panels(len(shown), across, 1.9, 1.25, 0.55, 0.3, 0.3)
    notes = [
        reader.say(
            "A curve that rises and stays level is a range; one that goes on rising is an animal "
            "that migrates or wanders, or a record too short to tell."
        )
    ]
    sheet = lay_sheet(caption, notes, panels.sheet_width, panels.body_height + _TITLE_IN)
    for at, (name, found, model) in enumerate(shown):
        _draw(panels.axes(sheet, at, f"{name}  {model.name}"), found, model, reader)
    words = reader.say(
        "Across: lag in days. Up: semivariance in km². Grey: seen, with limits. Orange: the model."
    )
    write(sheet.paper, MARGIN_IN, sheet.bottom + 0.05, words, size=TICK_PT + 1, color=PALE_INK)
    return Picture(sheet.figure)


def _draw(axes: Axes, found: Variogram, model: Model, reader: Reader) -> None:
    known = (found.pairs > 0) & (found.lag_s <= found.lag_s[-1] / 2)
    days, seen = found.lag_s[known] / _DAY_S, found.semivariance_m2[known] / _KM2
    low, high = (limit[known] / _KM2 for limit in found.limits_m2())
    curve = np.linspace(0, days[-1], 300)
    expected = expected_m2(model, curve * _DAY_S) / _KM2
    top = 1.25 * max(float(seen.max()), float(expected.max()))
    axes.fill_between(days, low, np.minimum(high, top), color=_SEEN, alpha=0.25, lw=0)
    axes.plot(days, seen, color=_SEEN, lw=0.9)
    axes.plot(curve, expected, color=_EXPECTED, lw=1.3)
    axes.set_xlim(0, max(float(days[-1]), 1e-9))
    axes.set_ylim(0, max(top, 1e-12))
    write_ticks(axes, 0, max(float(days[-1]), 1e-9), reader, upright=False)
    write_ticks(axes, 0, max(top, 1e-12), reader, upright=True)
