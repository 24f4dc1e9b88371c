"""Circuits wired as one likes, asked from files: given sources and given grounds."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.assessment.connectivity.barriers import BarrierLines, no_barriers
from kulan.assessment.connectivity.circuits import (
    barrier_notes,
    barrier_numbers,
    cut_landscape,
    landscape_parameters,
    masked,
)
from kulan.assessment.connectivity.folders import Answer
from kulan.assessment.connectivity.landscapes import Landscape
from kulan.assessment.connectivity.places import cells_of, names_of
from kulan.assessment.connectivity.rasters_beside import is_raster, read_beside
from kulan.assessment.connectivity.running import Running
from kulan.connectivity.circuits.stencil import components
from kulan.connectivity.circuits.wired import advanced
from kulan.errors import InvalidGridError, InvalidTableError
from kulan.exchange import Reading, read_features
from kulan.provenance import Input

Grid = NDArray[np.float64]
Kind = Literal["amps", "conductance"]
_DIRECT = ("inf", "infinite", "infinity", "direct", "")


@dataclass(frozen=True)
class Wires:
    """What is attached to the cells: sources in amperes, or grounds in siemens.

    Attributes
    ----------
    values
        Of each cell, shape (rows, columns); infinite for a direct connection to the ground.
    table
        The points and areas, where a file of such was given: `name`, `amps` or `conductance`,
        `n_cells`, and the shape; None for a raster.
    notes
        What was left out, and why.
    source
        The file, by hash.
    reading
        Its account of losses; None for a raster.
    """

    values: Grid
    table: gpd.GeoDataFrame | None
    notes: tuple[str, ...]
    source: Input
    reading: Reading | None = None


def read_wires(path: Path, landscape: Landscape, kind: Kind) -> Wires:
    """Read sources or grounds from a raster on the landscape's cells, or from points and areas.

    A raster gives the value of each cell. Of points and areas the column `amps` or `conductance`
    counts, shared out evenly among the cells of a shape; without the column a source has one
    ampere, and a ground is a direct connection, as one of conductance `inf` is. What lies on cells
    without a resistance is left out and told.

    Parameters
    ----------
    path
        The file.
    landscape
        The cells.
    kind
        `amps` for sources, `conductance` for grounds.

    Raises
    ------
    InvalidFileError
        If the file cannot be read.
    InvalidGridError
        If a raster does not lie on the cells, or nothing of the file does.
    InvalidTableError
        If a value is no number, an amperage is infinite, or a conductance negative.
    """
    wires = _of_raster(path, landscape) if is_raster(path) else _of_shapes(path, landscape, kind)
    _check(wires.values, path.name, kind)
    if not wires.values.any():
        told = f" ({wires.notes[0]})" if wires.notes else ""
        raise InvalidGridError(
            f"{path.name}: no {'source' if kind == 'amps' else 'ground'} lies on a cell with a "
            f"resistance{told}."
        )
    return wires


def _of_raster(path: Path, landscape: Landscape) -> Wires:
    given, source = read_beside(path, landscape)
    values = np.nan_to_num(given, nan=0.0, posinf=np.inf, neginf=-np.inf)
    beside = (values != 0) & ~np.isfinite(landscape.resistance)
    values[beside] = 0.0
    notes = (
        (f"{int(beside.sum())} cells of {path.name} lie where there is no resistance.",)
        if beside.any()
        else ()
    )
    return Wires(values, None, notes, source)


def _of_shapes(path: Path, landscape: Landscape, kind: Kind) -> Wires:
    reading = read_features(path, shapes=("point", "polygon"))
    table = reading.features
    known = np.isfinite(landscape.resistance).ravel()
    values = np.zeros(known.size)
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    names = names_of(reading, "source" if kind == "amps" else "ground")
    given = table[kind] if kind in table else [None] * len(table)
    for name, shape, value in zip(names, table.geometry, given, strict=True):
        amount = _amount(value, name, path.name, kind, has_column=kind in table)
        on = cells_of(shape, landscape.frame)
        usable = on[known[on]]
        if not usable.size:
            where = "on cells without a resistance" if on.size else "outside the landscape"
            notes.append(f"{name} of {path.name} is left out: it lies {where}.")
            continue
        values[usable] += amount / usable.size
        rows.append({"name": name, kind: amount, "n_cells": int(usable.size), "geometry": shape})
    found = gpd.GeoDataFrame(
        rows, columns=["name", kind, "n_cells", "geometry"], geometry="geometry", crs="EPSG:4326"
    )
    source = Input(reading.source.name, reading.source.sha256)
    return Wires(values.reshape(landscape.grid.shape), found, tuple(notes), source, reading)


def _amount(value: Any, name: str, file: str, kind: Kind, *, has_column: bool) -> float:
    """Read the strength of a source or ground; what is not told is 1 A, or a direct connection."""
    unsaid = value is None or (not isinstance(value, str) and pd.isna(value))
    word = "" if unsaid else str(value).strip().lower()
    if kind == "conductance" and word in _DIRECT:
        return np.inf
    if kind == "amps" and not has_column:
        return 1.0
    try:
        return float(word)
    except ValueError as error:
        raise InvalidTableError(
            f"{file}: {kind} of {name!r} is {value!r}; a number is needed"
            f"{', or inf for a direct connection' if kind == 'conductance' else ''}."
        ) from error


def _check(values: Grid, file: str, kind: Kind) -> None:
    if kind == "amps" and not np.isfinite(values).all():
        raise InvalidTableError(f"{file}: a source is infinite. Give amperes.")
    if kind == "conductance" and not (values >= 0).all():
        raise InvalidTableError(
            f"{file}: a conductance to the ground of {np.nanmin(values):g}. Zero or more siemens "
            "are needed; current that enters is a source."
        )


@dataclass(frozen=True)
class WiredQuestion:
    """What current is asked for.

    Attributes
    ----------
    landscape, barriers
        The cells, and what cuts them.
    sources, grounds
        Where current enters and leaves.
    """

    landscape: Landscape
    sources: Wires
    grounds: Wires
    barriers: BarrierLines = field(default_factory=no_barriers)

    @property
    def parameters(self) -> dict[str, Any]:
        """What the answer is asked with, for its recipe."""
        return landscape_parameters(self.landscape) | self.barriers.parameters


def let_flow(question: WiredQuestion, running: Running | None = None) -> Answer:
    """Let current flow from given sources to given grounds.

    Parameters
    ----------
    question
        From where to where.
    running
        How it is worked on.

    Returns
    -------
    Answer
        The maps `current`, A, and `voltage`, V.

    Raises
    ------
    InvalidGridError
        If no source has a way to a ground.
    NotSolvedError
        If no solver balances the currents.
    """
    running = running or Running()
    landscape = question.landscape
    stencil = cut_landscape(landscape, question.barriers)
    amps, ground = question.sources.values, question.grounds.values
    part = components(stencil)
    grounded = np.isin(part, np.unique(part[(ground > 0) & (part > 0)]))
    lost = float(np.abs(amps[~grounded]).sum())
    if not amps[grounded].any():
        raise InvalidGridError(
            "sources: none has a way to a ground. Barriers or NoData part them; place a ground on "
            "the sources' side."
        )
    found = advanced(stencil, amps, ground, solving=running.solving)
    running.telling("circuit")(1, 1)
    maps = {"current": found.current, "voltage": found.voltage}
    wires = (question.sources, question.grounds)
    tables = zip(("sources", "grounds"), wires, strict=True)
    features = {name: _finite(one.table) for name, one in tables if one.table is not None}
    if len(question.barriers):
        features["barriers"] = question.barriers.table
    return Answer(
        f"{advanced.__module__}.{advanced.__name__}",
        question.parameters | {"tolerance": running.solving.tolerance},
        (landscape.source, *(one.source for one in wires), *question.barriers.inputs),
        _numbers(question, maps, lost) | {"solver": found.attempts[-1].solver},
        {name: masked(landscape, values, stencil.valid) for name, values in maps.items()},
        {"current": "A", "voltage": "V"},
        features,
        readings=(
            *(one.reading for one in wires if one.reading is not None),
            *question.barriers.readings,
        ),
        notes=_notes(question, lost),
    )


def _finite(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer without infinite numbers, which a GIS does not show: direct in words."""
    if "conductance" not in table:
        return table
    return table.assign(
        direct=np.isinf(table["conductance"]),
        conductance=table["conductance"].replace(np.inf, np.nan),
    )


def _numbers(question: WiredQuestion, maps: dict[str, Grid], lost: float) -> dict[str, Any]:
    amps, ground = question.sources.values, question.grounds.values
    return {
        "amps_in": float(amps[amps > 0].sum()),
        "amps_out": float(np.abs(amps[amps < 0]).sum()),
        "amps_without_a_ground": lost,
        "source_cells": int((amps != 0).sum()),
        "ground_cells": int((ground > 0).sum()),
        "direct_ground_cells": int(np.isinf(ground).sum()),
        "current_largest_a": float(maps["current"].max()),
        "voltage_largest_v": float(maps["voltage"].max()),
    } | barrier_numbers(question.barriers)


def _notes(question: WiredQuestion, lost: float) -> list[str]:
    notes = [*question.sources.notes, *question.grounds.notes]
    if lost > 0:
        notes.append(
            f"Sources of {lost:g} A lie where no way leads to a ground; they carry nothing."
        )
    at_once = float(np.abs(question.sources.values[np.isinf(question.grounds.values)]).sum())
    if at_once > 0:
        notes.append(
            f"Sources of {at_once:g} A lie on cells with a direct connection to the ground, where "
            "they leave at once."
        )
    return notes + barrier_notes(question.barriers)
