"""Which gaps there are, and which come first.

No score is made up. Gaps are put in order by questions asked one after the other: does a decision
about this very place wait, and how soon; or one about its whole state, as a report that is due; how
many; has nobody ever looked, or how long ago; how much habitat is it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from kulan.programme.gaps.nouns import SEASONS, Decision, Gap, Ground, Looked

STALE_YEARS = 5
"""Years after which a look no longer counts as recent; the choice is ours."""
_Case = tuple[str, str, str]


def knowledge_gaps(
    grounds: Iterable[Ground],
    looks: Iterable[Looked],
    decisions: Sequence[Decision] = (),
    *,
    on: date,
    stale_years: int = STALE_YEARS,
) -> tuple[Gap, ...]:
    """Return where and when a species may live and nobody has looked lately, the most urgent first.

    Parameters
    ----------
    grounds
        Potential habitat by cell and state.
    looks
        Who looked for what. One without cells says only that somebody looked somewhere in the
        state: it is told beside each of its gaps, and closes none.
    decisions
        What is pending. One that fell due before `on` is pending still.
    on
        The day.
    stale_years
        A look closes a gap for so many years.

    Returns
    -------
    tuple of Gap
        A decision about the place that waits comes first, the soonest first (one without a day
        after those with one), next one about its state, then where more of them wait, where nobody
        ever looked, where the last look is longest ago, and where there is most habitat.

    Examples
    --------
    >>> ground = Ground("saiga", "N49E066", "KAZ", 4000.0)
    >>> seen = Looked("saiga", 2024, "spring", "strip_transect", "KAZ", frozenset({"N49E066"}))
    >>> [gap.season for gap in knowledge_gaps([ground], [seen], on=date(2026, 5, 1))]
    ['summer', 'autumn', 'winter']
    """
    in_cell, in_state, methods = _looks_by_case(looks)
    found = []
    for ground in grounds:
        waiting = tuple(sorted((one for one in decisions if one.touches(ground)), key=_soonest))
        for season in SEASONS:
            last = in_cell.get((ground.species_id, ground.cell, season))
            if last is not None and on.year - last < stale_years:
                continue
            found.append(
                Gap(
                    ground,
                    season,
                    last,
                    tuple(sorted(methods[ground.species_id, ground.cell])),
                    in_state.get((ground.species_id, ground.iso3, season)),
                    waiting,
                )
            )
    return tuple(sorted(found, key=_urgency))


def _looks_by_case(
    looks: Iterable[Looked],
) -> tuple[dict[_Case, int], dict[_Case, int], dict[tuple[str, str], set[str]]]:
    """Return the last year by species, cell and season, by state, and the methods by cell."""
    in_cell: dict[_Case, int] = {}
    in_state: dict[_Case, int] = {}
    methods: dict[tuple[str, str], set[str]] = defaultdict(set)
    for look in looks:
        for season in SEASONS if look.season == "several" else (look.season,):
            places = look.cells or (look.iso3,)
            kept = in_cell if look.cells else in_state
            for place in places:
                case = (look.species_id, place, season)
                kept[case] = max(kept.get(case, look.year), look.year)
        for cell in look.cells:
            methods[look.species_id, cell].add(look.method)
    return in_cell, in_state, methods


def _soonest(decision: Decision) -> tuple[bool, date, str]:
    return (not decision.cells, decision.due or date.max, decision.reference)


def _urgency(gap: Gap) -> tuple[object, ...]:
    first = gap.decisions[0] if gap.decisions else None
    return (
        2 if first is None else not first.cells,
        date.max if first is None else first.due or date.max,
        -len(gap.decisions),
        0 if gap.last_year is None else gap.last_year,
        -gap.ground.habitat_km2,
        gap.ground.species_id,
        gap.ground.cell,
        gap.ground.iso3,
        SEASONS.index(gap.season),
    )
