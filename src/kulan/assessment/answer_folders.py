"""The folder an answer ends in: numbers with their recipe, layers, tables, pictures, losses."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd

from kulan import __version__
from kulan.errors import OutputExistsError
from kulan.exchange import Reading
from kulan.exchange.geoparquet_out import write_layers
from kulan.exchange.telemetry import TelemetryFile
from kulan.notes import note_to_json
from kulan.outputs import check_writable, whole_folder, write_whole
from kulan.provenance import Recipe

RESULT = "result.json"


class Answered(Protocol):
    """What every answer holds, of whatever it is; its rasters are written by its own area."""

    @property
    def method(self) -> str:
        """Dotted name of the function that found it."""

    @property
    def numbers(self) -> Mapping[str, Any]:
        """What it comes to; an `Interval` is written with its limits."""

    @property
    def notes(self) -> Sequence[str]:
        """Sentences a careful reader must know."""

    @property
    def recipe(self) -> Recipe:
        """How it was found."""

    @property
    def features(self) -> Mapping[str, gpd.GeoDataFrame]:
        """Layers of `features.gpkg`, and of GeoParquet files where pyarrow is installed."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables, by file name without ending."""

    @property
    def pictures(self) -> Mapping[str, bytes]:
        """Finished pictures and pages, by file name with ending."""

    @property
    def readings(self) -> Sequence[Reading | TelemetryFile]:
        """Files that were read, for the account of losses."""


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


def write_folder(
    folder: Path,
    answer: Answered,
    units: Mapping[str, str],
    write_first: Callable[[Path], list[str]],
    *,
    replace: bool = False,
) -> list[Path]:
    """Write an answer as a folder that appears whole or not at all.

    Parameters
    ----------
    folder
        Where it shall appear.
    answer
        What was found.
    units
        Of numbers and rasters that do not tell them by their name.
    write_first
        Writes what only this kind of answer has, its rasters, into a folder; returns their names.
    replace
        Whether an earlier answer there may be replaced.

    Returns
    -------
    list of Path
        The files: result.json first, then rasters, features, tables, pictures and losses.

    Raises
    ------
    OutputExistsError, OutputDeniedError
        As `check_place` says.
    """
    check_place(folder, replace=replace)
    with whole_folder(folder, replace=replace) as work:
        names = [*write_first(work), *_write_others(work, answer)]
        result = {
            "kulan": __version__,
            "method": answer.method,
            "numbers": plain(answer.numbers),
            "notes": [str(note) for note in answer.notes],
            # the same, for reports in other languages
            "notes_by_parts": [note_to_json(note) for note in answer.notes],
            "units": dict(units),
            "recipe": plain(answer.recipe),
            "recipe_sha256": answer.recipe.digest,
            "files": names,
        }
        text = json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False)
        write_whole(work / RESULT, (text + "\n").encode())
    return [folder / name for name in (RESULT, *names)]


def _write_others(work: Path, answer: Answered) -> list[str]:
    names = write_layers(work, answer.features)
    names += [_write_table(work, name, table) for name, table in answer.tables.items()]
    for name, content in answer.pictures.items():
        write_whole(work / name, content)
        names.append(name)
    losses = losses_of(answer.readings)
    if len(losses):
        names.append(_write_table(work, "losses", losses))
    return names


def _write_table(work: Path, name: str, table: pd.DataFrame) -> str:
    content = table.to_csv(index=False, lineterminator="\n").encode()
    write_whole(work / f"{name}.csv", content)
    return f"{name}.csv"


def losses_of(readings: Sequence[Reading | TelemetryFile]) -> pd.DataFrame:
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

    A time is written as ISO 8601; an interval as its estimate, limits and level.

    Examples
    --------
    >>> plain({"ohm": np.array([1.5, np.inf])})
    {'ohm': [1.5, None]}
    >>> from kulan.movement.intervals import Interval
    >>> plain({"area_km2": Interval(1.0, 2.0, float("nan"))})
    {'area_km2': {'low': 1.0, 'estimate': 2.0, 'high': None, 'level': 0.95}}
    """
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, np.ndarray)):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value
