"""Texts laid out side by side: a table's columns, or a page's, put one under the other again."""

import re
from collections import Counter
from dataclasses import dataclass

from kulan.programme.text.hyphens import Hyphens
from kulan.programme.text.imported import Alteration
from kulan.programme.text.rows import ROW, is_part
from kulan.programme.text.sources import Line
from kulan.programme.text.wording import Wording, folded, plain

_GAP = re.compile(r"\s{2,}|\u00a0{2,}")
_SECTION = re.compile(r"\s*\d{1,2}\s?\.\s*[^\W\d_]")
_FEWEST_HEADS = 2
_SLACK = 3


@dataclass(frozen=True)
class _Columns:
    """Where the columns of leads and of priorities begin, in characters."""

    leads: int
    priority: int


def unfolded(lines: list[Line], words: Wording) -> tuple[list[Line], list[Alteration]]:
    """Put columns printed side by side one under the other.

    Two layouts are known: the three columns of the programme's tables kept apart by spaces, with
    the heads of the columns above them; and pages set in two columns of running text. Any other
    text is returned as it is.

    Parameters
    ----------
    lines
        Lines without page heads.
    words
        The language's words, to find the heads of columns.
    """
    heads = [_heads(line.text, words) for line in lines]
    if sum(1 for each in heads if each) >= _FEWEST_HEADS and not any(each.cell for each in lines):
        return _tables_unfolded(lines, heads, words)
    gutter = _gutter(lines)
    if gutter:
        return _pages_unfolded(lines, gutter)
    return lines, []


def _heads(text: str, words: Wording) -> _Columns | None:
    """Return where the heads of columns stand in a line that has both, apart from its words."""
    pieces = _pieces(text)
    if len(pieces) < 2:
        return None
    (lead_at, lead), (priority_at, priority) = pieces[-2:]
    if folded(lead) in words.lead_head and folded(priority) in words.priority_head:
        return _Columns(lead_at, priority_at)
    return None


def _pieces(text: str) -> list[tuple[int, str]]:
    """Return the pieces of a line between wide gaps, and where each begins."""
    pieces, start = [], 0
    for gap in _GAP.finditer(text):
        if text[start : gap.start()].strip():
            pieces.append((start, text[start : gap.start()]))
        start = gap.end()
    if text[start:].strip():
        pieces.append((start, text[start:]))
    return pieces


# --- the programme's tables -----------------------------------------------------------------


def _tables_unfolded(
    lines: list[Line], heads: list[_Columns | None], words: Wording
) -> tuple[list[Line], list[Alteration]]:
    result: list[Line] = []
    columns: _Columns | None = None
    block: list[tuple[Line, _Columns]] = []
    waiting: list[Line] = []
    hyphens = Hyphens(lines)
    n_rows = 0
    for line, head in zip(lines, heads, strict=True):
        if head:
            n_rows += _add_rows(result, block, hyphens)
            result += waiting
            block, columns = [], head
            result.append(Line(line.number, line.text[: head.leads].rstrip()))
            waiting = [Line(line.number, text) for _, text in _pieces(line.text)[-2:]]
        elif columns is None or _ends_table(line, columns) or is_part(line.text, words):
            n_rows += _add_rows(result, block, hyphens)
            result += [*waiting, line]
            block, waiting, columns = [], [], None
        elif waiting and not _begins_row(line.text):
            # a heading of several lines stands beside the heads of the columns and below them
            result.append(line)
        else:
            result += waiting
            waiting = []
            block.append((line, columns))
    n_rows += _add_rows(result, block, hyphens)
    told = Alteration("columns", "set side by side; put one under the other", n_rows)
    return [*result, *waiting], [told]


def _begins_row(text: str) -> bool:
    # "5.8 and 5.11)." begins a line at times, and no action
    found = ROW.match(plain(text))
    return found is not None and not found.group(4)[:1].islower()


def _ends_table(line: Line, columns: _Columns) -> bool:
    """Say whether a line runs across where the columns were: a heading or running text."""
    text = line.text.rstrip()
    if not text.strip() or _begins_row(text):
        return False
    crosses = len(text) > columns.leads + _SLACK and not _GAP.search(
        text[max(0, columns.leads - 4) : columns.leads + _SLACK]
    )
    return crosses and not text.startswith(" " * (columns.leads - _SLACK))


def _add_rows(result: list[Line], block: list[tuple[Line, _Columns]], hyphens: Hyphens) -> int:
    """Add the rows of one table, each as its words, its leads and its priority."""
    rows: list[list[tuple[Line, str, str, str]]] = []
    for line, columns in block:
        words, leads, priority = _sliced(line.text, columns)
        if _begins_row(words) or not rows:
            rows.append([])
        rows[-1].append((line, words, leads, priority))
    for row in rows:
        for column in (1, 2, 3):
            pieces = [(entry[0], str(entry[column])) for entry in row if str(entry[column]).strip()]
            joined = [Line(line.number, text.strip()) for line, text in pieces]
            if column > 1 and joined:
                joined = [Line(joined[0].number, hyphens.join(joined))]
            result += joined
    return sum(1 for row in rows if _begins_row(row[0][1]))


def _sliced(text: str, columns: _Columns) -> tuple[str, str, str]:
    cells = ["", "", ""]
    for start, piece in _pieces(text):
        which = 0
        if start >= columns.priority - _SLACK:
            which = 2
        elif start >= columns.leads - _SLACK:
            which = 1
        cells[which] = f"{cells[which]} {piece}".strip()
    return cells[0], cells[1], cells[2]


# --- pages in two columns -------------------------------------------------------------------


def _gutter(lines: list[Line]) -> int:
    """Return where the right half of pages begins; 0 where pages are not set in two columns."""
    starts: Counter[int] = Counter()
    written = 0
    for line in lines:
        if not line.text.strip():
            continue
        written += 1
        pieces = _pieces(line.text)
        if pieces and len(pieces) <= 2 and pieces[-1][0] > 20:
            starts[pieces[-1][0]] += 1
    if not starts:
        return 0
    place, count = starts.most_common(1)[0]
    return place if written > 20 and count >= 0.35 * written else 0


def _pages_unfolded(lines: list[Line], gutter: int) -> tuple[list[Line], list[Alteration]]:
    pages: list[list[Line]] = [[]]
    for line in lines:
        if line.page and pages[-1]:
            pages.append([])
        pages[-1].append(line)
    result: list[Line] = []
    for page in pages:
        left = [Line(each.number, each.text[:gutter].rstrip(), each.cell) for each in page]
        right = [Line(each.number, each.text[gutter:].rstrip()) for each in page]
        result += left + right
    told = Alteration(
        "columns", "pages in two columns; the right one put under the left", len(pages)
    )
    return result, [told]
