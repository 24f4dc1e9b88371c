"""What a board comes to: counts by facet, what is stalled, what one more object would complete."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kulan.programme.evidence.dashboards.boards import Board
from kulan.programme.evidence.dashboards.indexing import Flags
from kulan.programme.evidence.dashboards.weighing import CODES, NOT_ASKED, STATUSES, Asked, Codes
from kulan.programme.evidence.statuses import Missing, Status

FACETS = ("section", "state", "species", "landscape", "lead", "priority")
"""By what actions are counted and chosen."""

PRIORITIES = ("high", "medium", "low", "")
"""Values of the facet priority, highest first; empty where none is printed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which actions to look at; an empty value chooses all.

    Attributes
    ----------
    section, species, landscape, lead, priority
        Value the action must have for that facet.
    state
        State the action must be for; statuses told are then those in that state.
    """

    section: str = ""
    state: str = ""
    species: str = ""
    landscape: str = ""
    lead: str = ""
    priority: str = ""

    def without(self, facet: str) -> "Choice":
        """Return the same choice with one facet left open.

        Parameters
        ----------
        facet
            One of `FACETS`.
        """
        told = {name: getattr(self, name) for name in FACETS if name != facet}
        return Choice(**told)


@dataclass(frozen=True, slots=True)
class OneMore:
    """An object that alone would complete an action, or it in a state.

    Attributes
    ----------
    asked
        The action.
    missing
        What the object must be: its kind, species and state.
    completes_action
        Whether the whole action would be done.
    completes_states
        States in which the action would be done that is not done there yet.
    """

    asked: Asked
    missing: Missing
    completes_action: bool
    completes_states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stalled:
    """An action that is not done and has had no new evidence for long.

    Attributes
    ----------
    asked
        The action.
    status
        Where it stands.
    last_evidence
        Newest day of what counts; None where nothing ever did.
    days_without
        Days since then, or since the start of the count where nothing counts.
    """

    asked: Asked
    status: Status
    last_evidence: date | None
    days_without: int


def values_of(item: Asked, facet: str) -> tuple[str, ...]:
    """Return the values an action has for a facet; several count it in several rows.

    Parameters
    ----------
    item
        The action.
    facet
        One of `FACETS`.
    """
    one = item.action
    return {
        "section": (one.section_id,),
        "state": item.states,
        "species": one.species,
        "landscape": one.landscapes,
        "lead": one.leads,
        "priority": _between(one.priority.low, one.priority.high),
    }[facet]


def _between(low: str, high: str) -> tuple[str, ...]:
    """Return every priority of an interval, the highest first."""
    return PRIORITIES[PRIORITIES.index(high) : PRIORITIES.index(low) + 1]


def chosen(board: Board, choice: Choice) -> Flags:
    """Return which actions of a board a choice means.

    Parameters
    ----------
    board
        The board.
    choice
        The choice.
    """
    told = np.ones(len(board.asked), dtype=bool)
    for facet in FACETS:
        if value := getattr(choice, facet):
            told &= np.array([value in values_of(item, facet) for item in board.asked], dtype=bool)
    return told


def statuses(board: Board, choice: Choice) -> Codes:
    """Return codes of statuses by day and action: of the whole, or in the state chosen.

    Parameters
    ----------
    board
        The board.
    choice
        The choice; of its facets only the state matters here. Of a state that no action is for,
        nothing is told.
    """
    if not choice.state:
        return board.status
    if choice.state not in board.states:
        return np.full_like(board.status, NOT_ASKED)
    return board.by_state[:, :, board.states.index(choice.state)]


def tally(board: Board, facet: str, choice: Choice) -> pd.DataFrame:
    """Count actions by value of a facet and by status, on the last day.

    Parameters
    ----------
    board
        The board.
    facet
        One of `FACETS`. By state, each state's own statuses are counted.
    choice
        Which actions.

    Returns
    -------
    DataFrame
        One row for each value that any chosen action has, in order of first appearance (states in
        order of code); a column for each status and `total`. An action with several values stands
        in several rows, so that rows do not add up to the number of actions.
    """
    mask = chosen(board, choice)
    if facet == "state":
        names = [iso3 for iso3 in board.states if choice.state in ("", iso3)]
        columns = [board.states.index(iso3) for iso3 in names]
        lists = [board.by_state[-1, mask, column] for column in columns]
        return _counts(names, lists)
    codes = statuses(board, choice)[-1]
    rows: dict[str, list[int]] = {}
    for place in np.flatnonzero(mask):
        for value in values_of(board.asked[place], facet):
            rows.setdefault(value, []).append(int(codes[place]))
    return _counts(rows, [np.array(codes, dtype=np.int8) for codes in rows.values()])


def over_time(board: Board, choice: Choice) -> pd.DataFrame:
    """Count actions by status on each day of a board.

    Parameters
    ----------
    board
        The board.
    choice
        Which actions.
    """
    mask, codes = chosen(board, choice), statuses(board, choice)
    days = [day.isoformat() for day in board.days]
    return _counts(days, [row[mask] for row in codes])


def _counts(names: Iterable[str], lists: list[Codes]) -> pd.DataFrame:
    counted = [np.bincount(codes[codes >= 0], minlength=len(STATUSES)) for codes in lists]
    table = np.array(counted, dtype=np.int64).reshape(len(lists), len(STATUSES))
    frame = pd.DataFrame(table, columns=[status.value for status in STATUSES])
    frame.insert(0, "value", list(names))
    frame["total"] = table.sum(axis=1)
    return frame[frame["total"] > 0].reset_index(drop=True)


def stalled(board: Board, choice: Choice, *, days_without: int, since: date) -> tuple[Stalled, ...]:
    """Return actions that are not done and had no new evidence for so many days, longest first.

    Those that events have overtaken, or that cannot be computed, are not among them.

    Parameters
    ----------
    board
        The board; its last day is today.
    choice
        Which actions; with a state, what counts in that state.
    days_without
        Days without new evidence.
    since
        Day from which to count where nothing counts yet: the start of the edition.
    """
    mask, codes = chosen(board, choice), statuses(board, choice)[-1]
    waiting = [CODES[Status.not_started], CODES[Status.under_way], CODES[Status.overdue]]
    newest = board.last_evidence
    if choice.state in board.states:
        newest = board.last_by_state[:, board.states.index(choice.state)]
    today = board.days[-1].toordinal()
    idle = today - np.where(newest > 0, newest, since.toordinal())
    places = np.flatnonzero(mask & np.isin(codes, waiting) & (idle >= days_without))
    found = [
        Stalled(
            board.asked[place],
            STATUSES[codes[place]],
            date.fromordinal(int(newest[place])) if newest[place] else None,
            int(idle[place]),
        )
        for place in places
    ]
    return tuple(sorted(found, key=lambda item: -item.days_without))


def one_more(board: Board, choice: Choice) -> tuple[OneMore, ...]:
    """Return the objects that alone would complete an action, or an action in a state.

    First those that complete a whole action, then those that complete it in more states, then
    those of higher priority, then in the order of the programme. What an override calls done or
    overtaken by events needs no object and is left out.

    Parameters
    ----------
    board
        The board.
    choice
        Which actions; with a state, only what completes something there.
    """
    closed = [CODES[Status.done], CODES[Status.overtaken]]
    told = [
        item
        for place in np.flatnonzero(chosen(board, choice))
        if board.status[-1, place] not in closed
        for item in _one_more(board, int(place), closed)
        if choice.state in ("", *item.completes_states)
    ]
    return tuple(sorted(told, key=_rank))


def _rank(item: OneMore) -> tuple[bool, int, int]:
    priority = PRIORITIES.index(item.asked.action.priority.high)
    return (not item.completes_action, -len(item.completes_states), priority)


def _one_more(board: Board, place: int, closed: list[int]) -> list[OneMore]:
    """Return the single objects of one action, each with the states it completes."""
    states: dict[Missing, list[str]] = {}
    asked, single = board.asked[place], board.single[place]
    for iso3, missing in single.items():
        if not iso3:
            states.setdefault(missing, [])
        elif board.by_state[-1, place, board.states.index(iso3)] not in closed:
            states.setdefault(missing, []).append(iso3)
    return [
        OneMore(asked, missing, single.get("") == missing, tuple(names))
        for missing, names in states.items()
        if names or single.get("") == missing
    ]
