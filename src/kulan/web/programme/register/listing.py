"""The list of actions: what is asked for, what fits, and the rows of the page and of its sheets."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.http import QueryDict

from kulan.programme.actions import Action, Section
from kulan.programme.evidence import STATUS_NAMES, Status
from kulan.web.catalogue.forms import species_choices, state_choices
from kulan.web.programme.register.standing import Standing
from kulan.web.programme.register.wording import (
    PRIORITY_NAMES,
    landscape_words,
    lead_choices,
    leads_words,
    priority_words,
    status_look,
    status_words,
)
from kulan.words import Words


@dataclass(frozen=True)
class Asked:
    """What a reader asks of the list; empty for everything.

    Attributes
    ----------
    section, lead, priority, species, state, landscape, status
        Short names. With a state, statuses are those of that state.
    q
        Words in the title, or the number.
    """

    section: str = ""
    lead: str = ""
    priority: str = ""
    species: str = ""
    state: str = ""
    landscape: str = ""
    status: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """Read it from an address; what is too long to be meant is cut."""
        return cls(**{one.name: query.get(one.name, "").strip()[:100] for one in fields(cls)})

    @property
    def anything(self) -> bool:
        """Whether something is asked for at all."""
        return any(getattr(self, one.name) for one in fields(self))

    def query(self, **other: str) -> dict[str, str]:
        """Return the parts of an address that asks for this, with other values in their place."""
        told = {one.name: getattr(self, one.name) for one in fields(self)} | other
        return {name: value for name, value in told.items() if value}

    def fits(self, one: Standing, section: Section | None, words: Words) -> bool:
        """Whether an action is asked for, whatever its status."""
        action = one.action
        return (
            self.section in ("", action.section_id)
            and (not self.lead or self.lead in action.leads)
            and (not self.priority or self.priority in _priorities(action))
            and (not self.species or self.species in _named(action, section, "species"))
            and (not self.state or self.state in one.answer.by_state)
            and (not self.landscape or self.landscape in _named(action, section, "landscapes"))
            and self._said(action, words)
        )

    def status_of(self, one: Standing) -> Status:
        """Return the status that the list shows: of the state asked for, or of the whole."""
        return one.status_in(self.state) if self.state else one.status

    def computed_of(self, one: Standing) -> Status:
        """Return the same as it is computed, whatever people have set."""
        computed = one.answer.computed
        return computed.by_state.get(self.state, computed.status) if self.state else computed.status

    def _said(self, action: Action, words: Words) -> bool:
        if not self.q:
            return True
        sought = self.q.casefold()
        if sought in (action.action_id.casefold(), action.printed.casefold()):
            return True
        titles = {action.title(words.language), action.title("en")}
        return any(sought in title.casefold() for title in titles)


@dataclass(frozen=True)
class Row:
    """One action in the list, in words."""

    standing: Standing
    number: str
    printed: str
    title: str
    leads: str
    priority: str
    status: str
    look: str
    computed: str
    evidence: int
    lacking: int
    states_done: int
    states_all: int


@dataclass(frozen=True)
class Group:
    """A section with the actions of it that fit."""

    section: Section
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Listed:
    """The list as asked for.

    Attributes
    ----------
    groups
        Sections that have an action in the list.
    standings
        The actions of the list, in order.
    counts
        How many actions have each status under the other filters: code, words, look, number.
    total
        How many actions the edition has.
    """

    groups: tuple[Group, ...]
    standings: tuple[Standing, ...]
    counts: tuple[tuple[str, str, str, int], ...]
    total: int


def listed(
    found: tuple[Standing, ...], sections: Iterable[Section], asked: Asked, words: Words
) -> Listed:
    """Return the list that is asked for."""
    by_id = {one.section_id: one for one in sections}
    near = [one for one in found if asked.fits(one, by_id.get(one.action.section_id), words)]
    number_of = Counter(asked.status_of(one) for one in near)
    shown = [one for one in near if asked.status in ("", asked.status_of(one).value)]
    groups = []
    for section in by_id.values():
        rows = [one for one in shown if one.action.section_id == section.section_id]
        if rows:
            told = tuple(row_of(one, asked, words) for one in rows)
            groups.append(Group(section, section.title(words.language), told))
    counts = tuple(
        (one.value, status_words(one, words), status_look(one), number_of[one])
        for one in STATUS_NAMES
        if number_of[one] or one.value == asked.status
    )
    return Listed(tuple(groups), tuple(shown), counts, len(found))


def row_of(one: Standing, asked: Asked, words: Words) -> Row:
    """Return an action in words."""
    action, computed = one.action, one.answer.computed
    status, by_evidence = asked.status_of(one), asked.computed_of(one)
    by_state = one.answer.by_state
    return Row(
        standing=one,
        number=action.action_id,
        printed=action.printed if action.printed.rstrip(".") != action.action_id else "",
        title=action.title(words.language),
        leads=", ".join(leads_words(action.leads, words)),
        priority=priority_words(action.priority, action.priority_order, words),
        status=status_words(status, words),
        look=status_look(status),
        computed=status_words(by_evidence, words) if by_evidence != status else "",
        evidence=len({item.reference for item in computed.counted}),
        lacking=computed.lacking,
        states_done=sum(1 for state in by_state.values() if state is Status.done),
        states_all=len(by_state),
    )


def choices(
    found: tuple[Standing, ...], sections: tuple[Section, ...], words: Words
) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter offers: only what an action of the edition has."""
    actions = [one.action for one in found]
    by_id = {one.section_id: one for one in sections}
    species, places = set(), set()
    for action in actions:
        section = by_id.get(action.section_id)
        species |= _named(action, section, "species")
        places |= _named(action, section, "landscapes")
    states = {iso3 for one in found for iso3 in one.answer.by_state}
    return {
        "section": [
            (one.section_id, f"{one.section_id}. {one.title(words.language)}") for one in sections
        ],
        "lead": lead_choices(actions, words),
        "priority": [(code, words.say(name)) for code, name in PRIORITY_NAMES.items()],
        "species": [pair for pair in species_choices() if pair[0] in species],
        "state": [pair for pair in state_choices() if pair[0] in states],
        "landscape": sorted(
            ((one, landscape_words(one, words)) for one in places), key=lambda pair: pair[1]
        ),
        "status": [(one.value, words.say(name)) for one, name in STATUS_NAMES.items()],
    }


def _priorities(action: Action) -> set[str]:
    """Return every priority of an action's interval."""
    order = list(PRIORITY_NAMES)
    ends = [order.index(one) for one in (action.priority.low, action.priority.high) if one in order]
    return set(order[min(ends) : max(ends) + 1]) if ends else set()


def _named(action: Action, section: Any, field: str) -> set[str]:
    """Return what an action or its section names."""
    return {*getattr(action, field), *(getattr(section, field) if section else ())}
