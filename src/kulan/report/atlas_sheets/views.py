"""The piece of the Earth a sheet shows: its projection, and shapes laid on its paper."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import shapely.errors
from numpy.typing import NDArray

from kulan.errors import InvalidGeometryError
from kulan.places import WGS84, Bounds, edge_lengths_m, project
from kulan.report.cartography import Frame, Lookup

_WORLD_WIDE_DEG, _WORLD_HIGH_DEG = 150.0, 100.0
_LEAST_M = 200.0
_LAST_DEG = 179.999
_ROUND_EDGE_PX = 30
_OVERHANG_PX = 30.0
_UNSEEN_PX = 0.15
_METRES_PER_DEGREE = 111_320.0
_COARSE_PX = 6
_BEYOND = 1e6
"""Longitude and latitude of a pixel that lies beyond the Earth."""


@dataclass(frozen=True)
class View:
    """A rectangle of paper, and where on Earth it lies.

    Attributes
    ----------
    frame
        The paper, pixels of 1/96 inch.
    middle
        Longitude and latitude of its projection's centre.
    is_world
        Whether it is drawn in Equal Earth; else in Lambert's azimuthal equal-area projection.
    bounds
        Box around the paper; it may reach beyond 180 degrees.
    """

    frame: Frame
    middle: tuple[float, float]
    is_world: bool
    bounds: Bounds

    @property
    def box(self) -> shapely.Polygon:
        """The paper, pixels."""
        return shapely.box(0, 0, self.frame.width, self.frame.height)

    def earth(self) -> shapely.Polygon:
        """Return the part of the paper that the Earth covers."""
        if not self.is_world:
            return self.box
        lon_0 = self.middle[0]
        edge = shapely.segmentize(shapely.box(lon_0 - _LAST_DEG, -90, lon_0 + _LAST_DEG, 90), 1.0)
        return shapely.intersection(self.frame.to_paper(edge), self.box)

    def placed(self, geometries: Any) -> NDArray[np.object_]:
        """Move geometries from longitude and latitude onto the paper, and cut them to it.

        What lies a turn of the Earth away comes along; each geometry keeps its place in the array,
        those out of view are empty.

        Parameters
        ----------
        geometries
            Array of geometries, EPSG:4326.
        """
        shapes = np.asarray(geometries, dtype=object)
        if not shapes.size:
            return shapes
        # detail finer than a part of a pixel is left out before anything else is done with it
        fine = self.frame.scale_m * _UNSEEN_PX / _METRES_PER_DEGREE
        shapes = shapely.simplify(shapes, fine, preserve_topology=False)
        turns = [self._turned(shapes, turn) for turn in self._turns()]
        found = turns[0] if len(turns) == 1 else _joined(turns)
        return np.asarray(found, dtype=object)

    def _turns(self) -> list[float]:
        turns = [0.0]
        if self.bounds.west < -180:
            turns.append(-360.0)
        if self.bounds.east > 180:
            turns.append(360.0)
        return turns

    def _turned(self, shapes: NDArray[np.object_], turn: float) -> Any:
        box = self.bounds
        edges = (box.west - turn, box.south, box.east - turn, box.north)
        try:
            cut = shapely.clip_by_rect(shapes, *edges)
        except shapely.errors.GEOSException:
            # an outline that crosses itself: mended, which takes long, only where it must be
            cut = shapely.clip_by_rect(shapely.make_valid(shapes, method="structure"), *edges)
        if turn:
            cut = shapely.transform(cut, lambda xy: xy + np.array([turn, 0.0]))
        # what is straight in degrees is bent on paper
        longest = max(box.east - box.west, box.north - box.south) / _ROUND_EDGE_PX
        on_paper = self.frame.to_paper(shapely.segmentize(_whole(cut), longest))
        edge = _OVERHANG_PX
        wide, high = self.frame.width + edge, self.frame.height + edge
        return _whole(shapely.clip_by_rect(on_paper, -edge, -edge, wide, high))

    def metres_per_pixel(self) -> float:
        """Return how many metres a pixel covers, along the paper, at its centre; geodesic."""
        x, y = self.frame.width / 2, self.frame.height / 2
        reach = self.frame.width / 40
        ends = self.frame.to_earth(np.array([[x - reach, y], [x + reach, y]]))
        return float(edge_lengths_m(ends[:1], ends[1:])[0]) / (2 * reach)

    def centre(self) -> tuple[float, float]:
        """Return longitude and latitude of the paper's centre."""
        xy = self.frame.to_earth(np.array([[self.frame.width / 2, self.frame.height / 2]]))
        return float(xy[0, 0]), float(xy[0, 1])

    def convergence_deg(self) -> float:
        """Return by how much north leans from the paper's upright, at most, degrees."""
        wide, high = self.frame.width, self.frame.height
        corners = np.array([(0.0, 0.0), (wide, 0.0), (wide, high), (0.0, high)])
        earth = self.frame.to_earth(corners)
        step = min(0.01, 89.9 - float(np.abs(earth[:, 1]).max()))
        if not np.isfinite(earth).all() or step <= 0:
            return 180.0
        north = self.frame.to_paper(shapely.multipoints(earth + np.array([0.0, step])))
        lean = shapely.get_coordinates(north) - corners
        return float(np.degrees(np.abs(np.arctan2(lean[:, 0], -lean[:, 1]))).max())

    def pixels(self, dots_per_inch: int) -> Lookup:
        """Return where on Earth each dot lies; found on a coarse net and filled in between.

        The net's step is so small that the error is far below a dot.

        Parameters
        ----------
        dots_per_inch
            Of the image to be; a pixel of the paper is 1/96 inch.
        """
        columns = math.ceil(self.frame.width * dots_per_inch / 96)
        rows = math.ceil(self.frame.height * dots_per_inch / 96)
        coarse_x = np.linspace(0, self.frame.width, math.ceil(self.frame.width / _COARSE_PX) + 1)
        coarse_y = np.linspace(0, self.frame.height, math.ceil(self.frame.height / _COARSE_PX) + 1)
        net = np.stack(np.meshgrid(coarse_x, coarse_y), axis=-1).reshape(-1, 2)
        earth = self.frame.to_earth(net)
        beyond = ~np.isfinite(earth).all(axis=1)
        if self.is_world:
            beyond |= ~shapely.contains_xy(self.earth(), net[:, 0], net[:, 1])
        lon_0 = self.middle[0]
        longitude = (earth[:, 0] - lon_0 + 180) % 360 - 180 + lon_0
        longitude[beyond], latitude = _BEYOND, np.where(beyond, _BEYOND, earth[:, 1])
        shape = (len(coarse_y), len(coarse_x))
        x = (np.arange(columns) + 0.5) * self.frame.width / columns
        y = (np.arange(rows) + 0.5) * self.frame.height / rows
        return Lookup(
            _between(longitude.reshape(shape), coarse_x, coarse_y, x, y),
            _between(latitude.reshape(shape), coarse_x, coarse_y, x, y),
        )


def make_view(bounds: tuple[float, float, float, float], width: float, height: float) -> View:
    """Return the view that shows all of a box on a piece of paper.

    The projection is equal-area and centred on the box: Lambert's azimuthal one, or Equal Earth for
    views of more than half the world.

    Parameters
    ----------
    bounds
        West, south, east, north, degrees.
    width, height
        Of the paper, pixels.

    Raises
    ------
    InvalidGeometryError
        If the box is empty or no box.

    Examples
    --------
    >>> view = make_view((60.0, 45.0, 61.0, 46.0), 800, 600)
    >>> view.middle, view.is_world, round(view.metres_per_pixel())
    ((60.5, 45.5), False, 185)
    """
    box = _checked(bounds)
    middle = ((box.west + box.east) / 2, (box.south + box.north) / 2)
    is_world = box.east - box.west > _WORLD_WIDE_DEG or box.north - box.south > _WORLD_HIGH_DEG
    form = "+proj=eqearth" if is_world else f"+proj=laea +lat_0={middle[1]:.5f}"
    crs = f"{form} +lon_0={middle[0]:.5f} +datum=WGS84 +units=m"
    inside = shapely.box(
        max(box.west, middle[0] - _LAST_DEG),
        box.south,
        min(box.east, middle[0] + _LAST_DEG),
        box.north,
    )
    edge = shapely.segmentize(inside, max(box.east - box.west, box.north - box.south) / 60)
    left, bottom, right, top = project(edge, WGS84, crs).bounds
    scale = max((right - left) / width, (top - bottom) / height, _LEAST_M / width)
    frame = Frame(
        crs,
        (left + right) / 2 - scale * width / 2,
        (bottom + top) / 2 + scale * height / 2,
        scale,
        width,
        height,
    )
    return View(frame, middle, is_world, _around(frame, middle[0], is_world))


def _checked(bounds: tuple[float, float, float, float]) -> Bounds:
    west, south, east, north = bounds
    if not all(math.isfinite(value) for value in bounds):
        raise InvalidGeometryError(
            f"bounds {bounds}: west, south, east and north in degrees, please."
        )
    if west > east and west <= 180 and east >= -180:
        east += 360
    if not (-90 <= south < north <= 90 and west < east <= west + 360):
        raise InvalidGeometryError(
            f"bounds {bounds}: nothing lies in this box. West must lie west of east, south between "
            "-90 and north, north at 90 at most, degrees."
        )
    return Bounds(west, south, east, north)


def _around(frame: Frame, lon_0: float, is_world: bool) -> Bounds:
    """Return the box around a piece of paper, a little too large."""
    whole = Bounds(lon_0 - _LAST_DEG, -90, lon_0 + _LAST_DEG, 90)
    if is_world:
        return whole
    steps = np.linspace(-0.02, 1.02, 33)
    x, y = np.meshgrid(steps * frame.width, steps * frame.height)
    earth = frame.to_earth(np.column_stack([x.ravel(), y.ravel()]))
    earth = earth[np.isfinite(earth).all(axis=1)]
    longitude = (earth[:, 0] - lon_0 + 180) % 360 - 180
    pole = frame.to_paper(shapely.multipoints([(lon_0, 89.999), (lon_0, -89.999)]))
    paper = shapely.box(0, 0, frame.width, frame.height)
    if any(paper.contains(point) for point in pole.geoms) or np.ptp(longitude) > 300:
        return whole
    reach = float(np.ptp(earth[:, 1])) * 0.03
    return Bounds(
        max(lon_0 + float(longitude.min()) - reach, lon_0 - _LAST_DEG),
        max(float(earth[:, 1].min()) - reach, -90.0),
        min(lon_0 + float(longitude.max()) + reach, lon_0 + _LAST_DEG),
        min(float(earth[:, 1].max()) + reach, 90.0),
    )


def _whole(shapes: Any) -> Any:
    """Drop lines without a length, which cutting leaves where a line only touches the edge."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    broken = (shapely.get_dimensions(parts) > 0) & (shapely.length(parts) == 0)
    if not broken.any():
        return shapes
    mended = np.asarray(shapes, dtype=object).copy()
    for place in np.unique(owner[broken]).tolist():
        kept = parts[(owner == place) & ~broken]
        mended[place] = kept[0] if len(kept) == 1 else shapely.geometrycollections(kept)
    return mended


def _joined(turns: list[Any]) -> list[Any]:
    """Put together what each turn of the Earth shows of the same geometries."""
    joined = []
    for pieces in zip(*turns, strict=True):
        full = [piece for piece in pieces if not piece.is_empty]
        parts = [part for piece in full for part in shapely.get_parts(piece)]
        if len(full) < 2:
            joined.append(full[0] if full else pieces[0])
        elif all(part.geom_type == "Polygon" for part in parts):
            joined.append(shapely.multipolygons(parts))
        else:
            joined.append(shapely.geometrycollections(parts))
    return joined


def _between(
    values: NDArray[np.float64],
    coarse_x: NDArray[np.float64],
    coarse_y: NDArray[np.float64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return values of a net at points between its own, straight along rows, then columns."""

    def weights(net: NDArray[np.float64], at: NDArray[np.float64]) -> tuple[Any, Any]:
        place = np.clip(np.searchsorted(net, at) - 1, 0, len(net) - 2)
        return place, (at - net[place]) / (net[place + 1] - net[place])

    column, part_x = weights(coarse_x, x)
    row, part_y = weights(coarse_y, y)
    along = values[:, column] * (1 - part_x) + values[:, column + 1] * part_x
    found = along[row] * (1 - part_y[:, None]) + along[row + 1] * part_y[:, None]
    # what touches the edge of the Earth is beyond it
    edge = along[row] > _BEYOND / 1000
    edge |= along[row + 1] > _BEYOND / 1000
    found[edge] = _BEYOND
    return np.asarray(found, dtype=np.float64)
