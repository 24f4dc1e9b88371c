"""Barriers around an alternative before and after it: how dense, and in how many fragments."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from kulan.places import area_km2, length_m
from kulan.screening.alignments import Alignment
from kulan.screening.existing_barriers import Surroundings
from kulan.screening.findings import CumulativeFinding
from kulan.screening.recipes import RecipeBook, figure

FRAGMENTING_TYPES = ("railway", "road", "fence", "border_fence", "canal")
"""Lines that divide land; power lines and buried pipelines do not."""

SMALLEST_FRAGMENT_KM2 = 1.0
"""Slivers between two drawings of one corridor are no fragments."""


@dataclass(frozen=True)
class _Fragments:
    count: int
    largest_km2: float


def add_up(
    alignment: Alignment, surroundings: Surroundings, within_km: float, book: RecipeBook
) -> CumulativeFinding:
    """Measure the barriers within a distance of an alternative, without it and with it.

    Parameters
    ----------
    alignment
        The alternative.
    surroundings
        Barriers on the day, without those that are the alternative itself.
    within_km
        How far the window reaches around the alternative.
    book
        Where recipes are written.
    """
    recipe = book.write(
        "cumulative.add_up",
        drawn=(alignment.drawn,),
        layers=("barriers",),
        within_km=within_km,
        fragmenting_types=FRAGMENTING_TYPES,
        smallest_fragment_km2=SMALLEST_FRAGMENT_KM2,
    )
    window = alignment.buffer(within_km * 1000)
    shapely.prepare(window)
    window_km2 = float(area_km2(window)[0])
    standing = surroundings.standing()
    near = standing[shapely.intersects(window, standing.geometry.to_numpy())]
    shapes = near.geometry.to_numpy()
    before_km = float(length_m(shapely.intersection(shapes, window)).sum()) / 1000
    after_km = before_km + alignment.length_km
    dividing = list(shapes[near["barrier_type"].isin(FRAGMENTING_TYPES).to_numpy()])
    before = _fragments(window, dividing)
    after = _fragments_with(alignment, window, dividing, before)
    return CumulativeFinding(
        within_km=within_km,
        window=figure(window_km2, "km2", recipe),
        barriers_before=figure(before_km, "km", recipe),
        barriers_after=figure(after_km, "km", recipe),
        density_before=figure(before_km / window_km2 * 100, "km_per_100km2", recipe),
        density_after=figure(after_km / window_km2 * 100, "km_per_100km2", recipe),
        fragments_before=figure(before.count, "count", recipe),
        fragments_after=figure(after.count, "count", recipe),
        largest_fragment_before=figure(before.largest_km2, "km2", recipe),
        largest_fragment_after=figure(after.largest_km2, "km2", recipe),
    )


def _fragments_with(
    alignment: Alignment, window: BaseGeometry, dividing: list[BaseGeometry], before: _Fragments
) -> _Fragments:
    """Fragments once the alternative is there; an area is taken out of the window."""
    if not alignment.is_line:
        return _fragments(shapely.difference(window, alignment.shape), dividing)
    if alignment.planned.barrier_type not in FRAGMENTING_TYPES:
        return before
    return _fragments(window, [*dividing, alignment.shape])


def _fragments(window: BaseGeometry, lines: list[BaseGeometry]) -> _Fragments:
    """Cut a window along lines and count the parts."""
    box = shapely.box(*window.bounds).buffer(0.1)
    drawn = shapely.union_all([window.boundary, *shapely.intersection(lines, box)])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(drawn)))
    inside = faces[shapely.contains(window, shapely.point_on_surface(faces))]
    areas = area_km2(inside) if len(inside) else np.zeros(0)
    kept = areas[areas >= SMALLEST_FRAGMENT_KM2]
    return _Fragments(len(kept), float(kept.max(initial=0.0)))
