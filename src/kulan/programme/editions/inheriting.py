"""What would count, and what counts, for an action that an earlier edition had already.

Nothing is copied: evidence stays with the action it was given for, and is read for the action that
became of it. So what is withdrawn there counts no more here, and who may not see it there does not
here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from kulan.programme.evidence import Declaration, Evidence, Requirement

_MOST_WAYS = 12
# what is asked of a part beside what was asked of the whole: somebody has looked at the part
_OF_A_PART = "report"


@dataclass(frozen=True, slots=True)
class Link:
    """A confirmed pair, seen from an action of the later edition.

    Attributes
    ----------
    after
        Key of the action.
    before
        Keys of the actions it was before; several where they were merged.
    kind
        One of `kulan.programme.editions.KINDS`.
    """

    after: str
    before: tuple[str, ...]
    kind: str


def inherited(link: Link, declared: Mapping[str, Declaration]) -> Declaration | None:
    """Return what would count for an action by what would for those it was before.

    The same, where it kept, changed or moved its words. For two merged, what both ask for. For a
    part of one that was split, what the whole asks for and a report that names the part: what was
    done as a whole may not be in each part, so no evidence for the whole alone makes a part done.

    Parameters
    ----------
    link
        The confirmed pair.
    declared
        What would count for actions of the earlier edition, by key.

    Examples
    --------
    >>> before = {"a:1": Declaration("a:1", ((Requirement("law"),),))}
    >>> told = inherited(Link("b:1", ("a:1",), "split"), before)
    >>> [need.kind for need in told.alternatives[0]]
    ['law', 'report']
    """
    known = [declared[key] for key in link.before if key in declared]
    if not known or len(known) < len(link.before):
        return None
    ways = [
        tuple(dict.fromkeys(need for way in together for need in way))
        for together in islice(product(*(one.alternatives for one in known)), _MOST_WAYS)
    ]
    if link.kind == "split":
        ways = [_of_a_part(way) for way in ways]
    reason = " ".join(dict.fromkeys(one.reason for one in known if one.reason))
    return Declaration(link.after, tuple(ways), reason)


def _of_a_part(way: Sequence[Requirement]) -> tuple[Requirement, ...]:
    # one for a part of the whole, or for any action of the species, is met without a look at this
    asked = any(need.kind == _OF_A_PART and need.only_linked and not need.of for need in way)
    return tuple(way) if asked else (*way, Requirement(_OF_A_PART))


def read_for(evidence: Iterable[Evidence], links: Iterable[Link]) -> tuple[Evidence, ...]:
    """Return evidence with the actions added that became of those it was given for.

    A report on what was split is no report on a part of it: it stays with the whole.

    Parameters
    ----------
    evidence
        As it was given.
    links
        Confirmed pairs.

    Examples
    --------
    >>> from datetime import date
    >>> law = Evidence("law", "law:1", "Act", date(2024, 1, 1), actions=("a:1",))
    >>> read_for([law], [Link("b:2", ("a:1",), "renumbered")])[0].actions
    ('a:1', 'b:2')
    """
    became: dict[str, list[Link]] = {}
    for link in links:
        for key in link.before:
            became.setdefault(key, []).append(link)
    if not became:
        return tuple(evidence)
    return tuple(_read(one, became) for one in evidence)


def _read(one: Evidence, became: Mapping[str, list[Link]]) -> Evidence:
    more = [
        link.after
        # what shows a part of an action shows something of the action, here as there
        for key in (*one.actions, *sorted(one.wholes() - set(one.actions)))
        for link in became.get(key, ())
        if not (link.kind == "split" and one.kind == _OF_A_PART)
    ]
    return replace(one, actions=tuple(dict.fromkeys((*one.actions, *more)))) if more else one
