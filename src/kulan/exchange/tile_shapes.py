"""Shapes as a tile draws them: in its units, cut at its edge, on whole numbers, wound its way."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from kulan.exchange.web_mercator import SCREEN_PX, tile_bounds, to_tile_units

POINT, LINE, POLYGON = 1, 2, 3
"""Kinds of shapes, by the numbers of the tile's format."""
_RING, _COLLECTIONS = 2, 4
# kind of each type of GEOS: point, line, ring, polygon
_KINDS = np.array([POINT, LINE, LINE, POLYGON])
_MANY_POINTS = 16
_TOLERANCE_PX = 0.25

Shapes = NDArray[np.object_]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Frame:
    """A tile, and how finely and how far beyond its edge it is drawn.

    Attributes
    ----------
    z, x, y
        Zoom, column and row.
    extent
        Units along a side.
    buffer
        Units that are drawn beyond each side.
    """

    z: int
    x: int
    y: int
    extent: int
    buffer: int

    @property
    def tolerance(self) -> float:
        """A quarter of a pixel of the screen, in units of the tile."""
        return _TOLERANCE_PX * self.extent / SCREEN_PX

    def located(self, shapes: Shapes, shift_deg: float) -> Shapes:
        """Return shapes given in degrees in units of the tile, moved eastwards before."""
        moved = np.array([shift_deg, 0.0])

        def place(lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
            return to_tile_units(lon_lat + moved, self.z, self.x, self.y, self.extent)

        placed: Shapes = shapely.transform(shapes, place)
        return placed

    def box(self) -> tuple[float, float, float, float]:
        """Return the least and the greatest x and y that are drawn."""
        return -self.buffer, -self.buffer, self.extent + self.buffer, self.extent + self.buffer


@dataclass(frozen=True)
class Drawn:
    """Runs of points on whole numbers; each run is a point set, a line or a ring.

    Attributes
    ----------
    points
        x and y in two columns, y southwards.
    run_lengths
        Points in each run; they follow each other in `points`. A ring does not come back to its
        first point.
    run_rows
        Row of the feature that each run belongs to, ascending.
    kind
        Point, line or polygon, for all of them.
    """

    points: NDArray[np.int64]
    run_lengths: Rows
    run_rows: Rows
    kind: int


def drawn(geometries: Shapes, frame: Frame) -> list[Drawn]:
    """Return what a tile shows of geometries in EPSG:4326, at most one item for each kind."""
    parts, rows = _single_parts(geometries)
    parts, rows = _within_reach(parts, rows, frame)
    kinds = _KINDS[shapely.get_type_id(parts)]
    draw = {POINT: _drawn_points, LINE: _drawn_lines, POLYGON: _drawn_polygons}
    found = [
        draw[kind](parts[kinds == kind], rows[kinds == kind], frame)
        for kind in (POINT, LINE, POLYGON)
        if (kinds == kind).any()
    ]
    return [one for one in found if len(one.run_rows)]


def _single_parts(geometries: Shapes) -> tuple[Shapes, Rows]:
    """Take collections apart, whatever their depth, and leave out what has no place."""
    rows = np.flatnonzero(~shapely.is_missing(geometries))
    parts = geometries[rows]
    while (shapely.get_type_id(parts) >= _COLLECTIONS).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        rows = rows[index]
    placed = ~shapely.is_empty(parts)
    parts, rows = parts[placed], rows[placed]
    ring = shapely.get_type_id(parts) == _RING
    if ring.any():
        points, index = shapely.get_coordinates(parts[ring], return_index=True)
        parts[ring] = shapely.linestrings(points, indices=index)
    points, index = shapely.get_coordinates(parts, return_index=True)
    finite = np.ones(len(parts), dtype=bool)
    finite[index[~np.isfinite(points).all(axis=1)]] = False
    return parts[finite], rows[finite]


def _within_reach(parts: Shapes, rows: Rows, frame: Frame) -> tuple[Shapes, Rows]:
    """Choose the parts whose boxes meet the tile's, put into its units.

    The world is a cylinder: what lies beyond 180 degrees, or within the buffer of a tile that ends
    there, is found by going once around.
    """
    margin = frame.buffer / frame.extent
    west, south, east, north = tile_bounds(frame.z, frame.x, frame.y, margin=margin)
    found, found_rows = [], []
    boxes = shapely.bounds(parts)
    in_latitude = (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    for shift_deg in (0.0, -360.0, 360.0):
        meets = in_latitude & (boxes[:, 0] + shift_deg <= east) & (boxes[:, 2] + shift_deg >= west)
        if meets.any():
            found.append(frame.located(parts[meets], shift_deg))
            found_rows.append(rows[meets])
    if not found:
        return parts[:0], rows[:0]
    if len(found) == 1:
        return found[0], found_rows[0]
    together = np.concatenate(found_rows)
    order = np.argsort(together, kind="stable")
    return np.concatenate(found)[order], together[order]


def _drawn_points(parts: Shapes, rows: Rows, frame: Frame) -> Drawn:
    """Round positions; of a feature's points that fall on the same place, keep the first."""
    points = _rounded(shapely.get_coordinates(parts))
    least, _, most, _ = frame.box()
    inside = ((points >= least) & (points <= most)).all(axis=1)
    points, rows = points[inside], rows[inside]
    # one number for row and place: much quicker to sort than three
    side = most - least + 1
    places = (rows * side + points[:, 0] - least) * side + points[:, 1] - least
    _, first = np.unique(places, return_index=True)
    first.sort()
    points, rows = points[first], rows[first]
    features, lengths = np.unique(rows, return_counts=True)
    return Drawn(points, lengths.astype(np.int64), features, POINT)


def _drawn_lines(parts: Shapes, rows: Rows, frame: Frame) -> Drawn:
    """Cut, simplify and round lines; those that shrink to one place vanish."""
    pieces, rows = _cut(parts, rows, frame, LINE)
    pieces = _simplified(pieces, frame, keep_topology=False)
    points, runs = shapely.get_coordinates(pieces, return_index=True)
    points = _rounded(points)
    kept = _differs_from_last(points, runs)
    lengths = np.bincount(runs[kept], minlength=len(pieces))
    long = lengths >= 2
    kept &= long[runs]
    return Drawn(points[kept], lengths[long], rows[long], LINE)


def _drawn_polygons(parts: Shapes, rows: Rows, frame: Frame) -> Drawn:
    """Cut, simplify and round polygons, and mend those that rounding spoils."""
    pieces, rows = _cut(parts, rows, frame, POLYGON)
    pieces = _simplified(pieces, frame, keep_topology=True)
    rounded, kept = _rounded_polygons(pieces)
    if not len(kept):
        return Drawn(np.empty((0, 2), dtype=np.int64), kept, kept, POLYGON)
    features, which = np.unique(rows[kept], return_inverse=True)
    whole = shapely.multipolygons(rounded, indices=which)
    spoilt = features[~shapely.is_valid(whole)]
    # a polygon that rounding took away altogether stays away
    mend = np.isin(rows, spoilt) & np.isin(rows, features)
    if mend.any():
        sound = ~np.isin(rows[kept], spoilt)
        mended, mended_rows = _mended(pieces[mend], rows[mend])
        rounded = np.concatenate([rounded[sound], mended])
        rows = np.concatenate([rows[kept][sound], mended_rows])
        order = np.argsort(rows, kind="stable")
        rounded, rows = rounded[order], rows[order]
    else:
        rows = rows[kept]
    return _wound(rounded, rows)


def _cut(parts: Shapes, rows: Rows, frame: Frame, kind: int) -> tuple[Shapes, Rows]:
    """Return what lies in the tile's box, in pieces of the same kind."""
    if kind == POLYGON:
        broken = ~shapely.is_valid(parts)
        parts[broken] = shapely.make_valid(parts[broken])
    least, _, most, _ = box = frame.box()
    edges = shapely.bounds(parts)
    crossing = ((edges[:, :2] < least) | (edges[:, 2:] > most)).any(axis=1)
    parts[crossing] = _clipped(parts[crossing], box)
    while (shapely.get_type_id(parts) >= _COLLECTIONS).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        rows = rows[index]
    right = _KINDS[shapely.get_type_id(parts)] == kind
    right &= ~shapely.is_empty(parts)
    return parts[right], rows[right]


def _clipped(shapes: Shapes, box: tuple[float, float, float, float]) -> Shapes:
    try:
        cut: Shapes = shapely.clip_by_rect(shapes, *box)
    except shapely.errors.GEOSException:
        # the quick way gives up on a few shapes; the thorough one does not
        cut = shapely.intersection(shapely.make_valid(shapes), shapely.box(*box))
    return cut


def _simplified(pieces: Shapes, frame: Frame, *, keep_topology: bool) -> Shapes:
    """Leave out points that nobody could see, where there are many."""
    many = shapely.get_num_coordinates(pieces) > _MANY_POINTS
    if many.any():
        pieces[many] = shapely.simplify(
            pieces[many], frame.tolerance, preserve_topology=keep_topology
        )
    return pieces


def _rounded(points: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint(points).astype(np.int64)


def _differs_from_last(points: NDArray[np.int64], runs: Rows) -> NDArray[np.bool_]:
    """Whether each point begins a run or lies elsewhere than the one before."""
    differs = np.ones(len(points), dtype=bool)
    differs[1:] = (points[1:] != points[:-1]).any(axis=1) | (runs[1:] != runs[:-1])
    return differs


def _rounded_polygons(pieces: Shapes) -> tuple[Shapes, Rows]:
    """Return polygons on whole numbers, and which of the pieces they are; some vanish."""
    rings, owners = shapely.get_rings(pieces, return_index=True)
    points, runs = shapely.get_coordinates(rings, return_index=True)
    points = _rounded(points)
    kept = _differs_from_last(points, runs)
    lengths = np.bincount(runs[kept], minlength=len(rings))
    is_shell = np.ones(len(rings), dtype=bool)
    is_shell[1:] = owners[1:] != owners[:-1]
    # three corners and the first again; a ring without area is no ring
    stays = lengths >= 4
    stays[stays] = _doubled_areas(points[kept & stays[runs]], lengths[stays]) != 0
    stays &= stays[is_shell][np.cumsum(is_shell) - 1]
    kept &= stays[runs]
    if not kept.any():
        return pieces[:0], np.empty(0, dtype=np.int64)
    numbers = np.cumsum(stays) - 1
    rings = shapely.linearrings(points[kept].astype(float), indices=numbers[runs[kept]])
    owning, which = np.unique(owners[stays], return_inverse=True)
    return shapely.polygons(rings, indices=which), owning


def _mended(pieces: Shapes, rows: Rows) -> tuple[Shapes, Rows]:
    """Return valid polygons on whole numbers, rounded by GEOS's snapping (slow, and sound)."""
    features, which = np.unique(rows, return_inverse=True)
    whole = shapely.multipolygons(pieces, indices=which)
    snapped = shapely.set_precision(shapely.make_valid(whole), 1.0)
    parts, index = shapely.get_parts(snapped, return_index=True)
    deeper, within = shapely.get_parts(parts, return_index=True)
    index = index[within]
    areal = (shapely.get_type_id(deeper) == 3) & ~shapely.is_empty(deeper)
    return deeper[areal], features[index[areal]]


def _wound(polygons: Shapes, rows: Rows) -> Drawn:
    """Return rings without their closing point, shells clockwise on the screen, holes against."""
    rings, owners = shapely.get_rings(polygons, return_index=True)
    points, runs = shapely.get_coordinates(rings, return_index=True)
    points = _rounded(points)
    closed = np.bincount(runs, minlength=len(rings))
    is_shell = np.ones(len(rings), dtype=bool)
    is_shell[1:] = owners[1:] != owners[:-1]
    # y grows southwards, so that an area above 0 means clockwise as seen
    backwards = (_doubled_areas(points, closed) > 0) != is_shell
    lengths = closed - 1
    starts = np.cumsum(closed) - closed
    steps = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    turned = np.where(np.repeat(backwards, lengths), np.repeat(lengths, lengths) - steps, steps)
    return Drawn(points[np.repeat(starts, lengths) + turned], lengths, rows[owners], POLYGON)


def _doubled_areas(points: NDArray[np.int64], lengths: Rows) -> NDArray[np.int64]:
    """Return twice the signed area of closed rings that follow each other."""
    if not len(lengths):
        return np.empty(0, dtype=np.int64)
    x, y = points.T
    cross = np.zeros(len(points), dtype=np.int64)
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    ends = np.cumsum(lengths)
    cross[ends - 1] = 0  # from one ring's end to the next one's start
    areas: NDArray[np.int64] = np.add.reduceat(cross, ends - lengths)
    return areas
