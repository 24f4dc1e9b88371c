"""Landscapes with all that a circuit can have, for properties that must hold on every one."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import strategies as st

from kulan.connectivity.barriers.cuts import Cuts, cut_steps, with_barriers
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import NO_LINKS, Links, Stencil, link_cells
from kulan.connectivity.frames import Frame

DIRECT = Solving(solvers=("direct",))
MULTIGRID = Solving(tolerance=1e-12, solvers=("multigrid",), precise_multigrid=True)
solvings = st.sampled_from([DIRECT, MULTIGRID])
seeds = st.integers(0, 2**32 - 1)


def barrier_lines(*shapes: shapely.LineString) -> gpd.GeoDataFrame:
    """Barriers of one segment each."""
    n = len(shapes)
    table = {"barrier_id": [f"barrier {k}" for k in range(n)], "segment_id": ["all"] * n}
    return gpd.GeoDataFrame(table, geometry=list(shapes))


def frame_of(shape: tuple[int, int]) -> Frame:
    """Cells of side 1, the south-western corner at the origin."""
    return Frame(*shape, west=0, north=shape[0], cell_width=1, cell_height=1)


@dataclass(frozen=True)
class Landscape:
    """A landscape, what is attached to it, and how its cells are linked."""

    conductance: np.ndarray
    neighbours: int
    mean: str
    shapes: tuple[shapely.LineString, ...]
    permeability: np.ndarray
    links: Links
    polygons: np.ndarray
    sites: Sites

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.conductance.shape

    def bare(self) -> Stencil:
        """The linked cells without barriers."""
        return link_cells(
            self.conductance, neighbours=self.neighbours, mean=self.mean, links=self.links
        )

    def cuts(self) -> Cuts | None:
        """What the barriers cut, if there are any."""
        if not self.shapes:
            return None
        return cut_steps(barrier_lines(*self.shapes), frame_of(self.shape), self.permeability)

    def grid(self) -> Stencil:
        """The linked cells with barriers."""
        cuts = self.cuts()
        return self.bare() if cuts is None else with_barriers(self.bare(), cuts)

    def changed(self, **values) -> "Landscape":
        """The same with something else."""
        return replace(self, **values)


def any_line(rng: np.random.Generator, rows: int, columns: int) -> shapely.LineString:
    """A line with bends anywhere, partly beyond the raster."""
    n = int(rng.integers(2, 6))
    xy = np.column_stack([rng.uniform(-1, columns + 1, n), rng.uniform(-1, rows + 1, n)])
    return shapely.LineString(xy)


@st.composite
def wired(draw, *, largest=10, decades=(0.0, 1.0, 2.0), regions=True, point_sites=3):
    """Draw NoData, barriers of some permeability, further links, polygons, sites and regions."""
    rows, columns = draw(st.integers(2, largest)), draw(st.integers(3, largest))
    rng = np.random.default_rng(draw(seeds))
    conductance = 10 ** (draw(st.sampled_from(decades)) * rng.uniform(-1, 1, (rows, columns)))
    conductance[rng.random((rows, columns)) < draw(st.sampled_from([0.0, 0.15, 0.35]))] = np.nan
    conductance[0, 0] = conductance[-1, -1] = conductance[0, -1] = 1.0
    openness = draw(st.lists(st.sampled_from([0.0, 1e-3, 0.3, 1.0]), max_size=2))
    shapes = tuple(any_line(rng, rows, columns) for _ in openness)
    n_links = draw(st.integers(0, 2))
    ends = rng.choice(np.flatnonzero(~np.isnan(conductance)), (2, n_links))
    ends = ends[:, ends[0] != ends[1]]
    links = NO_LINKS
    if ends.size:
        links = Links(ends[0], ends[1], 10 ** rng.uniform(-1, 1, ends.shape[1]))
    polygons = np.zeros((rows, columns), np.int64)
    for number in range(1, draw(st.integers(0, 2)) + 1):
        polygons.flat[rng.choice(polygons.size, int(rng.integers(1, 4)))] = 10 * number
    cells = {1: [0], 2: [columns - 1], 3: [rows * columns - 1]}
    cells = {site: cells[site] for site in range(1, point_sites + 1)}
    if regions and draw(st.booleans()):
        cells[4] = rng.choice(conductance.size, int(rng.integers(1, 5))).tolist()
    if regions and draw(st.booleans()):
        cells[1] = [0, *rng.choice(conductance.size, 2).tolist()]
    sites = Sites({site: np.unique(np.array(own)) for site, own in cells.items()})
    return Landscape(
        conductance,
        draw(st.sampled_from([4, 8])),
        draw(st.sampled_from(["conductance", "resistance"])),
        shapes,
        np.array(openness),
        links,
        polygons,
        sites,
    )
