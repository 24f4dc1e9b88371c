"""What a reader of one level of precision gets to see."""

from datetime import UTC, date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from pyproj import Geod

from kulan.atlas import precision as precision_module
from kulan.atlas.precision import (
    Precision,
    coordinate_uncertainty_m,
    generalise_dates,
    generalise_geometry,
    generalise_rows,
)
from kulan.errors import InvalidGeometryError, InvalidTableError, TooLargeError

DEN = shapely.Point(77.12345, 42.98765)
METHOD = "Method: Chapman 2020, doi:10.15468/doc-5jp4-5g10."


def dens(**columns):
    return gpd.GeoDataFrame(
        {
            "species_id": ["snow_leopard", "snow_leopard", "argali"],
            "valid_from": ["2024-05-03", "2024-05-19", None],
            "observer": ["Aigul", "Bakyt", "Aigul"],
            "cubs": [2, 3, 0],
            **columns,
        },
        geometry=shapely.points([[77.12345, 42.98765], [77.19, 42.91], [75.5, 41.2]]),
        crs="EPSG:4326",
        index=[31, 7, 15],
    )


def at(precision, **options):
    options.setdefault("public_columns", ("species_id", "cubs"))
    return generalise_rows(dens(), precision, **options)


def test_a_partner_sees_the_cell_not_the_den():
    assert [generalise_geometry(DEN, level)[0].wkt for level in list(Precision)[1:5]] == [
        "POINT (77.1235 42.9875)",
        "POINT (77.125 42.985)",
        "POINT (77.15 42.95)",
        "POINT (77.5 42.5)",
    ]


def test_exact_is_unchanged_and_withheld_is_nothing():
    high = shapely.Point(77.1, 42.9, 3500)
    assert generalise_geometry(high, Precision.EXACT)[0] is high
    assert generalise_geometry([high, DEN], Precision.WITHHELD).tolist() == [None, None]


def test_a_height_does_not_outlive_the_position():
    given = generalise_geometry(shapely.Point(77.1, 42.9, 3512), Precision.P0_1)[0]
    assert not given.has_z


def test_missing_and_empty_shapes_stay_without_a_place():
    given = generalise_geometry([None, shapely.Point(), shapely.Polygon()], Precision.P0_1)
    assert given.tolist() == [None, None, None]


def test_decimal_coordinates_on_an_edge_belong_to_the_cell_that_starts_there():
    # 60.3 * 10 is 602.9999999999999 and something in binary
    for tenth in range(600, 700):
        point = shapely.Point(tenth / 10, tenth / 10 - 30)
        given = generalise_geometry(point, Precision.P0_1)[0]
        assert given.x == pytest.approx(tenth / 10 + 0.05, abs=1e-12)
        assert given.y == pytest.approx(tenth / 10 - 29.95, abs=1e-12)


def test_the_ends_of_the_world_lie_in_its_last_cells():
    given = generalise_geometry([shapely.Point(180, 90), shapely.Point(-180, -90)], Precision.P1)
    assert [point.wkt for point in given] == ["POINT (179.5 89.5)", "POINT (-179.5 -89.5)"]


@pytest.mark.parametrize("place", [(181, 0), (0, 90.5), (float("inf"), 0), (4.5e6, 5.1e6)])
def test_a_place_off_the_earth_is_refused_without_naming_it(place):
    off = shapely.from_wkt(f"LINESTRING (1 1, {place[0]} {place[1]})")
    with pytest.raises(InvalidGeometryError) as refused:
        generalise_geometry(off, Precision.P0_1)
    assert "4500000" not in str(refused.value)
    assert "181" not in str(refused.value)


def test_a_track_is_given_as_the_cells_it_passes():
    track = shapely.LineString([(60.05, 45.05), (60.25, 45.05)])
    given = generalise_geometry(track, Precision.P0_1)[0]
    assert given.equals(shapely.box(60.0, 45.0, 60.3, 45.1))


def test_a_line_along_an_edge_is_given_as_one_row_of_cells():
    for line, box in [
        ([(60.0, 45.02), (60.0, 45.08)], (60.0, 45.0, 60.1, 45.1)),
        ([(60.02, 45.0), (60.08, 45.0)], (60.0, 45.0, 60.1, 45.1)),
    ]:
        given = generalise_geometry(shapely.LineString(line), Precision.P0_1)[0]
        assert given.equals(shapely.box(*box))


def test_a_hole_larger_than_a_cell_stays_a_hole():
    ring = shapely.box(60.05, 45.05, 60.95, 45.95).difference(
        shapely.box(60.25, 45.25, 60.75, 45.75)
    )
    given = generalise_geometry(ring, Precision.P0_1)[0]
    expected = shapely.box(60, 45, 61, 46).difference(shapely.box(60.3, 45.3, 60.7, 45.7))
    assert given.equals(expected)


def test_a_polygon_thinner_than_the_rounding_is_still_somewhere():
    sliver = shapely.Polygon([(60.05, 45.05), (60.05 + 1e-9, 45.05), (60.05, 45.05 + 1e-9)])
    given = generalise_geometry(sliver, Precision.P0_1)[0]
    assert given.equals(shapely.box(60.0, 45.0, 60.1, 45.1))


def test_a_herd_of_points_is_given_as_cells():
    herd = shapely.MultiPoint([(60.01, 45.01), (60.02, 45.03), (60.11, 45.01)])
    given = generalise_geometry(herd, Precision.P0_1)[0]
    assert given.equals(shapely.box(60.0, 45.0, 60.2, 45.1))


def test_a_shape_of_too_many_cells_is_given_more_coarsely_and_says_so():
    area = gpd.GeoDataFrame(geometry=[shapely.box(60.0, 45.0, 62.0, 47.0)], crs="EPSG:4326")
    rows, account = generalise_rows(area, Precision.P0_01, public_columns=())
    assert rows.geometry[0].equals(shapely.box(60.0, 45.0, 62.0, 47.0))
    assert account.made_coarser == 1
    assert rows["dataGeneralizations"].tolist() == [
        "Shape given as the cells of 0.1° of a fixed grid that it meets, as it meets more than "
        f"20,000 cells of 0.01°. {METHOD}"
    ]


def test_half_the_world_is_refused():
    with pytest.raises(TooLargeError, match="20,000 cells of 1°"):
        generalise_geometry(shapely.box(-180, -90, 180, 0), Precision.P1)


def test_uncertainty_reaches_the_farthest_corner_at_every_latitude():
    geod = Geod(ellps="WGS84")
    for latitude in (-41.95, 0.05, 42.95, 59.95):
        point = shapely.Point(77.15, latitude)
        (radius,) = coordinate_uncertainty_m(point, Precision.P0_1)
        corners = [
            geod.inv(77.15, latitude, 77.15 + x, latitude + y)[2]
            for x in (-0.05, 0.05)
            for y in (-0.05, 0.05)
        ]
        assert max(corners) <= radius < max(corners) + 100


def test_uncertainty_counts_the_records_own_and_leaves_out_what_is_not_known():
    told = coordinate_uncertainty_m([DEN] * 4, Precision.P0_001, [25, None, 0, -3])
    assert told.tolist() == [told[1] + 25, told[1], told[1], told[1]]
    assert coordinate_uncertainty_m([DEN, DEN], Precision.EXACT, [25, 0])[0] == 25
    assert np.isnan(coordinate_uncertainty_m([DEN, DEN], Precision.EXACT, [25, 0])[1])
    assert np.isnan(coordinate_uncertainty_m(DEN, Precision.WITHHELD, 25)[0])
    assert np.isnan(coordinate_uncertainty_m(shapely.box(0, 0, 1, 1), Precision.P1)[0])


@pytest.mark.parametrize(
    ("precision", "told"),
    [
        (Precision.EXACT, "2024-05-19"),
        (Precision.P0_001, "2024-05-19"),
        (Precision.P0_01, "2024-05"),
        (Precision.P0_1, "2024-05"),
        (Precision.P1, "2024"),
        (Precision.WITHHELD, None),
    ],
)
def test_the_coarser_the_place_the_coarser_the_day(precision, told):
    day = date(2024, 5, 19)
    assert generalise_dates(day, "2024-05-19T23:10:00+06:00", precision) == (told, told)
    assert generalise_dates(pd.Timestamp(day), datetime(2024, 5, 19, 4, tzinfo=UTC), precision) == (
        told,
        told,
    )


def test_a_date_known_to_the_year_does_not_become_finer():
    assert generalise_dates("2019", None, Precision.P0_1) == ("2019", None)
    assert generalise_dates(pd.NaT, float("nan"), Precision.P0_1) == (None, None)


@pytest.mark.parametrize("text", ["19.05.2024", "2024-13", "May 2024", "2024-05-19Tnoon", "24"])
def test_a_date_in_another_writing_is_refused(text):
    with pytest.raises(InvalidTableError, match="ISO 8601"):
        generalise_dates(text, None, Precision.P0_1)


def test_a_rendition_holds_public_columns_and_names_the_others():
    rows, account = at(Precision.P0_1)
    assert list(rows.columns) == [
        "species_id",
        "cubs",
        "valid_from",
        "coordinateUncertaintyInMeters",
        "dataGeneralizations",
        "informationWithheld",
        "geometry",
    ]
    assert set(rows["informationWithheld"]) == {"Fields withheld: observer."}
    assert set(rows["dataGeneralizations"]) == {
        "Position given as the centre of its cell of 0.1° of a fixed grid. "
        f"Dates given to the month. {METHOD}"
    }
    assert rows.crs.to_epsg() == 4326
    assert account.withheld_columns == ("observer",)
    assert (account.rows_in, account.rows_out, account.dropped_rows) == (3, 3, 0)


def test_the_index_of_the_table_stays_with_its_keeper():
    rows, account = at(Precision.P0_1)
    assert rows.index.tolist() == [0, 1, 2]
    assert dens().loc[list(account.kept), "cubs"].tolist() == rows["cubs"].tolist()


def test_exact_rows_are_as_recorded_and_still_only_public_columns():
    rows, account = at(Precision.EXACT)
    kept = dens().loc[list(account.kept)]
    assert rows.geometry.to_wkb().tolist() == kept.geometry.to_wkb().tolist()
    assert rows["dataGeneralizations"].isna().all()
    assert "observer" not in rows


def test_withheld_rows_do_not_come_out_at_all():
    rows, account = at(Precision.WITHHELD)
    assert len(rows) == 0
    assert (account.rows_in, account.rows_out) == (3, 0)
    assert "Aigul" not in rows.to_json()


def test_an_animal_alone_in_its_cell_is_not_shown_where_company_is_asked_for():
    rows, account = at(Precision.P0_1, minimum_count=2)
    assert rows["species_id"].tolist() == ["snow_leopard", "snow_leopard"]
    assert (account.dropped_rows, account.dropped_groups) == (1, 1)
    assert "Shown only where at least 2 records" in rows["dataGeneralizations"][0]
    assert len(at(Precision.P0_01, minimum_count=2)[0]) == 0


def test_the_table_given_is_not_changed():
    frame = dens()
    generalise_rows(frame, Precision.P1, public_columns=("cubs",))
    assert_geodataframe_equal(frame, dens())


@pytest.mark.parametrize("name", ["decimalLatitude", "longitude", "footprint_wkt", "LAT"])
def test_a_position_cannot_leave_by_a_column_called_public(name):
    frame = dens(**{name: [1.0, 2.0, 3.0]})
    with pytest.raises(InvalidTableError, match="would carry a position"):
        generalise_rows(frame, Precision.P0_1, public_columns=(name,))


def test_a_second_shape_and_a_time_cannot_leave_either():
    shape = gpd.GeoSeries(dens().geometry, crs="EPSG:4326")
    with pytest.raises(InvalidTableError, match="would carry a position"):
        generalise_rows(dens(den=shape), Precision.P0_1, public_columns=("den",))
    times = pd.to_datetime(["2024-05-03"] * 3).to_numpy()
    with pytest.raises(InvalidTableError, match="holds times"):
        generalise_rows(dens(seen=times), Precision.P0_1, public_columns=("seen",))


def test_features_in_another_crs_are_refused():
    with pytest.raises(InvalidGeometryError, match="EPSG:3857"):
        generalise_rows(dens().to_crs(3857), Precision.P0_1, public_columns=())
    with pytest.raises(InvalidGeometryError, match="not declared"):
        generalise_rows(
            dens().set_crs(None, allow_override=True), Precision.P0_1, public_columns=()
        )


def test_what_the_owner_had_already_said_is_kept_when_it_may_be_read():
    frame = dens(dataGeneralizations=["Rounded by the owner."] * 3)
    kept, _ = generalise_rows(frame, Precision.P1, public_columns=("dataGeneralizations",))
    silent, _ = generalise_rows(frame, Precision.P1, public_columns=())
    assert kept["dataGeneralizations"][0].startswith("Rounded by the owner. Position given")
    assert silent["dataGeneralizations"][0].startswith("Position given")


def test_a_range_as_large_as_a_state_takes_no_more_than_its_cells_need(monkeypatch):
    seen = []
    plain = precision_module.cells_of_shape

    def counted(shape, size, most):
        seen.append(size)
        return plain(shape, size, most)

    monkeypatch.setattr(precision_module, "cells_of_shape", counted)
    star = shapely.Point(70, 45).buffer(8, quad_segs=2000)
    given = generalise_geometry(star, Precision.P0_001)[0]
    assert seen == [10_000, 100_000, 1_000_000, 10_000_000]
    assert given.covers(star)


def test_what_was_done_fits_a_field_of_a_database():
    area = gpd.GeoDataFrame(
        {"valid_from": ["2024"] * 99}, geometry=[shapely.box(60, 45, 62, 47)] * 99, crs="EPSG:4326"
    )
    rows, _ = generalise_rows(area, Precision.P0_001, public_columns=(), minimum_count=99)
    assert rows["dataGeneralizations"].str.len().max() <= 300


def test_no_row_in_gives_no_row_out():
    rows, account = generalise_rows(dens().iloc[:0], Precision.P0_1, public_columns=("cubs",))
    assert len(rows) == 0
    assert "cubs" in rows
    assert account.kept == ()
