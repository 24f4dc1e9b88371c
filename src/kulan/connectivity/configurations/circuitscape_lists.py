"""Circuitscape's text lists: points, sources, strengths, pairs and networks."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.networks import Network, network_of
from kulan.connectivity.configurations.raster_files import (
    PlainRaster,
    check_same_cells,
    read_raster,
)
from kulan.connectivity.configurations.reclass_tables import reclassified
from kulan.errors import InvalidFileError, InvalidGridError, InvalidTableError

Table = NDArray[np.float64]
# of nodes and sites: all whole numbers below are apart in float64 and fit where they are kept
_LARGEST_NUMBER = 2**53


def read_numbers(path: Path, *, columns: int, what: str) -> Table:
    """Read rows of numbers, separated by tabs, blanks or commas.

    Parameters
    ----------
    path
        Text file.
    columns
        How many numbers a row has.
    what
        What a row says, for the message.

    Raises
    ------
    InvalidFileError
        If the file is missing, empty, or a row has other than `columns` numbers.
    """
    rows: list[list[float]] = []
    for number, parts in _rows(path):
        try:
            row = [float(part) for part in parts]
        except ValueError as error:
            raise InvalidFileError(
                f"{path.name}, line {number}: {' '.join(parts)!r} found; {what} is needed."
            ) from error
        if len(row) != columns:
            raise InvalidFileError(
                f"{path.name}, line {number}: {len(row)} numbers found; {what} is needed."
            )
        rows.append(row)
    if not rows:
        raise InvalidFileError(f"{path.name}: empty. One line of {what} is needed at least.")
    return np.array(rows)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the words of each line that has some, with its number; `#` begins a remark."""
    if not path.is_file():
        raise InvalidFileError(f"{path}: no such file. Check the name, and the folder it is under.")
    raw = path.read_bytes()
    try:
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    except (UnicodeDecodeError, OSError, EOFError) as error:
        raise InvalidFileError(f"{path.name}: not a text file ({error}).") from error
    lines = (line.partition("#")[0] for line in text.splitlines())
    numbered = enumerate(lines, start=1)
    return [
        (number, parts) for number, line in numbered if (parts := line.replace(",", " ").split())
    ]


def is_list(path: Path) -> bool:
    """Whether a file is a text list rather than a raster, by its name and beginning."""
    endings = [suffix.lower() for suffix in path.suffixes[-2:]]
    if not path.is_file() or {".tif", ".tiff", ".asc"}.intersection(endings):
        return False
    with (gzip.open if endings[-1:] == [".gz"] else open)(path, "rb") as file:
        first = file.readline(100).split()
    return not first or not first[0][:1].isalpha()


def read_cells(
    path: Path, habitat: PlainRaster, *, any_corner: bool = False
) -> tuple[Table, NDArray[np.int64]]:
    """Read values at cells, from a raster or from a list of value, x and y.

    Parameters
    ----------
    path
        ASCII grid or GeoTIFF with the cells of `habitat`, or a text list.
    habitat
        The raster that the values belong to.
    any_corner
        Whether a raster of as many rows and columns will do, wherever it says it lies.

    Returns
    -------
    tuple of arrays
        Values, and the number of the cell of each.
    """
    if is_list(path):
        table = read_numbers(path, columns=3, what="a value, x and y")
        try:
            cells = [habitat.cell_at(x, y) for x, y in table[:, 1:].tolist()]
        except InvalidGridError as error:
            raise InvalidGridError(f"{path.name}: {error}") from error
        return table[:, 0], np.array(cells, np.int64)
    raster = read_raster(path)
    check_same_cells(habitat, raster, any_corner=any_corner)
    flat = raster.values.ravel()
    found = np.flatnonzero(~np.isnan(flat))
    return flat[found], found


def read_strengths(path: Path) -> dict[int, float]:
    """Read the strength of each source, A, by the number of its site."""
    table = read_numbers(path, columns=2, what="a site and its strength")
    sites = whole_numbers(path, table[:, 0], "a site").tolist()
    return dict(zip(sites, table[:, 1].tolist(), strict=True))


@dataclass(frozen=True)
class ChosenPairs:
    """Which sites and which pairs of them a run keeps.

    Attributes
    ----------
    sites
        Numbers of the sites that take part.
    pairs
        Pairs that are wanted, the lower number first.
    """

    sites: frozenset[int]
    pairs: frozenset[tuple[int, int]]

    def partners(self) -> dict[int, tuple[int, ...]]:
        """Return, of each site, those it is paired with, rising."""
        found: dict[int, set[int]] = {site: set() for site in self.sites}
        for a, b in self.pairs:
            found[a].add(b)
            found[b].add(a)
        return {site: tuple(sorted(others)) for site, others in found.items()}


def read_pairs(path: Path, sites: tuple[int, ...]) -> ChosenPairs:
    """Read a list of pairs to include or exclude, or a matrix with the limits that include.

    Parameters
    ----------
    path
        Text file that begins with `mode include`, `mode exclude`, or `min` and `max`.
    sites
        Numbers of all sites; pairs with others are left out.

    Raises
    ------
    InvalidFileError
        If the file begins otherwise, or the matrix is not square.
    """
    rows = _rows(path)
    head = [part.lower() for part in rows[0][1]] if rows else []
    if len(head) == 2 and head[0] == "mode" and head[1] in ("include", "exclude"):
        return _listed_pairs(path, rows[1:], sites, include=head[1] == "include")
    if len(head) == 2 and head[0] == "min" and len(rows) > 2 and rows[1][1][0].lower() == "max":
        return _matrix_pairs(path, rows, sites)
    raise InvalidFileError(
        f"{path.name}: begins with {' '.join(head)!r}; `mode include`, `mode exclude`, or `min` "
        "and `max` are needed."
    )


def _listed_pairs(
    path: Path, rows: list[tuple[int, list[str]]], sites: tuple[int, ...], *, include: bool
) -> ChosenPairs:
    listed: set[tuple[int, int]] = set()
    for number, parts in rows:
        try:
            a, b = (int(float(part)) for part in parts)
        except ValueError as error:
            raise InvalidFileError(
                f"{path.name}, line {number}: {' '.join(parts)!r} found; two sites are needed."
            ) from error
        listed.add((min(a, b), max(a, b)))
    every = {(a, b) for k, a in enumerate(sites) for b in sites[k + 1 :]}
    if not include:
        return ChosenPairs(frozenset(sites), frozenset(every - listed))
    named = {site for pair in listed for site in pair}
    return ChosenPairs(frozenset(named.intersection(sites)), frozenset(every & listed))


def _matrix_pairs(
    path: Path, rows: list[tuple[int, list[str]]], sites: tuple[int, ...]
) -> ChosenPairs:
    try:
        low, high = float(rows[0][1][1]), float(rows[1][1][1])
        matrix = np.array([[float(part) for part in parts] for _, parts in rows[2:]])
    except (ValueError, IndexError) as error:
        raise InvalidFileError(f"{path.name}: not a square matrix of numbers ({error}).") from error
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise InvalidFileError(
            f"{path.name}: a matrix of shape {matrix.shape} found; it must be square, with the "
            "sites in its first row and first column and a 0 in its corner."
        )
    numbers = matrix[0, 1:].astype(int).tolist()
    if numbers != matrix[1:, 0].astype(int).tolist():
        raise InvalidFileError(
            f"{path.name}: the first row and the first column name different sites."
        )
    there = set(sites)
    pairs = {
        (min(a, b), max(a, b))
        for i, a in enumerate(numbers)
        for j, b in enumerate(numbers)
        if i != j and low <= matrix[i + 1, j + 1] <= high and {a, b} <= there
    }
    return ChosenPairs(frozenset(there.intersection(numbers)), frozenset(pairs))


def read_network(
    path: Path, *, are_resistances: bool, reclass_table: Path | None = None
) -> Network:
    """Read a network: two nodes and the value of their link on each line.

    Parameters
    ----------
    path
        Text file.
    are_resistances
        Whether values are resistances, ohm, or conductances, siemens.
    reclass_table
        Table that turns values into others first.
    """
    table = read_numbers(path, columns=3, what="two nodes and a value")
    ends = whole_numbers(path, table[:, :2], "a node")
    value = table[:, 2]
    if reclass_table is not None:
        value = reclassified(value, reclass_table)
    if are_resistances and (value == 0).any():
        line = int(np.flatnonzero(value == 0)[0]) + 1
        raise InvalidTableError(
            f"{path.name}, line {line}: a resistance of 0. Merge the nodes that it joins."
        )
    with np.errstate(divide="ignore"):
        conductance = 1.0 / value if are_resistances else value
    return network_of(ends[:, 0], ends[:, 1], conductance)


def whole_numbers(path: Path, values: Table, what: str) -> NDArray[np.int64]:
    """Return numbers of nodes or sites as integers.

    Parameters
    ----------
    path
        File they come from, for the message.
    values
        The numbers.
    what
        What each one names, for the message.

    Raises
    ------
    InvalidFileError
        If one is not whole, or too large to be told from its neighbours.
    """
    odd = values[~(np.abs(values) < _LARGEST_NUMBER) | (values != np.round(values))]
    if odd.size:
        raise InvalidFileError(
            f"{path.name}: {what} with the number {float(odd[0]):g}; whole numbers are needed, "
            f"below {_LARGEST_NUMBER}."
        )
    return values.astype(np.int64)
