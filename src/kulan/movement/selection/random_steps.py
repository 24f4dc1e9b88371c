"""Random steps: where an animal could have gone from each of its fixes."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.errors import InvalidGeometryError, InvalidRequestError, NotEnoughDataError
from kulan.movement.selection.step_families import StepFamily, fit_step_family
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
Covariate = Callable[[Floats, Floats], Floats]
"""Values at x and y, m in the plane of the tracks; NaN where nothing is known."""


def observed_steps(
    tracks: Iterable[Track], interval_s: float, tolerance_s: float | None = None
) -> pd.DataFrame:
    """Return the steps that follow another step at one interval, which have a turn.

    Parameters
    ----------
    tracks
        Animals' tracks, all in one plane.
    interval_s
        Time between fixes, s.
    tolerance_s
        By how much a step may be shorter or longer; None for a tenth.

    Returns
    -------
    DataFrame
        One row per step: `animal_id`, `row` (of the fix it starts from), `time_start_s`,
        `time_end_s`, `x_start_m`, `y_start_m`, `x_end_m`, `y_end_m`, `length_m`, `turn_rad`,
        `bearing_rad` (of the step before, mathematical: from east, anticlockwise). Steps of no
        length, and those after one, are left out: they have no direction.

    Raises
    ------
    InvalidGeometryError
        If tracks lie in different planes.
    NotEnoughDataError
        If there are none.
    """
    tolerance_s = interval_s / 10 if tolerance_s is None else tolerance_s
    tables, planes = [], set()
    for track in tracks:
        planes.add(track.plane.crs)
        tables.append(_steps_of(track, interval_s, tolerance_s))
    if len(planes) > 1:
        raise InvalidGeometryError(
            f"the tracks lie in {len(planes)} planes: covariates need one. Name a plane for all."
        )
    steps = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    if steps.empty:
        raise NotEnoughDataError(
            f"no two steps of {interval_s:g} s (give or take {tolerance_s:g} s) follow each other: "
            "name the interval at which the collars took fixes."
        )
    return steps


def _steps_of(track: Track, interval_s: float, tolerance_s: float) -> pd.DataFrame:
    east, north = np.diff(track.x_m), np.diff(track.y_m)
    on_time = np.abs(np.diff(track.time_s) - interval_s) <= tolerance_s
    length, bearing = np.hypot(east, north), np.arctan2(north, east)
    usable = on_time & (length > 0)
    # step k leads from fix k to k + 1; the one before it ends where it starts
    at = np.flatnonzero(usable[1:] & usable[:-1]) + 1
    rows = track.rows if len(track.rows) else np.arange(len(track))
    turn = bearing[at] - bearing[at - 1]
    return pd.DataFrame(
        {
            "animal_id": track.animal_id,
            "row": rows[at],
            "time_start_s": track.time_s[at],
            "time_end_s": track.time_s[at + 1],
            "x_start_m": track.x_m[at],
            "y_start_m": track.y_m[at],
            "x_end_m": track.x_m[at + 1],
            "y_end_m": track.y_m[at + 1],
            "length_m": length[at],
            "turn_rad": np.pi - (np.pi - turn) % (2 * np.pi),
            "bearing_rad": bearing[at - 1],
        }
    )


def with_random_steps(
    steps: pd.DataFrame,
    *,
    controls: int = 10,
    family: StepFamily | None = None,
    seed: int = 0,
) -> tuple[pd.DataFrame, StepFamily]:
    """Set beside each observed step where the animal could have gone instead.

    Parameters
    ----------
    steps
        Observed steps, see `observed_steps`.
    controls
        Random steps for each observed one; too few make coefficients depend on chance, so repeat
        with more until they stay.
    family
        What they are drawn from; None for what the observed steps follow.
    seed
        Of the draws.

    Returns
    -------
    table, family
        Columns of `steps`, and `set_id`, `case` (true for the observed step), `log_length` (natural
        logarithm of m) and `cos_turn`; rows of one set next to each other, the observed first.

    Raises
    ------
    InvalidRequestError
        If `controls` is below 1.
    NotEnoughDataError
        As `fit_step_family`.

    Examples
    --------
    >>> rng = np.random.default_rng(4)
    >>> x_m, y_m = rng.normal(0, 100.0, (2, 60)).cumsum(axis=1)
    >>> track = Track("k1", np.arange(60) * 3600.0, x_m, y_m)
    >>> table, family = with_random_steps(observed_steps([track], 3600.0), controls=5)
    >>> len(table), int(table["case"].sum())
    (348, 58)

    References
    ----------
    Avgar, T. et al. (2016). Integrated step selection analysis: bridging the gap between resource
    selection and animal movement. Methods Ecol. Evol. 7:619-630.
    """
    if controls < 1:
        raise InvalidRequestError(f"{controls} random steps: at least one for each step is needed.")
    if family is None:
        family = fit_step_family(steps["length_m"].to_numpy(), steps["turn_rad"].to_numpy())
    rng = np.random.default_rng(seed)
    table = steps.loc[steps.index.repeat(controls + 1)].reset_index(drop=True)
    table.insert(0, "set_id", np.repeat(np.arange(len(steps)), controls + 1))
    case = np.tile(np.arange(controls + 1) == 0, len(steps))
    table.insert(1, "case", case)
    drawn = ~case
    length, turn = table["length_m"].to_numpy().copy(), table["turn_rad"].to_numpy().copy()
    length[drawn] = np.maximum(family.lengths_m(int(drawn.sum()), rng), np.finfo(float).tiny)
    turn[drawn] = family.turns_rad(int(drawn.sum()), rng)
    heading = table["bearing_rad"].to_numpy() + turn
    for name, part in (("x", np.cos(heading)), ("y", np.sin(heading))):
        start, end = table[f"{name}_start_m"].to_numpy(), table[f"{name}_end_m"].to_numpy()
        table[f"{name}_end_m"] = np.where(drawn, start + length * part, end)
    table = table.assign(
        length_m=length, turn_rad=turn, log_length=np.log(length), cos_turn=np.cos(turn)
    )
    return table, family


def with_covariates(
    table: pd.DataFrame,
    at_end: Mapping[str, Covariate] | None = None,
    at_start: Mapping[str, Covariate] | None = None,
) -> pd.DataFrame:
    """Add what lies where each step ends, and where it starts.

    What lies at the start is the same for all alternatives: it can only be used in a product, such
    as "log_length:start_snow".

    Parameters
    ----------
    table
        Steps, see `with_random_steps`.
    at_end, at_start
        Covariates by name; those of the start become "start_" and the name.

    Returns
    -------
    DataFrame
        With a column for each.
    """
    made = {}
    for name, covariate in (at_end or {}).items():
        made[name] = covariate(table["x_end_m"].to_numpy(), table["y_end_m"].to_numpy())
    for name, covariate in (at_start or {}).items():
        values = covariate(table["x_start_m"].to_numpy(), table["y_start_m"].to_numpy())
        made[f"start_{name}"] = values
    return table.assign(**made)


def with_crossings(
    table: pd.DataFrame, lines: Iterable[BaseGeometry], name: str = "crosses"
) -> pd.DataFrame:
    """Add whether the straight line of each step meets a barrier.

    Parameters
    ----------
    table
        Steps, see `with_random_steps`.
    lines
        Lines in the plane of the tracks.
    name
        Column to add: 1.0 where at least one line is met, else 0.0.

    Returns
    -------
    DataFrame
    """
    ends = [table[column].to_numpy() for column in ("x_start_m", "y_start_m", "x_end_m", "y_end_m")]
    paths = shapely.linestrings(np.column_stack(ends).reshape(-1, 2, 2))
    met = shapely.STRtree(list(lines)).query(paths, predicate="intersects")[0]
    crosses = np.zeros(len(table))
    crosses[met] = 1.0
    return table.assign(**{name: crosses})
