"""Where a file says it lies, where it does lie, and the mistakes in between."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from kulan.errors import OutsideRegionError, UnknownCrsError
from kulan.exchange import read_features
from kulan.places import length_m
from unit.exchange.awkward import LINE, table, write, write_geojson


def line_file(folder, *coordinates):
    return write_geojson(
        folder / "x.geojson",
        {"type": "LineString", "coordinates": [list(xy) for xy in coordinates]},
    )


@pytest.mark.parametrize(
    "crs",
    ["EPSG:32641", "EPSG:3857", "EPSG:28410", "EPSG:4284", "EPSG:2548", "ESRI:102012"],
)
def test_any_declared_crs_leads_back_to_the_same_place(crs, tmp_path):
    moved = table(LINE).to_crs(crs)

    reading = read_features(write(tmp_path / "x.gpkg", moved))

    assert reading.features.geometry.iloc[0].coords[0] == pytest.approx((60, 45), abs=1e-4)
    assert "moved to longitude and latitude" in set(reading.changes["what"])


def test_a_crs_of_our_own_making_is_read_from_its_definition(tmp_path):
    crs = "+proj=aea +lat_1=30 +lat_2=50 +lat_0=40 +lon_0=90 +datum=WGS84 +units=km"
    moved = table(LINE).to_crs(crs)

    reading = read_features(write(tmp_path / "x.gpkg", moved))

    assert reading.features.geometry.iloc[0].coords[0] == pytest.approx((60, 45), abs=1e-8)


def test_heights_of_a_compound_crs_are_set_aside(tmp_path):
    file = write(tmp_path / "x.gpkg", table(LINE))

    reading = read_features(file, crs="EPSG:4326+5773")

    assert reading.features.geometry.iloc[0].equals(LINE)


@pytest.mark.parametrize("crs", ["EPSG:32641", "EPSG:3857", "EPSG:28410"])
def test_a_straight_line_of_a_projection_stays_straight_to_a_metre(crs, tmp_path):
    there = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    ends = np.array([there.transform(60, 45), there.transform(63, 47)])
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString(ends)], crs=crs)

    line = read_features(write(tmp_path / "x.gpkg", frame)).features.geometry.iloc[0]

    # points on the projected line, and how far the line that was read passes from each
    steps = np.linspace(0, 1, 1999)[:, None]
    on_line = ends[0] * (1 - steps) + ends[1] * steps
    lonlat = shapely.points(np.column_stack(back.transform(on_line[:, 0], on_line[:, 1])))
    nearest = shapely.shortest_line(lonlat, line)
    assert length_m(nearest).max() < 1.0


def test_a_file_that_says_nothing_is_refused_with_what_to_type(tmp_path):
    file = write(tmp_path / "x.fgb", table(LINE, crs=None))

    with pytest.raises(UnknownCrsError, match=r"x\.fgb: .*--crs EPSG:4326"):
        read_features(file)
    assert len(read_features(file, crs="EPSG:4326").features) == 1


def test_an_engineering_crs_is_refused(tmp_path):
    local = CRS.from_wkt(
        'ENGCRS["site grid",EDATUM["site"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],'
        'LENGTHUNIT["metre",1]]'
    )
    file = write(tmp_path / "x.gpkg", table(LINE, crs=local))

    with pytest.raises(UnknownCrsError, match="site grid"):
        read_features(file)


@pytest.mark.parametrize("crs", ["EPSG:99999", "rubbish", "IAU_2015:30100", "EPSG:4978"])
def test_a_crs_that_is_no_place_on_earth_is_refused(crs, tmp_path):
    file = write(tmp_path / "x.fgb", table(LINE, crs=None))

    with pytest.raises(UnknownCrsError, match="--crs"):
        read_features(file, crs=crs)


def test_a_crs_typed_against_the_declared_one_wins_and_is_mentioned(tmp_path):
    moved = table(LINE).to_crs("EPSG:32641")
    mislabelled = moved.set_crs("EPSG:32642", allow_override=True)
    file = write(tmp_path / "x.gpkg", mislabelled)

    reading = read_features(file, crs="EPSG:32641")

    assert reading.features.geometry.iloc[0].coords[0] == pytest.approx((60, 45), abs=1e-8)
    assert "declared CRS set aside" in set(reading.changes["what"])


@pytest.mark.parametrize(
    ("crs", "hint"),
    [("EPSG:32641", "UTM"), ("EPSG:3857", "EPSG:3857"), ("EPSG:28410", "EPSG:28410")],
)
def test_metres_declared_as_degrees_are_recognised_with_a_hint(crs, hint, tmp_path):
    wrong = table(LINE).to_crs(crs).set_crs("EPSG:4326", allow_override=True)

    with pytest.raises(UnknownCrsError, match=f"those are metres.*{hint}"):
        read_features(write(tmp_path / "x.gpkg", wrong))


def test_degrees_declared_as_metres_are_recognised(tmp_path):
    wrong = table(LINE).set_crs("EPSG:32641", allow_override=True)

    with pytest.raises(UnknownCrsError, match=r"those are degrees.*--crs EPSG:4326"):
        read_features(write(tmp_path / "x.gpkg", wrong))


def test_swapped_latitude_and_longitude_are_named_and_can_be_put_right(tmp_path):
    file = line_file(tmp_path, (45, 105), (46, 106))

    with pytest.raises(OutsideRegionError, match=r"are swapped.*--swap-axes"):
        read_features(file)
    reading = read_features(file, swap_axes=True)
    assert reading.features.geometry.iloc[0].coords[0] == (105, 45)
    assert "axes swapped" in set(reading.changes["what"])


def test_swapped_northing_and_easting_are_named_too(tmp_path):
    moved = table(LINE).to_crs("EPSG:32641")
    swapped = moved.set_geometry(shapely.transform(moved.geometry.array, lambda xy: xy[:, ::-1]))
    file = write(tmp_path / "x.gpkg", swapped.set_crs("EPSG:32641"))

    with pytest.raises(OutsideRegionError, match="--swap-axes"):
        read_features(file)
    reading = read_features(file, swap_axes=True)
    assert reading.features.geometry.iloc[0].coords[0] == pytest.approx((60, 45), abs=1e-8)


def test_axes_swapped_without_need_are_named(tmp_path):
    with pytest.raises(OutsideRegionError, match="leave out --swap-axes"):
        read_features(line_file(tmp_path, (105, 45), (106, 46)), swap_axes=True)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (-105, 45, "western hemisphere.*sign of longitude"),
        (105, -45, "southern hemisphere.*sign of latitude"),
        (-105, -45, "south-western hemisphere"),
    ],
)
def test_a_line_in_the_wrong_hemisphere_is_named(x, y, words, tmp_path):
    with pytest.raises(OutsideRegionError, match=words):
        read_features(line_file(tmp_path, (x, y), (x + 1, y)))


def test_a_line_elsewhere_is_refused_with_its_bounds(tmp_path):
    with pytest.raises(OutsideRegionError, match="longitude 2 to 3, latitude 48 to 49"):
        read_features(line_file(tmp_path, (2, 48), (3, 49)))
    assert len(read_features(line_file(tmp_path, (2, 48), (3, 49)), region=None).features) == 1


def test_features_outside_the_region_are_reported_and_the_others_kept(tmp_path):
    far = shapely.LineString([(2, 48), (3, 49)])
    across = shapely.LineString([(30, 50), (50, 50)])
    file = write(tmp_path / "x.gpkg", table(LINE, far, across))

    reading = read_features(file)

    assert list(reading.features["source_row"]) == [1, 3]
    assert list(reading.left_out["source_row"]) == [2]
    assert "outside the region" in reading.left_out["reason"].iloc[0]
    beyond = reading.changes.set_index("what").loc["reaches beyond the region"]
    assert (beyond["n_features"], beyond["first_source_row"]) == (1, 3)
    assert reading.features.geometry.iloc[1].equals(across)


def test_a_single_feature_with_swapped_coordinates_is_left_out_as_such(tmp_path):
    swapped = shapely.LineString([(45, 105), (46, 106)])

    reading = read_features(write(tmp_path / "x.gpkg", table(LINE, swapped)))

    assert "with its coordinates exchanged" in reading.left_out["reason"].iloc[0]


def test_a_line_that_crosses_the_region_between_two_far_ends_is_kept(tmp_path):
    reading = read_features(line_file(tmp_path, (39, 30), (136, 30)))

    assert len(reading.features) == 1


# --- the 180th meridian --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "coordinates",
    [[(179, 66), (-179, 66)], [(179, 66), (181, 66)], [(-181, 66), (-179, 66)]],
)
def test_a_line_across_the_antimeridian_is_cut_there_and_keeps_its_length(coordinates, tmp_path):
    reading = read_features(line_file(tmp_path, *coordinates), region=None)

    line = reading.features.geometry.iloc[0]
    assert line.geom_type == "MultiLineString"
    assert line.bounds == (-180, 66, 180, 66)
    # 2 degrees of longitude at latitude 66: the cut is on the parallel, the geodesic is shorter
    whole = length_m(shapely.LineString([(0, 66), (1, 66), (2, 66)]))[0]
    assert length_m(line)[0] == pytest.approx(whole, abs=0.001)
    assert "cut at the 180th meridian" in set(reading.changes["what"])


def test_longitudes_beyond_180_are_brought_back(tmp_path):
    reading = read_features(line_file(tmp_path, (190, 66), (200, 66)), region=None)

    assert reading.features.geometry.iloc[0].bounds == (-170, 66, -160, 66)


def test_a_polygon_across_the_antimeridian_keeps_its_hole(tmp_path):
    shell = [[178, 60], [-178, 60], [-178, 64], [178, 64], [178, 60]]
    hole = [[179, 61], [179.5, 61], [179.5, 62], [179, 62], [179, 61]]
    file = write_geojson(tmp_path / "x.geojson", {"type": "Polygon", "coordinates": [shell, hole]})

    polygon = read_features(file, region=None).features.geometry.iloc[0]

    assert polygon.is_valid
    assert polygon.area == pytest.approx(4 * 4 - 0.5)
    assert polygon.bounds == (-180, 60, 180, 64)


def test_a_box_around_the_whole_earth_is_kept_as_it_is_and_mentioned(tmp_path):
    world = shapely.box(-180, -90, 180, 90)
    file = write_geojson(tmp_path / "x.geojson", shapely.geometry.mapping(world))

    reading = read_features(file)

    assert reading.features.geometry.iloc[0].equals(world)
    assert "edges longer than half the Earth" in set(reading.changes["what"])


def test_chukotka_beside_a_line_of_the_region_is_reported(tmp_path):
    chukotka = shapely.LineString([(179, 66), (-179, 66)])
    reading = read_features(write(tmp_path / "x.gpkg", table(LINE, chukotka)))

    assert len(reading.features) == 1
    assert "outside the region" in reading.left_out["reason"].iloc[0]
