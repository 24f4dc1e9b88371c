"""An activity of IATI as the fields of a project, and a project over the activity it came from."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from kulan.exchange.iati import Activity, Document, Participant, names_in, read_original, without
from kulan.exchange.plain_text import one_line
from kulan.programme.money import Flow
from kulan.programme.terms import SPECIES_IDS
from kulan.web.programme.money.forms import landscape_names
from kulan.web.programme.money.models import Project
from kulan.web.programme.money.reading import action_titles

SHOWN = frozenset(
    {
        "iati-identifier", "reporting-org", "title", "description", "activity-status",
        "activity-date", "recipient-country", "tag", "budget", "planned-disbursement",
        "transaction", "document-link",
    }
)  # fmt: skip
"""Elements of an activity that the pages of a project show."""

UNDERSTOOD = ("participating-org", "location", "sector", "related-activity", "result")
"""Elements that Kulan understands, and that the pages do not show all the same."""


def known_names() -> dict[str, Any]:
    """Return what activities may be tagged with, by what the tags are about."""
    return {
        "action": action_titles("en"),
        "species": set(SPECIES_IDS),
        "landscape": landscape_names(),
    }


def begins(activity: Activity) -> date | None:
    """Return the day it begins; None where it says none."""
    return activity.dates.get("actual_start") or activity.dates.get("planned_start")


def content_of(activity: Activity) -> dict[str, Any]:
    """Return what the fields of a project would hold of an activity."""
    first = begins(activity)
    ends = activity.dates.get("actual_end") or activity.dates.get("planned_end")
    own = activity.language

    def chosen(texts: Any) -> str:
        return str(texts.get(own) or next(iter(texts.values()), "") or activity.identifier)

    page = _page(activity.documents)
    return {
        "title": one_line(chosen(activity.title))[:300],
        "summary": chosen(activity.description)[:20_000],
        "stage": activity.stage,
        "begins": first,
        "ends": ends if ends and first and first <= ends else None,
        "url": page.url[:500] if page else "",
    }


def shares_in(activity: Activity) -> dict[str, dict[str, str]]:
    """Return what a project of the activity would serve, with shares as they are kept."""
    known = known_names()
    found: dict[str, dict[str, str]] = {
        "action": {}, "state": {}, "species": {}, "landscape": {},
    }  # fmt: skip
    for tag in activity.tags:
        if tag.code in known[tag.about]:
            found[tag.about][tag.code] = str(tag.share) if tag.share else ""
    for country in activity.countries:
        found["state"][country.iso3] = str(country.share) if country.share else ""
    return found


def flow_as_kept(flow: Flow) -> Flow:
    """Return money with its texts as long as a project keeps them."""
    return replace(
        flow,
        provider=flow.provider[:200],
        receiver=flow.receiver[:200],
        description=flow.description[:500],
        reference=flow.reference[:200],
    )


def over_original(made: Activity, row: Project) -> Activity:
    """Return a project as the activity it was taken over from, changed where the project is.

    It goes to everyone: names, addresses and telephones of people to ask stay behind, and so does
    who gave money that is confidential now or there no more.

    Parameters
    ----------
    made
        All that the project says by itself.
    row
        The project; of one that was never taken over, `made` is the answer.
    """
    if not row.iati_original:
        return made
    before = read_original(row.iati_original)
    content = content_of(before)
    told = replace(
        before,
        identifier=made.identifier,
        reporting=before.reporting if before.reporting.ref == made.reporting.ref
        else made.reporting,
        title=before.title if row.title == content["title"] else {before.language: row.title},
        description=before.description if row.summary == content["summary"]
        else {before.language: row.summary},
        stage=row.stage,
        dates=_dates(before, row, content),
        documents=before.documents if row.url == content["url"] else _documents(made, before),
        flows=_flows(made, before),
        related=(*before.related, *(one for one in made.related if one not in before.related)),
        **_served(made, before, row),
    )  # fmt: skip
    named = {one.party.name for one in before.participants} | {one.provider for one in before.flows}
    funders = (one for one in made.participants if one.role == "funding")
    new = tuple(one for one in funders if one.party.name not in named)
    told = replace(told, participants=(*_participants(made, before, row), *new))
    told = told if told == before else replace(told, updated=row.changed_at)
    return replace(told, original=without(before.original, "contact-info"))


def _participants(made: Activity, before: Activity, row: Project) -> tuple[Participant, ...]:
    """Return who took part by the file, without who gave only what nobody may see any more."""
    gave = {one.provider for one in map(flow_as_kept, before.flows)}
    gave |= {one.provider for one in row.flows.all() if one.confidential}
    gone = gave - {one.provider for one in made.flows}
    stay = tuple(
        one
        for one in before.participants
        if one.role != "funding" or one.party.name[:200] not in gone
    )
    return stay or tuple(one for one in made.participants if one.role != "funding")


def kept_names(original: str) -> Counter[str]:
    """Return the elements of an activity that the pages of its project do not show, counted."""
    if not original:
        return Counter()
    return Counter(one for one in names_in(original) if one not in SHOWN)


def _page(documents: Iterable[Document]) -> Document | None:
    return next((one for one in documents if one.category == "A12"), None)


def _documents(made: Activity, before: Activity) -> tuple[Document, ...]:
    old = _page(before.documents)
    return (*(one for one in before.documents if one is not old), *made.documents)


def _dates(before: Activity, row: Project, content: dict[str, Any]) -> dict[str, date]:
    found = dict(before.dates)
    if row.begins != content["begins"]:
        found["actual_start" if "actual_start" in found else "planned_start"] = row.begins
    if row.ends != content["ends"]:
        name = "actual_end" if "actual_end" in found else "planned_end"
        found.pop("actual_end", None)
        if row.ends:
            found[name] = row.ends
        else:
            found.pop("planned_end", None)
    return found


def _flows(made: Activity, before: Activity) -> tuple[Flow, ...]:
    """Return the project's money: what the file had as the file had it, then what is new."""
    left = list(made.flows)
    found = []
    for flow in before.flows:
        if (kept := flow_as_kept(flow)) in left:
            left.remove(kept)
            found.append(flow)
    return (*found, *left)


def _served(made: Activity, before: Activity, row: Project) -> dict[str, Any]:
    """Return countries and tags: as the file had them in each dimension that is unchanged."""
    was, known = shares_in(before), known_names()
    now: dict[str, dict[str, str]] = {name: {} for name in was}
    for one in row.shares.all():
        now[one.dimension][one.code] = one.share
    same = {name for name in was if was[name] == now[name]}
    stay = (one for one in before.tags if one.about in same or one.code not in known[one.about])
    new = (one for one in made.tags if one.about not in same)
    return {
        "countries": before.countries if "state" in same else made.countries,
        "tags": (*stay, *new),
    }
