"""Conductance between neighbouring cells of a raster: the circuit before anything is attached."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.kernels import Floats, kernel
from kulan.errors import InvalidGridError

Mean = Literal["conductance", "resistance"]
EAST, SOUTH, SOUTHEAST, SOUTHWEST = range(4)
# by which a neighbour lies away, in rows and columns, for each kind of link
STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))
_DIAGONAL = 1.0 / np.sqrt(2.0)


@dataclass(frozen=True)
class Links:
    """Links beside those of the raster, such as a crossing that bridges a barrier.

    Attributes
    ----------
    first, second
        Places that are linked: cell numbers counted row by row from the north-west, from 0.
    conductance
        Of each link, siemens.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    conductance: NDArray[np.float64]

    def __len__(self) -> int:
        return int(self.first.size)


NO_LINKS = Links(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


@dataclass(frozen=True)
class Stencil:
    """Conductances of all links between neighbouring cells.

    Attributes
    ----------
    weights
        Shape (rows + 2, 4, columns + 2): of each cell, the conductance to its neighbour in the
        east, south, south-east and south-west, siemens; 0 where there is no link. The outer ring
        of cells is empty.
    valid
        Shape (rows, columns): True for the cells that have a conductance.
    links
        Further links between cells.
    """

    weights: NDArray[np.float64]
    valid: NDArray[np.bool_]
    links: Links = NO_LINKS

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.valid.shape
        return rows, columns


def link_cells(
    conductance: NDArray[np.float64],
    *,
    neighbours: Literal[4, 8] = 8,
    mean: Mean = "conductance",
    links: Links = NO_LINKS,
) -> Stencil:
    """Link every cell with its neighbours.

    A link between cells of conductance a and b has (a + b) / 2, or 2 / (1/a + 1/b) for the mean
    of resistances; a diagonal one is longer, and has 1/√2 of that (McRae et al. 2008).

    Parameters
    ----------
    conductance
        Of each cell, siemens; NaN or 0 is NoData, which conducts nothing.
    neighbours
        4 links cells that share an edge, 8 those that touch in a corner too.
    mean
        Whether a link averages conductances or resistances.
    links
        Further links, such as crossings.

    Raises
    ------
    InvalidGridError
        If a conductance is negative or infinite, if no cell has one, if a further link ends on
        NoData or outside the raster or has no positive conductance, or if `neighbours` or `mean`
        is none of those possible.

    References
    ----------
    McRae, B. H., Dickson, B. G., Keitt, T. H. & Shah, V. B. (2008). Using circuit theory to model
    connectivity in ecology, evolution, and conservation. Ecology 89, 2712-2724.

    Examples
    --------
    >>> grid = link_cells(np.array([[1.0, 3.0]]), mean="resistance")
    >>> float(grid.weights[1, 0, 1])
    1.5
    """
    if neighbours not in (4, 8):
        raise InvalidGridError(f"neighbours: {neighbours} found, 4 or 8 are possible.")
    if mean not in ("conductance", "resistance"):
        raise InvalidGridError(
            f"mean: {mean!r} found; a link averages 'conductance' or 'resistance'."
        )
    cells = _checked(conductance)
    links = _checked_links(links, cells)
    rows, columns = cells.shape
    weights = np.zeros((rows + 2, 4, columns + 2))
    _fill_weights(cells, neighbours == 8, mean == "resistance", weights)
    return Stencil(weights, cells > 0, links)


def _checked(conductance: NDArray[np.float64]) -> NDArray[np.float64]:
    cells = np.array(conductance, dtype=np.float64, order="C")
    if cells.ndim != 2 or cells.size == 0:
        raise InvalidGridError(
            f"conductances: shape {cells.shape} found, rows and columns are needed."
        )
    cells[np.isnan(cells)] = 0.0
    for bad, what in ((cells < 0, "negative"), (np.isinf(cells), "infinite")):
        if bad.any():
            row, column = np.argwhere(bad)[0]
            raise InvalidGridError(
                f"conductances: {int(bad.sum())} cells are {what}, the first in row {row}, "
                f"column {column}, counted from 0 in the north-west. Give NoData as NaN or 0."
            )
    if not cells.any():
        raise InvalidGridError("conductances: all cells are NoData, so nothing can be linked.")
    return cells


def _checked_links(links: Links, cells: NDArray[np.float64]) -> Links:
    first, second = np.asarray(links.first, np.int64), np.asarray(links.second, np.int64)
    conductance = np.asarray(links.conductance, np.float64)
    if not first.shape == second.shape == conductance.shape:
        raise InvalidGridError(
            f"links: {first.size} and {second.size} ends with {conductance.size} conductances. "
            "Give one of each for every link."
        )
    ends = np.concatenate([first, second])
    if ((ends < 0) | (ends >= cells.size)).any():
        raise InvalidGridError(
            f"links: an end lies outside the raster of {cells.size} cells. "
            "Number cells row by row from the north-west, from 0."
        )
    lost = ends[cells.ravel()[ends] == 0]
    if lost.size:
        row, column = divmod(int(lost[0]), cells.shape[1])
        raise InvalidGridError(
            f"links: an end lies on NoData, in row {row}, column {column}, counted from 0 in the "
            "north-west. Let links end on cells with a conductance."
        )
    if not (np.isfinite(conductance) & (conductance > 0)).all():
        raise InvalidGridError("links: every link needs a positive, finite conductance.")
    return Links(first, second, conductance)


@kernel
def _join(a: float, b: float, of_resistances: bool) -> float:
    if a <= 0.0 or b <= 0.0:
        return 0.0
    return 2.0 * a * b / (a + b) if of_resistances else 0.5 * (a + b)


@kernel
def _fill_weights(cells: Floats, diagonal: bool, of_resistances: bool, weights: Floats) -> None:
    rows, columns = cells.shape
    for i in range(rows):
        for j in range(columns):
            here = cells[i, j]
            if j + 1 < columns:
                weights[i + 1, 0, j + 1] = _join(here, cells[i, j + 1], of_resistances)
            if i + 1 == rows:
                continue
            weights[i + 1, 1, j + 1] = _join(here, cells[i + 1, j], of_resistances)
            if diagonal and j + 1 < columns:
                weights[i + 1, 2, j + 1] = _DIAGONAL * _join(
                    here, cells[i + 1, j + 1], of_resistances
                )
            if diagonal and j > 0:
                weights[i + 1, 3, j + 1] = _DIAGONAL * _join(
                    here, cells[i + 1, j - 1], of_resistances
                )


def links_of(stencil: Stencil) -> Links:
    """List every link of a raster, those between neighbours first."""
    rows, columns = stencil.shape
    number = np.arange(rows * columns).reshape(rows, columns)
    first, second, conductance = [], [], []
    for k, (down, right) in enumerate(STEPS):
        value = stencil.weights[1 : rows + 1, k, 1 : columns + 1]
        i, j = np.nonzero(value)
        first.append(number[i, j])
        second.append(number[i + down, j + right])
        conductance.append(value[i, j])
    return Links(
        np.concatenate([*first, stencil.links.first]),
        np.concatenate([*second, stencil.links.second]),
        np.concatenate([*conductance, stencil.links.conductance]),
    )


def components(stencil: Stencil, merged: NDArray[np.int64] | None = None) -> NDArray[np.int32]:
    """Give each connected part of a raster a number from 1; 0 for cells that belong to none.

    Parameters
    ----------
    stencil
        The linked cells.
    merged
        Shape (rows, columns): cells of the same positive number are one node; a NoData cell so
        numbered belongs to the part of its group.
    """
    rows, columns = stencil.shape
    present = stencil.valid
    if merged is not None:
        present = present | (merged > 0)
    run = np.empty((rows, columns), np.int32)
    # of these only as many are written as there are runs, mostly few
    parent, used = np.empty(run.size, np.int32), np.empty(run.size, np.bool_)
    n_runs = _find_runs(stencil.weights, present, run, parent, used)
    flat = run.reshape(-1)
    _unite_pairs(flat[stencil.links.first], flat[stencil.links.second], parent)
    if merged is not None:
        group = merged.ravel()
        cells = np.flatnonzero(group > 0)
        cells = cells[np.argsort(group[cells], kind="stable")]
        same = group[cells[1:]] == group[cells[:-1]]
        _unite_pairs(flat[cells[:-1][same]], flat[cells[1:][same]], parent)
    _number_runs(parent[:n_runs], used[:n_runs])
    _number_cells(present, parent, run)
    return run


@kernel
def _root(parent: NDArray[np.int32], cell: int) -> int:
    while parent[cell] != cell:
        parent[cell] = parent[parent[cell]]
        cell = parent[cell]
    return cell


@kernel
def _unite(parent: NDArray[np.int32], a: int, b: int) -> None:
    a, b = _root(parent, a), _root(parent, b)
    if a < b:
        parent[b] = a
    elif b < a:
        parent[a] = b


@kernel
def _find_runs(
    weights: Floats,
    present: NDArray[np.bool_],
    run: NDArray[np.int32],
    parent: NDArray[np.int32],
    used: NDArray[np.bool_],
) -> int:
    """Give runs of cells linked along a row numbers from 0, and unite those linked across rows.

    `used` tells which runs hold a cell that is present. Returns how many runs there are.
    """
    rows, columns = run.shape
    n_runs = 0
    for i in range(rows):
        for j in range(columns):
            if j == 0 or weights[i + 1, 0, j] <= 0.0:
                parent[n_runs] = n_runs
                used[n_runs] = False
                n_runs += 1
            run[i, j] = n_runs - 1
            if present[i, j]:
                used[n_runs - 1] = True
        if i > 0:
            _unite_rows(weights[i, 1, 1:], run[i - 1], run[i], parent)
            _unite_rows(weights[i, 2, 1:], run[i - 1], run[i, 1:], parent)
            _unite_rows(weights[i, 3, 2:], run[i - 1, 1:], run[i], parent)
    return n_runs


@kernel
def _unite_rows(
    weights: Floats,
    upper: NDArray[np.int32],
    lower: NDArray[np.int32],
    parent: NDArray[np.int32],
) -> None:
    """Unite the runs of cells that stand at the same place of two rows and are linked."""
    a, b = -1, -1
    for j in range(min(upper.size, lower.size)):
        # neighbours are mostly of the same two runs, which need uniting only once
        if weights[j] > 0.0 and (upper[j] != a or lower[j] != b):
            a, b = upper[j], lower[j]
            _unite(parent, a, b)


@kernel
def _unite_pairs(
    first: NDArray[np.int32], second: NDArray[np.int32], parent: NDArray[np.int32]
) -> None:
    for k in range(first.size):
        _unite(parent, first[k], second[k])


@kernel
def _number_runs(parent: NDArray[np.int32], used: NDArray[np.bool_]) -> None:
    """Replace each run's parent by the number of its part, from 1 in the order of first cells."""
    for a in range(parent.size):
        parent[a] = _root(parent, a)
        if used[a]:
            used[parent[a]] = True
    n_parts = 0
    for a in range(parent.size):
        # the root of a part is its first run, so that it has been numbered when others come
        if parent[a] != a:
            parent[a] = parent[parent[a]]
        elif used[a]:
            n_parts += 1
            parent[a] = n_parts
        else:
            parent[a] = 0


@kernel
def _number_cells(
    present: NDArray[np.bool_], number: NDArray[np.int32], run: NDArray[np.int32]
) -> None:
    """Replace each cell's run by the number of its part."""
    for i in range(run.shape[0]):
        for j in range(run.shape[1]):
            run[i, j] = number[run[i, j]] if present[i, j] else 0
