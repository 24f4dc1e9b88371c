"""Circuits from each site to all others, and from all to each."""

from collections.abc import Iterable, Mapping

import numpy as np

from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.results import (
    Connectivity,
    Failure,
    Polygons,
    Receive,
    Run,
    place_of,
)
from kulan.connectivity.circuits.sites import Sites, merge
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Stencil
from kulan.errors import NotSolvedError


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
    run = Run(
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
    circuit: RasterCircuit, site: int, here: int, grounded: list[int], amps: float, run: Run
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
    run: Run,
) -> None:
    """Send currents from places to one that takes them all."""
    amps = np.array([power.get(sender, 1.0) for sender in there])
    injection = Injection(np.array([*there.values(), here]), np.concatenate([amps, [-amps.sum()]]))
    solution = circuit.solve(injection)
    run.attempts.extend(solution.attempts)
    zero = circuit.at(solution.potential, here)
    potentials = (circuit.empty(), solution.potential)
    run.take_map(circuit, (site, site), potentials, injection, zero)
