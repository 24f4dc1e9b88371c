"""Rows as the library knows them: projects, needs, calls, rates; and the reckoning for a viewer."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kulan.programme.actions import action_key, actions, sections
from kulan.programme.money import (
    Call,
    Eligibility,
    Flow,
    Money,
    Need,
    Project,
    Rate,
    Rates,
    Reckoning,
    reckon,
)
from kulan.web.policy import Viewer
from kulan.web.programme.money import models
from kulan.web.programme.money.permissions import visible_projects, with_money

EDITION = "cami-2021"
CURRENCY = "USD"
"""Currency of gaps where the reader asks for no other."""


def flow_of(row: models.Flow) -> Flow:
    """Return money as the library knows it."""
    return Flow(
        row.kind, row.money, row.day, row.last_day, row.provider, row.receiver, row.description,
        row.reference,
    )  # fmt: skip


def shares_of(rows: Iterable[Any], dimension: str) -> dict[str, Fraction | None]:
    """Return what is served in a dimension, with shares where stated."""
    return {
        one.code: Fraction(one.share) if one.share else None
        for one in rows
        if one.dimension == dimension
    }


def project_of(row: models.Project) -> Project:
    """Return a project that was fetched `with_money`, as the library knows it."""
    shares = list(row.shares.all())
    return Project(
        reference=str(row.uid),
        title=row.title,
        flows=tuple(flow_of(one) for one in row.seen_flows),
        actions=shares_of(shares, "action"),
        states=shares_of(shares, "state"),
        species=shares_of(shares, "species"),
        landscapes=shares_of(shares, "landscape"),
        part_of=str(row.part_of.uid) if row.part_of else "",
        stage=row.stage,
    )


def need_of(row: models.Need) -> Need:
    """Return an estimate as the library knows it."""
    return Need(
        action=row.action,
        low=Money(Decimal(row.low), row.currency),
        high=Money(Decimal(row.high), row.currency),
        day=row.day,
        source=row.source,
        states=dict.fromkeys(row.states),
        species=dict.fromkeys(row.species),
        landscapes=dict.fromkeys(row.landscapes),
        part=row.part,
    )


def call_of(row: models.Call) -> Call:
    """Return a call as the library knows it."""
    bounds = [
        Money(Decimal(digits), row.currency) if digits else None
        for digits in (row.smallest, row.largest)
    ]
    return Call(
        reference=str(row.uid),
        title=row.title,
        donor=row.donor.name,
        opens=row.opens,
        closes=row.closes,
        eligibility=Eligibility(
            states=tuple(row.states),
            species=tuple(row.species),
            themes=tuple(row.themes),
            organisation_kinds=tuple(row.organisation_kinds),
            smallest=bounds[0],
            largest=bounds[1],
            cofinance_percent=Decimal(row.cofinance_percent),
        ),
        source=row.source,
        champion=str(row.donor.champion or ""),
    )


def rates() -> Rates:
    """Return the rates that somebody gave."""
    return Rates(
        tuple(
            Rate(one.of, one.to, Decimal(one.rate), one.first, one.last, one.source)
            for one in models.ExchangeRate.objects.all()
        )
    )


def reckoning_for(viewer: Viewer, currency: str = CURRENCY) -> Reckoning:
    """Return needs and secured money as far as the viewer may see them."""
    rows = with_money(viewer, visible_projects(viewer)).select_related("part_of")
    needs = [need_of(one) for one in models.Need.objects.filter(ended_at=None)]
    return reckon(needs, [project_of(one) for one in rows], rates(), currency)


def action_titles(language: str) -> dict[str, str]:
    """Return the actions by key: number and title."""
    return {action_key(one): f"{one.action_id} {one.title(language)}" for one in actions(EDITION)}


def section_titles(language: str) -> dict[str, str]:
    """Return the sections by number."""
    return {one.section_id: f"{one.section_id} {one.title(language)}" for one in sections(EDITION)}


def keys_by_section() -> dict[str, frozenset[str]]:
    """Return the keys of the actions of each section."""
    found: dict[str, set[str]] = {}
    for one in actions(EDITION):
        found.setdefault(one.section_id, set()).add(action_key(one))
    return {section: frozenset(keys) for section, keys in found.items()}
