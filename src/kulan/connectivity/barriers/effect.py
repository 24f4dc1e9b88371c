"""What barriers take away: resistance, currents, ways and habitat, without them and with them."""

from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.barriers.cuts import Cuts, Values, check_shape, with_barriers
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.results import Connectivity, Failure, PairMap
from kulan.connectivity.circuits.sites import Sites, check_sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import STEPS, Stencil, components
from kulan.connectivity.frames import Frame
from kulan.connectivity.kernels import sum_by_place
from kulan.connectivity.workers import Report
from kulan.errors import InvalidGridError, NotSolvedError

Measure = Literal["resistance", "conductance"]


@dataclass(frozen=True)
class BarrierEffect:
    """A landscape without barriers and with them.

    Attributes
    ----------
    sites
        The sites' numbers, in the order of rows and columns below.
    resistance_without, resistance_with
        Effective resistance between sites, ohm, shape (n, n); infinite where there is no way,
        NaN where it could not be solved.
    way_without, way_with
        Mean length of the ways that the current between two sites takes, in units of the frame;
        infinite where there is none, NaN where it could not be solved.
    current_without, current_with
        Sum of the current maps of all pairs, A, shape (rows, columns).
    failures
        Pairs that could not be solved, and why.
    """

    sites: tuple[int, ...]
    resistance_without: Values
    resistance_with: Values
    way_without: Values
    way_with: Values
    current_without: Values
    current_with: Values
    failures: tuple[Failure, ...]

    @property
    def resistance_change(self) -> Values:
        """What the barriers add to the resistance, ohm; never negative but for rounding.

        NaN between sites that have no way even without the barriers.
        """
        return _difference(self.resistance_with, self.resistance_without)

    @property
    def way_change(self) -> Values:
        """What the barriers add to the mean length of ways, in units of the frame."""
        return _difference(self.way_with, self.way_without)

    @property
    def current_change(self) -> Values:
        """Current with the barriers less that without, A: where movement is lost and gathers.

        A pair that barriers part sends nothing, so its current counts as lost.
        """
        return self.current_with - self.current_without


def _difference(after: Values, before: Values) -> Values:
    known = np.isfinite(before)
    change: Values = np.where(known, after - np.where(known, before, 0.0), np.nan)
    return change


def barrier_effect(
    stencil: Stencil,
    cuts: Cuts,
    sites: Sites,
    *,
    solving: Solving | None = None,
    executor: Executor | None = None,
    report: Report | None = None,
    kept_in: Path | None = None,
) -> BarrierEffect:
    """Compare a landscape without barriers with the same landscape with them.

    One ampere is sent between every two sites in both. For one of several barriers give
    `cuts.only([name])`; for what it adds to others, give the landscape with those others.

    Parameters
    ----------
    stencil
        The landscape without the barriers.
    cuts
        What they cut.
    sites
        Between which; see `kulan.connectivity.circuits.pairs.pairwise`.
    solving
        How to solve.
    executor
        Solves several systems at once; see `kulan.connectivity.circuits.pairs.pairwise`.
    report
        Called with the steps done and those in all; what it raises ends the run. The total is
        twice that of the landscape without barriers, and may change when the other is begun.
    kept_in
        Folder where finished solves are kept; see `kulan.connectivity.circuits.pairs.pairwise`.

    Raises
    ------
    InvalidGridError
        If the cuts belong to another raster.
    """
    told: list[int] = []

    def first(done: int, total: int) -> None:
        told[:] = [total]
        if report is not None:
            report(done, 2 * total)

    def second(done: int, total: int) -> None:
        if report is not None:
            report(sum(told) + done, sum(told) + total)

    connect = partial(
        _connect, frame=cuts.frame, sites=sites, solving=solving, executor=executor, kept_in=kept_in
    )
    without, way_without = connect(stencil, report=first)
    with_them, way_with = connect(with_barriers(stencil, cuts), report=second)
    return BarrierEffect(
        without.sites,
        without.resistance,
        with_them.resistance,
        way_without,
        way_with,
        without.cumulative,
        with_them.cumulative,
        without.failures + with_them.failures,
    )


def _connect(
    stencil: Stencil,
    frame: Frame,
    sites: Sites,
    solving: Solving | None,
    executor: Executor | None,
    report: Report,
    kept_in: Path | None,
) -> tuple[Connectivity, Values]:
    """Solve all pairs, and measure the mean way of each."""
    ways: dict[tuple[int, int], float] = {}

    def measure(pair: PairMap) -> None:
        ways[pair.first, pair.second] = mean_way(stencil, pair.voltage, frame)

    found = pairwise(
        stencil,
        sites,
        solving=solving,
        receive=measure,
        executor=executor,
        report=report,
        kept_in=kept_in,
    )
    way = np.where(np.isinf(found.resistance), np.inf, np.nan)
    np.fill_diagonal(way, 0.0)
    row = {site: k for k, site in enumerate(found.sites)}
    for (first, second), length in ways.items():
        way[row[first], row[second]] = way[row[second], row[first]] = length
    return found, way


def mean_way(stencil: Stencil, voltage: Values, frame: Frame) -> float:
    r"""Measure the mean length of the ways that one ampere takes, in units of the frame.

    Current never flows in circles, so it can be taken apart into ways from start to end whose
    shares sum to one; the mean length of these is, however they are chosen,

    .. math:: \bar\ell = \sum_e |i_e| \, \ell_e

    over all links e, with the current :math:`i_e` and the distance :math:`\ell_e` between the
    centres of the cells.

    Parameters
    ----------
    stencil
        The linked cells.
    voltage
        Of each cell, V, while one ampere flows; shape (rows, columns).
    frame
        Where the cells lie.
    """
    if stencil.shape != frame.shape:
        raise InvalidGridError(
            f"frame: {frame.shape} cells, but the raster has {stencil.shape}. "
            "Give the raster's own frame."
        )
    ringed = np.pad(voltage, 1)
    here = ringed[1:-1, 1:-1]
    rows, columns = stencil.shape
    total = 0.0
    for kind, (down, right) in enumerate(STEPS):
        there = ringed[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
        length = np.hypot(down * frame.cell_height, right * frame.cell_width)
        current = stencil.weights[1:-1, kind, 1:-1] * np.abs(here - there)
        total += float(current.sum() * length)
    links = stencil.links
    (i, j), (m, n) = np.divmod(links.first, columns), np.divmod(links.second, columns)
    length = np.hypot((i - m) * frame.cell_height, (j - n) * frame.cell_width)
    v = voltage.reshape(-1)
    return total + float((links.conductance * np.abs(v[links.first] - v[links.second])) @ length)


@dataclass(frozen=True)
class IsolatedHabitat:
    """Habitat that barriers cut off.

    Attributes
    ----------
    habitat_km2
        All habitat, km².
    isolated_km2
        Habitat that had a way to at least one site and has none with the barriers, km².
    isolated
        Shape (rows, columns): True for its cells.
    parts_without, parts_with
        Connected parts of the landscape that hold habitat.
    mesh_without_km2, mesh_with_km2
        Effective mesh size, km²: the area within which two animals, set down at random in the
        habitat, can reach each other.
    reached_without_km2, reached_with_km2
        By site: habitat that has a way to it, km².
    """

    habitat_km2: float
    isolated_km2: float
    isolated: NDArray[np.bool_] = field(repr=False)
    parts_without: int
    parts_with: int
    mesh_without_km2: float
    mesh_with_km2: float
    reached_without_km2: dict[int, float]
    reached_with_km2: dict[int, float]


def isolated_habitat(
    stencil: Stencil,
    cuts: Cuts,
    sites: Sites,
    habitat_km2: Values,
    *,
    impassable: float = 0.0,
) -> IsolatedHabitat:
    r"""Measure the habitat that barriers cut off, and how they divide what is left.

    The effective mesh size of parts with habitat :math:`A_k` is
    :math:`\sum_k A_k^2 / \sum_k A_k` (Jaeger 2000). Habitat on NoData cells belongs to no part,
    each such cell being one of its own.

    Parameters
    ----------
    stencil
        The landscape without the barriers.
    cuts
        What they cut.
    sites
        From which habitat is reached.
    habitat_km2
        Habitat in each cell, km², shape (rows, columns); NaN for none.
    impassable
        Steps of which barriers together leave at most this share count as closed.

    Raises
    ------
    InvalidGridError
        If the habitat or the cuts belong to another raster, habitat is negative, or there is none.

    References
    ----------
    Jaeger, J. A. G. (2000). Landscape division, splitting index, and effective mesh size: new
    measures of landscape fragmentation. Landscape Ecology 15, 115-130.
    """
    habitat = _checked_habitat(stencil, habitat_km2)
    check_sites(stencil, sites)
    if not 0 <= impassable < 1:
        raise InvalidGridError(
            f"impassable: {impassable:g} found; give the share, 0 to below 1, up to which a step "
            "counts as closed."
        )
    check_shape(stencil, cuts)
    before = _parts(stencil)
    after = _parts(with_barriers(stencil, closed_only(cuts, impassable)))
    had_way = np.isin(before, _parts_of_sites(before, sites, stencil))
    has_way = np.isin(after, _parts_of_sites(after, sites, stencil))
    isolated = (had_way & ~has_way & (habitat > 0)).reshape(stencil.shape)
    areas_without, areas_with = sum_by_place(before, habitat, 0), sum_by_place(after, habitat, 0)
    return IsolatedHabitat(
        habitat_km2=float(habitat.sum()),
        isolated_km2=float(habitat[isolated.ravel()].sum()),
        isolated=isolated,
        parts_without=int((areas_without > 0).sum()),
        parts_with=int((areas_with > 0).sum()),
        mesh_without_km2=float((areas_without**2).sum() / habitat.sum()),
        mesh_with_km2=float((areas_with**2).sum() / habitat.sum()),
        reached_without_km2=_reached(before, areas_without, sites, stencil),
        reached_with_km2=_reached(after, areas_with, sites, stencil),
    )


def closed_only(cuts: Cuts, impassable: float) -> Cuts:
    """Keep the steps of which barriers together leave at most a share, and close them.

    Parameters
    ----------
    cuts
        What barriers cut.
    impassable
        The share, 0 to 1.
    """
    steps, factor = cuts.factors()
    shut = cuts.rows(np.isin(cuts.step, steps[factor <= impassable]))
    return replace(shut, permeability=np.zeros(len(shut)))


def _checked_habitat(stencil: Stencil, habitat_km2: Values) -> Values:
    if habitat_km2.shape != stencil.shape:
        raise InvalidGridError(
            f"habitat: {habitat_km2.shape} cells, but the raster has {stencil.shape}. "
            "Both must cover the same cells."
        )
    habitat = np.where(np.isnan(habitat_km2), 0.0, habitat_km2).ravel()
    if (habitat < 0).any() or not 0 < habitat.sum() < np.inf:
        raise InvalidGridError(
            f"habitat: {int((habitat < 0).sum())} negative cells, {habitat.sum():g} km² in all. "
            "Give the area of habitat in each cell, km², 0 or NaN for none."
        )
    return habitat


def _parts(stencil: Stencil) -> NDArray[np.int64]:
    """Give the number of each cell's part; each NoData cell is one of its own."""
    part = components(stencil).ravel().astype(np.int64)
    alone = part == 0
    part[alone] = part.max() + 1 + np.arange(int(alone.sum()))
    return part


def _parts_of_sites(part: NDArray[np.int64], sites: Sites, stencil: Stencil) -> NDArray[np.int64]:
    valid = stencil.valid.ravel()
    own = [cells[valid[cells]] for cells in sites.cells.values()]
    cells = np.concatenate([np.zeros(0, np.int64), *own])
    return np.unique(part[cells])


def _reached(
    part: NDArray[np.int64], areas: Values, sites: Sites, stencil: Stencil
) -> dict[int, float]:
    return {
        site: float(areas[_parts_of_sites(part, Sites({site: cells}), stencil)].sum())
        for site, cells in sites.cells.items()
    }


def overall(resistance: Values, measure: Measure) -> float:
    """Sum up how well sites are connected in one number.

    Parameters
    ----------
    resistance
        Between sites, ohm, shape (n, n).
    measure
        "resistance" is the mean over all pairs, ohm: less is better, and infinite where a pair
        is parted. "conductance" is the mean of its reciprocal, siemens: more is better, and a
        parted pair counts 0.

    Raises
    ------
    NotSolvedError
        If the resistance of a pair is not known.
    InvalidGridError
        If there are fewer than two sites, two are one node and conductance is asked for, or there
        is no such measure.
    """
    if measure not in get_args(Measure):
        raise InvalidGridError(
            f"measure: {measure!r} found; {' or '.join(map(repr, get_args(Measure)))} is possible."
        )
    between = resistance[np.triu_indices(resistance.shape[0], 1)]
    if not between.size:
        raise InvalidGridError("sites: at least two are needed for a connection.")
    if np.isnan(between).any():
        raise NotSolvedError(
            f"{int(np.isnan(between).sum())} of {between.size} pairs were not solved, so no mean "
            "can be taken. See `failures` for why; raise `most_iterations`."
        )
    if measure == "resistance":
        return float(between.mean())
    if (between <= 0).any():
        raise InvalidGridError(
            "sites: two of them are one node, and conduct without limit. Leave one of them out."
        )
    return float((1.0 / between).mean())
