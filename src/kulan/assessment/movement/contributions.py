"""Answers about movement as layers for the Atlas, no finer than their owner allows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio

from kulan.assessment.movement.folders import RESULT, MovementAnswer
from kulan.atlas.precision import Account, Precision, generalise_rows
from kulan.errors import (
    InvalidFileError,
    NotEnoughDataError,
    UnknownCrsError,
    UnknownNameError,
)
from kulan.places import WGS84
from kulan.programme import species
from kulan.provenance import Input, hash_file

FEATURES = "features.gpkg"
_DATES = ("valid_from", "valid_to", "date", "start", "end", "time")


@dataclass(frozen=True)
class ContributionAsked:
    """What is to be given.

    Attributes
    ----------
    layer
        Layer of the answer's features; None for the only one.
    precision
        Finest level at which shapes leave.
    keep
        Columns that everyone may read; all others stay behind.
    fewest
        Fewest rows in one place that are shown.
    species_id
        Whose layer it is, as the programme calls it; "" where rows say it or nothing does.
    """

    layer: str | None
    precision: Precision
    keep: tuple[str, ...] = ()
    fewest: int = 1
    species_id: str = ""


def contribution_of(folder: Path, asked: ContributionAsked) -> MovementAnswer:
    """Make a layer for the Atlas of an answer's features, made coarse by the Atlas's own rules.

    Shapes become cells of the level, dates are told no finer than it allows, columns that are not
    named stay behind, and rows are put in the order of their contents. Whoever has the file has
    nothing finer than that.

    Parameters
    ----------
    folder
        What a command of movement wrote.
    asked
        Layer, precision, columns.

    Raises
    ------
    InvalidFileError
        If the folder holds no answer with features.
    UnknownNameError
        If there is no such layer, column or species.
    UnknownCrsError
        If the answer is of local metres.
    NotEnoughDataError
        If no row may leave.
    InvalidGeometryError, InvalidTableError, TooLargeError
        As `kulan.atlas.precision.generalise_rows` says.
    """
    path = folder / FEATURES
    result = _result_of(folder, path)
    name = _layer_of(path, asked.layer)
    table = gpd.read_file(path, layer=name)
    if table.crs is None or not (table.crs.is_geographic or table.crs.is_projected):
        raise UnknownCrsError(
            f"{path}, layer '{name}': local metres lie nowhere on Earth and can be no layer of the "
            "Atlas."
        )
    table = _with_species(table.to_crs(WGS84), asked)
    kept = _kept_columns(table, asked, name)
    dates = tuple(column for column in _DATES if column in table.columns)
    made, account = generalise_rows(
        _dated(table, dates),
        asked.precision,
        public_columns=kept,
        minimum_count=asked.fewest,
        date_columns=dates,
    )
    if made.empty:
        raise NotEnoughDataError(
            f"none of the {account.rows_in} rows of '{name}' may leave: fewer than {asked.fewest} "
            "share a place. Ask for a coarser precision."
        )
    return _answer(folder, name, result, asked, made, account)


def _result_of(folder: Path, path: Path) -> dict[str, Any]:
    try:
        result: dict[str, Any] = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidFileError(
            f"{folder}: no {RESULT} that can be read ({error}). Give a folder that a command of "
            "movement wrote."
        ) from error
    if not path.is_file():
        raise InvalidFileError(
            f"{folder}: this answer has no {FEATURES}, and so nothing that could be a layer."
        )
    return result


def _layer_of(path: Path, wanted: str | None) -> str:
    names = [str(name) for name, kind in pyogrio.list_layers(path) if kind]
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted not in names:
        asked = "several layers" if wanted is None else f"no layer '{wanted}'"
        raise UnknownNameError(f"{path}: {asked}; name one of {', '.join(names)}.")
    return str(wanted)


def _with_species(table: gpd.GeoDataFrame, asked: ContributionAsked) -> gpd.GeoDataFrame:
    if not asked.species_id:
        return table
    known = species()["species_id"].tolist()
    if asked.species_id not in known:
        raise UnknownNameError(f"no species '{asked.species_id}'; there are {', '.join(known)}.")
    return table.assign(species_id=asked.species_id)


def _kept_columns(table: gpd.GeoDataFrame, asked: ContributionAsked, name: str) -> tuple[str, ...]:
    columns = [str(one) for one in table.columns if one != table.geometry.name]
    unknown = [one for one in asked.keep if one not in columns]
    if unknown:
        raise UnknownNameError(
            f"layer '{name}' has no column {', '.join(unknown)}; it has {', '.join(columns)}."
        )
    species = ("species_id",) if "species_id" in columns else ()
    return tuple(dict.fromkeys((*asked.keep, *species)))


def _dated(table: gpd.GeoDataFrame, dates: Sequence[str]) -> gpd.GeoDataFrame:
    """Write moments as days: the Atlas tells none finer."""
    made = table.copy()
    for name in dates:
        made[name] = [
            None if value is None or value != value else str(value)[:10]  # noqa: PLR0124 - NaT
            for value in made[name]
        ]
    return made


def _answer(
    folder: Path,
    name: str,
    result: dict[str, Any],
    asked: ContributionAsked,
    made: gpd.GeoDataFrame,
    account: Account,
) -> MovementAnswer:
    # the notes of the answer stay behind: they may name animals and files
    notes = [
        f"{account.rows_out} of {account.rows_in} rows leave, at the level "
        f"'{asked.precision.name.lower()}'.",
    ]
    if account.dropped_rows:
        notes.insert(
            1,
            f"{account.dropped_rows} rows stay behind: fewer than {asked.fewest} share a place.",
        )
    if account.withheld_columns:
        notes.insert(1, f"Columns that stay behind: {', '.join(account.withheld_columns)}.")
    if account.made_coarser:
        notes.insert(1, f"{account.made_coarser} large shapes are coarser than asked for.")
    return MovementAnswer(
        "kulan.atlas.precision.generalise_rows",
        {
            "layer": name,
            "precision": asked.precision.name.lower(),
            "kept_columns": list(asked.keep),
            "fewest_rows": asked.fewest,
            "species_id": asked.species_id,
            "made_by": result["recipe"]["method"],
            "made_by_recipe": result["recipe_sha256"],
        },
        [Input(f"{folder.name}/{FEATURES}", hash_file(folder / FEATURES))],
        {"rows_given": account.rows_out, "rows_of_the_answer": account.rows_in},
        source="Chapman 2020, doi:10.15468/doc-5jp4-5g10.",
        features={name: made},
        notes=notes,
    )
