"""How much movement a barrier or a crossing lets through, for a species in a season."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.connectivity.tables import BARRIER_PERMEABILITIES, CROSSING_PERMEABILITIES
from kulan.errors import InvalidTableError
from kulan.schemas import Table, check_table


def segment_permeabilities(
    segments: Sequence[tuple[str, str]],
    permeabilities: pd.DataFrame,
    *,
    species_id: str | None = None,
    season: str | None = None,
) -> NDArray[np.float64]:
    """Look up how much each segment of a barrier lets through.

    Of the rows that hold for a segment, the most particular one counts: one for this segment
    before one for the whole barrier, then one for this species before one for all, then one for
    this season before one for the whole year.

    Parameters
    ----------
    segments
        Barrier and segment of each, as in the table `BARRIER_LINES`.
    permeabilities
        Table `BARRIER_PERMEABILITIES`.
    species_id
        The species asked about; None uses only rows for all species.
    season
        The season asked about; None uses only rows for the whole year.

    Returns
    -------
    ndarray
        Permeability of each segment, 0 to 1.

    Raises
    ------
    InvalidTableError
        If a permeability lies outside 0 to 1, or no row holds for a segment.
    """
    _check(permeabilities, BARRIER_PERMEABILITIES)
    rows = _applicable(permeabilities, species_id, season)
    found = []
    for barrier, segment in segments:
        own = rows[rows["barrier_id"] == barrier]
        own = own[own["segment_id"].isna() | (own["segment_id"] == segment)]
        what = f"barrier {barrier!r}, segment {segment!r}"
        particular = own["segment_id"].notna() * 4 + own["_particular"]
        found.append(_most_particular(own, particular, what, species_id, season))
    return np.array(found, dtype=np.float64)


def segment_limits(
    segment: tuple[str, str],
    permeabilities: pd.DataFrame,
    *,
    species_id: str | None = None,
    season: str | None = None,
) -> tuple[float, float, float]:
    """Look up how much a segment lets through, by `segment_permeabilities`, and its limits.

    Parameters
    ----------
    segment
        Barrier and segment.
    permeabilities
        Table `BARRIER_PERMEABILITIES`; where it has columns `permeability_low` and
        `permeability_high`, as a measurement has, they are the limits.
    species_id, season
        As in `segment_permeabilities`.

    Returns
    -------
    tuple of float
        Permeability, least and most; all the same where no limits are told.

    Raises
    ------
    InvalidTableError
        As `segment_permeabilities`, or if limits do not hold their permeability.

    Examples
    --------
    >>> row = {"barrier_id": "rail", "segment_id": None, "species_id": None, "season": None}
    >>> row |= {"permeability": 0.2, "permeability_low": 0.1, "permeability_high": 0.4}
    >>> segment_limits(("rail", "1"), pd.DataFrame([row | {"source": "Tracks."}]))
    (0.2, 0.1, 0.4)
    """
    asked = {"species_id": species_id, "season": season}
    middle = float(segment_permeabilities([segment], permeabilities, **asked)[0])
    ends = []
    for name in ("permeability_low", "permeability_high"):
        told = permeabilities
        if name in told:
            number = pd.to_numeric(told[name], errors="coerce")
            told = told.assign(permeability=number.fillna(told["permeability"]))
        ends.append(float(segment_permeabilities([segment], told, **asked)[0]))
    if not ends[0] <= middle <= ends[1]:
        raise InvalidTableError(
            f"barrier {segment[0]!r}, segment {segment[1]!r}: the permeability is {middle:g}, and "
            f"its limits {ends[0]:g} and {ends[1]:g} do not hold it."
        )
    return middle, ends[0], ends[1]


def crossing_permeabilities(
    crossings: Sequence[str],
    permeabilities: pd.DataFrame,
    *,
    species_id: str | None = None,
    season: str | None = None,
) -> NDArray[np.float64]:
    """Look up how passable each crossing is, by the same rules as `segment_permeabilities`.

    Parameters
    ----------
    crossings
        Names of the crossings, as in the table `CROSSINGS`.
    permeabilities
        Table `CROSSING_PERMEABILITIES`.
    species_id
        The species asked about; None uses only rows for all species.
    season
        The season asked about; None uses only rows for the whole year.

    Raises
    ------
    InvalidTableError
        If a permeability lies outside 0 to 1, or no row holds for a crossing.
    """
    _check(permeabilities, CROSSING_PERMEABILITIES)
    rows = _applicable(permeabilities, species_id, season)
    found = []
    for crossing in crossings:
        own = rows[rows["crossing_id"].isna() | (rows["crossing_id"] == crossing)]
        particular = own["crossing_id"].notna() * 4 + own["_particular"]
        what = f"crossing {crossing!r}"
        found.append(_most_particular(own, particular, what, species_id, season))
    return np.array(found, dtype=np.float64)


def permeability_of_steps(
    permeability: NDArray[np.float64], *, over: float, step: float
) -> NDArray[np.float64]:
    r"""Return what a barrier leaves of a step, where it was told for a way of another length.

    A barrier that leaves the share :math:`p` of a way of length :math:`L` adds as much resistance
    as :math:`1/p - 1` such ways. Of a step of length :math:`c` it leaves

    .. math:: p_c = \frac{1}{1 + (1/p - 1)\, L / c},

    so that the same line hinders the same, however large cells are.

    Parameters
    ----------
    permeability
        The share that is left, 0 to 1.
    over
        Length of the way for which it holds, such as that of a day's movement.
    step
        Length of a step, in the same unit.

    Examples
    --------
    >>> permeability_of_steps(np.array([0.0, 0.1, 1.0]), over=10.0, step=1.0).round(4).tolist()
    [0.0, 0.011, 1.0]
    """
    if not (over > 0 and step > 0):
        raise InvalidTableError(
            f"permeability: told for a way of {over:g} and asked for a step of {step:g}; both "
            "lengths must be positive."
        )
    left: NDArray[np.float64] = permeability / (permeability + (1.0 - permeability) * (over / step))
    return left


def _check(permeabilities: pd.DataFrame, table: Table) -> None:
    check_table(permeabilities, table)
    try:
        value = permeabilities["permeability"].to_numpy(np.float64)
    except ValueError as error:
        raise InvalidTableError(
            f"{table.name}: a permeability is not a number ({error}). Give 0 to 1."
        ) from error
    bad = ~((value >= 0) & (value <= 1))
    if bad.any():
        row = permeabilities.index[bad][0]
        raise InvalidTableError(
            f"{table.name}: {int(bad.sum())} permeabilities lie outside 0 to 1, the first at row "
            f"{row}: {value[bad][0]:g}. 0 lets nothing through, 1 everything."
        )


def _applicable(
    permeabilities: pd.DataFrame, species_id: str | None, season: str | None
) -> pd.DataFrame:
    """Keep the rows that hold for a species and season; `_particular` says how closely."""
    species, seasons = permeabilities["species_id"], permeabilities["season"]
    of_species, of_season = species == species_id, seasons == season
    holds = (species.isna() | of_species) & (seasons.isna() | of_season)
    rows = permeabilities[holds].copy()
    rows["_particular"] = 2 * of_species[holds] + of_season[holds]
    return rows


def _most_particular(
    rows: pd.DataFrame,
    particular: "pd.Series[int]",
    what: str,
    species_id: str | None,
    season: str | None,
) -> float:
    if rows.empty:
        raise InvalidTableError(
            f"{what}: no permeability for {species_id or 'all species'} in "
            f"{season or 'the whole year'}. Add a row; one with empty species and season holds "
            "for all."
        )
    return float(rows["permeability"].to_numpy()[int(particular.to_numpy().argmax())])
