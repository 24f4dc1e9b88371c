"""Parts that ISO 19115-3 documents are made of: texts, codes, dates, parties, citations."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from kulan.exchange.layer_records import Organisation
from kulan.exchange.plain_text import writable

_ISO = "http://standards.iso.org/iso/19115/-3"
NAMESPACES = {
    "cit": f"{_ISO}/cit/2.0",
    "gco": f"{_ISO}/gco/1.0",
    "gex": f"{_ISO}/gex/1.0",
    "gml": "http://www.opengis.net/gml/3.2",
    "lan": f"{_ISO}/lan/1.0",
    "mcc": f"{_ISO}/mcc/1.0",
    "mco": f"{_ISO}/mco/1.0",
    "mdb": f"{_ISO}/mdb/2.0",
    "mrd": f"{_ISO}/mrd/1.0",
    "mri": f"{_ISO}/mri/1.0",
    "mrl": f"{_ISO}/mrl/2.0",
    "mrs": f"{_ISO}/mrs/1.0",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_CODELISTS = "https://standards.iso.org/iso/19115/resources/Codelists/cat/codelists.xml"
# ISO 639-2 (bibliographic where two exist), as ISO 19115-3's list of languages asks
_LANGUAGES = {
    "de": "ger",
    "en": "eng",
    "fa": "per",
    "fr": "fre",
    "kk": "kaz",
    "ky": "kir",
    "mn": "mon",
    "ru": "rus",
    "tg": "tgk",
    "tk": "tuk",
    "uz": "uzb",
    "zh": "chi",
}

for _prefix, _uri in NAMESPACES.items():
    ET.register_namespace(_prefix, _uri)


def tag(name: str) -> str:
    """Return a prefixed name as ElementTree writes it.

    Examples
    --------
    >>> tag("gco:Decimal")
    '{http://standards.iso.org/iso/19115/-3/gco/1.0}Decimal'
    """
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def under(parent: ET.Element, path: str) -> ET.Element:
    """Append new elements, each inside the one before (``mri:extent/gex:EX_Extent``)."""
    for name in path.split("/"):
        parent = ET.SubElement(parent, tag(name))
    return parent


def text_in(parent: ET.Element, text: str) -> None:
    """Put a text into an element."""
    under(parent, "gco:CharacterString").text = writable(text)


def free_text(parent: ET.Element, texts: Mapping[str, str], first: str) -> None:
    """Put a text in several languages into an element; `first` is the record's own language."""
    text_in(parent, texts[first])
    others = {language: text for language, text in texts.items() if language != first}
    if not others:
        return
    parent.set(tag("xsi:type"), "lan:PT_FreeText_PropertyType")
    group = under(parent, "lan:PT_FreeText")
    for language, text in others.items():
        localised = under(group, "lan:textGroup/lan:LocalisedCharacterString")
        localised.set("locale", f"#lang-{language}")
        localised.text = writable(text)


def code(parent: ET.Element, codelist: str, value: str) -> None:
    """Put a value of one of the standard's code lists into an element."""
    coded = under(parent, codelist)
    coded.set("codeList", f"{_CODELISTS}#{codelist.partition(':')[2]}")
    coded.set("codeListValue", value)
    coded.text = value


def dated(parent: ET.Element, kind: str, day: str) -> None:
    """Put a date (ISO 8601) of that kind (creation, publication, ...) into an element."""
    about = under(parent, "cit:CI_Date")
    under(about, "cit:date/gco:Date").text = day
    code(under(about, "cit:dateType"), "cit:CI_DateTypeCode", kind)


def linked(
    parent: ET.Element,
    url: str,
    *,
    name: str = "",
    description: str = "",
    purpose: str = "",
) -> None:
    """Put a link into an element."""
    online = under(parent, "cit:CI_OnlineResource")
    text_in(under(online, "cit:linkage"), url)
    if name:
        text_in(under(online, "cit:name"), name)
    if description:
        text_in(under(online, "cit:description"), description)
    if purpose:
        code(under(online, "cit:function"), "cit:CI_OnLineFunctionCode", purpose)


def citation(parent: ET.Element, title: str, *, url: str = "", identifier: str = "") -> None:
    """Cite a work by its title, its link and its identifier."""
    about = under(parent, "cit:CI_Citation")
    text_in(under(about, "cit:title"), title)
    if identifier:
        text_in(under(about, "cit:identifier/mcc:MD_Identifier/mcc:code"), identifier)
    if url:
        linked(under(about, "cit:onlineResource"), url)


def responsibility(parent: ET.Element, party: Organisation) -> None:
    """Name an organisation and what it has to do with the layer."""
    about = under(parent, "cit:CI_Responsibility")
    code(under(about, "cit:role"), "cit:CI_RoleCode", party.role)
    organisation = under(about, "cit:party/cit:CI_Organisation")
    text_in(under(organisation, "cit:name"), party.name)
    if party.url:
        contact = under(organisation, "cit:contactInfo/cit:CI_Contact/cit:onlineResource")
        linked(contact, party.url)


def iso_639_2(language: str) -> str:
    """Return a language's three-letter code; one that is not listed stands as it is.

    Examples
    --------
    >>> iso_639_2("ru"), iso_639_2("zh-Hant"), iso_639_2("eng")
    ('rus', 'chi', 'eng')
    """
    primary = language.partition("-")[0]
    return _LANGUAGES.get(primary, primary)
