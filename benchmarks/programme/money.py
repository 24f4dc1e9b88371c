"""How long the gaps of all sections take, beside 32 sums over everything.

Hundreds of projects with amounts in four currencies are scattered over the 228 actions, 14 states
and the species, and several estimates over each action. Ours hands each project and estimate to the
sections it bears on, once; the plain way asks for each section by itself, over all of them. Both
must say the same before any time is told.

Times are seconds of the clock, the best of some runs, in turns.

Run: ``python benchmarks/programme/money.py [--projects 500] [--needs 900] [--repeat 5]``
"""

import argparse
import platform
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from kulan.programme import range_states
from kulan.programme.actions import action_key, actions
from kulan.programme.money import (
    Flow,
    Need,
    Project,
    Rate,
    Rates,
    gap_of,
    gaps_by,
    gaps_of_groups,
    money,
    reckon,
)

START = date(2021, 1, 1)
DAYS = 6 * 365
KINDS = ("budget", "commitment", "incoming", "disbursement", "expenditure")
CURRENCIES = ("USD", "EUR", "CHF", "KZT")


def make_rates() -> Rates:
    """Return a rate of each currency for each year."""
    return Rates(
        tuple(
            Rate(one, "USD", Decimal(worth), date(year, 1, 1), date(year, 12, 31), "A bank")
            for one, worth in (("EUR", "1.1"), ("CHF", "1.12"), ("KZT", "0.0021"))
            for year in range(2021, 2027)
        )
    )


def make_needs(draw: random.Random, count: int) -> list[Need]:
    """Return estimates, scattered over the actions."""
    keys, states = [action_key(one) for one in actions()], list(range_states()["iso3"])
    found = []
    for _ in range(count):
        low, currency = draw.randrange(1, 500) * 1000, draw.choice(CURRENCIES)
        found.append(
            Need(
                draw.choice(keys),
                money(low, currency),
                money(low * 2, currency),
                START + timedelta(days=draw.randrange(DAYS)),
                "An estimate",
                states=dict.fromkeys(draw.sample(states, draw.randint(0, 3))),
            )
        )
    return found


def make_projects(draw: random.Random, count: int) -> list[Project]:
    """Return projects with ten amounts each, which serve some actions in some states."""
    keys, states = [action_key(one) for one in actions()], list(range_states()["iso3"])
    found = []
    for number in range(count):
        served = draw.sample(keys, draw.randint(1, 6))
        shares = [Fraction(1, len(served)) if number % 3 == 0 else None for _ in served]
        flows = tuple(
            Flow(
                draw.choice(KINDS),
                money(draw.randrange(1, 900) * 100, draw.choice(CURRENCIES)),
                START + timedelta(days=draw.randrange(DAYS)),
            )
            for _ in range(10)
        )
        found.append(
            Project(
                f"project {number}",
                "A project",
                flows,
                dict(zip(served, shares, strict=True)),
                dict.fromkeys(draw.sample(states, draw.randint(1, 3))),
            )
        )
    return found


def best(run: Callable[[], object], repeat: int) -> float:
    """Return the seconds of the fastest of some runs."""
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Compare both ways, then tell their times."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--projects", type=int, default=500)
    asked.add_argument("--needs", type=int, default=900)
    asked.add_argument("--repeat", type=int, default=5)
    given = asked.parse_args()
    draw = random.Random(7)
    wanted, known = make_needs(draw, given.needs), make_projects(draw, given.projects)
    rates = make_rates()
    groups: dict[str, frozenset[str]] = {}
    for one in actions():
        groups[one.section_id] = groups.get(one.section_id, frozenset()) | {action_key(one)}
    reckoning = reckon(wanted, known, rates, "USD")

    def plain() -> dict[str, object]:
        return {name: gap_of(reckoning, {"action": keys}) for name, keys in groups.items()}

    def ours() -> dict[str, object]:
        return dict(gaps_of_groups(reckoning, "action", groups))

    if plain() != ours():
        raise SystemExit("One pass and 32 sums differ.")
    keys = [action_key(one) for one in actions()]
    print(f"{given.projects} projects, {given.needs} estimates, Python {platform.python_version()}")
    for name, run in (
        ("into one currency", lambda: reckon(wanted, known, rates, "USD")),
        ("sections, one pass", ours),
        ("sections, 32 sums", plain),
        ("228 actions", lambda: gaps_by(reckoning, "action", keys)),
    ):
        print(f"{name:20} {best(run, given.repeat):.3f} s")


if __name__ == "__main__":
    main()
