"""Lists of the dashboards in words: stalled actions, near ones, and what lacks in a state."""

from dataclasses import dataclass

import numpy as np

from kulan.programme.actions import Action
from kulan.programme.evidence import Missing, Status
from kulan.programme.evidence.dashboards import (
    STATUSES,
    Board,
    Choice,
    OneMore,
    Stalled,
    chosen,
    one_more,
    stalled,
    statuses,
)
from kulan.web.programme.register.dashboard_boards import DAYS_OF_A_MONTH, Question
from kulan.web.programme.register.dashboard_charts import namer
from kulan.web.programme.register.dashboard_days import start_of
from kulan.web.programme.register.wording import (
    day_words,
    kind_words,
    leads_words,
    priority_words,
    status_look,
    status_words,
)
from kulan.words import Words

_WAITING = (Status.not_started, Status.under_way, Status.overdue)


@dataclass(frozen=True)
class Line:
    """An action in a list, in words.

    Attributes
    ----------
    action
        The action.
    title, leads, priority, status
        In words.
    look
        Look of the badge of its status.
    """

    action: Action
    title: str
    leads: str
    priority: str
    status: str
    look: str


@dataclass(frozen=True)
class StalledTold(Line):
    """A stalled action.

    Attributes
    ----------
    found
        As the library tells it.
    last
        Day of its newest evidence, in words; a dash where nothing counts.
    months
        Whole months without new evidence.
    """

    found: Stalled
    last: str
    months: int


@dataclass(frozen=True)
class NearTold(Line):
    """An object that alone would complete something.

    Attributes
    ----------
    found
        As the library tells it.
    what
        What the object must be.
    where
        In which state it must be; empty where in none in particular.
    states
        Names of the states in which the action would be done.
    """

    found: OneMore
    what: str
    where: str
    states: tuple[str, ...]


@dataclass(frozen=True)
class LackingTold(Line):
    """An action that is not done in a state.

    Attributes
    ----------
    lacking
        How many objects lack there by the nearest alternative.
    """

    lacking: int


def stalled_told(board: Board, asked: Question, words: Words) -> list[StalledTold]:
    """Return the stalled actions in words, longest without evidence first."""
    found = stalled(
        board,
        asked.choice,
        days_without=round(asked.months * DAYS_OF_A_MONTH),
        since=start_of(asked.edition) or board.days[0],
    )
    return [
        StalledTold(
            **_line(item.asked.action, item.status, words),
            found=item,
            last=day_words(item.last_evidence, words),
            months=int(item.days_without / DAYS_OF_A_MONTH),
        )
        for item in found
    ]


def near_told(board: Board, choice: Choice, words: Words) -> list[NearTold]:
    """Return what one more object would complete, in words, by the rank of the library."""
    codes = statuses(board, choice)[-1]
    place = {item.key: number for number, item in enumerate(board.asked)}
    name = namer("state", (), words)
    return [
        NearTold(
            **_line(item.asked.action, STATUSES[codes[place[item.asked.key]]], words),
            found=item,
            what=what_words(item.missing, words),
            where=name(item.missing.iso3) if item.missing.iso3 else "",
            states=tuple(sorted(name(iso3) for iso3 in item.completes_states)),
        )
        for item in one_more(board, choice)
    ]


def lacking_told(board: Board, choice: Choice, words: Words) -> list[LackingTold]:
    """Return the actions that are not done in the state chosen, with how much lacks there."""
    if choice.state not in board.states:
        return []
    codes = statuses(board, choice)[-1]
    column = board.states.index(choice.state)
    return [
        LackingTold(
            **_line(board.asked[place].action, STATUSES[codes[place]], words),
            lacking=int(board.lacking_by_state[place, column]),
        )
        for place in np.flatnonzero(chosen(board, choice))
        if STATUSES[codes[place]] in _WAITING
    ]


def what_words(missing: Missing, words: Words) -> str:
    """Say what an object must be: its kind, and the species it must be of."""
    need = missing.requirement
    kind = kind_words(need.kind, words)
    if not need.species:
        return kind
    name = namer("species", (), words)
    return f"{kind} ({words.listed([name(one) for one in need.species])})"


def _line(action: Action, status: Status, words: Words) -> dict[str, object]:
    return {
        "action": action,
        "title": action.title(words.language),
        "leads": ", ".join(leads_words(action.leads, words)),
        "priority": priority_words(action.priority, action.priority_order, words),
        "status": status_words(status, words),
        "look": status_look(status),
    }
