"""Each format is read whole, and says what it does not carry."""

import builtins
import json
import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from kulan.errors import InvalidFileError, MissingExtraError, UnknownCrsError
from kulan.exchange import FORMATS, read_features
from kulan.exchange.formats import EXTENSIONS, format_of
from unit.exchange.awkward import (
    AREA,
    LINE,
    circular_string,
    dxf_line,
    gpx_points,
    kml_line,
    measured_line,
    options_for,
    placemark,
    table,
    valid_file,
    write,
    write_curved_geopackage,
    write_dxf,
    write_geojson,
    write_gpx,
    write_kml,
    zipped,
)

FORMAT_NAMES = (
    "GeoPackage",
    "Shapefile",
    "zipped Shapefile",
    "GeoJSON",
    "KML",
    "KMZ",
    "GPX",
    "FlatGeobuf",
    "GeoParquet",
    "DXF",
    "CSV",
)


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_a_valid_file_of_each_format_gives_lines_in_longitude_and_latitude(name, tmp_path):
    reading = read_features(valid_file(tmp_path, name), **options_for(name))

    features = reading.features
    assert features.crs == "EPSG:4326"
    assert list(features.index) == list(range(len(features)))
    assert len(features) >= 1
    assert not features.geometry.has_z.any()
    assert features.geometry.is_valid.all()
    assert set(features.geom_type) <= {"LineString", "MultiLineString"}
    west, south, east, north = features.total_bounds
    assert 55 < west < east < 75
    assert 40 < south <= north < 50
    assert len(reading.source.sha256) == 64
    assert str(reading).startswith(reading.source.name)


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_cyrillic_attributes_arrive_as_they_were(name, tmp_path):
    if name == "DXF":
        pytest.skip("the drawing of this test has no text")

    features = read_features(valid_file(tmp_path, name), **options_for(name)).features

    assert set(features["name"]) <= {"н0", "н1", "Ось"}


def test_the_table_of_formats_has_one_row_for_every_ending():
    assert len(EXTENSIONS) == len(set(EXTENSIONS))
    assert all(ending in format_of(Path(f"x{ending.upper()}")).extensions for ending in EXTENSIONS)
    assert {form.name for form in FORMATS} >= {"GeoPackage", "Shapefile", "GeoJSON", "KML", "GPX"}


# --- GeoPackage ----------------------------------------------------------------------------------


def test_curves_of_a_geopackage_are_made_straight_and_said_so(tmp_path):
    file = write_curved_geopackage(tmp_path / "curves.gpkg", circular_string(60, 45, 0.5))

    reading = read_features(file)

    line = reading.features.geometry.iloc[0]
    # the middle of a chord of 4 degrees is short of the arc by 1 - cos 2 degrees of the radius
    distances = [shapely.Point(60, 45).distance(shapely.Point(xy)) for xy in line.coords]
    assert all(distance == pytest.approx(0.5, abs=1e-9) for distance in distances)
    assert shapely.Point(60, 45).distance(line) == pytest.approx(0.5, rel=0.0007)
    assert "curves made straight" in set(reading.changes["what"])


@pytest.mark.parametrize("kind", [2002, 3002])
def test_measures_of_a_geopackage_are_dropped_and_said_so(kind, tmp_path):
    file = write_curved_geopackage(tmp_path / "m.gpkg", measured_line(kind))

    reading = read_features(file)

    assert reading.features.geometry.iloc[0] == shapely.LineString([(60, 45), (61, 45)])
    assert "measures dropped" in set(reading.changes["what"])


def test_rows_that_a_stale_count_would_hide_are_read(tmp_path):
    file = write(tmp_path / "lines.gpkg", table(LINE, LINE, LINE))
    with sqlite3.connect(file) as database:
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = 1")
    database.close()
    assert len(pyogrio.read_dataframe(file)) == 1  # what GDAL alone makes of it

    assert len(read_features(file).features) == 3


def test_a_tin_is_named_and_left_out(tmp_path):
    tin = struct.pack("<BII", 1, 16, 0)
    line = shapely.to_wkb(LINE)
    file = write_curved_geopackage(tmp_path / "tin.gpkg", tin, line)

    reading = read_features(file)

    assert len(reading.features) == 1
    assert "TIN" in reading.left_out["reason"].iloc[0]


def test_several_layers_are_refused_with_their_names_and_what_to_type(tmp_path):
    file = write(tmp_path / "two.gpkg", table(LINE), layer="north")
    write(file, table(LINE), layer="south", append=True)

    with pytest.raises(InvalidFileError, match=r"'north', 'south'.*--layer-name 'north'"):
        read_features(file)
    assert read_features(file, layer="south").source.layer == "south"
    with pytest.raises(InvalidFileError, match="no layer 'east'; it holds 'north', 'south'"):
        read_features(file, layer="east")


def test_the_only_layer_with_lines_is_read_and_the_other_is_reported(tmp_path):
    file = write(tmp_path / "two.gpkg", table(LINE), layer="axis", geometry_type="LineString")
    points = table(shapely.Point(60, 45))
    write(file, points, layer="stations", geometry_type="Point", append=True)

    reading = read_features(file)

    assert reading.source.layer == "axis"
    assert list(reading.left_out["what"]) == ["layer 'stations'"]


def test_a_database_that_is_no_geopackage_is_refused(tmp_path):
    file = tmp_path / "notes.gpkg"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE notes (text)")
    database.close()

    with pytest.raises(InvalidFileError, match="gpkg_contents"):
        read_features(file)


def test_a_geopackage_whose_rows_come_from_elsewhere_is_refused(tmp_path):
    file = write(tmp_path / "lines.gpkg", table(LINE))
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', "
            "'far', 'far', 0, 'CREATE VIRTUAL TABLE far USING VirtualOGR(''http://127.0.0.1/x'')')"
        )
    database.close()

    with pytest.raises(InvalidFileError, match="'far' is virtual"):
        read_features(file)


# --- Shapefile -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "error", "words"),
    [(".prj", UnknownCrsError, "--crs EPSG:4326"), (".shx", InvalidFileError, r"\.shx")],
)
def test_a_missing_part_of_a_shapefile_is_named(ending, error, words, tmp_path):
    file = write(tmp_path / "roads.shp", table(LINE))
    file.with_suffix(ending).unlink()

    with pytest.raises(error, match=words):
        read_features(file)


def test_a_shapefile_without_prj_is_read_in_the_crs_that_was_typed(tmp_path):
    file = write(tmp_path / "roads.shp", table(LINE).to_crs("EPSG:32641"))
    file.with_suffix(".prj").unlink()

    reading = read_features(file, crs="EPSG:32641")

    assert reading.source.declared_crs == "EPSG:32641"
    assert reading.features.geometry.iloc[0].coords[0] == pytest.approx(LINE.coords[0], abs=1e-8)


def test_a_shapefile_without_its_table_is_read_and_the_loss_reported(tmp_path):
    file = write(tmp_path / "roads.shp", table(LINE))
    file.with_suffix(".dbf").unlink()

    reading = read_features(file)

    assert len(reading.features) == 1
    assert "attributes" in set(reading.left_out["what"])


def test_a_shapefile_in_windows_1251_without_cpg_is_read_as_such(tmp_path):
    frame = gpd.GeoDataFrame({"name": ["Жезказган"]}, geometry=[LINE], crs="EPSG:4326")
    file = tmp_path / "roads.shp"
    pyogrio.write_dataframe(frame, file, encoding="CP1251")
    file.with_suffix(".cpg").unlink()
    dbf = bytearray(file.with_suffix(".dbf").read_bytes())
    dbf[29] = 0
    file.with_suffix(".dbf").write_bytes(bytes(dbf))

    reading = read_features(file)

    assert reading.features["name"].iloc[0] == "Жезказган"
    assert "encoding guessed" in set(reading.changes["what"])


def test_the_hash_of_a_bare_shapefile_depends_on_all_its_files(tmp_path):
    file = write(tmp_path / "roads.shp", table(LINE))
    before = read_features(file).source.sha256
    dbf = file.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace("н0".encode(), "н9".encode()))

    assert read_features(file).source.sha256 != before


# --- GeoJSON -------------------------------------------------------------------------------------


def test_the_crs_member_of_older_geojson_is_honoured(tmp_path):
    moved = table(LINE).to_crs("EPSG:32641").geometry.iloc[0]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32641"}}
    file = write_geojson(tmp_path / "old.geojson", shapely.geometry.mapping(moved), crs=crs)

    reading = read_features(file)

    assert reading.features.geometry.iloc[0].coords[0] == pytest.approx(LINE.coords[0], abs=1e-8)
    assert reading.source.declared_crs == "EPSG:32641"


def test_a_crs_member_that_points_to_the_network_is_refused(tmp_path):
    crs = {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs"}}
    file = write_geojson(tmp_path / "link.geojson", shapely.geometry.mapping(LINE), crs=crs)

    with pytest.raises(UnknownCrsError, match="--crs EPSG:4326"):
        read_features(file)


def test_one_broken_feature_does_not_take_the_others_with_it(tmp_path):
    bad = {"type": "LineString", "coordinates": [["a", 45], [61, 45]]}
    file = write_geojson(tmp_path / "x.geojson", bad, shapely.geometry.mapping(LINE))

    reading = read_features(file)

    assert list(reading.features["source_row"]) == [2]
    assert list(reading.left_out["source_row"]) == [1]


def test_positions_of_four_values_and_open_rings_are_mended_and_said_so(tmp_path):
    four = {"type": "LineString", "coordinates": [[60, 45, 1, 2], [61, 45, 1, 2]]}
    open_ring = {"type": "Polygon", "coordinates": [[[60, 45], [61, 45], [61, 46]]]}
    file = write_geojson(tmp_path / "x.geojson", four, open_ring)

    reading = read_features(file)

    assert list(reading.features.geom_type) == ["LineString", "Polygon"]
    assert {"measures dropped", "rings closed"} <= set(reading.changes["what"])


def test_a_part_of_one_point_is_left_out_and_the_rest_kept(tmp_path):
    lines = {"type": "MultiLineString", "coordinates": [[[60, 45]], [[60, 45], [61, 45]]]}
    reading = read_features(write_geojson(tmp_path / "x.geojson", lines))

    assert len(reading.features.geometry.iloc[0].geoms) == 1
    assert list(reading.left_out["what"]) == ["part of a feature"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"type": "Topology"}', "TopoJSON"),
        ('{"a": 1}', "not GeoJSON"),
        ("[1, 2]", "not GeoJSON"),
        ('{"type": "FeatureCollection", "features": [', "cut short"),
        ('{"type": "FeatureCollection", "features": []}', "no features"),
    ],
)
def test_json_that_is_no_geojson_is_refused_with_what_it_is(text, words, tmp_path):
    file = tmp_path / "x.geojson"
    file.write_text(text)

    with pytest.raises(InvalidFileError, match=words):
        read_features(file)


def test_nested_attributes_ids_and_large_numbers_of_geojson_are_kept(tmp_path):
    file = tmp_path / "x.json"
    feature = {
        "type": "Feature",
        "id": "A-7",
        "properties": {"tags": {"a": [1]}, "big": 2**70, "flag": True, "source_row": 5},
        "geometry": shapely.geometry.mapping(LINE),
    }
    file.write_text(json.dumps(feature))

    row = read_features(file).features.iloc[0]

    assert row["tags"] == '{"a":[1]}'
    assert row["big"] == 2**70
    assert bool(row["flag"]) is True
    assert row["id"] == "A-7"
    assert row["source_row_"] == 5


# --- KML -----------------------------------------------------------------------------------------


def test_kml_folders_are_layers_and_extended_data_columns(tmp_path):
    extra = (
        '<ExtendedData><Data name="type"><value>railway</value></Data>'
        '<SchemaData schemaUrl="#s"><SimpleData name="тип">ж/д</SimpleData></SchemaData>'
        "</ExtendedData>"
    )
    north = f"<Folder><name>Север</name>{placemark('a', kml_line('60,45 61,45'), extra)}</Folder>"
    south = f"<Folder><name>Юг</name>{placemark('b', kml_line('60,44 61,44'))}</Folder>"
    file = write_kml(tmp_path / "x.kml", north + south)

    with pytest.raises(InvalidFileError, match="2 folders could be meant: 'Север', 'Юг'"):
        read_features(file)
    row = read_features(file, layer="Север").features.iloc[0]
    assert (row["name"], row["type"], row["тип"]) == ("a", "railway", "ж/д")


def test_kml_shapes_of_every_kind_are_read(tmp_path):
    ring = "<LinearRing><coordinates>70,44 71,44 71,45 70,45 70,44</coordinates></LinearRing>"
    hole = "70.2,44.2 70.4,44.2 70.4,44.4 70.2,44.2"
    polygon = (
        f"<Polygon><outerBoundaryIs>{ring}</outerBoundaryIs><innerBoundaryIs><LinearRing>"
        f"<coordinates>{hole}</coordinates></LinearRing></innerBoundaryIs></Polygon>"
    )
    track = (
        "<gx:Track><when>2020-01-01T00:00:00Z</when><when>2020-01-01T01:00:00Z</when>"
        "<gx:coord>60 45 100</gx:coord><gx:coord>61 45 100</gx:coord></gx:Track>"
    )
    many = f"<MultiGeometry>{kml_line('60,45 61,45')}{kml_line('62,45 63,45')}</MultiGeometry>"
    file = write_kml(
        tmp_path / "x.kml",
        placemark("p", polygon) + placemark("t", track) + placemark("m", many),
    )

    reading = read_features(file)

    assert list(reading.features.geom_type) == ["Polygon", "LineString", "MultiLineString"]
    assert len(reading.features.geometry.iloc[0].interiors) == 1
    assert {"values of single points dropped", "heights dropped"} <= set(reading.changes["what"])


def test_links_and_pictures_of_kml_are_reported_and_never_followed(tmp_path):
    body = (
        placemark("a", kml_line("60,45 61,45"))
        + "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
        + "<GroundOverlay><name>map</name></GroundOverlay>"
    )
    reading = read_features(write_kml(tmp_path / "x.kml", body))

    assert {"NetworkLink", "GroundOverlay"} == set(reading.left_out["what"])


def test_spaces_after_commas_in_kml_coordinates_are_forgiven(tmp_path):
    file = write_kml(tmp_path / "x.kml", placemark("a", kml_line("60, 45 61, 45")))

    assert len(read_features(file).features.geometry.iloc[0].coords) == 2


# --- GPX -----------------------------------------------------------------------------------------


def test_tracks_and_routes_are_lines_and_waypoints_are_reported(tmp_path):
    body = (
        gpx_points("wpt", (60, 45))
        + f"<rte><name>r</name>{gpx_points('rtept', (60, 45), (61, 45))}</rte>"
        + f"<trk><trkseg>{gpx_points('trkpt', (60, 45), (61, 45), inner='<ele>5</ele>')}</trkseg>"
        + f"<trkseg>{gpx_points('trkpt', (62, 45))}</trkseg></trk>"
    )
    file = write_gpx(tmp_path / "x.gpx", body)

    reading = read_features(file)

    assert list(reading.features["gpx_layer"]) == ["routes", "tracks"]
    assert set(reading.left_out["what"]) == {"feature", "part of a feature"}
    assert "values of single points dropped" in set(reading.changes["what"])
    points = read_features(file, layer="waypoints", shapes=("point",)).features
    assert list(points.geom_type) == ["Point"]


# --- DXF -----------------------------------------------------------------------------------------


def test_a_drawing_without_crs_is_refused_with_what_to_type(tmp_path):
    file = write_dxf(tmp_path / "x.dxf", dxf_line())

    with pytest.raises(UnknownCrsError, match="--crs EPSG:"):
        read_features(file)


def test_layers_of_a_drawing_are_chosen_by_name(tmp_path):
    file = write_dxf(tmp_path / "x.dxf", dxf_line("axis") + dxf_line("frame"))

    with pytest.raises(InvalidFileError, match=r"'axis', 'frame'.*--layer-name"):
        read_features(file, crs="EPSG:32642")
    reading = read_features(file, crs="EPSG:32642", layer="axis")
    assert len(reading.features) == 1
    assert list(reading.left_out["what"]) == ["layer 'frame'"]


def test_arcs_of_a_drawing_become_lines_and_its_unit_is_mentioned(tmp_path):
    arc = "0\nARC\n8\naxis\n10\n500000\n20\n5000000\n40\n1000\n50\n0\n51\n90\n"
    header = "9\n$INSUNITS\n70\n4\n"
    file = write_dxf(tmp_path / "x.dxf", arc, header)

    reading = read_features(file, crs="EPSG:32642")

    assert len(reading.features.geometry.iloc[0].coords) > 20
    assert {"curves made straight", "drawing unit not used"} <= set(reading.changes["what"])
    assert "millimetres" in " ".join(reading.changes["detail"])


def test_elements_of_a_drawing_that_gdal_passes_over_are_reported(tmp_path):
    file = write_dxf(tmp_path / "x.dxf", dxf_line() + "0\nACAD_TABLE\n8\naxis\n")

    reading = read_features(file, crs="EPSG:32642")

    assert "1 entities ACAD_TABLE" in set(reading.left_out["what"])


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"AutoCAD Binary DXF\r\n\x1a\x00", "binary DXF"), (b"AC1027\x00\x00", "DWG")],
)
def test_drawings_that_are_not_ascii_dxf_say_how_to_save_them(content, words, tmp_path):
    file = tmp_path / "x.dxf"
    file.write_bytes(content)

    with pytest.raises(InvalidFileError, match=words):
        read_features(file, crs="EPSG:32642")


def test_a_closed_polyline_is_an_area_when_areas_are_wanted(tmp_path):
    ring = "".join(f"10\n{x}\n20\n{y}\n" for x, y in [(5e5, 5e6), (5.1e5, 5e6), (5.1e5, 5.1e6)])
    file = write_dxf(tmp_path / "x.dxf", f"0\nLWPOLYLINE\n8\nsite\n90\n3\n70\n1\n{ring}")

    as_line = read_features(file, crs="EPSG:32642").features
    as_area = read_features(file, crs="EPSG:32642", shapes=("polygon",)).features

    assert list(as_line.geom_type) == ["LineString"]
    assert list(as_area.geom_type) == ["Polygon"]


# --- GeoParquet and FlatGeobuf -------------------------------------------------------------------


def test_geoparquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    file = write(tmp_path / "x.parquet", table(LINE))
    real = builtins.__import__

    def without_pyarrow(name, *args, **kwargs):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_pyarrow)

    with pytest.raises(MissingExtraError, match=r'pip install "kulan\[parquet\]"'):
        read_features(file)


def test_geoparquet_that_says_its_crs_is_unknown_is_refused(tmp_path):
    file = write(tmp_path / "x.parquet", table(LINE, crs=None))

    with pytest.raises(UnknownCrsError, match="--crs"):
        read_features(file)


def test_plain_parquet_is_refused(tmp_path):
    file = tmp_path / "x.parquet"
    table(LINE).drop(columns="geometry").to_parquet(file)

    with pytest.raises(InvalidFileError, match="`geo` metadata"):
        read_features(file)


def test_a_flatgeobuf_cut_short_is_refused(tmp_path):
    file = write(tmp_path / "x.fgb", table(*[LINE] * 50), SPATIAL_INDEX="NO")
    file.write_bytes(file.read_bytes()[:-400])

    with pytest.raises(InvalidFileError, match=r"x\.fgb"):
        read_features(file)


def test_polygons_and_lines_of_one_file_are_both_read(tmp_path):
    features = read_features(write(tmp_path / "x.fgb", table(LINE, AREA))).features

    assert sorted(features.geom_type) == ["LineString", "Polygon"]


def test_a_zipped_shapefile_in_a_folder_is_found(tmp_path):
    write(tmp_path / "roads.shp", table(LINE))
    archive = zipped(tmp_path / "x.zip", *sorted(tmp_path.glob("roads.*")), folder="данные/")

    reading = read_features(archive)

    assert reading.source.name == "x.zip/данные/roads.shp"
    assert reading.source.format == "Shapefile"


def test_members_of_features_that_the_standard_does_not_know_are_reported(tmp_path):
    file = tmp_path / "x.geojson"
    feature = {
        "type": "Feature",
        "title": "Ось",
        "bbox": [60, 45, 61, 45.25],
        "properties": None,
        "geometry": shapely.geometry.mapping(LINE),
    }
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature], "owner": "x"}))

    reading = read_features(file)

    assert set(reading.left_out["what"]) == {"member 'title'", "member 'owner'"}


def test_a_curve_in_geoparquet_is_left_out_by_name_and_the_rest_read(tmp_path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    file = write(tmp_path / "x.parquet", table(LINE, LINE))
    read = pq.read_table(file)
    blobs = [circular_string(60, 45, 0.5), shapely.to_wkb(LINE)]
    place = read.column_names.index("geometry")
    changed = read.set_column(place, "geometry", pa.array(blobs, pa.binary()))
    pq.write_table(changed.replace_schema_metadata(read.schema.metadata), file)

    reading = read_features(file)

    assert list(reading.features["source_row"]) == [2]
    assert "a CircularString" in reading.left_out["reason"].iloc[0]
