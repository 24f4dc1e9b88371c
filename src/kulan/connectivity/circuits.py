"""Connectivity by circuit theory: between pairs of sites, from one to all, or as you wire it."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.flows import accumulate
from kulan.connectivity.raster_circuit import Grid, Injection, RasterCircuit
from kulan.connectivity.sites import Sites, merge
from kulan.connectivity.solving import Attempt, Solution, Solving
from kulan.connectivity.stencil import Stencil
from kulan.errors import InvalidGridError, NotSolvedError

Polygons = NDArray[np.integer]


@dataclass(frozen=True)
class PairMap:
    """What one pair of sites, or one site of the one-to-all and all-to-one modes, gave.

    Attributes
    ----------
    first, second
        The sites' numbers; both the same in the one-to-all and all-to-one modes.
    voltage
        Potential of each cell, V, shape (rows, columns): 0 at `first` and 1 A entering `second`.
    current
        Current through each cell, A.
    """

    first: int
    second: int
    voltage: Grid
    current: Grid


@dataclass(frozen=True)
class Failure:
    """A site or pair that could not be solved; the others were."""

    first: int
    second: int
    reason: str


@dataclass(frozen=True)
class Connectivity:
    """What a run over many sites came to.

    Attributes
    ----------
    sites
        The sites' numbers, in the order of `resistance`.
    resistance
        Effective resistance between sites, ohm; shape (n, n) between pairs, (n,) from one to
        all. Infinite where there is no way, NaN where it was not asked for or not solved.
    cumulative
        Sum of all current maps, A, shape (rows, columns).
    maximum
        Largest current of all maps in each cell, A.
    failures
        What could not be solved, and why.
    attempts
        Every try of a solver.
    """

    sites: tuple[int, ...]
    resistance: NDArray[np.float64]
    cumulative: Grid
    maximum: Grid
    failures: tuple[Failure, ...] = ()
    attempts: tuple[Attempt, ...] = ()


Receive = Callable[[PairMap], None]


@dataclass
class _Run:
    """The running results of one analysis."""

    resistance: NDArray[np.float64]
    cumulative: Grid
    maximum: Grid
    receive: Receive | None
    maps: bool
    drop_below: float
    executor: Executor | None = None
    failures: list[Failure] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)

    def record(self, tried: Solution | Failure) -> Grid | None:
        """Keep how a solve went; return its potential, if it has one."""
        if isinstance(tried, Failure):
            self.failures.append(tried)
            return None
        self.attempts.extend(tried.attempts)
        return tried.potential

    def take_map(
        self,
        circuit: RasterCircuit,
        pair: tuple[int, int],
        potentials: tuple[Grid, Grid],
        injection: Injection,
        zero: float = 0.0,
    ) -> None:
        """Draw the current map under the second potential less the first, and add it."""
        if not self.maps:
            return
        low, high = potentials
        current = circuit.current_map(low, high, injection, drop_below=self.drop_below)
        accumulate(circuit.plain(current), self.cumulative, self.maximum)
        if self.receive is not None:
            voltage = circuit.plain(high - low)
            part = circuit.parts[injection.places[0]] if injection.places.size else 0
            voltage = np.where(circuit.parts.reshape(voltage.shape) == part, voltage - zero, 0.0)
            self.receive(PairMap(*pair, voltage, circuit.plain(current)))

    def take_nothing(self, shape: tuple[int, int], pair: tuple[int, int]) -> None:
        """Pass on maps of zeros, for sites that are one node or not connected."""
        if self.maps and self.receive is not None:
            self.receive(PairMap(*pair, np.zeros(shape), np.zeros(shape)))

    def result(self, sites: Sites) -> Connectivity:
        return Connectivity(
            sites.numbers,
            self.resistance,
            self.cumulative,
            self.maximum,
            tuple(self.failures),
            tuple(self.attempts),
        )


def pairwise(  # noqa: PLR0913 - each is a choice of its own
    stencil: Stencil,
    sites: Sites,
    *,
    short_circuits: Polygons | None = None,
    pairs: Iterable[tuple[int, int]] | None = None,
    solving: Solving | None = None,
    maps: bool = True,
    receive: Receive | None = None,
    drop_below: float = 0.0,
    executor: Executor | None = None,
) -> Connectivity:
    """Send one ampere between every two sites in turn.

    Among n sites of one cell each n - 1 systems are solved, whatever the number of pairs: the
    potential of a pair is the difference of those of its sites against a common third. A region
    is one node only while it belongs to the pair, so each pair with a region is solved for
    itself.

    Parameters
    ----------
    stencil
        The linked cells.
    sites
        Between which; those on NoData are connected with none.
    short_circuits
        Polygons within which potentials are equal, by positive number, shape (rows, columns).
    pairs
        The pairs of site numbers that are wanted; None for all.
    solving
        How to solve.
    maps
        Whether current maps are drawn; resistances alone take less time.
    receive
        Called with the maps of each connected pair, in rising order of its numbers.
    drop_below
        Count currents along links below this share of the pair's largest as none.
    executor
        Solves several systems at once; of threads, since they share the landscape. The result is
        the same.

    References
    ----------
    McRae, B. H., Dickson, B. G., Keitt, T. H. & Shah, V. B. (2008). Using circuit theory to model
    connectivity in ecology, evolution, and conservation. Ecology 89, 2712-2724.
    """
    n = len(sites.numbers)
    run = _Run(
        np.full((n, n), np.nan),
        np.zeros(stencil.shape),
        np.zeros(stencil.shape),
        receive,
        maps,
        drop_below,
        executor,
    )
    np.fill_diagonal(run.resistance, 0.0)
    wanted = _wanted_pairs(sites, pairs)
    bundles: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    regions = set(sites.regions)
    for pair in wanted:
        bundles.setdefault(tuple(sorted(regions.intersection(pair))), []).append(pair)
    for merged_sites, bundle in sorted(bundles.items()):
        merged = merge(stencil, short_circuits, [sites.cells[site] for site in merged_sites])
        circuit = RasterCircuit(stencil, merged, solving=solving or Solving())
        _solve_bundle(circuit, sites, bundle, run)
    return run.result(sites)


def _wanted_pairs(sites: Sites, pairs: Iterable[tuple[int, int]] | None) -> list[tuple[int, int]]:
    numbers = sites.numbers
    if pairs is None:
        return [(a, b) for k, a in enumerate(numbers) for b in numbers[k + 1 :]]
    wanted = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    unknown = {site for pair in wanted for site in pair} - set(numbers)
    if unknown:
        raise InvalidGridError(
            f"pairs: no site has the number {min(unknown)}. The sites are {list(numbers)[:20]}."
        )
    return wanted


def _solve_bundle(
    circuit: RasterCircuit, sites: Sites, bundle: list[tuple[int, int]], run: _Run
) -> None:
    """Solve pairs that share a circuit."""
    place = {site: place_of(circuit, cells) for site, cells in sites.cells.items()}
    row = {site: k for k, site in enumerate(sites.numbers)}

    def set_resistance(pair: tuple[int, int], value: float) -> None:
        a, b = row[pair[0]], row[pair[1]]
        run.resistance[a, b] = run.resistance[b, a] = value

    connected: dict[int, list[tuple[int, int]]] = {}
    for pair in bundle:
        a, b = (place[site] for site in pair)
        if a is None or b is None or circuit.parts[a] != circuit.parts[b]:
            set_resistance(pair, float("inf"))
        else:
            connected.setdefault(int(circuit.parts[a]), []).append(pair)
    for part_pairs in connected.values():
        potentials = _potentials_of_sites(circuit, place, part_pairs, run)
        together: list[tuple[int, Grid]] = []
        for k, pair in enumerate(part_pairs):
            a, b = place[pair[0]], place[pair[1]]
            assert a is not None
            assert b is not None
            if circuit.same_node(a, b):
                set_resistance(pair, 0.0)
                run.take_nothing(circuit.stencil.shape, pair)
            elif (found := potentials(pair)) is not None:
                low, high = found
                zero = circuit.at(high, a) - circuit.at(low, a)
                set_resistance(pair, circuit.at(high, b) - circuit.at(low, b) - zero)
                if run.receive is not None:
                    run.take_map(circuit, pair, found, Injection.between(a, b), zero)
                elif run.maps:
                    together.append((b, high))
            last = k + 1 == len(part_pairs) or part_pairs[k + 1][0] != pair[0]
            if together and (last or len(together) == 4):
                _accumulate(circuit, (a, low), together, run)
                together = []


def _accumulate(
    circuit: RasterCircuit, low: tuple[int, Grid], highs: list[tuple[int, Grid]], run: _Run
) -> None:
    totals = (run.cumulative, run.maximum)
    circuit.accumulate_pairs(low, highs, totals, drop_below=run.drop_below)


Potentials = Callable[[tuple[int, int]], tuple[Grid, Grid] | None]


def _potentials_of_sites(
    circuit: RasterCircuit,
    place: Mapping[int, int | None],
    pairs: list[tuple[int, int]],
    run: _Run,
) -> Potentials:
    """Return what gives the two potentials whose difference belongs to a pair."""
    places = {site: number for site, number in place.items() if number is not None}
    involved = sorted({site for pair in pairs for site in pair})
    nothing = circuit.empty()
    if len(pairs) < len(involved):

        def alone(pair: tuple[int, int]) -> tuple[Grid, Grid] | None:
            found = run.record(_try_pair(circuit, places, pair))
            return None if found is None else (nothing, found)

        return alone

    common = involved[0]
    leader: dict[int, int] = {common: common}
    for site in involved[1:]:
        twins = (one for one in leader if circuit.same_node(places[one], places[site]))
        leader[site] = next(twins, site)
    leaders = [site for site in involved if leader[site] == site and site != common]

    in_memory = len(leaders) * nothing.nbytes <= circuit.solving.most_stored_bytes

    def against_common(site: int) -> _Tried:
        found = _try_pair(circuit, places, (common, site))
        if in_memory or isinstance(found, Failure):
            return found
        return replace(found, potential=_put_on_disk(found.potential))

    # the first one alone: it builds what the others share
    tried = [against_common(site) for site in leaders[:1]]
    if run.executor is None:
        tried += [against_common(site) for site in leaders[1:]]
    else:
        tried += run.executor.map(against_common, leaders[1:])
    against: dict[int, Grid | None] = {common: nothing}
    for site, one in zip(leaders, tried, strict=True):
        against[site] = run.record(one)

    def superposed(pair: tuple[int, int]) -> tuple[Grid, Grid] | None:
        low, high = against[leader[pair[0]]], against[leader[pair[1]]]
        return None if low is None or high is None else (low, high)

    return superposed


_Tried = Solution | Failure


def _put_on_disk(grid: Grid) -> Grid:
    """Move a grid to a nameless temporary file, which goes when the grid does."""
    with tempfile.TemporaryFile() as file:
        stored = np.memmap(file, np.float64, "w+", shape=grid.shape)
    stored[:] = grid
    return np.asarray(stored)


def _try_pair(circuit: RasterCircuit, places: Mapping[int, int], pair: tuple[int, int]) -> _Tried:
    try:
        return circuit.solve(Injection.between(places[pair[0]], places[pair[1]]))
    except NotSolvedError as error:
        return Failure(*pair, str(error))


def place_of(circuit: RasterCircuit, cells: NDArray[np.int64]) -> int | None:
    """Return a cell of a site that is a node, or None where all its `cells` are NoData."""
    on = cells[circuit.parts[cells] > 0]
    return int(on[0]) if on.size else None


def one_to_all(
    stencil: Stencil,
    sites: Sites,
    *,
    short_circuits: Polygons | None = None,
    strengths: Mapping[int, float] | None = None,
    partners: Mapping[int, Iterable[int]] | None = None,
    solving: Solving | None = None,
    receive: Receive | None = None,
    drop_below: float = 0.0,
) -> Connectivity:
    """Send a current from each site in turn to all others, which are grounded.

    Parameters
    ----------
    stencil
        The linked cells.
    sites
        From which; regions are one node each throughout.
    short_circuits
        Polygons within which potentials are equal, by positive number, shape (rows, columns).
    strengths
        Current that each site sends, A; 1 where none is given.
    partners
        Of a site, those it sends to; None for all others.
    solving
        How to solve.
    receive
        Called with the maps of each site; voltages are those above the grounded sites.
    drop_below
        Count currents along links below this share of the largest as none.
    """
    return _each_site(
        stencil, sites, short_circuits, strengths, partners, solving, receive, drop_below, out=True
    )


def all_to_one(
    stencil: Stencil,
    sites: Sites,
    *,
    short_circuits: Polygons | None = None,
    strengths: Mapping[int, float] | None = None,
    partners: Mapping[int, Iterable[int]] | None = None,
    solving: Solving | None = None,
    receive: Receive | None = None,
    drop_below: float = 0.0,
) -> Connectivity:
    """Send a current from all sites to each in turn, which is grounded.

    `resistance` is 0 for sites that something reaches; only maps are of interest here.

    Parameters
    ----------
    stencil
        The linked cells.
    sites
        To which; regions are one node each throughout.
    short_circuits
        Polygons within which potentials are equal, by positive number, shape (rows, columns).
    strengths
        Current that each site sends, A; 1 where none is given.
    partners
        Of a site, those that send to it; None for all others.
    solving
        How to solve.
    receive
        Called with the maps of each site.
    drop_below
        Count currents along links below this share of the largest as none.
    """
    return _each_site(
        stencil, sites, short_circuits, strengths, partners, solving, receive, drop_below, out=False
    )


def _each_site(  # noqa: PLR0913 - the choices of the two modes
    stencil: Stencil,
    sites: Sites,
    short_circuits: Polygons | None,
    strengths: Mapping[int, float] | None,
    partners: Mapping[int, Iterable[int]] | None,
    solving: Solving | None,
    receive: Receive | None,
    drop_below: float,
    *,
    out: bool,
) -> Connectivity:
    shape, numbers = stencil.shape, sites.numbers
    run = _Run(
        np.full(len(numbers), np.inf), np.zeros(shape), np.zeros(shape), receive, True, drop_below
    )
    kept: dict[tuple[int, ...], RasterCircuit] = {}
    for k, site in enumerate(numbers):
        others = tuple(sorted(set(partners[site] if partners else numbers) - {site}))
        together = tuple(sorted({site, *others}.intersection(sites.regions)))
        if together not in kept:
            kept.clear()
            merged = merge(stencil, short_circuits, [sites.cells[s] for s in together])
            kept[together] = RasterCircuit(stencil, merged, solving=solving or Solving())
        circuit = kept[together]
        here = place_of(circuit, sites.cells[site])
        there = _connected_places(circuit, sites, here, others)
        if here is None or not there:
            run.take_nothing(shape, (site, site))
            continue
        power = strengths or {}
        if out and power.get(site, 1.0) == 0.0:
            run.resistance[k] = np.nan  # it sends nothing, so nothing tells its resistance
            run.take_nothing(shape, (site, site))
            continue
        try:
            if out:
                amps = power.get(site, 1.0)
                run.resistance[k] = _send(circuit, site, here, list(there.values()), amps, run)
            else:
                _collect(circuit, site, here, there, power, run)
                run.resistance[k] = 0.0
        except NotSolvedError as error:
            run.failures.append(Failure(site, site, str(error)))
            run.resistance[k] = np.nan
    return run.result(sites)


def _connected_places(
    circuit: RasterCircuit, sites: Sites, here: int | None, others: tuple[int, ...]
) -> dict[int, int]:
    """Places of the other sites that are connected with a place and not one node with it."""
    if here is None:
        return {}
    found = {site: place_of(circuit, sites.cells[site]) for site in others}
    return {
        site: place
        for site, place in found.items()
        if place is not None
        and circuit.parts[place] == circuit.parts[here]
        and not circuit.same_node(place, here)
    }


def _send(
    circuit: RasterCircuit, site: int, here: int, grounded: list[int], amps: float, run: _Run
) -> float:
    """Send a current from one place to grounded ones; return potential over current."""
    ground = np.zeros(circuit.stencil.shape)
    ground.reshape(-1)[grounded] = np.inf
    wired = RasterCircuit(circuit.stencil, circuit.merged, ground, circuit.solving)
    injection = Injection(np.array([here]), np.array([amps]))
    solution = wired.solve(injection)
    run.attempts.extend(solution.attempts)
    run.take_map(wired, (site, site), (wired.empty(), solution.potential), injection)
    return wired.at(solution.potential, here) / amps


def _collect(
    circuit: RasterCircuit,
    site: int,
    here: int,
    there: Mapping[int, int],
    power: Mapping[int, float],
    run: _Run,
) -> None:
    """Send currents from places to one that takes them all."""
    amps = np.array([power.get(sender, 1.0) for sender in there])
    injection = Injection(np.array([*there.values(), here]), np.concatenate([amps, [-amps.sum()]]))
    solution = circuit.solve(injection)
    run.attempts.extend(solution.attempts)
    zero = circuit.at(solution.potential, here)
    potentials = (circuit.empty(), solution.potential)
    run.take_map(circuit, (site, site), potentials, injection, zero)


@dataclass(frozen=True)
class Wired:
    """Potentials and currents of a landscape with sources and grounds.

    Attributes
    ----------
    voltage
        V, shape (rows, columns).
    current
        Current through each cell, A.
    attempts
        The solvers tried.
    """

    voltage: Grid
    current: Grid
    attempts: tuple[Attempt, ...]


def advanced(
    stencil: Stencil,
    sources: Grid,
    ground: Grid,
    *,
    short_circuits: Polygons | None = None,
    solving: Solving | None = None,
    drop_below: float = 0.0,
) -> Wired:
    """Let given sources flow to given grounds.

    Parts of the landscape that lack one or the other carry nothing.

    Parameters
    ----------
    stencil
        The linked cells.
    sources
        Current that enters each cell, A, negative where it leaves; shape (rows, columns).
    ground
        Conductance of each cell to the ground, siemens; infinite for a direct connection.
    short_circuits
        Polygons within which potentials are equal, by positive number.
    solving
        How to solve.
    drop_below
        Count currents along links below this share of the largest as none.
    """
    merged = merge(stencil, short_circuits)
    circuit = RasterCircuit(stencil, merged, ground, solving or Solving())
    grounded = np.unique(circuit.parts[(ground.ravel() > 0) & (circuit.parts > 0)])
    used = (sources.ravel() != 0) & np.isin(circuit.parts, grounded) & (circuit.parts > 0)
    places = np.flatnonzero(used)
    if not places.size:
        return Wired(np.zeros(stencil.shape), np.zeros(stencil.shape), ())
    injection = Injection(places, sources.ravel()[places].astype(np.float64))
    solution = circuit.solve(injection)
    potentials = (circuit.empty(), solution.potential)
    current = circuit.current_map(*potentials, injection, drop_below=drop_below)
    return Wired(circuit.plain(solution.potential), circuit.plain(current), solution.attempts)
