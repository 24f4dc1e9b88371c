"""Measures by step of the mitigation hierarchy, and rules that speak of such a project."""

from functools import lru_cache
from typing import Any

import pandas as pd

from kulan.screening.codes import DIMENSIONS
from kulan.screening.findings import MitigationFinding, RuleFinding
from kulan.screening.knowledge import mitigation_for, rules_for, species_group
from kulan.screening.tables import HIERARCHY

NO_MEASURE = ""
"""Id of a finding that says that no measure is known."""


@lru_cache(maxsize=64)
def find_measures(species: tuple[str, ...], barrier_type: str) -> tuple[MitigationFinding, ...]:
    """Return measures for the species touched, by step of the hierarchy.

    The landscapes are those each species uses. For every step and species without any measure in
    the table there is a finding without a measure, so that the gap is seen.

    Parameters
    ----------
    species
        Species touched, by id, in the order to be told.
    barrier_type
        What is planned.
    """
    chosen: dict[str, Any] = {}
    served: dict[str, list[str]] = {}
    without: dict[str, list[str]] = {step: [] for step in HIERARCHY}
    landscapes = {name: species_group(name).landscapes for name in species}
    for name in species:
        rows = mitigation_for(name, barrier_type, landscapes[name])
        steps = set(rows["hierarchy"])
        for step in HIERARCHY:
            if step not in steps:
                without[step].append(name)
        new = rows[~rows["measure_id"].isin(list(chosen))]
        chosen |= {str(row.measure_id): row for row in new.itertuples(index=False)}
        for measure_id in rows["measure_id"]:
            served.setdefault(str(measure_id), []).append(name)
    found = [_measure(row, tuple(served[key]), landscapes) for key, row in chosen.items()]
    found += [_gap(step, tuple(names)) for step, names in without.items() if names]
    strengths = ("strong", "moderate", "weak", "expert", "none")
    return tuple(
        sorted(
            found,
            key=lambda m: (
                HIERARCHY.index(m.hierarchy),
                m.measure_id == NO_MEASURE,
                strengths.index(m.evidence),
                m.measure_id,
            ),
        )
    )


def _measure(
    row: Any, species: tuple[str, ...], landscapes: dict[str, tuple[str, ...]]
) -> MitigationFinding:
    used = {name for one in species for name in landscapes[one]}
    return MitigationFinding(
        hierarchy=row.hierarchy,
        measure_id=str(row.measure_id),
        measure=str(row.measure),
        species=species,
        landscapes=tuple(name for name in row.landscapes if name in used),
        evidence=row.evidence_strength,
        evidence_summary=str(row.evidence),
        design=str(row.design_note or ""),
        source=str(row.source),
        confidence=str(row.confidence),
        dimensions={
            name: float(getattr(row, name))
            for name in DIMENSIONS
            if not pd.isna(getattr(row, name))
        },
    )


def _gap(step: Any, species: tuple[str, ...]) -> MitigationFinding:
    return MitigationFinding(step, NO_MEASURE, "", species, (), "none", "", "", "", "")


@lru_cache(maxsize=64)
def find_rules(states: tuple[str, ...], barrier_type: str) -> tuple[RuleFinding, ...]:
    """Return the rules on record for some states, and the international ones.

    Parameters
    ----------
    states
        Codes of the states the alternative lies in.
    barrier_type
        What is planned.
    """
    rows = rules_for(states, barrier_type)
    found = [
        RuleFinding(
            rule_id=str(row.rule_id),
            iso3=str(row.iso3),
            title=str(row.title_en),
            year=str(row.year),
            article=str(row.article or ""),
            requirement=str(row.requires),
            source=str(row.source),
            confidence=str(row.confidence),
        )
        for row in rows.itertuples(index=False)
    ]
    return tuple(sorted(found, key=lambda rule: (rule.iso3 == "international", rule.iso3)))
