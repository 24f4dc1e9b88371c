"""Permeability: crossing probabilities by group and by segment, and the tables others read."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kulan.errors import InvalidTableError
from kulan.movement.barriers.crossing_probability import (
    Change,
    CrossingProbability,
    change_between,
    crossing_probabilities,
    crossing_probability,
    relative_crossing,
)
from kulan.movement.barriers.segments import BarrierSegments
from kulan.movement.intervals import UNKNOWN, Interval

KNOWN = ("crossed", "not_crossed")


def permeability_by(
    met: pd.DataFrame, by: Sequence[str] = (), *, level: float = 0.95, paths: int = 100
) -> pd.DataFrame:
    """Estimate crossing probabilities for groups of encounters, by animals.

    Each group stands alone: groups of the same animals are not made to learn of each other.

    Parameters
    ----------
    met
        Encounters of all animals with `animal_id`, `outcome` and, where it was reckoned,
        `expected` (share that would cross without the line; NaN where nothing is expected).
    by
        Columns that make groups, such as `season`; none for all together.
    level
        Of the intervals, 0 to 1.
    paths
        Paths drawn for each encounter. Where not one of an animal's ended beyond the line, what is
        expected of it is half a path and not 0.

    Returns
    -------
    DataFrame
        One row for each group: the columns of `by`; `animals`, `animals_crossed`, `encounters`
        (with known outcome), `crossed`, `unknown`; `probability` with `probability_low` and
        `probability_high`; `animals_share_low` and `animals_share_high` (exact limits of the share
        of animals that ever cross); `alike`; and, with `expected`, `expected`, `left`, `left_low`,
        `left_high` (crossing that is left of what is expected), and `weighed_animals` and
        `weighed_encounters`, on which these rest: those of which something is expected. Where no
        outcome is known, all but counts is NaN.

    Examples
    --------
    >>> met = pd.DataFrame({"animal_id": ["a", "b", "c"], "outcome": "not_crossed"})
    >>> row = permeability_by(met).iloc[0]
    >>> int(row["encounters"]), float(row["probability_low"]), bool(row["probability_high"] < 1)
    (3, 0.0, True)
    """
    _check(met, ("animal_id", "outcome", *by))
    groups: list[tuple[Any, pd.DataFrame]] = (
        [((), met)] if not by else [(key, part) for key, part in met.groupby(list(by), sort=True)]
    )
    rows = []
    for key, part in groups:
        found, left = _of_group(part, level, paths)
        rows.append(dict(zip(by, key, strict=True)) | _told(found, part, level) | left)
    return pd.DataFrame(rows)


def permeability_by_segment(
    met: pd.DataFrame, segments: BarrierSegments, *, level: float = 0.95, paths: int = 100
) -> pd.DataFrame:
    """Estimate the crossing probability at each segment that was met; segments learn of each other.

    An encounter belongs to the segment that was crossed, or to the nearest. A segment's encounters
    by one animal are alike. What segments have in common is told by animals, not by how many
    segments each of them came to.

    Parameters
    ----------
    met
        Encounters as in `permeability_by`, with `at_segment`.
    segments
        The barriers.
    level
        Of the intervals, 0 to 1.
    paths
        As in `permeability_by`.

    Returns
    -------
    DataFrame
        As `permeability_by`, with `barrier_id` and `segment_id` and `segment` (row), for segments
        with an encounter of known outcome, in the order of the segments.

    Examples
    --------
    >>> import shapely
    >>> from kulan.movement.barriers.segments import segments_of
    >>> line = shapely.LineString([(0, 0), (1, 0)])
    >>> rail = segments_of(["rail", "rail"], [line, line])
    >>> met = pd.DataFrame({"animal_id": ["a", "b"], "outcome": "crossed", "at_segment": [0, 1]})
    >>> permeability_by_segment(met, rail)["segment_id"].tolist()
    ['1', '2']
    """
    _check(met, ("animal_id", "outcome", "at_segment"))
    known = met[met["outcome"].isin(KNOWN)]
    found = _by_segment(known)
    weighed = _weighed(known)
    # what is left is reckoned from the encounters of which something is expected, and no others
    shares = _shares_by_segment(weighed, paths) if "expected" in met else {}
    left = _by_segment(weighed, shares) if shares else {}
    most = max((float(share.max()) for share in shares.values()), default=math.nan)
    rows = []
    for segment, one in found.items():
        whole = met[met["at_segment"] == segment]
        row: dict[str, Any] = {
            "barrier_id": segments.barrier_id[segment],
            "segment_id": segments.segment_id[segment],
            "segment": segment,
        }
        row |= _told(one, whole, level)
        if "expected" in met:
            part = weighed[weighed["at_segment"] == segment]
            one_left = left[segment].interval(level).times(1 / most) if len(part) else UNKNOWN
            expected = float(shares[segment].mean()) if len(part) else math.nan
            row |= _left(one_left, expected, part)
        rows.append(row)
    return pd.DataFrame(rows)


def change_at(met: pd.DataFrame, when_s: float, *, level: float = 0.95) -> Change | None:
    """Compare encounters before a moment with those after it; None where either side has none.

    Parameters
    ----------
    met
        Encounters as in `permeability_by`, with `start_s`.
    when_s
        The moment: when a fence was built, opened or taken away, s.
    level
        Of the intervals, 0 to 1.

    Examples
    --------
    >>> met = pd.DataFrame({"animal_id": ["a", "b"], "outcome": "crossed", "start_s": [0.0, 9.0]})
    >>> change_at(met, 5.0).difference.holds(0.0)
    True
    """
    sides = []
    for part in (met[met["start_s"] < when_s], met[met["start_s"] >= when_s]):
        if not part["outcome"].isin(KNOWN).any():
            return None
        sides.append(crossing_probability(*_counts(part[part["outcome"].isin(KNOWN)])))
    return change_between(sides[0], sides[1], level)


def connectivity_table(
    by_segment: pd.DataFrame,
    *,
    species_id: str = "",
    season: str = "",
    source: str | Sequence[str],
) -> pd.DataFrame:
    """Return what `kulan connectivity --permeabilities` reads.

    A segment's permeability there is the share of movement that is left: the crossing that is left
    of what the animals' own movement would make, at most 1, where that was reckoned; the crossing
    probability itself where it was not, which is lower.

    Parameters
    ----------
    by_segment
        See `permeability_by_segment`.
    species_id, season
        Whose, and when; empty for all.
    source
        Where it comes from, in a sentence; one for all, or one for each row.

    Returns
    -------
    DataFrame
        Columns of `kulan.connectivity.tables.BARRIER_PERMEABILITIES`, with `permeability_low` and
        `permeability_high`.

    Examples
    --------
    >>> row = {"barrier_id": "rail", "segment_id": "1", "probability": 0.1}
    >>> table = pd.DataFrame([row | {"probability_low": 0.0, "probability_high": 0.3}])
    >>> connectivity_table(table, source="Tracks of 2024.")["permeability"].tolist()
    [0.1]
    """
    names = ("", "_low", "_high")
    which = "left" if "left" in by_segment else "probability"
    columns: dict[str, Any] = {
        "barrier_id": by_segment["barrier_id"],
        "segment_id": by_segment["segment_id"],
        "species_id": species_id or None,
        "season": season or None,
    }
    for name in names:
        columns[f"permeability{name}"] = by_segment[f"{which}{name}"].clip(0.0, 1.0).round(4)
    made = pd.DataFrame({**columns, "source": source if isinstance(source, str) else list(source)})
    return made[made["permeability"].notna()].reset_index(drop=True)


def _of_group(
    part: pd.DataFrame, level: float, paths: int
) -> tuple[CrossingProbability, dict[str, Any]]:
    known = part[part["outcome"].isin(KNOWN)]
    found = crossing_probability(*_counts(known))
    if "expected" not in part:
        return found, {}
    weighed = _weighed(known)
    y, n = _counts(weighed)
    share = _share_of_animals(weighed, paths)
    expected = float(share.mean()) if len(share) else math.nan
    return found, _left(relative_crossing(y, n, share, level), expected, weighed)


def _by_segment(
    known: pd.DataFrame, shares: dict[int, Any] | None = None
) -> dict[int, CrossingProbability]:
    at = _at_segments(known)
    counts = [_counts(part) for part in at.values()]
    animals = [sorted(part["animal_id"].unique()) for part in at.values()]
    expected = None if shares is None else [shares[row] for row in at]
    found = crossing_probabilities(
        [y for y, _ in counts], [n for _, n in counts], animals, expected
    )
    return dict(zip(at, found, strict=True))


def _at_segments(known: pd.DataFrame) -> dict[int, pd.DataFrame]:
    rows_met = sorted(set(known["at_segment"].to_numpy(np.int64).tolist()))
    return {row: known[known["at_segment"] == row] for row in rows_met}


def _shares_by_segment(weighed: pd.DataFrame, paths: int) -> dict[int, Any]:
    """Return for each segment what is expected of each animal, in the order of their names."""
    return {row: _share_of_animals(part, paths) for row, part in _at_segments(weighed).items()}


def _weighed(known: pd.DataFrame) -> pd.DataFrame:
    """Return the encounters of which something is expected."""
    return known[known["expected"].notna()] if "expected" in known else known


def _share_of_animals(weighed: pd.DataFrame, paths: int) -> Any:
    """Return what is expected of each animal, in the order of their names.

    It is at least what so many paths, none of which ended beyond, can tell.
    """
    by_animal = weighed.groupby("animal_id", sort=True)["expected"]
    return np.maximum(
        by_animal.mean().to_numpy(float), 0.5 / (by_animal.size().to_numpy(float) * paths + 1)
    )


def _left(left: Interval, expected: float, weighed: pd.DataFrame) -> dict[str, Any]:
    return {
        "weighed_animals": int(weighed["animal_id"].nunique()),
        "weighed_encounters": len(weighed),
        "expected": expected,
        "left": left.estimate,
        "left_low": left.low,
        "left_high": left.high,
    }


def _told(found: CrossingProbability, part: pd.DataFrame, level: float) -> dict[str, Any]:
    # without an encounter of known outcome there is what was taken to be beforehand, and no finding
    known = found.encounters > 0
    own, animals = (found.interval(level), found.by_animals) if known else (UNKNOWN, UNKNOWN)
    return {
        "animals": found.animals,
        "animals_crossed": found.animals_crossed,
        "encounters": found.encounters,
        "crossed": found.crossed,
        "unknown": int((part["outcome"] == "unknown").sum()),
        "probability": own.estimate,
        "probability_low": own.low,
        "probability_high": own.high,
        "animals_share_low": animals.low,
        "animals_share_high": animals.high,
        "alike": found.alike if known else math.nan,
    }


def _counts(known: pd.DataFrame) -> tuple[Any, Any]:
    """Return crossings and encounters of each animal, in the order of their names."""
    by_animal = (known["outcome"] == "crossed").groupby(known["animal_id"], sort=True)
    return by_animal.sum().to_numpy(float), by_animal.size().to_numpy(float)


def _check(met: pd.DataFrame, needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in met]
    if missing:
        raise InvalidTableError(
            f"encounters lack the column(s) {', '.join(missing)}; found {', '.join(map(str, met))}."
        )
