"""A layer's record as ISO 19115-3 XML, which national geoportals and GeoNetwork harvest.

Written by ourselves with the standard library: of the programs made for it, pygeometa (MIT) writes
the older ISO 19139 only, and brings OWSLib and lxml along. The schemas are those of ISO/TS
19115-3:2016 with its amendment of 2018 (metadata base 2.0), which catalogues read today.
"""

import xml.etree.ElementTree as ET

from kulan.exchange.iso19115_elements import (
    citation,
    code,
    dated,
    free_text,
    iso_639_2,
    linked,
    responsibility,
    tag,
    text_in,
    under,
)
from kulan.exchange.layer_records import Distribution, LayerRecord

_STANDARD = "ISO 19115-1"
_TOPIC = "biota"


def write_iso19115_3(record: LayerRecord) -> bytes:
    """Write a layer's record as an ISO 19115-3 document.

    Title and abstract stand in all their languages; the same record gives the same bytes. Texts of
    any origin stay texts: markup in them is escaped, and a character that XML forbids becomes
    U+FFFD. What ISO 19115-1 has no element for stands where a reader looks for it: months of the
    season, species and states as keywords, confidence and the reason of a coarser position as
    supplemental information and limitations of use.

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
    ISO 19115-1:2014, Geographic information: Metadata, Part 1: Fundamentals, with Amendments 1
    (2018) and 2 (2020). ISO/TS 19115-3:2016, Part 3: XML schema implementation.

    Examples
    --------
    >>> from datetime import date
    >>> from kulan.exchange.layer_records import LayerDates, Licence, Organisation
    >>> record = LayerRecord(
    ...     "saiga-range", "2", {"en": "Saiga <range>"}, {"en": "Seen."},
    ...     (Organisation("Steppe Institute", "owner"),), Licence("CC0-1.0", is_spdx=True),
    ...     LayerDates(date(2026, 3, 1)), (46, 43, 70, 52),
    ... )
    >>> b"Saiga &lt;range&gt;" in write_iso19115_3(record)
    True
    """
    root = ET.Element(tag("mdb:MD_Metadata"))
    _about_the_record(root, record)
    system = under(root, "mdb:referenceSystemInfo/mrs:MD_ReferenceSystem")
    _identifier(
        under(system, "mrs:referenceSystemIdentifier"),
        record.crs.removeprefix("EPSG:"),
        space="EPSG",
    )
    _identification(under(root, "mdb:identificationInfo/mri:MD_DataIdentification"), record)
    if record.distributions:
        _distributions(under(root, "mdb:distributionInfo/mrd:MD_Distribution"), record)
    if record.sources or record.method:
        _lineage(under(root, "mdb:resourceLineage/mrl:LI_Lineage"), record)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _about_the_record(root: ET.Element, record: LayerRecord) -> None:
    """Say which record this is, in which languages, by whom and since when."""
    _identifier(under(root, "mdb:metadataIdentifier"), record.identifier, version=record.version)
    _locale(under(root, "mdb:defaultLocale"), record.language)
    scope = under(root, "mdb:metadataScope/mdb:MD_MetadataScope")
    code(under(scope, "mdb:resourceScope"), "mcc:MD_ScopeCode", "dataset")
    for party in record.organisations:
        responsibility(under(root, "mdb:contact"), party)
    for kind, day in _days(record):
        dated(under(root, "mdb:dateInfo"), kind, day)
    standard = under(root, "mdb:metadataStandard/cit:CI_Citation")
    text_in(under(standard, "cit:title"), _STANDARD)
    text_in(under(standard, "cit:edition"), "2014 + A1:2018 + A2:2020")
    for language in _languages(record)[1:]:
        _locale(under(root, "mdb:otherLocale"), language)
    if record.page_url:
        linked(under(root, "mdb:metadataLinkage"), record.page_url)


def _identification(about: ET.Element, record: LayerRecord) -> None:
    """Describe the layer itself, in the order the schema wants."""
    _citation_of_the_layer(under(about, "mri:citation"), record)
    free_text(under(about, "mri:abstract"), record.abstract, record.language)
    if record.citation:
        text_in(under(about, "mri:credit"), record.citation)
    for party in record.organisations:
        responsibility(under(about, "mri:pointOfContact"), party)
    code(under(about, "mri:spatialRepresentationType"), _REPRESENTATION, _representation(record))
    if record.resolution_m is not None:
        resolution = under(about, "mri:spatialResolution/mri:MD_Resolution/mri:distance")
        distance = under(resolution, "gco:Distance")
        distance.set("uom", "m")
        distance.text = repr(float(record.resolution_m))
    under(about, "mri:topicCategory/mri:MD_TopicCategoryCode").text = _TOPIC
    _extent(about, record)
    _keywords(about, record)
    _constraints(about, record)
    if record.supersedes:
        older = under(about, "mri:associatedResource/mri:MD_AssociatedResource")
        citation(under(older, "mri:name"), record.supersedes, identifier=record.supersedes)
        code(under(older, "mri:associationType"), "mri:DS_AssociationTypeCode", "revisionOf")
    _locale(under(about, "mri:defaultLocale"), record.language)
    if record.confidence:
        text_in(under(about, "mri:supplementalInformation"), record.confidence)


_REPRESENTATION = "mcc:MD_SpatialRepresentationTypeCode"
_RASTERS = ("image/tiff", "application/x-netcdf", "application/netcdf")


def _representation(record: LayerRecord) -> str:
    """Return whether the layer is given as a grid or as shapes, by what can be fetched of it."""
    kinds = [one.media_type.partition(";")[0].strip() for one in record.distributions]
    return "grid" if any(kind in _RASTERS for kind in kinds) else "vector"


def _citation_of_the_layer(parent: ET.Element, record: LayerRecord) -> None:
    about = under(parent, "cit:CI_Citation")
    free_text(under(about, "cit:title"), record.title, record.language)
    for kind, day in _days(record):
        dated(under(about, "cit:date"), kind, day)
    if record.version:
        text_in(under(about, "cit:edition"), record.version)
    _identifier(under(about, "cit:identifier"), record.identifier)
    for party in record.organisations:
        responsibility(under(about, "cit:citedResponsibleParty"), party)
    if record.page_url:
        linked(under(about, "cit:onlineResource"), record.page_url, purpose="information")


def _extent(about: ET.Element, record: LayerRecord) -> None:
    """Say where and when the layer speaks of; nothing where neither is known."""
    dates = record.dates
    timed = dates.valid_from or dates.valid_to
    if record.bbox is None and not timed:
        return
    extent = under(about, "mri:extent/gex:EX_Extent")
    if record.bbox is not None:
        box = under(extent, "gex:geographicElement/gex:EX_GeographicBoundingBox")
        west, south, east, north = record.bbox
        sides = {
            "westBoundLongitude": west,
            "eastBoundLongitude": east,
            "southBoundLatitude": south,
            "northBoundLatitude": north,
        }
        for side, degrees in sides.items():
            under(box, f"gex:{side}/gco:Decimal").text = f"{degrees:.6f}"
    if timed:
        period = under(
            extent, "gex:temporalElement/gex:EX_TemporalExtent/gex:extent/gml:TimePeriod"
        )
        period.set(tag("gml:id"), "valid")
        for name, day in (("begin", dates.valid_from), ("end", dates.valid_to)):
            position = under(period, f"gml:{name}Position")
            if day is None:
                position.set("indeterminatePosition", "unknown")
            else:
                position.text = day.isoformat()


def _keywords(about: ET.Element, record: LayerRecord) -> None:
    """Write one group of keywords for each vocabulary."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    months = [f"--{month:02d}" for month in record.season_months]
    fixed = [
        ("theme", "Kulan: themes of layers", "", [record.theme] if record.theme else []),
        ("taxon", "Kulan: species", "", [one.latin_name for one in record.species]),
        ("place", "ISO 3166-1 alpha-3", "", list(record.states)),
        ("temporal", "W3C XML Schema: gMonth", "https://www.w3.org/TR/xmlschema-2/#gMonth", months),
    ]
    for kind, vocabulary, url, texts in fixed:
        groups[kind, vocabulary, url] = texts
    for keyword in record.keywords:
        key = ("theme", keyword.vocabulary, keyword.vocabulary_url)
        groups.setdefault(key, []).append(keyword.text)
    for (kind, vocabulary, url), texts in groups.items():
        if not texts:
            continue
        group = under(about, "mri:descriptiveKeywords/mri:MD_Keywords")
        for text in texts:
            text_in(under(group, "mri:keyword"), text)
        code(under(group, "mri:type"), "mri:MD_KeywordTypeCode", kind)
        if vocabulary or url:
            citation(under(group, "mri:thesaurusName"), vocabulary or url, url=url)


def _constraints(about: ET.Element, record: LayerRecord) -> None:
    """Write the licence, and what was made coarser or left out and why."""
    legal = under(about, "mri:resourceConstraints/mco:MD_LegalConstraints")
    licence = record.licence
    citation(under(legal, "mco:reference"), licence.words, url=licence.url)
    code(under(legal, "mco:useConstraints"), "mco:MD_RestrictionCode", "licence")
    text_in(under(legal, "mco:otherConstraints"), licence.words)
    limits = [
        ("", record.sensitivity),
        ("dataGeneralizations: ", record.data_generalizations),
        ("informationWithheld: ", record.information_withheld),
    ]
    if any(text for _, text in limits):
        use = under(about, "mri:resourceConstraints/mco:MD_Constraints")
        for term, text in limits:
            if text:
                text_in(under(use, "mco:useLimitation"), term + text)


def _distributions(parent: ET.Element, record: LayerRecord) -> None:
    for media_type in dict.fromkeys(one.media_type for one in record.distributions):
        kind = under(parent, "mrd:distributionFormat/mrd:MD_Format")
        citation(under(kind, "mrd:formatSpecificationCitation"), media_type)
    for one in record.distributions:
        transfer = under(parent, "mrd:transferOptions/mrd:MD_DigitalTransferOptions")
        if one.size_bytes is not None:
            # the standard counts in megabytes
            under(transfer, "mrd:transferSize/gco:Real").text = f"{one.size_bytes / 1e6:.6f}"
        linked(
            under(transfer, "mrd:onLine"),
            one.url,
            name=one.title,
            description=_checksum(one),
            purpose="download",
        )


def _checksum(one: Distribution) -> str:
    return f"{one.media_type}; SHA-256 {one.sha256}" if one.sha256 else one.media_type


def _lineage(parent: ET.Element, record: LayerRecord) -> None:
    scope = under(parent, "mrl:scope/mcc:MD_Scope")
    code(under(scope, "mcc:level"), "mcc:MD_ScopeCode", "dataset")
    for line in record.sources:
        text_in(under(parent, "mrl:source/mrl:LI_Source/mrl:description"), line)
    if record.method:
        text_in(under(parent, "mrl:processStep/mrl:LI_ProcessStep/mrl:description"), record.method)


def _days(record: LayerRecord) -> list[tuple[str, str]]:
    """Return the dates known of the layer, by ISO 19115-1's names."""
    dates = record.dates
    days = [
        ("creation", dates.created),
        ("publication", dates.issued),
        ("revision", dates.modified),
    ]
    return [(kind, day.isoformat()) for kind, day in days if day is not None]


def _languages(record: LayerRecord) -> list[str]:
    """Return the languages of title and abstract, the record's first one first."""
    return list(dict.fromkeys([record.language, *record.title, *record.abstract]))


def _identifier(parent: ET.Element, value: str, *, space: str = "", version: str = "") -> None:
    about = under(parent, "mcc:MD_Identifier")
    text_in(under(about, "mcc:code"), value)
    if space:
        text_in(under(about, "mcc:codeSpace"), space)
    if version:
        text_in(under(about, "mcc:version"), version)


def _locale(parent: ET.Element, language: str) -> None:
    about = under(parent, "lan:PT_Locale")
    if parent.tag == tag("mdb:otherLocale"):
        about.set("id", f"lang-{language}")
    code(under(about, "lan:language"), "lan:LanguageCode", iso_639_2(language))
    code(under(about, "lan:characterEncoding"), "lan:MD_CharacterSetCode", "utf8")
