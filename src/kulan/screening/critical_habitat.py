"""The lender's critical-habitat test (IFC Performance Standard 6), criterion by criterion.

Potential habitat is no count of animals. It can show that a project lies beyond the reach of a
species, and nothing more: a small share of habitat may hold most of a herd for a week. A criterion
is met only where a layer the user brought holds numbers of animals that reach the threshold.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kulan.screening.findings import CriterionFinding, Figure, Outcome, SpeciesFindings
from kulan.screening.knowledge import GlobalPopulation, criteria, global_population, species_group

_OF_SPECIES = ("threatened_species", "migratory_species")
_NO_LAYER_TELLS = {"C1b": "specialists_judge", "C3b": "no_refuge_layer"}
_COUNT_DECIDES = ("C1a", "C3a")  # C1b is for specialists, C3b asks for hard years
_AREA_REASONS = {
    "C1c": "no_national_red_list",
    "C2": "no_extent_of_occurrence",
    "C4a": "no_ecosystem_map",
    "C4b": "no_conservation_plan",
    "C5": "specialists_judge",
}


@dataclass(frozen=True)
class Counts:
    """Animals a user layer puts within reach of the alternative.

    Attributes
    ----------
    layer_id
        The layer.
    individuals
        Animals in the features touched or within the effect distance.
    """

    layer_id: str
    individuals: float


@dataclass(frozen=True)
class _Verdict:
    outcome: Outcome
    reason: str


def run_test(
    species: tuple[SpeciesFindings, ...],
    beyond_reach: Collection[str],
    counts: Mapping[str, Counts],
) -> tuple[CriterionFinding, ...]:
    """Put every criterion to every species it applies to, and those about the area once.

    Parameters
    ----------
    species
        Findings of every species listed in the states the alternative lies in, or touched.
    beyond_reach
        Species of which nothing that may be habitat lies within the effect distance.
    counts
        Animals within reach by species, from the user's layers.
    """
    found: list[CriterionFinding] = []
    populations = {one.species_id: global_population(one.species_id) for one in species}
    for row in criteria().itertuples(index=False):
        if row.applies_to not in _OF_SPECIES:
            found.append(_about_area(row))
            continue
        for one in species:
            if _applies(row, one):
                counted = counts.get(one.species_id)
                is_beyond = one.species_id in beyond_reach
                verdict = _judge(row, populations[one.species_id], counted, is_beyond=is_beyond)
                found.append(_about_species(row, one, verdict, counted))
    return tuple(found)


def _applies(row: Any, one: SpeciesFindings) -> bool:
    if row.applies_to == "threatened_species":
        return one.iucn in row.iucn_categories
    return species_group(one.species_id).migratory


def _judge(
    row: Any, population: GlobalPopulation, counted: Counts | None, *, is_beyond: bool
) -> _Verdict:
    """Judge a criterion with a share of the global population as its threshold."""
    if counted is not None:
        needed = population.share(float(row.min_share_percent))
        if needed is None:
            return _Verdict("cannot_be_said", "no_population_figure")
        # the larger figure of the population asks for more animals: only that is safe to call met
        if counted.individuals >= needed[1] and row.criterion_id in _COUNT_DECIDES:
            return _Verdict("met", "count_reaches_threshold")
        return _Verdict("cannot_be_said", "count_below_threshold")
    if is_beyond:
        return _Verdict("not_met", "beyond_reach")
    unsettled = "habitat_only" if population.known else "no_population_figure"
    return _Verdict("cannot_be_said", _NO_LAYER_TELLS.get(row.criterion_id, unsettled))


def _about_species(
    row: Any, one: SpeciesFindings, verdict: _Verdict, counted: Counts | None
) -> CriterionFinding:
    layers = sorted({exposure.layer_id for exposure in one.exposures})
    used = [*layers, *([counted.layer_id] if counted and counted.layer_id not in layers else [])]
    known: tuple[Figure | None, ...] = (
        one.total_crossed,
        one.total_affected,
        one.total_affected_share,
    )
    return CriterionFinding(
        criterion=str(row.criterion_id),
        species_id=one.species_id,
        outcome=verdict.outcome,
        reason=verdict.reason,
        threshold=str(row.test),
        figures=tuple(number for number in known if number is not None),
        data_used=tuple(used),
        needs="" if verdict.outcome == "met" else str(row.data_needed),
        source=_source(row),
    )


def _about_area(row: Any) -> CriterionFinding:
    return CriterionFinding(
        criterion=str(row.criterion_id),
        species_id="",
        outcome="cannot_be_said",
        reason=_AREA_REASONS[row.criterion_id],
        threshold=str(row.test),
        figures=(),
        data_used=(),
        needs=str(row.data_needed),
        source=_source(row),
    )


def _source(row: Any) -> str:
    return f"{row.source}, {row.paragraph}"
