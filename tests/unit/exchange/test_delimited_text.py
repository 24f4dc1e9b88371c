"""Tables of positions and of well-known text, as spreadsheets save them."""

import pytest
import shapely

from kulan.errors import InvalidFileError, UnknownCrsError
from kulan.exchange import read_features


def csv_file(folder, text, encoding="utf-8", name="x.csv"):
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def read(folder, text, encoding="utf-8", **options):
    return read_features(csv_file(folder, text, encoding), crs="EPSG:4326", **options)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "heading", ["lon,lat", "Longitude,Latitude", "x,y", "долгота,широта", "Lon (deg),Lat (deg)"]
)
def test_positions_in_columns_become_one_line(separator, heading, tmp_path):
    text = f"{heading}\n60,45\n61,45.5\n62,45\n".replace(",", separator)

    reading = read(tmp_path, text)

    assert reading.features.geometry.iloc[0].equals(
        shapely.LineString([(60, 45), (61, 45.5), (62, 45)])
    )
    assert "points joined into lines" in set(reading.changes["what"])


def test_a_column_of_lines_and_one_of_order_make_several_lines(tmp_path):
    text = (
        "line_id,km,lon,lat,type,note\nb,2,61,44,road,x\nb,1,60,44,road,y\n"
        "a,0,60,45,rail,z\na,10,61,45,rail,z\n"
    )

    reading = read(tmp_path, text)

    features = reading.features.set_index("line_id")
    assert list(features.loc["b"].geometry.coords) == [(60, 44), (61, 44)]
    assert list(features["type"]) == ["road", "rail"]
    assert "column 'note'" in set(reading.left_out["what"])


def test_rows_with_an_id_each_are_points_of_one_line(tmp_path):
    reading = read(tmp_path, "id,lon,lat\n1,60,45\n2,61,45\n3,62,45\n")

    assert len(reading.features) == 1


def test_points_stay_points_when_points_are_wanted(tmp_path):
    reading = read(tmp_path, "name,lon,lat\nа,60,45\nб,61,45\n", shapes=("point",))

    assert list(reading.features.geom_type) == ["Point", "Point"]
    assert list(reading.features["name"]) == ["а", "б"]


def test_well_known_text_is_found_whatever_its_column_is_called(tmp_path):
    text = 'name,where\nа,"LINESTRING (60 45, 61 45)"\nб,"POLYGON ((70 44, 71 44, 71 45, 70 44))"\n'

    reading = read(tmp_path, text)

    assert list(reading.features.geom_type) == ["LineString", "Polygon"]


def test_well_known_text_with_a_system_of_its_own_needs_nothing_typed(tmp_path):
    text = 'WKT\n"SRID=32641;LINESTRING (500000 5000000, 501000 5000000)"\n'

    reading = read_features(csv_file(tmp_path, text))

    assert reading.source.declared_crs == "EPSG:32641"


def test_a_table_that_names_no_system_is_refused_with_what_to_type(tmp_path):
    with pytest.raises(UnknownCrsError, match="--crs EPSG:4326"):
        read_features(csv_file(tmp_path, "lon,lat\n60,45\n61,45\n"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_russian_text_is_read_in_the_encodings_people_save(encoding, tmp_path):
    reading = read(tmp_path, "название;долгота;широта\nОсь;60;45\nОсь;61;45\n", encoding)

    assert reading.features["название"].iloc[0] == "Ось"
    guessed = "encoding guessed" in set(reading.changes["what"])
    assert guessed == (encoding == "cp1251")


def test_decimal_commas_are_read_where_semicolons_separate(tmp_path):
    reading = read(tmp_path, "lon;lat\n60,5;45,25\n61,5;45,25\n")

    assert reading.features.geometry.iloc[0].coords[0] == (60.5, 45.25)
    assert "decimal commas read" in set(reading.changes["what"])


def test_decimal_commas_between_commas_are_refused_with_the_way_out(tmp_path):
    with pytest.raises(InvalidFileError, match=r"decimal commas.*semicolons"):
        read(tmp_path, "lon,lat\n60,5,45,25\n61,5,45,25\n")


def test_a_cell_too_many_is_named_by_its_row(tmp_path):
    with pytest.raises(InvalidFileError, match="row 2 has more cells"):
        read(tmp_path, "lon,lat\n60,45\n61,45,7\n")


def test_rows_without_a_position_are_left_out(tmp_path):
    reading = read(tmp_path, "lon,lat\n60,45\n45°30',x\n,\n61,45\n")

    assert list(reading.left_out["source_row"]) == [2, 3]
    assert "not a decimal number" in reading.left_out["reason"].iloc[0]


def test_broken_well_known_text_is_left_out_and_the_rest_read(tmp_path):
    reading = read(tmp_path, 'WKT\n"LINESTRING (60 45, 61 45)"\n"LINESTRING (60"\n""\n')

    assert list(reading.features["source_row"]) == [1]
    assert list(reading.left_out["source_row"]) == [2, 3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "no positions found"),
        ("lon\n60\n", "no positions found"),
        ("lon,lat\n", "no features"),
        ("lon,lat\n60,45\n", "without length"),
        ('"lon,lat\n60,45\n', "columns"),
    ],
)
def test_a_table_that_holds_no_line_is_refused(text, words, tmp_path):
    with pytest.raises(InvalidFileError, match=words):
        read(tmp_path, text)


def test_a_spreadsheet_under_the_name_of_a_table_is_refused(tmp_path):
    file = tmp_path / "x.csv"
    file.write_bytes(b"PK\x03\x04\x00\x00")

    with pytest.raises(InvalidFileError, match="spreadsheet"):
        read_features(file, crs="EPSG:4326")


def test_codes_with_leading_zeros_stay_text_and_numbers_become_numbers(tmp_path):
    text = (
        'WKT,code,n,share,gap\n"LINESTRING (60 45, 61 45)",007,3,0.5,\n'
        '"LINESTRING (60 44, 61 44)",010,4,1,2\n'
    )

    features = read(tmp_path, text).features

    assert list(features["code"]) == ["007", "010"]
    assert list(features["n"]) == [3, 4]
    assert list(features["share"]) == [0.5, 1.0]
    assert features["gap"].isna().tolist() == [True, False]


def test_a_table_of_curves_alone_is_refused_as_curves(tmp_path):
    path = tmp_path / "curves.csv"
    path.write_text('name,shape\nA,"CIRCULARSTRING (60 45, 60.5 45.5, 61 45)"\n')
    with pytest.raises(InvalidFileError, match="a CIRCULARSTRING: this format's curves"):
        read_features(path, crs="EPSG:4326")


def test_curves_and_measures_in_well_known_text_are_named(tmp_path):
    text = (
        'WKT\n"LINESTRING ZM (60 45 1 2, 61 45 3 4)"\n"CIRCULARSTRING (60 45, 60.5 45.5, 61 45)"\n'
    )

    reading = read(tmp_path, text)

    assert list(reading.features["source_row"]) == [1]
    assert "a CIRCULARSTRING" in reading.left_out["reason"].iloc[0]
    assert {"heights dropped", "measures dropped"} <= set(reading.changes["what"])
