"""What a state is party to on a day."""

from datetime import date
from functools import lru_cache

from kulan.programme import memberships, party_status, range_states
from kulan.screening.findings import Membership

_ALWAYS_TOLD = "CMS"


@lru_cache(maxsize=1)
def range_state_codes() -> frozenset[str]:
    """Return the codes of the 14 range states."""
    return frozenset(str(code) for code in range_states()["iso3"])


@lru_cache(maxsize=1)
def _instruments() -> tuple[str, ...]:
    names = sorted(str(name) for name in set(memberships()["instrument"]))
    return tuple(sorted(names, key=lambda name: name != _ALWAYS_TOLD))


@lru_cache(maxsize=512)
def memberships_on(iso3: str, on: date) -> tuple[Membership, ...]:
    """Return the standing of a state towards every instrument on record, CMS first.

    States that are no range states have none on record. An instrument of which nothing is recorded
    for the state is left out, except CMS, whose absence of record is told as ``unknown``.
    """
    if iso3 not in range_state_codes():
        return ()
    held = [party_status(iso3, on, name) for name in _instruments()]
    return tuple(
        Membership(
            instrument=status.instrument,
            status=status.status,
            since=status.since or "",
            source=status.source,
            confidence=status.confidence,
        )
        for status in held
        if status.status != "unknown" or status.instrument == _ALWAYS_TOLD
    )
