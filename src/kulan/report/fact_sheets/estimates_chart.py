"""Estimates over time, a panel for each state or population, with the intervals published.

Points are joined only where nothing recorded speaks against comparing them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kulan.programme import PopulationEstimate, comparable
from kulan.programme.count_methods import QUANTITY_NAMES
from kulan.programme.dates import first_day
from kulan.report.cartography import attributes, escape
from kulan.report.document import FigureMap
from kulan.report.reader import Reader

MOST_PANELS = 8
_PANEL_WIDTH, _PANEL_STEP, _PANEL_HEIGHT = 430.0, 450.0, 176.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 84.0, 16.0, 30.0, 26.0
_INK, _SOFT, _RULE = "#1b1f23", "#4c555e", "#d3d9de"
_COLOURS = {"individuals": "#0072b2", "adults": "#d55e00", "mature": "#8a6100"}
_OTHER_COLOUR = "#a3308a"


@dataclass(frozen=True)
class Series:
    """Estimates of one state or population that stand in one panel, by date."""

    iso3: str
    population: str
    estimates: tuple[PopulationEstimate, ...]


def series_of(estimates: Sequence[PopulationEstimate]) -> tuple[Series, ...]:
    """Return the populations with two figures or more; densities stand apart from numbers.

    The order is that of the estimates.
    """
    groups: dict[tuple[str, str, bool], list[PopulationEstimate]] = {}
    for one in estimates:
        is_density = one.quantity == "density_per_100_km2"
        groups.setdefault((one.iso3, one.population, is_density), []).append(one)
    return tuple(
        Series(iso3, population, tuple(sorted(members, key=lambda one: first_day(one.survey_to))))
        for (iso3, population, _), members in groups.items()
        if len(members) > 1
    )


def estimates_chart(
    series: Sequence[Series], reader: Reader, *, beside: int = 2
) -> FigureMap | None:
    """Draw the series with most figures, so many beside each other; None where there is none."""
    drawn = sorted(series, key=lambda one: -len(one.estimates))[:MOST_PANELS]
    if not drawn:
        return None
    rows = math.ceil(len(drawn) / beside)
    width = _PANEL_WIDTH + (beside - 1) * _PANEL_STEP
    quantities = dict.fromkeys(one.quantity for each in drawn for one in each.estimates)
    height = rows * _PANEL_HEIGHT + 30
    parts = []
    for number, one in enumerate(drawn):
        left = (number % beside) * _PANEL_STEP
        top = (number // beside) * _PANEL_HEIGHT
        panel = _panel(one, reader)
        parts.append(f'<g transform="translate({left:g},{top:g})">{panel}</g>')
    parts.append(_keys(list(quantities), rows * _PANEL_HEIGHT + 18, reader))
    title = reader.say("Estimates over time")
    names = reader.joined(series_name(one, reader) for one in drawn)
    description = reader.say("A panel each for: {populations}.", populations=names)
    caption = reader.say(
        "Bars are the intervals published; a figure without a bar has none. Points are joined only "
        "where they can be compared directly."
    )
    opening = attributes(
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="img",
        aria_label=f"{title}. {description}",
        font_family="Noto Sans, Segoe UI, system-ui, sans-serif",
    )
    paper = attributes(width=f"{width:g}", height=f"{height:g}", fill="#ffffff")
    svg = f"<svg{opening}><title>{escape(title)}</title><rect{paper}/>{''.join(parts)}</svg>"
    return FigureMap(svg, title, description, caption)


def series_name(one: Series, reader: Reader) -> str:
    """Return the state's name, with the population's where there is one."""
    state = reader.state(one.iso3)
    return f"{state}, {reader.say(one.population)}" if one.population else state


def _panel(one: Series, reader: Reader) -> str:
    years = [_year(estimate) for estimate in one.estimates]
    first, last = math.floor(min(years)), math.floor(max(years)) + 1
    most = max(value for estimate in one.estimates for value in _figures(estimate))
    step, ceiling = _axis(most)
    floor_y = _PANEL_HEIGHT - _BOTTOM
    parts = [_text(series_name(one, reader), 0, 16, size=13, weight="bold")]
    for number in range(round(ceiling / step) + 1):
        value = number * step
        y = _height(value, ceiling)
        parts.append(_line(_LEFT, y, _PANEL_WIDTH - _RIGHT, y, _RULE, 1))
        label = reader.words.number(value, 0 if step >= 1 else 1)
        parts.append(_text(label, _LEFT - 6, y + 4, anchor="end", colour=_SOFT))
    for year in _years_labelled(first, last):
        x = _place(year, first, last)
        parts.append(_line(x, floor_y, x, floor_y + 4, _SOFT, 1))
        parts.append(_text(str(year), x, floor_y + 17, anchor="middle", colour=_SOFT))
    places = [_place(year, first, last) for year in years]
    for number in range(len(places) - 1):
        before, after = one.estimates[number], one.estimates[number + 1]
        if before.estimate and after.estimate and not comparable(before, after):
            ends = (_height(before.estimate, ceiling), _height(after.estimate, ceiling))
            parts.append(_line(places[number], ends[0], places[number + 1], ends[1], _SOFT, 1.4))
    for x, estimate in zip(places, one.estimates, strict=True):
        parts.append(_mark(x, estimate, ceiling))
    return "".join(parts)


def _mark(x: float, one: PopulationEstimate, ceiling: float) -> str:
    colour = _COLOURS.get(one.quantity, _OTHER_COLOUR)
    parts = []
    if one.low is not None and one.high is not None:
        top, bottom = _height(one.high, ceiling), _height(one.low, ceiling)
        parts.append(_line(x, top, x, bottom, colour, 2))
        parts.extend(_line(x - 4, y, x + 4, y, colour, 2) for y in (top, bottom))
    if one.estimate is not None:
        parts.append(_dot(x, _height(one.estimate, ceiling), one.quantity))
    elif one.low is None or one.high is None:
        # one end alone: an open arrow head that points to where the number may lie
        value, turn = (one.low, -1) if one.low is not None else (one.high, 1)
        y = _height(value or 0.0, ceiling)
        head = f"M{x - 5:.1f},{y:.1f}l5,{8 * turn}l5,{-8 * turn}Z"
        parts.append(f'<path d="{head}" fill="#ffffff" stroke="{colour}" stroke-width="1.6"/>')
    return "".join(parts)


def _dot(x: float, y: float, quantity: str) -> str:
    colour = _COLOURS.get(quantity, _OTHER_COLOUR)
    if quantity == "individuals":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.2" fill="{colour}"/>'
    shape = f"M{x:.1f},{y - 6:.1f}l6,6l-6,6l-6,-6Z"
    return f'<path d="{shape}" fill="#ffffff" stroke="{colour}" stroke-width="2"/>'


def _keys(quantities: list[str], y: float, reader: Reader) -> str:
    parts, x = [], 8.0
    for quantity in quantities:
        name = reader.say(QUANTITY_NAMES[quantity])
        parts.append(_dot(x, y - 4, quantity) + _text(name, x + 12, y))
        x += 40 + 8 * len(name)
    return "".join(parts)


def _figures(one: PopulationEstimate) -> list[float]:
    return [value for value in (one.low, one.estimate, one.high) if value is not None]


def _year(one: PopulationEstimate) -> float:
    """Return the middle of the year, or of the fieldwork's last part, as a year with a fraction."""
    day = first_day(one.survey_to)
    shift = 0.5 if len(one.survey_to) == 4 else 0.0
    return day.year + (day - date(day.year, 1, 1)).days / 366 + shift


def _axis(most: float) -> tuple[float, float]:
    """Return the step of the axis and its end."""
    power = 10 ** math.floor(math.log10(most / 4)) if most > 0 else 1
    step = next(one * power for one in (1, 2, 2.5, 5, 10) if one * power * 4 >= most)
    return step, step * math.ceil(most / step)


def _years_labelled(first: int, last: int) -> list[int]:
    step = max(1, math.ceil((last - first) / 6))
    return list(range(first, last + 1, step))


def _place(year: float, first: int, last: int) -> float:
    return _LEFT + 8 + (year - first) / (last - first) * (_PANEL_WIDTH - _LEFT - _RIGHT - 16)


def _height(value: float, ceiling: float) -> float:
    high = _PANEL_HEIGHT - _TOP - _BOTTOM
    return _PANEL_HEIGHT - _BOTTOM - value / ceiling * high


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}"/>'


def _text(
    words: str,
    x: float,
    y: float,
    *,
    size: float = 11,
    anchor: str = "start",
    colour: str = _INK,
    weight: str | None = None,
) -> str:
    style = attributes(
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        font_size=f"{size:g}",
        text_anchor=anchor,
        fill=colour,
        font_weight=weight,
    )
    return f"<text{style}>{escape(words)}</text>"
