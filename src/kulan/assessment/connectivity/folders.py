"""The folder an answer ends in: numbers with their recipe, rasters, features, tables, pictures."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan import __version__
from kulan.connectivity.equal_area_grids import PlaneGrid, write_plane_grid
from kulan.errors import OutputExistsError
from kulan.exchange import Reading, write_geopackage
from kulan.outputs import check_writable, whole_folder, write_whole
from kulan.provenance import Input, Recipe

RESULT = "result.json"


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


def check_place(folder: Path, *, replace: bool) -> None:
    """Refuse a folder that may not be written to, before any work is done.

    Raises
    ------
    OutputExistsError
        If it is a file, or holds anything and is not an earlier answer that may be replaced.
    OutputDeniedError
        If nothing could be written there.
    """
    check_writable(folder)
    if folder.is_file():
        raise OutputExistsError(f"{folder} is a file; name a folder with --out.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not _is_answer(folder):
        raise OutputExistsError(
            f"{folder} holds files that Kulan did not write; name another folder with --out."
        )
    if not replace:
        raise OutputExistsError(
            f"{folder} already holds an answer; add --replace, or name another folder with --out."
        )


def _is_answer(folder: Path) -> bool:
    """Whether all that a folder holds was written by an earlier run, as its own list says."""
    try:
        listed = json.loads((folder / RESULT).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return {path.name for path in folder.iterdir()} <= {RESULT, *map(str, listed)}


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
    check_place(folder, replace=replace)
    with whole_folder(folder, replace=replace) as work:
        names = _write_parts(work, answer)
        result = {
            "kulan": __version__,
            "method": answer.method,
            "numbers": plain(answer.numbers),
            "notes": list(answer.notes),
            "units": dict(answer.units),
            "recipe": plain(asdict(answer.recipe)),
            "recipe_sha256": answer.recipe.digest,
            "files": names,
        }
        text = json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False)
        write_whole(work / RESULT, (text + "\n").encode())
    return [folder / name for name in (RESULT, *names)]


def _write_parts(work: Path, answer: Answer) -> list[str]:
    names = []
    for name, grid in answer.grids.items():
        tags = {"KULAN_TITLE": name, "KULAN_UNIT": answer.units.get(name, "")}
        write_plane_grid(work / f"{name}.tif", grid, tags=tags | dict(grid_tags(answer)))
        names.append(f"{name}.tif")
    if answer.features:
        write_geopackage(work / "features.gpkg", answer.features)
        names.append("features.gpkg")
    for name, table in answer.tables.items():
        write_whole(work / f"{name}.csv", table.to_csv(index=False, lineterminator="\n").encode())
        names.append(f"{name}.csv")
    for name, content in answer.pictures.items():
        write_whole(work / name, content)
        names.append(name)
    losses = losses_of(answer.readings)
    if len(losses):
        write_whole(work / "losses.csv", losses.to_csv(index=False, lineterminator="\n").encode())
        names.append("losses.csv")
    return names


def grid_tags(answer: Answer) -> dict[str, str]:
    """Return what every map of an answer says of itself: species, season, recipe."""
    tags = {"KULAN_RECIPE": answer.recipe.digest}
    for name, tag in (("species_id", "KULAN_SPECIES"), ("season", "KULAN_SEASON")):
        if answer.parameters.get(name):
            tags[tag] = str(answer.parameters[name])
    return tags


def losses_of(readings: Sequence[Reading]) -> pd.DataFrame:
    """Return what was left out of or changed in the files that were read, with their names."""
    tables = []
    for reading in readings:
        table = reading.loss_report()
        table.insert(0, "file", reading.source.name)
        tables.append(table)
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: arrays as lists, unknown and infinite numbers as None.

    Examples
    --------
    >>> plain({"ohm": np.array([1.5, np.inf])})
    {'ohm': [1.5, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def on_cells(grid: PlaneGrid, values: NDArray[np.float64]) -> PlaneGrid:
    """Put values, NaN for NoData, on the cells of a grid, in float32 to halve the file."""
    return grid.with_values(values.astype(np.float32))
