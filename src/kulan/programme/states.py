"""The 14 range states and what each was bound by, when."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from kulan.errors import UnknownNameError
from kulan.programme.dates import holding_on
from kulan.programme.loading import load
from kulan.programme.tables import MEMBERSHIPS, RANGE_STATES

_NAMED = ("en", "ru", "fr")


@dataclass(frozen=True)
class PartyStatus:
    """What a state was to an instrument on a day.

    Attributes
    ----------
    iso3
        The state.
    instrument
        The instrument, by short name.
    status
        ``party``, ``non_party``, ``signatory``, or ``unknown`` where nothing is recorded.
    since
        First day of that status, at the precision known; None where not recorded.
    source
        Where the status comes from.
    confidence
        How far to trust it.
    """

    iso3: str
    instrument: str
    status: str
    since: str | None
    source: str
    confidence: str


def range_states() -> pd.DataFrame:
    """Return the 14 range states, one row each. See `tables.RANGE_STATES`."""
    return load(RANGE_STATES)


def memberships() -> pd.DataFrame:
    """Return what each state was to each instrument over time. See `tables.MEMBERSHIPS`."""
    return load(MEMBERSHIPS)


def state_name(iso3: str, language: str = "en") -> str:
    """Return the short name of a range state in English, Russian or French.

    Parameters
    ----------
    iso3
        ISO 3166-1 alpha-3 code, such as ``KAZ``.
    language
        ``en``, ``ru`` or ``fr``; any other language gets the English name.

    Raises
    ------
    UnknownNameError
        If it is not one of the 14.

    Examples
    --------
    >>> state_name("KGZ", "fr")
    'Kirghizistan'
    """
    names = _names(language if language in _NAMED else "en")
    _check_state(iso3, tuple(names))
    return names[iso3]


@cache
def _names(language: str) -> dict[str, str]:
    """Return the name of each state: asked for thousands of times in one table."""
    states = range_states()
    return dict(zip(states["iso3"], states[f"name_{language}"].astype(str), strict=True))


def party_status(iso3: str, on: date, instrument: str = "CMS") -> PartyStatus:
    """Return what a state was to an instrument on a day.

    Parameters
    ----------
    iso3
        ISO 3166-1 alpha-3 code of one of the 14 range states.
    on
        The day asked about.
    instrument
        Short name: ``CMS``, ``CITES``, ``CBD``, ``saiga_mou``, ``bukhara_deer_mou``.

    Returns
    -------
    PartyStatus
        With status ``unknown`` where the table holds nothing for that state, instrument and day:
        that is not the same as not being a party.

    Raises
    ------
    UnknownNameError
        If the state is not one of the 14, or no state is recorded under the instrument.

    Examples
    --------
    >>> party_status("TKM", date(2020, 12, 31)).status
    'non_party'
    >>> party_status("TKM", date(2021, 1, 1)).status
    'party'
    """
    _check_state(iso3, tuple(range_states()["iso3"]))
    facts = memberships()
    known = tuple(sorted(set(facts["instrument"])))
    if instrument not in known:
        raise UnknownNameError(f"No instrument {instrument!r}; Kulan knows {', '.join(known)}.")
    here = facts[(facts["iso3"] == iso3) & (facts["instrument"] == instrument)]
    held = holding_on(here, on)
    if held.empty:
        return PartyStatus(iso3, instrument, "unknown", None, "nothing recorded", "unverified")
    row = held.iloc[-1]
    return PartyStatus(
        iso3=iso3,
        instrument=instrument,
        status=str(row["status"]),
        since=row["valid_from"],
        source=str(row["source"]),
        confidence=str(row["confidence"]),
    )


def _check_state(iso3: str, known: tuple[str, ...]) -> None:
    if iso3 not in known:
        raise UnknownNameError(
            f"{iso3!r} is not one of the 14 range states: {', '.join(known)} (ISO 3166-1 alpha-3)."
        )
