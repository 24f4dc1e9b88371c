"""Footnotes that a converter left in the line they hang on."""

import re

from kulan.programme.text.imported import Footnote
from kulan.programme.text.wording import plain

_MARK = re.compile(r"\[\s*footnoteRef\s*:\s*(\d+)\s*\]")


def without_footnotes(text: str, line: int) -> tuple[str, list[Footnote]]:
    """Take footnotes out of a text.

    Parameters
    ----------
    text
        One cell or paragraph.
    line
        Line it begins on.

    Examples
    --------
    >>> without_footnotes("12. Deer (Cervus[footnoteRef:3])  [3:  Now [since 2016] C. hanglu.]", 7)
    ('12. Deer (Cervus)', [Footnote(number='3', text='Now [since 2016] C. hanglu.', line=7)])
    """
    found = []
    for number in dict.fromkeys(_MARK.findall(text)):
        text = re.sub(rf"\[\s*footnoteRef\s*:\s*{number}\s*\]", "", text)
        start = re.search(rf"\[\s*{number}\s*:", text)
        if start is None:
            continue
        end = _closing(text, start.start())
        found.append(Footnote(number, plain(text[start.end() : end]), line))
        text = text[: start.start()] + text[end + 1 :]
    return plain(text), found


def _closing(text: str, start: int) -> int:
    """Return the place of the bracket that closes the one at `start`; the text's end if none."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "[") - (text[place] == "]")
        if depth == 0:
            return place
    return len(text)
