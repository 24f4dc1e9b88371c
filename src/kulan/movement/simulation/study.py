"""A whole study with a known truth: animals, their collars, and a barrier that is met."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kulan.errors import InvalidTableError
from kulan.movement.fixes import Fixes, make_fixes
from kulan.movement.planes import LOCAL, Plane
from kulan.movement.simulation.observing import Collar, observe
from kulan.movement.simulation.straight_barriers import StraightBarrier, put_barrier
from kulan.movement.simulation.wandering import Migration, Wandering, migrate, wander
from kulan.places import WGS84

_DAY_S = 86_400.0


@dataclass(frozen=True)
class StudyPlan:
    """What to simulate.

    Attributes
    ----------
    animals
        How many.
    days
        For how long each is followed.
    interval_s
        Time between fixes, s.
    wandering
        How they move in their ranges.
    spread_m
        Standard deviation of the middles of ranges across a barrier, or about the place, m.
    migration
        Seasonal ranges; None for residents.
    barrier
        The line; None for open land.
    collar
        How well fixes are taken.
    plane
        Where all this lies; positions are counted from its origin. Local metres without a place on
        Earth by default.
    start
        First fix, UTC.
    species
        What the animals are called.
    """

    animals: int = 10
    days: float = 365.0
    interval_s: float = 7200.0
    wandering: Wandering = field(default_factory=lambda: Wandering(5 * _DAY_S, 3 * 3600.0, 6000.0))
    spread_m: float = 3000.0
    migration: Migration | None = None
    barrier: StraightBarrier | None = None
    collar: Collar = field(default_factory=Collar)
    plane: Plane = LOCAL
    start: str = "2024-01-01T00:00:00Z"
    species: str = "simulated"

    def __post_init__(self) -> None:
        if self.animals < 1 or not (self.days > 0 and self.interval_s > 0):
            raise InvalidTableError(
                f"study of {self.animals} animals over {self.days:g} days at {self.interval_s:g} "
                "s: at least one animal, and times above 0, are needed."
            )

    @property
    def time_s(self) -> np.ndarray:
        """Times of fixes from the start, s."""
        return np.arange(0.0, self.days * _DAY_S + 1e-6, self.interval_s)


@dataclass(frozen=True, eq=False)
class Study:
    """What was simulated.

    Attributes
    ----------
    fixes
        As collars gave them; those that failed are kept and flagged.
    truth
        One row for each animal: `animal_id`, `middle_x_m`, `middle_y_m` and, at a barrier,
        `encounters` and `crossed` as they happened at the times of fixes.
    met
        One row for each encounter as it happened.
    """

    fixes: Fixes
    truth: pd.DataFrame
    met: pd.DataFrame


def simulate_study(plan: StudyPlan, rng: np.random.Generator) -> Study:
    """Simulate a study.

    Parameters
    ----------
    plan
        What to simulate.
    rng
        Source of chance.

    Examples
    --------
    >>> line = StraightBarrier((0.0, -5e5), (0.0, 5e5), 300.0, (0.3,))
    >>> study = simulate_study(StudyPlan(3, 90.0, barrier=line), np.random.default_rng(1))
    >>> study.fixes.animals, len(study.fixes.table)
    (('S1', 'S2', 'S3'), 3243)
    """
    tables, truth, met = [], [], []
    digits = len(str(plan.animals))
    time_s = plan.time_s
    for number, place, middle, own in _animals(plan, rng):
        name = f"S{number:0{digits}d}"
        seen = observe(place, plan.collar, rng)
        tables.append(seen.assign(animal_id=name, time=time_s, species=plan.species))
        row = {"animal_id": name, "middle_x_m": middle[0], "middle_y_m": middle[1]}
        if plan.barrier is not None:
            row |= {"encounters": len(own), "crossed": int(own["crossed"].sum())}
            met.append(own.assign(animal_id=name))
        truth.append(row)
    table = pd.concat(tables, ignore_index=True)
    encounters = pd.concat(met, ignore_index=True) if met else pd.DataFrame()
    return Study(_placed(table, plan), pd.DataFrame(truth), encounters)


def _animals(
    plan: StudyPlan, rng: np.random.Generator
) -> Iterator[tuple[int, np.ndarray, np.ndarray, pd.DataFrame]]:
    """Yield each animal's number, true positions, middle of its range, and encounters."""
    for number in range(1, plan.animals + 1):
        middle = rng.normal(0.0, plan.spread_m, 2) if plan.spread_m else np.zeros(2)
        if plan.migration is None:
            place = wander(plan.wandering, plan.time_s, rng)
        else:
            place = migrate(plan.wandering, plan.migration, plan.time_s, rng)
        place = place + middle
        own = pd.DataFrame()
        if plan.barrier is not None:
            place, own = put_barrier(place, plan.barrier, rng)
        yield number, place, middle, own


def _placed(table: pd.DataFrame, plan: StudyPlan) -> Fixes:
    if plan.plane.is_local:
        return make_fixes(table, crs="", clock="elapsed")
    start = pd.Timestamp(plan.start)
    if start.tzinfo is None:
        raise InvalidTableError(f"start {plan.start}: say its zone, such as 2024-01-01T00:00:00Z.")
    known = table["x"].notna().to_numpy()
    longitude, latitude = np.full((2, len(table)), np.nan)
    longitude[known], latitude[known] = plan.plane.inverse(
        table["x"].to_numpy()[known], table["y"].to_numpy()[known]
    )
    time = start.tz_convert("UTC") + pd.to_timedelta(table["time"], unit="s")
    placed = table.assign(x=longitude, y=latitude, time=time)
    return make_fixes(placed, crs=WGS84)
