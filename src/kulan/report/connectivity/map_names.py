"""Names on a map: each where it meets no other, and off the lines where there is room."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from matplotlib.axes import Axes
from numpy.typing import NDArray

from kulan.report.connectivity.lettering import INK, line_height_in, width_in, write
from kulan.report.connectivity.views import View

Places = NDArray[np.float64]
_BESIDE_PT, _ACROSS_PT = 8.0, 9.0
_PALE = "#3d464d"
_REACH_IN = 0.08
_SAMPLES_IN = 0.06


@dataclass(frozen=True)
class Label:
    """A name to write at a place of the plane."""

    x: float
    y: float
    text: str


@dataclass
class MapNames:
    """What is taken on a map, in inches from its lower left corner.

    Attributes
    ----------
    view
        The window of the map.
    boxes
        West, south, east and north edges of what no name may cover, shape (n, 4).
    lines
        Points along lines, which names keep off where they can, shape (n, 2).
    """

    view: View
    boxes: Places = field(default_factory=lambda: np.zeros((0, 4)))
    lines: Places = field(default_factory=lambda: np.zeros((0, 2)))

    def keep_off_points(self, xy: Places, size: float) -> None:
        """Let no name cover markers of a `size`, points, at `xy`, shape (n, 2) in the plane."""
        middle, half = self._on_paper(xy), size / 72 / 2
        self.boxes = np.vstack([self.boxes, np.hstack([middle - half, middle + half])])

    def keep_off_lines(self, lines: NDArray[np.object_]) -> None:
        """Let names keep off `lines` of the plane where there is room elsewhere."""
        fine = shapely.segmentize(lines, _SAMPLES_IN / self.view.inches_per_unit)
        self.lines = np.vstack([self.lines, self._on_paper(shapely.get_coordinates(fine))])

    def write_beside(self, axes: Axes, label: Label) -> None:
        """Write a name right, left, above or below its place, or nowhere."""
        wide, high = self._size(label.text, _BESIDE_PT, bold=True)
        x, y = self._on_paper(np.array([[label.x, label.y]]))[0]
        lift = _REACH_IN + high / 2
        places = [(x + _REACH_IN, y), (x - _REACH_IN - wide - 0.03, y)]
        places += [(x - wide / 2, y + lift), (x - wide / 2, y - lift)]
        self._write(axes, label.text, places, _BESIDE_PT, bold=True)

    def write_across(self, axes: Axes, label: Label) -> None:
        """Write a name in the middle of its area, or a little above or below, or nowhere."""
        wide, high = self._size(label.text, _ACROSS_PT, bold=False)
        x, y = self._on_paper(np.array([[label.x, label.y]]))[0]
        places = [(x - wide / 2, y + lift * high) for lift in (0, 1, -1, 2, -2)]
        self._write(axes, label.text, places, _ACROSS_PT, bold=False)

    def _write(
        self, axes: Axes, text: str, places: list[tuple[float, float]], size: float, *, bold: bool
    ) -> None:
        wide, high = self._size(text, size, bold=bold)
        boxes = [
            (left - 0.03, middle - high / 2, left + wide + 0.05, middle + high / 2)
            for left, middle in places
        ]
        free = [k for k, box in enumerate(boxes) if self._is_free(box)]
        if not free:
            return
        best = min(free, key=lambda k: (self._covers_line(boxes[k]), k))
        self.boxes = np.vstack([self.boxes, boxes[best]])
        left, middle = places[best]
        view = self.view
        x = view.west + left / view.inches_per_unit
        y = view.south + middle * (view.north - view.south) / view.height_in
        colour = INK if bold else _PALE
        style = {"va": "center", "zorder": 9, "color": colour}
        write(axes, x, y, text, size=size, bold=bold, halo=True, **style)

    def _is_free(self, box: tuple[float, float, float, float]) -> bool:
        west, south, east, north = box
        if west <= 0 or south <= 0 or east >= self.view.width_in or north >= self.view.height_in:
            return False
        b = self.boxes
        meets = (b[:, 0] < east) & (west < b[:, 2]) & (b[:, 1] < north) & (south < b[:, 3])
        return not meets.any()

    def _covers_line(self, box: tuple[float, float, float, float]) -> bool:
        west, south, east, north = box
        x, y = self.lines[:, 0], self.lines[:, 1]
        return bool(((west < x) & (x < east) & (south < y) & (y < north)).any())

    def _size(self, text: str, size: float, *, bold: bool) -> tuple[float, float]:
        return width_in(text, size, bold=bold), 1.08 * line_height_in(size)

    def _on_paper(self, xy: Places) -> Places:
        view = self.view
        tall = view.height_in / (view.north - view.south)
        x = (xy[:, 0] - view.west) * view.inches_per_unit
        return np.column_stack([x, (xy[:, 1] - view.south) * tall])
