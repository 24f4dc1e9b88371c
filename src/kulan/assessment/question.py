"""A question to be screened, read from the user's files."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from kulan.assessment.layers import LayerGiven, read_user_layer
from kulan.errors import InvalidTableError
from kulan.exchange import Reading, read_alignments, read_structures
from kulan.screening import Attributes, PlannedAlternative, PlannedStructure, UserLayer
from kulan.vocabulary import BARRIER_TYPES


@dataclass(frozen=True)
class Defaults:
    """What holds for every alternative whose file does not say otherwise."""

    barrier_type: str | None = None
    status: str = "planned"
    attributes: Attributes = field(default_factory=Attributes)


@dataclass(frozen=True)
class Question:
    """What is asked: alternatives, the user's layers, and what their files held."""

    alternatives: tuple[PlannedAlternative, ...]
    layers: tuple[UserLayer, ...]
    readings: tuple[Reading, ...]


def read_question(
    paths: Sequence[Path],
    *,
    defaults: Defaults,
    structures: Path | None = None,
    layers: Sequence[LayerGiven] = (),
    crs: str | None = None,
    layer_name: str | None = None,
    swap_axes: bool = False,
) -> Question:
    """Read alternatives, their planned structures, and the user's own layers.

    Parameters
    ----------
    paths
        Files of lines or polygons. Each is one alternative unless a column `alternative` says more.
    defaults
        Type, status and attributes where the files are silent.
    structures
        File of points, planned crossing structures.
    layers
        Layers the user brings.
    crs, layer_name, swap_axes
        For files of alternatives and structures, as `kulan.exchange.read_alignments` takes them.

    Raises
    ------
    InvalidFileError, InvalidTableError, UnknownCrsError
        If a file cannot be used; nothing is read half.
    """
    readings: list[Reading] = []
    alternatives: list[PlannedAlternative] = []
    for path in paths:
        reading = read_alignments(path, crs=crs, layer=layer_name, swap_axes=swap_axes)
        readings.append(reading)
        alternatives += _alternatives(reading, defaults)
    _check_ids(alternatives)
    if structures is not None:
        reading = read_structures(structures, crs=crs, swap_axes=swap_axes)
        readings.append(reading)
        points = _structures(reading.features)
        alternatives = [replace(each, structures=points) for each in alternatives]
    read_layers = [read_user_layer(given) for given in layers]
    _check_names([layer for layer, _ in read_layers])
    return Question(
        tuple(alternatives),
        tuple(layer for layer, _ in read_layers),
        tuple(readings) + tuple(reading for _, reading in read_layers),
    )


def _alternatives(reading: Reading, defaults: Defaults) -> list[PlannedAlternative]:
    """Make one alternative of all rows that share a value of the column `alternative`."""
    return [
        _alternative(str(name), rows, defaults, reading.source.name)
        for name, rows in reading.features.groupby("alternative", sort=False)
    ]


def _alternative(
    name: str, rows: gpd.GeoDataFrame, defaults: Defaults, file: str
) -> PlannedAlternative:
    barrier_type = _only_value(rows, "type") or defaults.barrier_type
    if barrier_type is None:
        raise InvalidTableError(
            f"{file}: it does not say what is planned. Add --type with one of "
            f"{', '.join(BARRIER_TYPES)}, or a column 'type'."
        )
    said = {each.name: _only_value(rows, each.name) for each in fields(Attributes)}
    titles = rows["name"].dropna().unique()
    return PlannedAlternative(
        alternative_id=name,
        name=str(titles[0]) if len(titles) == 1 else name,
        barrier_type=barrier_type,
        status=_only_value(rows, "status") or defaults.status,
        # two rows of one alternative may run over each other: a union measures that stretch once
        geometry=rows.geometry.union_all() if len(rows) > 1 else rows.geometry.iloc[0],
        attributes=replace(
            defaults.attributes, **{key: value for key, value in said.items() if value is not None}
        ),
    )


def _only_value(rows: gpd.GeoDataFrame, column: str) -> Any:
    """Return the one value the rows of an alternative share, None when none of them says."""
    values = rows[column].dropna().unique().tolist()
    if len(values) > 1:
        raise InvalidTableError(
            f"alternative {rows['alternative'].iloc[0]}: its rows say {column} = "
            f"{' and '.join(map(str, values))}, but an alternative has one {column}. "
            "Split it with the column 'alternative'."
        )
    return values[0] if values else None


def _check_ids(alternatives: list[PlannedAlternative]) -> None:
    ids = [each.alternative_id for each in alternatives]
    if repeated := sorted({each for each in ids if ids.count(each) > 1}):
        raise InvalidTableError(
            f"two files hold an alternative named {', '.join(repeated)}; rename one file, or name "
            "the alternatives in a column 'alternative'."
        )


def _check_names(layers: list[UserLayer]) -> None:
    names = [layer.name for layer in layers]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidTableError(
            f"two layers are named {', '.join(repeated)}; tell them apart with ,name=..."
        )


def _structures(points: gpd.GeoDataFrame) -> tuple[PlannedStructure, ...]:
    return tuple(
        PlannedStructure(
            structure_id=str(row.structure_id),
            kind=str(row.kind),
            point=row.geometry,
            width_m=_known(row.width_m),
            height_m=_known(row.height_m),
        )
        for row in points.itertuples()
    )


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
