"""Alignments to be screened and structures planned along them, read from any format."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from kulan.errors import InvalidTableError
from kulan.exchange.features import read_features
from kulan.exchange.losses import Losses
from kulan.exchange.readings import Reading
from kulan.exchange.tables import ALIGNMENTS, STRUCTURES
from kulan.schemas import Column, Table, check_table

# a Shapefile cuts the names of its columns to ten letters
_SHAPEFILE_NAME_LETTERS = 10
_MOST_PROBLEMS = 12
_YES = ("yes", "y", "true", "t", "1", "да")
_NO = ("no", "n", "false", "f", "0", "нет")
# what people write for the same thing; each use is told among the changes
_SAME = {
    "existing": "operational",
    "proposed": "planned",
    "construction": "under_construction",
    "rail": "railway",
    "railroad": "railway",
    "highway": "road",
    "motorway": "road",
}
# what nobody builds: a number outside is in another unit, or a slip
_PLAUSIBLE = {
    "fence_height_m": (0.0, 20.0),
    "traffic_per_day": (0.0, 1_000_000.0),
    "gauge_mm": (500.0, 3_000.0),
    "right_of_way_m": (0.0, 10_000.0),
    "width_m": (0.0, 10_000.0),
    "height_m": (0.0, 500.0),
}


class _ValueRefusedError(ValueError):
    """A cell that does not hold what its column asks for; the words say what it should be."""


def read_alignments(
    path: Path | str,
    *,
    layer: str | None = None,
    crs: str | None = None,
    swap_axes: bool = False,
    unread: Collection[str] = (),
) -> Reading:
    """Read planned or standing works, with what the file says of them.

    Columns are found by name, whatever their case; those a Shapefile cut to ten letters are known
    too. Rows with the same `alternative` belong together; without that column the whole file is
    one alternative, named as the file.

    Parameters
    ----------
    path
        File of lines or polygons in any format of `kulan.exchange.formats.FORMATS`.
    layer, crs, swap_axes
        As `kulan.exchange.read_features` takes them.
    unread
        Columns of the table that the caller answers himself: what the file says of them is left
        alone, whatever it is, and `changes` says so.

    Returns
    -------
    Reading
        `features` has the columns of `kulan.exchange.tables.ALIGNMENTS`, None where the file says
        nothing, and after them the file's other columns.

    Raises
    ------
    InvalidTableError
        If a value is none of those allowed, or a number is not one; names every such cell.
    KulanError
        As `kulan.exchange.read_features` says.
    """
    path = Path(path)
    reading = read_features(path, layer=layer, crs=crs, swap_axes=swap_axes)
    losses = Losses()
    frame = _typed(reading, ALIGNMENTS, {"type": ("barrier_type",)}, losses, unread)
    unnamed = frame["alternative"].isna()
    frame["alternative"] = frame["alternative"].where(~unnamed, path.stem).astype(str)
    check_table(frame, ALIGNMENTS)
    return _with_changes(reading, frame, losses)


def read_structures(
    path: Path | str,
    *,
    layer: str | None = None,
    crs: str | None = None,
    swap_axes: bool = False,
) -> Reading:
    """Read points where animals are meant to pass.

    A file without `structure_id` gets S1, S2, ... by row, and `changes` says so; `kind` may be
    called `type`.

    Parameters
    ----------
    path
        File of points.
    layer, crs, swap_axes
        As `kulan.exchange.read_features` takes them.

    Returns
    -------
    Reading
        `features` has the columns of `kulan.exchange.tables.STRUCTURES`, then the file's others.

    Raises
    ------
    InvalidTableError
        If the kind is missing or not known, an id repeats, or a number is not one.
    KulanError
        As `kulan.exchange.read_features` says.
    """
    reading = read_features(path, layer=layer, crs=crs, shapes=("point",), swap_axes=swap_axes)
    losses = Losses()
    frame = _typed(reading, STRUCTURES, {"kind": ("type",)}, losses)
    unnamed = frame["structure_id"].isna()
    frame["structure_id"] = frame["structure_id"].where(
        ~unnamed, "S" + frame["source_row"].astype(str)
    )
    losses.change(frame["source_row"][unnamed], "structures named", "S and the number of the row")
    check_table(frame, STRUCTURES)
    return _with_changes(reading, frame, losses)


def _with_changes(reading: Reading, frame: gpd.GeoDataFrame, losses: Losses) -> Reading:
    changes = pd.concat([reading.changes, losses.changes_table()], ignore_index=True)
    return replace(reading, features=frame, changes=changes.astype(reading.changes.dtypes))


def _typed(
    reading: Reading,
    table: Table,
    other_names: dict[str, tuple[str, ...]],
    losses: Losses,
    unread: Collection[str] = (),
) -> gpd.GeoDataFrame:
    """Return the features with the table's columns first, each value in the type of its column."""
    features = reading.features
    found = _columns_of(features, table, other_names)
    for name in sorted(set(found) & set(unread)):
        told = features["source_row"][features[found.pop(name)].notna()]
        losses.change(told, f"column '{name}' not read", "answered by whoever asks")
    problems: list[str] = []
    typed: dict[str, Any] = {}
    for column in table.columns:
        if column.kind == "geometry" or column.name == "source_row":
            continue
        if column.name not in found:
            typed[column.name] = pd.Series([None] * len(features), dtype=object)
            continue
        read = _read_column(features, found[column.name], column, problems)
        typed[column.name] = _in_our_words(features, read, column, losses)
    if problems:
        shown = " ".join(problems[:_MOST_PROBLEMS])
        more = len(problems) - _MOST_PROBLEMS
        raise InvalidTableError(
            f"{reading.source.name}: {shown}"
            + (f" And {more} more." if more > 0 else "")
            + " Correct the file, or say it with an option (--type, --status, --fenced ...)."
        )
    others = features.drop(columns=["source_row", "geometry", *found.values()])
    clashes = {name: f"{name}_in_file" for name in others.columns if name in table.column_names}
    frame = pd.concat(
        [features[["source_row"]], pd.DataFrame(typed), others.rename(columns=clashes)], axis=1
    )
    return gpd.GeoDataFrame(frame, geometry=features.geometry.to_numpy(), crs=features.crs)


def _columns_of(
    features: gpd.GeoDataFrame, table: Table, other_names: dict[str, tuple[str, ...]]
) -> dict[str, str]:
    """Return which column of the file is which of the table."""
    plain: dict[str, str] = {}
    for name in features.columns:
        plain.setdefault(re.sub(r"[\s-]+", "_", str(name).strip().lower()), str(name))
    found: dict[str, str] = {}
    for column in table.columns:
        names = (
            column.name,
            column.name[:_SHAPEFILE_NAME_LETTERS],
            *other_names.get(column.name, ()),
        )
        for name in names:
            if name in plain and plain[name] not in ("source_row", "geometry"):
                found[column.name] = plain[name]
                break
    return found


def _in_our_words(
    features: gpd.GeoDataFrame, values: "pd.Series[Any]", column: Column, losses: Losses
) -> "pd.Series[Any]":
    """Put our word for what people write in its place, and tell each."""
    if not column.values:
        return values
    for theirs, ours in _SAME.items():
        used = values == theirs.replace(" ", "_")
        if ours in column.values and ours != theirs.replace(" ", "_") and used.any():
            losses.change(
                features["source_row"][used], f"{column.name} '{theirs}'", f"read as {ours}"
            )
            values = values.where(~used, ours)
    return values


def _read_column(
    features: gpd.GeoDataFrame, name: str, column: Column, problems: list[str]
) -> "pd.Series[Any]":
    """Return one column's values; add a sentence to `problems` for each that cannot be."""
    read = _READERS[column.kind]
    values: list[Any] = []
    for row, value in zip(features["source_row"], features[name], strict=True):
        try:
            empty = bool(pd.isna(value)) or str(value).strip() == ""
            values.append(None if empty else read(value, column))
        except _ValueRefusedError as problem:
            values.append(None)
            problems.append(f"row {row}, {name!r} is {str(value)[:60]!r}: {problem}.")
    return pd.Series(values, dtype=object)


def _read_text(value: Any, column: Column) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = text.strip()
    if not column.values:
        return text
    plain = re.sub(r"[\s-]+", "_", text.lower())
    if plain not in column.values and _SAME.get(plain) not in column.values:
        raise _ValueRefusedError(f"use one of {', '.join(column.values)}")
    return plain


def _read_flag(value: Any, _column: Column) -> bool:
    plain = str(value).strip().lower().removesuffix(".0")
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise _ValueRefusedError("write yes or no")


def _read_number(value: Any, column: Column) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise _ValueRefusedError(
            f"write a number alone, in {column.unit}, with a decimal point"
        ) from None
    low, high = _PLAUSIBLE[column.name]
    if not low <= number <= high:
        raise _ValueRefusedError(f"it must lie between {low:g} and {high:g} {column.unit}")
    return number


_READERS: dict[str, Callable[[Any, Column], Any]] = {
    "text": _read_text,
    "flag": _read_flag,
    "number": _read_number,
}
