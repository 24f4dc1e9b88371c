"""What is known about a layer of the Atlas, told once and written in every catalogue's format.

A record says only what its reader may know: whoever makes it passes the extent, the sources and
the distributions of the rendition that this reader sees, never those of the exact positions.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from kulan.errors import InvalidTableError
from kulan.exchange.plain_text import one_line
from kulan.words import Words

_ISO3 = re.compile(r"[A-Z]{3}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MEDIA_TYPE = re.compile(r"[a-z]+/[\w.+-]+(;\s?[\w-]+=[\w.\"+-]+)*", re.ASCII)
_EPSG = re.compile(r"EPSG:\d{4,6}")
# links that a catalogue's reader may follow; `javascript:` and `file:` are not among them
_SCHEMES = ("http", "https", "doi", "urn", "mailto")


@dataclass(frozen=True)
class Species:
    """A species, by the identifier of `kulan.programme` and its Latin name."""

    species_id: str
    latin_name: str


@dataclass(frozen=True)
class Licence:
    """Under which terms the layer may be used.

    Attributes
    ----------
    words
        Identifier of the SPDX list (``CC-BY-4.0``) or the terms in words.
    url
        Where the terms can be read; empty if nowhere.
    is_spdx
        Whether `words` is an identifier of the SPDX list.
    """

    words: str
    url: str = ""
    is_spdx: bool = False


@dataclass(frozen=True)
class Organisation:
    """Who stands for the layer: an organisation, never a person, unless a person asked for it.

    Attributes
    ----------
    name
        Name of the organisation.
    role
        ISO 19115-1 role: owner, pointOfContact, publisher, custodian, originator.
    url
        Its page or general address (``mailto:``); empty if none.
    """

    name: str
    role: str = "pointOfContact"
    url: str = ""


@dataclass(frozen=True)
class Distribution:
    """A way to get the layer.

    Attributes
    ----------
    title
        What the reader gets.
    media_type
        IANA media type.
    url
        Where it is.
    size_bytes
        Its size; None when it is made on demand.
    sha256
        Its checksum in hexadecimal, lower case; empty when it is made on demand.
    """

    title: str
    media_type: str
    url: str
    size_bytes: int | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Keyword:
    """A keyword, with the vocabulary it is taken from when there is one."""

    text: str
    vocabulary: str = ""
    vocabulary_url: str = ""


@dataclass(frozen=True)
class LayerDates:
    """When the layer and its record came about, and what time the layer speaks of.

    Attributes
    ----------
    created, issued, modified
        Of the layer: made, released, last changed. `created` is known of every layer.
    valid_from, valid_to
        What time the layer speaks of; None where it has no such end.
    """

    created: date
    issued: date | None = None
    modified: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class LayerRecord:
    """A layer's metadata, complete enough for ISO 19115-1, DCAT 3 and OGC API Records.

    Attributes
    ----------
    identifier
        Identifier that stays: a DOI, a URL or the layer's name in this Atlas.
    version
        Version of the layer.
    title, abstract
        By language; both have the same first language, in which the record is written.
    organisations
        At least one; the first owner among them is the creator of a citation.
    licence
        Under which terms it may be used.
    dates
        See `LayerDates`.
    bbox
        West, south, east, north in degrees, of what this reader may see; west is larger than
        east when the layer crosses the antimeridian. None for a layer without positions.
    theme
        What the layer is about, by the Atlas's own list.
    species, states, season_months
        Which species, which states (ISO 3166-1 alpha-3), which months (1 to 12).
    method, confidence, citation, sensitivity
        How it was made, how sure it is, how its makers wish to be cited, why it is shown as it is.
    sources
        Lineage: one line per source.
    resolution_m, crs
        Cell size or positional accuracy in metres; the CRS as ``EPSG:4326``.
    data_generalizations, information_withheld
        Darwin Core's statements of what was made coarser and what was left out.
    distributions, keywords
        See `Distribution`, `Keyword`.
    supersedes
        Identifier of the version this one replaces; empty if none.
    page_url
        The layer's own page; empty if none.

    Raises
    ------
    InvalidTableError
        If something in it cannot be true: no title, months beyond 12, a latitude beyond 90, ...

    Examples
    --------
    >>> record = LayerRecord(
    ...     identifier="saiga-range",
    ...     version="2",
    ...     title={"en": "Range of the saiga"},
    ...     abstract={"en": "Where saigas were seen since 2015."},
    ...     organisations=(Organisation("Steppe Institute", "owner"),),
    ...     licence=Licence("CC-BY-4.0", is_spdx=True),
    ...     dates=LayerDates(date(2026, 3, 1)),
    ...     bbox=(46.0, 43.0, 70.0, 52.0),
    ... )
    >>> record.language
    'en'
    """

    identifier: str
    version: str
    title: Mapping[str, str]
    abstract: Mapping[str, str]
    organisations: tuple[Organisation, ...]
    licence: Licence
    dates: LayerDates
    bbox: tuple[float, float, float, float] | None
    theme: str = ""
    species: tuple[Species, ...] = ()
    states: tuple[str, ...] = ()
    season_months: tuple[int, ...] = ()
    method: str = ""
    confidence: str = ""
    citation: str = ""
    sensitivity: str = ""
    sources: tuple[str, ...] = ()
    resolution_m: float | None = None
    crs: str = "EPSG:4326"
    data_generalizations: str = ""
    information_withheld: str = ""
    distributions: tuple[Distribution, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    supersedes: str = ""
    page_url: str = ""

    def __post_init__(self) -> None:
        if problems := _problems(self):
            raise InvalidTableError(
                f"record of layer {one_line(self.identifier)[:80]!r}: {'; '.join(problems)}. "
                "Correct the layer's description."
            )

    @property
    def language(self) -> str:
        """The language the record is written in first."""
        return next(iter(self.title))

    @property
    def creator(self) -> str:
        """Name of the first owner, or of the first organisation when none is the owner."""
        owners = [party for party in self.organisations if party.role == "owner"]
        return (owners or list(self.organisations))[0].name

    @property
    def publisher(self) -> str:
        """Name of the first publisher, or of the creator when none publishes."""
        names = [party.name for party in self.organisations if party.role == "publisher"]
        return names[0] if names else self.creator


def citation_text(record: LayerRecord, words: Words) -> str:
    """Return how to cite a layer, as DataCite recommends, in the reader's language.

    Creator (Year): Title. Version. Publisher. Identifier. Parts that are not known are left out,
    but for the year, which is said to be missing; a publisher who is the creator is named once. A
    citation its makers wish for (`LayerRecord.citation`) comes before this one: show that where
    there is one.

    References
    ----------
    DataCite Metadata Working Group (2021). DataCite Metadata Schema Documentation 4.4, section
    1.4 (recommended citation format). https://doi.org/10.14454/3w3z-sa82

    Examples
    --------
    >>> from kulan.words import words_in
    >>> record = LayerRecord(
    ...     "https://atlas.example/layers/7", "2", {"en": "Saiga range"}, {"en": "Seen."},
    ...     (Organisation("Steppe Institute", "owner"),), Licence("CC0-1.0", is_spdx=True),
    ...     LayerDates(date(2026, 3, 1), issued=date(2026, 4, 1)), None,
    ... )
    >>> citation_text(record, words_in("en"))
    'Steppe Institute (2026): Saiga range. Version 2. https://atlas.example/layers/7'
    """
    issued = record.dates.issued
    title = record.title.get(words.language, record.title[record.language])
    parts = [
        words.say(
            "{creator} ({year}): {title}",
            creator=one_line(record.creator),
            year=str(issued.year) if issued else words.say("no date"),
            title=one_line(title).rstrip("."),
        )
    ]
    if record.version:
        parts.append(words.say("Version {version}", version=one_line(record.version)))
    if record.publisher != record.creator:
        parts.append(one_line(record.publisher))
    return ". ".join([*parts, _identifier_link(record.identifier)])


def is_link(text: str) -> bool:
    """Whether a text is a link of a kind that is followed, without anything to break out of.

    Examples
    --------
    >>> is_link("https://atlas.example/layers/7"), is_link("javascript:alert(1)")
    (True, False)
    """
    if re.search(r'[\s<>"{}|\\^`\x00-\x20\x7f]', text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.netloc or parts.scheme not in ("http", "https"))


def _identifier_link(identifier: str) -> str:
    """Return a DOI as the link it is cited by, anything else as it stands."""
    plain = one_line(identifier)
    return f"https://doi.org/{plain[4:]}" if plain.lower().startswith("doi:") else plain


def _problems(record: LayerRecord) -> list[str]:
    """Return what cannot be true of a layer, each in words."""
    return [
        *_text_problems(record),
        *_code_problems(record),
        *_date_problems(record.dates),
        *_extent_problems(record),
        *_link_problems(record),
    ]


def _text_problems(record: LayerRecord) -> list[str]:
    problems = []
    if not record.identifier.strip():
        problems.append("it has no identifier")
    if not record.title or not all(text.strip() for text in record.title.values()):
        return [*problems, "it has no title, or an empty one"]
    if not record.abstract.get(record.language, "").strip():
        problems.append(f"it has no abstract in the title's first language, {record.language!r}")
    if not record.organisations or not all(p.name.strip() for p in record.organisations):
        problems.append("no organisation stands for it, or one without a name")
    if not record.licence.words.strip():
        problems.append("it has no licence")
    return problems


def _code_problems(record: LayerRecord) -> list[str]:
    languages = [*record.title, *record.abstract]
    problems = [f"{code!r} is no language" for code in languages if not _LANGUAGE.fullmatch(code)]
    problems += [
        f"{state[:20]!r} is no ISO 3166-1 alpha-3 code of a state"
        for state in record.states
        if not _ISO3.fullmatch(state)
    ]
    problems += [f"{month} is no month" for month in record.season_months if not 1 <= month <= 12]
    if not _EPSG.fullmatch(record.crs):
        problems.append(f"the CRS {record.crs[:40]!r} is not written as EPSG:4326 is")
    return problems


def _date_problems(dates: LayerDates) -> list[str]:
    problems = []
    if dates.valid_from and dates.valid_to and dates.valid_to < dates.valid_from:
        problems.append(f"it is valid to {dates.valid_to}, before {dates.valid_from}")
    if dates.issued and dates.issued < dates.created:
        problems.append(f"it was issued on {dates.issued}, before it was created")
    return problems


def _extent_problems(record: LayerRecord) -> list[str]:
    problems = []
    if record.resolution_m is not None and not 0 < record.resolution_m < float("inf"):
        problems.append(f"a resolution of {record.resolution_m} m")
    if record.bbox is not None:
        west, south, east, north = record.bbox
        inside = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
        if not inside:
            problems.append(f"{record.bbox} is not west, south, east, north in degrees")
    return problems


def _link_problems(record: LayerRecord) -> list[str]:
    links = [record.licence.url, record.page_url]
    links += [party.url for party in record.organisations]
    links += [keyword.vocabulary_url for keyword in record.keywords]
    required = [distribution.url for distribution in record.distributions]
    problems = [f"{link[:80]!r} is no link" for link in links if link and not is_link(link)]
    problems += [f"{link[:80]!r} is no link" for link in required if not is_link(link)]
    problems += [
        f"{one.media_type[:40]!r} is no media type"
        for one in record.distributions
        if not _MEDIA_TYPE.fullmatch(one.media_type)
    ]
    problems += [
        f"{one.sha256[:20]!r} is no SHA-256 in lower case"
        for one in record.distributions
        if one.sha256 and not _SHA256.fullmatch(one.sha256)
    ]
    problems += [
        f"a size of {one.size_bytes} bytes"
        for one in record.distributions
        if one.size_bytes is not None and one.size_bytes < 0
    ]
    return problems
