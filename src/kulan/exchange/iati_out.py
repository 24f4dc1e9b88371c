"""Activities written as an IATI 2.03 file, in the order that its schema asks for."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from kulan.errors import InvalidTableError
from kulan.exchange.iati_activities import (
    DATE_CODES,
    MEASURE_CODES,
    ORGANISATION_CODES,
    OWN_NAMESPACE,
    RELATION_CODES,
    RESULT_CODES,
    ROLES,
    STAGE_CODES,
    TRANSACTION_CODES,
    VERSION,
    VOCABULARIES,
    Activity,
    Country,
    Document,
    Party,
    Place,
    Result,
    Tagged,
    Texts,
    missing,
)
from kulan.exchange.iati_kept import language_of, original_of, overlaid
from kulan.exchange.plain_text import writable
from kulan.programme import range_states
from kulan.programme.money.amounts import Money
from kulan.programme.money.projects import Flow

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HUNDRED = Decimal(100)
ET.register_namespace("kulan", OWN_NAMESPACE)


def write_iati(activities: Iterable[Activity], *, at: datetime) -> bytes:
    """Write activities as one file of the IATI standard, version 2.03.

    An activity that was read from a file goes out over what it was there: elements that Kulan does
    not understand, and those that it says the same of, are written as they came.

    Amounts, dates and texts are written as they are. Shares stand as percentages where they are
    stated for every country; in any case exactly, in an attribute of Kulan's own namespace.

    Parameters
    ----------
    activities
        What to publish; the caller has left out what is confidential.
    at
        When the file is made.

    Returns
    -------
    bytes
        An XML document in UTF-8.

    Raises
    ------
    InvalidTableError
        If an activity lacks a mandatory element, or there is none at all.

    References
    ----------
    International Aid Transparency Initiative (2018). IATI Standard, version 2.03: activity
    standard. https://iatistandard.org/en/iati-standard/203/activity-standard/
    """
    root = ET.Element("iati-activities", {"version": VERSION, "generated-datetime": _moment(at)})
    for activity in activities:
        if lacking := missing(activity):
            raise InvalidTableError(
                f"Activity {activity.identifier or '(without identifier)'} lacks what IATI asks "
                f"for: {', '.join(lacking)}. Fill it in, or leave the activity out."
            )
        root.append(_activity(activity))
    if not len(root):
        raise InvalidTableError("There is no activity to write; an IATI file holds at least one.")
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def standard_form(activity: Activity) -> str:
    """Return an activity as it would be written, so that two can be compared whole.

    It is canonical XML, without the moment of the last change.

    Examples
    --------
    >>> from dataclasses import replace
    >>> one = Activity("X-1-a", Party("Steppe Society", "X-1"), {"en": "T"}, {"en": "D"})
    >>> later = replace(one, updated=datetime(2026, 1, 1, tzinfo=UTC))
    >>> standard_form(later) == standard_form(one)
    True
    >>> standard_form(replace(one, title={"en": "U"})) == standard_form(one)
    False
    """
    made = _activity(activity)
    made.attrib.pop("last-updated-datetime", None)
    text = ET.tostring(made, encoding="unicode")
    return ET.canonicalize(text, strip_text=True, rewrite_prefixes=True)


def _activity(activity: Activity) -> ET.Element:
    """Return an activity as an element; over the one it was read from, where it was read."""
    if not activity.original:
        return _fresh(activity, activity.language)
    original = original_of(activity.original)
    return overlaid(_fresh(activity, language_of(original)), original)


def _fresh(activity: Activity, language: str) -> ET.Element:
    """Return everything Kulan says of an activity; texts in another language than this name it."""
    made = ET.Element("iati-activity")
    if language:
        made.set(_XML_LANG, language)
    if activity.currency:
        made.set("default-currency", activity.currency)
    if activity.updated:
        made.set("last-updated-datetime", _moment(activity.updated))
    _said(made, "iati-identifier", activity.identifier)
    _party(made, "reporting-org", activity.reporting)
    _texts(ET.SubElement(made, "title"), activity.title, language)
    _texts(ET.SubElement(made, "description", type="1"), activity.description, language)
    for one in activity.participants:
        _party(made, "participating-org", one.party, role=ROLES[one.role])
    ET.SubElement(made, "activity-status", code=STAGE_CODES[activity.stage])
    for name, code in DATE_CODES.items():
        if name in activity.dates:
            _day(made, "activity-date", activity.dates[name], type=code)
    _what_it_serves(made, activity)
    _money(made, activity.flows)
    for document in activity.documents:
        _document(made, document, language)
    for related in activity.related:
        ET.SubElement(
            made, "related-activity", ref=related.ref, type=RELATION_CODES[related.relation]
        )
    for result in activity.results:
        _result(made, result, language)
    return made


def _what_it_serves(made: ET.Element, activity: Activity) -> None:
    _countries(made, activity.countries)
    for place in activity.places:
        _place(made, place)
    for sector in activity.sectors:
        found = ET.SubElement(made, "sector", code=sector.code, vocabulary=sector.vocabulary)
        if sector.percentage is not None:
            found.set("percentage", str(sector.percentage))
    for tag in activity.tags:
        _tag(made, tag)


def _countries(made: ET.Element, countries: Sequence[Country]) -> None:
    table = range_states()
    iso2 = dict(zip(table["iso3"], table["iso2"], strict=True))
    percentages = _percentages([one.share for one in countries])
    for one, percentage in zip(countries, percentages, strict=True):
        found = ET.SubElement(made, "recipient-country", code=str(iso2[one.iso3]))
        if percentage is not None:
            found.set("percentage", str(percentage))
        _share(found, one.share)


def _percentages(shares: Sequence[Fraction | None]) -> list[Decimal | None]:
    """Return percentages that add up to 100, where the shares are the whole; otherwise none.

    The standard asks for percentages that make 100; half-known ones would be refused by its rules.
    """
    stated = [share for share in shares if share is not None]
    if len(stated) < len(shares) or sum(stated) != 1:
        return [None] * len(shares)
    found = [
        (Decimal(share.numerator) * _HUNDRED / share.denominator).quantize(Decimal("0.01"))
        for share in stated
    ]
    if found:
        found[-1] += _HUNDRED - sum(found)
    return list(found)


def _place(made: ET.Element, place: Place) -> None:
    found = ET.SubElement(made, "location")
    if place.name:
        _said(ET.SubElement(found, "name"), "narrative", place.name)
    if place.longitude is not None and place.latitude is not None:
        point = ET.SubElement(found, "point", srsName="http://www.opengis.net/def/crs/EPSG/0/4326")
        _said(point, "pos", f"{place.latitude} {place.longitude}")
    ET.SubElement(found, "exactness", code="1" if place.exact else "2")


def _tag(made: ET.Element, tag: Tagged) -> None:
    found = ET.SubElement(
        made,
        "tag",
        {"code": tag.code, "vocabulary": "99", "vocabulary-uri": VOCABULARIES[tag.about]},
    )
    if tag.title:
        _said(found, "narrative", tag.title)
    _share(found, tag.share)


def _money(made: ET.Element, flows: Sequence[Flow]) -> None:
    for flow in flows:
        if flow.kind == "budget":
            found = ET.SubElement(made, "budget", type="1", status="1")
            _period(found, flow, must_end=True)
            _value(found, flow.money, flow.day)
            _described(found, flow)
    for flow in flows:
        if flow.kind == "planned":
            found = ET.SubElement(made, "planned-disbursement", type="1")
            _period(found, flow, must_end=False)
            _value(found, flow.money, flow.day)
            _named(found, "provider-org", flow.provider)
            _named(found, "receiver-org", flow.receiver)
            _described(found, flow)
    for flow in flows:
        if flow.kind not in ("budget", "planned"):
            _transaction(made, flow)


def _transaction(made: ET.Element, flow: Flow) -> None:
    found = ET.SubElement(made, "transaction")
    if flow.reference:
        found.set("ref", writable(flow.reference))
    kind = "commitment_in" if flow.kind == "cofinance" else flow.kind
    if flow.kind == "cofinance":
        found.set(f"{{{OWN_NAMESPACE}}}kind", "cofinance")
    ET.SubElement(found, "transaction-type", code=TRANSACTION_CODES[kind])
    _day(found, "transaction-date", flow.day)
    _value(found, flow.money, flow.day)
    if flow.description:
        _said(ET.SubElement(found, "description"), "narrative", flow.description)
    _named(found, "provider-org", flow.provider)
    _named(found, "receiver-org", flow.receiver)


def _described(found: ET.Element, flow: Flow) -> None:
    """Keep what IATI has no place for in a budget or a plan, in attributes of our own."""
    for name in (
        "description",
        "reference",
        *(("provider", "receiver") if flow.kind == "budget" else ()),
    ):
        if text := getattr(flow, name):
            found.set(f"{{{OWN_NAMESPACE}}}{name}", writable(text).replace("\n", " "))


def _period(found: ET.Element, flow: Flow, *, must_end: bool) -> None:
    _day(found, "period-start", flow.day)
    if flow.last_day or must_end:
        _day(found, "period-end", flow.last_day or flow.day)


def _value(parent: ET.Element, money: Money, day: date) -> None:
    ET.SubElement(
        parent, "value", {"currency": money.currency, "value-date": day.isoformat()}
    ).text = format(money.amount, "f")


def _named(parent: ET.Element, name: str, organisation: str) -> None:
    if organisation:
        _said(ET.SubElement(parent, name), "narrative", organisation)


def _document(made: ET.Element, document: Document, language: str) -> None:
    found = ET.SubElement(made, "document-link", url=document.url, format=document.media_type)
    _texts(ET.SubElement(found, "title"), document.title, language)
    ET.SubElement(found, "category", code=document.category)
    if document.language:
        ET.SubElement(found, "language", code=document.language)
    if document.day:
        _day(found, "document-date", document.day)


def _result(made: ET.Element, result: Result, language: str) -> None:
    found = ET.SubElement(made, "result", type=RESULT_CODES[result.kind])
    _texts(ET.SubElement(found, "title"), result.title, language)
    for indicator in result.indicators:
        one = ET.SubElement(found, "indicator", measure=MEASURE_CODES[indicator.measure])
        _texts(ET.SubElement(one, "title"), indicator.title, language)
        for period in indicator.periods:
            span = ET.SubElement(one, "period")
            _day(span, "period-start", period.first)
            _day(span, "period-end", period.last)
            for name, value in (("target", period.target), ("actual", period.actual)):
                if value:
                    ET.SubElement(span, name, value=writable(value))


def _party(parent: ET.Element, name: str, party: Party, **attributes: str) -> None:
    found = ET.SubElement(parent, name, attributes)
    if party.ref:
        found.set("ref", writable(party.ref))
    if party.kind:
        found.set("type", ORGANISATION_CODES[party.kind])
    if party.name:
        _said(found, "narrative", party.name)


def _texts(parent: ET.Element, texts: Texts | Mapping[str, str], language: str) -> None:
    for code, text in sorted(texts.items(), key=lambda pair: (pair[0] != language, pair[0])):
        if text.strip():
            found = _said(parent, "narrative", text)
            if code != language:
                found.set(_XML_LANG, code)


def _share(found: ET.Element, share: Fraction | None) -> None:
    if share is not None:
        found.set(f"{{{OWN_NAMESPACE}}}share", str(share))


def _day(parent: ET.Element, name: str, day: date, **attributes: str) -> None:
    ET.SubElement(parent, name, {"iso-date": day.isoformat(), **attributes})


def _said(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = writable(text)
    return child


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
