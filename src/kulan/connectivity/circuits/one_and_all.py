"""Circuits from each site to all others, and from all to each."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kulan.connectivity.circuits.drawn_maps import (
    Drawing,
    DrawnMap,
    Keeping,
    draw,
    kept_or_drawn,
)
from kulan.connectivity.circuits.merged_circuits import MergedCircuits
from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.results import (
    Connectivity,
    Polygons,
    Receive,
    place_of,
    start_run,
)
from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.memory import Workers, check_memory, each_site_need
from kulan.connectivity.workers import UNSOLVED, Report, answers, at_hand, reason_of, taken
from kulan.errors import InvalidGridError


def one_to_all(  # noqa: PLR0913 - each is a choice of its own
    stencil: Stencil,
    sites: Sites,
    *,
    short_circuits: Polygons | None = None,
    strengths: Mapping[int, float] | None = None,
    partners: Mapping[int, Iterable[int]] | None = None,
    solving: Solving | None = None,
    receive: Receive | None = None,
    drop_below: float = 0.0,
    executor: Executor | None = None,
    report: Report | None = None,
    kept_in: Path | None = None,
) -> Connectivity:
    """Send a current from each site in turn to all others, which are grounded.

    A site that no solver can solve is recorded in `failures`, and the others go on.

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
    executor
        Solves several systems at once; see `kulan.connectivity.circuits.pairs.pairwise`.
    report
        Called with the sites done and those in all; what it raises ends the run.
    kept_in
        Folder where finished sites are kept; see `kulan.connectivity.circuits.pairs.pairwise`.

    Raises
    ------
    InvalidGridError
        If a site lies outside the raster, a strength is not finite, strengths or partners name
        no site or lack one, or `drop_below` is no share.
    """
    circuits = MergedCircuits(stencil, short_circuits, sites, solving or Solving())
    drawing = Drawing(current=True, voltage=receive is not None, drop_below=drop_below)
    each = _EachSite(circuits, strengths or {}, _sorted(partners), drawing, out=True)
    return _run(each, receive, executor, report, kept_in)


def all_to_one(  # noqa: PLR0913 - each is a choice of its own
    stencil: Stencil,
    sites: Sites,
    *,
    short_circuits: Polygons | None = None,
    strengths: Mapping[int, float] | None = None,
    partners: Mapping[int, Iterable[int]] | None = None,
    solving: Solving | None = None,
    receive: Receive | None = None,
    drop_below: float = 0.0,
    executor: Executor | None = None,
    report: Report | None = None,
    kept_in: Path | None = None,
) -> Connectivity:
    """Send a current from all sites to each in turn, which is grounded.

    A site that no solver can solve is recorded in `failures`, and the others go on. `resistance`
    is 0 for sites that something reaches; only maps are of interest here.

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
    executor
        Solves several systems at once; see `kulan.connectivity.circuits.pairs.pairwise`.
    report
        Called with the sites done and those in all; what it raises ends the run.
    kept_in
        Folder where finished sites are kept; see `kulan.connectivity.circuits.pairs.pairwise`.

    Raises
    ------
    InvalidGridError
        If a site lies outside the raster, a strength is not finite, strengths or partners name
        no site or lack one, or `drop_below` is no share.
    """
    circuits = MergedCircuits(stencil, short_circuits, sites, solving or Solving())
    drawing = Drawing(current=True, voltage=receive is not None, drop_below=drop_below)
    each = _EachSite(circuits, strengths or {}, _sorted(partners), drawing, out=False)
    return _run(each, receive, executor, report, kept_in)


Partners = dict[int, tuple[int, ...]]


def _sorted(partners: Mapping[int, Iterable[int]] | None) -> Partners | None:
    if partners is None:
        return None
    return {site: tuple(sorted(set(others))) for site, others in partners.items()}


@dataclass(frozen=True)
class _EachSite:
    """What every site of a run needs to be solved.

    Attributes
    ----------
    circuits
        The landscape.
    strengths
        Current that each site sends, A; 1 where none is given.
    partners
        Of a site, those it is solved with; None for all others.
    drawing
        Which maps are wanted.
    out
        Whether a site sends to the others, or they to it.
    """

    circuits: MergedCircuits
    strengths: Mapping[int, float]
    partners: Partners | None
    drawing: Drawing
    out: bool

    def __post_init__(self) -> None:
        numbers = self.circuits.sites.numbers
        _check_strengths(numbers, self.strengths)
        if self.partners is not None:
            _check_partners(numbers, self.partners)

    def others(self, site: int) -> tuple[int, ...]:
        """Return the sites that one is solved with."""
        numbers = self.circuits.sites.numbers
        return tuple(
            sorted(set(numbers if self.partners is None else self.partners[site]) - {site})
        )

    def solve(self, site: int) -> DrawnMap:
        """Solve one site, and draw its maps."""
        others = self.others(site)
        together = {site, *others}.intersection(self.circuits.sites.regions)
        circuit = self.circuits.circuit(together)
        here = place_of(circuit, self.circuits.sites.cells[site])
        there = _connected_places(circuit, self.circuits.sites, here, others)
        if here is None or not there:
            return DrawnMap(np.inf)
        if not self.out:
            circuit = self.circuits.circuit(together, to_solve=True)
            return _collect(circuit, here, there, self.strengths, self.drawing)
        amps = self.strengths.get(site, 1.0)
        if amps == 0.0:
            return DrawnMap(np.nan)  # it sends nothing, so nothing tells its resistance
        return _send(circuit, here, list(there.values()), amps, self.drawing)


def _check_strengths(sites: tuple[int, ...], strengths: Mapping[int, float]) -> None:
    for site, amps in strengths.items():
        if site not in sites:
            raise InvalidGridError(
                f"strengths: no site has the number {site}. The sites are {list(sites)[:20]}."
            )
        if not np.isfinite(amps):
            raise InvalidGridError(
                f"strengths: site {site} is to send {amps:g} A; give a finite current."
            )


def _check_partners(sites: tuple[int, ...], partners: Partners) -> None:
    if missing := sorted(set(sites) - set(partners)):
        raise InvalidGridError(
            f"partners: site {missing[0]} has none listed. List every site, one without partners "
            "with an empty list."
        )
    unknown = {one for others in partners.values() for one in others} - set(sites)
    if unknown:
        raise InvalidGridError(
            f"partners: no site has the number {min(unknown)}. The sites are {list(sites)[:20]}."
        )


def _run(
    each: _EachSite,
    receive: Receive | None,
    executor: Executor | None,
    report: Report | None,
    kept_in: Path | None,
) -> Connectivity:
    sites, solving = each.circuits.sites, each.circuits.solving
    need = each_site_need(
        each.circuits.stencil.valid.size,
        Workers.of(executor),
        grounded=each.out,
        precise=solving.precise_multigrid,
    )
    check_memory(need, solving.most_memory_bytes)
    run = start_run(
        np.full(len(sites.numbers), np.inf),
        each.circuits.stencil.shape,
        receive,
        each.drawing,
        report,
    )
    run.progress.total = len(sites.numbers)
    keeping = None if kept_in is None else Keeping(kept_in, each.circuits.digest())
    with at_hand(each, executor) as handed:
        tasks = ((handed, site, keeping) for site in sites.numbers)
        with closing(answers(_solve_site, tasks, executor)) as found:
            for k, (site, drawn) in enumerate(zip(sites.numbers, found, strict=True)):
                run.resistance[k] = drawn.resistance
                run.take((site, site), drawn)
                if not drawn.problem and drawn.current is None:
                    run.take_nothing((site, site))
                run.progress.step()
    return run.result(sites)


def _solve_site(handed: _EachSite, site: int, keeping: Keeping | None) -> DrawnMap:
    each = taken(handed)
    others = each.others(site)
    amps = [each.strengths.get(one, 1.0) for one in (site, *others)]
    asked = ("out" if each.out else "in", site, others, amps, each.drawing)
    try:
        return kept_or_drawn(keeping, asked, lambda: each.solve(site))
    except UNSOLVED as problem:
        attempts = getattr(problem, "attempts", ())
        return DrawnMap(np.nan, attempts=attempts, problem=reason_of(problem))


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
    circuit: RasterCircuit, here: int, grounded: list[int], amps: float, drawing: Drawing
) -> DrawnMap:
    """Send a current from one place to grounded ones; resistance is potential over current."""
    ground = np.zeros(circuit.stencil.shape)
    ground.reshape(-1)[grounded] = np.inf
    wired = RasterCircuit(circuit.stencil, circuit.merged, ground, circuit.solving)
    injection = Injection(np.array([here]), np.array([amps]))
    solution = wired.solve(injection)
    maps = draw(wired, solution.potential, injection, drawing)
    return DrawnMap(wired.at(solution.potential, here) / amps, *maps, solution.attempts)


def _collect(
    circuit: RasterCircuit,
    here: int,
    there: Mapping[int, int],
    power: Mapping[int, float],
    drawing: Drawing,
) -> DrawnMap:
    """Send currents from places to one that takes them all."""
    amps = np.array([power.get(sender, 1.0) for sender in there])
    injection = Injection(np.array([*there.values(), here]), np.concatenate([amps, [-amps.sum()]]))
    solution = circuit.solve(injection)
    maps = draw(
        circuit, solution.potential, injection, drawing, circuit.at(solution.potential, here)
    )
    return DrawnMap(0.0, *maps, solution.attempts)
