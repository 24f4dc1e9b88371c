"""Landscapes made by rule, on which solvers are tried: plain ones, and ones that break solvers."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float64]


def smooth_noise(rng: np.random.Generator, size: int, length: int) -> Grid:
    """Gaussian noise of unit variance, interpolated between points `length` cells apart.

    Parameters
    ----------
    rng
        Source of chance.
    size
        Rows and columns.
    length
        Distance between independent values, cells.
    """
    n = size // length + 2
    coarse = rng.standard_normal((n, n))
    at = np.arange(size) / length
    low, part = at.astype(int), at % 1.0
    rows = coarse[low] * (1 - part[:, None]) + coarse[low + 1] * part[:, None]
    both: Grid = rows[:, low] * (1 - part) + rows[:, low + 1] * part
    level: Grid = both / both.std()
    return level


def log_normal_with_barriers(size: int, seed: int = 0) -> Grid:
    """Conductances over three decades on several scales, crossed by six lines with rare gaps.

    Parameters
    ----------
    size
        Rows and columns.
    seed
        Of the chance in it.
    """
    rng = np.random.default_rng(seed)
    lengths = [length for length in (4, 16, 64, 256) if length <= size]
    noise = sum((smooth_noise(rng, size, length) for length in lengths), np.zeros((size, size)))
    resistance: Grid = np.clip(20 * np.exp(1.5 * noise / noise.std()), 1, 1000)
    for line in range(6):
        at = size * (line + 1) // 7
        closed = rng.random(size) > 6 / size
        across = resistance if line % 2 == 0 else resistance.T
        across[at : at + 2, closed] = 1e4
    conductance: Grid = 1 / resistance
    return conductance


def ocean(size: int, seed: int = 0) -> Grid:
    """Land with 40 % of its cells under an ocean of a resistance of 98,999 (see `size`, `seed`)."""
    conductance = log_normal_with_barriers(size, seed)
    depth = smooth_noise(np.random.default_rng(seed + 1), size, max(4, size // 12))
    conductance[depth < np.quantile(depth, 0.4)] = 1 / 98_999
    return conductance


def highways(size: int, seed: int = 0, *, conductance: float = 0.0) -> Grid:
    """Ten highways of ten cells' width with gaps of eight cells, a grid over the landscape.

    Parameters
    ----------
    size
        Rows and columns.
    seed
        Of the chance in the land between.
    conductance
        Of the highways; 0 is NoData.
    """
    land = log_normal_with_barriers(size, seed)
    closed = np.arange(size) % max(16, size // 4) >= 8
    for line in range(1, 6):
        at = line * size // 6
        land[at : at + 10, closed] = conductance
        land[closed, at : at + 10] = conductance
    return land


def lakes(size: int, seed: int = 0, *, share: float = 0.5) -> Grid:
    """Land with lakes of NoData.

    Parameters
    ----------
    size
        Rows and columns.
    seed
        Of the chance in it.
    share
        Of the cells that lakes cover.
    """
    land = log_normal_with_barriers(size, seed)
    depth = smooth_noise(np.random.default_rng(seed + 1), size, 8)
    land[depth < np.quantile(depth, share)] = 0.0
    return land


def fences(size: int, seed: int = 0) -> Grid:
    """Land with 19 fences of NoData, one cell wide, each with a few gaps (see `size`, `seed`)."""
    land = log_normal_with_barriers(size, seed)
    rng = np.random.default_rng(seed + 1)
    for line in range(1, 20):
        closed = rng.random(size) > 5 / size
        closed[rng.integers(size)] = False
        land[line * size // 20, closed] = 0.0
    return land


def thin_roads(size: int, seed: int = 0) -> Grid:
    """Roads of one cell's width, slantwise, a thousand times better than the land around.

    Parameters
    ----------
    size
        Rows and columns.
    seed
        Moves the roads sideways.
    """
    land = np.full((size, size), 1e-3)
    down = np.arange(size)
    for start in range(-size, size, max(8, size // 8)):
        across = down + start + seed
        inside = (across >= 0) & (across < size)
        land[down[inside], across[inside]] = 1.0
    return land


def independent_cells(size: int, seed: int = 0) -> Grid:
    """Resistances from 1 to 1,000,000, each cell by itself (see `size`, `seed`)."""
    conductance: Grid = 10.0 ** -np.random.default_rng(seed).uniform(0, 6, (size, size))
    return conductance


def random_nodata(size: int, seed: int = 0, *, share: float = 0.5) -> Grid:
    """Equal conductances, of which a random part is NoData.

    Parameters
    ----------
    size
        Rows and columns.
    seed
        Of the chance in it.
    share
        Of the cells that are NoData.
    """
    there = np.random.default_rng(seed).random((size, size)) >= share
    return there.astype(np.float64)


# what has broken solvers in practice, by name
HARD: dict[str, Callable[[int], Grid]] = {
    "ocean": ocean,
    "highways of NoData": highways,
    "highways of 98,999": lambda size: highways(size, conductance=1 / 98_999),
    "lakes over 20 %": lambda size: lakes(size, share=0.2),
    "lakes over 50 %": lakes,
    "fences": fences,
    "thin roads": thin_roads,
    "independent cells": independent_cells,
    "random NoData, 30 %": lambda size: random_nodata(size, share=0.3),
    "random NoData, 50 %": random_nodata,
}
