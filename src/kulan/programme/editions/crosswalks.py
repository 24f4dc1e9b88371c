"""Crosswalks: which action of one edition is which of another, as proposed and as people decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kulan.errors import UnknownNameError

KINDS = ("same", "renumbered", "reworded", "split", "merged", "new", "dropped")
STATES = ("proposed", "confirmed", "refused")
MORE_LIKE = "more like "
"""How a reason begins that speaks against a pair: another action reads more alike."""


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
    why
        The reason of the person who decided; empty while it is proposed.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    kind: str
    score: float
    reasons: tuple[str, ...] = ()
    state: str = "proposed"
    why: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether another action reads more alike, on either side."""
        return any(reason.startswith(MORE_LIKE) for reason in self.reasons)


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
    crosswalk: Crosswalk,
    before: Iterable[str],
    after: Iterable[str],
    state: str,
    *,
    why: str = "",
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
    why
        The reason, in the person's words.

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
        replace(pair, state=state, why=why) if (pair.before, pair.after) == wanted else pair
        for pair in crosswalk.pairs
    ]
    if not any((pair.before, pair.after) == wanted for pair in pairs):
        raise UnknownNameError(
            f"No pair of {', '.join(wanted[0]) or 'nothing'} with "
            f"{', '.join(wanted[1]) or 'nothing'}; see the crosswalk for those there are."
        )
    return replace(crosswalk, pairs=tuple(pairs))


def joined_by_hand(
    crosswalk: Crosswalk,
    before: str | Sequence[str],
    after: str | Sequence[str],
    *,
    why: str = "",
) -> Crosswalk:
    """Return the crosswalk with a pair that the machine did not see, confirmed.

    The actions leave the pairs in which they were proposed alone or with others; whoever they leave
    behind there becomes new or dropped, or stays proposed with what is left.

    Parameters
    ----------
    crosswalk
        As it is.
    before, after
        One action of each edition; several after one before for a split, several before one after
        for a merger.
    why
        The reason, in the person's words.

    Raises
    ------
    UnknownNameError
        If one of them is in no pair, a side names none, or both name several.

    Examples
    --------
    >>> walk = Crosswalk("a", "b", (Pair(("1",), (), "dropped", 0), Pair((), ("2",), "new", 0)))
    >>> [(pair.before, pair.after) for pair in joined_by_hand(walk, "1", "2").pairs]
    [(('1',), ('2',))]
    """
    left, right = _several(before), _several(after)
    if not left or not right or (len(left) > 1 and len(right) > 1):
        raise UnknownNameError(
            "A pair has one action on one side and one or more on the other. Name them so."
        )
    for side, keys in (("before", left), ("after", right)):
        for key in keys:
            if not any(key in getattr(pair, side) for pair in crosswalk.pairs):
                raise UnknownNameError(f"No action {key!r} in the {side} edition of the crosswalk.")
    pairs = [
        rest
        for pair in crosswalk.pairs
        if (rest := _without(pair, left, right)).before or rest.after
    ]
    kind = "same" if left == right else "renumbered"
    if len(left) > 1 or len(right) > 1:
        kind = "merged" if len(left) > 1 else "split"
    pairs.append(Pair(left, right, kind, 1.0, ("joined by a person",), "confirmed", why))
    return replace(crosswalk, pairs=tuple(pairs))


def _several(named: str | Sequence[str]) -> tuple[str, ...]:
    return (named,) if isinstance(named, str) else tuple(dict.fromkeys(named))


def _without(pair: Pair, before: Sequence[str], after: Sequence[str]) -> Pair:
    """Return what is left of a pair without some actions; itself, where it has none of them."""
    left = tuple(each for each in pair.before if each not in before)
    right = tuple(each for each in pair.after if each not in after)
    if (left, right) == (pair.before, pair.after):
        return pair
    kind = pair.kind
    if not left or not right:
        kind = "dropped" if left else "new"
    elif len(left) == len(right) == 1:
        kind = "reworded"
    return Pair(left, right, kind, pair.score, pair.reasons)
