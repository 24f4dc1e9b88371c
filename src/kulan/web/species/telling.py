"""What a record says, in the reader's words: its fields, its states, what a change changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from kulan.programme.accounts import SECTION_NAMES
from kulan.programme.count_methods import (
    COUNT_METHODS,
    INTERVAL_NAMES,
    QUANTITY_NAMES,
    SEASON_NAMES,
)
from kulan.report.fact_sheets.population_sections import figure_told, interval_told
from kulan.report.reader import Reader
from kulan.web.policy import Viewer
from kulan.web.species.models import (
    CONTENT_OF_ACCOUNT,
    CONTENT_OF_POPULATION,
    PopulationRecord,
    Version,
)
from kulan.web.species.terms import Change, Readers, State
from kulan.words import N_

FIELD_NAMES = {
    "population": N_("Population or place"),
    "estimate": N_("Best figure"),
    "low": N_("Lower end"),
    "high": N_("Upper end"),
    "interval_kind": N_("What the interval means"),
    "quantity": N_("What was counted"),
    "method": N_("Method"),
    "survey_from": N_("Fieldwork from"),
    "survey_to": N_("Fieldwork to"),
    "season": N_("Season"),
    "area_covered_km2": N_("Area covered, km²"),
    "reference": N_("Reference"),
    "doi": N_("DOI"),
    "data_source": N_("Who holds the data"),
    "quality": N_("Quality of the entry"),
    "notes": N_("Note"),
    "readers": N_("Who may read it"),
    "embargo_until": N_("Embargo until"),
    "text": N_("Text"),
    "source": N_("Source"),
    "confidence": N_("Confidence"),
}
"""Headings of the fields of both kinds of record."""

_CLOSED: dict[str, dict[str, str]] = {
    "interval_kind": INTERVAL_NAMES,
    "quantity": QUANTITY_NAMES,
    "season": SEASON_NAMES,
    "method": {code: method.name for code, method in COUNT_METHODS.items()},
}
Shown = Collection[tuple[str, int]]
"""Kind and key of the versions that a reader may see."""

BADGES = {
    State.PROPOSED: "badge-accent",
    State.APPROVED: "badge-good",
    State.REJECTED: "badge-bad",
    State.WITHDRAWN: "badge-caution",
}
"""Look of a state's badge; the others are plain."""


@dataclass(frozen=True)
class Told:
    """A field with its heading and its words.

    Attributes
    ----------
    name, title, words
        The field, its heading, what it holds.
    before
        What the replaced version held; None where nothing changed or nothing was replaced.
    """

    name: str
    title: str
    words: str
    before: str | None = None


@dataclass(frozen=True)
class Step:
    """One version in the history of a record.

    Attributes
    ----------
    version
        The row.
    change, state, badge
        What it asked for, where it is, and how that looks.
    proposed_by, decided_by
        Whom the reader may know of; empty for nobody.
    proposed_on, decided_on
        Days, in words.
    changed
        The fields that it changed.
    reason, note
        Of the proposer and of whoever decided; empty for the public.
    """

    version: Version
    change: str
    state: str
    badge: str
    proposed_by: str
    proposed_on: str
    decided_by: str
    decided_on: str
    changed: tuple[Told, ...]
    reason: str
    note: str


def fields_told(version: Version, reader: Reader, shown: Shown) -> tuple[Told, ...]:
    """Tell every field of a version, beside what it was in the version it replaces.

    What was is told only where the reader may see that version: it may have been for fewer people.
    """
    before = version.replaces if version.change == Change.CHANGE else None
    if before is not None and (kind_of(before), before.pk) not in shown:
        before = None
    told = []
    for name in _content(version):
        words = value_told(version, name, reader)
        earlier = None if before is None else value_told(before, name, reader)
        changed = earlier is not None and earlier != words
        title = reader.say(FIELD_NAMES[name])
        told.append(Told(name, title, words, earlier if changed else None))
    return tuple(told)


def value_told(version: Version, name: str, reader: Reader) -> str:
    """Tell one field of a version; a dash where it is empty."""
    value = getattr(version, name)
    if value is None or value == "":
        return "–"
    if name in _CLOSED:
        return reader.say(_CLOSED[name][value])
    if name in ("quality", "confidence"):
        return reader.code("confidence", value)
    return _open_value_told(name, value, reader)


def _open_value_told(name: str, value: Any, reader: Reader) -> str:
    if name == "readers":
        return str(Readers(value).label)
    if isinstance(value, float):
        return reader.words.number(value, 0 if value == int(value) else 2)
    if isinstance(value, date):
        return reader.words.day(value)
    if name in ("survey_from", "survey_to"):
        return reader.day(value)
    return reader.say(value) if name in ("population", "notes") else str(value)


def history_told(versions: list[Any], viewer: Viewer, reader: Reader) -> list[Step]:
    """Tell the versions of a record, the newest first."""
    shown = {(kind_of(one), one.pk) for one in versions}
    ordered = sorted(versions, key=lambda one: (one.proposed_at, one.pk), reverse=True)
    return [step_told(one, viewer, reader, shown) for one in ordered]


def step_told(version: Any, viewer: Viewer, reader: Reader, shown: Shown) -> Step:
    """Tell one version: who proposed what, who decided, what changed."""
    fields = fields_told(version, reader, shown)
    inside = bool(viewer.roles) or (viewer.signed_in and version.proposed_by_id == viewer.user_id)
    return Step(
        version=version,
        change=str(Change(version.change).label),
        state=str(State(version.state).label),
        badge=BADGES.get(State(version.state), ""),
        proposed_by=_who(version, version.proposed_by, viewer, reader),
        proposed_on=reader.words.day(version.proposed_at.date()),
        decided_by=_who(version, version.decided_by, viewer, reader) if version.decided_by else "",
        decided_on=reader.words.day(version.decided_at.date()) if version.decided_at else "",
        changed=tuple(one for one in fields if one.before is not None),
        reason=version.reason if inside else "",
        note=version.decision_note if inside else "",
    )


def kind_of(version: Version) -> str:
    """Return the word that addresses have for the kind of a record."""
    return "population" if isinstance(version, PopulationRecord) else "account"


def headline(version: Version, reader: Reader) -> str:
    """Return in one line what a version says."""
    if isinstance(version, PopulationRecord):
        estimate = version.estimated()
        return f"{figure_told(estimate, reader)} ({interval_told(estimate, reader)})"
    return reader.pair(reader.say(SECTION_NAMES[version.section]), version.text[:120])


def subject(version: Version, reader: Reader) -> str:
    """Return in one line what a version speaks of."""
    species = reader.species(version.species_id)
    if not isinstance(version, PopulationRecord):
        return f"{species}, {reader.say(SECTION_NAMES[version.section])} ({version.language})"
    where = reader.state(version.iso3)
    if version.population:
        where = f"{where}, {reader.say(version.population)}"
    return f"{species}, {where}, {version.survey_to[:4]}"


def _content(version: Version) -> tuple[str, ...]:
    return CONTENT_OF_POPULATION if isinstance(version, PopulationRecord) else CONTENT_OF_ACCOUNT


def _who(version: Version, person: Any, viewer: Viewer, reader: Reader) -> str:
    """Name a person to those with a role; to the public, the organisation the person works for."""
    if version.seeded:
        return reader.say("Kulan, from its own tables")
    if person is None:
        return reader.say("someone without an account any more")
    if viewer.roles or person.pk == viewer.user_id:
        return str(person.name)
    if person.organisation is not None:
        return str(person.organisation.name)
    return reader.say("a person with an account")
