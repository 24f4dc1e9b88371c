"""What kinds of barriers are taken to let through, where nobody measured it."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from kulan.connectivity.tables import TYPE_PERMEABILITIES
from kulan.errors import UnknownNameError
from kulan.schemas import read_table


@dataclass(frozen=True)
class TypePermeability:
    """What a kind of barrier is taken to let through.

    Attributes
    ----------
    low, middle, high
        Share of movement that is left: the value used, and the range it may well lie in.
    source
        What it rests on.
    confidence
        How sure we are of it.
    """

    low: float
    middle: float
    high: float
    source: str
    confidence: str


def type_permeabilities() -> pd.DataFrame:
    """Return the assumptions of the package, see `kulan.connectivity.tables.TYPE_PERMEABILITIES`.

    None was fitted to crossings that somebody counted. Bring what was measured on your line, see
    `kulan.connectivity.barriers.permeability`, and use the range where nothing was.

    Examples
    --------
    >>> set(type_permeabilities()["confidence"]) <= {"low", "unverified"}
    True
    """
    return _read_once().copy()


@cache
def _read_once() -> pd.DataFrame:
    return read_table(
        files("kulan.connectivity") / "data" / "type_permeabilities.csv", TYPE_PERMEABILITIES
    )


def permeability_of_type(
    barrier_type: str, *, fenced: str = "", species_id: str | None = None
) -> TypePermeability:
    """Look up what a kind of barrier is taken to let through.

    A row for the species goes before one for all; among these, one for the fence as it stands
    before one for a fence not known.

    Parameters
    ----------
    barrier_type
        One of `kulan.vocabulary.BARRIER_TYPES`.
    fenced
        `yes`, `partly`, `no`, or empty where it is not known.
    species_id
        The species; None for rows for all.

    Raises
    ------
    UnknownNameError
        If the kind of barrier is not known.

    Examples
    --------
    >>> permeability_of_type("railway", fenced="yes", species_id="khulan").middle
    0.01
    """
    rows = _read_once()
    rows = rows[rows["barrier_type"] == barrier_type]
    if rows.empty:
        known = ", ".join(sorted(set(_read_once()["barrier_type"])))
        raise UnknownNameError(f"barrier type {barrier_type!r} is not known; known: {known}.")
    own = rows["species_id"] == (species_id or "")
    same_fence = rows["fenced"] == fenced
    fits = (own | rows["species_id"].isna()) & (same_fence | rows["fenced"].isna())
    # what was seen of the species at another fence says less than the fence does for all
    order = (2 * same_fence.astype(int) + own.astype(int)).where(fits, -1)
    row = rows.iloc[int(order.to_numpy().argmax())]
    return TypePermeability(
        float(row["permeability_low"]),
        float(row["permeability"]),
        float(row["permeability_high"]),
        str(row["source"]),
        str(row["confidence"]),
    )
