"""How an alternative meets a layer the user brought, by state: up to a million polygons.

Polygons that lie over one another are counted once: those the line meets, and those within the
effect distance, are dissolved before anything is measured. A whole layer is dissolved only while it
is small; beyond `MOST_DISSOLVED` its polygons' areas are added up, and where they lie over one
another the share comes out too low, never too high.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.places import area_km2, densify, length_m
from kulan.screening.alignments import Alignment
from kulan.screening.critical_habitat import Counts
from kulan.screening.exposure import NO_DISTANCE, NO_HABITAT
from kulan.screening.findings import Exposure, Figure
from kulan.screening.nearness import nearest_m
from kulan.screening.placement import Setting
from kulan.screening.polygon_areas import first_vertices, polygon_areas_km2
from kulan.screening.recipes import RecipeBook, figure
from kulan.screening.species_listings import Listing
from kulan.screening.territory import StatePart
from kulan.screening.user_layers import UserLayer

MOST_DISSOLVED = 5_000
"""Layers of up to this many polygons are dissolved as a whole for the area of a share."""

COUNT_COLUMN = "individuals"
"""Column of a user layer that tells how many animals a feature holds."""

NO_AREAS = "layer_has_no_areas"
EMPTY = "layer_is_empty"
_CHUNK_EDGES = 8
_KM_PER_DEGREE = 110.0
_MARGIN = 1.1

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class LayerIndex:
    """A user layer made ready to be asked many times.

    Attributes
    ----------
    layer
        The layer.
    states
        All states of the baseline, whole.
    """

    layer: UserLayer
    states: gpd.GeoDataFrame
    _totals: dict[str, float] = field(default_factory=dict, repr=False)

    @cached_property
    def shapes(self) -> Shapes:
        """Its features, empty ones left out."""
        shapes: Shapes = self.layer.features.geometry.to_numpy()
        filled: Shapes = shapes[~(shapely.is_empty(shapes) | shapely.is_missing(shapes))]
        return filled

    @cached_property
    def are_areas(self) -> NDArray[np.bool_]:
        """Which of its features are polygons."""
        flags: NDArray[np.bool_] = shapely.get_dimensions(self.shapes) == 2
        return flags

    @cached_property
    def individuals(self) -> NDArray[np.float64]:
        """Animals told for each feature, not-a-number where none are."""
        features = self.layer.features
        shapes = features.geometry.to_numpy()
        filled = ~(shapely.is_empty(shapes) | shapely.is_missing(shapes))
        numbers = pd.to_numeric(features[COUNT_COLUMN], errors="coerce").to_numpy(dtype=float)
        counted: NDArray[np.float64] = numbers[filled]
        return counted

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Its features by place."""
        return shapely.STRtree(self.shapes)

    def touching(self, shape: BaseGeometry) -> Shapes:
        """Return the features that meet a line or polygon, in the order of the layer."""
        return self.shapes[self.numbers_touching(shape)]

    def numbers_touching(self, shape: BaseGeometry) -> NDArray[np.int64]:
        """Return the numbers of the features that meet a line or polygon."""
        found = np.unique(self.tree.query(_boxes(shape, 0.0))[1])
        shapely.prepare(shape)
        hit: NDArray[np.int64] = found[shapely.intersects(shape, self.shapes[found])]
        return hit

    def area_in_km2(self, iso3: str) -> float:
        """Return the area of the layer in a state, km² (see the module about overlaps)."""
        if iso3 not in self._totals:
            self._totals[iso3] = self._measure(iso3)
        return self._totals[iso3]

    @property
    def is_dissolved(self) -> bool:
        """Whether areas in states are those of the dissolved layer."""
        return int(self.are_areas.sum()) <= MOST_DISSOLVED

    @cached_property
    def _whole(self) -> BaseGeometry:
        return shapely.union_all(self.shapes[self.are_areas])

    def _measure(self, iso3: str) -> float:
        state = self.states.geometry.to_numpy()[(self.states["iso3"] == iso3).to_numpy()]
        land = shapely.union_all(state)
        shapely.prepare(land)
        if self.is_dissolved:
            return float(area_km2(shapely.intersection(self._whole, land))[0])
        # what does not meet the border lies wholly on one side of it: any vertex tells which
        over = self.numbers_touching(land.boundary)
        whole = self.are_areas.copy()
        whole[over] = False
        inside = shapely.contains_xy(land, self._first_vertices[whole])
        total = float(self._areas_km2[whole][inside].sum())
        cut = shapely.intersection(self.shapes[over], land)
        return total + float(polygon_areas_km2(cut).sum())

    @cached_property
    def _first_vertices(self) -> NDArray[np.float64]:
        return first_vertices(self.shapes)

    @cached_property
    def _areas_km2(self) -> NDArray[np.float64]:
        return polygon_areas_km2(self.shapes)


@dataclass(frozen=True)
class _Met:
    """What of a layer an alternative meets: dissolved polygons crossed, and those within reach."""

    crossed: BaseGeometry
    affected: BaseGeometry | None
    touches: bool


def measure_layer(
    setting: Setting,
    index: LayerIndex,
    presence: Mapping[str, str],
    distance_m: float | None,
    book: RecipeBook,
) -> tuple[Exposure, ...]:
    """Measure how an alternative meets a user layer, one row for each state it lies in or affects.

    Parameters
    ----------
    setting
        The alternative and its parts by state.
    index
        The layer.
    presence
        Presence of the layer's species by state; empty when it speaks of none.
    distance_m
        Effect distance of that species, metres, or None.
    book
        Where recipes are written.
    """
    alignment = setting.alignment
    recipe = book.write(
        "layer_exposure.measure_layer",
        drawn=(alignment.drawn,),
        layers=(index.layer.layer_id, "states"),
        effect_distance_m=distance_m,
        overlapping_polygons="counted once where met",
        area_of_the_layer="dissolved" if index.is_dissolved else "sum of its polygons",
    )
    met = _meet(alignment, index, distance_m)
    nearest = None if met.touches else _nearest(setting, index, recipe)
    parts = {part.iso3: part for part in setting.parts}
    territory = setting.territory
    land = dict(zip(territory.codes, territory.shapes, strict=True))
    states = list(parts)
    if met.affected is not None:
        shapely.prepare(met.affected)
        states += [
            code
            for code, shape in land.items()
            if code not in parts and shapely.intersects(met.affected, shape)
        ]
    return tuple(
        Exposure(
            layer_id=index.layer.layer_id,
            species_id=index.layer.species_id or "",
            iso3=code,
            presence=presence.get(code, "unlisted"),
            crossed=_crossed(parts.get(code), met, index, recipe),
            crossed_marginal=None,
            occupied=_occupied(alignment, parts.get(code), met, index, recipe),
            affected=(area := _affected(met, land.get(code), index, distance_m, recipe)),
            affected_share=_share(area, index, code, recipe),
            nearest=nearest if code in parts else None,
        )
        for code in sorted(states)
    )


def _meet(alignment: Alignment, index: LayerIndex, distance_m: float | None) -> _Met:
    hit = index.touching(alignment.shape)
    areas = hit[shapely.get_dimensions(hit) == 2]
    crossed = shapely.union_all(areas) if len(areas) else shapely.Polygon()
    affected = None
    if distance_m is not None and index.are_areas.any():
        reach = alignment.buffer(distance_m)
        near = index.touching(reach)
        near = near[shapely.get_dimensions(near) == 2]
        inside = shapely.contains_properly(reach, near)
        cut = shapely.intersection(near[~inside], reach)
        affected = shapely.union_all(np.concatenate([near[inside], cut]))
    return _Met(crossed, affected, len(hit) > 0)


def _crossed(part: StatePart | None, met: _Met, index: LayerIndex, recipe: str) -> Figure:
    if not index.are_areas.any():
        return figure(None, "km", recipe, reason=_reason(index))
    if part is None or part.length_km == 0:
        return figure(0.0, "km", recipe)
    inside = shapely.intersection(part.shape, met.crossed)
    return figure(float(length_m(inside)[0]) / 1000, "km", recipe)


def _reason(index: LayerIndex) -> str:
    return NO_AREAS if len(index.shapes) else EMPTY


def _occupied(
    alignment: Alignment, part: StatePart | None, met: _Met, index: LayerIndex, recipe: str
) -> Figure | None:
    """Area of the layer the project itself takes: areas, and lines with a right of way."""
    width_m = alignment.planned.attributes.right_of_way_m
    if alignment.is_line and not width_m:
        return None
    if not index.are_areas.any():
        return figure(None, "km2", recipe, reason=_reason(index))
    if part is None:
        return figure(0.0, "km2", recipe)
    if alignment.is_line:
        # so narrow a strip has the area of its length inside times its width
        inside_m = float(length_m(shapely.intersection(part.shape, met.crossed))[0])
        return figure(inside_m * float(width_m or 0) / 1e6, "km2", recipe)
    return figure(float(area_km2(shapely.intersection(part.shape, met.crossed))[0]), "km2", recipe)


def _affected(
    met: _Met,
    land: BaseGeometry | None,
    index: LayerIndex,
    distance_m: float | None,
    recipe: str,
) -> Figure:
    if distance_m is None:
        return figure(None, "km2", recipe, reason=NO_DISTANCE)
    if met.affected is None:
        return figure(None, "km2", recipe, reason=_reason(index))
    inside = met.affected if land is None else shapely.intersection(met.affected, land)
    return figure(float(area_km2(inside)[0]), "km2", recipe)


def _share(affected: Figure, index: LayerIndex, iso3: str, recipe: str) -> Figure:
    if affected.value is None:
        return figure(None, "fraction", recipe, reason=affected.reason)
    if affected.value == 0:
        return figure(0.0, "fraction", recipe)
    total = index.area_in_km2(iso3)
    if total <= 0:
        return figure(None, "fraction", recipe, reason=NO_HABITAT)
    share = min(affected.value / total, 1.0)
    return figure(share, "fraction", recipe, low=None if index.is_dissolved else share)


def _nearest(setting: Setting, index: LayerIndex, recipe: str) -> Figure:
    """Distance to the nearest feature: a first guess, then everything within that guess."""
    if len(index.shapes) == 0:
        return figure(None, "km", recipe, reason=EMPTY)
    chunks = _chunks(setting.alignment.lines)
    guess = np.unique(index.tree.query_nearest(chunks, all_matches=False)[1])
    away_m = float(nearest_m(setting.pieces, densify(index.shapes[guess])).min())
    boxes = _boxes(setting.alignment.lines, away_m / 1000 / _KM_PER_DEGREE * _MARGIN)
    near = np.unique(index.tree.query(boxes)[1])
    if len(near):
        away_m = min(away_m, float(nearest_m(setting.pieces, densify(index.shapes[near])).min()))
    return figure(away_m / 1000, "km", recipe)


def _chunks(lines: BaseGeometry) -> Shapes:
    """Cut lines into chunks of a few edges, whose boxes are small."""
    chunks = []
    for part in shapely.get_parts(lines):
        vertices = shapely.get_coordinates(part)
        chunks += [
            shapely.LineString(vertices[first : first + _CHUNK_EDGES + 1])
            for first in range(0, len(vertices) - 1, _CHUNK_EDGES)
        ]
    return np.array(chunks, dtype=object)


def _boxes(shape: BaseGeometry, grown_deg: float) -> Shapes:
    """Return boxes that together cover a line, each small; for a polygon, boxes of its strips."""
    if int(shapely.get_dimensions(shape)) == 2:
        return _strips(shape)
    west, south, east, north = shapely.bounds(_chunks(shape)).T
    shrink = np.cos(np.deg2rad(np.clip(np.maximum(np.abs(south), np.abs(north)) + 1, 0, 85)))
    aside = grown_deg / shrink
    boxes: Shapes = shapely.box(west - aside, south - grown_deg, east + aside, north + grown_deg)
    return boxes


def _strips(shape: BaseGeometry, count: int = 64) -> Shapes:
    """Cut the box of a polygon into strips of latitude, each as narrow as the polygon is there."""
    west, south, east, north = shape.bounds
    edges = np.linspace(south, north, count + 1)
    bands = shapely.intersection(shape, shapely.box(west, edges[:-1], east, edges[1:]))
    parts = shapely.get_parts(bands)
    kept: Shapes = shapely.box(*shapely.bounds(parts[~shapely.is_empty(parts)]).T)
    return kept


def count_animals(
    setting: Setting, indexes: tuple[LayerIndex, ...], listings: Mapping[str, Listing]
) -> dict[str, Counts]:
    """Add up the animals that the user's layers put within reach of an alternative.

    A layer counts when it speaks of a species and has a column `individuals`: its features that the
    alternative meets, or that reach into the effect distance, are added up whole. Of several layers
    of one species the one with most animals is kept.

    Parameters
    ----------
    setting
        The alternative.
    indexes
        The user's layers.
    listings
        Species on record, with their effect distances.
    """
    counts: dict[str, Counts] = {}
    for index in indexes:
        name = index.layer.species_id
        if name is None or COUNT_COLUMN not in index.layer.features.columns:
            continue
        reach = setting.alignment.buffer(listings[name].effect.distance_m or 0.0)
        shape = setting.alignment.shape if reach.is_empty else reach
        animals = index.individuals[index.numbers_touching(shape)]
        counted = Counts(index.layer.layer_id, float(np.nansum(animals)))
        if name not in counts or counted.individuals > counts[name].individuals:
            counts[name] = counted
    return counts
