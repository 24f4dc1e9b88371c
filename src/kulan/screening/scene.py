"""What there is to draw around the alternatives: plain shapes, cut to the map."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from kulan.grids import Grid, read_grid
from kulan.places import Bounds
from kulan.screening.areas import draw_outlines
from kulan.screening.baseline import Baseline
from kulan.screening.findings import Screening
from kulan.screening.unknowns import is_touched
from kulan.screening.user_layers import UserLayer

_MARGIN_SHARE = 0.2
# least width for a height, and height for a width, on the ground
_NARROWEST, _LOWEST = 0.9, 0.55
_LEAST_MARGIN_DEG = 0.6
_MOST_DRAWN = 5_000


@dataclass(frozen=True)
class Scene:
    """Shapes for maps, EPSG:4326, all cut to `bounds`.

    Attributes
    ----------
    bounds
        The box around all alternatives, with a margin.
    alternatives
        `alternative_id`, `name`, `barrier_type`, `geometry`, as given.
    structures
        `alternative_id`, `structure_id`, `kind`, `geometry`.
    states, rivers, places, disputed
        As in the baseline.
    barriers, key_areas, landscapes
        As in the baseline; areas known as points are circles of their size (`extent` says which).
    user_layers
        `layer_id`, `title`, `kind`, `species_id`, `geometry`: at most 5 000 features of each layer,
        those nearest the alternatives.
    habitats
        For each species touched, its potential habitat on the box: values as in the Atlas.
    """

    bounds: Bounds
    alternatives: gpd.GeoDataFrame
    structures: gpd.GeoDataFrame
    states: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    disputed: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    key_areas: gpd.GeoDataFrame
    landscapes: gpd.GeoDataFrame
    user_layers: gpd.GeoDataFrame
    habitats: dict[str, Grid]


def make_scene(screening: Screening, baseline: Baseline, layers: Sequence[UserLayer] = ()) -> Scene:
    """Gather what a map of a screening shows.

    Parameters
    ----------
    screening
        The findings.
    baseline
        What they were held against.
    layers
        The user's layers.
    """
    alternatives = _alternatives(screening)
    bounds = _map_bounds(alternatives)
    touched = sorted(
        {
            one.species_id
            for found in screening.alternatives
            for one in found.species
            if is_touched(one) and one.species_id in baseline.habitats
        }
    )
    return Scene(
        bounds=bounds,
        alternatives=alternatives,
        structures=_structures(screening),
        states=_cut(baseline.states, bounds),
        rivers=_cut(baseline.rivers, bounds),
        places=_cut(baseline.places, bounds),
        disputed=_cut(baseline.disputed, bounds),
        barriers=_cut(baseline.barriers, bounds),
        key_areas=_cut(draw_outlines(baseline.key_areas), bounds),
        landscapes=_cut(draw_outlines(baseline.landscapes), bounds),
        user_layers=_user_layers(layers, alternatives, bounds),
        habitats={name: read_grid(baseline.habitats[name], bounds) for name in touched},
    )


def _alternatives(screening: Screening) -> gpd.GeoDataFrame:
    given = [found.alternative for found in screening.alternatives]
    shapes = [shapely.geometry.shape(one.geometry) for one in given]
    rows = {
        "alternative_id": [one.alternative_id for one in given],
        "name": [one.name for one in given],
        "barrier_type": [one.barrier_type for one in given],
    }
    return gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def _structures(screening: Screening) -> gpd.GeoDataFrame:
    told = [
        (found.alternative.alternative_id, structure)
        for found in screening.alternatives
        for structure in found.alternative.structures
    ]
    rows = {
        "alternative_id": [name for name, _ in told],
        "structure_id": [structure.structure_id for _, structure in told],
        "kind": [structure.kind for _, structure in told],
    }
    points = [shapely.Point(one.longitude, one.latitude) for _, one in told]
    return gpd.GeoDataFrame(rows, geometry=points, crs="EPSG:4326")


def _map_bounds(alternatives: gpd.GeoDataFrame) -> Bounds:
    west, south, east, north = (float(edge) for edge in alternatives.total_bounds)
    margin = max(max(east - west, north - south) * _MARGIN_SHARE, _LEAST_MARGIN_DEG)
    # a line due north or due east still gets a map with some land on both hands
    shrink = float(np.cos(np.radians((south + north) / 2)))
    wide, high = (east - west + 2 * margin) * shrink, north - south + 2 * margin
    along = margin + max(0.0, _NARROWEST * high - wide) / 2 / shrink
    across = margin + max(0.0, _LOWEST * wide - high) / 2
    return Bounds(west - along, max(south - across, -90), east + along, min(north + across, 90))


def _cut(rows: gpd.GeoDataFrame, bounds: Bounds) -> gpd.GeoDataFrame:
    """Keep what lies in the box, cut at its edge."""
    if len(rows) == 0:
        return rows
    box = shapely.box(bounds.west, bounds.south, bounds.east, bounds.north)
    inside = rows[shapely.intersects(rows.geometry.to_numpy(), box)]
    return inside.assign(geometry=shapely.intersection(inside.geometry.to_numpy(), box))


def _user_layers(
    layers: Sequence[UserLayer], alternatives: gpd.GeoDataFrame, bounds: Bounds
) -> gpd.GeoDataFrame:
    box = shapely.box(bounds.west, bounds.south, bounds.east, bounds.north)
    drawn = shapely.union_all(alternatives.geometry.to_numpy())
    told: dict[str, list[str]] = {"layer_id": [], "title": [], "kind": [], "species_id": []}
    shapes: list[shapely.Geometry] = []
    for layer in layers:
        features = layer.features.geometry.to_numpy()
        features = features[shapely.intersects(features, box)]
        order = np.argsort(shapely.distance(drawn, features), kind="stable")[:_MOST_DRAWN]
        cut = shapely.intersection(features[order], box)
        shapes += list(cut)
        for name, value in (
            ("layer_id", layer.layer_id),
            ("title", layer.title),
            ("kind", layer.kind),
            ("species_id", layer.species_id or ""),
        ):
            told[name] += [value] * len(cut)
    return gpd.GeoDataFrame(told, geometry=shapes, crs="EPSG:4326")
