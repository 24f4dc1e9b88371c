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
    """Draw the legend as a column beside the map; long words go on below."""
    parts = []
    y = top + LEGEND_ROW_PX / 2
    for key in dict.fromkeys(keys):
        first, *others = _lines(key.words, width - _SAMPLE_PX - 6)
        parts.append(_entry(Key(first, key.kind, key.colour, key.dash, key.width), left, y))
        for line in others:
            y += _SIZE + 3
            parts.append(_words(line, left, y))
        y += LEGEND_ROW_PX
    return "".join(parts)


def _lines(words: str, width: float) -> list[str]:
    """Break words into lines no wider than `width`, where spaces allow it."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, _SIZE) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _entry(key: Key, x: float, y: float) -> str:
    return _sample(key, x, y) + _words(key.words, x, y)


def _words(words: str, x: float, y: float) -> str:
    place = attributes(x=f"{x + _SAMPLE_PX + 6:.1f}", y=f"{y + 4.5:.1f}", font_size=_SIZE)
    return f'<text{place} fill="#1b1f23">{escape(words)}</text>'


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
