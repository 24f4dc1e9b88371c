"""Records of OGC API Records: what its schema demands, and what they say."""

import json
from datetime import date

import jsonschema
import pytest

from kulan.exchange.layer_records import Distribution, LayerDates, Licence
from kulan.exchange.ogc_records import ogc_record
from unit.exchange.layers_described import make_full_record, make_record

DAY = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d{2}-\d{2}T.*Z$"}
WORD = {"type": "string", "minLength": 1}
LANGUAGE = {"type": "object", "required": ["code"], "properties": {"code": WORD}}


def listed(items, **more):
    return {"type": "array", "items": items, **more}


# written from the tables of OGC 20-004r1, clause 7 (Record Core): names, kinds, what is mandatory
RECORD_CORE = {
    "type": "object",
    "required": ["id", "type", "time", "geometry", "properties"],
    "properties": {
        "id": WORD,
        "type": {"const": "Feature"},
        "conformsTo": listed({"type": "string", "format": "uri"}),
        "time": {
            "oneOf": [
                {"type": "null"},
                {
                    "type": "object",
                    "required": ["interval"],
                    "properties": {
                        "interval": listed(
                            {"pattern": r"^(\d{4}-\d{2}-\d{2}|\.\.)$"}, minItems=2, maxItems=2
                        )
                    },
                },
            ]
        },
        "geometry": {"type": ["object", "null"]},
        "properties": {
            "type": "object",
            "required": ["type", "title"],
            "properties": {
                "type": WORD,
                "title": WORD,
                "description": WORD,
                "created": DAY,
                "updated": DAY,
                "language": LANGUAGE,
                "languages": listed(LANGUAGE),
                "keywords": listed(WORD),
                "themes": listed(
                    {
                        "type": "object",
                        "required": ["concepts", "scheme"],
                        "properties": {
                            "scheme": WORD,
                            "concepts": listed({"required": ["id"]}, minItems=1),
                        },
                    },
                    minItems=1,
                ),
                "formats": listed({"required": ["mediaType"]}),
                "contacts": listed(
                    {
                        "anyOf": [{"required": ["name"]}, {"required": ["organization"]}],
                        "properties": {"roles": listed(WORD, minItems=1)},
                    }
                ),
                "license": WORD,
                "rights": WORD,
            },
        },
        "links": listed(
            {
                "type": "object",
                "required": ["href", "rel"],
                "properties": {"href": WORD, "rel": WORD, "length": {"type": "integer"}},
            }
        ),
    },
}


@pytest.mark.parametrize(
    "record",
    [
        make_record(),
        make_full_record(),
        make_record(bbox=None),
        make_record(dates=LayerDates(date(2026, 1, 1), valid_to=date(2026, 1, 2))),
        make_record(licence=Licence("Ask the owner. " * 20)),
    ],
)
def test_a_record_has_what_record_core_demands(record):
    jsonschema.validate(ogc_record(record), RECORD_CORE)


def test_what_the_record_says_is_read_back():
    answer = json.loads(json.dumps(ogc_record(make_full_record())))

    properties = answer["properties"]
    themes = {theme["scheme"]: theme["concepts"] for theme in properties["themes"]}
    assert answer["bbox"] == [90.0, 41.5, 112.0, 47.25]
    assert answer["time"] == {"interval": ["2015-01-01", "2025-12-31"]}
    assert {"id": "khulan", "title": "Equus hemionus"} in themes[
        "http://rs.tdwg.org/dwc/terms/Taxon"
    ]
    assert properties["keywords"] == ["migration", "steppe", "desert"]
    assert properties["dataGeneralizations"] == "Cells of 0.1 degrees."
    assert properties["contacts"][1]["emails"] == [{"value": "atlas@cami.example"}]
    assert answer["links"][0]["file:checksum"] == "1220" + "ab" * 32
    assert [link["rel"] for link in answer["links"]] == ["item", "item", "license", "about"]


def test_a_reader_is_answered_in_a_language_the_layer_has_else_in_its_first():
    assert ogc_record(make_full_record(), "ru")["properties"]["title"] == "Ареал кулана"
    assert ogc_record(make_full_record(), "kk")["properties"]["language"] == {"code": "en"}


def test_an_abstract_missing_in_a_language_is_given_in_the_first():
    answer = ogc_record(make_full_record(), "fr")["properties"]

    assert answer["title"] == "Aire de l’hémione"
    assert answer["description"] == "Where khulan were seen."


def test_the_servers_own_links_come_first():
    own = {"rel": "self", "href": "https://atlas.example/records/1"}

    assert ogc_record(make_full_record(), links=[own])["links"][0] == own


def test_a_layer_over_the_antimeridian_is_two_boxes():
    geometry = ogc_record(make_record(bbox=(170, 60, -170, 66)))["geometry"]

    assert geometry["type"] == "MultiPolygon"
    assert geometry["coordinates"][0][0][1] == [180.0, 60.0]


def test_terms_too_long_for_a_code_are_given_as_rights():
    long = "Ask the owner. " * 20

    answer = ogc_record(make_record(licence=Licence(long)))["properties"]

    assert (answer["license"], answer["rights"]) == ("other", long)


def test_a_file_made_on_demand_has_neither_length_nor_checksum():
    page = Distribution("Features", "application/geo+json", "https://atlas.example/f")

    link = ogc_record(make_record(distributions=(page,)))["links"][0]

    assert set(link) == {"rel", "href", "type", "title"}
