"""The barriers a question is about: lines, and what each of them lets through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.assessment.connectivity.barrier_names import titled, told
from kulan.atlas import Release
from kulan.connectivity.barriers.cuts import Cuts, cut_steps
from kulan.connectivity.barriers.line_breaks import line_breaks
from kulan.connectivity.barriers.permeability import (
    permeability_of_steps,
    segment_limits,
)
from kulan.connectivity.barriers.type_permeability import permeability_of_type
from kulan.connectivity.frames import Frame
from kulan.connectivity.tables import BARRIER_PERMEABILITIES
from kulan.errors import InvalidTableError, UnknownNameError
from kulan.exchange import Reading, read_features
from kulan.places import project
from kulan.programme.dates import holding_on
from kulan.provenance import Input, hash_file
from kulan.schemas import read_table
from kulan.vocabulary import BARRIER_TYPES

ATLAS = "atlas"
_HOLES_TOLD_KM = 25.0
_SAME_PLACE_DEG = 1e-7
_LONGEST_EDGE_DEG = 0.02
_STANDING, _COMING = ("operational", "suspended"), ("planned", "under_construction")
_COLUMNS = (
    "barrier_id",
    "segment_id",
    "name",
    "barrier_type",
    "fenced",
    "status",
    "permeability",
    "permeability_low",
    "permeability_high",
    "rests_on",
    "confidence",
    "geometry",
)


@dataclass(frozen=True)
class Hole:
    """A place where a barrier's lines nearly meet and do not.

    Attributes
    ----------
    barrier_id
        Whose.
    width_km
        How wide, km in the plane of the map.
    longitude, latitude
        Its middle, degrees.
    closed
        Whether it was closed with a straight line.
    """

    barrier_id: str
    width_km: float
    longitude: float
    latitude: float
    closed: bool

    @property
    def where(self) -> str:
        """Width and place in words."""
        return f"{self.width_km:.1f} km at {self.latitude:.2f} N {self.longitude:.2f} E"


@dataclass(frozen=True)
class BarrierLines:
    """Lines that cut the landscape, and what each lets through.

    Attributes
    ----------
    table
        One row for each segment, EPSG:4326: `barrier_id`, `segment_id`, `name`, `barrier_type`,
        `fenced`, `status`, `permeability` with `permeability_low` and `permeability_high` (0 to
        1), what it `rests_on` and with what `confidence`.
    readings
        The files they came from.
    inputs
        Files and layers, by hash.
    holes
        Where lines of one barrier nearly meet, on this land, and whether that was closed.
    way_km
        Length of the way for which permeabilities hold, km; 0 for the side of a cell.
    missed
        Names of the files of which no line lies on this land.
    on
        Day on which the lines of the Atlas stand; None where none were asked for.
    planned
        Whether lines of the Atlas that are not yet built were asked for too.
    """

    table: gpd.GeoDataFrame
    readings: tuple[Reading, ...] = ()
    inputs: tuple[Input, ...] = ()
    holes: tuple[Hole, ...] = ()
    way_km: float = 0.0
    missed: tuple[str, ...] = ()
    on: date | None = None
    planned: bool = False

    def __len__(self) -> int:
        return len(self.table)

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the barriers, each once."""
        return tuple(dict.fromkeys(self.table["barrier_id"]))

    @property
    def parameters(self) -> dict[str, Any]:
        """What they were asked with, for the recipe of an answer."""
        asked: dict[str, Any] = {
            "barriers": list(self.names),
            "way_km": self.way_km or None,
            "gaps_closed": [hole.where for hole in self.holes if hole.closed],
        }
        if self.on is not None:
            asked |= {"barriers_on": self.on.isoformat(), "planned": self.planned}
        return asked

    def titled(self, names: Sequence[str] | None = None) -> list[str]:
        """Return what the barriers of these ids, or all, are called in a title."""
        return titled(self.table, self.names if names is None else names)

    def told(self, names: Sequence[str] | None = None) -> str:
        """List the barriers of these ids, or all, in an English sentence."""
        return told(self.table, self.names if names is None else names)

    def cuts(self, frame: Frame, *, permeability: NDArray[np.float64] | None = None) -> Cuts | None:
        """Cut the steps of a raster; None where no line meets it.

        Parameters
        ----------
        frame
            Where the cells lie.
        permeability
            Of each row, in place of the table's own.
        """
        if not len(self):
            return None
        given = self.table["permeability"].to_numpy(np.float64)
        share = given if permeability is None else permeability
        if self.way_km:
            share = permeability_of_steps(share, over=1000.0 * self.way_km, step=frame.cell_width)
        found = cut_steps(self.table, frame, share)
        return found if len(found) else None

    def only(self, names: Sequence[str]) -> "BarrierLines":
        """Keep the barriers of these ids.

        Raises
        ------
        UnknownNameError
            If there is none of an id.
        """
        unknown = sorted(set(names) - set(self.names))
        if unknown:
            raise UnknownNameError(
                f"barriers: none is called {unknown[0]!r}. There are {', '.join(self.names)}."
            )
        kept = self.table[self.table["barrier_id"].isin(list(names))].reset_index(drop=True)
        holes = tuple(hole for hole in self.holes if hole.barrier_id in names)
        return replace(self, table=kept, holes=holes)

    def asked_for(self, names: Sequence[str]) -> "BarrierLines":
        """Keep the barriers of these ids, or all where none is named.

        Raises
        ------
        UnknownNameError
            If none of an id lies on the land.
        """
        unknown = sorted(set(names) - set(self.names))
        if unknown:
            there = ", ".join(self.names) or "none"
            raise UnknownNameError(
                f"barriers: none that is called {unknown[0]!r} lies on this land; there are: "
                f"{there}. Check the id, the day and, for lines not yet built, --planned."
            )
        return self.only(names) if names else self

    def without(self, names: Sequence[str]) -> "BarrierLines":
        """Leave out the barriers of these ids, if they are there."""
        kept = self.table[~self.table["barrier_id"].isin(list(names))].reset_index(drop=True)
        holes = tuple(hole for hole in self.holes if hole.barrier_id not in names)
        return replace(self, table=kept, holes=holes)

    def together(self, others: "BarrierLines") -> "BarrierLines":
        """Join two sets of lines.

        Raises
        ------
        InvalidTableError
            If both have a segment of the same barrier.
        """
        both = pd.concat([self.table, others.table], ignore_index=True)
        twice = both[both.duplicated(["barrier_id", "segment_id"])]
        if len(twice):
            raise InvalidTableError(
                f"barriers: {twice.iloc[0]['barrier_id']!r} is given twice. Give each barrier once."
            )
        return BarrierLines(
            gpd.GeoDataFrame(both, crs="EPSG:4326"),
            self.readings + others.readings,
            self.inputs + tuple(one for one in others.inputs if one not in self.inputs),
            self.holes + others.holes,
            self.way_km or others.way_km,
            tuple(dict.fromkeys(self.missed + others.missed)),
            self.on or others.on,
            self.planned or others.planned,
        )

    def draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw a permeability for each row, triangular between its low, middle and high."""
        low, middle, high = (
            self.table[name].to_numpy(np.float64)
            for name in ("permeability_low", "permeability", "permeability_high")
        )
        spread = high > low
        drawn: NDArray[np.float64] = middle.copy()
        drawn[spread] = rng.triangular(low[spread], middle[spread], high[spread])
        return drawn


def no_barriers() -> BarrierLines:
    """Return an empty set of lines."""
    empty: dict[str, list[Any]] = {name: [] for name in _COLUMNS if name != "geometry"}
    return BarrierLines(gpd.GeoDataFrame(empty, geometry=[], crs="EPSG:4326"))


def atlas_lines(release: Release, on: date, *, planned: bool) -> gpd.GeoDataFrame:
    """Return the lines of the Atlas that stand on a day.

    Parameters
    ----------
    release
        The Atlas.
    on
        The day.
    planned
        Whether those planned or under construction are taken too.
    """
    table = release.read_vector("barriers")
    standing = table.index.isin(holding_on(table, on).index) & table["status"].isin(_STANDING)
    coming = table["status"].isin(_COMING) & planned
    kept = table[standing | coming].reset_index(drop=True)
    kept["segment_id"] = "all"
    kept["fenced"] = kept["fenced"].replace("unknown", "")
    return kept


def named_lines(reading: Reading) -> gpd.GeoDataFrame:
    """Name the lines of a file, and give every one the columns that are asked for."""
    table = reading.features.copy()
    file = Path(reading.source.name).stem
    if "barrier_id" not in table and "id" in table and table["id"].notna().all():
        table["barrier_id"] = table["id"]
    if "barrier_id" not in table:
        numbers = [file if len(table) == 1 else f"{file}_{k + 1}" for k in range(len(table))]
        table["barrier_id"] = (
            table["name"].fillna(pd.Series(numbers)) if "name" in table else numbers
        )
    table["barrier_id"] = table["barrier_id"].astype(str)
    if "segment_id" not in table:
        place = table.groupby("barrier_id").cumcount() + 1
        several = table.groupby("barrier_id")["barrier_id"].transform("size") > 1
        table["segment_id"] = np.where(several, place.astype(str), "all")
    table["segment_id"] = table["segment_id"].astype(str)
    if "barrier_type" not in table and "type" in table:
        table["barrier_type"] = table["type"]
    for name in ("name", "barrier_type", "fenced", "status"):
        if name not in table:
            table[name] = table["barrier_id"] if name == "name" else ""
    table["fenced"] = [_fence_word(value) for value in table["fenced"]]
    return table


def read_barriers(  # noqa: PLR0913 - each is a choice of its own
    given: Sequence[str],
    frame: Frame,
    *,
    release: Release | None,
    on: date,
    planned: bool = False,
    species_id: str = "",
    season: str = "",
    permeabilities: Path | None = None,
    close_gaps_km: float = 0.0,
    way_km: float = 0.0,
) -> BarrierLines:
    """Read lines from files and from the Atlas, and say what each lets through.

    What a line lets through is, of these, the first there is: a number in its own column
    `permeability`; a row of `permeabilities`; what the package takes its kind to let through,
    with a range.

    Parameters
    ----------
    given
        Files of lines, or `atlas` for the lines of the Atlas that stand on the day.
    frame
        Lines that do not meet it are left out.
    release
        The Atlas, needed for `atlas`.
    on
        The day.
    planned
        Whether lines of the Atlas that are planned or under construction are taken too.
    species_id, season
        Whose permeability is asked for; empty for all.
    permeabilities
        CSV of the table `kulan.connectivity.tables.BARRIER_PERMEABILITIES`.
    close_gaps_km
        Holes up to so wide between lines of one barrier are closed with a straight line, km in
        the plane of the frame; all up to 25 km are told in any case.
    way_km
        Length of the way for which permeabilities hold, km; 0 for the side of a cell. See
        `kulan.connectivity.barriers.permeability.permeability_of_steps`.

    Raises
    ------
    InvalidFileError
        If a file cannot be read.
    InvalidTableError
        If a kind of barrier or a permeability is not one.
    """
    measured = (
        None if permeabilities is None else read_table(permeabilities, BARRIER_PERMEABILITIES)
    )
    inputs = (
        () if permeabilities is None else (Input(permeabilities.name, hash_file(permeabilities)),)
    )
    lines = no_barriers()
    for name in given:
        if name == ATLAS:
            assert release is not None
            table = atlas_lines(release, on, planned=planned)
            layer = release.layer("barriers")
            source = Input("barriers", layer.sha256, release.release_id)
            one = BarrierLines(table, inputs=(source,), on=on, planned=planned)
        else:
            reading = read_features(Path(name), shapes=("line",))
            source = Input(reading.source.name, reading.source.sha256)
            one = BarrierLines(named_lines(reading), (reading,), (source,))
        kept = _meeting(one.table, frame)
        known = _with_permeability(kept, measured, species_id, season)
        missed = () if name == ATLAS or _any_on_land(one.table, frame) else (Path(name).name,)
        lines = lines.together(replace(one, table=known, missed=missed))
    return _without_holes(
        replace(lines, inputs=lines.inputs + inputs, way_km=way_km), frame, close_gaps_km
    )


def _without_holes(lines: BarrierLines, frame: Frame, close_gaps_km: float) -> BarrierLines:
    """Find the holes of each barrier on this land, and close the narrow ones."""
    if not len(lines):
        return lines
    table = lines.table
    plane = gpd.GeoDataFrame(
        table[["barrier_id", "segment_id"]],
        geometry=project(table.geometry.to_numpy(), "EPSG:4326", frame.crs),
        crs=frame.crs,
    )
    found = line_breaks(plane, within=1000.0 * max(close_gaps_km, _HOLES_TOLD_KM))
    found = found[_on_land(found.geometry.to_numpy(), frame)]
    shapes = project(found.geometry.to_numpy(), frame.crs, "EPSG:4326")
    holes: list[Hole] = []
    closed = table.geometry.to_numpy().copy()
    for (barrier, width_m), shape in zip(
        found[["barrier_id", "width"]].itertuples(index=False), shapes, strict=True
    ):
        middle = shape.interpolate(0.5, normalized=True)
        narrow = width_m <= 1000.0 * close_gaps_km
        holes.append(Hole(str(barrier), width_m / 1000.0, middle.x, middle.y, narrow))
        if narrow:
            own = np.flatnonzero((table["barrier_id"] == barrier).to_numpy())
            nearest = own[int(shapely.distance(closed[own], shape).argmin())]
            # its ends went to the plane and back, and must lie on the lines again to join them
            joining = shapely.snap(shape, shapely.union_all(closed[own]), _SAME_PLACE_DEG)
            closed[nearest] = shapely.union(closed[nearest], joining)
    whole = table.set_geometry(gpd.GeoSeries(closed, index=table.index, crs="EPSG:4326"))
    return replace(lines, table=whole, holes=tuple(holes))


def _any_on_land(table: gpd.GeoDataFrame, frame: Frame) -> bool:
    """Whether a line touches the cells of a frame, bent as its plane bends it."""
    fine = shapely.segmentize(table.geometry.to_numpy(), _LONGEST_EDGE_DEG)
    return bool(_on_land(project(fine, "EPSG:4326", frame.crs), frame).any())


def _on_land(shapes: NDArray[np.object_], frame: Frame) -> NDArray[np.bool_]:
    """Tell the shapes, in the plane of a frame, that touch its cells."""
    east = frame.west + frame.columns * frame.cell_width
    south = frame.north - frame.rows * frame.cell_height
    box = shapely.box(frame.west, south, east, frame.north)
    touching: NDArray[np.bool_] = shapely.intersects(shapes, box)
    return touching


def _fence_word(value: object) -> str:
    words = {"true": "yes", "1": "yes", "yes": "yes", "false": "no", "0": "no", "no": "no"}
    return {**words, "partly": "partly"}.get(str(value).strip().lower(), "")


def _meeting(table: gpd.GeoDataFrame, frame: Frame) -> gpd.GeoDataFrame:
    """Keep the lines that pass through a raster."""
    moved = project(table.geometry.to_numpy(), "EPSG:4326", frame.crs)
    east = frame.west + frame.columns * frame.cell_width
    south = frame.north - frame.rows * frame.cell_height
    bounds = gpd.GeoSeries(moved).bounds.to_numpy()
    inside = (
        (bounds[:, 0] < east)
        & (bounds[:, 2] > frame.west)
        & (bounds[:, 1] < frame.north)
        & (bounds[:, 3] > south)
    )
    return table[inside].reset_index(drop=True)


def _with_permeability(
    table: gpd.GeoDataFrame, measured: pd.DataFrame | None, species_id: str, season: str
) -> gpd.GeoDataFrame:
    rows = [_permeability_of(row, measured, species_id, season) for row in table.to_dict("records")]
    names = ("permeability", "permeability_low", "permeability_high", "rests_on", "confidence")
    found = table.assign(**{name: [row[k] for row in rows] for k, name in enumerate(names)})
    return found[list(_COLUMNS)]


def _permeability_of(
    row: Mapping[str, Any], measured: pd.DataFrame | None, species_id: str, season: str
) -> tuple[float, float, float, str, str]:
    own = row.get("permeability")
    if own is not None and not pd.isna(own):
        value = _share(own, row)
        low = _share(row.get("permeability_low", value), row, value)
        high = _share(row.get("permeability_high", value), row, value)
        return value, low, high, "the file's own column", "given"
    barrier, segment = str(row["barrier_id"]), str(row["segment_id"])
    if measured is not None and (measured["barrier_id"] == barrier).any():
        value, low, high = segment_limits(
            (barrier, segment), measured, species_id=species_id or None, season=season or None
        )
        return value, low, high, "the table of permeabilities given", "given"
    kind = str(row["barrier_type"] or "")
    if kind not in BARRIER_TYPES:
        raise InvalidTableError(
            f"barrier {barrier!r}: neither a permeability nor a kind that Kulan knows is given "
            f"(barrier_type is {kind!r}). Add a column `permeability` (0 to 1), or a column "
            f"`barrier_type` of {', '.join(BARRIER_TYPES)}."
        )
    taken = permeability_of_type(
        kind, fenced=str(row["fenced"] or ""), species_id=species_id or None
    )
    return taken.middle, taken.low, taken.high, taken.source, taken.confidence


def _share(value: Any, row: Mapping[str, Any], missing: float | None = None) -> float:
    if missing is not None and (value is None or pd.isna(value)):
        return missing
    try:
        share = float(str(value))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InvalidTableError(
            f"barrier {row['barrier_id']!r}: its permeability is {value!r}; a share from 0 "
            "(closed) to 1 (no barrier) is needed."
        )
    return share
