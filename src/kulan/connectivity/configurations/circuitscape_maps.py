"""Maps of a Circuitscape run over focal nodes: each when it comes, their sums at the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.results import Connectivity, PairMap
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.configurations.circuitscape_ini import CircuitscapeSettings
from kulan.connectivity.configurations.circuitscape_inputs import Habitat
from kulan.connectivity.configurations.circuitscape_outputs import Outputs

Grid = NDArray[np.float64]


@dataclass
class FocalMaps:
    """Takes the maps of pairs, or of single focal nodes, and writes what is asked for.

    Attributes
    ----------
    outputs
        Where maps go.
    habitat
        The landscape.
    sites
        The focal nodes.
    partners
        Of each, those it is linked with; None for all others.
    """

    outputs: Outputs
    habitat: Habitat
    sites: Sites
    partners: Mapping[int, tuple[int, ...]] | None
    _sum: Grid = field(init=False)
    _most: Grid = field(init=False)

    def __post_init__(self) -> None:
        zeroed = self._settings.set_focal_node_currents_to_zero
        shape = self.habitat.stencil.shape if zeroed else (0, 0)
        self._sum, self._most = np.zeros(shape), np.zeros(shape)

    @property
    def wanted(self) -> bool:
        """Whether any map is."""
        return self._sum_wanted or self._settings.write_max_cur_maps or self.each_wanted

    @property
    def each_wanted(self) -> bool:
        """Whether the map of each pair is looked at, and not only their sum and maximum."""
        settings = self._settings
        summed = self._sum_wanted or settings.write_max_cur_maps
        return (
            self._each_current
            or settings.write_volt_maps
            or (settings.set_focal_node_currents_to_zero and summed)
        )

    @property
    def _settings(self) -> CircuitscapeSettings:
        return self.outputs.settings

    @property
    def _each_current(self) -> bool:
        return self._settings.write_cur_maps and not self._settings.write_cum_cur_map_only

    @property
    def _sum_wanted(self) -> bool:
        return self._settings.write_cur_maps or self._settings.write_cum_cur_map_only

    def receive(self, pair: PairMap) -> None:
        """Write the maps of one pair, or of one focal node."""
        one = pair.first == pair.second
        name = f"{pair.first}" if one else f"{pair.first}_{pair.second}"
        current = pair.current
        if self._settings.set_focal_node_currents_to_zero:
            current = current.copy()
            current.reshape(-1)[self._active_cells(pair)] = 0.0
            self._sum += current
            np.maximum(self._most, current, out=self._most)
        if self._each_current:
            self._write(f"curmap_{name}", current)
        if self._settings.write_volt_maps:
            self._write(f"voltmap_{name}", pair.voltage)

    def write_sums(self, found: Connectivity) -> None:
        """Write the sum and the maximum of all current maps."""
        zeroed = self._settings.set_focal_node_currents_to_zero
        if self._sum_wanted:
            self._write("cum_curmap", self._sum if zeroed else found.cumulative)
        if self._settings.write_max_cur_maps:
            self._write("max_curmap", self._most if zeroed else found.maximum)

    def _write(self, kind: str, values: Grid) -> None:
        self.outputs.map(kind, values, self.habitat.raster, self.habitat.stencil.valid)

    def _active_cells(self, pair: PairMap) -> NDArray[np.int64]:
        """Return the cells of the focal nodes that take part in a map."""
        if pair.first != pair.second:
            active: tuple[int, ...] = (pair.first, pair.second)
        elif self.partners is None:
            active = self.sites.numbers
        else:
            active = (pair.first, *self.partners[pair.first])
        cells = np.concatenate([self.sites.cells[number] for number in active])
        return self.habitat.node_cells(cells)
