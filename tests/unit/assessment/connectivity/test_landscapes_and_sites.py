"""A user's raster becomes a landscape, and points and areas become sites on its cells."""

import numpy as np
import pytest
import shapely

from kulan.assessment.connectivity.landscapes import read_landscape
from kulan.assessment.connectivity.places import check_apart, read_sites
from kulan.assessment.connectivity.rasters_beside import read_beside
from kulan.errors import InvalidFileError, InvalidGridError
from little_landscapes import (
    at,
    box_of,
    landscape_of,
    write_landscape,
    write_points,
    write_shapes,
)


@pytest.fixture
def even(tmp_path):
    values = np.ones((5, 5))
    values[0, 4] = np.nan
    return landscape_of(tmp_path, values, KULAN_SPECIES="khulan", KULAN_SEASON="winter")


def test_a_raster_says_whose_resistance_it_is(even):
    assert (even.species_id, even.season) == ("khulan", "winter")
    assert even.source.name == "resistance.tif"
    assert np.isnan(even.resistance[0, 4])


@pytest.mark.parametrize("wrong", [0.0, -2.0, np.inf])
def test_resistances_that_are_not_above_zero_are_refused_with_their_place(tmp_path, wrong):
    values = np.ones((3, 3))
    values[1, 2] = wrong
    with pytest.raises(InvalidGridError, match="row 1, column 2"):
        read_landscape(write_landscape(tmp_path, values))


def test_a_raster_without_data_is_refused(tmp_path):
    with pytest.raises(InvalidGridError, match="all are NoData"):
        read_landscape(write_landscape(tmp_path, np.full((2, 2), np.nan)))


def test_what_is_no_raster_is_refused(tmp_path):
    file = tmp_path / "resistance.tif"
    file.write_text("no raster")
    with pytest.raises(InvalidFileError, match=r"resistance\.tif"):
        read_landscape(file)


def test_points_and_areas_become_sites_by_name(even, tmp_path):
    shapes = [
        shapely.Point(at(even, 4, 0)),
        box_of(even, 1, 1, 2, 2),
        shapely.Point(at(even, 4, 1)),
    ]
    file = write_shapes(tmp_path / "sites.geojson", shapes, name=["Gobi", "Steppe", "Gobi"])
    sites = read_sites(file, even)
    assert sites.names == ("Gobi", "Steppe")
    assert sites.sites.cells[1].tolist() == [20, 21]
    assert sites.sites.cells[2].tolist() == [6, 7, 11, 12]
    assert sites.table["area_km2"].tolist() == [2.0, 4.0]


def test_a_site_smaller_than_a_cell_has_the_cell_its_middle_lies_in(even, tmp_path):
    x, y = at(even, 3, 2)
    shapes = [shapely.box(x - 1e-4, y - 1e-4, x + 1e-4, y + 1e-4), shapely.Point(at(even, 0, 0))]
    sites = read_sites(write_shapes(tmp_path / "s.geojson", shapes), even)
    assert sites.sites.cells[1].tolist() == [17]
    assert sites.names == ("site 1", "site 2")


def test_sites_that_cannot_be_placed_are_told_with_the_reason(even, tmp_path):
    cells = [(4, 0), (0, 0), (0, 4), (30, 2)]
    file = write_points(tmp_path / "s.geojson", even, cells, name=["a", "b", "lake", "far"])
    sites = read_sites(file, even)
    assert sites.names == ("a", "b")
    assert dict(sites.left_out.to_numpy().tolist()) == {
        "lake": "lies on cells without a resistance",
        "far": "lies outside the landscape",
    }


def test_too_few_sites_are_refused_and_the_others_explained(even, tmp_path):
    file = write_points(tmp_path / "s.geojson", even, [(0, 0), (0, 4)], name=["a", "lake"])
    with pytest.raises(InvalidGridError, match=r"1 site.*lake lies on cells without"):
        read_sites(file, even)


def test_sites_that_share_cells_are_named(even, tmp_path):
    shapes = [box_of(even, 1, 1, 3, 3), box_of(even, 3, 3, 4, 4)]
    sites = read_sites(write_shapes(tmp_path / "s.geojson", shapes, name=["a", "b"]), even)
    with pytest.raises(InvalidGridError, match=r"'a' and 'b' share 1 cell"):
        check_apart(sites)


def test_a_raster_on_the_same_cells_is_read(even, tmp_path):
    values = np.arange(25.0).reshape(5, 5)
    found, source = read_beside(write_landscape(tmp_path, values, name="amps.tif"), even)
    assert found.tolist() == values.tolist()
    assert source.name == "amps.tif"


def test_a_raster_on_other_cells_is_refused_in_words(even, tmp_path):
    with pytest.raises(InvalidGridError, match="4 by 5 cells, not 5 by 5"):
        read_beside(write_landscape(tmp_path, np.ones((4, 5)), name="amps.tif"), even)
