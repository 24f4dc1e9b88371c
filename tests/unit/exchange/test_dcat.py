"""DCAT 3 documents: terms that resolve without a fetch, and what they say."""

import json

from kulan.exchange.dcat import write_dcat
from kulan.exchange.layer_records import Keyword, Licence
from unit.exchange.layers_described import make_full_record, make_record


def read(record):
    return json.loads(write_dcat(record))


def prefixes(node):
    """Every prefix that a document uses in its keys and types."""
    if isinstance(node, list):
        return set().union(*map(prefixes, node))
    if not isinstance(node, dict):
        return set()
    names = [*node, node.get("@type", "")]
    own = {name.partition(":")[0] for name in names if ":" in name}
    return own.union(*map(prefixes, node.values()))


def test_every_term_is_explained_in_the_document_itself():
    document = read(make_full_record())
    context = document.pop("@context")

    assert all(isinstance(uri, str) and uri.startswith("http") for uri in context.values())
    assert prefixes(document) <= set(context)


def test_what_the_record_says_is_read_back():
    said = read(make_full_record())

    assert said["@type"] == "dcat:Dataset"
    assert said["@id"] == "https://atlas.example/layers/khulan-range"
    assert {"@value": "Ареал кулана", "@language": "ru"} in said["dct:title"]
    assert said["dcat:version"] == "3"
    assert said["dct:publisher"][0]["foaf:name"] == "CAMI Atlas"
    assert said["dct:rightsHolder"][0]["foaf:name"] == "Gobi Institute"
    assert said["dcat:contactPoint"][1]["vcard:hasEmail"] == {"@id": "mailto:atlas@cami.example"}
    assert said["dct:temporal"]["dcat:endDate"]["@value"] == "2025-12-31"
    assert said["dct:spatial"][0]["@id"].endswith("/country/MNG")
    assert said["dwc:month"] == [11, 12, 1]
    assert said["dwc:informationWithheld"] == "Positions of watering places."
    assert said["dct:subject"][0]["dwc:scientificName"] == "Equus hemionus"
    assert said["dcat:spatialResolutionInMeters"]["@value"] == "11100"
    assert len(said["dct:provenance"]) == 3
    assert said["dcat:previousVersion"]["dct:identifier"] == "khulan-range-2"


def test_the_extent_is_well_known_text_in_longitude_latitude():
    (place,) = read(make_record())["dct:spatial"]

    assert place["dcat:bbox"] == {
        "@type": "gsp:wktLiteral",
        "@value": "POLYGON ((90 41.5, 112 41.5, 112 47.25, 90 47.25, 90 41.5))",
    }


def test_a_file_carries_its_size_and_checksum():
    file, page = read(make_full_record())["dcat:distribution"]

    assert file["dcat:byteSize"]["@value"] == "1234567"
    assert file["spdx:checksum"]["spdx:checksumValue"]["@value"] == "ab" * 32
    assert file["dcat:mediaType"]["@id"].endswith("/application/geopackage+sqlite3")
    assert "spdx:checksum" not in page


def test_an_spdx_licence_without_a_link_gets_the_lists_own():
    spdx = read(make_record(licence=Licence("CC0-1.0", is_spdx=True)))["dct:license"]
    words = read(make_record(licence=Licence("Ask the owner")))["dct:license"]

    assert spdx["@id"] == "https://spdx.org/licenses/CC0-1.0"
    assert words == {"@type": "dct:LicenseDocument", "rdfs:label": "Ask the owner"}


def test_keywords_of_a_vocabulary_are_concepts_and_others_are_words():
    said = read(make_record(keywords=(Keyword("migration"), Keyword("steppe", "GEMET"))))

    assert said["dcat:keyword"] == [{"@value": "migration", "@language": "en"}]
    assert said["dcat:theme"][0]["skos:inScheme"]["dct:title"] == "GEMET"


def test_a_page_may_hold_the_document_in_a_script_element():
    hostile = make_record(title={"en": "</script><script>alert(1)"})

    assert b"<" not in write_dcat(hostile)
    assert read(hostile)["dct:title"][0]["@value"] == "</script><script>alert(1)"


def test_nothing_is_said_of_what_is_not_known():
    said = read(make_record(bbox=None))

    assert not {"dct:temporal", "dct:spatial", "dcat:distribution", "skos:note"} & set(said)
