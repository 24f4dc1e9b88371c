"""Focal sites of a raster as shapes to draw: points where one cell, outlines where several."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from kulan.connectivity.circuits.sites import Sites
from kulan.connectivity.frames import Frame


def sites_table(
    sites: Sites, frame: Frame, *, names: Mapping[int, str] | None = None
) -> gpd.GeoDataFrame:
    """Return focal sites as a table to lay over a map.

    Parameters
    ----------
    sites
        Cells of each site.
    frame
        Where the cells lie.
    names
        Of sites by their numbers; a site without one is labelled with its number.

    Returns
    -------
    GeoDataFrame
        One row per site: `site` (its label) and `geometry` in the frame's plane, the centre of
        its cell, or for a region the outline of all its cells.

    Examples
    --------
    >>> sites = Sites({1: np.array([0]), 7: np.array([2, 3])})
    >>> table = sites_table(sites, Frame(2, 2, 0, 2, 1, 1), names={7: "Ergel"})
    >>> [(row.site, row.geometry.geom_type) for row in table.itertuples()]
    [('1', 'Point'), ('Ergel', 'Polygon')]
    """
    called = names or {}
    shapes = []
    for cells in sites.cells.values():
        row, column = np.divmod(cells, frame.columns)
        centre = frame.in_plane(np.column_stack([column, row]).astype(np.float64))
        if cells.size == 1:
            shapes.append(shapely.points(centre[0]))
            continue
        half_x, half_y = frame.cell_width / 2, frame.cell_height / 2
        x, y = centre[:, 0], centre[:, 1]
        boxes = shapely.box(x - half_x, y - half_y, x + half_x, y + half_y)
        shapes.append(shapely.union_all(boxes))
    labels = [called.get(number, str(number)) for number in sites.numbers]
    return gpd.GeoDataFrame({"site": labels}, geometry=shapes, crs=frame.crs or None)
