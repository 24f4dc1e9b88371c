"""The net of degrees, the scale bar and north: what a reader measures a sheet by."""

import math

import numpy as np
import shapely

from kulan.atlas.styles import style_of
from kulan.places import WGS84, project
from kulan.report.atlas_sheets.views import View
from kulan.report.cartography import Labels, attributes, escape, halo_text, path, text_width
from kulan.report.reader import Reader

LEFT_PX, BELOW_PX = 62.0, 18.0
"""Room beside and beneath the map for degrees."""
_STEPS = (
    30.0, 20.0, 10.0, 5.0, 2.0, 1.0, 1 / 2, 1 / 3, 1 / 6, 1 / 12, 1 / 30, 1 / 60,
    1 / 120, 1 / 180, 1 / 360, 1 / 720, 1 / 1800, 1 / 3600,
)  # fmt: skip
_FEWEST_LINES = 4
_SIZE_PX = 10.0
_POINTS = 120
_LONGEST_BAR = 0.24
_NORTH_HOLDS_DEG = 90.0


def coordinate(value: float, step: float, reader: Reader, *, is_longitude: bool) -> str:
    """Write a degree as maps do: degrees, and the minutes and seconds its step needs.

    Parameters
    ----------
    value
        Degrees.
    step
        Distance to the next one; it says whether minutes and seconds are written.
    reader
        The reader's language.
    is_longitude
        Else a latitude.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> reader = Reader(words_in("en"))
    >>> coordinate(-70.5, 0.5, reader, is_longitude=True)
    '70°30′ W'
    >>> coordinate(45.0, 5.0, reader, is_longitude=False)
    '45° N'
    """
    if is_longitude:
        value = (value + 180) % 360 - 180
    seconds = round(abs(value) * 3600)
    degrees, rest = divmod(seconds, 3600)
    text = f"{degrees}°"
    if step < 1:
        text += f"{rest // 60:02d}′"
    if step < 1 / 60:
        text += f"{rest % 60:02d}″"
    if seconds == 0 or (is_longitude and seconds == 180 * 3600):
        return text
    if is_longitude:
        if value > 0:
            return reader.say("{degrees} E", degrees=text)
        return reader.say("{degrees} W", degrees=text)
    if value > 0:
        return reader.say("{degrees} N", degrees=text)
    return reader.say("{degrees} S", degrees=text)


def graticule(view: View, reader: Reader) -> tuple[str, str]:
    """Draw meridians and parallels.

    Parameters
    ----------
    view
        The paper.
    reader
        For the letters of the compass.

    Returns
    -------
    tuple of str
        The lines, and their degrees, which stand left of the map and beneath it.
    """
    style = style_of("base", "graticule")
    box = view.bounds
    lines, words = [], []
    for is_longitude, first, last, low, high in (
        (True, box.west, box.east, box.south, box.north),
        (False, box.south, box.north, box.west, box.east),
    ):
        step = _step(min(last - first, 360.0 if is_longitude else 180.0))
        taken: list[tuple[float, float]] = []
        for number in range(math.ceil(first / step), math.floor(last / step) + 1):
            line = _line(view, number * step, low, high, is_longitude=is_longitude)
            if line.is_empty:
                continue
            lines.append(path(line, fill="none", stroke=style.stroke, stroke_width=style.width_px))
            text = coordinate(number * step, step, reader, is_longitude=is_longitude)
            words.append(_beside(view, line, text, taken, is_longitude=is_longitude))
    return "".join(lines), "".join(words)


def _step(span: float) -> float:
    return next((step for step in _STEPS if span / step >= _FEWEST_LINES), _STEPS[-1])


def _line(
    view: View, degree: float, low: float, high: float, *, is_longitude: bool
) -> shapely.Geometry:
    along = np.linspace(low, high, _POINTS)
    fixed = np.full(_POINTS, degree)
    xy = np.column_stack([fixed, along] if is_longitude else [along, fixed])
    on_paper = view.frame.from_projected(project(shapely.LineString(xy), WGS84, view.frame.crs))
    return shapely.intersection(on_paper, view.box)


def _beside(
    view: View,
    line: shapely.Geometry,
    text: str,
    taken: list[tuple[float, float]],
    *,
    is_longitude: bool,
) -> str:
    """Write a degree where its line meets the lower or left edge, if no other stands there."""
    xy = shapely.get_coordinates(line)
    half = text_width(text, _SIZE_PX) / 2
    if is_longitude:
        x, y = xy[np.argmax(xy[:, 1])].tolist()
        meets = view.is_world or y > view.frame.height - 0.5
        middle = min(max(x, half), view.frame.width - half)
        place = attributes(x=f"{middle:.1f}", y=f"{y + 13:.1f}", text_anchor="middle")
    else:
        x, y = xy[np.argmin(xy[:, 0])].tolist()
        meets, middle, half = view.is_world or x < 0.5, y, _SIZE_PX / 2
        place = attributes(x=f"{x - 5:.1f}", y=f"{y + 3.5:.1f}", text_anchor="end")
    low, high = middle - half - 3, middle + half + 3
    if not meets or any(low < other[1] and other[0] < high for other in taken):
        return ""
    taken.append((low, high))
    return f'<text{place} font-size="{_SIZE_PX:g}" fill="#1b1f23">{escape(text)}</text>'


def bar_length_m(view: View) -> float:
    """Return the round length a scale bar of this view stands for, metres."""
    longest = view.frame.width * _LONGEST_BAR * view.metres_per_pixel()
    power: float = 10 ** math.floor(math.log10(longest))
    return max(one * power for one in (1, 2, 5) if one * power <= longest)


def scale_and_north(view: View, labels: Labels, reader: Reader) -> str:
    """Draw the scale bar, true at the middle of the map, and the arrow to the north there.

    A map of the world has no arrow: north lies along each meridian.
    """
    length_m = bar_length_m(view)
    wide = length_m / view.metres_per_pixel()
    x, y = 14.0, view.frame.height - 12
    latitude = view.centre()[1]
    at = reader.say(
        "at {latitude}", latitude=coordinate(latitude, 1 / 60, reader, is_longitude=False)
    )
    last = _length(length_m, reader)
    room = max(wide + text_width(last, 10) / 2, text_width(at, 10)) + 10
    labels.keep_free(0, y - 36, x + room + 6, view.frame.height)
    plate = attributes(
        x=x - 10,
        y=f"{y - 34:.1f}",
        width=f"{room + 14:.1f}",
        height=42,
        fill="#ffffff",
        opacity=0.82,
    )
    half = wide / 2
    bar = (
        f'<rect{plate}/><path d="M{x},{y - 6}h{half:.1f}v5h{-half:.1f}Z" fill="#1b1f23"/>'
        f'<path d="M{x},{y - 6}h{wide:.1f}v5h{-wide:.1f}Z" fill="none" stroke="#1b1f23" '
        'stroke-width="1"/>'
    )
    texts = [
        _text("0", x, y - 9, "start"),
        _text(last, x + wide, y - 9, "middle"),
        _text(at, x, y - 22, "start"),
    ]
    if wide > 110:
        half_text = _length(length_m / 2, reader)
        texts.insert(1, _text(half_text.split("\u00a0")[0], x + half, y - 9, "middle"))
    return bar + "".join(texts) + _north(view, labels, reader)


def _length(length_m: float, reader: Reader) -> str:
    if length_m >= 1000:
        return reader.quantity(length_m / 1000, "km")
    return reader.quantity(length_m, "m")


def _text(text: str, x: float, y: float, anchor: str) -> str:
    place = attributes(x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, font_size=10)
    return f'<text{place} fill="#1b1f23">{escape(text)}</text>'


def _north(view: View, labels: Labels, reader: Reader) -> str:
    if view.is_world or view.convergence_deg() > _NORTH_HOLDS_DEG:
        return ""
    x = view.frame.width - 22
    labels.keep_free(x - 16, 0, view.frame.width, 54)
    arrow = f'<path d="M{x},18l7,22l-7,-5l-7,5Z" fill="#1b1f23" stroke="#fff" stroke-width="1"/>'
    return arrow + halo_text(
        reader.say("N"), x - 4, 15, size=12, fill="#1b1f23", font_weight="bold"
    )


def told_of_north(view: View, reader: Reader) -> str:
    """Say how far north leans at the corners of the map."""
    lean = view.convergence_deg()
    if view.is_world or lean > _NORTH_HOLDS_DEG:
        return reader.say("North lies along each meridian.")
    if lean < 0.5:
        return reader.say("North is up; at the corners it leans by less than half a degree.")
    return reader.say(
        "North is up in the middle; at the corners it leans by up to {angle}: follow the "
        "meridians.",
        angle=f"{lean:.0f}°",
    )


def told_of_projection(view: View, reader: Reader) -> str:
    """Name the projection, its centre and its datum."""
    longitude = coordinate(view.middle[0], 1 / 60, reader, is_longitude=True)
    if view.is_world:
        return reader.say(
            "Equal Earth projection, equal-area, along {meridian}; WGS 84.", meridian=longitude
        )
    return reader.say(
        "Lambert's azimuthal equal-area projection around {latitude}, {longitude}; WGS 84.",
        latitude=coordinate(view.middle[1], 1 / 60, reader, is_longitude=False),
        longitude=longitude,
    )


def told_of_scale(view: View, paper: str, reader: Reader) -> str:
    """Say the scale in the middle of the map, when it is printed at its own size."""
    ratio = view.metres_per_pixel() / (0.0254 / 96)
    rounded = float(f"{ratio:.2g}")
    return reader.say(
        "About 1 : {ratio} in the middle, printed on {paper} without fitting to the page.",
        ratio=reader.words.number(rounded),
        paper=paper,
    )
