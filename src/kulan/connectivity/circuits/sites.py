"""Focal sites: the points and regions between which connectivity is asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.stencil import Stencil
from kulan.errors import InvalidGridError


@dataclass(frozen=True)
class Sites:
    """Numbered sites on a raster; one of several cells is a region.

    Attributes
    ----------
    cells
        Cell numbers of each site, by the site's number, in rising order of numbers.
    """

    cells: Mapping[int, NDArray[np.int64]]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The sites' numbers, rising."""
        return tuple(self.cells)

    @property
    def regions(self) -> tuple[int, ...]:
        """The numbers of sites of several cells, rising."""
        return tuple(number for number, cells in self.cells.items() if cells.size > 1)

    def only(self, numbers: Iterable[int]) -> "Sites":
        """Keep the named sites."""
        wanted = set(numbers)
        return Sites({number: cells for number, cells in self.cells.items() if number in wanted})


def sites_on_raster(numbers: NDArray[np.integer]) -> Sites:
    """Read sites off a raster of their numbers; cells of zero or less belong to none."""
    flat = numbers.ravel()
    cells = np.flatnonzero(flat > 0)
    return sites_from_list(flat[cells], cells)


def sites_from_list(numbers: NDArray[np.integer], cells: NDArray[np.integer]) -> Sites:
    """Gather sites from pairs of a site number and a cell number; one may have several cells.

    Raises
    ------
    InvalidGridError
        If there is no site, a number is zero or negative, or not every number has a cell.
    """
    if numbers.shape != cells.shape:
        raise InvalidGridError(
            f"sites: {numbers.size} numbers for {cells.size} cells. Give a number with every cell."
        )
    if (numbers <= 0).any():
        raise InvalidGridError(f"sites: {numbers.min()} found; number sites from 1.")
    if numbers.size == 0:
        raise InvalidGridError("sites: none found. Give at least two cells a number above zero.")
    order = np.argsort(numbers, kind="stable")
    values, starts = np.unique(numbers[order], return_index=True)
    parts = np.split(np.asarray(cells, np.int64)[order], starts[1:])
    return Sites({int(value): np.unique(part) for value, part in zip(values, parts, strict=True)})


def check_sites(stencil: Stencil, sites: Sites) -> None:
    """Refuse sites with a cell outside the raster, such as those read off another one."""
    for number, cells in sites.cells.items():
        outside = (cells < 0) | (cells >= stencil.valid.size)
        if outside.any():
            raise InvalidGridError(
                f"site {number}: cell {int(cells[outside][0])} lies outside the raster of "
                f"{stencil.shape} cells, numbered row by row from the north-west, from 0. "
                "Take sites from a raster with the same cells."
            )


def nodes_throughout(sites: Sites, stencil: Stencil) -> tuple[Sites, NDArray[np.int64] | None]:
    """Make each region one node for all pairs, and not only for those it belongs to.

    Then n - 1 systems are solved for n regions too, on one circuit. The price is that a region is
    a short cut for the pairs of all others.

    Parameters
    ----------
    sites
        The sites.
    stencil
        The linked cells.

    Returns
    -------
    tuple
        One cell for each site, and the regions as short-circuit polygons; None without regions.
    """
    regions = sites.regions
    if not regions:
        return sites, None
    polygons = np.zeros(stencil.valid.size, np.int64)
    for number in regions:
        overlapped = np.unique(polygons[sites.cells[number]])
        polygons[np.isin(polygons, overlapped[overlapped > 0])] = number
        polygons[sites.cells[number]] = number
    valid = stencil.valid.ravel()
    points = {
        number: cells[valid[cells]][:1] if valid[cells].any() else cells[:1]
        for number, cells in sites.cells.items()
    }
    return Sites(points), polygons.reshape(stencil.shape)


def merge(
    stencil: Stencil,
    short_circuits: NDArray[np.integer] | None,
    regions: Iterable[NDArray[np.int64]] = (),
) -> NDArray[np.int64] | None:
    """Give one number to cells that are one node: short-circuit polygons, and regions with them.

    A region that touches a polygon becomes one node with it. NoData cells of a polygon belong to
    its node, unless all its cells are NoData.

    Parameters
    ----------
    stencil
        The linked cells.
    short_circuits
        Shape (rows, columns): polygons by positive number; None for none.
    regions
        Cells of each region.

    Returns
    -------
    NDArray[np.int64] or None
        Shape (rows, columns): a positive number for merged cells, 0 elsewhere; None where
        nothing is merged.
    """
    several = [cells for cells in regions if cells.size > 1]
    if short_circuits is None and not several:
        return None
    merged = np.zeros(stencil.valid.size, np.int64)
    if short_circuits is not None:
        if short_circuits.shape != stencil.shape:
            raise InvalidGridError(
                f"short-circuit polygons: {short_circuits.shape} cells, but the raster has "
                f"{stencil.shape}. Both must cover the same cells."
            )
        if not np.isfinite(short_circuits).all():
            raise InvalidGridError(
                "short-circuit polygons: some cells have no number. Give cells outside every "
                "polygon 0."
            )
        merged = np.maximum(short_circuits.ravel(), 0).astype(np.int64)
    for cells in several:
        overlapped = np.unique(merged[cells])
        overlapped = overlapped[overlapped > 0]
        number = int(merged.max()) + 1
        if overlapped.size:
            merged[np.isin(merged, overlapped)] = number
        merged[cells] = number
    alive = np.unique(merged[stencil.valid.ravel()])
    merged[~np.isin(merged, alive)] = 0
    return merged.reshape(stencil.shape)
