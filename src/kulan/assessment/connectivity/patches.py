"""Sites as patches of habitat: how much each holds, and how much of it is protected."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.assessment.connectivity.landscapes import Landscape
from kulan.assessment.connectivity.places import NamedSites, cells_inside, names_of
from kulan.errors import InvalidTableError, UnknownNameError
from kulan.exchange import Reading, read_features
from kulan.provenance import Input

ATTRIBUTE = "attribute"
_YES = ("yes", "true", "1", "1.0", "y", "protected")
_NO = ("no", "false", "0", "0.0", "n", "", "none", "nan", "unprotected")


@dataclass(frozen=True)
class Protection:
    """How much of each patch is protected.

    Attributes
    ----------
    area_km2
        Of each patch, by number.
    elsewhere_km2
        Protected land of the landscape outside all patches; None where only patches are known.
    readings, inputs
        The file that says so, if it is not that of the sites.
    """

    area_km2: dict[int, float]
    elsewhere_km2: float | None = None
    readings: tuple[Reading, ...] = ()
    inputs: tuple[Input, ...] = ()


def amounts_of(sites: NamedSites) -> tuple["pd.Series[float]", bool]:
    """Return how much habitat each patch holds, and whether that is its area.

    It is the column `attribute` of the file of sites, added up where several rows are one site,
    and the area of its cells in km² where there is no such column.

    Raises
    ------
    InvalidTableError
        If an attribute is missing, negative or no number.
    """
    numbers = pd.Index(sites.table["site"], name="site")
    table = sites.reading.features
    if ATTRIBUTE not in table:
        return pd.Series(sites.table["area_km2"].to_numpy(np.float64), index=numbers), True
    given = pd.to_numeric(table[ATTRIBUTE], errors="coerce").to_numpy(np.float64)
    bad = ~(np.isfinite(given) & (given >= 0))
    names = np.array(names_of(sites.reading), object)
    bad &= np.isin(names, sites.names)
    if bad.any():
        k = int(np.flatnonzero(bad)[0])
        raise InvalidTableError(
            f"{sites.source.name}: the attribute of site {names[k]!r} is "
            f"{table[ATTRIBUTE].iloc[k]!r}; a number of zero or more is needed. Without a column "
            f"`{ATTRIBUTE}` the area counts."
        )
    total = pd.Series(given).groupby(names).sum()
    return pd.Series(total.loc[list(sites.names)].to_numpy(), index=numbers), False


def protection_of(given: str, sites: NamedSites, landscape: Landscape) -> Protection:
    """Find how much of each patch is protected.

    Parameters
    ----------
    given
        A file of protected areas, or a column of the file of sites that says yes or no.
    sites
        The patches.
    landscape
        The cells.

    Raises
    ------
    UnknownNameError
        If it is neither.
    InvalidTableError
        If a row says neither yes nor no, or rows of one site differ.
    """
    if Path(given).is_file():
        return _inside_file(Path(given), sites, landscape)
    table = sites.reading.features
    if given not in table:
        columns = ", ".join(
            str(name) for name in table.columns if name not in ("geometry", "source_row")
        )
        raise UnknownNameError(
            f"--protected {given}: no file, and {sites.source.name} has no such column. It has "
            f"{columns}."
        )
    said: dict[str, bool] = {}
    for name, value in zip(names_of(sites.reading), table[given], strict=True):
        answer = _yes_or_no(name, given, value)
        if said.setdefault(name, answer) != answer:
            raise InvalidTableError(
                f"{sites.source.name}: rows of site {name!r} differ in {given!r}. Give each part "
                "a name of its own."
            )
    area_km2 = dict(zip(sites.table["site"], sites.table["area_km2"], strict=True))
    return Protection(
        {number: area_km2[number] * said[sites.name(number)] for number in sites.sites.numbers}
    )


def _yes_or_no(name: str, column: str, value: Any) -> bool:
    word = "" if value is None or pd.isna(value) else str(value).strip().lower()
    if word not in (*_YES, *_NO):
        raise InvalidTableError(
            f"sites: {column!r} of site {name!r} is {value!r}; yes or no is needed."
        )
    return word in _YES


def _inside_file(path: Path, sites: NamedSites, landscape: Landscape) -> Protection:
    """Count the cells of each patch that lie in protected areas, each once."""
    reading = read_features(path, shapes=("polygon",), region=None)
    frame = landscape.frame
    covered: NDArray[np.bool_] = np.zeros(frame.rows * frame.columns, bool)
    for shape in reading.features.geometry:
        covered[cells_inside(shape, frame)] = True
    covered &= np.isfinite(landscape.resistance).ravel()
    cell_km2 = landscape.grid.cell_km2
    area = {
        number: float(covered[cells].sum() * cell_km2)
        for number, cells in sites.sites.cells.items()
    }
    elsewhere = float(covered.sum() * cell_km2) - sum(area.values())
    source = Input(reading.source.name, reading.source.sha256)
    return Protection(area, elsewhere, (reading,), (source,))
