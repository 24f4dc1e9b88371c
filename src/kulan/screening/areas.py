"""Key areas and landscapes crossed, within an effect distance, or near."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from kulan.places import densify, length_m
from kulan.screening.alignments import Alignment
from kulan.screening.findings import AreaFinding, Relation
from kulan.screening.nearness import nearest_m
from kulan.screening.placement import Setting
from kulan.screening.recipes import RecipeBook, figure

_KM_PER_DEGREE = 111.0
_CIRCLE_SIDES = 96
IS_AREA = "is_area"
"""Why an area has no length."""


@dataclass(frozen=True)
class AreaQuestion:
    """Areas to look among, and how far.

    Attributes
    ----------
    layer_id
        ``key_areas`` or ``landscapes``.
    id_column
        Column that names each area.
    within_km
        How far away an area may lie to be told of.
    reach_m
        Effect distance by species id, metres; the largest counts for areas without named species.
    """

    layer_id: str
    id_column: str
    within_km: float
    reach_m: dict[str, float]


def find_areas(
    setting: Setting, areas: gpd.GeoDataFrame, question: AreaQuestion, book: RecipeBook
) -> tuple[AreaFinding, ...]:
    """Find the areas an alternative crosses or comes near, nearest first.

    An area known as a point with a size is taken as a circle of that size: whether the line crosses
    the true area is then a maybe, and the length inside it may be anything from nothing on.

    Parameters
    ----------
    setting
        The alternative.
    areas
        Points with `area_km2`, or polygons; `name`, `kind`, `states`, `species`, `source`,
        `confidence`, EPSG:4326.
    question
        What the areas are called, and how far to look.
    book
        Where recipes are written.
    """
    if len(areas) == 0:
        return ()
    alignment = setting.alignment
    close = areas[_may_be_near(alignment, areas, question.within_km)]
    shapes = np.array([_outline(row) for row in close.itertuples(index=False)], dtype=object)
    if len(shapes) == 0:
        return ()
    away_km = nearest_m(setting.pieces, shapes) / 1000
    away_km[shapely.intersects(shapes, alignment.shape)] = 0.0
    recipe = book.write(
        "areas.find_areas",
        drawn=(alignment.drawn,),
        layers=(question.layer_id,),
        within_km=question.within_km,
        points_taken_as="circles of the same area",
    )
    findings = [
        _finding(row, shape, float(km), question, alignment, recipe)
        for row, shape, km in zip(close.itertuples(index=False), shapes, away_km, strict=True)
        if km <= question.within_km
    ]
    return tuple(sorted(findings, key=lambda found: (found.distance.value or 0.0, found.area_id)))


def _finding(
    row: Any,
    shape: BaseGeometry,
    away_km: float,
    question: AreaQuestion,
    alignment: Alignment,
    recipe: str,
) -> AreaFinding:
    extent = "polygon" if _is_polygon(row.geometry) else "circle"
    if alignment.is_line:
        inside = shapely.intersection(alignment.shape, shape) if away_km == 0 else None
        km = float(length_m(inside)[0]) / 1000 if inside is not None else 0.0
        crossed = figure(km, "km", recipe, low=0.0 if extent == "circle" else None)
    else:
        crossed = figure(None, "km", recipe, reason=IS_AREA)
    return AreaFinding(
        area_id=str(getattr(row, question.id_column)),
        name=str(row.name),
        kind=str(row.kind),
        states=tuple(row.states),
        species=tuple(row.species),
        relation=_relation(away_km, tuple(row.species), question.reach_m),
        extent="polygon" if extent == "polygon" else "circle",
        crossed=crossed,
        distance=figure(away_km, "km", recipe),
        source=str(row.source),
        confidence=str(row.confidence),
    )


def _relation(away_km: float, species: tuple[str, ...], reach_m: dict[str, float]) -> Relation:
    if away_km == 0:
        return "crossed"
    named = [reach_m[name] for name in species if name in reach_m]
    reach = max(named or list(reach_m.values()), default=0.0)
    return "within" if away_km * 1000 <= reach else "near"


def _is_polygon(geometry: BaseGeometry) -> bool:
    return int(shapely.get_dimensions(geometry)) == 2


def _radius_km(row: Any) -> float:
    area_km2 = getattr(row, "area_km2", None)
    if _is_polygon(row.geometry) or area_km2 is None or not np.isfinite(area_km2):
        return 0.0
    return float(np.sqrt(area_km2 / np.pi))


def _outline(row: Any) -> BaseGeometry:
    """Return the polygon of an area, or a circle of its size, or its point."""
    if _is_polygon(row.geometry):
        return densify(row.geometry)
    radius_km = _radius_km(row)
    return _circle(row.geometry, radius_km) if radius_km else row.geometry


def _circle(centre: BaseGeometry, radius_km: float) -> BaseGeometry:
    """Return the circle around a point on the ellipsoid, as a polygon of 96 sides."""
    bearing = np.linspace(0, 360, _CIRCLE_SIDES, endpoint=False)
    longitude, latitude, _ = Geod(ellps="WGS84").fwd(
        np.full(_CIRCLE_SIDES, centre.x),
        np.full(_CIRCLE_SIDES, centre.y),
        bearing,
        np.full(_CIRCLE_SIDES, radius_km * 1000),
    )
    return shapely.Polygon(np.column_stack([longitude, latitude])[::-1])


def draw_outlines(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return areas with circles in place of points, and `extent`: ``polygon`` or ``circle``."""
    if len(areas) == 0:
        return areas.assign(extent=[])
    shapes = [_outline(row) for row in areas.itertuples(index=False)]
    known = ["polygon" if _is_polygon(shape) else "circle" for shape in areas.geometry]
    return areas.assign(geometry=shapes, extent=known)


def _may_be_near(
    alignment: Alignment, areas: gpd.GeoDataFrame, within_km: float
) -> NDArray[np.bool_]:
    """Say which areas could lie within reach, generously."""
    radius = np.array([_radius_km(row) for row in areas.itertuples(index=False)])
    shapes = areas.geometry.to_numpy()
    north = float(np.abs(areas.total_bounds[[1, 3]]).max())
    shrink = float(np.cos(np.deg2rad(min(north + 2, 80))))
    shapely.prepare(alignment.shape)
    away_deg = shapely.distance(alignment.shape, shapes)
    near: NDArray[np.bool_] = away_deg <= (radius + within_km) / _KM_PER_DEGREE / shrink * 1.05
    return near
