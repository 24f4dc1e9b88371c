"""Runs of Circuitscape configurations: their inputs read, their outputs in its names and forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.networks import (
    Network,
    NetworkFlow,
    network_advanced,
    network_pairwise,
)
from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.results import Connectivity, Failure, PairMap
from kulan.connectivity.circuits.sites import Sites, merge, sites_from_list
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Stencil, link_cells
from kulan.connectivity.circuits.wired import advanced
from kulan.connectivity.configurations.circuitscape_ini import CircuitscapeSettings, Conflicts
from kulan.connectivity.configurations.circuitscape_lists import (
    ChosenPairs,
    read_cells,
    read_network,
    read_numbers,
    read_pairs,
    read_strengths,
)
from kulan.connectivity.configurations.raster_files import (
    PlainRaster,
    check_same_cells,
    read_raster,
    write_ascii_grid,
    write_geotiff,
)
from kulan.connectivity.kernels import sum_by_place
from kulan.errors import InvalidFileError, InvalidGridError, InvalidTableError
from kulan.outputs import write_whole

Compat = Literal["", "circuitscape5"]
Grid = NDArray[np.float64]
# currents along links below this share of the largest are taken for none, as Circuitscape does
_DROP_BELOW = 1e-8
_PRECISE = Solving(tolerance=1e-9)


@dataclass(frozen=True)
class CircuitscapeRun:
    """What a run wrote, and what it could not solve.

    Attributes
    ----------
    files
        The files written, in order.
    failures
        Pairs or sites that no solver could solve.
    """

    files: tuple[Path, ...]
    failures: tuple[Failure, ...]


def run_circuitscape(
    settings: CircuitscapeSettings, *, solving: Solving = _PRECISE, compat: Compat = ""
) -> CircuitscapeRun:
    """Do what a Circuitscape configuration asks for.

    Parameters
    ----------
    settings
        The configuration, see
        `kulan.connectivity.configurations.circuitscape_ini.read_circuitscape_ini`.
    solving
        How to solve.
    compat
        `circuitscape5` prints the nodes of networks that count from 0 one higher, as Circuitscape
        5 does; empty prints them as the input has them.
    """
    outputs = _Outputs(settings, [])
    if settings.data_type == "network":
        failures = _run_network(settings, outputs, solving, compat)
    elif settings.scenario == "advanced":
        failures = _run_advanced(settings, outputs, solving)
    else:
        failures = _run_sites(settings, outputs, solving)
    return CircuitscapeRun(tuple(outputs.files), failures)


# --- outputs --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Outputs:
    """Writes the files of a run."""

    settings: CircuitscapeSettings
    files: list[Path]

    def _path(self, ending: str) -> Path:
        path = self.settings.output_file.with_name(self.settings.stem + ending)
        self.files.append(path)
        return path

    def map(self, kind: str, values: Grid, habitat: "_Habitat") -> None:
        """Write a map of currents or voltages."""
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
            values = np.where(habitat.stencil.valid, values, np.nan)
        if settings.write_as_tif:
            write_geotiff(self._path(f"_{kind}.tif"), values, habitat.raster)
        else:
            gz = ".gz" if settings.compress_grids else ""
            path = self._path(f"_{kind}.asc{gz}")
            name = path.with_suffix("") if gz else path
            write_ascii_grid(name, values, habitat.raster, compress=bool(gz))

    def table(self, ending: str, rows: list[str]) -> None:
        """Write a text list."""
        write_whole(self._path(ending), ("\n".join(rows) + "\n").encode("ascii"))

    def matrix(self, sites: tuple[int, ...], resistance: Grid) -> None:
        """Write resistances between pairs, as a matrix and in three columns."""
        shown = np.where(np.isfinite(resistance), resistance, -1.0)
        rows = [" ".join(["0", *map(str, sites)])]
        rows += [
            " ".join([str(site), *(f"{value:.10g}" for value in shown[i].tolist())])
            for i, site in enumerate(sites)
        ]
        self.table("_resistances.out", rows)
        n = len(sites)
        three = [
            f"{sites[i]} {sites[j]} {shown[i, j]:.10g}" for i in range(n) for j in range(i + 1, n)
        ]
        self.table("_resistances_3columns.out", three)


# --- rasters --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Habitat:
    """The landscape of a run."""

    raster: PlainRaster
    stencil: Stencil
    polygons: NDArray[np.int64] | None


def _read_habitat(settings: CircuitscapeSettings) -> _Habitat:
    raster = read_raster(settings.needed("habitat_file"))
    conductance = _conductance(raster, are_resistances=settings.habitat_map_is_resistances)
    if settings.use_mask:
        mask = read_raster(settings.needed("mask_file"))
        check_same_cells(raster, mask)
        conductance[~(mask.values > 0)] = 0.0
        if not conductance.any():
            raise InvalidGridError(
                f"{mask.name}: the mask leaves no cell with a conductance. Cells to keep need a "
                "positive number."
            )
    polygons = None
    if settings.use_polygons:
        drawn = read_raster(settings.needed("polygon_file"))
        check_same_cells(raster, drawn)
        polygons = np.nan_to_num(drawn.values, nan=0.0).astype(np.int64)
    stencil = link_cells(
        conductance,
        neighbours=4 if settings.connect_four_neighbors_only else 8,
        mean="resistance" if settings.connect_using_avg_resistances else "conductance",
    )
    return _Habitat(raster, stencil, polygons)


def _conductance(raster: PlainRaster, *, are_resistances: bool) -> Grid:
    values = raster.values
    if (values < 0).any():
        row, column = np.argwhere(values < 0)[0]
        raise InvalidGridError(
            f"{raster.name}: {values[row, column]:g} in row {row + 1}, column {column + 1}. "
            "Resistances and conductances are positive; give NoData its declared value."
        )
    if not are_resistances:
        return np.nan_to_num(values, nan=0.0)
    if (values == 0).any():
        row, column = np.argwhere(values == 0)[0]
        raise InvalidGridError(
            f"{raster.name}: a resistance of 0 in row {row + 1}, column {column + 1}. "
            "Draw cells without resistance as a short-circuit region (polygon_file)."
        )
    return np.where(np.isnan(values), 0.0, 1.0 / np.where(np.isnan(values), 1.0, values))


def _read_sites(settings: CircuitscapeSettings, habitat: _Habitat) -> Sites:
    path = settings.needed("point_file")
    numbers, cells = read_cells(path, habitat.raster)
    if (numbers != np.round(numbers)).any():
        raise InvalidGridError(f"{path.name}: focal nodes need whole numbers.")
    used = numbers > 0
    sites = sites_from_list(numbers[used].astype(np.int64), cells[used])
    if len(sites.numbers) < 2:
        raise InvalidGridError(
            f"{path.name}: 1 focal node found, number {sites.numbers[0]}; two are needed."
        )
    return sites


def _run_sites(
    settings: CircuitscapeSettings, outputs: _Outputs, solving: Solving
) -> tuple[Failure, ...]:
    habitat = _read_habitat(settings)
    sites = _read_sites(settings, habitat)
    chosen: ChosenPairs | None = None
    if settings.use_included_pairs:
        chosen = read_pairs(settings.needed("included_pairs_file"), sites.numbers)
        sites = sites.only(chosen.sites)
        if not chosen.pairs:
            raise InvalidFileError(
                f"{settings.needed('included_pairs_file').name}: leaves no pair of focal nodes."
            )
    maps = settings.write_cur_maps or settings.write_volt_maps or settings.write_max_cur_maps

    def receive(pair: PairMap) -> None:
        both = settings.scenario == "pairwise"
        name = f"{pair.first}_{pair.second}" if both else f"{pair.first}"
        if settings.write_cur_maps and not settings.write_cum_cur_map_only:
            outputs.map(f"curmap_{name}", pair.current, habitat)
        if settings.write_volt_maps:
            outputs.map(f"voltmap_{name}", pair.voltage, habitat)

    if settings.scenario == "pairwise":
        found = pairwise(
            habitat.stencil,
            sites,
            short_circuits=habitat.polygons,
            pairs=None if chosen is None else chosen.pairs,
            solving=solving,
            maps=maps,
            receive=receive,
            drop_below=_DROP_BELOW,
        )
        outputs.matrix(found.sites, found.resistance)
    else:
        found = _run_each_site(settings, habitat, sites, chosen, solving, receive)
        shown = np.where(np.isfinite(found.resistance), found.resistance, -1.0)
        rows = [f"{s} {r:.10g}" for s, r in zip(found.sites, shown.tolist(), strict=True)]
        outputs.table("_resistances.out", rows)
    if settings.write_cur_maps:
        outputs.map("cum_curmap", found.cumulative, habitat)
    if settings.write_max_cur_maps:
        outputs.map("max_curmap", found.maximum, habitat)
    return found.failures


def _run_each_site(
    settings: CircuitscapeSettings,
    habitat: _Habitat,
    sites: Sites,
    chosen: ChosenPairs | None,
    solving: Solving,
    receive: Callable[[PairMap], None],
) -> Connectivity:
    strengths: Mapping[int, float] | None = None
    if settings.use_variable_source_strengths:
        strengths = read_strengths(settings.needed("variable_source_file"))
    mode = one_to_all if settings.scenario == "one-to-all" else all_to_one
    return mode(
        habitat.stencil,
        sites,
        short_circuits=habitat.polygons,
        strengths=strengths,
        partners=None if chosen is None else chosen.partners(),
        solving=solving,
        receive=receive,
        drop_below=_DROP_BELOW,
    )


def _run_advanced(
    settings: CircuitscapeSettings, outputs: _Outputs, solving: Solving
) -> tuple[Failure, ...]:
    habitat = _read_habitat(settings)
    shape = habitat.stencil.shape
    amps, cells = read_cells(settings.needed("source_file"), habitat.raster)
    sources = sum_by_place(cells, amps, habitat.raster.values.size)
    if settings.use_unit_currents:
        sources = np.where(sources != 0, 1.0, 0.0)
    values, cells = read_cells(settings.needed("ground_file"), habitat.raster)
    ground = sum_by_place(cells, _ground_conductance(settings, values), sources.size)
    merged = merge(habitat.stencil, habitat.polygons)
    node = np.arange(sources.size)
    if merged is not None:
        node = np.where(merged.ravel() > 0, sources.size + merged.ravel(), node)
    sources, ground = _resolve(sources, ground, node, settings.remove_src_or_gnd)
    found = advanced(
        habitat.stencil,
        sources.reshape(shape),
        ground.reshape(shape),
        short_circuits=habitat.polygons,
        solving=solving,
        drop_below=_DROP_BELOW,
    )
    if settings.write_volt_maps:
        outputs.map("voltmap", found.voltage, habitat)
    if settings.write_cur_maps:
        outputs.map("curmap", found.current, habitat)
    return ()


def _ground_conductance(settings: CircuitscapeSettings, values: Grid) -> Grid:
    name = settings.needed("ground_file").name
    if (values < 0).any():
        raise InvalidTableError(f"{name}: a ground of {values.min():g} found; none is negative.")
    if settings.use_direct_grounds:
        return np.full(values.size, np.inf)
    if not settings.ground_file_is_resistances:
        return values
    with np.errstate(divide="ignore"):
        return np.where(values == 0, np.inf, 1.0 / values)


def _resolve(
    sources: Grid, ground: Grid, node: NDArray[np.int64], conflicts: Conflicts
) -> tuple[Grid, Grid]:
    """Settle nodes that are both source and ground, and drop direct grounds under sources."""
    both = np.isin(node, node[sources != 0]) & np.isin(node, node[ground > 0])
    if conflicts in ("rmvsrc", "rmvall"):
        sources = np.where(both, 0.0, sources)
    if conflicts in ("rmvgnd", "rmvall"):
        ground = np.where(both, 0.0, ground)
    direct = np.isin(node, node[sources != 0]) & np.isin(node, node[np.isinf(ground)])
    return sources, np.where(direct, 0.0, ground)


# --- networks -------------------------------------------------------------------------------------


def _run_network(
    settings: CircuitscapeSettings, outputs: _Outputs, solving: Solving, compat: Compat
) -> tuple[Failure, ...]:
    network = read_network(
        settings.needed("habitat_file"), are_resistances=settings.habitat_map_is_resistances
    )
    raised = 1 if compat == "circuitscape5" and network.nodes[0] == 0 else 0
    names = network.nodes + raised

    def write(flow: NetworkFlow) -> None:
        one = "" if flow.first < 0 else f"_{flow.first + raised}_{flow.second + raised}"
        if settings.write_volt_maps:
            outputs.table(f"_voltages{one}.txt", _node_rows(names, flow.voltage, flow.in_part))
        if settings.write_cur_maps and not settings.write_cum_cur_map_only:
            rows = _node_rows(names, flow.node_current, flow.in_part)
            outputs.table(f"_node_currents{one}.txt", rows)
            rows = _link_rows(network, names, flow.link_current, flow.in_part)
            outputs.table(f"_branch_currents{one}.txt", rows)

    if settings.scenario == "advanced":
        sources, ground = _network_terminals(settings, network)
        write(network_advanced(network, sources, ground, solving=solving, drop_below=_DROP_BELOW))
        return ()
    table = read_numbers(settings.needed("point_file"), columns=1, what="a focal node")
    sites = tuple(sorted({int(site) for site in table[:, 0].tolist()}))
    pairs = None
    if settings.use_included_pairs:
        chosen = read_pairs(settings.needed("included_pairs_file"), sites)
        sites, pairs = tuple(sorted(chosen.sites)), chosen.pairs
    found = network_pairwise(
        network, sites, pairs=pairs, solving=solving, receive=write, drop_below=_DROP_BELOW
    )
    outputs.matrix(tuple(site + raised for site in found.sites), found.resistance)
    if settings.write_cur_maps:
        everywhere = np.ones(network.nodes.size, bool)
        rows = _node_rows(names, found.node_current, everywhere)
        outputs.table("_node_currents_cum.txt", rows)
        rows = _link_rows(network, names, found.link_current, everywhere)
        outputs.table("_branch_currents_cum.txt", rows)
    return found.failures


def _network_terminals(settings: CircuitscapeSettings, network: Network) -> tuple[Grid, Grid]:
    given = read_numbers(settings.needed("source_file"), columns=2, what="a node and its current")
    n = network.nodes.size
    places = network.positions(given[:, 0].astype(int).tolist())
    sources = sum_by_place(places, given[:, 1], n)
    if settings.use_unit_currents:
        sources = np.where(sources != 0, 1.0, 0.0)
    given = read_numbers(settings.needed("ground_file"), columns=2, what="a node and its ground")
    places = network.positions(given[:, 0].astype(int).tolist())
    ground = sum_by_place(places, _ground_conductance(settings, given[:, 1]), n)
    return _resolve(sources, ground, np.arange(n), settings.remove_src_or_gnd)


def _node_rows(names: NDArray[np.int64], values: Grid, shown: NDArray[np.bool_]) -> list[str]:
    return [
        f"{node} {value:.10g}"
        for node, value in zip(names[shown].tolist(), values[shown].tolist(), strict=True)
    ]


def _link_rows(
    network: Network, names: NDArray[np.int64], values: Grid, shown: NDArray[np.bool_]
) -> list[str]:
    links = network.links
    used = shown[links.first] & (values > 0)  # Circuitscape lists no branch without current
    ends = zip(
        names[links.first[used]].tolist(),
        names[links.second[used]].tolist(),
        values[used].tolist(),
        strict=True,
    )
    return [f"{a} {b} {value:.10g}" for a, b, value in ends]
