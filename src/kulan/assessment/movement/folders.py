"""The answer of a question of movement, and the fixes and rasters in its folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

from kulan import __version__
from kulan.assessment.answer_folders import RESULT, check_place, plain, write_folder
from kulan.exchange.telemetry import TelemetryFile, write_fixes
from kulan.movement.distributions import PlaneFrame
from kulan.movement.fixes import Fixes
from kulan.outputs import write_whole
from kulan.provenance import Input, Recipe

__all__ = ["RESULT", "MovementAnswer", "PlaneRaster", "check_place", "write_answer"]


@dataclass(frozen=True, eq=False)
class PlaneRaster:
    """Values on the cells of a plane.

    Attributes
    ----------
    values
        Shape of the frame; NaN where nothing is known.
    frame
        The cells, and the plane they lie in.
    unit
        Of the values.
    """

    values: NDArray[Any]
    frame: PlaneFrame
    unit: str = ""


@dataclass(frozen=True)
class MovementAnswer:
    """What was found.

    Attributes
    ----------
    method
        Dotted name of the function that found it.
    parameters
        What it was asked with, units in the names.
    inputs
        Files it was asked of, by hash.
    numbers
        What it comes to; an `Interval` is written with its limits, unknown numbers as null.
    units
        Unit of each number that is not told by its name.
    source
        Publication of the method.
    fixes
        Fixes to write as fixes.parquet, or fixes.gpkg.
    rasters
        By file name without ending; written as cloud-optimised GeoTIFF.
    features
        Layers of `features.gpkg`.
    tables
        By file name without ending; CSV.
    pictures
        Finished pictures and pages, by file name with ending.
    readings
        What became of the files that were read.
    notes
        Sentences a careful reader must know.
    reading
        How the files were read (`kulan.assessment.movement.reading.FixesAsked.told`); empty where
        none were.
    """

    method: str
    parameters: Mapping[str, Any]
    inputs: Sequence[Input]
    numbers: Mapping[str, Any]
    units: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    fixes: Fixes | None = None
    rasters: Mapping[str, PlaneRaster] = field(default_factory=dict)
    features: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    readings: Sequence[TelemetryFile] = ()
    notes: Sequence[str] = ()
    reading: Mapping[str, Any] = field(default_factory=dict)

    @property
    def recipe(self) -> Recipe:
        """How it was found."""
        reading = {"reading": self.reading} if self.reading else {}
        parameters = plain({**self.parameters, **reading})
        return Recipe(self.method, __version__, tuple(self.inputs), parameters, self.source)


def write_answer(folder: Path, answer: MovementAnswer, *, replace: bool = False) -> list[Path]:
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
        The files: result.json first.

    Raises
    ------
    OutputExistsError, OutputDeniedError
        As `check_place` says.
    """
    units = {**answer.units, **{name: one.unit for name, one in answer.rasters.items()}}
    return write_folder(
        folder, answer, units, partial(_write_fixes_and_rasters, answer), replace=replace
    )


def _write_fixes_and_rasters(answer: MovementAnswer, work: Path) -> list[str]:
    names = [] if answer.fixes is None else [write_fixes_in(work, answer.fixes)]
    for name, raster in answer.rasters.items():
        write_raster(work / f"{name}.tif", raster, recipe=answer.recipe.digest)
        names.append(f"{name}.tif")
    return names


def write_fixes_in(folder: Path, fixes: Fixes) -> str:
    """Write fixes into a folder as GeoParquet, without pyarrow as GeoPackage; return the name.

    Parameters
    ----------
    folder
        Where it shall lie.
    fixes
        What to write.
    """
    try:
        import pyarrow  # noqa: F401, PLC0415 - an optional part
    except ImportError:
        name = "fixes.gpkg"
    else:
        name = "fixes.parquet"
    write_fixes(folder / name, fixes)
    return name


def write_raster(path: Path, raster: PlaneRaster, *, recipe: str = "") -> None:
    """Write values on cells as a cloud-optimised GeoTIFF.

    Parameters
    ----------
    path
        File to write.
    raster
        Values, cells and unit; a frame of local metres is written without a system.
    recipe
        Digest of how it was made.
    """
    frame = raster.frame
    values = np.asarray(raster.values)
    kind = np.float32 if np.issubdtype(values.dtype, np.floating) else values.dtype
    profile = {
        "driver": "COG",
        "height": frame.rows,
        "width": frame.columns,
        "count": 1,
        "dtype": kind,
        "transform": from_origin(frame.west_m, frame.north_m, frame.cell_x_m, frame.cell_y_m),
        "compress": "deflate",
    }
    if frame.plane.crs:
        profile["crs"] = frame.plane.crs
    if np.issubdtype(kind, np.floating):
        profile["nodata"] = np.nan
    with rasterio.MemoryFile() as memory:
        with memory.open(**profile) as file:
            file.write(values.astype(kind), 1)
            file.update_tags(KULAN_UNIT=raster.unit, KULAN_RECIPE=recipe)
        write_whole(path, memory.read())
