"""Properties of features as a tile holds them: every name and every value once, then by number."""

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.exchange.varints import varint

Key = tuple[type, Any]
# a table of pandas is quicker than a loop only for more cells than this
_FEW = 200
_MOST_INTEGER = 2**64 - 1
_LEAST_INTEGER = -(2**63)
# tags of the messages' fields, see the specification, section 4.1
_STRING, _DOUBLE, _UNSIGNED, _SIGNED, _FLAG = b"\x0a", b"\x19", b"\x28", b"\x30", b"\x38"


@dataclass(frozen=True)
class Tags:
    """The names and values of a layer, and which feature has which.

    Attributes
    ----------
    names
        Names of properties that at least one feature has.
    values
        Values, each encoded.
    counts
        Numbers in `numbers` that belong to each feature.
    numbers
        Of a name and of a value in turns, feature by feature.
    """

    names: tuple[str, ...]
    values: tuple[bytes, ...]
    counts: NDArray[np.int64]
    numbers: NDArray[np.int64]


def tags_of(
    properties: Mapping[str, Sequence[Any] | NDArray[Any]], rows: NDArray[np.int64]
) -> Tags:
    """Return the names and values of some rows of a table; what is empty is left out."""
    names: list[str] = []
    table: dict[Key, int] = {}
    columns: list[NDArray[np.int64]] = []
    for name, column in properties.items():
        numbers = _numbered(_cells(column, rows), table)
        if (numbers >= 0).any():
            names.append(name)
            columns.append(numbers)
    values = tuple(_encoded(value) for _, value in table)
    if not columns:
        empty = np.zeros(0, dtype=np.int64)
        return Tags((), values, np.zeros(len(rows), dtype=np.int64), empty)
    of_values = np.column_stack(columns)
    of_names = np.broadcast_to(np.arange(len(names)), of_values.shape)
    present = of_values >= 0
    pairs = np.stack([of_names, of_values], axis=-1)[present]
    return Tags(tuple(names), values, 2 * present.sum(axis=1), pairs.ravel())


def _cells(column: Sequence[Any] | NDArray[Any], rows: NDArray[np.int64]) -> NDArray[Any]:
    """Return some cells of a column: numbers and flags as they are, all else as objects."""
    if isinstance(column, np.ndarray) and column.dtype.kind in "biuf":
        return column[rows]
    cells = np.empty(len(rows), dtype=object)
    if isinstance(column, np.ndarray) and column.dtype.kind in "mM":
        cells[:] = column[rows].astype(str)
        cells[np.isnat(column[rows])] = None
        return cells
    items = column if isinstance(column, list | tuple | np.ndarray) else list(column)
    cells[:] = [items[row] for row in rows.tolist()]
    return cells


def _numbered(cells: NDArray[Any], table: dict[Key, int]) -> NDArray[np.int64]:
    """Return each cell's number in the table of values, -1 for the empty; new values join it."""
    if len(cells) <= _FEW or not _is_of_one_type(cells):
        return np.array([_number(cell, table) for cell in cells.tolist()], dtype=np.int64)
    codes, found = pd.factorize(cells)
    numbers = [_number(cell, table) for cell in found.tolist()]
    return np.array([*numbers, -1], dtype=np.int64)[codes]


def _is_of_one_type(cells: NDArray[Any]) -> bool:
    """Whether cells that are the same to pandas are the same to a map: 1, 1.0 and True are not."""
    return cells.dtype.kind != "O" or {type(cell) for cell in cells} <= {str, type(None)}


def _number(cell: Any, table: dict[Key, int]) -> int:
    key = _key(cell)
    return -1 if key is None else table.setdefault(key, len(table))


def _key(cell: Any) -> Key | None:
    """Return what a tile can hold of a cell, with its type; None for nothing."""
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, list | tuple | np.ndarray):
        parts = (_key(item) for item in cell)
        text = ";".join(str(part[1]) for part in parts if part is not None)
        return (str, text) if text else None
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, bool | str):
        return type(cell), cell
    if isinstance(cell, int):
        return (int, cell) if _LEAST_INTEGER <= cell <= _MOST_INTEGER else (str, str(cell))
    if isinstance(cell, float):
        return (float, cell) if math.isfinite(cell) else None
    return str, cell.isoformat() if isinstance(cell, date) else str(cell)


def _encoded(value: Any) -> bytes:
    """Return a value's message."""
    if isinstance(value, str):
        text = value.encode("utf-8", "replace")
        return _STRING + varint(len(text)) + text
    if isinstance(value, bool):
        return _FLAG + (b"\x01" if value else b"\x00")
    if isinstance(value, float):
        return _DOUBLE + struct.pack("<d", value)
    return _UNSIGNED + varint(value) if value >= 0 else _SIGNED + varint(-2 * value - 1)
