"""Circuits between pairs of sites: one ampere each, in as few solves as can be."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from kulan.connectivity.circuits.raster_circuit import Grid, Injection, RasterCircuit
from kulan.connectivity.circuits.results import (
    Connectivity,
    Failure,
    Polygons,
    Receive,
    Run,
    place_of,
)
from kulan.connectivity.circuits.sites import Sites, merge
from kulan.connectivity.circuits.solving import Solution, Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.errors import InvalidGridError, NotSolvedError


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
    run = Run(
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
    circuit: RasterCircuit, sites: Sites, bundle: list[tuple[int, int]], run: Run
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
    circuit: RasterCircuit, low: tuple[int, Grid], highs: list[tuple[int, Grid]], run: Run
) -> None:
    totals = (run.cumulative, run.maximum)
    circuit.accumulate_pairs(low, highs, totals, drop_below=run.drop_below)


Potentials = Callable[[tuple[int, int]], tuple[Grid, Grid] | None]


def _potentials_of_sites(
    circuit: RasterCircuit,
    place: Mapping[int, int | None],
    pairs: list[tuple[int, int]],
    run: Run,
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
