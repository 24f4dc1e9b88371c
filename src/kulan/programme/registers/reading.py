"""What a reader of a level may read of a record, and what its columns are."""

from collections.abc import Mapping
from typing import Any

from kulan.programme.registers.fields import CONSENTED, LEVELS, Field, Register


def may_read(one: Field, data: Mapping[str, Any], level: str) -> bool:
    """Whether a reader of a level may read a field of a record.

    Parameters
    ----------
    one
        The field.
    data
        The record, whose `shown` says what its person shows.
    level
        Of the reader: one of `kulan.programme.registers.LEVELS`.
    """
    if one.level == CONSENTED:
        return level == LEVELS[-1] or one.name in (data.get("shown") or ())
    return LEVELS.index(one.level) <= LEVELS.index(level)


def readable(register: Register, data: Mapping[str, Any], level: str) -> dict[str, Any]:
    """Return what a reader of a level may read of a record, in the order of its fields.

    Parameters
    ----------
    register
        Which declares the fields.
    data
        The record.
    level
        Of the reader.

    Examples
    --------
    >>> from kulan.programme.registers import register
    >>> record = {"name": "A. B.", "email": "a@b.example", "orcid": "0", "shown": ["orcid"]}
    >>> readable(register("researchers"), record, "government")
    {'name': 'A. B.', 'orcid': '0'}
    """
    return {
        one.name: data[one.name]
        for one in register.fields
        if one.name in data and may_read(one, data, level)
    }


def states_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the states a record is about; none where it is about the whole range.

    Parameters
    ----------
    data
        The record.
    """
    return tuple(sorted({*data.get("states", ()), *filter(None, [data.get("state", "")])}))


def species_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the species a record is about.

    Parameters
    ----------
    data
        The record.
    """
    return tuple(sorted({*data.get("species", ()), *filter(None, [data.get("species_id", "")])}))


def evidence_day(register: Register, data: Mapping[str, Any]) -> str:
    """Return the day on which a record is evidence, as precisely as it is known; else empty.

    Parameters
    ----------
    register
        Which declares the fields of the day.
    data
        The record.
    """
    return next((str(data[name]) for name in register.evidence_day if data.get(name)), "")
