"""Least-cost corridors between sites, and the network they make, asked from files."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from kulan.assessment.connectivity.barriers import BarrierLines, no_barriers
from kulan.assessment.connectivity.circuits import (
    barrier_notes,
    barrier_numbers,
    landscape_parameters,
    shown_features,
)
from kulan.assessment.connectivity.folders import Answer, on_cells
from kulan.assessment.connectivity.landscapes import Landscape
from kulan.assessment.connectivity.patch_networks import NetworkAnswer, NetworkQuestion, measure
from kulan.assessment.connectivity.pinch_points import PinchPoints, find_pinch_points
from kulan.assessment.connectivity.places import NamedSites, check_apart
from kulan.assessment.connectivity.running import Running
from kulan.assessment.connectivity.site_distances import costs_from, windowed_surface
from kulan.connectivity.barriers.cuts import Cuts
from kulan.connectivity.equal_area_grids import PlaneGrid
from kulan.connectivity.frames import Frame
from kulan.connectivity.least_cost.allocation import Allocation
from kulan.connectivity.least_cost.paths import LeastCostPath
from kulan.connectivity.least_cost.site_costs import (
    Costs,
    PlacedCorridor,
    corridor_within,
    nearest_cell,
    nearest_of,
    neighbours_of,
)
from kulan.connectivity.least_cost.tiled_paths import trace_path_by_windows
from kulan.connectivity.least_cost.tiles import TiledSurface
from kulan.errors import InvalidGridError, InvalidTableError
from kulan.places import project

Pairs = Literal["neighbours", "all"]
Pair = tuple[int, int]
_METHOD = "kulan.connectivity.least_cost.site_costs.corridor_within"
_KM = 1000.0
# of the median least cost of the links, where no cutoff is given
_CUTOFF_SHARE = 0.1


@dataclass(frozen=True)
class CorridorQuestion:
    """Between what corridors are asked for, and how wide they may be.

    Costs are in cost-km: kilometres over land of resistance 1 that cost as much.

    Attributes
    ----------
    landscape, sites, barriers
        The cells, the sites, and what cuts the landscape.
    pairs
        Sites are linked with their neighbours, whose land by cost touches theirs, or all with all.
    max_cost_km
        Dearest link, cost-km; None for any.
    cutoff_km
        By how much the way through a cell of a corridor may be dearer than the best, cost-km; None
        for a tenth of the median cost of the links.
    network
        What is asked of the network of links.
    pinch_points
        Whether pinch points are looked for.
    each_map
        Whether the costs from every site and the corridor of every pair are kept.
    tiles
        Whether to work by tiles and files; None for when memory does not do.
    """

    landscape: Landscape
    sites: NamedSites
    barriers: BarrierLines = field(default_factory=no_barriers)
    pairs: Pairs = "neighbours"
    max_cost_km: float | None = None
    cutoff_km: float | None = None
    network: NetworkQuestion = field(default_factory=NetworkQuestion)
    pinch_points: bool = True
    each_map: bool = False
    tiles: bool | None = None

    def __post_init__(self) -> None:
        for name, value in (("max-cost-km", self.max_cost_km), ("cutoff-km", self.cutoff_km)):
            if value is not None and not 0 < value < np.inf:
                raise InvalidTableError(
                    f"--{name}: {value:g} found; a cost above zero is needed, in km over land of "
                    "resistance 1."
                )
        check_apart(self.sites)

    @property
    def parameters(self) -> dict[str, Any]:
        """What the answer is asked with, for its recipe."""
        return (
            landscape_parameters(self.landscape)
            | self.barriers.parameters
            | {
                "pairs": self.pairs,
                "max_cost_km": self.max_cost_km,
                "pinch_points": self.pinch_points,
            }
            | self.network.parameters
        )


@dataclass
class _Found:
    """What is known so far: links, their ways and corridors, and the maps."""

    links: pd.DataFrame
    paths: tuple[LeastCostPath, ...]
    nearest: Allocation
    cutoff_km: float
    merged_km: NDArray[np.float32]
    pinch: PinchPoints
    maps: dict[str, PlaneGrid]


def find_corridors(question: CorridorQuestion, running: Running | None = None) -> Answer:
    """Find corridors between sites, and measure the network they make.

    Parameters
    ----------
    question
        Between what.
    running
        How it is worked on.

    Returns
    -------
    Answer
        The maps `cost` (from the nearest site, cost-km), `allocation` (number of that site),
        `corridors` (by how much the way through a cell is dearer than the best, over all links,
        cost-km) and `pinch_points` (largest share of the current of a link, A); the tables `links`
        and `patches`; the layer `paths`.

    Raises
    ------
    InvalidGridError
        If no two sites can be linked.
    TooLargeError
        If costs fit neither in memory nor on the disk.
    """
    running = running or Running()
    landscape = question.landscape
    cuts = question.barriers.cuts(landscape.frame)
    max_cost_m = np.inf if question.max_cost_km is None else question.max_cost_km * _KM
    reach_m = max_cost_m + (question.cutoff_km or 0.0) * _KM
    if question.cutoff_km is None and question.max_cost_km is not None:
        # the cutoff will be a share of costs that are at most the dearest
        reach_m = max_cost_m * (1 + 2 * _CUTOFF_SHARE)
    with costs_from(
        question.sites.sites,
        landscape,
        cuts,
        tiles=question.tiles,
        max_cost_m=reach_m,
        running=running,
    ) as costs:
        found = _from_costs(question, costs, cuts, max_cost_m, running)
    network = measure(
        question.network, question.sites, landscape, found.links[["first", "second", "cost_km"]]
    )
    return _answer(question, found, network, running)


def _from_costs(
    question: CorridorQuestion,
    costs: Costs,
    cuts: Cuts | None,
    max_cost_m: float,
    running: Running,
) -> _Found:
    """Find all that rests on the costs from the sites, while they are there."""
    surface = windowed_surface(question.landscape, cuts)
    nearest = nearest_of(costs)
    pairs = _pairs(question, surface, nearest)
    links, paths = _links(question, surface, costs, pairs, max_cost_m)
    _check_any(links, question)
    links["crosses_sites"] = [
        _sites_on(path, pair, question) for path, pair in zip(paths, _pairs_of(links), strict=True)
    ]
    crossed = [_barriers_on(path, cuts, question) for path in paths]
    links["crosses_barriers"] = ["; ".join(ids) for ids in crossed]
    links["crosses_barriers_named"] = ["; ".join(question.barriers.titled(ids)) for ids in crossed]
    cutoff_km = question.cutoff_km
    if cutoff_km is None:
        cutoff_km = float(f"{_CUTOFF_SHARE * links['cost_km'].median():.2g}")
    merged = np.full(question.landscape.grid.shape, np.nan, np.float32)
    maps: dict[str, PlaneGrid] = {}
    pinch = PinchPoints.nowhere(question.landscape.grid.shape)
    tell = running.telling("corridors")
    for k, pair in enumerate(_pairs_of(links)):
        placed = corridor_within(costs[pair[0]], costs[pair[1]], cutoff=cutoff_km * _KM)
        excess_km = (placed.corridor.excess / _KM).astype(np.float32)
        here = merged[placed.rows, placed.columns]
        np.fmin(here, excess_km, out=here)
        if question.pinch_points:
            current = find_pinch_points(
                question.landscape, question.sites.sites, cuts, pair, placed, running.solving
            )
            pinch.take(pair, placed, current)
        if question.each_map:
            maps |= _maps_of_pair(question.landscape, pair, placed, excess_km, pinch)
        tell(k + 1, len(links))
    if question.each_map:
        maps |= _cost_maps(question, costs)
    return _Found(links, paths, nearest, cutoff_km, merged, pinch, maps)


def _pairs_of(links: pd.DataFrame) -> list[Pair]:
    return [(int(a), int(b)) for a, b in links[["first", "second"]].to_numpy()]


def _pairs(question: CorridorQuestion, surface: TiledSurface, nearest: Allocation) -> list[Pair]:
    if question.pairs == "neighbours":
        return neighbours_of(surface, nearest)
    numbers = question.sites.sites.numbers
    return [(a, b) for k, a in enumerate(numbers) for b in numbers[k + 1 :]]


def _links(
    question: CorridorQuestion,
    surface: TiledSurface,
    costs: Costs,
    pairs: list[Pair],
    max_cost_m: float,
) -> tuple[pd.DataFrame, tuple[LeastCostPath, ...]]:
    """Find the best way of each pair; those that are too dear or do not exist are left out."""
    rows: list[dict[str, Any]] = []
    paths: list[LeastCostPath] = []
    sites = question.sites
    for first, second in pairs:
        target = nearest_cell(costs[first], sites.sites.cells[second])
        path = trace_path_by_windows(surface, costs[first], target)
        if not path.cells.size or path.cost > max_cost_m:
            continue
        paths.append(path)
        rows.append(
            {
                "first": first,
                "first_name": sites.name(first),
                "second": second,
                "second_name": sites.name(second),
                "cost_km": path.cost / _KM,
                "length_km": path.length / _KM,
                "cost_per_km": path.cost / path.length,
                "cells": len(path.cells),
            }
        )
    return pd.DataFrame(rows), tuple(paths)


def _check_any(links: pd.DataFrame, question: CorridorQuestion) -> None:
    if len(links):
        return
    limit = "" if question.max_cost_km is None else f" at {question.max_cost_km:g} cost-km or less"
    raise InvalidGridError(
        f"corridors: no way leads from any site to another{limit}. Barriers may close all, or "
        "NoData part the sites: see their permeabilities, or raise --max-cost-km."
    )


def _sites_on(path: LeastCostPath, pair: Pair, question: CorridorQuestion) -> str:
    """Name the other sites a way passes through."""
    cells = path.cells[:, 0] * question.landscape.grid.shape[1] + path.cells[:, 1]
    others = {
        number: own for number, own in question.sites.sites.cells.items() if number not in pair
    }
    return "; ".join(
        question.sites.name(number) for number, own in others.items() if np.isin(cells, own).any()
    )


def _barriers_on(path: LeastCostPath, cuts: Cuts | None, question: CorridorQuestion) -> list[str]:
    """Return the ids of the barriers a way crosses, in the order it does."""
    if cuts is None:
        return []
    before, after = path.cells[:-1], path.cells[1:]
    swap = (after[:, 0] < before[:, 0]) | (
        (after[:, 0] == before[:, 0]) & (after[:, 1] < before[:, 1])
    )
    low = np.where(swap[:, None], after, before)
    turn = np.where(swap[:, None], before, after) - low
    # east, south, south-east, south-west, as the steps of cuts are numbered
    kind = np.where(turn[:, 0] == 0, 0, np.select([turn[:, 1] == 0, turn[:, 1] > 0], [1, 2], 3))
    steps = 4 * (low[:, 0] * question.landscape.grid.shape[1] + low[:, 1]) + kind
    met: dict[str, None] = {}
    for step in steps.tolist():
        start, end = np.searchsorted(cuts.step, [step, step + 1])
        met |= dict.fromkeys(cuts.barriers[int(k)] for k in cuts.barrier[start:end])
    return list(met)


# --- maps and layers ------------------------------------------------------------------------------


def _maps_of_pair(
    landscape: Landscape,
    pair: Pair,
    placed: PlacedCorridor,
    excess_km: NDArray[np.float32],
    pinch: PinchPoints,
) -> dict[str, PlaneGrid]:
    name = f"{pair[0]}_{pair[1]}"
    maps = {f"corridor_{name}": excess_km}
    if pinch.last is not None:
        maps[f"pinch_points_{name}"] = pinch.last.astype(np.float32)
    found = {}
    for title, part in maps.items():
        whole = np.full(landscape.grid.shape, np.nan, np.float32)
        whole[placed.rows, placed.columns] = part
        found[title] = landscape.grid.with_values(whole)
    return found


def _cost_maps(question: CorridorQuestion, costs: Costs) -> dict[str, PlaneGrid]:
    grid = question.landscape.grid
    every = slice(0, grid.shape[0]), slice(0, grid.shape[1])
    return {
        f"cost_{number}": on_cells(grid, _cost_km(np.asarray(cost[every])))
        for number, cost in costs.items()
    }


def _cost_km(cost: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return costs in cost-km, NaN where no way leads."""
    return np.where(np.isfinite(cost), cost, np.nan) / _KM


def _path_lines(found: _Found, frame: Frame) -> gpd.GeoDataFrame:
    """Return the ways as lines in EPSG:4326, through the centres of their cells."""
    lines = []
    for path in found.paths:
        xy = frame.in_plane(path.cells[:, ::-1].astype(np.float64))
        lines.append(project(shapely.LineString(xy), frame.crs, "EPSG:4326"))
    return gpd.GeoDataFrame(found.links, geometry=lines, crs="EPSG:4326")


def _answer(
    question: CorridorQuestion, found: _Found, network: NetworkAnswer, running: Running
) -> Answer:
    landscape, grid = question.landscape, question.landscape.grid
    links = found.links.join(network.links)
    if question.pinch_points:
        links["resistance_ohm"] = [found.pinch.resistance.get(pair) for pair in _pairs_of(links)]
    found = replace(found, links=links)
    maps = {
        "cost": on_cells(grid, _cost_km(found.nearest.cost)),
        "allocation": grid.with_values(found.nearest.source.astype(np.int32), 0),
        "corridors": grid.with_values(found.merged_km),
    }
    if question.pinch_points:
        maps["pinch_points"] = on_cells(grid, found.pinch.largest)
    maps |= found.maps
    parameters = question.parameters | {"cutoff_km": found.cutoff_km}
    if question.pinch_points:
        parameters["tolerance"] = running.solving.tolerance
    return Answer(
        _METHOD,
        parameters,
        (
            landscape.source,
            question.sites.source,
            *question.barriers.inputs,
            *network.inputs,
        ),
        _numbers(question, found, network),
        maps,
        {name: _unit(name) for name in maps},
        shown_features(question.sites, question.barriers)
        | {"paths": _path_lines(found, landscape.frame)},
        {"links": links, "patches": network.patches},
        readings=(question.sites.reading, *question.barriers.readings, *network.readings),
        notes=_notes(question, found, network),
    )


def _unit(name: str) -> str:
    kinds = {"pinch": "A", "allocation": "site"}
    return next((unit for start, unit in kinds.items() if name.startswith(start)), "cost-km")


def _numbers(question: CorridorQuestion, found: _Found, network: NetworkAnswer) -> dict[str, Any]:
    inside = np.isfinite(found.merged_km)
    return {
        "sites": len(question.sites),
        "links": len(found.links),
        "parts": network.n_parts,
        "cutoff_km": found.cutoff_km,
        "corridor_km2": float(inside.sum() * question.landscape.grid.cell_km2),
        "of_links": found.links.to_dict("records"),
        **network.numbers,
        **barrier_numbers(question.barriers),
    }


def _notes(question: CorridorQuestion, found: _Found, network: NetworkAnswer) -> list[str]:
    notes = [
        f"Site {row['name']} is left out: it {row['reason']}."
        for row in question.sites.left_out.to_dict("records")
    ]
    if question.cutoff_km is None:
        notes.append(
            f"No --cutoff-km was given: corridors hold all cells through which the way is at most "
            f"{found.cutoff_km:g} cost-km dearer than the best, about a tenth of the median cost "
            "of the links."
        )
    return [*notes, *found.pinch.notes, *network.notes, *barrier_notes(question.barriers)]
