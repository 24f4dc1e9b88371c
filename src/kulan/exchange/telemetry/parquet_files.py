"""GeoParquet as telemetry: our own fixes.parquet, and other people's tables of points."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from kulan.errors import InvalidFileError, KulanError, MissingExtraError, TooLargeError
from kulan.exchange.geoparquet import covering_columns
from kulan.exchange.losses import Losses
from kulan.exchange.telemetry.asked import RawFixes, TelemetryAsked
from kulan.exchange.telemetry.columns import degrees_of_shapes, renamed
from kulan.exchange.telemetry.read_before import check_ours, with_species

KEY = b"kulan:fixes"
GEOMETRY = "geometry"
MOST_ROWS = 50_000_000


def parquet_module(name: str) -> Any:
    """Return pyarrow's Parquet module.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed; `name` says for which file it is wanted.
    """
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415 - an optional part, 166 MB
    except ImportError:
        raise MissingExtraError(
            f'{name}: Parquet needs pyarrow. Type: pip install "kulan[parquet]", or write and read '
            ".gpkg instead."
        ) from None
    return pq


def read_parquet(path: Path, asked: TelemetryAsked, losses: Losses, name: str) -> RawFixes:
    """Read fixes from Parquet: ours as they were written, others' by the names of their columns.

    Parameters
    ----------
    path
        The file.
    asked
        What the user says of its columns.
    losses
        Where it is told what was read how.
    name
        Of the file, for messages.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    InvalidFileError
        If it is no readable Parquet.
    InvalidTableError
        If it is a file of ours, and something is asked that does not apply to one.
    TooLargeError
        If it holds more rows than are read at once; see `kulan.exchange.telemetry.scan_fixes`.
    """
    pq = parquet_module(name)
    try:
        with pq.ParquetFile(path) as file:
            if file.metadata.num_rows > MOST_ROWS:
                raise TooLargeError(
                    f"{name}: {file.metadata.num_rows} rows; {MOST_ROWS} at most are read at once. "
                    "Split it by animals, or go through it with scan_fixes."
                )
            told = file.metadata.metadata or {}
            table = file.read()
        geo = json.loads(told[b"geo"]) if b"geo" in told else None
        if KEY in told:
            check_ours(asked, name)
            own = own_fixes(table, json.loads(told[KEY]))
            return replace(own, table=with_species(own.table, asked, losses))
        return _others(table, geo, asked, losses, name)
    except KulanError:
        raise
    except (ValueError, TypeError, KeyError, OSError, AttributeError, RuntimeError) as problem:
        words = " ".join(str(problem).split())[:300]
        raise InvalidFileError(f"{name}: cannot be read as Parquet ({words}).") from None


def own_fixes(table: Any, told: dict[str, Any]) -> RawFixes:
    """Make fixes of an Arrow table that `kulan.exchange.telemetry.write_fixes` wrote.

    Parameters
    ----------
    table
        Columns as they were written.
    told
        What the file says of them: system and clock.
    """
    x, y = plane_columns(table)
    frame = table.drop_columns([GEOMETRY]).to_pandas(ignore_metadata=True)
    frame["x"], frame["y"] = x, y
    return RawFixes(frame, "fixes of Kulan", told["crs"], clock=told["clock"])


def plane_columns(table: Any) -> tuple[Any, Any]:
    """Return x and y of an Arrow table whose geometry is a struct of both."""
    parts = table.column(GEOMETRY).combine_chunks()
    return (
        parts.field("x").to_numpy(zero_copy_only=False),
        parts.field("y").to_numpy(zero_copy_only=False),
    )


def _others(
    table: Any, geo: dict[str, Any] | None, asked: TelemetryAsked, losses: Losses, name: str
) -> RawFixes:
    if geo is None:
        return renamed(table.to_pandas(ignore_metadata=True), asked, losses, name)
    primary = geo["primary_column"]
    column = geo["columns"][primary]
    beside = table.drop_columns([primary, *sorted(covering_columns(geo))])
    frame = beside.to_pandas(ignore_metadata=True)
    frame = frame.drop(columns=[one for one in ("x", "y") if one in frame.columns])
    if column.get("encoding") == "point":
        parts = table.column(primary).combine_chunks()
        frame["x"] = parts.field("x").to_numpy(zero_copy_only=False)
        frame["y"] = parts.field("y").to_numpy(zero_copy_only=False)
    else:
        blobs = np.array(table.column(primary).to_pylist(), dtype=object)
        points = shapely.from_wkb(blobs)
        if not np.isin(shapely.get_type_id(points), (-1, 0)).all():
            raise InvalidFileError(f"{name}: it holds lines or areas, and fixes are points.")
        frame["x"], frame["y"] = shapely.get_x(points), shapely.get_y(points)
    if "crs" not in column:
        return renamed(pd.DataFrame(frame), asked, losses, name, degrees_of_shapes(None))
    declared = None if column["crs"] is None else json.dumps(column["crs"])
    return renamed(pd.DataFrame(frame), asked, losses, name, declared)
