"""The drawing board: a projected frame, paths, rasters and labels that do not overlap, as SVG."""

import base64
import struct
import zlib
from dataclasses import dataclass, field
from html import escape as escape_markup
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from kulan.grids import Grid
from kulan.places import WGS84, Bounds, project
from kulan.report.document import printable

_SIMPLER_THAN_PX = 0.35
_NARROW = frozenset("iIjlt.,:;'|!()[] fr-")
_WIDE = frozenset("mMwWШЩЖЮФЫшщжюфмw@%")
_RASTER_PX = 2
"""Pixels of the map that one pixel of a raster drawn on it covers."""


@dataclass(frozen=True)
class Frame:
    """A rectangle of paper and the piece of the Earth on it.

    Attributes
    ----------
    crs
        Projection, as PROJ reads it; metres.
    left, top
        Corner in the projection, m.
    scale_m
        Metres to a pixel.
    width, height
        Pixels.
    """

    crs: str
    left: float
    top: float
    scale_m: float
    width: float
    height: float

    def to_paper(self, geometry: Any) -> Any:
        """Move geometries from longitude and latitude onto the paper, pixels."""
        return self.from_projected(project(geometry, WGS84, self.crs))

    def from_projected(self, geometry: Any) -> Any:
        """Move geometries from the projection onto the paper."""

        def moved(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(
                [(xy[:, 0] - self.left) / self.scale_m, (self.top - xy[:, 1]) / self.scale_m]
            )

        return shapely.transform(geometry, moved)

    def to_earth(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Move points (n, 2) from the paper to longitude and latitude."""
        flat = np.column_stack(
            [self.left + xy[:, 0] * self.scale_m, self.top - xy[:, 1] * self.scale_m]
        )
        moved = project(shapely.multipoints(flat), self.crs, WGS84)
        return np.asarray(shapely.get_coordinates(moved))

    def bounds(self) -> Bounds:
        """Return the box of longitudes and latitudes that holds the paper."""
        steps = np.linspace(0, 1, 15)
        edge = np.concatenate(
            [
                np.column_stack([steps * self.width, np.zeros(15)]),
                np.column_stack([steps * self.width, np.full(15, self.height)]),
                np.column_stack([np.zeros(15), steps * self.height]),
                np.column_stack([np.full(15, self.width), steps * self.height]),
            ]
        )
        xy = self.to_earth(edge)
        west, south = xy.min(axis=0)
        east, north = xy.max(axis=0)
        return Bounds(float(west), float(south), float(east), float(north))


def make_frame(bounds: Bounds, width: float, tallest: float) -> Frame:
    """Return the largest frame inside a box of longitudes and latitudes, in its own projection.

    The projection is equal-area and centred on the box, so that north is up in the middle. The
    frame lies wholly inside the box, where there is something to draw. A box much taller than wide
    makes a frame narrower than asked.

    Parameters
    ----------
    bounds
        The box that may be drawn.
    width
        Pixels, at most.
    tallest
        Pixels of height, at most.
    """
    middle = ((bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2)
    crs = f"+proj=laea +lat_0={middle[1]:.3f} +lon_0={middle[0]:.3f} +datum=WGS84 +units=m"
    steps = np.linspace(0, 1, 21)
    longitudes = bounds.west + steps * (bounds.east - bounds.west)
    latitudes = bounds.south + steps * (bounds.north - bounds.south)
    top, bottom, right, left = (
        shapely.get_coordinates(project(shapely.linestrings(xy), WGS84, crs))
        for xy in (
            np.column_stack([longitudes, np.full(21, bounds.north)]),
            np.column_stack([longitudes, np.full(21, bounds.south)]),
            np.column_stack([np.full(21, bounds.east), latitudes]),
            np.column_stack([np.full(21, bounds.west), latitudes]),
        )
    )
    high_m = min(top[:, 1].min(), -bottom[:, 1].max()) * 2
    wide_m = min(right[:, 0].min(), -left[:, 0].max()) * 2
    scale = max(wide_m / width, high_m / tallest)
    return Frame(
        crs, -wide_m / 2, high_m / 2, scale, round(wide_m / scale, 1), round(high_m / scale, 1)
    )


def cut(geometries: Any, bounds: Bounds) -> Any:
    """Clip geometries to a box of longitudes and latitudes."""
    return shapely.clip_by_rect(
        np.asarray(geometries, dtype=object), bounds.west, bounds.south, bounds.east, bounds.north
    )


def path_of(geometry: BaseGeometry, simpler_than_px: float = _SIMPLER_THAN_PX) -> str:
    """Return a geometry on paper as the `d` of an SVG path; points are left out."""
    simple = shapely.simplify(geometry, simpler_than_px, preserve_topology=False)
    pieces = []
    for part in shapely.get_parts(simple):
        rings = shapely.get_rings(part) if shapely.get_dimensions(part) == 2 else [part]
        close = "Z" if shapely.get_dimensions(part) == 2 else ""
        for ring in rings:
            xy = shapely.get_coordinates(ring).round(1)
            if len(xy) > 1:
                pieces.append("M" + "L".join(f"{x:g},{y:g}" for x, y in xy.tolist()) + close)
    return "".join(pieces)


def escape(text: str) -> str:
    """Return a text as XML holds it."""
    return escape_markup(printable(text))


def attributes(**values: object) -> str:
    """Write SVG attributes; ``stroke_width`` becomes ``stroke-width``, None is left out."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in values.items()
        if value is not None
    )


def path(geometry: BaseGeometry, **style: object) -> str:
    """Return a geometry on paper as an SVG path, or nothing when it has no extent."""
    d = path_of(geometry)
    return f'<path d="{d}"{attributes(**style)}/>' if d else ""


def layer(title: str, content: str) -> str:
    """Return a group the reader can show and hide."""
    return f'<g data-layer="{escape(title)}">{content}</g>' if content else ""


def text_width(text: str, size: float) -> float:
    """Estimate a text's width in pixels, a little generously."""
    widths = (
        0.34 if c in _NARROW else 0.86 if c in _WIDE else 0.68 if c.isupper() else 0.58
        for c in text
    )
    return size * sum(widths)


@dataclass
class Labels:
    """Places names one after the other where they cover nothing placed before."""

    width: float
    height: float
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def keep_free(self, left: float, top: float, right: float, bottom: float) -> None:
        """Let no later label cover a rectangle."""
        self.taken.append((left, top, right, bottom))

    def put(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: float,
        gap: float = 5,
        centred: bool = False,
        **style: object,
    ) -> str:
        """Return a label near a point, or nothing when there is no room for it."""
        wide, high = text_width(text, size), size * 1.2
        right, left = x + gap, x - gap - wide
        middle = x - wide / 2
        if centred:
            spots = [(middle, y - high / 2)]
        else:
            spots = [
                (right, y - high / 2),
                (left, y - high / 2),
                (middle, y - gap - high),
                (middle, y + gap),
                (right, y - gap - high),
                (right, y + gap),
                (left, y - gap - high),
                (left, y + gap),
            ]
        for spot_x, spot_y in spots:
            box = (spot_x - 1, spot_y, spot_x + wide + 1, spot_y + high)
            if self._is_free(box):
                self.taken.append(box)
                return halo_text(text, spot_x, spot_y + size, size=size, **style)
        return ""

    def _is_free(self, box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = box
        if left < 2 or top < 2 or right > self.width - 2 or bottom > self.height - 2:
            return False
        return not any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for other in self.taken
        )


def halo_text(text: str, x: float, y: float, *, size: float, **style: object) -> str:
    """Return a text with a pale edge, so that it is read over lines."""
    place = attributes(x=f"{x:.1f}", y=f"{y:.1f}", font_size=f"{size:g}")
    edge = attributes(stroke="#ffffff", stroke_width=3, stroke_linejoin="round", fill="#ffffff")
    shape = {name: value for name, value in style.items() if name != "fill"}
    words = escape(text)
    return (
        f'<text{place}{edge}{attributes(**shape)} aria-hidden="true">{words}</text>'
        f"<text{place}{attributes(**style)}>{words}</text>"
    )


def raster(
    frame: Frame, grid: Grid, colours: dict[int, tuple[int, int, int]], cells: "Lookup"
) -> str:
    """Return a grid's cells as an image on the paper; values without a colour stay clear."""
    values = cells.values_of(grid)
    palette = [(0, 0, 0), *colours.values()]
    indices = np.zeros(256, dtype=np.uint8)
    for number, value in enumerate(colours, start=1):
        indices[value] = number
    drawn = indices[values]
    if not drawn.any():
        return ""
    data = base64.b64encode(png(drawn, palette)).decode()
    place = attributes(x=0, y=0, width=f"{frame.width:g}", height=f"{frame.height:g}")
    return (
        f'<image{place} preserveAspectRatio="none" image-rendering="pixelated" '
        f'href="data:image/png;base64,{data}"/>'
    )


@dataclass(frozen=True)
class Lookup:
    """Longitude and latitude of every pixel of a raster on a frame."""

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]

    def values_of(self, grid: Grid) -> NDArray[np.uint8]:
        """Return the grid's value under each pixel; 0 outside the grid."""
        rows, columns = grid.values.shape
        row = np.floor((grid.north - self.latitude) / grid.cell_y_deg).astype(int)
        column = np.floor((self.longitude - grid.west) / grid.cell_x_deg).astype(int)
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        found = np.zeros(row.shape, dtype=np.uint8)
        found[inside] = grid.values[row[inside], column[inside]]
        return found


def lookup(frame: Frame) -> Lookup:
    """Return where on Earth each pixel of a raster on the frame lies."""
    columns, rows = int(frame.width // _RASTER_PX), int(frame.height // _RASTER_PX)
    x = (np.arange(columns) + 0.5) * frame.width / columns
    y = (np.arange(rows) + 0.5) * frame.height / rows
    xy = np.column_stack([np.tile(x, rows), np.repeat(y, columns)])
    earth = frame.to_earth(xy)
    shape = (rows, columns)
    return Lookup(earth[:, 0].reshape(shape), earth[:, 1].reshape(shape))


def png(indices: NDArray[np.uint8], palette: list[tuple[int, int, int]]) -> bytes:
    """Write an image of palette colours as PNG; colour 0 is clear.

    Parameters
    ----------
    indices
        Rows of colour numbers.
    palette
        Red, green and blue of each colour number.
    """
    rows, columns = indices.shape
    lines = np.zeros((rows, columns + 1), dtype=np.uint8)
    lines[:, 1:] = indices
    colours = b"".join(bytes(colour) for colour in palette)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [
            _chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", colours),
            _chunk(b"tRNS", b"\x00"),
            _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)
