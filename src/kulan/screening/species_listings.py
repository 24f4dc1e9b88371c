"""What is recorded of the species on a day: listings, presence by state, effect distance."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from kulan.programme import cami_lists, presence, species, species_statuses
from kulan.programme.dates import holding_on
from kulan.screening.findings import EffectDistance
from kulan.screening.headlines import threat
from kulan.screening.knowledge import effect_distance, species_group


@dataclass(frozen=True)
class Listing:
    """A species on a day.

    Attributes
    ----------
    iucn
        Red List category of the species as the programme names it, ``NE`` where none is recorded.
    iucn_of_others
        Categories of its subspecies, or of the species it is a subspecies of.
    cms, cites
        Appendices.
    editions
        Editions of the initiative that name it.
    presence
        Presence by state code.
    migratory_kind
        How it moves.
    effect
        Effect distance of the barrier type asked about.
    """

    species_id: str
    iucn: str
    iucn_of_others: tuple[str, ...]
    cms: tuple[str, ...]
    cites: tuple[str, ...]
    editions: tuple[str, ...]
    presence: dict[str, str]
    migratory_kind: str
    effect: EffectDistance


@lru_cache(maxsize=16)
def list_species(barrier_type: str, on: date) -> Mapping[str, Listing]:
    """Return every species on record as it stands on a day.

    Parameters
    ----------
    barrier_type
        What is planned: effect distances depend on it.
    on
        Day whose listings are asked for.
    """
    by_state: dict[str, dict[str, str]] = defaultdict(dict)
    for row in presence().itertuples(index=False):
        by_state[str(row.species_id)][str(row.iso3)] = str(row.status)
    held: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in holding_on(species_statuses(), on).itertuples(index=False):
        held[str(row.species_id), str(row.instrument)][str(row.scope)] = str(row.value)
    everything = species()
    scientific = dict(zip(everything["species_id"], everything["scientific_name"], strict=True))
    editions: dict[str, list[str]] = defaultdict(list)
    for row in cami_lists().itertuples(index=False):
        editions[str(row.species_id)].append(str(row.edition))
    listings = {
        name: Listing(
            species_id=name,
            iucn=_own_category(held[name, "IUCN"], scientific[name]),
            iucn_of_others=_other_categories(held[name, "IUCN"], scientific[name]),
            cms=_appendices(held[name, "CMS"]),
            cites=_appendices(held[name, "CITES"]),
            editions=tuple(sorted(set(editions[name]))),
            presence=by_state[name],
            migratory_kind=species_group(name).migratory_kind,
            effect=_effect(name, barrier_type),
        )
        for name in sorted(by_state)
    }
    return MappingProxyType(listings)


def _own_scope(categories: dict[str, str], scientific_name: str) -> str | None:
    """Return the taxon whose category is the species' own: its very name, else the gravest."""
    if scientific_name in categories:
        return scientific_name
    return min(categories, key=lambda scope: threat(categories[scope]), default=None)


def _own_category(categories: dict[str, str], scientific_name: str) -> str:
    scope = _own_scope(categories, scientific_name)
    return "NE" if scope is None else categories[scope]


def _other_categories(categories: dict[str, str], scientific_name: str) -> tuple[str, ...]:
    own = _own_scope(categories, scientific_name)
    return tuple(f"{value}: {scope}" for scope, value in categories.items() if scope != own)


def _appendices(values: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values.values() if value.startswith("Appendix")}))


def _effect(species_id: str, barrier_type: str) -> EffectDistance:
    known = effect_distance(species_id, barrier_type)
    return EffectDistance(
        distance_m=known.distance_m,
        measured=known.measured,
        evidence=known.evidence,
        resolved_by=known.resolved_by,
        source=known.source,
        confidence=known.confidence,
        basis=known.distance_basis,
        finding=known.finding,
    )
