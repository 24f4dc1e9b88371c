"""What SQLite lacks: whether two shapes meet, answered by shapely."""

from functools import lru_cache
from typing import Any

import shapely
from django.db.backends.base.base import BaseDatabaseWrapper


def add_functions(sender: Any, connection: BaseDatabaseWrapper, **_: Any) -> None:  # noqa: ARG001
    """Give a new connection to SQLite its function of shapes; called for every new connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "kulan_intersects", 2, _intersects, deterministic=True
        )


def _intersects(stored: bytes | None, asked: bytes) -> bool:
    return stored is not None and bool(_prepared(asked).intersects(shapely.from_wkb(stored)))


@lru_cache(maxsize=16)
def _prepared(shape: bytes) -> shapely.Geometry:
    geometry = shapely.from_wkb(shape)
    shapely.prepare(geometry)
    return geometry
