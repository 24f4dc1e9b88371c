"""Lines of barriers as the commands of movement read them: from files, or from the Atlas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd

from kulan.assessment.connectivity.barriers import ATLAS, atlas_lines, named_lines
from kulan.atlas import Release
from kulan.errors import UnknownCrsError, UnknownNameError
from kulan.exchange import Reading, read_features
from kulan.movement.barriers.segments import BarrierSegments, cut_to_length, segments_of
from kulan.movement.planes import Plane
from kulan.places import WGS84
from kulan.provenance import Input

_KEPT = ("barrier_id", "segment_id", "name", "barrier_type", "fenced", "status", "geometry")


@dataclass(frozen=True)
class LinesRead:
    """Lines, and where they are from.

    Attributes
    ----------
    table
        One row for each line, EPSG:4326: `barrier_id`, `segment_id`, `name`, `barrier_type`,
        `fenced`, `status`.
    inputs
        Files and layers, by hash.
    notes
        Sentences a careful reader must know.
    """

    table: gpd.GeoDataFrame
    inputs: tuple[Input, ...]
    notes: tuple[str, ...]

    def segments(self, plane: Plane, longest_m: float | None = None) -> BarrierSegments:
        """Return the lines in a plane, cut into pieces where that is asked for.

        Raises
        ------
        UnknownCrsError
            If the plane is of local metres, which lie nowhere on Earth.
        """
        if plane.is_local:
            raise UnknownCrsError(
                "these fixes are local metres and lie nowhere on Earth: no line can be set beside "
                "them. Name their system with --crs."
            )
        made = segments_of(
            list(self.table["barrier_id"]),
            list(self.table.geometry),
            segment_id=list(self.table["segment_id"]),
            plane=plane,
            crs=WGS84,
        )
        return made if longest_m is None else cut_to_length(made, longest_m)


def read_lines(
    given: Sequence[str],
    *,
    id_column: str | None = None,
    release: Release | None = None,
    on: date | None = None,
) -> LinesRead:
    """Read lines from files and from the Atlas.

    Parameters
    ----------
    given
        Files, or `atlas` for the lines of the Atlas.
    id_column
        Column of the files that names barriers; None for `barrier_id`, `id` or `name`, the first
        there is.
    release, on
        The Atlas and the day on which its lines must stand; needed for `atlas`.

    Raises
    ------
    InvalidFileError, UnknownCrsError
        As `kulan.exchange.read_features` says.
    UnknownNameError
        If a file has no such column.
    """
    tables, inputs, notes = [], [], []
    for name in given:
        if name == ATLAS:
            assert release is not None
            assert on is not None
            tables.append(atlas_lines(release, on, planned=False)[list(_KEPT)])
            inputs.append(Input("barriers", release.layer("barriers").sha256, release.release_id))
            continue
        # collars are worn all over the world: no region is asked for
        reading = read_features(Path(name), shapes=("line",), region=None)
        tables.append(named_lines(_called(reading, id_column))[list(_KEPT)])
        inputs.append(Input(reading.source.name, reading.source.sha256))
        notes += [
            f"{reading.source.name}: {row['what']} {row['kind']} ({row['detail']})."
            for row in reading.loss_report().to_dict("records")
        ]
    table = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=WGS84)
    return LinesRead(table, tuple(inputs), tuple(notes))


def _called(reading: Reading, id_column: str | None) -> Reading:
    if id_column is None:
        return reading
    features = reading.features
    if id_column not in features:
        known = ", ".join(str(name) for name in features.columns if name != "geometry")
        raise UnknownNameError(
            f"{reading.source.name}: no column is called {id_column!r}; there are {known}."
        )
    values = features[id_column]
    whole = pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all()
    names = values.astype("Int64").astype(str) if whole else values.astype(str)
    return Reading(**{**vars(reading), "features": features.assign(barrier_id=names)})
