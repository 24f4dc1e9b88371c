"""What people do to donors, calls, projects, needs and rates: permission, change, one event."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from kulan.errors import AccessDeniedError, NotAllowedNowError
from kulan.web.events.record import record
from kulan.web.language import current_words
from kulan.web.policy import Viewer
from kulan.web.programme.money.identifiers import identifier_of, is_of_another
from kulan.web.programme.money.models import (
    Call,
    Donor,
    ExchangeRate,
    Flow,
    Need,
    Project,
    Publisher,
    Share,
)
from kulan.web.programme.money.permissions import (
    check_may_begin_project,
    check_may_keep_donor,
    check_may_keep_money,
    check_may_keep_project,
    may_keep_money,
)
from kulan.web.programme.money.reading import flow_of, project_of
from kulan.web.programme.money.terms import Dimension

Shares = Mapping[str, Mapping[str, str]]
"""Dimension to name to share as written; empty: not allocated."""


def save_donor(viewer: Viewer, donor: Donor | None, edition: int, content: dict[str, Any]) -> Donor:
    """Add a donor, or change one; its champion is named by the secretariat alone.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep it.
    NotAllowedNowError
        If somebody has changed it meanwhile.
    """
    if donor is None:
        check_may_keep_money(viewer)
        donor = Donor()
    else:
        check_may_keep_donor(viewer, donor)
    if not may_keep_money(viewer) and content.get("champion") != donor.champion:
        raise AccessDeniedError(current_words().say("The secretariat names champions."))
    return _save(viewer, donor, edition, content, "donor")


def save_call(
    viewer: Viewer, donor: Donor, call: Call | None, edition: int, content: dict[str, Any]
) -> Call:
    """Add a call of a donor, or change one.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the donor.
    NotAllowedNowError
        If somebody has changed it meanwhile.
    """
    check_may_keep_donor(viewer, donor)
    return _save(viewer, call or Call(donor=donor), edition, content, "call")


def save_need(
    viewer: Viewer, action: str, need: Need | None, edition: int, content: dict[str, Any]
) -> Need:
    """Add an estimate of what an action costs, or change one.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If somebody has changed it meanwhile.
    """
    check_may_keep_money(viewer)
    return _save(viewer, need or Need(action=action), edition, content, "need")


def end_need(viewer: Viewer, need: Need, reason: str) -> None:
    """Take an estimate out of the reckoning; it stays readable.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If that has been done.
    """
    check_may_keep_money(viewer)
    with transaction.atomic():
        ended = Need.objects.filter(pk=need.pk, ended_at=None).update(
            ended_at=timezone.now(), ended_reason=reason, edition=models.F("edition") + 1
        )
        if not ended:
            raise NotAllowedNowError(_changed_meanwhile())
        record("need_ended", need, by=viewer)


def add_rate(viewer: Viewer, content: dict[str, Any]) -> ExchangeRate:
    """Add a rate of exchange.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If there is one for the same currencies and days.
    """
    check_may_keep_money(viewer)
    try:
        with transaction.atomic():
            made = ExchangeRate.objects.create(added_by_id=viewer.user_id, **content)
            record("rate_added", made, by=viewer)
    except IntegrityError:
        say = current_words().say
        raise NotAllowedNowError(
            say("There is a rate for these currencies and days already.")
        ) from None
    return made


def set_publisher(viewer: Viewer, organisation: Any, iati_ref: str, kind: str) -> None:
    """Say by which identifier an organisation publishes with IATI.

    Raises
    ------
    AccessDeniedError
        If the viewer is not of the secretariat.
    NotAllowedNowError
        If another organisation has that identifier, or a project one that is made of it.
    """
    check_may_keep_money(viewer)
    try:
        with transaction.atomic():
            Publisher.objects.update_or_create(
                organisation=organisation, defaults={"iati_ref": iati_ref, "kind": kind}
            )
            _check_made_of(organisation)
            record("publisher_set", organisation, by=viewer)
    except IntegrityError:
        say = current_words().say
        raise NotAllowedNowError(say("Another organisation has this identifier.")) from None


def _check_made_of(organisation: Any) -> None:
    """Refuse where a project is known already as one of the organisation would be from now on."""
    unnamed = Project.objects.filter(organisation=organisation.pk, iati_identifier="")
    made = [identifier_of(one) for one in unnamed.select_related("organisation__publisher")]
    if Project.objects.filter(iati_identifier__in=made).exists():
        say = current_words().say
        raise NotAllowedNowError(say("Another project has this identifier with IATI."))


def save_project(
    viewer: Viewer,
    project: Project | None,
    edition: int,
    content: dict[str, Any],
    shares: Shares | None = None,
) -> Project:
    """Add a project of an organisation, or change one, with what it serves.

    Parameters
    ----------
    viewer
        Who saves.
    project
        The project as it was read; None for a new one.
    edition
        Its edition when the form was opened.
    content
        Fields of `Project`.
    shares
        What it serves; None leaves that as it is.

    Raises
    ------
    AccessDeniedError
        If the viewer keeps no projects of this organisation.
    NotAllowedNowError
        If somebody has changed it meanwhile, or another project has its identifier with IATI.
    InvalidTableError
        If the shares are more than the whole.
    """
    if project is None:
        check_may_begin_project(viewer, content["organisation"].pk)
        project = Project()
    else:
        check_may_keep_project(viewer, project)
        check_may_begin_project(viewer, content.get("organisation", project.organisation).pk)
    with transaction.atomic():
        saved = _save(viewer, project, edition, content, "project")
        if is_of_another(saved):
            say = current_words().say
            raise NotAllowedNowError(say("Another project has this identifier with IATI."))
        if shares is not None:
            saved.shares.all().delete()
            Share.objects.bulk_create(
                Share(project=saved, dimension=dimension, code=code, share=share)
                for dimension in Dimension.values
                for code, share in shares.get(dimension, {}).items()
            )
        _check_whole(saved)
    return saved


def add_flow(viewer: Viewer, project: Project, content: dict[str, Any]) -> Flow:
    """Add money to a project.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the project.
    """
    check_may_keep_project(viewer, project)
    with transaction.atomic():
        made = Flow.objects.create(project=project, added_by_id=viewer.user_id, **content)
        _touch(project)
        record("flow_added", made, by=viewer, project=str(project.uid))
    return made


def remove_flow(viewer: Viewer, flow: Flow) -> None:
    """Take money out of a project: a slip, not a repayment, which is money of its own.

    Raises
    ------
    AccessDeniedError
        If the viewer does not keep the project.
    """
    check_may_keep_project(viewer, flow.project)
    with transaction.atomic():
        record("flow_removed", flow, by=viewer, project=str(flow.project.uid))
        _touch(flow.project)
        flow.delete()


def replace_flows(viewer: Viewer, project: Project, flows: Iterable[Flow]) -> None:
    """Put these flows in the place of a project's; those that are confidential stay.

    What is there already stays as it is, with the day on which it was added: nothing is news twice.
    """
    check_may_keep_project(viewer, project)
    there = list(project.flows.filter(confidential=False))
    new = []
    for flow in flows:
        same = next((one for one in there if flow_of(one) == flow_of(flow)), None)
        if same is None:
            new.append(flow)
        else:
            there.remove(same)
    project.flows.filter(pk__in=[one.pk for one in there]).delete()
    Flow.objects.bulk_create(new)


def _save(viewer: Viewer, row: Any, edition: int, content: dict[str, Any], noun: str) -> Any:
    """Add a row, or change it where it still is of the edition that was read."""
    now, added = timezone.now(), row.pk is None
    for name, value in content.items():
        setattr(row, name, value)
    row.changed_at = now
    with transaction.atomic():
        if added:
            row.added_by_id = viewer.user_id
            row.save(force_insert=True)
        else:
            row.edition = edition + 1
            values = {name: getattr(row, name) for name in (*content, "changed_at", "edition")}
            if not type(row).objects.filter(pk=row.pk, edition=edition).update(**values):
                raise NotAllowedNowError(_changed_meanwhile())
        kind = f"{noun}_added" if added else f"{noun}_changed"
        record(kind, row, by=viewer)
    return row


def _touch(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(
        edition=models.F("edition") + 1, changed_at=timezone.now()
    )


def _check_whole(project: Project) -> None:
    """Refuse shares and stages that the library would, while nothing is kept yet."""
    read = Project.objects.prefetch_related("shares").select_related("part_of").get(pk=project.pk)
    read.seen_flows = []
    project_of(read)


def _changed_meanwhile() -> str:
    return current_words().say(
        "Somebody has changed this since you opened it. Load the page again, and begin from what "
        "stands there now."
    )
