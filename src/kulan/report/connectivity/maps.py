"""Maps of one landscape: resistance, current, voltage, corridors, flow and uncertainty."""

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import ListedColormap, to_hex
from numpy.typing import ArrayLike, NDArray

from kulan.errors import InvalidGridError
from kulan.report.connectivity.legends import ColourScale, Heading, Item, Key
from kulan.report.connectivity.map_sheets import (
    MapBody,
    coloured,
    colours_of,
    draw_map,
    stretch_note,
)
from kulan.report.connectivity.overlays import Overlays
from kulan.report.connectivity.rasters import (
    Block,
    DrawnRaster,
    Place,
    check_no_less,
    checked_values,
    frame_of,
    reduced,
)
from kulan.report.connectivity.sheets import Caption, Picture
from kulan.report.connectivity.stretches import stretch_of
from kulan.report.reader import Reader
from kulan.words import Words

NOTHING_OVER = Overlays()
ZERO = "#ffffff"
FLOW_EDGES = (0.7, 1.3, 1.7)
"""Between impeded, diffuse, intensified and channelled flow."""
_FLOW_COLOURS = ("#3b4cc0", "#e9e4d8", "#f0a04b", "#8c2d04")
_CORRIDOR_COLOURS = 8


@dataclass(frozen=True)
class _Ramp:
    """How a quantity is drawn along one scale of colours."""

    title: str
    colours: str
    stretch: str
    block: Block
    zero: str = ""
    low: float = 0.0
    high: float = 1.0


def current_map(
    current: ArrayLike,
    place: Place,
    caption: Caption,
    words: Words,
    *,
    over: Overlays = NOTHING_OVER,
    stretch: str = "log",
    unit: str = "A",
) -> Picture:
    r"""Draw how much current passes each cell: where movement concentrates.

    A narrow flow stays visible where a large raster is reduced, since each drawn cell shows the
    largest value of its block.

    Parameters
    ----------
    current
        Shape (rows, columns), zero or more; NaN is NoData.
    place
        Where the cells lie.
    caption
        Title, subtitle and source, in the reader's language.
    words
        The reader's language.
    over
        Barriers, sites, crossings, borders and ways to lay over it.
    stretch
        "log", "quantile" or "linear".
    unit
        Of the current.

    Raises
    ------
    InvalidGridError
        If the shape is not that of the place, or a value is negative or infinite.

    Examples
    --------
    >>> from kulan.connectivity.frames import Frame
    >>> from kulan.words import words_in
    >>> frame = Frame(2, 3, 0.0, 2000.0, 1000.0, 1000.0)
    >>> current = np.array([[0.0, 0.1, 1.0], [np.nan, 0.2, 0.5]])
    >>> picture = current_map(current, frame, Caption("Current"), words_in("en"))
    >>> picture.encode(".png")[:4]
    b'\x89PNG'
    """
    reader = Reader(words)
    values = checked_values(current, place, "current")
    check_no_less(values, 0.0, "current")
    title = reader.say("Current, {unit}", unit=unit)
    ramp = _Ramp(title, "magma_r", stretch, "largest", reader.say("no current"), 0.03, 0.95)
    return _along_a_ramp(values, place, ramp, caption, reader, over)


def omnidirectional_map(
    current: ArrayLike,
    place: Place,
    caption: Caption,
    words: Words,
    *,
    over: Overlays = NOTHING_OVER,
    stretch: str = "quantile",
) -> Picture:
    """Draw the current of all directions that a moving window sums up.

    Its size depends on the window and on the strengths, so it is drawn by quantiles: the colours
    compare places of one map, not of two.

    Parameters
    ----------
    current
        Shape (rows, columns), zero or more; NaN is NoData.
    place
        Where the cells lie.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    over
        What to lay over it.
    stretch
        "quantile", "log" or "linear".

    Raises
    ------
    InvalidGridError
        If the shape is not that of the place, or a value is negative or infinite.
    """
    reader = Reader(words)
    values = checked_values(current, place, "current")
    check_no_less(values, 0.0, "current")
    title = reader.say("Omnidirectional current, A")
    ramp = _Ramp(title, "magma_r", stretch, "largest", reader.say("no current"), 0.03, 0.95)
    return _along_a_ramp(values, place, ramp, caption, reader, over)


def resistance_map(
    resistance: ArrayLike,
    place: Place,
    caption: Caption,
    words: Words,
    *,
    over: Overlays = NOTHING_OVER,
) -> Picture:
    """Draw how hard each cell is to cross, on a logarithmic scale.

    Parameters
    ----------
    resistance
        Shape (rows, columns), above zero; NaN is NoData.
    place
        Where the cells lie.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    over
        What to lay over it.

    Raises
    ------
    InvalidGridError
        If the shape is not that of the place, or a value is zero, negative or infinite.
    """
    reader = Reader(words)
    values = checked_values(resistance, place, "resistance")
    check_no_less(values, 0.0, "resistance", allow_equal=False)
    ramp = _Ramp(reader.say("Resistance to movement"), "cividis_r", "log", "mean")
    return _along_a_ramp(values, place, ramp, caption, reader, over)


def voltage_map(
    voltage: ArrayLike,
    place: Place,
    caption: Caption,
    words: Words,
    *,
    over: Overlays = NOTHING_OVER,
) -> Picture:
    """Draw the potential of each cell while a current flows.

    Parameters
    ----------
    voltage
        Shape (rows, columns), of any sign; NaN is NoData.
    place
        Where the cells lie.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    over
        What to lay over it.

    Raises
    ------
    InvalidGridError
        If the shape is not that of the place, or a value is infinite.
    """
    reader = Reader(words)
    values = checked_values(voltage, place, "voltage")
    ramp = _Ramp(reader.say("Potential, V"), "viridis", "linear", "mean", low=0.1)
    return _along_a_ramp(values, place, ramp, caption, reader, over)


def uncertainty_map(
    spread: ArrayLike,
    place: Place,
    caption: Caption,
    words: Words,
    *,
    measure: str,
    over: Overlays = NOTHING_OVER,
) -> Picture:
    """Draw how far the members of an ensemble differ in each cell.

    Parameters
    ----------
    spread
        Coefficient of variation, or width between two quantiles, of each cell; zero or more, NaN
        is NoData. See `kulan.connectivity.resistance.ensembles.UncertainMap`.
    place
        Where the cells lie.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    measure
        What the numbers are, in the reader's language: "Coefficient of variation".
    over
        What to lay over it.

    Raises
    ------
    InvalidGridError
        If the shape is not that of the place, or a value is negative or infinite.
    """
    reader = Reader(words)
    values = checked_values(spread, place, "spread")
    check_no_less(values, 0.0, "spread")
    ramp = _Ramp(measure, "viridis_r", "linear", "mean", high=0.95)
    return _along_a_ramp(values, place, ramp, caption, reader, over)


def corridor_map(
    excess: ArrayLike,
    place: Place,
    caption: Caption,
    words: Words,
    *,
    unit: str = "km",
    cutoff: float | None = None,
    over: Overlays = NOTHING_OVER,
) -> Picture:
    """Draw least-cost corridors as bands: how much dearer than the best way the way there is.

    Parameters
    ----------
    excess
        Cost above the least, zero or more, shape (rows, columns); NaN outside the corridor. See
        `kulan.connectivity.least_cost.corridors`.
    place
        Where the cells lie.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    unit
        Of the cost, as the legend writes it: "km" where resistance 1 makes a way of 1 km cost 1.
    cutoff
        Excess where the last band ends; without it, where a third of the cells lie within.
    over
        What to lay over it.

    Raises
    ------
    InvalidGridError
        If the shape is not that of the place, a value is negative or infinite, or the cutoff is
        not above zero.
    """
    reader = Reader(words)
    values = checked_values(excess, place, "excess cost")
    check_no_less(values, 0.0, "excess cost")
    if cutoff is not None and not 0 < cutoff < np.inf:
        raise InvalidGridError(f"cutoff: {cutoff:g} found; a cost above zero is needed.")
    raster = reduced(values, frame_of(place), "smallest")
    edges = corridor_edges(raster.values, cutoff)
    colours = colours_of("viridis", low=0.05)
    shown = colours(np.linspace(1.0, 0.0, len(edges)))
    band = np.searchsorted(edges, raster.values, side="left")
    inside = ~np.isnan(raster.values) & (band < len(edges))
    rgba = np.zeros((*raster.values.shape, 4))
    rgba[inside] = shown[band[inside]]
    beyond = ~np.isnan(raster.values) & ~inside
    rgba[beyond] = (1.0, 1.0, 1.0, 1.0)
    legend = _band_keys(edges, shown, unit, reader)
    if beyond.any():
        legend.append(Key(reader.say("dearer"), "patch", "#ffffff", edge="#8a9299"))
    outside = reader.say("outside the corridor, or no data")
    return draw_map(MapBody(raster, rgba, legend, nodata=outside), caption, reader, over)


def corridor_edges(excess: NDArray[np.float64], cutoff: float | None) -> list[float]:
    """Return the upper edges of bands: round costs up to the cutoff, doubling from the cheapest.

    Parameters
    ----------
    excess
        Cost above the least of each cell.
    cutoff
        Edge of the last band; None for the round cost within which a third of the cells lie.

    Examples
    --------
    >>> corridor_edges(np.array([0.0, 40.0, 90.0]), 100.0)
    [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]
    """
    known = excess[~np.isnan(excess)]
    last = cutoff
    if last is None:
        last = float(np.quantile(known, 1 / 3)) if known.size else 0.0
        last = last if last > 0 else float(known.max(initial=0.0))
        last = _round_up(last) if last > 0 else 1.0
    rounds = [last]
    while len(rounds) < _CORRIDOR_COLOURS - 1:
        rounds.append(_round_down(rounds[-1] * 0.999))
    return sorted(rounds)


def normalised_flow_map(
    normalised: ArrayLike,
    place: Place,
    caption: Caption,
    words: Words,
    *,
    over: Overlays = NOTHING_OVER,
) -> Picture:
    """Draw current over flow potential in four classes: where the landscape bends the flow.

    Below 0.7 flow is impeded, to 1.3 diffuse, to 1.7 intensified, above channelled: a custom among
    users of moving windows, and no test.

    Parameters
    ----------
    normalised
        Current over flow potential, zero or more, shape (rows, columns); NaN is NoData. See
        `kulan.connectivity.windows.exact.Omnidirectional`.
    place
        Where the cells lie.
    caption
        Title, subtitle and source.
    words
        The reader's language.
    over
        What to lay over it.

    Raises
    ------
    InvalidGridError
        If the shape is not that of the place, or a value is negative or infinite.
    """
    reader = Reader(words)
    values = checked_values(normalised, place, "normalised current")
    check_no_less(values, 0.0, "normalised current")
    raster = reduced(values, frame_of(place), "mean")
    shown = np.array(ListedColormap(_FLOW_COLOURS)(np.arange(4)))
    known = ~np.isnan(raster.values)
    rgba = np.zeros((*raster.values.shape, 4))
    rgba[known] = shown[np.searchsorted(FLOW_EDGES, raster.values[known], side="right")]
    low, middle, high = (words.significant(edge) for edge in FLOW_EDGES)
    said = (
        reader.say("impeded: below {high}", high=low),
        reader.say("diffuse: {low} to {high}", low=low, high=middle),
        reader.say("intensified: {low} to {high}", low=middle, high=high),
        reader.say("channelled: {low} and more", low=high),
    )
    pairs = zip(said, _FLOW_COLOURS, strict=True)
    legend: list[Item] = [Key(text, "patch", colour, edge="#8a9299") for text, colour in pairs]
    heading = Heading(reader.say("Current over that of an even landscape"))
    return draw_map(MapBody(raster, rgba, [heading, *legend[::-1]]), caption, reader, over)


def _along_a_ramp(
    values: NDArray[np.float64],
    place: Place,
    ramp: _Ramp,
    caption: Caption,
    reader: Reader,
    over: Overlays,
) -> Picture:
    raster = reduced(values, frame_of(place), ramp.block)
    stretch = stretch_of(ramp.stretch, raster.values)
    colours = colours_of(ramp.colours, low=ramp.low, high=ramp.high)
    rgba = coloured(stretch.place(raster.values), colours)
    legend: list[Item] = [ColourScale(ramp.title, stretch, colours, stretch_note(stretch, reader))]
    if ramp.zero:
        legend += _mark_zeros(raster, rgba, ramp.zero)
    return draw_map(MapBody(raster, rgba, legend), caption, reader, over)


def _mark_zeros(raster: DrawnRaster, rgba: NDArray[np.float64], words: str) -> list[Item]:
    zero = raster.values == 0
    if not zero.any():
        return []
    rgba[zero] = (1.0, 1.0, 1.0, 1.0)
    return [Key(words, "patch", ZERO, edge="#8a9299")]


def _band_keys(
    edges: list[float], shown: NDArray[np.float64], unit: str, reader: Reader
) -> list[Item]:
    title = reader.say("Cost above the cheapest way, {unit}", unit=unit)
    keys: list[Item] = [Heading(title)]
    low = 0.0
    for edge, colour in zip(edges, shown, strict=True):
        text = reader.say(
            "{low} to {high}",
            low=reader.words.significant(low),
            high=reader.words.significant(edge),
        )
        keys.append(Key(text, "patch", to_hex(tuple(colour)), edge="#8a9299"))
        low = edge
    return keys


def _round_up(value: float) -> float:
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power >= value * (1 - 1e-9)))


def _round_down(value: float) -> float:
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(m * power for m in (1, 2, 5) if m * power <= value * (1 + 1e-9)))
