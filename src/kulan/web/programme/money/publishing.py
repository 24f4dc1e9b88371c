"""Projects as activities of IATI: what is for everyone, and nothing else."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from kulan.exchange.iati import (
    Activity,
    Country,
    Document,
    Participant,
    Party,
    Related,
    Sector,
    Tagged,
    missing,
)
from kulan.programme import species_name
from kulan.web.people.models import Organisation
from kulan.web.policy import PUBLIC
from kulan.web.programme.money.as_project import over_original
from kulan.web.programme.money.identifiers import identifier_of
from kulan.web.programme.money.models import Donor
from kulan.web.programme.money.permissions import visible_projects, with_money
from kulan.web.programme.money.reading import action_titles, flow_of, shares_of

BIODIVERSITY = "41030"
"""Purpose code of OECD DAC: biodiversity."""


def activities(organisation: Organisation | None = None) -> list[Activity]:
    """Return what the public may see of projects, as activities; of one organisation, or of all.

    Those that lack what IATI asks for are left out; see `lacking`.
    """
    return [one for one, lacks in _public(organisation) if not lacks]


def lacking(organisation: Organisation | None = None) -> list[tuple[Activity, tuple[str, ...]]]:
    """Return the public projects that cannot be published yet, and what each lacks."""
    return [(one, lacks) for one, lacks in _public(organisation) if lacks]


def _public(organisation: Organisation | None) -> Iterable[tuple[Activity, tuple[str, ...]]]:
    rows = with_money(PUBLIC, visible_projects(PUBLIC)).select_related(
        "organisation__publisher", "part_of__organisation"
    )
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    donors, public = donors_by_name(), public_projects()
    for row in rows:
        made = activity_of(row, donors, public)
        yield made, missing(made)


def donors_by_name() -> dict[str, Donor]:
    """Return the donors by their names."""
    return {one.name: one for one in Donor.objects.all()}


def public_projects() -> set[int]:
    """Return the projects that may be named as related to others."""
    return set(visible_projects(PUBLIC).values_list("pk", flat=True))


def activity_of(row: Any, donors: dict[str, Donor], public: set[int]) -> Activity:
    """Return a project that was fetched `with_money` as an activity.

    Parameters
    ----------
    row
        The project.
    donors
        By name.
    public
        Projects that may be named as related.
    """
    publisher = getattr(row.organisation, "publisher", None)
    house = Party(
        row.organisation.name,
        publisher.iati_ref if publisher else "",
        publisher.kind if publisher else "",
    )
    shares = list(row.shares.all())
    ends = {"planned_end": row.ends} if row.ends else {}
    related = [
        Related(identifier_of(other), relation)
        for other, relation in ((row.part_of, "parent"),)
        if other is not None and other.pk in public and identifier_of(other)
    ]
    made = Activity(
        identifier=identifier_of(row),
        reporting=house,
        title={"en": row.title},
        description={"en": row.summary},
        participants=(*_funders(row, donors), Participant(house, "implementing")),
        stage=row.stage,
        dates={"planned_start": row.begins, **ends},
        countries=tuple(Country(code, it) for code, it in shares_of(shares, "state").items()),
        sectors=(Sector(BIODIVERSITY, "1", Decimal(100)),),
        tags=tuple(_tags(shares)),
        flows=tuple(flow_of(one) for one in row.seen_flows),
        related=tuple(related),
        documents=(Document(row.url, {"en": row.title}),) if row.url else (),
        updated=row.changed_at,
    )
    return over_original(made, row)


def _funders(row: Any, donors: dict[str, Donor]) -> Iterable[Participant]:
    kinds = ("commitment", "commitment_in", "cofinance", "incoming", "disbursement")
    names = {one.provider for one in row.seen_flows if one.kind in kinds and one.provider}
    for name in sorted(names - {row.organisation.name}):
        donor = donors.get(name)
        party = Party(name, donor.iati_ref, donor.kind) if donor else Party(name)
        yield Participant(party, "funding")


def _tags(shares: list[Any]) -> Iterable[Tagged]:
    titles = action_titles("en")
    for code, share in shares_of(shares, "action").items():
        yield Tagged("action", code, titles.get(code, ""), share)
    for code, share in shares_of(shares, "species").items():
        yield Tagged("species", code, species_name(code), share)
    for code, share in shares_of(shares, "landscape").items():
        yield Tagged("landscape", code, "", share)
