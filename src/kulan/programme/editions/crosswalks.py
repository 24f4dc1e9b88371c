"""Crosswalks: which action of one edition is which of another, as proposed and as people decide."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kulan.errors import UnknownNameError

KINDS = ("same", "renumbered", "reworded", "split", "merged", "new", "dropped")
STATES = ("proposed", "confirmed", "refused")


@dataclass(frozen=True, slots=True)
class Pair:
    """Actions of two editions that are, or may be, the same.

    Attributes
    ----------
    before, after
        Keys in the earlier and the later edition. Two before and one after is a merger, one before
        and two after a split; none before is a new action, none after a dropped one.
    kind
        One of `KINDS`.
    score
        How alike they are, 0 to 1; what was not paired has the score of its best refused partner.
    reasons
        What speaks for it.
    state
        One of `STATES`.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    kind: str
    score: float
    reasons: tuple[str, ...] = ()
    state: str = "proposed"


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """All pairs between two editions, each action of either in exactly one that is not refused."""

    before_edition: str
    after_edition: str
    pairs: tuple[Pair, ...]

    def after(self, action_id: str) -> tuple[str, ...]:
        """Return what an action of the earlier edition became, by pairs that are not refused."""
        return tuple(
            each
            for pair in self.pairs
            if action_id in pair.before and pair.state != "refused"
            for each in pair.after
        )


def decided(
    crosswalk: Crosswalk, before: Iterable[str], after: Iterable[str], state: str
) -> Crosswalk:
    """Return the crosswalk with one pair confirmed, refused, or proposed again.

    Parameters
    ----------
    crosswalk
        As it is.
    before, after
        The pair's actions.
    state
        One of `STATES`.

    Raises
    ------
    UnknownNameError
        If it has no such pair, or there is no such state.

    Examples
    --------
    >>> walk = Crosswalk("a", "b", (Pair(("1.1",), ("1.2",), "renumbered", 0.9),))
    >>> decided(walk, ["1.1"], ["1.2"], "confirmed").pairs[0].state
    'confirmed'
    """
    if state not in STATES:
        raise UnknownNameError(f"No state {state!r} of a pair; Kulan knows {', '.join(STATES)}.")
    wanted = (tuple(before), tuple(after))
    pairs = [
        replace(pair, state=state) if (pair.before, pair.after) == wanted else pair
        for pair in crosswalk.pairs
    ]
    if not any((pair.before, pair.after) == wanted for pair in pairs):
        raise UnknownNameError(
            f"No pair of {', '.join(wanted[0]) or 'nothing'} with "
            f"{', '.join(wanted[1]) or 'nothing'}; see the crosswalk for those there are."
        )
    return replace(crosswalk, pairs=tuple(pairs))


def joined_by_hand(crosswalk: Crosswalk, before: str, after: str) -> Crosswalk:
    """Return the crosswalk with a pair that the machine did not see, confirmed.

    The two leave the pairs in which they were proposed alone or with others; whoever they leave
    behind there becomes new or dropped.

    Parameters
    ----------
    crosswalk
        As it is.
    before, after
        One action of each edition.

    Raises
    ------
    UnknownNameError
        If either is in no pair.

    Examples
    --------
    >>> walk = Crosswalk("a", "b", (Pair(("1",), (), "dropped", 0), Pair((), ("2",), "new", 0)))
    >>> [(pair.before, pair.after) for pair in joined_by_hand(walk, "1", "2").pairs]
    [(('1',), ('2',))]
    """
    for side, key in (("before", before), ("after", after)):
        if not any(key in getattr(pair, side) for pair in crosswalk.pairs):
            raise UnknownNameError(f"No action {key!r} in the {side} edition of the crosswalk.")
    pairs: list[Pair] = []
    for pair in crosswalk.pairs:
        if before not in pair.before and after not in pair.after:
            pairs.append(pair)
            continue
        left = tuple(each for each in pair.before if each != before)
        right = tuple(each for each in pair.after if each != after)
        if left or right:
            kind = pair.kind if left and right else "dropped" if left else "new"
            pairs.append(Pair(left, right, kind, pair.score, pair.reasons))
    kind = "same" if before == after else "renumbered"
    pairs.append(Pair((before,), (after,), kind, 1.0, ("joined by a person",), "confirmed"))
    return replace(crosswalk, pairs=tuple(pairs))
