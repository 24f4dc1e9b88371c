"""The file of dates that a user may correct, and the journeys and seasonal ranges it leads to."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from kulan.assessment.movement.degrees import in_degrees
from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.exchange.telemetry import LOCAL_SYSTEM
from kulan.movement.contours import contours
from kulan.movement.corridors.animals import Journey
from kulan.movement.fixes import Clock
from kulan.movement.migration.mean_shift import MeanShifts
from kulan.movement.migration.seasons import (
    COLUMNS,
    MIGRATION,
    RANGE,
    check_seasons,
    parts_of,
    seasons_of,
)
from kulan.movement.migration.thinning import mean_positions
from kulan.movement.planes import Plane
from kulan.movement.ranges.kernel_density import kernel_density
from kulan.movement.tracks import Track
from kulan.notes import Note
from kulan.provenance import Input, hash_bytes
from kulan.words import N_

LEVELS = (0.5, 0.95)
_YEAR_S = 365.25 * 86_400.0


def read_seasons(path: Path, tracks: Sequence[Track]) -> tuple[pd.DataFrame, Input]:
    """Read a file of dates that was written by `kulan movement migration` and maybe corrected.

    Parameters
    ----------
    path
        CSV.
    tracks
        Whose dates may stand in it.

    Returns
    -------
    pd.DataFrame
        As `kulan.movement.migration.seasons.check_seasons` returns it.
    Input
        The file by its hash.

    Raises
    ------
    InvalidTableError
        If it is no table, or something in it cannot be: the message says which line.
    """
    content = path.read_bytes()
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (ValueError, UnicodeDecodeError) as error:
        raise InvalidTableError(f"{path.name}: no table of dates: {error}.") from error
    clock: Clock = tracks[0].clock if tracks else "utc"
    known = [track.animal_id for track in tracks]
    seasons = check_seasons(table, known, clock)
    return seasons, Input(path.name, hash_bytes(content))


def seasons_found(shifts: Sequence[MeanShifts], clock: Clock) -> pd.DataFrame:
    """Return the seasons that mean shifts tell of, as if they had been read.

    Parameters
    ----------
    shifts
        One for each animal.
    clock
        Of the tracks.
    """
    tables = [seasons_of(found) for found in shifts]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
    return check_seasons(table, [found.track.animal_id for found in shifts], clock)


def wanderers_told(names: Sequence[str]) -> str:
    """Return what is said of animals that wander, whom nobody forces into seasons.

    Parameters
    ----------
    names
        Of them.

    Examples
    --------
    >>> wanderers_told(["k1", "k2"]).partition(".")[0]
    'Wandering: k1, k2'
    """
    text = N_(
        "Wandering: {animals}. Their mean shifts more often than out and back in a year, so they "
        "have no dates and no seasonal ranges; read `wandering` of each. If you know better, write "
        "their dates into dates.csv, or look for one way out and one back only with --most 2."
    )
    return Note(text, animals=list(names))


def movers_told(names: Sequence[str]) -> str:
    """Return what is said of migrants that also move between ranges of one side.

    Parameters
    ----------
    names
        Of them.

    Examples
    --------
    >>> movers_told(["k1", "k2"]).partition(".")[0]
    'Migrants that also move on within a side, or stop on the way for a fortnight or more: k1, k2'
    """
    text = N_(
        "Migrants that also move on within a side, or stop on the way for a fortnight or more: "
        "{animals}. Those moves stand among their journeys: delete or join them in dates.csv, or "
        "look for one way out and one back only with --most 2."
    )
    return Note(text, animals=list(names))


def journeys_of(
    track: Track, seasons: pd.DataFrame, only: Sequence[str] = ()
) -> tuple[Journey, ...]:
    """Return the migrations of one animal.

    Parameters
    ----------
    track
        Its track.
    seasons
        As `read_seasons` returns them.
    only
        Names of seasons that are wanted; () for all.
    """
    own = seasons[(seasons["animal_id"] == track.animal_id) & (seasons["kind"] == MIGRATION)]
    return tuple(
        Journey(
            _year(row["start_s"], track.clock), str(row["season"]), row["start_s"], row["end_s"]
        )
        for row in own.to_dict("records")
        if not only or row["season"] in only
    )


def _year(seconds: float, clock: Clock) -> int:
    if clock == "elapsed":
        return int(seconds // _YEAR_S)
    return int(pd.Timestamp(seconds, unit="s").year)


def seasonal_ranges(
    tracks: Sequence[Track], seasons: pd.DataFrame
) -> tuple[gpd.GeoDataFrame | None, list[str]]:
    """Return kernel ranges of daily positions in each season that is no migration.

    Parameters
    ----------
    tracks
        All animals.
    seasons
        As `read_seasons` returns them.

    Returns
    -------
    GeoDataFrame or None
        Contours of 50 and 95 %; None where no season has positions enough.
    list of str
        Seasons that have too few.
    """
    rows: list[dict[str, Any]] = []
    shapes, missing = [], []
    plane = shared_plane(tracks)
    for track in tracks:
        for season, part in parts_of(track, seasons):
            if season["kind"] != RANGE:
                continue
            try:
                use, _ = kernel_density(mean_positions(part))
            except NotEnoughDataError:
                missing.append(f"{track.animal_id}, {season['season']}")
                continue
            for level, shape in contours(use, LEVELS).items():
                rows.append(
                    {
                        "animal_id": track.animal_id,
                        "season": season["season"],
                        "start": season["start"],
                        "end": season["end"],
                        "share": level,
                        "area_km2": use.area_m2(level) / 1e6,
                    }
                )
                shapes.append(shape if plane is not None else in_degrees(shape, track.plane))
    if not rows:
        return None, missing
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=system_of(plane)), missing


def shared_plane(tracks: Sequence[Track]) -> Plane | None:
    """Return the plane that all tracks lie in; None where they have their own."""
    planes = {track.plane for track in tracks}
    return planes.pop() if len(planes) == 1 else None


def system_of(plane: Plane | None) -> str:
    """Return the system in which features of tracks are written."""
    if plane is None:
        return "EPSG:4326"
    return plane.crs or LOCAL_SYSTEM


def dates_table(seasons: pd.DataFrame) -> pd.DataFrame:
    """Return seasons as the file of dates shows them."""
    told = [name for name in ("source", "comment") if name in seasons]
    table = seasons.assign(**{name: seasons[name].fillna("") for name in told})
    return table.reindex(columns=list(COLUMNS), fill_value="")
