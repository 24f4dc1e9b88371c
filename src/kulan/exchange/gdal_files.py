"""Reading through GDAL: one driver at a time, every complaint of it turned into words of ours."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
from numpy.typing import NDArray

from kulan.errors import InvalidFileError, KulanError, TooLargeError
from kulan.exchange.losses import Losses
from kulan.exchange.rows import MOST_FEATURES, Asked, Rows
from kulan.exchange.wkb import read_wkb, readable

# GDAL shall open files only: no addresses, no programs, no other driver behind a familiar name
_LOCKED_DOWN = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".kulan-reads-no-addresses",
    "GDAL_HTTP_TIMEOUT": "1",
    "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO",
}


@contextmanager
def locked_gdal(asked: Asked, losses: Losses, driver: str) -> Iterator[None]:
    """Run GDAL with the network off; its warnings go to `losses`, its errors become ours."""
    try:
        with gdal_options(_LOCKED_DOWN), warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield
    except KulanError:
        raise
    except MemoryError:
        raise TooLargeError(
            f"{asked.name}: there is not enough memory to read it. Cut the data to the area of "
            "the question."
        ) from None
    except (
        pyogrio.errors.DataSourceError,
        ValueError,
        RuntimeError,
        OverflowError,
        TypeError,
        KeyError,
        IndexError,
        OSError,
        AttributeError,
        ArithmeticError,
    ) as problem:
        raise InvalidFileError(
            f"{asked.name}: cannot be read as {driver}. GDAL says: {_plain(problem, asked)}. "
            "Open it in the program that wrote it and export it again."
        ) from None
    _note_warnings(caught, asked, losses)


@contextmanager
def gdal_options(options: dict[str, str]) -> Iterator[None]:
    """Set GDAL's options for the length of a block."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _plain(problem: BaseException, asked: Asked) -> str:
    """Return an exception's words on one line, without the folder of a temporary file."""
    words = " ".join(str(problem).split()).rstrip(".") or type(problem).__name__
    return words.replace("'None'", asked.name)[:400]


def _note_warnings(caught: list[warnings.WarningMessage], asked: Asked, losses: Losses) -> None:
    """Put each different warning once among the changes."""
    for words in dict.fromkeys(" ".join(str(entry.message).split()) for entry in caught):
        noted = any(change.what == "measures dropped" for change in losses.changes)
        if "Measured (M)" in words and noted:
            continue
        if "Measured (M)" in words:
            losses.change(
                None, "measures dropped", "M values are not used; shapes stay as they are"
            )
        elif "deprecated" not in words.lower():
            losses.change(None, "GDAL warned", words.replace(str(asked.name), "")[:400])


def layer_kinds(path: Path) -> list[tuple[str, str]]:
    """Return the name and geometry type ('LineString', 'Unknown', '' for none) of each layer."""
    listed = pyogrio.list_layers(path)
    return [(str(name), "" if kind is None else str(kind)) for name, kind in listed]


def check_driver(path: Path, layer: str, driver: str, asked: Asked) -> dict[str, Any]:
    """Return GDAL's description of a layer after making sure the right driver opened the file.

    Raises
    ------
    InvalidFileError
        If another driver took the file.
    TooLargeError
        If it holds more features than Kulan reads.
    """
    info: dict[str, Any] = pyogrio.read_info(path, layer=layer)
    if info["driver"] != driver:
        raise InvalidFileError(
            f"{asked.name}: its name says {driver}, its content {info['driver']}. Rename it, or "
            "export it again."
        )
    if info["features"] > MOST_FEATURES:
        raise TooLargeError(
            f"{asked.name}: {info['features']} features; Kulan reads at most {MOST_FEATURES} at "
            "once. Cut the data to the area of the question."
        )
    return info


def read_layer(
    path: Path,
    layer: str,
    losses: Losses,
    *,
    sql: str | None = None,
    encoding: str | None = None,
) -> Rows:
    """Read one layer whole.

    Parameters
    ----------
    path, layer
        What to read.
    losses
        Where losses are noted.
    sql
        Query that gives the same rows, for a file whose own count of rows is wrong.
    encoding
        Encoding of its text where the file does not say it.
    """
    chosen: dict[str, Any] = {"sql": sql} if sql else {"layer": layer}
    meta, ids, blobs, columns = pyogrio.raw.read(
        path, encoding=encoding, return_fids=True, datetime_as_string=True, **chosen
    )
    count = len(columns[0]) if len(columns) else len(blobs if blobs is not None else ids)
    source_rows = np.arange(1, count + 1, dtype=np.int64)
    raw = np.full(count, None, dtype=object) if blobs is None else blobs
    shapes = read_wkb(raw, source_rows, losses)
    attributes = _attributes(meta, columns, count)
    attributes = _with_ids(attributes, ids, losses)
    kept = readable(shapes, raw)
    return Rows(
        geometries=shapes[kept],
        attributes=attributes[kept].reset_index(drop=True),
        source_rows=source_rows[kept],
        crs=meta["crs"],
        layer=layer,
        n_read=count,
    )


def _attributes(meta: dict[str, Any], columns: list[NDArray[Any]], count: int) -> pd.DataFrame:
    """Return the columns under the file's names; a name that stands twice gets a number."""
    table: dict[str, Any] = {}
    for name, kind, values in zip(meta["fields"], meta["ogr_types"], columns, strict=True):
        unique, number = str(name), 2
        while unique in table:
            unique, number = f"{name}_{number}", number + 1
        table[unique] = _column(values, str(kind))
    return pd.DataFrame(table, index=pd.RangeIndex(count))


def _column(values: NDArray[Any], kind: str) -> Any:
    if kind in ("OFTDateTime", "OFTDate") and values.dtype == object:
        moments = pd.to_datetime(pd.Series(values), errors="coerce", format="ISO8601", utc=False)
        lost = moments.isna().to_numpy() & ~pd.isna(pd.Series(values)).to_numpy()
        return values if lost.any() or moments.dtype == object else moments.to_numpy()
    return values


def _with_ids(attributes: pd.DataFrame, ids: NDArray[Any], losses: Losses) -> pd.DataFrame:
    """Keep the file's own feature numbers as column `fid` when they are more than a count."""
    count = len(attributes)
    plain = count == 0 or bool(
        np.array_equal(ids, np.arange(ids[0], ids[0] + count)) and ids[0] in (0, 1)
    )
    if plain:
        return attributes
    if "fid" in attributes.columns:
        losses.leave_out(None, "feature numbers", "the file has an attribute of the same name: fid")
        return attributes
    losses.change(None, "feature numbers kept", "as column fid, since they are not a plain count")
    return attributes.assign(fid=ids)
