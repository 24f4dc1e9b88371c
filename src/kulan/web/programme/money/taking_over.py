"""Activities of an IATI file taken over as projects: what would change is told first."""

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from kulan.errors import KulanError, NotAllowedNowError, TooLargeError
from kulan.exchange.iati import (
    Activity,
    IatiReading,
    Warned,
    check_file,
    read_iati,
    standard_form,
)
from kulan.exchange.plain_text import one_line
from kulan.programme.money import Flow as Money
from kulan.programme.money.projects import FLOW_KINDS, PROJECT_STAGES, check_shares
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.people.models import Organisation
from kulan.web.policy import Viewer
from kulan.web.programme.money import actions
from kulan.web.programme.money.as_project import (
    begins,
    content_of,
    flow_as_kept,
    kept_names,
    known_names,
    shares_in,
)
from kulan.web.programme.money.identifiers import identifier_of
from kulan.web.programme.money.models import Donor, Flow, IatiFile, Project
from kulan.web.programme.money.permissions import check_may_begin_project
from kulan.web.programme.money.publishing import activity_of, donors_by_name, public_projects
from kulan.web.programme.money.reading import flow_of
from kulan.web.programme.register.terms import Audience

MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class Change:
    """A field of a project: what stands there, and what would."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Plan:
    """What taking over an activity would do.

    Attributes
    ----------
    activity
        Of the file.
    project
        The project it would change; None where it would be added.
    changes
        Field by field; none where nothing would change.
    problem
        Why it cannot be taken over; empty where it can.
    """

    activity: Activity
    project: Project | None
    changes: tuple[Change, ...]
    problem: str = ""


def bring(viewer: Viewer, organisation: Organisation, name: str, content: bytes) -> IatiFile:
    """Keep a file until what it holds is taken over.

    Raises
    ------
    AccessDeniedError
        If the viewer keeps no projects of the organisation.
    TooLargeError
        If it is larger than `MOST_BYTES`.
    InvalidFileError
        If it is no IATI file.
    """
    check_may_begin_project(viewer, organisation.pk)
    if len(content) > MOST_BYTES:
        raise TooLargeError(f"{name}: larger than {MOST_BYTES // 1_000_000} MB. Split the file.")
    _read(content, name)
    with transaction.atomic():
        row = IatiFile(
            organisation=organisation,
            name=one_line(name)[:200],
            sha256=hashlib.sha256(content).hexdigest(),
            content=base64.b64encode(content).decode(),
            by_id=viewer.user_id,
        )
        row.seen = {
            str(plan.project.uid): plan.project.edition for plan in plans(row) if plan.project
        }
        row.save()
        record("iati_brought", ("iatifile", str(row.uid), row.name), by=viewer)
    return row


def reading_of(row: IatiFile) -> IatiReading:
    """Return what a file that was brought holds."""
    return _read(base64.b64decode(row.content), row.name)


def plans(row: IatiFile) -> list[Plan]:
    """Return what taking the file over would do, activity by activity."""
    known = {
        identifier_of(one): one
        for one in Project.objects.filter(organisation=row.organisation)
        .select_related("organisation__publisher", "part_of__organisation")
        .prefetch_related("shares", "flows")
    }
    donors, public = donors_by_name(), public_projects()
    others = {
        identifier_of(one)
        for one in Project.objects.exclude(organisation=row.organisation)
        .select_related("organisation__publisher")
        .defer("summary", "iati_original")
    }
    seen: set[str] = set()
    found = []
    for activity in reading_of(row).activities:
        problem = _problem(activity, others, seen)
        seen.add(activity.identifier)
        project = known.get(activity.identifier) if activity.identifier else None
        changes = () if problem else tuple(_changes(activity, project))
        if project and not problem:
            changes += _kept_change(activity, project, donors, public, others_too=bool(changes))
        found.append(Plan(activity, project, changes, problem))
    return found


def take_over(viewer: Viewer, row: IatiFile) -> int:
    """Add and change projects as the file's plan says; return how many.

    Raises
    ------
    AccessDeniedError
        If the viewer keeps no projects of the organisation.
    NotAllowedNowError
        If that has been done, or a project has changed since the file was looked at.
    """
    check_may_begin_project(viewer, row.organisation_id)
    say = current_words().say
    with transaction.atomic():
        open_row = IatiFile.objects.filter(pk=row.pk, applied_at=None)
        if not open_row.update(applied_at=timezone.now()):
            raise NotAllowedNowError(say("This file has been taken over already."))
        count = 0
        for plan in plans(row):
            if plan.problem or not plan.changes:
                continue
            _check_seen(row, plan.project)
            _apply(viewer, row, plan)
            count += 1
        record("iati_taken_over", ("iatifile", str(row.uid), row.name), by=viewer, projects=count)
    return count


def unknown_names(activity: Activity) -> list[str]:
    """Return what the activity is said to serve that Kulan does not know: it is left out."""
    known = known_names()
    return [one.code for one in activity.tags if one.code not in known[one.about]]


def _read(content: bytes, name: str) -> IatiReading:
    with _as_file(content) as path:
        return read_iati(path, name=one_line(name)[:200])


def warnings_of(row: IatiFile) -> tuple[Warned, ...]:
    """Return the rules of the standard that a file breaks, valid or not."""
    with _as_file(base64.b64decode(row.content)) as path:
        return check_file(path, timezone.localdate(), name=row.name)


@contextmanager
def _as_file(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "activities.xml"
        path.write_bytes(content)
        yield path


def _problem(activity: Activity, others: set[str], seen: set[str]) -> str:
    say = current_words().say
    if not activity.identifier or len(activity.identifier) > 200:
        return say("It has no identifier, or one that is too long.")
    if activity.identifier in seen:
        return say("Its identifier stands in the file twice; the first is taken.")
    if activity.identifier in others:
        return say("Another organisation has a project of this identifier.")
    if begins(activity) is None:
        return say("It says nowhere when it begins.")
    try:
        for shares in shares_in(activity).values():
            stated = {code: Fraction(share) if share else None for code, share in shares.items()}
            check_shares(stated, "activities")
    except KulanError as problem:
        return str(problem)
    return ""


def _changes(activity: Activity, project: Project | None) -> list[Change]:
    content, shares = content_of(activity), shares_in(activity)
    found = []
    for name, value in content.items():
        before = getattr(project, name) if project else ""
        if before != value:
            found.append(Change(name, _told(name, before), _told(name, value)))
    for dimension, wanted in shares.items():
        kept = (
            {one.code: one.share for one in project.shares.all() if one.dimension == dimension}
            if project
            else {}
        )
        if kept != wanted:
            found.append(Change(dimension, _listed(kept), _listed(wanted)))
    kept_flows = _open_flows(project)
    wanted_flows = _wanted_flows(activity, project)
    if sorted(map(str, kept_flows)) != sorted(map(str, wanted_flows)):
        found.append(Change("flows", _flows(kept_flows), _flows(wanted_flows)))
    if project is None and kept_names(activity.original):
        found.append(Change("kept", "–", names_told(activity.original)))
    return found


def _open_flows(project: Project | None) -> list[Money]:
    rows = project.flows.all() if project else ()
    return [flow_of(one) for one in rows if not one.confidential]


def _wanted_flows(activity: Activity, project: Project | None) -> list[Money]:
    """Return the money of the file; what the project holds as confidential is not told again."""
    hidden = [flow_of(one) for one in project.flows.all() if one.confidential] if project else []
    found = []
    for flow in map(flow_as_kept, activity.flows):
        if flow in hidden:
            hidden.remove(flow)
        else:
            found.append(flow)
    return found


def _kept_change(
    activity: Activity,
    project: Project,
    donors: dict[str, Donor],
    public: set[int],
    *,
    others_too: bool,
) -> tuple[Change, ...]:
    """Return what would change of what is kept and not shown."""
    old, new = names_told(project.iati_original), names_told(activity.original)
    if others_too:
        return (Change("kept", old, new),) if old != new and project.iati_original else ()
    project.seen_flows = [  # type: ignore[attr-defined]
        one for one in project.flows.all() if not one.confidential
    ]
    now = standard_form(activity_of(project, donors, public))
    kept, project.iati_original = project.iati_original, activity.original
    then = standard_form(activity_of(project, donors, public))
    project.iati_original = kept
    return () if now == then else (Change("kept", old, new),)


def names_told(original: str) -> str:
    """Return the elements that are kept and not shown, counted, in a line."""
    counted = sorted(kept_names(original).items())
    return ", ".join(f"{name} × {count}" if count > 1 else name for name, count in counted) or "–"


def _told(name: str, value: Any) -> str:
    if name == "stage" and value:
        return current_words().say(PROJECT_STAGES[value])
    return str(value or "–")


def _listed(shares: dict[str, str]) -> str:
    return ", ".join(f"{code} {share}".strip() for code, share in sorted(shares.items())) or "–"


def _flows(flows: Any) -> str:
    say = current_words().say
    told = sorted(f"{say(FLOW_KINDS[one.kind])} {one.day} {one.money}" for one in flows)
    more = f" … ({len(told)})" if len(told) > 8 else ""
    return "; ".join(told[:8]) + more or "–"


def _check_seen(row: IatiFile, project: Project | None) -> None:
    if project is not None and row.seen.get(str(project.uid)) != project.edition:
        say = current_words().say
        raise NotAllowedNowError(
            say(
                "A project has changed since this file was looked at. Bring the file again, and "
                "look at what would change now."
            )
        )


def _apply(viewer: Viewer, row: IatiFile, plan: Plan) -> None:
    activity, project = plan.activity, plan.project
    content = content_of(activity) | {"iati_identifier": activity.identifier}
    if project is None:
        # what comes in is nobody's to read but the house's and the secretariat's, until it is said
        content |= {"organisation": row.organisation, "audience": Audience.GOVERNMENT}
    content["iati_original"] = activity.original
    edition = project.edition if project else 0
    saved = actions.save_project(viewer, project, edition, content, shares_in(activity))
    flows = [
        Flow(
            project=saved, kind=one.kind, amount=format(one.money.amount, "f"),
            currency=one.money.currency, day=one.day, last_day=one.last_day,
            provider=one.provider, receiver=one.receiver, description=one.description,
            reference=one.reference, added_by_id=viewer.user_id,
        )
        for one in _wanted_flows(activity, project)
    ]  # fmt: skip
    actions.replace_flows(viewer, saved, flows)
