"""Tables that turn the values of a map into others, as Circuitscape and Omniscape read them."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.configurations.ini_files import read_text
from kulan.connectivity.configurations.raster_files import NODATA
from kulan.errors import InvalidFileError

Values = NDArray[np.float64]


def reclassified(values: Values, path: Path) -> Values:
    """Replace values by those beside them in a table of two columns.

    All lines look at the values as they were: a value that one line brings in is not changed by
    another, as it would be in Circuitscape 4.

    Parameters
    ----------
    values
        What to change; NaN for NoData.
    path
        Text file with the value as it is and as it shall be on each line; `missing`, or -9999,
        is NoData in either place.

    Raises
    ------
    InvalidFileError
        If the file is missing, a line holds other than two numbers, makes a value that is not
        above zero, or if two lines change the same value.
    """
    changed = values.copy()
    seen: set[float | None] = set()
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        words = [word.strip("\"'") for word in line.replace(",", " ").split()]
        if not words:
            continue
        try:
            old, new = (_value(word) for word in words)
        except ValueError as error:
            raise InvalidFileError(
                f"{path.name}: line {number}, {line!r}; two numbers are needed, the value as it "
                "is and as it shall be, or `missing`."
            ) from error
        if new is not None and not 0 < new < float("inf"):
            raise InvalidFileError(
                f"{path.name}: line {number} makes a resistance of {new:g}; above zero is "
                "needed, or `missing` for cells that cannot be crossed."
            )
        if old in seen:
            raise InvalidFileError(
                f"{path.name}: line {number} changes {words[0]}, which a line before changes too. "
                "Keep one of them."
            )
        seen.add(old)
        changed[np.isnan(values) if old is None else values == old] = np.nan if new is None else new
    return changed


def _value(word: str) -> float | None:
    """Read a number; None for NoData."""
    if word.lower() == "missing":
        return None
    number = float(word)
    return None if number == NODATA or np.isnan(number) else number
