"""Tables and layers of paths: steps, circles, stays, days, and where all of it lies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.assessment.movement.degrees import in_degrees
from kulan.assessment.movement.seasons import shared_plane, system_of
from kulan.movement.paths import (
    Passages,
    Recursion,
    RegularTrack,
    Stays,
    Walked,
    bursts,
    day_or_night,
    net_squared_displacement_m2,
    season_of,
    split,
    steps,
)
from kulan.movement.planes import Plane
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
_HOUR_S = 3600.0


@dataclass(frozen=True, eq=False)
class PathFound:
    """What is known of one animal's path.

    Attributes
    ----------
    track
        Whose.
    gap_s
        A burst ends at a gap longer than this, s.
    steps
        A row for each fix with the step that leads on from it.
    passages
        First passages at all radii.
    visits
        Visits to the circle around each fix, for each radius that is told fix by fix.
    stays
        Where it stayed.
    walked
        Distance of a day by how often the animal is looked at.
    days
        Distance by day; empty where no zone parts them.
    regular
        The track at even times; None where not asked for.
    least_stay_s
        Shortest stay that was looked for, s.
    """

    track: Track
    gap_s: float
    steps: pd.DataFrame
    passages: Passages
    visits: tuple[Recursion, ...]
    stays: Stays
    walked: Walked
    days: pd.DataFrame
    regular: RegularTrack | None = None
    least_stay_s: float = 0.0

    @property
    def animal(self) -> str:
        """Whose it is."""
        return self.track.animal_id

    @property
    def usual_interval_s(self) -> float:
        """Median time between its fixes, s; NaN for one fix."""
        return median_of(np.diff(self.track.time_s))

    @property
    def could_be_seen_staying(self) -> bool:
        """Whether any of its bursts is as long as the shortest stay."""
        time_s, burst = self.track.time_s, bursts(self.track, self.gap_s)
        first = np.searchsorted(burst, np.unique(burst), side="left")
        last = np.searchsorted(burst, np.unique(burst), side="right") - 1
        return bool((time_s[last] - time_s[first]).max() >= self.least_stay_s)

    @property
    def share_in_stays(self) -> float:
        """How much of its time it spent in stays, 0 to 1; NaN where none could be seen."""
        span = self.track.span_s if self.could_be_seen_staying else 0.0
        return float((self.stays.end_s - self.stays.start_s).sum() / span) if span else np.nan


def steps_table(track: Track, gap_s: float | None = None) -> pd.DataFrame:
    """Return a row for each used fix with the step that leads on from it.

    Parameters
    ----------
    track
        An animal's path.
    gap_s
        Steps over a longer gap are not measured, s; None for any.

    Examples
    --------
    >>> track = Track("k", np.array([0.0, 60]), np.array([0.0, 3]), np.array([0.0, 4]))
    >>> from dataclasses import replace
    >>> steps_table(replace(track, clock="elapsed"))["length_m"].tolist()
    [5.0, nan]
    """
    burst = None if gap_s is None else bursts(track, gap_s)
    made = steps(track, burst=burst)
    nan = [np.nan]
    utc = track.clock == "utc"
    table = {
        "animal_id": track.animal_id,
        "time": times_of(track, track.time_s),
        "x_m": track.x_m,
        "y_m": track.y_m,
        **({} if track.plane.is_local else places_of(track, track.x_m, track.y_m)),
        "burst": 0 if burst is None else burst,
        "duration_s": np.concatenate([made.duration_s, nan]),
        "length_m": np.concatenate([made.length_m, nan]),
        "speed_m_per_s": np.concatenate([made.speed_m_per_s, nan]),
        "heading_rad": np.concatenate([made.heading_rad, nan]),
        "turn_rad": np.concatenate([made.turn_rad, nan]),
        "net_squared_m2": net_squared_displacement_m2(track),
    }
    if utc and not track.plane.is_local:
        table["sun"] = day_or_night(track)
        table["season"] = season_of(track)
    return pd.DataFrame(table)


def times_of(track: Track, time_s: Floats) -> Any:
    """Return moments of a track as a table shows them: dates in UTC, or elapsed seconds.

    Parameters
    ----------
    track
        Whose clock it is.
    time_s
        Moments on it, s.
    """
    return pd.to_datetime(time_s, unit="s", utc=True) if track.clock == "utc" else time_s


def median_of(values: Iterable[float]) -> float:
    """Return the median of what is a number; NaN of none.

    Examples
    --------
    >>> median_of([1.0, float("nan"), 3.0]), median_of([])
    (2.0, nan)
    """
    known = np.asarray(list(values), dtype=float)
    known = known[np.isfinite(known)]
    return float(np.median(known)) if len(known) else float("nan")


def tables_of(found: Sequence[PathFound]) -> dict[str, pd.DataFrame]:
    """Return all tables of paths, by the name of their file; those without a row are left out.

    Parameters
    ----------
    found
        Animals.
    """
    tables = {
        "steps": pd.concat([one.steps for one in found], ignore_index=True),
        "radii": pd.concat([_radii(one) for one in found], ignore_index=True),
        "lingering": _joined(_lingering(one) for one in found),
        "stays": _joined(_stays(one) for one in found),
        "intervals": pd.concat([_intervals(one) for one in found], ignore_index=True),
        "sun_and_season": _joined(_sun_and_season(one) for one in found),
        "days": _joined(one.days for one in found),
        "regular": _joined(_regular(one) for one in found),
    }
    return {name: table for name, table in tables.items() if len(table)}


def _joined(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _radii(one: PathFound) -> pd.DataFrame:
    made = one.passages
    known = np.isfinite(made.passage_s)
    count = known.sum(axis=1)
    total = np.where(known, made.passage_s, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean = total / np.where(count > 0, count, np.nan)
    return pd.DataFrame(
        {
            "animal_id": one.animal,
            "radius_m": made.radius_m,
            "fixes_with_a_passage": count,
            "mean_passage_h": mean / _HOUR_S,
            "variance_of_log_passage": made.variance_of_log,
            "peak": made.radius_m == made.peak_m,
        }
    )


def _lingering(one: PathFound) -> pd.DataFrame:
    track, rows = one.track, []
    for made in one.visits:
        passage = one.passages.passage_s[np.searchsorted(one.passages.radius_m, made.radius_m)]
        rows.append(
            pd.DataFrame(
                {
                    "animal_id": one.animal,
                    "time": times_of(track, track.time_s),
                    **places_of(track, track.x_m, track.y_m),
                    "radius_m": made.radius_m,
                    "first_passage_h": passage / _HOUR_S,
                    "visits": made.visits,
                    "residence_h": made.residence_s / _HOUR_S,
                }
            )
        )
    return _joined(rows)


def _stays(one: PathFound) -> pd.DataFrame:
    found, track = one.stays, one.track
    return pd.DataFrame(
        {
            "animal_id": one.animal,
            "start": times_of(track, found.start_s),
            "end": times_of(track, found.end_s),
            "hours": (found.end_s - found.start_s) / _HOUR_S,
            "fixes": found.last - found.first + 1,
            **places_of(track, found.x_m, found.y_m),
        }
    )


def _intervals(one: PathFound) -> pd.DataFrame:
    made = one.walked
    with np.errstate(invalid="ignore"):
        share = made.m_per_day / made.m_per_day[0]
    return pd.DataFrame(
        {
            "animal_id": one.animal,
            "every": made.every,
            "interval_h": made.interval_s / _HOUR_S,
            "steps": made.steps,
            "distance_m_per_day": made.m_per_day,
            "share_of_every_fix": share,
        }
    )


def _sun_and_season(one: PathFound) -> pd.DataFrame:
    table = one.steps
    if "sun" not in table:
        return pd.DataFrame()
    measured = table[table["length_m"].notna()]
    grouped = measured.groupby(["season", "sun"])
    made = grouped.agg(
        steps=("length_m", "size"), hours=("duration_s", "sum"), distance_m=("length_m", "sum")
    ).reset_index()
    made["hours"] /= _HOUR_S
    made["distance_m_per_h"] = made["distance_m"] / made["hours"]
    made.insert(0, "animal_id", one.animal)
    return made


def _regular(one: PathFound) -> pd.DataFrame:
    made = one.regular
    if made is None:
        return pd.DataFrame()
    track = made.track
    return pd.DataFrame(
        {
            "animal_id": one.animal,
            "time": times_of(track, track.time_s),
            **places_of(track, track.x_m, track.y_m),
            "burst": made.burst,
            "interpolated": made.interpolated,
            "nearest_fix_s": made.nearest_fix_s,
        }
    )


def places_of(track: Track, x_m: Floats, y_m: Floats) -> dict[str, Floats]:
    """Return places of a track's plane as columns: degrees, or local metres.

    Parameters
    ----------
    track
        In whose plane they lie.
    x_m, y_m
        Places, m.
    """
    if track.plane.is_local or not len(x_m):
        return {"x_m": x_m, "y_m": y_m} if track.plane.is_local else _nowhere()
    longitude, latitude = track.plane.inverse(x_m, y_m)
    return {"longitude": longitude, "latitude": latitude}


def _nowhere() -> dict[str, Floats]:
    return {"longitude": np.empty(0), "latitude": np.empty(0)}


# --- layers ---------------------------------------------------------------------------------------


def layers_of(found: Sequence[PathFound]) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of paths: bursts as lines, stays and even fixes as points.

    Parameters
    ----------
    found
        Animals; in the plane they share, else in degrees.
    """
    plane = shared_plane([one.track for one in found])
    regular = [one for one in found if one.regular is not None]
    layers = {
        "paths": _lines(found, plane),
        "stays": _points(found, [_stays(one) for one in found], plane, "stays"),
        "regular": _points(regular, [_regular(one) for one in regular], plane, "regular"),
    }
    return {name: layer for name, layer in layers.items() if layer is not None}


def _lines(found: Sequence[PathFound], plane: Plane | None) -> gpd.GeoDataFrame | None:
    rows, lines = [], []
    for one in found:
        burst = one.steps["burst"].to_numpy()
        for number, part in enumerate(split(one.track, burst)):
            if len(part) < 2:
                continue
            line = shapely.LineString(part.positions_m)
            lines.append(line if plane is not None else in_degrees(line, part.plane))
            own = one.steps["length_m"].to_numpy()[burst == number]
            start, end = times_of(part, part.time_s[[0, -1]])
            rows.append(
                {
                    "animal_id": one.animal,
                    "burst": number,
                    "start": _shown(start),
                    "end": _shown(end),
                    "fixes": len(part),
                    "length_m": float(np.nansum(own)),
                }
            )
    return gpd.GeoDataFrame(rows, geometry=lines, crs=system_of(plane)) if rows else None


def _points(
    found: Sequence[PathFound], tables: Sequence[pd.DataFrame], plane: Plane | None, what: str
) -> gpd.GeoDataFrame | None:
    table = _joined(tables)
    if not len(table):
        return None
    if plane is None:
        points = shapely.points(table["longitude"], table["latitude"])
    else:
        parts: list[Any] = [
            one.stays if what == "stays" else one.regular and one.regular.track for one in found
        ]
        points = np.concatenate([shapely.points(part.x_m, part.y_m) for part in parts])
    for name in ("time", "start", "end"):
        if name in table:
            table[name] = [_shown(moment) for moment in table[name]]
    return gpd.GeoDataFrame(table, geometry=points, crs=system_of(plane))


def _shown(moment: Any) -> Any:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(moment, pd.Timestamp) else moment
