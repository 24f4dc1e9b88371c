"""Layers of points in a GeoPackage or Shapefile as telemetry."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from kulan.errors import InvalidFileError
from kulan.exchange import geopackage, shapefile
from kulan.exchange.losses import Losses
from kulan.exchange.rows import Asked
from kulan.exchange.telemetry.asked import RawFixes, TelemetryAsked
from kulan.exchange.telemetry.columns import renamed
from kulan.exchange.telemetry.read_before import check_ours, with_species
from kulan.words import N_

LAYER = "fixes"
# a GeoPackage wants a system for every layer; this one is none of the Earth
LOCAL_SYSTEM = (
    'ENGCRS["Local metres",EDATUM["Unknown engineering datum"],CS[Cartesian,2],'
    'AXIS["(X)",east,ORDER[1]],AXIS["(Y)",north,ORDER[2]],LENGTHUNIT["metre",1]]'
)


def read_points(path: Path, asked: TelemetryAsked, losses: Losses, name: str) -> RawFixes:
    """Read the fixes of one layer of points; a row without a point is a fix without a place.

    Parameters
    ----------
    path
        The file.
    asked
        What the user says: layer, columns.
    losses
        Where it is told what was read how.
    name
        Of the file, for messages.

    Raises
    ------
    InvalidFileError
        If it cannot be read, or the layer holds other shapes than points.
    InvalidTableError
        If it is a file of ours, and something is asked that does not apply to one.
    """
    wanted = Asked(name, asked.layer, ("point",), None)
    reader = shapefile if path.suffix.lower() == ".shp" else geopackage
    rows = reader.read(path, wanted, losses)
    kinds = shapely.get_type_id(rows.geometries)
    if np.isin(kinds, (1, 2, 3, 5, 6, 7)).any():
        raise InvalidFileError(
            f"{name}: layer {rows.layer!r} holds lines or areas, and fixes are points."
        )
    points = rows.geometries.copy()
    several = kinds == 4
    losses.change(
        np.flatnonzero(several & (shapely.get_num_geometries(points) > 1)) + 1,
        N_("several points in one fix"),
        N_("a fix is in one place: the first point of each multipoint was taken"),
    )
    points[several] = shapely.get_geometry(points[several], 0)
    cells = rows.attributes.copy()
    own = {"kulan_x", "kulan_y"} <= set(cells.columns)
    if own:
        cells = cells.rename(columns={"kulan_x": "x", "kulan_y": "y"})
    else:
        cells = cells.drop(columns=[one for one in ("x", "y") if one in cells.columns])
        cells["x"], cells["y"] = shapely.get_x(points), shapely.get_y(points)
    if not pd.api.types.is_numeric_dtype(cells["x"]):
        cells["x"], cells["y"] = cells["x"].astype(float), cells["y"].astype(float)
    elapsed = "elapsed_s" in cells.columns
    if elapsed:
        cells = cells.rename(columns={"elapsed_s": "time"})
    crs = "" if rows.crs and CRS.from_user_input(rows.crs).is_engineering else rows.crs
    if own:
        check_ours(asked, name)
        cells = cells.drop(columns=[one for one in ("set_aside",) if one in cells.columns])
        cells, asked = with_species(cells, asked, losses), replace(asked, species=None)
    raw = renamed(cells, asked, losses, name, crs)
    return replace(raw, clock="elapsed") if elapsed else raw
