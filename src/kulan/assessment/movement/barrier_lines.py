"""Lines of barriers as the commands of movement read them: from files, or from the Atlas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from kulan.assessment.connectivity.barriers import ATLAS, atlas_lines, named_lines
from kulan.atlas import Release
from kulan.errors import UnknownCrsError, UnknownNameError
from kulan.exchange import Reading, read_features, read_local_lines
from kulan.exchange.telemetry import LOCAL_METRES, LOCAL_SYSTEM
from kulan.movement.barriers.segments import BarrierSegments, cut_to_length, segments_of
from kulan.movement.planes import Plane
from kulan.notes import Note, as_note
from kulan.places import WGS84
from kulan.provenance import Input
from kulan.words import N_

_KEPT = ("barrier_id", "segment_id", "name", "barrier_type", "fenced", "status", "geometry")


@dataclass(frozen=True)
class LinesRead:
    """Lines, and where they are from.

    Attributes
    ----------
    table
        One row for each line, EPSG:4326 or local metres: `barrier_id`, `segment_id`, `name`,
        `barrier_type`, `fenced`, `status`.
    inputs
        Files and layers, by hash.
    notes
        Sentences a careful reader must know.
    asked
        How they were read, for recipes.
    """

    table: gpd.GeoDataFrame
    inputs: tuple[Input, ...]
    notes: tuple[str, ...]
    asked: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """Whether they lie in local metres, nowhere on Earth."""
        return bool(self.table.crs.is_engineering)

    def segments(self, plane: Plane, longest_m: float | None = None) -> BarrierSegments:
        """Return the lines in a plane, cut into pieces where that is asked for.

        Raises
        ------
        UnknownCrsError
            If either the lines or the plane are of local metres, which lie nowhere on Earth.
        """
        if plane.is_local and not self.is_local:
            raise UnknownCrsError(
                "these fixes are local metres and lie nowhere on Earth: no line can be set beside "
                "them. Name their system with --crs; or, if the lines are in the very same local "
                "metres, say so with --barriers-crs local."
            )
        if self.is_local and not plane.is_local:
            raise UnknownCrsError(
                "these lines are local metres and lie nowhere on Earth, and the fixes have a place "
                "there. Name the system of the lines with --barriers-crs."
            )
        made = segments_of(
            list(self.table["barrier_id"]),
            list(self.table.geometry),
            segment_id=list(self.table["segment_id"]),
            plane=plane,
            crs=None if self.is_local else WGS84,
        )
        return made if longest_m is None else cut_to_length(made, longest_m)


def read_lines(
    given: Sequence[str],
    *,
    id_column: str | None = None,
    crs: str | None = None,
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
    crs
        System of files that do not say it; "local" for lines in the same local metres as the fixes.
    release, on
        The Atlas and the day on which its lines must stand; needed for `atlas`.

    Raises
    ------
    InvalidFileError, UnknownCrsError
        As `kulan.exchange.read_features` says.
    UnknownCrsError
        If lines of the Atlas shall be in local metres.
    UnknownNameError
        If a file has no such column.
    """
    local = crs == LOCAL_METRES
    tables, inputs = [], []
    notes: list[str] = []
    for name in given:
        if name == ATLAS:
            if local:
                raise UnknownCrsError(
                    "lines of the Atlas have a place on Earth; leave --barriers-crs local out, or "
                    "give files of lines alone."
                )
            assert release is not None
            assert on is not None
            tables.append(atlas_lines(release, on, planned=False)[list(_KEPT)])
            inputs.append(Input("barriers", release.layer("barriers").sha256, release.release_id))
            continue
        # collars are worn all over the world: no region is asked for
        reading = (
            read_local_lines(name)
            if local
            else read_features(Path(name), crs=crs, shapes=("line",), region=None)
        )
        tables.append(named_lines(_called(reading, id_column))[list(_KEPT)])
        inputs.append(Input(reading.source.name, reading.source.sha256))
        notes += _losses_told(reading)
    if local:
        text = N_("Lines are taken to be in the same local metres as the fixes, as declared.")
        notes.append(Note(text))
    system = LOCAL_SYSTEM if local else WGS84
    table = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True)).set_crs(system)
    asked = {
        "id_column": id_column,
        "crs": crs,
        "standing_on": on.isoformat() if on is not None and ATLAS in given else None,
    }
    return LinesRead(table, tuple(inputs), tuple(notes), asked)


def _losses_told(reading: Reading) -> list[Note]:
    """Say what was left out of a file of lines, and what was changed in it."""
    texts = {
        "left out": N_("{file}: {what} left out ({detail})."),
        "changed": N_("{file}: {what} ({detail})."),
    }
    return [
        Note(
            texts[row["kind"]],
            file=reading.source.name,
            what=as_note(row["what"]),
            detail=as_note(row["detail"]),
        )
        for row in reading.loss_report().to_dict("records")
    ]


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
