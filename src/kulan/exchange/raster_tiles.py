"""Pictures of grids for maps on the web: tiles in Web Mercator as small PNGs with a palette.

Each pixel shows the cell that its middle lies in; nothing is blended, so a category never turns
into another. What lies outside the grid, or has no value, is clear.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kulan.errors import InvalidTableError
from kulan.exchange.web_mercator import pixel_centres_deg
from kulan.grids import Grid

Colour = tuple[int, int, int, int]
"""Red, green, blue and opacity, each 0 to 255."""
_MOST_COLOURS = 255
_CLEAR: Colour = (0, 0, 0, 0)


def category_tile(
    z: int, x: int, y: int, grid: Grid, colours: Mapping[int, Colour], *, size_px: int = 256
) -> bytes:
    """Return a PNG of a grid of categories; no bytes at all where nothing would be seen.

    Parameters
    ----------
    z, x, y
        Zoom, column and row of the tile.
    grid
        Categories by number.
    colours
        Colour of each category; a category without one is clear.
    size_px
        Pixels along a side: 256, or 512 for screens with small pixels.

    Raises
    ------
    UnknownNameError
        If there is no such tile.
    InvalidTableError
        If there are more than 255 colours, or one is not four numbers from 0 to 255.

    Examples
    --------
    >>> grid = Grid(np.array([[1, 2]], dtype="uint8"), 60.0, 45.0, 1.0, 1.0)
    >>> category_tile(4, 10, 5, grid, {1: (0, 120, 60, 255)})[1:4]
    b'PNG'
    >>> category_tile(4, 0, 0, grid, {1: (0, 120, 60, 255)})
    b''
    """
    values, known = _sampled(grid, *pixel_centres_deg(z, x, y, size_px))
    palette = _checked(list(colours.values()))
    numbers = np.array(list(colours), dtype=np.int64)
    order = np.argsort(numbers)
    picture = np.zeros(values.shape, dtype=np.uint8)
    if len(numbers):
        at = np.searchsorted(numbers, values, sorter=order).clip(max=len(numbers) - 1)
        coloured = known & (numbers[order[at]] == values)
        picture[coloured] = order[at][coloured] + 1
    return _png(picture, palette)


def ramp_tile(
    z: int,
    x: int,
    y: int,
    grid: Grid,
    stops: Sequence[tuple[float, Colour]],
    *,
    size_px: int = 256,
) -> bytes:
    """Return a PNG of a grid of quantities; no bytes at all where nothing would be seen.

    Between two stops colours change evenly; a value beyond the first or last stop has its colour.
    The picture has 255 colours, spread evenly over the stretches between stops.

    Parameters
    ----------
    z, x, y
        Zoom, column and row of the tile.
    grid
        Quantities; NaN and the grid's nodata are clear.
    stops
        Values, ascending, each with its colour; at least two.
    size_px
        Pixels along a side: 256, or 512 for screens with small pixels.

    Raises
    ------
    UnknownNameError
        If there is no such tile.
    InvalidTableError
        If there are fewer than two stops, their values do not ascend, or a colour is not four
        numbers from 0 to 255.

    Examples
    --------
    >>> grid = Grid(np.array([[0.2, 0.8]]), 60.0, 45.0, 1.0, 1.0)
    >>> grey = [(0.0, (0, 0, 0, 255)), (1.0, (255, 255, 255, 255))]
    >>> ramp_tile(4, 10, 5, grid, grey)[1:4]
    b'PNG'
    """
    at = np.array([value for value, _ in stops], dtype=float)
    if len(at) < 2 or not (np.diff(at) > 0).all():
        raise InvalidTableError(
            f"stops at {at.tolist()}: a colour ramp needs at least two, with ascending values."
        )
    colours = np.array(_checked([colour for _, colour in stops]), dtype=float)
    steps = np.linspace(0, len(at) - 1, _MOST_COLOURS)
    channels = [np.interp(steps, np.arange(len(at)), channel) for channel in colours.T]
    palette = np.rint(np.column_stack(channels)).astype(int).tolist()
    values, known = _sampled(grid, *pixel_centres_deg(z, x, y, size_px))
    position = np.interp(values, at, np.linspace(0, _MOST_COLOURS - 1, len(at)))
    picture = np.where(known, np.rint(np.where(known, position, 0)) + 1, 0).astype(np.uint8)
    return _png(picture, palette)


def _sampled(
    grid: Grid, longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the values of the cells that pixels lie in, and where there are any."""
    n_rows, n_columns = grid.values.shape
    rows = np.floor((grid.north - latitudes) / grid.cell_y_deg).astype(np.int64)
    # a grid may begin west of 180 degrees, or end east of it
    east_of_edge = (longitudes - grid.west) % 360
    columns = np.floor(east_of_edge / grid.cell_x_deg).astype(np.int64)
    known = np.outer((rows >= 0) & (rows < n_rows), columns < n_columns)
    if not known.any():
        return np.zeros(known.shape, dtype=grid.values.dtype), known
    values = grid.values[np.ix_(rows.clip(0, n_rows - 1), columns.clip(0, n_columns - 1))]
    if values.dtype.kind == "f":
        known &= np.isfinite(values)
    if grid.nodata is not None:
        known &= values != grid.nodata
    return values, known


def _checked(colours: Sequence[Colour]) -> Sequence[Colour]:
    """Refuse what is no palette."""
    if len(colours) > _MOST_COLOURS:
        raise InvalidTableError(
            f"{len(colours)} colours: a tile holds at most {_MOST_COLOURS}. "
            "Put categories together."
        )
    for colour in colours:
        parts = list(colour)
        if len(parts) != 4 or min(parts) < 0 or max(parts) > 255:
            raise InvalidTableError(
                f"colour {colour!r}: give red, green, blue and opacity, each from 0 to 255."
            )
    return colours


def _png(picture: NDArray[np.uint8], palette: Sequence[Colour]) -> bytes:
    """Write numbers of colours as PNG; number 0 is clear."""
    if not picture.any():
        return b""
    colours = [_CLEAR, *palette]
    # made grey and given a palette: then its numbers are those of the colours
    image = Image.fromarray(picture)
    image.putpalette([part for colour in colours for part in colour[:3]])
    out = BytesIO()
    opacity = bytes(colour[3] for colour in colours)
    image.save(out, "PNG", transparency=opacity, compress_level=6)
    return out.getvalue()
