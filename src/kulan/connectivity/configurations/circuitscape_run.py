"""Runs of Circuitscape configurations: their inputs read, their outputs in its names and forms."""

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.results import Failure
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Attempt, Solving
from kulan.connectivity.circuits.wired import advanced
from kulan.connectivity.configurations.circuitscape_ini import CircuitscapeSettings
from kulan.connectivity.configurations.circuitscape_inputs import (
    Compat,
    Habitat,
    Inputs,
)
from kulan.connectivity.configurations.circuitscape_lists import ChosenPairs, read_strengths
from kulan.connectivity.configurations.circuitscape_maps import FocalMaps
from kulan.connectivity.configurations.circuitscape_networks import NetworkRun
from kulan.connectivity.configurations.circuitscape_outputs import (
    Outputs,
    number,
    shown_resistance,
)
from kulan.connectivity.workers import Report

Grid = NDArray[np.float64]
# currents along links below this share of the largest are taken for none, as Circuitscape does
_DROP_BELOW = 1e-8
_PRECISE = Solving(tolerance=1e-9)


@dataclass(frozen=True)
class CircuitscapeRun:
    """What a run wrote, what it found, and what it could not solve.

    Attributes
    ----------
    files
        The files written, in order.
    failures
        Every pair of focal nodes, or single one, that no solver could solve, and why.
    sites
        Numbers of the focal nodes; empty in advanced mode.
    resistance
        Between pairs, shape (n, n), or of each site, shape (n,), ohm; infinite where there is no
        way, NaN where not asked for or not solved. None in advanced mode.
    n_nodes
        Cells or nodes that conduct.
    attempts
        Every try of a solver.
    notes
        What was taken otherwise than it stands in a file.
    """

    files: tuple[Path, ...]
    failures: tuple[Failure, ...] = ()
    sites: tuple[int, ...] = ()
    resistance: Grid | None = None
    n_nodes: int = 0
    attempts: tuple[Attempt, ...] = ()
    notes: tuple[str, ...] = ()


def run_circuitscape(
    settings: CircuitscapeSettings,
    *,
    solving: Solving = _PRECISE,
    compat: Compat = "",
    executor: Executor | None = None,
    report: Report | None = None,
    kept_in: Path | None = None,
) -> CircuitscapeRun:
    """Do what a Circuitscape configuration asks for.

    By default the numbers are Circuitscape's, and inputs that it would take in another sense than
    they stand there are refused. `compat="circuitscape5"` repeats what Circuitscape 5 does:

    - nodes of networks are printed one higher than the input has them, and sources and grounds
      at nodes there are not are passed over;
    - negative cells of the habitat are NoData;
    - rasters of as many rows and columns lie on the same cells, whatever their corners say;
    - `remove_src_or_gnd` removes no ground with a resistance, and `rmvall` no ground.

    Parameters
    ----------
    settings
        The configuration, see
        `kulan.connectivity.configurations.circuitscape_ini.read_circuitscape_ini`.
    solving
        How to solve.
    compat
        `circuitscape5` for that program's ways.
    executor
        Solves several systems at once: threads, processes, or a Dask cluster's workers.
    report
        Called with the systems solved and those in all; not in advanced mode, which has one.
    kept_in
        Folder where finished solves on rasters are kept, so that a run that was stopped goes on
        from there and gives the same bytes; networks are solved anew.

    Raises
    ------
    InvalidFileError, InvalidGridError, InvalidTableError
        If an input cannot be used.
    NotSolvedError
        If the one system of the advanced mode cannot be solved; elsewhere failures are listed.
    """
    run = _Run(settings, Outputs(settings), solving, compat, executor, report, kept_in, [])
    if settings.data_type == "network":
        return run.on_network()
    if settings.scenario == "advanced":
        return run.wired()
    if settings.scenario == "pairwise":
        return run.between_pairs()
    return run.of_each_site()


@dataclass(frozen=True)
class _Run:
    """A run under way."""

    settings: CircuitscapeSettings
    outputs: Outputs
    solving: Solving
    compat: Compat
    executor: Executor | None
    report: Report | None
    kept_in: Path | None
    notes: list[str]

    @property
    def _inputs(self) -> Inputs:
        return Inputs(self.settings, self.compat, self.notes)

    # --- networks -------------------------------------------------------------------------------

    def on_network(self) -> CircuitscapeRun:
        """Run on a network."""
        work = NetworkRun(
            self.settings, self.outputs, self.solving, _DROP_BELOW, self.compat, self.notes
        )
        network = work.network()
        n_nodes = int(network.nodes.size)
        if self.settings.scenario == "advanced":
            work.advanced(network)
            return CircuitscapeRun(
                tuple(self.outputs.files), n_nodes=n_nodes, notes=tuple(self.notes)
            )
        found = work.pairwise(network, self.executor, self.report)
        return CircuitscapeRun(
            tuple(self.outputs.files),
            found.failures,
            found.sites,
            found.resistance,
            n_nodes,
            found.attempts,
            tuple(self.notes),
        )

    # --- rasters --------------------------------------------------------------------------------

    def wired(self) -> CircuitscapeRun:
        """Let given sources flow to given grounds."""
        settings = self.settings
        habitat = self._inputs.habitat()
        sources, ground = self._inputs.terminals(habitat)
        shape = habitat.stencil.shape
        found = advanced(
            habitat.stencil,
            sources.reshape(shape),
            ground.reshape(shape),
            short_circuits=habitat.polygons,
            solving=self.solving,
            drop_below=_DROP_BELOW,
        )
        if not found.attempts:
            self.notes.append(
                "no part of the landscape has both a source and a ground: no current flows."
            )
        if settings.write_volt_maps:
            self.outputs.map("voltmap", found.voltage, habitat.raster, habitat.stencil.valid)
        if settings.write_cur_maps or settings.write_cum_cur_map_only:
            self.outputs.map("curmap", found.current, habitat.raster, habitat.stencil.valid)
        return self._finished(habitat, attempts=found.attempts)

    def between_pairs(self) -> CircuitscapeRun:
        """Send one ampere between every two focal nodes in turn."""
        habitat, sites, chosen = self._read_sites()
        pairs = None if chosen is None else chosen.pairs
        maps = FocalMaps(self.outputs, habitat, sites, None)
        found = pairwise(
            habitat.stencil,
            sites,
            short_circuits=habitat.polygons,
            pairs=pairs,
            solving=self.solving,
            maps=maps.wanted,
            receive=maps.receive if maps.each_wanted else None,
            drop_below=_DROP_BELOW,
            executor=self.executor,
            report=self.report,
            kept_in=self.kept_in,
        )
        shown = shown_resistance(found.sites, found.resistance, found.failures)
        self.outputs.matrix(found.sites, shown)
        maps.write_sums(found)
        return self._finished(
            habitat,
            found.failures,
            found.sites,
            found.resistance,
            found.attempts,
        )

    def of_each_site(self) -> CircuitscapeRun:
        """Send a current from each focal node to the others, or from the others to it."""
        settings = self.settings
        habitat, sites, chosen = self._read_sites()
        strengths: Mapping[int, float] | None = None
        if settings.use_variable_source_strengths:
            listed = read_strengths(settings.needed("variable_source_file"))
            strengths = {site: amps for site, amps in listed.items() if site in sites.cells}
        partners = None if chosen is None else chosen.partners()
        maps = FocalMaps(self.outputs, habitat, sites, partners)
        mode = one_to_all if settings.scenario == "one-to-all" else all_to_one
        found = mode(
            habitat.stencil,
            sites,
            short_circuits=habitat.polygons,
            strengths=strengths,
            partners=partners,
            solving=self.solving,
            receive=maps.receive,
            drop_below=_DROP_BELOW,
            executor=self.executor,
            report=self.report,
            kept_in=self.kept_in,
        )
        shown = shown_resistance(found.sites, found.resistance, found.failures)
        rows = [f"{s} {number(r)}" for s, r in zip(found.sites, shown.tolist(), strict=True)]
        self.outputs.table("_resistances.out", rows)
        maps.write_sums(found)
        return self._finished(
            habitat, found.failures, found.sites, found.resistance, found.attempts
        )

    def _read_sites(self) -> tuple[Habitat, Sites, ChosenPairs | None]:
        habitat = self._inputs.habitat()
        return habitat, *self._inputs.sites(habitat)

    def _finished(
        self,
        habitat: Habitat,
        failures: tuple[Failure, ...] = (),
        sites: tuple[int, ...] = (),
        resistance: Grid | None = None,
        attempts: tuple[Attempt, ...] = (),
    ) -> CircuitscapeRun:
        return CircuitscapeRun(
            tuple(self.outputs.files),
            failures,
            sites,
            resistance,
            int(habitat.stencil.valid.sum()),
            attempts,
            tuple(self.notes),
        )
