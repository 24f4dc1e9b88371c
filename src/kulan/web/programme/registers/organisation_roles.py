"""What an organisation does in the programme: actions it leads, money it gives, projects, reports.

An organisation of the register is the same as a donor, or as an organisation with accounts, where
name or abbreviation are the same, or the identifier with IATI.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from kulan.programme.actions import actions
from kulan.report.reader import Reader
from kulan.web.people.models import Organisation
from kulan.web.policy import Viewer
from kulan.web.programme.money.models import Donor, Publisher
from kulan.web.programme.money.permissions import visible_projects
from kulan.web.programme.reporting.permissions import visible_filings

_MOST = 100


@dataclass(frozen=True)
class Roles:
    """What an organisation does, as far as its reader may know.

    Attributes
    ----------
    parts
        Heading, and words with their address (empty where they lead nowhere).
    has_accounts
        Whether people of it have accounts; told to those with a role.
    """

    parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    has_accounts: bool


def roles_told(viewer: Viewer, data: Mapping[str, Any], reader: Reader) -> Roles:
    """Return what an organisation does; see `Roles`.

    Parameters
    ----------
    viewer
        Who looks: projects, reports and money are those that exist for the viewer.
    data
        The record, as far as the viewer reads it.
    reader
        In whose language it is told.
    """
    houses = _houses(data)
    parts = (
        (reader.say("Leads these actions"), _led(str(data.get("actor", "")), reader)),
        (reader.say("Gives money"), _given(data)),
        (reader.say("Projects"), _projects(viewer, houses)),
        (reader.say("Reports"), _reports(viewer, houses)),
    )
    return Roles(tuple(one for one in parts if one[1]), bool(houses) and bool(viewer.roles))


def _names(data: Mapping[str, Any]) -> set[str]:
    return {str(data[name]).casefold() for name in ("name", "abbreviation") if data.get(name)}


def _houses(data: Mapping[str, Any]) -> list[int]:
    names = _names(data)
    rows = Organisation.objects.values_list("pk", "name")
    found = {key for key, name in rows if name.casefold() in names}
    if ref := data.get("iati_ref"):
        found |= set(Publisher.objects.filter(iati_ref=ref).values_list("organisation", flat=True))
    return sorted(found)


def _led(actor_id: str, reader: Reader) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            f"{one.action_id} {one.title(reader.words.language)}",
            reverse("programme_action", args=[one.edition_id, one.action_id]),
        )
        for one in actions()
        if actor_id and actor_id in one.leads
    )


def _given(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    names, ref = _names(data), data.get("iati_ref")
    found = []
    for donor in Donor.objects.prefetch_related("calls"):
        if donor.name.casefold() in names or (ref and donor.iati_ref == ref):
            page = reverse("money_calls")
            found.append((donor.name, f"{page}#donors"))
            found += [(call.title, f"{page}#{call.uid}") for call in donor.calls.all()]
    return tuple(found)


def _projects(viewer: Viewer, houses: list[int]) -> tuple[tuple[str, str], ...]:
    rows = visible_projects(viewer).filter(organisation__in=houses)[:_MOST]
    return tuple((one.title, reverse("money_project", args=[one.uid])) for one in rows)


def _reports(viewer: Viewer, houses: list[int]) -> tuple[tuple[str, str], ...]:
    rows = visible_filings(viewer).filter(organisation__in=houses)[:_MOST]
    return tuple((str(one.cycle), reverse("report", args=[one.uid])) for one in rows)
