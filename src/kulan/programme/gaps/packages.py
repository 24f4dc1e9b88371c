"""Gaps put together into what somebody could pay for: a species, a state, a season, a decision."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kulan.programme.gaps.nouns import Decision, Gap, Looked


@dataclass(frozen=True, slots=True)
class Package:
    """Fieldwork that would close gaps.

    Attributes
    ----------
    species_id, iso3, season
        What, where and when.
    decision
        What waits for it: the first of all that wait there; None where nothing does.
    cells
        Cells to look at, the most urgent first.
    habitat_km2
        Potential habitat in them, km².
    never
        How many of them nobody has looked at on record.
    last_year
        Year of the last look at one of them; None if there is none.
    state_year
        Year of the last look somewhere in the state, at places not on record.
    methods
        Methods by which the species was counted anywhere, the most frequent first: examples to
        choose from, not advice.
    """

    species_id: str
    iso3: str
    season: str
    decision: Decision | None
    cells: tuple[str, ...]
    habitat_km2: float
    never: int
    last_year: int | None
    state_year: int | None
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
    together: dict[tuple[str, ...], list[Gap]] = defaultdict(list)
    for gap in gaps:
        waits = gap.decisions[0].reference if gap.decisions else ""
        case = (gap.ground.species_id, gap.ground.iso3, gap.season, waits)
        together[case].append(gap)
    return tuple(
        _package(members, tuple(method for method, _ in used[case[0]].most_common()))
        for case, members in together.items()
    )


def _package(gaps: list[Gap], methods: tuple[str, ...]) -> Package:
    first = gaps[0]
    return Package(
        first.ground.species_id,
        first.ground.iso3,
        first.season,
        first.decisions[0] if first.decisions else None,
        tuple(gap.ground.cell for gap in gaps),
        sum(gap.ground.habitat_km2 for gap in gaps),
        sum(gap.last_year is None for gap in gaps),
        max((gap.last_year for gap in gaps if gap.last_year is not None), default=None),
        first.state_year,
        methods,
    )
