"""Rasters of other programs: every form they write is read, and what we write is read back."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from kulan.connectivity.configurations.circuitscape_lists import read_cells
from kulan.connectivity.configurations.raster_files import (
    PlainRaster,
    check_same_cells,
    read_raster,
    write_ascii_grid,
    write_geotiff,
)
from kulan.errors import InvalidFileError, InvalidGridError

VALUES = np.array([[1 / 3, np.nan, 1e-300], [2.5e17, 7.0, np.pi]])
LIKE = PlainRaster(VALUES, 500_000.1, 4_999_999.9, 30.0)
HEAD = "ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 10\n"
BODY = "1 2 3\n4 5 6\n"


def read(folder: Path, text: str, name: str = "grid.asc") -> PlainRaster:
    (folder / name).write_bytes(text.encode())
    return read_raster(folder / name)


@pytest.mark.parametrize("name", ["grid.asc", "grid.asc.gz", "grid.tif"])
def test_what_is_written_is_read_back_to_the_last_digit(tmp_path, name):
    if name.endswith(".tif"):
        write_geotiff(tmp_path / name, VALUES, LIKE)
    else:
        write_ascii_grid(tmp_path / "grid.asc", VALUES, LIKE, compress=name.endswith(".gz"))
    back = read_raster(tmp_path / name)
    np.testing.assert_array_equal(back.values, VALUES)
    assert (back.west, back.cell) == (LIKE.west, LIKE.cell)
    assert back.south == pytest.approx(LIKE.south, rel=1e-15)


def test_a_geotiff_may_be_gzipped(tmp_path):
    write_geotiff(tmp_path / "grid.tif", VALUES, LIKE)
    packed = tmp_path / "grid.tif.gz"
    packed.write_bytes(gzip.compress((tmp_path / "grid.tif").read_bytes()))
    np.testing.assert_array_equal(read_raster(packed).values, VALUES)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + BODY,
        HEAD.upper() + BODY,
        HEAD.replace("corner 0", "center 5") + BODY,
        HEAD.replace("cellsize 10", "dx 10\ndy 10") + BODY,
        HEAD + "NODATA_value -9999\n" + BODY,
        (HEAD + BODY).replace("\n", "\r\n"),
        HEAD + "  1\t2  3\t\t\n\n4 5 6",
        HEAD + "1 2\n3 4\n5 6\n",
        HEAD + "1 2 3 4 5 6",
    ],
    ids=["plain", "capitals", "centre", "dx", "nodata", "windows", "tabs", "wrapped", "one line"],
)
def test_headers_and_bodies_of_all_kinds_are_read(tmp_path, text):
    found = read(tmp_path, text)
    assert found.values.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert (found.west, found.south, found.cell) == (0, 0, 10)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "1 2 3\n4 5\n", "5 numbers found"),
        (HEAD + "1,2,3\n4,5,6\n", "holds only numbers"),
        (HEAD.replace("cellsize 10", "dx 10\ndy 12") + BODY, "cells of 10 by 12 found"),
        (HEAD.replace("ncols 3", "ncols 0") + BODY, "lacks ncols"),
        (HEAD.replace("nrows 2", "nrows two") + BODY, "'nrows' has the value 'two'"),
        ("", "lacks ncols, nrows, cellsize"),
    ],
)
def test_a_grid_that_is_none_is_refused(tmp_path, text, told):
    with pytest.raises(InvalidFileError, match=told):
        read(tmp_path, text)


def test_a_torn_gzip_file_is_refused(tmp_path):
    packed = gzip.compress((HEAD + BODY).encode())
    (tmp_path / "torn.asc.gz").write_bytes(packed[:-12])
    with pytest.raises(InvalidFileError, match="not a complete gzip file"):
        read_raster(tmp_path / "torn.asc.gz")


def test_nodata_is_what_is_declared_and_what_programs_forget_to_declare(tmp_path):
    body = "-1 -9999 nan\n-3.4028234663852886e+38 0 5\n"
    found = read(tmp_path, HEAD + "NODATA_value -1\n" + body)
    assert np.isnan(found.values).tolist() == [[True, True, True], [True, False, False]]


def test_a_short_row_is_no_nodata(tmp_path):
    """A table reader would fill it; all numbers then stand one cell too far to the west."""
    found = read(tmp_path, HEAD + "1 2 3\n4 5\n6\n")
    assert found.values.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("x", "y", "cell"),
    [(5, 15, 0), (10, 15, 0), (10.001, 15, 1), (0, 15, 0), (30, 15, 2), (5, 10, 0), (5, 9.99, 3)],
)
def test_a_point_on_a_border_lies_where_circuitscape_puts_it(tmp_path, x, y, cell):
    assert read(tmp_path, HEAD + BODY).cell_at(x, y) == cell


@pytest.mark.parametrize(("x", "y"), [(-0.1, 5), (30.1, 5), (5, -0.1), (5, 20.1)])
def test_the_trap_of_issue_380_a_point_outside_is_told_with_the_extent(tmp_path, x, y):
    """Circuitscape.jl #380: it says that a point lies outside, but neither which nor of what."""
    habitat = read(tmp_path, HEAD + BODY)
    (tmp_path / "points.txt").write_text(f"1 5 5\n2 {x} {y}\n")
    with pytest.raises(InvalidGridError) as refusal:
        read_cells(tmp_path / "points.txt", habitat)
    told = str(refusal.value)
    assert f"points.txt: point ({x:g}, {y:g}) lies outside grid.asc" in told
    assert "x 0 to 30 and y 0 to 20" in told


def test_an_ascii_grid_takes_its_coordinate_system_from_the_file_beside_it(tmp_path):
    (tmp_path / "grid.prj").write_text("EPSG:32648")
    found = read(tmp_path, HEAD + BODY)
    assert found.crs == "EPSG:32648"
    write_geotiff(tmp_path / "out.tif", found.values, found)
    check_same_cells(read_raster(tmp_path / "out.tif"), found)
    (tmp_path / "grid.prj").write_text("nonsense")
    with pytest.raises(InvalidFileError, match=r"grid\.prj: not a coordinate system"):
        read_raster(tmp_path / "grid.asc")


def test_a_list_is_told_from_a_raster_by_its_beginning(tmp_path):
    habitat = read(tmp_path, HEAD + BODY)
    (tmp_path / "list.csv").write_text("7,25,15\n")
    (tmp_path / "raster.txt").write_text(HEAD + BODY)
    values, cells = read_cells(tmp_path / "list.csv", habitat)
    assert (values.tolist(), cells.tolist()) == ([7], [2])
    values, cells = read_cells(tmp_path / "raster.txt", habitat)
    assert values.tolist() == [1, 2, 3, 4, 5, 6]
