"""Circuits between pairs of sites: one ampere each, in as few solves as can be."""

import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kulan.connectivity.circuits.drawn_maps import (
    Drawing,
    DrawnMap,
    Keeping,
    attempts_as_arrays,
    attempts_from,
    draw,
    kept_or_drawn,
    voltage_map,
)
from kulan.connectivity.circuits.merged_circuits import MergedCircuits
from kulan.connectivity.circuits.pair_maps import accumulate_pairs
from kulan.connectivity.circuits.raster_circuit import Grid, Injection, RasterCircuit
from kulan.connectivity.circuits.results import (
    Connectivity,
    Polygons,
    Receive,
    Run,
    place_of,
    start_run,
)
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Attempt, Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.kept_work import has_grid, keep, keep_grid, recall, recall_grid
from kulan.connectivity.memory import Workers, check_memory, pairs_need
from kulan.connectivity.workers import UNSOLVED, Report, answers, at_hand, reason_of, taken
from kulan.errors import InvalidGridError

Pair = tuple[int, int]
# maps of so many pairs are drawn together; they take about as long as one solve
_MAPS_IN_A_SOLVE = 64


def pairwise(  # noqa: PLR0913 - each is a choice of its own
    stencil: Stencil,
    sites: Sites,
    *,
    short_circuits: Polygons | None = None,
    pairs: Iterable[Pair] | None = None,
    solving: Solving | None = None,
    maps: bool = True,
    receive: Receive | None = None,
    drop_below: float = 0.0,
    executor: Executor | None = None,
    report: Report | None = None,
    kept_in: Path | None = None,
) -> Connectivity:
    """Send one ampere between every two sites in turn.

    Among n sites of one cell each n - 1 systems are solved, whatever the number of pairs: the
    potential of a pair is the difference of those of its sites against a common third. A region
    is one node only while it belongs to the pair, so each pair with a region is solved for
    itself. A pair that no solver can solve is recorded in `failures`, and the others go on.

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
        Whether current maps are drawn; resistances alone take less time and memory.
    receive
        Called with the maps of each connected pair, in rising order of its numbers.
    drop_below
        Count currents along links below this share of the pair's largest as none.
    executor
        Solves several systems at once: threads, processes, or the workers of a Dask cluster. The
        result is the same to the last bit.
    report
        Called with the systems solved and those in all; the maps of 64 pairs count as one. What
        it raises ends the run.
    kept_in
        Folder where finished solves are kept, so that a run that was stopped goes on from there
        and gives the same bytes; those of other inputs are left alone. With an `executor`, all
        workers must see it.

    Raises
    ------
    InvalidFileError
        If a kept piece cannot be read.
    InvalidGridError
        If a site lies outside the raster, polygons cover other cells, a wanted pair names no site,
        or `drop_below` is no share.
    TooLargeError
        If it is estimated to need more memory than there is, or than `solving` allows.
    WorkerLostError
        If a process of the executor has ended.

    References
    ----------
    McRae, B. H., Dickson, B. G., Keitt, T. H. & Shah, V. B. (2008). Using circuit theory to model
    connectivity in ecology, evolution, and conservation. Ecology 89, 2712-2724.
    """
    resistance = np.full((len(sites.numbers), len(sites.numbers)), np.nan)
    np.fill_diagonal(resistance, 0.0)
    drawing = Drawing(maps, maps and receive is not None, drop_below)
    run = start_run(resistance, stencil.shape, receive, drawing, report)
    wanted = _wanted_pairs(sites, pairs)
    circuits = MergedCircuits(stencil, short_circuits, sites, solving or Solving())
    keeping = None if kept_in is None else Keeping(kept_in, circuits.digest())
    with_regions = set(sites.regions)
    bundles: dict[tuple[int, ...], list[Pair]] = {}
    for pair in wanted:
        bundles.setdefault(tuple(sorted(with_regions.intersection(pair))), []).append(pair)
    together, alone = _divide(circuits, bundles.pop((), []), run)
    alone += [(regions, pair) for regions in sorted(bundles) for pair in bundles[regions]]
    run.progress.total = len(alone) + sum(group.n_steps(maps) for group in together)
    if together or alone:
        most = max((len(group.leaders) for group in together), default=0)
        _check_memory(stencil, circuits.solving, executor, most if maps else 0, kept_in, maps)
    with at_hand(circuits, executor) as handed:
        work = _Work(handed, executor, keeping)
        for group in together:
            _superpose(circuits.circuit(), group, run, work, sites)
        _solve_alone(alone, run, work, sites)
    return run.result(sites)


def _check_memory(
    stencil: Stencil,
    solving: Solving,
    executor: Executor | None,
    n_potentials: int,
    kept_in: Path | None,
    maps: bool,
) -> None:
    """Refuse what will not fit; potentials that wait on disk take no memory."""
    on_disk = (
        kept_in is not None or n_potentials * 8 * stencil.valid.size > solving.most_stored_bytes
    )
    need = pairs_need(
        stencil.valid.size,
        min(n_potentials, 1) if on_disk else n_potentials,
        Workers.of(executor),
        maps=maps,
        precise=solving.precise_multigrid,
    )
    check_memory(need, solving.most_memory_bytes)


def _wanted_pairs(sites: Sites, pairs: Iterable[Pair] | None) -> list[Pair]:
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


@dataclass(frozen=True)
class _Work:
    """Who solves, with what at hand, and where finished solves are kept."""

    circuits: MergedCircuits
    executor: Executor | None
    keeping: Keeping | None


@dataclass(frozen=True)
class _Group:
    """Pairs of points of one connected part, to be superposed.

    Attributes
    ----------
    pairs
        The pairs.
    place
        Cell of each site.
    leader
        Of each site, the first that is one node with it.
    """

    pairs: list[Pair]
    place: dict[int, int]
    leader: dict[int, int]

    @property
    def common(self) -> int:
        """The site against which the others are solved."""
        return next(iter(self.leader))

    @property
    def leaders(self) -> list[int]:
        """The sites that are solved against the common one."""
        return [site for site, first in self.leader.items() if site == first != self.common]

    def n_steps(self, maps: bool) -> int:
        """Count the steps of progress: solves, and the time of maps in such."""
        return len(self.leaders) + (-(-len(self.pairs) // _MAPS_IN_A_SOLVE) if maps else 0)


def _divide(
    circuits: MergedCircuits, pairs: list[Pair], run: Run
) -> tuple[list[_Group], list[tuple[tuple[int, ...], Pair]]]:
    """Tell pairs of points that are superposed from those that are solved for themselves."""
    if not pairs:
        return [], []
    circuit = circuits.circuit()
    place = {
        site: place_of(circuit, circuits.sites.cells[site])
        for site in sorted({site for pair in pairs for site in pair})
    }
    connected: dict[int, list[Pair]] = {}
    for pair in pairs:
        a, b = place[pair[0]], place[pair[1]]
        if a is None or b is None or circuit.parts[a] != circuit.parts[b]:
            _set_resistance(run, circuits.sites, pair, np.inf)
        else:
            connected.setdefault(int(circuit.parts[a]), []).append(pair)
    groups: list[_Group] = []
    alone: list[tuple[tuple[int, ...], Pair]] = []
    for part_pairs in connected.values():
        involved = sorted({site for pair in part_pairs for site in pair})
        if len(part_pairs) < len(involved):
            alone += [((), pair) for pair in part_pairs]
            continue
        places = {site: place[site] for site in involved}
        groups.append(_grouped(circuit, part_pairs, places))
    return groups, alone


def _grouped(circuit: RasterCircuit, pairs: list[Pair], places: Mapping[int, int | None]) -> _Group:
    place = {site: found for site, found in places.items() if found is not None}
    leader: dict[int, int] = {}
    for site, cell in place.items():
        twins = (one for one in leader if circuit.same_node(place[one], cell))
        leader[site] = next(twins, site)
    return _Group(pairs, place, leader)


def _set_resistance(run: Run, sites: Sites, pair: Pair, value: float) -> None:
    a, b = sites.numbers.index(pair[0]), sites.numbers.index(pair[1])
    run.resistance[a, b] = run.resistance[b, a] = value


# --- pairs that are solved for themselves ---------------------------------------------------------


def _solve_alone(
    alone: list[tuple[tuple[int, ...], Pair]], run: Run, work: _Work, sites: Sites
) -> None:
    tasks = ((work.circuits, regions, pair, run.drawing, work.keeping) for regions, pair in alone)
    with closing(answers(_solve_pair, tasks, work.executor)) as found:
        for (_, pair), drawn in zip(alone, found, strict=True):
            _set_resistance(run, sites, pair, drawn.resistance)
            run.take(pair, drawn)
            if drawn.resistance == 0.0:
                run.take_nothing(pair)
            run.progress.step()


def _solve_pair(
    handed: MergedCircuits,
    regions: tuple[int, ...],
    pair: Pair,
    drawing: Drawing,
    keeping: Keeping | None,
) -> DrawnMap:
    """Solve one pair, and draw its maps."""
    circuits = taken(handed)

    def do() -> DrawnMap:
        circuit = circuits.circuit(regions)
        a, b = (place_of(circuit, circuits.sites.cells[site]) for site in pair)
        if a is None or b is None or circuit.parts[a] != circuit.parts[b]:
            return DrawnMap(np.inf)
        if circuit.same_node(a, b):
            return DrawnMap(0.0)
        circuit = circuits.circuit(regions, to_solve=True)
        injection = Injection.between(a, b)
        solution = circuit.solve(injection)
        low, high = (circuit.at(solution.potential, place) for place in (a, b))
        maps = draw(circuit, solution.potential, injection, drawing, low)
        return DrawnMap(high - low, *maps, solution.attempts)

    try:
        return kept_or_drawn(keeping, ("pair", regions, pair, drawing), do)
    except UNSOLVED as problem:
        attempts = getattr(problem, "attempts", ())
        return DrawnMap(np.nan, attempts=attempts, problem=reason_of(problem))


# --- pairs that are superposed --------------------------------------------------------------------


@dataclass(frozen=True)
class _Potential:
    """Potentials of one ampere between the common site and another.

    Attributes
    ----------
    at_sites
        Of the sites of the group, V, in their order.
    grid
        Of all cells; None where no maps are wanted, or where it is kept on disk.
    attempts
        Every try of a solver.
    problem
        Why there are none; empty where there are.
    """

    at_sites: NDArray[np.float64]
    grid: Grid | None
    attempts: tuple[Attempt, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class _Superposition:
    """A group of sites whose potentials are known."""

    circuit: RasterCircuit
    group: _Group
    against: dict[int, _Potential]
    sites: Sites

    def of(self, pair: Pair) -> tuple[_Potential, _Potential]:
        """Return the two potentials whose difference belongs to a pair."""
        first, second = (self.group.leader[site] for site in pair)
        return self.against[first], self.against[second]

    def zero_and_resistance(self, pair: Pair) -> tuple[float, float]:
        """Return the potential that counts as none for a pair, and its resistance."""
        low, high = self.of(pair)
        where = list(self.group.place)
        i, j = (where.index(site) for site in pair)
        zero = float(high.at_sites[i] - low.at_sites[i])
        return zero, float(high.at_sites[j] - low.at_sites[j] - zero)


def _superpose(circuit: RasterCircuit, group: _Group, run: Run, work: _Work, sites: Sites) -> None:
    """Solve each site against the common one; take each pair as the difference of two."""
    found = _Superposition(circuit, group, _solve_group(circuit, group, run, work), sites)
    begun = run.progress.done
    for start in range(0, len(group.pairs), _MAPS_IN_A_SOLVE):
        pairs = group.pairs[start : start + _MAPS_IN_A_SOLVE]
        drawn = [pair for pair in pairs if _take_resistance(found, pair, run)]
        if run.drawing.current:
            _draw_some(found, drawn, run)
            run.progress.reach(begun + (start + len(pairs)) // _MAPS_IN_A_SOLVE)
    run.progress.reach(begun + group.n_steps(run.drawing.current) - len(group.leaders))


def _take_resistance(found: _Superposition, pair: Pair, run: Run) -> bool:
    """Note the resistance of a pair, or why there is none; return whether it has a map."""
    low, high = found.of(pair)
    if low is high:
        _set_resistance(run, found.sites, pair, 0.0)
        run.take_nothing(pair)
        return False
    lost = low if low.problem else high
    if lost.problem:
        run.take(pair, DrawnMap(np.nan, attempts=lost.attempts, problem=lost.problem))
        return False
    _set_resistance(run, found.sites, pair, found.zero_and_resistance(pair)[1])
    return True


def _draw_some(found: _Superposition, pairs: list[Pair], run: Run) -> None:
    """Draw the maps of some pairs."""
    circuit, place = found.circuit, found.group.place
    below = run.drawing.drop_below
    ends = [
        ((place[pair[0]], _grid_of(low)), (place[pair[1]], _grid_of(high)))
        for pair, (low, high) in ((pair, found.of(pair)) for pair in pairs)
    ]
    if run.receive is None:
        accumulate_pairs(circuit, ends, (run.cumulative, run.maximum), drop_below=below)
        return
    for pair, ((first, low), (second, high)) in zip(pairs, ends, strict=True):
        injection = Injection.between(first, second)
        current = circuit.plain(circuit.current_map(low, high, injection, drop_below=below))
        zero, resistance = found.zero_and_resistance(pair)
        voltage = voltage_map(circuit, high - low, injection, zero)
        run.take(pair, DrawnMap(resistance, current, voltage))


def _grid_of(potential: _Potential) -> Grid:
    assert potential.grid is not None
    return potential.grid


def _solve_group(
    circuit: RasterCircuit, group: _Group, run: Run, work: _Work
) -> dict[int, _Potential]:
    """Solve each site of a group against the common one."""
    nothing, maps = circuit.empty(), run.drawing.current
    places = np.array(list(group.place.values()), np.int64)
    leaders, start = group.leaders, group.place[group.common]
    in_memory = len(leaders) * nothing.nbytes <= circuit.solving.most_stored_bytes
    against = {group.common: _Potential(np.zeros(places.size), nothing)}
    tasks = (
        (work.circuits, (start, group.place[site]), places, maps, work.keeping) for site in leaders
    )
    with closing(answers(_solve_site, tasks, work.executor)) as found:
        for site, answer in zip(leaders, found, strict=True):
            potential = answer
            if maps and not potential.problem:
                if work.keeping is not None:
                    name = work.keeping.name(*_asked((start, group.place[site]), places, maps))
                    potential = replace(potential, grid=recall_grid(work.keeping.folder, name))
                elif not in_memory:
                    potential = replace(potential, grid=_put_on_disk(_grid_of(potential)))
            if not potential.problem:
                run.attempts.extend(potential.attempts)
            against[site] = potential
            run.progress.step()
    return against


def _put_on_disk(grid: Grid) -> Grid:
    """Move a grid to a nameless temporary file, which goes when the grid does."""
    with tempfile.TemporaryFile() as file:
        stored = np.memmap(file, np.float64, "w+", shape=grid.shape)
    stored[:] = grid
    return np.asarray(stored)


def _asked(pair: tuple[int, int], places: NDArray[np.int64], maps: bool) -> tuple[object, ...]:
    return ("site", pair, places, maps)


def _solve_site(
    handed: MergedCircuits,
    pair: tuple[int, int],
    places: NDArray[np.int64],
    maps: bool,
    keeping: Keeping | None,
) -> _Potential:
    """Solve for one ampere between two places; the grid stays on disk where it is kept."""
    circuits = taken(handed)
    name = "" if keeping is None else keeping.name(*_asked(pair, places, maps))
    whole = keeping is not None and (not maps or has_grid(keeping.folder, name))
    if keeping is not None and whole and (kept := recall(keeping.folder, name)) is not None:
        return _Potential(kept["at_sites"], None, attempts_from(kept))
    try:
        circuit = circuits.circuit(to_solve=True)
        solution = circuit.solve(Injection.between(*pair))
    except UNSOLVED as problem:
        attempts = getattr(problem, "attempts", ())
        return _Potential(np.zeros(0), None, attempts, reason_of(problem))
    at_sites = np.array([circuit.at(solution.potential, int(place)) for place in places])
    if keeping is not None:
        if maps:
            keep_grid(keeping.folder, name, solution.potential)
        # last, since this says that the piece is whole
        piece = {"at_sites": at_sites, **attempts_as_arrays(solution.attempts)}
        keep(keeping.folder, name, piece)
    grid = solution.potential if maps and keeping is None else None
    return _Potential(at_sites, grid, solution.attempts)
