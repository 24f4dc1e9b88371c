"""How far the actions of each section are, as said by states: bars of parts."""

from collections.abc import Sequence

from kulan.report.cartography import attributes, escape
from kulan.report.document import FigureMap
from kulan.report.reader import Reader

# told apart by lightness too, and in the order of progress
COLOURS = {
    "done": "#005a8c",
    "under_way": "#56b4e9",
    "not_started": "#e69f00",
    "other": "#b8bec4",
}
_ROW, _BAR, _LEFT, _WIDTH, _TOP = 21.0, 14.0, 330.0, 900.0, 34.0
_LONGEST = 44


def status_chart(
    rows: Sequence[tuple[str, dict[str, int]]], names: dict[str, str], reader: Reader
) -> FigureMap | None:
    """Draw one bar for each section: how many answers of states say which status.

    Parameters
    ----------
    rows
        Title and counts by status of each section.
    names
        What each status is called.
    reader
        The language.
    """
    drawn = [(title, counts) for title, counts in rows if sum(counts.values())]
    if not drawn:
        return None
    height = _TOP + _ROW * len(drawn) + 8
    room = _WIDTH - _LEFT - 60
    parts = [_keys(names)]
    for number, (title, counts) in enumerate(drawn):
        y, x, total = _TOP + number * _ROW, _LEFT, sum(counts.values())
        parts.append(_text(_short(title), _LEFT - 8, y + 11, anchor="end"))
        for status, colour in COLOURS.items():
            width = room * counts.get(status, 0) / total
            if width:
                place = attributes(
                    x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}", height=f"{_BAR:g}"
                )
                parts.append(f'<rect{place} fill="{colour}" stroke="#ffffff" stroke-width="0.6"/>')
            x += width
        parts.append(_text(reader.words.number(total), _WIDTH - 52, y + 11))
    title = reader.say("Status of actions by section, as states say")
    description = "; ".join(
        f"{name}: " + ", ".join(f"{names[one]} {counts.get(one, 0)}" for one in COLOURS)
        for name, counts in drawn
    )
    opening = attributes(
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH:g} {height:g}",
        width=f"{_WIDTH:g}",
        height=f"{height:g}",
        role="img",
        font_family="Noto Sans, Segoe UI, system-ui, sans-serif",
    )
    paper = attributes(width=f"{_WIDTH:g}", height=f"{height:g}", fill="#ffffff")
    svg = f"<svg{opening}><title>{escape(title)}</title><rect{paper}/>{''.join(parts)}</svg>"
    caption = reader.say("The number at the end of a bar counts the answers.")
    return FigureMap(svg, title, description, caption)


def _keys(names: dict[str, str]) -> str:
    parts, x = [], _LEFT
    for status, colour in COLOURS.items():
        place = attributes(x=f"{x:.1f}", y="6", width="12", height="12", fill=colour)
        parts.append(f"<rect{place}/>" + _text(names[status], x + 17, 16))
        x += 32 + 7.4 * len(names[status])
    return "".join(parts)


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST else title[: _LONGEST - 1].rstrip() + "…"


def _text(words: str, x: float, y: float, *, anchor: str = "start") -> str:
    style = attributes(
        x=f"{x:.1f}", y=f"{y:.1f}", font_size="12", text_anchor=anchor, fill="#1b1f23"
    )
    return f"<text{style}>{escape(words)}</text>"
