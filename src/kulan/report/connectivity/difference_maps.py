"""Maps of change: what a barrier takes from each cell, or a crossing gives back."""

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import Colormap, LinearSegmentedColormap
from numpy.typing import ArrayLike

from kulan.errors import InvalidGridError
from kulan.report.connectivity.legends import ColourScale, Heading, Item, Key
from kulan.report.connectivity.map_sheets import MapBody, coloured, draw_map, stretch_note
from kulan.report.connectivity.overlays import Overlays
from kulan.report.connectivity.rasters import (
    Place,
    Values,
    cell_areas_km2,
    checked_values,
    frame_of,
    reduced,
)
from kulan.report.connectivity.sheets import Caption, Picture
from kulan.report.connectivity.stretches import symmetric_stretch
from kulan.report.reader import Reader
from kulan.words import Words

NOTHING_OVER = Overlays()
LOSS, UNCHANGED, GAIN = "#b35806", "#f7f7f7", "#2d5a9e"
# dark at both ends and pale in between, with hues that every kind of colour vision tells apart
_STOPS = ("#6b3003", LOSS, "#f1a340", "#fbe0b6", UNCHANGED, "#cfdcee", "#86a9d6", GAIN, "#12284f")


@dataclass(frozen=True)
class ChangedArea:
    """How much of a map changed.

    Attributes
    ----------
    lost, gained
        Area of the cells whose change is below the negative of the least change, and above it.
    unit
        "km2", or "cells" where the raster has no coordinate system.
    """

    lost: float
    gained: float
    unit: str


def changed_area(change: ArrayLike, place: Place, *, least_change: float = 0.0) -> ChangedArea:
    """Measure where a map fell and where it rose, cell by cell on the ellipsoid.

    Parameters
    ----------
    change
        After less before, shape (rows, columns); NaN is NoData and counts for neither.
    place
        Where the cells lie.
    least_change
        Changes up to this size, either way, count as none.

    Raises
    ------
    InvalidGridError
        If the shape is not that of the place, a value is infinite, or the least change negative.

    Examples
    --------
    >>> from kulan.connectivity.frames import Frame
    >>> changed_area([[-2.0, 0.1, 3.0]], Frame(1, 3, 0, 1, 1, 1), least_change=0.5)
    ChangedArea(lost=1.0, gained=1.0, unit='cells')
    """
    values = checked_values(change, place, "change")
    if not 0 <= least_change < np.inf:
        raise InvalidGridError(f"least_change: {least_change:g} found; zero or more is needed.")
    frame = frame_of(place)
    area = cell_areas_km2(frame) if frame.crs else np.ones(frame.shape)
    lost = float(area[values < -least_change].sum())
    gained = float(area[values > least_change].sum())
    return ChangedArea(lost, gained, "km2" if frame.crs else "cells")


def difference_map(
    change: ArrayLike,
    place: Place,
    caption: Caption,
    words: Words,
    *,
    title: str,
    least_change: float | None = None,
    over: Overlays = NOTHING_OVER,
) -> Picture:
    """Draw after less before, orange where it fell and blue where it rose, pale where neither.

    The scale is the same on both sides of zero. The legend tells on how large an area it fell and
    rose.

    Parameters
    ----------
    change
        After less before, shape (rows, columns); NaN is NoData. See
        `kulan.connectivity.barriers.effect.BarrierEffect`.
    place
        Where the cells lie.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    title
        What changed, with its unit, for the legend: "Change of current, A".
    least_change
        Changes up to this size count as none in the areas told; without it, a hundredth of the
        end of the scale.
    over
        What to lay over it.

    Raises
    ------
    InvalidGridError
        If the shape is not that of the place, a value is infinite, or the least change negative.
    """
    reader = Reader(words)
    values = checked_values(change, place, "change")
    raster = reduced(values, frame_of(place), "mean")
    stretch = symmetric_stretch(raster.values)
    colours = change_colours()
    rgba = coloured(stretch.place(raster.values), colours)
    if stretch.nodes.size < 2:
        rgba[~np.isnan(raster.values)] = colours(0.5)
    least = least_change
    if least is None:
        least = float(stretch.nodes[-1]) / 100 if stretch.nodes.size else 0.0
    note = stretch_note(stretch, reader)
    legend: list[Item] = []
    if stretch.nodes.size > 1:
        legend.append(ColourScale(title, stretch, colours, note))
    else:
        legend += [Heading(title), Key(reader.say("no change"), "patch", UNCHANGED, "#8a9299")]
    legend += _area_keys(values, place, least, reader)
    return draw_map(MapBody(raster, rgba, legend), caption, reader, over)


def change_colours() -> Colormap:
    """Return the colours of change, from loss through none to gain."""
    return LinearSegmentedColormap.from_list("kulan change", list(_STOPS), N=257)


def _area_keys(values: Values, place: Place, least: float, reader: Reader) -> list[Item]:
    found = changed_area(values, place, least_change=least)
    if not found.lost and not found.gained:
        return []
    lost, gained = (_area(one, found.unit, reader) for one in (found.lost, found.gained))
    size = reader.words.significant(least)
    return [
        Key(reader.say("less on {area}", area=lost), "patch", LOSS),
        Key(reader.say("more on {area}", area=gained), "patch", GAIN),
        Key(reader.say("(changes of more than {size})", size=size), "patch", "none"),
    ]


def _area(area: float, unit: str, reader: Reader) -> str:
    if unit == "km2":
        return reader.say("{value} km²", value=reader.words.significant(area))
    return reader.say_count("{count} cell", "{count} cells", round(area))
