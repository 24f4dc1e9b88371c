"""What may be opened: files on this machine, whole, of a known ending, and honest archives."""

import zipfile

import pytest

from kulan.errors import InvalidFileError, TooLargeError
from kulan.exchange import files, read_features
from unit.exchange.awkward import (
    LINE,
    kml_line,
    placemark,
    table,
    write,
    write_kml,
    zipped,
    zipped_as,
)


@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/http://127.0.0.1/x.geojson",
        "http://127.0.0.1/x.geojson",
        "https://127.0.0.1/x.gpkg",
        "/vsizip/x.zip",
    ],
)
def test_addresses_are_refused(path):
    with pytest.raises(InvalidFileError, match="only files on this machine"):
        read_features(path)


def test_missing_files_folders_and_empty_files_are_named(tmp_path):
    (tmp_path / "empty.geojson").touch()

    with pytest.raises(InvalidFileError, match="not there"):
        read_features(tmp_path / "none.geojson")
    with pytest.raises(InvalidFileError, match="a folder"):
        read_features(tmp_path)
    with pytest.raises(InvalidFileError, match="0 bytes"):
        read_features(tmp_path / "empty.geojson")


@pytest.mark.parametrize("name", ["x.vrt", "x.xlsx", "x", "x.gml"])
def test_other_endings_are_refused_with_those_that_are_read(name, tmp_path):
    (tmp_path / name).write_text("x")

    with pytest.raises(InvalidFileError, match=r"Kulan reads \.gpkg, \.shp"):
        read_features(tmp_path / name)


def test_a_part_of_a_shapefile_leads_to_the_whole(tmp_path):
    write(tmp_path / "roads.shp", table(LINE))

    with pytest.raises(InvalidFileError, match=r"Give the \.shp"):
        read_features(tmp_path / "roads.dbf")


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".kml", ".gpx", ".fgb", ".shp", ".dxf"])
def test_a_virtual_file_of_gdal_under_another_name_is_not_opened(ending, tmp_path):
    file = tmp_path / f"x{ending}"
    file.write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/http://127.0.0.1:9/x'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )

    with pytest.raises(InvalidFileError, match=r"^x\."):
        read_features(file, crs="EPSG:4326")


def test_a_file_beyond_the_limit_is_refused_with_the_limit(tmp_path, monkeypatch):
    file = write(tmp_path / "x.gpkg", table(LINE))
    monkeypatch.setattr(files, "MOST_BYTES", 1000)

    with pytest.raises(TooLargeError, match="at most"):
        read_features(file)


# --- archives ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../x.geojson", "/etc/x.geojson", "a/../../x.geojson", "C:\\x.kml"]
)
def test_an_archive_with_names_that_lead_out_is_refused(name, tmp_path):
    archive = zipped_as(tmp_path / "x.zip", {name: b"{}"})

    with pytest.raises(InvalidFileError, match="leads out of it"):
        read_features(archive)


def test_an_archive_that_claims_more_than_the_limit_is_refused(tmp_path, monkeypatch):
    archive = zipped_as(tmp_path / "x.zip", {"x.geojson": b" " * 2_000_000})
    monkeypatch.setattr(files, "MOST_BYTES", 1_000_000)

    with pytest.raises(TooLargeError, match="unpacks to"):
        read_features(archive)


def test_an_archive_that_hides_its_size_is_stopped_while_it_unpacks(tmp_path, monkeypatch):
    archive = zipped_as(tmp_path / "x.zip", {"x.geojson": b" " * 2_000_000})
    monkeypatch.setattr(files, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(files, "_checked_members", lambda opened, _name: opened.infolist())

    with pytest.raises(TooLargeError, match="unpacks to more than"):
        read_features(archive)


def test_an_archive_of_several_data_sets_asks_which(tmp_path):
    first = write(tmp_path / "north.geojson", table(LINE))
    second = write(tmp_path / "south.geojson", table(LINE))
    archive = zipped(tmp_path / "x.zip", first, second)

    with pytest.raises(InvalidFileError, match=r"north\.geojson, south\.geojson.*--layer-name"):
        read_features(archive)
    assert read_features(archive, layer="south").source.name == "x.zip/south.geojson"


def test_an_archive_without_data_says_what_it_holds(tmp_path):
    with pytest.raises(InvalidFileError, match=r"it holds readme\.pdf"):
        read_features(zipped_as(tmp_path / "x.zip", {"readme.pdf": b"x"}))


def test_litter_of_operating_systems_in_an_archive_is_passed_over(tmp_path):
    file = write(tmp_path / "x.geojson", table(LINE))
    content = {"x.geojson": file.read_bytes(), "__MACOSX/._x.geojson": b"litter"}

    assert len(read_features(zipped_as(tmp_path / "x.zip", content)).features) == 1


def test_an_archive_under_a_password_says_so(tmp_path):
    archive = zipped_as(tmp_path / "x.zip", {"x.geojson": b"{}"})
    content = bytearray(archive.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1  # the flag of encryption
    archive.write_bytes(bytes(content))

    with pytest.raises(InvalidFileError, match="without a password"):
        read_features(archive)


def test_what_was_unpacked_is_removed_again(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    good = zipped(tmp_path / "x.zip", write(tmp_path / "x.geojson", table(LINE)))
    bad = zipped_as(tmp_path / "y.zip", {"y.geojson": b"{"})

    read_features(good)
    with pytest.raises(InvalidFileError):
        read_features(bad)

    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_document_of_a_kmz_is_its_first_kml(tmp_path):
    kml = write_kml(tmp_path / "a.kml", placemark("a", kml_line("60,45 61,45"))).read_bytes()
    content = {"files/other.kml": b"<kml/>", "doc.kml": kml, "files/icon.png": b"x"}

    assert len(read_features(zipped_as(tmp_path / "x.kmz", content)).features) == 1


def test_an_archive_cut_short_is_refused(tmp_path):
    archive = zipped(tmp_path / "x.zip", write(tmp_path / "x.geojson", table(LINE)))
    archive.write_bytes(archive.read_bytes()[:-30])
    assert not zipfile.is_zipfile(archive)

    with pytest.raises(InvalidFileError, match="not a whole"):
        read_features(archive)


# --- XML -----------------------------------------------------------------------------------------

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "aaaaaaaaaa">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><{root}>&b;</{root}>'
)


@pytest.mark.parametrize("root", ["kml", "gpx"])
def test_entities_in_xml_are_refused(root, tmp_path):
    file = tmp_path / f"x.{root}"
    file.write_text(BOMB.format(root=root))

    with pytest.raises(InvalidFileError, match="entities"):
        read_features(file)


@pytest.mark.parametrize("root", ["kml", "gpx"])
def test_entities_in_xml_of_another_encoding_are_refused_too(root, tmp_path):
    file = tmp_path / f"x.{root}"
    file.write_bytes(
        BOMB.format(root=root).replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16")
    )

    with pytest.raises(InvalidFileError, match="entities"):
        read_features(file)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<kml>" * 200 + "</kml>" * 200, "nested deeper"),
        ("<html></html>", "should be <kml>"),
        ("<kml><Document>", "not whole XML"),
    ],
)
def test_xml_that_is_no_kml_is_refused(text, words, tmp_path):
    file = tmp_path / "x.kml"
    file.write_text(text)

    with pytest.raises(InvalidFileError, match=words):
        read_features(file)
