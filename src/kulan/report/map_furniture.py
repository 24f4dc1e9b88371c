"""What every map carries: degrees, a scale bar, north, and where in the region it lies."""

import json
import math
from functools import cache
from importlib.resources import files

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from kulan import programme
from kulan.places import EQUAL_AREA, REGION, WGS84, project
from kulan.report.cartography import Frame, Labels, attributes, halo_text, path
from kulan.report.reader import Reader

WATER = "#e3edf3"
_DEGREE_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10)
_INSET_PX = (168, 92)


def degrees(frame: Frame) -> str:
    """Draw the net of meridians and parallels with their degrees at the edge."""
    bounds = frame.bounds()
    span = max(bounds.east - bounds.west, bounds.north - bounds.south)
    step = next((one for one in _DEGREE_STEPS if span / one <= 7), _DEGREE_STEPS[-1])
    places = 1 if step < 1 else 0
    sheet = shapely.box(0, 0, frame.width, frame.height)
    parts = []
    for first, last, low, high, is_meridian in (
        (bounds.west, bounds.east, bounds.south, bounds.north, True),
        (bounds.south, bounds.north, bounds.west, bounds.east, False),
    ):
        for number in range(math.ceil(first / step), math.floor(last / step) + 1):
            value = number * step
            along = np.linspace(low, high, 40)
            fixed = np.full(40, value)
            xy = np.column_stack([fixed, along] if is_meridian else [along, fixed])
            line = shapely.intersection(frame.to_paper(shapely.LineString(xy)), sheet)
            if line.is_empty:
                continue
            parts.append(path(line, fill="none", stroke="#b9c2c9", stroke_width=0.6))
            parts.append(_degree_label(line, f"{abs(value):.{places}f}°", frame, is_meridian))
    return "".join(parts)


def _degree_label(line: BaseGeometry, text: str, frame: Frame, is_meridian: bool) -> str:
    xy = shapely.get_coordinates(line)
    if is_meridian:
        x, y = xy[np.argmin(xy[:, 1])]
        if y > 1 or not 40 < x < frame.width - 60:
            return ""
        return halo_text(text, x + 3, 12, size=10, fill="#5b646c")
    x, y = xy[np.argmax(xy[:, 0])]
    if x < frame.width - 1 or not 60 < y < frame.height - 20:
        return ""
    return halo_text(text, frame.width - 30, y - 3, size=10, fill="#5b646c")


def furniture(frame: Frame, labels: Labels, reader: Reader) -> str:
    """Draw the scale bar and the arrow that points north."""
    longest_km = frame.width * 0.25 * frame.scale_m / 1000
    power = 10 ** math.floor(math.log10(longest_km))
    km = max(one * power for one in (1, 2, 5) if one * power <= longest_km)
    px = km * 1000 / frame.scale_m
    x, y = 14.0, frame.height - 14
    labels.keep_free(6, y - 26, x + px + 14, frame.height)
    words = halo_text(reader.quantity(km, "km"), x, y - 8, size=11, fill="#1b1f23")
    bar = (
        f'<path d="M{x},{y - 5}v5h{px:.1f}v-5" fill="none" stroke="#ffffff" stroke-width="4"/>'
        f'<path d="M{x},{y - 5}v5h{px:.1f}v-5" fill="none" stroke="#1b1f23" stroke-width="1.6"/>'
    )
    top = frame.width - 26
    labels.keep_free(top - 14, 0, frame.width, 52)
    arrow = f'<path d="M{top},18l7,22l-7,-5l-7,5Z" fill="#1b1f23" stroke="#fff" stroke-width="1"/>'
    north = halo_text(reader.say("N"), top - 4, 15, size=12, fill="#1b1f23", font_weight="bold")
    return words + bar + arrow + north


def locator(frame: Frame, labels: Labels) -> str:
    """Draw a small map of the region with the frame on it, in a corner that is free."""
    wide, high = _INSET_PX
    small = _region_frame()
    x, y = 8.0, _free_corner(frame, labels, wide, high)
    labels.keep_free(0, y - 8, wide + 16, y + high + 8)
    land = "".join(
        path(
            small.to_paper(outline),
            fill="#b9bfb2" if in_initiative else "#dfe2da",
            stroke="#ffffff",
            stroke_width=0.5,
        )
        for outline, in_initiative in _region()
    )
    xy = np.array([(0, 0), (frame.width, 0), (frame.width, frame.height), (0, frame.height)])
    west, south, east, north = small.to_paper(shapely.Polygon(frame.to_earth(xy))).bounds
    grow = max(0.0, 6 - (east - west)) / 2
    box = attributes(
        x=f"{west - grow:.1f}",
        y=f"{south - grow:.1f}",
        width=f"{east - west + 2 * grow:.1f}",
        height=f"{north - south + 2 * grow:.1f}",
        fill="none",
        stroke="#d55e00",
        stroke_width=1.8,
    )
    paper = attributes(width=wide, height=high)
    return (
        f'<g transform="translate({x:g},{y:g})" aria-hidden="true">'
        f'<clipPath id="inset"><rect{paper}/></clipPath><rect{paper} fill="{WATER}"/>'
        f'<g clip-path="url(#inset)">{land}<rect{box}/></g>'
        f'<rect{paper} fill="none" stroke="#4c555e" stroke-width="0.8"/></g>'
    )


@cache
def _region_frame() -> Frame:
    wide, high = _INSET_PX
    box = shapely.box(REGION.west, REGION.south, REGION.east, REGION.north)
    left, bottom, right, top = project(shapely.segmentize(box, 2), WGS84, EQUAL_AREA).bounds
    scale = max((right - left) / wide, (top - bottom) / high)
    middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
    return Frame(
        EQUAL_AREA, middle_x - scale * wide / 2, middle_y + scale * high / 2, scale, wide, high
    )


@cache
def _region() -> list[tuple[BaseGeometry, bool]]:
    """Return the region's states as coarse outlines, and whether each is a range state."""
    outlines = json.loads((files("kulan.report") / "templates" / "region.json").read_text())
    members = set(programme.range_states()["iso3"])
    return [
        (shapely.multipolygons([shapely.Polygon(ring) for ring in rings]), iso3 in members)
        for iso3, rings in outlines.items()
    ]


def _free_corner(frame: Frame, labels: Labels, wide: float, high: float) -> float:
    """Return the top of an inset on the left side: above, or below where that is less crowded."""

    def crowded(top: float) -> int:
        return sum(
            left < wide + 16 and upper < top + high + 8 and lower > top - 8
            for left, upper, _, lower in labels.taken
        )

    above, below = 8.0, frame.height - high - 52
    return above if crowded(above) <= crowded(below) else below
