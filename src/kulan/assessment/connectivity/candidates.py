"""Where crossings may stand or stand already: along a barrier at a spacing, or from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.assessment.connectivity.barriers import BarrierLines
from kulan.connectivity.barriers.permeability import crossing_permeabilities
from kulan.connectivity.crossings.places import crossings_along
from kulan.connectivity.frames import Frame
from kulan.connectivity.tables import CROSSING_PERMEABILITIES
from kulan.errors import InvalidTableError, UnknownNameError
from kulan.exchange import Reading, read_features
from kulan.places import densify, length_m, project
from kulan.provenance import Input, hash_file
from kulan.schemas import read_table

_NAMES = ("crossing_id", "name", "id")


@dataclass(frozen=True)
class PassableShare:
    """How much a crossing lets through: the value used, and the range it may well lie in."""

    middle: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.middle <= self.high <= 1:
            raise InvalidTableError(
                f"crossings: permeability {self.middle:g}, from {self.low:g} to {self.high:g}, "
                "found; the middle must lie between low and high, all from 0 to 1."
            )


@dataclass(frozen=True)
class CrossingPlaces:
    """Crossings, and how much each lets through.

    Attributes
    ----------
    table
        `crossing_id`, `barrier_ids`, `cost`, `permeability`, `permeability_low`,
        `permeability_high` and `geometry`, EPSG:4326.
    readings
        The files they came from.
    inputs
        Files, by hash.
    """

    table: gpd.GeoDataFrame
    readings: tuple[Reading, ...] = ()
    inputs: tuple[Input, ...] = ()

    def __len__(self) -> int:
        return len(self.table)

    def drawn(self, chance: float) -> NDArray[np.float64]:
        """Return the permeability of each at one chance, 0 to 1, of its triangular distribution.

        All crossings take the same chance: whether a species accepts structures at all is what is
        not known, and would be the same at each.
        """
        low, middle, high = (
            self.table[name].to_numpy(np.float64)
            for name in ("permeability_low", "permeability", "permeability_high")
        )
        width = high - low
        rising, falling = middle - low, high - middle
        below = chance * width < rising
        value = np.where(
            below,
            low + np.sqrt(chance * width * rising),
            high - np.sqrt((1 - chance) * width * falling),
        )
        drawn: NDArray[np.float64] = np.clip(value, low, high)
        return drawn


def candidates_along(
    barriers: BarrierLines,
    ids: Sequence[str],
    frame: Frame,
    *,
    spacing_km: float,
    cost: float | None,
    share: PassableShare,
) -> CrossingPlaces:
    """Set candidates along barriers at a spacing, on the land of a raster.

    Parameters
    ----------
    barriers
        The lines.
    ids
        Of the barriers along which; all where none is named.
    frame
        The raster.
    spacing_km
        Between candidates, km in the plane of the raster.
    cost
        Of each; None for not known.
    share
        What each lets through.

    Raises
    ------
    UnknownNameError
        If none of an id lies on the land.
    """
    lines = barriers.asked_for(ids).table
    moved = project(densify(lines.geometry.to_numpy()), "EPSG:4326", frame.crs)
    east = frame.west + frame.columns * frame.cell_width
    south = frame.north - frame.rows * frame.cell_height
    box = shapely.box(frame.west, south, east, frame.north)
    here = gpd.GeoDataFrame(
        lines[["barrier_id", "segment_id"]],
        geometry=shapely.intersection(moved, box),
        crs=frame.crs,
    )
    here = here[~here.geometry.is_empty]
    table = crossings_along(here, spacing=1000.0 * spacing_km, cost=cost)
    return CrossingPlaces(_with_share(table.to_crs("EPSG:4326"), None, "", "", share))


def read_crossings(
    path: Path,
    *,
    permeabilities: Path | None,
    species_id: str,
    season: str,
    share: PassableShare,
) -> CrossingPlaces:
    """Read crossings from a file of points, or of lines along a barrier.

    What one lets through is, of these, the first there is: a number in its own column
    `permeability`, with `permeability_low` and `permeability_high`; a row of `permeabilities`;
    `share`.

    Parameters
    ----------
    path
        Any format Kulan reads, with columns `crossing_id` (or `name`), and if there are any
        `barrier_ids` (several with ; between) and `cost`.
    permeabilities
        CSV of the table `kulan.connectivity.tables.CROSSING_PERMEABILITIES`.
    species_id, season
        Whose is asked for; empty for all.
    share
        For those of which nothing is known.

    Raises
    ------
    InvalidFileError
        If the file cannot be read.
    InvalidTableError
        If a cost or a permeability is no number that it may be.
    """
    reading = read_features(path, shapes=("point", "line"))
    given = reading.features
    column = next((name for name in _NAMES if name in given and given[name].notna().all()), None)
    numbers = [f"{path.stem}_{k + 1}" for k in range(len(given))]
    wanted = given["barrier_ids"] if "barrier_ids" in given else [None] * len(given)
    table = gpd.GeoDataFrame(
        {
            "crossing_id": numbers if column is None else given[column].astype(str),
            "barrier_ids": [_ids(value) for value in wanted],
            "cost": _numbers(given, "cost", path.name),
        },
        geometry=[_single(shape) for shape in given.geometry],
        crs="EPSG:4326",
    )
    for name in ("permeability", "permeability_low", "permeability_high"):
        table[name] = _numbers(given, name, path.name)
    inputs: tuple[Input, ...] = (Input(reading.source.name, reading.source.sha256),)
    measured = None
    if permeabilities is not None:
        measured = read_table(permeabilities, CROSSING_PERMEABILITIES)
        inputs = (*inputs, Input(permeabilities.name, hash_file(permeabilities)))
    known = _with_share(table, measured, species_id, season, share)
    return CrossingPlaces(known, (reading,), inputs)


def _ids(value: Any) -> tuple[str, ...]:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ()
    parts = value if isinstance(value, (list, tuple)) else str(value).replace(",", ";").split(";")
    return tuple(str(part).strip() for part in parts if str(part).strip())


def _single(shape: shapely.Geometry) -> shapely.Geometry:
    """Take a group of one shape apart."""
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape


def _numbers(table: gpd.GeoDataFrame, name: str, file: str) -> NDArray[np.float64]:
    if name not in table:
        return np.full(len(table), np.nan)
    values = pd.to_numeric(table[name], errors="coerce")
    bad = values.isna() & table[name].notna() & (table[name].astype(str).str.strip() != "")
    if bad.any():
        raise InvalidTableError(
            f"{file}: {name} of row {int(table.loc[bad, 'source_row'].iloc[0])} is "
            f"{table.loc[bad, name].iloc[0]!r}; a number is needed, or nothing."
        )
    found: NDArray[np.float64] = values.to_numpy(np.float64)
    return found


def _with_share(
    table: gpd.GeoDataFrame,
    measured: pd.DataFrame | None,
    species_id: str,
    season: str,
    share: PassableShare,
) -> gpd.GeoDataFrame:
    shares = [
        _share_of(row, measured, species_id, season, share) for row in table.to_dict("records")
    ]
    return table.assign(
        permeability=[one.middle for one in shares],
        permeability_low=[one.low for one in shares],
        permeability_high=[one.high for one in shares],
    )


def _share_of(
    row: dict[Any, Any],
    measured: pd.DataFrame | None,
    species_id: str,
    season: str,
    share: PassableShare,
) -> PassableShare:
    own = row.get("permeability", np.nan)
    if not np.isnan(own):
        low, high = row["permeability_low"], row["permeability_high"]
        return PassableShare(own, own if np.isnan(low) else low, own if np.isnan(high) else high)
    name = str(row["crossing_id"])
    if (
        measured is None
        or not (measured["crossing_id"].isna() | (measured["crossing_id"] == name)).any()
    ):
        return share
    value = float(
        crossing_permeabilities(
            [name], measured, species_id=species_id or None, season=season or None
        )[0]
    )
    return PassableShare(value, value, value)


def km_along(places: gpd.GeoDataFrame, barriers: BarrierLines) -> pd.DataFrame:
    """Tell on which barrier each crossing lies, and how far along it, on the ellipsoid.

    Parameters
    ----------
    places
        Crossings, EPSG:4326, with `crossing_id` and `barrier_ids`.
    barriers
        The lines.

    Returns
    -------
    DataFrame
        `crossing_id`, `barrier_id` (the nearest of those it names) and `km_along` from the start
        of its lines, km; lines that do not touch follow each other.

    Raises
    ------
    UnknownNameError
        If a crossing names a barrier that is not there.
    """
    rows = []
    merged: dict[str, list[shapely.LineString]] = {}
    for name, own in barriers.table.groupby("barrier_id", sort=False):
        whole = shapely.line_merge(shapely.union_all(own.geometry.to_numpy()))
        merged[str(name)] = list(shapely.get_parts(whole))
    for row in places.itertuples():
        point = row.geometry.centroid
        unknown = sorted(set(row.barrier_ids) - set(merged))
        if unknown:
            raise UnknownNameError(
                f"crossing {row.crossing_id!r}: no barrier is called {unknown[0]!r} on this land; "
                f"there are {', '.join(merged)}."
            )
        wanted = row.barrier_ids or tuple(merged)
        nearest = min(wanted, key=lambda name: min(line.distance(point) for line in merged[name]))
        rows.append((row.crossing_id, nearest, _km(merged[nearest], point)))
    return pd.DataFrame(rows, columns=["crossing_id", "barrier_id", "km_along"])


def _km(lines: list[shapely.LineString], point: shapely.Point) -> float:
    k = min(range(len(lines)), key=lambda i: lines[i].distance(point))
    before = length_m(np.array(lines[:k], object)).sum() if k else 0.0
    start = shapely.ops.substring(lines[k], 0.0, lines[k].project(point))
    own = 0.0 if start.geom_type == "Point" else float(length_m(np.array([start], object)).sum())
    return (float(before) + own) / 1000.0
