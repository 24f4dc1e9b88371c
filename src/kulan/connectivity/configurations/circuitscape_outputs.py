"""Files of a Circuitscape run, in that program's names and forms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.results import Failure
from kulan.connectivity.configurations.circuitscape_ini import CircuitscapeSettings
from kulan.connectivity.configurations.raster_files import (
    PlainRaster,
    write_ascii_grid,
    write_geotiff,
)
from kulan.outputs import write_whole

Grid = NDArray[np.float64]
# what Circuitscape prints for a resistance that is infinite, or not asked for
NO_WAY = -1.0
# and for one that no solver found
NOT_SOLVED = -777.0


@dataclass(frozen=True)
class Outputs:
    """Writes the files of a run, each whole or not at all.

    Attributes
    ----------
    settings
        What is wanted, and where.
    files
        The files written so far.
    """

    settings: CircuitscapeSettings
    files: list[Path] = field(default_factory=list)

    def _path(self, ending: str) -> Path:
        path = self.settings.output_file.with_name(self.settings.stem + ending)
        self.files.append(path)
        return path

    def map(self, kind: str, values: Grid, like: PlainRaster, valid: NDArray[np.bool_]) -> None:
        """Write a map of currents or voltages.

        Parameters
        ----------
        kind
            Name of the map, such as `curmap_1_2`.
        values
            Shape (rows, columns).
        like
            Raster that says where the cells lie.
        valid
            Cells that conduct.
        """
        settings = self.settings
        voltage = kind.startswith("voltmap")
        null = (
            settings.set_null_voltages_to_nodata
            if voltage
            else settings.set_null_currents_to_nodata
        )
        if settings.log_transform_maps and not voltage:
            with np.errstate(divide="ignore"):
                values = np.where(values > 0, np.log10(values), np.nan)
        if null:
            values = np.where(valid, values, np.nan)
        if settings.write_as_tif:
            write_geotiff(self._path(f"_{kind}.tif"), values, like)
        else:
            gz = ".gz" if settings.compress_grids else ""
            path = self._path(f"_{kind}.asc{gz}")
            name = path.with_suffix("") if gz else path
            write_ascii_grid(name, values, like, compress=bool(gz))

    def table(self, ending: str, rows: list[str]) -> None:
        """Write a text list."""
        write_whole(self._path(ending), ("\n".join(rows) + "\n").encode("ascii"))

    def matrix(self, sites: tuple[int, ...], shown: Grid) -> None:
        """Write resistances between pairs, as a matrix and in three columns."""
        rows = [" ".join(["0", *map(str, sites)])]
        rows += [
            " ".join([str(site), *map(number, shown[i].tolist())]) for i, site in enumerate(sites)
        ]
        self.table("_resistances.out", rows)
        n = len(sites)
        three = [
            f"{sites[i]} {sites[j]} {number(float(shown[i, j]))}"
            for i in range(n)
            for j in range(i + 1, n)
        ]
        self.table("_resistances_3columns.out", three)


def number(value: float) -> str:
    """Write a number with every digit it needs, and none of a whole one's."""
    return repr(value).removesuffix(".0")


def shown_resistance(sites: tuple[int, ...], resistance: Grid, failures: Sequence[Failure]) -> Grid:
    """Return resistances with Circuitscape's signs for no way and for not solved.

    Parameters
    ----------
    sites
        Numbers of the sites, in the order of `resistance`.
    resistance
        Of each site, shape (n,), or between them, shape (n, n).
    failures
        What could not be solved.
    """
    shown = np.where(np.isfinite(resistance), resistance, NO_WAY)
    row = {site: k for k, site in enumerate(sites)}
    for failure in failures:
        first, second = row[failure.first], row[failure.second]
        if resistance.ndim == 1:
            shown[first] = NOT_SOLVED
        else:
            shown[first, second] = shown[second, first] = NOT_SOLVED
    return shown
