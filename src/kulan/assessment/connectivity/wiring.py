"""What a circuit between sites may have beside them: chosen pairs, strengths, joined polygons."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.assessment.connectivity.landscapes import Landscape
from kulan.assessment.connectivity.places import NamedSites, cells_inside
from kulan.errors import InvalidTableError, UnknownNameError
from kulan.exchange import Reading, read_features
from kulan.provenance import Input, hash_file

_STRENGTH = "strength"


@dataclass(frozen=True)
class Wiring:
    """What a circuit has beside its sites.

    Attributes
    ----------
    pairs
        Pairs of site numbers that are asked for; None for all.
    strengths
        Current that each site sends, A, by its number; those not named send 1.
    short_circuits
        Polygons within which potentials are equal, by positive number, shape (rows, columns);
        None for none.
    readings, inputs
        The files this came from.
    """

    pairs: Sequence[tuple[int, int]] | None = None
    strengths: dict[int, float] = field(default_factory=dict)
    short_circuits: NDArray[np.int64] | None = None
    readings: tuple[Reading, ...] = ()
    inputs: tuple[Input, ...] = ()


def read_wiring(
    sites: NamedSites,
    landscape: Landscape,
    *,
    pairs: Path | None = None,
    short_circuits: Path | None = None,
) -> Wiring:
    """Read what a circuit has beside its sites.

    Strengths stand in a column `strength` of the file of sites, A; a site of several rows takes
    the first.

    Parameters
    ----------
    sites, landscape
        The sites, and the cells.
    pairs
        CSV with the columns `site` and `other_site`, the names of the pairs that are asked for.
    short_circuits
        File of polygons within which nothing resists; each is one node, NoData cells included.

    Raises
    ------
    InvalidTableError
        If a column is missing, or a strength is not zero or more.
    UnknownNameError
        If a pair names a site there is not.
    InvalidFileError
        If a file cannot be read.
    """
    readings: tuple[Reading, ...] = ()
    inputs: tuple[Input, ...] = ()
    polygons = None
    if short_circuits is not None:
        reading = read_features(short_circuits, shapes=("polygon",))
        polygons = _numbered(reading, landscape)
        readings = (reading,)
        inputs = (Input(reading.source.name, reading.source.sha256),)
    chosen = None
    if pairs is not None:
        chosen = _read_pairs(pairs, sites)
        inputs += (Input(pairs.name, hash_file(pairs)),)
    return Wiring(chosen, _strengths(sites), polygons, readings, inputs)


def _numbered(reading: Reading, landscape: Landscape) -> NDArray[np.int64]:
    """Give the cells of each polygon its number; of two on one cell, the later has it."""
    numbers = np.zeros(landscape.grid.shape, np.int64)
    for k, shape in enumerate(reading.features.geometry):
        numbers.reshape(-1)[cells_inside(shape, landscape.frame)] = k + 1
    return numbers


def _read_pairs(path: Path, sites: NamedSites) -> list[tuple[int, int]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [name for name in ("site", "other_site") if not rows or name not in rows[0]]
    if missing:
        raise InvalidTableError(
            f"{path.name}: lacks {', '.join(missing)}, or holds no rows; the columns site and "
            "other_site with the names of sites are needed."
        )
    number = {name: k + 1 for k, name in enumerate(sites.names)}
    pairs = []
    for line, row in enumerate(rows, start=2):
        ends = [(row[name] or "").strip() for name in ("site", "other_site")]
        unknown = [name for name in ends if name not in number]
        if unknown:
            raise UnknownNameError(
                f"{path.name} line {line}: no site {unknown[0]!r} on the landscape. There are "
                f"{', '.join(sites.names[:20])}."
            )
        pairs.append((number[ends[0]], number[ends[1]]))
    return pairs


def _strengths(sites: NamedSites) -> dict[int, float]:
    table = sites.reading.features
    if _STRENGTH not in table:
        return {}
    found: dict[int, float] = {}
    for name, value in zip(sites.row_names, table[_STRENGTH], strict=True):
        if name not in sites.names or pd.isna(value):
            continue
        try:
            amps = float(value)
        except ValueError:
            amps = -1.0
        if not 0 <= amps < float("inf"):
            raise InvalidTableError(
                f"{sites.source.name}: the strength of site {name!r} is {value!r}; a current of "
                "zero or more, A, is needed."
            )
        found.setdefault(sites.names.index(name) + 1, amps)
    return found
