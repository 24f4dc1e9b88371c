"""What a viewer may know of who looked where, of what waits, and of where a species may live.

Every row comes from a policy: the records the viewer may read, and each feature as the viewer may
see it. A gap that a hidden record would close is a gap for whoever may not see that record.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import shapely
from django.conf import settings
from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Floor, Substr

from kulan.assessment.knowledge_gaps import (
    WAITING,
    grounds_of,
    line_that_waits,
    looks_of,
)
from kulan.atlas import open_release, release_ids
from kulan.outputs import write_whole
from kulan.programme.gaps import Decision, Ground, Looked, cell_of
from kulan.programme.terms import SPECIES_IDS
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.themes import Kind, State, Theme
from kulan.web.policy import Viewer, visible_versions
from kulan.web.policy.records import visible_populations
from kulan.web.policy.renditions import renditions
from kulan.web.programme.reporting.models import Cycle, Filing
from kulan.web.programme.reporting.permissions import visible_cycles
from kulan.words import Words

_ANIMALS = (Theme.TELEMETRY, Theme.INCIDENTS, Theme.DISTRIBUTION)
_WIDEST_DEG = 1.0
"""A feature wider than a cell says nothing of one cell: it is left aside."""
# the east and north edge of a cell belong to the next
_EDGES = {
    "at_west": Floor("west"),
    "at_south": Floor("south"),
    "at_east": Floor(F("east") - 1e-9),
    "at_north": Floor(F("north") - 1e-9),
}
_SEASON_OF_MONTH = (
    ("winter",) * 2 + ("spring",) * 3 + ("summer",) * 3 + ("autumn",) * 3 + ("winter",)
)


def grounds() -> tuple[Ground, ...]:
    """Return potential habitat by cells and states, kept beside the release it was made from."""
    state = Path(settings.STATE)
    if not release_ids(state):
        return ()
    return _grounds_of(state, open_release(state).release_id)


@lru_cache(maxsize=2)
def _grounds_of(state: Path, release_id: str) -> tuple[Ground, ...]:
    """Read them once for each release and process; a release does not change."""
    release = open_release(state, release_id)
    kept = state / "cache" / "gaps" / f"{release_id}.json"
    if kept.is_file():
        return tuple(Ground(**row) for row in json.loads(kept.read_text(encoding="utf-8")))
    found = grounds_of(release)
    write_whole(kept, json.dumps([asdict(one) for one in found]).encode())
    return found


def looks(viewer: Viewer) -> tuple[Looked, ...]:
    """Return who looked where, as far as the viewer may know."""
    records = (one.estimated() for one in visible_populations(viewer))
    return (*looks_of(records), *_seen_animals(viewer))


def _seen_animals(viewer: Viewer) -> Iterator[Looked]:
    """Return the dated records of animals in released layers: whoever saw one has looked there."""
    for version in _released(viewer).filter(layer__theme__in=_ANIMALS):
        rows = renditions(viewer, version).filter(
            species_id__in=SPECIES_IDS, extent_deg__lte=_WIDEST_DEG
        )
        # counted by the database: a layer of a hundred thousand records is a few hundred cases
        cases = (
            rows.exclude(date_from="")
            .annotate(
                day=Case(When(date_to="", then=F("date_from")), default=F("date_to")),
                year=Substr("day", 1, 4),
                **_EDGES,
            )
            .order_by()
            .values_list("species_id", "year", "months", "iso3", *_EDGES)
            .distinct()
        )
        for species_id, year, months, iso3, *edges in cases:
            seen = _cells(*(int(edge) for edge in edges))
            yield Looked(
                species_id, int(year), _season(months), "other", iso3, seen, version.identifier
            )


def _cells(west: int, south: int, east: int, north: int) -> frozenset[str]:
    """Return the cells that a record's box meets, given the whole degrees of its edges."""
    columns, rows = range(west, max(west, east) + 1), range(south, max(south, north) + 1)
    return frozenset(cell_of(column, row) for column in columns for row in rows)


def _season(of_months: int) -> str:
    months = [month for month in range(12) if of_months >> month & 1]
    seasons = {_SEASON_OF_MONTH[month] for month in months}
    return seasons.pop() if len(seasons) == 1 else "unknown"


def decisions(viewer: Viewer, words: Words) -> tuple[Decision, ...]:
    """Return what waits, as far as the viewer may know: plans and unfinished lines, reports due."""
    return (*_lines(viewer), *_reports(viewer, words))


def _reports(viewer: Viewer, words: Words) -> Iterator[Decision]:
    """Return the open cycles of reporting, each for the states that report in it."""
    for cycle in visible_cycles(viewer).filter(stage=Cycle.Stage.OPEN):
        filings = Filing.objects.filter(cycle=cycle).exclude(iso3="")
        states = tuple(sorted(set(filings.values_list("iso3", flat=True))))
        if states:
            title = cycle.title.get(words.language) or cycle.title.get("en") or cycle.cycle_id
            yield Decision(
                f"report:{cycle.cycle_id}",
                title,
                "report",
                states=states,
                due=cycle.due,
                due_said=cycle.due.isoformat(),
            )


def _lines(viewer: Viewer) -> tuple[Decision, ...]:
    found = {}
    for version in _released(viewer).filter(layer__theme=Theme.BARRIERS):
        for row in renditions(viewer, version).filter(properties__status__in=WAITING):
            told = row.properties
            called = str(told.get("barrier_id") or row.uid)
            found[f"{version.layer_id} {called}"] = line_that_waits(
                called,
                row.name or str(told.get("name") or called),
                shapely.force_2d(row.geometry),
                species=_species(told.get("species_affected")),
                planned_for=str(told.get("planned_for") or ""),
            )
    return tuple(found.values())


def _species(told: object) -> tuple[str, ...]:
    names = told if isinstance(told, list) else str(told or "").replace(",", ";").split(";")
    return tuple(name.strip() for name in names if name.strip() in SPECIES_IDS)


def _released(viewer: Viewer) -> QuerySet[LayerVersion]:
    shown = visible_versions(viewer).filter(state=State.RELEASED, kind=Kind.VECTOR)
    return shown.select_related("layer")
