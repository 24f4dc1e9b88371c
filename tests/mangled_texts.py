"""Ten ways, and some together, in which a text of tables reaches whoever must read it."""

import random
import re
import textwrap
import unicodedata
from collections.abc import Callable

_START = re.compile(r"\t(?:Partie|Part|Часть)\sA", re.UNICODE)


def windows_line_ends(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def old_mac_line_ends(text: str) -> bytes:
    return text.replace("\n", "\r").encode()


def letters_and_marks_apart(text: str) -> bytes:
    return unicodedata.normalize("NFD", text).encode()


def tabs_lost(text: str) -> bytes:
    return re.sub("(?m)^\t", "", text).replace("\t", " ").encode()


def spaces_of_ocr(text: str) -> bytes:
    rng = random.Random(7)
    text = text.replace("\u00a0", " ").replace("’", "'")
    return "".join(
        letter + (" " * rng.choice([0, 0, 0, 1, 2]) if letter == " " else "") for letter in text
    ).encode()


def blank_lines_lost(text: str) -> bytes:
    return re.sub(r"\n[ \u00a0]*(?=\n)", "", text).encode()


def windows_code_page(text: str) -> bytes:
    cyrillic = re.search("[а-я]", text) is not None
    return text.encode("cp1251" if cyrillic else "cp1252", errors="replace")


def page_heads_and_mark(text: str) -> bytes:
    lines = []
    for number, line in enumerate(text.split("\n")):
        if number and number % 40 == 0:
            page = number // 40
            lines += ["", str(page), "\fUNEP/CMS/Resolution 11.24 (Rev.COP13)", "CAMI, annex", ""]
        lines.append(line)
    return b"\xef\xbb\xbf" + "\n".join(lines).encode()


def words_hyphened(text: str, *, tabs: bool = True, width: int = 72) -> bytes:
    lines: list[str] = []
    for line in text.split("\n"):
        before = "\t" if tabs and line.startswith("\t") else ""
        rest = line.strip()
        while len(rest) > width and (space := rest.rfind(" ", 0, width)) > 0:
            word = rest[space + 1 :].split(" ")[0]
            room = width - space - 2
            broken = len(word) - room >= 3 and room >= 3
            if broken and word[:room].isalpha() and word[room : room + 3].isalpha():
                space += room
                lines.append(before + rest[: space + 1] + "-")
            else:
                lines.append(before + rest[:space])
            rest, before = rest[space + 1 :], ""
        lines.append(before + rest)
    return "\n".join(lines).encode()


def columns_side_by_side(text: str) -> bytes:
    """Lay the tables out as a program does that keeps the look of a page."""
    widths = (62, 28, 14)
    lines = text.split("\n")
    start = next(place for place, line in enumerate(lines) if _START.match(line))
    result = [piece for line in lines[:start] for piece in textwrap.wrap(line, 100) or [""]]
    cells: list[list[str]] = []

    def laid_out() -> list[str]:
        columns = [
            [
                piece
                for line in cell
                for piece in textwrap.wrap(line.strip(), width, break_long_words=False)
            ]
            for cell, width in zip([*cells, [], [], []], widths, strict=False)
        ]
        return [
            "".join(
                (column[place] if place < len(column) else "").ljust(width + 3)
                for column, width in zip(columns, widths, strict=True)
            ).rstrip()
            for place in range(max(map(len, columns)))
        ] + [""]

    for line in lines[start:]:
        if re.match(r"\t(?:Partie|Part|Часть)\s[AIV]", line):
            result += [*(laid_out() if cells else []), "", line.strip(), ""]
            cells = []
        elif line.startswith("\t"):
            if len(cells) == 3:
                result += laid_out()
                cells = []
            cells.append([line])
        elif cells and line.strip():
            cells[-1].append(line)
    return "\n".join([*result, *laid_out()]).encode()


def pages_of_two_columns(text: str) -> bytes:
    lines = words_hyphened(text, tabs=False).decode().split("\n")
    result, height = [], 50
    for start in range(0, len(lines), 2 * height):
        left = lines[start : start + height]
        right = lines[start + height : start + 2 * height]
        if start:
            result.append("\f")
        for place, line in enumerate(left):
            result.append((line.ljust(78) + "".join(right[place : place + 1])).rstrip())
    return "\n".join(result).encode()


def tabs_and_blank_lines_lost(text: str) -> bytes:
    return blank_lines_lost(tabs_lost(text).decode())


def everything_of_a_printed_page(text: str) -> bytes:
    return page_heads_and_mark(words_hyphened(text, tabs=False).decode())


MANGLINGS: tuple[Callable[[str], bytes], ...] = (
    windows_line_ends,
    old_mac_line_ends,
    letters_and_marks_apart,
    tabs_lost,
    spaces_of_ocr,
    blank_lines_lost,
    windows_code_page,
    page_heads_and_mark,
    words_hyphened,
    columns_side_by_side,
    pages_of_two_columns,
    tabs_and_blank_lines_lost,
    everything_of_a_printed_page,
)
