"""The answer of a question of connectivity, and the maps in its folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan import __version__
from kulan.assessment.answer_folders import check_place, plain, write_folder
from kulan.connectivity.equal_area_grids import PlaneGrid, write_plane_grid
from kulan.exchange import Reading
from kulan.provenance import Input, Recipe

__all__ = ["Answer", "check_place", "grid_tags", "on_cells", "plain", "write_answer"]


@dataclass(frozen=True)
class Answer:
    """What was found.

    Attributes
    ----------
    method
        Dotted name of the function that found it.
    parameters
        What it was asked with, units in the names.
    inputs
        What it was asked of, by hash.
    numbers
        What it comes to, in plain values; infinite and unknown numbers are None and named so.
    grids
        Maps, by file name without ending.
    units
        Unit of each map.
    features
        Layers of `features.gpkg`.
    tables
        Tables, by file name without ending.
    pictures
        Finished pictures, by file name with ending.
    readings
        Files that were read, for the account of losses.
    notes
        Sentences a careful reader must know.
    """

    method: str
    parameters: Mapping[str, Any]
    inputs: Sequence[Input]
    numbers: Mapping[str, Any]
    grids: Mapping[str, PlaneGrid] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    readings: Sequence[Reading] = ()
    notes: Sequence[str] = ()

    @property
    def recipe(self) -> Recipe:
        """How it was found."""
        return Recipe(self.method, __version__, tuple(self.inputs), dict(self.parameters))


def write_answer(folder: Path, answer: Answer, *, replace: bool = False) -> list[Path]:
    """Write an answer as a folder that appears whole or not at all.

    Parameters
    ----------
    folder
        Where it shall appear.
    answer
        What was found.
    replace
        Whether an earlier answer there may be replaced.

    Returns
    -------
    list of Path
        The files: result.json first, then maps, features, tables, pictures and losses.

    Raises
    ------
    OutputExistsError, OutputDeniedError
        As `check_place` says.
    """
    return write_folder(folder, answer, answer.units, partial(_write_maps, answer), replace=replace)


def _write_maps(answer: Answer, work: Path) -> list[str]:
    for name, grid in answer.grids.items():
        tags = {"KULAN_TITLE": name, "KULAN_UNIT": answer.units.get(name, "")}
        write_plane_grid(work / f"{name}.tif", grid, tags=tags | dict(grid_tags(answer)))
    return [f"{name}.tif" for name in answer.grids]


def grid_tags(answer: Answer) -> dict[str, str]:
    """Return what every map of an answer says of itself: species, season, recipe."""
    tags = {"KULAN_RECIPE": answer.recipe.digest}
    for name, tag in (("species_id", "KULAN_SPECIES"), ("season", "KULAN_SEASON")):
        if answer.parameters.get(name):
            tags[tag] = str(answer.parameters[name])
    return tags


def on_cells(grid: PlaneGrid, values: NDArray[np.float64]) -> PlaneGrid:
    """Put values, NaN for NoData, on the cells of a grid, in float32 to halve the file."""
    return grid.with_values(values.astype(np.float32))
