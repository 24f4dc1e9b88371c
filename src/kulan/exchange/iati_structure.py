"""Whether a part of an IATI activity is as the published schema of version 2.03 asks.

The schema has sequences alone, so that a table of places says all of it; see
`kulan.exchange.tables.IATI_ELEMENTS`. What passes here is valid there; in what XML Schema leaves to
programs, such as addresses with odd characters, this is the stricter of the two.

References
----------
International Aid Transparency Initiative (2018). IATI Standard, version 2.03: schemas.
https://github.com/IATI/IATI-Schemas/tree/version-2.03
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from kulan.exchange.tables import IATI_ELEMENTS
from kulan.schemas import read_table

ACTIVITY = "iati-activity"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_PATTERNS = {
    "string": r"(?s).*",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "boolean": "true|false|1|0",
    "int": r"[+-]?\d{1,9}",
    "nonNegativeInteger": r"\+?\d{1,18}",
    "positiveInteger": r"\+?0*[1-9]\d{0,17}",
    "NMTOKEN": r"[A-Za-z0-9._:-]+",
    "date": rf"\d{{4}}-\d\d-\d\d{_ZONE}",
    "dateTime": rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{{1,9}})?{_ZONE}",
    "xml:lang": r"([A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)?",
}
_SPACES = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Place:
    """What the schema says of an element at its place; see `IATI_ELEMENTS`."""

    at_least: int
    at_most: int | None
    holds: str
    attributes: Mapping[str, str]
    needed: frozenset[str]
    other_attributes: bool
    other_elements: bool
    inner: tuple[str, ...]
    order: int


@cache
def places() -> Mapping[str, Place]:
    """Return what the schema says, by the element's path from the activity."""
    data = files("kulan.exchange") / "data" / "iati_elements.csv"
    table = read_table(data, IATI_ELEMENTS)
    inner: dict[str, list[str]] = {}
    for path in table["element"]:
        above, _, name = path.rpartition("/")
        inner.setdefault(above, []).append(name)
    found = {}
    rows: Iterable[Any] = table.itertuples(index=False)
    for order, row in enumerate(rows):
        given = [one.partition("=") for one in (row.attributes or "").split()]
        others = (row.others or "").split()
        found[row.element] = Place(
            at_least=int(row.at_least),
            at_most=None if pd.isna(row.at_most) else int(row.at_most),
            holds=row.holds or "",
            attributes={name: kind.removesuffix("!") for name, _, kind in given},
            needed=frozenset(name for name, _, kind in given if kind.endswith("!")),
            other_attributes="attributes" in others,
            other_elements="elements" in others,
            inner=tuple(inner.get(row.element, ())),
            order=order,
        )
    return found


def rank(element: ET.Element) -> int:
    """Return where an element of an activity stands among the others; foreign ones come last."""
    place = places().get(f"{ACTIVITY}/{element.tag}")
    return place.order if place else len(places())


def is_foreign(name: str) -> bool:
    """Whether a name is of another namespace than the standard's, which has none."""
    return name.startswith("{")


def faults(element: ET.Element, path: str) -> tuple[str, ...]:
    """Return what is not as the schema asks, in an element and in what stands in it.

    Parameters
    ----------
    element
        A part of an activity, or the activity.
    path
        Its place: ``iati-activity/transaction``.

    Examples
    --------
    >>> one = ET.fromstring("<transaction><value>5</value></transaction>")
    >>> "transaction-type is missing in transaction" in faults(one, "iati-activity/transaction")
    True
    """
    name = path.rpartition("/")[2]
    if is_foreign(name):
        return () if _all_foreign(element) else ("names of the standard inside a foreign element",)
    place = places().get(path)
    if place is None:
        return (f"the standard has no {name} there",)
    return (*attribute_faults(element, path), *_content_faults(element, path, place))


def attribute_faults(element: ET.Element, path: str) -> tuple[str, ...]:
    """Return what is wrong with an element's own attributes."""
    place, name = places()[path], path.rpartition("/")[2]
    found = [
        f"{needed} is missing of {name}" for needed in place.needed if needed not in element.attrib
    ]
    for key, value in element.attrib.items():
        if fault := attribute_fault(key, value, place):
            found.append(f"{fault} of {name}")
    return tuple(found)


def attribute_fault(key: str, value: str, place: Place) -> str:
    """Return what is wrong with one attribute at a place; empty where nothing is."""
    named = key.replace(_XML, "xml:")
    kind = place.attributes.get(named)
    if named == "xml:lang" and place.other_attributes:
        kind = "xml:lang"
    if kind is None:
        if is_foreign(key) and not key.startswith(_XML) and place.other_attributes:
            return ""
        return f"{named.rpartition('}')[2]}, which the standard does not have,"
    return "" if fits(value, kind) else f"{named}={value[:40]!r}, no {kind},"


def fits(value: str, kind: str) -> bool:
    """Whether a text is of a type of XML Schema.

    Examples
    --------
    >>> fits("1,000", "decimal"), fits("2024-02-30", "date"), fits(" 5 ", "decimal")
    (False, False, True)
    """
    text = value if kind == "string" else value.strip(_SPACES)
    if kind == "anyURI":
        return _is_address(text)
    if not re.fullmatch(_PATTERNS[kind], text, re.ASCII):
        return False
    try:
        if kind == "date":
            date.fromisoformat(text[:10])
        elif kind == "dateTime":
            datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True


def _is_address(text: str) -> bool:
    """Whether a text is an address as RFC 3986 writes them, with letters of all scripts."""
    if re.search(r"[\s<>\"{}|\\^`\[\]]|%(?![0-9A-Fa-f]{2})", text) or text.count("#") > 1:
        return False
    begin = re.split("[/?#]", text, maxsplit=1)[0]
    if ":" in begin and not re.match("[A-Za-z][A-Za-z0-9+.-]*:", begin):
        return False
    host = re.match("(?:[^:/?#]+:)?//([^/?#]*)", text)
    return host is None or bool(re.fullmatch(r"[^:@]*(:\d{0,5})?", host[1], re.ASCII))


def _content_faults(element: ET.Element, path: str, place: Place) -> Iterable[str]:
    name = path.rpartition("/")[2]
    text = (element.text or "") + "".join(inner.tail or "" for inner in element)
    if place.holds:
        if len(element):
            yield f"elements in {name}, which holds text"
        elif not fits(element.text or "", place.holds):
            yield f"{(element.text or '').strip()[:40]!r} in {name} is no {place.holds}"
        return
    if text.strip(_SPACES):
        yield f"text in {name}, which holds elements"
    last = -1
    counts = dict.fromkeys(place.inner, 0)
    for inner in element:
        tag = str(inner.tag)
        if is_foreign(tag):
            if not place.other_elements:
                yield f"a foreign element in {name}"
            position = len(place.inner)
        elif tag not in counts:
            yield f"the standard has no {tag[:40]} in {name}"
            continue
        else:
            counts[tag] += 1
            position = place.inner.index(tag)
        if position < last:
            yield f"{tag.rpartition('}')[2][:40]} stands in the wrong place in {name}"
        last = max(last, position)
        yield from faults(inner, f"{path}/{tag}")
    for tag, count in counts.items():
        yield from _count_faults(tag, count, places()[f"{path}/{tag}"], name)


def _count_faults(tag: str, count: int, place: Place, name: str) -> Iterable[str]:
    if count < place.at_least:
        yield f"{tag} is missing in {name}"
    if place.at_most is not None and count > place.at_most:
        yield f"{tag} stands {count} times in {name}"


def _all_foreign(element: ET.Element) -> bool:
    return all(
        is_foreign(str(one.tag)) and not any(key.startswith(_XML) for key in one.attrib)
        for one in element.iter()
    )
