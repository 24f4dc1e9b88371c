"""A column of shapes: shapely geometries in Python, WKB in SQLite, `geometry` in PostGIS.

A model with such a field has four columns beside it, ``west``, ``south``, ``east`` and ``north``
(degrees), which the field fills from the shape: they make the index on SQLite, and say cheaply
where a row lies.
"""

from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup

Bounds = tuple[float, float, float, float]


class GeometryField(models.Field):
    """Any shape in longitude and latitude on WGS 84 (EPSG:4326); empty shapes are refused."""

    description = "Shape in EPSG:4326"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column's type."""
        return "geometry(Geometry,4326)" if connection.vendor == "postgresql" else "BLOB"

    def from_db_value(self, value: Any, *_: Any) -> shapely.Geometry | None:
        """Return the shape."""
        if value is None:
            return None
        return shapely.from_wkb(bytes(value) if isinstance(value, memoryview) else value)

    def get_prep_value(self, value: Any) -> shapely.Geometry | None:
        """Accept shapes only."""
        if value is None or isinstance(value, shapely.Geometry):
            return value
        raise TypeError(f"{self.name}: {type(value).__name__} is no shapely geometry.")

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        """Return what the database takes."""
        if not isinstance(value, shapely.Geometry):
            return value
        if connection.vendor == "postgresql":
            return shapely.to_wkb(shapely.set_srid(value, 4326), hex=True, include_srid=True)
        return shapely.to_wkb(value)

    def get_placeholder(
        self,
        value: Any,
        compiler: Any,
        connection: BaseDatabaseWrapper,
    ) -> str:
        """Tell PostGIS that the text is a shape."""
        return "%s::geometry" if connection.vendor == "postgresql" else "%s"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Fill the four columns beside it."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, shapely.Geometry):
            if value.is_empty:
                raise ValidationError(f"{self.name}: the shape is empty.")
            names = ("west", "south", "east", "north")
            for name, bound in zip(names, value.bounds, strict=True):
                setattr(model_instance, name, float(bound))
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """Return the shape as hexadecimal WKB, for `dumpdata`."""
        value = self.value_from_object(obj)
        return "" if value is None else str(shapely.to_wkb(value, hex=True))

    def to_python(self, value: Any) -> Any:
        """Read what `value_to_string` wrote."""
        if isinstance(value, str):
            return shapely.from_wkb(value) if value else None
        return value


class _Spatial(Lookup):
    """A look-up whose right side is not a shape to store."""

    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return "", []

    def _table(self, compiler: Any) -> tuple[str, str]:
        column = self.lhs.target
        quote = compiler.quote_name_unless_alias
        table = column.model._meta.db_table
        return f"{quote(self.lhs.alias)}.{quote('id')}", table

    def _near(self, compiler: Any, connection: BaseDatabaseWrapper, bounds: Bounds) -> Any:
        """Return the condition that a row's bounds meet `bounds`, answered by the index."""
        west, south, east, north = (float(bound) for bound in bounds)
        left, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            sql = f"{left} && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
            return sql, [*parameters, west, south, east, north]
        key, table = self._table(compiler)
        index = connection.ops.quote_name(index_name(table))
        sql = (
            f"{key} IN (SELECT id FROM {index} WHERE "  # noqa: S608  a name of our own
            "max_east >= %s AND min_west <= %s AND max_north >= %s AND min_south <= %s)"
        )
        return sql, [west, east, south, north]


@GeometryField.register_lookup
class MeetsBounds(_Spatial):
    """Rows whose bounding box meets a box: ``geometry__bbox=(west, south, east, north)``."""

    lookup_name = "bbox"

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the condition."""
        return self._near(compiler, connection, self.rhs)


@GeometryField.register_lookup
class Intersects(_Spatial):
    """Rows whose shape meets a shape: ``geometry__intersects=shape``."""

    lookup_name = "intersects"

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the condition: first by the index, then exactly."""
        sql, parameters = self._near(compiler, connection, self.rhs.bounds)
        left, left_parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            shape = shapely.to_wkb(shapely.set_srid(self.rhs, 4326), hex=True, include_srid=True)
            exact = f"ST_Intersects({left}, %s::geometry)"
        else:
            shape = shapely.to_wkb(self.rhs)
            exact = f"kulan_intersects({left}, %s)"
        return f"({sql} AND {exact})", [*parameters, *left_parameters, shape]


def index_name(table: str) -> str:
    """Return the name of a table's index of bounds on SQLite."""
    return f"{table}_bounds"
