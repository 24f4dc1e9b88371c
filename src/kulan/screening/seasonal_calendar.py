"""Months that matter to the species an alternative touches."""

from collections.abc import Collection
from typing import Any

from kulan.programme import seasons
from kulan.screening.findings import SeasonFinding


def find_seasons(species: Collection[str], states: Collection[str]) -> tuple[SeasonFinding, ...]:
    """Return the seasons of some species in some states, by species, event and population.

    Parameters
    ----------
    species
        Species touched, by id.
    states
        States the alternative lies in or affects; a season told of other states only is left out.
    """
    wanted = set(states)
    rows: Any = seasons().itertuples(index=False)
    found = [
        SeasonFinding(
            species_id=str(row.species_id),
            life_event=str(row.life_event),
            months=tuple(int(month) for month in row.months),
            where=str(row.population),
            source=str(row.source),
            confidence=str(row.confidence),
            sensitivity=str(row.sensitivity or ""),
        )
        for row in rows
        if row.species_id in species and (not row.states or wanted & set(row.states))
    ]
    return tuple(sorted(found, key=lambda s: (s.species_id, s.life_event, s.where, s.months)))
