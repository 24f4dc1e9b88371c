"""Darwin Core archives: what is in them, and the account of what is not."""

import csv
import io
import zipfile
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kulan.errors import InvalidTableError, UnknownCrsError, UnknownNameError
from kulan.exchange.darwin_core import write_darwin_core
from kulan.exchange.darwin_core_terms import TERMS, is_event_date
from kulan.exchange.plain_text import writable
from unit.exchange.layers_described import make_full_record, make_record

TEXT = {"t": "http://rs.tdwg.org/dwc/text/"}
COLUMNS = {"occurrenceID": "id", "scientificName": "name", "eventDate": "day"}
CONSTANTS = {"basisOfRecord": "HumanObservation"}
DEN = shapely.Point(90.123456789, 44.5)
CELL = shapely.box(90.0, 44.0, 90.1, 44.1)


def make_occurrences(*shapes, crs="EPSG:4326", **columns):
    n = len(shapes)
    values = {
        "id": [f"k-{place}" for place in range(n)],
        "name": ["Equus hemionus"] * n,
        "day": ["2024-05-01"] * n,
    }
    return gpd.GeoDataFrame({**values, **columns}, geometry=list(shapes), crs=crs)


def archive(occurrences, columns=None, constants=None, record=None):
    return write_darwin_core(
        occurrences,
        {**COLUMNS, **(columns or {})},
        record or make_full_record(),
        {**CONSTANTS, **(constants or {})},
    )


def part(made, name):
    with zipfile.ZipFile(io.BytesIO(made.content)) as parts:
        return parts.read(name)


def rows(made):
    text = part(made, "occurrence.csv").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def reasons(made):
    return dict(zip(made.left_out["what"], made.left_out["reason"], strict=True))


def changed(made):
    return dict(zip(made.changes["what"], made.changes["n_features"], strict=True))


def test_a_point_gives_its_coordinates_on_wgs84():
    (row,) = rows(archive(make_occurrences(DEN)))

    assert (row["decimalLongitude"], row["decimalLatitude"]) == ("90.1234568", "44.5")
    assert row["geodeticDatum"] == "EPSG:4326"
    assert "footprintWKT" not in row


def test_the_layer_gives_licence_holder_and_name_where_no_row_does():
    (row,) = rows(archive(make_occurrences(DEN)))
    (own,) = rows(archive(make_occurrences(DEN), constants={"rightsHolder": "Ministry"}))

    assert row["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert row["rightsHolder"] == "Gobi Institute"
    assert row["datasetID"] == "khulan-range"
    assert row["occurrenceStatus"] == "present"
    assert own["rightsHolder"] == "Ministry"


def test_a_cell_gives_its_outline_its_middle_and_how_far_its_corners_are():
    made = archive(make_occurrences(CELL, DEN))
    cell, den = rows(made)

    assert (cell["decimalLongitude"], cell["decimalLatitude"]) == ("90.05", "44.05")
    # half a diagonal of 8.02 km by 11.11 km
    assert 6_800 < float(cell["coordinateUncertaintyInMeters"]) < 6_900
    assert shapely.from_wkt(cell["footprintWKT"]).equals(CELL)
    assert (den["footprintWKT"], den["coordinateUncertaintyInMeters"]) == ("", "")
    assert changed(made)["a middle and a distance"] == 1


def test_a_larger_uncertainty_of_the_rows_own_is_kept():
    table = make_occurrences(CELL, CELL, uncertainty=[30_000, 5])

    large, small = rows(archive(table, {"coordinateUncertaintyInMeters": "uncertainty"}))

    assert large["coordinateUncertaintyInMeters"] == "30000"
    assert float(small["coordinateUncertaintyInMeters"]) > 6_000


def test_what_was_generalised_and_withheld_is_said_in_every_row():
    table = make_occurrences(CELL, coarse=["Cell of 0.1 degrees."], hidden=["Name of the place."])
    terms = {"dataGeneralizations": "coarse", "informationWithheld": "hidden"}

    (row,) = rows(archive(table, terms, {"coordinatePrecision": "0.1"}))

    assert row["dataGeneralizations"] == "Cell of 0.1 degrees."
    assert row["informationWithheld"] == "Name of the place."
    assert row["coordinatePrecision"] == "0.1"


def test_positions_in_another_system_are_turned_and_this_is_said():
    table = make_occurrences(DEN).to_crs("EPSG:32646")

    made = archive(table)

    assert float(rows(made)[0]["decimalLongitude"]) == pytest.approx(90.1234568, abs=1e-7)
    assert "coordinates turned" in changed(made)


def test_a_row_without_a_shape_is_written_without_a_position():
    made = archive(make_occurrences(None, shapely.Point(), DEN))

    assert [row["decimalLatitude"] for row in rows(made)] == ["", "", "44.5"]
    assert [row["geodeticDatum"] for row in rows(made)] == ["", "", "EPSG:4326"]
    assert changed(made)["no position"] == 2


def test_rows_that_no_archive_may_hold_are_left_out_with_the_reason():
    table = make_occurrences(DEN, DEN, DEN, DEN, id=["a", "a", None, "b"], name=["x", "x", "x", ""])

    made = archive(table)

    assert made.n_records == len(rows(made)) == 1
    assert sorted(made.left_out["reason"]) == [
        "it has no occurrenceID",
        "it has no scientificName",
        "its occurrenceID stands in an earlier row",
    ]
    assert sorted(made.left_out["source_row"]) == [2, 3, 4]


def test_a_column_without_a_term_is_in_the_account():
    made = archive(make_occurrences(DEN, collar=["x"]))

    assert reasons(made) == {"attribute 'collar'": "no Darwin Core term was given for it"}


def test_a_date_that_is_none_is_kept_as_it_was_written():
    days = ["1.5.2024", "2024-05-01/2024-05-03", date(2024, 5, 1)]

    made = archive(make_occurrences(DEN, DEN, DEN, day=days))

    assert [row["eventDate"] for row in rows(made)] == [
        "",
        "2024-05-01/2024-05-03",
        "2024-05-01",
    ]
    assert [row["verbatimEventDate"] for row in rows(made)] == ["1.5.2024", "", ""]
    assert changed(made)["dates moved to verbatimEventDate"] == 1
    assert changed(made)["no date"] == 1


def test_an_uncertainty_of_zero_is_emptied():
    table = make_occurrences(DEN, DEN, DEN, uncertainty=[0, np.nan, 30.0])

    made = archive(table, {"coordinateUncertaintyInMeters": "uncertainty"})

    assert [row["coordinateUncertaintyInMeters"] for row in rows(made)] == ["", "", "30"]
    assert changed(made)["values that Darwin Core does not allow, emptied"] == 1


def test_states_are_written_with_two_letters():
    table = make_occurrences(DEN, DEN, DEN, state=["MNG", "CN", "Mongolia"])

    assert [row["countryCode"] for row in rows(archive(table, {"countryCode": "state"}))] == [
        "MN",
        "CN",
        "",
    ]


def test_a_text_stays_on_one_line_and_is_otherwise_untouched():
    table = make_occurrences(DEN, note=['=a,"b"\r\n\x00—c'])

    (row,) = rows(archive(table, {"occurrenceRemarks": "note"}))

    assert row["occurrenceRemarks"] == '=a,"b" \ufffd—c'


def test_the_description_of_the_table_names_each_column_by_its_address():
    made = archive(make_occurrences(CELL))

    meta = etree.fromstring(part(made, "meta.xml"))
    header = part(made, "occurrence.csv").decode().splitlines()[0].split(",")
    fields = meta.findall("t:core/t:field", TEXT)
    assert [field.get("term") for field in fields] == [TERMS[name] for name in header]
    assert [int(field.get("index")) for field in fields] == list(range(len(header)))
    assert header[int(meta.find("t:core/t:id", TEXT).get("index"))] == "occurrenceID"
    assert meta.find("t:core/t:files/t:location", TEXT).text == "occurrence.csv"
    assert meta.get("metadata") == "eml.xml"


def test_the_archive_describes_its_layer_in_the_order_of_eml():
    dataset = etree.fromstring(part(archive(make_occurrences(DEN)), "eml.xml")).find("dataset")

    assert list(dict.fromkeys(child.tag for child in dataset)) == [
        "alternateIdentifier",
        "title",
        "creator",
        "metadataProvider",
        "pubDate",
        "language",
        "abstract",
        "keywordSet",
        "additionalInfo",
        "intellectualRights",
        "distribution",
        "coverage",
        "contact",
        "methods",
    ]
    assert dataset.findtext("creator/organizationName") == "Gobi Institute"
    assert dataset.find("intellectualRights/para/ulink").get("url").endswith("/by/4.0/")
    assert dataset.findtext(".//taxonRankValue") == "Equus hemionus"
    assert not dataset.findall(".//individualName")


def test_a_bare_layer_is_described_too():
    made = archive(make_occurrences(DEN), record=make_record(bbox=None))

    dataset = etree.fromstring(part(made, "eml.xml")).find("dataset")
    assert dataset.find("coverage") is None
    assert dataset.findtext("abstract/para") == "Where khulan were seen."


def test_the_same_occurrences_give_the_same_archive():
    assert (
        archive(make_occurrences(DEN, CELL)).content == archive(make_occurrences(DEN, CELL)).content
    )


def test_an_archive_without_occurrences_keeps_its_columns():
    made = archive(make_occurrences())

    assert made.n_records == 0
    assert b"occurrenceID" in part(made, "occurrence.csv")


def test_occurrences_are_not_changed():
    table = make_occurrences(CELL, day=["1.5.2024"])
    before = table.copy()

    archive(table)

    assert table.equals(before)


@pytest.mark.parametrize(
    ("columns", "constants", "error", "said"),
    [
        ({"colour": "name"}, {}, UnknownNameError, "'colour' is not carried"),
        ({"decimalLatitude": "name"}, {}, UnknownNameError, "filled from the shapes"),
        ({"sex": "m"}, {}, InvalidTableError, "missing m; found id, name"),
        ({"sex": "name"}, {"sex": "f"}, InvalidTableError, "sex: given as a column and as"),
        ({}, {"basisOfRecord": "Seen"}, UnknownNameError, "'Seen' is not of Darwin Core"),
    ],
)
def test_a_mapping_that_makes_no_archive_is_refused(columns, constants, error, said):
    with pytest.raises(error, match=said):
        archive(make_occurrences(DEN), columns, constants)


def test_what_every_occurrence_needs_is_asked_for():
    with pytest.raises(InvalidTableError, match="eventDate, basisOfRecord: every occurrence"):
        write_darwin_core(
            make_occurrences(DEN),
            {"occurrenceID": "id", "scientificName": "name"},
            make_record(),
        )


def test_occurrences_without_a_system_are_refused():
    with pytest.raises(UnknownCrsError, match="set_crs"):
        archive(make_occurrences(DEN, crs=None))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("2024", True),
        ("2024-05-01T10:30+05:00", True),
        ("2024-05-01T10:30:05.5Z/2024-05-02", True),
        ("2024-13", False),
        ("2024-05-32", False),
        ("2024-05-01 10:30", False),
        ("may 2024", False),
        ("2024-05-01/", False),
    ],
)
def test_dates_of_darwin_core_are_those_of_iso_8601(text, is_one):
    assert is_event_date(text) is is_one


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_any_remark_comes_back_on_one_line(text):
    made = archive(make_occurrences(DEN, note=[text]), {"occurrenceRemarks": "note"})

    (row,) = rows(made)
    assert row["occurrenceRemarks"] == " ".join(writable(text).split())
