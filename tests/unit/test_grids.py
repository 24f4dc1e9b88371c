"""Lines and areas on grids of cells."""

import numpy as np
import pytest
import shapely

from kulan import grids, places
from kulan.errors import InvalidFileError, InvalidGeometryError
from kulan.grids import Grid


def make_grid(rows=4, columns=6, west=60.0, north=46.0, cell=0.5):
    values = np.arange(rows * columns, dtype="int16").reshape(rows, columns)
    return Grid(values, west, north, cell, cell)


def test_cells_of_the_whole_globe_add_up_to_the_ellipsoid():
    globe = Grid(np.ones((180, 360), dtype=bool), -180, 90, 1, 1)
    # area of WGS 84: 510 065 622 km²
    assert globe.area_km2(globe.values) == pytest.approx(510_065_622, abs=1)


def test_a_cell_is_as_large_as_its_polygon():
    grid = make_grid()
    cell = places.area_km2(shapely.box(60, 45.5, 60.5, 46))[0]
    assert grid.row_areas_km2[0] == pytest.approx(cell, rel=1e-5)


def test_a_line_is_as_long_in_pieces_as_whole():
    line = places.densify(shapely.LineString([(60.1, 45.9), (62.7, 44.2), (61.0, 45.0)]))
    pieces = grids.walk_cells(line, make_grid())
    assert pieces["length_m"].sum() == pytest.approx(places.length_m(line)[0], rel=1e-8)


def test_a_line_along_one_row_visits_its_cells_in_order():
    line = shapely.LineString([(60.1, 45.8), (62.9, 45.8)])
    pieces = grids.walk_cells(line, make_grid())
    assert pieces["row"].tolist() == [0] * 6
    assert pieces["column"].tolist() == [0, 1, 2, 3, 4, 5]


def test_a_line_beyond_the_grid_keeps_its_length_outside():
    line = shapely.LineString([(59.0, 45.8), (60.4, 45.8)])
    pieces = grids.walk_cells(line, make_grid())
    assert set(pieces["column"]) == {-2, -1, 0}


def test_a_line_between_two_rows_blocks_every_step_across_and_none_along():
    grid = make_grid()
    line = shapely.LineString([(59.0, 45.5), (64.0, 45.5)])
    east, south = grids.cut_edges(line, grid)
    assert not east.any()
    assert south[0].all()
    assert not south[1:].any()


def test_a_diagonal_line_leaves_no_way_through():
    grid = Grid(np.ones((20, 20)), 60, 46, 0.1, 0.1)
    # passes each row a little east of the centre of the cell on the diagonal
    line = shapely.LineString([(59.9, 46.12), (62.1, 43.92)])
    east, south = grids.cut_edges(line, grid)
    assert (east.sum(axis=1) == [1] * 19 + [0]).all()
    assert (south.sum(axis=0) == [0] + [1] * 19).all()
    assert east.diagonal().all()
    assert south.diagonal(1).all()


def test_a_vertex_on_a_line_of_centres_counts_once():
    grid = make_grid()
    straight = shapely.LineString([(60.5, 46.0), (60.5, 44.0)])
    bent = shapely.LineString([(60.5, 46.0), (60.5, 45.75), (60.5, 44.0)])
    assert (grids.cut_edges(straight, grid)[0] == grids.cut_edges(bent, grid)[0]).all()


def test_a_polygon_covers_the_cells_it_fills_and_part_of_the_others():
    row, column, fraction = grids.cover_fractions(shapely.box(60.0, 45.25, 61.0, 46.0), make_grid())
    found = {(int(r), int(c)): float(f) for r, c, f in zip(row, column, fraction, strict=True)}
    assert found == {
        (0, 0): 1.0,
        (0, 1): 1.0,
        (1, 0): pytest.approx(0.5),
        (1, 1): pytest.approx(0.5),
    }


def test_an_area_outside_the_grid_covers_nothing():
    assert all(
        len(part) == 0 for part in grids.cover_fractions(shapely.box(0, 0, 1, 1), make_grid())
    )
    assert len(grids.cover_fractions(shapely.Polygon(), make_grid())[2]) == 0


def test_a_window_holds_the_cells_that_touch_it():
    part = make_grid().window(places.Bounds(60.6, 44.6, 61.4, 45.4))
    assert part.values.tolist() == [[7, 8], [13, 14]]
    assert (part.west, part.north) == (60.5, 45.5)


def test_a_grid_comes_back_from_its_file_with_the_same_bytes_each_time(tmp_path):
    grid = make_grid()
    grids.write_grid(tmp_path / "a.tif", grid, tags={"TITLE": "сайгак"})
    grids.write_grid(tmp_path / "b.tif", grid, tags={"TITLE": "сайгак"})
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()
    back = grids.read_grid(tmp_path / "a.tif")
    assert (back.values == grid.values).all()
    assert back.bounds == grid.bounds


def test_reading_a_box_gives_the_same_as_cutting_it_out(tmp_path):
    grid, box = make_grid(), places.Bounds(60.6, 44.6, 61.4, 45.4)
    grids.write_grid(tmp_path / "a.tif", grid)
    part = grids.read_grid(tmp_path / "a.tif", box)
    assert part.values.tolist() == grid.window(box).values.tolist()
    assert part.bounds == grid.window(box).bounds


def test_a_text_file_is_no_raster(tmp_path):
    (tmp_path / "note.tif").write_text("not a raster")
    with pytest.raises(InvalidFileError, match="not a raster"):
        grids.read_grid(tmp_path / "note.tif")


def test_values_of_another_shape_are_refused():
    with pytest.raises(InvalidGeometryError, match="shape"):
        make_grid().with_values(np.zeros((1, 1)))
