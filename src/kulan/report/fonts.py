"""The report's own fonts, and which characters they have.

Noto Sans (Latin, Greek, Cyrillic), Noto Sans Arabic and Noto Sans Devanagari, SIL Open Font License
1.1; the licence lies beside the files.
"""

import struct
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files("kulan.report") / "fonts"))
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari")
STAND_IN = "\ufffd"
"""What is printed for a character that no font has."""

_REGULAR = ("NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf", "NotoSansDevanagari-Regular.ttf")
_INVISIBLE = frozenset("\n\r\t\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


def uncovered(text: str) -> list[str]:
    """Return the characters of a text that no font of the report has, each once, in code order.

    Examples
    --------
    >>> uncovered("Хулан, km², 蒙古")
    ['古', '蒙']
    """
    return sorted(set(text) - covered_characters() - _INVISIBLE)


def with_stand_ins(text: str, missing: Iterable[str]) -> str:
    """Return a text with `STAND_IN` for each of the missing characters."""
    return text.translate({ord(character): STAND_IN for character in missing})


@cache
def covered_characters() -> frozenset[str]:
    """Return every character the fonts have."""
    found: set[str] = set()
    for name in _REGULAR:
        found |= _characters((FOLDER / name).read_bytes())
    return frozenset(found)


def _characters(font: bytes) -> set[str]:
    """Read the character map of a TrueType font (OpenType `cmap`, formats 4 and 12)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    for place in range(12, 12 + 16 * tables, 16):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, place)
        if tag == b"cmap":
            return _from_character_map(font, offset)
    return set()


def _from_character_map(font: bytes, start: int) -> set[str]:
    found: set[str] = set()
    for place in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">I", font, start + 4 + 8 * place + 4)[0]
        kind = struct.unpack_from(">H", font, offset)[0]
        if kind == 4:
            runs = _runs_of_format_4(font, offset)
        elif kind == 12:
            count = struct.unpack_from(">I", font, offset + 12)[0]
            runs = [
                struct.unpack_from(">II", font, offset + 16 + 12 * group) for group in range(count)
            ]
        else:
            continue
        for first, last in runs:
            found.update(map(chr, range(first, last + 1)))
    found.discard("\uffff")
    return found


def _runs_of_format_4(font: bytes, offset: int) -> list[tuple[int, int]]:
    """Return the first and last character of each segment."""
    doubled = struct.unpack_from(">H", font, offset + 6)[0]
    form = f">{doubled // 2}H"
    lasts = struct.unpack_from(form, font, offset + 14)
    firsts = struct.unpack_from(form, font, offset + 16 + doubled)
    return list(zip(firsts, lasts, strict=True))
