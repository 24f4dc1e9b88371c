"""Many shapes at once, without a Python object for each row on the way."""

from typing import Any

import numpy as np
import shapely
from django.db import connections
from django.db.models import QuerySet
from numpy.typing import NDArray


def fetch_shapes(
    rows: QuerySet[Any], *columns: str
) -> tuple[NDArray[np.object_], list[tuple[Any, ...]]]:
    """Return the shapes of a query's rows as an array, and the other columns as tuples.

    Columns come as the driver gives them: JSON is text on SQLite.
    """
    connection = connections[rows.db]
    sql, parameters = rows.values_list("geometry", *columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return shapes_of(cursor.fetchall())


def shapes_of(
    found: list[tuple[Any, ...]],
) -> tuple[NDArray[np.object_], list[tuple[Any, ...]]]:
    """Return the shapes of rows that begin with one, and the rest of them."""
    wkb = np.empty(len(found), dtype=object)
    wkb[:] = [row[0] for row in found]
    shapes = shapely.from_wkb(wkb) if len(found) else wkb
    return shapes, [row[1:] for row in found]
