"""What changed, area by area, as the public may see it: a newsletter knows of nothing else.

A source is a function without arguments that returns changes. It asks the policy as a visitor
without an account would, whoever makes the newsletter.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from kulan.programme.accounts import SECTION_NAMES
from kulan.programme.count_methods import QUANTITY_NAMES
from kulan.programme.newsletter import Change
from kulan.programme.reporting import Told
from kulan.report.reader import Reader
from kulan.web.catalogue.themes import State
from kulan.web.policy import PUBLIC, visible_versions
from kulan.web.policy.records import visible_accounts, visible_populations
from kulan.web.programme.evidence_sources import is_outside, objects_of_kulan, page_of
from kulan.web.programme.newsletter.objects import told_objects
from kulan.web.programme.register.evidence import items_there
from kulan.web.programme.reporting.letters import name_of
from kulan.web.programme.reporting.models import Cycle
from kulan.web.programme.reporting.permissions import visible_cycles, visible_filings
from kulan.web.species.models import PopulationRecord
from kulan.words import LANGUAGES, Words, words_in

_HERE = "kulan.web.programme.newsletter"
CHANGE_SOURCES: tuple[str, ...] = (
    f"{_HERE}.sources.layers",
    f"{_HERE}.sources.populations",
    f"{_HERE}.sources.texts",
    f"{_HERE}.sources.reports",
    f"{_HERE}.sources.deadlines",
    f"{_HERE}.sources.documents",
    f"{_HERE}.sources.others",
    f"{_HERE}.ahead.calls",
    f"{_HERE}.ahead.gatherings",
)
"""Dotted paths of functions that return changes; each area may add one."""

_TOLD_BY_THEMSELVES = ("layer:", "record:", "report:")


def public_changes() -> list[Change]:
    """Return everything that ever changed and lies ahead, as the public may know it."""
    return [change for path in CHANGE_SOURCES for change in _source(path)()]


def layers() -> list[Change]:
    """Return the versions of layers that were released for everyone."""
    rows: QuerySet[Any] = visible_versions(PUBLIC).filter(
        state__in=(State.RELEASED, State.SUPERSEDED), released_at__isnull=False
    )
    found = []
    for version in rows:
        layer = version.layer
        address = {"layer_id": layer.layer_id, "number": version.number}
        found.append(
            Change(
                kind="layer",
                title=_stored(version.title, layer.layer_id),
                day=_since_public(version.released_at, layer.embargo_until),
                link=reverse("layer_version", kwargs=address),
                species=tuple(version.species),
                states=tuple(version.states),
                detail=_stored(version.abstract),
                thing=f"layer:{layer.layer_id}",
            )
        )
    return found


def populations() -> list[Change]:
    """Return the population records in force that everyone may read."""
    return [
        Change(
            kind="population_record",
            title=_of_species(row.species_id),
            day=_since_public(row.decided_at, row.embargo_until),
            link=reverse("species_record", kwargs={"kind": "population", "uid": row.uid}),
            species=(row.species_id,),
            states=(row.iso3,),
            detail=_in_each(lambda words, row=row: _figure(row, words)),
            thing=f"population:{row.record}",
        )
        for row in visible_populations(PUBLIC).filter(decided_at__isnull=False)
    ]


def texts() -> list[Change]:
    """Return the texts about species that are in force."""
    return [
        Change(
            kind="species_text",
            title=_of_species(row.species_id),
            day=timezone.localdate(row.decided_at),
            link=reverse("species_record", kwargs={"kind": "account", "uid": row.uid}),
            species=(row.species_id,),
            detail=_in_each(lambda words, row=row: words.say(SECTION_NAMES[row.section])),
            thing=f"account:{row.record}",
        )
        for row in visible_accounts(PUBLIC).filter(decided_at__isnull=False)
    ]


def reports() -> list[Change]:
    """Return the reports that were accepted; from then on everyone reads of them."""
    rows = visible_filings(PUBLIC).filter(accepted_at__isnull=False)
    return [
        Change(
            kind="report",
            title=_in_each(lambda words, row=row: name_of(row, words)),
            day=timezone.localdate(row.accepted_at),
            link=reverse("report", kwargs={"uid": row.uid}),
            species=tuple(row.species),
            states=(row.iso3,) if row.iso3 else (),
            detail=_stored(row.cycle.title, row.cycle.cycle_id),
        )
        for row in rows
    ]


def deadlines() -> list[Change]:
    """Return the days on which reports of open cycles are due."""
    return [
        Change(
            kind="report_due",
            title=_stored(cycle.title, cycle.cycle_id),
            day=cycle.due,
            link=reverse("cycle", kwargs={"cycle_id": cycle.cycle_id}),
        )
        for cycle in visible_cycles(PUBLIC).filter(stage=Cycle.Stage.OPEN)
    ]


def documents() -> list[Change]:
    """Return the documents that people added as evidence for everyone, on the day they did.

    What they added about an object of Kulan is told with that object.
    """
    return [
        Change(
            kind=item.kind,
            title=Told(item.title),
            day=timezone.localdate(item.added_at),
            link=reverse("programme_evidence_one", kwargs={"uid": item.uid}),
            species=tuple(item.species),
            states=tuple(item.states),
        )
        for item in items_there(PUBLIC)
        if is_outside(item.reference)
    ]


def others() -> list[Change]:
    """Return the objects of all other areas, on the day they came about or were entered."""
    known = told_objects()
    found = []
    for one in objects_of_kulan(PUBLIC):
        if one.reference.startswith(_TOLD_BY_THEMSELVES) or one.withdrawn:
            continue
        title, added = known.get(one.reference, (Told(one.title), None))
        found.append(
            Change(
                kind=one.kind,
                title=title,
                day=one.day,
                link=_page(one.reference),
                species=tuple(one.species),
                states=tuple(one.states),
                # a group meets again and again: the day of its entry says nothing of that
                added=None if one.kind == "working_group" else added,
            )
        )
    return found


def _source(path: str) -> Callable[[], list[Change]]:
    found: Callable[[], list[Change]] = import_string(path)
    return found


def _page(reference: str) -> str:
    """Return where an object is read; of a project's money, the project with that money named."""
    beginning, _, rest = reference.partition(":")
    if beginning == "project":
        project, _, flow = rest.partition("#")
        return f"{reverse('money_project', kwargs={'uid': project})}#{flow}"
    return page_of(reference)


def _since_public(at: Any, embargo_until: date | None) -> date:
    """Return the day from which everyone could see it: an embargo that is over comes first."""
    day = timezone.localdate(at)
    return day if embargo_until is None else max(day, embargo_until + timedelta(days=1))


def _stored(texts_by_language: dict[str, str], otherwise: str = "") -> Told:
    told = {code: texts_by_language.get(code) or "" for code in LANGUAGES}
    return Told(**told) if any(told.values()) else Told(otherwise)


def _in_each(telling: Callable[[Words], str]) -> Told:
    return Told(**{code: telling(words_in(code)) for code in LANGUAGES})


def _of_species(species_id: str) -> Told:
    return _in_each(lambda words: Reader(words).species(species_id))


def _figure(row: PopulationRecord, words: Words) -> str:
    """Say a record in a line: state and part of it, year, figure, where it was published."""
    figures = [row.estimate] if row.estimate is not None else [row.low, row.high]
    figure = "–".join(words.significant(one, 7) for one in figures if one is not None)
    place = ", ".join(filter(None, (Reader(words).state(row.iso3), row.population)))
    return words.say(
        "{place}, {year}: {figure} {counted}. {reference}",
        place=place,
        year=row.survey_to[:4],
        figure=figure,
        counted=words.say(QUANTITY_NAMES[row.quantity]),
        reference=row.reference,
    )
