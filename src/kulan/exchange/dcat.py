"""A layer's record as DCAT 3 in JSON-LD, which open-data portals harvest."""

import json
from datetime import date
from typing import Any
from urllib.parse import quote

import shapely

from kulan.exchange.extents import box_geometry
from kulan.exchange.layer_records import Distribution, LayerRecord, Organisation, is_link
from kulan.exchange.plain_text import without_forbidden

_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dwc": "http://rs.tdwg.org/dwc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_STATES = "http://publications.europa.eu/resource/authority/country/"
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
_ROLES = {"owner": "dct:rightsHolder", "publisher": "dct:publisher", "originator": "dct:creator"}


def write_dcat(record: LayerRecord) -> bytes:
    """Write a layer's record as a DCAT 3 dataset in JSON-LD.

    Extent, coordinate system, resolution and lineage are said with the terms of GeoDCAT-AP 3;
    what was made coarser or left out, species and months with those of Darwin Core. The context
    stands in the document, so nothing is fetched to read it. The same record gives the same bytes,
    and ``<`` is written as an escape, so that a page may hold the document in a ``script`` element.

    Parameters
    ----------
    record
        The layer as this reader may know it.

    Returns
    -------
    bytes
        A JSON-LD 1.1 document in UTF-8.

    References
    ----------
    W3C (2024). Data Catalog Vocabulary (DCAT) - Version 3. https://www.w3.org/TR/vocab-dcat-3/
    SEMIC (2024). GeoDCAT-AP 3.0.0. https://semiceu.github.io/GeoDCAT-AP/releases/3.0.0/

    Examples
    --------
    >>> from kulan.exchange.layer_records import LayerDates, Licence
    >>> record = LayerRecord(
    ...     "saiga-range", "2", {"en": "Saiga range"}, {"en": "Seen."},
    ...     (Organisation("Steppe Institute", "owner"),), Licence("CC0-1.0", is_spdx=True),
    ...     LayerDates(date(2026, 3, 1)), (46, 43, 70, 52),
    ... )
    >>> json.loads(write_dcat(record))["dct:title"]
    [{'@value': 'Saiga range', '@language': 'en'}]
    """
    dataset: dict[str, Any] = {"@context": _CONTEXT, "@type": "dcat:Dataset"}
    if home := next((text for text in (record.page_url, record.identifier) if is_link(text)), ""):
        dataset["@id"] = home
    dataset |= _what(record) | _who(record) | _when_and_where(record) | _how(record)
    # only what is known is said
    said = {name: value for name, value in dataset.items() if value not in (None, "", [])}
    text = json.dumps(without_forbidden(said), ensure_ascii=False, indent=2)
    return text.replace("<", "\\u003c").encode() + b"\n"


def _what(record: LayerRecord) -> dict[str, Any]:
    """Return identity, titles, subjects, terms of use and files."""
    return {
        "dct:identifier": record.identifier,
        "dcat:version": record.version,
        "dct:title": [_said(text, language) for language, text in record.title.items()],
        "dct:description": [_said(text, language) for language, text in record.abstract.items()],
        "dct:language": [{"@id": _LANGUAGES + code.partition("-")[0]} for code in record.title],
        "dcat:landingPage": {"@id": record.page_url} if record.page_url else None,
        "dcat:keyword": [
            _said(keyword.text, record.language)
            for keyword in record.keywords
            if not (keyword.vocabulary or keyword.vocabulary_url)
        ],
        "dcat:theme": _themes(record),
        "dct:subject": [
            {
                "@type": "dwc:Taxon",
                "dwc:taxonID": one.species_id,
                "dwc:scientificName": one.latin_name,
            }
            for one in record.species
        ],
        "dcat:previousVersion": _older(record.supersedes),
        "dct:bibliographicCitation": record.citation,
        "dcat:distribution": [_distribution(one, record) for one in record.distributions],
    }


def _who(record: LayerRecord) -> dict[str, Any]:
    """Return organisations by what they have to do with the layer; every one can be asked."""
    parties: dict[str, Any] = {}
    for party in record.organisations:
        if role := _ROLES.get(party.role):
            parties.setdefault(role, []).append(_agent(party))
    parties["dcat:contactPoint"] = [_contact(party) for party in record.organisations]
    return parties


def _when_and_where(record: LayerRecord) -> dict[str, Any]:
    dates = record.dates
    places: list[dict[str, Any]] = [
        {"@id": _STATES + state, "@type": "dct:Location"} for state in record.states
    ]
    if record.bbox is not None:
        shape = shapely.from_geojson(json.dumps(box_geometry(record.bbox)))
        bbox = {"@type": "gsp:wktLiteral", "@value": shapely.to_wkt(shape, rounding_precision=6)}
        places.append({"@type": "dct:Location", "dcat:bbox": bbox})
    period = {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": _day(dates.valid_from),
        "dcat:endDate": _day(dates.valid_to),
    }
    known = {name: value for name, value in period.items() if value is not None}
    return {
        "dct:created": _day(dates.created),
        "dct:issued": _day(dates.issued),
        "dct:modified": _day(dates.modified),
        "dct:temporal": known if len(known) > 1 else None,
        "dwc:month": list(record.season_months),
        "dct:spatial": places,
        "dct:conformsTo": {
            "@id": _EPSG + record.crs.removeprefix("EPSG:"),
            "@type": "dct:Standard",
            "dct:type": {"@id": "http://inspire.ec.europa.eu/glossary/SpatialReferenceSystem"},
        },
        "dcat:spatialResolutionInMeters": _metres(record.resolution_m),
    }


def _how(record: LayerRecord) -> dict[str, Any]:
    """Return lineage, confidence, and what was made coarser or left out."""
    lines = [line for line in (*record.sources, record.method) if line]
    return {
        "dct:provenance": [
            {"@type": "dct:ProvenanceStatement", "rdfs:label": _said(line, record.language)}
            for line in lines
        ],
        "skos:note": _said(record.confidence, record.language) if record.confidence else None,
        "dct:accessRights": {
            "@type": "dct:RightsStatement",
            "rdfs:label": _said(record.sensitivity, record.language),
        }
        if record.sensitivity
        else None,
        "dct:license": _licence(record),
        "dwc:dataGeneralizations": record.data_generalizations,
        "dwc:informationWithheld": record.information_withheld,
    }


def _themes(record: LayerRecord) -> list[dict[str, Any]]:
    """Return the theme, and the keywords of a vocabulary, as concepts in their schemes."""
    concepts = []
    if record.theme:
        concepts.append(_concept(record.theme, record.language, "Kulan: themes of layers", ""))
    concepts += [
        _concept(keyword.text, record.language, keyword.vocabulary, keyword.vocabulary_url)
        for keyword in record.keywords
        if keyword.vocabulary or keyword.vocabulary_url
    ]
    return concepts


def _concept(text: str, language: str, scheme: str, url: str) -> dict[str, Any]:
    about: dict[str, Any] = {"@type": "skos:ConceptScheme", "dct:title": scheme or url}
    if url:
        about["@id"] = url
    return {
        "@type": "skos:Concept",
        "skos:prefLabel": _said(text, language),
        "skos:inScheme": about,
    }


def _distribution(one: Distribution, record: LayerRecord) -> dict[str, Any]:
    about: dict[str, Any] = {
        "@type": "dcat:Distribution",
        "dct:title": _said(one.title, record.language),
        "dcat:accessURL": {"@id": one.url},
        "dcat:downloadURL": {"@id": one.url},
        "dcat:mediaType": {
            "@id": _MEDIA_TYPES + quote(one.media_type.partition(";")[0], safe="/+.")
        },
        "dct:license": _licence(record),
    }
    if one.size_bytes is not None:
        about["dcat:byteSize"] = {"@type": "xsd:nonNegativeInteger", "@value": str(one.size_bytes)}
    if one.sha256:
        about["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": one.sha256},
        }
    return about


def _licence(record: LayerRecord) -> dict[str, Any]:
    """Return the licence by its link, or by the SPDX list's page of it, or in words alone."""
    licence = record.licence
    about: dict[str, Any] = {"@type": "dct:LicenseDocument", "rdfs:label": licence.words}
    spdx = f"https://spdx.org/licenses/{quote(licence.words)}" if licence.is_spdx else ""
    if link := licence.url or spdx:
        about["@id"] = link
    return about


def _agent(party: Organisation) -> dict[str, Any]:
    about: dict[str, Any] = {"@type": "foaf:Organization", "foaf:name": party.name}
    if party.url:
        home = "foaf:mbox" if party.url.startswith("mailto:") else "foaf:homepage"
        about[home] = {"@id": party.url}
    return about


def _contact(party: Organisation) -> dict[str, Any]:
    about: dict[str, Any] = {"@type": "vcard:Organization", "vcard:fn": party.name}
    if party.url:
        reached = "vcard:hasEmail" if party.url.startswith("mailto:") else "vcard:hasURL"
        about[reached] = {"@id": party.url}
    return about


def _older(identifier: str) -> dict[str, Any] | None:
    if not identifier:
        return None
    if is_link(identifier):
        return {"@id": identifier}
    return {"@type": "dcat:Dataset", "dct:identifier": identifier}


def _said(text: str, language: str) -> dict[str, str]:
    return {"@value": text, "@language": language}


def _day(day: date | None) -> dict[str, str] | None:
    return None if day is None else {"@type": "xsd:date", "@value": day.isoformat()}


def _metres(metres: float | None) -> dict[str, str] | None:
    if metres is None:
        return None
    return {"@type": "xsd:decimal", "@value": f"{metres:.3f}".rstrip("0").rstrip(".")}
