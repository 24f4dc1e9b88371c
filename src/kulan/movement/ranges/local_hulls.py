"""Local convex hulls: ranges with hard edges and holes, put together from small polygons.

Around each fix lies the hull of its neighbours; hulls are joined from the densest on, until they
hold the share of fixes that is asked for. Made for animals that keep to one side of a line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from kulan.errors import InvalidTableError, NotEnoughDataError
from kulan.movement.ranges.hulls import check_share
from kulan.movement.tracks import Track

Kind = Literal["k", "r", "a"]
_CORNERS = 3


@dataclass(frozen=True, eq=False)
class LocalHulls:
    """The hulls of a track, from the densest on.

    Attributes
    ----------
    hulls
        Polygons in the plane of the track.
    covered
        Share of fixes that lie in a hull or one before it.
    """

    hulls: NDArray[np.object_]
    covered: NDArray[np.float64]

    def isopleths(
        self, levels: Sequence[float]
    ) -> Mapping[float, shapely.Polygon | shapely.MultiPolygon]:
        """Return by share of fixes the union of the fewest hulls that hold it.

        For a share of 1, and where all hulls together hold less, that is the union of all.

        Raises
        ------
        InvalidTableError
            If a share is not above 0 and at most 1.
        """
        found = {}
        for level in levels:
            check_share(level)
            count = int(np.searchsorted(self.covered, level - 1e-12)) + 1 if level < 1 else None
            found[level] = shapely.union_all(self.hulls[:count])
        return found


def local_convex_hulls(track: Track, kind: Kind, amount: float) -> LocalHulls:
    """Return the local convex hulls of a track.

    Parameters
    ----------
    track
        One animal's track.
    kind
        Who counts as a neighbour of a fix: "k", a fixed number of fixes, itself included; "r", all
        within a radius; "a", the nearest ones whose distances add up to at most an amount.
    amount
        That number, or metres.

    Returns
    -------
    LocalHulls
        Sorted by area for "k", and by the number of their fixes (most first) and then area for
        "r" and "a". Fixes whose neighbours span no area have none.

    Raises
    ------
    NotEnoughDataError
        If no fix has neighbours enough for a hull.
    InvalidTableError
        If the amount is too small.

    References
    ----------
    Getz, W. M., Wilmers, C. C. (2004). A local nearest-neighbor convex-hull construction of home
    ranges and utilization distributions. Ecography 27: 489-505. Getz, W. M. et al. (2007). LoCoH:
    nonparameteric kernel methods for constructing home ranges and utilization distributions. PLoS
    ONE 2: e207.

    Examples
    --------
    >>> x, y = (axis.ravel() for axis in np.meshgrid(np.arange(3.0), np.arange(3.0)))
    >>> found = local_convex_hulls(Track("k1", np.arange(9.0), x, y), "r", 1.5)
    >>> found.isopleths([1.0])[1.0].area
    4.0
    """
    if kind == "k" and not amount >= _CORNERS:
        raise InvalidTableError(f"k = {amount:g}: a hull needs at least {_CORNERS} fixes.")
    if not amount > 0:
        raise InvalidTableError(f"{kind} = {amount:g}: metres above 0 are needed.")
    xy = track.positions_m
    if len(xy) >= _CORNERS:
        groups = _neighbours(xy, kind, amount)
        hulls, sizes = _hulls(xy, groups)
        if len(hulls):
            return _sorted(xy, hulls, sizes if kind != "k" else np.zeros(len(hulls)))
    raise NotEnoughDataError(
        f"track of {track.animal_id}: {len(track)} fixes, of which none has neighbours enough for "
        f"a hull with {kind} = {amount:g}."
    )


def _neighbours(xy: NDArray[np.float64], kind: Kind, amount: float) -> list[NDArray[np.int64]]:
    tree = cKDTree(xy)
    if kind == "r":
        return [np.asarray(near, np.int64) for near in tree.query_ball_point(xy, amount)]
    if kind == "k":
        count = min(round(amount), len(xy))
        return list(tree.query(xy, count)[1])
    groups = []
    for point, near in zip(xy, tree.query_ball_point(xy, amount), strict=True):
        others = np.asarray(near, np.int64)
        away = np.hypot(*(xy[others] - point).T)
        order = np.argsort(away, kind="stable")
        groups.append(others[order[np.cumsum(away[order]) <= amount]])
    return groups


def _hulls(
    xy: NDArray[np.float64], groups: list[NDArray[np.int64]]
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    whole = [group for group in groups if len(group) >= _CORNERS]
    of_point = np.repeat(np.arange(len(whole)), [len(group) for group in whole])
    if not whole:
        return np.empty(0, object), np.empty(0)
    points = shapely.multipoints(shapely.points(xy[np.concatenate(whole)]), indices=of_point)
    hulls = shapely.convex_hull(points)
    flat = shapely.area(hulls) <= 0
    sizes = np.array([len(group) for group in whole], float)
    return hulls[~flat], sizes[~flat]


def _sorted(
    xy: NDArray[np.float64], hulls: NDArray[np.object_], sizes: NDArray[np.float64]
) -> LocalHulls:
    hulls = hulls[np.lexsort((shapely.area(hulls), -sizes))]
    tree = shapely.STRtree(shapely.points(xy))
    hull, point = tree.query(hulls, predicate="covers")
    first = np.full(len(xy), len(hulls))
    np.minimum.at(first, point, hull)
    covered = np.bincount(first, minlength=len(hulls) + 1)[:-1].cumsum() / len(xy)
    return LocalHulls(hulls, covered)
