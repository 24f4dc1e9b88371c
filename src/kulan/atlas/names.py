"""Species, places, states and layers found by name, whatever the spelling.

A `Gazetteer` holds names; `search` ranks what it finds by how near the spelling is, from the name
as typed to two letters' difference. See `kulan.atlas.spellings` for the keys that are compared.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kulan.atlas.spellings import (
    fold,
    folded_words,
    is_arabic,
    joined,
    plain,
    skeletons,
    skeletons_of,
)

_AFTER_ALL = "\U0010ffff"
_LONGEST = 40  # letters of a key that are compared; names that differ only behind are rare
_LONG_SKELETON = 6  # consonants that tell a name even where vowels differ
_PASTED = 200  # characters of a query that are read
_ONE_SLIP, _TWO_SLIPS = 4, 7  # letters a query needs before one or two may be wrong


class Nearness(IntEnum):
    """How a name was found, the nearest first."""

    EXACT = 0
    PREFIX = 1
    SAME_SOUND = 2
    SOUND_PREFIX = 3
    WORD = 4
    SKELETON = 5
    ONE_LETTER = 6
    TWO_LETTERS = 7
    SKELETON_ONE_LETTER = 8


@dataclass(frozen=True)
class NameEntry:
    """One name of one thing.

    Attributes
    ----------
    name
        As written in its language.
    language
        BCP 47 code of the name's language; may be empty.
    kind
        What the thing is: species, place, state, layer.
    id
        The thing's name in the Atlas; all its names share it.
    weight
        Importance among names found alike, the greatest first.
    """

    name: str
    language: str
    kind: str
    id: str
    weight: float = 0.0


@dataclass(frozen=True)
class NameHit:
    """A name found, and how near it is to what was typed."""

    entry: NameEntry
    nearness: Nearness
    letters_apart: int = 0


@dataclass(frozen=True)
class _Keys:
    """Sorted keys and the entry of each."""

    keys: list[str]
    rows: NDArray[np.int64]

    @staticmethod
    def of(pairs: Iterable[tuple[str, int]]) -> "_Keys":
        ordered = sorted(pairs)
        rows = np.array([row for _, row in ordered], dtype=np.int64)
        return _Keys([key for key, _ in ordered], rows)

    def equal(self, key: str) -> NDArray[np.int64]:
        first = bisect_left(self.keys, key)
        return self.rows[first : bisect_left(self.keys, key + "\0", first)]

    def starting(self, key: str) -> NDArray[np.int64]:
        first = bisect_left(self.keys, key)
        return self.rows[first : bisect_left(self.keys, key + _AFTER_ALL, first)]


@dataclass(frozen=True)
class _Letters:
    """Keys as codes of letters, to compare a query with all of them at once."""

    codes: NDArray[np.uint8]
    lengths: NDArray[np.int64]
    letter_sets: NDArray[np.uint64]

    @staticmethod
    def of(keys: list[str]) -> "_Letters":
        cut = [key[:_LONGEST] for key in keys]
        codes = np.array([key.encode() for key in cut], dtype=f"S{_LONGEST}")
        table = codes.view(np.uint8).reshape(len(cut), _LONGEST)
        bits = np.where(table > 0, np.left_shift(np.uint64(1), table.astype(np.uint64) % 64), 0)
        sets = np.bitwise_or.reduce(bits.astype(np.uint64), axis=1)
        return _Letters(table, np.array([len(key) for key in cut], dtype=np.int64), sets)

    def within(self, key: str, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the keys at most so many letters from `key`, and how many."""
        wanted = _Letters.of([key])
        near = np.abs(self.lengths - wanted.lengths[0]) <= most
        # a letter put in place of another changes two members of the set of letters
        other = np.bitwise_count(self.letter_sets ^ wanted.letter_sets[0])
        rows = np.flatnonzero(near & (other <= 2 * most))
        rows = rows[self._letters_of_other_number(wanted, rows) <= 2 * most]
        apart = _letters_apart(key[:_LONGEST].encode(), self.codes[rows], self.lengths[rows])
        kept = apart <= most
        return rows[kept], apart[kept]

    def _letters_of_other_number(
        self, wanted: "_Letters", rows: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Sum, over the letters of the wanted key, how many more or fewer of it each row has."""
        codes, key = self.codes[rows], wanted.codes[0]
        total, known = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
        for letter in np.unique(key[key > 0]):
            has = (codes == letter).sum(axis=1)
            total += np.abs(has - (key == letter).sum())
            known += has
        return total + self.lengths[rows] - known


@dataclass(frozen=True)
class Gazetteer:
    """Names that can be searched; keys are made at the first search and kept.

    Attributes
    ----------
    entries
        The names, in any order: what is found does not depend on it.

    Examples
    --------
    >>> names = Gazetteer((
    ...     NameEntry("Saiga antelope", "en", "species", "saiga"),
    ...     NameEntry("Сайга", "ru", "species", "saiga"),
    ...     NameEntry("Ulytau", "", "place", "ulytau"),
    ... ))
    >>> [(hit.entry.id, hit.nearness.name) for hit in names.search("سایگا")]
    [('saiga', 'SKELETON')]
    >>> [(hit.entry.id, hit.nearness.name) for hit in names.search("Ұлытау")]
    [('ulytau', 'SAME_SOUND')]
    """

    entries: tuple[NameEntry, ...] = field(repr=False)

    def search(
        self, text: str, kinds: Collection[str] | None = None, *, limit: int = 10
    ) -> list[NameHit]:
        """Find names spelt like `text`, the nearest first, one for each thing.

        Parameters
        ----------
        text
            A name or its beginning, in any script.
        kinds
            Kinds of things to find; all when None.
        limit
            Most things to return.
        """
        text = text[:_PASTED]
        wanted, key = plain(text), fold(text)
        if not wanted or limit < 1 or not self.entries:
            return []
        allowed = self._allowed(kinds)
        found: dict[tuple[str, str], NameHit] = {}
        self._collect(found, self._spelt(wanted, key), allowed, limit)
        if len(found) < limit:  # what follows is farther away
            self._collect(found, self._skeleton_hits(text, key), allowed, limit)
        if len(found) < limit:
            self._collect(found, self._slips(text, key), allowed, limit)
        return list(found.values())

    def _collect(
        self,
        found: dict[tuple[str, str], NameHit],
        hits: list[tuple[Nearness, NDArray[np.int64], NDArray[np.int64] | int]],
        allowed: NDArray[np.bool_],
        limit: int,
    ) -> None:
        """Add the nearest hits that are allowed and not yet found."""
        for nearness, every, apart in hits:
            distances = np.broadcast_to(np.asarray(apart, dtype=np.int64), every.shape)
            kept = allowed[every]
            rows, distances = every[kept], distances[kept]
            for place in np.lexsort((self._standing[rows], distances)):
                if len(found) >= limit:
                    return
                entry = self.entries[rows[place]]
                hit = NameHit(entry, nearness, int(distances[place]))
                found.setdefault((entry.kind, entry.id), hit)

    def _spelt(
        self, wanted: str, key: str
    ) -> list[tuple[Nearness, NDArray[np.int64], NDArray[np.int64] | int]]:
        """Find names written as typed, or sounding so, from the beginning of the name or a word."""
        hits: list[tuple[Nearness, NDArray[np.int64], NDArray[np.int64] | int]] = [
            (Nearness.EXACT, self._plain_keys.equal(wanted), 0),
            (Nearness.PREFIX, self._plain_keys.starting(wanted), 0),
        ]
        if key:
            hits += [
                (Nearness.SAME_SOUND, self._folded_keys.equal(key), 0),
                (Nearness.SOUND_PREFIX, self._folded_keys.starting(key), 0),
                (Nearness.WORD, self._word_keys.starting(key), 0),
            ]
        return hits

    def _skeleton_hits(
        self, text: str, key: str
    ) -> list[tuple[Nearness, NDArray[np.int64], NDArray[np.int64] | int]]:
        """Find names with the same consonants; vowels are compared where both scripts have them."""
        readings = [reading for reading in skeletons(text) if len(reading) > 1]
        if not readings:
            return []
        rows = np.unique(np.concatenate([self._skeleton_keys.equal(one) for one in readings]))
        if is_arabic(text):
            return [(Nearness.SKELETON, rows, 0)]
        letters = self._letters
        apart = _letters_apart(key[:_LONGEST].encode(), letters.codes[rows], letters.lengths[rows])
        apart = np.where(self._without_vowels[rows], 0, apart)
        near = apart <= max(1, len(key) // 2)
        return [(Nearness.SKELETON, rows[near], apart[near])]

    def _slips(
        self, text: str, key: str
    ) -> list[tuple[Nearness, NDArray[np.int64], NDArray[np.int64] | int]]:
        """Find names one or two letters from what was typed, then skeletons one letter away."""
        hits: list[tuple[Nearness, NDArray[np.int64], NDArray[np.int64] | int]] = []
        if len(key) >= _ONE_SLIP:
            rows, apart = self._letters.within(key, 2 if len(key) >= _TWO_SLIPS else 1)
            hits += [
                (Nearness.ONE_LETTER, rows[apart <= 1], 1),
                (Nearness.TWO_LETTERS, rows[apart == 2], 2),
            ]
        for reading in skeletons(text):
            if len(reading) >= _ONE_SLIP:
                places, apart = self._skeleton_letters.within(reading, 1)
                rows = self._skeleton_keys.rows[places]
                sure = is_arabic(text) or len(reading) >= _LONG_SKELETON
                loose = sure | self._without_vowels[rows]
                hits.append((Nearness.SKELETON_ONE_LETTER, rows[loose], apart[loose]))
        return hits

    def _allowed(self, kinds: Collection[str] | None) -> NDArray[np.bool_]:
        if kinds is None:
            return np.ones(len(self.entries), dtype=bool)
        names, codes = self._kinds
        return np.isin(codes, [place for place, name in enumerate(names) if name in kinds])

    @cached_property
    def _kinds(self) -> tuple[list[str], NDArray[np.int64]]:
        names = sorted({entry.kind for entry in self.entries})
        places = {name: place for place, name in enumerate(names)}
        return names, np.array([places[entry.kind] for entry in self.entries], dtype=np.int64)

    @cached_property
    def _standing(self) -> NDArray[np.int64]:
        """Place of each entry among those found alike: weight, then the shortest, then by name."""

        def order(row: int) -> tuple[object, ...]:
            entry = self.entries[row]
            name = entry.name
            return (-entry.weight, len(name), name, entry.kind, entry.id, entry.language)

        standing = np.empty(len(self.entries), dtype=np.int64)
        standing[sorted(range(len(self.entries)), key=order)] = np.arange(len(self.entries))
        return standing

    @cached_property
    def _folded(self) -> list[list[str]]:
        return [folded_words(entry.name) for entry in self.entries]

    @cached_property
    def _plain_keys(self) -> _Keys:
        return _Keys.of((plain(entry.name), row) for row, entry in enumerate(self.entries))

    @cached_property
    def _folded_keys(self) -> _Keys:
        return _Keys.of((joined(words), row) for row, words in enumerate(self._folded))

    @cached_property
    def _word_keys(self) -> _Keys:
        return _Keys.of(
            (joined(words[start:]), row)
            for row, words in enumerate(self._folded)
            for start in range(1, len(words))
        )

    @cached_property
    def _skeleton_keys(self) -> _Keys:
        return _Keys.of(
            (reading, row)
            for row, (words, bare) in enumerate(
                zip(self._folded, self._without_vowels, strict=True)
            )
            for reading in skeletons_of(joined(words), vowels=not bare)
        )

    @cached_property
    def _letters(self) -> _Letters:
        return _Letters.of([joined(words) for words in self._folded])

    @cached_property
    def _skeleton_letters(self) -> _Letters:
        return _Letters.of(self._skeleton_keys.keys)

    @cached_property
    def _without_vowels(self) -> NDArray[np.bool_]:
        return np.array([is_arabic(entry.name) for entry in self.entries], dtype=bool)


def _letters_apart(
    key: bytes, codes: NDArray[np.uint8], lengths: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Count the letters to add, drop or change (Levenshtein) between `key` and each row."""
    width = int(lengths.max(initial=0))
    columns = np.ascontiguousarray(codes[:, :width].T)
    steps = np.arange(width + 1, dtype=np.int8)[:, None]
    line = np.broadcast_to(steps, (width + 1, len(lengths))).copy()
    for place, letter in enumerate(key, start=1):
        best = np.empty_like(line)
        best[0] = place
        np.minimum(line[1:] + np.int8(1), line[:-1] + (columns != letter), out=best[1:])
        for row in range(1, width + 1):  # an added letter costs one more than the place before
            np.minimum(best[row], best[row - 1] + np.int8(1), out=best[row])
        line = best
    return line[lengths, np.arange(len(lengths))].astype(np.int64)
