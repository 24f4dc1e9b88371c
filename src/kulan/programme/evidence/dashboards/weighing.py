"""One action weighed on many days and in all its states at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from kulan.programme.actions import Action, action_key
from kulan.programme.evidence.dashboards.indexing import Flags, Index, Ints
from kulan.programme.evidence.declarations import Declaration, Requirement
from kulan.programme.evidence.statuses import STATUS_NAMES, Missing, Status

STATUSES = tuple(STATUS_NAMES)
"""Statuses in the order of charts; a code of a board is the place in it."""

NOT_ASKED = -1
"""Code where an action is not for a state."""

CODES = {status: code for code, status in enumerate(STATUSES)}
"""Code of each status."""

Codes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Asked:
    """An action to be weighed, with what its weighing needs.

    Attributes
    ----------
    action
        The action, which says its section, species, leads and priority.
    states
        States it is for.
    declaration
        What would count; None where nothing is declared.
    due
        Last day on which it is in time.
    overtaken
        Whether it was decided that events have overtaken it.
    """

    action: Action
    states: tuple[str, ...]
    declaration: Declaration | None
    due: date | None = None
    overtaken: bool = False

    @property
    def key(self) -> str:
        """Key of the action."""
        return action_key(self.action)


@dataclass(frozen=True, slots=True)
class Weight:
    """What the objects come to for one action; arrays are by day and by its own states.

    Attributes
    ----------
    columns
        Columns of the index that are the states of the action.
    status, by_state
        Codes into `STATUSES`: by day, and by day and state.
    lacking, lacking_by_state
        Objects that lack by the nearest alternative on the last day.
    last, last_by_state
        Ordinal of the newest day of what counts, 0 where nothing does, on the last day.
    single
        The one requirement that lacks one object, by state ("" for the whole).
    """

    columns: Ints
    status: Codes
    by_state: Codes
    lacking: int
    lacking_by_state: Ints
    last: int
    last_by_state: Ints
    single: Mapping[str, Missing]


@dataclass(frozen=True, slots=True)
class _Needs:
    """What each requirement of an action has: entries of the index, and counts by day and state."""

    ways: tuple[tuple[Requirement, ...], ...]
    found: dict[Requirement, Ints]
    have: dict[Requirement, Ints]

    def lacks(self, need: Requirement) -> Ints:
        """Return how many objects a requirement lacks, by day and state."""
        return np.maximum(need.at_least - self.have[need], 0)


def weigh(item: Asked, index: Index, days: Ints) -> Weight:
    """Weigh one action on all days.

    Parameters
    ----------
    item
        The action.
    index
        The objects, laid out for states that include the action's.
    days
        Days asked about, as ordinals.
    """
    everywhere = tuple(dict.fromkeys(item.states))
    columns = np.array([index.states.index(iso3) for iso3 in everywhere], dtype=np.int64)
    needs = _needs(item, index, columns, days)
    shape = (len(days), max(len(everywhere), 1))
    done: Flags = np.zeros(shape, dtype=bool)
    started: Flags = np.zeros(shape, dtype=bool)
    missing: list[tuple[Missing, ...]] = [() for _ in everywhere or ("",)]
    if needs.ways:
        totals = np.stack(
            [np.sum([needs.lacks(need) for need in way], axis=0) for way in needs.ways]
        )
        done = totals.min(axis=0) == 0
        started = np.logical_or.reduce([counts > 0 for counts in needs.have.values()])
        missing = _missing(needs, totals[:, -1].argmin(axis=0), everywhere)
    whole = tuple(dict.fromkeys(one for items in missing for one in items))
    whole_done: Flags = np.logical_and.reduce(done, axis=1)
    on = int(days[-1])
    newest = {need: _newest(index, needs.found[need], on) for need in needs.found}
    return Weight(
        columns=columns,
        status=_codes(item, days, whole_done, _counted(needs, index, days), needs),
        by_state=_codes(item, days[:, None], done, started, needs)[:, : len(everywhere)],
        lacking=_lacking(whole),
        lacking_by_state=np.array([_lacking(items) for items in missing])[: len(everywhere)],
        last=max(newest.values(), default=0),
        last_by_state=_newest_by_state(needs, newest, index, columns, on),
        single={
            iso3: items[0]
            for iso3, items in [("", whole), *zip(everywhere, missing, strict=False)]
            if _lacking(items) == 1
        },
    )


def _needs(item: Asked, index: Index, columns: Ints, days: Ints) -> _Needs:
    ways = item.declaration.computable(item.states) if item.declaration is not None else ()
    found = {
        need: index.candidates(need, item.key, columns)
        for need in dict.fromkeys(need for way in ways for need in way)
    }
    have = {need: index.have(entries, need, columns, days) for need, entries in found.items()}
    return _Needs(ways, found, have)


def _counted(needs: _Needs, index: Index, days: Ints) -> Flags:
    """Return on which days anything counts."""
    oldest = [int(index.days[entries].min()) for entries in needs.found.values() if len(entries)]
    return days >= min(oldest) if oldest else np.zeros(len(days), dtype=bool)


def _codes(item: Asked, days: Ints, done: Flags, started: Flags, needs: _Needs) -> Codes:
    """Return codes of statuses, by the order in which `status_of` decides."""
    late = days > item.due.toordinal() if item.due is not None else np.zeros_like(days, dtype=bool)
    told = np.where(started, CODES[Status.under_way], CODES[Status.not_started])
    told = np.where(late, CODES[Status.overdue], told)
    if not needs.ways:
        told = np.full_like(told, CODES[Status.cannot_be_computed])
    if item.overtaken:
        told = np.full_like(told, CODES[Status.overtaken])
    return np.where(done, CODES[Status.done], told).astype(np.int8)


def _missing(
    needs: _Needs, nearest: Ints, everywhere: tuple[str, ...]
) -> list[tuple[Missing, ...]]:
    """Return what lacks in each state by its nearest alternative, on the last day."""
    have = {need: counts[-1].tolist() for need, counts in needs.have.items()}
    return [
        tuple(
            Missing(need, iso3 if need.per == "state" else "", have[need][column])
            for need in needs.ways[way]
            if have[need][column] < need.at_least
        )
        for column, (iso3, way) in enumerate(
            zip(everywhere or ("",), nearest.tolist(), strict=True)
        )
    ]


def _lacking(items: tuple[Missing, ...]) -> int:
    return sum(one.lacking for one in items)


def _newest(index: Index, entries: Ints, on: int) -> int:
    days = index.days[entries]
    return int(days[days <= on].max(initial=0))


def _newest_by_state(
    needs: _Needs, newest: Mapping[Requirement, int], index: Index, columns: Ints, on: int
) -> Ints:
    """Return the newest day of what counts in each state."""
    told = np.zeros(len(columns), dtype=np.int64)
    for need, entries in needs.found.items():
        if need.per != "state":
            told = np.maximum(told, newest[need])
        elif newest[need]:
            days = np.where(index.days[entries] <= on, index.days[entries], 0)
            there = index.member[np.ix_(entries, columns)]
            told = np.maximum(told, (days[:, None] * there).max(axis=0))
    return told
