"""Answers about movement as layers for the Atlas, no finer than their owner allows."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from kulan.assessment.movement.degrees import layer_in_degrees
from kulan.assessment.movement.folders import RESULT, MovementAnswer
from kulan.atlas.precision import Account, Precision, generalise_rows
from kulan.errors import (
    InvalidFileError,
    InvalidRequestError,
    InvalidTableError,
    NotEnoughDataError,
    UnknownCrsError,
    UnknownNameError,
)
from kulan.programme import species
from kulan.provenance import Input, hash_file

FEATURES = "features.gpkg"
_ANIMAL = "animal_id"
# positions along a line, and rows of the fixes, lead back to where and when
_FINER = ("segment_id", "distance_m", "from_m", "to_m", "row", "encounter_id")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
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
        Fewest animals in one place that are shown; rows, where the layer does not tell animals.
    species_id
        Whose layer it is, as the programme calls it; "" where rows say it or nothing does.
    """

    layer: str | None
    precision: Precision
    keep: tuple[str, ...] = ()
    fewest: int = 1
    species_id: str = ""


def contribution_of(
    folder: Path, asked: ContributionAsked
) -> tuple[MovementAnswer, tuple[str, ...]]:
    """Make a layer for the Atlas of an answer's features, made coarse by the Atlas's own rules.

    Shapes become cells of the level, dates that are kept are told no finer than it allows, columns
    that are not named stay behind, and rows are put in the order of their contents. Whoever has the
    file has nothing finer than that, nor how much stayed behind.

    Parameters
    ----------
    folder
        What a command of movement wrote.
    asked
        Layer, precision, columns.

    Returns
    -------
    answer
        The layer, and what may be known of how it was made.
    account
        What stayed behind, in sentences for the owner alone.

    Raises
    ------
    InvalidRequestError
        If a threshold is asked of exact places, or a column to be kept tells places finer than
        they leave.
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
    _check(asked)
    path = folder / FEATURES
    result = _result_of(folder, path)
    name = _layer_of(path, asked.layer)
    table = gpd.read_file(path, layer=name)
    if table.crs is None or not (table.crs.is_geographic or table.crs.is_projected):
        raise UnknownCrsError(
            f"{path}, layer '{name}': local metres lie nowhere on Earth and can be no layer of the "
            "Atlas."
        )
    table = _with_species(layer_in_degrees(table), asked)
    kept = _kept_columns(table, asked, name)
    dates = tuple(column for column in _DATES if column in kept)
    made, account = generalise_rows(
        _dated(table, dates),
        asked.precision,
        public_columns=[one for one in kept if one not in dates],
        minimum_count=asked.fewest,
        date_columns=dates,
    )
    made = _of_enough_animals(made, table, account, asked.fewest)
    if made.empty:
        raise NotEnoughDataError(
            f"none of the {account.rows_in} rows of '{name}' may leave: fewer than {asked.fewest} "
            "animals, or rows, share a place. Ask for a coarser precision."
        )
    answer = _answer(name, result, asked, made, hash_file(path))
    return answer, _told(len(made), account, asked)


def _check(asked: ContributionAsked) -> None:
    if asked.precision == Precision.EXACT:
        if asked.fewest > 1:
            raise InvalidRequestError(
                f"at least {asked.fewest} in one place, of exact places: no two share one. Ask for "
                "cells, or leave the threshold out."
            )
        return
    finer = [one for one in asked.keep if one in _FINER]
    if finer:
        raise InvalidRequestError(
            f"{', '.join(finer)}: tells places finer than the cells in which they leave. Leave it "
            "out, or give exact places."
        )


def _of_enough_animals(
    made: gpd.GeoDataFrame, table: gpd.GeoDataFrame, account: Account, fewest: int
) -> gpd.GeoDataFrame:
    """Leave out places of fewer animals: two rows of one animal are not two animals."""
    if fewest < 2 or _ANIMAL not in table.columns:
        return made
    animals = table.loc[list(account.kept), _ANIMAL].to_numpy()
    places = made.geometry.to_wkb()
    counted = pd.Series(animals, index=made.index).groupby(places.to_numpy()).transform("nunique")
    return made[counted.to_numpy() >= fewest].reset_index(drop=True)


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
        days = [None if pd.isna(value) else str(value)[:10] for value in made[name]]
        wrong = next((day for day in days if day and not _DAY.fullmatch(day)), None)
        if wrong:
            raise InvalidTableError(
                f"column '{name}' holds '{wrong}', which is no day: an answer on an elapsed clock "
                "has none. Leave the column out."
            )
        made[name] = days
    return made


def _told(rows: int, account: Account, asked: ContributionAsked) -> tuple[str, ...]:
    told = [
        f"{rows} of {account.rows_in} rows leave, at the level '{asked.precision.name.lower()}'."
    ]
    if rows < account.rows_in:
        told.append(
            f"{account.rows_in - rows} rows stay behind: fewer than {asked.fewest} animals, or "
            "rows, share a place."
        )
    if account.withheld_columns:
        told.append(f"Columns that stay behind: {', '.join(account.withheld_columns)}.")
    if account.made_coarser:
        told.append(f"{account.made_coarser} large shapes are coarser than asked for.")
    return tuple(told)


def _answer(
    name: str,
    result: dict[str, Any],
    asked: ContributionAsked,
    made: gpd.GeoDataFrame,
    sha256: str,
) -> MovementAnswer:
    # notes, names of files and what stayed behind are the owner's: none of it leaves
    return MovementAnswer(
        "kulan.atlas.precision.generalise_rows",
        {
            "layer": name,
            "precision": asked.precision.name.lower(),
            "kept_columns": list(asked.keep),
            "fewest": asked.fewest,
            "species_id": asked.species_id,
            "made_by": result["recipe"]["method"],
            "made_by_recipe": result["recipe_sha256"],
        },
        [Input(name, sha256)],
        {"rows": len(made)},
        source="Chapman 2020, doi:10.15468/doc-5jp4-5g10.",
        features={name: made},
    )
