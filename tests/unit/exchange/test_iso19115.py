"""ISO 19115-3 documents: what the standard demands of them, and what they say."""

import os
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from kulan.exchange.iso19115 import write_iso19115_3
from kulan.exchange.iso19115_elements import NAMESPACES
from kulan.exchange.layer_records import LayerDates, Licence
from unit.exchange.layers_described import make_full_record, make_record

SCHEMAS = os.environ.get("KULAN_ISO_SCHEMAS", "")
RECORDS = [
    make_record(),
    make_full_record(),
    make_record(bbox=None, dates=LayerDates(date(2026, 1, 1), valid_to=date(2026, 1, 2))),
    make_record(licence=Licence("Ask the <owner> & wait")),
]


def parsed(record):
    # our own bytes; entities could not resolve even if there were any
    return etree.fromstring(write_iso19115_3(record), etree.XMLParser(resolve_entities=False))


def found(document, path):
    return document.xpath(path, namespaces={k: v for k, v in NAMESPACES.items() if k != "xsi"})


def texts(document, path):
    return [str(text) for text in found(document, f"{path}/text()")]


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize(
    "mandatory",
    [
        # ISO 19115-1:2014, tables of annex B: what a record of a dataset must have
        "/mdb:MD_Metadata/mdb:contact/cit:CI_Responsibility/cit:role/cit:CI_RoleCode",
        "/mdb:MD_Metadata/mdb:contact/cit:CI_Responsibility/cit:party//cit:name",
        "/mdb:MD_Metadata/mdb:dateInfo/cit:CI_Date[cit:dateType/*/@codeListValue='creation']",
        "/mdb:MD_Metadata/mdb:metadataScope/mdb:MD_MetadataScope/mdb:resourceScope",
        "/mdb:MD_Metadata/mdb:defaultLocale/lan:PT_Locale/lan:characterEncoding",
        "//mri:MD_DataIdentification/mri:citation/cit:CI_Citation/cit:title/gco:CharacterString",
        "//mri:MD_DataIdentification/mri:abstract/gco:CharacterString",
        "//mri:MD_DataIdentification/mri:topicCategory/mri:MD_TopicCategoryCode",
        "//mri:MD_DataIdentification/mri:defaultLocale",
    ],
)
def test_a_document_has_what_the_standard_demands(record, mandatory):
    assert found(parsed(record), mandatory)


def test_elements_stand_in_the_order_of_the_schema():
    order = [etree.QName(child).localname for child in parsed(make_full_record())]

    assert list(dict.fromkeys(order)) == [
        "metadataIdentifier",
        "defaultLocale",
        "metadataScope",
        "contact",
        "dateInfo",
        "metadataStandard",
        "otherLocale",
        "metadataLinkage",
        "referenceSystemInfo",
        "identificationInfo",
        "distributionInfo",
        "resourceLineage",
    ]


def test_what_the_record_says_is_read_back():
    document = parsed(make_full_record())

    about = "//mri:MD_DataIdentification"
    keywords = f"{about}/mri:descriptiveKeywords/mri:MD_Keywords"
    assert texts(document, f"{about}/mri:citation/*/cit:edition/*") == ["3"]
    assert texts(document, f"{about}/mri:citation/*/cit:date/*/cit:date/*") == [
        "2026-03-01",
        "2026-04-02",
        "2026-05-03",
    ]
    assert texts(document, f"{keywords}[mri:type/*/@codeListValue='taxon']/mri:keyword/*") == [
        "Equus hemionus"
    ]
    assert texts(document, f"{keywords}[mri:type/*/@codeListValue='place']/mri:keyword/*") == [
        "MNG",
        "CHN",
    ]
    assert texts(document, f"{keywords}[mri:type/*/@codeListValue='temporal']/mri:keyword/*") == [
        "--11",
        "--12",
        "--01",
    ]
    assert texts(document, f"{keywords}[mri:thesaurusName//cit:title/*='GEMET']/mri:keyword/*") == [
        "steppe",
        "desert",
    ]
    assert texts(document, "//gex:westBoundLongitude/*") == ["90.000000"]
    assert texts(document, "//gml:beginPosition") == ["2015-01-01"]
    assert texts(document, "//mrl:source//mrl:description/*")[1] == "Aerial count 2020"
    assert texts(document, "//mrd:onLine//cit:linkage/*")[0].endswith("?v=3&level=3")
    assert "Foaling places are shown as cells." in texts(document, "//mco:useLimitation/*")
    assert texts(document, "//mri:associatedResource//mcc:code/*") == ["khulan-range-2"]
    assert texts(document, "//mrs:MD_ReferenceSystem//mcc:code/*") == ["4326"]


def test_a_title_stands_in_every_language_with_the_locale_it_points_to():
    document = parsed(make_full_record())

    title = "//mri:citation/cit:CI_Citation/cit:title"
    assert texts(document, f"{title}/gco:CharacterString") == ["Range of the khulan"]
    assert texts(document, f"{title}//lan:LocalisedCharacterString[@locale='#lang-ru']") == [
        "Ареал кулана"
    ]
    pointed = {str(name)[1:] for name in found(document, "//@locale")}
    assert pointed == {str(name) for name in found(document, "//mdb:otherLocale/*/@id")}
    assert texts(document, "//mdb:otherLocale//lan:LanguageCode") == ["rus", "fre"]


def test_a_layer_without_place_and_time_has_no_extent():
    assert not found(parsed(make_record(bbox=None)), "//mri:extent")


def test_an_end_that_is_not_known_is_said_to_be_unknown():
    record = make_record(dates=LayerDates(date(2026, 1, 1), valid_from=date(2020, 1, 1)))

    assert found(parsed(record), "//gml:endPosition/@indeterminatePosition") == ["unknown"]


def test_the_same_record_gives_the_same_bytes():
    assert write_iso19115_3(make_full_record()) == write_iso19115_3(make_full_record())


XLINK = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:xlink="http://www.w3.org/1999/xlink" targetNamespace="http://www.w3.org/1999/xlink">
  <xs:attribute name="href" type="xs:anyURI"/>
  <xs:attributeGroup name="simpleAttrs"><xs:attribute ref="xlink:href"/></xs:attributeGroup>
  <xs:attributeGroup name="simpleLink"><xs:attribute ref="xlink:href"/></xs:attributeGroup>
</xs:schema>"""
HOMES = {
    "https://standards.iso.org/iso/": "",
    "http://standards.iso.org/iso/": "",
    "http://schemas.opengis.net/": "schemas.opengis.net/",
}


class Beside(etree.Resolver):
    """Schemas on disk for those named by address; nothing is fetched."""

    def resolve(self, url, _public, context):
        if url.endswith("xlink.xsd"):
            return self.resolve_string(XLINK, context)
        for home, folder in HOMES.items():
            if url.startswith(home):
                return self.resolve_filename(f"{SCHEMAS}/{folder}{url[len(home) :]}", context)
        return None


@pytest.fixture(scope="module")
def iso_schema():
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Beside())
    imports = [
        f'<xs:import namespace="{uri}" schemaLocation="19115/{place}/{prefix}.xsd"/>'
        for prefix, uri in NAMESPACES.items()
        if (place := uri.partition("/iso/19115/")[2])
    ]
    text = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">' + "".join(imports)
    base = f"{Path(SCHEMAS).resolve()}/all.xsd"
    return etree.XMLSchema(etree.fromstring(text + "</xs:schema>", parser, base_url=base))


@pytest.mark.skipif(
    not SCHEMAS,
    reason="KULAN_ISO_SCHEMAS names no copy of https://standards.iso.org/iso/ with "
    "schemas.opengis.net inside",
)
@pytest.mark.parametrize("record", RECORDS)
def test_a_document_follows_the_published_schemas(iso_schema, record):
    document = parsed(record)

    iso_schema.assertValid(document)
    for contact in found(document, "/mdb:MD_Metadata/mdb:contact"):
        document.remove(contact)
    assert not iso_schema.validate(document)
