"""What the register says of an action, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from kulan.programme import landscapes
from kulan.programme.actions import Action, Priority, actors
from kulan.programme.evidence import (
    KIND_NAMES,
    STATUS_NAMES,
    Evidence,
    Missing,
    Requirement,
    Status,
)
from kulan.web.catalogue.names import species_words, state_words
from kulan.web.policy import Viewer
from kulan.web.programme.evidence_sources import is_outside, page_of
from kulan.web.programme.register.terms import STATUS_LOOKS
from kulan.words import N_, Words

PRIORITY_NAMES = {
    "high": N_("High priority"),
    "medium": N_("Medium priority"),
    "low": N_("Low priority"),
}
"""Words of the priorities, the highest first."""
_INTERVALS = {
    ("high", "medium"): N_("High to medium priority"),
    ("medium", "high"): N_("Medium to high priority"),
    ("medium", "low"): N_("Medium to low priority"),
    ("low", "medium"): N_("Low to medium priority"),
    ("high", "low"): N_("High to low priority"),
    ("low", "high"): N_("Low to high priority"),
}


def status_words(status: Status | str, words: Words) -> str:
    """Return the words of a status."""
    return words.say(STATUS_NAMES[Status(status)])


def status_look(status: Status | str) -> str:
    """Return the look of a status's badge."""
    return STATUS_LOOKS[Status(status).value]


def kind_words(kind: str, words: Words) -> str:
    """Return the words of a kind of evidence."""
    return words.say(KIND_NAMES[kind]) if kind in KIND_NAMES else kind


def priority_words(priority: Priority, order: str, words: Words) -> str:
    """Return a priority in words, an interval in the order printed; a dash where none is printed.

    Parameters
    ----------
    priority
        The interval.
    order
        The order printed, as ``medium/high``; empty where it is not known.
    words
        Of the reader.
    """
    ends = [one for one in order.split("/") if one in PRIORITY_NAMES] or [
        priority.low,
        priority.high,
    ]
    told = tuple(one for one in dict.fromkeys(ends) if one in PRIORITY_NAMES)
    if not told:
        return "–"
    return words.say(PRIORITY_NAMES[told[0]] if len(told) == 1 else _INTERVALS[told])


def leads_words(leads: Iterable[str], words: Words) -> list[str]:
    """Return the names of those who lead."""
    names = _actors()
    return [names[one].title(words.language) if one in names else one for one in leads]


def lead_choices(found: Iterable[Action], words: Words) -> list[tuple[str, str]]:
    """Return those who lead one of these actions, by their names."""
    used = {lead for one in found for lead in one.leads}
    named = [(one, leads_words([one], words)[0]) for one in used]
    return sorted(named, key=lambda pair: pair[1].casefold())


def landscape_words(landscape_id: str, words: Words) -> str:
    """Return the name of a landscape; of one that the tables lack, its short name."""
    return words.say(_landscapes().get(landscape_id, landscape_id.replace("_", " ").capitalize()))


def states_words(states: Iterable[str], words: Words) -> list[str]:
    """Return the names of states."""
    return [state_words(one, words) for one in states]


def species_names(species: Iterable[str], words: Words) -> list[str]:
    """Return the names of species."""
    return [species_words(one, words) for one in species]


def requirement_words(need: Requirement, words: Words) -> str:
    """Say what is asked for: how many of which kind, where, of which species, since when."""
    say = words.say
    kind = kind_words(need.kind, words)
    count = words.number(need.at_least)
    told = say("{kind}: {count}", kind=kind, count=count)
    if need.per == "state":
        told = say("{kind}: {count} in each state", kind=kind, count=count)
    if need.per == "common":
        told = say("{kind}: {count}, of several states together", kind=kind, count=count)
    more = []
    if need.species:
        more.append(words.listed(species_names(need.species, words)))
    if need.since:
        more.append(say("since {day}", day=words.day(need.since)))
    if need.of:
        more.append(say("named for part {part}", part=need.of.partition(":")[2]))
    elif need.only_linked:
        more.append(say("named for this action"))
    return f"{told} ({'; '.join(more)})" if more else told


@dataclass(frozen=True)
class MissingTold:
    """What lacks of one requirement.

    Attributes
    ----------
    words
        How many more of which kind.
    states
        Names of the states in which they lack; none where it is for the whole programme.
    """

    words: str
    states: tuple[str, ...]


def missing_told(missing: Iterable[Missing], words: Words) -> list[MissingTold]:
    """Say what lacks until an action is done; the same in several states is said once."""
    together: dict[tuple[Requirement, int], list[str]] = {}
    for one in missing:
        states = together.setdefault((one.requirement, one.lacking), [])
        if one.iso3:
            states.append(one.iso3)
    return [
        MissingTold(
            words.say_count(
                "One more: {what}", "{count} more: {what}", lacking,
                what=_what(need, words),
            ),
            tuple(sorted(states_words(states, words))),
        )
        for (need, lacking), states in together.items()
    ]  # fmt: skip


def _what(need: Requirement, words: Words) -> str:
    kind = kind_words(need.kind, words)
    if not need.species:
        return kind
    return f"{kind} ({words.listed(species_names(need.species, words))})"


@dataclass(frozen=True)
class EvidenceTold:
    """A piece of evidence for a page.

    Attributes
    ----------
    evidence
        As the library knows it.
    kind, day, states, species
        In words.
    address
        Where it leads; empty where it leads nowhere.
    outside
        Whether that is another site.
    """

    evidence: Evidence
    kind: str
    day: str
    states: str
    species: str
    address: str
    outside: bool


def evidence_told(one: Evidence, words: Words) -> EvidenceTold:
    """Tell a piece of evidence."""
    states = states_words(one.states, words)
    return EvidenceTold(
        evidence=one,
        kind=kind_words(one.kind, words),
        day=words.day(one.day),
        states=words.listed(states) if states else "",
        species=words.listed(species_names(one.species, words)) if one.species else "",
        address=page_of(one.reference),
        outside=is_outside(one.reference),
    )


def who_words(person: Any, viewer: Viewer, words: Words) -> str:
    """Name a person to those with a role; to the public, the organisation the person works for."""
    if person is None:
        return words.say("someone without an account any more")
    if viewer.roles or person.pk == viewer.user_id:
        return str(person.name)
    if person.organisation is not None:
        return str(person.organisation.name)
    return words.say("a person with an account")


def day_words(day: date | None, words: Words) -> str:
    """Return a day in words; a dash where there is none."""
    return words.day(day) if day else "–"


@cache
def _actors() -> dict[str, Any]:
    return {one.actor_id: one for one in actors()}


@cache
def _landscapes() -> dict[str, str]:
    rows = landscapes()
    return {str(row["landscape_id"]): str(row["name"]) for row in rows.to_dict("records")}
