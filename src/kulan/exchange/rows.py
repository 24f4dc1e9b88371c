"""What one format's reader hands on: shapes and attributes as they stand in the file."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

KINDS = ("point", "line", "polygon")
KIND_WORDS = {"point": "points", "line": "lines", "polygon": "polygons"}
# GEOS type numbers: point, line, ring, polygon, and the multi-part ones; 7 is a mixed collection
KIND_OF_TYPE = {
    0: "point",
    1: "line",
    2: "line",
    3: "polygon",
    4: "point",
    5: "line",
    6: "polygon",
}
MOST_FEATURES = 10_000_000


@dataclass(frozen=True)
class Asked:
    """What the caller wants of a file.

    Attributes
    ----------
    name
        Name of the file as the caller gave it, for messages.
    layer
        Layer to read; None when the file should have only one that fits.
    shapes
        Kinds of geometry wanted, of `KINDS`.
    crs
        CRS the caller vouches for; None to take what the file declares.
    """

    name: str
    layer: str | None
    shapes: tuple[str, ...]
    crs: str | None

    @property
    def shapes_in_words(self) -> str:
        """The kinds wanted, for a sentence: 'lines or polygons'."""
        return " or ".join(KIND_WORDS[kind] for kind in self.shapes)


@dataclass(frozen=True)
class Rows:
    """Features of one layer, untouched.

    Attributes
    ----------
    geometries
        Shapely geometries, None where there is none; one per feature, in the file's own CRS.
    attributes
        Columns as the file names them, same length, index 0..n-1.
    source_rows
        Place of each feature in the file, 1 for the first.
    crs
        CRS the file declares, or its format fixes; None when it says nothing.
    layer
        Layer they came from; empty for formats without layers.
    n_read
        Features looked at, also those already left out.
    """

    geometries: NDArray[np.object_]
    attributes: pd.DataFrame
    source_rows: NDArray[np.int64]
    crs: str | None
    layer: str
    n_read: int
