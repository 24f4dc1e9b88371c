"""Two editions aligned by machine: an optimal assignment, splits and mergers, with reasons."""

import re
from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from scipy.optimize import linear_sum_assignment

from kulan.programme.editions.crosswalks import MORE_LIKE, Crosswalk, Pair
from kulan.programme.editions.stated import Stated
from kulan.programme.text.wording import folded

# Weights were tried on editions shuffled, renumbered and reworded by ourselves (see the tests);
# words decide, the section and the number settle what words leave open.
_WORDS, _SECTION, _NUMBER = 0.75, 0.17, 0.08
_LEAST = 0.3
# letters of two sentences on different matters are about so much alike
_CHANCE = 0.4
_SAME_WORDS = 0.97
# by how much a split or merger must read better than the pair alone
_BETTER = 0.08
_COVERED = 0.6

# letters of a word that are compared: most endings of the three languages stand after them
_STEM = 6

Matrix = npt.NDArray[np.float64]


def aligned(
    before: Sequence[Stated], after: Sequence[Stated], *, editions: tuple[str, str] = ("", "")
) -> Crosswalk:
    """Propose which action of one edition is which of another.

    Every pair of actions gets a score of likeness from its words, its section and its number; the
    assignment with the greatest sum is taken (Kuhn 1955, doi:10.1002/nav.3800020109; algorithm of
    Crouse 2016, doi:10.1109/TAES.2016.140952, as in SciPy), and pairs below a least score are
    taken apart. A pair of two that are not each other's nearest says so. What then stands alone is
    tried as the other half of a split or a merger. All are proposals: a person confirms or refuses
    them.

    Parameters
    ----------
    before, after
        Actions of the two editions, words in one language. Where either side has no words, only
        sections and numbers are compared, and the reasons say so.
    editions
        Names of the two.

    Examples
    --------
    >>> old = [Stated("1.1", "Law", "Count the horns sold"), Stated("1.2", "Law", "Train rangers")]
    >>> new = [Stated("1.1", "Law", "Train the rangers"), Stated("1.2", "Law", "Ban drones")]
    >>> [(pair.before, pair.after, pair.kind) for pair in aligned(old, new).pairs]
    [(('1.1',), (), 'dropped'), (('1.2',), ('1.1',), 'reworded'), ((), ('1.2',), 'new')]
    """
    if not before or not after:
        pairs = [Pair((one.action_id,), (), "dropped", 0.0) for one in before]
        pairs += [Pair((), (one.action_id,), "new", 0.0) for one in after]
        return Crosswalk(*editions, tuple(pairs))
    words, sections = _words_alike(before, after), _sections_alike(before, after)
    scores = _scores(before, after, words, sections)
    rows, columns = linear_sum_assignment(scores, maximize=True)
    partner = {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if scores[row, column] >= _LEAST
    }
    splits = _halves(before, after, partner, scores)
    mergers = _halves(after, before, {b: a for a, b in partner.items()}, scores.T)
    pairs = _pairs(before, after, partner, (splits, mergers), (scores, words, sections))
    return Crosswalk(*editions, tuple(pairs))


def _words_alike(before: Sequence[Stated], after: Sequence[Stated]) -> Matrix:
    """Return how alike the words of every pair are; -1 where either has none."""
    left, right = [folded(one.words) for one in before], [folded(one.words) for one in after]
    in_order = process.cdist(left, right, scorer=fuzz.ratio, dtype=np.float64)
    in_any_order = process.cdist(left, right, scorer=fuzz.token_sort_ratio, dtype=np.float64)
    alike: Matrix = np.maximum(in_order, in_any_order) / 100
    alike[[not one for one in left], :] = -1
    alike[:, [not one for one in right]] = -1
    return alike


def _rare_words_shared(before: Sequence[Stated], after: Sequence[Stated]) -> Matrix:
    """Return how far each pair shares the words that few others have, 0 to 1.

    This is the cosine of word counts weighted by rarity (Salton & Buckley 1988,
    doi:10.1016/0306-4573(88)90021-0), on the first letters of words, so that an ending says
    nothing. It sees a short title in a long sentence, which a comparison of letters does not.
    """
    stems = [_stems(one.words) for one in (*before, *after)]
    places = {stem: place for place, stem in enumerate(sorted({*chain.from_iterable(stems)}))}
    counts = np.zeros((len(stems), max(1, len(places))))
    for row, found in enumerate(stems):
        for stem in found:
            counts[row, places[stem]] = 1.0
    weighted = counts * np.log(len(stems) / np.maximum(counts.sum(axis=0), 1))
    lengths = np.linalg.norm(weighted, axis=1, keepdims=True)
    directions = weighted / np.where(lengths > 0, lengths, 1)
    cosines: Matrix = directions[: len(before)] @ directions[len(before) :].T
    return cosines


def _stems(words: str) -> set[str]:
    return {word[:_STEM] for word in re.findall(r"\w+", folded(words)) if len(word) > 3}


def _sections_alike(before: Sequence[Stated], after: Sequence[Stated]) -> Matrix:
    left, right = [folded(one.section) for one in before], [folded(one.section) for one in after]
    alike: Matrix = process.cdist(left, right, scorer=fuzz.token_sort_ratio, dtype=np.float64) / 100
    for row, one in enumerate(before):
        for column, other in enumerate(after):
            if one.species and other.species:
                shared = len({*one.species} & {*other.species})
                alike[row, column] = shared / len({*one.species} | {*other.species})
    return alike


def _scores(
    before: Sequence[Stated], after: Sequence[Stated], words: Matrix, sections: Matrix
) -> Matrix:
    numbers = np.array(
        [[_numbers_alike(one.action_id, other.action_id) for other in after] for one in before]
    )
    told = np.clip((words - _CHANCE) / (1 - _CHANCE), 0, 1)
    told = np.maximum(told, _rare_words_shared(before, after))
    with_words = _WORDS * told + _SECTION * sections + _NUMBER * numbers
    without = 0.5 * sections + 0.5 * numbers
    scores: Matrix = np.where(words < 0, without, with_words)
    return scores


def _numbers_alike(one: str, other: str) -> float:
    """Return 1 for the same number, half for one section, with less the further apart they are."""
    if one == other:
        return 1.0
    (section, _, minor), (other_section, _, other_minor) = one.partition("."), other.partition(".")
    if section != other_section:
        return 0.0
    apart = abs(_figure(minor) - _figure(other_minor))
    return 0.5 / (1 + apart)


def _figure(minor: str) -> int:
    digits = "".join(letter for letter in minor.split(".", maxsplit=1)[0] if letter.isdigit())
    return int(digits or 0)


def _halves(
    whole: Sequence[Stated], parts: Sequence[Stated], partner: dict[int, int], scores: Matrix
) -> dict[int, int]:
    """Return, for single `parts`, the `whole` of which each is the second half.

    It is one when the words of the two parts together are clearly more like the whole than those
    of the first part alone, and nearly all words of the second stand in the whole.
    """
    taken = set(partner.values())
    found: dict[int, int] = {}
    for single in range(len(parts)):
        if single in taken or not parts[single].words:
            continue
        for index in np.argsort(-scores[:, single])[:8]:
            place = int(index)
            if place not in partner or place in found.values():
                continue
            first, second = parts[partner[place]].words, parts[single].words
            all_words = folded(whole[place].words)
            alone = fuzz.token_sort_ratio(folded(first), all_words) / 100
            together = fuzz.token_sort_ratio(folded(f"{first} {second}"), all_words) / 100
            if together >= alone + _BETTER and _covered(second, all_words) >= _COVERED:
                found[single] = place
                break
    return found


def _covered(words: str, other: str) -> float:
    """Return which share of the longer words of a text stand in another."""
    long = [word for word in folded(words).split() if len(word) > 3]
    held = set(other.split())
    return sum(word in held for word in long) / len(long) if long else 0.0


def _pairs(
    before: Sequence[Stated],
    after: Sequence[Stated],
    partner: dict[int, int],
    halves: tuple[dict[int, int], dict[int, int]],
    measures: tuple[Matrix, Matrix, Matrix],
) -> list[Pair]:
    splits, mergers = halves
    scores, words, sections = measures
    second_after = {whole: single for single, whole in splits.items()}
    second_before = {whole: single for single, whole in mergers.items()}
    pairs = []
    for row, one in enumerate(before):
        if row in mergers:
            continue  # told with the action it is merged into
        if row not in partner:
            pairs.append(Pair((one.action_id,), (), "dropped", _rounded(scores[row].max())))
            continue
        column = partner[row]
        ids_before, ids_after = [one.action_id], [after[column].action_id]
        kind = _kind(one.action_id, after[column].action_id, words[row, column])
        if row in second_after:
            both = sorted((column, second_after[row]))
            ids_after = [after[place].action_id for place in both]
            kind = "split"
        elif column in second_before:
            both = sorted((row, second_before[column]))
            ids_before = [before[place].action_id for place in both]
            kind = "merged"
        reasons = (
            *_reasons(one, after[column], words[row, column], sections[row, column]),
            *_doubts(scores, (row, column), before, after),
        )
        score = _rounded(scores[row, column])
        pairs.append(Pair(tuple(ids_before), tuple(ids_after), kind, score, reasons))
    taken = {*partner.values(), *splits}
    pairs += [
        Pair((), (other.action_id,), "new", _rounded(scores[:, column].max()))
        for column, other in enumerate(after)
        if column not in taken
    ]
    return pairs


def _doubts(
    scores: Matrix, place: tuple[int, int], before: Sequence[Stated], after: Sequence[Stated]
) -> list[str]:
    """Return which other action reads more alike, on either side.

    Two that are not each other's nearest (Gowda and Krishna 1978,
    doi:10.1016/0031-3203(78)90018-3) were paired because the nearer one was taken: what is new and
    sounds like its neighbours is often paired so.
    """
    row, column = place
    score, doubts = scores[row, column], []
    nearest, nearest_before = int(scores[row].argmax()), int(scores[:, column].argmax())
    if scores[row, nearest] > score:
        doubts.append(f"{MORE_LIKE}{after[nearest].action_id} of the later edition")
    if scores[nearest_before, column] > score:
        doubts.append(f"{MORE_LIKE}{before[nearest_before].action_id} of the earlier edition")
    return doubts


def _rounded(score: float) -> float:
    return round(float(score), 3)


def _kind(before: str, after: str, words: float) -> str:
    if 0 <= words < _SAME_WORDS:
        return "reworded"
    return "same" if before == after else "renumbered"


def _reasons(one: Stated, other: Stated, words: float, section: float) -> tuple[str, ...]:
    found = [f"words {words:.0%} alike" if words >= 0 else "no words in a common language"]
    if one.species and one.species == other.species:
        found.append("same species")
    elif section > 0.9:
        found.append("same section")
    if one.action_id == other.action_id:
        found.append("same number")
    return tuple(found)
