"""Activities of the International Aid Transparency Initiative (IATI 2.03) as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from kulan.programme.money.projects import Flow

VERSION = "2.03"
STAGE_CODES = {
    "pipeline": "1",
    "running": "2",
    "ending": "3",
    "closed": "4",
    "cancelled": "5",
    "suspended": "6",
}
"""Stage of a project to IATI's code list ActivityStatus."""
ORGANISATION_CODES = {
    "government": "10",
    "local_government": "11",
    "other_public": "15",
    "international_ngo": "21",
    "national_ngo": "22",
    "intergovernmental": "40",
    "foundation": "60",
    "private_sector": "70",
    "research": "80",
    "community": "24",
    "other": "90",
}
"""Kind of an organisation to IATI's code list OrganisationType."""
ROLES = {"funding": "1", "accountable": "2", "extending": "3", "implementing": "4"}
"""IATI's code list OrganisationRole."""
DATE_CODES = {"planned_start": "1", "actual_start": "2", "planned_end": "3", "actual_end": "4"}
"""IATI's code list ActivityDateType."""
TRANSACTION_CODES = {
    "incoming": "1",
    "commitment": "2",
    "disbursement": "3",
    "expenditure": "4",
    "commitment_in": "11",
    "pledge": "12",
}
"""Kind of a flow to IATI's code list TransactionType; co-finance is an incoming commitment."""
RELATION_CODES = {"parent": "1", "child": "2", "sibling": "3", "cofunded": "4", "third_party": "5"}
"""IATI's code list RelatedActivityType."""
RESULT_CODES = {"output": "1", "outcome": "2", "impact": "3", "other": "9"}
"""IATI's code list ResultType."""
MEASURE_CODES = {
    "unit": "1",
    "percentage": "2",
    "nominal": "3",
    "ordinal": "4",
    "qualitative": "5",
}
"""IATI's code list IndicatorMeasure."""

OWN_NAMESPACE = "urn:kulan:iati:1"
"""Of attributes that IATI has none for; the standard lets publishers add their own."""
VOCABULARIES = {
    "action": "urn:kulan:actions",
    "species": "urn:kulan:species",
    "landscape": "urn:kulan:landscapes",
}
"""What tags of IATI's vocabulary 99 (the reporting organisation's own) are about."""

Texts = Mapping[str, str]
"""Language to text."""


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation: its identifier, name and kind (of `ORGANISATION_CODES`); empty: not said."""

    name: str
    ref: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation and what it does (of `ROLES`)."""

    party: Party
    role: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """Something the activity serves: a name of the programme, and its share where stated."""

    about: str
    code: str
    title: str = ""
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Country:
    """A recipient country (ISO 3166-1 alpha-3) and its share of the money where stated."""

    iso3: str
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place of work, WGS 84."""

    name: str
    longitude: Decimal | None = None
    latitude: Decimal | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector; vocabulary 1 is the five-digit purpose codes of OECD DAC."""

    code: str
    vocabulary: str = "1"
    percentage: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Another activity and what it is to this one (of `RELATION_CODES`)."""

    ref: str
    relation: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document on the web; its category is of IATI's code list DocumentCategory."""

    url: str
    title: Texts
    category: str = "A12"
    media_type: str = "text/html"
    language: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """What an indicator should be and was over some days."""

    first: date
    last: date
    target: str = ""
    actual: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured result (measure of `MEASURE_CODES`)."""

    title: Texts
    measure: str = "unit"
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A result (kind of `RESULT_CODES`) with its indicators, at least one."""

    kind: str
    title: Texts
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as IATI knows it, as far as Kulan keeps it.

    Attributes
    ----------
    identifier
        Begins with the reporting organisation's identifier.
    reporting
        Who publishes this.
    title, description
        By language; the activity's own language first.
    language
        ISO 639-1 code of texts without a language.
    participants
        At least one.
    stage
        Of `STAGE_CODES`.
    dates
        Name of `DATE_CODES` to day; at least one.
    countries
        Range states.
    places, sectors, tags, related, documents, results
        See each.
    flows
        Budgets, plans and transactions.
    currency
        Of amounts without one of their own; empty where there is none.
    updated
        When it was last changed.
    original
        The activity as a file had it, as XML: what it holds and Kulan does not understand is
        written again from here. It counts for nothing when two activities are compared.
    """

    identifier: str
    reporting: Party
    title: Texts
    description: Texts
    participants: tuple[Participant, ...] = ()
    stage: str = "running"
    dates: Mapping[str, date] = field(default_factory=dict)
    language: str = "en"
    countries: tuple[Country, ...] = ()
    places: tuple[Place, ...] = ()
    sectors: tuple[Sector, ...] = ()
    tags: tuple[Tagged, ...] = ()
    flows: tuple[Flow, ...] = ()
    related: tuple[Related, ...] = ()
    documents: tuple[Document, ...] = ()
    results: tuple[Result, ...] = ()
    currency: str = ""
    updated: datetime | None = None
    original: str = field(default="", compare=False, repr=False)


def missing(activity: Activity) -> tuple[str, ...]:
    """Return which of IATI's mandatory elements an activity lacks, by their names.

    Examples
    --------
    >>> missing(Activity("", Party(""), {}, {}))[:3]
    ('iati-identifier', 'reporting-org', 'title')
    """
    ref = activity.reporting.ref
    checks = {
        "iati-identifier": bool(ref)
        and activity.identifier.startswith(f"{ref}-")
        and not set(activity.identifier) & set("/&|? "),
        "reporting-org": bool(ref and activity.reporting.name and activity.reporting.kind),
        "title": any(text.strip() for text in activity.title.values()),
        "description": any(text.strip() for text in activity.description.values()),
        "participating-org": bool(activity.participants),
        "activity-status": activity.stage in STAGE_CODES,
        "activity-date": bool({"planned_start", "actual_start"} & set(activity.dates)),
    }
    return tuple(name for name, there in checks.items() if not there)
