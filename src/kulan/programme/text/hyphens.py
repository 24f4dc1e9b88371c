"""Words broken at the end of a line, joined again as the rest of the text writes them."""

import re
from collections import Counter

from kulan.programme.text.imported import Alteration
from kulan.programme.text.sources import Line

_WORD = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+(?:[-‐‑][^\W\d_]+)*)[-‐‑\u00ad]$")
_LONGEST = 80


def _broken(text: str) -> str | None:
    """Return the half of a word that a text ends with, without its hyphen; None where it does not.

    Only the end is looked at: a line of a million letters must not be gone through from each.
    """
    found = _BROKEN.search(text[-_LONGEST:]) if text[-1:] in "-‐‑\u00ad" else None
    return found.group(1) if found else None


# shorter halves are endings and prefixes rather than words
_SHORTEST = 4


class Hyphens:
    """How the words of one text are written where no line ends within them."""

    def __init__(self, lines: list[Line]) -> None:
        self.words: Counter[str] = Counter()
        broken = False
        for line in lines:
            words = _WORD.findall(line.text)
            # a half of a broken word is no word
            whole = words[1:] if broken else words
            broken = _broken(line.text.strip()) is not None
            self.words.update(word.casefold() for word in (whole[:-1] if broken else whole))
        self.joined = 0
        self.first_line = 0

    def join(self, lines: list[Line]) -> str:
        """Return the lines as one text; a word broken over two of them is whole again.

        A hyphen stays where the text writes the word with it elsewhere, goes where it writes the
        word without; where it does neither, it stays between two names or two whole words.
        """
        text = ""
        for line in lines:
            piece = line.text.strip()
            left = _broken(text)
            if left is not None and piece[:1].isalpha():
                text = text[: len(text) - len(left) - 1] + self._whole(left, piece)
                self.joined += 1
                self.first_line = self.first_line or line.number
            else:
                text = f"{text} {piece}" if text else piece
        return text

    def _whole(self, left: str, piece: str) -> str:
        right = _WORD.match(piece)
        tail = right.group(0) if right else ""
        hyphened, plain = f"{left}-{tail}".casefold(), f"{left}{tail}".casefold()
        if self.words[hyphened] or self.words[plain]:
            keeps = self.words[hyphened] > self.words[plain]
        else:
            # two names, or two words that both stand alone elsewhere, are a compound
            names = tail[:1].isupper() and not left.isupper()
            halves = min(len(left), len(tail)) >= _SHORTEST
            keeps = names or bool(
                halves and self.words[left.casefold()] and self.words[tail.casefold()]
            )
        return f"{left}-{piece}" if keeps else f"{left}{piece}"

    def told(self) -> list[Alteration]:
        """Return what was joined, for the report."""
        if not self.joined:
            return []
        detail = "broken at line ends; joined as the rest of the text writes them"
        return [Alteration("words", detail, self.joined, self.first_line)]
