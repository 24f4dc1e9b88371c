"""Cells of equal area: laid on one lattice, filled from degrees, written the same each time."""

import numpy as np
import pytest

from kulan.connectivity.equal_area_grids import (
    PlaneGrid,
    lay_plane_grid,
    local_relief_m,
    read_plane_grid,
    resample,
    write_plane_grid,
)
from kulan.errors import InvalidFileError, InvalidGridError, TooLargeError
from kulan.grids import Grid, write_grid
from kulan.places import Bounds

GOBI = Bounds(104.0, 42.0, 108.0, 45.0)


def degrees(values: np.ndarray, nodata: float | None = None) -> Grid:
    rows, columns = values.shape
    return Grid(values, 103.0, 46.0, 6.0 / columns, 5.0 / rows, nodata)


def test_grids_of_one_cell_size_lie_on_each_others_cells():
    first = lay_plane_grid(GOBI, cell_m=5000)
    second = lay_plane_grid(Bounds(105.3, 40.1, 110.0, 44.4), cell_m=5000)

    for a, b in ((first.west_m, second.west_m), (first.north_m, second.north_m)):
        assert (a - b) / 5000 == round((a - b) / 5000)
    assert first.cell_km2 == 25


def test_every_corner_of_the_box_lies_on_the_grid():
    grid = lay_plane_grid(GOBI, cell_m=10_000)
    corners = np.array([[104.0, 42.0], [108.0, 42.0], [104.0, 45.0], [108.0, 45.0], [106.0, 45.0]])

    assert (grid.cells_at(corners) >= 0).all()
    assert grid.cells_at(np.array([[90.0, 20.0]]))[0] == -1


def test_an_area_in_degrees_keeps_its_size_in_the_plane():
    values = np.zeros((500, 600))
    values[150:350, 200:400] = 1.0
    grid = degrees(values)
    plane = lay_plane_grid(GOBI, cell_m=1000)

    found = resample(grid, plane, method="nearest")

    area = np.nansum(found.known) * found.cell_km2
    assert area == pytest.approx(grid.area_km2(values == 1), rel=2e-3)


def test_classes_stay_classes_and_what_lies_outside_is_nodata():
    classes = np.tile(np.array([7, 10, 16], np.uint8).repeat(20), (50, 1))
    plane = lay_plane_grid(Bounds(100.0, 42.0, 108.0, 45.0), cell_m=20_000)

    found = resample(degrees(classes, nodata=255), plane, method="mode")

    assert set(np.unique(found.values)) == {7, 10, 16, 255}
    assert found.nodata == 255
    assert np.isnan(found.known[:, 0]).all()
    with pytest.raises(InvalidGridError, match="no NoData value"):
        resample(degrees(classes), plane, method="nearest")


def test_quantities_are_averaged_and_nodata_does_not_count():
    heights = np.full((100, 120), 1500.0)
    heights[:, ::2] = -9999.0
    plane = lay_plane_grid(GOBI, cell_m=25_000)

    found = resample(degrees(heights, nodata=-9999.0), plane, method="average")

    np.testing.assert_allclose(found.values[np.isfinite(found.values)], 1500.0)


def test_relief_is_the_range_of_heights_around():
    heights = np.zeros((5, 7))
    heights[2, 3] = 300.0
    heights[0, 0] = np.nan

    found = local_relief_m(heights, reach_cells=1)

    assert found[1, 2] == 300
    assert found[2, 5] == 0
    assert np.isnan(found[0, 0])
    assert found[0, 1] == 0


def test_a_grid_read_back_is_the_grid_written_and_two_files_are_the_same_bytes(tmp_path):
    values = np.random.default_rng(1).normal(size=(40, 50))
    values[3, 4] = np.nan
    plane = lay_plane_grid(GOBI, cell_m=10_000)
    grid = PlaneGrid(values, plane.west_m, plane.north_m, 10_000, plane.crs)

    for name in ("a.tif", "b.tif"):
        write_plane_grid(tmp_path / name, grid, tags={"title": "resistance", "label": "test"})

    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()
    back = read_plane_grid(tmp_path / "a.tif")
    np.testing.assert_array_equal(back.values, values)
    assert (back.west_m, back.north_m, back.cell_m) == (grid.west_m, grid.north_m, 10_000)
    point = np.array([[106.0, 43.0]])
    assert back.cells_at(point) == grid.cells_at(point)
    assert back.frame.shape == (40, 50)


def test_what_is_no_plane_grid_is_refused(tmp_path):
    write_grid(tmp_path / "degrees.tif", degrees(np.zeros((10, 12))))
    (tmp_path / "text.tif").write_text("no raster")

    with pytest.raises(InvalidFileError, match="plane in metres"):
        read_plane_grid(tmp_path / "degrees.tif")
    with pytest.raises(InvalidFileError, match="not a raster"):
        read_plane_grid(tmp_path / "text.tif")
    with pytest.raises(TooLargeError, match="Use larger cells"):
        lay_plane_grid(GOBI, cell_m=100, most_cells=1000)
    with pytest.raises(InvalidGridError, match="in degree"):
        lay_plane_grid(GOBI, cell_m=100, crs="EPSG:4326")
    with pytest.raises(InvalidGridError, match="above 0 m"):
        lay_plane_grid(GOBI, cell_m=0)
    with pytest.raises(InvalidGridError, match="shape"):
        lay_plane_grid(GOBI, cell_m=50_000).with_values(np.zeros((2, 2)))


@pytest.mark.parametrize(
    "sides",
    [(108.0, 45.0, 104.0, 42.0), (42.0, 104.0, 45.0, 108.0), (104.0, 108.0, 42.0, 45.0)],
    ids=["the far corner first", "latitude before longitude", "longitudes, then latitudes"],
)
def test_a_box_in_another_order_is_refused_with_the_order_that_is_read(sides):
    with pytest.raises(InvalidGridError, match="order west, south, east, north"):
        lay_plane_grid(Bounds(*sides), cell_m=5000.0)


def test_a_box_without_width_is_refused():
    with pytest.raises(InvalidGridError, match="is no box"):
        lay_plane_grid(Bounds(104.0, 42.0, 104.0, 45.0), cell_m=5000.0)
