"""What a user says of a file of telemetry is followed, refused, or told; never passed over."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from kulan.errors import InvalidTableError
from kulan.exchange.telemetry import TelemetryAsked, read_fixes, write_fixes
from kulan.movement.fixes import make_fixes, reasons_of
from kulan.places import WGS84

ENDINGS = pytest.mark.parametrize("ending", ["parquet", "gpkg"])
EVENTS = (
    "timestamp,location-long,location-lat,tag-local-identifier,individual-local-identifier\n"
    "2024-05-01 08:00:00.000,107,45,77,K1\n"
)


@pytest.fixture
def written(tmp_path):
    def write(text, name="fixes.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def ours(tmp_path):
    """A file as Kulan writes it, of two animals; one has its species."""

    def write(ending):
        table = pd.DataFrame(
            {
                "animal_id": ["k1", "k1", "k2"],
                "time": pd.to_datetime(["2024-05-01", "2024-05-02", "2024-05-01"], utc=True),
                "x": [107.0, 107.1, 107.2],
                "y": 45.0,
                "species": ["saiga_tatarica", "saiga_tatarica", None],
            }
        )
        path = tmp_path / f"fixes.{ending}"
        write_fixes(path, make_fixes(table, crs=WGS84))
        return path

    return write


def changes(reading):
    table = reading.files[0].changes
    return dict(zip(table["what"], table["detail"], strict=True))


# --- dates are no seconds -------------------------------------------------------------------------


@ENDINGS
def test_dates_are_never_taken_for_seconds(ours, ending):
    with pytest.raises(InvalidTableError, match=r"are dates \(2024-05-01"):
        read_fixes(ours(ending), TelemetryAsked(elapsed=True))


def test_dates_in_the_parquet_of_others_are_never_taken_for_seconds(tmp_path):
    path = tmp_path / "other.parquet"
    when = pd.to_datetime(["2024-05-01", "2024-05-02"])
    pd.DataFrame({"id": "k", "time": when, "x": [0.0, 5.0], "y": 0.0}).to_parquet(path)
    with pytest.raises(InvalidTableError, match="are dates"):
        read_fixes(path, TelemetryAsked(crs="local", elapsed=True))


def test_lengths_of_time_are_seconds_of_an_elapsed_clock(tmp_path):
    path = tmp_path / "other.parquet"
    since = pd.to_timedelta([0, 90], unit="min")
    pd.DataFrame({"id": "k", "time": since, "x": [0.0, 5.0], "y": 0.0}).to_parquet(path)
    fixes = read_fixes(path, TelemetryAsked(crs="local", elapsed=True)).fixes
    assert fixes.table["time"].tolist() == [0, 5400]


# --- a file of ours knows whose its fixes are, when and where -------------------------------------


@ENDINGS
@pytest.mark.parametrize(
    ("asked", "match"),
    [
        (TelemetryAsked(animal="k1"), "--animal .*--only"),
        (TelemetryAsked(step_s=60.0), "--step-seconds"),
        (TelemetryAsked(columns={"x": "y"}), "--mapping"),
        (TelemetryAsked(constants={"sensor": "gps"}), "--mapping"),
    ],
)
def test_what_does_not_apply_to_a_file_of_ours_is_refused(ours, ending, asked, match):
    with pytest.raises(InvalidTableError, match=match):
        read_fixes(ours(ending), asked)


@ENDINGS
def test_a_species_fills_gaps_in_a_file_of_ours_and_what_it_sets_aside_is_told(ours, ending):
    reading = read_fixes(ours(ending), TelemetryAsked(species="equus_hemionus"))
    species = reading.fixes.table["species"].tolist()
    assert species == ["saiga_tatarica", "saiga_tatarica", "equus_hemionus"]
    assert "equus_hemionus" in changes(reading)["declared species set aside"]
    told = reading.files[0].changes.set_index("what").loc["declared species set aside"]
    assert told["n_features"] == 2


@ENDINGS
def test_a_species_is_given_to_a_file_of_ours_without_any(tmp_path, ending):
    table = pd.DataFrame({"animal_id": "k", "time": [0.0, 9.0], "x": [0.0, 5.0], "y": 0.0})
    path = tmp_path / f"fixes.{ending}"
    write_fixes(path, make_fixes(table, crs="", clock="elapsed"))
    reading = read_fixes(path, TelemetryAsked(species="equus_hemionus"))
    assert reading.fixes.table["species"].tolist() == ["equus_hemionus"] * 2
    assert "declared species set aside" not in changes(reading)


# --- zones ----------------------------------------------------------------------------------------


def test_a_zone_does_not_shift_times_that_the_format_gives_in_utc(written):
    reading = read_fixes(written(EVENTS), TelemetryAsked(zone="+08:00"))
    assert str(reading.fixes.table["time"][0]) == "2024-05-01 08:00:00+00:00"
    assert "+08:00" in changes(reading)["declared zone set aside"]


def test_the_zone_that_the_format_fixes_anyway_is_not_told_as_set_aside(written):
    reading = read_fixes(written(EVENTS), TelemetryAsked(zone="UTC"))
    assert "declared zone set aside" not in changes(reading)


def test_a_table_that_only_looks_like_movebank_keeps_its_zone_when_its_columns_are_declared(
    written,
):
    columns = {
        "animal_id": "individual-local-identifier",
        "time": "timestamp",
        "x": "location-long",
        "y": "location-lat",
    }
    asked = TelemetryAsked(zone="+08:00", crs=WGS84, columns=columns)
    fixes = read_fixes(written(EVENTS), asked).fixes
    assert str(fixes.table["time"][0]) == "2024-05-01 00:00:00+00:00"


def test_times_with_the_name_of_their_zone_are_read(written):
    text = "id,time,x,y\nk,01.05.2024 10:00 UTC,107,45\nk,01.05.2024 16:00 Asia/Almaty,107,45\n"
    asked = TelemetryAsked(crs=WGS84, time_format="%d.%m.%Y %H:%M %Z")
    times = read_fixes(written(text), asked).fixes.table["time"]
    assert [str(one)[11:16] for one in times] == ["10:00", "11:00"]


def test_names_of_zones_that_mean_several_are_refused(written):
    asked = TelemetryAsked(crs=WGS84, time_format="%d.%m.%Y %H:%M %Z")
    with pytest.raises(InvalidTableError, match="Asia/Almaty"):
        read_fixes(written("id,time,x,y\nk,01.05.2024 10:00 CST,107,45\n"), asked)


def test_an_hour_that_a_named_zone_has_twice_is_not_taken_in_silence(written):
    asked = TelemetryAsked(crs=WGS84, time_format="%d.%m.%Y %H:%M %Z")
    with pytest.raises(InvalidTableError):
        read_fixes(written("id,time,x,y\nk,27.10.2024 02:30 Europe/Rome,107,45\n"), asked)


def test_a_form_of_times_that_is_none_is_refused(written):
    asked = TelemetryAsked(crs=WGS84, time_format="%Q")
    with pytest.raises(InvalidTableError, match="--time-format '%Q'"):
        read_fixes(written("id,time,x,y\nk,01.05.2024 10:00,107,45\n"), asked)


# --- points, deployments, dilution ----------------------------------------------------------------


def test_the_further_points_of_a_multipoint_are_told(tmp_path):
    points = [
        shapely.MultiPoint([(107, 45), (108, 46)]),
        shapely.MultiPoint([(107.5, 45)]),
        shapely.Point(107.1, 45),
    ]
    layer = gpd.GeoDataFrame(
        {"id": "k", "time": [f"2024-05-0{day}T00:00:00Z" for day in (1, 2, 3)]},
        geometry=points,
        crs=WGS84,
    )
    layer.to_file(tmp_path / "points.gpkg")
    reading = read_fixes(tmp_path / "points.gpkg")
    assert reading.fixes.table["x"].tolist() == [107, 107.5, 107.1]
    told = reading.files[0].changes.set_index("what").loc["several points in one fix"]
    assert (told["n_features"], told["first_source_row"]) == (1, 1)


def test_a_fix_inside_a_deployment_of_any_reference_file_is_inside(written):
    events = written(EVENTS + "2024-07-01 00:00:00.000,107,45,77,K1\n")
    head = "animal-id,deploy-on-date,deploy-off-date"
    spring = written(f"{head}\nK1,2024-04-01,2024-05-30\n", "spring.csv")
    autumn = written(f"{head},tag-id\nK1,2024-09-01,2024-10-01,77\n", "autumn.csv")
    for files in ([events, spring, autumn], [autumn, spring, events]):
        flags = read_fixes(files).fixes.table["flags"]
        assert [reasons_of(one) for one in flags] == [(), ("outside_deployment",)]


@pytest.mark.parametrize(("column", "told"), [("gps:hdop", False), ("pdop", True), ("DOP", True)])
def test_another_dilution_of_precision_in_the_place_of_hdop_is_told(written, column, told):
    path = written(f"id,time,x,y,{column}\nk,2024-05-01T00:00:00Z,107,45,2.5\n")
    reading = read_fixes(path, TelemetryAsked(crs=WGS84))
    assert reading.fixes.table["hdop"].tolist() == [2.5]
    assert ("another dilution taken for HDOP" in changes(reading)) is told
