"""How long all dashboards of the programme take, beside asking for each status by itself.

Thousands of objects are scattered over the 228 actions, 14 states and six years of the programme.
Ours weighs every action in every state on the closing days of 20 reporting cycles and makes every
table of the overview. The plain way asks `status_of` for each action and day; it is timed on some
of the days only, and its answers must be those of the board in every state before any time is told.

Times are seconds of the clock, the best of some runs, in turns. The bar is 0.3 s.

Run: ``python benchmarks/programme/dashboards.py [--objects 4000] [--cycles 20] [--repeat 5]``
"""

import argparse
import platform
import random
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from kulan.programme.actions import action_key, actions
from kulan.programme.evidence import (
    KINDS,
    Evidence,
    declarations,
    states_concerned,
    status_of,
)
from kulan.programme.evidence.dashboards import (
    FACETS,
    STATUSES,
    Asked,
    Board,
    Choice,
    board_of,
    one_more,
    over_time,
    stalled,
    tally,
)

START = date(2021, 1, 1)
BAR_S = 0.3
CHECKED_DAYS = 2


def make_asked() -> list[Asked]:
    """Return every action with what would count for it and a due day."""
    declared = declarations()
    return [
        Asked(item, states_concerned(item), declared[action_key(item)], date(2025, 12, 31))
        for item in actions()
    ]


def make_evidence(asked: Sequence[Asked], objects: int, seed: int) -> list[Evidence]:
    """Scatter objects of the kinds that actions ask for, a quarter of them of kinds they do not."""
    draw = random.Random(seed)
    found = []
    for number in range(objects):
        item = draw.choice(asked)
        wanted = [need.kind for way in item.declaration.alternatives for need in way]
        kind = draw.choice(wanted if wanted and draw.random() < 0.75 else KINDS)
        found.append(
            Evidence(
                kind=kind,
                reference=f"{kind}:{number}",
                title=f"Object {number}",
                day=START + timedelta(days=draw.randrange(6 * 365)),
                states=tuple(draw.sample(item.states, draw.randint(1, min(3, len(item.states))))),
                species=item.action.species[:1],
                actions=(item.key,),
                withdrawn=draw.random() < 0.02,
            )
        )
    return found


def all_tables(board: Board) -> int:
    """Make everything the overview shows; return how many rows that is."""
    whole = Choice()
    rows = sum(len(tally(board, facet, whole)) for facet in FACETS)
    rows += len(over_time(board, whole))
    rows += len(stalled(board, whole, days_without=365, since=START))
    return rows + len(one_more(board, whole))


def check(board: Board, asked: Sequence[Asked], evidence: list[Evidence]) -> float:
    """Refuse a board that differs from single answers; return seconds a day of those took."""
    started = time.perf_counter()
    rows = [len(board.days) - 1, len(board.days) // 2][:CHECKED_DAYS]
    for row in rows:
        for place, item in enumerate(asked):
            answer = status_of(
                item.key,
                item.declaration,
                evidence,
                states=item.states,
                on=board.days[row],
                due=item.due,
            )
            told = {
                iso3: STATUSES[code]
                for iso3, code in zip(board.states, board.by_state[row, place], strict=True)
                if code >= 0
            }
            if (STATUSES[board.status[row, place]], told) != (answer.status, answer.by_state):
                raise SystemExit(f"{item.key} on {board.days[row]}: {told}, not {answer}")
    return (time.perf_counter() - started) / len(rows)


def best(run: Callable[[], object], repeat: int) -> float:
    """Return the seconds of the fastest of some runs."""
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objects", type=int, default=4000)
    parser.add_argument("--cycles", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--seed", type=int, default=11)
    told = parser.parse_args()
    asked = make_asked()
    evidence = make_evidence(asked, told.objects, told.seed)
    days = [
        START + timedelta(days=(number + 1) * 6 * 365 // told.cycles)
        for number in range(told.cycles)
    ]
    board = board_of(asked, evidence, days)
    plain_day_s = check(board, asked, evidence)
    weighing_s = best(lambda: board_of(asked, evidence, days), told.repeat)
    tables_s = best(lambda: all_tables(board), told.repeat)
    print(f"Python {platform.python_version()}, {platform.machine()}")
    print(
        f"{len(asked)} actions x {len(board.states)} states x {len(days)} cycles, "
        f"{len(evidence)} objects; answers checked on {CHECKED_DAYS} days in every state"
    )
    print(f"weighing        {weighing_s:8.3f} s")
    print(f"all tables      {tables_s:8.3f} s   ({all_tables(board)} rows)")
    print(f"together        {weighing_s + tables_s:8.3f} s   bar {BAR_S} s")
    print(f"one by one      {plain_day_s * len(days):8.3f} s   ({plain_day_s:.3f} s a day)")


if __name__ == "__main__":
    main()
