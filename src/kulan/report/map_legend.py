"""The legend beneath a map."""

from dataclasses import dataclass

from kulan.report.cartography import attributes, escape, text_width

LEGEND_ROW_PX = 22
_SIZE = 13
_SAMPLE_PX = 34
_GAP_PX = 18


@dataclass(frozen=True)
class Key:
    """One entry: its words and how its sample is drawn.

    Attributes
    ----------
    words
        What it means.
    kind
        ``line``, ``fill``, ``outline`` or ``mark``.
    colour
        Its colour.
    dash
        Dashes of a line or outline, as SVG writes them.
    width
        Width of a line, pixels.
    """

    words: str
    kind: str
    colour: str
    dash: str | None = None
    width: float = 2.0


def legend_rows(keys: list[Key], width: float) -> int:
    """Return how many rows the legend takes."""
    return len(_rows(keys, width))


def legend(keys: list[Key], width: float, top: float) -> str:
    """Draw the legend's rows, each entry once."""
    parts = []
    for number, row in enumerate(_rows(keys, width)):
        x, y = 4.0, top + number * LEGEND_ROW_PX + LEGEND_ROW_PX / 2
        for key in row:
            parts.append(_entry(key, x, y))
            x += _wide(key)
    return "".join(parts)


def legend_column(keys: list[Key], left: float, top: float, width: float) -> str:
    """Draw the legend as a column beside the map, one entry to a row, long words cut short."""
    parts = []
    for number, key in enumerate(dict.fromkeys(keys)):
        words = key.words
        while text_width(words, _SIZE) > width - _SAMPLE_PX - 6 and len(words) > 1:
            words = words[:-2] + "…"
        y = top + number * LEGEND_ROW_PX + LEGEND_ROW_PX / 2
        parts.append(_entry(Key(words, key.kind, key.colour, key.dash, key.width), left, y))
    return "".join(parts)


def _entry(key: Key, x: float, y: float) -> str:
    place = attributes(x=f"{x + _SAMPLE_PX + 6:.1f}", y=f"{y + 4.5:.1f}", font_size=_SIZE)
    return f'{_sample(key, x, y)}<text{place} fill="#1b1f23">{escape(key.words)}</text>'


def _rows(keys: list[Key], width: float) -> list[list[Key]]:
    rows: list[list[Key]] = []
    left = 0.0
    for key in dict.fromkeys(keys):
        if not rows or left + _wide(key) > width:
            rows.append([])
            left = 0.0
        rows[-1].append(key)
        left += _wide(key)
    return rows


def _wide(key: Key) -> float:
    return _SAMPLE_PX + 6 + text_width(key.words, _SIZE) + _GAP_PX


def _sample(key: Key, x: float, y: float) -> str:
    if key.kind == "line":
        style = attributes(
            stroke=key.colour, stroke_width=key.width, stroke_dasharray=key.dash, fill="none"
        )
        return f'<path d="M{x:.1f},{y:.1f}h{_SAMPLE_PX}"{style}/>'
    if key.kind == "mark":
        middle = x + _SAMPLE_PX / 2
        d = f"M{middle:.1f},{y - 5:.1f}l5,5l-5,5l-5,-5Z"
        return f'<path d="{d}" fill="#ffffff" stroke="{key.colour}" stroke-width="1.6"/>'
    box = attributes(x=f"{x:.1f}", y=f"{y - 7:.1f}", width=_SAMPLE_PX, height=14)
    if key.kind == "fill":
        return f'<rect{box} fill="{key.colour}" stroke="#8a9299" stroke-width="0.6"/>'
    style = attributes(
        fill=key.colour,
        fill_opacity=0.12,
        stroke=key.colour,
        stroke_dasharray=key.dash,
        stroke_width=key.width,
    )
    return f"<rect{box}{style}/>"
