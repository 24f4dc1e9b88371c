"""A layer's record as OGC API Records serves it: a GeoJSON feature."""

from collections.abc import Mapping, Sequence
from typing import Any

from kulan.exchange.extents import box_geometry
from kulan.exchange.layer_records import Distribution, LayerRecord
from kulan.exchange.plain_text import without_forbidden

RECORD_CORE = "http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"
_LONGEST_LICENCE = 64


def ogc_record(
    record: LayerRecord,
    language: str | None = None,
    links: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return a layer's record as OGC API Records, Part 1, describes it.

    Parameters
    ----------
    record
        The layer as this reader may know it.
    language
        Language to answer in; the record's first one where it has no title in it.
    links
        Links that only the server knows (``self``, ``alternate``, ``collection``), each with
        ``href`` and ``rel``; they come first.

    Returns
    -------
    dict
        A GeoJSON feature ready for JSON: `conformsTo`, `time`, `geometry`, `properties`, `links`.
        A file's checksum stands in its link as ``file:checksum``, a multihash of SHA-256, as the
        File Info extension of STAC has it.

    References
    ----------
    OGC 20-004r1 (2025). OGC API - Records - Part 1: Core 1.0, requirements class Record Core.

    Examples
    --------
    >>> from datetime import date
    >>> from kulan.exchange.layer_records import LayerDates, Licence, Organisation
    >>> record = LayerRecord(
    ...     "saiga-range", "2", {"en": "Saiga range"}, {"en": "Seen."},
    ...     (Organisation("Steppe Institute", "owner"),), Licence("CC0-1.0", is_spdx=True),
    ...     LayerDates(date(2026, 3, 1)), (46, 43, 70, 52),
    ... )
    >>> ogc_record(record)["properties"]["title"]
    'Saiga range'
    """
    spoken = language if language in record.title else record.language
    feature: dict[str, Any] = {
        "type": "Feature",
        "id": record.identifier,
        "conformsTo": [RECORD_CORE],
        "time": _time(record),
        "geometry": None if record.bbox is None else box_geometry(record.bbox),
        "properties": _properties(record, str(spoken)),
        "links": [dict(link) for link in links] + _links(record),
    }
    if record.bbox is not None:
        feature["bbox"] = [float(degrees) for degrees in record.bbox]
    cleaned: dict[str, Any] = without_forbidden(feature)
    return cleaned


def _properties(record: LayerRecord, spoken: str) -> dict[str, Any]:
    """Return what the standard names first, then what Darwin Core and we add to it."""
    dates = record.dates
    licence = record.licence
    found: dict[str, Any] = {
        "type": "dataset",
        "title": record.title[spoken],
        "description": record.abstract.get(spoken, record.abstract[record.language]),
        "created": _moment(dates.created.isoformat()),
        "updated": _moment(dates.modified.isoformat()) if dates.modified else None,
        "language": {"code": spoken},
        "languages": [{"code": code} for code in record.title],
        "keywords": [keyword.text for keyword in record.keywords],
        "themes": _themes(record),
        "formats": _formats(record),
        "contacts": [_contact(party.name, party.role, party.url) for party in record.organisations],
        "license": licence.words if len(licence.words) <= _LONGEST_LICENCE else "other",
        "rights": "" if len(licence.words) <= _LONGEST_LICENCE else licence.words,
        "version": record.version,
        "issued": _moment(dates.issued.isoformat()) if dates.issued else None,
        "citation": record.citation,
        "method": record.method,
        "confidence": record.confidence,
        "sensitivity": record.sensitivity,
        "sources": list(record.sources),
        "resolution_m": record.resolution_m,
        "crs": record.crs,
        "dataGeneralizations": record.data_generalizations,
        "informationWithheld": record.information_withheld,
        "supersedes": record.supersedes,
    }
    # only what is known is said; no list but themes may be empty by the standard, and none is
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _themes(record: LayerRecord) -> list[dict[str, Any]]:
    """Return one theme for each vocabulary, with its concepts."""
    concepts: dict[str, list[dict[str, str]]] = {}
    if record.theme:
        concepts["kulan:themes"] = [{"id": record.theme}]
    concepts["http://rs.tdwg.org/dwc/terms/Taxon"] = [
        {"id": one.species_id, "title": one.latin_name} for one in record.species
    ]
    concepts["https://www.iso.org/iso-3166-country-codes.html"] = [
        {"id": state} for state in record.states
    ]
    concepts["https://www.w3.org/TR/xmlschema-2/#gMonth"] = [
        {"id": f"--{month:02d}"} for month in record.season_months
    ]
    for keyword in record.keywords:
        if scheme := keyword.vocabulary_url or keyword.vocabulary:
            concepts.setdefault(scheme, []).append({"id": keyword.text})
    return [{"scheme": scheme, "concepts": listed} for scheme, listed in concepts.items() if listed]


def _formats(record: LayerRecord) -> list[dict[str, str]]:
    kinds = dict.fromkeys(one.media_type for one in record.distributions)
    return [{"mediaType": kind} for kind in kinds]


def _contact(name: str, role: str, url: str) -> dict[str, Any]:
    """Return an organisation; an address for letters is given as one, a page as a link."""
    contact: dict[str, Any] = {"organization": name, "roles": [role]}
    if url.startswith("mailto:"):
        contact["emails"] = [{"value": url.removeprefix("mailto:")}]
    elif url:
        contact["links"] = [{"href": url, "rel": "about", "type": "text/html"}]
    return contact


def _links(record: LayerRecord) -> list[dict[str, Any]]:
    links = [_download(one) for one in record.distributions]
    if record.licence.url:
        links.append({"rel": "license", "href": record.licence.url, "title": record.licence.words})
    if record.page_url:
        links.append({"rel": "about", "href": record.page_url, "type": "text/html"})
    return links


def _download(one: Distribution) -> dict[str, Any]:
    link: dict[str, Any] = {
        "rel": "item",
        "href": one.url,
        "type": one.media_type,
        "title": one.title,
    }
    if one.size_bytes is not None:
        link["length"] = one.size_bytes
    if one.sha256:
        # multihash: 12 is SHA-256, 20 its length of 32 bytes
        link["file:checksum"] = f"1220{one.sha256}"
    return link


def _time(record: LayerRecord) -> dict[str, list[str]] | None:
    """Return what time the layer speaks of; two dots stand for an end that is not known."""
    ends = (record.dates.valid_from, record.dates.valid_to)
    if ends == (None, None):
        return None
    return {"interval": [".." if day is None else day.isoformat() for day in ends]}


def _moment(day: str) -> str:
    """Return a date as the date and time that the standard asks for."""
    return f"{day}T00:00:00Z"
