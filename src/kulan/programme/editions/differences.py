"""What changed between two wordings of an action, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: ``kept``, ``removed`` or ``added``."""

    kind: str
    words: str


def word_differences(before: str, after: str) -> tuple[Piece, ...]:
    """Return two wordings as one run of pieces; kinds of apostrophe and spaces are no difference.

    Parameters
    ----------
    before, after
        The two wordings.

    Examples
    --------
    >>> [(one.kind, one.words) for one in word_differences("Count all saigas", "Count saigas")]
    [('kept', 'Count'), ('removed', 'all'), ('kept', 'saigas')]
    """
    left, right = _split(before), _split(after)
    matcher = SequenceMatcher(
        None, [_same(word) for word in left], [_same(word) for word in right], autojunk=False
    )
    pieces = []
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("kept", " ".join(right[other_start:other_end])))
            continue
        if start < end:
            pieces.append(Piece("removed", " ".join(left[start:end])))
        if other_start < other_end:
            pieces.append(Piece("added", " ".join(right[other_start:other_end])))
    return tuple(pieces)


def _split(text: str) -> list[str]:
    return [word for word in _WORDS.split(text.strip()) if word]


def _same(word: str) -> str:
    # case and accents do count: a corrected accent is a change worth seeing
    return re.sub("[’‘ʼ]", "'", word)
