"""Gaps put together into what somebody could pay for: one species, one state, one season."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kulan.programme.gaps.nouns import Decision, Gap, Looked
from kulan.programme.gaps.ranking import soonest


@dataclass(frozen=True, slots=True)
class Package:
    """Fieldwork that would close gaps: a species, a state, a season, and the cells to look at.

    Attributes
    ----------
    species_id, iso3, season
        What, where and when.
    cells
        Cells to look at, the most urgent first.
    habitat_km2
        Potential habitat in them, km².
    never
        How many of them nobody has looked at on record.
    last_year
        Last year anybody looked at one of them, or somewhere in the state; None if nobody did.
    decisions
        What waits there, the soonest first, each once.
    methods
        Methods by which the species was counted elsewhere, the most frequent first: examples to
        choose from, not advice.
    """

    species_id: str
    iso3: str
    season: str
    cells: tuple[str, ...]
    habitat_km2: float
    never: int
    last_year: int | None
    decisions: tuple[Decision, ...]
    methods: tuple[str, ...]


def packages(gaps: Iterable[Gap], looks: Iterable[Looked] = ()) -> tuple[Package, ...]:
    """Put gaps together, in the order of the most urgent gap of each.

    Parameters
    ----------
    gaps
        As `knowledge_gaps` returns them.
    looks
        From which the methods are known.

    Returns
    -------
    tuple of Package
        Every gap is in one of them, and in one only.
    """
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for look in looks:
        used[look.species_id][look.method] += 1
    together: dict[tuple[str, str, str], list[Gap]] = defaultdict(list)
    for gap in gaps:
        together[gap.ground.species_id, gap.ground.iso3, gap.season].append(gap)
    return tuple(
        _package(members, tuple(method for method, _ in used[species_id].most_common()))
        for (species_id, _, _), members in together.items()
    )


def _package(gaps: list[Gap], methods: tuple[str, ...]) -> Package:
    ground = gaps[0].ground
    years = [year for gap in gaps for year in (gap.last_year, gap.state_year) if year is not None]
    waiting = {one.reference: one for gap in gaps for one in gap.decisions}
    return Package(
        ground.species_id,
        ground.iso3,
        gaps[0].season,
        tuple(gap.ground.cell for gap in gaps),
        sum(gap.ground.habitat_km2 for gap in gaps),
        sum(gap.last_year is None for gap in gaps),
        max(years, default=None),
        tuple(sorted(waiting.values(), key=soonest)),
        methods,
    )
