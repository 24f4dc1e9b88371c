"""Letters on pictures: the report's own fonts, measured, so that no system's fonts matter."""

import math
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from kulan.report.fonts import FOLDER, STAND_IN
from kulan.words import Words

INK = "#1b1f23"
PALE_INK = "#57606a"
LINE_SPACING = 1.32
_POINTS_PER_INCH = 72.0
_REGULAR = ("NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf", "NotoSansDevanagari-Regular.ttf")
_BOLD = ("NotoSans-Bold.ttf", *_REGULAR[1:])
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    size: float = 8.5,
    bold: bool = False,
    halo: bool = False,
    **style: Any,
) -> Text:
    """Write a text at a place of the axes, with a stand-in for characters that no font has.

    Parameters
    ----------
    axes
        Where.
    x, y
        In the axes' data.
    text
        Taken as it is: dollar signs are no formula.
    size
        Points.
    bold
        In bold letters.
    halo
        With a pale edge, to be read on a map.
    style
        Anything else a text of matplotlib takes: `ha`, `va`, `color`, `rotation`, `zorder`.
    """
    path, shown = _set_in(text, bold)
    if halo:
        style["path_effects"] = [withStroke(linewidth=2.2, foreground="#ffffff")]
    style.setdefault("color", INK)
    font = FontProperties(fname=str(path), size=size)
    return axes.text(x, y, shown, fontproperties=font, parse_math=False, **style)


@lru_cache(maxsize=4096)
def width_in(text: str, size: float, *, bold: bool = False) -> float:
    """Measure a line of text, inches; `size` is in points.

    Examples
    --------
    >>> 0.4 < width_in("Хулан", 12) < 0.6
    True
    """
    path, shown = _set_in(text, bold)
    font = get_font(str(path))
    # at ten times the size, so that nothing is rounded to pixels
    font.set_size(size, 10 * _POINTS_PER_INCH)
    font.set_text(shown)
    width, _height = font.get_width_height()
    return float(width) / 64 / (10 * _POINTS_PER_INCH)


def line_height_in(size: float) -> float:
    """Return how far lines of `size` points stand apart, inches."""
    return size * LINE_SPACING / _POINTS_PER_INCH


def half_capital_in(size: float) -> float:
    """Return by how much a line of `size` points must sink to stand level with a mark, inches."""
    return size * 0.357 / _POINTS_PER_INCH


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than `width` inches at `size` points.

    It breaks between words, and within a word that is wider than a line.
    """
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if width_in(longer, size, bold=bold) <= width:
                line = longer
                continue
            lines += [line] if line else []
            *pieces, line = _pieces(word, width, size, bold)
            lines += pieces
        lines += [line] if line else []
    return lines


def shortened(text: str, width: float, size: float, *, lines: int = 2) -> list[str]:
    """Break a text into a few lines of `width` inches; what is left out shows as an ellipsis.

    Parameters
    ----------
    text
        The text.
    width
        Of a line, inches.
    size
        Of the letters, points.
    lines
        At most so many.
    """
    found = wrapped(text, width, size)
    if len(found) <= lines:
        return found
    last = found[lines - 1]
    while last and width_in(last + "…", size) > width:
        last = last[:-1]
    return [*found[: lines - 1], last.rstrip() + "…"]


def number_text(value: float, words: Words) -> str:
    """Write a number of a scale: three digits, as a power of ten where it is huge or tiny.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> [number_text(value, words_in("en")) for value in (0.0, 0.25, 1500.0, 2e12, -1e-7)]
    ['0', '0.25', '1,500', '2 × 10¹²', '−1 × 10⁻⁷']
    """
    sign = "−" if value < 0 else ""
    size = abs(value)
    if size == 0 or 1e-4 <= size < 1e6:
        return sign + words.significant(size)
    exponent = math.floor(math.log10(size))
    mantissa = round(size / 10.0**exponent, 2)
    if mantissa >= 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    power = str(exponent).translate(_SUPERSCRIPTS)
    return f"{sign}{words.significant(mantissa)} × 10{power}"


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_in(pieces[-1] + letter, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


@lru_cache(maxsize=4096)
def _set_in(text: str, bold: bool) -> tuple[Path, str]:
    """Choose the font that has all letters of a text, or put stand-ins for those it lacks."""
    paths = [FOLDER / name for name in (_BOLD if bold else _REGULAR)]
    needed = set(text) - {"\n"}
    for path in paths:
        if needed <= _letters(path):
            return path, text
    missing = needed - _letters(paths[0])
    return paths[0], text.translate({ord(letter): STAND_IN for letter in missing})


@cache
def _letters(path: Path) -> frozenset[str]:
    return frozenset(map(chr, get_font(str(path)).get_charmap()))
