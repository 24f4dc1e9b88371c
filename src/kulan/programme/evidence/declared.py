"""What the package declares as evidence for the actions of its editions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from kulan.programme.actions import Action, action_key, actions
from kulan.programme.dates import first_day
from kulan.programme.evidence.declarations import Declaration, Requirement
from kulan.programme.evidence.tables import ACTION_EVIDENCE
from kulan.programme.evidence.wholes import with_parts
from kulan.programme.loading import load
from kulan.programme.species import presence
from kulan.programme.states import range_states

_LIVING = ("extant", "reintroduced")


@dataclass(frozen=True, slots=True)
class Reading:
    """On what a declaration of the package rests.

    Attributes
    ----------
    reason
        Why its objects would count, or why none can; English, to be translated.
    source
        What was read.
    confidence
        ``own_reading`` or ``agreed``.
    """

    reason: str
    source: str
    confidence: str


def declarations(edition_id: str = "cami-2021") -> Mapping[str, Declaration]:
    """Return the package's declarations of an edition by key of action or part of one.

    An action with parts is shown by them too: `kulan.programme.evidence.wholes.with_parts`.

    Parameters
    ----------
    edition_id
        The edition; one the package declares nothing for has none.

    Examples
    --------
    >>> declared = declarations()["cami-2021:16.9"]
    >>> [(need.kind, need.per) for need in declared.alternatives[0]]
    [('protocol', 'programme'), ('monitoring', 'state')]
    """
    return _with_parts(edition_id)


def readings(edition_id: str = "cami-2021") -> Mapping[str, Reading]:
    """Return on what each declaration of an edition rests, by key of action.

    Parameters
    ----------
    edition_id
        The edition; one the package declares nothing for has none.
    """
    return {key: reading for key, (_, reading) in _read(edition_id).items()}


def states_concerned(item: Action) -> tuple[str, ...]:
    """Return the range states an action is for.

    They are those it names; where it names none, those in which its species live (extant or
    reintroduced); where it is of no species, all 14.

    Parameters
    ----------
    item
        The action.

    Examples
    --------
    >>> from kulan.programme.actions import action
    >>> states_concerned(action("17.1"))
    ('CHN', 'IND', 'NPL', 'PAK')
    """
    if item.states:
        return item.states
    homes = {iso3 for species in item.species for iso3 in _homes().get(species, ())}
    return tuple(sorted(homes)) or _all_states()


@cache
def _homes() -> dict[str, frozenset[str]]:
    rows = presence()
    living = rows[rows["status"].isin(_LIVING)]
    return {str(name): frozenset(group["iso3"]) for name, group in living.groupby("species_id")}


@cache
def _all_states() -> tuple[str, ...]:
    return tuple(sorted(range_states()["iso3"]))


@cache
def _read(edition_id: str) -> dict[str, tuple[Declaration, Reading]]:
    rows = load(ACTION_EVIDENCE)
    found = {}
    for action_id, group in rows[rows["edition_id"] == edition_id].groupby("action_id", sort=False):
        key = f"{edition_id}:{action_id}"
        told = group.to_dict("records")
        reading = Reading(told[0]["reason"], told[0]["source"], told[0]["confidence"])
        found[key] = (Declaration(key, _alternatives(told), reading.reason), reading)
    order = [action_key(item) for item in actions(edition_id, parts=True)] if found else []
    return {key: found[key] for key in order if key in found}


@cache
def _with_parts(edition_id: str) -> Mapping[str, Declaration]:
    found = {key: declared for key, (declared, _) in _read(edition_id).items()}
    below: dict[str, list[str]] = {}
    for item in actions(edition_id, parts=True) if found else ():
        if item.parent_id:
            below.setdefault(f"{edition_id}:{item.parent_id}", []).append(action_key(item))
    for key in sorted(below, key=len, reverse=True):  # parts of parts first
        if key in found:
            parts = [found.get(part, Declaration(part)) for part in below[key]]
            found[key] = with_parts(found[key], parts)
    return MappingProxyType(found)


def _alternatives(rows: list[dict[Any, Any]]) -> tuple[tuple[Requirement, ...], ...]:
    ways: dict[int, list[Requirement]] = {}
    for row in rows:
        if row["kind"] is not None:
            ways.setdefault(int(row["alternative"]), []).append(_requirement(row))
    return tuple(tuple(way) for _, way in sorted(ways.items()))


def _requirement(row: dict[Any, Any]) -> Requirement:
    return Requirement(
        kind=row["kind"],
        at_least=int(row["at_least"]),
        per=row["per"],
        species=row["species"],
        since=first_day(row["since"]) if row["since"] else None,
        only_linked=row["only_linked"],
    )
