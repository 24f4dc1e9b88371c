"""Fixes in a file: GeoParquet by row groups, or a GeoPackage; both are read back as they were."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from kulan import __version__
from kulan.errors import InvalidFileError
from kulan.exchange.geopackage_out import write_geopackage
from kulan.exchange.telemetry.parquet_files import GEOMETRY, KEY, parquet_module
from kulan.exchange.telemetry.point_layers import LAYER, LOCAL_SYSTEM
from kulan.movement.fixes import Fixes, reasons_of
from kulan.outputs import check_writable
from kulan.provenance import canonical_json

ROWS_IN_A_GROUP = 1 << 20
ENDINGS = (".parquet", ".gpkg")


def write_fixes(path: Path, fixes: Fixes) -> None:
    """Write fixes to a file that appears whole or not at all.

    Parameters
    ----------
    path
        Ending in .parquet (GeoParquet 1.1, geometry as columns of x and y, sorted by animal and
        time, in row groups) or .gpkg (a layer `fixes`).
    fixes
        What to write; every column is kept.

    Raises
    ------
    InvalidFileError
        If the ending is neither.
    MissingExtraError
        If pyarrow is not installed and .parquet is asked for.
    OutputDeniedError
        If the place cannot be written.
    """
    check_writable(path)
    if path.suffix.lower() == ".gpkg":
        write_geopackage(path, {LAYER: _layer(fixes)})
    elif path.suffix.lower() == ".parquet":
        _write_parquet(path, fixes)
    else:
        raise InvalidFileError(
            f"{path.name}: fixes are written as {' or '.join(ENDINGS)}; name such a file."
        )


def file_metadata(crs: str, clock: str) -> dict[bytes, bytes]:
    """Return what a Parquet file of fixes says of itself: GeoParquet's metadata and ours.

    Parameters
    ----------
    crs, clock
        As `kulan.movement.fixes.Fixes` has them.
    """
    geo = {
        "version": "1.1.0",
        "primary_column": GEOMETRY,
        "columns": {
            GEOMETRY: {
                "encoding": "point",
                "geometry_types": ["Point"],
                "crs": CRS.from_user_input(crs).to_json_dict() if crs else None,
            }
        },
    }
    own = {"crs": crs, "clock": clock, "kulan": __version__}
    return {b"geo": canonical_json(geo), KEY: canonical_json(own)}


def _write_parquet(path: Path, fixes: Fixes) -> None:
    pq = parquet_module(path.name)
    import os  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    table = _arrow(fixes)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, work = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        pq.write_table(
            table,
            work,
            row_group_size=ROWS_IN_A_GROUP,
            compression="zstd",
            use_dictionary=[one for one in table.column_names if one in _FEW_VALUES],
        )
        os.chmod(work, 0o644)
        os.replace(work, path)
    except BaseException:
        Path(work).unlink(missing_ok=True)
        raise


_FEW_VALUES = ("animal_id", "deployment_id", "species", "sensor", "flags", "source_file")


def _arrow(fixes: Fixes) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    frame = fixes.table.drop(columns=["x", "y"]).copy()
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.CategoricalDtype) or frame[name].dtype == object:
            frame[name] = frame[name].astype("str")
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    points = pa.StructArray.from_arrays(
        [
            pa.array(fixes.table["x"].to_numpy(float)),
            pa.array(fixes.table["y"].to_numpy(float)),
        ],
        fields=[
            pa.field("x", pa.float64(), nullable=False),
            pa.field("y", pa.float64(), nullable=False),
        ],
    )
    table = table.append_column(GEOMETRY, points)
    return table.replace_schema_metadata(file_metadata(fixes.crs, fixes.clock))


def _layer(fixes: Fixes) -> gpd.GeoDataFrame:
    table = fixes.table.drop(columns=["flags"]).rename(columns={"x": "kulan_x", "y": "kulan_y"})
    flags = fixes.table["flags"].to_numpy()
    if fixes.clock == "elapsed":
        table = table.rename(columns={"time": "elapsed_s"})
    for name in table.columns:
        if isinstance(table[name].dtype, pd.CategoricalDtype):
            table[name] = table[name].astype("str")
    words = {int(one): ", ".join(reasons_of(int(one))) or None for one in np.unique(flags)}
    table["kulan_flags"] = flags.astype(np.int32)
    table["set_aside"] = pd.Series([words[int(one)] for one in flags], index=table.index)
    x, y = fixes.table["x"].to_numpy(float), fixes.table["y"].to_numpy(float)
    points = shapely.points(x, y)
    points[~(np.isfinite(x) & np.isfinite(y))] = None
    return gpd.GeoDataFrame(table, geometry=points, crs=fixes.crs or LOCAL_SYSTEM)
