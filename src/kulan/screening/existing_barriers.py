"""Barriers that stand, or are planned by others, around an alternative."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from kulan.places import densify
from kulan.programme.dates import first_day
from kulan.screening.alignments import Alignment
from kulan.screening.findings import BarrierFinding
from kulan.screening.nearness import length_alongside_m, nearest_m
from kulan.screening.placement import Setting
from kulan.screening.recipes import RecipeBook, figure

PARALLEL_WITHIN_KM = 10.0
"""A line within this distance and in the same direction runs beside a barrier."""

CUTTING_TYPES = ("fence", "border_fence", "canal")
"""Barriers that cut habitat whether or not a further fence stands along them."""

_SHORTEST_PARALLEL_KM = 5.0
_SAME_PLACE_DEG = 0.02
_KM_PER_DEGREE = 111.0


@dataclass(frozen=True)
class Surroundings:
    """The barriers of the baseline as they are on the day asked about.

    Attributes
    ----------
    rows
        Barriers not yet removed on that day, edges of at most 5 km, with the flags `stands` (it
        stands on that day) and `cuts` (it stands, and is fenced, a fence or a canal).
    """

    rows: gpd.GeoDataFrame

    def standing(self) -> gpd.GeoDataFrame:
        """Those that stand on the day."""
        return self.rows[self.rows["stands"]]

    def without(self, barrier_ids: Collection[str]) -> "Surroundings":
        """Return the same without some barriers."""
        return Surroundings(self.rows[~self.rows["barrier_id"].isin(barrier_ids)])


def make_surroundings(barriers: gpd.GeoDataFrame, on: date) -> Surroundings:
    """Take from a table of barriers what stands, and what is to come, on a day.

    A barrier stands from `valid_from` (always, if empty) until `valid_to`, when its status is
    ``operational``, or ``removed`` on a later day. Those planned, under construction, suspended or
    not yet opened stay in the table and do not stand.

    Parameters
    ----------
    barriers
        As `kulan.programme.barriers` gives them.
    on
        The day.
    """
    gone = np.array([_before(text, on) for text in barriers["valid_to"]], dtype=bool)
    begun = np.array([_before(text, on, or_empty=True) for text in barriers["valid_from"]], bool)
    status = barriers["status"].to_numpy()
    ended_later = np.array([isinstance(text, str) for text in barriers["valid_to"]], dtype=bool)
    built = (status == "operational") | ((status == "removed") & ended_later)
    stands = built & begun & ~gone
    kind, fenced = barriers["barrier_type"].to_numpy(), barriers["fenced"].to_numpy()
    cuts = stands & (np.isin(kind, CUTTING_TYPES) | np.isin(fenced, ("yes", "partly")))
    rows = barriers.assign(stands=stands, cuts=cuts, geometry=densify(barriers.geometry.to_numpy()))
    keep = ~gone & ((status != "removed") | ended_later)
    return Surroundings(rows[keep].reset_index(drop=True))


def _before(text: Any, on: date, *, or_empty: bool = False) -> bool:
    if not isinstance(text, str) or text == "":
        return or_empty
    return first_day(text) <= on


def find_same(alignment: Alignment, surroundings: Surroundings) -> tuple[tuple[str, str], ...]:
    """Return id and name of known barriers that are this very line: same type, within 2 km.

    Somebody screening a line that the Atlas already holds must not meet it as its own neighbour.
    """
    if not alignment.is_line:
        return ()
    rows = surroundings.rows
    of_type = rows[rows["barrier_type"] == alignment.planned.barrier_type]
    return tuple(
        (str(row.barrier_id), str(row.name))
        for row in of_type.itertuples(index=False)
        if shapely.hausdorff_distance(alignment.shape, row.geometry) <= _SAME_PLACE_DEG
    )


def find_barriers(
    setting: Setting, surroundings: Surroundings, within_km: float, book: RecipeBook
) -> tuple[BarrierFinding, ...]:
    """Find the barriers an alternative crosses, runs beside or comes near.

    A barrier that is crossed counts as crossing even where the line also runs beside it.

    Parameters
    ----------
    setting
        The alternative.
    surroundings
        Barriers on the day, without those that are the alternative itself.
    within_km
        How far to look.
    book
        Where recipes are written.

    Returns
    -------
    tuple of BarrierFinding
        Crossing ones first, then parallel ones, then by distance.
    """
    alignment = setting.alignment
    recipe = book.write(
        "existing_barriers.find_barriers",
        drawn=(alignment.drawn,),
        layers=("barriers",),
        within_km=within_km,
        parallel_within_km=PARALLEL_WITHIN_KM,
        parallel_within_deg=30,
        shortest_parallel_km=_SHORTEST_PARALLEL_KM,
    )
    box = _box_around(alignment, within_km)
    close = surroundings.rows[shapely.intersects(surroundings.rows.geometry.to_numpy(), box)]
    close = close.assign(geometry=shapely.clip_by_rect(close.geometry.to_numpy(), *box.bounds))
    found = []
    for row in close.itertuples(index=False):
        away_km = float(nearest_m(setting.pieces, row.geometry)[0]) / 1000
        if shapely.intersects(alignment.shape, row.geometry):
            away_km = 0.0
        if away_km <= within_km:
            found.append(_finding(row, away_km, setting, recipe))
    order = ("crossing", "parallel", "near")
    return tuple(
        sorted(found, key=lambda b: (order.index(b.relation), b.distance.value or 0, b.barrier_id))
    )


def _finding(row: Any, away_km: float, setting: Setting, recipe: str) -> BarrierFinding:
    crossings = _count_crossings(setting.alignment.shape, row.geometry) if away_km == 0 else 0
    beside_km = 0.0
    if setting.alignment.is_line and away_km <= PARALLEL_WITHIN_KM:
        beside_km = (
            length_alongside_m(setting.pieces, row.geometry, PARALLEL_WITHIN_KM * 1000) / 1000
        )
    is_beside = beside_km >= _SHORTEST_PARALLEL_KM
    return BarrierFinding(
        barrier_id=str(row.barrier_id),
        name=str(row.name),
        barrier_type=str(row.barrier_type),
        status=str(row.status),
        relation="crossing" if crossings else "parallel" if is_beside else "near",
        crossings=crossings,
        parallel=figure(beside_km, "km", recipe),
        distance=figure(away_km, "km", recipe),
        species=tuple(row.species_affected),
        precision_km=float(row.precision_km) if np.isfinite(row.precision_km) else None,
        source=str(row.source),
        confidence=str(row.confidence),
        fenced=str(row.fenced),
        stands=bool(row.stands),
    )


def _count_crossings(shape: BaseGeometry, barrier: BaseGeometry) -> int:
    """Count the places where two lines meet; a stretch they share counts once."""
    common = shapely.intersection(shape, barrier)
    if int(shapely.get_dimensions(common)) == 1:
        common = shapely.line_merge(common) if common.geom_type == "MultiLineString" else common
    return len(shapely.get_parts(common))


def _box_around(alignment: Alignment, within_km: float) -> BaseGeometry:
    """Return a box that holds everything within a distance, and somewhat more."""
    west, south, east, north = alignment.shape.bounds
    up = within_km / _KM_PER_DEGREE * 1.05
    aside = up / float(np.cos(np.deg2rad(min(max(abs(north), abs(south)) + up, 80))))
    return shapely.box(west - aside, south - up, east + aside, north + up)
