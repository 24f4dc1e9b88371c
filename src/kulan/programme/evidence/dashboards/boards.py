"""Where all actions stand on many days at once: the same answers as one by one, in arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from kulan.programme.evidence.dashboards.indexing import Ints, index_of
from kulan.programme.evidence.dashboards.weighing import CODES, NOT_ASKED, Asked, Codes, weigh
from kulan.programme.evidence.objects import Evidence
from kulan.programme.evidence.statuses import Missing, Override


@dataclass(frozen=True, slots=True)
class Board:
    """Statuses of many actions on many days.

    Attributes
    ----------
    asked
        The actions, in order.
    states
        States of the last axis of `by_state`.
    days
        Days asked about, in order given; what is told of one day only is of the last one.
    status, by_state
        Codes into `STATUSES`: days by actions, and days by actions by states. An override, where
        one holds, has replaced what was computed.
    computed, computed_by_state
        The same without overrides.
    lacking, lacking_by_state
        How many objects lack by the nearest alternative: actions, and actions by states.
    last_evidence, last_by_state
        Ordinal of the newest day of what counts, 0 where nothing does, on the last day.
    single
        For each action the one requirement that lacks one object, by state ("" for the whole).
    """

    asked: tuple[Asked, ...]
    states: tuple[str, ...]
    days: tuple[date, ...]
    status: Codes
    by_state: Codes
    computed: Codes
    computed_by_state: Codes
    lacking: Ints
    lacking_by_state: Ints
    last_evidence: Ints
    last_by_state: Ints
    single: tuple[Mapping[str, Missing], ...]


def board_of(asked: Sequence[Asked], evidence: Iterable[Evidence], days: Sequence[date]) -> Board:
    """Weigh actions on several days by the rules of `status_of`.

    Parameters
    ----------
    asked
        The actions.
    evidence
        Objects at hand, in any order.
    days
        Days asked about, at least one.
    """
    states = tuple(sorted({iso3 for item in asked for iso3 in item.states}))
    index = index_of(evidence, states)
    ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)
    shape = (len(days), len(asked))
    status = np.empty(shape, dtype=np.int8)
    by_state = np.full((*shape, len(states)), NOT_ASKED, dtype=np.int8)
    lacking = np.zeros(len(asked), dtype=np.int64)
    lacking_by_state = np.zeros((len(asked), len(states)), dtype=np.int64)
    last = np.zeros(len(asked), dtype=np.int64)
    last_by_state = np.zeros((len(asked), len(states)), dtype=np.int64)
    single = []
    for place, item in enumerate(asked):
        weight = weigh(item, index, ordinals)
        status[:, place] = weight.status
        by_state[:, place, weight.columns] = weight.by_state
        lacking[place] = weight.lacking
        lacking_by_state[place, weight.columns] = weight.lacking_by_state
        last[place] = weight.last
        last_by_state[place, weight.columns] = weight.last_by_state
        single.append(weight.single)
    return Board(
        asked=tuple(asked),
        states=states,
        days=tuple(days),
        status=status,
        by_state=by_state,
        computed=status,
        computed_by_state=by_state,
        lacking=lacking,
        lacking_by_state=lacking_by_state,
        last_evidence=last,
        last_by_state=last_by_state,
        single=tuple(single),
    )


def with_overrides(board: Board, overrides: Mapping[str, Sequence[Override]]) -> Board:
    """Return a board on which what people decided replaces what was computed.

    Parameters
    ----------
    board
        The computed board; what it computed stays beside.
    overrides
        Overrides by key of action. Each holds from its day on, until a newer one of the same state.
    """
    status, by_state = board.computed.copy(), board.computed_by_state.copy()
    column = {iso3: place for place, iso3 in enumerate(board.states)}
    for place, item in enumerate(board.asked):
        for held in sorted(overrides.get(item.key, ()), key=lambda held: held.day):
            from_then = np.array([day >= held.day for day in board.days])
            if not held.iso3:
                status[from_then, place] = CODES[held.status]
            elif held.iso3 in item.states:
                by_state[from_then, place, column[held.iso3]] = CODES[held.status]
    return replace(board, status=status, by_state=by_state)
