"""Progress carried from one edition to the next, so that a new text does not reset the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kulan.programme.editions.crosswalks import Crosswalk, Pair

# from least to most, for a merger: what is merged is as far as its least part
_ORDER = ("not_started", "overdue", "under_way", "done")


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of the status of an action.

    Attributes
    ----------
    before
        Actions of the earlier edition.
    after
        The action of the later edition; empty where there is none.
    status
        What it starts with; empty where nothing is carried.
    carried
        Whether the status was carried.
    to_look_at
        Whether a person should look at it all the same.
    reason
        Why it was, or was not.
    """

    before: tuple[str, ...]
    after: str
    status: str
    carried: bool
    to_look_at: bool
    reason: str


def carried_across(crosswalk: Crosswalk, statuses: Mapping[str, str]) -> tuple[Carried, ...]:
    """Carry statuses over a crosswalk, by confirmed pairs alone.

    What only changed its number keeps its status. What was reworded keeps it and is to be looked
    at. Parts of a split each keep it unless it was done: then one part may not be, and each starts
    as under way. A merger has the least of its statuses. New actions have not started.

    Parameters
    ----------
    crosswalk
        With what people decided.
    statuses
        By action of the earlier edition, as `kulan.programme.evidence` names them.

    Examples
    --------
    >>> walk = Crosswalk("a", "b", (Pair(("1.1",), ("1.2",), "renumbered", 1, (), "confirmed"),))
    >>> carried_across(walk, {"1.1": "done"})[0].status
    'done'
    """
    return tuple(one for pair in crosswalk.pairs for one in _carried(pair, statuses))


def _carried(pair: Pair, statuses: Mapping[str, str]) -> list[Carried]:
    held = [statuses.get(each, "not_started") for each in pair.before]
    if not pair.after:
        reason = "dropped from the later edition; its history stays with the earlier one"
        return [Carried(pair.before, "", "", carried=False, to_look_at=True, reason=reason)]
    if not pair.before:
        return [
            Carried((), each, "not_started", carried=False, to_look_at=False, reason="new")
            for each in pair.after
        ]
    if pair.state != "confirmed":
        reason = (
            "the pair was refused"
            if pair.state == "refused"
            else "the pair is proposed; a person has not confirmed it yet"
        )
        return [
            Carried(pair.before, each, "", carried=False, to_look_at=True, reason=reason)
            for each in pair.after
        ]
    status, to_look_at, reason = status_over(pair, held)
    return [
        Carried(pair.before, each, status, carried=True, to_look_at=to_look_at, reason=reason)
        for each in pair.after
    ]


def status_over(pair: Pair, held: Sequence[str]) -> tuple[str, bool, str]:
    """Return what a status becomes over a pair, whether to look at it, and why.

    Parameters
    ----------
    pair
        A confirmed pair.
    held
        Status of each of its earlier actions, in their order.

    Examples
    --------
    >>> status_over(Pair(("1",), ("1", "2"), "split", 1, (), "confirmed"), ["done"])[0]
    'under_way'
    """
    if len(pair.before) > 1:
        known = [each for each in held if each in _ORDER]
        least = min(known, key=_ORDER.index) if len(known) == len(held) else held[0]
        return least, len(set(held)) > 1, "merged: the least of the statuses it was merged from"
    if len(pair.after) > 1:
        status = "under_way" if held[0] == "done" else held[0]
        return status, True, "split: what was done as a whole may not be in each part"
    if pair.kind == "reworded":
        return held[0], True, "reworded: whether the old evidence still counts is to be looked at"
    return held[0], False, "the same action"
