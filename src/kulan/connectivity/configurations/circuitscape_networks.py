"""Circuitscape runs on networks: nodes and links out of text lists, and back into such lists."""

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.networks import (
    Network,
    NetworkConnectivity,
    NetworkFlow,
    network_advanced,
    network_pairwise,
)
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.configurations.circuitscape_ini import CircuitscapeSettings
from kulan.connectivity.configurations.circuitscape_inputs import (
    Compat,
    ground_conductance,
    settle_conflicts,
)
from kulan.connectivity.configurations.circuitscape_lists import (
    read_network,
    read_numbers,
    read_pairs,
    whole_numbers,
)
from kulan.connectivity.configurations.circuitscape_outputs import (
    Outputs,
    number,
    shown_resistance,
)
from kulan.connectivity.kernels import sum_by_place
from kulan.connectivity.workers import Report
from kulan.errors import InvalidFileError, InvalidTableError

Values = NDArray[np.float64]


@dataclass(frozen=True)
class NetworkRun:
    """Reads, solves and writes a run on a network.

    Attributes
    ----------
    settings
        The configuration.
    outputs
        Where files go.
    solving
        How to solve.
    drop_below
        Count currents along links below this share of the largest as none.
    compat
        `circuitscape5` prints every node one higher, and passes over sources and grounds at
        nodes there are not.
    notes
        What was passed over is added here.
    """

    settings: CircuitscapeSettings
    outputs: Outputs
    solving: Solving
    drop_below: float
    compat: Compat
    notes: list[str]

    def network(self) -> Network:
        """Read the network."""
        settings = self.settings
        return read_network(
            settings.needed("habitat_file"),
            are_resistances=settings.habitat_map_is_resistances,
            reclass_table=settings.needed("reclass_file") if settings.use_reclass_table else None,
        )

    def advanced(self, network: Network) -> NetworkFlow:
        """Let the given sources flow to the given grounds, and write what comes of it."""
        sources, ground = self._terminals(network)
        flow = network_advanced(
            network, sources, ground, solving=self.solving, drop_below=self.drop_below
        )
        self._write(network, flow, np.ones(network.nodes.size, bool))
        return flow

    def pairwise(
        self, network: Network, executor: Executor | None, report: Report | None
    ) -> NetworkConnectivity:
        """Send one ampere between the focal nodes in turn, and write what comes of it.

        Parameters
        ----------
        network
            The network.
        executor
            Solves several systems at once.
        report
            Called with the systems solved and those in all.
        """
        settings, outputs = self.settings, self.outputs
        sites, pairs = self._focal_nodes()
        found = network_pairwise(
            network,
            sites,
            pairs=pairs,
            solving=self.solving,
            receive=lambda flow: self._write(network, flow, flow.in_part),
            drop_below=self.drop_below,
            executor=executor,
            report=report,
        )
        shown = shown_resistance(found.sites, found.resistance, found.failures)
        outputs.matrix(tuple(site + self._raised for site in found.sites), shown)
        if settings.write_cur_maps or settings.write_cum_cur_map_only:
            everywhere = np.ones(network.nodes.size, bool)
            names = network.nodes + self._raised
            rows = _node_rows(names, found.node_current, everywhere)
            outputs.table("_node_currents_cum.txt", rows)
            rows = _link_rows(network, names, found.link_current, everywhere)
            outputs.table("_branch_currents_cum.txt", rows)
        return found

    @property
    def _raised(self) -> int:
        """By how much nodes are printed higher than the input has them."""
        return 1 if self.compat == "circuitscape5" else 0

    def _write(self, network: Network, flow: NetworkFlow, shown: NDArray[np.bool_]) -> None:
        settings, names = self.settings, network.nodes + self._raised
        pair = f"_{flow.first + self._raised}_{flow.second + self._raised}"
        one = "" if flow.first < 0 else pair
        if settings.write_volt_maps:
            self.outputs.table(f"_voltages{one}.txt", _node_rows(names, flow.voltage, shown))
        each = settings.write_cur_maps and not settings.write_cum_cur_map_only
        if each or (flow.first < 0 and settings.write_cum_cur_map_only):
            rows = _node_rows(names, flow.node_current, shown)
            self.outputs.table(f"_node_currents{one}.txt", rows)
            rows = _link_rows(network, names, flow.link_current, shown)
            self.outputs.table(f"_branch_currents{one}.txt", rows)

    def _focal_nodes(self) -> tuple[tuple[int, ...], frozenset[tuple[int, int]] | None]:
        path = self.settings.needed("point_file")
        table = read_numbers(path, columns=1, what="a focal node")
        sites = tuple(sorted(set(whole_numbers(path, table[:, 0], "a focal node").tolist())))
        if len(sites) < 2:
            raise InvalidFileError(f"{path.name}: 1 focal node found, {sites[0]}; two are needed.")
        if not self.settings.use_included_pairs:
            return sites, None
        listed = self.settings.needed("included_pairs_file")
        chosen = read_pairs(listed, sites)
        if not chosen.pairs:
            raise InvalidFileError(f"{listed.name}: leaves no pair of focal nodes.")
        return tuple(sorted(chosen.sites)), chosen.pairs

    def _terminals(self, network: Network) -> tuple[Values, Values]:
        n = network.nodes.size
        places, amps = self._values_at(network, "source_file", "a node and its current")
        sources = sum_by_place(places, amps, n)
        if self.settings.use_unit_currents:
            sources = np.where(sources != 0, 1.0, 0.0)
        places, values = self._values_at(network, "ground_file", "a node and its ground")
        ground = sum_by_place(places, ground_conductance(self.settings, values), n)
        return settle_conflicts(sources, ground, np.arange(n), self.settings, self.compat)

    def _values_at(
        self, network: Network, name: str, what: str
    ) -> tuple[NDArray[np.int64], Values]:
        """Read values at nodes."""
        path = self.settings.needed(name)
        given = read_numbers(path, columns=2, what=what)
        nodes = whole_numbers(path, given[:, 0], "a node")
        if self.compat:
            known = np.isin(nodes, network.nodes)
            if not known.all():
                self.notes.append(f"{path.name}: node {nodes[~known][0]} is not in the network.")
            given, nodes = given[known], nodes[known]
        try:
            return network.positions(nodes.tolist()), given[:, 1]
        except InvalidTableError as error:
            raise InvalidTableError(f"{path.name}: {error}") from error


def _node_rows(names: NDArray[np.int64], values: Values, shown: NDArray[np.bool_]) -> list[str]:
    return [
        f"{node}\t{number(value)}"
        for node, value in zip(names[shown].tolist(), values[shown].tolist(), strict=True)
    ]


def _link_rows(
    network: Network, names: NDArray[np.int64], values: Values, shown: NDArray[np.bool_]
) -> list[str]:
    links = network.links
    used = shown[links.first] & (values > 0)  # Circuitscape lists no branch without current
    ends = zip(
        names[links.first[used]].tolist(),
        names[links.second[used]].tolist(),
        values[used].tolist(),
        strict=True,
    )
    return [f"{a}\t{b}\t{number(value)}" for a, b, value in ends]
