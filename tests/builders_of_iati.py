"""Activities of IATI made up from the schema's own table: any element, any often, anywhere."""

import xml.etree.ElementTree as ET
from typing import Any

from hypothesis import strategies as st

from kulan.exchange.iati_structure import ACTIVITY, places, rank

XML = "{http://www.w3.org/XML/1998/namespace}"
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp")),
    min_size=1, max_size=12,
)  # fmt: skip
OF_KIND: dict[str, st.SearchStrategy[str]] = {
    "string": st.sampled_from(["1", "2", "3", "4", "11", "12", "99", "MN", "KZ", "FR", "x y"])
    | TEXTS,
    "anyURI": st.sampled_from(
        ["https://example.org/a?b=1&c=2#d", "urn:kulan:actions", "a/b", "http://пример.org/ё", ""]
    ),
    "decimal": st.sampled_from(["0", "33.33", "-5", "+7.", ".5", "100", "2500000.125", " 50 "]),
    "boolean": st.sampled_from(["true", "false", "0", "1"]),
    "int": st.sampled_from(["1", "-2", "+3"]),
    "nonNegativeInteger": st.sampled_from(["0", "1", "+9"]),
    "positiveInteger": st.sampled_from(["1", "012"]),
    "NMTOKEN": st.sampled_from(["a", "a.b-c"]),
    "date": st.sampled_from(["2024-01-01", "2023-12-31Z", "2025-02-28+06:00"]),
    "dateTime": st.sampled_from(["2024-01-01T10:00:00Z", "2024-01-01T10:00:00.5+05:45"]),
    "xml:lang": st.sampled_from(["en", "ru", "fr", "mn-Cyrl", "en-GB"]),
}
"""Texts of each type of XML Schema that the table knows."""


@st.composite
def elements(draw: Any, path: str) -> ET.Element:
    """An element at a place, with whatever may stand in it."""
    place = places()[path]
    made = ET.Element(path.rpartition("/")[2])
    for name, kind in place.attributes.items():
        if name in place.needed or draw(st.booleans()):
            made.set(name.replace("xml:", XML), draw(OF_KIND[kind]))
    if place.other_attributes and draw(st.integers(0, 20)) == 0:
        made.set("{urn:elsewhere}mark", "x")
    if place.holds:
        made.text = draw(OF_KIND[place.holds])
    for name in place.inner:
        inner = places()[f"{path}/{name}"]
        more = draw(st.sampled_from([0, 0, 1] if inner.at_most == 1 else [0, 0, 1, 2]))
        most = inner.at_most or 9
        for _ in range(min(max(inner.at_least, more), most)):
            made.append(draw(elements(f"{path}/{name}")))
    if place.other_elements and draw(st.integers(0, 20)) == 0:
        made.append(ET.fromstring("<a:b xmlns:a='urn:elsewhere'>ё<a:c/></a:b>"))
    return made


MANDATORY = """<iati-activity><iati-identifier>X-1-a</iati-identifier>
<reporting-org ref="X-1" type="22"><narrative>Steppe Society</narrative></reporting-org>
<title><narrative>Fences</narrative></title>
<description><narrative>Gaps in fences.</narrative></description>
<participating-org role="4"><narrative>Steppe Society</narrative></participating-org>
<activity-status code="2"/><activity-date type="1" iso-date="2024-01-01"/></iati-activity>"""


@st.composite
def activities(draw: Any) -> ET.Element:
    """An activity with what Kulan asks of one that is published, and anything else."""
    made = ET.fromstring(MANDATORY)
    place = places()[ACTIVITY]
    for name, kind in place.attributes.items():
        if draw(st.booleans()):
            made.set(name.replace("xml:", XML), draw(OF_KIND[kind]))
    optional = [one for one in place.inner if places()[f"{ACTIVITY}/{one}"].at_most != 1]
    single = [one for one in place.inner if not places()[f"{ACTIVITY}/{one}"].at_least]
    names = draw(st.lists(st.sampled_from(optional), max_size=4))
    names += draw(st.lists(st.sampled_from(single), max_size=3, unique=True))
    for name in names:
        one = places()[f"{ACTIVITY}/{name}"]
        if one.at_most == 1 and made.find(name) is not None:
            continue
        made.append(draw(elements(f"{ACTIVITY}/{name}")))
    made[:] = sorted(made, key=rank)
    return made


def file_of(*found: ET.Element) -> bytes:
    """Return activities as a file."""
    root = ET.Element("iati-activities", version="2.03")
    root.extend(found)
    return ET.tostring(root, encoding="utf-8")
