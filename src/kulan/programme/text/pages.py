"""Page furniture: running heads and page numbers that a printed page brings into the text."""

import re
from collections import Counter

from kulan.programme.text.imported import Alteration, Unread
from kulan.programme.text.priorities import is_priority
from kulan.programme.text.sources import Line
from kulan.programme.text.wording import (
    Wording,
    folded,
    is_lead_head,
    is_priority_head,
    plain,
    without_heads,
)

# a symbol of a United Nations document, alone on its line or with a page number
_SYMBOL = re.compile(
    r"(?:unep|pnue|юнеп)/[\w./-]*\w(?: [\d.]+)?(?: ?\([^)]*\))?(?:/[\w./-]+)?"
    r"(?: *(?:page|p\.|стр\.)? *\d{1,4})?"
)
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|стр\.?|страница)?\s*[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:/|sur|of|из)\s*\d{1,4})?"
)
_NUMBERED = re.compile(r"\s*\d{1,2}\s*[.,]")
_SHORT = 120
_REPEATED = 3


def without_furniture(
    lines: list[Line], words: Wording
) -> tuple[list[Line], list[Unread], list[Alteration]]:
    """Leave out running heads and page numbers, and tell every line left out.

    A line is a running head when it is a document symbol, or stands beside a page break or page
    number and returns at least three times; page numbers are those beside such lines or breaks.

    Parameters
    ----------
    lines
        All lines.
    words
        The language's words: a priority or a column's head also returns often.
    """
    shapes = Counter(_shape(line.text) for line in lines if line.text.strip())
    beside, next_to = _beside_breaks(lines, 3), _beside_breaks(lines, 1)
    near = Counter(_shape(lines[index].text) for index in beside)
    # what stands elsewhere too belongs to the text
    heads = {shape for shape, count in near.items() if count >= max(_REPEATED, 0.8 * shapes[shape])}
    kept, unread = [], []
    for index, line in enumerate(lines):
        if index in next_to and _PAGE_NUMBER.fullmatch(folded(line.text)) and not line.cell:
            unread.append(Unread(line.number, plain(line.text), "page number", "page"))
        elif _is_furniture(line, shapes, heads, words):
            unread.append(Unread(line.number, plain(line.text), "head of a page", "page"))
        else:
            kept.append(line)
    if not unread:
        return lines, [], []
    told = Alteration("page heads", "left out, as listed", len(unread), unread[0].line)
    return kept, unread, [told]


def _beside_breaks(lines: list[Line], reach: int) -> set[int]:
    """Return places within so many written lines of a page break or a document's symbol."""
    written = [index for index, line in enumerate(lines) if line.text.strip() or line.page]
    found: set[int] = set()
    for place, index in enumerate(written):
        line = lines[index]
        if line.page or _SYMBOL.fullmatch(folded(line.text)):
            found.update(written[max(0, place - reach) : place + reach + 1])
    return found


def _is_furniture(line: Line, shapes: Counter[str], heads: set[str], words: Wording) -> bool:
    text = folded(line.text)
    if not text or line.cell or len(text) > _SHORT or _NUMBERED.match(text):
        return False
    if _SYMBOL.fullmatch(text) and (line.page or shapes[_shape(line.text)] > 1):
        return True
    if is_priority(text, words) or without_heads(text, words)[1]:
        return False
    if is_lead_head(text, words) or is_priority_head(text, words):
        return False
    return _shape(line.text) in heads and not _is_actors(text, words)


def _is_actors(text: str, words: Wording) -> bool:
    return text.startswith(words.actors) and "," in text


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", folded(text))
