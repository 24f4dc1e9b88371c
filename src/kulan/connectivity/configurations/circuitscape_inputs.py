"""Inputs of a Circuitscape run on rasters, read into what the library works on."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.sites import Sites, merge, sites_from_list
from kulan.connectivity.circuits.stencil import Stencil, link_cells
from kulan.connectivity.configurations.circuitscape_ini import CircuitscapeSettings
from kulan.connectivity.configurations.circuitscape_lists import (
    ChosenPairs,
    read_cells,
    read_pairs,
    whole_numbers,
)
from kulan.connectivity.configurations.raster_files import (
    PlainRaster,
    check_same_cells,
    read_raster,
)
from kulan.connectivity.configurations.reclass_tables import reclassified
from kulan.errors import InvalidFileError, InvalidGridError, InvalidTableError

Compat = Literal["", "circuitscape5"]
Grid = NDArray[np.float64]


@dataclass(frozen=True)
class Habitat:
    """The landscape of a run.

    Attributes
    ----------
    raster
        The habitat as read; it says where the cells lie.
    stencil
        The linked cells.
    polygons
        Short-circuit regions by positive number, shape (rows, columns); None for none.
    """

    raster: PlainRaster
    stencil: Stencil
    polygons: NDArray[np.int64] | None

    def node_cells(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return cells together with all of the short-circuit regions they touch."""
        if self.polygons is None:
            return cells
        flat = self.polygons.ravel()
        touched = np.unique(flat[cells])
        return np.union1d(cells, np.flatnonzero(np.isin(flat, touched[touched > 0])))


@dataclass(frozen=True)
class Inputs:
    """Reads the files of a run.

    Attributes
    ----------
    settings
        What the configuration names.
    compat
        `circuitscape5` takes what that program takes: see `run_circuitscape`.
    notes
        What was taken otherwise than it stands in a file is added here.
    """

    settings: CircuitscapeSettings
    compat: Compat
    notes: list[str]

    def habitat(self) -> Habitat:
        """Read the habitat, with its mask and short-circuit regions."""
        settings = self.settings
        raster = read_raster(settings.needed("habitat_file"))
        if settings.use_reclass_table:
            values = reclassified(raster.values, settings.needed("reclass_file"))
            raster = replace(raster, values=values)
        conductance = self._conductance(raster)
        if settings.use_mask:
            mask = self._over(raster, settings.needed("mask_file"))
            conductance[~(mask.values > 0)] = 0.0
            if not conductance.any():
                raise InvalidGridError(
                    f"{mask.name}: the mask leaves no cell with a conductance. Cells to keep need "
                    "a positive number."
                )
        polygons = None
        if settings.use_polygons:
            path = settings.needed("polygon_file")
            drawn = np.where(np.isnan(values := self._over(raster, path).values), 0.0, values)
            polygons = whole_numbers(path, drawn, "a short-circuit region")
        stencil = link_cells(
            conductance,
            neighbours=4 if settings.connect_four_neighbors_only else 8,
            mean="resistance" if settings.connect_using_avg_resistances else "conductance",
        )
        return Habitat(raster, stencil, polygons)

    def sites(self, habitat: Habitat) -> tuple[Sites, ChosenPairs | None]:
        """Read the focal nodes that take part, and which pairs of them are wanted."""
        path = self.settings.needed("point_file")
        numbers, cells = read_cells(path, habitat.raster, any_corner=bool(self.compat))
        whole = whole_numbers(path, numbers, "a focal node")
        used = whole > 0
        if not used.any():
            raise InvalidGridError(
                f"{path.name}: no focal node found. Give at least two cells, or lines of a list, "
                "a number above zero."
            )
        sites = sites_from_list(whole[used], cells[used])
        if len(sites.numbers) < 2:
            raise InvalidGridError(
                f"{path.name}: 1 focal node found, number {sites.numbers[0]}; two are needed."
            )
        if not self.settings.use_included_pairs:
            return sites, None
        listed = self.settings.needed("included_pairs_file")
        chosen = read_pairs(listed, sites.numbers)
        if not chosen.pairs:
            raise InvalidFileError(f"{listed.name}: leaves no pair of focal nodes.")
        return sites.only(chosen.sites), chosen

    def terminals(self, habitat: Habitat) -> tuple[Grid, Grid]:
        """Read sources, A, and grounds, siemens, of each cell, conflicts settled."""
        n = habitat.raster.values.size
        sources = self._per_cell(habitat, self.settings.needed("source_file"), n)
        sources = np.nan_to_num(sources, nan=0.0)
        if self.settings.use_unit_currents:
            sources = np.where(sources != 0, 1.0, 0.0)
        path = self.settings.needed("ground_file")
        values = self._per_cell(habitat, path, n)
        ground = ground_conductance(self.settings, values)
        node = np.arange(n)
        merged = merge(habitat.stencil, habitat.polygons)
        if merged is not None:
            node = np.where(merged.ravel() > 0, n + merged.ravel(), node)
        return settle_conflicts(sources, ground, node, self.settings, self.compat)

    def _per_cell(self, habitat: Habitat, path: Path, n_cells: int) -> Grid:
        """Read a value of each cell; NaN where there is none, the last where there are several."""
        values, cells = read_cells(path, habitat.raster, any_corner=bool(self.compat))
        found = np.full(n_cells, np.nan)
        found[cells] = values
        again = cells.size - np.unique(cells).size
        if again:
            self.notes.append(
                f"{path.name}: {again} lines name a cell that a later line names too; the last "
                "one counts, as in Circuitscape."
            )
        return found

    def _over(self, habitat: PlainRaster, path: Path) -> PlainRaster:
        """Read a raster that must cover the cells of the habitat."""
        raster = read_raster(path)
        check_same_cells(habitat, raster, any_corner=bool(self.compat))
        return raster

    def _conductance(self, raster: PlainRaster) -> Grid:
        values = raster.values
        negative = values < 0
        if negative.any() and not self.compat:
            row, column = np.argwhere(negative)[0]
            raise InvalidGridError(
                f"{raster.name}: {values[row, column]:g} in row {row + 1}, column {column + 1}. "
                "Resistances and conductances are positive; give NoData its declared value. "
                "(Circuitscape takes negative ones for NoData; compat circuitscape5 does too.)"
            )
        if negative.any():
            self.notes.append(f"{raster.name}: {int(negative.sum())} negative cells are NoData.")
            values = np.where(negative, np.nan, values)
        endless = np.isinf(values)
        if endless.any() and not self.settings.habitat_map_is_resistances:
            row, column = np.argwhere(endless)[0]
            raise InvalidGridError(
                f"{raster.name}: an infinite conductance in row {row + 1}, column {column + 1}. "
                "Draw cells without resistance as a short-circuit region (polygon_file)."
            )
        if not self.settings.habitat_map_is_resistances:
            return np.nan_to_num(values, nan=0.0)
        if (values == 0).any():
            row, column = np.argwhere(values == 0)[0]
            raise InvalidGridError(
                f"{raster.name}: a resistance of 0 in row {row + 1}, column {column + 1}. "
                "Draw cells without resistance as a short-circuit region (polygon_file)."
            )
        return np.where(np.isnan(values), 0.0, 1.0 / np.where(np.isnan(values), 1.0, values))


def ground_conductance(settings: CircuitscapeSettings, values: Grid) -> Grid:
    """Return conductances to the ground, siemens; infinite for a direct one, 0 for none.

    Parameters
    ----------
    settings
        Whether the file holds resistances, and whether all grounds are direct.
    values
        As the file has them, NaN where there is no ground.
    """
    if (values < 0).any():
        name = settings.needed("ground_file").name
        raise InvalidTableError(
            f"{name}: a ground of {np.nanmin(values):g} found; none is negative."
        )
    if settings.ground_file_is_resistances:
        with np.errstate(divide="ignore"):
            values = np.where(values == 0, np.inf, 1.0 / values)
    ground = np.nan_to_num(values, nan=0.0, posinf=np.inf)
    return np.where(ground > 0, np.inf, 0.0) if settings.use_direct_grounds else ground


def settle_conflicts(
    sources: Grid,
    ground: Grid,
    node: NDArray[np.int64],
    settings: CircuitscapeSettings,
    compat: Compat,
) -> tuple[Grid, Grid]:
    """Settle nodes that are both source and ground, and drop direct grounds under sources.

    Parameters
    ----------
    sources, ground
        A and siemens, of each cell.
    node
        Node of each cell.
    settings
        What `remove_src_or_gnd` asks for.
    compat
        `circuitscape5` removes no finite ground, and under `rmvall` no ground at all.
    """
    both = np.isin(node, node[sources != 0]) & np.isin(node, node[ground > 0])
    conflicts = settings.remove_src_or_gnd
    removed = both & (np.isinf(ground) if compat else True)
    if conflicts == "rmvgnd" or (conflicts == "rmvall" and not compat):
        ground = np.where(removed, 0.0, ground)
    if conflicts in ("rmvsrc", "rmvall"):
        sources = np.where(both, 0.0, sources)
    direct = np.isin(node, node[sources > 0]) & np.isin(node, node[np.isinf(ground)])
    return sources, np.where(direct, 0.0, ground)
