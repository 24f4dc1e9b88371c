"""What reading a file gives: features to use, and an account of everything else it held."""

from collections import Counter
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd


@dataclass(frozen=True)
class Source:
    """The file features came from.

    Attributes
    ----------
    name
        File name without its folder; ``roads.zip/roads.shp`` for a member of an archive.
    sha256
        Hash of the file's content. For a bare Shapefile: hash of the list of its files' hashes.
    format
        Name of the format, as in `kulan.exchange.formats.FORMATS`.
    layer
        Layer read; empty where the format has none.
    declared_crs
        CRS the coordinates were read in: what the file declares, its format fixes, or the caller
        vouched for.
    n_read
        Features the layer held.
    """

    name: str
    sha256: str
    format: str
    layer: str
    declared_crs: str
    n_read: int


@dataclass(frozen=True)
class Reading:
    """What a file held: the features we can use, and everything else with the reason why not.

    Attributes
    ----------
    features
        GeoDataFrame in EPSG:4326, two-dimensional, valid, single- or multi-part as given, index
        0..n-1; `source_row` (1 for the first feature of the file) and the file's own columns.
    left_out
        One row per thing not carried: `source_row` (`<NA>` for the whole file), `what`, `reason`.
    changes
        One row per kind of alteration: `what`, `detail`, `n_features`, `first_source_row`.
    source
        The file.
    """

    features: gpd.GeoDataFrame
    left_out: pd.DataFrame
    changes: pd.DataFrame
    source: Source

    def __str__(self) -> str:
        """Return one sentence for a log or a page."""
        pairs = zip(self.left_out["what"], self.left_out["reason"], strict=True)
        counts = Counter(f"{what}: {reason}" for what, reason in pairs)
        detail = "; ".join(f"{count} {words}" for words, count in counts.items())
        left_out = f"{len(self.left_out)} left out ({detail})" if detail else "nothing left out"
        changed = f"; changed: {', '.join(self.changes['what'])}" if len(self.changes) else ""
        count = len(self.features)
        noun = "feature" if count == 1 else "features"
        return f"{self.source.name}: {count} {noun} read, {left_out}{changed}."

    def loss_report(self) -> pd.DataFrame:
        """Return everything that differs from the file, one row per kind of difference.

        Returns
        -------
        DataFrame
            `kind` ('left out' or 'changed'), `what`, `detail`, `n` (how many; 0 for the file as a
            whole) and `first_source_row` (`<NA>` for the file as a whole). Empty when the features
            are exactly what the file holds.
        """
        groups = self.left_out.groupby(["what", "reason"], sort=False, dropna=False)
        lost = groups["source_row"].agg(n="size", first_source_row="min").reset_index()
        lost = lost.rename(columns={"reason": "detail"})
        changed = self.changes.rename(columns={"n_features": "n"})
        lost.insert(0, "kind", "left out")
        changed.insert(0, "kind", "changed")
        columns = ["kind", "what", "detail", "n", "first_source_row"]
        rows = [*lost[columns].to_dict("records"), *changed[columns].to_dict("records")]
        table = pd.DataFrame(rows, columns=columns)
        return table.astype({"n": int, "first_source_row": "Int64"})
