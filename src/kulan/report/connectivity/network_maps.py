"""Maps of patches and the least-cost links between them."""

import numpy as np
import pandas as pd
import shapely
from matplotlib.colors import to_rgba
from numpy.typing import ArrayLike, NDArray

from kulan.connectivity.frames import Frame
from kulan.connectivity.least_cost.link_networks import LinkNetwork
from kulan.errors import InvalidGridError
from kulan.report.connectivity.legends import Item, Key
from kulan.report.connectivity.lettering import number_text
from kulan.report.connectivity.map_names import Label
from kulan.report.connectivity.map_sheets import MapBody, draw_map
from kulan.report.connectivity.overlays import Mark, Overlays
from kulan.report.connectivity.rasters import Place, checked_values, frame_of, reduced
from kulan.report.connectivity.sheets import Caption, Picture
from kulan.report.reader import Reader
from kulan.words import Words

NOTHING_OVER = Overlays()
PATCH, GROUND, LINK = "#4d9a6a", "#f7f7f4", "#5b1e82"
WIDTHS_PT = (0.9, 1.9, 3.2, 5.0)


def network_map(
    patches: ArrayLike,
    place: Place,
    network: LinkNetwork,
    caption: Caption,
    words: Words,
    *,
    importance: "pd.Series[float] | None" = None,
    measure: str = "",
    over: Overlays = NOTHING_OVER,
) -> Picture:
    """Draw patches and the ways of the links between them, wider where they matter more.

    Parameters
    ----------
    patches
        Shape (rows, columns): a positive number on the cells of each patch, 0 elsewhere; NaN is
        NoData.
    place
        Where the cells lie.
    network
        Its links and their ways.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    importance
        Of each link, zero or more, by the index of the network's links; such as
        `kulan.connectivity.least_cost.betweenness.Betweenness.links`. Without it all links are
        equally wide.
    measure
        What the importance is, in the reader's language: "betweenness".
    over
        What to lay over it.

    Raises
    ------
    InvalidGridError
        If the shape is not that of the place, or a link has no importance, or a negative or
        infinite one.
    """
    reader = Reader(words)
    frame = frame_of(place)
    values = checked_values(patches, place, "patches")
    raster = reduced(values, frame, "largest")
    rgba = np.zeros((*raster.values.shape, 4))
    rgba[:] = to_rgba(GROUND)
    rgba[raster.values > 0] = to_rgba(PATCH)
    rgba[np.isnan(raster.values)] = 0.0
    marks = _links(network, frame, importance, measure, reader)
    marks.append(_numbers(values, frame, reader))
    legend: list[Item] = [Key(reader.say("patch"), "patch", PATCH)]
    if network.links.empty:
        legend.append(Key(reader.say("no links"), "patch", "none"))
    return draw_map(MapBody(raster, rgba, legend, marks), caption, reader, over)


def _links(
    network: LinkNetwork,
    frame: Frame,
    importance: "pd.Series[float] | None",
    measure: str,
    reader: Reader,
) -> list[Mark]:
    ways = np.array([_way(path.cells, frame) for path in network.paths], dtype=object)
    if not ways.size:
        return []
    if importance is None:
        key = Key(reader.say("least-cost link"), "line", LINK, width=1.9, cased=True)
        return [Mark(key, _drawable(ways), 4)]
    value = np.asarray(importance.reindex(network.links.index), dtype=np.float64)
    if not ((value >= 0) & np.isfinite(value)).all():
        raise InvalidGridError(
            f"importance: {len(importance)} values for {len(value)} links, of which "
            f"{int((~np.isfinite(value) | (value < 0)).sum())} are missing, negative or infinite. "
            "Give one for each link of the network, by its index."
        )
    edges = importance_edges(value)
    group = np.clip(np.searchsorted(edges, value, side="right") - 1, 0, len(edges) - 2)
    marks = []
    for k in range(len(edges) - 1):
        low, high = (number_text(float(edge), reader.words) for edge in edges[k : k + 2])
        text = reader.say("{measure}: {low} to {high}", measure=measure, low=low, high=high)
        key = Key(text, "line", LINK, width=WIDTHS_PT[k], cased=True)
        marks.append(Mark(key, _drawable(ways[group == k]), 4 + k / 10))
    return marks


def importance_edges(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the edges of up to four classes of even width from zero to the largest value.

    Examples
    --------
    >>> importance_edges(np.array([1.0, 8.0])).tolist()
    [0.0, 2.0, 4.0, 6.0, 8.0]
    """
    top = float(value.max(initial=0.0))
    if top == 0:
        return np.array([0.0, 0.0])
    return np.linspace(0.0, top, len(WIDTHS_PT) + 1)


def _way(cells: NDArray[np.int64], frame: Frame) -> shapely.LineString:
    """Return a way as a line through the centres of its cells; empty where it has no length."""
    if len(cells) < 2:
        return shapely.LineString()
    return shapely.LineString(frame.in_plane(cells[:, ::-1].astype(np.float64)))


def _drawable(ways: NDArray[np.object_]) -> NDArray[np.object_]:
    drawn: NDArray[np.object_] = ways[~shapely.is_empty(ways)]
    return drawn


def _numbers(patches: NDArray[np.float64], frame: Frame, reader: Reader) -> Mark:
    """Return the patches' numbers at their middles, the larger patches first."""
    row, column = np.nonzero(patches > 0)
    number, of_cell, count = np.unique(
        patches[row, column], return_inverse=True, return_counts=True
    )
    middle = np.column_stack(
        [np.bincount(of_cell, at, minlength=number.size) / count for at in (column, row)]
    )
    at = frame.in_plane(middle)
    labels = [
        Label(float(at[k, 0]), float(at[k, 1]), str(int(number[k])))
        for k in np.argsort(-count, kind="stable")
    ]
    key = Key(reader.say("patch"), "patch", PATCH)
    return Mark(key, np.zeros(0, dtype=object), 7, tuple(labels))
