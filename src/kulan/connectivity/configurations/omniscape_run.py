"""Runs of Omniscape configurations: their inputs read, their outputs in its names and forms."""

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.results import Failure
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import link_cells
from kulan.connectivity.configurations.omniscape_ini import OmniscapeSettings
from kulan.connectivity.configurations.raster_files import (
    PlainRaster,
    check_same_cells,
    read_raster,
    write_ascii_grid,
    write_geotiff,
)
from kulan.connectivity.configurations.reclass_tables import reclassified
from kulan.connectivity.windows.exact import (
    Omnidirectional,
    omnidirectional_windows,
)
from kulan.connectivity.windows.sources import Condition, WindowCompat, WindowRule
from kulan.errors import InvalidFileError, InvalidGridError, OutputExistsError
from kulan.outputs import check_writable, whole_folder, write_whole

Grid = NDArray[np.float64]
_PRECISE = Solving(tolerance=1e-9)
_MAPS = ("classified_resistance", "cum_currmap", "flow_potential", "normalized_cum_currmap")
_OUTPUT_NAMES = {"config.ini", *(f"{name}.{form}" for name in _MAPS for form in ("asc", "tif"))}


@dataclass(frozen=True)
class OmniscapeRun:
    """What a run wrote, and what it could not solve.

    Attributes
    ----------
    files
        The files written, in order.
    flow
        The maps, before cells without data were masked.
    failures
        Targets, by cell number, whose window no solver could solve; they are not in the maps.
    notes
        What was done otherwise than the configuration says, or passed over.
    """

    files: tuple[Path, ...]
    flow: Omnidirectional
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]


def run_omniscape(
    settings: OmniscapeSettings,
    *,
    solving: Solving = _PRECISE,
    compat: WindowCompat = "",
    executor: Executor | None = None,
    report: Callable[[int, int], None] | None = None,
    kept_in: Path | None = None,
    replace_outputs: bool = False,
) -> OmniscapeRun:
    """Do what an Omniscape configuration asks for, and write its maps into `project_name`.

    By default the answer differs from Omniscape 0.6 in four places, where that program does not
    do what its documentation describes. `compat="omniscape0.6"` repeats them:

    - in a window that the northern or western edge cuts, the sources that are taken for the
      target's own block lie where the target would be without the edge;
    - the flow potential treats NoData, and the corners of a window outside its circle, as cells
      like others, so that they carry current there;
    - sources on NoData receive their share of the current, which is lost, and a block whose
      middle is NoData is dropped;
    - where two edges cut a window, the correction of the pattern of blocks is misplaced.

    It also takes rasters of as many rows and columns for rasters of the same cells, wherever they
    say they lie, and passes over settings it does not know.

    Parameters
    ----------
    settings
        The configuration, see `kulan.connectivity.configurations.omniscape_ini.read_omniscape_ini`.
    solving
        How to solve.
    compat
        `omniscape0.6` for that program's numbers.
    executor
        Where windows are solved, such as a process pool; None for here.
    report
        Called with the number of targets done and that of all.
    kept_in
        Folder where finished pieces are kept, so that a stopped run goes on from there.
    replace_outputs
        Whether an earlier output folder may be replaced.

    Raises
    ------
    InvalidFileError, InvalidGridError
        If an input cannot be used.
    OutputExistsError
        If there is something at `project_name` and it may not be replaced.
    """
    check_omniscape_place(settings, replace_outputs=replace_outputs)
    notes = list(settings.ignored)
    block = settings.block_size
    if block % 2 == 0:
        block += 1
        notes.append(f"block_size = {settings.block_size} has no middle; {block} was used.")
    rule = WindowRule(settings.radius, block, settings.buffer, settings.correct_artifacts, compat)
    resistance = _read_resistance(settings)
    _check_radius(settings, resistance.shape)
    conductance = _conductance(resistance, settings)
    landscape = link_cells(conductance, neighbours=4 if settings.connect_four_neighbors_only else 8)
    inputs = _Inputs(settings, resistance, compat)
    flow = omnidirectional_windows(
        landscape,
        inputs.strengths(conductance),
        rule,
        conditions=inputs.conditions(),
        flow_potential=settings.calc_flow_potential or settings.calc_normalized_current,
        solving=solving,
        executor=executor,
        report=report,
        kept_in=kept_in,
    )
    files = _write(settings, resistance, flow, replace_outputs=replace_outputs)
    return OmniscapeRun(files, flow, flow.failures, tuple(notes))


def check_omniscape_place(settings: OmniscapeSettings, *, replace_outputs: bool) -> None:
    """Refuse an output folder that is in use, before any work is done.

    Parameters
    ----------
    settings
        The configuration.
    replace_outputs
        Whether a folder that holds nothing but Omniscape's outputs may be replaced.

    Raises
    ------
    OutputExistsError
        If there is something else, or it may not be replaced.
    OutputDeniedError
        If the place cannot be written.
    """
    place = settings.project_name
    check_writable(place)
    if not place.is_dir() or not any(place.iterdir()):
        return
    others = sorted(file.name for file in place.iterdir() if file.name not in _OUTPUT_NAMES)
    if others:
        raise OutputExistsError(
            f"{place}: holds {others[0]}, which is no output of Omniscape. Name another "
            "project_name."
        )
    if not replace_outputs:
        raise OutputExistsError(
            f"{place}: holds the outputs of a run before. Name another project_name, or allow "
            "them to be replaced with --replace."
        )


# --- inputs ---------------------------------------------------------------------------------------


def _read_resistance(settings: OmniscapeSettings) -> PlainRaster:
    raster = read_raster(settings.resistance_file)
    if (raster.values <= 0).any():
        row, column = np.argwhere(raster.values <= 0)[0]
        raise InvalidGridError(
            f"{raster.name}: {raster.values[row, column]:g} in row {row + 1}, column "
            f"{column + 1}. Resistances and conductances are above zero; give cells that cannot "
            "be crossed the file's NoData value."
        )
    if not settings.reclassify_resistance or settings.reclass_table is None:
        return raster
    return replace(raster, values=reclassified(raster.values, settings.reclass_table))


def _conductance(raster: PlainRaster, settings: OmniscapeSettings) -> Grid:
    values = np.where(np.isnan(raster.values), 0.0, raster.values)
    if settings.resistance_is_conductance:
        return values
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _check_radius(settings: OmniscapeSettings, shape: tuple[int, int]) -> None:
    """Refuse windows that are mostly outside the landscape: they would only take memory."""
    whole = math.ceil(math.hypot(*shape))
    if settings.radius + settings.buffer > 2 * whole:
        raise InvalidFileError(
            f"radius = {settings.radius} and buffer = {settings.buffer}: the landscape has "
            f"{shape[0]} rows of {shape[1]} cells, and a radius of {whole} covers it from anywhere."
        )


@dataclass(frozen=True)
class _Inputs:
    """Reads what must cover the cells of the resistances."""

    settings: OmniscapeSettings
    raster: PlainRaster
    compat: WindowCompat

    def strengths(self, conductance: Grid) -> Grid:
        """Return the strength of each source, zero where there is none."""
        settings = self.settings
        if settings.source_from_resistance:
            least = 1.0 / settings.r_cutoff if settings.r_cutoff > 0 else np.inf
            return np.where(conductance >= least, conductance, 0.0)
        assert settings.source_file is not None
        values = np.nan_to_num(self._read(settings.source_file), nan=0.0)
        return np.where(values < settings.source_threshold, 0.0, values)

    def conditions(self) -> tuple[Condition, ...]:
        """Return what sources and targets must have in common."""
        settings = self.settings
        if not settings.conditional:
            return ()
        asked = [
            (
                "1",
                settings.condition1_file,
                settings.condition1_future_file,
                settings.comparison1,
                (settings.condition1_lower, settings.condition1_upper),
            ),
            (
                "2",
                settings.condition2_file,
                settings.condition2_future_file,
                settings.comparison2,
                (settings.condition2_lower, settings.condition2_upper),
            ),
        ]
        conditions = []
        for number, now, later, comparison, within in asked[: int(settings.n_conditions)]:
            assert now is not None
            sources = targets = self._read(now)
            if settings.compare_to_future in (number, "both") and later is not None:
                targets = self._read(later)
            limits = within if comparison == "within" else None
            conditions.append(Condition(sources, targets, limits))
        return tuple(conditions)

    def _read(self, path: Path) -> Grid:
        other = read_raster(path)
        known = replace(other, crs="") if self.settings.allow_different_projections else other
        check_same_cells(self.raster, known, any_corner=bool(self.compat))
        return other.values


# --- outputs --------------------------------------------------------------------------------------


def _write(
    settings: OmniscapeSettings,
    raster: PlainRaster,
    flow: Omnidirectional,
    *,
    replace_outputs: bool,
) -> tuple[Path, ...]:
    """Write the maps that were asked for into a folder that appears whole or not at all."""
    maps: dict[str, Grid] = {}
    if settings.reclassify_resistance and settings.write_reclassified_resistance:
        maps["classified_resistance"] = raster.values
    if settings.write_raw_currmap:
        maps["cum_currmap"] = flow.current
    if settings.calc_flow_potential and flow.flow_potential is not None:
        maps["flow_potential"] = flow.flow_potential
    if settings.calc_normalized_current:
        maps["normalized_cum_currmap"] = flow.normalised
    names = []
    with whole_folder(settings.project_name, replace=replace_outputs) as folder:
        for name, values in maps.items():
            shown = np.where(np.isnan(raster.values), np.nan, values)
            shown = shown if settings.mask_nodata else values
            names.append(f"{name}.{'tif' if settings.write_as_tif else 'asc'}")
            write = write_geotiff if settings.write_as_tif else write_ascii_grid
            write(folder / names[-1], shown, raster)
        if settings.text:
            names.append("config.ini")
            write_whole(folder / names[-1], settings.text.encode())
    return tuple(settings.project_name / name for name in names)
