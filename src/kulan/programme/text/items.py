"""Lettered parts of an action: letters lost in print are given again, lists within lists found."""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kulan.programme.text.rows import ITEM
from kulan.programme.text.sources import Line
from kulan.programme.text.wording import plain

_FLAT = re.compile(r"\d{1,2}[.)]")
_LETTER = re.compile(r"\(?([a-zа-я])[.)]")
_WITHIN = re.compile(r"\s+(?=(?:1\.|[·•▪])\s+[^\W\d_])")
_DASHES = ("-", "–", "—")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Item:
    """A part of an action: its mark as printed, its key within the action, its lines."""

    mark: str
    depth: int
    key: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def first_words(self) -> str:
        """The first line without its mark."""
        text = plain(self.lines[0].text)
        found = ITEM.match(text)
        return plain(found.group(2)) if found and self.mark else text


def items_of(lines: list[Line]) -> tuple[list[Line], list[Item]]:
    """Part the lines of an action's cell into its own words and its items.

    The letters a, b, c are given by order, since print often lost them ("1." before each). A list
    within an item is told by the depth a word processor gave it, or else thus: the item ends with
    a colon and those after it begin with a small letter.

    Parameters
    ----------
    lines
        Lines of the cell, the first with the action's number.
    """
    own: list[Line] = []
    items: list[Item] = []
    for line in _one_item_each(lines):
        found = ITEM.match(plain(line.text)) if own else None
        if found is not None and (
            _abbreviates(found.group(1), items) or _goes_on(found.group(1), own, items)
        ):
            found = None
        if found is not None or (own and line.level >= 0):
            items.append(Item(found.group(1) if found else "", max(0, line.level), lines=[line]))
        elif items:
            items[-1].lines.append(line)
        else:
            own.append(line)
    _deepen(items)
    _name(items)
    return own, items


def _one_item_each(lines: list[Line]) -> list[Line]:
    """Break lines that hold several items, as print leaves them where rows stand on one line."""
    return [
        replace(line, text=piece, cell=line.cell and place == 0)
        for line in lines
        for place, piece in enumerate(_pieces(line.text))
    ]


def _pieces(text: str) -> list[str]:
    return _WITHIN.split(text) if len(_WITHIN.findall(text)) > 1 else [text]


def _abbreviates(mark: str, items: list[Item]) -> bool:
    """Say whether a letter with a stop is no mark of a list: "p. ex." begins a line at times."""
    if re.fullmatch(r"[a-z]\.", mark) is None:
        return False
    return mark[0] != (chr(ord(items[-1].mark[0]) + 1) if items and items[-1].mark else "a")


def _goes_on(mark: str, own: list[Line], items: list[Item]) -> bool:
    """Say whether a dash at a line's start goes on with a sentence that was broken before it.

    The first dash of a list follows words that have ended; after it, every dash is of the list.
    """
    if mark not in _DASHES or (items and items[-1].mark in _DASHES):
        return False
    before = items[-1].lines[-1] if items else own[-1]
    return not plain(before.text).endswith((":", ";", "."))


def _deepen(items: list[Item]) -> None:
    """Give each item its depth, where no word processor did."""
    if not items or any(item.depth for item in items):
        return
    kinds = [_kind_of(item.mark) for item in items]
    if any(kind != kinds[0] for kind in kinds):
        # two kinds of marks, such as (b) and (i), or 1. and a dot: the second is the inner one
        for item, kind in zip(items, kinds, strict=True):
            item.depth = int(kind != kinds[0])
        return
    inside = False
    for before, item in pairwise(items):
        opened = not before.depth and _ending(before).endswith(":")
        inside = item.first_words[:1].islower() and (inside or opened)
        item.depth = int(inside)


def _kind_of(mark: str) -> str:
    if _FLAT.fullmatch(mark):
        return "number"
    if re.fullmatch(r"\(?[ivx]+\)", mark) and mark.strip("()") not in {"v", "x"}:
        return "roman"
    return "letter" if _LETTER.fullmatch(mark) else mark


def _ending(item: Item) -> str:
    return plain(item.lines[-1].text)


def _name(items: list[Item]) -> None:
    counts = [0, 0, 0, 0]
    letter = ""
    for item in items:
        if item.depth == 0 or not letter:
            item.depth = 0
            counts[1:] = [0, 0, 0]
            printed = _LETTER.fullmatch(item.mark)
            letter = printed.group(1) if printed and printed.group(1) in _LETTERS else ""
            letter = letter or _LETTERS[min(counts[0], 25)]
            counts[0] = _LETTERS.index(letter) + 1
            item.key = letter
        else:
            depth = min(item.depth, 3)
            counts[depth] += 1
            numbers = [str(count) for count in counts[1 : depth + 1]]
            item.key = ".".join([letter, *numbers])
