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
class Told:
    """What whoever asks says of every alternative; it goes before what the files say."""

    barrier_type: str | None = None
    status: str | None = None
    attributes: Attributes = field(default_factory=Attributes)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of `kulan.exchange.tables.ALIGNMENTS` that it answers."""
        said = {"type": self.barrier_type, "status": self.status}
        said |= {each.name: getattr(self.attributes, each.name) for each in fields(Attributes)}
        return tuple(name for name, value in said.items() if value is not None)


@dataclass(frozen=True)
class Question:
    """What is asked: alternatives, the user's layers, and what their files held."""

    alternatives: tuple[PlannedAlternative, ...]
    layers: tuple[UserLayer, ...]
    readings: tuple[Reading, ...]


def read_question(
    paths: Sequence[Path],
    *,
    told: Told,
    structures: Path | None = None,
    structures_crs: str | None = None,
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
    told
        Type, status and attributes of all of them, whatever the files say.
    structures
        File of points, planned crossing structures.
    structures_crs
        CRS of that file where it declares none; `crs` when left out.
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
        reading = read_alignments(
            path, crs=crs, layer=layer_name, swap_axes=swap_axes, unread=told.columns
        )
        readings.append(reading)
        alternatives += _alternatives(reading, told)
    _check_ids(alternatives)
    if structures is not None:
        reading = read_structures(structures, crs=structures_crs or crs, swap_axes=swap_axes)
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


def _alternatives(reading: Reading, told: Told) -> list[PlannedAlternative]:
    """Make one alternative of all rows that share a value of the column `alternative`."""
    return [
        _alternative(str(name), rows, told, reading.source.name)
        for name, rows in reading.features.groupby("alternative", sort=False)
    ]


def _alternative(name: str, rows: gpd.GeoDataFrame, told: Told, file: str) -> PlannedAlternative:
    barrier_type = told.barrier_type or _only_value(rows, "type")
    if barrier_type is None:
        raise InvalidTableError(
            f"{file}: it does not say what is planned. Add --type with one of "
            f"{', '.join(BARRIER_TYPES)}, or a column 'type'."
        )
    attributes = {
        each.name: _first(getattr(told.attributes, each.name), _only_value(rows, each.name))
        for each in fields(Attributes)
    }
    titles = rows["name"].dropna().unique()
    return PlannedAlternative(
        alternative_id=name,
        name=str(titles[0]) if len(titles) == 1 else name,
        barrier_type=barrier_type,
        status=told.status or _only_value(rows, "status") or "planned",
        # two rows of one alternative may run over each other: a union measures that stretch once
        geometry=rows.geometry.union_all() if len(rows) > 1 else rows.geometry.iloc[0],
        attributes=Attributes(**attributes),
    )


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


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
