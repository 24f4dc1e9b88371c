"""What is known beforehand: effect distances, measures, rules, criteria and population figures.

Everything here is read from the tables of `kulan.screening.tables`; each row names its source and
how sure we are. Where nothing is known the answer says so: it is never a silent default.
"""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from kulan.errors import UnknownNameError
from kulan.schemas import Table, read_table
from kulan.screening.tables import (
    CRITICAL_HABITAT,
    EFFECT_DISTANCES,
    EVIDENCE_STRENGTHS,
    GLOBAL_POPULATIONS,
    HIERARCHY,
    INTERNATIONAL,
    LANDSCAPES,
    MITIGATION,
    NATIONAL_RULES,
    SPECIES_GROUP_TABLE,
)
from kulan.vocabulary import BARRIER_TYPES

_DATA = files("kulan.screening") / "data"


@dataclass(frozen=True)
class SpeciesGroup:
    """Whose evidence a species may borrow, and how it moves.

    Attributes
    ----------
    group
        One of `tables.SPECIES_GROUPS`.
    migratory_kind
        One of `tables.MIGRATORY_KINDS`.
    landscapes
        Landscapes it uses, of `tables.LANDSCAPES`.
    movement
        A sentence about its movements, in English, to be translated.
    source, confidence
        What the row rests on.
    """

    species_id: str
    group: str
    migratory_kind: str
    landscapes: tuple[str, ...]
    movement: str
    source: str
    confidence: str

    @property
    def migratory(self) -> bool:
        """Whether it migrates or is nomadic, as the IFC's third criterion asks."""
        return self.migratory_kind in ("seasonal_migrant", "nomad", "altitudinal_migrant")


@dataclass(frozen=True)
class EffectDistance:
    """How far a barrier's effect on a species is expected to reach, and what that rests on.

    Attributes
    ----------
    distance_m
        Metres from the barrier.
    measured
        What the study measured (`tables.MEASURED`); ``none`` when there is no study.
    evidence
        ``measured_species``, ``measured_related``, ``general`` or ``no_evidence``.
    resolved_by
        Which step answered: ``species``, ``group`` or ``general``.
    distance_basis
        Whether the figure itself was ``measured``, is that of a ``related`` species or barrier, or
        is the ``general_default`` because no study gives a distance.
    finding
        What was found, a sentence in English, to be translated.
    effect_id, source, confidence, note
        Which row it is and what the row rests on.
    """

    effect_id: str
    distance_m: float
    measured: str
    evidence: str
    resolved_by: str
    distance_basis: str
    finding: str
    source: str
    confidence: str
    note: str


@dataclass(frozen=True)
class GlobalPopulation:
    """A population figure to divide by; each number is None where the source gives none.

    Attributes
    ----------
    scope
        ``species``, ``subspecies`` or ``part_of_range``: what the figure covers.
    counted
        ``individuals`` or ``mature``.
    low, best, high
        Animals.
    year
        Year of the estimate or its publication.
    """

    species_id: str
    scope: str
    counted: str
    low: int | None
    best: int | None
    high: int | None
    year: int
    source: str
    confidence: str
    note: str

    @property
    def known(self) -> bool:
        """Whether any figure is given at all."""
        return any(number is not None for number in (self.low, self.best, self.high))

    def share(self, percent: float) -> tuple[float, float] | None:
        """Return the fewest and the most animals that `percent` of the population may mean.

        Returns
        -------
        tuple or None
            Animals, from the smallest and the largest figure given; None when none is given.

        Examples
        --------
        >>> global_population("snow_leopard").share(1)
        (27.1, 33.86)
        """
        figures = [number for number in (self.low, self.best, self.high) if number is not None]
        if not figures:
            return None
        return min(figures) * percent / 100, max(figures) * percent / 100


@cache
def species_group(species_id: str) -> SpeciesGroup:
    """Return the group of a species and its way of moving.

    Raises
    ------
    UnknownNameError
        If the species is not in the table.
    """
    row = _species_row("species_groups.csv", SPECIES_GROUP_TABLE, species_id)
    return SpeciesGroup(**_fields(row, SpeciesGroup))


@cache
def effect_distance(species_id: str, barrier_type: str) -> EffectDistance:
    """Return how far such a barrier's effect on a species is expected to reach.

    The row of the species is taken if there is one, else that of its group, else the general one
    for the barrier type: exactly one row answers, and `resolved_by` says which. With
    ``no_evidence`` the distance is the general default and must be shown with that word.

    Raises
    ------
    UnknownNameError
        If the species or the barrier type is not known.

    Examples
    --------
    >>> found = effect_distance("gobi_bear", "settlement")
    >>> found.distance_m, found.evidence, found.resolved_by
    (10000.0, 'measured_related', 'species')
    """
    _check_barrier_type(barrier_type)
    group = species_group(species_id).group
    keys = ("barrier_type", "subject_kind", "subject")
    rows = _by_key("effect_distances.csv", EFFECT_DISTANCES, keys)
    for kind, subject in (("species", species_id), ("group", group), ("general", "any")):
        row = rows.get((barrier_type, kind, subject))
        if row is not None:
            names = {"distance_m": row["effect_distance_m"], "resolved_by": row["subject_kind"]}
            return EffectDistance(**_fields(row | names, EffectDistance))
    raise UnknownNameError(
        f"effect_distances.csv has no general row for barrier type {barrier_type!r}; add one."
    )


def mitigation_for(
    species_id: str, barrier_type: str, landscapes: Collection[str] = LANDSCAPES
) -> pd.DataFrame:
    """Return the measures for a species and a barrier type in any of the landscapes.

    A measure limited to named species is left out for all others. An empty table means that no
    measure is known there, and the report says so; a measure whose `evidence_strength` is ``none``
    stays in, because that nothing shows it to work is worth telling.

    Returns
    -------
    DataFrame
        Rows of `tables.MITIGATION`, by step of the hierarchy and then by strength of evidence.

    Raises
    ------
    UnknownNameError
        If the species, the barrier type or a landscape is not known.
    """
    _check_barrier_type(barrier_type)
    unknown = sorted(set(landscapes) - set(LANDSCAPES))
    if unknown:
        raise UnknownNameError(
            f"Landscape {', '.join(map(repr, unknown))} is not known; use {', '.join(LANDSCAPES)}."
        )
    group = species_group(species_id).group
    wanted = set(landscapes)
    table = _read_once("mitigation.csv", MITIGATION)
    rows = zip(
        table["barrier_types"],
        table["species_groups"],
        table["species"],
        table["landscapes"],
        strict=True,
    )
    fits = [
        barrier_type in types
        and group in groups
        and (not only or species_id in only)
        and not wanted.isdisjoint(suited)
        for types, groups, only, suited in rows
    ]
    chosen = table[fits]
    ranks = [
        (HIERARCHY.index(step), EVIDENCE_STRENGTHS.index(strength), name)
        for step, strength, name in zip(
            chosen["hierarchy"], chosen["evidence_strength"], chosen["measure_id"], strict=True
        )
    ]
    order = sorted(range(len(ranks)), key=ranks.__getitem__)
    return chosen.iloc[order].reset_index(drop=True)


def rules_for(iso3s: Collection[str], barrier_type: str) -> pd.DataFrame:
    """Return the rules of some states, and the international ones, that speak of a barrier type.

    A state without rows has no rule on record here, which is not the same as having no rule.

    Raises
    ------
    UnknownNameError
        If the barrier type is not known.
    """
    _check_barrier_type(barrier_type)
    table = _read_once("national_rules.csv", NATIONAL_RULES)
    wanted = {*iso3s, INTERNATIONAL}
    fits = table["iso3"].isin(wanted) & table["barrier_types"].map(lambda t: barrier_type in t)
    return table[fits].reset_index(drop=True)


@cache
def has_rule(iso3: str, barrier_type: str) -> bool:
    """Whether any rule of the state `iso3` itself is on record for the `barrier_type`."""
    table = _read_once("national_rules.csv", NATIONAL_RULES)
    return any(
        state == iso3 and barrier_type in types
        for state, types in zip(table["iso3"], table["barrier_types"], strict=True)
    )


def criteria() -> pd.DataFrame:
    """Return the critical-habitat criteria and their thresholds. See `tables.CRITICAL_HABITAT`."""
    return _read_once("critical_habitat.csv", CRITICAL_HABITAT).copy()


@cache
def global_population(species_id: str) -> GlobalPopulation:
    """Return the global population figure of a species, which may be that none is known.

    Raises
    ------
    UnknownNameError
        If the species is not in the table.
    """
    row = _species_row("global_populations.csv", GLOBAL_POPULATIONS, species_id)
    return GlobalPopulation(**_fields(row, GlobalPopulation))


def _species_row(file_name: str, table: Table, species_id: str) -> dict[str, Any]:
    """Return the one row of a species, or say which names are near."""
    rows = _by_key(file_name, table, ("species_id",))
    if (species_id,) not in rows:
        known = sorted(name for (name,) in rows)
        near = get_close_matches(species_id, known, n=3) or known
        raise UnknownNameError(
            f"{table.name}: no species {species_id!r}; did you mean {', '.join(near)}?"
        )
    return rows[(species_id,)]


@cache
def _by_key(
    file_name: str, table: Table, keys: tuple[str, ...]
) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return the rows of a table by the values of some columns, the first of equal ones."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in _read_once(file_name, table).to_dict("records"):
        named = {str(column): cell for column, cell in row.items()}
        rows.setdefault(tuple(named[key] for key in keys), named)
    return rows


def _check_barrier_type(barrier_type: str) -> None:
    if barrier_type not in BARRIER_TYPES:
        raise UnknownNameError(
            f"Barrier type {barrier_type!r} is not known; use {', '.join(BARRIER_TYPES)}."
        )


def _fields(row: dict[str, Any], result: type) -> dict[str, Any]:
    """Return the row's values for a dataclass: text never None, absent numbers None."""
    values: dict[str, Any] = {}
    for name, annotation in result.__annotations__.items():
        value = row[name]
        if annotation is str:
            values[name] = value or ""
        elif annotation in (int, int | None):
            values[name] = None if pd.isna(value) else int(value)
        elif annotation is float:
            values[name] = float(value)
        else:
            values[name] = value
    return values


@cache
def _read_once(file_name: str, table: Table) -> pd.DataFrame:
    return read_table(_DATA / file_name, table)
