"""Telemetry of every kind becomes fixes; what is not said is refused, and nothing is dropped."""

import gzip
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from kulan.errors import InvalidFileError, InvalidTableError, UnknownCrsError
from kulan.exchange.telemetry import (
    TelemetryAsked,
    read_fixes,
    read_mapping,
    scan_fixes,
    write_fixes,
)
from kulan.movement.fixes import Flag, reasons_of
from kulan.movement.tracks import track_of
from kulan.places import WGS84

DEGREES = TelemetryAsked(crs=WGS84)


@pytest.fixture
def written(tmp_path):
    def write(text, name="fixes.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def changes(reading, file=0):
    return dict(
        zip(reading.files[file].changes["what"], reading.files[file].changes["detail"], strict=True)
    )


# --- formats -------------------------------------------------------------------------------------

EVENTS = (
    "event-id,visible,timestamp,location-long,location-lat,gps:hdop,gps:fix-type,sensor-type,"
    "individual-taxon-canonical-name,tag-local-identifier,individual-local-identifier,study-name"
    """
1,true,2024-05-01 00:00:00.000,107.1,45.1,1.2,3,gps,Equus hemionus,77,K1,Gobi
2,false,2024-05-01 01:00:00.000,107.2,45.1,9.9,2,gps,Equus hemionus,77,K1,Gobi
3,true,2024-05-01 02:00:00.000,,,,,gps,Equus hemionus,77,K1,Gobi
"""
)
REFERENCE = """tag-id,animal-id,animal-taxon,deploy-on-date,deploy-off-date,deployment-id
77,K1,Equus hemionus,2024-05-01 00:30:00.000,2024-05-01 01:30:00.000,77-K1
"""


@pytest.mark.parametrize("mark", ["-", "_", "."])
def test_movebank_is_read_with_any_headers(written, mark):
    head, rest = EVENTS.split("\n", 1)
    path = written(head.replace("-", mark).replace(":", "_" if mark == "_" else ":") + "\n" + rest)
    reading = read_fixes(path)
    table = reading.fixes.table
    assert reading.fixes.crs == WGS84
    assert reading.fixes.animals == ("K1",)
    assert table["fix_dimension"].tolist()[:2] == [3, 2]
    assert table["hdop"].tolist()[:2] == [1.2, 9.9]
    assert [reasons_of(one) for one in table["flags"]] == [(), ("source",), ("no_position",)]
    assert "UTC" in changes(reading)["times taken for UTC"]
    assert table["source_row"].tolist() == [1, 2, 3]


def test_a_reduced_profile_of_movebank_needs_only_who_when_and_where(written):
    path = written(
        "timestamp,location_lat,location_long,individual_id\n2024-05-01 00:00:00.000,45,107,98\n"
    )
    fixes = read_fixes(path).fixes
    assert fixes.animals == ("98",)
    assert (fixes.table["x"][0], fixes.table["y"][0]) == (107, 45)


def test_reference_data_bring_species_and_deployment(written):
    reading = read_fixes([written(EVENTS, "e.csv"), written(REFERENCE, "r.csv")])
    table = reading.fixes.table
    outside = [bool(one & Flag.OUTSIDE_DEPLOYMENT) for one in table["flags"]]
    assert outside == [True, False, True]
    assert table["deployment_id"].tolist()[1] == "77-K1"
    assert [file.source.format for file in reading.files] == ["Movebank", "Movebank reference data"]


def test_reference_data_alone_are_no_fixes(written):
    with pytest.raises(InvalidFileError, match="without any fix"):
        read_fixes(written(REFERENCE))


def test_an_animal_without_reference_data_is_told(written):
    other = written(EVENTS.replace(",K1,", ",K2,"), "e.csv")
    reading = read_fixes([other, written(REFERENCE, "r.csv")])
    assert "K2" in changes(reading)["animal without reference data"]
    assert not (reading.fixes.table["flags"].to_numpy() & Flag.OUTSIDE_DEPLOYMENT).any()


def test_ellipses_of_argos_become_one_sigma(written):
    path = written(
        "Platform ID No.,Loc. quality,Loc. date,Latitude,Longitude,Semi-major axis,"
        "Semi-minor axis,Ellipse orientation\n"
        "1234,2,2024-05-01 00:00:00,45,107,1000,200,80\n"
    )
    reading = read_fixes(path)
    row = reading.fixes.table.iloc[0]
    assert row["error_major_m"] == pytest.approx(1000 / np.sqrt(2))
    assert row["error_minor_m"] == pytest.approx(200 / np.sqrt(2))
    assert row["error_angle_deg"] == 80
    assert reading.files[0].source.format == "Argos"


def test_earthranger_tables_and_tracks_are_read(written):
    table = written(
        "id,subject_name,fixtime,junk_status,geometry\n"
        "a,Khulan 1,2024-05-01T08:00:00+08:00,False,POINT (107.1 45.1)\n"
        "b,Khulan 1,2024-05-01T09:00:00+08:00,True,POINT (107.2 45.1)\n"
    )
    fixes = read_fixes(table).fixes
    assert fixes.table["x"].tolist() == [107.1, 107.2]
    assert str(fixes.table["time"][0]) == "2024-05-01 00:00:00+00:00"
    assert [reasons_of(one) for one in fixes.table["flags"]] == [(), ("source",)]
    line = {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[107, 45], [107.1, 45]]},
        "properties": {
            "title": "Khulan 1",
            "coordinateProperties": {"times": ["2024-05-01T00:00:00Z", "2024-05-01T01:00:00Z"]},
        },
    }
    whole = {"data": {"type": "FeatureCollection", "features": [line]}}
    track = read_fixes(written(json.dumps(whole), "track.json")).fixes
    assert track.animals == ("Khulan 1",)
    assert len(track.table) == 2


def test_track_points_of_gpx_are_fixes_of_the_tracks_name(written):
    path = written(
        '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>K1</name><trkseg>'
        '<trkpt lat="45" lon="107"><ele>1200</ele><time>2024-05-01T00:00:00Z</time>'
        "<fix>2d</fix><hdop>3.5</hdop></trkpt>"
        '<trkpt lat="45.1" lon="107"><time>2024-05-01T01:00:00Z</time></trkpt>'
        "</trkseg></trk></gpx>",
        "k.gpx",
    )
    table = read_fixes(path).fixes.table
    assert table["animal_id"].tolist() == ["K1", "K1"]
    assert table["fix_dimension"][0] == 2
    assert table["hdop"][0] == 3.5
    assert table["elevation_m"][0] == 1200


def test_gpx_without_times_holds_no_fixes(written):
    path = written(
        '<gpx version="1.1"><trk><trkseg><trkpt lat="45" lon="107"/></trkseg></trk></gpx>', "k.gpx"
    )
    with pytest.raises(InvalidFileError, match="no track point has a time"):
        read_fixes(path)


@pytest.mark.parametrize("ending", ["gpkg", "parquet"])
def test_layers_of_points_of_other_programs_are_read(tmp_path, ending):
    table = gpd.GeoDataFrame(
        {"id": ["k", "k"], "time": pd.to_datetime(["2024-05-01T00:00Z", "2024-05-01T01:00Z"])},
        geometry=gpd.points_from_xy([600_000, 600_100], [5e6, 5e6]),
        crs="EPSG:32648",
    )
    path = tmp_path / f"points.{ending}"
    table.to_file(path) if ending == "gpkg" else table.to_parquet(path)
    fixes = read_fixes(path).fixes
    assert fixes.table["x"].tolist() == [600_000, 600_100]
    assert not fixes.is_geographic
    assert str(fixes.table["time"][1]) == "2024-05-01 01:00:00+00:00"


def test_compressed_tables_are_read(tmp_path):
    path = tmp_path / "k.csv.gz"
    path.write_bytes(gzip.compress(b"id,time,x,y\nk,2024-05-01T00:00:00Z,107,45\n"))
    assert len(read_fixes(path, DEGREES).fixes.table) == 1


def test_a_mapping_declares_what_the_columns_hold(written):
    mapping = written(
        'zone = "UTC"\ncrs = "EPSG:4326"\ntime_format = "%d.%m.%Y %H:%M:%S"\nmissing = ["9999"]\n'
        '[columns]\nanimal_id = "CollarID"\ntime = ["UTC_Date", "UTC_Time"]\n'
        'x = "Longitude [°]"\ny = "Latitude [°]"\nhdop = "DOP"\n'
        '[constants]\nspecies = "equus_hemionus"\n',
        "collars.toml",
    )
    path = written(
        "No;CollarID;UTC_Date;UTC_Time;Latitude [°];Longitude [°];DOP\n"
        "1;0012;01.05.2024;00:30:00;45,1;107,2;1,4\n2;0012;01.05.2024;01:30:00;9999;9999;9999\n"
    )
    reading = read_fixes(path, read_mapping(mapping))
    table = reading.fixes.table
    assert table["animal_id"].tolist() == ["0012", "0012"]
    assert str(table["time"][0]) == "2024-05-01 00:30:00+00:00"
    assert (table["x"][0], table["y"][0], table["hdop"][0]) == (107.2, 45.1, 1.4)
    assert reasons_of(table["flags"][1]) == ("no_position",)
    assert table["species"].unique().tolist() == ["equus_hemionus"]
    assert table["No"].tolist() == ["1", "2"]


def test_what_a_mapping_declares_and_nothing_reads_is_refused(written):
    with pytest.raises(InvalidFileError, match=r"columns\.longitude"):
        read_mapping(written('[columns]\nlongitude = "Lon"\n', "m.toml"))


def test_a_mapping_to_columns_that_are_not_there_is_refused(written):
    asked = TelemetryAsked(crs=WGS84, columns={"animal_id": "id", "x": "Lon"})
    with pytest.raises(InvalidTableError, match="names Lon, which the table lacks"):
        read_fixes(written("id,time,x,y\nk,2024-05-01T00:00:00Z,107,45\n"), asked)


def test_rows_without_times_may_be_evenly_spaced(written):
    asked = TelemetryAsked(crs="local", step_s=86400)
    fixes = read_fixes(written("ID,Easting,Northing\na,0,0\na,5,5\nb,1,1\n"), asked).fixes
    assert fixes.clock == "elapsed"
    assert fixes.table["time"].tolist() == [0, 86400, 0]


# --- written and read back -----------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["parquet", "gpkg"])
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("id,time,x,y,note\nk,2024-05-01T00:00:00.25Z,107,45,a\nk,,107,,b\n", DEGREES),
        ("id,time,x,y,note\nk,0,1,2,a\nk,10.5,3,4,b\n", TelemetryAsked(crs="local", elapsed=True)),
    ],
)
def test_fixes_come_back_as_they_were_written(written, tmp_path, ending, text, asked):
    fixes = read_fixes(written(text), asked).fixes
    path = tmp_path / f"out.{ending}"
    write_fixes(path, fixes)
    back = read_fixes(path).fixes
    assert (back.crs, back.clock) == (fixes.crs, fixes.clock)
    assert set(back.table.columns) == set(fixes.table.columns)
    for name in fixes.table.columns:
        one, other = fixes.table[name].to_numpy(), back.table[name].to_numpy()
        missing = pd.isna(one)
        assert (missing == pd.isna(other)).all()
        assert (one[~missing] == other[~missing]).all(), name


def test_other_programs_read_our_parquet(written, tmp_path):
    fixes = read_fixes(written("id,time,x,y\nk,2024-05-01T00:00:00Z,107,45\n"), DEGREES).fixes
    write_fixes(tmp_path / "f.parquet", fixes)
    layer = gpd.read_parquet(tmp_path / "f.parquet")
    assert layer.crs.to_epsg() == 4326
    assert (layer.geometry.x[0], layer.geometry.y[0]) == (107, 45)


def test_scanning_gives_one_animal_after_another(written, tmp_path, monkeypatch):
    monkeypatch.setattr("kulan.exchange.telemetry.fixes_files.ROWS_IN_A_GROUP", 3)
    rows = [f"k{animal},{60 * k},{k},{animal}" for animal in range(3) for k in range(4)]
    asked = TelemetryAsked(crs="local", elapsed=True)
    fixes = read_fixes(written("id,time,x,y\n" + "\n".join(rows) + "\n"), asked).fixes
    write_fixes(tmp_path / "f.parquet", fixes)
    parts = list(scan_fixes(tmp_path / "f.parquet"))
    assert [part.animals for part in parts] == [("k0",), ("k1",), ("k2",)]
    assert [part.table["x"].tolist() for part in parts] == [[0, 1, 2, 3]] * 3


# --- what is not said, and what contradicts itself ------------------------------------------------


def refused(path, match, asked=DEGREES, error=InvalidTableError):
    with pytest.raises(error, match=match):
        read_fixes(path, asked)


def test_naive_times_are_refused_with_the_option_to_give(written):
    refused(written("id,time,x,y\nk,2024-05-01 00:00,107,45\n"), "--zone Asia/Ulaanbaatar")


def test_a_zone_that_is_named_is_used(written):
    path = written("id,time,x,y\nk,2024-05-01 00:00,107,45\n")
    for zone, hour in (("+08:00", 16), ("Asia/Almaty", 19), ("UTC", 0)):
        time = read_fixes(path, TelemetryAsked(crs=WGS84, zone=zone)).fixes.table["time"][0]
        assert time.hour == hour


def test_times_with_and_without_a_zone_are_not_mixed(written):
    text = "id,time,x,y\nk,2024-05-01T00:00:00Z,107,45\nk,2024-05-01 01:00:00,107,45\n"
    refused(
        written(text), "row 1: .* and some do not .row 2", TelemetryAsked(crs=WGS84, zone="UTC")
    )


def test_times_of_several_offsets_are_told(written):
    text = "id,time,x,y\nk,2024-05-01T08:00:00+08:00,107,45\nk,2024-05-01T08:30:00+07:00,107,45\n"
    reading = read_fixes(written(text), DEGREES)
    assert [str(one)[11:16] for one in reading.fixes.table["time"]] == ["00:00", "01:30"]
    assert "+07:00, +08:00" in changes(reading)["times of several offsets"]


def test_an_hour_that_happened_twice_is_refused(written):
    text = "id,time,x,y\nk,2024-10-27 02:30:00,10,45\n"
    refused(written(text), "set forward or back", TelemetryAsked(crs=WGS84, zone="Europe/Rome"))


def test_dates_that_can_be_read_two_ways_are_refused(written):
    refused(written("id,time,x,y\nk,03/04/2024 10:00,107,45\n"), "--time-format")


def test_numbers_are_no_dates(written):
    refused(written("id,time,x,y\nk,1714521600,107,45\n"), "cannot be read|not dates")
    asked = TelemetryAsked(crs=WGS84, time_format="unix_s")
    fixes = read_fixes(written("id,time,x,y\nk,1714521600,107,45\n"), asked).fixes
    assert str(fixes.table["time"][0]) == "2024-05-01 00:00:00+00:00"


def test_a_few_unreadable_times_are_kept_and_told(written):
    rows = "".join(f"k,2024-05-01T0{k}:00:00Z,107,45\n" for k in range(5))
    reading = read_fixes(written(f"id,time,x,y\n{rows}k,soon,107,45\n"), DEGREES)
    assert len(reading.fixes.table) == 6
    assert reasons_of(reading.fixes.table["flags"].iloc[-1]) == ("no_time",)
    assert "'soon'" in changes(reading)["times not understood"]


def test_time_going_backwards_is_put_in_order_and_told(written):
    text = "id,time,x,y\nk,2024-05-01T02:00:00Z,107,45\nk,2024-05-01T01:00:00Z,107.1,45\n"
    reading = read_fixes(written(text), DEGREES)
    assert reading.fixes.table["source_row"].tolist() == [2, 1]
    assert "time went backwards" in changes(reading)


def test_an_unnamed_system_is_refused_with_the_options_to_give(written):
    path = written("id,time,lon,lat\nk,2024-05-01T00:00:00Z,107,45\n")
    refused(path, "--crs EPSG:4326", TelemetryAsked(), UnknownCrsError)


def test_degrees_where_metres_are_declared_are_refused(written):
    path = written("id,time,x,y\nk,2024-05-01T00:00:00Z,107.1,45.2\n")
    refused(path, "look like degrees", TelemetryAsked(crs="EPSG:32648"), UnknownCrsError)


def test_metres_where_degrees_are_declared_are_refused(written):
    path = written("id,time,x,y\nk,2024-05-01T00:00:00Z,600000,5000000\n")
    refused(path, "no degrees", DEGREES, UnknownCrsError)


def test_swapped_axes_are_refused_and_exchanged_when_asked(written):
    path = written("id,time,x,y\nk,2024-05-01T00:00:00Z,45.2,107.1\n")
    refused(path, "--swap-axes", DEGREES, UnknownCrsError)
    fixes = read_fixes(path, TelemetryAsked(crs=WGS84, swap_axes=True)).fixes
    assert (fixes.table["x"][0], fixes.table["y"][0]) == (107.1, 45.2)


def test_swapped_metres_are_refused(written):
    path = written("id,time,x,y\nk,2024-05-01T00:00:00Z,5000000,500000\n")
    refused(path, "--swap-axes", TelemetryAsked(crs="EPSG:32648"), UnknownCrsError)


def test_axes_that_fit_the_region_only_when_swapped_are_told(written):
    path = written("id,time,x,y\nk,2024-05-01T00:00:00Z,38.0,57.0\n")
    assert "axes in doubt" in changes(read_fixes(path, DEGREES))


def test_a_table_that_does_not_say_whose_fixes_they_are_is_refused(written):
    path = written("time,x,y\n2024-05-01T00:00:00Z,107,45\n")
    refused(path, "--animal NAME")
    assert read_fixes(path, TelemetryAsked(crs=WGS84, animal="K1")).fixes.animals == ("K1",)


def test_a_row_without_its_animal_is_refused(written):
    text = "id,time,x,y\nk,2024-05-01T00:00:00Z,107,45\n,2024-05-01T01:00:00Z,107,45\n"
    refused(written(text), "row 2 and 0 more do not say whose")


def test_files_in_several_systems_are_read_apart(written):
    one = written(EVENTS, "a.csv")
    layer = gpd.GeoDataFrame(
        {"id": ["k"], "time": ["2024-05-01T00:00:00Z"]},
        geometry=gpd.points_from_xy([600_000], [5e6]),
        crs="EPSG:32648",
    )
    layer.to_file(one.parent / "b.gpkg")
    refused([one, one.parent / "b.gpkg"], "several systems", TelemetryAsked())


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("", "empty"),
        ("id,time,x,y\n", "no row"),
        ('id,time,x,y\nk,"2024-05-01T00:00:00Z,107,45\n', "do not split"),
        ("id,time,x,y\nk,2024-05-01T00:00:00Z,107,45,7,8\n", "cells|split"),
        ("a\x00b,time\n1,2\n", "not text"),
    ],
)
def test_broken_tables_are_refused(written, content, match):
    with pytest.raises((InvalidFileError, InvalidTableError), match=match):
        read_fixes(written(content), DEGREES)


def test_ids_with_leading_zeros_stay_as_they_are(written):
    path = written("id,time,x,y\n007,2024-05-01T00:00:00Z,107,45\n")
    assert read_fixes(path, DEGREES).fixes.animals == ("007",)


def test_one_cell_that_is_no_number_makes_no_others_wrong(written):
    text = "id,time,x,y\nk,2024-05-01T00:00:00Z,107.25,45\nk,2024-05-01T01:00:00Z,east,45\n"
    table = read_fixes(written(text), DEGREES).fixes.table
    assert table["x"][0] == 107.25
    assert reasons_of(table["flags"][1]) == ("no_position",)


def test_degrees_of_another_datum_are_of_wgs_84_once_they_are_read(written):
    path = written("id,time,x,y\nk1,2024-05-01T00:00:00Z,107,45\nk1,2024-05-01T01:00:00Z,107,46\n")
    reading = read_fixes(path, TelemetryAsked(crs="EPSG:4284"))
    assert reading.fixes.crs == WGS84
    assert "EPSG:4284 to WGS 84" in changes(reading)["datum changed"]
    track = track_of(reading.fixes, "k1")
    lon, _ = track.plane.inverse(track.x_m, track.y_m)
    assert 1e-5 < abs(lon[0] - 107) < 0.01  # moved by the datum, once


# --- what is said against what a file says -------------------------------------------------------


def test_one_name_for_fixes_that_have_their_own_is_refused(written):
    path = written(EVENTS.replace("45.1,9.9,2,gps,Equus hemionus,77,K1", "45.1,9,2,gps,E,77,K2"))
    with pytest.raises(InvalidTableError, match=r"\(K1, K2\), and --animal K9.*--only") as refusal:
        read_fixes(path, TelemetryAsked(animal="K9"))
    assert "constants" in str(refusal.value)


def test_the_name_that_stands_there_may_be_said_too_and_fills_gaps(written):
    path = written(EVENTS.replace("gps,Equus hemionus,77,K1,Gobi\n2", "gps,E,77,,Gobi\n2"))
    assert (
        read_fixes(path, TelemetryAsked(animal="K1")).fixes.table["animal_id"].tolist()
        == ["K1"] * 3
    )


def test_names_of_gpx_tracks_give_way_and_that_is_told(written):
    point = '<trkpt lat="45" lon="107"><time>2024-05-01T00:00:00Z</time></trkpt>'
    text = (
        '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>ACTIVE LOG</name>'
    )
    path = written(f"{text}<trkseg>{point}</trkseg></trk></gpx>", "k.gpx")
    reading = read_fixes(path, TelemetryAsked(animal="K1"))
    assert reading.fixes.animals == ("K1",)
    assert "ACTIVE LOG" in changes(reading)["names of tracks set aside"]


def test_a_species_that_a_table_has_stays_and_gaps_are_filled(written):
    path = written(EVENTS.replace("3,gps,Equus hemionus", "3,gps,", 1))
    reading = read_fixes(path, TelemetryAsked(species="equus_hemionus"))
    assert reading.fixes.table["species"].tolist() == [
        "equus_hemionus", "Equus hemionus", "Equus hemionus",
    ]  # fmt: skip
    assert "equus_hemionus was given" in changes(reading)["declared species set aside"]


def test_a_constant_of_a_mapping_wins_and_loses_no_column(written, tmp_path):
    mapping = tmp_path / "m.toml"
    mapping.write_text('zone = "UTC"\n[constants]\nanimal_id = "herd"\n')
    reading = read_fixes(written(EVENTS), read_mapping(mapping))
    assert reading.fixes.animals == ("herd",)
    assert reading.fixes.table["individual-local-identifier"].tolist() == ["K1"] * 3
    assert "is kept as it came" in changes(reading)["column set aside for a constant"]
