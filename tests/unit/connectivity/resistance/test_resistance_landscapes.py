"""Layers brought from degrees onto the cells of the plane, from made grids and from real ones."""

import numpy as np
import pytest

from kulan.connectivity.equal_area_grids import read_plane_grid, write_plane_grid
from kulan.connectivity.resistance.ensembles import sample_profiles, summarise
from kulan.connectivity.resistance.landscapes import lay_layers
from kulan.connectivity.resistance.profiles import profile_of, resistance_of
from kulan.errors import InvalidGridError, OutsideRegionError
from kulan.grids import Grid, read_grid
from kulan.places import Bounds

GOBI = Bounds(104.0, 42.0, 108.0, 45.0)


def made(values: np.ndarray, nodata: float | None) -> Grid:
    rows, columns = values.shape
    return Grid(values, 103.0, 46.0, 6.0 / columns, 5.0 / rows, nodata)


def test_relief_comes_from_heights_and_hinders_only_where_they_change():
    heights = np.full((100, 120), 1200.0)
    heights[:, 60:] = 2200.0
    grids = {
        "land_cover": made(np.full((100, 120), 16, np.uint8), 255),
        "elevation_m": made(heights, None),
    }

    plane, layers = lay_layers(grids, GOBI, cell_m=10_000)

    assert set(layers) == {"land_cover", "elevation_m", "relief_m"}
    assert all(values.shape == plane.shape for values in layers.values())
    found = resistance_of(profile_of("khulan"), layers)
    inside = plane.cells_at(np.array([[104.5, 43.5], [106.0, 43.5], [107.5, 43.5]]))
    flat, steep, flat_too = found.values.ravel()[inside]
    assert flat == 1
    assert flat_too == 1
    assert steep > 5


def test_a_height_that_is_not_known_is_told_and_can_be_left_out():
    heights = np.full((100, 120), 1200.0)
    heights[45:55, 55:65] = -9999.0
    grids = {
        "land_cover": made(np.full((100, 120), 16, np.uint8), 255),
        "elevation_m": made(heights, -9999.0),
    }
    _plane, layers = lay_layers(grids, GOBI, cell_m=10_000)

    strict = resistance_of(profile_of("khulan"), layers)
    lenient = resistance_of(profile_of("khulan"), layers, unknown_hinders=False)

    lost = np.isnan(strict.values) & ~np.isnan(lenient.values)
    assert lost.sum() == strict.n_unknown["elevation_m"] == lenient.n_unknown["elevation_m"] > 0
    assert (lenient.values[lost] == 1).all()


def test_layers_of_no_name_and_layers_elsewhere_are_refused():
    cover = made(np.full((10, 12), 16, np.uint8), 255)

    with pytest.raises(InvalidGridError, match="ndvi found"):
        lay_layers({"land_cover": cover, "ndvi": cover}, GOBI, cell_m=50_000)
    with pytest.raises(OutsideRegionError, match="land_cover: none of its cells"):
        lay_layers({"land_cover": cover}, Bounds(60.0, 42.0, 64.0, 45.0), cell_m=50_000)


def test_the_gobi_has_a_plausible_resistance_for_the_khulan(shared_data, tmp_path):
    box = Bounds(96.0, 41.0, 114.0, 50.0)
    raster = shared_data / "raster"
    grids = {
        "land_cover": read_grid(raster / "landcover_mcd12c1_2019_igbp_0p05.tif", box.grown(1)),
        "elevation_m": read_grid(raster / "elevation_pvlib_5min.tif", box.grown(1)),
    }

    plane, layers = lay_layers(grids, box, cell_m=10_000)
    profile = profile_of("khulan")
    found = resistance_of(profile, layers, unknown_hinders=False)

    # the south-eastern Gobi is open to it, the forests of the Khentii are not
    places = np.array([[106.5, 43.0], [109.0, 43.5], [108.5, 49.0]])
    gobi, east_gobi, khentii = found.values.ravel()[plane.cells_at(places)]
    assert max(gobi, east_gobi) < 3
    assert khentii > 10
    members = [
        resistance_of(member, layers, unknown_hinders=False).values
        for member in sample_profiles(profile, 12, np.random.default_rng(1))
    ]
    spread = summarise(members)
    known = ~np.isnan(spread.mean)
    assert (spread.quantiles[0.05][known] <= spread.quantiles[0.95][known]).all()
    assert np.median(spread.cv[known & (found.values > 5)]) > 0.1
    write_plane_grid(tmp_path / "khulan.tif", plane.with_values(found.values))
    back = read_plane_grid(tmp_path / "khulan.tif")
    np.testing.assert_array_equal(back.values, found.values)
