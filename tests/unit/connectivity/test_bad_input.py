"""What connectivity says to input that cannot be meant: a clear refusal, or a stated result.

One line for each: what is wrong, the call, and words of the answer.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from kulan.connectivity.barriers.attribution import attribute, connectivity_loss
from kulan.connectivity.barriers.cuts import cut_steps, with_barriers
from kulan.connectivity.barriers.effect import barrier_effect, isolated_habitat, overall
from kulan.connectivity.barriers.line_breaks import line_breaks
from kulan.connectivity.barriers.permeability import segment_permeabilities
from kulan.connectivity.barriers.step_costs import barrier_costs
from kulan.connectivity.circuits.networks import network_advanced, network_of, network_pairwise
from kulan.connectivity.circuits.one_and_all import all_to_one, one_to_all
from kulan.connectivity.circuits.pairs import pairwise
from kulan.connectivity.circuits.raster_circuit import Injection, RasterCircuit
from kulan.connectivity.circuits.sites import Sites, sites_from_list, sites_on_raster
from kulan.connectivity.circuits.solving import Solving
from kulan.connectivity.circuits.stencil import Links, components, link_cells
from kulan.connectivity.circuits.wired import advanced
from kulan.connectivity.configurations.circuitscape_ini import read_circuitscape_ini
from kulan.connectivity.configurations.circuitscape_run import run_circuitscape
from kulan.connectivity.crossings.gains import CrossingGains
from kulan.connectivity.crossings.places import crossings_along, place_crossings
from kulan.connectivity.crossings.portfolios import best_portfolio
from kulan.connectivity.crossings.ranking import ensemble_gains, rank_crossings
from kulan.connectivity.frames import Frame
from kulan.connectivity.least_cost.accumulated_cost import accumulate_cost
from kulan.connectivity.least_cost.allocation import allocate
from kulan.connectivity.least_cost.betweenness import betweenness
from kulan.connectivity.least_cost.corridors import normalised_corridor, pinch_point_conductance
from kulan.connectivity.least_cost.link_networks import link_patches
from kulan.connectivity.least_cost.metrics import Dispersal, PatchNetwork, connectedness
from kulan.connectivity.least_cost.paths import least_cost_paths
from kulan.connectivity.least_cost.protected_connected import protected_connected
from kulan.connectivity.least_cost.step_factors import step_factors
from kulan.connectivity.least_cost.surface import CostSurface
from kulan.connectivity.least_cost.tiles import TiledSurface, accumulate_cost_by_tiles
from kulan.connectivity.resistance import combining, transforms
from kulan.connectivity.resistance.ensembles import sample_profiles, sample_weights, summarise
from kulan.connectivity.resistance.profiles import profile_of, resistance_of
from kulan.connectivity.windows.exact import omnidirectional_windows
from kulan.connectivity.windows.random_signs import omnidirectional_random
from kulan.connectivity.windows.sources import Condition, WindowRule
from kulan.errors import KulanError

NAN, INF = np.nan, np.inf
Call = Callable[[], Any]

# --- sound input, from which each case differs in one thing ---------------------------------------

GRID = link_cells(np.ones((4, 4)))
ONES, NONE = np.ones((4, 4)), np.zeros((4, 4))
ENDS = Sites({1: np.array([0]), 2: np.array([15])})
ALONE = Sites({1: np.array([0])})
FRAME = Frame(rows=4, columns=4, west=0, north=4, cell_width=1, cell_height=1)
ON_EARTH = Frame(4, 4, 6_000_000, 5_000_000, 1000, 1000, "EPSG:6933")
FENCE = shapely.LineString([(2, -1), (2, 5)])
POINT = shapely.Point(2, 2.5)
FLAT = CostSurface(np.ones((3, 3)))


def array(*values: float) -> np.ndarray:
    return np.array(values)


def lines(*shapes, crs=None, names=None) -> gpd.GeoDataFrame:
    names = names or [f"barrier {k}" for k in range(len(shapes))]
    table = {"barrier_id": names, "segment_id": ["all"] * len(shapes)}
    return gpd.GeoDataFrame(table, geometry=list(shapes), crs=crs)


def cut(*shapes, permeability=0.0, frame=FRAME, crs=None):
    return cut_steps(lines(*shapes, crs=crs), frame, np.full(len(shapes), permeability))


def crossing(shape=POINT, barrier_ids=(), cost=1.0, crs=None) -> gpd.GeoDataFrame:
    table = {"crossing_id": ["ford"], "barrier_ids": [barrier_ids], "cost": [cost]}
    return gpd.GeoDataFrame(table, geometry=[shape], crs=crs)


def place(shape=POINT, *, permeability=1.0, reach_cells=1.5, cuts=None, **options):
    cuts = CLOSED if cuts is None else cuts
    return place_crossings(
        crossing(shape, **options), cuts, GRID, array(permeability), reach_cells=reach_cells
    )


def permeabilities(value, barrier="barrier 0") -> pd.DataFrame:
    names = ["barrier_id", "segment_id", "species_id", "season", "permeability", "source"]
    return pd.DataFrame([[barrier, None, None, None, value, "us"]], columns=names)


def network(amounts=None, links=()) -> PatchNetwork:
    amounts = {"a": 1.0, "b": 2.0} if amounts is None else amounts
    return PatchNetwork(
        pd.Series(amounts), pd.DataFrame(list(links), columns=["first", "second", "cost"])
    )


def windows(strengths=ONES, grid=GRID, rule=None, **options):
    return omnidirectional_windows(grid, strengths, rule or WindowRule(2), **options)


def draws(strengths=ONES, *, radius_cells=2, n_draws=2):
    rng = np.random.default_rng(0)
    return omnidirectional_random(
        GRID, strengths, radius_cells=radius_cells, rng=rng, n_draws=n_draws
    )


def with_one(grid: np.ndarray, value: float) -> np.ndarray:
    changed = grid.copy()
    changed[1, 2] = value
    return changed


CLOSED = cut(FENCE)
FORD = place()
GAINS = CrossingGains(GRID, CLOSED, FORD, ENDS)
HELD = with_one(NONE, INF)
CHAIN = network_of(array(1, 2), array(2, 3), array(1.0, 1.0))
ROW = array(0.0, 0.5, 1.0)
KHULAN = profile_of("khulan")
STEEPER = {"best": 0, "worst": 1, "greatest": 9}
IN_METRES = Condition(ONES, ONES)

REFUSALS: dict[str, tuple[Call, str]] = {
    # --- landscapes of a circuit
    "no cells": (lambda: link_cells(np.zeros((0, 3))), "rows and columns are needed"),
    "a list in place of a raster": (lambda: link_cells(np.ones(3)), "rows and columns are needed"),
    "nothing but NoData": (lambda: link_cells(np.full((2, 2), NAN)), "nothing can be linked"),
    "a negative conductance": (lambda: link_cells(with_one(ONES, -1)), "negative.*row 1, column 2"),
    "an infinite conductance": (lambda: link_cells(with_one(ONES, INF)), "infinite"),
    "six neighbours": (lambda: link_cells(ONES, neighbours=6), "4 or 8"),
    "a mean that is none": (lambda: link_cells(ONES, mean="median"), "'median' found"),
    "a link out of the raster": (
        lambda: link_cells(ONES, links=Links(array(0), array(16), array(1.0))),
        "outside the raster",
    ),
    "a link that does not conduct": (
        lambda: link_cells(ONES, links=Links(array(0), array(5), array(0.0))),
        "positive, finite conductance",
    ),
    "a link that ends on NoData": (
        lambda: link_cells(
            np.array([[1.0, NAN], [1.0, 1.0]]), links=Links(array(0), array(1), array(1.0))
        ),
        "links: an end lies on NoData, in row 0, column 1.*Let links end on cells",
    ),
    "links with an end too few": (
        lambda: link_cells(ONES, links=Links(array(0, 1), array(5), array(1.0))),
        "2 and 1 ends",
    ),
    # --- sites
    "no site": (lambda: sites_on_raster(np.zeros((2, 2), int)), "none found"),
    "a site numbered zero": (lambda: sites_from_list(array(0), array(3)), "number sites from 1"),
    "a site without a cell": (lambda: sites_from_list(array(1, 2), array(3)), "2 numbers for 1"),
    "a site off the raster": (
        lambda: pairwise(GRID, Sites({1: array(0), 2: array(16)})),
        "site 2: cell 16 lies outside",
    ),
    "a site before the raster": (
        lambda: one_to_all(GRID, Sites({1: array(0), 2: array(-1)})),
        "site 2: cell -1 lies outside",
    ),
    "sites off a raster of another shape": (
        lambda: all_to_one(GRID, sites_on_raster(np.eye(9, dtype=int))),
        "site 1: cell 20",
    ),
    "a pair of a site there is not": (
        lambda: pairwise(GRID, ENDS, pairs=[(1, 7)]),
        "no site has the number 7",
    ),
    "polygons on another raster": (
        lambda: pairwise(GRID, ENDS, short_circuits=np.zeros((3, 3), int)),
        "must cover the same cells",
    ),
    "polygons with NaN": (
        lambda: pairwise(GRID, ENDS, short_circuits=np.full((4, 4), NAN)),
        "outside every polygon 0",
    ),
    "a strength that is no number": (
        lambda: one_to_all(GRID, ENDS, strengths={1: NAN}),
        "site 1 is to send nan",
    ),
    "an endless strength": (lambda: all_to_one(GRID, ENDS, strengths={1: INF}), "finite current"),
    "a strength of no site": (
        lambda: one_to_all(GRID, ENDS, strengths={9: 1.0}),
        "strengths: no site has the number 9",
    ),
    "partners of some sites only": (
        lambda: one_to_all(GRID, ENDS, partners={1: (2,)}),
        "site 2 has none listed",
    ),
    "partners of no site": (
        lambda: one_to_all(GRID, ENDS, partners={}),
        "partners: site 1 has none listed.*with an empty list",
    ),
    "a partner there is not": (
        lambda: one_to_all(GRID, ENDS, partners={1: (9,), 2: ()}),
        "partners: no site has the number 9",
    ),
    # --- solving
    "a solver there is not": (lambda: Solving(solvers=("gauss",)), "'gauss' is none"),
    "a tolerance of nothing": (lambda: Solving(tolerance=0.0), "between 0 and 1"),
    "a tolerance that is no number": (lambda: Solving(tolerance=NAN), "between 0 and 1"),
    "dropping all currents": (lambda: pairwise(GRID, ENDS, drop_below=1.0), "0 to below 1"),
    "dropping below NaN": (lambda: advanced(GRID, NONE, HELD, drop_below=NAN), "0 to below 1"),
    # --- sources and grounds
    "sources on another raster": (
        lambda: advanced(GRID, np.zeros((3, 3)), HELD),
        "sources: .3, 3. cells",
    ),
    "a source that is no number": (
        lambda: advanced(GRID, with_one(NONE, NAN), HELD),
        "not finite, the first in row 1, column 2",
    ),
    "an endless source": (lambda: advanced(GRID, with_one(NONE, INF), HELD), "not finite"),
    "grounds on another raster": (lambda: advanced(GRID, NONE, np.zeros((3, 3))), "ground: "),
    "a negative ground": (lambda: advanced(GRID, NONE, -ONES), "negative or NaN"),
    "a ground that is no number": (
        lambda: advanced(GRID, NONE, with_one(NONE, NAN)),
        "negative or NaN",
    ),
    "current into no cell": (
        lambda: RasterCircuit(GRID).solve(Injection.between(0, 99)),
        "cell 99, which lies outside",
    ),
    # --- networks
    "a network without links": (lambda: network_of(array(), array(), array()), "no link found"),
    "a link of nodes that lacks one": (
        lambda: network_of(array(1, 2), array(2), array(1.0)),
        "two nodes and a value",
    ),
    "a link that is no number": (
        lambda: network_of(array(1), array(2), array(NAN)),
        "nodes 1 and 2 has the conductance nan",
    ),
    "a focal node of no link": (lambda: network_pairwise(CHAIN, [1, 9]), "node 9: no link"),
    "a pair of a node that is not focal": (
        lambda: network_pairwise(CHAIN, [1, 3], pairs=[(1, 2)]),
        "node 2 is not among the focal nodes",
    ),
    "sources for some nodes only": (
        lambda: network_advanced(CHAIN, array(1.0, 0), array(0, INF)),
        "2 values for 3 nodes",
    ),
    "a node's source that is no number": (
        lambda: network_advanced(CHAIN, array(NAN, 0, 0), array(0, 0, INF)),
        "node 1: its source",
    ),
    "a node's ground that is negative": (
        lambda: network_advanced(CHAIN, array(1.0, 0, 0), array(0, 0, -1.0)),
        "node 3: its ground",
    ),
    # --- frames and barriers
    "a frame without rows": (lambda: Frame(0, 4, 0, 4, 1, 1), "at least one each"),
    "cells of no width": (lambda: Frame(4, 4, 0, 4, 0, 1), "positive and finite"),
    "cells of endless width": (lambda: Frame(4, 4, 0, 4, INF, 1), "positive and finite"),
    "a frame nowhere": (lambda: Frame(4, 4, NAN, 4, 1, 1), "give numbers"),
    "a coordinate system there is not": (lambda: Frame(4, 4, 0, 4, 1, 1, "EPSG:0"), "PROJ"),
    "no barriers": (cut, "Leave barriers out where there are none"),
    "a table of something else": (
        lambda: cut_steps(gpd.GeoDataFrame({"x": [1]}, geometry=[FENCE]), FRAME, array(0.0)),
        "missing 'barrier_id'",
    ),
    "one segment twice": (
        lambda: cut_steps(lines(FENCE, FENCE, names=["a", "a"]), FRAME, array(0.0, 0.0)),
        "repeat an earlier barrier_id",
    ),
    "a permeability above one": (lambda: cut(FENCE, permeability=1.5), "0 to 1"),
    "a permeability below zero": (lambda: cut(FENCE, permeability=-0.5), "0 to 1"),
    "a permeability that is no number": (lambda: cut(FENCE, permeability=NAN), "0 to 1"),
    "permeabilities for other lines": (
        lambda: cut_steps(lines(FENCE), FRAME, array(0.0, 0.0)),
        "2 values for 1 lines",
    ),
    "a barrier without a line": (lambda: cut(None), "nothing found, a line is needed"),
    "a barrier that is a point": (lambda: cut(POINT), "a Point found"),
    "a barrier that is an area": (lambda: cut(shapely.box(0, 0, 1, 1)), "a Polygon found"),
    "an empty line": (lambda: cut(shapely.LineString()), "a line is needed"),
    "a barrier absurdly far away": (
        lambda: cut(shapely.LineString([(1e300, 2), (-1e300, 2)])),
        "cells from the raster",
    ),
    "a barrier in degrees on a plane of no system": (
        lambda: cut(FENCE, crs="EPSG:4326"),
        "found for the lines, none for the frame",
    ),
    "a barrier of no system on a plane of one": (
        lambda: cut(FENCE, frame=ON_EARTH),
        "found for the frame, none for the lines",
    ),
    "degrees that are none": (
        lambda: cut(shapely.LineString([(-200, 95), (60, 45)]), frame=ON_EARTH, crs="EPSG:4326"),
        "declared coordinate system",
    ),
    "barriers cut for another raster": (
        lambda: with_barriers(link_cells(np.ones((5, 4))), CLOSED),
        "with the raster's own frame",
    ),
    "a barrier of no such name": (lambda: CLOSED.only(["canal"]), "none is called 'canal'"),
    "a hole of no width": (lambda: line_breaks(lines(FENCE), within=0), "must be positive"),
    "holes in a point": (lambda: line_breaks(lines(POINT), within=1), "a Point found"),
    "holes in degrees": (
        lambda: line_breaks(lines(FENCE, crs="EPSG:4326"), within=1),
        "no measure of width",
    ),
    "a barrier without a permeability": (
        lambda: segment_permeabilities([("canal", "all")], permeabilities(0.5)),
        "barrier 'canal'.*no permeability",
    ),
    "an empty table of permeabilities": (
        lambda: segment_permeabilities([("barrier 0", "all")], permeabilities(0.5).iloc[:0]),
        "no permeability",
    ),
    "a permeability of two": (
        lambda: segment_permeabilities([("barrier 0", "all")], permeabilities(2.0)),
        "lie outside 0 to 1",
    ),
    "a permeability in words": (
        lambda: segment_permeabilities([("barrier 0", "all")], permeabilities("half")),
        "not a number",
    ),
    "habitat of no area": (lambda: isolated_habitat(GRID, CLOSED, ENDS, NONE), "0 km² in all"),
    "habitat below zero": (lambda: isolated_habitat(GRID, CLOSED, ENDS, -ONES), "16 negative"),
    "endless habitat": (
        lambda: isolated_habitat(GRID, CLOSED, ENDS, with_one(ONES, INF)),
        "inf km² in all",
    ),
    "a share above which nothing is open": (
        lambda: isolated_habitat(GRID, CLOSED, ENDS, ONES, impassable=1.0),
        "0 to below 1",
    ),
    "habitat on another raster": (
        lambda: isolated_habitat(GRID, CLOSED, ENDS, np.ones((3, 3))),
        "must cover the same cells",
    ),
    "a measure there is not": (
        lambda: overall(pairwise(GRID, ENDS).resistance, "speed"),
        "'speed' found",
    ),
    "the mean over one site": (
        lambda: overall(pairwise(GRID, ALONE).resistance, "conductance"),
        "at least two",
    ),
    "no barrier to share a loss": (lambda: attribute(lambda _: 0.0, []), "at least one"),
    "a barrier named twice": (lambda: attribute(lambda _: 0.0, ["a", "a"]), "each once"),
    "a loss that cannot be shared": (
        lambda: attribute(
            connectivity_loss(GRID, CLOSED, ENDS, measure="resistance"), CLOSED.barriers
        ),
        "Measure by 'conductance'",
    ),
    # --- crossings
    "no crossing": (
        lambda: place_crossings(crossing().iloc[:0], CLOSED, GRID, array()),
        "the table holds none",
    ),
    "a crossing far from every barrier": (lambda: place(shapely.Point(0, 2)), "within 1.5 cells"),
    "a crossing where no barrier is": (
        lambda: place(cuts=cut(shapely.LineString([(9, -1), (9, 5)]))),
        "no passable step",
    ),
    "a crossing without a place": (lambda: place(None), "neither a point nor a single line"),
    "a crossing at an empty point": (lambda: place(shapely.Point()), "neither a point"),
    "a crossing more than open": (lambda: place(permeability=2.0), "0 to 1"),
    "a crossing that earns money": (lambda: place(cost=-1.0), "negative or infinite"),
    "a crossing of another barrier": (lambda: place(barrier_ids=("canal",)), "'canal'"),
    "a crossing in degrees": (lambda: place(crs="EPSG:4326"), "Declare that of both"),
    "candidates at no spacing": (lambda: crossings_along(lines(FENCE), spacing=0), "positive"),
    "candidates along nothing": (lambda: crossings_along(lines(), spacing=1), "holds no lines"),
    "candidates along a point": (lambda: crossings_along(lines(POINT), spacing=1), "a Point"),
    "candidates of one name": (
        lambda: crossings_along(lines(FENCE, FENCE, names=["a", "a"]), spacing=1),
        "repeat an earlier",
    ),
    "candidates that earn money": (
        lambda: crossings_along(lines(FENCE), spacing=1, cost=-3),
        "zero or more",
    ),
    "the gain for one site": (lambda: CrossingGains(GRID, CLOSED, FORD, ALONE), "at least two"),
    "the gain for a site off the raster": (
        lambda: CrossingGains(GRID, CLOSED, FORD, Sites({1: array(0), 2: array(99)})),
        "site 2: cell 99",
    ),
    "the gain for sites on one cell": (
        lambda: CrossingGains(GRID, CLOSED, FORD, Sites({1: array(5), 2: array(5)})).gain_of_each(),
        "one node",
    ),
    "the gain for a site in NoData": (
        lambda: CrossingGains(
            link_cells(with_one(ONES, NAN)), CLOSED, FORD, Sites({1: array(0), 2: array(6)})
        ),
        "lie on NoData",
    ),
    "a crossing beyond the last": (lambda: GAINS.resistance([1]), "there are 1, counted from 0"),
    "a crossing before the first": (lambda: GAINS.resistance([-1]), "counted from 0"),
    "an endless gain": (lambda: GAINS.gain_of_each("resistance"), "Measure by 'conductance'"),
    "a gain in no measure": (lambda: GAINS.gain([0], "speed"), "'speed' found"),
    "a portfolio without limits": (lambda: best_portfolio(GAINS), "neither a number nor a budget"),
    "a portfolio of none": (lambda: best_portfolio(GAINS, most=0), "at least one"),
    "a budget that buys nothing": (
        lambda: best_portfolio(GAINS, budget=0),
        "none of 1 candidates fits a budget of 0; the cheapest costs 1",
    ),
    "a budget below zero": (lambda: best_portfolio(GAINS, budget=-1), "cannot be kept"),
    "a budget that is no number": (lambda: best_portfolio(GAINS, budget=NAN), "cannot be kept"),
    "an ensemble of none": (lambda: ensemble_gains([], ENDS), "it has no members"),
    "a gain that is no number": (lambda: rank_crossings(["a"], np.full((1, 1), NAN)), "no rank"),
    "one crossing twice": (lambda: rank_crossings(["a", "a"], np.ones((2, 2))), "Name each once"),
    "the best none": (lambda: rank_crossings(["a"], np.ones((1, 1)), best=0), "give 1 to 1"),
    "intervals of everything": (
        lambda: rank_crossings(["a"], np.ones((1, 1)), coverage=1.0),
        "between 0 and 1",
    ),
    # --- least cost
    "a resistance of zero": (lambda: CostSurface(with_one(ONES, 0)), "Walking is nowhere free"),
    "a negative resistance": (lambda: CostSurface(with_one(ONES, -1)), "row 1, column 2"),
    "a landscape of no cells": (lambda: CostSurface(np.zeros((0, 2))), "rows and columns"),
    "steps to six neighbours": (lambda: CostSurface(ONES, neighbours=6), "4 or 8"),
    "cells of no size": (lambda: CostSurface(ONES, cell_size=0), "must be positive"),
    "cells of no known size": (lambda: CostSurface(ONES, cell_size=NAN), "must be positive"),
    "barriers of another raster": (
        lambda: CostSurface(ONES, factors=step_factors(np.ones((2, 1)), np.ones((1, 2)))),
        "but the resistances have",
    ),
    "a barrier with a factor of zero": (
        lambda: step_factors(np.zeros((2, 1)), np.ones((1, 2))),
        "Block a step with infinity",
    ),
    "a barrier with a factor of NaN": (
        lambda: step_factors(np.full((2, 1), NAN), np.ones((1, 2))),
        "zero, negative or NaN",
    ),
    "no source": (lambda: accumulate_cost(FLAT, np.zeros((3, 3), bool)), "no cell given"),
    "a source off the raster": (lambda: accumulate_cost(FLAT, [[3, 0]]), "lies outside"),
    "a source in NoData": (
        lambda: accumulate_cost(CostSurface(with_one(ONES, NAN)), [[1, 2]]),
        "1 of 1 cells lie in NoData",
    ),
    "a source between cells": (lambda: accumulate_cost(FLAT, [[0.5, 0.0]]), "whole numbers"),
    "a mask of another raster": (
        lambda: accumulate_cost(FLAT, np.ones((2, 2), bool)),
        "a mask of .2, 2. cells",
    ),
    "a limit below zero": (lambda: accumulate_cost(FLAT, [[0, 0]], max_cost=-1), "zero or more"),
    "a limit that is no number": (lambda: accumulate_cost(FLAT, [[0, 0]], max_cost=NAN), "zero"),
    "no target": (lambda: least_cost_paths(FLAT, [[0, 0]], np.zeros((3, 3), bool)), "targets"),
    "numbers with a fraction": (lambda: allocate(FLAT, np.ones((3, 3))), "whole numbers"),
    "corridors of two rasters": (
        lambda: normalised_corridor(np.ones((1, 2)), np.ones((1, 3))),
        "one raster has",
    ),
    "a cutoff that is no number": (
        lambda: normalised_corridor(np.ones((1, 2)), np.ones((1, 2)), cutoff=NAN),
        "zero or more",
    ),
    "pinch points where walking is free": (
        lambda: pinch_point_conductance(
            np.zeros((1, 2)), normalised_corridor(np.ones((1, 2)), np.ones((1, 2)))
        ),
        "2 cells of the corridor are zero",
    ),
    "no patch": (lambda: link_patches(FLAT, np.zeros((3, 3), int)), "no cell given"),
    "a patch in NoData": (
        lambda: link_patches(CostSurface(np.array([[1, NAN]])), np.array([[1, 2]])),
        "patches: 1 of 2 cells lie in NoData",
    ),
    "tiles of sources that are not there": (
        lambda: accumulate_cost_by_tiles(TiledSurface(ONES), np.full((4, 4), NAN), NONE.copy()),
        "no cell given",
    ),
    "tiles of one cell": (
        lambda: accumulate_cost_by_tiles(TiledSurface(ONES), ONES, NONE.copy(), tile=1),
        "2 rows and columns at least",
    ),
    "tiles of cells of negative size": (
        lambda: accumulate_cost_by_tiles(TiledSurface(ONES, cell_size=-1), ONES, NONE.copy()),
        "positive sizes",
    ),
    "tiles of a list": (
        lambda: accumulate_cost_by_tiles(TiledSurface(np.ones(3)), np.ones(3), np.ones(3)),
        "rows and columns are needed",
    ),
    # --- networks of patches
    "no patches": (lambda: network({}), "there is none"),
    "a patch of no known size": (lambda: network({"a": NAN}), "infinite or missing"),
    "a size in words": (lambda: network({"a": "large"}), "'large' found"),
    "a cost in words": (lambda: network(links=[("a", "b", "far")]), "'far' found"),
    "a link of another patch": (lambda: network(links=[("a", "z", 1.0)]), "'z' is not among"),
    "a negative cost": (lambda: network(links=[("a", "b", -1.0)]), "negative or missing"),
    "a patch taken out that is not there": (lambda: network().without_patch("z"), "patch 'z'"),
    "dispersal over no cost": (lambda: Dispersal(0.0), "a positive cost"),
    "dispersal that is certain": (lambda: Dispersal(1.0, 1.0), "between 0 and 1"),
    "a landscape smaller than its patches": (
        lambda: connectedness(network(), Dispersal(1.0), landscape=2.0),
        "no smaller than its patches",
    ),
    "a landscape without end": (
        lambda: connectedness(network(), Dispersal(1.0), landscape=INF),
        "its size is inf",
    ),
    "a landscape of nothing": (
        lambda: connectedness(network({"a": 0.0}), Dispersal(1.0), landscape=0.0),
        "its size is 0",
    ),
    "a region without end": (
        lambda: protected_connected(network(), Dispersal(1.0), region=INF),
        "region: its size is inf",
    ),
    # --- resistance
    "a class without a resistance": (
        lambda: transforms.reclassify(array(1.0, 2.0), {1: 1.0}),
        "2 have no resistance",
    ),
    "a class that helps": (lambda: transforms.reclassify(array(1.0), {1: -5.0}), "above 0"),
    "no knot": (lambda: transforms.interpolate(ROW, {}), "none given"),
    "a knot at no value": (lambda: transforms.interpolate(ROW, {NAN: 1.0}), "must be numbers"),
    "a knot below zero": (lambda: transforms.interpolate(ROW, {0: -1.0}), "above 0 and finite"),
    "a line from nowhere": (
        lambda: transforms.linear(ROW, best=NAN, worst=1, greatest=9),
        "two values of the layer",
    ),
    "a line to nowhere": (
        lambda: transforms.linear(ROW, best=0, worst=1, greatest=INF),
        "and finite",
    ),
    "a rate that overflows": (
        lambda: transforms.monomolecular(ROW, **STEEPER, rate=-1000),
        "the curve is a step",
    ),
    "a steepness that is no number": (
        lambda: transforms.from_suitability(ROW, steepness=NAN),
        "must be above 0",
    ),
    "a distance below zero": (
        lambda: transforms.distance_decay(-ROW, reach_m=1, greatest=9),
        "distances are zero or more",
    ),
    "a weight that is no number": (lambda: combining.weighted_sum({"a": ROW}, {"a": NAN}), "nan"),
    "an endless weight": (lambda: combining.weighted_sum({"a": ROW}, {"a": INF}), "inf"),
    "an endless layer": (lambda: combining.largest({"a": array(1.0, INF)}), "a holds infinite"),
    "ranks of other layers": (lambda: combining.ordered_weights({"a": ROW}, [1, 2]), "1 numbers"),
    "judgements of nothing": (lambda: combining.judge_weights([], {}), "0 named"),
    "a judgement that is no number": (
        lambda: combining.judge_weights(["a", "b"], {("a", "b"): NAN}),
        "the scale is 1/9 to 9",
    ),
    "a gamma beyond one": (lambda: combining.fuzzy_gamma({"a": ROW}, 1.5), "between 0 and 1"),
    "a species without a profile": (lambda: profile_of("unicorn"), "known: argali"),
    "a season there is not": (lambda: profile_of("khulan", "spring"), "known: all"),
    "a landscape without land cover": (
        lambda: resistance_of(KHULAN, {"elevation_m": ROW}),
        "land_cover is needed",
    ),
    "layers of two shapes": (
        lambda: resistance_of(KHULAN, {"land_cover": array(10.0), "relief_m": ROW}),
        "Resample them alike",
    ),
    "a greatest resistance below the least": (
        lambda: resistance_of(KHULAN, {"land_cover": array(10.0)}, greatest=0.5),
        "greatest: 0.5",
    ),
    "an ensemble of no profiles": (
        lambda: list(sample_profiles(KHULAN, 0, np.random.default_rng(0))),
        "at least one",
    ),
    "weights drawn without spread": (
        lambda: sample_weights({"a": 1}, 1, np.random.default_rng(0), concentration=INF),
        "above zero are needed",
    ),
    "the spread of one member": (lambda: summarise([ROW]), "at least two"),
    "members of two shapes": (lambda: summarise([ROW, ROW[:2]]), "member 2 has shape"),
    "a member with endless costs": (lambda: summarise([ROW, ROW + INF]), "Give NaN there"),
    # --- moving windows
    "a radius of nothing": (lambda: WindowRule(0), "at least 1"),
    "half a cell": (lambda: WindowRule(2.5), "radius_cells is 2.5"),
    "a radius that is no number": (lambda: WindowRule(NAN), "whole number of cells"),
    "an even block": (lambda: WindowRule(3, 2), "Use an odd number"),
    "a block as wide as the window": (lambda: WindowRule(1, 3), "leave no source"),
    "a program there is not": (lambda: WindowRule(2, compat="omniscape9"), "omniscape0.6"),
    "no source anywhere": (lambda: windows(NONE), "no block has a strength above zero"),
    "sources in NoData alone": (
        lambda: windows(array(0.0, 1.0)[None, :], link_cells(np.array([[1.0, NAN]]))),
        "lie on cells with data",
    ),
    "a source below zero": (lambda: windows(-ONES), "a strength of -1"),
    "a source without end": (lambda: windows(with_one(ONES, INF)), "a strength of inf"),
    "sources on another landscape": (lambda: windows(np.ones((3, 3))), "Resample one"),
    "a condition on another landscape": (
        lambda: windows(conditions=[Condition(np.ones((3, 3)), ONES)]),
        "a condition: .3, 3. cells",
    ),
    "a condition that nothing meets": (
        lambda: Condition(ONES, ONES, within=(1.0, -1.0)),
        "Give the least first",
    ),
    "one draw": (lambda: draws(n_draws=1), "at least 2"),
    "draws without sources": (lambda: draws(NONE), "none has another within 2 cells"),
    "draws of one source": (lambda: draws(with_one(NONE, 1.0)), "none has another within"),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_cannot_be_meant_is_refused_in_words(what):
    call, told = REFUSALS[what]
    with pytest.raises(KulanError, match=told):
        call()


# --- what is no mistake has a stated result -------------------------------------------------------


def test_a_barrier_with_a_vertex_that_is_no_number_is_refused():
    with pytest.warns(RuntimeWarning):
        broken = shapely.LineString([(2, NAN), (2, 5)])
    with pytest.raises(KulanError, match="not a finite number"):
        cut(broken)


def test_sites_that_no_way_joins_are_infinitely_far_apart():
    parted = with_barriers(GRID, CLOSED)
    assert np.isinf(pairwise(parted, ENDS).resistance[0, 1])
    assert one_to_all(parted, ENDS).resistance.tolist() == [INF, INF]
    assert not pairwise(parted, ENDS).cumulative.any()


def test_a_site_in_nodata_is_infinitely_far_from_all():
    grid = link_cells(with_one(ONES, NAN))
    found = pairwise(grid, Sites({1: array(0), 2: array(6), 3: array(15)}))
    assert np.isinf(found.resistance[1, [0, 2]]).all()
    assert np.isfinite(found.resistance[0, 2])


def test_sites_on_one_cell_are_no_distance_apart():
    found = pairwise(GRID, Sites({1: array(5), 2: array(5), 3: array(5)}))
    assert not found.resistance.any()
    assert not found.cumulative.any()


def test_a_number_listed_twice_is_a_region_of_two_cells_or_the_same_cell_once():
    assert sites_from_list(array(1, 1), array(3, 7)).regions == (1,)
    assert sites_from_list(array(1, 1), array(3, 3)).regions == ()


def test_one_site_alone_has_no_pair():
    assert pairwise(GRID, ALONE).resistance.tolist() == [[0.0]]
    assert np.isinf(one_to_all(GRID, ALONE).resistance).all()


def test_no_wanted_pair_is_none_solved():
    found = pairwise(GRID, ENDS, pairs=[])
    assert np.isnan(found.resistance[0, 1])
    assert found.attempts == ()


def test_sources_without_a_ground_in_their_part_carry_nothing():
    assert not advanced(GRID, with_one(NONE, 1.0), NONE).current.any()


@pytest.mark.parametrize("solver", ["direct", "multigrid", "pyamg"])
def test_a_source_on_a_direct_ground_leaves_at_once(solver):
    found = advanced(
        GRID, with_one(NONE, 1.0), with_one(NONE, INF), solving=Solving(solvers=(solver,))
    )
    assert not found.current.any()
    assert not found.voltage.any()


@pytest.mark.parametrize("shape", [(1, 2), (1, 9), (9, 1), (2, 2)])
@pytest.mark.parametrize("solver", ["direct", "multigrid"])
def test_landscapes_of_few_cells_are_solved(shape, solver):
    n = shape[0] * shape[1]
    ends = Sites({1: array(0), 2: array(n - 1)})
    found = pairwise(
        link_cells(np.ones(shape), neighbours=4), ends, solving=Solving(solvers=(solver,))
    )
    assert found.resistance[0, 1] == pytest.approx(n - 1 if 1 in shape else 1.0)


def test_a_landscape_of_one_cell_holds_nothing_that_moves():
    one = np.ones((1, 1))
    assert components(link_cells(one)).tolist() == [[1]]
    assert accumulate_cost(CostSurface(one), [[0, 0]]).tolist() == [[0.0]]
    assert link_patches(CostSurface(one), np.ones((1, 1), int)).links.empty
    flow = windows(one, link_cells(one))
    assert flow.n_windows == 0
    assert flow.current.tolist() == [[0.0]]


def test_a_window_larger_than_the_landscape_sees_all_of_it():
    far, farther = (windows(rule=WindowRule(radius)) for radius in (6, 500))
    np.testing.assert_allclose(far.current, farther.current, rtol=1e-12)
    row = windows(np.ones((1, 5)), link_cells(np.ones((1, 5))))
    assert row.normalised == pytest.approx(np.ones((1, 5)))


def test_one_source_alone_makes_no_window():
    assert windows(with_one(NONE, 1.0)).n_windows == 0


def test_barriers_beside_the_raster_and_without_length_cut_nothing():
    beside = shapely.LineString([(9, -1), (9, 5)])
    point_like = shapely.LineString([(2, 2), (2, 2)])
    for cuts in (cut(beside), cut(point_like)):
        assert len(cuts) == 0
        assert not barrier_effect(GRID, cuts, ENDS).resistance_change.any()
        assert (barrier_costs(cuts).east == 1).all()


def test_barriers_in_another_coordinate_system_are_moved_into_the_frames():
    line = shapely.LineString([(6_002_000, 4_990_000), (6_002_000, 5_010_000)])
    here = lines(line, crs="EPSG:6933")
    moved = cut_steps(here.to_crs("EPSG:4326"), ON_EARTH, array(0.0))
    assert moved.step.tolist() == cut_steps(here, ON_EARTH, array(0.0)).step.tolist()
    assert len(moved) == 10


def test_a_gap_without_length_opens_what_a_point_would():
    gap = place(shapely.LineString([(2, 2.5), (2, 2.5)]))
    assert gap.rows[0].tolist() == FORD.rows[0].tolist()


def test_what_is_free_fits_a_budget_of_nothing():
    free = CrossingGains(GRID, CLOSED, place(cost=0.0), ENDS)
    assert best_portfolio(free, budget=0).names == ("ford",)


def test_an_ensemble_of_one_member_ranks_with_a_wide_interval():
    gains = ensemble_gains([(GRID, CLOSED, FORD)], ENDS)
    ranked = rank_crossings(["ford"], gains).iloc[0]
    assert (ranked["in_best_share"], ranked["in_best_high"]) == (1.0, 1.0)
    assert ranked["in_best_low"] == pytest.approx(1 / (1 + 1.959964**2), abs=1e-6)


def test_nothing_is_known_where_a_member_is_not_known():
    found = summarise([array(NAN, 1.0), array(3.0, 3.0)])
    assert np.isnan(found.mean[0])
    assert found.mean[1] == 2.0


def test_an_unreachable_target_is_a_path_without_cells_and_a_corridor_without_any():
    walled = CostSurface(np.array([[1.0, NAN, 1.0]]))
    [path] = least_cost_paths(walled, [[0, 0]], [[0, 2]])
    assert (path.cost, len(path.cells)) == (INF, 0)
    ends = [accumulate_cost(walled, [[0, column]]) for column in (0, 2)]
    assert not normalised_corridor(*ends).mask.any()


def test_a_network_without_links_is_its_patches():
    alone = connectedness(network({"a": 3.0, "b": 4.0}), Dispersal(1.0), landscape=10.0)
    assert alone.eca == pytest.approx(5.0)
    assert not betweenness(network()).patches.any()


def test_unknown_land_is_unknown_resistance():
    found = resistance_of(KHULAN, {"land_cover": array(NAN, 10.0)})
    assert np.isnan(found.values[0])
    assert found.conductance[0] == 0


# --- traps of Circuitscape's configurations -------------------------------------------------------

_RASTER = "ncols 3\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n{}\n"
_INI = """[Circuitscape mode]
data_type = raster
scenario = pairwise
[Habitat raster or graph]
habitat_file = habitat.asc
habitat_map_is_resistances = {resistances}
[Options for pairwise and one-to-all and all-to-one modes]
point_file = {points}
[Short circuit regions (aka polygons)]
use_polygons = {polygons}
polygon_file = polygons.asc
[Output options]
output_file = out/found.out
"""


def circuitscape(folder: Path, *, points="points.asc", **settings: str) -> np.ndarray:
    """Run a row of three cells of 2 ohm each, the first two in a polygon; return the matrix."""
    rasters = {"habitat": "2 2 2", "points": "1 -9999 2", "polygons": "5 5 -9999"}
    for name, cells in rasters.items():
        (folder / f"{name}.asc").write_text(_RASTER.format(cells))
    chosen = {"resistances": "True", "polygons": "False", **settings}
    (folder / "run.ini").write_text(_INI.format(points=points, **chosen))
    run_circuitscape(read_circuitscape_ini(folder / "run.ini"))
    return np.loadtxt(folder / "out" / "found_resistances.out")


@pytest.mark.parametrize("yes", ["True", "TRUE", "true", "1"])
def test_polygons_are_used_however_true_is_written(tmp_path, yes):
    """Circuitscape.jl issue 353: "TRUE" was taken for false, and polygons silently ignored."""
    (tmp_path / "out").mkdir()
    assert circuitscape(tmp_path, polygons=yes)[1, 2] == pytest.approx(2.0)


def test_a_mistyped_key_is_refused_and_the_right_one_named(tmp_path):
    """Circuitscape.jl issue 312: resistances were taken for conductances by a mistyped key."""
    (tmp_path / "out").mkdir()
    assert circuitscape(tmp_path)[1, 2] == pytest.approx(4.0)
    ini = (tmp_path / "run.ini").read_text()
    mistyped = ini.replace("habitat_map_is_resistances", "habitat_map_is_resistance")
    (tmp_path / "run.ini").write_text(mistyped)
    with pytest.raises(KulanError, match="habitat_map_is_resistances"):
        read_circuitscape_ini(tmp_path / "run.ini")


def test_points_off_the_map_are_refused_by_name_and_place(tmp_path):
    """Circuitscape.jl issue 380: points outside the map."""
    (tmp_path / "out").mkdir()
    (tmp_path / "points.txt").write_text("1 0.5 0.5\n2 9.5 0.5\n")
    with pytest.raises(KulanError, match=r"point \(9\.5, 0\.5\) lies outside"):
        circuitscape(tmp_path, points="points.txt")
