"""Donors, their funding programmes and calls, and what one must be to apply."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kulan.errors import InvalidTableError, UnknownNameError
from kulan.programme.money.amounts import Money, smallest_unit
from kulan.words import N_

ORGANISATION_KINDS: dict[str, str] = {
    "government": N_("Government"),
    "local_government": N_("Local government"),
    "other_public": N_("Other public body"),
    "international_ngo": N_("International non-governmental organisation"),
    "national_ngo": N_("National non-governmental organisation"),
    "intergovernmental": N_("Intergovernmental organisation"),
    "foundation": N_("Foundation"),
    "private_sector": N_("Private sector"),
    "research": N_("Research institution"),
    "community": N_("Local community"),
    "other": N_("Other organisation"),
}
"""What an organisation may be; IATI's types are told from them in `kulan.exchange.iati`."""

THEMES: dict[str, str] = {
    "transboundary": N_("Work across borders"),
    "hunting_trade": N_("Illegal hunting and trade"),
    "infrastructure": N_("Industry and infrastructure"),
    "grazing": N_("Grazing and livestock"),
    "communities": N_("Communities and use of wildlife"),
    "governance": N_("Laws and governance"),
    "capacity": N_("Training and equipment"),
    "science": N_("Science and monitoring"),
    "species": N_("Single species"),
    "landscapes": N_("Whole landscapes"),
    "coordination": N_("Coordination and reporting"),
    "outreach": N_("Outreach"),
    "funding": N_("Raising funds"),
    "synergies": N_("Working with others"),
}
"""What calls are about, in words that fit the sections of the programme."""

_THEME_OF_SECTION = (
    "transboundary", "hunting_trade", "infrastructure", "grazing", "communities", "governance",
    "capacity", "science", *(["species"] * 18), "landscapes", "landscapes", "coordination",
    "outreach", "funding", "synergies",
)  # fmt: skip


def theme_of_section(section_id: str) -> str:
    """Return what a section of the Central Asian programme is about; empty for another plan's.

    Examples
    --------
    >>> theme_of_section("3"), theme_of_section("27"), theme_of_section("A")
    ('infrastructure', 'landscapes', '')
    """
    if not section_id.isdecimal() or not 1 <= int(section_id) <= len(_THEME_OF_SECTION):
        return ""
    return _THEME_OF_SECTION[int(section_id) - 1]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What a call asks of those who apply; an empty tuple asks nothing.

    Attributes
    ----------
    states
        Where the work must be (ISO 3166-1 alpha-3).
    species
        Which species it must serve.
    themes
        Of `THEMES`.
    organisation_kinds
        Of `ORGANISATION_KINDS`: who may apply.
    smallest, largest
        What is granted at least and at most; None where not said.
    cofinance_percent
        Share of the whole that applicants must bring themselves.
    """

    states: tuple[str, ...] = ()
    species: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    organisation_kinds: tuple[str, ...] = ()
    smallest: Money | None = None
    largest: Money | None = None
    cofinance_percent: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse conditions that contradict themselves."""
        for name, known in (("themes", THEMES), ("organisation_kinds", ORGANISATION_KINDS)):
            for one in getattr(self, name):
                if one not in known:
                    raise UnknownNameError(f"{one!r} is none of the {name}: {', '.join(known)}.")
        if self.smallest and self.largest and self.largest < self.smallest:
            raise InvalidTableError(
                f"A grant of at least {self.smallest} and at most {self.largest} there is none."
            )
        if not 0 <= self.cofinance_percent < 100:
            raise InvalidTableError("Co-finance is from 0 to under 100 percent of the whole.")


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a funding programme.

    Attributes
    ----------
    reference
        Its name in the system it comes from.
    title
        As its donor calls it.
    donor
        Name of the donor.
    opens, closes
        First and last day for applications; None where not said (a call without a last day is open
        at any time).
    eligibility
        What it asks.
    source
        Where this is written.
    champion
        Who pleads for the programme with this donor; empty where nobody does.
    """

    reference: str
    title: str
    donor: str
    opens: date | None
    closes: date | None
    eligibility: Eligibility = field(default_factory=Eligibility)
    source: str = ""
    champion: str = ""

    def __post_init__(self) -> None:
        """Refuse a call that closes before it opens."""
        if self.opens and self.closes and self.closes < self.opens:
            raise InvalidTableError(
                f"Call {self.title!r} closes on {self.closes}, before it opens on {self.opens}."
            )

    def is_open(self, on: date) -> bool:
        """Whether one may apply on that day; the last day is one of them."""
        return (self.opens is None or self.opens <= on) and (
            self.closes is None or on <= self.closes
        )

    def days_left(self, on: date) -> int | None:
        """Return the days until it closes; None where it does not say when it closes."""
        return None if self.closes is None else (self.closes - on).days


def check_currency(currency: str) -> str:
    """Return a currency's code if there is one.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    smallest_unit(currency)
    return currency
