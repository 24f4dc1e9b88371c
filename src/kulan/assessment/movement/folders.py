"""The folder an answer about movement ends in: numbers with limits, fixes, layers, rasters."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

from kulan import __version__
from kulan.assessment.connectivity.folders import RESULT, check_place, plain
from kulan.exchange import write_geopackage
from kulan.exchange.telemetry import TelemetryFile, write_fixes
from kulan.movement.distributions import PlaneFrame
from kulan.movement.fixes import Fixes
from kulan.outputs import whole_folder, write_whole
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

    @property
    def recipe(self) -> Recipe:
        """How it was found."""
        parameters = told_plainly(self.parameters)
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
    check_place(folder, replace=replace)
    with whole_folder(folder, replace=replace) as work:
        names = _write_parts(work, answer)
        result = {
            "kulan": __version__,
            "method": answer.method,
            "numbers": told_plainly(answer.numbers),
            "units": {**dict(answer.units), **{k: r.unit for k, r in answer.rasters.items()}},
            "notes": list(answer.notes),
            "recipe": plain(asdict(answer.recipe)),
            "recipe_sha256": answer.recipe.digest,
            "files": names,
        }
        text = json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False)
        write_whole(work / RESULT, (text + "\n").encode())
    return [folder / name for name in (RESULT, *names)]


def told_plainly(value: Any) -> Any:
    """Return a value as JSON can hold it; an interval as its estimate, limits and level.

    Examples
    --------
    >>> from kulan.movement.intervals import Interval
    >>> told_plainly({"area_km2": Interval(1.0, 2.0, float("nan"))})
    {'area_km2': {'low': 1.0, 'estimate': 2.0, 'high': None, 'level': 0.95}}
    """
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {str(key): told_plainly(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, np.ndarray)):
        return [told_plainly(one) for one in value]
    if value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return plain(value)


def _write_parts(work: Path, answer: MovementAnswer) -> list[str]:
    names = [] if answer.fixes is None else [write_fixes_in(work, answer.fixes)]
    for name, raster in answer.rasters.items():
        write_raster(work / f"{name}.tif", raster, recipe=answer.recipe.digest)
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
    losses = losses_of_telemetry(answer.readings)
    if len(losses):
        write_whole(work / "losses.csv", losses.to_csv(index=False, lineterminator="\n").encode())
        names.append("losses.csv")
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


def losses_of_telemetry(readings: Sequence[TelemetryFile]) -> pd.DataFrame:
    """Return what was altered in the files that were read, with their names."""
    tables = []
    for reading in readings:
        table = reading.loss_report()
        table.insert(0, "file", reading.source.name)
        tables.append(table)
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
