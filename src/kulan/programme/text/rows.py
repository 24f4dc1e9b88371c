"""From lines to the rows of the tables: sections, parts of the programme, and each row's cells."""

import re
from dataclasses import dataclass, field

from kulan.programme.text.imported import Unread
from kulan.programme.text.leads import leads_at_end, looks_like_leads
from kulan.programme.text.priorities import is_priority, split_off_priority
from kulan.programme.text.sources import Line
from kulan.programme.text.wording import (
    Wording,
    folded,
    is_lead_head,
    is_priority_head,
    plain,
    without_heads,
)

# OCR puts spaces around the stop, or a comma for it
ROW = re.compile(r"(\d{1,2})\s?[.,]\s?(\d{1,2})\s?(\.?)\s?(?=[^\W\d_]|[«“\"(\[])(.*)", re.DOTALL)
_HEADING = re.compile(r"(\d{1,2})\s?\.\s*(?=[^\W\d_])(.*)", re.DOTALL)
ITEM = re.compile(
    r"(\d{1,2}[.)]|[·•▪◦–—-]|\(?[a-zа-я]\)|\(?[ivx]{1,4}\)|[a-z]\.)\s+(?=\S)(.*)", re.DOTALL
)
_LOOK_AHEAD = 10


@dataclass
class Row:
    """A row of a table: its number as printed, and its three cells as lines."""

    section: int
    number: str
    line: int
    last_line: int = 0
    text: list[Line] = field(default_factory=list)
    leads: list[Line] = field(default_factory=list)
    priority: list[Line] = field(default_factory=list)
    guessed: str = ""


@dataclass
class Heading:
    """The heading of a section or of a part of the programme."""

    kind: str
    label: str
    line: int
    printed: list[str] = field(default_factory=list)


@dataclass
class Cut:
    """What the lines of a text fall into."""

    front: list[Line] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def cut(lines: list[Line], words: Wording) -> Cut:
    """Cut a text into what stands before the tables, headings, and rows with their cells.

    Parameters
    ----------
    lines
        Lines without page heads, columns unfolded.
    words
        The language's words.
    """
    lines = [line for line in lines if plain(line.text) or line.cell]
    return _Cutter(lines, words).cut()


def part_label(text: str, words: Wording) -> int:
    """Return how many letters of a line the label of a part takes; 0 where none is."""
    label = rf"{words.part}\s+([ivx]{{1,4}}|[a-dа-г]|\d)\b\s*[-.:]*\s*"
    found = re.match(label, folded(text))
    return found.end() if found else 0


def is_part(text: str, words: Wording) -> bool:
    """Say whether a line is the heading of a part of the programme, and not "part of" something."""
    line = plain(text)
    after = part_label(line, words)
    rest = line[after:].strip()
    return bool(after) and len(line) <= 160 and (not rest or rest[0].isupper())


class _Cutter:
    """Goes through the lines once; its state is the section it is in and the row it fills."""

    def __init__(self, lines: list[Line], words: Wording) -> None:
        self.lines = lines
        self.words = words
        self.result = Cut()
        self.section = 0
        self.minor = 0
        # a document that marks its cells begins every row with one
        self.cells = sum(1 for each in lines if each.cell and ROW.match(plain(each.text))) > 2

    def cut(self) -> Cut:
        index, open_row = 0, list[Line]()
        row: Row | None = None
        while index < len(self.lines):
            line = self.lines[index]
            after = self._heading(index)
            started = None if after else self._row(line)
            if after or started:
                self._close(row, open_row)
                row, open_row = started, [line] if started else []
                index = after or index + 1
                continue
            if row is not None:
                open_row.append(line)
            elif self.result.headings:
                self._between(line)
            else:
                self.result.front.append(line)
            index += 1
        self._close(row, open_row)
        return self.result

    def _between(self, line: Line) -> None:
        """Deal with a line after a heading and before its first row."""
        text = plain(line.text)
        heads = is_lead_head(text, self.words) or is_priority_head(text, self.words)
        if text and not heads and not without_heads(text, self.words)[1]:
            self.result.unread.append(
                Unread(line.number, text, "stands between a heading and its first action")
            )

    # --- headings -------------------------------------------------------------------------------

    def _heading(self, index: int) -> int:
        """Take a heading that begins here, and return the line after it; 0 where none does."""
        return self._part(index) or self._section(index)

    def _part(self, index: int) -> int:
        text = plain(self.lines[index].text)
        if not is_part(text, self.words):
            return 0
        rest = text[part_label(text, self.words) :].strip()
        after = index + 1
        if not rest and after < len(self.lines):
            rest, after = plain(self.lines[after].text), after + 1
        label = text.split()[1].strip("-–—.:")
        self.result.headings.append(Heading("part", label, self.lines[index].number, [text, rest]))
        return after

    def _section(self, index: int) -> int:
        text = plain(self.lines[index].text)
        found = _HEADING.match(text)
        if found is None or int(found.group(1)) not in range(self.section + 1, self.section + 4):
            return 0
        number = int(found.group(1))
        printed, after = self._heading_lines(index, number)
        if not printed:
            return 0
        self.section, self.minor = number, 0
        line = self.lines[index].number
        self.result.headings.append(Heading("section", str(number), line, printed))
        return after

    def _heading_lines(self, index: int, number: int) -> tuple[list[str], int]:
        """Return the lines of a heading up to the heads of its columns, or to its first row."""
        printed: list[str] = []
        for place in range(index, min(index + _LOOK_AHEAD, len(self.lines))):
            text = plain(self.lines[place].text)
            kept, had_heads = without_heads(text, self.words)
            if had_heads:
                return [*printed, *([kept] if kept else [])], place + 1
            if is_lead_head(text, self.words):
                below = self.lines[place + 1].text if place + 1 < len(self.lines) else ""
                return printed, place + 1 + is_priority_head(below, self.words)
            row = ROW.match(text)
            if place > index and (_same_number(text, number) or is_part(text, self.words)):
                return [], 0  # what stood before was an item of a list; the heading comes yet
            if row is not None and place > index:
                # no heads at all: a heading only where its own first action follows at once
                first = (int(row.group(1)), int(row.group(2))) == (number, 1)
                return (printed, place) if first and place <= index + 2 else ([], 0)
            if text:
                printed.append(self.lines[place].text)
        return [], 0

    # --- rows -----------------------------------------------------------------------------------

    def _row(self, line: Line) -> Row | None:
        """Return the row that begins with a line, if one does."""
        found = ROW.match(plain(line.text)) if self.section else None
        if found is None or (self.cells and not line.cell):
            return None
        major, minor = int(found.group(1)), int(found.group(2))
        first = self.minor == 0
        if not self._follows(major, minor, first=first):
            return None
        if not found.group(4)[:1].isupper() and not self._next(major, minor):
            return None
        self.minor = minor
        number = f"{major}.{minor}{found.group(3)}"
        return Row(self.section, number, line.number)

    def _follows(self, major: int, minor: int, *, first: bool) -> bool:
        """Say whether a number can be the next one: in order, with small gaps or said twice."""
        if self.cells:
            return True
        if first:
            return minor in {1, 2} and abs(major - self.section) <= 1
        return major == self.section and self.minor <= minor <= self.minor + 4

    def _next(self, major: int, minor: int) -> bool:
        return self.cells or (major, minor) == (self.section, self.minor + 1)

    def _close(self, row: Row | None, lines: list[Line]) -> None:
        if row is None:
            return
        lines = self._without_heads(lines)
        row.last_line = lines[-1].number
        if not self._by_cells(row, lines):
            self._by_words(row, [line for line in lines if plain(line.text)])
        self.result.rows.append(row)

    def _without_heads(self, lines: list[Line]) -> list[Line]:
        """Leave out heads of columns repeated at the top of a page, within a row."""
        words = self.words
        return [
            line
            for line in lines
            if not is_lead_head(line.text, words)
            and not is_priority_head(line.text, words)
            and without_heads(line.text, words) != ("", True)
        ]

    def _by_cells(self, row: Row, lines: list[Line]) -> bool:
        """Fill the row by its marked cells; false where they are not three."""
        cells: list[list[Line]] = []
        for line in lines:
            if line.cell or not cells:
                cells.append([])
            cells[-1].append(line)
        if len(cells) != 3:
            return False
        row.text, row.leads, third = cells
        for line in third:
            text = plain(line.text)
            if not text or is_priority(text, self.words):
                row.priority.append(line)
            else:
                self.result.unread.append(
                    Unread(line.number, text, f"stands in or below the priority of {row.number}")
                )
        return True

    def _by_words(self, row: Row, lines: list[Line]) -> None:
        """Fill the row by what its lines say: its last are a priority, those before it leads."""
        rest = list(lines)
        while len(rest) > 1 and is_priority(rest[-1].text, self.words):
            row.priority.insert(0, rest.pop())
        if not row.priority:
            words, priority = split_off_priority(rest[-1].text, self.words)
            if priority and looks_like_leads(_last_clause(words), self.words):
                row.priority = [_with(rest[-1], priority)]
                rest[-1] = _with(rest[-1], words)
        start = _leads_start(rest, self.words)
        if start:
            row.text, row.leads = rest[:start], rest[start:]
            row.guessed = "" if row.priority else "no priority found"
            return
        words, leads = leads_at_end(rest[-1].text, self.words)
        row.text = [*rest[:-1], _with(rest[-1], words)]
        row.leads = [_with(rest[-1], leads)] if leads else []
        row.guessed = "leads told from the text by their words" if leads else "no leads found"


def _same_number(text: str, number: int) -> bool:
    found = _HEADING.match(text)
    return found is not None and int(found.group(1)) == number


def _with(line: Line, text: str) -> Line:
    return Line(line.number, text, line.cell, line.level, line.page)


def _last_clause(text: str) -> str:
    return re.split(r"[.;:)»]\s+", text)[-1]


def _leads_start(lines: list[Line], words: Wording) -> int:
    """Return where the leads begin among a row's lines; 0 where no line begins them.

    Leads follow a sentence that has ended, are a list of known kinds of actors, or both; where
    only their place tells them, no line of theirs may end as a sentence does.
    """
    texts = [plain(line.text) for line in lines]
    by_words, by_place = 0, 0
    for start in range(len(lines) - 1, 0, -1):
        if ITEM.match(texts[start]):
            break
        ended = texts[start - 1].endswith((".", ";", ")", "»", ":", "”", '"'))
        if looks_like_leads(" ".join(texts[start:]), words):
            if ended:
                return start
            by_words = start
        if texts[start - 1].endswith((".", ";")) and texts[start][:1].isupper():
            by_place = start
        if texts[start].endswith((".", ";")):
            break
    if by_place and not any(text.endswith((".", ";", ":")) for text in texts[by_place:]):
        return by_place
    return by_words
