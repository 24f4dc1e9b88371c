"""A layer's record as EML, the description that a Darwin Core archive carries."""

import xml.etree.ElementTree as ET

from kulan.exchange.layer_records import LayerRecord, Organisation
from kulan.exchange.plain_text import writable

_EML = "https://eml.ecoinformatics.org/eml-2.2.0"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

ET.register_namespace("eml", _EML)


def write_eml(record: LayerRecord) -> bytes:
    """Write a layer's record as Ecological Metadata Language 2.2, by GBIF's profile 1.3.

    Organisations stand for the layer; no person is named. GBIF takes only data under CC0, CC BY or
    CC BY-NC, and reads the licence's link: give `Licence.url`.

    Parameters
    ----------
    record
        The layer as this reader may know it.

    Returns
    -------
    bytes
        An XML document in UTF-8.

    References
    ----------
    Jones, M., O'Brien, M., Mecum, B., Boettiger, C., Schildhauer, M., Maier, M., Whiteaker, T.,
    Earl, S., Chong, S. (2019). Ecological Metadata Language version 2.2.0. KNB Data Repository.
    https://doi.org/10.5063/F11834T2. GBIF (2024). GBIF metadata profile 1.3.
    """
    root = ET.Element(f"{{{_EML}}}eml")
    root.set("packageId", writable(f"{record.identifier}/{record.version or '1'}"))
    root.set("system", "Kulan")
    root.set(_XML_LANG, record.language)
    dataset = ET.SubElement(root, "dataset")
    _say(dataset, "alternateIdentifier", record.identifier)
    for language, title in record.title.items():
        _say(dataset, "title", title).set(_XML_LANG, language)
    owners = [party for party in record.organisations if party.role == "owner"]
    for party in owners or record.organisations[:1]:
        _party(dataset, "creator", party)
    _party(dataset, "metadataProvider", record.organisations[0])
    if issued := record.dates.issued:
        _say(dataset, "pubDate", issued.isoformat())
    _say(dataset, "language", record.language)
    _paragraphs(dataset, "abstract", [record.abstract[record.language]])
    _keywords(dataset, record)
    notes = [record.data_generalizations, record.information_withheld, record.confidence]
    if said := [note for note in notes if note]:
        _paragraphs(dataset, "additionalInfo", said)
    _rights(dataset, record)
    if record.page_url:
        online = ET.SubElement(ET.SubElement(dataset, "distribution"), "online")
        _say(online, "url", record.page_url).set("function", "information")
    _coverage(dataset, record)
    for party in record.organisations:
        _party(dataset, "contact", party)
    _methods(dataset, record)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _say(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = writable(text)
    return child


def _paragraphs(parent: ET.Element, name: str, texts: list[str]) -> None:
    child = ET.SubElement(parent, name)
    for text in texts:
        _say(child, "para", text)


def _party(parent: ET.Element, name: str, party: Organisation) -> None:
    child = ET.SubElement(parent, name)
    _say(child, "organizationName", party.name)
    if party.url.startswith("mailto:"):
        _say(child, "electronicMailAddress", party.url.removeprefix("mailto:"))
    elif party.url:
        _say(child, "onlineUrl", party.url)


def _keywords(dataset: ET.Element, record: LayerRecord) -> None:
    """Write one set for each vocabulary; free keywords come from none."""
    sets: dict[str, list[str]] = {}
    for keyword in record.keywords:
        sets.setdefault(keyword.vocabulary or keyword.vocabulary_url or "N/A", []).append(
            keyword.text
        )
    for vocabulary, texts in sets.items():
        group = ET.SubElement(dataset, "keywordSet")
        for text in texts:
            _say(group, "keyword", text)
        _say(group, "keywordThesaurus", vocabulary)


def _rights(dataset: ET.Element, record: LayerRecord) -> None:
    para = ET.SubElement(ET.SubElement(dataset, "intellectualRights"), "para")
    if not record.licence.url:
        para.text = writable(record.licence.words)
        return
    link = ET.SubElement(para, "ulink", {"url": record.licence.url})
    _say(link, "citetitle", record.licence.words)


def _coverage(dataset: ET.Element, record: LayerRecord) -> None:
    """Say where, when and of which species; nothing where none is known."""
    coverage = ET.Element("coverage")
    if record.bbox is not None:
        place = ET.SubElement(coverage, "geographicCoverage")
        _say(place, "geographicDescription", ", ".join(record.states) or "Central Asia")
        box = ET.SubElement(place, "boundingCoordinates")
        west, south, east, north = record.bbox
        for side, degrees in (("west", west), ("east", east), ("north", north), ("south", south)):
            _say(box, f"{side}BoundingCoordinate", f"{degrees:.6f}")
    dates = record.dates
    if dates.valid_from and dates.valid_to:
        span = ET.SubElement(ET.SubElement(coverage, "temporalCoverage"), "rangeOfDates")
        for name, day in (("beginDate", dates.valid_from), ("endDate", dates.valid_to)):
            _say(ET.SubElement(span, name), "calendarDate", day.isoformat())
    if record.species:
        taxa = ET.SubElement(coverage, "taxonomicCoverage")
        for one in record.species:
            taxon = ET.SubElement(taxa, "taxonomicClassification")
            _say(taxon, "taxonRankName", "species")
            _say(taxon, "taxonRankValue", one.latin_name)
    if len(coverage):
        dataset.append(coverage)


def _methods(dataset: ET.Element, record: LayerRecord) -> None:
    steps = [text for text in (record.method, *record.sources) if text]
    if not steps:
        return
    methods = ET.SubElement(dataset, "methods")
    for text in steps:
        _paragraphs(ET.SubElement(methods, "methodStep"), "description", [text])
