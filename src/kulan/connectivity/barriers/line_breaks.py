"""Where a barrier's lines nearly meet and do not: holes of the map through which all would leak."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from kulan.connectivity.barriers.cuts import check_lines
from kulan.connectivity.tables import BARRIER_LINES
from kulan.errors import InvalidGeometryError, UnknownCrsError
from kulan.schemas import check_table


def line_breaks(lines: gpd.GeoDataFrame, *, within: float) -> gpd.GeoDataFrame:
    """Find ends of a barrier's lines that lie near another of its lines without touching it.

    A closed barrier with a hole of a few metres parts nothing, since lines cut steps exactly. Holes
    may be real (a gate, a bridge) or mapped (two sheets that do not join); this tells where they
    are, and closes none.

    Parameters
    ----------
    lines
        Table `BARRIER_LINES`, in a plane.
    within
        Holes up to this wide are told, in units of the lines' coordinates.

    Returns
    -------
    GeoDataFrame
        One row for each hole: `barrier_id`, `width` in units of the coordinates, and the straight
        line across it, the narrowest first. Ends that touch another line, lie farther from all
        others, or belong to a closed ring, have none.

    Raises
    ------
    InvalidTableError
        If the table does not keep its declaration.
    InvalidGeometryError
        If `within` is not positive, or a row is not a line.
    UnknownCrsError
        If the lines are in degrees, which are no measure of width.

    Examples
    --------
    >>> fence = gpd.GeoDataFrame(
    ...     {"barrier_id": ["fence"] * 2, "segment_id": ["west", "east"]},
    ...     geometry=[shapely.LineString([(0, 0), (5, 0)]), shapely.LineString([(5.5, 0), (9, 0)])],
    ... )
    >>> line_breaks(fence, within=1)["width"].tolist()
    [0.5]
    """
    check_table(lines, BARRIER_LINES)
    check_lines(lines)
    if not within > 0:
        raise InvalidGeometryError(f"within: {within:g} found; it must be positive.")
    if lines.crs is not None and lines.crs.is_geographic:
        raise UnknownCrsError(
            "lines: their coordinates are degrees, which are no measure of width. "
            "Reproject them to a plane first."
        )
    names: list[str] = []
    holes: list[shapely.LineString] = []
    for barrier, own in lines.groupby("barrier_id", sort=False):
        found = _holes(own.geometry.to_numpy(), within)
        names += [str(barrier)] * len(found)
        holes += found
    table = pd.DataFrame({"barrier_id": names, "width": shapely.length(np.array(holes, object))})
    told = gpd.GeoDataFrame(table, geometry=holes, crs=lines.crs)
    return told.sort_values("width", kind="stable").reset_index(drop=True)


def _holes(
    shapes: "np.ndarray[tuple[int], np.dtype[np.object_]]", within: float
) -> list[shapely.LineString]:
    """Find the holes of one barrier, each once, the narrowest first."""
    # noded and merged, so that lines which meet or cross are one network of whole pieces
    pieces = shapely.get_parts(shapely.line_merge(shapely.union_all(shapes)))
    tree = shapely.STRtree(pieces)
    seen: list[tuple[frozenset[int], shapely.LineString]] = []
    for k, piece in enumerate(pieces):
        if shapely.is_closed(piece):
            continue
        for end in (shapely.get_point(piece, 0), shapely.get_point(piece, -1)):
            near = tree.query(end, predicate="dwithin", distance=within)
            others = near[near != k]
            distance = shapely.distance(end, pieces[others])
            if not others.size or distance.min() == 0:
                continue
            other = int(others[int(distance.argmin())])
            seen.append((frozenset((k, other)), shapely.shortest_line(end, pieces[other])))
    kept: list[tuple[frozenset[int], shapely.LineString]] = []
    for pair, hole in sorted(seen, key=lambda found: float(shapely.length(found[1]))):
        # two ends that face each other tell of the same hole
        same = [shapely.distance(hole, other) for of, other in kept if of == pair]
        if min(same, default=np.inf) > within:
            kept.append((pair, hole))
    return [hole for _, hole in kept]
