"""The tables that Kulan carries, as approved records; those that people changed stay theirs."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from kulan.programme import populations, species_accounts
from kulan.programme.population_tables import POPULATIONS
from kulan.web.events.record import record
from kulan.web.species.models import AccountText, PopulationRecord
from kulan.web.species.terms import State
from kulan.words import LANGUAGES

_NAMESPACE = uuid.UUID("3f0f4c0e-2c1f-5d0a-9c55-6f1a0f3b7d21")
"""Ours: the same row of a table is the same record in every Atlas."""


def seed_species_records() -> int:
    """Add the rows of the tables that were never added; return how many there were.

    A row is known by the table's key, so that another version of Kulan with more rows adds those
    alone, and a record that was changed or withdrawn does not come back.
    """
    with transaction.atomic():
        made = _add(PopulationRecord, _population_rows()) + _add(AccountText, _account_rows())
        if made:
            record("species_records_seeded", ("species", "all", ""), by=None, count=made)
    return made


def record_of_account(species_id: str, section: str, language: str) -> uuid.UUID:
    """Return the identifier of a paragraph's record: there is one for each section and language.

    Examples
    --------
    >>> record_of_account("saiga", "water_needs", "en") == record_of_account(
    ...     "saiga", "water_needs", "ru"
    ... )
    False
    """
    return uuid.uuid5(_NAMESPACE, f"account\t{species_id}\t{section}\t{language}")


def _add(kind: type[Any], rows: list[dict[str, Any]]) -> int:
    known = set(kind.objects.values_list("record", flat=True))
    now = timezone.now()
    fresh = [
        kind(state=State.APPROVED, seeded=True, proposed_at=now, decided_at=now, **row)
        for row in rows
        if row["record"] not in known
    ]
    kind.objects.bulk_create(fresh, batch_size=200)
    return len(fresh)


def _population_rows() -> list[dict[str, Any]]:
    numbers = {column.name for column in POPULATIONS.columns if column.kind == "number"}
    rows = []
    for row in populations().to_dict("records"):
        told: dict[str, Any] = {
            name: _cell(row[name], number=name in numbers) for name in POPULATIONS.column_names
        }
        key = "\t".join(("population", *(str(told[name]) for name in POPULATIONS.key)))
        rows.append({"record": uuid.uuid5(_NAMESPACE, key), **told})
    return rows


def _cell(value: Any, *, number: bool) -> Any:
    empty = value is None or value != value  # noqa: PLR0124  not a number
    if number:
        return None if empty else float(value)
    return "" if empty else str(value)


def _account_rows() -> list[dict[str, Any]]:
    return [
        {
            "record": record_of_account(row["species_id"], row["section"], language),
            "species_id": row["species_id"],
            "section": row["section"],
            "language": language,
            "text": row[f"text_{language}"],
            "source": row["source"],
            "confidence": row["confidence"],
        }
        for row in species_accounts().to_dict("records")
        for language in LANGUAGES
    ]
