"""How a status is computed from a declaration and the objects at hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from kulan.programme.evidence.declarations import Declaration, Requirement
from kulan.programme.evidence.objects import Evidence
from kulan.programme.evidence.statuses import Missing, Status, StatusAnswer

_Counts = dict[Requirement, list[Evidence]]


@dataclass(frozen=True, slots=True)
class _Weight:
    """What the objects at hand come to in one state, or in the whole where no state is known."""

    progress: Status
    share: float
    missing: tuple[Missing, ...]


def status_of(
    action_key: str,
    declaration: Declaration | None,
    evidence: Iterable[Evidence],
    *,
    states: Sequence[str],
    on: date,
    due: date | None = None,
    overtaken: bool = False,
) -> StatusAnswer:
    """Compute where an action stands on a day, with the objects that say so.

    It is done when every state it is for has all that one alternative asks for (a state may take
    another alternative than its neighbour), under way as soon as anything counts. `overdue`
    replaces both that and `not_started` after the due day; `overtaken` replaces all but `done`.
    With nothing declared, or thresholds by state and no states known, it cannot be computed.

    Parameters
    ----------
    action_key
        The action, as ``cami-2021:16.9``.
    declaration
        What would count; None where nothing is declared.
    evidence
        Objects at hand, in any order.
    states
        States the action is for, ISO 3166-1 alpha-3.
    on
        Day asked about; objects of later days do not count.
    due
        Last day on which it is in time; None where none is set.
    overtaken
        Whether it was decided that events have overtaken it.

    Examples
    --------
    >>> law = Requirement("law", per="state")
    >>> held = Evidence("law", "law:1", "Hunting act", date(2023, 5, 1), ("KAZ",), (), ("p:6.2",))
    >>> answer = status_of("p:6.2", Declaration("p:6.2", ((law,),)), [held],
    ...                    states=["KAZ", "UZB"], on=date(2024, 1, 1))
    >>> answer.status.value, answer.by_state["KAZ"].value, answer.missing[0].iso3
    ('under_way', 'done', 'UZB')
    """
    everywhere = tuple(dict.fromkeys(states))
    ways = declaration.computable(everywhere) if declaration is not None else ()
    usable = [item for item in evidence if item.day <= on]
    counts: _Counts = {
        need: [item for item in usable if need.takes(item, action_key, everywhere)]
        for way in ways
        for need in way
    }
    late = due is not None and on > due
    told = partial(_told, computable=bool(ways), late=late, overtaken=overtaken)
    weighed = {iso3: _weigh(ways, counts, iso3) for iso3 in everywhere or ("",)}
    counted = _in_order(item for items in counts.values() for item in items)
    progress = _together([weight.progress for weight in weighed.values()], bool(counted))
    return StatusAnswer(
        action_key=action_key,
        on=on,
        status=told(progress),
        progress=progress,
        share=sum(weight.share for weight in weighed.values()) / len(weighed),
        by_state={iso3: told(weighed[iso3].progress) for iso3 in everywhere},
        counted=counted,
        missing=tuple(dict.fromkeys(item for one in weighed.values() for item in one.missing)),
        beside=_in_order(
            item
            for item in usable
            if item.is_for(action_key) and not item.withdrawn and item not in counted
        ),
        last_evidence=max((item.day for item in counted), default=None),
    )


def _weigh(ways: tuple[tuple[Requirement, ...], ...], counts: _Counts, iso3: str) -> _Weight:
    """Return how far one state has come by the alternative that is nearest there."""
    if not ways:
        return _Weight(Status.not_started, 0.0, ())
    lacks = [_missing(way, counts, iso3) for way in ways]
    nearest = min(lacks, key=lambda items: sum(item.lacking for item in items))
    share = max(
        1 - sum(item.lacking for item in items) / sum(need.at_least for need in way)
        for way, items in zip(ways, lacks, strict=True)
    )
    if not nearest:
        return _Weight(Status.done, share, nearest)
    started = any(_have(need, counts, iso3) for need in counts)
    return _Weight(Status.under_way if started else Status.not_started, share, nearest)


def _missing(way: tuple[Requirement, ...], counts: _Counts, iso3: str) -> tuple[Missing, ...]:
    """Return what one alternative still lacks in one state."""
    return tuple(
        Missing(need, iso3 if need.per == "state" else "", have)
        for need in way
        if (have := _have(need, counts, iso3)) < need.at_least
    )


def _have(need: Requirement, counts: _Counts, iso3: str) -> int:
    """Return how many different objects a requirement has in one state."""
    return len({item.reference for item in counts[need] if need.takes_in(item, iso3)})


def _together(states: list[Status], counted: bool) -> Status:
    """Return how far the whole has come, from its states."""
    if all(progress is Status.done for progress in states):
        return Status.done
    return Status.under_way if counted else Status.not_started


def _told(progress: Status, *, computable: bool, late: bool, overtaken: bool) -> Status:
    """Return the status to tell, from how far it has come and what else is known."""
    if progress is Status.done:
        return progress
    if overtaken:
        return Status.overtaken
    if not computable:
        return Status.cannot_be_computed
    return Status.overdue if late else progress


def _in_order(items: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return each object once, oldest first, in an order that does not depend on theirs."""
    return tuple(
        sorted(set(items), key=lambda item: (item.day, item.kind, item.reference, repr(item)))
    )
