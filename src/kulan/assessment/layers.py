"""Layers the user brings to a screening: ``PATH,kind=range,species=saiga,date=2021``."""

import re
from dataclasses import dataclass, fields
from pathlib import Path

from kulan.errors import InvalidTableError, UnknownNameError
from kulan.exchange import Reading, read_features
from kulan.programme import species
from kulan.screening import UserLayer
from kulan.vocabulary import LAYER_KINDS

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True)
class LayerGiven:
    """What the user says of a layer of his own; empty where nothing was said.

    Attributes
    ----------
    path
        The file.
    kind
        One of `kulan.vocabulary.LAYER_KINDS`; empty means a range when a species is named.
    species
        Id of the species it shows.
    name, title, source, licence
        Words for the report; the file's name when empty.
    date
        The date its content speaks of: 2021, 2021-05 or 2021-05-14.
    resolution_m
        Grain or accuracy, m.
    crs, layer
        As for `kulan.exchange.read_features`.
    """

    path: Path
    kind: str = ""
    species: str = ""
    name: str = ""
    title: str = ""
    date: str = ""
    resolution_m: float | None = None
    source: str = ""
    licence: str = ""
    crs: str = ""
    layer: str = ""


_PROPERTIES = tuple(field.name for field in fields(LayerGiven) if field.name != "path")


def parse_layer(text: str) -> LayerGiven:
    """Read ``PATH,key=value,...``; a path may hold commas of its own.

    Raises
    ------
    UnknownNameError
        If a property, kind or species is not known.
    InvalidTableError
        If a date or a resolution cannot be read.

    Examples
    --------
    >>> given = parse_layer("ranges.gpkg,species=khulan,date=2021")
    >>> given.species, given.date
    ('khulan', '2021')
    """
    path, *items = re.split(r",(?=\s*[a-z_]+\s*=)", text)
    properties = {}
    for item in items:
        key, _, value = item.partition("=")
        if key.strip() not in _PROPERTIES:
            raise UnknownNameError(
                f"layer {path}: {key.strip()!r} is no property of a layer; "
                f"use {', '.join(_PROPERTIES)}."
            )
        properties[key.strip()] = value.strip()
    resolution_m = _positive(properties.pop("resolution_m", ""), path)
    given = LayerGiven(path=Path(path), resolution_m=resolution_m, **properties)
    _check(given)
    return given


def _positive(text: str, path: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise InvalidTableError(
            f"layer {path}: resolution_m is {text!r}; give a positive number of metres."
        )
    return value


def _check(given: LayerGiven) -> None:
    known = sorted(species()["species_id"])
    for what, value, allowed in (
        ("kind", given.kind, LAYER_KINDS),
        ("species", given.species, known),
    ):
        if value and value not in allowed:
            raise UnknownNameError(
                f"layer {given.path.name}: {what} {value!r} is not known; "
                f"use one of {', '.join(allowed)}."
            )
    if given.date and not _DATE.fullmatch(given.date):
        raise InvalidTableError(
            f"layer {given.path.name}: date is {given.date!r}; write 2021, 2021-05 or 2021-05-14."
        )


def read_user_layer(given: LayerGiven) -> tuple[UserLayer, Reading]:
    """Read one layer the user brings.

    Returns
    -------
    tuple
        The layer, and the reading with everything that was left out or changed.

    Raises
    ------
    InvalidFileError
        If the file cannot be read.
    """
    reading = read_features(
        given.path,
        layer=given.layer or None,
        crs=given.crs or None,
        shapes=("line", "polygon", "point"),
    )
    layer = UserLayer(
        name=given.name or given.path.stem,
        features=reading.features,
        kind=given.kind or ("range" if given.species else "other"),  # type: ignore[arg-type]
        species_id=given.species or None,
        title=given.title or given.name or given.path.stem,
        date=given.date,
        resolution_m=given.resolution_m,
        source=given.source,
        licence=given.licence,
        sha256=reading.source.sha256,
    )
    return layer, reading
