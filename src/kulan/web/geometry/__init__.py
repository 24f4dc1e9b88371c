"""Shapes in the database: a field, its look-ups and its index, the same on SQLite and PostGIS."""

from kulan.web.geometry.field import GeometryField
from kulan.web.geometry.index import SpatialIndex

__all__ = ["GeometryField", "SpatialIndex"]
