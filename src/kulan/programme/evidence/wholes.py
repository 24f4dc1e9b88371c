"""How an action stands to its lettered parts: what shows a part shows something of the whole.

The rule, for an action with parts:

- an object that was declared for a part is declared for the action too;
- as soon as anything counts for a part, the action is under way;
- the action is done by its own requirements, or when every one of its parts is done;
- nothing of the action counts for a part, unless it was declared for that part.

It is kept by giving the action one more alternative: all that its parts ask for. So a status stays
one function of a declaration and objects, and adding evidence lowers none.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, product

from kulan.programme.evidence.declarations import Declaration, Requirement

Way = tuple[Requirement, ...]
# many parts with many ways each would give more combinations than anybody has agreed on
_MOST_WAYS = 500


def with_parts(own: Declaration, parts: Sequence[Declaration]) -> Declaration:
    """Return what shows an action that has parts: its own alternatives, and all of its parts.

    Parameters
    ----------
    own
        What the action itself asks for.
    parts
        What each of its parts asks for. Where nothing can show one of them, no number of the
        others makes the action done; they still show that it is under way.

    Examples
    --------
    >>> group = Declaration("p:1.a", ((Requirement("working_group"),),))
    >>> found = with_parts(Declaration("p:1", ((Requirement("agreement"),),)), [group])
    >>> [[(need.kind, need.of) for need in way] for way in found.alternatives]
    [[('agreement', '')], [('working_group', 'p:1.a')]]
    """
    shown = [_named(part) for part in parts if part.alternatives]
    if not shown:
        return own
    chosen_ways = islice(product(*shown), _MOST_WAYS)
    ways = [tuple(need for way in chosen for need in way) for chosen in chosen_ways]
    if len(shown) < len(parts):
        ways = [(*way, *told) for way in own.alternatives[:1] for told in ways]
    return replace(own, alternatives=(*own.alternatives, *map(_once, ways)))


def _named(part: Declaration) -> tuple[Way, ...]:
    return tuple(
        tuple(replace(need, of=need.of or part.action_key) for need in way)
        for way in part.alternatives
    )


def _once(way: Way) -> Way:
    return tuple(dict.fromkeys(way))
