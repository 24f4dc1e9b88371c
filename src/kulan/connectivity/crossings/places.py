"""Crossings: places where barriers are opened, standing, given, or set along an alignment."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.connectivity.barriers.cuts import (
    Cuts,
    Integers,
    Values,
    check_lines,
    check_shape,
    weight_index,
)
from kulan.connectivity.circuits.stencil import Stencil
from kulan.connectivity.tables import BARRIER_LINES, CROSSINGS
from kulan.errors import (
    InvalidGeometryError,
    UnknownCrsError,
    UnknownNameError,
)
from kulan.schemas import check_table

_POINT, _LINE = 0, 1


@dataclass(frozen=True)
class Crossings:
    """What each crossing opens.

    Attributes
    ----------
    names
        Of the crossings.
    costs
        Of each, in the money of the study; NaN where not known.
    x, y
        Where each lies, in units of the plane; of a gap the middle.
    rows
        Rows of the cuts that each opens; none where it finds nothing to open.
    permeability
        Share of a step's conductance left by the barriers it leads across, 0 to 1.
    """

    names: tuple[str, ...]
    costs: Values
    x: Values
    y: Values
    rows: tuple[Integers, ...]
    permeability: Values

    def __len__(self) -> int:
        return len(self.names)

    def only(self, names: Iterable[str]) -> "Crossings":
        """Keep the crossings of these names, in the order they stand here.

        Raises
        ------
        UnknownNameError
            If there is no crossing of a name.
        """
        wanted = set(names)
        unknown = sorted(wanted - set(self.names))
        if unknown:
            raise UnknownNameError(
                f"crossings: none is called {unknown[0]!r}. There are {', '.join(self.names)}."
            )
        kept = [k for k, name in enumerate(self.names) if name in wanted]
        return Crossings(
            tuple(self.names[k] for k in kept),
            self.costs[kept],
            self.x[kept],
            self.y[kept],
            tuple(self.rows[k] for k in kept),
            self.permeability[kept],
        )


def place_crossings(
    crossings: gpd.GeoDataFrame,
    cuts: Cuts,
    stencil: Stencil,
    permeability: Values,
    *,
    reach_cells: float = 1.5,
) -> Crossings:
    """Find the steps that crossings open.

    A point opens, of each barrier it leads across, the one step that the barrier crosses nearest
    to the point; where it leads across several barriers, a step within a cell of that which
    crosses more of them is preferred. A line opens the steps that the barrier crosses alongside
    it, and if there are none, being shorter than the distance between steps, what a point in its
    middle would. The width of a structure does not enter: how much movement a step gets back is
    what `permeability` says.

    Parameters
    ----------
    crossings
        Table `CROSSINGS`.
    cuts
        What barriers cut.
    stencil
        The landscape without barriers; only steps that it has are opened.
    permeability
        Of each crossing, 0 to 1. A step keeps its own where that is larger.
    reach_cells
        How far from a crossing its barriers may lie, in cells.

    Raises
    ------
    InvalidTableError
        If the table does not keep its declaration.
    InvalidGeometryError
        If there is no crossing, one is neither point nor line, or lies out of reach of its
        barriers; or if a permeability lies outside 0 to 1 or a cost is negative.
    UnknownNameError
        If a crossing names a barrier that cuts nothing.
    UnknownCrsError
        If only one of crossings and frame has a coordinate system.
    """
    check_table(crossings, CROSSINGS)
    check_shape(stencil, cuts)
    share, costs = _checked_values(crossings, permeability)
    shapes = _in_plane(crossings, cuts)
    usable = stencil.weights[weight_index(cuts.step, stencil.shape)] > 0
    names = tuple(str(name) for name in crossings["crossing_id"])
    scale = np.array([cuts.frame.cell_width, cuts.frame.cell_height])
    points = np.column_stack([cuts.x, cuts.y]) / scale
    rows, middles = [], []
    for name, wanted, shape in zip(names, crossings["barrier_ids"], shapes, strict=True):
        in_cells = shapely.transform(shape, lambda xy: xy / scale)
        barriers = _named_barriers(name, wanted, cuts)
        rows.append(_opened(name, in_cells, barriers, cuts, points, usable, reach_cells))
        middle = shape if shapely.get_type_id(shape) == _POINT else _middle(shape)
        middles.append(shapely.get_coordinates(middle)[0])
    xy = np.array(middles)
    return Crossings(names, costs, xy[:, 0], xy[:, 1], tuple(rows), share)


def _checked_values(crossings: gpd.GeoDataFrame, permeability: Values) -> tuple[Values, Values]:
    if crossings.empty:
        raise InvalidGeometryError("crossings: the table holds none. Give at least one.")
    share = np.asarray(permeability, np.float64)
    if share.shape != (len(crossings),) or not ((share >= 0) & (share <= 1)).all():
        raise InvalidGeometryError(
            f"permeability: give one value for each of {len(crossings)} crossings, 0 to 1."
        )
    costs = crossings["cost"].astype(np.float64).to_numpy()
    wrong = (costs < 0) | np.isinf(costs)
    if wrong.any():
        name = crossings["crossing_id"].to_numpy()[wrong][0]
        raise InvalidGeometryError(
            f"crossing {name!r}: its cost is negative or infinite. Leave it empty if there is none."
        )
    shapes = crossings.geometry.to_numpy()
    bad = ~np.isin(shapely.get_type_id(shapes), [_POINT, _LINE]) | shapely.is_empty(shapes)
    if bad.any():
        name = crossings["crossing_id"].to_numpy()[bad][0]
        raise InvalidGeometryError(
            f"crossing {name!r}: neither a point nor a single line. Give a structure as a point, "
            "a gap as a line along the barrier."
        )
    return share, costs


def _in_plane(crossings: gpd.GeoDataFrame, cuts: Cuts) -> NDArray[np.object_]:
    crs = cuts.frame.crs
    if (crossings.crs is None) != (crs == ""):
        raise UnknownCrsError(
            "crossings: one of crossings and frame has a coordinate system, the other none. "
            "Declare that of both."
        )
    moved = crossings.geometry if crossings.crs is None else crossings.geometry.to_crs(crs)
    shapes: NDArray[np.object_] = moved.to_numpy()
    return shapes


def _named_barriers(name: str, wanted: tuple[str, ...], cuts: Cuts) -> Integers:
    """Return the positions of the barriers a crossing names; all where it names none."""
    if not wanted:
        return np.arange(len(cuts.barriers))
    unknown = sorted(set(wanted) - set(cuts.barriers))
    if unknown:
        raise UnknownNameError(
            f"crossing {name!r}: no barrier is called {unknown[0]!r}. "
            f"There are {', '.join(cuts.barriers)}."
        )
    return np.array([cuts.barriers.index(barrier) for barrier in wanted], np.int64)


def _middle(line: BaseGeometry) -> BaseGeometry:
    return shapely.line_interpolate_point(line, 0.5, normalized=True)


def crossings_in_reach(
    crossings: gpd.GeoDataFrame, cuts: Cuts, stencil: Stencil, *, reach_cells: float = 1.5
) -> NDArray[np.bool_]:
    """Tell the crossings that find a step to open from those that `place_crossings` would refuse.

    Parameters
    ----------
    crossings
        Table `CROSSINGS`.
    cuts, stencil, reach_cells
        As for `place_crossings`.

    Returns
    -------
    ndarray
        For each crossing, whether a passable step across its barriers lies within reach.
    """
    check_table(crossings, CROSSINGS)
    check_shape(stencil, cuts)
    usable = stencil.weights[weight_index(cuts.step, stencil.shape)] > 0
    scale = np.array([cuts.frame.cell_width, cuts.frame.cell_height])
    points = np.column_stack([cuts.x, cuts.y]) / scale
    reached = []
    for wanted, shape in zip(crossings["barrier_ids"], _in_plane(crossings, cuts), strict=True):
        known = [cuts.barriers.index(name) for name in wanted if name in cuts.barriers]
        barriers = np.array(known, np.int64) if wanted else np.arange(len(cuts.barriers))
        in_cells = shapely.transform(shape, lambda xy: xy / scale)
        rows, _ = _in_reach(in_cells, barriers, cuts, points, usable, reach_cells)
        reached.append(rows.size > 0)
    return np.array(reached, bool)


def _in_reach(
    shape: BaseGeometry,
    barriers: Integers,
    cuts: Cuts,
    points: Values,
    usable: NDArray[np.bool_],
    reach_cells: float,
) -> tuple[Integers, NDArray[np.object_]]:
    """Return the rows of the cuts near a crossing, and where they lie; all lengths in cells."""
    rows = np.flatnonzero(usable & np.isin(cuts.barrier, barriers))
    west, south, east, north = shapely.bounds(shape)
    xy = points[rows]
    near = (xy >= [west - reach_cells, south - reach_cells]).all(axis=1)
    near &= (xy <= [east + reach_cells, north + reach_cells]).all(axis=1)
    rows = rows[near]
    places: NDArray[np.object_] = shapely.points(points[rows])
    within = shapely.distance(shape, places) <= reach_cells
    return rows[within], places[within]


def _opened(
    name: str,
    shape: BaseGeometry,
    barriers: Integers,
    cuts: Cuts,
    points: Values,
    usable: NDArray[np.bool_],
    reach_cells: float,
) -> Integers:
    """Return the rows of the cuts that one crossing opens; all lengths in cells."""
    rows, places = _in_reach(shape, barriers, cuts, points, usable, reach_cells)
    if not rows.size:
        raise InvalidGeometryError(
            f"crossing {name!r}: no passable step across its barriers within {reach_cells:g} "
            "cells. Check its place, the barriers it names, and that the cells beside it are not "
            "NoData; or raise `reach_cells`."
        )
    if shapely.get_type_id(shape) == _LINE:
        along = shapely.line_locate_point(shape, places)
        beside = (along > 0) & (along < shapely.length(shape))
        if beside.any():
            alongside: Integers = rows[beside]
            return alongside
        shape = _middle(shape)
    return _nearest(cuts, rows, shapely.distance(shape, places))


def _nearest(cuts: Cuts, rows: Integers, distance: Values) -> Integers:
    """Choose one step for each barrier, nearest, and shared where that is as near to a cell."""
    chosen: list[int] = []
    while rows.size:
        close = distance <= distance.min() + 1.0
        steps, of_row = np.unique(cuts.step[rows[close]], return_inverse=True)
        crossed = np.bincount(of_row)
        mean = np.bincount(of_row, distance[close]) / crossed
        best = steps[np.lexsort((steps, mean, -crossed))[0]]
        taken = rows[cuts.step[rows] == best]
        chosen.extend(taken.tolist())
        left = ~np.isin(cuts.barrier[rows], cuts.barrier[taken])
        rows, distance = rows[left], distance[left]
    return np.sort(np.array(chosen, np.int64))


def permeability_with(cuts: Cuts, crossings: Crossings, chosen: Iterable[int]) -> Values:
    """Return the permeability of each row of the cuts once some crossings are open.

    Parameters
    ----------
    cuts
        What barriers cut.
    crossings
        What each crossing opens.
    chosen
        Positions of the crossings that are open.
    """
    permeability = cuts.permeability.copy()
    for k in chosen:
        rows = crossings.rows[k]
        permeability[rows] = np.maximum(permeability[rows], crossings.permeability[k])
    return permeability


def open_crossings(cuts: Cuts, crossings: Crossings) -> Cuts:
    """Return the cuts with all crossings open; a crossing never closes anything."""
    return replace(cuts, permeability=permeability_with(cuts, crossings, range(len(crossings))))


def crossings_along(
    alignment: gpd.GeoDataFrame, *, spacing: float, cost: float | None = None
) -> gpd.GeoDataFrame:
    """Set candidates for crossings along an alignment, at a spacing.

    The first stands half a spacing from the start of each line, so that all stretches are of one
    length but for the last. A line shorter than a spacing gets one in its middle.

    Parameters
    ----------
    alignment
        Table `BARRIER_LINES`, in the plane whose units `spacing` is in.
    spacing
        Distance between candidates along the line, in units of the alignment's coordinates; of
        one cell or more, since nearer ones would open the same steps.
    cost
        Of each candidate, in the money of the study; None for not known.

    Returns
    -------
    GeoDataFrame
        Table `CROSSINGS`: each names the barrier it stands on, and is called after barrier,
        segment and its number along the segment, from 1.

    Raises
    ------
    InvalidTableError
        If the table does not keep its declaration.
    InvalidGeometryError
        If there is no line, a row is not one, the spacing is not positive, or the cost negative.
    UnknownCrsError
        If the alignment is in degrees, in which no spacing is even.
    """
    if not spacing > 0:
        raise InvalidGeometryError(f"spacing: {spacing:g} found; it must be positive.")
    if alignment.empty:
        raise InvalidGeometryError("alignment: the table holds no lines. Give at least one.")
    check_table(alignment, BARRIER_LINES)
    check_lines(alignment)
    if cost is not None and not 0 <= cost < np.inf:
        raise InvalidGeometryError(
            f"cost: {cost:g} found; give zero or more, or leave it out where it is not known."
        )
    if alignment.crs is not None and alignment.crs.is_geographic:
        raise UnknownCrsError(
            "alignment: its coordinates are degrees, in which a spacing is not the same length "
            "everywhere. Reproject it to the plane of the raster first."
        )
    names, barriers, places = [], [], []
    for row in alignment.itertuples():
        count = 0
        for line in shapely.get_parts(shapely.line_merge(row.geometry)):
            length = shapely.length(line)
            at = np.arange(spacing / 2, length, spacing) if length > spacing else [length / 2]
            for distance in at:
                count += 1
                names.append(f"{row.barrier_id}/{row.segment_id}/{count}")
                barriers.append((str(row.barrier_id),))
                places.append(shapely.line_interpolate_point(line, distance))
    costs = [float("nan") if cost is None else cost] * len(names)
    table = pd.DataFrame({"crossing_id": names, "barrier_ids": barriers, "cost": costs})
    return gpd.GeoDataFrame(table, geometry=places, crs=alignment.crs)


def distinct_crossings(crossings: Crossings) -> tuple[Crossings, dict[str, str]]:
    """Leave out candidates that open exactly what an earlier one does, as passably and dearly.

    Returns
    -------
    Crossings
        Those that differ.
    dict
        Of each that was left out, the name of the one it equals.
    """
    first: dict[tuple[tuple[int, ...], float, str], str] = {}
    equal: dict[str, str] = {}
    for k, name in enumerate(crossings.names):
        opens = tuple(crossings.rows[k].tolist())
        key = (opens, float(crossings.permeability[k]), str(crossings.costs[k]))
        if key in first:
            equal[name] = first[key]
        else:
            first[key] = name
    return crossings.only(first.values()), equal
