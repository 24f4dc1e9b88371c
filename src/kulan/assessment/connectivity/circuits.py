"""Connectivity by circuit theory, asked from files: between sites, or between each and all."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kulan.assessment.connectivity.barriers import BarrierLines, no_barriers
from kulan.assessment.connectivity.folders import Answer, on_cells
from kulan.assessment.connectivity.landscapes import Landscape
from kulan.assessment.connectivity.places import NamedSites
from kulan.assessment.connectivity.running import Running
from kulan.assessment.connectivity.wiring import Wiring
from kulan.connectivity.barriers.cuts import with_barriers
from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.results import Connectivity, PairMap
from kulan.connectivity.circuits.stencil import Stencil
from kulan.errors import InvalidTableError

Mode = Literal["pairwise", "one-to-all", "all-to-one"]
MODES: tuple[Mode, ...] = ("pairwise", "one-to-all", "all-to-one")
_FUNCTIONS: dict[Mode, Callable[..., Connectivity]] = {
    "pairwise": pairwise,
    "one-to-all": one_to_all,
    "all-to-one": all_to_one,
}


@dataclass(frozen=True)
class CircuitQuestion:
    """Between what connectivity is asked for, and across what.

    Attributes
    ----------
    landscape
        The cells.
    sites
        The sites.
    barriers
        What cuts the landscape.
    mode
        Pairs of sites; each to all others; all others to each.
    each_map
        Whether the maps of every pair, or site, are kept beside their sum.
    wiring
        Chosen pairs, for pairs; strengths, for the other modes; joined polygons, for all.
    """

    landscape: Landscape
    sites: NamedSites
    barriers: BarrierLines = field(default_factory=no_barriers)
    mode: Mode = "pairwise"
    each_map: bool = False
    wiring: Wiring = field(default_factory=Wiring)

    def __post_init__(self) -> None:
        if self.wiring.pairs is not None and self.mode != "pairwise":
            raise InvalidTableError(
                f"pairs: the mode {self.mode} asks for each site against all others. Leave --pairs "
                "out, or take the mode pairwise."
            )

    @property
    def parameters(self) -> dict[str, Any]:
        """What the answer is asked with, for its recipe."""
        return landscape_parameters(self.landscape) | {
            "mode": self.mode,
            **self.barriers.parameters,
            **self._wired,
        }

    @property
    def _wired(self) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if self.wiring.pairs is not None:
            said["pairs"] = [list(pair) for pair in self.wiring.pairs]
        if self.wiring.strengths and self.mode != "pairwise":
            said["strengths_a"] = {str(k): v for k, v in sorted(self.wiring.strengths.items())}
        return said

    @property
    def choices(self) -> dict[str, Any]:
        """What the function of the mode is asked with beside landscape and sites."""
        if self.mode == "pairwise":
            own: dict[str, Any] = {"pairs": self.wiring.pairs}
        else:
            own = {"strengths": self.wiring.strengths or None}
        return own | {"short_circuits": self.wiring.short_circuits}


def landscape_parameters(landscape: Landscape) -> dict[str, Any]:
    """Return what a recipe says of a landscape beside its hash."""
    return {
        "species_id": landscape.species_id,
        "season": landscape.season,
        "neighbours": landscape.neighbours,
        "mean": landscape.mean,
        "cell_m": landscape.grid.cell_m,
    }


def cut_landscape(landscape: Landscape, barriers: BarrierLines) -> Stencil:
    """Link the cells of a landscape, with the steps that barriers cut."""
    stencil = landscape.stencil
    cuts = barriers.cuts(landscape.frame)
    return stencil if cuts is None else with_barriers(stencil, cuts)


def connect(question: CircuitQuestion, running: Running | None = None) -> Answer:
    """Send currents between sites.

    Parameters
    ----------
    question
        Between what.
    running
        How it is worked on.

    Returns
    -------
    Answer
        The maps `current` (the sum over pairs or sites) and `maximum`, A; the table `resistance`
        between sites, ohm; `failures`, where there are any.
    """
    running = running or Running()
    landscape = question.landscape
    each: dict[str, NDArray[np.float64]] = {}

    def keep(found: PairMap) -> None:
        name = str(found.first) if found.first == found.second else f"{found.first}_{found.second}"
        each[f"current_{name}"] = found.current.copy()
        each[f"voltage_{name}"] = found.voltage.copy()

    stencil = cut_landscape(landscape, question.barriers)
    found = _FUNCTIONS[question.mode](
        stencil,
        question.sites.sites,
        **question.choices,
        solving=running.solving,
        receive=keep if question.each_map else None,
        executor=running.executor,
        report=running.telling("systems solved"),
        kept_in=running.kept_in,
    )
    known = stencil.valid
    maps = {"current": found.cumulative, "maximum": found.maximum, **each}
    resistance = resistance_table(found, question.sites, question.wiring.pairs)
    tables = {"resistance": resistance}
    if found.failures:
        tables["failures"] = failure_table(found, question.sites)
    return Answer(
        f"{_FUNCTIONS[question.mode].__module__}.{_FUNCTIONS[question.mode].__name__}",
        question.parameters | {"tolerance": running.solving.tolerance},
        (
            landscape.source,
            question.sites.source,
            *question.barriers.inputs,
            *question.wiring.inputs,
        ),
        _numbers(found, resistance, question),
        {name: masked(landscape, values, known) for name, values in maps.items()},
        {name: "V" if name.startswith("voltage") else "A" for name in maps},
        shown_features(question.sites, question.barriers),
        tables,
        readings=(
            question.sites.reading,
            *question.barriers.readings,
            *question.wiring.readings,
        ),
        notes=notes_of(found, question.sites, question.barriers),
    )


def masked(landscape: Landscape, values: NDArray[np.float64], known: NDArray[np.bool_]) -> Any:
    """Put a map on the landscape's cells, NoData where nothing moves."""
    return on_cells(landscape.grid, np.where(known, values, np.nan))


def resistance_table(
    found: Connectivity, sites: NamedSites, wanted: Sequence[tuple[int, int]] | None = None
) -> pd.DataFrame:
    """Return effective resistance between sites, or of each against all others, one row each.

    Parameters
    ----------
    found
        What was found.
    sites
        The sites, for their names.
    wanted
        The pairs that were asked for; None for all.
    """
    numbers, ohm = found.sites, found.resistance
    if ohm.ndim == 1:
        rows = [_row(site, None, float(ohm[k]), sites) for k, site in enumerate(numbers)]
    else:
        asked = None if wanted is None else {tuple(sorted(pair)) for pair in wanted}
        pairs = [
            (a, b)
            for a, b in itertools.combinations(range(len(numbers)), 2)
            if asked is None or (numbers[a], numbers[b]) in asked
        ]
        rows = [_row(numbers[a], numbers[b], float(ohm[a, b]), sites) for a, b in pairs]
    return pd.DataFrame(rows)


def _row(first: int, second: int | None, ohm: float, sites: NamedSites) -> dict[str, Any]:
    state = "connected" if np.isfinite(ohm) else "no way" if np.isinf(ohm) else "not solved"
    row: dict[str, Any] = {"site": first, "name": sites.name(first)}
    if second is not None:
        row |= {"other_site": second, "other_name": sites.name(second)}
    return row | {"resistance_ohm": ohm if np.isfinite(ohm) else None, "state": state}


def failure_table(found: Connectivity, sites: NamedSites) -> pd.DataFrame:
    """Return what could not be solved, and why."""
    return pd.DataFrame(
        [
            {
                "site": one.first,
                "name": sites.name(one.first),
                "other_site": one.second,
                "other_name": sites.name(one.second),
                "reason": one.reason,
            }
            for one in found.failures
        ]
    )


def shown_features(sites: NamedSites, barriers: BarrierLines) -> dict[str, Any]:
    """Return the sites and barriers an answer rests on, as layers for a GIS."""
    layers: dict[str, Any] = {"sites": sites.table}
    if len(barriers):
        layers["barriers"] = barriers.table
    return layers


def _numbers(
    found: Connectivity, resistance: pd.DataFrame, question: CircuitQuestion
) -> dict[str, Any]:
    tried = found.attempts
    return {
        "sites": len(found.sites),
        "asked": len(resistance),
        "without_a_way": int((resistance["state"] == "no way").sum()),
        "not_solved": int((resistance["state"] == "not solved").sum()),
        "resistance_ohm": [
            {
                key: value
                for key, value in row.items()
                if key in ("site", "other_site", "resistance_ohm", "state")
            }
            for row in resistance.to_dict("records")
        ],
        "current_largest_a": float(found.cumulative.max()),
        "solves": len(tried),
        "iterations_most": max((one.iterations for one in tried), default=0),
        "residual_largest": max((one.residual for one in tried if not one.problem), default=0.0),
        "solver_failures": sum(1 for one in tried if one.problem),
    } | barrier_numbers(question.barriers)


def barrier_numbers(barriers: BarrierLines) -> dict[str, Any]:
    """Return what each barrier is taken to let through."""
    columns = ["barrier_id", "segment_id", "name", "permeability", "permeability_low"]
    columns += ["permeability_high", "rests_on", "confidence"]
    table = pd.DataFrame(barriers.table.drop(columns="geometry"))
    return {"barriers": table[columns].to_dict("records")} if len(table) else {}


def notes_of(found: Connectivity, sites: NamedSites, barriers: BarrierLines) -> list[str]:
    """Return what a careful reader must know: what was left out, and what rests on assumptions."""
    notes = [
        f"Site {row['name']} is left out: it {row['reason']}."
        for row in sites.left_out.to_dict("records")
    ]
    if len(found.failures):
        notes.append(
            f"{len(found.failures)} could not be solved and are missing from the maps; "
            "failures.csv says why."
        )
    return notes + barrier_notes(barriers)


def barrier_notes(barriers: BarrierLines) -> list[str]:
    """Say which files lie elsewhere, where lines have holes, which permeabilities are assumed."""
    notes = [
        f"{file} does not meet the landscape: none of its lines lies on it, so that they change "
        "nothing. Check their coordinates, or give a landscape that they cross."
        for file in barriers.missed
    ]
    notes += [
        f"{barriers.told([hole.barrier_id])} has a hole of {hole.where} between its lines, "
        + (
            "closed here with a straight line."
            if hole.closed
            else "through which movement passes. If the map lacks a piece there, add --close-gaps "
            f"{math.ceil(hole.width_km)}."
        )
        for hole in barriers.holes
    ]
    taken = barriers.table[~barriers.table["confidence"].isin(["given"])]
    if not len(taken):
        return notes
    return [
        *notes,
        f"What {barriers.told(tuple(taken['barrier_id']))} let through was not measured: it is "
        "what their kind is taken to let through, with a wide range (features.gpkg, layer "
        "barriers). Give --permeabilities.",
    ]
