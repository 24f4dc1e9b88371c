"""Activities of IATI as a folder of tables that people edit, and the folder as activities again.

What the tables do not hold stays in ``activities.xml`` beside them, and goes out again from there.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kulan.errors import InvalidTableError
from kulan.exchange.iati_activities import Activity, Country, Participant, Party, Tagged, missing
from kulan.exchange.iati_in import IatiReading, read_iati
from kulan.exchange.iati_out import write_iati
from kulan.exchange.money_files import (
    ACTIVITIES,
    FILES,
    flows_in,
    shares_in,
    table_in,
    write_rows,
)
from kulan.exchange.plain_text import one_line

_ENDS = ("actual_end", "planned_end")
_BEGINS = ("actual_start", "planned_start")


def files_of(reading: IatiReading, *, at: datetime) -> dict[str, bytes]:
    """Return a reading as the files of a folder.

    Parameters
    ----------
    reading
        From `read_iati`.
    at
        When the folder is made.

    Returns
    -------
    dict
        Name to content: tables of `FILES`, the account of what is kept, lost and altered, and
        ``activities.xml`` where an activity can be written again.
    """
    activities = reading.activities
    found = {
        "projects.csv": write_rows(map(_project, activities), FILES["projects.csv"]),
        "shares.csv": write_rows(_shares(activities), FILES["shares.csv"]),
        "flows.csv": write_rows(_flows(activities), FILES["flows.csv"]),
    }
    for name in ("kept", "left_out", "changes"):
        table = getattr(reading, name)
        found[f"{name}.csv"] = table.to_csv(index=False, lineterminator="\n").encode()
    whole = [one for one in activities if not missing(one)]
    if whole:
        found[ACTIVITIES] = write_iati(whole, at=at)
    return found


def activities_of(folder: Path) -> tuple[Activity, ...]:
    """Return the projects of a folder as activities, over those that they came from.

    Raises
    ------
    InvalidTableError
        If there is no project, or a table is not as declared.
    """
    rows = table_in(folder, "projects.csv")
    if not rows:
        raise InvalidTableError(f"{folder}: projects.csv holds no project; there is none to write.")
    path = folder / ACTIVITIES
    before = {one.identifier: one for one in read_iati(path).activities} if path.is_file() else {}
    shares, flows = shares_in(folder), flows_in(folder)
    return tuple(
        _activity(
            row,
            before.get(row["project"]),
            shares.get(row["project"], {}),
            tuple(flows.get(row["project"], ())),
        )
        for row in rows
    )


def _project(one: Activity) -> dict[str, Any]:
    return {
        "project": one.identifier,
        "title": one_line(_own(one, one.title)) or one.identifier,
        "summary": _own(one, one.description),
        "stage": one.stage,
        "begins": _first(one, _BEGINS),
        "ends": _first(one, _ENDS),
        "part_of": next((it.ref for it in one.related if it.relation == "parent"), ""),
        "organisation": one.reporting.name,
        "organisation_ref": one.reporting.ref,
        "organisation_kind": one.reporting.kind,
    }


def _own(one: Activity, texts: Any) -> str:
    return str(texts.get(one.language) or next(iter(texts.values()), ""))


def _first(one: Activity, names: Iterable[str]) -> str:
    return next((one.dates[name].isoformat() for name in names if name in one.dates), "")


def _shares(activities: Iterable[Activity]) -> Iterable[dict[str, Any]]:
    for one in activities:
        served = {("state", country.iso3): country.share for country in one.countries}
        served |= {(tag.about, tag.code): tag.share for tag in one.tags}
        for (dimension, code), share in served.items():
            yield {
                "project": one.identifier, "dimension": dimension, "code": code,
                "share": "" if share is None else str(share),
            }  # fmt: skip


def _flows(activities: Iterable[Activity]) -> Iterable[dict[str, Any]]:
    for one in activities:
        for flow in one.flows:
            yield {
                "project": one.identifier, "kind": flow.kind, "amount": str(flow.money.amount),
                "currency": flow.money.currency, "day": flow.day.isoformat(),
                "last_day": flow.last_day.isoformat() if flow.last_day else "",
                "provider": flow.provider, "receiver": flow.receiver,
                "description": flow.description, "reference": flow.reference,
            }  # fmt: skip


def _activity(row: dict[str, Any], before: Activity | None, served: Any, flows: Any) -> Activity:
    party = Party(row["organisation"], row["organisation_ref"], row["organisation_kind"])
    start = before or Activity(
        row["project"], party, {"en": row["title"]}, {"en": row["summary"]},
        (Participant(party, "implementing"),),
    )  # fmt: skip
    was = _project(start)
    texts: dict[str, Any] = {
        name: {start.language: row[column]}
        for name, column in (("title", "title"), ("description", "summary"))
        if row[column] != was[column]
    }
    return replace(
        start,
        **texts,
        reporting=start.reporting if _same_party(row, was) else party,
        stage=row["stage"],
        dates=_dates(start, row, was),
        flows=_in_order(flows),
        countries=tuple(Country(*pair) for pair in served.get("state", {}).items()),
        tags=_tags(start, served),
    )


def _same_party(row: dict[str, Any], was: dict[str, Any]) -> bool:
    names = ("organisation", "organisation_ref", "organisation_kind")
    return all(row[name] == was[name] for name in names)


def _dates(start: Activity, row: dict[str, Any], was: dict[str, Any]) -> dict[str, date]:
    found = dict(start.dates)
    for column, names in (("begins", _BEGINS), ("ends", _ENDS)):
        if row[column] == was[column]:
            continue
        name = next((one for one in names if one in found), names[-1])
        if row[column]:
            found[name] = date.fromisoformat(row[column])
        else:
            for one in names:
                found.pop(one, None)
    return found


def _in_order(flows: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return money as the standard orders it: budgets, plans, transactions."""
    order = {"budget": 0, "planned": 1}
    return tuple(sorted(flows, key=lambda one: order.get(one.kind, 2)))


def _tags(start: Activity, served: Any) -> tuple[Tagged, ...]:
    titles = {(tag.about, tag.code): tag.title for tag in start.tags}
    return tuple(
        Tagged(about, code, titles.get((about, code), ""), share)
        for about in ("action", "species", "landscape")
        for code, share in served.get(about, {}).items()
    )
