"""What the species' pages show, gathered for one reader."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.utils import timezone

from kulan import programme
from kulan.atlas.names import Gazetteer, NameEntry
from kulan.programme import PopulationEstimate, comparable
from kulan.programme.accounts import SECTION_NAMES
from kulan.programme.count_methods import COUNT_METHODS, SEASON_NAMES
from kulan.programme.terms import ACCOUNT_SECTIONS, SPECIES_IDS
from kulan.report.fact_sheets.estimates_chart import estimates_chart, series_of
from kulan.report.fact_sheets.population_sections import (
    comparison_told,
    fieldwork_told,
    figure_told,
    interval_told,
)
from kulan.report.fact_sheets.sheet import language_name
from kulan.report.reader import Reader
from kulan.web.atlas.listing import map_versions, title_of
from kulan.web.catalogue.themes import Theme
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.policy.records import awaiting, visible_populations
from kulan.web.species.fact_sheets import account_texts, in_force
from kulan.web.species.models import AccountText, PopulationRecord
from kulan.web.species.permissions import (
    may_propose_account,
    may_propose_anything,
    may_propose_population,
)
from kulan.web.species.terms import Readers
from kulan.words import words_in

_RIGHT_TO_LEFT = ("fa", "prs", "ar", "ug", "ur", "ps")
MOST_COMPARED = 4
"""Estimates that stand beside each other on one page."""


@dataclass(frozen=True)
class Card:
    """A species in the list."""

    species_id: str
    name: str
    scientific: str
    also: str
    badges: tuple[tuple[str, str], ...]
    states: int
    figures: int


@dataclass(frozen=True)
class Line:
    """A population record in the table, in words."""

    record: PopulationRecord
    figure: str
    interval: str
    method: str
    definition: str
    fieldwork: str
    season: str
    area: str
    quality: str
    notes: str
    where: str
    may_change: bool
    for_partners: bool
    embargoed: bool


@dataclass(frozen=True)
class InState:
    """What is known of a species in one range state."""

    iso3: str
    name: str
    presence: str
    source: str
    confidence: str
    lines: tuple[Line, ...]
    may_propose: bool


@cache
def gazetteer() -> Gazetteer:
    """Return all names of all species, to be found whatever their spelling."""
    rows = programme.species_names().to_dict("records")
    return Gazetteer(
        tuple(NameEntry(row["name"], row["language"], "species", row["species_id"]) for row in rows)
    )


def cards(viewer: Viewer, reader: Reader, text: str = "") -> list[Card]:
    """Return the species, or those whose name a text may mean, the nearest first."""
    wanted = [(one, "") for one in sorted(SPECIES_IDS, key=lambda one: reader.species(one).lower())]
    if text.strip():
        hits = gazetteer().search(text, limit=len(SPECIES_IDS))
        wanted = [(hit.entry.id, hit.entry.name) for hit in hits]
    figures = Counter(visible_populations(viewer).values_list("species_id", flat=True))
    today = timezone.localdate()
    return [
        replace(
            card := _card(reader.words.language, species_id, today),
            also="" if found in (card.name, card.scientific) else found,
            figures=figures[species_id],
        )
        for species_id, found in wanted
    ]


@lru_cache(maxsize=256)
def _card(language: str, species_id: str, today: date) -> Card:
    """Return a card as it is for everybody, without what a viewer may see of records."""
    reader = Reader(words_in(language))
    name, scientific = reader.species(species_id), reader.scientific(species_id)
    held = programme.statuses_on(species_id, today)
    red = held[held["instrument"] == "IUCN"]
    # the category of the whole species, where parts of it have their own
    whole = red[red["scope"].str.lower() == scientific.lower()]
    shown = whole if len(whole) else red
    badges = []
    for row in shown.drop_duplicates(["value", "scope"]).to_dict("records"):
        words = reader.code("iucn", row["value"])
        badges.append(
            (words if len(shown) == 1 else f"{words} ({row['scope']})", iucn_badge(row["value"]))
        )
    for instrument in ("CMS", "CITES"):
        values = dict.fromkeys(held.loc[held["instrument"] == instrument, "value"])
        told = [
            reader.code("appendix", one) for one in sorted(values) if one.startswith("Appendix")
        ]
        if told:
            badges.append((f"{instrument}: {', '.join(told)}", ""))
    table = programme.presence()
    here = table[(table["species_id"] == species_id) & (table["status"] != "extinct")]
    return Card(
        species_id,
        name,
        scientific,
        also="",
        badges=tuple(badges),
        states=len(here),
        figures=0,
    )


def iucn_badge(value: str) -> str:
    """Return how a Red List category looks; its words say it all the same."""
    return {
        "EX": "badge-bad", "EW": "badge-bad", "CR": "badge-bad", "EN": "badge-bad",
        "VU": "badge-caution", "NT": "badge-caution", "LC": "badge-good",
    }.get(value, "")  # fmt: skip


def species_page(viewer: Viewer, reader: Reader, species_id: str) -> dict[str, Any]:
    """Return everything the page of a species shows."""
    records = in_force(viewer, species_id)
    taxa = programme.species().set_index("species_id")
    series = series_of([one.estimated() for one in records])
    sections = sections_told(viewer, species_id, reader)
    layers = layers_told(viewer, species_id, reader)
    charts = [estimates_chart([one], reader, beside=1) for one in series]
    return {
        "species_id": species_id,
        "name": reader.species(species_id),
        "scientific": reader.scientific(species_id),
        "family": str(taxa.loc[species_id, "family"]),
        "author": str(taxa.loc[species_id, "author"]),
        "names": names_told(species_id, reader),
        "statuses": statuses_told(species_id, reader),
        "states": states_told(viewer, species_id, records, reader),
        "figures": len(records),
        "compared": [comparison_told(one, reader) for one in series],
        "charts": [one for one in charts if one is not None],
        "sections": sections,
        "unwritten": [one for one in sections if one["text"] is None],
        "layers": layers,
        "may_propose": may_propose_anything(viewer, species_id),
        "may_write": may_propose_account(viewer, species_id),
        "waiting": waiting(viewer, species_id),
        "has_habitat": any(one["id"] == f"habitat_{species_id}" for one in layers),
    }


def waiting(viewer: Viewer, species_id: str = "") -> int:
    """Return how many proposals wait for the viewer's decision."""
    found = 0
    for kind in (PopulationRecord, AccountText):
        rows = awaiting(viewer, kind)
        found += (rows.filter(species_id=species_id) if species_id else rows).count()
    return found


def names_told(species_id: str, reader: Reader) -> list[dict[str, str]]:
    """Return the names by language: those of the reader's languages first."""
    table = programme.species_names()
    rows = table[table["species_id"] == species_id]
    told = []
    for code, names in rows.groupby("language", sort=False):
        ordered = names.sort_values("preferred", ascending=False, kind="stable")
        told.append(
            {
                "code": str(code),
                "language": language_name(str(code), reader),
                "direction": "rtl" if str(code).split("-")[0] in _RIGHT_TO_LEFT else "ltr",
                "names": " · ".join(dict.fromkeys(ordered["name"])),
                "source": "; ".join(dict.fromkeys(ordered["source"])),
            }
        )
    first = ("la", reader.words.language, "en")
    told.sort(key=lambda one: first.index(one["code"]) if one["code"] in first else len(first))
    return told


def statuses_told(species_id: str, reader: Reader) -> list[dict[str, Any]]:
    """Return listings and categories, those that hold today first, each with its dates."""
    today = programme.statuses_on(species_id, timezone.localdate())
    held = {_row_key(row) for row in today.to_dict("records")}
    table = programme.species_statuses()
    told = []
    for row in table[table["species_id"] == species_id].to_dict("records"):
        value = str(row["value"])
        is_appendix = value.startswith("Appendix") or value == "not listed"
        told.append(
            {
                "instrument": row["instrument"],
                "value": reader.code("appendix" if is_appendix else "iucn", value),
                "badge": "" if is_appendix else iucn_badge(value),
                "scope": row["scope"],
                "since": reader.day(row["valid_from"]) if _given(row["valid_from"]) else "–",
                "until": reader.day(row["valid_to"]) if _given(row["valid_to"]) else "",
                "held": _row_key(row) in held,
                "source": row["source"],
                "confidence": reader.code("confidence", row["confidence"]),
            }
        )
    return sorted(told, key=lambda one: not one["held"])


def states_told(
    viewer: Viewer, species_id: str, records: Sequence[PopulationRecord], reader: Reader
) -> list[InState]:
    """Return the range states, each with the figures of it that the viewer may read."""
    table = programme.presence()
    rows = {row["iso3"]: row for row in table[table["species_id"] == species_id].to_dict("records")}
    codes = dict.fromkeys([*rows, *(one.iso3 for one in records)])
    return [
        InState(
            iso3=iso3,
            name=reader.state(iso3),
            presence=reader.code("presence", rows[iso3]["status"]) if iso3 in rows else "",
            source=str(rows[iso3]["source"]) if iso3 in rows else "",
            confidence=(
                reader.code("confidence", rows[iso3]["confidence"]) if iso3 in rows else ""
            ),
            lines=tuple(line_told(viewer, one, reader) for one in records if one.iso3 == iso3),
            may_propose=may_propose_population(viewer, species_id, iso3),
        )
        for iso3 in sorted(codes, key=reader.state)
    ]


def line_told(viewer: Viewer, record: PopulationRecord, reader: Reader) -> Line:
    """Tell one record as the tables show it."""
    estimate = record.estimated()
    method = COUNT_METHODS[record.method]
    area = record.area_covered_km2
    return Line(
        record=record,
        figure=figure_told(estimate, reader),
        interval=interval_told(estimate, reader),
        method=reader.say(method.name),
        definition=reader.say(method.definition),
        fieldwork=fieldwork_told(estimate, reader),
        season=reader.say(SEASON_NAMES[record.season]),
        area=reader.quantity(area, "km2") if area is not None else reader.say("not known"),
        quality=reader.code("confidence", record.quality),
        notes=reader.say(record.notes),
        where=reader.say(record.population) or reader.say("the whole state"),
        may_change=may_propose_population(viewer, record.species_id, record.iso3),
        for_partners=record.readers == Readers.PARTNERS,
        embargoed=bool(record.embargo_until and record.embargo_until >= timezone.localdate()),
    )


def comparisons(lines: Sequence[Line], reader: Reader) -> list[dict[str, Any]]:
    """Return, for each pair of estimates, why they cannot be compared; nothing when they can."""
    found = []
    for number, one in enumerate(lines):
        for other in lines[number + 1 :]:
            reasons = comparable(one.record.estimated(), other.record.estimated())
            found.append(
                {
                    "one": label(one.record.estimated(), reader),
                    "other": label(other.record.estimated(), reader),
                    "reasons": [reason.told(reader.words) for reason in reasons],
                }
            )
    return found


def label(estimate: PopulationEstimate, reader: Reader) -> str:
    """Return what tells an estimate from others in a sentence."""
    where = reader.say(estimate.population) if estimate.population else reader.state(estimate.iso3)
    return f"{where} {fieldwork_told(estimate, reader)}"


def sections_told(viewer: Viewer, species_id: str, reader: Reader) -> list[dict[str, Any]]:
    """Return the account, section by section; those not yet written have no text."""
    texts = {one.section: one for one in account_texts(viewer, species_id, reader.words)}
    return [
        {
            "section": section,
            "title": reader.say(SECTION_NAMES[section]),
            "text": texts.get(section),
            "confidence": (
                reader.code("confidence", texts[section].confidence) if section in texts else ""
            ),
        }
        for section in ACCOUNT_SECTIONS
    ]


def layers_told(viewer: Viewer, species_id: str, reader: Reader) -> list[dict[str, str]]:
    """Return the map's layers about a species that the viewer may see."""
    return [
        {
            "id": one.layer.layer_id,
            "title": title_of(one, reader.words),
            "theme": str(Theme(one.layer.theme).label),
        }
        for one in map_versions(viewer)
        if species_id in one.species
    ]


def role_of(viewer: Viewer) -> bool:
    """Whether the viewer ever proposes or decides."""
    return viewer.has(Role.SCIENTIST, Role.FOCAL_POINT, Role.SPECIES_COORDINATOR, Role.SECRETARIAT)


def _row_key(row: dict[Any, Any]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("instrument", "value", "scope", "valid_from"))


def _given(text: object) -> bool:
    return isinstance(text, str) and text != ""
