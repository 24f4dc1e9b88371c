"""Lines that stand, or are planned to stand, in the animals' way."""

import json
from functools import cache
from typing import TYPE_CHECKING

from kulan.programme.loading import DATA
from kulan.programme.tables import BARRIERS
from kulan.schemas import check_table

if TYPE_CHECKING:
    import geopandas as gpd

_LIST_COLUMNS = tuple(column.name for column in BARRIERS.columns if column.kind == "list")


def barriers() -> "gpd.GeoDataFrame":
    """Return known and planned barriers as lines in EPSG:4326. See `tables.BARRIERS`.

    Lines drawn through towns are schematic: `precision_km` and `geometry_method` say how far each
    can be trusted. Several rows may stand for one corridor (a railway and the road beside it).

    Examples
    --------
    >>> rows = barriers()
    >>> bool((rows["status"] == "planned").any())
    True
    """
    return _read_once().copy()


@cache
def _read_once() -> "gpd.GeoDataFrame":
    import geopandas as gpd  # noqa: PLC0415  half a second, and most commands never ask for barriers

    source = json.loads((DATA / "barriers.geojson").read_text(encoding="utf-8"))
    rows = gpd.GeoDataFrame.from_features(source["features"], crs="EPSG:4326")
    for name in _LIST_COLUMNS:
        rows[name] = rows[name].map(lambda text: tuple((text or "").split(";")) if text else ())
    rows = rows[[*BARRIERS.column_names]]
    check_table(rows, BARRIERS)
    return rows
