"""GeoParquet 1.x, with the extra ``kulan[parquet]``."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kulan.errors import InvalidFileError, KulanError, MissingExtraError, TooLargeError
from kulan.exchange.files import MOST_BYTES, first_bytes
from kulan.exchange.losses import Losses
from kulan.exchange.rows import MOST_FEATURES, Asked, Rows
from kulan.exchange.wkb import read_wkb, readable

_MAGIC = b"PAR1"


def read(path: Path, asked: Asked, losses: Losses) -> Rows:
    """Read a GeoParquet file whose primary geometry column is well-known binary.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    InvalidFileError
        If it is not Parquet, has no geometry declared, or encodes it otherwise.
    TooLargeError
        If it unpacks to more than Kulan reads at once.
    """
    if first_bytes(path, 4) != _MAGIC:
        raise InvalidFileError(
            f"{asked.name}: does not begin as Parquet does (PAR1). Export it again."
        )
    try:
        import pyarrow as pa  # noqa: PLC0415 - an optional part, 166 MB
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError(
            f'{asked.name}: reading GeoParquet needs pyarrow. Type: pip install "kulan[parquet]"'
        ) from None
    try:
        with pq.ParquetFile(path) as file:
            _check_size(file.metadata, asked)
            geo = _declaration(file.metadata, asked)
            table = file.read()
        return _rows(table, geo, losses)
    except KulanError:
        raise
    except (
        pa.ArrowException,
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        OverflowError,
        RuntimeError,
        MemoryError,
    ) as problem:
        words = " ".join(str(problem).split())[:300]
        raise InvalidFileError(
            f"{asked.name}: cannot be read as GeoParquet ({words}). Export it again."
        ) from None


def _check_size(metadata: Any, asked: Asked) -> None:
    unpacked = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if metadata.num_rows > MOST_FEATURES or unpacked > MOST_BYTES:
        raise TooLargeError(
            f"{asked.name}: {metadata.num_rows} features, {unpacked / 1024**3:.1f} GB unpacked; "
            f"Kulan reads at most {MOST_FEATURES} and {MOST_BYTES / 1024**3:.0f} GB at once."
        )


def _declaration(metadata: Any, asked: Asked) -> dict[str, Any]:
    """Return the file's `geo` metadata."""
    raw = (metadata.metadata or {}).get(b"geo")
    if raw is None:
        raise InvalidFileError(
            f"{asked.name}: Parquet without the `geo` metadata, so it does not say where its "
            "geometry is. Write it with a program that knows GeoParquet, or give a CSV with WKT."
        )
    geo = json.loads(raw)
    name = geo["primary_column"]
    if geo["columns"][name].get("encoding") != "WKB":
        raise InvalidFileError(
            f"{asked.name}: geometry encoded as {geo['columns'][name].get('encoding')!r}; Kulan "
            "reads WKB. Export it again with WKB encoding."
        )
    return dict(geo)


def _rows(table: Any, geo: dict[str, Any], losses: Losses) -> Rows:
    name = geo["primary_column"]
    column = geo["columns"][name]
    blobs = np.empty(table.num_rows, dtype=object)
    blobs[:] = table.column(name).to_pylist()
    source_rows = np.arange(1, len(blobs) + 1, dtype=np.int64)
    shapes = read_wkb(blobs, source_rows, losses)
    kept = readable(shapes, blobs)
    for other in sorted(set(geo["columns"]) - {name}):
        losses.leave_out(None, f"geometry column {other!r}", f"the primary one, {name!r}, was read")
    passed_over = {*geo["columns"], *covering_columns(geo)}
    others = [field.name for field in table.schema if field.name not in passed_over]
    attributes = _attributes(table.select(others), len(blobs))
    if column.get("edges", "planar") != "planar":
        losses.change(
            None,
            "edges taken as straight in longitude and latitude",
            f"the file says {column['edges']}",
        )
    return Rows(
        geometries=shapes[kept],
        attributes=attributes[kept].reset_index(drop=True),
        source_rows=source_rows[kept],
        crs=_crs(column),
        layer="",
        n_read=len(blobs),
    )


def covering_columns(geo: dict[str, Any]) -> set[str]:
    """Return the columns of boxes around shapes, which GeoParquet 1.1 adds for quick reading.

    Parameters
    ----------
    geo
        The file's `geo` metadata.

    Examples
    --------
    >>> sides = {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}
    >>> covering_columns({"columns": {"geometry": {"covering": {"bbox": sides}}}})
    {'bbox'}
    """
    boxes = (column.get("covering", {}).get("bbox", {}) for column in geo["columns"].values())
    # a path of one name points into an ordinary column, which is the user's own
    return {path[0] for box in boxes for path in box.values() if len(path) > 1}


def _attributes(table: Any, count: int) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    return frame.set_axis(pd.RangeIndex(count), axis=0)


def _crs(column: dict[str, Any]) -> str | None:
    """Return the declared CRS; a missing one means OGC:CRS84, null means unknown."""
    if "crs" not in column:
        return "OGC:CRS84"
    return None if column["crs"] is None else json.dumps(column["crs"])
