"""Contours: the fewest cells that hold a share of use, as polygons."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.transform import Affine

from kulan.movement.distributions import Distribution, PlaneFrame


def contours(
    distribution: Distribution, levels: Sequence[float]
) -> Mapping[float, shapely.MultiPolygon]:
    """Return the outlines of the fewest cells that hold each share of use.

    Outlines follow the cells, so that their areas are those of `Distribution.area_m2`, and the
    contour of a smaller share lies within that of a larger one.

    Parameters
    ----------
    distribution
        Of use.
    levels
        Shares, 0 to 1.

    Returns
    -------
    mapping of float to shapely.MultiPolygon
        By share, in the plane of the frame.

    Raises
    ------
    InvalidGridError
        If a share is not between 0 and 1.

    Examples
    --------
    >>> import numpy as np
    >>> frame = PlaneFrame(0, 20, 10, 10, 2, 2)
    >>> use = Distribution("range", np.array([[0.6, 0.3], [0.1, 0.0]]), frame, "kde")
    >>> contours(use, [0.8])[0.8].area
    200.0
    """
    return {
        level: outline(distribution.cells_within(level), distribution.frame) for level in levels
    }


def outline(cells: NDArray[np.bool_], frame: PlaneFrame) -> shapely.MultiPolygon:
    """Return the polygons of the cells that are true, in the plane of the frame.

    Cells that touch at a corner only are parts of their own.

    Examples
    --------
    >>> import numpy as np
    >>> outline(np.array([[True, False], [False, True]]), PlaneFrame(0, 2, 1, 1, 2, 2)).area
    2.0
    """
    place = Affine(frame.cell_x_m, 0, frame.west_m, 0, -frame.cell_y_m, frame.north_m)
    found = shapes(cells.astype(np.uint8), mask=cells, connectivity=4, transform=place)
    return shapely.MultiPolygon([shapely.geometry.shape(part) for part, _ in found])
