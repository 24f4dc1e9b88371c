"""What is planned: alternative lines or areas, their attributes, and their shape made ready."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from kulan.errors import InvalidGeometryError, OutsideRegionError, UnknownNameError
from kulan.places import REGION, area_km2, bounds_of, buffer_m, densify, length_m
from kulan.provenance import Input, hash_bytes
from kulan.vocabulary import BARRIER_STATUSES, BARRIER_TYPES

_LINE, _AREA = 1, 2


@dataclass(frozen=True)
class Attributes:
    """What the user told of an alternative; None where nothing was said."""

    fenced: bool | None = None
    fence_type: str | None = None
    fence_height_m: float | None = None
    traffic_per_day: float | None = None
    gauge_mm: float | None = None
    right_of_way_m: float | None = None


@dataclass(frozen=True)
class PlannedStructure:
    """A crossing structure the user declares, as a point in EPSG:4326."""

    structure_id: str
    kind: str
    point: shapely.Point
    width_m: float | None = None
    height_m: float | None = None


@dataclass(frozen=True)
class PlannedAlternative:
    """One alternative as read from the user's file.

    Attributes
    ----------
    alternative_id, name
        Short and full name; the id is unique in a screening.
    barrier_type
        One of `kulan.vocabulary.BARRIER_TYPES`.
    status
        One of `kulan.vocabulary.BARRIER_STATUSES`.
    geometry
        Line(s) or polygon(s), longitude and latitude; never both.
    attributes, structures
        What else the user told.
    """

    alternative_id: str
    name: str
    barrier_type: str
    status: str
    geometry: BaseGeometry
    attributes: Attributes = field(default_factory=Attributes)
    structures: tuple[PlannedStructure, ...] = ()


def check_alternative(alternative: PlannedAlternative) -> None:
    """Refuse an alternative that cannot be screened.

    Raises
    ------
    UnknownNameError
        If its type or status is not on the list.
    InvalidGeometryError
        If it is empty, invalid, or neither line nor polygon.
    OutsideRegionError
        If no part of it lies in the region.
    """
    name = alternative.alternative_id
    for what, value, known in (
        ("type", alternative.barrier_type, BARRIER_TYPES),
        ("status", alternative.status, BARRIER_STATUSES),
    ):
        if value not in known:
            raise UnknownNameError(
                f"{name}: the {what} {value!r} is not known; use one of {', '.join(known)}."
            )
    geometry = alternative.geometry
    if geometry is None or geometry.is_empty:
        raise InvalidGeometryError(f"{name}: the shape is empty; give a line or a polygon.")
    dimensions = {int(d) for d in shapely.get_dimensions(shapely.get_parts(geometry))}
    if dimensions not in ({_LINE}, {_AREA}):
        raise InvalidGeometryError(
            f"{name}: it is a {geometry.geom_type}; an alternative is lines or polygons, not both."
        )
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise InvalidGeometryError(f"{name}: some coordinates are not numbers.")
    if dimensions == {_AREA} and not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        raise InvalidGeometryError(f"{name}: the polygon is not valid ({reason}); mend it first.")
    if not bounds_of(geometry).overlaps(REGION):
        west, south, east, north = geometry.bounds
        raise OutsideRegionError(
            f"{name}: it lies at {west:.2f} to {east:.2f} °E, {south:.2f} to {north:.2f} °N, "
            f"outside the region ({REGION.west:g} to {REGION.east:g} °E, {REGION.south:g} to "
            f"{REGION.north:g} °N); check that longitude comes before latitude."
        )


@dataclass(frozen=True)
class Alignment:
    """An alternative made ready to be measured: densified, with its buffers kept.

    Attributes
    ----------
    planned
        What the user gave.
    shape
        The geometry with edges of at most 5 km.
    """

    planned: PlannedAlternative
    shape: BaseGeometry
    _buffers: dict[float, BaseGeometry] = field(default_factory=dict, repr=False)

    @property
    def alternative_id(self) -> str:
        """Short name."""
        return self.planned.alternative_id

    @cached_property
    def is_line(self) -> bool:
        """Whether it is a line and not an area."""
        return bool(shapely.get_dimensions(self.shape) == _LINE)

    @cached_property
    def lines(self) -> BaseGeometry:
        """The line itself, or the outline of an area."""
        return self.shape if self.is_line else self.shape.boundary

    @cached_property
    def length_km(self) -> float:
        """Length of a line, km; 0 for an area."""
        return float(length_m(self.shape)[0]) / 1000 if self.is_line else 0.0

    @cached_property
    def area_km2(self) -> float:
        """Area, km²; 0 for a line."""
        return 0.0 if self.is_line else float(area_km2(self.shape)[0])

    @cached_property
    def drawn(self) -> Input:
        """The alternative as an input of recipes: its name and the hash of its shape as given."""
        return Input(
            f"alternative:{self.alternative_id}",
            hash_bytes(shapely.to_wkb(shapely.force_2d(self.planned.geometry), byte_order=1)),
            self.planned.barrier_type,
        )

    def buffer(self, distance_m: float) -> BaseGeometry:
        """Return everything within a distance of it, made once for each distance."""
        if distance_m not in self._buffers:
            self._buffers[distance_m] = buffer_m(self.shape, distance_m)
        return self._buffers[distance_m]


def make_alignment(alternative: PlannedAlternative) -> Alignment:
    """Check an alternative and make its shape ready.

    Multi-part lines whose parts touch end to end become one. Heights are left out.

    Raises
    ------
    UnknownNameError, InvalidGeometryError, OutsideRegionError
        As `check_alternative` says.
    """
    check_alternative(alternative)
    shape = shapely.force_2d(alternative.geometry)
    if shapely.get_dimensions(shape) == _LINE:
        parts = shapely.get_parts(shape)
        merged = shapely.line_merge(shapely.multilinestrings(parts)) if len(parts) > 1 else parts[0]
        shape = merged
    return Alignment(alternative, densify(shape))
