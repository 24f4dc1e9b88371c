"""Answers of `knowledge` that are asked again and again, looked up once each."""

from functools import cache

from kulan.screening import knowledge
from kulan.screening.knowledge import EffectDistance, GlobalPopulation, SpeciesGroup

group_of = cache(knowledge.species_group)
population_of = cache(knowledge.global_population)
effect_of = cache(knowledge.effect_distance)

__all__ = [
    "EffectDistance",
    "GlobalPopulation",
    "SpeciesGroup",
    "effect_of",
    "group_of",
    "population_of",
]


@cache
def has_rule(iso3: str, barrier_type: str) -> bool:
    """Whether any rule of a state itself is on record for a barrier type."""
    rows = knowledge.rules_for((iso3,), barrier_type)
    return bool((rows["iso3"] == iso3).any())
